//! The words of an entry: what the rules look at, without markup.

use std::borrow::Cow;

use super::likelihood::Likelihood;
use super::{Learned, RuleSet, Subject};
use crate::identity::reading::Texts;
use crate::model::entry::Entry;
use crate::model::language::Language;
use crate::model::source::Source;
use crate::model::verdict::{Field, Likely, Outcome, TermList, Verdict};
use crate::parse::language::guess;

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
        let is_likely_context = likely.as_ref().is_some_and(|likely| is_from(likely, learned.context));
        let mut verdict = rules.judge(&Subject {
            source: self.text(Field::Source),
            context: source.is_some_and(|source| source.context) || is_likely_context,
            language: self.language().filter(|_| rules.asks_language()),
            title: &self.entry.title,
            summary: &self.texts.summary,
            content: &self.texts.content,
            link: self.text(Field::Link),
            author: &self.authors,
            category: &self.categories,
        });
        let is_vetoed = verdict.matches.iter().any(|found| found.list == TermList::Veto);
        if let Some(likely) = likely {
            follow(likely, learned, is_vetoed, &mut verdict);
        }
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
            Field::Language => self.language().unwrap_or_default(),
        }
    }

    /// The primary tag of what the entry or its source says; else what its words say, where that is clear.
    fn language(&self) -> Option<&str> {
        let said = self.entry.language.as_ref().map(Language::primary);
        said.or_else(|| guess(&format!("{}. {}", self.entry.title, self.texts.summary)))
    }
}

/// What follows from how likely an editor wants an entry. What a veto or a `not` term keeps out stays out.
fn follow(likely: Likely, learned: Learned, is_vetoed: bool, verdict: &mut Verdict) {
    match verdict.outcome {
        // Of several topics that it nearly belongs to, the best: more would be guessing.
        Outcome::Review if is_from(&likely, learned.publish) => {
            verdict.outcome = Outcome::Publish;
            verdict.topics.truncate(1);
        }
        Outcome::Drop if is_from(&likely, learned.review) && !is_vetoed && verdict.near_misses.is_empty() => {
            verdict.outcome = Outcome::Review;
        }
        Outcome::Publish if learned.doubt.is_some() && !is_from(&likely, learned.doubt) => {
            verdict.outcome = Outcome::Review;
        }
        Outcome::Publish | Outcome::Review | Outcome::Drop => {}
    }
    verdict.likely = Some(likely);
}

/// Is it at least as likely as this? Not where nothing is asked.
fn is_from(likely: &Likely, bound: Option<u8>) -> bool {
    bound.is_some_and(|bound| likely.percent >= bound)
}

fn lines(names: &[String]) -> Cow<'_, str> {
    match names {
        [] => Cow::Borrowed(""),
        [name] => Cow::Borrowed(name),
        names => Cow::Owned(names.join("\n")),
    }
}

#[cfg(test)]
mod tests {
    use chrono::DateTime;

    use super::super::{RuleLists, TopicRules};
    use super::*;
    use crate::model::entry::{DateOrigin, EntryId};
    use crate::model::source::SourceId;
    use crate::model::text::Markup;
    use crate::model::topic::TopicId;

    /// What editors want by the entries that were filed, and what they don't.
    const WANTED: &str = "Customs brokers: licence exam for customs brokers";
    const UNWANTED: &str = "Vacancy: fisheries economist";

    fn entry(language: &str, title: &str, summary: &str) -> Entry {
        let at = DateTime::UNIX_EPOCH;
        Entry {
            id: EntryId(1),
            source: SourceId::parse("wto").expect("a slug"),
            title: title.to_owned(),
            link: None,
            summary: Some(Markup::plain(summary)),
            content: None,
            base: None,
            language: Language::parse(language),
            authors: Vec::new(),
            categories: Vec::new(),
            published: None,
            date_origin: DateOrigin::FirstSeen,
            first_seen: at,
            listed: at,
            changed: at,
        }
    }

    /// One topic with two weak words, a veto, and these bounds.
    fn lists(learned: Learned) -> RuleLists {
        let words = |text: &str| text.split(' ').map(str::to_owned).collect();
        let topic = TopicRules {
            id: TopicId::parse("brokers").expect("a slug"),
            strong: words("fisheries"),
            weak: words("licence certificate"),
            not: words("telescope"),
            expression: None,
            needs_context: false,
            languages: Vec::new(),
            sources: Vec::new(),
        };
        RuleLists { veto: words("microscope"), topics: vec![topic], learned, ..RuleLists::default() }
    }

    #[track_caller]
    fn check_learned(title: &str, learned: Learned, outcome: Outcome) {
        let rules = RuleSet::parse(lists(learned)).expect("right rules");
        let verdict = Words::of(&entry("", title, "")).judge(&rules, None);
        assert_eq!(verdict.outcome, outcome, "{title}: {verdict:?}");
    }

    fn learned() -> Learned {
        Learned { context: Some(50), publish: None, review: Some(50), doubt: None }
    }

    #[test]
    fn nothing_follows_where_nothing_is_asked() {
        check_learned(WANTED, Learned::default(), Outcome::Drop);
        check_learned(UNWANTED, Learned::default(), Outcome::Publish);
    }

    #[test]
    fn a_likely_text_is_context() {
        check_learned(WANTED, Learned { review: None, ..learned() }, Outcome::Review);
        check_learned(&format!("{WANTED} and certificate"), learned(), Outcome::Publish);
    }

    #[test]
    fn what_nearly_suffices_is_published_if_it_is_likely() {
        check_learned(WANTED, Learned { publish: Some(50), ..learned() }, Outcome::Publish);
        check_learned(WANTED, Learned { publish: Some(100), ..learned() }, Outcome::Review);
    }

    #[test]
    fn what_no_topic_takes_is_for_review_if_it_is_likely() {
        check_learned("Customs brokers pass the exam", learned(), Outcome::Review);
        check_learned("Stars and planets", Learned { review: Some(95), ..learned() }, Outcome::Drop);
    }

    #[test]
    fn what_a_topic_takes_is_for_review_if_it_is_not() {
        check_learned(UNWANTED, Learned { doubt: Some(40), ..learned() }, Outcome::Review);
        check_learned(UNWANTED, learned(), Outcome::Publish);
    }

    #[test]
    fn a_veto_and_a_not_term_are_never_overruled() {
        let eager = Learned { publish: Some(1), review: Some(1), ..learned() };
        check_learned(&format!("{WANTED}, a microscope"), eager, Outcome::Drop);
        check_learned(&format!("{WANTED}, a certificate, a telescope"), eager, Outcome::Drop);
    }

    /// Of two topics for French, one of which says so in its expression.
    #[track_caller]
    fn check(language: &str, title: &str, summary: &str, topics: &[&str]) {
        let topic = |id: &str, strong: &str, expression: &str, languages: &str| TopicRules {
            id: TopicId::parse(id).expect("a slug"),
            strong: [strong].iter().filter(|term| !term.is_empty()).map(|term| (*term).to_owned()).collect(),
            weak: Vec::new(),
            not: Vec::new(),
            expression: Some(expression.to_owned()).filter(|expression| !expression.is_empty()),
            needs_context: false,
            languages: [languages]
                .iter()
                .filter(|tag| !tag.is_empty())
                .map(|tag| (*tag).to_owned())
                .collect(),
            sources: Vec::new(),
        };
        let asked = vec![topic("list", "colis", "", "fr"), topic("said", "", "colis AND lang:fr", "")];
        let rules = RuleSet::parse(RuleLists { topics: asked, ..RuleLists::default() }).expect("right rules");
        let entry = entry(language, title, summary);
        let words = Words::of(&entry);
        let verdict = words.judge(&rules, None);
        let found: Vec<_> = verdict.topics.iter().map(TopicId::as_str).collect();
        assert_eq!(found, topics, "{title}");
        let named = verdict.matches.iter().find(|found| found.field == Field::Language);
        assert!(named.is_none_or(|found| words.text(Field::Language).get(found.at.clone()) == Some("fr")));
    }

    #[test]
    fn what_an_entry_says_of_its_language_counts() {
        check("fr", "Colis", "", &["list", "said"]);
        check("fr-CA", "Colis", "", &["list", "said"]);
        check("en", "Le droit sur les colis et la douane", "", &[]);
    }

    #[test]
    fn else_its_words_tell_where_they_are_clear() {
        check("", "Le droit sur les colis", "Il est perçu dans les États.", &["list", "said"]);
        check("", "Los derechos de aduana", "El colis es para el comercio.", &[]);
    }

    #[test]
    fn a_language_that_nobody_knows_shuts_nothing_out_of_a_list() {
        check("", "Colis", "", &["list"]);
    }
}
