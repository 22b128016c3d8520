//! What to write into feeds.toml for an address: the feeds that a page speaks of, or selectors out of its own structure.

pub mod block;
pub mod feeds;
pub mod gate;
pub mod insert;
pub mod listing;
pub mod name;

mod dates;
mod fields;
mod groups;
mod item;
mod language;
mod links;
mod outline;
mod path;
mod score;
mod shape;
mod words;

use std::cmp::Reverse;
use std::collections::HashSet;

use chrono::{DateTime, Utc};
use regex::Regex;

use crate::model::language::Language;
use crate::model::source::{Part, Selectors, SourceKind};
use crate::parse::document::{Document, ParsedEntry};
use crate::parse::{self, Input, html, page};
use outline::Outline;

/// An editor chooses among so many at most.
const MOST_CANDIDATES: usize = 3;

/// So many of the best groups of a page are read; those behind them score far less.
const MOST_READ: usize = 6;

/// What can be said of a page without a feed.
#[derive(Debug, Clone, PartialEq)]
pub struct Proposal {
    /// The page's own title.
    pub title: Option<String>,
    /// The best first; all of them passed the gate. Empty: nothing on this page may be proposed.
    pub candidates: Vec<Candidate>,
    /// Why the others, or all, were refused; the nearest first.
    pub refused: Vec<Candidate>,
}

/// One way to read a page, tried.
#[derive(Debug, Clone, PartialEq)]
pub struct Candidate {
    pub kind: SourceKind,
    /// A little less than it gives today.
    pub min_entries: usize,
    pub keep_link: Option<String>,
    pub language: Option<Language>,
    /// What the page gives when it is read so.
    pub entries: Vec<Shown>,
    /// What the gate has against it; empty when it passed.
    pub reasons: Vec<String>,
    /// What an editor should look at, although it passed.
    pub remarks: Vec<String>,
}

/// An entry as the preview shows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shown {
    pub title: String,
    pub link: String,
    pub published: Option<DateTime<Utc>>,
    pub summary: Option<String>,
}

impl Candidate {
    pub fn dated(&self) -> usize {
        self.entries.iter().filter(|entry| entry.published.is_some()).count()
    }
}

/// Looks for lists of entries in a page and tries to read it by each. The same page always gives the same answer.
pub fn propose(input: Input<'_>) -> Proposal {
    let (tree, about) = page::tree(input);
    let outline = Outline::of(&tree, about.base.as_ref());
    let title = about.title.map(|title| title.text);
    let declared = about.language;
    let mut found: Vec<Candidate> = Vec::new();
    for group in groups::find(&outline).into_iter().take(MOST_READ) {
        if input.stop.check().is_err() {
            break;
        }
        let Some(way) = fields::selectors(&outline, &group) else { continue };
        let is_known =
            |known: &Candidate| matches!(&known.kind, SourceKind::Page(own) if own.item == way.item);
        if found.iter().any(is_known) {
            continue;
        }
        found.extend(try_out(input, way, declared.as_ref()));
    }
    chosen(title, found)
}

/// The best that passed, and what did not.
fn chosen(title: Option<String>, mut found: Vec<Candidate>) -> Proposal {
    found.sort_by_key(|candidate| Reverse(gate::score(candidate)));
    let mut candidates: Vec<Candidate> = Vec::new();
    let mut refused = Vec::new();
    for candidate in found {
        if !candidate.reasons.is_empty() {
            refused.push(candidate);
        } else if candidates.len() < MOST_CANDIDATES
            && !candidates.iter().any(|known| is_much_the_same(known, &candidate))
        {
            candidates.push(candidate);
        }
    }
    Proposal { title, candidates, refused }
}

/// Reads the page by these selectors; `None` if they find nothing at all.
fn try_out(input: Input<'_>, selectors: Selectors, declared: Option<&Language>) -> Option<Candidate> {
    let (selectors, kept) = dated_best(input, selectors)?;
    let min_entries = gate::expected_entries(kept.entries.len());
    Some(candidate(SourceKind::Page(Selectors { min_entries, ..selectors }), kept, declared))
}

/// What was found in this way, with what the gate says of it.
fn candidate(kind: SourceKind, kept: Kept, declared: Option<&Language>) -> Candidate {
    let Kept { keep_link, entries } = kept;
    let titles: Vec<&str> = entries.iter().map(|entry| entry.title.as_str()).collect();
    let language = language::of(&titles, declared);
    let min_entries = gate::expected_entries(entries.len());
    let (reasons, remarks) = (Vec::new(), Vec::new());
    let mut candidate = Candidate { kind, min_entries, keep_link, language, entries, reasons, remarks };
    candidate.reasons = gate::reasons(&candidate);
    candidate.remarks = gate::remarks(&candidate);
    candidate
}

/// What selectors find, but for links that are not like the others.
struct Kept {
    keep_link: Option<String>,
    entries: Vec<Shown>,
}

impl Kept {
    fn read(input: Input<'_>, selectors: &Selectors) -> Option<Self> {
        Self::of(shown(&parse::page(input, selectors).ok()?), input)
    }

    fn of(mut entries: Vec<Shown>, input: Input<'_>) -> Option<Self> {
        let keep_link = links::keep(entries.iter().map(|entry| entry.link.as_str()), input.base);
        if let Some(Ok(keep)) = keep_link.as_deref().map(Regex::new) {
            entries.retain(|entry| keep.is_match(&entry.link));
        }
        (!entries.is_empty()).then_some(Self { keep_link, entries })
    }

    fn dated(&self) -> usize {
        self.entries.iter().filter(|entry| entry.published.is_some()).count()
    }
}

/// A date before the items may be a heading over several of them: whichever gives more entries a date.
fn dated_best(input: Input<'_>, selectors: Selectors) -> Option<(Selectors, Kept)> {
    let kept = Kept::read(input, &selectors)?;
    let Some(Part::Before(css)) = &selectors.date else { return Some((selectors, kept)) };
    let above = Selectors { date: Some(Part::Above(css.clone())), ..selectors.clone() };
    match Kept::read(input, &above) {
        Some(more) if more.dated() > kept.dated() => Some((above, more)),
        _ => Some((selectors, kept)),
    }
}

/// The entries of a document as a preview shows them.
pub fn shown(document: &Document) -> Vec<Shown> {
    document.entries.iter().map(show).collect()
}

fn show(entry: &ParsedEntry) -> Shown {
    let line = |markup| crate::model::text::one_line(&html::text(markup));
    Shown {
        title: entry.title.as_ref().map(line).unwrap_or_default(),
        link: entry.link().unwrap_or_default().to_owned(),
        published: entry.published.or(entry.updated),
        summary: entry.summary.as_ref().or(entry.content.as_ref()).map(line).filter(|text| !text.is_empty()),
    }
}

/// Do two ways of reading give mostly the same entries? Then an editor has nothing to choose.
fn is_much_the_same(one: &Candidate, other: &Candidate) -> bool {
    let links: HashSet<&str> = one.entries.iter().map(|entry| entry.link.as_str()).collect();
    let shared = other.entries.iter().filter(|entry| links.contains(entry.link.as_str())).count();
    shared * 2 > other.entries.len()
}

/// The table of feeds.toml that says how a source is read.
pub fn table(kind: &SourceKind) -> &'static str {
    match kind {
        SourceKind::Feed => "source",
        SourceKind::Page(_) => "source.page",
        SourceKind::Json(_) => "source.json",
        SourceKind::Sitemap(_) => "source.sitemap",
    }
}

/// The keys of that table, each with its selector, path or word.
pub fn keys(kind: &SourceKind) -> Vec<(&'static str, &str)> {
    match kind {
        SourceKind::Feed => Vec::new(),
        SourceKind::Page(selectors) => selector_keys(selectors),
        SourceKind::Json(paths) => {
            let keys = [
                ("script", paths.script.as_deref()),
                ("items", Some(&*paths.items).filter(|path| !path.is_empty())),
                ("title", Some(&*paths.title)),
                ("link", Some(&*paths.link)),
                ("date", paths.date.as_deref()),
                ("summary", paths.summary.as_deref()),
            ];
            keys.into_iter().filter_map(|(key, path)| Some((key, path?))).collect()
        }
        SourceKind::Sitemap(settings) => {
            settings.titles_from_addresses.then_some(("titles_from_addresses", "true")).into_iter().collect()
        }
    }
}

fn selector_keys(selectors: &Selectors) -> Vec<(&'static str, &str)> {
    let own = [
        ("item", Some(selectors.item.as_str())),
        ("title", selectors.title.as_deref()),
        ("link", selectors.link.as_deref()),
    ];
    let date = selectors.date.as_ref().and_then(|part| Some((part.date_key(), part.css()?)));
    let summary = selectors.summary.as_ref().and_then(|part| Some((part.summary_key(), part.css()?)));
    let own = own.into_iter().filter_map(|(key, css)| Some((key, css?)));
    own.chain(date).chain(summary).collect()
}

#[cfg(test)]
mod tests;
