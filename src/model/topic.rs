//! Topics and the sections of the digest that gather them.

use std::fmt;

/// The name of a topic in feeds.toml, in addresses and in Atom categories.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct TopicId(String);

impl TopicId {
    pub fn parse(text: &str) -> Option<Self> {
        is_slug(text).then(|| Self(text.to_owned()))
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for TopicId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Lower-case ASCII letters, digits and single hyphens inside; 1 to 64 of them. Safe as a file name and in an address.
pub(crate) fn is_slug(text: &str) -> bool {
    (1..=64).contains(&text.len())
        && text.split('-').all(|part| {
            !part.is_empty() && part.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit())
        })
}

/// A topic as members see it. What it wants to see is in the rules.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Topic {
    pub id: TopicId,
    pub title: String,
    /// The section of the digest it stands in: an index into the list of sections.
    pub section: usize,
}

/// A heading of the digest.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Section {
    pub id: TopicId,
    pub title: String,
}
