//! JSON Feed 1.1: the feed for programs, with everything that we know of a story.

use chrono::{DateTime, SecondsFormat, Utc};
use serde::Serialize;

use super::{Selection, feed};
use crate::config::Site;
use crate::model::entry::DateOrigin;
use crate::model::page::Page;
use crate::model::story::{Byline, Reason, Story, StoryKind, Why, Withdrawn};
use crate::model::topic::{Topic, TopicId};

#[derive(Serialize)]
struct JsonFeed<'a> {
    version: &'static str,
    title: String,
    home_page_url: &'a str,
    feed_url: String,
    description: &'a str,
    authors: Vec<Author<'a>>,
    language: &'a str,
    items: Vec<Item<'a>>,
}

#[derive(Serialize)]
struct Author<'a> {
    name: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    url: Option<&'a str>,
}

#[derive(Serialize)]
struct Item<'a> {
    id: &'a str,
    url: String,
    /// The same address again where the story is someone else's: programs that show links about links look here.
    #[serde(skip_serializing_if = "Option::is_none")]
    external_url: Option<&'a str>,
    title: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    content_html: Option<String>,
    /// The format wants one of the two contents in every item.
    #[serde(skip_serializing_if = "Option::is_none")]
    content_text: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    summary: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    date_published: Option<String>,
    date_modified: String,
    authors: Vec<Author<'a>>,
    tags: Vec<&'a str>,
    language: &'a str,
    _tidewaiter: Extension<'a>,
}

/// What the format has no place for.
#[derive(Serialize)]
struct Extension<'a> {
    kind: &'static str,
    source: SourceView<'a>,
    topics: Vec<&'a str>,
    also: Vec<AlsoView<'a>>,
    why: WhyView<'a>,
    /// Its source took it back: it `said` so, or it is `missing` there.
    #[serde(skip_serializing_if = "Option::is_none")]
    withdrawn: Option<&'static str>,
}

#[derive(Serialize)]
struct SourceView<'a> {
    id: &'a str,
    title: &'a str,
    host: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    url: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    credit: Option<&'a str>,
}

#[derive(Serialize)]
struct AlsoView<'a> {
    title: &'a str,
    url: &'a str,
    language: &'a str,
    source: &'a str,
}

#[derive(Serialize)]
struct WhyView<'a> {
    /// `rules`, `filed`, `accepted`, `announcement` or `note`
    by: &'static str,
    matches: Vec<MatchView<'a>>,
}

#[derive(Serialize)]
struct MatchView<'a> {
    topic: Option<&'a str>,
    list: &'static str,
    term: &'a str,
    field: &'static str,
    words: &'a str,
}

pub fn json_feed(site: &Site, topics: &[Topic], selection: &Selection<'_>) -> Page {
    let path = feed::path(selection, "json");
    let feed = JsonFeed {
        version: "https://jsonfeed.org/version/1.1",
        title: feed::title(site, selection),
        home_page_url: site.url.as_str(),
        feed_url: feed::address(site, &path),
        description: &site.subtitle,
        authors: vec![Author { name: &site.organisation_name, url: Some(site.home.as_str()) }],
        language: site.language.as_str(),
        items: selection.stories.iter().map(|story| item(site, topics, story)).collect(),
    };
    let mut bytes = serde_json::to_vec_pretty(&feed).expect("every key is text");
    bytes.push(b'\n');
    Page { path, bytes }
}

fn item<'a>(site: &Site, topics: &'a [Topic], story: &'a Story) -> Item<'a> {
    let content_html = feed::content(site, story);
    let summary = Some(story.summary.as_str()).filter(|text| !text.is_empty());
    Item {
        id: &story.id,
        url: feed::link(site, story),
        external_url: story.source.url.as_ref().and(story.link.as_ref()).map(url::Url::as_str),
        title: &story.title,
        content_text: content_html.is_none().then_some(summary.unwrap_or(&story.title)),
        content_html,
        summary,
        // When we first saw it is not when it was published.
        date_published: (story.date_origin != DateOrigin::FirstSeen).then(|| time(story.published)),
        date_modified: time(story.updated),
        authors: feed::authors(story).into_iter().map(|name| Author { name, url: None }).collect(),
        tags: story.topics.iter().map(|id| feed::topic_title(topics, id)).collect(),
        language: story.language.as_str(),
        _tidewaiter: extension(story),
    }
}

fn extension(story: &Story) -> Extension<'_> {
    Extension {
        kind: match story.kind {
            StoryKind::News => "news",
            StoryKind::Event => "event",
            StoryKind::Alert => "alert",
        },
        source: source(&story.source),
        topics: story.topics.iter().map(TopicId::as_str).collect(),
        also: story
            .also
            .iter()
            .map(|also| AlsoView {
                title: &also.title,
                url: also.link.as_str(),
                language: also.language.as_str(),
                source: &also.source.title,
            })
            .collect(),
        why: match &story.why {
            Why::Rules(reasons) => WhyView { by: "rules", matches: reasons.iter().map(matched).collect() },
            Why::Filed(reasons) => WhyView { by: "filed", matches: reasons.iter().map(matched).collect() },
            Why::Accepted => WhyView { by: "accepted", matches: Vec::new() },
            Why::Announcement => WhyView { by: "announcement", matches: Vec::new() },
            Why::Note => WhyView { by: "note", matches: Vec::new() },
        },
        withdrawn: story.withdrawn.map(|withdrawn| match withdrawn {
            Withdrawn::Said => "said",
            Withdrawn::Missing => "missing",
        }),
    }
}

fn source(source: &Byline) -> SourceView<'_> {
    SourceView {
        id: &source.id,
        title: &source.title,
        host: &source.host,
        url: source.url.as_ref().map(url::Url::as_str),
        credit: source.credit.as_deref(),
    }
}

fn matched(reason: &Reason) -> MatchView<'_> {
    MatchView {
        topic: reason.matched.topic.as_ref().map(TopicId::as_str),
        list: reason.matched.list.as_str(),
        term: &reason.matched.term,
        field: reason.matched.field.as_str(),
        words: &reason.words,
    }
}

fn time(at: DateTime<Utc>) -> String {
    at.to_rfc3339_opts(SecondsFormat::Secs, true)
}
