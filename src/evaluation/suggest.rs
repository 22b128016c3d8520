//! Words and phrases that tell what editors want from what they don't, and that no rule has yet: proposals, never more.

mod candidates;
mod odds;
mod phrases;

use std::collections::{BTreeMap, BTreeSet};

use crate::config::Config;
use crate::identity::reading::Texts;
use crate::model::decision::Decided;
use crate::model::entry::Entry;
use crate::model::language::Language;
use crate::model::topic::TopicId;
use crate::model::verdict::{Outcome, TermList};
use crate::rules::fold::fold;
use crate::rules::likelihood::Filed;
use crate::rules::words::Words;
use crate::rules::{RuleSet, Subject};

use candidates::{Candidate, Example, LEAST_MISSED, frequent, of_kind};

/// What editors decided, as far as it was given.
#[derive(Debug)]
pub struct Suggest<'a> {
    config: &'a Config,
    examples: Vec<Example>,
    /// What sources are called, folded, between blanks.
    names: Vec<String>,
}

/// Which proposals are wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Wanted<'a> {
    /// `None`: of all topics, and vetoes.
    pub topic: Option<&'a TopicId>,
    /// Primary tag; `None`: all.
    pub language: Option<&'a str>,
    pub limit: usize,
}

/// A phrase that would make a good term.
#[derive(Debug, Clone, PartialEq)]
pub struct Suggestion {
    /// `None`: it is a veto.
    pub topic: Option<TopicId>,
    pub list: TermList,
    /// Folded, as the rules compare it.
    pub phrase: String,
    /// Primary tag; empty where it is not known.
    pub language: String,
    /// The logarithm of how much more often it stands inside than outside: what was counted, and what holds almost surely.
    pub odds: f64,
    pub at_least: f64,
    /// How many entries of the kind have it, and how many others.
    pub inside: usize,
    pub outside: usize,
    /// Of those inside, how many the rules miss (of a veto: let in, or ask about).
    pub missed: usize,
}

impl<'a> Suggest<'a> {
    pub fn new(config: &'a Config) -> Self {
        let names = config.sources.iter().flat_map(|source| [source.id.as_str(), source.title.as_str()]);
        Self { config, examples: Vec::new(), names: names.map(between_blanks).collect() }
    }

    /// Learns from an entry that staff accepted or rejected; from others there is nothing to learn.
    pub fn add(&mut self, entry: &Entry, decided: &Decided) {
        let Some(is_accepted) = decided.accepted else { return };
        let source = self.config.sources.iter().find(|source| source.id == entry.source);
        let verdict = Words::of(entry).judge(&self.config.rules, source);
        let own = decided.topics.as_ref().unwrap_or(&verdict.topics);
        let language = entry.language.as_ref().or(source.and_then(|source| source.language.as_ref()));
        self.examples.push(Example {
            language: language.map_or("", Language::primary).to_owned(),
            phrases: phrases::of(&[&entry.title, &Texts::of(entry).summary]),
            wanted: is_accepted.then(|| own.clone()),
            is_dropped: verdict.outcome == Outcome::Drop,
            filed: if verdict.outcome == Outcome::Publish { verdict.topics } else { Vec::new() },
        });
    }

    /// Learns from an entry that was filed by hand. Topics that feeds.toml does not have are none to it.
    pub fn add_filed(&mut self, filed: &Filed) {
        let is_known = |id: &TopicId| self.config.topics.iter().any(|topic| topic.id == *id);
        let topics =
            filed.topics().map(|ids| ids.iter().filter_map(|id| TopicId::parse(id)).filter(is_known));
        let wanted = topics.map(Iterator::collect);
        let source = self.config.sources.iter().find(|source| source.id.as_str() == filed.source);
        let verdict = self.config.rules.judge(&Subject {
            source: &filed.source,
            context: source.is_some_and(|source| source.context),
            language: Some(&filed.lang),
            title: &filed.title,
            summary: &filed.summary,
            ..Subject::default()
        });
        self.names.push(between_blanks(&filed.source));
        self.examples.push(Example {
            language: filed.lang.clone(),
            phrases: phrases::of(&[&filed.title, &filed.summary]),
            wanted,
            is_dropped: verdict.outcome == Outcome::Drop,
            filed: if verdict.outcome == Outcome::Publish { verdict.topics } else { Vec::new() },
        });
    }

    /// How many entries it learned from: accepted, rejected.
    pub fn learned(&self) -> (usize, usize) {
        let accepted = self.examples.iter().filter(|example| example.wanted.is_some()).count();
        (accepted, self.examples.len() - accepted)
    }

    /// The best proposals, the surest first.
    pub fn suggestions(&self, wanted: Wanted<'_>) -> Vec<Suggestion> {
        let mut languages: BTreeMap<&str, Vec<(usize, &Example)>> = BTreeMap::new();
        for (at, example) in self.examples.iter().enumerate() {
            languages.entry(&example.language).or_default().push((at, example));
        }
        languages.retain(|language, _| wanted.language.is_none_or(|only| only == *language));
        let kinds = self.config.topics.iter().map(|topic| Some(&topic.id)).chain([None]);
        let kinds: Vec<_> = kinds.filter(|kind| wanted.topic.is_none() || *kind == wanted.topic).collect();
        let mut found = Vec::new();
        for (language, examples) in &languages {
            let frequent = frequent(examples);
            for kind in &kinds {
                found.extend(of_kind(language, examples, &frequent, *kind));
            }
        }
        // Of equals the shorter phrase finds more.
        let order = |one: &Suggestion, other: &Suggestion| {
            let length = |of: &Suggestion| of.phrase.chars().count();
            let sure = other.at_least.total_cmp(&one.at_least);
            sure.then_with(|| length(one).cmp(&length(other))).then_with(|| one.phrase.cmp(&other.phrase))
        };
        found.sort_by(|one, other| order(&one.suggestion, &other.suggestion));
        self.best(found, wanted.limit)
    }

    /// The first that say something new: not a name, not what the rules have, not what better ones bring already.
    fn best(&self, found: Vec<Candidate>, limit: usize) -> Vec<Suggestion> {
        let mut best = Vec::new();
        let mut brought: BTreeSet<(Option<TopicId>, usize)> = BTreeSet::new();
        for Candidate { suggestion, missed } in found {
            if best.len() >= limit {
                break;
            }
            let brings = |at: &usize| !brought.contains(&(suggestion.topic.clone(), *at));
            let is_name = || self.names.iter().any(|name| is_within(&suggestion.phrase, name));
            if missed.iter().filter(|at| brings(at)).count() < LEAST_MISSED
                || is_name()
                || is_covered(&self.config.rules, &suggestion)
            {
                continue;
            }
            brought.extend(missed.into_iter().map(|at| (suggestion.topic.clone(), at)));
            best.push(suggestion);
        }
        best
    }
}

impl Suggestion {
    /// The configuration with the phrase in its list; `None` if it can be no term.
    pub fn draft(&self, config: &Config) -> Option<Config> {
        let mut lists = config.rules.lists().clone();
        let topic = lists.topics.iter_mut().find(|topic| Some(&topic.id) == self.topic.as_ref());
        match (topic, self.list) {
            (Some(topic), TermList::Strong) => topic.strong.push(self.phrase.clone()),
            (Some(topic), _) => topic.weak.push(self.phrase.clone()),
            (None, _) => lists.veto.push(self.phrase.clone()),
        }
        let rules = RuleSet::parse(lists).ok()?;
        Some(Config { rules, ..config.clone() })
    }

    /// Could it change what becomes of an entry whose words ([`text_of`]) are these?
    pub fn is_in(&self, text: &str) -> bool {
        text.contains(&self.phrase)
    }
}

/// The words of an entry, folded.
pub fn text_of(entry: &Entry) -> String {
    let Texts { summary, content } = Texts::of(entry);
    fold(&[entry.title.as_str(), &summary, &content].join("\n"))
}

/// Does a term that the rules have find it?
fn is_covered(rules: &RuleSet, suggestion: &Suggestion) -> bool {
    let verdict = rules.judge(&Subject { title: &suggestion.phrase, ..Subject::default() });
    verdict.matches.iter().any(|found| match found.list {
        TermList::Veto => true,
        TermList::Context => false,
        // A veto is there to keep out what other terms find.
        _ if suggestion.topic.is_none() => false,
        // A weak term that proves strong may become one.
        TermList::Weak => found.topic == suggestion.topic && suggestion.list == TermList::Weak,
        TermList::Strong | TermList::Not | TermList::Expression => found.topic == suggestion.topic,
    })
}

/// Are these words some of those?
fn is_within(words: &str, those: &str) -> bool {
    between_blanks(those).contains(&between_blanks(words))
}

fn between_blanks(text: &str) -> String {
    format!(" {} ", fold(text))
}

#[cfg(test)]
mod tests;
