//! Topics: words and expressions that staff curate, and the verdict on an entry with every match behind it.

pub mod fold;
pub mod joining;
mod letters;
mod term;
mod wording;
mod pattern;
mod expression;
mod tokens;
mod syntax;
mod index;
mod compile;
mod found;
mod judge;
pub mod difference;
pub mod likelihood;
pub mod words;

use std::ops::Range;
use std::sync::Arc;

use crate::model::topic::TopicId;
use crate::model::verdict::{TermList, Verdict};

use compile::Compiled;

/// The lists as feeds.toml has them.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct RuleLists {
    /// Terms that say: this is about goods crossing borders.
    pub context: Vec<String>,
    /// Terms that keep an entry out of every topic, wherever they stand in title, summary or content.
    pub veto: Vec<String>,
    /// The same, in the title only.
    pub veto_title: Vec<String>,
    pub topics: Vec<TopicRules>,
    pub learned: Learned,
}

/// What counts of the likelihood that entries decided by editors teach: from so many percent on. `None`: it is not asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Hash)]
pub struct Learned {
    /// It says that a text is about goods crossing borders, as a term of the context does.
    pub context: Option<u8>,
    /// An entry that the rules would give to an editor is published.
    pub publish: Option<u8>,
    /// An entry that no rule takes is given to an editor.
    pub review: Option<u8>,
    /// Below this an entry that the rules would publish is given to an editor first.
    pub doubt: Option<u8>,
}

impl Learned {
    fn is_asked(self) -> bool {
        self != Self::default()
    }
}

/// What one topic wants to see.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TopicRules {
    pub id: TopicId,
    pub strong: Vec<String>,
    pub weak: Vec<String>,
    pub not: Vec<String>,
    pub expression: Option<String>,
    /// Strong terms and the expression need context too.
    pub needs_context: bool,
    /// Only entries in these languages (primary tags); empty for all.
    pub languages: Vec<String>,
    /// Only entries of these sources (ids); empty for all.
    pub sources: Vec<String>,
}

/// The part of a rule that is wrong, and why.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct RuleError {
    pub place: RulePlace,
    /// Bytes within the term or expression.
    pub at: Range<usize>,
    /// What is wrong, lower case, no full stop.
    pub message: String,
    /// What was expected, or how to mend it.
    pub hint: String,
}

/// Which term is wrong.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RulePlace {
    Context(usize),
    Veto(usize),
    VetoTitle(usize),
    /// `topic` and `index` count from 0; `index` is 0 for the expression.
    Topic {
        topic: usize,
        list: TermList,
        index: usize,
    },
}

/// What the rules look at. All of it text, not markup.
#[derive(Debug, Clone, Copy, Default)]
pub struct Subject<'a> {
    pub source: &'a str,
    /// The source speaks of goods crossing borders only.
    pub context: bool,
    /// Primary tag; `None` if not known.
    pub language: Option<&'a str>,
    pub title: &'a str,
    pub summary: &'a str,
    pub content: &'a str,
    pub link: &'a str,
    pub author: &'a str,
    /// The source's categories, one a line.
    pub category: &'a str,
}

/// Checked and compiled rules. Cloning costs nothing.
#[derive(Debug, Clone)]
pub struct RuleSet {
    compiled: Arc<Compiled>,
    lists: Arc<RuleLists>,
}

impl RuleSet {
    /// The only way in. Every mistake in the lists is reported, not only the first.
    pub fn parse(lists: RuleLists) -> Result<Self, Vec<RuleError>> {
        Ok(Self { compiled: Arc::new(compile::compile(&lists)?), lists: Arc::new(lists) })
    }

    /// What it was made of.
    pub fn lists(&self) -> &RuleLists {
        &self.lists
    }

    /// Does a topic or an expression depend on the language of an entry?
    pub fn asks_language(&self) -> bool {
        self.compiled.asks_language
    }

    /// 16 hexadecimal digits that change when, and only when, some verdict could change.
    pub fn fingerprint(&self) -> &str {
        &self.compiled.fingerprint
    }

    /// What the rules say of an entry. One pass over the text for all terms.
    ///
    /// Each match is the first of its term in a field; those of an expression are given only if it is true, and
    /// `near_misses` also names topics that a `not` term, a veto, the language or the source kept it out of.
    pub fn judge(&self, subject: &Subject<'_>) -> Verdict {
        judge::judge(&self.compiled, subject, None)
    }

    /// What one topic says of an entry, as if the rules had no other.
    pub fn judge_alone(&self, topic: &TopicId, subject: &Subject<'_>) -> Verdict {
        judge::judge(&self.compiled, subject, Some(topic))
    }
}

#[cfg(test)]
mod tests;
