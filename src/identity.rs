//! Which entry is this? Keys of evidence, a sticky policy per source, a brake on mass changes, and what counts as a change.

mod arrival;
pub mod change;
mod evidence;
pub mod habits;
pub mod key;
pub mod matching;
pub mod noise;
mod pairing;
mod policy;
pub mod reading;
mod similar;
mod stranger;
mod withdrawal;

use chrono::{DateTime, Utc};
use std::collections::HashMap;

use crate::model::entry::{Entry, EntryId};
use change::Prints;
use habits::Habits;
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
    /// Of those entries that go by none of these aliases: who has their title, in the order of arrival.
    pub names: HashMap<Key, Vec<EntryId>>,
    /// Those that aliases and names lead to, and those of the last document.
    pub entries: HashMap<EntryId, Known>,
    pub habits: Habits,
    /// When the newest entry of the source was published, of all it ever had.
    pub newest: Option<DateTime<Utc>>,
}

/// A stored entry, as far as recognising it and telling a change needs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Known {
    pub title: String,
    pub link: Option<String>,
    pub prints: Prints,
    pub published: Option<DateTime<Utc>>,
    pub first_seen: DateTime<Utc>,
    pub changed: DateTime<Utc>,
    /// 1 for the text as first seen.
    pub version: u32,
    pub shelf: Shelf,
    /// Its source has taken it back.
    pub withdrawn: Option<Withdrawal>,
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
    /// The same: what this document taught us of the source.
    pub habits: Habits,
    /// Entries that are new or differ from what is stored. What is the same as before is not among them.
    pub arrivals: Vec<Arrival>,
    /// Names under which known entries came for the first time.
    pub aliases: Vec<(Key, EntryId)>,
    /// How many of the document's entries were known.
    pub recognised: usize,
    /// How many new entries wait for an editor.
    pub held: usize,
    /// What staff should know of this document.
    pub remarks: Vec<Remark>,
    pub withdrawals: Withdrawals,
}

impl Identified {
    /// Is nothing in it that was known, of a source that had said something before?
    pub fn is_all_new(&self) -> bool {
        self.remarks.iter().any(|remark| matches!(remark, Remark::AllNew | Remark::Stranger(_)))
    }

    /// Is it most of what was known that this happened to? Then it happened to the document.
    fn is_mass(&self, count: usize) -> bool {
        count >= matching::MASS && count * 2 > self.recognised
    }
}

/// What is odd about a document as the next one of its source.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Remark {
    /// Another publication seems to have moved in; everything new waits until a person accepts it.
    Stranger(Stranger),
    /// So many entries are new although older than what was known.
    OldAndNew(usize),
    /// Nothing of what it said before is left; otherwise it looks like the same publication.
    AllNew,
    /// So many entries came under other ids and links at once, and were recognised.
    Moved(usize),
    /// Ids and links that name other entries than before: they were not believed.
    ReusedIds(usize),
    /// The ids change by themselves: from now on its entries are known by other evidence.
    IdsGivenUp,
    /// The text of most entries changed at once, again: a clock, a counter, a frame.
    Noisy,
    /// So many known entries came with another date; the first one counts.
    Redated(usize),
    /// So many new entries are dated some days ahead: they wait for their dates.
    Embargoed(usize),
    /// So many new entries have a date in the future; they count from now.
    Future(usize),
    /// The source has taken back this entry.
    Withdrawn(String, Withdrawal),
}

/// What speaks for another publication in the place of the one we knew.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stranger {
    /// All entries are new, and the document has another title.
    Title,
    /// All entries are new, and lead to other sites.
    Hosts,
    /// All entries are new, and no word of their titles was in any title before.
    Subject,
    /// Most entries have new titles at once that have nothing to do with the old ones.
    Rewritten,
    /// An earlier document was a stranger's, and nobody has accepted it.
    Still,
}

/// How a source took an entry back.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Withdrawal {
    /// It is missing between entries that are still there.
    Missing,
    /// Its title says so now.
    Titled,
    /// The document says that it is deleted.
    Deleted,
}

impl Withdrawal {
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Missing => "missing",
            Self::Titled => "titled",
            Self::Deleted => "deleted",
        }
    }

    pub fn parse(text: &str) -> Option<Self> {
        [Self::Missing, Self::Titled, Self::Deleted].into_iter().find(|how| how.as_str() == text)
    }
}

/// Which entries were taken back, and which came back after all.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Withdrawals {
    pub gone: Vec<(EntryId, Withdrawal)>,
    pub back: Vec<EntryId>,
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
