//! One story as the digest shows it.

use serde::Serialize;

use super::languages;
use super::why::WhyView;
use crate::model::entry::DateOrigin;
use crate::model::language::Language;
use crate::model::story::{Also, Story, StoryKind};
use crate::model::topic::{Topic, TopicId};
use crate::render::{Digest, feed, when};

/// A source's text up to this many bytes of HTML stands open in the page; a longer one is folded away.
const OPEN_BYTES: usize = 3000;

#[derive(Serialize)]
pub(super) struct Item<'a> {
    /// `None` if the story has its anchor elsewhere in the page.
    anchor: Option<&'a str>,
    title: &'a str,
    /// Its title is in the page's language, whatever its own is.
    retitled: bool,
    /// Where the title leads; `None` for an alert, in which nothing is a link.
    href: Option<String>,
    language: LanguageView<'a>,
    source: &'a str,
    host: &'a str,
    credit: Option<&'a str>,
    day: String,
    day_iso: String,
    /// The day is when we saw it; the source gave none.
    seen: bool,
    /// Its source took it back.
    withdrawn: Option<String>,
    /// Text; empty where `full` says it all.
    summary: &'a str,
    /// Sanitised HTML.
    full: Option<String>,
    /// The same, but long.
    folded: Option<String>,
    /// Sanitised HTML.
    note: Option<String>,
    also: Vec<AlsoView<'a>>,
    topics: Vec<TopicLink<'a>>,
    why: WhyView<'a>,
}

/// The language of a text, and whether the page has to say so.
#[derive(Serialize)]
pub(super) struct LanguageView<'a> {
    tag: &'a str,
    dir: &'static str,
    /// What its own speakers call it.
    name: &'a str,
    /// It is not the page's own.
    foreign: bool,
    /// It runs the other way than the page.
    turned: bool,
}

#[derive(Serialize)]
struct AlsoView<'a> {
    href: &'a str,
    language: LanguageView<'a>,
    source: &'a str,
}

/// A topic, which has a feed.
#[derive(Serialize)]
pub(super) struct TopicLink<'a> {
    id: &'a str,
    title: &'a str,
}

impl<'a> TopicLink<'a> {
    pub(super) fn of(topic: &'a Topic) -> Self {
        Self { id: topic.id.as_str(), title: &topic.title }
    }
}

impl<'a> Item<'a> {
    pub(super) fn of(digest: &Digest<'a>, story: &'a Story, level: u8, anchor: Option<&'a str>) -> Self {
        let (full, folded) = texts(story, level);
        Self {
            anchor,
            title: &story.title,
            retitled: story.retitled,
            href: href(story),
            language: LanguageView::of(&story.language, &digest.site.language),
            source: &story.source.title,
            host: &story.source.host,
            credit: story.source.credit.as_deref(),
            day: when::short(story.published.date_naive()),
            day_iso: story.published.date_naive().to_string(),
            seen: story.date_origin == DateOrigin::FirstSeen,
            withdrawn: feed::withdrawn(story),
            summary: if full.is_some() { "" } else { &story.summary },
            full,
            folded,
            note: story.note.as_deref().map(|html| below(html, level)),
            also: story.also.iter().map(|also| AlsoView::of(also, &digest.site.language)).collect(),
            topics: known(digest.topics, &story.topics).map(TopicLink::of).collect(),
            why: WhyView::of(digest.topics, story),
        }
    }
}

impl<'a> LanguageView<'a> {
    pub(super) fn of(language: &'a Language, page: &Language) -> Self {
        Self {
            tag: language.as_str(),
            dir: feed::direction(language.is_rtl()),
            name: languages::own_name(language),
            foreign: language.primary() != page.primary(),
            turned: language.is_rtl() != page.is_rtl(),
        }
    }
}

impl<'a> AlsoView<'a> {
    fn of(also: &'a Also, page: &Language) -> Self {
        Self {
            href: also.link.as_str(),
            language: LanguageView::of(&also.language, page),
            source: &also.source.title,
        }
    }
}

/// The topics that feeds.toml still has, in the story's order.
pub(super) fn known<'a>(topics: &'a [Topic], ids: &'a [TopicId]) -> impl Iterator<Item = &'a Topic> {
    ids.iter().filter_map(|id| topics.iter().find(|topic| topic.id == *id))
}

/// Where the title of a story leads: to its source; a story that is told here only, to itself.
pub(super) fn href(story: &Story) -> Option<String> {
    match story.kind {
        StoryKind::Alert => None,
        StoryKind::News | StoryKind::Event => {
            Some(story.link.as_ref().map_or_else(|| format!("#{}", story.slug), ToString::to_string))
        }
    }
}

/// The source's own text, open and folded. It stands there where the summary would lose something: the points of a list,
/// the official words that a note introduces, what an alert tells to do.
fn texts(story: &Story, level: u8) -> (Option<String>, Option<String>) {
    let has_list = story.html.contains("<ul") || story.html.contains("<ol");
    let wanted = has_list || story.note.is_some() || story.kind == StoryKind::Alert;
    if story.html.is_empty() || !wanted {
        return (None, None);
    }
    let html = below(&story.html, level);
    if html.len() <= OPEN_BYTES { (Some(html), None) } else { (None, Some(html)) }
}

/// The same HTML with all its headings at one level, so that the page keeps a single outline. Sanitised HTML has `<h1` only
/// where an element starts.
pub(super) fn below(html: &str, level: u8) -> String {
    (1..=6).fold(html.to_owned(), |html, from| {
        html.replace(&format!("<h{from}"), &format!("<h{level}"))
            .replace(&format!("</h{from}"), &format!("</h{level}"))
    })
}
