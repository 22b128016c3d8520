//! What documents taught us of how a source treats its entries: kept with it, and shown to staff.

use chrono::{DateTime, Utc};
use std::collections::HashMap;

use super::key::Key;
use crate::model::entry::EntryId;

/// How a source behaves, as far as recognising its entries depends on it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Habits {
    /// Why the policy is what it is, in words.
    pub evidence: String,
    /// How often most known entries came under new ids while all else stayed.
    pub renamings: u32,
    /// How often the text of most known entries changed at once.
    pub noise: u32,
    /// How often an entry that seemed withdrawn came back.
    pub returns: u32,
    pub trust: Trust,
    /// A print of the document's own title.
    pub title: i64,
    /// The entries of the last document that was not empty, in its order; while strangers are held, of the last one before.
    pub window: Vec<EntryId>,
    /// What that document said of each of them.
    pub said: HashMap<EntryId, Said>,
}

/// What an entry went by in one document, right or wrong: what stays so in the next one speaks for its being the same.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Said {
    /// The id that was its alone.
    pub own: Option<Key>,
    pub published: Option<DateTime<Utc>>,
}

/// Is it still the publication that we subscribed to?
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Trust {
    #[default]
    Usual,
    /// Somebody else may have moved in: what is new waits.
    Suspended,
    /// An editor says that it is right: the next document is believed, whatever is in it.
    Given,
}

impl Trust {
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Usual => "usual",
            Self::Suspended => "suspended",
            Self::Given => "given",
        }
    }

    pub fn parse(text: &str) -> Option<Self> {
        [Self::Usual, Self::Suspended, Self::Given].into_iter().find(|trust| trust.as_str() == text)
    }
}
