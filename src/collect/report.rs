//! What a run says of each source.

use chrono::{DateTime, Utc};
use serde::Serialize;

use super::{count, remarks};
use crate::identity::{Arrival, ArrivalKind, Identified, Remark};
use crate::model::source::Source;
use crate::parse::document::Document;
use crate::schedule::{Failure, SourceState};

/// What one source came to in one run; also a row of `--json`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct SourceReport {
    pub source: String,
    pub title: String,
    pub state: State,
    /// In this run; else it is still in the state that an earlier run left it in.
    pub asked: bool,
    /// What kind of failure, in one word.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub kind: Option<&'static str>,
    /// What happened, and what to do about it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub message: Option<String>,
    /// Entries in the document.
    pub entries: usize,
    pub new: usize,
    pub changed: usize,
    /// New entries that wait for an editor because too much was new at once.
    pub held: usize,
    /// Entries that the source took back: they stay published until an editor acts.
    pub withdrawn: usize,
    /// What was wrong with the document, and was mended or left out.
    pub flaws: Vec<String>,
    /// Where the source says it lives now.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub moved_to: Option<String>,
    /// It did not say so the last time.
    #[serde(skip)]
    pub has_just_moved: bool,
    /// How often it has failed in a row.
    pub failures: u32,
    /// `None`: not until a person looks.
    pub next_poll: Option<DateTime<Utc>>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum State {
    /// It gave a document that was read.
    Read,
    Unchanged,
    /// It was read, but another publication may have moved in: what is new waits for an editor.
    Held,
    /// It asked us to come back later.
    Later,
    Failed,
    /// 410: it is not asked again until a person looks.
    Gone,
}

impl SourceReport {
    pub(super) fn new(source: &Source) -> Self {
        Self {
            source: source.id.to_string(),
            title: source.title.clone(),
            state: State::Read,
            asked: true,
            kind: None,
            message: None,
            entries: 0,
            new: 0,
            changed: 0,
            held: 0,
            withdrawn: 0,
            flaws: Vec::new(),
            moved_to: None,
            has_just_moved: false,
            failures: 0,
            next_poll: None,
        }
    }

    /// A source that failed before and is not asked now.
    pub(super) fn resting(source: &Source, state: &SourceState) -> Self {
        let mut report = Self::new(source);
        report.asked = false;
        (report.state, report.kind) = match (state.next_poll, state.paused_until) {
            (None, _) => (State::Gone, Some("gone")),
            (Some(_), Some(_)) => (State::Later, Some("http-status")),
            (Some(_), None) => (State::Failed, None),
        };
        report.message.clone_from(&state.problem);
        report.after(state);
        report
    }

    /// Did the run fail at this source?
    pub fn is_failure(&self) -> bool {
        matches!(self.state, State::Later | State::Failed | State::Gone)
    }

    pub(super) fn failed(&mut self, failure: Failure, kind: &'static str, message: String) {
        self.state = match failure {
            Failure::Gone => State::Gone,
            Failure::Later(_) => State::Later,
            Failure::Other => State::Failed,
        };
        self.kind = Some(kind);
        self.message = Some(message);
    }

    pub(super) fn read(&mut self, document: &Document, identified: &Identified) {
        self.entries = document.entries.len();
        self.new = count(identified, ArrivalKind::New);
        self.changed = count(identified, ArrivalKind::Changed);
        self.held = identified.held;
        self.withdrawn = identified.withdrawals.gone.len();
        self.flaws = document.flaws.iter().map(|flaw| flaw.message.clone()).collect();
        let archive = identified.arrivals.iter().filter(|arrival| is_undated_archive(arrival)).count();
        if archive > 0 {
            self.flaws.push(format!(
                "{archive} entries have no date, and this is the first reading: they stand at the end of the feeds and not in \
                 the digest; what comes next counts from when it is first seen"
            ));
        }
        for remark in &identified.remarks {
            if let Remark::Stranger(sign) = remark {
                self.state = State::Held;
                self.kind = Some("suspicious");
                self.message = Some(remarks::stranger(*sign, &self.source));
            } else {
                self.flaws.push(remarks::in_words(remark, &self.source));
            }
        }
    }

    pub(super) fn after(&mut self, state: &SourceState) {
        self.moved_to.clone_from(&state.moved_to);
        self.failures = state.failures;
        self.next_poll = state.next_poll;
    }
}

fn is_undated_archive(arrival: &Arrival) -> bool {
    arrival.kind == ArrivalKind::New && arrival.entry.listed < arrival.entry.changed
}
