//! The loopback server that plays the world's institutions: validators honoured, one source down, some types wrong.

use std::io;
use std::net::{Ipv4Addr, SocketAddr};

use axum::Router;
use axum::http::header::{
    ALLOW, CACHE_CONTROL, CONTENT_TYPE, ETAG, IF_MODIFIED_SINCE, IF_NONE_MATCH, LAST_MODIFIED, RETRY_AFTER,
};
use axum::http::{HeaderMap, HeaderName, Method, StatusCode, Uri};
use axum::response::{IntoResponse, Response};
use chrono::DateTime;
use ring::digest::{SHA256, digest};
use tokio::net::TcpListener;
use tokio::sync::oneshot;
use tokio::task::JoinHandle;

use super::content::{DOCUMENTS, DOWN, Document};

/// The port to try first: published pages name the address of a source's feed, so that the same port gives the same
/// bytes at every demonstration.
pub const PORT: u16 = 18_180;

/// How long the source that is down asks to be left alone, in seconds.
const DOWN_FOR: &str = "3600";

/// A loopback server with the sample sources. It stops when it is dropped, or when it is told to.
#[derive(Debug)]
pub struct Origin {
    address: SocketAddr,
    /// Nothing is ever sent: its end is the signal to stop.
    running: oneshot::Sender<()>,
    server: JoinHandle<io::Result<()>>,
}

impl Origin {
    /// Starts at `port` of 127.0.0.1, or at any free one if that is taken or 0.
    pub async fn start(port: u16) -> io::Result<Self> {
        let listener = match TcpListener::bind((Ipv4Addr::LOCALHOST, port)).await {
            Err(error) if error.kind() == io::ErrorKind::AddrInUse => {
                TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?
            }
            bound => bound?,
        };
        let address = listener.local_addr()?;
        let (running, stopped) = oneshot::channel();
        let server = axum::serve(listener, Router::new().fallback(answer));
        let server = server.with_graceful_shutdown(async {
            let _: Result<(), _> = stopped.await;
        });
        Ok(Self { address, running, server: tokio::spawn(server.into_future()) })
    }

    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Answers what was asked already, then stops.
    pub async fn stop(self) -> io::Result<()> {
        drop(self.running);
        self.server.await?
    }
}

async fn answer(method: Method, uri: Uri, headers: HeaderMap) -> Response {
    if method != Method::GET && method != Method::HEAD {
        return (StatusCode::METHOD_NOT_ALLOWED, [(ALLOW, "GET, HEAD")]).into_response();
    }
    if uri.path() == DOWN {
        return (StatusCode::SERVICE_UNAVAILABLE, [(RETRY_AFTER, DOWN_FOR)], "Closed for repairs.\n")
            .into_response();
    }
    match DOCUMENTS.iter().find(|document| document.path == uri.path()) {
        Some(document) => serve(document, &headers),
        None => StatusCode::NOT_FOUND.into_response(),
    }
}

fn serve(document: &'static Document, asked: &HeaderMap) -> Response {
    let etag = etag(document);
    let validators = [
        (ETAG, etag.clone()),
        (LAST_MODIFIED, document.modified.to_owned()),
        (CACHE_CONTROL, "no-cache".to_owned()),
    ];
    if is_unchanged(document, &etag, asked) {
        return (StatusCode::NOT_MODIFIED, validators).into_response();
    }
    (validators, [(CONTENT_TYPE, document.content_type)], document.bytes).into_response()
}

fn etag(document: &Document) -> String {
    let digest = digest(&SHA256, document.bytes);
    let head = digest.as_ref().first_chunk().copied().map_or(0, u64::from_be_bytes);
    format!("\"{head:016x}\"")
}

/// RFC 9110 section 13.2.2: `If-None-Match` decides if it is there, else `If-Modified-Since`.
fn is_unchanged(document: &Document, etag: &str, asked: &HeaderMap) -> bool {
    let header = |name: HeaderName| asked.get(name).and_then(|value| value.to_str().ok());
    if let Some(tags) = header(IF_NONE_MATCH) {
        return tags
            .split(',')
            .any(|tag| matches!(tag.trim(), "*") || tag.trim().trim_start_matches("W/") == etag);
    }
    let modified = DateTime::parse_from_rfc2822(document.modified).ok();
    let since = header(IF_MODIFIED_SINCE).and_then(|since| DateTime::parse_from_rfc2822(since).ok());
    modified.zip(since).is_some_and(|(modified, since)| modified <= since)
}
