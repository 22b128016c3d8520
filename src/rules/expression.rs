//! An expression: what word lists can't say (`duties NEAR/5 "electronic transmissions"`), and whether it is true of an entry.

use crate::model::verdict::Field;

/// Parts joined by operators; `L` is what the leaves are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Expression<L> {
    Leaf(L),
    All(Vec<Self>),
    Any(Vec<Self>),
    Not(Box<Self>),
    /// Both in one field, in either order, with at most so many words between them.
    Near(Box<Self>, usize, Box<Self>),
}

/// Where a leaf was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Span {
    pub(super) field: Field,
    pub(super) start: usize,
    pub(super) end: usize,
}

/// What an expression is asked about.
pub(super) trait Evidence<L> {
    fn has(&self, leaf: &L) -> bool;
    /// Every place of a leaf that stands in a `NEAR`.
    fn spans(&self, leaf: &L) -> Vec<Span>;
    /// Are there at most so many words between the end of the one and the start of the other?
    fn are_near(&self, field: Field, end: usize, start: usize, words: usize) -> bool;
}

impl<L> Expression<L> {
    pub(super) fn is_true(&self, evidence: &impl Evidence<L>) -> bool {
        match self {
            Self::Leaf(leaf) => evidence.has(leaf),
            Self::All(parts) => parts.iter().all(|part| part.is_true(evidence)),
            Self::Any(parts) => parts.iter().any(|part| part.is_true(evidence)),
            Self::Not(part) => !part.is_true(evidence),
            Self::Near(left, _, right) => {
                left.is_true(evidence) && right.is_true(evidence) && !self.spans(evidence).is_empty()
            }
        }
    }

    /// The places where it is true, in order. Only what [`Expression::is_place`] has places.
    fn spans(&self, evidence: &impl Evidence<L>) -> Vec<Span> {
        match self {
            Self::Leaf(leaf) => evidence.spans(leaf),
            Self::Any(parts) => {
                let mut spans: Vec<_> = parts.iter().flat_map(|part| part.spans(evidence)).collect();
                spans.sort_unstable();
                spans
            }
            Self::Near(left, words, right) => {
                near(&left.spans(evidence), *words, &right.spans(evidence), evidence)
            }
            Self::All(_) | Self::Not(_) => Vec::new(),
        }
    }

    /// May it stand beside `NEAR`?
    pub(super) fn is_place(&self) -> bool {
        match self {
            Self::Leaf(_) | Self::Near(..) => true,
            Self::Any(parts) => parts.iter().all(Self::is_place),
            Self::All(_) | Self::Not(_) => false,
        }
    }

    pub(super) fn leaves(&self) -> Vec<&L> {
        match self {
            Self::Leaf(leaf) => vec![leaf],
            Self::All(parts) | Self::Any(parts) => parts.iter().flat_map(Self::leaves).collect(),
            Self::Not(part) => part.leaves(),
            Self::Near(left, _, right) => left.leaves().into_iter().chain(right.leaves()).collect(),
        }
    }

    /// The same expression with other leaves; `inside_near` tells which must know all their places.
    pub(super) fn map<M>(self, inside_near: bool, leaf: &mut impl FnMut(L, bool) -> M) -> Expression<M> {
        let mut each = |parts: Vec<Self>| parts.into_iter().map(|part| part.map(inside_near, leaf)).collect();
        match self {
            Self::Leaf(old) => Expression::Leaf(leaf(old, inside_near)),
            Self::All(parts) => Expression::All(each(parts)),
            Self::Any(parts) => Expression::Any(each(parts)),
            Self::Not(part) => Expression::Not(Box::new(part.map(inside_near, leaf))),
            Self::Near(left, words, right) => {
                let left = left.map(true, leaf);
                Expression::Near(Box::new(left), words, Box::new(right.map(true, leaf)))
            }
        }
    }
}

/// What is nearest to each place of the one is the place of the other just before or after it: only neighbours are
/// measured, so that a long text with many of both takes no longer than reading it.
fn near<L>(left: &[Span], words: usize, right: &[Span], evidence: &impl Evidence<L>) -> Vec<Span> {
    let mut both: Vec<_> =
        left.iter().map(|span| (*span, true)).chain(right.iter().map(|span| (*span, false))).collect();
    both.sort_unstable();
    let neighbours = both.iter().zip(both.iter().skip(1));
    let found = neighbours.filter(|((a, a_side), (b, b_side))| {
        a_side != b_side
            && a.field == b.field
            && a.end <= b.start
            && evidence.are_near(a.field, a.end, b.start, words)
    });
    found.map(|((a, _), (b, _))| Span { end: b.end, ..*a }).collect()
}
