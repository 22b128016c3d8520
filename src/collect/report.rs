//! What a run says of each source.

use chrono::{DateTime, Utc};
use serde::Serialize;
use url::Url;

use super::{count, remarks};
use crate::identity::{Arrival, ArrivalKind, Identified, Remark, Stranger};
use crate::model::cause::Cause;
use crate::model::source::Source;
use crate::parse::document::Document;
use crate::schedule::{Failure, SourceState};

/// What one source came to in one run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SourceReport {
    pub source: String,
    pub title: String,
    pub state: State,
    /// In this run; else it is still in the state that an earlier run left it in.
    pub asked: bool,
    /// What kind of failure, in one word.
    pub kind: Option<String>,
    /// What happened, and what to do about it.
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
    pub moved_to: Option<String>,
    /// We ask there, and no longer at the address in feeds.toml.
    pub is_adopted: bool,
    /// It did not say so the last time.
    pub has_just_moved: bool,
    /// Another address that the source itself proposes, when it first does so.
    pub proposed: Option<String>,
    /// How often it has failed in a row.
    pub failures: u32,
    /// `None`: never asked.
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
    /// All was well the last time, and it is not time yet to ask again.
    Resting,
    /// It asked us to come back later.
    Later,
    Failed,
    /// It was to be asked, and its host had kept the run waiting for too long: the next run asks it.
    Left,
    /// 410: it is tried once a month.
    Gone,
}

/// A row of `--json`: what programs and dashboards may rely on.
#[derive(Serialize)]
struct Row<'a> {
    id: &'a str,
    title: &'a str,
    /// `ok`, `error`, or `held`: it was read, and some of it waits for an editor.
    state: &'static str,
    kind: Option<&'a str>,
    message: Option<&'a str>,
    /// What staff should know although nothing failed.
    warning: Option<String>,
    new: usize,
    changed: usize,
    held: usize,
    withdrawn: usize,
    entries: usize,
    answer: State,
    asked: bool,
    moved_to: Option<&'a str>,
    proposed: Option<&'a str>,
    failures: u32,
    next_poll: Option<DateTime<Utc>>,
    flaws: &'a [String],
}

impl Serialize for SourceReport {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let row = Row {
            id: &self.source,
            title: &self.title,
            state: match self {
                _ if self.is_failure() => "error",
                _ if self.state == State::Held || self.held > 0 => "held",
                _ => "ok",
            },
            kind: self.kind.as_deref(),
            message: self.message.as_deref(),
            warning: self.warning(),
            new: self.new,
            changed: self.changed,
            held: self.held,
            withdrawn: self.withdrawn,
            entries: self.entries,
            answer: self.state,
            asked: self.asked,
            moved_to: self.moved_to.as_deref(),
            proposed: self.proposed.as_deref(),
            failures: self.failures,
            next_poll: self.next_poll,
            flaws: &self.flaws,
        };
        row.serialize(serializer)
    }
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
            is_adopted: false,
            has_just_moved: false,
            proposed: None,
            failures: 0,
            next_poll: None,
        }
    }

    /// A source that is not asked now: it is as it was.
    pub(super) fn resting(source: &Source, state: &SourceState, is_held: bool) -> Self {
        let mut report = Self::new(source);
        report.asked = false;
        report.state = match () {
            () if state.problem.is_none() => State::Resting,
            () if state.manners.is_gone => State::Gone,
            () if state.paused_until.is_some() => State::Later,
            () => State::Failed,
        };
        report.kind.clone_from(&state.manners.kind);
        report.message.clone_from(&state.problem);
        if is_held && state.problem.is_none() {
            report.still_held();
        }
        report.after(state);
        report
    }

    /// Its site wants pauses, and others had their turn: it is as it was.
    pub(super) fn put_off(source: &Source, state: &SourceState, is_held: bool) -> Self {
        let mut report = Self::resting(source, state, is_held);
        report.flaws.push(
            "not asked yet: its site wants longer pauses between requests than a run can wait".to_owned(),
        );
        report
    }

    /// Its host kept the run waiting: nothing is known of the source itself, and that is a failure to tell.
    pub(super) fn crowded_out(&mut self, message: String) {
        self.failed(Failure::Other, Cause::Timeout, message);
        self.state = State::Left;
        self.asked = false;
    }

    /// What it said lately waits for an editor, and this run has nothing newer of it.
    pub(super) fn still_held(&mut self) {
        self.state = State::Held;
        self.kind = Some(Cause::Suspicious.to_string());
        self.message = Some(remarks::stranger(Stranger::Still, &self.source));
    }

    /// Did the run fail at this source?
    pub fn is_failure(&self) -> bool {
        matches!(self.state, State::Later | State::Failed | State::Left | State::Gone)
    }

    pub(super) fn failed(&mut self, failure: Failure, kind: Cause, message: String) {
        self.state = match failure {
            Failure::Gone => State::Gone,
            Failure::Later(_) => State::Later,
            Failure::Absent | Failure::Other => State::Failed,
        };
        self.kind = Some(kind.to_string());
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
                self.kind = Some(Cause::Suspicious.to_string());
                self.message = Some(remarks::stranger(*sign, &self.source));
            } else {
                self.flaws.push(remarks::in_words(remark, &self.source));
            }
        }
    }

    /// Another address that the document names for itself. Nobody follows it unseen: whoever can change a document could
    /// send us anywhere.
    pub(super) fn propose(&mut self, state: &mut SourceState, source: &Source, document: &Document) {
        let proposed = announced(document, &[&source.url, &state.address(source)]);
        self.proposed = proposed.clone().filter(|_| proposed != state.manners.proposed);
        state.manners.proposed = proposed;
    }

    /// What staff should know although nothing failed, in one line.
    fn warning(&self) -> Option<String> {
        let moved = self.moved_to.as_ref().map(|to| {
            if self.is_adopted {
                format!("it has long been leading to {to}, and is asked there: put that into feeds.toml")
            } else {
                format!("it has moved for good to {to}")
            }
        });
        let proposed = self.proposed.as_ref().map(|to| format!("it says that its address is {to}"));
        let held = self.message.clone().filter(|_| self.state == State::Held);
        let all: Vec<String> =
            held.into_iter().chain(self.flaws.iter().cloned()).chain(moved).chain(proposed).collect();
        (!all.is_empty()).then(|| all.join("; "))
    }

    pub(super) fn after(&mut self, state: &SourceState) {
        self.is_adopted = state.manners.moves.adopted().is_some();
        self.moved_to.clone_from(&state.moved_to);
        self.failures = state.failures;
        self.next_poll = state.next_poll;
    }
}

/// The address that a document gives as its own, when it is neither of these: `itunes:new-feed-url`, a link `self`, and
/// the feed of a page.
fn announced(document: &Document, known: &[&Url]) -> Option<String> {
    let own = document.about.links.iter().find(|link| match link.rel.as_str() {
        "self" => document.version != "page",
        // Of a page, these are its feeds.
        "alternate" => document.version == "page",
        _ => false,
    });
    let all = document.about.new_address.as_deref().into_iter().chain(own.map(|link| link.href.as_str()));
    all.filter_map(|text| Url::parse(text.trim()).ok())
        .filter(|url| matches!(url.scheme(), "http" | "https"))
        // From https back to http would be no gain.
        .find(|url| known.iter().all(|known| !is_same(known, url)))
        .map(String::from)
}

/// The same address, but for the part behind `#`; one that only lacks https is as good.
fn is_same(known: &Url, other: &Url) -> bool {
    let bare = |url: &Url| {
        let mut url = url.clone();
        url.set_fragment(None);
        let is_https = url.scheme() == "https";
        (String::from(url).split_once("://").map(|(_, rest)| rest.to_owned()), is_https)
    };
    let ((known, is_https), (other, is_https_too)) = (bare(known), bare(other));
    known == other && (is_https || !is_https_too)
}

fn is_undated_archive(arrival: &Arrival) -> bool {
    arrival.kind == ArrivalKind::New && arrival.entry.listed < arrival.entry.changed
}
