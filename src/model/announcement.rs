//! An announcement: an entry that staff wrote here.

use chrono::{DateTime, NaiveDate, Utc};
use chrono_tz::Tz;
use url::Url;

use super::language::Language;
use super::topic::TopicId;

/// An entry that staff wrote here, in `announcements/<id>.md`.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Announcement {
    /// The file's name without `.md`: a slug, part of the Atom id, so renaming a file makes a new announcement.
    pub id: String,
    pub kind: AnnouncementKind,
    pub title: String,
    /// Sanitised HTML.
    pub html: String,
    pub language: Language,
    /// Members see it from then on.
    pub publish: DateTime<Utc>,
    /// Members see it no longer from then on.
    pub expire: Option<DateTime<Utc>>,
    /// Material change by staff, from the front matter's `updated`; else `publish`.
    pub updated: DateTime<Utc>,
    /// Stands above the news as long as it is shown.
    pub pin: bool,
    pub topics: Vec<TopicId>,
    /// Where more is said.
    pub link: Option<Url>,
}

impl Announcement {
    /// Do members see it at this time?
    pub fn is_shown(&self, now: DateTime<Utc>) -> bool {
        self.publish <= now && self.expire.is_none_or(|expire| now < expire)
    }

    /// The link of the entry that it introduces, if that is what it does.
    pub fn note_on(&self) -> Option<&Url> {
        match &self.kind {
            AnnouncementKind::Note { on } => Some(on),
            AnnouncementKind::News | AnnouncementKind::Event(_) | AnnouncementKind::Alert => None,
        }
    }
}

#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum AnnouncementKind {
    News,
    Event(Event),
    /// A warning to members: pinned until it expires, and no address in it is a link.
    Alert,
    /// Introduces a source's entry, found by its link; stands above the source's own text.
    Note {
        on: Url,
    },
}

/// Something that takes place, at a time and mostly at a place.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Event {
    pub title: String,
    pub when: When,
    /// "Beijing, China"
    pub place: Option<String>,
    pub registration: Option<Url>,
    pub cancelled: bool,
    /// How often the entry was changed after it was first published (RFC 5545 SEQUENCE).
    pub sequence: u32,
}

/// When an event takes place.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum When {
    /// Whole days, both included.
    Days { first: NaiveDate, last: NaiveDate },
    /// From a minute to a minute, in the place's own time.
    Times { start: DateTime<Tz>, end: DateTime<Tz> },
}
