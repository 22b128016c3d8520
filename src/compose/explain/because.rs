//! Why an entry is, or isn't, published, in one sentence.

use chrono::{DateTime, Utc};

use super::Found;
use crate::config::Config;
use crate::identity::Shelf;
use crate::model::decision::{Act, Decided, Decision};
use crate::model::story::{Story, Why};
use crate::model::verdict::{Outcome, TermList, Verdict};

/// `story`: the one that tells it, on some page.
pub(super) fn because(
    found: &Found,
    decided: &Decided,
    verdict: &Verdict,
    story: Option<&Story>,
    config: &Config,
    now: DateTime<Utc>,
) -> String {
    let is_named = config.sources.iter().any(|source| source.id == found.entry.source);
    match decided.accepted {
        _ if !is_named => "its source no longer stands in feeds.toml".to_owned(),
        Some(false) => {
            format!("{}, whatever the rules say of it", said(found, &Act::Reject, "rejected it"))
        }
        Some(true) | None
            if decided.outcome(verdict.outcome) == Outcome::Publish && found.entry.listed > now =>
        {
            format!("it is dated ahead, and waits for {}", found.entry.listed.format("%-d %B %Y %H:%M UTC"))
        }
        Some(true) if story.is_some() => {
            format!("{}, whatever the rules say of it", said(found, &Act::Accept, "accepted it"))
        }
        Some(true) => format!("{}, but {NEWER}", said(found, &Act::Accept, "accepted it")),
        None => by_rules(found, verdict, story, config),
    }
}

const NEWER: &str = "the feeds and the digest show newer entries only";

fn by_rules(found: &Found, verdict: &Verdict, story: Option<&Story>, config: &Config) -> String {
    let id = found.entry.id;
    let is_up_to_date = found.rule_set == config.rule_set();
    match (found.shelf, verdict.outcome) {
        _ if story.is_some_and(|story| story.why == Why::Note) => "the secretariat introduces it".to_owned(),
        (Shelf::Held, _) => format!(
            "too much of its source was new at once: it waits for an editor; `tidewaiter source accept {}` \
             publishes it and all that waits with it, `tidewaiter decide {id} accept` it alone",
            found.entry.source
        ),
        (Shelf::Backlog, _) => {
            "it was older than its source's `max_age` when it was first seen: kept, but no news".to_owned()
        }
        (Shelf::Open, Outcome::Publish) if story.is_some() => "the rules publish it".to_owned(),
        (Shelf::Open, Outcome::Publish) if !is_up_to_date => {
            "the rules would publish it now; they have changed since the last run, and `tidewaiter publish` follows them"
                .to_owned()
        }
        (Shelf::Open, Outcome::Publish) if found.withdrawn.is_some() => {
            "its source took it back: others tell the story, or newer entries have taken its place".to_owned()
        }
        (Shelf::Open, Outcome::Publish) => format!("the rules publish it, but {NEWER}"),
        (Shelf::Open, Outcome::Review) => format!(
            "the rules are not sure: it waits for an editor; `tidewaiter decide {id} accept` publishes it, \
             `tidewaiter decide {id} reject` keeps it out"
        ),
        (Shelf::Open, Outcome::Drop) => format!(
            "{}; `tidewaiter decide {id} accept` would publish it all the same",
            veto(verdict).unwrap_or_else(|| "no topic takes it".to_owned())
        ),
    }
}

fn veto(verdict: &Verdict) -> Option<String> {
    let veto = verdict.matches.iter().find(|found| found.list == TermList::Veto)?;
    Some(format!("a veto keeps it out: `{}`", veto.term))
}

/// "Ann rejected it on 3 January 2018": the last act of this kind.
fn said(found: &Found, act: &Act, did: &str) -> String {
    let last = found.decisions.iter().rev().find(|decision| decision.act == *act);
    last.map_or_else(
        || format!("staff {did}"),
        |Decision { by, at, .. }| format!("{by} {did} on {}", day(*at)),
    )
}

fn day(at: DateTime<Utc>) -> String {
    at.format("%-d %B %Y").to_string()
}
