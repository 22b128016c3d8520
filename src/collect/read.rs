//! One source, asked and read: the network and the parser, no store.

use bytes::Bytes;
use chrono::{DateTime, TimeDelta, Utc};
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::Semaphore;
use tokio::time::timeout;
use url::Url;

use crate::config::Config;
use crate::fetch::{Answer, Body, Client, FetchError, Request, Wants};
use crate::identity::change::body_print;
use crate::model::source::{Source, SourceKind};
use crate::parse::Input;
use crate::parse::document::Document;
use crate::schedule::{Failure, SourceState, Validators};

/// A document of the largest size that is read takes a second. What takes so much longer is an attack, or our mistake.
const PARSING: Duration = Duration::from_secs(30);

/// What came of asking one source.
#[derive(Debug)]
pub(super) struct Reading {
    /// The source's place in the configuration.
    pub(super) index: usize,
    /// As it was before.
    pub(super) state: SourceState,
    pub(super) moved_to: Option<Url>,
    /// The address is https, and the answer came over http.
    pub(super) is_insecure: bool,
    pub(super) said: Said,
}

#[derive(Debug)]
pub(super) enum Said {
    /// Nothing that we don't have.
    Nothing {
        fresh_for: Option<TimeDelta>,
    },
    Document {
        document: Box<Document>,
        validators: Validators,
        body: i64,
        fresh_for: Option<TimeDelta>,
    },
    /// Nothing was asked: its site wants pauses.
    PutOff {
        until: DateTime<Utc>,
    },
    Failed {
        failure: Failure,
        kind: &'static str,
        message: String,
    },
}

impl Said {
    fn unreadable(Unfit { kind, message }: Unfit) -> Self {
        Self::Failed { failure: Failure::Other, kind, message }
    }
}

/// Why a body is no document of this source.
#[derive(Debug)]
struct Unfit {
    kind: &'static str,
    message: String,
}

/// What every reading of a run needs.
#[derive(Debug)]
pub(super) struct Reader {
    pub(super) config: Arc<Config>,
    pub(super) client: Arc<Client>,
    /// As many documents are parsed at once as there are processors: more of them would only fill memory.
    parsing: Semaphore,
}

impl Reader {
    pub(super) fn new(config: &Arc<Config>, client: &Arc<Client>) -> Self {
        let processors = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
        Self { config: Arc::clone(config), client: Arc::clone(client), parsing: Semaphore::new(processors) }
    }
}

/// Asks a source once, and reads what it answers. Never fails as a whole: a failure is something that is said.
pub(super) async fn read(
    reader: &Reader,
    index: usize,
    mut state: SourceState,
    now: DateTime<Utc>,
) -> Reading {
    let Some(source) = reader.config.sources.get(index) else {
        let said = Said::unreadable(Unfit { kind: "parse", message: "no such source".to_owned() });
        return Reading { index, state, moved_to: None, is_insecure: false, said };
    };
    let address = state.address(source);
    let Answer { body, validators, moved_to, fresh_for, is_insecure } =
        match reader.client.fetch(request(source, &address, &state, now)).await {
            Ok(answer) => answer,
            Err(error) => {
                let said = failed(&error, now);
                return Reading { index, state, moved_to: None, is_insecure: false, said };
            }
        };
    let said = match body {
        Body::Unchanged => {
            state.validators = validators;
            Said::Nothing { fresh_for }
        }
        Body::New { bytes, content_type, url } => {
            let print = body_print(&bytes);
            let is_of_the_same = state.validators.of.is_none_or(|of| validators.of == Some(of));
            if state.body == Some(print) && is_of_the_same {
                // The server ignores our validators; the bytes are those we have read.
                state.validators = validators;
                Said::Nothing { fresh_for }
            } else {
                match parse(reader, index, bytes, content_type, url).await {
                    Ok(document) => Said::Document { document, validators, body: print, fresh_for },
                    Err(unfit) => Said::unreadable(unfit),
                }
            }
        }
    };
    Reading { index, state, moved_to, is_insecure, said }
}

/// Parses a body in a thread of its own: whatever the parser does, it takes neither the run down nor its time.
async fn parse(
    reader: &Reader,
    index: usize,
    bytes: Bytes,
    content_type: Option<String>,
    url: Url,
) -> Result<Box<Document>, Unfit> {
    if bytes.iter().all(u8::is_ascii_whitespace) {
        return Err(Unfit { kind: "empty", message: "it answers, with nothing at all".to_owned() });
    }
    let limit = |message: String| Unfit { kind: "limit", message };
    let _turn = reader.parsing.acquire().await.expect("the semaphore is never closed");
    let config = Arc::clone(&reader.config);
    let parsing = tokio::task::spawn_blocking(move || {
        let input = Input { bytes: &bytes, content_type: content_type.as_deref(), base: Some(&url) };
        config.sources.get(index).map(|source| document(source, input))
    });
    match timeout(PARSING, parsing).await {
        Ok(Ok(Some(parsed))) => parsed.map(Box::new),
        Ok(Ok(None) | Err(_)) => Err(limit("our reader broke on it: tell us of this address".to_owned())),
        Err(_) => Err(limit(format!(
            "our reader was not done with it after {} seconds: tell us of this address",
            PARSING.as_secs()
        ))),
    }
}

fn request<'a>(source: &'a Source, url: &'a Url, state: &'a SourceState, now: DateTime<Utc>) -> Request<'a> {
    Request {
        url,
        validators: &state.validators,
        wants: match source.kind {
            SourceKind::Feed => Wants::Feed,
            SourceKind::Page(_) => Wants::Page,
        },
        robots: source.robots,
        timeout: source.timeout,
        max_bytes: source.max_bytes,
        now,
    }
}

fn failed(error: &FetchError, now: DateTime<Utc>) -> Said {
    let (failure, kind) = match error {
        FetchError::PutOff { wait } => return Said::PutOff { until: now + *wait },
        FetchError::Gone => (Failure::Gone, "gone"),
        FetchError::Absent => (Failure::Absent, "http-status"),
        FetchError::Later { until, .. } => (Failure::Later(*until), "http-status"),
        FetchError::Failed { kind, .. } => (Failure::Other, kind.as_str()),
    };
    Said::Failed { failure, kind, message: error.to_string() }
}

/// The document, with only those entries that the source's own settings let through.
fn document(source: &Source, input: Input<'_>) -> Result<Document, Unfit> {
    let unfit = |kind, message: String| Unfit { kind, message };
    let mut document = match &source.kind {
        SourceKind::Feed => crate::parse::feed(input),
        SourceKind::Page(selectors) => crate::parse::page(input, selectors),
    }
    .map_err(|error| unfit("parse", error.to_string()))?;
    if let Some(marker) = &source.ended_marker
        && document
            .entries
            .iter()
            .any(|entry| entry.id.as_deref().is_some_and(|id| id.ends_with(marker.as_str())))
    {
        let ended = "the feed says that it has ended: look for its successor, or disable the source";
        return Err(unfit("gone", ended.to_owned()));
    }
    let keep = pattern(source.keep_link.as_deref());
    let drop = pattern(source.drop_link.as_deref());
    document.entries.retain(|entry| {
        let link = entry.link().unwrap_or("");
        keep.as_ref().is_none_or(|keep| keep.is_match(link))
            && drop.as_ref().is_none_or(|drop| !drop.is_match(link))
    });
    if let SourceKind::Page(selectors) = &source.kind
        && document.entries.len() < selectors.min_entries
    {
        return Err(unfit(
            "suspicious",
            format!(
                "only {} of the page's entries have a link that `keep_link` and `drop_link` let through, {} are expected: \
             the page was rebuilt, or is not the page we know",
                document.entries.len(),
                selectors.min_entries
            ),
        ));
    }
    Ok(document)
}

fn pattern(regex: Option<&str>) -> Option<regex::Regex> {
    regex.map(|regex| regex::Regex::new(regex).expect("the configuration checked it"))
}
