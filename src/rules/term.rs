//! A term: the words that an editor looks for, checked, and whether they stand at a place in a folded text.

use std::ops::Range;

use super::fold::{fold, fold_keeping_case};
use super::letters::{Class, class};
use super::wording::{check_letters, check_list_words, check_stars};

/// What to look for. Two terms that find the same are equal.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) struct Term {
    /// What stands at the beginning, folded; never empty, never begins with a blank.
    head: String,
    /// What follows after the rest of a word; each begins with a blank.
    tail: Vec<String>,
    /// The last word may go on: `tariff*`.
    open: bool,
    /// The words with their letter case: `=AEO`.
    exact: Option<String>,
}

/// What is wrong with a term or an expression.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Mistake {
    pub(super) at: Range<usize>,
    pub(super) message: String,
    pub(super) hint: String,
}

impl Mistake {
    pub(super) fn new(at: Range<usize>, message: impl Into<String>, hint: impl Into<String>) -> Self {
        Self { at, message: message.into(), hint: hint.into() }
    }

    pub(super) fn moved(mut self, by: usize) -> Self {
        self.at = self.at.start + by..self.at.end + by;
        self
    }
}

impl Term {
    /// Reads a term as it stands in a list.
    pub(super) fn parse(written: &str) -> Result<Self, Mistake> {
        let text = written.trim();
        let start = written.len() - written.trim_start().len();
        let at = start..start + text.len();
        if text.is_empty() {
            return Err(Mistake::new(
                0..written.len(),
                "the term is empty",
                "write a word, or remove the term",
            ));
        }
        check_list_words(text).map_err(|mistake| mistake.moved(start))?;
        Self::parse_words(text).map_err(|mistake| Mistake { at: at.clone(), ..mistake })
    }

    /// Reads a word or a phrase of an expression; the caller knows where it stands.
    pub(super) fn parse_words(text: &str) -> Result<Self, Mistake> {
        let all = 0..text.len();
        let (body, exact) = text.strip_prefix(['=', '＝']).map_or((text, false), |body| (body, true));
        if !fold(body).contains(char::is_alphanumeric) {
            let message = format!("`{text}` has no letters or digits, so nothing could match it");
            return Err(Mistake::new(all, message, "write a word, or remove the term"));
        }
        check_stars(body)?;
        check_letters(body)?;
        let mut pieces = body.split(STAR).map(fold);
        let head = pieces.next().unwrap_or_default();
        let mut tail: Vec<_> = pieces.map(|piece| format!(" {piece}")).collect();
        let open = tail.pop_if(|last| last.trim().is_empty()).is_some();
        if exact && !tail.is_empty() {
            let message = format!("`=` wants the exact words, but `{text}` has a `*` in the middle");
            return Err(Mistake::new(all, message, "keep one of them: `=`, or `*`"));
        }
        let exact = exact.then(|| fold_keeping_case(body.trim_end().trim_end_matches(STAR)));
        Ok(Self { head, tail, open, exact })
    }

    /// What the index finds it by.
    pub(super) fn head(&self) -> &str {
        &self.head
    }

    /// The words without their endings and their letter case: the same for `=AEO` and `aeo`, `reform*` and `reform`.
    pub(super) fn words(&self) -> Self {
        Self { open: false, exact: None, ..self.clone() }
    }

    /// Where the term ends if it stands at `start`. The head was found there, at the beginning of a word.
    pub(super) fn end(&self, text: &str, start: usize) -> Option<usize> {
        let mut end = start + self.head.len();
        for piece in &self.tail {
            end = word_end(text, end);
            end += text.get(end..)?.starts_with(piece.as_str()).then_some(piece.len())?;
        }
        if self.open {
            end = word_end(text, end);
        }
        (is_end(text, end) && is_start(text, start)).then_some(end)
    }

    /// Does the letter case of the original allow it?
    pub(super) fn allows(&self, original: &str) -> bool {
        let Some(exact) = &self.exact else { return true };
        // Most candidates are everyday words: `=IT` meets every "it".
        if original.is_ascii() && original.bytes().next() != exact.bytes().next() {
            return false;
        }
        let kept = fold_keeping_case(original);
        if self.open { kept.starts_with(exact.as_str()) } else { kept == *exact }
    }
}

pub(super) const STAR: [char; 2] = ['*', '＊'];

/// The end of the word whose inside or end is at `at`.
fn word_end(text: &str, at: usize) -> usize {
    let rest = text.get(at..).unwrap_or_default();
    rest.find(|c| class(c) != Class::Word).map_or(text.len(), |length| at + length)
}

/// Does a word end here, and a number too: `€150` is not in `€150,000`?
fn is_end(text: &str, at: usize) -> bool {
    let Some((before, after)) = text.split_at_checked(at) else { return false };
    let (Some(last), Some(next)) = (before.chars().next_back(), after.chars().next()) else { return true };
    if class(last) == Class::Word && class(next) == Class::Word {
        return false;
    }
    let digits = |text: &str| text.bytes().take_while(u8::is_ascii_digit).count();
    !(last.is_ascii_digit() && after.strip_prefix([',', '.']).is_some_and(|rest| digits(rest) == 3))
}

/// Does a number begin here: `800 dollars` is not in `10,800 dollars`? (That a word does, the index knows.)
fn is_start(text: &str, at: usize) -> bool {
    let Some((before, after)) = text.split_at_checked(at) else { return false };
    let goes_on =
        || before.strip_suffix([',', '.']).is_some_and(|rest| rest.ends_with(|c: char| c.is_ascii_digit()));
    !(after.starts_with(|c: char| c.is_ascii_digit()) && goes_on())
}
