//! Are a source's entries in the language that is expected of it?

use crate::model::text::Markup;
use crate::parse::document::ParsedEntry;
use crate::parse::html;
use crate::parse::language::{guess, is_told_apart};

/// With fewer texts there is nothing to say.
const FEWEST: usize = 3;

/// The language that most of the entries are in, if it is not the expected one. Languages that cannot be told apart from
/// others are never another.
pub(super) fn other(entries: &[ParsedEntry], expected: &str) -> Option<&'static str> {
    let guesses: Vec<&'static str> = entries.iter().filter_map(|entry| guess(&words_of(entry))).collect();
    if guesses.len() < FEWEST || !is_told_apart(expected) {
        return None;
    }
    let count = |language: &str| guesses.iter().filter(|guess| **guess == language).count();
    guesses.iter().copied().find(|language| *language != expected && count(language) * 2 > guesses.len())
}

fn words_of(entry: &ParsedEntry) -> String {
    let text = |markup: &Option<Markup>| markup.as_ref().map(html::text).unwrap_or_default();
    format!("{} {}", text(&entry.title), text(&entry.summary))
}
