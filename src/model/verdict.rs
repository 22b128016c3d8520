//! What the rules say of an entry, with the matches behind it.

use std::ops::Range;

use super::topic::TopicId;

/// What the rules say of an entry.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verdict {
    pub outcome: Outcome,
    /// The topics it is filed under, best first; empty when it is dropped.
    pub topics: Vec<TopicId>,
    /// Every match, also of topics that did not take the entry, in the order title, summary, content, others.
    pub matches: Vec<Match>,
    /// What was missing where something was missing, in plain words.
    pub near_misses: Vec<NearMiss>,
    /// How likely an editor wants it; `None` where the configuration does not ask.
    pub likely: Option<Likely>,
}

/// How likely an editor wants an entry, by those that editors decided about before.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Likely {
    /// 0 to 100.
    pub percent: u8,
    /// The words that speak for it most, best first.
    pub words: Vec<String>,
}

/// What becomes of an entry unless an editor says otherwise. Earlier variants win.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Outcome {
    Publish,
    /// Kept for an editor to look at; not published until then.
    Review,
    Drop,
}

impl Outcome {
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Publish => "publish",
            Self::Review => "review",
            Self::Drop => "drop",
        }
    }

    pub fn parse(text: &str) -> Option<Self> {
        [Self::Publish, Self::Review, Self::Drop].into_iter().find(|o| o.as_str() == text)
    }
}

/// Why a rule let an entry in, or kept it out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Match {
    /// `None`: the list belongs to no topic (context, veto).
    pub topic: Option<TopicId>,
    pub list: TermList,
    /// The term as the editor wrote it.
    pub term: String,
    pub field: Field,
    /// Bytes of the field's own text, before folding.
    pub at: Range<usize>,
    /// What it counts for its topic: [`Match::ENOUGH`] files an entry. 0 for lists that file nothing.
    pub weight: u8,
}

impl Match {
    /// Of a strong term by itself, of an expression, and of weak terms together beside context.
    pub const ENOUGH: u8 = 2;
}

/// The list that a matching term stands in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum TermList {
    /// One is enough.
    Strong,
    /// Two different ones, or one that counts as two (`parcel^2`), and context.
    Weak,
    /// Keeps the entry out of the topic.
    Not,
    /// Inside the topic's expression.
    Expression,
    /// Says that the text is about goods crossing borders.
    Context,
    /// Keeps the entry out of every topic.
    Veto,
}

impl TermList {
    /// What one of its terms counts for the topic; see [`Match::weight`].
    pub fn weight(self) -> u8 {
        match self {
            Self::Strong | Self::Expression => Match::ENOUGH,
            Self::Weak => 1,
            Self::Not | Self::Context | Self::Veto => 0,
        }
    }

    pub fn as_str(self) -> &'static str {
        match self {
            Self::Strong => "strong",
            Self::Weak => "weak",
            Self::Not => "not",
            Self::Expression => "expression",
            Self::Context => "context",
            Self::Veto => "veto",
        }
    }
}

/// The part of an entry that a term was found in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Field {
    Title,
    Summary,
    Content,
    Link,
    Author,
    Category,
    Source,
    Language,
}

impl Field {
    pub(crate) const ALL: [Self; 8] = [
        Self::Title,
        Self::Summary,
        Self::Content,
        Self::Link,
        Self::Author,
        Self::Category,
        Self::Source,
        Self::Language,
    ];

    pub fn as_str(self) -> &'static str {
        match self {
            Self::Title => "title",
            Self::Summary => "summary",
            Self::Content => "content",
            Self::Link => "link",
            Self::Author => "author",
            Self::Category => "category",
            Self::Source => "source",
            Self::Language => "lang",
        }
    }
}

/// A topic that nearly took the entry.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NearMiss {
    pub topic: TopicId,
    /// "one more weak term would have sufficed"
    pub missing: String,
}
