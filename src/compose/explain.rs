//! Why an entry is, or isn't, published: every fact that decided it, as data.

mod because;
pub mod evidence;

use chrono::{DateTime, Utc};
use serde::Serialize;

use crate::config::Config;
use crate::desk::decided::by_entry;
use crate::identity::{Policy, Shelf, Withdrawal};
use crate::model::decision::{Decided, Decision};
use crate::model::entry::{DateOrigin, Entry, EntryId};
use crate::model::story::Story;
use crate::model::topic::TopicId;
use crate::rules::words::Words;
use because::because;
use evidence::{Matched, Missed};

/// A stored entry, with what was recorded beside it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    pub entry: Entry,
    pub shelf: Shelf,
    /// The fingerprint of the rules that judged it last.
    pub rule_set: String,
    /// When earlier versions were replaced, oldest first.
    pub replaced: Vec<DateTime<Utc>>,
    /// When and how its source took it back.
    pub withdrawn: Option<(DateTime<Utc>, Withdrawal)>,
    /// What its source's entries are known by, and why.
    pub policy: Option<(Policy, String)>,
    /// What staff decided about it, oldest first.
    pub decisions: Vec<Decision>,
}

/// Every fact that decided about an entry.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Explanation {
    pub id: String,
    /// The source's own.
    pub title: String,
    /// Where members see another one.
    pub shown_title: Option<String>,
    pub link: Option<String>,
    pub source: String,
    pub source_title: Option<String>,
    pub language: Option<String>,
    pub first_seen: DateTime<Utc>,
    pub published: Option<DateTime<Utc>>,
    /// Where the date comes from.
    pub date_from: &'static str,
    pub changed: DateTime<Utc>,
    /// When earlier versions were replaced, oldest first.
    pub replaced: Vec<DateTime<Utc>>,
    /// What its source's entries are known by: `id`, `link`, `title`.
    pub known_by: Option<&'static str>,
    pub known_because: Option<String>,
    /// When its source was seen to have taken it back.
    pub withdrawn: Option<DateTime<Utc>>,
    /// `missing`, `titled`, `deleted`
    pub withdrawn_how: Option<&'static str>,
    /// `open`, `held`, `backlog`
    pub shelf: &'static str,
    /// What the rules say: `publish`, `review`, `drop`.
    pub verdict: &'static str,
    pub topics: Vec<String>,
    pub matches: Vec<Matched>,
    pub near_misses: Vec<Missed>,
    /// How likely an editor wants it, and the words that say so; `None` where feeds.toml does not ask.
    pub likely: Option<String>,
    /// Fingerprint of the rules that say so.
    pub rules: String,
    /// What staff decided, oldest first.
    pub decisions: Vec<Said>,
    /// When its source changed it after staff had given it a title or a note, which may no longer fit.
    pub changed_since: Option<DateTime<Utc>>,
    /// What comes of verdict and decisions: `publish`, `review`, `drop`.
    pub outcome: &'static str,
    /// The topics under which it stands, or would stand.
    pub filed_under: Vec<String>,
    /// The address of the entry that leads the story it is in, if that is another one.
    pub told_by: Option<String>,
    /// The addresses of the others that tell the same story.
    pub also: Vec<String>,
    pub is_published: bool,
    /// The pages it stands on; of feeds, the Atom ones.
    pub places: Vec<String>,
    /// In one sentence.
    pub because: String,
}

/// One act of staff.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Said {
    pub at: DateTime<Utc>,
    pub by: String,
    /// `accept`, `reject`, `leave`, `pin`, `unpin`, `retitle`, `note`, `topics`
    pub act: &'static str,
    /// The title, the note's Markdown, or the topics.
    pub value: Option<String>,
}

impl Said {
    pub fn of(decision: &Decision) -> Self {
        Self {
            at: decision.at,
            by: decision.by.clone(),
            act: decision.act.as_str(),
            value: decision.act.value(),
        }
    }
}

/// Explains one entry under the rules in force; `stories` is everything that may be shown now.
pub fn explain(found: &Found, stories: &[Story], config: &Config, now: DateTime<Utc>) -> Explanation {
    let entry = &found.entry;
    let source = config.sources.iter().find(|source| source.id == entry.source);
    let words = Words::of(entry);
    let verdict = words.judge(&config.rules, source);
    let decided = Decided::of(found.decisions.iter().map(|decision| &decision.act));
    let story = stories.iter().find(|story| story.entries.contains(&entry.id));
    let places = story.map(|story| super::places(story, stories, config, now)).unwrap_or_default();
    let shown = story.filter(|_| !places.is_empty());
    Explanation {
        id: entry.id.to_string(),
        title: entry.title.clone(),
        shown_title: decided.title.clone(),
        link: entry.link.as_ref().map(ToString::to_string),
        source: entry.source.to_string(),
        source_title: source.map(|source| source.title.clone()),
        language: entry.language.as_ref().map(ToString::to_string),
        first_seen: entry.first_seen,
        published: entry.published,
        date_from: date_from(entry.date_origin),
        changed: entry.changed,
        replaced: found.replaced.clone(),
        known_by: found.policy.as_ref().map(|(policy, _)| policy.as_str()),
        known_because: found.policy.as_ref().map(|(_, why)| why.clone()),
        withdrawn: found.withdrawn.map(|(at, _)| at),
        withdrawn_how: found.withdrawn.map(|(_, how)| how.as_str()),
        shelf: found.shelf.as_str(),
        verdict: verdict.outcome.as_str(),
        topics: names(&verdict.topics),
        matches: evidence::matches(&verdict, &words),
        near_misses: evidence::near_misses(&verdict),
        likely: verdict.likely.as_ref().map(|likely| evidence::likely(likely.percent, &likely.words)),
        rules: config.rules.fingerprint().to_owned(),
        decisions: found.decisions.iter().map(Said::of).collect(),
        changed_since: changed_since(found),
        outcome: decided.outcome(verdict.outcome).as_str(),
        filed_under: names(decided.topics(&verdict.topics)),
        told_by: story.and_then(|story| lead(story, entry.id)),
        also: story.map(|story| others(story, entry)).unwrap_or_default(),
        is_published: shown.is_some(),
        because: because(found, &decided, &verdict, shown, config, now),
        places,
    }
}

fn changed_since(found: &Found) -> Option<DateTime<Utc>> {
    let staff = by_entry(&found.decisions).remove(&found.entry.id)?;
    let adorned = staff.decided.title.is_some() || staff.decided.note.is_some();
    let edited = staff.edited.filter(|_| adorned)?;
    found.replaced.last().copied().filter(|replaced| *replaced > edited)
}

fn names(topics: &[TopicId]) -> Vec<String> {
    topics.iter().map(ToString::to_string).collect()
}

/// The address of who leads a story, if that is another one.
fn lead(story: &Story, id: EntryId) -> Option<String> {
    let link = story.link.as_ref().filter(|_| story.entries.first() != Some(&id))?;
    Some(link.to_string())
}

/// The addresses of all that tell a story but this one.
fn others(story: &Story, entry: &Entry) -> Vec<String> {
    let is_mine = |source: &str| source == entry.source.as_str();
    let lead = story.link.iter().filter(|_| !is_mine(&story.source.id));
    let also = story.also.iter().filter(|also| !is_mine(&also.source.id)).map(|also| &also.link);
    lead.chain(also).map(ToString::to_string).collect()
}

fn date_from(origin: DateOrigin) -> &'static str {
    match origin {
        DateOrigin::Feed => "the source",
        DateOrigin::Page => "the page",
        DateOrigin::Address => "the link",
        DateOrigin::FirstSeen => "nothing: when it was first seen",
    }
}
