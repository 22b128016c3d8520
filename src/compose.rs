//! The store's entries, the announcements, the configuration and one `now` become the pages of the publication.

mod digest;
pub mod explain;
mod told;
pub mod until;
pub mod waiting;

use chrono::{DateTime, TimeDelta, Utc};
use std::cmp::Reverse;
use std::collections::BTreeMap;

use crate::config::Config;
use crate::desk::announce;
use crate::identity::Withdrawal;
use crate::model::announcement::{Announcement, Event, When};
use crate::model::decision::Decision;
use crate::model::entry::{Entry, EntryId};
use crate::model::page::Page;
use crate::model::source::Source;
use crate::model::story::{Story, StoryKind};
use crate::render::{self, Selection};

/// A subscribed calendar forgets what its file no longer holds: past events stay in it for a year.
const CALENDAR_KEEPS: TimeDelta = TimeDelta::days(365);

/// Everything a publication is made of.
#[derive(Debug, Clone, Default, Hash)]
pub struct Snapshot {
    /// The newest entries that are published, at least as many as any feed shows, and of each topic too; and those that
    /// are pinned. In any order.
    pub entries: Vec<Entry>,
    /// The entries that notes speak of, whatever the rules say of them.
    pub noted: Vec<Entry>,
    /// What staff decided about all these entries, oldest first.
    pub decisions: Vec<Decision>,
    /// Of all these, what their sources took back.
    pub withdrawn: BTreeMap<EntryId, Withdrawal>,
    pub announcements: Vec<Announcement>,
}

/// All pages, in no particular order but the manifest, which is last.
pub fn compose(snapshot: &Snapshot, config: &Config, now: DateTime<Utc>) -> Vec<Page> {
    let stories = stories(snapshot, config, now);
    let mut pages: Vec<Page> =
        selections(&stories, config).iter().flat_map(|selection| feeds(selection, config)).collect();
    pages.extend(calendars(&stories, config, now));
    let sources: Vec<&Source> = config.sources.iter().filter(|source| source.enabled).collect();
    pages.push(render::opml(&config.site, &sources));
    pages.push(render::digest(&digest::arrange(&stories, sources, config, now)));
    pages.extend(render::assets());
    let manifest = render::manifest(config, &pages);
    pages.push(manifest);
    pages
}

/// Everything that may be shown at this time, newest first.
pub fn stories(snapshot: &Snapshot, config: &Config, now: DateTime<Utc>) -> Vec<Story> {
    let shown: Vec<&Announcement> =
        snapshot.announcements.iter().filter(|announcement| announcement.is_shown(now)).collect();
    let mut stories = told::stories(snapshot, &shown, config, now);
    let own = shown.iter().filter(|announcement| announcement.note_on().is_none());
    stories.extend(own.map(|announcement| announce::story(announcement, &config.site)));
    // What is of the same second stands by id, so that the order never depends on how it came in.
    stories.sort_by(|a, b| (Reverse(a.listed), &a.id).cmp(&(Reverse(b.listed), &b.id)));
    stories
}

/// Everything, and one selection per topic; one without stories too, so that its feeds' addresses hold.
fn selections<'a>(stories: &'a [Story], config: &'a Config) -> Vec<Selection<'a>> {
    let everything = Selection {
        name: "all",
        title: "Everything",
        stories: stories.iter().take(config.output.feed_entries).collect(),
    };
    let topics = config.topics.iter().map(|topic| Selection {
        name: topic.id.as_str(),
        title: &topic.title,
        stories: stories
            .iter()
            .filter(|story| story.topics.contains(&topic.id))
            .take(config.output.topic_feed_entries)
            .collect(),
    });
    std::iter::once(everything).chain(topics).collect()
}

fn feeds(selection: &Selection<'_>, config: &Config) -> [Page; 3] {
    let (site, topics) = (&config.site, config.topics.as_slice());
    [
        render::atom(site, topics, selection),
        render::rss(site, topics, selection),
        render::json_feed(site, topics, selection),
    ]
}

/// The pages on which a story stands; of its feeds, the Atom ones.
fn places(story: &Story, stories: &[Story], config: &Config, now: DateTime<Utc>) -> Vec<String> {
    let is_it = |other: &&Story| other.id == story.id;
    let feeds =
        selections(stories, config).into_iter().filter(|selection| selection.stories.iter().any(is_it));
    let mut places: Vec<String> = feeds.map(|selection| format!("feeds/{}.atom", selection.name)).collect();
    if digest::arrange(stories, Vec::new(), config, now).stories().any(|other| is_it(&other)) {
        places.insert(0, "index.html".to_owned());
    }
    places
}

/// `events.ics` with all events, and one file for each.
fn calendars(stories: &[Story], config: &Config, now: DateTime<Utc>) -> Vec<Page> {
    let mut events: Vec<(&Event, &Story)> = stories
        .iter()
        .filter(|story| story.kind == StoryKind::Event)
        .filter_map(|story| Some((story.event.as_ref()?, story)))
        .filter(|(event, _)| ends(event) + CALENDAR_KEEPS > now)
        .collect();
    events.sort_by_key(|(event, story)| (starts(event), story.id.as_str()));
    let events: Vec<&Story> = events.into_iter().map(|(_, story)| story).collect();
    let mut pages = vec![render::calendar(&config.site, "events.ics".to_owned(), &events)];
    pages.extend(
        events
            .iter()
            .map(|event| render::calendar(&config.site, format!("events/{}.ics", event.slug), &[event])),
    );
    pages
}

/// When an event begins; whole days are taken as UTC days.
pub(crate) fn starts(event: &Event) -> DateTime<Utc> {
    match &event.when {
        When::Days { first, .. } => first.and_time(chrono::NaiveTime::MIN).and_utc(),
        When::Times { start, .. } => start.to_utc(),
    }
}

/// When an event is over. The last of whole days ends last in the westernmost zone, twelve hours after UTC.
pub(crate) fn ends(event: &Event) -> DateTime<Utc> {
    match &event.when {
        When::Days { last, .. } => {
            last.and_time(chrono::NaiveTime::MIN).and_utc() + TimeDelta::days(1) + TimeDelta::hours(12)
        }
        When::Times { end, .. } => end.to_utc(),
    }
}

#[cfg(test)]
mod tests;
