//! A source: a feed or a page that we pull.

use chrono::TimeDelta;
use std::fmt;
use url::Url;

use super::language::Language;
use super::topic::TopicId;

/// The name of a source in feeds.toml and in the store: lower-case letters, digits and single hyphens, at most 64.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct SourceId(String);

impl SourceId {
    pub fn parse(text: &str) -> Option<Self> {
        super::topic::is_slug(text).then(|| Self(text.to_owned()))
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for SourceId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// A feed or a page that we pull, as feeds.toml describes it; defaults are filled in.
#[derive(Debug, Clone, PartialEq)]
pub struct Source {
    pub id: SourceId,
    /// The short name that members read: "WCO".
    pub title: String,
    pub url: Url,
    pub kind: SourceKind,
    pub enabled: bool,
    /// Of the texts, where the entry itself does not say; believed before what the feed says.
    pub language: Option<Language>,
    /// How long to wait between two requests when all goes well.
    pub interval: TimeDelta,
    /// Everything this source says is about goods crossing borders, so that weak terms count without context.
    pub context: bool,
    /// Issuing institutions lead a story; those who report it follow. The higher rank leads.
    pub rank: Rank,
    /// Topics of every entry of this source, besides those that the words find; an entry that no word takes is published
    /// under these too. Empty for most.
    pub topics: Vec<TopicId>,
    /// How much of a text may be shown again.
    pub reuse: Reuse,
    /// Words of credit that the source asks for: "WTO news".
    pub credit: Option<String>,
    pub robots: Robots,
    /// The whole answer must have come within this time.
    pub timeout: TimeDelta,
    /// Decoded bytes of an answer beyond which we stop reading.
    pub max_bytes: u64,
    /// Its hub, if it names one, may be asked to tell of its news.
    pub hub: bool,
    /// Entries published longer ago than this are stored but never published; `None` for no limit.
    pub max_age: Option<TimeDelta>,
    /// Only entries whose link matches are taken.
    pub keep_link: Option<String>,
    /// Entries whose link matches are not taken.
    pub drop_link: Option<String>,
    /// An entry id that ends so says that the feed has ended: an error, never an entry.
    pub ended_marker: Option<String>,
}

/// What kind of document the address gives.
#[derive(Debug, Clone, PartialEq)]
pub enum SourceKind {
    /// RSS, Atom or JSON Feed: found out by reading.
    Feed,
    /// An HTML page without a feed.
    Page(Selectors),
}

/// Where the parts of an entry stand in a page: CSS selectors, already checked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Selectors {
    /// Each match is one entry.
    pub item: String,
    /// Inside the item; `None`: the text of the link.
    pub title: Option<String>,
    /// Inside the item, an element with `href`; `None`: the item itself or the first link in it.
    pub link: Option<String>,
    pub date: Option<DateSelector>,
    /// Inside the item.
    pub summary: Option<String>,
    /// Fewer entries than this is a failure: the page was rebuilt, or is not the page we know.
    pub min_entries: usize,
}

/// Where the date of a page's entry stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DateSelector {
    /// In an element inside the item: its `datetime` attribute, else its text.
    Inside(String),
    /// In the last match before the item, in document order.
    Before(String),
    /// In the first match after the item, in document order.
    After(String),
}

/// Who leads when several sources tell one story. Later variants lead.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Rank {
    /// Republishes what others write.
    Aggregator,
    /// Trade press.
    Press,
    /// A member association or partner organisation.
    Partner,
    /// An administration, or an organisation that makes the rules.
    Institution,
}

/// How much of a source's text we may show.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Reuse {
    /// Title and link.
    Link,
    /// Title, link and the first sentences, as text.
    Excerpt,
    /// The whole text, as far as the source gives it.
    Full,
}

/// What robots.txt has to say for a source.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Robots {
    /// We obey it.
    Obey,
    /// A feed that the site offers to readers: fetched by its address as a subscription, nothing else on that host.
    Subscription,
}
