//! Room for the bodies of answers that wait to be read: a bound on memory, for connections do not wait for readers.

use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::timeout;

/// Enough that those who read documents never wait for one.
const PLACES: usize = 16;

/// A body that comes so slowly that it holds up others does so only for this long: then there is room beside it.
const PATIENCE: Duration = Duration::from_millis(100);

#[derive(Debug)]
pub(super) struct Room {
    places: Arc<Semaphore>,
    patience: Duration,
}

/// Where a body may be, as long as it is there.
#[derive(Debug)]
pub(super) struct Place(Option<OwnedSemaphorePermit>);

impl Room {
    pub(super) fn new() -> Self {
        Self::of(PATIENCE)
    }

    fn of(patience: Duration) -> Self {
        Self { places: Arc::new(Semaphore::new(PLACES)), patience }
    }

    /// Waits for a place, but not for long.
    pub(super) async fn place(&self) -> Place {
        let free = timeout(self.patience, Arc::clone(&self.places).acquire_owned()).await;
        Place(free.ok().and_then(Result::ok))
    }
}

impl Place {
    /// The body, which gives its place free when nobody has it any more.
    pub(super) fn hold(self, body: Bytes) -> Bytes {
        if self.0.is_none() { body } else { Bytes::from_owner(Held { body, _place: self }) }
    }
}

/// A body in its place.
struct Held {
    body: Bytes,
    _place: Place,
}

impl AsRef<[u8]> for Held {
    fn as_ref(&self) -> &[u8] {
        &self.body
    }
}

#[cfg(test)]
mod tests {
    use futures_util::FutureExt as _;
    use std::pin::pin;

    use super::*;

    async fn full(patience: Duration) -> (Room, Vec<Bytes>) {
        let room = Room::of(patience);
        let mut bodies = Vec::new();
        for _ in 0..PLACES {
            bodies.push(room.place().await.hold(Bytes::from_static(b"<rss/>")));
        }
        (room, bodies)
    }

    #[tokio::test]
    async fn who_finds_no_room_waits_until_a_body_is_done_with() {
        let (room, mut bodies) = full(Duration::MAX).await;
        let mut next = pin!(room.place());
        assert!(next.as_mut().now_or_never().is_none());
        let last = bodies.pop().expect("the room is full");
        let part = last.slice(1..4);
        drop(last);
        assert!(next.as_mut().now_or_never().is_none(), "a part of it is still held");
        assert_eq!(part, "rss");
        drop(part);
        assert!(next.await.0.is_some());
    }

    #[tokio::test]
    async fn bodies_that_stay_hold_nobody_up_for_long() {
        let (room, _bodies) = full(Duration::ZERO).await;
        let beside = room.place().await;
        assert!(beside.0.is_none());
        assert_eq!(beside.hold(Bytes::from_static(b"{}")), "{}");
    }
}
