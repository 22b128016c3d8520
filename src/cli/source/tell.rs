//! What `source add` found, for a person or as JSON.

use anyhow::Context as _;
use chrono::{DateTime, Utc};
use serde_json::{Value, json};
use std::collections::BTreeMap;

use crate::cli::say;
use crate::collect::discover::{Feed, Found};
use crate::model::source::SourceKind;
use crate::propose::feeds::{Lead, Origin};
use crate::propose::{Candidate, Shown, keys, table};

/// So many entries of each are shown.
const SAMPLES: usize = 5;

/// A line fits a terminal.
const LONGEST: usize = 90;

/// What came of it.
pub(super) struct Told<'a> {
    /// From 1.
    pub(super) chosen: Option<usize>,
    pub(super) block: Option<&'a str>,
    pub(super) id: Option<&'a str>,
    pub(super) written: bool,
}

pub(super) fn tell(found: &Found, told: &Told<'_>, json: bool) -> anyhow::Result<()> {
    if json {
        say::result(&serde_json::to_string(&as_json(found, told)).context("writing the answer")?);
        return Ok(());
    }
    show(found, told.chosen);
    if let Some(block) = told.block {
        say::note("");
        say::result(block.trim_end());
    }
    Ok(())
}

/// Everything but the block, on standard error.
pub(super) fn show(found: &Found, chosen: Option<usize>) {
    let title = found.title.as_deref().filter(|title| !title.is_empty());
    let what = title.map(|title| format!(": a page, “{}”", cut(title))).unwrap_or_default();
    say::note(&format!("{}{what}", found.url));
    for (at, feed) in found.feeds.iter().enumerate() {
        show_feed(at + 1, feed, chosen == Some(at + 1));
    }
    show_failed(&found.failed);
    let Some(proposal) = &found.proposal else { return };
    for (at, candidate) in proposal.candidates.iter().enumerate() {
        let number = found.feeds.len() + at + 1;
        show_candidate(number, candidate, chosen == Some(number));
    }
    if proposal.candidates.is_empty() {
        for candidate in proposal.refused.iter().take(3) {
            say::note(&format!("   refused: `{}`: {}", way(candidate), candidate.reasons.join("; ")));
        }
        if proposal.refused.is_empty() {
            say::note("   the page repeats nothing that looks like a list of headlines with links");
        }
    }
}

fn show_feed(number: usize, feed: &Feed, chosen: bool) {
    let title = feed.title.as_deref().unwrap_or("without a title");
    say::note(&format!(
        "{} {number}  {} ({}, {})",
        mark(chosen),
        feed.lead.url,
        feed.version,
        feed.lead.origin.as_str()
    ));
    let mut facts = vec![format!("“{}”", cut(title)), format!("{} entries", feed.entries.len())];
    facts.push(feed.newest().map_or("none has a date".to_owned(), |at| format!("the newest of {}", day(at))));
    facts.extend(feed.language.as_ref().map(ToString::to_string));
    facts.extend(feed.remark.clone());
    say::note(&format!("      {}", facts.join(", ")));
    show_entries(&feed.entries);
}

/// Of the usual places, which nobody promised, one line for each reason.
fn show_failed(failed: &[(Lead, String)]) {
    let mut usual: Vec<(&str, Vec<&str>)> = Vec::new();
    for (lead, why) in failed {
        if lead.origin != Origin::Usual {
            say::note(&format!(
                "   no feed, {}: {}: {}",
                lead.origin.as_str(),
                cut(lead.url.as_str()),
                cut(why)
            ));
        } else if let Some((_, paths)) = usual.iter_mut().find(|(other, _)| other == why) {
            paths.push(lead.url.path());
        } else {
            usual.push((why, vec![lead.url.path()]));
        }
    }
    for (why, paths) in usual {
        say::note(&format!("   no feed at the usual {}: {}", paths.join(", "), cut(why)));
    }
}

fn show_candidate(number: usize, candidate: &Candidate, chosen: bool) {
    let language = candidate.language.as_ref().map(|language| format!(", {language}")).unwrap_or_default();
    say::note(&format!(
        "{} {number}  read by `{}`: {} entries, {} with a date{language}",
        mark(chosen),
        way(candidate),
        candidate.entries.len(),
        candidate.dated()
    ));
    show_entries(&candidate.entries);
    for remark in &candidate.remarks {
        say::note(&format!("      note: {remark}"));
    }
}

/// What makes an entry in this way of reading.
fn way(candidate: &Candidate) -> String {
    match &candidate.kind {
        SourceKind::Feed => "feed".to_owned(),
        SourceKind::Page(selectors) => selectors.item.clone(),
        SourceKind::Json(paths) => format!("{}{}", paths.script.as_deref().unwrap_or("JSON "), paths.items),
        SourceKind::Sitemap(_) => "sitemap".to_owned(),
    }
}

fn show_entries(entries: &[Shown]) {
    for entry in entries.iter().take(SAMPLES) {
        let when = entry.published.map_or_else(|| "no date".to_owned(), day);
        say::note(&format!("      {when:>17}  {}", cut(&entry.title)));
        say::note(&format!("      {:>17}  {}", "", cut(&entry.link)));
    }
    if entries.len() > SAMPLES {
        say::note(&format!("      {:>17}  and {} more", "", entries.len() - SAMPLES));
    }
}

fn mark(chosen: bool) -> char {
    if chosen { '*' } else { ' ' }
}

fn day(at: DateTime<Utc>) -> String {
    at.format("%-d %B %Y").to_string()
}

/// Text from outside, on one line and without control characters.
fn cut(text: &str) -> String {
    let line = crate::model::text::one_line(text);
    if line.chars().count() <= LONGEST {
        line
    } else {
        line.chars().take(LONGEST - 1).chain(['…']).collect()
    }
}

fn as_json(found: &Found, told: &Told<'_>) -> Value {
    let feeds: Vec<Value> = found
        .feeds
        .iter()
        .map(|feed| {
            json!({
                "url": feed.lead.url.as_str(), "origin": feed.lead.origin.as_str(), "version": feed.version,
                "title": feed.title, "language": feed.language.as_ref().map(ToString::to_string),
                "newest": feed.newest(), "remark": feed.remark, "entries": entries(&feed.entries),
            })
        })
        .collect();
    let failed: Vec<Value> = found
        .failed
        .iter()
        .map(|(lead, why)| json!({ "url": lead.url.as_str(), "origin": lead.origin.as_str(), "why": why }))
        .collect();
    let proposal = found.proposal.as_ref();
    let pages = |all: &[Candidate]| all.iter().map(page).collect::<Vec<_>>();
    json!({
        "url": found.url.as_str(), "title": found.title, "feeds": feeds, "failed": failed,
        "pages": proposal.map(|proposal| pages(&proposal.candidates)).unwrap_or_default(),
        "refused": proposal.map(|proposal| pages(&proposal.refused)).unwrap_or_default(),
        "chosen": told.chosen, "id": told.id, "block": told.block, "written": told.written,
    })
}

fn page(candidate: &Candidate) -> Value {
    let selectors: BTreeMap<&str, &str> = keys(&candidate.kind).into_iter().collect();
    json!({
        "table": table(&candidate.kind), "selectors": selectors, "keep_link": candidate.keep_link, "min_entries": candidate.min_entries, "language": candidate.language.as_ref().map(ToString::to_string),
        "entries": entries(&candidate.entries), "dated": candidate.dated(),
        "reasons": candidate.reasons, "remarks": candidate.remarks,
    })
}

fn entries(entries: &[Shown]) -> Vec<Value> {
    entries
        .iter()
        .map(|entry| json!({ "title": entry.title, "link": entry.link, "published": entry.published }))
        .collect()
}
