//! One file per output format: stories become the bytes of a page. Pure, and the same values give the same bytes.

mod atom;
mod calendar;
mod digest;
mod feed;
mod json_feed;
mod manifest;
mod opml;
mod rss;
mod style;
mod template;
mod when;

use chrono::{DateTime, Utc};

use crate::config::Site;
use crate::model::page::Page;
use crate::model::source::Source;
use crate::model::story::Story;
use crate::model::topic::{Section, Topic};

pub use self::atom::atom;
pub use self::calendar::calendar;
pub use self::digest::digest;
pub use self::json_feed::json_feed;
pub use self::manifest::manifest;
pub use self::opml::opml;
pub use self::rss::rss;

/// The stories that one published feed shows now.
#[derive(Debug, Clone)]
pub struct Selection<'a> {
    /// `all`, or a topic's id: the feed's file name without extension.
    pub name: &'a str,
    /// "Everything", or the topic's title.
    pub title: &'a str,
    /// Newest first.
    pub stories: Vec<&'a Story>,
}

/// What the digest shows.
#[derive(Debug, Clone)]
pub struct Digest<'a> {
    pub site: &'a Site,
    /// When something in it last changed; the clock is not asked, so that the same stories give the same bytes.
    /// 1970 if nothing was ever in it.
    pub as_of: DateTime<Utc>,
    pub alerts: Vec<&'a Story>,
    /// Coming events, the next one first.
    pub events: Vec<&'a Story>,
    pub top: Vec<&'a Story>,
    /// Sections that have stories, in the order of feeds.toml.
    pub sections: Vec<(&'a Section, Vec<&'a Story>)>,
    pub topics: &'a [Topic],
    /// Enabled sources.
    pub sources: Vec<&'a Source>,
}

impl<'a> Digest<'a> {
    /// Every story that stands in it.
    pub fn stories(&self) -> impl Iterator<Item = &'a Story> {
        let sections = self.sections.iter().flat_map(|(_, stories)| stories);
        self.alerts.iter().chain(&self.events).chain(&self.top).chain(sections).copied()
    }
}

/// `style.css` and `feeds/feed.css`: what does not depend on any story.
pub fn assets() -> Vec<Page> {
    [("style.css", template::STYLE), ("feeds/feed.css", template::FEED_STYLE)]
        .map(|(path, text)| Page { path: path.to_owned(), bytes: style::slim(text).into_bytes() })
        .into()
}
