//! What the feed formats say alike: names, addresses, and a story's text with the secretariat's words above the source's.

use chrono::{DateTime, Utc};
use serde::Serialize;

use super::{Selection, template, when};
use crate::config::Site;
use crate::model::story::{Story, Withdrawn};
use crate::model::topic::{Topic, TopicId};

pub(super) const PROGRAM: &str = "Tidewaiter";
pub(super) const VERSION: &str = env!("CARGO_PKG_VERSION");

/// What a story's text in a feed is made of.
#[derive(Serialize)]
struct View<'a> {
    organisation: &'a str,
    site_language: &'a str,
    site_dir: &'static str,
    language: &'a str,
    dir: &'static str,
    withdrawn: Option<String>,
    event: Option<EventView<'a>>,
    note: Option<&'a str>,
    html: &'a str,
    summary: &'a str,
}

#[derive(Serialize)]
struct EventView<'a> {
    cancelled: bool,
    days: String,
    hours: Option<String>,
    place: Option<&'a str>,
    registration: Option<&'a str>,
}

/// "The Bulletin: E-commerce"
pub(super) fn title(site: &Site, selection: &Selection<'_>) -> String {
    format!("{}: {}", site.title, selection.title)
}

/// The file of a selection, below the output folder.
pub(super) fn path(selection: &Selection<'_>, extension: &str) -> String {
    format!("feeds/{}.{extension}", selection.name)
}

/// Where members find it.
pub(super) fn address(site: &Site, path: &str) -> String {
    format!("{}{path}", site.url)
}

/// When something in the selection last changed. One without stories says the beginning of Unix time: no clock is asked,
/// and no reader takes it for news.
pub(super) fn updated(selection: &Selection<'_>) -> DateTime<Utc> {
    selection.stories.iter().map(|story| story.updated).max().unwrap_or(DateTime::UNIX_EPOCH)
}

/// Where a story leads: to its source, or to its place in the digest if it is told there only.
pub(super) fn link(site: &Site, story: &Story) -> String {
    story.link.as_ref().map_or_else(|| address(site, &format!("#{}", story.slug)), ToString::to_string)
}

/// Persons, or the source where it names none.
pub(super) fn authors(story: &Story) -> Vec<&str> {
    if story.authors.is_empty() {
        vec![&story.source.title]
    } else {
        story.authors.iter().map(String::as_str).collect()
    }
}

/// The topic's title, or its id if feeds.toml knows it no longer.
pub(super) fn topic_title<'a>(topics: &'a [Topic], id: &'a TopicId) -> &'a str {
    topics.iter().find(|topic| topic.id == *id).map_or(id.as_str(), |topic| &topic.title)
}

pub(super) fn direction(right_to_left: bool) -> &'static str {
    if right_to_left { "rtl" } else { "ltr" }
}

/// What members should know before they read it: in the words of the secretariat, not of the source.
pub(super) fn withdrawn(story: &Story) -> Option<String> {
    let source = &story.source.title;
    Some(match story.withdrawn? {
        Withdrawn::Said => format!("Withdrawn at source: {source} has taken this back."),
        Withdrawn::Missing => format!("No longer shown at source: {source} may have withdrawn this."),
    })
}

/// A story's text as HTML: that it was taken back, when and where of an event, the secretariat's note, the source's text. `None` if there is no
/// more to say than the summary.
pub(super) fn content(site: &Site, story: &Story) -> Option<String> {
    if story.event.is_none() && story.note.is_none() && story.withdrawn.is_none() {
        return (!story.html.is_empty()).then(|| directed(story));
    }
    let view = View {
        organisation: &site.organisation,
        site_language: site.language.as_str(),
        site_dir: direction(site.language.is_rtl()),
        language: story.language.as_str(),
        dir: direction(story.language.is_rtl()),
        withdrawn: withdrawn(story),
        event: story.event.as_ref().map(|event| EventView {
            cancelled: event.cancelled,
            days: when::range(&event.when),
            hours: when::hours(&event.when),
            place: event.place.as_deref(),
            registration: event.registration.as_ref().map(url::Url::as_str),
        }),
        note: story.note.as_deref(),
        html: &story.html,
        summary: &story.summary,
    };
    Some(template::fill(template::STORY, &view).trim_end().to_owned())
}

/// The language of the text travels beside it (`xml:lang`), its direction has to travel in it.
fn directed(story: &Story) -> String {
    if story.language.is_rtl() {
        format!("<div lang=\"{}\" dir=\"rtl\">{}</div>", story.language, story.html)
    } else {
        story.html.clone()
    }
}
