//! The digest's arrangement: alerts, what is coming up, the top, then sections by topic.

use chrono::{DateTime, TimeDelta, Utc};
use std::cmp::Reverse;
use std::collections::HashMap;

use super::{ends, starts, told};
use crate::config::Config;
use crate::model::source::Source;
use crate::model::story::{Story, StoryKind};
use crate::model::topic::Section;
use crate::render::Digest;

/// What the digest shows of all stories (newest first).
pub(super) fn arrange<'a>(
    stories: &'a [Story],
    sources: Vec<&'a Source>,
    config: &'a Config,
    now: DateTime<Utc>,
) -> Digest<'a> {
    let of_kind = |kind| stories.iter().filter(move |story| story.kind == kind);
    let alerts: Vec<&Story> = of_kind(StoryKind::Alert).collect();
    let events = coming(of_kind(StoryKind::Event), now);
    let news = recent(of_kind(StoryKind::News), config, now);
    let top = top(&news, config);
    let sections = sections(news.into_iter().filter(|story| !top.iter().any(|t| t.id == story.id)), config);
    let topics = &config.topics;
    let as_of = DateTime::UNIX_EPOCH;
    let mut digest = Digest { site: &config.site, as_of, alerts, events, top, sections, topics, sources };
    // With nothing to show, the page tells since when.
    let changed = |story: &Story| story.seen.max(story.updated);
    let shown = digest.stories().map(changed).max();
    digest.as_of = shown.or_else(|| stories.iter().map(changed).max()).unwrap_or(as_of);
    digest
}

/// Events that are not over, the next one first.
fn coming<'a>(events: impl Iterator<Item = &'a Story>, now: DateTime<Utc>) -> Vec<&'a Story> {
    let mut coming: Vec<_> = events
        .filter_map(|story| Some((story.event.as_ref()?, story)))
        .filter(|(event, _)| ends(event) > now)
        .map(|(event, story)| (starts(event), story))
        .collect();
    coming.sort_by_key(|(starts, story)| (*starts, story.id.as_str()));
    coming.into_iter().map(|(_, story)| story).collect()
}

/// News of the last days, pinned ones of any age; of one source no more than leaves room for the others.
fn recent<'a>(news: impl Iterator<Item = &'a Story>, config: &Config, now: DateTime<Utc>) -> Vec<&'a Story> {
    let since = now - TimeDelta::days(i64::from(config.output.digest_days));
    let mut of_source: HashMap<&str, usize> = HashMap::new();
    news.filter(|story| story.pinned || story.listed >= since)
        .filter(|story| {
            let count = of_source.entry(story.source.id.as_str()).or_default();
            *count += 1;
            story.pinned || *count <= config.output.source_stories
        })
        .collect()
}

/// Pinned stories first, then those that the secretariat introduces, then those that several tell, then what every member
/// can read, then institutions', then by the order of the sections, in which staff put first what matters most.
fn top<'a>(news: &[&'a Story], config: &Config) -> Vec<&'a Story> {
    let mut top = news.to_vec();
    top.sort_by_cached_key(|story| {
        let is_readable = story.language.primary() == config.site.language.primary();
        let rank = told::rank_of(story, config);
        let weight = (story.pinned, story.note.is_some(), story.also.len(), is_readable, rank);
        (Reverse(weight), section_of(story, config), Reverse(story.listed), story.id.as_str())
    });
    top.truncate(config.output.top_stories);
    top
}

/// Each story stands in the section of its first topic.
fn sections<'a>(
    news: impl Iterator<Item = &'a Story>,
    config: &'a Config,
) -> Vec<(&'a Section, Vec<&'a Story>)> {
    let mut sections: Vec<(&Section, Vec<&Story>)> =
        config.sections.iter().map(|section| (section, Vec::new())).collect();
    for story in news {
        if let Some((_, stories)) = sections.get_mut(section_of(story, config))
            && stories.len() < config.output.section_stories
        {
            stories.push(story);
        }
    }
    sections.retain(|(_, stories)| !stories.is_empty());
    sections
}

/// The place of a story's section; the last one takes what staff let in without saying where it belongs.
fn section_of(story: &Story, config: &Config) -> usize {
    let topic = story.topics.first().and_then(|id| config.topics.iter().find(|topic| topic.id == *id));
    topic.map_or(config.sections.len().saturating_sub(1), |topic| topic.section)
}
