//! Reading what came over the net in a thread of its own: whatever stands in it, the run goes on in time.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;
use tokio::sync::Semaphore;
use tokio::time::timeout;

use crate::parse::stop::Stop;

/// A document of the largest size that is read takes a second. What takes so much longer is an attack, or our mistake.
const LONGEST: Duration = Duration::from_secs(30);

/// Waits for a turn and reads; the reader looks at its [`Stop`] and ends when nobody waits for it any more. `Err` says in
/// words why nothing came of it.
pub(super) async fn aside<T: Send + 'static>(
    turns: &Semaphore,
    read: impl FnOnce(Stop<'_>) -> T + Send + 'static,
) -> Result<T, String> {
    within(LONGEST, turns, read).await
}

async fn within<T: Send + 'static>(
    longest: Duration,
    turns: &Semaphore,
    read: impl FnOnce(Stop<'_>) -> T + Send + 'static,
) -> Result<T, String> {
    let _turn = turns.acquire().await.expect("the semaphore is never closed");
    let late = Arc::new(AtomicBool::new(false));
    let stop = Arc::clone(&late);
    let reading = tokio::task::spawn_blocking(move || read(Stop::at(&stop)));
    match timeout(longest, reading).await {
        Ok(Ok(read)) => Ok(read),
        Ok(Err(_)) => Err("our reader broke on it: tell us of this address".to_owned()),
        Err(_) => {
            late.store(true, Ordering::Relaxed);
            let seconds = longest.as_secs();
            Err(format!("our reader was not done with it after {seconds} seconds: tell us of this address"))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use tokio::sync::oneshot;

    #[tokio::test]
    async fn a_reader_that_nobody_waits_for_ends() {
        let (ended, heard) = oneshot::channel();
        let read = move |stop: Stop<'_>| {
            while stop.check().is_ok() {
                std::thread::yield_now();
            }
            ended.send(()).expect("the test listens");
        };
        let said = within(Duration::ZERO, &Semaphore::new(1), read).await.expect_err("it goes on");
        assert!(said.contains("not done with it"), "{said}");
        heard.await.expect("it ended");
    }

    #[tokio::test]
    async fn a_reader_that_breaks_says_so() {
        let said = aside(&Semaphore::new(1), |_| -> u8 { panic!("as a parser may") }).await;
        assert!(said.expect_err("it broke").contains("broke on it"));
    }
}
