//! The words of an entry: what the rules look at, without markup.

use std::borrow::Cow;

use super::likelihood::Likelihood;
use super::{RuleSet, Subject};
use crate::identity::reading::Texts;
use crate::model::entry::Entry;
use crate::model::language::Language;
use crate::model::source::Source;
use crate::model::verdict::{Field, Likely, Outcome, TermList, Verdict};

/// The texts of an entry that the rules look at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Words<'a> {
    entry: &'a Entry,
    texts: Cow<'a, Texts>,
    authors: Cow<'a, str>,
    categories: Cow<'a, str>,
}

impl<'a> Words<'a> {
    pub fn of(entry: &'a Entry) -> Self {
        Self::with(entry, Cow::Owned(Texts::of(entry)))
    }

    /// The same where the words are at hand.
    pub fn with(entry: &'a Entry, texts: Cow<'a, Texts>) -> Self {
        Self { entry, texts, authors: lines(&entry.authors), categories: lines(&entry.categories) }
    }

    pub fn summary(&self) -> &str {
        &self.texts.summary
    }

    pub fn content(&self) -> &str {
        &self.texts.content
    }

    /// What the rules say, and what the source adds: its own topics, under which everything of it is published that no
    /// veto keeps out. `source` is `None` when feeds.toml no longer names it.
    pub fn judge(&self, rules: &RuleSet, source: Option<&Source>) -> Verdict {
        let learned = rules.lists().learned;
        let likely =
            learned.is_asked().then(|| Likelihood::shipped().of(&self.entry.title, &self.texts.summary));
        let is_from = |bound: Option<u8>| is_from(likely.as_ref(), bound);
        let mut verdict = rules.judge(&Subject {
            source: self.text(Field::Source),
            context: source.is_some_and(|source| source.context) || is_from(learned.context),
            language: self.entry.language.as_ref().map(Language::primary),
            title: &self.entry.title,
            summary: &self.texts.summary,
            content: &self.texts.content,
            link: self.text(Field::Link),
            author: &self.authors,
            category: &self.categories,
        });
        let is_vetoed = verdict.matches.iter().any(|found| found.list == TermList::Veto);
        verdict.outcome = match verdict.outcome {
            Outcome::Review if is_from(learned.publish) => Outcome::Publish,
            Outcome::Drop if is_from(learned.review) && !is_vetoed && verdict.near_misses.is_empty() => {
                Outcome::Review
            }
            Outcome::Publish if learned.doubt.is_some() && !is_from(learned.doubt) => Outcome::Review,
            outcome => outcome,
        };
        verdict.likely = likely;
        let own = source.map_or(&[] as &[_], |source| &source.topics);
        if own.is_empty() || is_vetoed {
            return verdict;
        }
        if verdict.outcome != Outcome::Publish {
            verdict.outcome = Outcome::Publish;
            verdict.topics.clear();
        }
        let added: Vec<_> = own.iter().filter(|topic| !verdict.topics.contains(topic)).cloned().collect();
        verdict.topics.extend(added);
        verdict
    }

    /// The text of a field, which the ranges of matches point into.
    pub fn text(&self, field: Field) -> &str {
        match field {
            Field::Title => &self.entry.title,
            Field::Summary => &self.texts.summary,
            Field::Content => &self.texts.content,
            Field::Link => self.entry.link.as_ref().map_or("", |link| link.as_str()),
            Field::Author => &self.authors,
            Field::Category => &self.categories,
            Field::Source => self.entry.source.as_str(),
            Field::Language => self.entry.language.as_ref().map_or("", |language| language.as_str()),
        }
    }
}

/// Is it at least as likely as this? Not where it isn't asked.
fn is_from(likely: Option<&Likely>, bound: Option<u8>) -> bool {
    matches!((likely, bound), (Some(likely), Some(bound)) if likely.percent >= bound)
}

fn lines(names: &[String]) -> Cow<'_, str> {
    match names {
        [] => Cow::Borrowed(""),
        [name] => Cow::Borrowed(name),
        names => Cow::Owned(names.join("\n")),
    }
}
