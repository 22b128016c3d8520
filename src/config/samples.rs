//! Tries the samples of each topic: what an editor expects of the rules is checked whenever the file is read.

use super::check::Known;
use super::file;
use super::notes::Notes;
use super::read::{At, label};
use crate::model::language::Language;
use crate::model::topic::TopicId;
use crate::model::verdict::{Match, TermList, Verdict};
use crate::rules::{RuleSet, Subject};

/// Notes each sample of which the topic says something else than expected. `rules` may have other topics: only this one is
/// asked.
pub(super) fn check(
    file: &file::File,
    sources: &[Known<'_>],
    topic: &At<file::Topic>,
    id: &TopicId,
    rules: &RuleSet,
    notes: &mut Notes<'_>,
) {
    // A topic with a mistake in it may lack the very term; its samples are tried when that is mended.
    if notes.any_in(topic.at.start..end(file, topic, notes.text())) {
        return;
    }
    notes.within(label("topic", Some(id.as_str()), None), |notes| {
        for (at, sample) in topic.expect.iter().enumerate() {
            let name = label("sample", None, Some(at + 1));
            notes.within(name, |notes| try_out(sources, rules, id, sample, notes));
        }
    });
}

/// Where the next topic begins.
fn end(file: &file::File, topic: &At<file::Topic>, text: &str) -> usize {
    let later = file.topic.iter().map(|other| other.at.start).filter(|start| *start > topic.at.start);
    later.min().unwrap_or(text.len())
}

fn try_out(
    sources: &[Known<'_>],
    rules: &RuleSet,
    topic: &TopicId,
    sample: &At<file::Sample>,
    notes: &mut Notes<'_>,
) {
    let (Some(title), Some(expected)) = (&sample.title, sample.verdict) else { return };
    let verdict = rules.judge_alone(topic, &subject(sources, sample, title));
    let (found, expected) = (verdict.outcome.as_str(), expected.0.as_str());
    if found != expected {
        let message = format!("expected {expected}, got {found}: {}", why(&verdict, topic));
        notes.absent(sample.at.clone(), &message, "change the topic's terms, or what the sample expects");
    }
}

/// The sample as an entry of its source. Announcements are about goods crossing borders.
fn subject<'f>(sources: &[Known<'f>], sample: &'f file::Sample, title: &'f str) -> Subject<'f> {
    let name = sample.source.as_ref().map_or("", |source| source.value.as_str());
    let source = sources.iter().find(|source| source.id == name);
    let language = sample.language.as_ref().or(source.and_then(|source| source.language));
    Subject {
        source: name,
        context: name == super::ANNOUNCEMENTS || source.is_some_and(|source| source.context),
        language: language.map(Language::primary),
        title,
        summary: sample.summary.as_deref().unwrap_or_default(),
        ..Subject::default()
    }
}

/// What speaks for the topic, and what was missing.
fn why(verdict: &Verdict, topic: &TopicId) -> String {
    let matches = verdict.matches.iter().filter_map(said);
    let reasons: Vec<_> =
        matches.chain(verdict.near_misses.iter().map(|near| near.missing.clone())).collect();
    if reasons.is_empty() { format!("no strong or weak term of `{topic}` in it") } else { reasons.join("; ") }
}

/// "strong `rules of origin` in its title"; `None` for what does not speak for a topic.
fn said(found: &Match) -> Option<String> {
    let speaks = matches!(found.list, TermList::Strong | TermList::Weak | TermList::Expression);
    speaks.then(|| format!("{} `{}` in its {}", found.list.as_str(), found.term, found.field.as_str()))
}
