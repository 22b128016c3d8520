//! One request at a time per host: a queue for each host that is being asked, and nothing for the others.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use tokio::sync::OwnedMutexGuard;

type Queue = Arc<tokio::sync::Mutex<()>>;
type Queues = Mutex<HashMap<Box<str>, Queue>>;

/// The hosts that are being asked now.
#[derive(Debug, Default)]
pub(super) struct Hosts {
    queues: Arc<Queues>,
}

/// A place in a host's queue: waiting, or, once it holds the key, our turn. Dropping it lets the next one go.
#[derive(Debug)]
pub(super) struct Turn {
    queues: Arc<Queues>,
    host: Box<str>,
    queue: Queue,
    key: Option<OwnedMutexGuard<()>>,
}

impl Hosts {
    /// Waits until nobody else asks this host. The longest waiting goes first.
    pub(super) async fn turn(&self, host: &str) -> Turn {
        let host: Box<str> = host.trim_end_matches('.').into();
        let queue = Arc::clone(locked(&self.queues).entry(host.clone()).or_default());
        // The turn exists before it waits, so that one who gives up waiting is cleared away too.
        let mut turn = Turn { queues: Arc::clone(&self.queues), host, queue, key: None };
        turn.key = Some(Arc::clone(&turn.queue).lock_owned().await);
        turn
    }

    /// How many hosts are being asked, or would be if they were let.
    pub(super) fn count(&self) -> usize {
        locked(&self.queues).len()
    }
}

impl Turn {
    /// Does somebody wait to ask the same host? Then its connection is worth keeping.
    pub(super) fn is_awaited(&self) -> bool {
        // The map, this turn and its key hold the queue; whoever waits holds it as well.
        Arc::strong_count(&self.queue) > 3
    }
}

impl Drop for Turn {
    fn drop(&mut self) {
        self.key = None;
        let mut queues = locked(&self.queues);
        // New holders come only through the map, which is locked: when only the map and we are left, nobody waits.
        if Arc::strong_count(&self.queue) == 2 {
            queues.remove(&self.host);
        }
    }
}

fn locked(queues: &Queues) -> std::sync::MutexGuard<'_, HashMap<Box<str>, Queue>> {
    // A panic elsewhere cannot leave the map half changed.
    queues.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use futures_util::FutureExt;
    use std::pin::pin;

    use super::*;

    #[tokio::test]
    async fn the_second_waits_for_the_first() {
        let hosts = Hosts::default();
        let first = hosts.turn("a.example").await;
        let mut second = pin!(hosts.turn("a.example"));
        assert!(second.as_mut().now_or_never().is_none());
        assert!(first.is_awaited());
        drop(first);
        assert!(!second.await.is_awaited());
    }

    #[tokio::test]
    async fn another_host_does_not_wait() {
        let hosts = Hosts::default();
        let _first = hosts.turn("a.example").await;
        assert!(hosts.turn("b.example").now_or_never().is_some());
    }

    #[tokio::test]
    async fn a_dot_at_the_end_is_no_other_host() {
        let hosts = Hosts::default();
        let _first = hosts.turn("a.example").await;
        assert!(hosts.turn("a.example.").now_or_never().is_none());
    }

    #[tokio::test]
    async fn nothing_is_kept_of_hosts_that_were_asked() {
        let hosts = Hosts::default();
        for number in 0..10_000 {
            drop(hosts.turn(&format!("{number}.example")).await);
        }
        assert!(locked(&hosts.queues).is_empty());
    }

    #[tokio::test]
    async fn nor_of_those_who_gave_up_waiting() {
        let hosts = Hosts::default();
        let first = hosts.turn("a.example").await;
        {
            let mut second = pin!(hosts.turn("a.example"));
            assert!(second.as_mut().now_or_never().is_none());
            drop(first);
        }
        assert!(locked(&hosts.queues).is_empty());
    }
}
