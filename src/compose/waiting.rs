//! What waits for an editor, with what speaks for it and what was missing.

use chrono::{DateTime, Utc};
use serde::Serialize;

use super::explain::evidence::{self, Matched, Missed};
use crate::config::Config;
use crate::identity::Shelf;
use crate::model::entry::Entry;
use crate::model::verdict::Likely;
use crate::rules::words::Words;

/// An entry that waits for an editor.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Waiting {
    pub id: String,
    pub title: String,
    pub link: Option<String>,
    pub source: String,
    pub source_title: Option<String>,
    pub language: Option<String>,
    pub published: Option<DateTime<Utc>>,
    pub first_seen: DateTime<Utc>,
    /// `review`: the rules are not sure; `held`: too much of its source was new at once.
    pub because: &'static str,
    /// What the rules say: `publish`, `review`, `drop`.
    pub verdict: &'static str,
    /// The topics that would take it.
    pub topics: Vec<String>,
    pub near_misses: Vec<Missed>,
    pub matches: Vec<Matched>,
    pub likely: Chance,
}

/// How likely an editor wants an entry, by those that editors decided about before.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Chance {
    /// 0 to 100.
    pub percent: u8,
    /// The words that speak for it most, best first.
    pub words: Vec<String>,
}

pub fn waiting(entry: &Entry, shelf: Shelf, likely: Likely, config: &Config) -> Waiting {
    let source = config.sources.iter().find(|source| source.id == entry.source);
    let words = Words::of(entry);
    let verdict = words.judge(&config.rules, source);
    Waiting {
        id: entry.id.to_string(),
        title: entry.title.clone(),
        link: entry.link.as_ref().map(ToString::to_string),
        source: entry.source.to_string(),
        source_title: source.map(|source| source.title.clone()),
        language: entry.language.as_ref().map(ToString::to_string),
        published: entry.published,
        first_seen: entry.first_seen,
        because: if shelf == Shelf::Held { "held" } else { "review" },
        verdict: verdict.outcome.as_str(),
        topics: verdict.topics.iter().map(ToString::to_string).collect(),
        near_misses: evidence::near_misses(&verdict),
        matches: evidence::matches(&verdict, &words),
        likely: Chance { percent: likely.percent, words: likely.words },
    }
}
