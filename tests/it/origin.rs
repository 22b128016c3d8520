//! A small web server on 127.0.0.1 that answers what a test says, also what no web server should.

use std::net::SocketAddr;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Notify;
use url::Url;

/// Between two drops: faster than any timeout of a test.
const DRIP: Duration = Duration::from_millis(5);

/// A server that lives as long as the value.
pub(crate) struct Origin {
    pub(crate) addr: SocketAddr,
    log: Arc<Log>,
    task: tokio::task::JoinHandle<()>,
}

/// A request as it came.
#[derive(Debug, Clone)]
pub(crate) struct Asked {
    pub(crate) method: String,
    pub(crate) path: String,
    /// Names in lower case.
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: String,
}

/// One thing that the server does.
#[derive(Clone)]
pub(crate) enum Step {
    Send(Vec<u8>),
    /// For ever, until the client goes away.
    SendAgainAndAgain(Vec<u8>),
    /// The same, a little at a time: less than any limit on size would notice.
    Drip(Vec<u8>),
    /// Until the test says so.
    Wait(Arc<Notify>),
    /// Until everybody else had time to do something, for example to ask a second thing at the same time.
    Linger,
    /// Says nothing more, and keeps the connection.
    Hang,
    Close,
    /// Closes with a reset.
    Reset,
}

#[derive(Default)]
struct Log {
    asked: Mutex<Vec<Asked>>,
    has_asked: Notify,
    connections: AtomicUsize,
    open: AtomicUsize,
    most_open: AtomicUsize,
    asking: AtomicUsize,
    most_asking: AtomicUsize,
}

impl Origin {
    /// Answers each request by what `answer` makes of it; a connection goes on after an answer that does not end it.
    pub(crate) async fn start(answer: impl Fn(&Asked) -> Vec<Step> + Send + Sync + 'static) -> Self {
        Self::start_at("127.0.0.1:0", answer).await
    }

    pub(crate) async fn start_at(
        at: &str,
        answer: impl Fn(&Asked) -> Vec<Step> + Send + Sync + 'static,
    ) -> Self {
        let listener = TcpListener::bind(at).await.unwrap();
        let addr = listener.local_addr().unwrap();
        let log = Arc::new(Log::default());
        let task = tokio::spawn(accept(listener, Arc::new(answer), Arc::clone(&log)));
        Self { addr, log, task }
    }

    pub(crate) fn url(&self, path: &str) -> Url {
        Url::parse(&format!("http://{}{path}", self.addr)).unwrap()
    }

    /// Every request so far.
    pub(crate) fn asked(&self) -> Vec<Asked> {
        self.log.asked.lock().unwrap().clone()
    }

    /// The paths of all requests so far.
    pub(crate) fn paths(&self) -> Vec<String> {
        self.asked().into_iter().map(|asked| asked.path).collect()
    }

    /// Waits until this many requests have come.
    pub(crate) async fn when_asked(&self, count: usize) {
        while self.log.asked.lock().unwrap().len() < count {
            self.log.has_asked.notified().await;
        }
    }

    /// Nobody answers at the returned address any more.
    pub(crate) async fn stop(mut self) -> Url {
        self.task.abort();
        let _ = (&mut self.task).await;
        self.url("/")
    }

    /// How often somebody connected.
    pub(crate) fn connections(&self) -> usize {
        self.log.connections.load(Ordering::SeqCst)
    }

    /// How many connections were open at once, at most.
    pub(crate) fn most_open(&self) -> usize {
        self.log.most_open.load(Ordering::SeqCst)
    }

    /// How many requests were being answered at once, at most.
    pub(crate) fn most_asking(&self) -> usize {
        self.log.most_asking.load(Ordering::SeqCst)
    }
}

impl Drop for Origin {
    fn drop(&mut self) {
        self.task.abort();
    }
}

impl Asked {
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }
}

/// A whole answer with a body.
pub(crate) fn answer(status: u16, headers: &[(&str, &str)], body: impl AsRef<[u8]>) -> Vec<Step> {
    let body = body.as_ref();
    let length = body.len().to_string();
    let mut all = headers.to_vec();
    all.push(("content-length", &length));
    vec![Step::Send([&head(status, &all), body].concat())]
}

/// An answer that never has a body: 204, 304.
pub(crate) fn bare(status: u16, headers: &[(&str, &str)]) -> Vec<Step> {
    vec![Step::Send(head(status, headers))]
}

pub(crate) fn redirect(status: u16, location: &str) -> Vec<Step> {
    answer(status, &[("location", location)], "")
}

/// The lines before the body.
pub(crate) fn head(status: u16, headers: &[(&str, &str)]) -> Vec<u8> {
    let lines: String = headers.iter().flat_map(|(name, value)| [name, ": ", value, "\r\n"]).collect();
    format!("HTTP/1.1 {status} Said\r\n{lines}\r\n").into_bytes()
}

/// Lets everybody else go first, often enough for a whole request; takes no time when nobody has anything to do.
pub(crate) async fn linger() {
    for _ in 0..100 {
        tokio::task::yield_now().await;
    }
}

type Answer = dyn Fn(&Asked) -> Vec<Step> + Send + Sync;

async fn accept(listener: TcpListener, answer: Arc<Answer>, log: Arc<Log>) {
    let mut connections = tokio::task::JoinSet::new();
    loop {
        let (stream, _) = listener.accept().await.unwrap();
        log.connections.fetch_add(1, Ordering::SeqCst);
        raise(&log.open, &log.most_open);
        let (answer, log) = (Arc::clone(&answer), Arc::clone(&log));
        connections.spawn(async move {
            serve(stream, &*answer, &log).await;
            log.open.fetch_sub(1, Ordering::SeqCst);
        });
    }
}

async fn serve(stream: TcpStream, answer: &Answer, log: &Log) {
    let mut stream = BufReader::new(stream);
    while let Some(asked) = read(&mut stream).await {
        let closes = asked.header("connection") == Some("close");
        raise(&log.asking, &log.most_asking);
        let steps = answer(&asked);
        log.asked.lock().unwrap().push(asked);
        log.has_asked.notify_one();
        let goes_on = play(&mut stream, &steps, &log.asking).await;
        if !goes_on || closes {
            return;
        }
    }
}

/// Plays the steps; false when the connection is over.
async fn play(stream: &mut BufReader<TcpStream>, steps: &[Step], asking: &AtomicUsize) -> bool {
    let (last, before) = steps.split_last().expect("an answer of at least one step");
    let mut goes_on = true;
    for step in before {
        goes_on = goes_on && perform(stream, step).await;
    }
    // The client may ask the next thing as soon as it has the last bytes.
    asking.fetch_sub(1, Ordering::SeqCst);
    goes_on && perform(stream, last).await
}

async fn perform(stream: &mut BufReader<TcpStream>, step: &Step) -> bool {
    match step {
        Step::Send(bytes) => stream.write_all(bytes).await.is_ok(),
        Step::SendAgainAndAgain(bytes) => {
            while stream.write_all(bytes).await.is_ok() {}
            false
        }
        Step::Drip(bytes) => {
            let mut tick = tokio::time::interval(DRIP);
            while stream.write_all(bytes).await.is_ok() {
                tick.tick().await;
            }
            false
        }
        Step::Wait(signal) => {
            signal.notified().await;
            true
        }
        Step::Linger => {
            linger().await;
            true
        }
        Step::Hang => {
            // Nothing more is asked on a connection whose answer is not complete: this ends when the client does.
            let _ = stream.fill_buf().await;
            false
        }
        Step::Close => false,
        Step::Reset => {
            stream.get_ref().set_zero_linger().unwrap();
            false
        }
    }
}

async fn read(stream: &mut BufReader<TcpStream>) -> Option<Asked> {
    let mut lines = Vec::new();
    loop {
        let mut line = String::new();
        if stream.read_line(&mut line).await.unwrap_or(0) == 0 {
            return None;
        }
        let line = line.trim_end().to_owned();
        if line.is_empty() {
            break;
        }
        lines.push(line);
    }
    let (method, rest) = lines.first()?.split_once(' ')?;
    let (method, path) = (method.to_owned(), rest.split(' ').next()?.to_owned());
    let pair = |line: &String| {
        let (name, value) = line.split_once(':')?;
        Some((name.to_ascii_lowercase(), value.trim().to_owned()))
    };
    let headers = lines.iter().skip(1).filter_map(pair).collect();
    let mut asked = Asked { method, path, headers, body: String::new() };
    let length = asked.header("content-length").map_or(0, |length| length.parse().unwrap());
    let mut body = vec![0; length];
    stream.read_exact(&mut body).await.ok()?;
    asked.body = String::from_utf8(body).ok()?;
    Some(asked)
}

fn raise(count: &AtomicUsize, most: &AtomicUsize) {
    let now = count.fetch_add(1, Ordering::SeqCst) + 1;
    most.fetch_max(now, Ordering::SeqCst);
}
