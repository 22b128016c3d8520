//! A story: what one item of the publication is made of, whoever told it.

use chrono::{DateTime, Utc};
use url::Url;

use super::announcement::Event;
use super::entry::{DateOrigin, EntryId};
use super::language::Language;
use super::topic::TopicId;
use super::verdict::Match;

/// Entries that tell the same thing, one leading; or one announcement. Everything a renderer needs, and all of it safe:
/// text without markup where it says text, sanitised HTML where it says HTML, links http or https only.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Story {
    /// A `tag:` URI (RFC 4151), made once.
    pub id: String,
    /// A short name for anchors and file names: `[a-z0-9-]`, unique in the publication, as stable as `id`.
    pub slug: String,
    pub kind: StoryKind,
    /// The entries that it is made of, who leads first, without copies that were taken back; none in an announcement.
    pub entries: Vec<EntryId>,
    /// Text.
    pub title: String,
    /// The title is the secretariat's, in the language of the site, whatever the story's own is.
    pub retitled: bool,
    pub link: Option<Url>,
    pub language: Language,
    pub source: Byline,
    /// Names of persons, as the source gives them. Text.
    pub authors: Vec<String>,
    pub published: DateTime<Utc>,
    pub date_origin: DateOrigin,
    /// What lists are sorted by: mostly `published`.
    pub listed: DateTime<Utc>,
    /// Moves only on material change.
    pub updated: DateTime<Utc>,
    /// When it came to us: what the digest's "last update" is made of.
    pub seen: DateTime<Utc>,
    /// At most three sentences. Text; empty if the source allows no excerpt.
    pub summary: String,
    /// The whole text as far as it may be shown; sanitised HTML, links absolute. Empty if there is no more than the summary.
    pub html: String,
    /// Never empty for a published story; the first decides the section.
    pub topics: Vec<TopicId>,
    pub why: Why,
    /// The secretariat's introduction, sanitised HTML, to stand above the source's text.
    pub note: Option<String>,
    /// The same story elsewhere: the highest rank first, then who published first.
    pub also: Vec<Also>,
    pub event: Option<Event>,
    pub pinned: bool,
    /// Who issued it has taken it back.
    pub withdrawn: Option<Withdrawn>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StoryKind {
    News,
    Event,
    /// No address in it may be made a link.
    Alert,
}

/// How sure it is that a source took back what it said.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Withdrawn {
    /// It says so.
    Said,
    /// It shows no more what stood between others that are still there.
    Missing,
}

/// Who said it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Byline {
    /// The source's id; the site's own for announcements.
    pub id: String,
    /// "WCO"
    pub title: String,
    /// The address of the feed or page it came from; `None` for announcements.
    pub url: Option<Url>,
    /// "wcoomd.org": the host of the link without `www.`, else of the source.
    pub host: String,
    /// Words of credit that the source asks for.
    pub credit: Option<String>,
}

/// The same story told by another source.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Also {
    pub title: String,
    pub link: Url,
    pub language: Language,
    pub source: Byline,
}

/// Why it is here, for the reader who asks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Why {
    /// The rules let it in.
    Rules(Vec<Reason>),
    /// The rules let it in, and staff said where it belongs.
    Filed(Vec<Reason>),
    /// Staff accepted it.
    Accepted,
    /// The secretariat wrote it.
    Announcement,
    /// The secretariat chose to introduce it.
    Note,
}

/// One match, in words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reason {
    pub matched: Match,
    /// The words of the entry that matched.
    pub words: String,
}
