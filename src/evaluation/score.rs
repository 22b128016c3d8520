//! Precision, recall and F1 of verdicts on labelled entries, for relevance and for each topic, and what is taken for what.

use std::collections::{BTreeMap, BTreeSet};

use crate::model::topic::TopicId;
use crate::model::verdict::{Outcome, Verdict};

/// What was found against what should have been (van Rijsbergen, Information Retrieval, chapter 7).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Counts {
    /// Found, rightly.
    pub right: usize,
    /// Found, wrongly.
    pub wrong: usize,
    /// Not found.
    pub missed: usize,
}

impl Counts {
    /// Of what was found, how much is right: 0 to 1; `None` if nothing was found.
    pub fn precision(self) -> Option<f64> {
        share(self.right, self.right + self.wrong)
    }

    /// Of what should have been found, how much was: 0 to 1; `None` if nothing should.
    pub fn recall(self) -> Option<f64> {
        share(self.right, self.right + self.missed)
    }

    /// The harmonic mean of both; `None` if there was nothing to find and nothing was found.
    pub fn f1(self) -> Option<f64> {
        share(2 * self.right, 2 * self.right + self.wrong + self.missed)
    }

    /// Takes in one thing: was it found, and should it have been?
    pub fn add(&mut self, found: bool, expected: bool) {
        match (found, expected) {
            (true, true) => self.right += 1,
            (true, false) => self.wrong += 1,
            (false, true) => self.missed += 1,
            (false, false) => {}
        }
    }
}

/// How rules do on a set of labelled entries.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Score {
    pub entries: usize,
    pub irrelevant: usize,
    /// Published against relevant.
    pub published: Counts,
    /// Published or for review against relevant.
    pub seen: Counts,
    /// Irrelevant entries that wait for review.
    pub idle: usize,
    /// Each topic that is a label or was found; only published entries are found.
    pub topics: BTreeMap<TopicId, Counts>,
    /// Of published entries whose main label was not found: that label, and what was found first in its place.
    pub confusion: BTreeMap<(TopicId, TopicId), usize>,
}

impl Score {
    /// Takes in one entry: its labels (none: irrelevant), and what the rules say.
    pub fn add(&mut self, labels: &[TopicId], verdict: &Verdict) {
        let relevant = !labels.is_empty();
        self.entries += 1;
        self.irrelevant += usize::from(!relevant);
        self.published.add(verdict.outcome == Outcome::Publish, relevant);
        self.seen.add(verdict.outcome != Outcome::Drop, relevant);
        self.idle += usize::from(verdict.outcome == Outcome::Review && !relevant);
        let found = if verdict.outcome == Outcome::Publish { verdict.topics.as_slice() } else { &[] };
        for topic in labels.iter().chain(found).collect::<BTreeSet<_>>() {
            let counts = self.topics.entry(topic.clone()).or_default();
            counts.add(found.contains(topic), labels.contains(topic));
        }
        if let (Some(main), Some(first)) = (labels.first(), found.first())
            && !found.contains(main)
        {
            *self.confusion.entry((main.clone(), first.clone())).or_default() += 1;
        }
    }

    /// All topics of all entries together (micro-averaged).
    pub fn filed(&self) -> Counts {
        self.topics.values().fold(Counts::default(), |sum, each| Counts {
            right: sum.right + each.right,
            wrong: sum.wrong + each.wrong,
            missed: sum.missed + each.missed,
        })
    }

    /// The mean of the topics' F1: 0 to 1 (macro-averaged).
    pub fn mean_topic_f1(&self) -> Option<f64> {
        let each: Vec<f64> = self.topics.values().filter_map(|counts| counts.f1()).collect();
        let count = u32::try_from(each.len()).ok().filter(|count| *count > 0)?;
        Some(each.iter().sum::<f64>() / f64::from(count))
    }

    /// Of the irrelevant entries, how many wait for review: 0 to 1.
    pub fn idle_share(&self) -> Option<f64> {
        share(self.idle, self.irrelevant)
    }
}

#[expect(clippy::cast_precision_loss, reason = "fewer entries than 2⁵²")]
fn share(part: usize, whole: usize) -> Option<f64> {
    (whole > 0).then(|| part as f64 / whole as f64)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn topics(ids: &str) -> Vec<TopicId> {
        ids.split_whitespace().map(|id| TopicId::parse(id).expect(id)).collect()
    }

    /// Scores "labels > outcome topics", one each.
    fn score(entries: &[&str]) -> Score {
        let mut score = Score::default();
        for entry in entries {
            let (labels, found) = entry.split_once('>').expect(entry);
            let (outcome, found) = found.trim().split_once(' ').unwrap_or((found.trim(), ""));
            let outcome = Outcome::parse(outcome).expect(entry);
            let verdict = Verdict {
                outcome,
                topics: topics(found),
                matches: Vec::new(),
                near_misses: Vec::new(),
                likely: None,
            };
            score.add(&topics(labels), &verdict);
        }
        score
    }

    fn counts(right: usize, wrong: usize, missed: usize) -> Counts {
        Counts { right, wrong, missed }
    }

    #[test]
    fn relevance_counts_what_is_published_and_what_is_seen() {
        let score =
            score(&["a > publish a", "a > review a", "a > drop", "> publish a", "> review a", "> drop"]);
        assert_eq!((score.published, score.seen), (counts(1, 1, 2), counts(2, 2, 1)));
        assert_eq!((score.idle, score.irrelevant, score.idle_share()), (1, 3, Some(1.0 / 3.0)));
    }

    #[test]
    fn topics_count_only_where_the_entry_is_published() {
        let score = score(&["a b > publish b c", "a > review a"]);
        assert_eq!(score.filed(), counts(1, 1, 2));
        assert_eq!(score.topics[&topics("a")[0]], counts(0, 0, 2));
    }

    #[test]
    fn the_confusion_says_what_a_main_label_was_taken_for() {
        let score = score(&["a b > publish c b", "a > publish b a"]);
        let taken: Vec<_> =
            score.confusion.iter().map(|((label, found), n)| format!("{label} {found} {n}")).collect();
        assert_eq!(taken, ["a c 1"]);
    }

    #[test]
    fn shares_of_nothing_are_no_numbers() {
        assert_eq!((counts(0, 0, 0).f1(), Score::default().mean_topic_f1()), (None, None));
        assert_eq!(counts(1, 1, 1).f1(), Some(0.5));
        assert_eq!((counts(1, 1, 0).precision(), counts(1, 0, 3).recall()), (Some(0.5), Some(0.25)));
    }
}
