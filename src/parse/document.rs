//! What a document says, before we decide which entries these are.

use chrono::{DateTime, Utc};
use url::Url;

use crate::model::entry::DateOrigin;
use crate::model::language::Language;
use crate::model::text::Markup;

/// A feed or page, read.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Document {
    /// `rss20`, `rss10`, `rss09x`, `atom10`, `atom03`, `cdf`, `json1`, `json11`, or `page`.
    pub version: String,
    /// The name of the encoding that it was decoded from, lower case: `utf-8`, `windows-1252`.
    pub encoding: String,
    pub about: About,
    pub entries: Vec<ParsedEntry>,
    /// The ids of entries that it says are deleted.
    pub deleted: Vec<String>,
    /// What was wrong with it, and what was done about it; empty for a well-formed document.
    pub flaws: Vec<Flaw>,
}

/// What a feed says of itself; also an Atom entry's `source`.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct About {
    pub id: Option<String>,
    pub title: Option<Markup>,
    pub subtitle: Option<Markup>,
    pub links: Vec<Link>,
    pub language: Option<Language>,
    pub updated: Option<DateTime<Utc>>,
    pub published: Option<DateTime<Utc>>,
    pub authors: Vec<Person>,
    pub contributors: Vec<Person>,
    pub categories: Vec<Category>,
    pub rights: Option<Markup>,
    pub generator: Option<Generator>,
    pub image: Option<Image>,
    pub icon: Option<String>,
    pub logo: Option<String>,
    /// Minutes (RSS 2.0 `ttl`).
    pub ttl: Option<u32>,
    /// The attributes of RSS 2.0 `cloud`.
    pub cloud: Vec<(String, String)>,
    pub text_input: Option<TextInput>,
    /// How often it wants to be asked.
    pub pace: Pace,
    /// Where it says that it lives now (`itunes:new-feed-url`).
    pub new_address: Option<String>,
    /// What relative links in its texts are relative to.
    pub base: Option<Url>,
}

/// One entry, as the document has it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ParsedEntry {
    /// As written; `None` if the document gives none. Never invented.
    pub id: Option<String>,
    pub title: Option<Markup>,
    pub links: Vec<Link>,
    pub summary: Option<Markup>,
    pub content: Option<Markup>,
    /// Atom `content` with `src`.
    pub content_src: Option<String>,
    pub language: Option<Language>,
    /// Of the content, where it says so itself.
    pub content_language: Option<Language>,
    pub authors: Vec<Person>,
    pub contributors: Vec<Person>,
    pub categories: Vec<Category>,
    pub published: Option<DateTime<Utc>>,
    /// Where `published` comes from; `None` without one.
    pub date_origin: Option<DateOrigin>,
    pub updated: Option<DateTime<Utc>>,
    pub enclosures: Vec<Enclosure>,
    /// The address of its comments.
    pub comments: Option<String>,
    pub rights: Option<Markup>,
    pub image: Option<Image>,
    pub thumbnail: Option<String>,
    /// The feed it was taken from (Atom `source`, RSS `source`).
    pub origin: Option<Box<About>>,
    /// What it answers (RFC 4685).
    pub in_reply_to: Vec<Reply>,
    /// What relative links in its texts are relative to.
    pub base: Option<Url>,
}

impl ParsedEntry {
    /// The link that leads to the entry itself, resolved as far as it could be.
    pub fn link(&self) -> Option<&str> {
        self.links.iter().find(|link| link.rel == "alternate").map(|link| link.href.as_str())
    }
}

#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Link {
    /// Resolved against the base where there is one.
    pub href: String,
    /// `alternate` where the document says nothing.
    pub rel: String,
    pub media_type: Option<String>,
    pub title: Option<String>,
    pub language: Option<String>,
    pub length: Option<u64>,
}

#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Person {
    pub name: Option<String>,
    pub email: Option<String>,
    pub uri: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Category {
    pub term: String,
    pub scheme: Option<String>,
    pub label: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Generator {
    pub name: Option<String>,
    pub uri: Option<String>,
    pub version: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Image {
    pub url: String,
    pub title: Option<String>,
    pub link: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Enclosure {
    pub url: String,
    pub media_type: Option<String>,
    pub length: Option<u64>,
}

/// The entry that another one answers, as it is named there.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Reply {
    pub id: Option<String>,
    pub href: Option<String>,
    pub media_type: Option<String>,
    pub source: Option<String>,
}

/// RSS: a form of one field that the feed asks readers to show.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct TextInput {
    pub title: Option<String>,
    pub description: Option<String>,
    pub name: Option<String>,
    pub link: Option<String>,
}

/// How often a feed wants to be asked, besides `ttl`: `skipHours` and `skipDays` of RSS 2.0, the syndication module of RSS 1.0.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Pace {
    /// A bit for each hour of the day in GMT, from the lowest.
    pub skip_hours: u32,
    /// A bit for each day of the week, Monday the lowest.
    pub skip_days: u8,
    /// Seconds between two updates.
    pub period: Option<u32>,
    /// A time at which it is updated, from which the others can be counted.
    pub base: Option<DateTime<Utc>>,
}

/// Something wrong with a document that did not keep us from reading it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Flaw {
    pub code: FlawCode,
    /// One sentence, lower case, no full stop: what was wrong and what was done.
    pub message: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum FlawCode {
    /// The bytes do not fit the encoding that the document names, or it names none that exists.
    Encoding,
    /// Not well-formed; read after repair.
    Repaired,
    /// It breaks off; what came before the break was read.
    Truncated,
    /// A date that could not be read.
    Date,
    /// An entry that could not be read.
    Entry,
    /// More than we read of one document: entries, depth, length.
    Limit,
}

impl FlawCode {
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Encoding => "encoding",
            Self::Repaired => "repaired",
            Self::Truncated => "truncated",
            Self::Date => "date",
            Self::Entry => "entry",
            Self::Limit => "limit",
        }
    }
}
