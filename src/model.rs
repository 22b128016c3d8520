//! The nouns: what every other module speaks of. Plain values, no behaviour beyond their own invariants.

pub mod announcement;
pub mod cause;
pub mod decision;
pub mod entry;
pub mod language;
pub mod nearest;
pub mod page;
pub mod place;
pub mod source;
pub mod story;
pub mod text;
pub mod topic;
pub mod verdict;
