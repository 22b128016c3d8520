//! Sections, topics and their rules: references resolved, terms compiled, samples tried.

use std::ops::Range;

use super::check::{Known, is_known, unique};
use super::notes::Notes;
use super::read::{At, label};
use super::{ANNOUNCEMENTS, Site, file, samples};
use crate::model::language::Language;
use crate::model::topic::{Section, Topic};
use crate::model::verdict::TermList;
use crate::rules::{Learned, RuleError, RuleLists, RulePlace, RuleSet, TopicRules};

/// The feed of everything has this name.
const ALL: &str = "all";

pub(super) fn sections(
    file: &file::File,
    site: Option<&Site>,
    notes: &mut Notes<'_>,
) -> Option<Vec<Section>> {
    let ids = file.section.iter().filter_map(|section| section.id.as_ref());
    unique("section", &ids.map(|id| (id.value.as_str(), &id.at)).collect::<Vec<_>>(), &[], notes);
    let section = |section: &file::Section| {
        let title = section.title.as_ref()?.in_language(&site?.language)?;
        Some(Section { id: section.id.clone()?.value, title: title.to_owned() })
    };
    file.section.iter().map(section).collect()
}

pub(super) fn topics(
    file: &file::File,
    sources: &[Known<'_>],
    site: Option<&Site>,
    notes: &mut Notes<'_>,
) -> Option<Vec<Topic>> {
    let sources: Vec<&str> = sources.iter().map(|source| source.id).chain([ANNOUNCEMENTS]).collect();
    let ids = file.topic.iter().filter_map(|topic| topic.id.as_ref());
    unique("topic", &ids.map(|id| (id.value.as_str(), &id.at)).collect::<Vec<_>>(), &[ALL], notes);
    let read: Vec<_> = file
        .topic
        .iter()
        .enumerate()
        .map(|(at, topic)| {
            let id = topic.id.as_ref().map(|id| id.value.as_str());
            let language = site.map(|site| &site.language);
            notes.within(label("topic", id, Some(at + 1)), |notes| {
                self::topic(topic, file, &sources, language, notes)
            })
        })
        .collect();
    read.into_iter().collect()
}

fn topic(
    topic: &file::Topic,
    file: &file::File,
    sources: &[&str],
    language: Option<&Language>,
    notes: &mut Notes<'_>,
) -> Option<Topic> {
    for source in topic.sources.iter().chain(topic.expect.iter().filter_map(|sample| sample.source.as_ref()))
    {
        is_known("source", source, sources, notes);
    }
    let sections: Vec<_> =
        file.section.iter().map(|section| Some(section.id.as_ref()?.value.as_str())).collect();
    let known: Vec<_> = sections.iter().copied().flatten().collect();
    let section = topic.section.as_ref()?;
    is_known("section", section, &known, notes);
    Some(Topic {
        id: topic.id.clone()?.value,
        title: topic.title.as_ref()?.in_language(language?)?.to_owned(),
        section: sections.iter().position(|id| *id == Some(section.value.as_str()))?,
    })
}

/// A topic that has an id, and its rules.
type Named<'f> = (&'f At<file::Topic>, TopicRules);

/// Compiles the terms of all topics, and tries their samples.
pub(super) fn rules(file: &file::File, sources: &[Known<'_>], notes: &mut Notes<'_>) -> Option<RuleSet> {
    let named: Vec<Named<'_>> =
        file.topic.iter().filter_map(|topic| Some((topic, topic_rules(topic)?))).collect();
    let rules = RuleSet::parse(lists(file, named.iter().map(|(_, rules)| rules.clone()).collect()));
    for error in rules.as_ref().err().into_iter().flatten() {
        wrong_term(file, &named, error, notes);
    }
    let rules = rules.ok();
    for (topic, own) in named.iter().filter(|(topic, _)| !topic.expect.is_empty()) {
        // A mistake in one topic is no reason not to try the others.
        let alone = rules.is_none().then(|| RuleSet::parse(lists(file, vec![own.clone()])).ok()).flatten();
        if let Some(rules) = rules.as_ref().or(alone.as_ref()) {
            samples::check(file, sources, topic, &own.id, rules, notes);
        }
    }
    rules
}

/// The rules with some topics only.
fn lists(file: &file::File, topics: Vec<TopicRules>) -> RuleLists {
    RuleLists {
        context: texts(&file.context.terms),
        veto: texts(&file.veto.any),
        veto_title: texts(&file.veto.title),
        learned: learned(&file.learned),
        topics,
    }
}

fn learned(file: &file::Learned) -> Learned {
    let percent = |count: Option<file::Percent>| count.and_then(|count| u8::try_from(count.get()).ok());
    Learned {
        context: percent(file.context),
        publish: percent(file.publish),
        review: percent(file.review),
        doubt: percent(file.doubt),
    }
}

fn topic_rules(topic: &file::Topic) -> Option<TopicRules> {
    Some(TopicRules {
        id: topic.id.as_ref()?.value.clone(),
        strong: texts(&topic.strong),
        weak: texts(&topic.weak),
        not: texts(&topic.not),
        expression: topic.expression.as_ref().map(|expression| expression.value.clone()),
        needs_context: topic.needs_context,
        languages: topic.languages.iter().map(|language| language.primary().to_owned()).collect(),
        sources: texts(&topic.sources),
    })
}

fn texts(terms: &[At<String>]) -> Vec<String> {
    terms.iter().map(|term| term.value.clone()).collect()
}

/// Notes what the rules say of a term, at its place in the file.
fn wrong_term(file: &file::File, named: &[Named<'_>], error: &RuleError, notes: &mut Notes<'_>) {
    let (table, key, term) = match error.place {
        RulePlace::Context(index) => ("context".to_owned(), "terms", file.context.terms.get(index)),
        RulePlace::Veto(index) => ("veto".to_owned(), "any", file.veto.any.get(index)),
        RulePlace::VetoTitle(index) => ("veto".to_owned(), "title", file.veto.title.get(index)),
        RulePlace::Topic { topic, list, index } => {
            let topic = named.get(topic).map(|(topic, _)| *topic);
            let id = topic.and_then(|topic| Some(topic.id.as_ref()?.value.as_str()));
            let (key, terms): (_, Option<&[_]>) = match list {
                TermList::Strong => ("strong", topic.map(|topic| topic.strong.as_slice())),
                TermList::Weak => ("weak", topic.map(|topic| topic.weak.as_slice())),
                TermList::Not => ("not", topic.map(|topic| topic.not.as_slice())),
                TermList::Expression | TermList::Context | TermList::Veto => {
                    ("expression", topic.map(|topic| topic.expression.as_slice()))
                }
            };
            (label("topic", id, None), key, terms.and_then(|terms| terms.get(index)))
        }
    };
    let at = term.map_or(0..0, |term| inside(notes.text(), term, &error.at));
    notes.within(table, |notes| notes.wrong(at, &format!("`{key}`: {}", error.message), error.hint.clone()));
}

/// Bytes of a text in quotes, as bytes of the file; the whole of it where escapes make them differ.
fn inside(file: &str, text: &At<String>, part: &Range<usize>) -> Range<usize> {
    let raw = file.get(text.at.clone()).unwrap_or_default();
    let opening = ["\"\"\"\r\n", "\"\"\"\n", "\"\"\"", "'''\r\n", "'''\n", "'''", "\"", "'"];
    let Some(opening) = opening.into_iter().find(|quotes| raw.starts_with(quotes)) else {
        return text.at.clone();
    };
    let quotes = opening.trim_end();
    let inner = raw.strip_prefix(opening).and_then(|rest| rest.strip_suffix(quotes));
    if inner != Some(text.value.as_str()) {
        return text.at.clone();
    }
    let start = text.at.start + opening.len();
    start + part.start.min(text.value.len())..start + part.end.min(text.value.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(file: &str, value: &str, found: &str) {
        let text = At { value: value.to_owned(), at: 4..file.len() };
        let start = value.find('!').unwrap();
        assert_eq!(&file[inside(file, &text, &(start..start + 1))], found, "{file}");
    }

    #[test]
    fn a_place_inside_a_term_is_found_behind_its_quotes() {
        check("x = \"ab!c\"", "ab!c", "!");
        check("x = 'ab!c'", "ab!c", "!");
        check("x = \"\"\"\nab!c\"\"\"", "ab!c", "!");
        check("x = '''ab!c'''", "ab!c", "!");
    }

    #[test]
    fn with_escapes_the_whole_term_is_shown() {
        check(r#"x = "a\u0062!c""#, "ab!c", r#""a\u0062!c""#);
    }
}
