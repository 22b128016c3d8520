//! Which entry is this? Keys of evidence, a sticky policy per source, a brake on mass changes, and what counts as a change.

pub mod change;
pub mod key;
pub mod matching;
pub mod reading;

use chrono::{DateTime, Utc};
use std::collections::HashMap;

use crate::model::entry::{Entry, EntryId};
use change::Prints;
use key::Key;
use reading::Texts;

/// What identifies a source's entries: chosen by the evidence of its first document, recorded, never upgraded by itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Policy {
    /// The source's own ids hold.
    Id,
    /// Its ids are missing or change by themselves; its links hold.
    Link,
    /// Neither ids nor links hold: title and date.
    Title,
}

impl Policy {
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Id => "id",
            Self::Link => "link",
            Self::Title => "title",
        }
    }

    pub fn parse(text: &str) -> Option<Self> {
        [Self::Id, Self::Link, Self::Title].into_iter().find(|policy| policy.as_str() == text)
    }
}

/// What the store knows of a source's entries, as far as a document's keys reach.
#[derive(Debug, Clone, Default)]
pub struct Memory {
    /// `None`: the source was never read before.
    pub policy: Option<Policy>,
    pub aliases: HashMap<Key, EntryId>,
    /// Of those entries that go by none of these aliases: who has their title.
    pub names: HashMap<Key, EntryId>,
    pub entries: HashMap<EntryId, Known>,
    /// When the newest entry of the source was published, of all it ever had.
    pub newest: Option<DateTime<Utc>>,
}

/// A stored entry, as far as recognising it and telling a change needs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Known {
    pub prints: Prints,
    pub published: Option<DateTime<Utc>>,
    pub first_seen: DateTime<Utc>,
    pub changed: DateTime<Utc>,
    /// 1 for the text as first seen.
    pub version: u32,
    pub shelf: Shelf,
}

/// Whether an entry may come before members at all.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shelf {
    /// As the verdict says.
    Open,
    /// The mass-change brake holds it for an editor: at most `review`.
    Held,
    /// Kept, but not news: older than the source's `max_age` when it was first seen.
    Backlog,
}

impl Shelf {
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Held => "held",
            Self::Backlog => "backlog",
        }
    }

    pub fn parse(text: &str) -> Option<Self> {
        [Self::Open, Self::Held, Self::Backlog].into_iter().find(|shelf| shelf.as_str() == text)
    }
}

/// A document's entries, recognised.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Identified {
    /// To be kept with the source.
    pub policy: Policy,
    /// Entries that are new or differ from what is stored. What is the same as before is not among them.
    pub arrivals: Vec<Arrival>,
    /// Names under which known entries came for the first time.
    pub aliases: Vec<(Key, EntryId)>,
    /// How many new entries the brake holds.
    pub held: usize,
    /// Nothing in the document is known, although the source was read before: another publication may have moved in.
    pub all_new: bool,
}

/// An entry to be stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Arrival {
    pub entry: Entry,
    pub texts: Texts,
    pub prints: Prints,
    pub kind: ArrivalKind,
    pub version: u32,
    pub shelf: Shelf,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ArrivalKind {
    New,
    /// Known, and a reader would notice the difference: the old version is kept beside the new one.
    Changed,
    /// Known, and only markup, white space or the like differs.
    Retouched,
}

#[cfg(test)]
mod tests;
