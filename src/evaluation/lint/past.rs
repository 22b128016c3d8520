//! What the past shows of the rules: how often each term was found, and what staff decided about these entries.

use std::collections::{BTreeMap, BTreeSet};

use super::{Figures, Finding, Spot, What, about};
use crate::model::decision::Decided;
use crate::model::entry::Entry;
use crate::model::topic::TopicId;
use crate::model::verdict::{Outcome, TermList, Verdict};
use crate::rules::RuleLists;

/// Of fewer entries it means little that a term is in none of them, in one, or in many.
const ENOUGH: usize = 200;

/// Of fewer decisions it means little that most go against a term.
const DECISIONS: usize = 5;

/// A term that suffices alone is too wide in more than this share of all entries, in percent; so is a veto.
const WIDE: usize = 10;

/// The same of a weak term.
const WIDE_WEAK: usize = 25;

/// A term, whatever list of its kind it stands in.
type Term = (Option<TopicId>, TermList, String);

/// What came before.
#[derive(Debug, Default)]
pub(super) struct Past {
    entries: usize,
    terms: BTreeMap<Term, Seen>,
    /// Entries filed under each topic, and those that wait for review.
    topics: BTreeMap<TopicId, (usize, usize)>,
}

#[derive(Debug, Default)]
struct Seen {
    entries: usize,
    accepted: usize,
    rejected: usize,
    /// The title of the newest.
    title: String,
}

impl Past {
    pub(super) fn entries(&self) -> usize {
        self.entries
    }

    pub(super) fn has_enough(&self) -> bool {
        self.entries >= ENOUGH
    }

    pub(super) fn add(&mut self, entry: &Entry, verdict: &Verdict, decided: &Decided) {
        self.entries += 1;
        let found = verdict.matches.iter();
        let terms: BTreeSet<Term> =
            found.map(|found| (found.topic.clone(), found.list, found.term.clone())).collect();
        for term in terms {
            let seen = self
                .terms
                .entry(term)
                .or_insert_with(|| Seen { title: entry.title.clone(), ..Seen::default() });
            seen.entries += 1;
            seen.accepted += usize::from(decided.accepted == Some(true));
            seen.rejected += usize::from(decided.accepted == Some(false));
        }
        for topic in &verdict.topics {
            let (filed, waiting) = self.topics.entry(topic.clone()).or_default();
            match verdict.outcome {
                Outcome::Publish => *filed += 1,
                Outcome::Review => *waiting += 1,
                Outcome::Drop => {}
            }
        }
    }

    /// What is to be said of these terms, and of the topics.
    pub(super) fn findings(&self, spots: &[Spot], lists: &RuleLists) -> Vec<Finding> {
        let mut findings: Vec<Finding> = spots.iter().filter_map(|spot| self.of_term(spot)).collect();
        if self.has_enough() {
            findings.extend(lists.topics.iter().filter_map(|topic| self.of_topic(&topic.id)));
        }
        findings
    }

    fn of_term(&self, spot: &Spot) -> Option<Finding> {
        let key = (spot.topic.clone(), spot.list, spot.term.clone());
        let none = Seen::default();
        let seen = self.terms.get(&key).unwrap_or(&none);
        let figures = Figures {
            of: self.entries,
            entries: seen.entries,
            accepted: seen.accepted,
            rejected: seen.rejected,
        };
        let (what, message) = mistrusted(spot, seen)
            .or_else(|| self.has_enough().then(|| self.frequency(spot, seen)).flatten())?;
        Some(spot.finding(what, message, Some(figures)))
    }

    /// Found never, once, or everywhere.
    fn frequency(&self, spot: &Spot, seen: &Seen) -> Option<(What, String)> {
        let is_over = |percent: usize| seen.entries * 100 > self.entries * percent;
        let bound = match spot.list {
            TermList::Strong | TermList::Veto | TermList::Expression => Some(WIDE),
            TermList::Weak => Some(WIDE_WEAK),
            // Context is to be wide; what a topic does not want may stand anywhere.
            TermList::Context | TermList::Not => None,
        };
        match seen.entries {
            0 => Some((What::Dead, String::new())),
            1 if spot.list != TermList::Context => Some((What::OneEntry, format!("in “{}”", seen.title))),
            entries if bound.is_some_and(is_over) => {
                let percent = entries * 100 / self.entries.max(1);
                Some((What::TooWide, format!("in {entries} of {} entries ({percent} %)", self.entries)))
            }
            _ => None,
        }
    }

    fn of_topic(&self, topic: &TopicId) -> Option<Finding> {
        match self.topics.get(topic) {
            None => Some(about(topic, What::Unreached, "nothing is filed under it".to_owned())),
            Some((0, waiting)) => {
                let message = format!("nothing is filed under it, {waiting} wait for review");
                Some(about(topic, What::Unreached, message))
            }
            Some(_) => None,
        }
    }
}

/// Does staff reject what the term lets in, or accept what it keeps out?
fn mistrusted(spot: &Spot, seen: &Seen) -> Option<(What, String)> {
    let Seen { accepted, rejected, .. } = *seen;
    let decided = accepted + rejected;
    let (against, act) = match spot.list {
        TermList::Strong | TermList::Weak | TermList::Expression => (rejected, "rejected"),
        TermList::Not | TermList::Veto => (accepted, "accepted"),
        TermList::Context => return None,
    };
    (decided >= DECISIONS && against * 2 > decided).then(|| {
        (
            What::Mistrusted,
            format!("of {decided} entries with it that staff decided about, {against} were {act}"),
        )
    })
}
