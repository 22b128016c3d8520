//! A source: a feed or a page that we pull.

use chrono::TimeDelta;
use chrono_tz::Tz;
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
    /// What it must give; `None`: staff set nothing.
    pub contract: Option<Contract>,
}

/// What kind of document the address gives.
#[derive(Debug, Clone, PartialEq)]
pub enum SourceKind {
    /// RSS, Atom or JSON Feed: found out by reading.
    Feed,
    /// An HTML page without a feed.
    Page(Selectors),
    /// JSON, or a list in a script.
    Json(Paths),
    /// A list of addresses for search engines, perhaps with news in it.
    Sitemap(Sitemap),
}

/// Where the parts of an entry stand in a page: CSS selectors, already checked.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Selectors {
    /// Each match is one entry.
    pub item: String,
    /// Inside the item; `None`: the text of the link.
    pub title: Option<String>,
    /// Inside the item, an element with `href`; `None`: the item itself or the first link in it.
    pub link: Option<String>,
    pub date: Option<Part>,
    pub date_reading: DateReading,
    pub summary: Option<Part>,
    pub paging: Option<Paging>,
    /// Fewer entries than this is a failure: the page was rebuilt, or is not the page we know.
    pub min_entries: usize,
}

/// Where a part of a page's entry stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Part {
    /// In an element inside the item.
    Inside(String),
    /// In the last match between the item before and this one.
    Before(String),
    /// In the first match between this item and the next.
    After(String),
    /// In the last match before the item, which may be a heading over several.
    Above(String),
    /// In the item's own text, without that of the elements in it.
    Own,
}

impl Part {
    /// The selector of it; the item's own text has none.
    pub fn css(&self) -> Option<&str> {
        match self {
            Self::Inside(css) | Self::Before(css) | Self::After(css) | Self::Above(css) => Some(css),
            Self::Own => None,
        }
    }

    /// The key of feeds.toml under which the place of a date stands.
    pub fn date_key(&self) -> &'static str {
        match self {
            Self::Inside(_) => "date",
            Self::Before(_) => "date_before",
            Self::After(_) => "date_after",
            Self::Above(_) => "date_above",
            Self::Own => "date_own",
        }
    }

    /// The key of feeds.toml under which the place of a summary stands. No text sums up several items, nor itself: what
    /// stands above is before, and what is in the item is inside.
    pub fn summary_key(&self) -> &'static str {
        match self {
            Self::Inside(_) | Self::Own => "summary",
            Self::Before(_) | Self::Above(_) => "summary_before",
            Self::After(_) => "summary_after",
        }
    }
}

/// How to get a date out of where it stands.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct DateReading {
    /// It stands in this attribute; `None`: in `datetime`, `content` or the text.
    pub attribute: Option<String>,
    /// A regular expression that cuts it out: its first group, or all that it matches.
    pub pattern: Option<String>,
    /// As `strftime` has it; `None`: any form that is known.
    pub format: Option<String>,
    /// Decides whether 3/4/2026 is in March or in April; `None`: such a date is not read.
    pub language: Option<Language>,
    /// Of times that name no zone; `None`: UTC.
    pub zone: Option<Tz>,
}

/// Where a listing goes on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Paging {
    pub next: Next,
    /// Pages that are asked at most, the first one counted.
    pub most: usize,
}

/// How the next page of a listing is found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Next {
    /// Its address stands there: a CSS selector of a page, a path of JSON.
    Told(String),
    /// An address with `{page}`, `{index}`, `{yyyy}`, `{mm}` or `{month}` in it.
    Pattern(String),
}

/// Where the parts of an entry stand in JSON, as paths (RFC 6901): `/fields/title`.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Paths {
    /// The list stands in a script under this name; `None`: the whole answer is JSON.
    pub script: Option<String>,
    /// From the root; empty: the root itself is the list.
    pub items: String,
    /// The others from the item.
    pub title: String,
    pub link: String,
    pub date: Option<String>,
    pub date_reading: DateReading,
    pub summary: Option<String>,
    pub id: Option<String>,
    pub language: Option<String>,
    pub paging: Option<Paging>,
}

/// How to read a sitemap.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Sitemap {
    /// An address that comes without a title gets the words of its last part.
    pub titles_from_addresses: bool,
    /// Of times that name no zone; `None`: UTC.
    pub date_zone: Option<Tz>,
    /// Of an index, the sitemaps that are asked at most, the index counted.
    pub most_pages: usize,
}

/// What a source must give; less is a failure, and what it said before stays.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Contract {
    pub min_entries: usize,
    /// Besides a title, what every entry must have.
    pub required: Vec<Field>,
    /// Of a hundred entries, so many must have a date.
    pub dated: Option<u8>,
    pub language: Option<Language>,
    /// A newest entry that is older is told: the source has fallen silent.
    pub silence: Option<TimeDelta>,
}

/// A part of an entry that a contract may require.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Field {
    Link,
    Date,
    Summary,
    Language,
    Id,
}

impl Field {
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Link => "link",
            Self::Date => "date",
            Self::Summary => "summary",
            Self::Language => "language",
            Self::Id => "id",
        }
    }
}

impl Source {
    /// Fewer entries than this on the first page is a failure: the larger of what its kind asks (a feed may be empty, a
    /// listing is not, and a page may say how many) and what its contract asks.
    pub fn min_entries(&self) -> usize {
        let of_kind = match &self.kind {
            SourceKind::Feed => 0,
            SourceKind::Page(selectors) => selectors.min_entries,
            SourceKind::Json(_) | SourceKind::Sitemap(_) => 1,
        };
        self.contract.as_ref().map_or(0, |contract| contract.min_entries).max(of_kind)
    }
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
