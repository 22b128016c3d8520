//! What a change of the rules would have done to the past: the same entries under two configurations.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet, HashMap};

use chrono::{DateTime, Utc};

use super::score::Counts;
use crate::config::Config;
use crate::model::decision::Decided;
use crate::model::entry::{Entry, EntryId};
use crate::model::source::{Source, SourceId};
use crate::model::topic::TopicId;
use crate::model::verdict::{Match, Outcome, TermList, Verdict};
use crate::rules::words::Words;

/// Entries replayed one after the other; what they sum up to is in [`Backtest::result`].
#[derive(Debug)]
pub struct Backtest<'a> {
    before: Side<'a>,
    after: Side<'a>,
    result: Replayed,
    /// What is published before and after: when it is listed, and its id.
    published: [Vec<(DateTime<Utc>, EntryId)>; 2],
}

/// What two configurations make of the same entries.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Replayed {
    pub entries: usize,
    pub published: Sides<usize>,
    pub in_review: Sides<usize>,
    /// Newest first.
    pub changes: Vec<Change>,
    /// Entries that would come into the feed of everything, and leave it.
    pub feed: (Vec<EntryId>, Vec<EntryId>),
    /// Verdicts against what staff decided: published and accepted is right.
    pub agreement: Sides<Counts>,
    pub by_topic: BTreeMap<TopicId, Sides<Counts>>,
    pub by_source: BTreeMap<SourceId, Sides<Counts>>,
}

/// A figure under both configurations.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Sides<T> {
    pub before: T,
    pub after: T,
}

/// An entry that would stand elsewhere.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    pub id: EntryId,
    pub title: String,
    pub link: Option<String>,
    pub source: SourceId,
    pub listed: DateTime<Utc>,
    pub kind: Kind,
    pub before: Vec<TopicId>,
    pub after: Vec<TopicId>,
    /// The terms that match on one side only.
    pub because: Vec<Cause>,
    /// What staff decided about it: `Some(true)`, it was accepted.
    pub accepted: Option<bool>,
}

/// How an entry's place changes. Earlier variants matter more to members.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    NewlyIn,
    NewlyOut,
    /// Published before and after, under other topics.
    Moved,
    /// Dropped before, in review after.
    NewlyInReview,
    /// In review before, dropped after.
    NoLongerInReview,
}

impl Kind {
    pub const ALL: [Self; 5] =
        [Self::NewlyIn, Self::NewlyOut, Self::Moved, Self::NewlyInReview, Self::NoLongerInReview];

    pub fn as_str(self) -> &'static str {
        match self {
            Self::NewlyIn => "newly in",
            Self::NewlyOut => "newly out",
            Self::Moved => "moved",
            Self::NewlyInReview => "newly in review",
            Self::NoLongerInReview => "no longer in review",
        }
    }
}

/// A term that made a difference.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Cause {
    /// It matches after the change; else it matched before.
    pub is_new: bool,
    pub topic: Option<TopicId>,
    pub list: TermList,
    pub term: String,
}

/// A configuration, and its sources by id.
#[derive(Debug)]
struct Side<'a> {
    config: &'a Config,
    sources: HashMap<&'a SourceId, &'a Source>,
}

/// What one configuration says of an entry, staff's decision applied.
struct Standing {
    verdict: Verdict,
    outcome: Outcome,
    topics: Vec<TopicId>,
}

impl<'a> Backtest<'a> {
    pub fn new(before: &'a Config, after: &'a Config) -> Self {
        let (before, after) = (Side::of(before), Side::of(after));
        Self { before, after, result: Replayed::default(), published: Default::default() }
    }

    /// Judges an entry under both configurations; `decided` is what staff decided about it.
    pub fn add(&mut self, entry: &Entry, decided: &Decided) {
        let words = Words::of(entry);
        let before = Standing::of(entry, &words, decided, &self.before);
        let after = Standing::of(entry, &words, decided, &self.after);
        self.result.entries += 1;
        for (side, standing) in [&before, &after].into_iter().enumerate() {
            if standing.outcome == Outcome::Publish
                && let Some(published) = self.published.get_mut(side)
            {
                published.push((entry.listed, entry.id));
            }
        }
        self.result.in_review.before += usize::from(before.outcome == Outcome::Review);
        self.result.in_review.after += usize::from(after.outcome == Outcome::Review);
        if let Some(accepted) = decided.accepted {
            self.agree(entry, decided, accepted, &before.verdict, &after.verdict);
        }
        if let Some(kind) = kind(&before, &after) {
            self.result.changes.push(Change::of(entry, kind, before, after, decided.accepted));
        }
    }

    /// What all entries sum up to.
    pub fn result(mut self) -> Replayed {
        let [before, after] = &mut self.published;
        self.result.published = Sides { before: before.len(), after: after.len() };
        self.result.feed = difference(
            newest(before, self.before.config.output.feed_entries),
            newest(after, self.after.config.output.feed_entries),
        );
        self.result.changes.sort_by_key(|change| (Reverse(change.listed), change.id));
        self.result
    }

    fn agree(&mut self, entry: &Entry, decided: &Decided, accepted: bool, before: &Verdict, after: &Verdict) {
        let of_source = self.result.by_source.entry(entry.source.clone()).or_default();
        for (is_after, verdict) in [(false, before), (true, after)] {
            let is_published = verdict.outcome == Outcome::Publish;
            self.result.agreement.side(is_after).add(is_published, accepted);
            of_source.side(is_after).add(is_published, accepted);
            let found = if is_published { verdict.topics.as_slice() } else { &[] };
            let wanted = if accepted { decided.topics.as_deref().unwrap_or(found) } else { &[] };
            for topic in found.iter().chain(wanted).collect::<BTreeSet<_>>() {
                let counts = self.result.by_topic.entry(topic.clone()).or_default();
                counts.side(is_after).add(found.contains(topic), wanted.contains(topic));
            }
        }
    }
}

impl<T> Sides<T> {
    fn side(&mut self, is_after: bool) -> &mut T {
        if is_after { &mut self.after } else { &mut self.before }
    }
}

impl<'a> Side<'a> {
    fn of(config: &'a Config) -> Self {
        Self { config, sources: config.sources.iter().map(|source| (&source.id, source)).collect() }
    }
}

impl Standing {
    fn of(entry: &Entry, words: &Words<'_>, decided: &Decided, side: &Side<'_>) -> Self {
        let verdict = words.judge(&side.config.rules, side.sources.get(&entry.source).copied());
        let outcome = decided.outcome(verdict.outcome);
        let topics = decided.topics(&verdict.topics).to_vec();
        Self { verdict, outcome, topics }
    }
}

impl Change {
    fn of(entry: &Entry, kind: Kind, before: Standing, after: Standing, accepted: Option<bool>) -> Self {
        Self {
            id: entry.id,
            title: entry.title.clone(),
            link: entry.link.as_ref().map(ToString::to_string),
            source: entry.source.clone(),
            listed: entry.listed,
            kind,
            because: causes(&before.verdict, &after.verdict),
            before: before.topics,
            after: after.topics,
            accepted,
        }
    }
}

fn kind(before: &Standing, after: &Standing) -> Option<Kind> {
    use Outcome::{Drop, Publish, Review};
    match (before.outcome, after.outcome) {
        (Publish, Publish) => (before.topics != after.topics).then_some(Kind::Moved),
        (Publish, _) => Some(Kind::NewlyOut),
        (_, Publish) => Some(Kind::NewlyIn),
        (Drop, Review) => Some(Kind::NewlyInReview),
        (Review, Drop) => Some(Kind::NoLongerInReview),
        (Drop, Drop) | (Review, Review) => None,
    }
}

/// The terms that match on one side only.
fn causes(before: &Verdict, after: &Verdict) -> Vec<Cause> {
    type Term<'v> = (&'v Option<TopicId>, TermList, &'v String);
    fn terms(verdict: &Verdict) -> BTreeSet<Term<'_>> {
        verdict.matches.iter().map(|Match { topic, list, term, .. }| (topic, *list, term)).collect()
    }
    let (before, after) = (terms(before), terms(after));
    let cause = |is_new| {
        move |(topic, list, term): &Term<'_>| Cause {
            is_new,
            topic: (*topic).clone(),
            list: *list,
            term: (*term).clone(),
        }
    };
    let new = after.difference(&before).map(cause(true));
    new.chain(before.difference(&after).map(cause(false))).collect()
}

fn newest(published: &mut [(DateTime<Utc>, EntryId)], most: usize) -> Vec<EntryId> {
    published.sort_by_key(|(listed, id)| (Reverse(*listed), *id));
    published.iter().take(most).map(|(_, id)| *id).collect()
}

/// What comes in, and what goes.
fn difference(before: Vec<EntryId>, after: Vec<EntryId>) -> (Vec<EntryId>, Vec<EntryId>) {
    let had: BTreeSet<EntryId> = before.iter().copied().collect();
    let has: BTreeSet<EntryId> = after.iter().copied().collect();
    let comes = after.into_iter().filter(|id| !had.contains(id)).collect();
    (comes, before.into_iter().filter(|id| !has.contains(id)).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::decision::Act;
    use crate::model::entry::DateOrigin;

    const FILE: &str = include_str!("../../feeds.toml");

    /// The shipped file with one topic's strong terms in place of all topics.
    fn config(terms: &str) -> Config {
        let head = FILE.split("\n[context]").next().expect("the head");
        let text = format!(
            "{head}\n[[section]]\nid = \"s\"\ntitle = \"S\"\n[[topic]]\nid = \"origin\"\ntitle = \"Origin\"\nsection = \"s\"\n{terms}\n"
        );
        Config::parse(&text).unwrap_or_else(|problems| panic!("{problems:?}"))
    }

    fn entry(id: i64, title: &str) -> Entry {
        let at = DateTime::from_timestamp(id * 86_400, 0).expect("a day");
        Entry {
            id: EntryId(id),
            source: SourceId::parse("gazette").expect("a slug"),
            title: title.to_owned(),
            link: None,
            summary: None,
            content: None,
            base: None,
            language: None,
            authors: Vec::new(),
            categories: Vec::new(),
            published: Some(at),
            date_origin: DateOrigin::Feed,
            first_seen: at,
            listed: at,
            changed: at,
        }
    }

    fn replay(before: &str, after: &str, entries: &[(&str, &[Act])]) -> Replayed {
        let (before, after) = (config(before), config(after));
        let mut backtest = Backtest::new(&before, &after);
        for (id, (title, acts)) in (1..).zip(entries) {
            backtest.add(&entry(id, title), &Decided::of(*acts));
        }
        backtest.result()
    }

    /// "newly in: T" of each change, newest first.
    #[track_caller]
    fn check(before: &str, after: &str, entries: &[(&str, &[Act])], changes: &[&str]) {
        let replayed = replay(before, after, entries);
        let found =
            replayed.changes.iter().map(|change| format!("{}: {}", change.kind.as_str(), change.title));
        assert_eq!(found.collect::<Vec<_>>(), changes);
    }

    #[test]
    fn a_new_term_lets_entries_in_and_a_lost_one_keeps_them_out() {
        let entries: [(&str, &[Act]); 3] = [("Rules of origin", &[]), ("REX numbers", &[]), ("Fish", &[])];
        check(
            r#"strong = ["rules of origin"]"#,
            r#"strong = ["=REX"]"#,
            &entries,
            &["newly in: REX numbers", "newly out: Rules of origin"],
        );
        check(r#"strong = ["=REX"]"#, r#"strong = ["=REX", "rex"]"#, &entries, &[]);
    }

    #[test]
    fn what_stands_in_review_is_told_apart() {
        let entries: [(&str, &[Act]); 1] = [("The origin of marking", &[])];
        let (weak, none) = (r#"weak = ["origin", "marking"]"#, r#"weak = ["cumulation"]"#);
        check(none, weak, &entries, &["newly in review: The origin of marking"]);
        check(weak, none, &entries, &["no longer in review: The origin of marking"]);
    }

    #[test]
    fn a_decision_holds_under_both() {
        let (some, none) = (r#"strong = ["rex"]"#, r#"strong = ["cumulation"]"#);
        let entries: [(&str, &[Act]); 2] = [("REX one", &[Act::Accept]), ("REX two", &[Act::Reject])];
        let replayed = replay(some, none, &entries);
        // It stays in, but no rule says under what.
        assert_eq!(replayed.changes.iter().map(|change| change.kind).collect::<Vec<_>>(), [Kind::Moved]);
        assert_eq!(replayed.published, Sides { before: 1, after: 1 });
        let counts = |right, wrong, missed| Counts { right, wrong, missed };
        assert_eq!(replayed.agreement, Sides { before: counts(1, 1, 0), after: counts(0, 0, 1) });
    }

    #[test]
    fn a_change_names_the_terms_that_made_it() {
        let replayed =
            replay(r#"strong = ["rex"]"#, r#"strong = ["numbers"]"#, &[("REX", &[]), ("Numbers", &[])]);
        let causes = replayed.changes.iter().flat_map(|change| &change.because);
        let causes: Vec<_> = causes.map(|cause| (cause.is_new, cause.term.as_str())).collect();
        assert_eq!(causes, [(true, "numbers"), (false, "rex")]);
        assert_eq!(replayed.feed, (vec![EntryId(2)], vec![EntryId(1)]));
    }
}
