//! Who comes in: so many connections at once, so long for a question, so long for all of it.

use std::collections::VecDeque;
use std::io;
use std::pin::pin;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use axum::Router;
use hyper::server::conn::http1;
use hyper::service::{Service, service_fn};
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::service::TowerToHyperService;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{Notify, watch};
use tokio::task::JoinSet;
use tokio::time::timeout;

/// When there are no more file handles, some guest's end frees one.
const NO_HANDLES: Duration = Duration::from_millis(100);

/// What one guest may ask of us.
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    /// Connections at once. When one more comes, the one that has been idle longest goes.
    pub most: usize,
    /// From the connection, or from the last answer, to the end of the next question's headers.
    pub question: Duration,
    /// For one connection, whatever it does: also who reads an answer a byte at a time goes in the end.
    pub whole: Duration,
    /// Bytes of a question's headers.
    pub headers: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            // Half of the file handles that a process usually has.
            most: 512,
            question: Duration::from_secs(10),
            whole: Duration::from_mins(5),
            headers: 16 * 1024,
        }
    }
}

/// The connections, from the oldest.
#[derive(Debug, Default)]
struct Guests(Mutex<VecDeque<Arc<Guest>>>);

#[derive(Debug, Default)]
struct Guest {
    /// A question of theirs is being answered.
    is_served: AtomicBool,
    leave: Notify,
}

/// Takes a guest out of the list, however the connection ended.
struct Seat {
    guests: Arc<Guests>,
    guest: Arc<Guest>,
}

/// Answers whoever comes until `shutdown` ends; answers that are under way are finished first.
pub async fn open(
    listener: TcpListener,
    router: Router,
    limits: Limits,
    shutdown: impl Future<Output = ()>,
) -> io::Result<()> {
    let guests = Arc::<Guests>::default();
    let (stop, stopped) = watch::channel(());
    let mut all = JoinSet::new();
    let mut shutdown = pin!(shutdown);
    loop {
        let stream = tokio::select! {
            () = &mut shutdown => break,
            accepted = listener.accept() => accepted,
            Some(_) = all.join_next() => continue,
        };
        match stream {
            Ok((stream, _)) => {
                // Nobody idle: who is being answered stays, the new one comes again.
                if let Some(seat) = guests.seat(limits.most) {
                    all.spawn(serve(stream, router.clone(), limits, seat, stopped.clone()));
                }
            }
            // A connection that broke before we took it is no fault of ours.
            Err(error) if is_of_one_guest(&error) => {}
            Err(_) => tokio::time::sleep(NO_HANDLES).await,
        }
    }
    drop(stop);
    drop(listener);
    while all.join_next().await.is_some() {}
    Ok(())
}

fn is_of_one_guest(error: &io::Error) -> bool {
    use io::ErrorKind::{ConnectionAborted, ConnectionRefused, ConnectionReset};
    matches!(error.kind(), ConnectionAborted | ConnectionRefused | ConnectionReset)
}

/// One connection, until it is over, it has been long enough, or it must make room.
async fn serve(
    stream: TcpStream,
    router: Router,
    limits: Limits,
    seat: Seat,
    mut stopped: watch::Receiver<()>,
) {
    let (guest, service) = (Arc::clone(&seat.guest), TowerToHyperService::new(router));
    let service = service_fn(move |question| {
        let (guest, answer) = (Arc::clone(&guest), service.call(question));
        async move {
            guest.is_served.store(true, Ordering::Relaxed);
            let answer = answer.await;
            guest.is_served.store(false, Ordering::Relaxed);
            answer
        }
    });
    let connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(limits.question)
        .max_buf_size(limits.headers)
        .serve_connection(TokioIo::new(stream), service);
    let served = async {
        let mut connection = pin!(connection);
        tokio::select! {
            _ = &mut connection => return,
            () = seat.guest.leave.notified() => return,
            _ = stopped.changed() => {}
        }
        connection.as_mut().graceful_shutdown();
        let _ = connection.await;
    };
    // How a connection ends is its guest's business.
    let _ = timeout(limits.whole, served).await;
}

impl Guests {
    /// A place for one more; `None`: there is none, and nobody who could go.
    fn seat(self: &Arc<Self>, most: usize) -> Option<Seat> {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if all.len() >= most {
            let idle = all.iter().position(|guest| !guest.is_served.load(Ordering::Relaxed))?;
            all.remove(idle)?.leave.notify_one();
        }
        let guest = Arc::<Guest>::default();
        all.push_back(Arc::clone(&guest));
        drop(all);
        Some(Seat { guests: Arc::clone(self), guest })
    }
}

impl Drop for Seat {
    fn drop(&mut self) {
        let mut all = self.guests.0.lock().unwrap_or_else(PoisonError::into_inner);
        all.retain(|guest| !Arc::ptr_eq(guest, &self.guest));
    }
}

#[cfg(test)]
mod tests {
    use std::net::SocketAddr;

    use axum::routing::get;
    use tokio::io::{AsyncReadExt, AsyncWriteExt};
    use tokio::sync::oneshot;

    use super::*;

    const LIMITS: Limits = Limits {
        most: 3,
        question: Duration::from_mins(1),
        whole: Duration::from_mins(1),
        headers: 16 * 1024,
    };

    const SOON: Duration = Duration::from_millis(50);

    async fn opened(limits: Limits, shutdown: impl Future<Output = ()> + Send + 'static) -> SocketAddr {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let at = listener.local_addr().expect("an address");
        let router = Router::new()
            .route("/", get(async || "hello"))
            .route("/never", get(std::future::pending::<String>))
            .route("/large", get(async || "x".repeat(50_000_000)));
        tokio::spawn(open(listener, router, limits, shutdown));
        at
    }

    async fn coming(at: SocketAddr, says: &str) -> TcpStream {
        let mut stream = TcpStream::connect(at).await.expect("a connection");
        stream.write_all(says.as_bytes()).await.expect("sent");
        stream
    }

    /// What is still said to them, until the connection ends. A reset is an end, too.
    async fn rest(mut stream: TcpStream) -> String {
        let mut said = Vec::new();
        let _ = stream.read_to_end(&mut said).await;
        String::from_utf8(said).expect("text")
    }

    async fn answer(at: SocketAddr) -> String {
        rest(coming(at, "GET / HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n").await).await
    }

    /// Comes, says this, and is put out within short limits, with this for an answer.
    async fn check_put_out(limits: Limits, says: &str, begin: &str) {
        let at = opened(limits, std::future::pending()).await;
        let said = rest(coming(at, says).await).await;
        assert!(said.starts_with(begin), "{says:?}: {said:.80}");
        assert!(answer(at).await.ends_with("hello"), "others are answered");
    }

    #[tokio::test]
    async fn who_says_nothing_goes() {
        check_put_out(Limits { question: SOON, ..LIMITS }, "", "").await;
    }

    #[tokio::test]
    async fn who_never_ends_a_question_goes() {
        check_put_out(Limits { question: SOON, ..LIMITS }, "GET / HTTP/1.1\r\nhost: x\r\nx: ", "").await;
    }

    #[tokio::test]
    async fn who_asks_no_more_goes() {
        let once = "GET / HTTP/1.1\r\nhost: x\r\n\r\n";
        check_put_out(Limits { question: SOON, ..LIMITS }, once, "HTTP/1.1 200").await;
    }

    #[tokio::test]
    async fn who_is_never_done_goes() {
        check_put_out(Limits { whole: SOON, ..LIMITS }, "GET /never HTTP/1.1\r\nhost: x\r\n\r\n", "").await;
    }

    #[tokio::test]
    async fn a_question_without_end_is_refused() {
        let long = format!("GET / HTTP/1.1\r\nx: {}\r\n\r\n", "a".repeat(20_000));
        check_put_out(LIMITS, &long, "HTTP/1.1 431").await;
    }

    #[tokio::test]
    async fn who_reads_nothing_goes() {
        let at = opened(Limits { whole: SOON, ..LIMITS }, std::future::pending()).await;
        let large = coming(at, "GET /large HTTP/1.1\r\nhost: x\r\n\r\n").await;
        tokio::time::timeout(Duration::from_secs(10), async {
            // The others come one after the other, so that this one's time is over when one of them is put out by it.
            assert_eq!(rest(coming(at, "").await).await, "");
        })
        .await
        .expect("put out");
        assert!(rest(large).await.len() < 50_000_000);
    }

    #[tokio::test]
    async fn many_who_say_nothing_keep_nobody_out() {
        let at = opened(LIMITS, std::future::pending()).await;
        let mut idle = Vec::new();
        for _ in 0..50 {
            idle.push(coming(at, "GET").await);
        }
        assert!(answer(at).await.ends_with("hello"));
        assert_eq!(rest(idle.remove(0)).await, "", "the first made room");
    }

    #[tokio::test]
    async fn who_is_being_answered_makes_no_room() {
        let guests = Arc::<Guests>::default();
        let served = guests.seat(2).expect("a place");
        served.guest.is_served.store(true, Ordering::Relaxed);
        let idle = guests.seat(2).expect("a place");
        let third = guests.seat(2).expect("the idle one's place");
        idle.guest.leave.notified().await;
        third.guest.is_served.store(true, Ordering::Relaxed);
        drop(idle);
        assert!(guests.seat(2).is_none());
        drop(third);
        assert!(guests.seat(2).is_some());
    }

    #[tokio::test]
    async fn at_the_end_answers_are_finished_and_the_idle_go() {
        let (stop, stopped) = oneshot::channel::<()>();
        let at = opened(LIMITS, async {
            let _ = stopped.await;
        })
        .await;
        let idle = coming(at, "").await;
        assert!(answer(at).await.ends_with("hello"));
        drop(stop);
        assert_eq!(rest(idle).await, "");
    }
}
