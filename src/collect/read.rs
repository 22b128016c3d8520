//! One source, asked and read: the network and the parser, no store.

use chrono::{DateTime, TimeDelta, Utc};
use std::sync::Arc;
use url::Url;

use super::document::{self, Answered, Gathered, Wrong};
use super::reading::Threads;
use crate::config::Config;
use crate::contract::{Broken, Judged};
use crate::fetch::{Answer, Body, Client, FetchError};
use crate::hub::discovery::{self, Offered};
use crate::identity::change::print_of;
use crate::model::cause::Cause;
use crate::parse::document::Document;
use crate::schedule::{Failure, SourceState, Validators};

/// What came of asking one source.
#[derive(Debug)]
pub(super) struct Reading {
    /// The source's place in the configuration.
    pub(super) index: usize,
    /// As it was before.
    pub(super) state: SourceState,
    pub(super) moved_to: Option<Url>,
    pub(super) offered: Offered,
    /// The address is https, and the answer came over http.
    pub(super) is_insecure: bool,
    pub(super) said: Said,
}

impl Reading {
    /// Nothing came of it.
    fn unasked(index: usize, state: SourceState, said: Said) -> Self {
        Self { index, state, moved_to: None, offered: Offered::Same, is_insecure: false, said }
    }
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
        /// As [`crate::contract::shape::Shape::to_text`] writes it.
        shape: String,
        warnings: Vec<String>,
    },
    /// Nothing was asked: its site wants pauses.
    PutOff {
        until: DateTime<Utc>,
    },
    /// Nothing was asked: its host kept the run waiting for too long. The text says so.
    Slow {
        message: String,
    },
    Failed {
        failure: Failure,
        kind: Cause,
        message: String,
    },
}

/// What every reading of a run needs.
#[derive(Debug)]
pub(super) struct Reader {
    pub(super) config: Arc<Config>,
    pub(super) client: Arc<Client>,
    /// As many documents are parsed at once as there are processors: more of them would only fill memory.
    pub(super) threads: Threads,
}

impl Reader {
    pub(super) fn new(config: &Arc<Config>, client: &Arc<Client>) -> Self {
        let processors = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
        Self { config: Arc::clone(config), client: Arc::clone(client), threads: Threads::new(processors) }
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
        let message = "no such source".to_owned();
        let said = Said::Failed { failure: Failure::Other, kind: Cause::Parse, message };
        return Reading::unasked(index, state, said);
    };
    document::forget_if_read_otherwise(source, &mut state);
    let address = state.address(source);
    let asked = document::request(source, &address, &state.validators, now);
    let Answer { body, validators, moved_to, fresh_for, links, is_insecure } =
        match reader.client.fetch(asked).await {
            Ok(answer) => answer,
            Err(error) => return Reading::unasked(index, state, failed(&error, now)),
        };
    let mut offered = Offered::Same;
    let said = match body {
        Body::Unchanged => {
            state.validators = validators;
            Said::Nothing { fresh_for }
        }
        Body::New { bytes, content_type, url } => {
            let print = print_of(&bytes);
            let is_of_the_same = state.validators.of.is_none_or(|of| validators.of == Some(of));
            if state.body == Some(print) && is_of_the_same {
                // The server ignores our validators; the bytes are those we have read.
                state.validators = validators;
                Said::Nothing { fresh_for }
            } else {
                let answered = Answered { bytes, content_type, url: url.clone() };
                match document::gather(reader, index, source, &state, answered, now).await {
                    Ok(gathered) => {
                        let about = &gathered.listing.document.about;
                        offered = Offered::Now(discovery::offer(&links, &about.links, &url));
                        let judged = gathered.judge(source, &state, now);
                        said(gathered, judged, validators, print, fresh_for)
                    }
                    Err(Wrong { kind, message }) => Said::Failed { failure: Failure::Other, kind, message },
                }
            }
        }
    };
    Reading { index, state, moved_to, offered, is_insecure, said }
}

/// What does not hold what its source must give is not believed.
fn said(
    gathered: Gathered,
    judged: Judged,
    validators: Validators,
    body: i64,
    fresh_for: Option<TimeDelta>,
) -> Said {
    match judged.broken {
        Some(Broken { kind, message }) => Said::Failed { failure: Failure::Other, kind, message },
        None => Said::Document {
            document: Box::new(gathered.listing.document),
            validators,
            body,
            fresh_for,
            shape: judged.shape.to_text(),
            warnings: judged.warnings,
        },
    }
}

fn failed(error: &FetchError, now: DateTime<Utc>) -> Said {
    match error {
        FetchError::PutOff { wait } => Said::PutOff { until: now + *wait },
        FetchError::Slow { .. } => Said::Slow { message: error.to_string() },
        _ => {
            let (failure, kind) = failure(error);
            Said::Failed { failure, kind, message: error.with_advice() }
        }
    }
}

/// What to do about it, and the word for it.
pub(super) fn failure(error: &FetchError) -> (Failure, Cause) {
    match error {
        FetchError::Gone => (Failure::Gone, Cause::Gone),
        FetchError::Absent => (Failure::Absent, Cause::HttpStatus),
        FetchError::Later { until, .. } => (Failure::Later(*until), Cause::HttpStatus),
        FetchError::PutOff { .. } => (Failure::Other, Cause::Limit),
        FetchError::Slow { .. } => (Failure::Other, Cause::Timeout),
        FetchError::Failed { kind, .. } => (Failure::Other, kind.cause()),
    }
}
