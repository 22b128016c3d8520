//! The output folder as a web site, for small sites and for looking at what was published; and, beside it, hubs' calls.

pub mod calls;
pub mod door;
pub mod health;
pub mod subscribe;

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::SystemTime;

use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::State;
use axum::http::header::{
    ACCEPT, CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, ETAG, IF_MODIFIED_SINCE, IF_NONE_MATCH,
    LAST_MODIFIED, REFERRER_POLICY, VARY, X_CONTENT_TYPE_OPTIONS,
};
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, Uri};
use axum::middleware::map_response;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use chrono::{DateTime, Utc};
use ring::digest::{Context, SHA256};
use tokio::net::TcpListener;

use crate::publish::path::is_path;
use door::Limits;

/// What time is it? The clock's, or a test's.
pub type Clock = Arc<dyn Fn() -> DateTime<Utc> + Send + Sync>;

/// Whatever gets into a page, a browser does nothing with it but show it.
const POLICY: &str = "default-src 'none'; style-src 'self'; img-src 'self' data:; script-src 'self'; \
     connect-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'";

const NOT_FOUND: &str = "<!doctype html>\n<html lang=\"en\">\n<meta charset=\"utf-8\">\n\
     <meta name=\"viewport\" content=\"width=device-width\">\n<title>No page here</title>\n\
     <h1>There is no page at this address</h1>\n\
     <p>It may have been mistyped, or its news may be too old to be kept. <a href=\"/\">Go to the latest news</a>.</p>\n";

/// A file, and what it is called.
struct Found {
    bytes: Bytes,
    content_type: &'static str,
    modified: Option<SystemTime>,
}

/// Serves the folder until `shutdown` ends; answers that are under way are finished first.
pub async fn folder(
    listener: TcpListener,
    root: PathBuf,
    shutdown: impl Future<Output = ()> + Send + 'static,
) -> io::Result<()> {
    site(listener, root, Router::new(), shutdown).await
}

/// Serves `more`, and the folder at all other addresses.
pub async fn site(
    listener: TcpListener,
    root: PathBuf,
    more: Router,
    shutdown: impl Future<Output = ()> + Send + 'static,
) -> io::Result<()> {
    let root = fs::canonicalize(root)?;
    let page = get(page).with_state(Arc::from(root));
    let router = more.fallback_service(page).layer(map_response(guarded));
    door::open(listener, router, Limits::default(), shutdown).await
}

async fn page(State(root): State<Arc<Path>>, uri: Uri, headers: HeaderMap) -> Response {
    let accept = headers.get(ACCEPT).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let is_browser = accept.contains("text/html");
    let path = uri.path().to_owned();
    let found = tokio::task::spawn_blocking(move || find(&root, &path, is_browser)).await;
    match found.ok().flatten() {
        Some(found) => answer(found, &headers),
        None => {
            (StatusCode::NOT_FOUND, [(CONTENT_TYPE, "text/html; charset=utf-8")], NOT_FOUND).into_response()
        }
    }
}

/// The file of an address. Pages have plain names, so that nothing need be decoded: what is not plain is no page.
fn find(root: &Path, path: &str, is_browser: bool) -> Option<Found> {
    let path = path.strip_prefix('/')?;
    let path =
        if path.is_empty() || path.ends_with('/') { format!("{path}index.html") } else { path.to_owned() };
    if !is_path(&path) || path.split('/').any(|part| part.starts_with('.')) {
        return None;
    }
    // A link may lead out of the folder.
    let file = fs::canonicalize(root.join(&path)).ok().filter(|file| file.starts_with(root))?;
    let modified = fs::metadata(&file).ok()?.modified().ok();
    let bytes = fs::read(&file).ok()?.into();
    Some(Found { bytes, content_type: content_type(&path, is_browser), modified })
}

/// Browsers show a feed, by its style sheet, when it is called plain XML; feed readers want it called by its name.
fn content_type(path: &str, is_browser: bool) -> &'static str {
    let extension = Path::new(path).extension().and_then(|extension| extension.to_str()).unwrap_or_default();
    match extension {
        "atom" | "rss" if is_browser => "application/xml",
        "atom" => "application/atom+xml",
        "rss" => "application/rss+xml",
        "json" if path.starts_with("feeds/") => "application/feed+json",
        "json" => "application/json",
        "html" => "text/html; charset=utf-8",
        "css" => "text/css; charset=utf-8",
        "js" => "text/javascript; charset=utf-8",
        "txt" => "text/plain; charset=utf-8",
        "ics" => "text/calendar; charset=utf-8",
        "opml" => "text/x-opml; charset=utf-8",
        "xml" => "application/xml",
        "svg" => "image/svg+xml",
        "png" => "image/png",
        _ => "application/octet-stream",
    }
}

fn answer(found: Found, asked: &HeaderMap) -> Response {
    let modified = found.modified.map(DateTime::<Utc>::from);
    let etag = etag(&found);
    let mut headers =
        vec![(ETAG, etag.clone()), (CACHE_CONTROL, "no-cache".to_owned()), (VARY, "accept".to_owned())];
    headers.extend(modified.map(|at| (LAST_MODIFIED, at.format("%a, %d %b %Y %H:%M:%S GMT").to_string())));
    let status = if is_unchanged(asked, &etag, modified) {
        StatusCode::NOT_MODIFIED
    } else {
        headers.push((CONTENT_TYPE, found.content_type.to_owned()));
        StatusCode::OK
    };
    let body = if status == StatusCode::OK { Body::from(found.bytes) } else { Body::empty() };
    let mut response = (status, body).into_response();
    // `into_response` has called it a stream of bytes.
    response.headers_mut().clear();
    response
        .headers_mut()
        .extend(headers.into_iter().filter_map(|(name, value)| Some((name, value.parse().ok()?))));
    response
}

/// Two names for the same bytes are two representations.
fn etag(found: &Found) -> String {
    let mut hash = Context::new(&SHA256);
    hash.update(found.content_type.as_bytes());
    hash.update(&found.bytes);
    let hash = hash.finish();
    let start = hash.as_ref().first_chunk().expect("a SHA-256 has 32 bytes");
    format!("\"{:032x}\"", u128::from_be_bytes(*start))
}

/// RFC 9110 §13.2.2: a date counts only where there is no entity tag.
fn is_unchanged(asked: &HeaderMap, etag: &str, modified: Option<DateTime<Utc>>) -> bool {
    let text = |name: HeaderName| asked.get(name).and_then(|value| value.to_str().ok());
    if let Some(known) = text(IF_NONE_MATCH) {
        return known
            .split(',')
            .map(|tag| tag.trim().trim_start_matches("W/"))
            .any(|tag| tag == etag || tag == "*");
    }
    let since = text(IF_MODIFIED_SINCE).and_then(|since| DateTime::parse_from_rfc2822(since).ok());
    // The header knows no parts of a second.
    since.zip(modified).is_some_and(|(since, modified)| modified.timestamp() <= since.timestamp())
}

/// Every answer, errors too.
async fn guarded(mut response: Response) -> Response {
    let headers = [
        (CONTENT_SECURITY_POLICY, POLICY),
        (REFERRER_POLICY, "no-referrer"),
        (X_CONTENT_TYPE_OPTIONS, "nosniff"),
    ];
    response.headers_mut().extend(headers.map(|(name, value)| (name, HeaderValue::from_static(value))));
    response
}

#[cfg(test)]
mod tests {
    use std::collections::HashMap;

    use tempfile::TempDir;
    use tokio::io::{AsyncReadExt, AsyncWriteExt};
    use tokio::net::TcpStream;
    use tokio::sync::oneshot;

    use super::*;

    struct Said {
        status: u16,
        headers: HashMap<String, String>,
        body: String,
    }

    /// A folder with a few pages, and beside it a file that is no page.
    fn site() -> TempDir {
        let site = tempfile::tempdir().expect("a folder");
        let output = site.path().join("output");
        fs::create_dir_all(output.join("feeds")).expect("made");
        fs::write(site.path().join("secret.txt"), "secret").expect("written");
        std::os::unix::fs::symlink(site.path().join("secret.txt"), output.join("link.txt")).expect("linked");
        for path in [
            "index.html",
            "style.css",
            "feeds/all.atom",
            "feeds/all.rss",
            "feeds/all.json",
            "feeds/index.html",
            "events.ics",
            "sources.opml",
            "manifest.json",
            ".hidden.txt",
            "odd.thing",
        ] {
            fs::write(output.join(path), format!("bytes of {path}")).expect("written");
        }
        site
    }

    /// Asks with a request line and headers as they are, so that no client tidies them.
    async fn ask(site: &TempDir, line: &str, headers: &[(&str, &str)]) -> Said {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let at = listener.local_addr().expect("an address");
        let (stop, stopped) = oneshot::channel::<()>();
        let serving = tokio::spawn(folder(listener, site.path().join("output"), async {
            let _ = stopped.await;
        }));
        let mut stream = TcpStream::connect(at).await.expect("a connection");
        let headers: String = headers.iter().flat_map(|(name, value)| [name, ": ", value, "\r\n"]).collect();
        let request = format!("{line} HTTP/1.1\r\nhost: x\r\nconnection: close\r\n{headers}\r\n");
        stream.write_all(request.as_bytes()).await.expect("sent");
        let mut answer = String::new();
        stream.read_to_string(&mut answer).await.expect("an answer");
        stop.send(()).expect("it still serves");
        serving.await.expect("no panic").expect("a good end");
        said(&answer)
    }

    fn said(answer: &str) -> Said {
        let (head, body) = answer.split_once("\r\n\r\n").expect("a head");
        let mut lines = head.lines();
        let status = lines.next().and_then(|line| line.split(' ').nth(1)?.parse().ok()).expect("a status");
        let pair =
            |line: &str| line.split_once(": ").map(|(name, value)| (name.to_owned(), value.to_owned()));
        Said { status, headers: lines.filter_map(pair).collect(), body: body.to_owned() }
    }

    async fn check_type(path: &str, accept: &str, content_type: &str) {
        let said = ask(&site(), &format!("GET {path}"), &[("accept", accept)]).await;
        assert_eq!((said.status, said.headers["content-type"].as_str()), (200, content_type), "{path}");
    }

    #[tokio::test]
    async fn each_page_is_called_what_it_is() {
        check_type("/", "*/*", "text/html; charset=utf-8").await;
        check_type("/style.css", "*/*", "text/css; charset=utf-8").await;
        check_type("/feeds/all.atom", "*/*", "application/atom+xml").await;
        check_type("/feeds/all.rss", "", "application/rss+xml").await;
        check_type("/feeds/all.json", "*/*", "application/feed+json").await;
        check_type("/manifest.json", "*/*", "application/json").await;
        check_type("/events.ics", "*/*", "text/calendar; charset=utf-8").await;
        check_type("/sources.opml", "*/*", "text/x-opml; charset=utf-8").await;
        check_type("/odd.thing", "*/*", "application/octet-stream").await;
    }

    #[tokio::test]
    async fn a_browser_is_given_a_feed_as_xml() {
        let browser = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8";
        check_type("/feeds/all.atom", browser, "application/xml").await;
        check_type("/feeds/all.rss", browser, "application/xml").await;
        let said = ask(&site(), "GET /feeds/all.atom", &[]).await;
        assert_eq!(said.headers["vary"], "accept");
    }

    #[tokio::test]
    async fn a_folder_shows_its_index() {
        assert_eq!(ask(&site(), "GET /", &[]).await.body, "bytes of index.html");
        assert_eq!(ask(&site(), "GET /?x=1", &[]).await.body, "bytes of index.html");
        assert_eq!(ask(&site(), "GET /feeds/", &[]).await.body, "bytes of feeds/index.html");
    }

    #[tokio::test]
    async fn head_says_the_same_without_the_bytes() {
        let said = ask(&site(), "HEAD /style.css", &[]).await;
        assert_eq!(
            (said.status, said.headers["content-length"].as_str(), said.body.as_str()),
            (200, "18", "")
        );
    }

    #[tokio::test]
    async fn what_a_reader_has_is_not_sent_again() {
        let site = site();
        let first = ask(&site, "GET /feeds/all.atom", &[]).await;
        let (etag, modified) = (first.headers["etag"].as_str(), first.headers["last-modified"].as_str());
        let weak = format!("\"other\", W/{etag}");
        for known in [("if-none-match", etag), ("if-none-match", &weak), ("if-modified-since", modified)] {
            let again = ask(&site, "GET /feeds/all.atom", &[known]).await;
            assert_eq!((again.status, again.body.as_str()), (304, ""), "{known:?}");
            assert_eq!(again.headers["etag"], etag);
        }
        let long_ago = ("if-modified-since", "Mon, 15 Jan 2018 07:06:40 GMT");
        for stale in [
            &[("if-none-match", "\"other\"")][..],
            &[long_ago],
            &[("if-none-match", "\"x\""), ("if-modified-since", modified)],
        ] {
            assert_eq!(ask(&site, "GET /feeds/all.atom", stale).await.status, 200, "{stale:?}");
        }
    }

    #[tokio::test]
    async fn nothing_but_pages_is_served() {
        let site = site();
        for path in [
            "/nothing",
            "/feeds",
            "/../secret.txt",
            "/feeds/../../secret.txt",
            "/%2e%2e/secret.txt",
            "/..%2fsecret.txt",
            "/..\\secret.txt",
            "//etc/passwd",
            "/link.txt",
            "/.hidden.txt",
            "/index.html%00",
            "/index.html/",
            "/./index.html",
            "/%3Cscript%3E",
            "/feeds//all.atom",
            "/INDEX.HTML",
        ] {
            let said = ask(&site, &format!("GET {path}"), &[]).await;
            assert_eq!((said.status, said.body.as_str()), (404, NOT_FOUND), "{path}");
        }
    }

    #[tokio::test]
    async fn nothing_can_be_changed() {
        for method in ["POST", "PUT", "DELETE", "PATCH", "OPTIONS"] {
            let said = ask(&site(), &format!("{method} /index.html"), &[("content-length", "0")]).await;
            assert_eq!((said.status, said.headers["allow"].as_str()), (405, "GET,HEAD"), "{method}");
        }
    }

    #[tokio::test]
    async fn every_answer_is_guarded() {
        for line in ["GET /", "GET /nothing", "POST /"] {
            let said = ask(&site(), line, &[("content-length", "0")]).await;
            assert!(said.headers["content-security-policy"].starts_with("default-src 'none';"), "{line}");
            assert_eq!(said.headers["x-content-type-options"], "nosniff");
            assert_eq!(said.headers["referrer-policy"], "no-referrer");
        }
    }

    #[tokio::test]
    async fn a_folder_that_is_not_there_is_said_at_once() {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let served = folder(listener, PathBuf::from("/no/such/folder"), std::future::pending()).await;
        assert_eq!(served.map_err(|error| error.kind()), Err(io::ErrorKind::NotFound));
    }
}
