//! An entry: one thing a source said (RFC 4287), as we keep it.

use chrono::{DateTime, Utc};
use std::fmt;
use url::Url;

use super::language::Language;
use super::source::SourceId;
use super::text::Markup;

/// Our own name for an entry: made once, from the source and the first evidence of identity, and kept for ever.
/// 63 bits, so that every database holds it as a positive whole number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct EntryId(pub i64);

impl EntryId {
    /// What [`fmt::Display`] writes: 16 digits of base 16.
    pub fn parse(text: &str) -> Option<Self> {
        let is_one = text.len() == 16 && text.bytes().all(|b| b.is_ascii_hexdigit());
        let id = i64::from_str_radix(text, 16).ok().filter(|_| is_one)?;
        Some(Self(id))
    }
}

impl fmt::Display for EntryId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:016x}", self.0)
    }
}

/// One thing a source said, in its newest version.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Entry {
    pub id: EntryId,
    pub source: SourceId,
    /// Plain text on one line.
    pub title: String,
    /// http or https; `None` if the source gave none that we may show.
    pub link: Option<Url>,
    pub summary: Option<Markup>,
    pub content: Option<Markup>,
    /// What relative links inside `summary` and `content` are relative to.
    pub base: Option<Url>,
    /// As the entry or its feed says.
    pub language: Option<Language>,
    pub authors: Vec<String>,
    /// The source's own categories.
    pub categories: Vec<String>,
    /// The source's date, as first seen. Later than `first_seen` only if a feed dates it some days ahead: before that date
    /// the entry is not shown. Any other date in the future is none.
    pub published: Option<DateTime<Utc>>,
    pub date_origin: DateOrigin,
    /// When we first saw it. Kept for ever.
    pub first_seen: DateTime<Utc>,
    /// What lists are sorted by: when it was published, else when we first saw it; never a source's `updated`. What was
    /// undated when its source was first read stands far back: an archive is no news.
    pub listed: DateTime<Utc>,
    /// When its title, link or text last changed in a way a reader would notice; until then, when it was published.
    pub changed: DateTime<Utc>,
}

/// Where the date of an entry comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum DateOrigin {
    /// The source's own field for it: of a feed, of JSON, of a sitemap.
    Feed,
    /// The text of a page.
    Page,
    /// The link's path (`…_15sep26_e.htm`).
    Address,
    /// Nothing said: it is when we first saw the entry, and is not printed as a date of publication.
    FirstSeen,
}

impl DateOrigin {
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Feed => "feed",
            Self::Page => "page",
            Self::Address => "address",
            Self::FirstSeen => "first_seen",
        }
    }

    pub fn parse(text: &str) -> Option<Self> {
        let all = [Self::Feed, Self::Page, Self::Address, Self::FirstSeen];
        all.into_iter().find(|origin| origin.as_str() == text)
    }
}
