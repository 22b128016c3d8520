//! The mistakes found so far, each with its place in the text, and the names of the tables that the reader is in.

use std::ops::Range;

use super::Problem;
use crate::model::place::line_and_column;

/// Collects mistakes while the reading goes on.
#[derive(Debug)]
pub(super) struct Notes<'t> {
    text: &'t str,
    /// "source `wto`", then "page": the tables around what is being read.
    within: Vec<String>,
    noted: Vec<Noted>,
}

/// A mistake, and whether it would be one in a longer file.
#[derive(Debug)]
pub(super) struct Noted {
    pub(super) problem: Problem,
    /// It says that something is not there. Where the syntax is broken, that something may only be out of sight.
    pub(super) absence: bool,
}

impl<'t> Notes<'t> {
    pub(super) fn new(text: &'t str) -> Self {
        Self { text, within: Vec::new(), noted: Vec::new() }
    }

    pub(super) fn text(&self) -> &'t str {
        self.text
    }

    /// Notes what is wrong at a place.
    pub(super) fn wrong(&mut self, at: Range<usize>, message: &str, hint: impl Into<String>) {
        self.note(at, message, hint.into(), false);
    }

    /// Notes that something is missing that the text at `at` needs.
    pub(super) fn absent(&mut self, at: Range<usize>, message: &str, hint: impl Into<String>) {
        self.note(at, message, hint.into(), true);
    }

    fn note(&mut self, at: Range<usize>, message: &str, hint: String, absence: bool) {
        let message = if self.within.is_empty() {
            message.to_owned()
        } else {
            format!("{}: {message}", self.within.join(", "))
        };
        let problem = Problem::new(self.text, at, message, hint);
        self.noted.push(Noted { problem, absence });
    }

    /// Everything noted inside `work` says that it is about `name`.
    pub(super) fn within<T>(&mut self, name: String, work: impl FnOnce(&mut Self) -> T) -> T {
        self.within.push(name);
        let done = work(self);
        self.within.pop();
        done
    }

    /// Is something noted of this part of the text?
    pub(super) fn any_in(&self, part: Range<usize>) -> bool {
        self.noted.iter().any(|noted| part.contains(&noted.problem.at.start))
    }

    pub(super) fn is_empty(&self) -> bool {
        self.noted.is_empty()
    }

    pub(super) fn into_noted(self) -> Vec<Noted> {
        self.noted
    }
}

impl Problem {
    pub(super) fn new(text: &str, at: Range<usize>, message: String, hint: String) -> Self {
        let start = boundary(text, at.start);
        let at = start..boundary(text, at.end).max(start);
        let (line, column) = line_and_column(text, start);
        Self { line, column, at, message, hint }
    }
}

/// The line of a byte, from 1.
pub(super) fn line_of(text: &str, at: usize) -> usize {
    line_and_column(text, at).0
}

/// The nearest place at or before `at` where a character begins.
pub(super) fn boundary(text: &str, at: usize) -> usize {
    text.floor_char_boundary(at)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, at: usize, place: (usize, usize)) {
        let problem = Problem::new(text, at..at, String::new(), String::new());
        assert_eq!((problem.line, problem.column), place, "{text:?} at {at}");
    }

    #[test]
    fn columns_count_characters() {
        check("a\né = x", 7, (2, 5));
        check("a\r\nb", 3, (2, 1));
        check("", 0, (1, 1));
    }

    #[test]
    fn a_byte_order_mark_takes_no_column() {
        check("\u{feff}a", 3, (1, 1));
    }

    #[test]
    fn a_place_inside_a_character_or_behind_the_end_is_moved_back() {
        check("é", 1, (1, 1));
        check("ab", 9, (1, 3));
    }

    #[test]
    fn notes_say_where_they_are() {
        let mut notes = Notes::new("x = 1");
        notes.within("source `a`".into(), |notes| {
            notes.within("page".into(), |notes| notes.wrong(0..1, "bad", ""));
        });
        notes.absent(0..0, "worse", "");
        let said: Vec<_> = notes.into_noted().into_iter().map(|noted| noted.problem.message).collect();
        assert_eq!(said, ["source `a`, page: bad", "worse"]);
    }
}
