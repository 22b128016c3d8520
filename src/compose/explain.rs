//! Why an entry is, or isn't, published: every fact that decided it, as data.

use chrono::{DateTime, Utc};
use serde::Serialize;

use crate::config::Config;
use crate::identity::Shelf;
use crate::identity::key::untracked;
use crate::model::entry::{DateOrigin, Entry};
use crate::model::source::Source;
use crate::model::story::{Also, Story};
use crate::model::verdict::{Match, Outcome};
use crate::rules::words::Words;

/// So much of the text stands on each side of a match.
const AROUND: usize = 40;

/// Every fact that decided about an entry.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Explanation {
    pub id: String,
    pub title: String,
    pub link: Option<String>,
    pub source: String,
    pub source_title: Option<String>,
    pub language: Option<String>,
    pub first_seen: DateTime<Utc>,
    pub published: Option<DateTime<Utc>>,
    /// Where the date comes from.
    pub date_from: &'static str,
    pub changed: DateTime<Utc>,
    pub verdict: &'static str,
    pub topics: Vec<String>,
    pub matches: Vec<Matched>,
    pub near_misses: Vec<Missed>,
    /// Fingerprint of the rules that say so.
    pub rules: String,
    /// The address of the entry that leads the story it is in, if that is another one.
    pub told_by: Option<String>,
    pub is_published: bool,
    /// The pages it stands on; of feeds, the Atom ones.
    pub places: Vec<String>,
    /// In one sentence.
    pub because: String,
    /// When its source was seen to have taken it back.
    pub withdrawn: Option<DateTime<Utc>>,
    /// What its source's entries are known by: `id`, `link`, `title`.
    pub known_by: Option<&'static str>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Matched {
    pub topic: Option<String>,
    /// `strong`, `weak`, `not`, `expression`, `context`, `veto`
    pub list: &'static str,
    pub term: String,
    pub field: &'static str,
    /// The words around it, the match itself between ⟦ and ⟧.
    pub snippet: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Missed {
    pub topic: String,
    pub missing: String,
}

/// Explains one entry under the rules in force; `judged_by` is the fingerprint of those that judged it for the store,
/// `stories` is everything that may be shown now.
pub fn explain(
    entry: &Entry,
    shelf: Shelf,
    withdrawn: Option<DateTime<Utc>>,
    judged_by: &str,
    stories: &[Story],
    config: &Config,
    now: DateTime<Utc>,
) -> Explanation {
    let source = config.sources.iter().find(|source| source.id == entry.source);
    let words = Words::of(entry);
    let verdict = words.judge(&config.rules, source);
    let story = stories.iter().find(|story| tells(story, entry));
    let told_by =
        story.filter(|story| story.source.id != entry.source.as_str()).and_then(|story| story.link.as_ref());
    let places = story.map(|story| super::places(story, stories, config, now)).unwrap_or_default();
    Explanation {
        id: entry.id.to_string(),
        title: entry.title.clone(),
        link: entry.link.as_ref().map(ToString::to_string),
        source: entry.source.to_string(),
        source_title: source.map(|source| source.title.clone()),
        language: entry.language.as_ref().map(ToString::to_string),
        first_seen: entry.first_seen,
        published: entry.published,
        date_from: date_from(entry.date_origin),
        changed: entry.changed,
        verdict: verdict.outcome.as_str(),
        topics: verdict.topics.iter().map(ToString::to_string).collect(),
        matches: verdict.matches.iter().map(|found| matched(found, &words)).collect(),
        near_misses: verdict
            .near_misses
            .iter()
            .map(|near| Missed { topic: near.topic.to_string(), missing: near.missing.clone() })
            .collect(),
        rules: config.rules.fingerprint().to_owned(),
        told_by: told_by.map(ToString::to_string),
        because: if verdict.outcome == Outcome::Publish && entry.listed > now {
            format!("it is dated ahead, and waits for {}", entry.listed.format("%-d %B %Y %H:%M UTC"))
        } else {
            because(
                source,
                shelf,
                verdict.outcome,
                story.filter(|_| !places.is_empty()),
                withdrawn.is_some(),
                judged_by == config.rule_set(),
            )
        },
        is_published: !places.is_empty(),
        withdrawn,
        known_by: None,
        places,
    }
}

/// Is the entry the story's lead, or one of those who tell it too?
fn tells(story: &Story, entry: &Entry) -> bool {
    let link = entry.link.as_ref().map(untracked);
    let is_lead =
        story.source.id == entry.source.as_str() && story.link == link && story.title == entry.title;
    let is_also = |also: &Also| also.source.id == entry.source.as_str() && Some(&also.link) == link.as_ref();
    is_lead || story.also.iter().any(is_also)
}

fn because(
    source: Option<&Source>,
    shelf: Shelf,
    outcome: Outcome,
    story: Option<&Story>,
    is_withdrawn: bool,
    is_up_to_date: bool,
) -> String {
    let by_note = story.is_some_and(|story| story.note.is_some());
    match (source, shelf, outcome) {
        (None, _, _) => "its source no longer stands in feeds.toml",
        (Some(_), _, _) if by_note => "the secretariat introduces it",
        (Some(_), Shelf::Held, _) => {
            "too much of its source was new at once: it waits for an editor; `tidewaiter source accept` with the source's id \
             publishes it and all that waits with it"
        }
        (Some(_), Shelf::Backlog, _) => {
            "it was older than its source's `max_age` when it was first seen: kept, but no news"
        }
        (Some(_), Shelf::Open, Outcome::Publish) if story.is_some() => "the rules publish it",
        (Some(_), Shelf::Open, Outcome::Publish) if !is_up_to_date => {
            "the rules would publish it now; they have changed since the last run, and `tidewaiter publish` follows them"
        }
        (Some(_), Shelf::Open, Outcome::Publish) if is_withdrawn => {
            "its source took it back: others tell the story, or newer entries have taken its place"
        }
        (Some(_), Shelf::Open, Outcome::Publish) => {
            "the rules publish it, but the feeds and the digest show newer entries only"
        }
        (Some(_), Shelf::Open, Outcome::Review) => {
            "the rules are not sure: it waits for an editor; a note on it in announcements/ publishes it"
        },
        (Some(_), Shelf::Open, Outcome::Drop) => "no topic takes it",
    }
    .to_owned()
}

fn matched(found: &Match, words: &Words<'_>) -> Matched {
    Matched {
        topic: found.topic.as_ref().map(ToString::to_string),
        list: found.list.as_str(),
        term: found.term.clone(),
        field: found.field.as_str(),
        snippet: snippet(words.text(found.field), &found.at),
    }
}

fn date_from(origin: DateOrigin) -> &'static str {
    match origin {
        DateOrigin::Feed => "the source",
        DateOrigin::Page => "the page",
        DateOrigin::Address => "the link",
        DateOrigin::FirstSeen => "nothing: when it was first seen",
    }
}

fn snippet(text: &str, at: &std::ops::Range<usize>) -> String {
    let before: String = text.get(..at.start).unwrap_or("").chars().rev().take(AROUND).collect();
    let before: String = before.chars().rev().collect();
    let after: String = text.get(at.end..).unwrap_or("").chars().take(AROUND).collect();
    let found = text.get(at.clone()).unwrap_or("");
    format!("{before}⟦{found}⟧{after}").replace(['\n', '\r', '\t'], " ")
}
