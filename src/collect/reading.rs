//! Reading what came over the net in a thread of its own: whatever stands in it, the run goes on in time.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError, mpsc};
use std::time::Duration;
use tokio::sync::{Semaphore, oneshot};
use tokio::time::timeout;

use crate::parse::stop::Stop;

/// A document of the largest size that is read takes a second. What takes so much longer is an attack, or our mistake.
const LONGEST: Duration = Duration::from_secs(30);

/// Threads that read documents, and no others than they: each keeps a share of the allocator for itself, which grows with
/// what it reads.
#[derive(Debug)]
pub(super) struct Threads {
    turns: Semaphore,
    most: usize,
    asked: AtomicUsize,
    jobs: mpsc::Sender<Job>,
    queue: Arc<Mutex<mpsc::Receiver<Job>>>,
}

/// Reads a document. Whoever was too late with it has been replaced by another thread, and goes home.
type Job = Box<dyn FnOnce() -> Late + Send>;

struct Late(bool);

impl Threads {
    /// For as many threads; each comes when there is something to read.
    pub(super) fn new(most: usize) -> Self {
        let (jobs, queue) = mpsc::channel();
        let queue = Arc::new(Mutex::new(queue));
        Self { turns: Semaphore::new(most), most, asked: AtomicUsize::new(0), jobs, queue }
    }

    /// Waits for a turn and reads; the reader looks at its [`Stop`] and ends when nobody waits for it any more. `Err` says in
    /// words why nothing came of it.
    pub(super) async fn read<T: Send + 'static>(
        &self,
        read: impl FnOnce(Stop<'_>) -> T + Send + 'static,
    ) -> Result<T, String> {
        self.within(LONGEST, read).await
    }

    async fn within<T: Send + 'static>(
        &self,
        longest: Duration,
        read: impl FnOnce(Stop<'_>) -> T + Send + 'static,
    ) -> Result<T, String> {
        let _turn = self.turns.acquire().await.expect("the semaphore is never closed");
        if self.asked.fetch_add(1, Ordering::Relaxed) < self.most {
            self.add()?;
        }
        let (done, reading) = oneshot::channel();
        let late = Arc::new(AtomicBool::new(false));
        let stop = Arc::clone(&late);
        let job = move || {
            // Nobody may wait for it any more.
            let _ = done.send(read(Stop::at(&stop)));
            Late(stop.load(Ordering::Relaxed))
        };
        self.jobs.send(Box::new(job)).expect("the queue is ours too");
        match timeout(longest, reading).await {
            Ok(Ok(read)) => Ok(read),
            Ok(Err(_)) => Err("our reader broke on it: tell us of this address".to_owned()),
            Err(_) => {
                late.store(true, Ordering::Relaxed);
                self.add()?;
                let seconds = longest.as_secs();
                Err(format!(
                    "our reader was not done with it after {seconds} seconds: tell us of this address"
                ))
            }
        }
    }

    /// One thread more.
    fn add(&self) -> Result<(), String> {
        let queue = Arc::clone(&self.queue);
        let thread = std::thread::Builder::new().name("reader".to_owned());
        let added = thread.spawn(move || work(&queue));
        added.map(drop).map_err(|error| format!("this machine gives us no thread to read it: {error}"))
    }
}

/// Until no more can come.
fn work(queue: &Mutex<mpsc::Receiver<Job>>) {
    loop {
        let next = queue.lock().unwrap_or_else(PoisonError::into_inner).recv();
        let Ok(job) = next else { return };
        // One that breaks on its document can still read others.
        if matches!(catch_unwind(AssertUnwindSafe(job)), Ok(Late(true))) {
            return;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_reader_that_nobody_waits_for_ends() {
        let (ended, heard) = oneshot::channel();
        let read = move |stop: Stop<'_>| {
            while stop.check().is_ok() {
                std::thread::yield_now();
            }
            ended.send(()).expect("the test listens");
        };
        let threads = Threads::new(1);
        let said = threads.within(Duration::ZERO, read).await.expect_err("it goes on");
        assert!(said.contains("not done with it"), "{said}");
        heard.await.expect("it ended");
    }

    #[tokio::test]
    async fn others_are_read_while_one_hangs() {
        let (end, hangs) = mpsc::channel::<()>();
        let threads = Threads::new(1);
        let hung = threads.within(Duration::ZERO, move |_| hangs.recv().is_ok()).await;
        assert!(hung.is_err());
        assert_eq!(threads.read(|_| 7).await, Ok(7));
        drop(end);
    }

    #[tokio::test]
    async fn a_reader_that_breaks_says_so() {
        let threads = Threads::new(1);
        let said = threads.read(|_| -> u8 { panic!("as a parser may") }).await;
        assert!(said.expect_err("it broke").contains("broke on it"));
        assert_eq!(threads.read(|_| 7).await, Ok(7), "and it goes on");
    }
}
