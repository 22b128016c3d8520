//! The verdict on an entry: what each topic makes of the terms that were found.

use std::cmp::Reverse;
use std::ops::Range;

use super::Subject;
use super::compile::{Check, Compiled, CompiledTopic, Owner, Use};
use super::found::{Found, Hit};
use crate::model::topic::TopicId;
use crate::model::verdict::{Field, Match, NearMiss, Outcome, TermList, Verdict};

/// `only`: as if the rules had no other topic.
pub(super) fn judge(rules: &Compiled, subject: &Subject<'_>, only: Option<&TopicId>) -> Verdict {
    let found = Found::search(rules, subject);
    if found.hits.is_empty() && !rules.asks_more {
        return Verdict {
            outcome: Outcome::Drop,
            topics: Vec::new(),
            matches: Vec::new(),
            near_misses: Vec::new(),
            likely: None,
        };
    }
    let is_asked = |topic: &TopicId| only.is_none_or(|only| only == topic);
    let mut evidence = Weighed::new(rules, subject, &found);
    evidence.matches.retain(|found| found.topic.as_ref().is_none_or(is_asked));
    let topics = rules.topics.iter().zip(&evidence.tallies).filter(|(topic, _)| is_asked(&topic.id));
    let mut standings: Vec<_> = topics
        .filter_map(|(topic, tally)| Some((topic, tally.matches, evidence.standing(topic, tally)?)))
        .collect();
    // Stable: between equals the order of the configuration decides.
    standings.sort_by_key(|(_, matches, standing)| (standing.order(), Reverse(*matches)));
    evidence.verdict(&standings)
}

/// What was found, by who looked for it.
struct Weighed<'a> {
    subject: &'a Subject<'a>,
    found: &'a Found<'a>,
    context: bool,
    /// The first veto.
    veto: Option<&'a str>,
    /// Of each topic.
    tallies: Vec<Tally<'a>>,
    matches: Vec<Match>,
}

/// What a topic found.
#[derive(Debug, Clone, Default)]
struct Tally<'a> {
    /// The first strong term.
    strong: Option<&'a str>,
    strong_in_title: bool,
    expression: bool,
    weak: Vec<Weak<'a>>,
    /// The first term of `not`.
    not: Option<&'a str>,
    /// How many speak for the topic.
    matches: usize,
}

#[derive(Debug, Clone)]
struct Weak<'a> {
    term: &'a str,
    words: usize,
    weight: u8,
    field: Field,
    at: Range<usize>,
}

/// How a topic stands to an entry. `None` of it: not at all.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Standing {
    Files(Rank),
    /// For review; what was missing.
    Nearly(Rank, String),
    /// It would have filed it; what keeps it out.
    KeptOut(Rank, String),
}

/// The best reason a topic has. Earlier variants are better.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Rank {
    StrongInTitle,
    Strong,
    Expression,
    Weak,
}

impl Standing {
    fn order(&self) -> (Outcome, Rank) {
        match self {
            Self::Files(rank) => (Outcome::Publish, *rank),
            Self::Nearly(rank, _) => (Outcome::Review, *rank),
            Self::KeptOut(rank, _) => (Outcome::Drop, *rank),
        }
    }
}

impl<'a> Weighed<'a> {
    fn new(rules: &'a Compiled, subject: &'a Subject<'a>, found: &'a Found<'a>) -> Self {
        let tallies = vec![Tally::default(); rules.topics.len()];
        let mut weighed =
            Self { subject, found, context: subject.context, veto: None, tallies, matches: Vec::new() };
        for (number, topic) in rules.topics.iter().enumerate() {
            weighed.ask_expression(number, topic);
        }
        for hit in found.hits.iter().filter(|hit| hit.first) {
            let uses = rules.terms.get(hit.place.term).map(|usage| usage.uses.as_slice());
            for each in uses.unwrap_or_default().iter().filter(|each| each.fields.has(hit.field)) {
                weighed.weigh(rules, each, hit);
            }
        }
        weighed.matches.sort_by_key(|found| (found.field, found.at.start, found.at.end));
        weighed
    }

    fn weigh(&mut self, rules: &Compiled, each: &'a Use, hit: &Hit) {
        let at = hit.place.original.clone();
        let (topic, list) = match each.owner {
            Owner::Context => {
                self.context = true;
                (None, TermList::Context)
            }
            Owner::Veto => {
                self.veto.get_or_insert(&each.written);
                (None, TermList::Veto)
            }
            Owner::Topic(number, list) => {
                let Some(tally) = self.tallies.get_mut(number) else { return };
                // The words of an expression that is not true explain nothing.
                if list == TermList::Expression && !tally.expression {
                    return;
                }
                tally.add(list, each, hit);
                (rules.topics.get(number).map(|topic| topic.id.clone()), list)
            }
        };
        let (term, weight) = (each.written.clone(), each.weight);
        self.matches.push(Match { topic, list, term, field: hit.field, at, weight });
    }

    fn ask_expression(&mut self, number: usize, topic: &CompiledTopic) {
        let (Some(expression), Some(tally)) = (&topic.expression, self.tallies.get_mut(number)) else {
            return;
        };
        tally.expression = expression.is_true(self.found);
        if !tally.expression {
            return;
        }
        for check in expression.leaves() {
            let (Check::Name { written, .. } | Check::Pattern { written, .. }) = check else { continue };
            for (field, at) in self.found.others(check) {
                tally.matches += 1;
                self.matches.push(Match {
                    topic: Some(topic.id.clone()),
                    list: TermList::Expression,
                    term: written.clone(),
                    field,
                    at,
                    weight: TermList::Expression.weight(),
                });
            }
        }
    }

    fn standing(&self, topic: &CompiledTopic, tally: &Tally<'_>) -> Option<Standing> {
        let (rank, missing) = self.case_for(topic, tally)?;
        Some(match (missing, self.case_against(topic, tally)) {
            (None, None) => Standing::Files(rank),
            (None, Some(reason)) => Standing::KeptOut(rank, reason),
            (Some(missing), None) => Standing::Nearly(rank, missing),
            (Some(_), Some(_)) => return None,
        })
    }

    /// The topic's best reason, and what is missing in it.
    fn case_for(&self, topic: &CompiledTopic, tally: &Tally<'_>) -> Option<(Rank, Option<String>)> {
        let lacks_context = topic.needs_context && !self.context;
        if let Some(term) = tally.strong {
            let rank = if tally.strong_in_title { Rank::StrongInTitle } else { Rank::Strong };
            let missing = || format!("a context term would have sufficed beside `{term}`");
            return Some((rank, lacks_context.then(missing)));
        }
        if tally.expression {
            let missing = || "a context term would have sufficed beside the expression".to_owned();
            return Some((Rank::Expression, lacks_context.then(missing)));
        }
        let first = tally.weak.first()?.term;
        match (tally.enough_weak(), self.context) {
            (Some(_), true) => Some((Rank::Weak, None)),
            (Some((one, other)), false) => {
                let other = other.map(|other| format!(" and `{other}`")).unwrap_or_default();
                let missing = format!("a context term would have sufficed beside `{one}`{other}");
                Some((Rank::Weak, Some(missing)))
            }
            (None, true) => {
                let missing = format!("one more weak term would have sufficed beside `{first}`");
                Some((Rank::Weak, Some(missing)))
            }
            (None, false) => None,
        }
    }

    /// What keeps the entry out of the topic, whatever speaks for it.
    fn case_against(&self, topic: &CompiledTopic, tally: &Tally<'_>) -> Option<String> {
        if let Some(term) = self.veto {
            return Some(format!("a veto keeps it out of every topic: `{term}`"));
        }
        if let Some(term) = tally.not {
            return Some(format!("a term of its `not` list keeps it out: `{term}`"));
        }
        if !topic.sources.is_empty() && !contains(&topic.sources, self.subject.source) {
            return Some(format!("it takes entries only of {}", topic.sources.join(", ")));
        }
        // An unknown language shuts nothing out: the words themselves were found.
        let language = self.subject.language.filter(|_| !topic.languages.is_empty())?;
        (!contains(&topic.languages, language))
            .then(|| format!("it takes entries only in {}", topic.languages.join(", ")))
    }

    fn verdict(self, standings: &[(&CompiledTopic, usize, Standing)]) -> Verdict {
        let outcome = standings.first().map_or(Outcome::Drop, |(_, _, standing)| standing.order().0);
        let best = standings.iter().filter(|(_, _, standing)| standing.order().0 == outcome);
        let topics = match outcome {
            Outcome::Publish | Outcome::Review => best.map(|(topic, ..)| topic.id.clone()).collect(),
            Outcome::Drop => Vec::new(),
        };
        let near_misses = standings.iter().filter_map(|(topic, _, standing)| match standing {
            Standing::Files(_) => None,
            Standing::Nearly(_, missing) | Standing::KeptOut(_, missing) => {
                Some(NearMiss { topic: topic.id.clone(), missing: missing.clone() })
            }
        });
        Verdict { outcome, topics, near_misses: near_misses.collect(), matches: self.matches, likely: None }
    }
}

fn contains(names: &[String], name: &str) -> bool {
    names.iter().any(|each| each.eq_ignore_ascii_case(name))
}

impl<'a> Tally<'a> {
    fn add(&mut self, list: TermList, each: &'a Use, hit: &Hit) {
        match list {
            TermList::Strong => {
                self.strong.get_or_insert(&each.written);
                self.strong_in_title |= hit.field == Field::Title;
            }
            TermList::Weak => {
                let at = hit.place.original.clone();
                self.weak.push(Weak {
                    term: &each.written,
                    words: each.words,
                    weight: each.weight,
                    field: hit.field,
                    at,
                });
            }
            TermList::Not => {
                self.not.get_or_insert(&each.written);
                return;
            }
            TermList::Expression | TermList::Context | TermList::Veto => {}
        }
        self.matches += 1;
    }

    /// One that counts as two, or two that are two pieces of evidence: other words, in another place.
    fn enough_weak(&self) -> Option<(&'a str, Option<&'a str>)> {
        if let Some(heavy) = self.weak.iter().find(|weak| weak.weight >= Match::ENOUGH) {
            return Some((heavy.term, None));
        }
        let mut pairs = self
            .weak
            .iter()
            .enumerate()
            .flat_map(|(at, one)| self.weak.iter().skip(at + 1).map(move |other| (one, other)));
        let (one, other) = pairs.find(|(one, other)| {
            let apart =
                one.field != other.field || one.at.end <= other.at.start || other.at.end <= one.at.start;
            one.words != other.words && apart
        })?;
        Some((one.term, Some(other.term)))
    }
}
