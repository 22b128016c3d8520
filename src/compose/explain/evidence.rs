//! What the rules found in an entry, with the words around it, and what they missed.

use serde::Serialize;

use crate::model::verdict::{Match, Verdict};
use crate::rules::words::Words;

/// So much of the text stands on each side of a match.
const AROUND: usize = 40;

/// The words that speak for or against an entry.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Matched {
    pub topic: Option<String>,
    /// `strong`, `weak`, `not`, `expression`, `context`, `veto`
    pub list: &'static str,
    pub term: String,
    pub field: &'static str,
    /// 2 files an entry: a strong term by itself, weak ones together beside context. 0 for lists that file nothing.
    pub weight: u8,
    /// The words around it, the match itself between ⟦ and ⟧.
    pub snippet: String,
}

impl Matched {
    /// In one line, for a person.
    pub fn line(&self) -> String {
        let of = self.topic.as_deref().map(|topic| format!(" of {topic}")).unwrap_or_default();
        format!("{}{of}: `{}` in the {}: {}", self.list, self.term, self.field, self.snippet)
    }
}

/// What was missing, or in the way.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Missed {
    pub topic: String,
    pub missing: String,
}

pub fn matches(verdict: &Verdict, words: &Words<'_>) -> Vec<Matched> {
    verdict.matches.iter().map(|found| matched(found, words)).collect()
}

pub fn near_misses(verdict: &Verdict) -> Vec<Missed> {
    let near = verdict.near_misses.iter();
    near.map(|near| Missed { topic: near.topic.to_string(), missing: near.missing.clone() }).collect()
}

/// In one line, for a person: how likely an editor wants an entry, and the words that say so.
pub fn likely(percent: u8, words: &[String]) -> String {
    let words = if words.is_empty() { String::new() } else { format!(": {}", words.join(", ")) };
    format!("{percent} % likely, by entries that editors filed{words}")
}

fn matched(found: &Match, words: &Words<'_>) -> Matched {
    Matched {
        topic: found.topic.as_ref().map(ToString::to_string),
        list: found.list.as_str(),
        term: found.term.clone(),
        field: found.field.as_str(),
        weight: found.weight,
        snippet: snippet(words.text(found.field), &found.at),
    }
}

fn snippet(text: &str, at: &std::ops::Range<usize>) -> String {
    let before: String = text.get(..at.start).unwrap_or("").chars().rev().take(AROUND).collect();
    let before: String = before.chars().rev().collect();
    let after: String = text.get(at.end..).unwrap_or("").chars().take(AROUND).collect();
    let found = text.get(at.clone()).unwrap_or("");
    format!("{before}⟦{found}⟧{after}").replace(['\n', '\r', '\t'], " ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_snippet_is_one_line_with_the_match_marked() {
        assert_eq!(snippet("New\ncustoms duties", &(4..11)), "New ⟦customs⟧ duties");
        let long = "é".repeat(100);
        let cut = snippet(&format!("{long}customs{long}"), &(200..207));
        assert_eq!(cut.chars().count(), AROUND + 2 + 7 + AROUND);
    }
}
