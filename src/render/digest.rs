//! The digest, `index.html`: the page that members read.

mod event;
mod item;
mod languages;
mod linked_data;
mod why;

use chrono::DateTime;
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};

use self::event::Card;
use self::item::{Item, TopicLink};
use super::{Digest, feed, template, when};
use crate::model::page::Page;
use crate::model::story::Story;
use crate::model::topic::{Section, Topic};

/// What the template is given: everything it may write, in the words and the order of the page.
#[derive(Serialize)]
struct View<'a> {
    site: SiteView<'a>,
    program: &'static str,
    version: &'static str,
    description: &'a str,
    day: String,
    /// Was there ever anything in it? Else its dates mean nothing.
    began: bool,
    day_iso: String,
    day_long: String,
    updated: String,
    updated_iso: String,
    story_count: usize,
    source_count: usize,
    /// How many sources are read, whether they have something in this issue or not.
    read_count: usize,
    alerts: Vec<Item<'a>>,
    events: Vec<Card<'a>>,
    top: Vec<Item<'a>>,
    sections: Vec<SectionView<'a>>,
    /// Topics with stories in this issue, and how many.
    topics: Vec<(TopicLink<'a>, usize)>,
    other_topics: Vec<TopicLink<'a>>,
    sources: Vec<SourceCount<'a>>,
    linked_data: String,
}

#[derive(Serialize)]
struct SiteView<'a> {
    title: &'a str,
    subtitle: &'a str,
    organisation: &'a str,
    organisation_name: &'a str,
    url: &'a str,
    home: &'a str,
    contact: &'a str,
    language: &'a str,
    dir: &'static str,
}

#[derive(Serialize)]
struct SectionView<'a> {
    id: &'a str,
    title: &'a str,
    /// Its topics: each has a feed.
    topics: Vec<TopicLink<'a>>,
    items: Vec<Item<'a>>,
}

#[derive(Serialize)]
struct SourceCount<'a> {
    title: &'a str,
    host: &'a str,
    count: usize,
}

/// Anchors that the page has already. A story that stands in two places is found in the first.
#[derive(Default)]
struct Anchors<'a>(BTreeSet<&'a str>);

impl<'a> Anchors<'a> {
    fn take(&mut self, story: &'a Story) -> Option<&'a str> {
        self.0.insert(&story.slug).then_some(story.slug.as_str())
    }
}

pub fn digest(digest: &Digest<'_>) -> Page {
    let html = template::fill(template::DIGEST, &view(digest));
    Page { path: "index.html".to_owned(), bytes: html.into_bytes() }
}

fn view<'a>(digest: &'a Digest<'a>) -> View<'a> {
    let (site, as_of) = (digest.site, digest.as_of);
    let stories = stories(digest);
    let sources = sources(&stories);
    let (topics, other_topics) = topics(digest, &stories);
    let mut anchors = Anchors::default();
    // In the order of the page: the first place of a story keeps its anchor.
    let alerts = items(digest, &digest.alerts, 3, &mut anchors);
    let events = digest
        .events
        .iter()
        .filter_map(|story| Card::of(&site.language, story, anchors.take(story)))
        .collect();
    let top = items(digest, &digest.top, 4, &mut anchors);
    let sections =
        digest.sections.iter().map(|(part, list)| section(digest, part, list, &mut anchors)).collect();
    View {
        site: SiteView {
            title: &site.title,
            subtitle: &site.subtitle,
            organisation: &site.organisation,
            organisation_name: &site.organisation_name,
            url: site.url.as_str(),
            home: site.home.as_str(),
            contact: &site.contact,
            language: site.language.as_str(),
            dir: feed::direction(site.language.is_rtl()),
        },
        program: feed::PROGRAM,
        version: feed::VERSION,
        description: site.subtitle.as_str(),
        day: when::short(as_of.date_naive()),
        began: as_of != DateTime::UNIX_EPOCH,
        day_iso: as_of.date_naive().to_string(),
        day_long: when::long(as_of.date_naive()),
        updated: when::clock(as_of),
        updated_iso: as_of.format("%Y-%m-%dT%H:%M:%SZ").to_string(),
        story_count: stories.len(),
        source_count: sources.len(),
        read_count: digest.sources.len(),
        alerts,
        events,
        top,
        sections,
        topics,
        other_topics,
        sources,
        linked_data: linked_data::script(digest),
    }
}

/// The stories of this issue, each once: what its numbers count.
fn stories<'a>(digest: &Digest<'a>) -> Vec<&'a Story> {
    let mut seen = BTreeSet::new();
    let sections = digest.sections.iter().flat_map(|(_, stories)| stories);
    digest.top.iter().chain(sections).copied().filter(|story| seen.insert(&story.slug)).collect()
}

/// The sources of this issue, the busiest first.
fn sources<'a>(stories: &[&'a Story]) -> Vec<SourceCount<'a>> {
    let mut counts: BTreeMap<&str, SourceCount<'a>> = BTreeMap::new();
    for story in stories {
        let source = &story.source;
        let none = SourceCount { title: &source.title, host: &source.host, count: 0 };
        counts.entry(&source.id).or_insert(none).count += 1;
    }
    let mut counts: Vec<_> = counts.into_values().collect();
    counts.sort_by(|a, b| b.count.cmp(&a.count).then(a.title.cmp(b.title)));
    counts
}

/// The topics that something in this issue is filed under, with their number, and the topics that nothing is filed under.
/// Alerts and events count: each has a feed.
fn topics<'a>(digest: &Digest<'a>, stories: &[&Story]) -> (Vec<(TopicLink<'a>, usize)>, Vec<TopicLink<'a>>) {
    let all = || digest.alerts.iter().chain(&digest.events).chain(stories);
    let count = |topic: &Topic| all().filter(|story| story.topics.contains(&topic.id)).count();
    let (shown, others): (Vec<_>, Vec<_>) = digest
        .topics
        .iter()
        .map(|topic| (TopicLink::of(topic), count(topic)))
        .partition(|(_, count)| *count > 0);
    (shown, others.into_iter().map(|(topic, _)| topic).collect())
}

fn section<'a>(
    digest: &Digest<'a>,
    section: &'a Section,
    stories: &[&'a Story],
    anchors: &mut Anchors<'a>,
) -> SectionView<'a> {
    // The section's place in the list of all sections is not known here, but each of its stories has it.
    let first = stories.iter().find_map(|story| story.topics.first());
    let place = digest.topics.iter().find(|topic| Some(&topic.id) == first).map(|topic| topic.section);
    SectionView {
        id: section.id.as_str(),
        title: &section.title,
        topics: digest
            .topics
            .iter()
            .filter(|topic| Some(topic.section) == place)
            .map(TopicLink::of)
            .collect(),
        items: items(digest, stories, 4, anchors),
    }
}

/// `level` is that of headings inside the source's own text, below the story's heading.
fn items<'a>(
    digest: &Digest<'a>,
    stories: &[&'a Story],
    level: u8,
    anchors: &mut Anchors<'a>,
) -> Vec<Item<'a>> {
    stories.iter().map(|story| Item::of(digest, story, level, anchors.take(story))).collect()
}
