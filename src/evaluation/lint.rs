//! What is wrong with rules although they can be read: terms that say nothing, contradict each other, or take too much.

mod past;
mod words;

use crate::config::Config;
use crate::model::decision::Decided;
use crate::model::entry::Entry;
use crate::model::topic::TopicId;
use crate::model::verdict::TermList;
use crate::rules::words::Words;
use crate::rules::{RuleLists, TopicRules};

use past::Past;

/// Rules that are looked through; entries are given one after the other, and what they show is in [`Lint::findings`].
#[derive(Debug)]
pub struct Lint<'a> {
    config: &'a Config,
    past: Past,
}

/// Something to mend.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    pub what: What,
    /// `None`: it is about a list of no topic.
    pub topic: Option<TopicId>,
    /// The key in feeds.toml; `None`: it is about the whole topic.
    pub list: Option<&'static str>,
    pub term: Option<String>,
    /// Lower case, no full stop. May be empty where `what` says it all.
    pub message: String,
    /// What the past says; `None`: the words alone show it.
    pub figures: Option<Figures>,
}

/// What the past says of a term.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Figures {
    /// Of how many entries.
    pub of: usize,
    /// In how many it was found.
    pub entries: usize,
    /// Of these, how many staff accepted, and rejected.
    pub accepted: usize,
    pub rejected: usize,
}

/// How much it matters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Level {
    /// It cannot be meant.
    Mistake,
    /// It may be meant.
    Advice,
}

/// What is to be mended. Earlier variants come first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum What {
    /// Whatever has the term is kept out by another one.
    Contradiction,
    /// No entry can ever be filed under the topic.
    NeverFiles,
    /// Wherever the term is found, another one is that does the same.
    Redundant,
    /// The topic is limited to what no source has.
    Unserved,
    /// No entry is filed under the topic.
    Unreached,
    TooWide,
    /// Staff decide against it.
    Mistrusted,
    OneEntry,
    Dead,
}

impl Level {
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Mistake => "mistake",
            Self::Advice => "advice",
        }
    }
}

impl What {
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Contradiction => "contradiction",
            Self::NeverFiles => "never files",
            Self::Redundant => "redundant",
            Self::Unserved => "unserved topic",
            Self::Unreached => "unreached topic",
            Self::TooWide => "too wide",
            Self::Mistrusted => "staff decide otherwise",
            Self::OneEntry => "one entry only",
            Self::Dead => "dead",
        }
    }

    pub fn level(self) -> Level {
        match self {
            Self::Contradiction | Self::NeverFiles => Level::Mistake,
            Self::Redundant
            | Self::Unserved
            | Self::Unreached
            | Self::TooWide
            | Self::Mistrusted
            | Self::OneEntry
            | Self::Dead => Level::Advice,
        }
    }

    /// How to mend it.
    pub fn mend(self) -> &'static str {
        match self {
            Self::Contradiction => "take one of the two out, or write the one that keeps out more narrowly",
            Self::NeverFiles => "give the topic a strong term, a second weak term or an expression",
            Self::Redundant => "take it out: nothing changes",
            Self::Unserved => "add such a source, or take the limit out",
            Self::Unreached => {
                "`tidewaiter rules suggest --topic ID` proposes words; or no source speaks of it: take it out"
            }
            Self::TooWide => "make it a phrase or `weak`, or give the topic `needs_context = true`",
            Self::Mistrusted => "make it a phrase or `weak`, or name the exceptions",
            Self::OneEntry => "write what the next such entry will say too, or take it out",
            Self::Dead => "take it out if its time is past; else look how sources write it",
        }
    }
}

impl<'a> Lint<'a> {
    pub fn new(config: &'a Config) -> Self {
        Self { config, past: Past::default() }
    }

    /// Takes in an entry of the past; `decided` is what staff decided about it.
    pub fn add(&mut self, entry: &Entry, decided: &Decided) {
        let source = self.config.sources.iter().find(|source| source.id == entry.source);
        let verdict = Words::of(entry).judge(&self.config.rules, source);
        self.past.add(entry, &verdict, decided);
    }

    /// How many entries it was given.
    pub fn entries(&self) -> usize {
        self.past.entries()
    }

    /// Were there enough of them to call a term dead?
    pub fn has_enough(&self) -> bool {
        self.past.has_enough()
    }

    /// What the words alone show, and what the past shows besides; what matters most first.
    pub fn findings(&self) -> Vec<Finding> {
        let mut findings = words::findings(self.config);
        let known: Vec<Spot> = spots(self.config.rules.lists())
            .into_iter()
            .filter(|spot| !findings.iter().any(|finding| spot.is_of(finding)))
            .collect();
        findings.extend(self.past.findings(&known, self.config.rules.lists()));
        findings.sort_by_key(|finding| finding.what);
        findings
    }
}

/// Where a term stands.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
struct Spot {
    topic: Option<TopicId>,
    list: TermList,
    /// A veto in the title.
    title_only: bool,
    term: String,
}

impl Spot {
    /// The key in feeds.toml.
    fn key(&self) -> &'static str {
        match (self.list, self.title_only) {
            (TermList::Veto, true) => "veto in the title",
            (list, _) => list.as_str(),
        }
    }

    fn is_of(&self, finding: &Finding) -> bool {
        finding.topic == self.topic
            && finding.list == Some(self.key())
            && finding.term.as_ref() == Some(&self.term)
    }

    /// "`rex` of strong", or "of the veto" where it stands elsewhere.
    fn named(&self) -> String {
        match self.list {
            TermList::Context => format!("`{}` of the context", self.term),
            TermList::Veto => format!("`{}` of the {}", self.term, self.key()),
            TermList::Strong | TermList::Weak | TermList::Not | TermList::Expression => {
                format!("`{}` of {}", self.term, self.list.as_str())
            }
        }
    }

    fn finding(&self, what: What, message: String, figures: Option<Figures>) -> Finding {
        Finding {
            what,
            topic: self.topic.clone(),
            list: Some(self.key()),
            term: Some(self.term.clone()),
            message,
            figures,
        }
    }
}

/// Every term of every list, in the order of feeds.toml.
fn spots(lists: &RuleLists) -> Vec<Spot> {
    let of = |topic: Option<&TopicId>, list, title_only, terms: &[String]| {
        let spot =
            |term: &String| Spot { topic: topic.cloned(), list, title_only, term: term.trim().to_owned() };
        terms.iter().map(spot).collect::<Vec<_>>()
    };
    let mut all = of(None, TermList::Context, false, &lists.context);
    all.extend(of(None, TermList::Veto, false, &lists.veto));
    all.extend(of(None, TermList::Veto, true, &lists.veto_title));
    for TopicRules { id, strong, weak, not, .. } in &lists.topics {
        all.extend(of(Some(id), TermList::Strong, false, strong));
        all.extend(of(Some(id), TermList::Weak, false, weak));
        all.extend(of(Some(id), TermList::Not, false, not));
    }
    all
}

fn about(topic: &TopicId, what: What, message: String) -> Finding {
    Finding { what, topic: Some(topic.clone()), list: None, term: None, message, figures: None }
}

#[cfg(test)]
mod tests;
