//! Phrases that mark what editors filed under a topic, or rejected, with how they stand there.

use std::collections::{BTreeSet, HashMap};

use super::Suggestion;
use super::odds::Counted;
use crate::model::topic::TopicId;
use crate::model::verdict::TermList;

/// A phrase that fewer entries have proves nothing.
const LEAST: usize = 3;

/// A single word means many things, so it needs more.
const LEAST_SINGLE: usize = 5;

/// So many of the entries that have it must be of the kind, in percent: of a strong term, a weak term, a veto.
const STRONG: usize = 90;
const WEAK: usize = 70;
const VETO: usize = 97;

/// So many entries that the rules miss must it bring that no better proposal does.
pub(super) const LEAST_MISSED: usize = 2;

/// A veto hides news, so it needs more proof, and of a single word more again.
const LEAST_VETO: usize = 6;
const LEAST_SINGLE_VETO: usize = 12;

/// Of an entry that an editor decided about, what there is to learn from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Example {
    pub(super) language: String,
    pub(super) phrases: BTreeSet<String>,
    /// The topics that an editor filed it under; `None`: it was rejected.
    pub(super) wanted: Option<Vec<TopicId>>,
    /// The topics that the rules file it under.
    pub(super) filed: Vec<TopicId>,
    /// The rules drop it.
    pub(super) is_dropped: bool,
}

impl Example {
    /// Did an editor file it under the topic, or reject it (`None`)?
    fn is_of(&self, kind: Option<&TopicId>) -> bool {
        match (&self.wanted, kind) {
            (Some(wanted), Some(topic)) => wanted.contains(topic),
            (wanted, None) => wanted.is_none(),
            (None, Some(_)) => false,
        }
    }

    /// Do the rules see it otherwise?
    fn is_missed(&self, kind: Option<&TopicId>) -> bool {
        kind.map_or(!self.is_dropped, |topic| !self.filed.contains(topic))
    }
}

/// A proposal, and the examples that the rules miss without it, by their places.
#[derive(Debug)]
pub(super) struct Candidate {
    pub(super) suggestion: Suggestion,
    pub(super) missed: Vec<usize>,
}

/// How a phrase stands among the examples of a kind.
#[derive(Debug, Default)]
struct Standing {
    inside: usize,
    missed: Vec<usize>,
}

/// In how many examples each phrase stands that stands in enough of them.
pub(super) fn frequent<'e>(examples: &[(usize, &'e Example)]) -> HashMap<&'e str, usize> {
    let mut counts: HashMap<&str, usize> = HashMap::new();
    for phrase in examples.iter().flat_map(|(_, example)| &example.phrases) {
        *counts.entry(phrase).or_default() += 1;
    }
    counts.retain(|_, count| *count >= LEAST);
    counts
}

/// Phrases that mark what is filed under a topic, or what is rejected (`None`).
pub(super) fn of_kind(
    language: &str,
    examples: &[(usize, &Example)],
    frequent: &HashMap<&str, usize>,
    kind: Option<&TopicId>,
) -> Vec<Candidate> {
    let mut standings: HashMap<&str, Standing> = HashMap::new();
    for (at, example) in examples.iter().filter(|(_, example)| example.is_of(kind)) {
        for phrase in example.phrases.iter().filter(|phrase| frequent.contains_key(phrase.as_str())) {
            let standing = standings.entry(phrase).or_default();
            standing.inside += 1;
            standing.missed.extend(example.is_missed(kind).then_some(*at));
        }
    }
    let all: usize = frequent.values().sum();
    let all_inside: usize = standings.values().map(|standing| standing.inside).sum();
    let candidate = |(phrase, Standing { inside, missed }): (&str, Standing)| {
        let total = *frequent.get(phrase)?;
        let list = list_for(kind, phrase, inside, total)?;
        let odds = Counted { inside, total, all_inside, all }.odds();
        let suggestion = Suggestion {
            topic: kind.cloned(),
            list,
            phrase: phrase.to_owned(),
            language: language.to_owned(),
            odds: odds.ratio,
            at_least: odds.at_least(),
            inside,
            outside: total - inside,
            missed: missed.len(),
        };
        (missed.len() >= LEAST_MISSED && odds.at_least() > 0.0).then_some(Candidate { suggestion, missed })
    };
    standings.into_iter().filter_map(candidate).collect()
}

/// The list that the phrase is good for, if it is.
fn list_for(kind: Option<&TopicId>, phrase: &str, inside: usize, total: usize) -> Option<TermList> {
    let (least, least_veto) =
        if phrase.contains(' ') { (LEAST, LEAST_VETO) } else { (LEAST_SINGLE, LEAST_SINGLE_VETO) };
    let is_from = |percent: usize| inside * 100 >= total * percent;
    match kind {
        None => (inside >= least_veto && is_from(VETO)).then_some(TermList::Veto),
        Some(_) if inside < least => None,
        Some(_) if is_from(STRONG) => Some(TermList::Strong),
        Some(_) => is_from(WEAK).then_some(TermList::Weak),
    }
}
