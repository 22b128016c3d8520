//! The front matter of an announcement: keys and values with their places, and every mistake found on the way.

use std::collections::BTreeSet;

use toml::de::{DeTable, DeValue};
use toml::value::Datetime;

use super::Problem;
use crate::model::place::line_and_column;

/// A value and the byte of the file at which it stands.
#[derive(Debug, Clone)]
pub(super) struct Found<T> {
    pub(super) value: T,
    pub(super) at: usize,
}

/// Keys and values between the `+++` lines, and what is wrong with them.
pub(super) struct FrontMatter<'a> {
    file: &'a str,
    /// The byte of the file at which the TOML begins.
    begins: usize,
    table: DeTable<'a>,
    /// Lines that are no TOML: what follows from them is not reported again.
    broken: BTreeSet<usize>,
    problems: Vec<Problem>,
    missing: Vec<Problem>,
}

impl<'a> FrontMatter<'a> {
    /// Parts the file into front matter and Markdown, and reads the former. `Err`: it has no front matter.
    pub(super) fn read(file: &'a str) -> Result<(Self, &'a str), Problem> {
        let (begins, toml, body) = split(file)?;
        let (table, errors) = DeTable::parse_recoverable(toml);
        let table = table.into_inner();
        let mut front =
            Self { file, begins, table, broken: BTreeSet::new(), problems: Vec::new(), missing: Vec::new() };
        for error in errors {
            let at = begins + error.span().map_or(0, |span| span.start);
            front.wrong(
                at,
                format!("not TOML: {}", error.message()),
                "each line is `key = value`, texts in quotes",
            );
            front.broken.insert(line_and_column(file, at).0);
        }
        Ok((front, body))
    }

    pub(super) fn has(&self, key: &str) -> bool {
        self.table.contains_key(key)
    }

    /// Every key with the byte at which it stands.
    pub(super) fn keys(&self) -> Vec<Found<String>> {
        let found = |key: &toml::Spanned<_>| Found {
            value: ToString::to_string(key.get_ref()),
            at: self.begins + key.span().start,
        };
        self.table.keys().map(found).collect()
    }

    pub(super) fn text(&mut self, key: &str) -> Option<Found<String>> {
        self.take(key, "a text in quotes", |value| value.as_str().map(str::to_owned))
    }

    /// `false` where nothing is said.
    pub(super) fn flag(&mut self, key: &str) -> bool {
        self.take(key, "true or false, without quotes", DeValue::as_bool).is_some_and(|found| found.value)
    }

    /// 0 where nothing is said.
    pub(super) fn count(&mut self, key: &str) -> u32 {
        let read = |value: &DeValue<'_>| {
            let number = value.as_integer()?;
            u32::from_str_radix(number.as_str(), number.radix()).ok().filter(|n| i32::try_from(*n).is_ok())
        };
        self.take(key, "a whole number from 0 up", read).map_or(0, |found| found.value)
    }

    pub(super) fn time(&mut self, key: &str) -> Option<Found<Datetime>> {
        self.take(key, "a date or a time without quotes: 2018-01-15 or 2018-01-15T09:30:00Z", |value| {
            value.as_datetime().copied()
        })
    }

    pub(super) fn texts(&mut self, key: &str) -> Option<Found<Vec<Found<String>>>> {
        let begins = self.begins;
        let read = |value: &DeValue<'_>| {
            let texts = value.as_array()?.iter().map(|one| {
                let value = one.get_ref().as_str()?.to_owned();
                Some(Found { value, at: begins + one.span().start })
            });
            texts.collect::<Option<Vec<_>>>()
        };
        self.take(key, "a list of texts: [\"one\", \"two\"]", read)
    }

    pub(super) fn wrong(&mut self, at: usize, message: impl Into<String>, hint: impl Into<String>) {
        let (line, column) = line_and_column(self.file, at);
        self.problems.push(Problem { line, column, message: message.into(), hint: hint.into() });
    }

    /// Reports a key that must be there and isn't.
    pub(super) fn need(&mut self, key: &str, hint: &str) {
        if !self.has(key) {
            let problem =
                Problem { line: 1, column: 1, message: format!("`{key}` is missing"), hint: hint.to_owned() };
            self.missing.push(problem);
        }
    }

    /// Reports a text that must stand below the front matter and doesn't.
    pub(super) fn need_body(&mut self, message: &str) {
        self.wrong(self.file.len(), message, "write it below the second `+++` line");
    }

    /// Every mistake, in the order of the file. Where a line is no TOML, nothing is said of keys that it may have held.
    pub(super) fn problems(mut self) -> Vec<Problem> {
        let mut told = BTreeSet::new();
        self.problems.retain(|problem| !self.broken.contains(&problem.line) || told.insert(problem.line));
        if self.broken.is_empty() {
            self.problems.append(&mut self.missing);
        }
        self.problems.sort_by_key(|problem| (problem.line, problem.column));
        self.problems
    }

    fn take<T>(
        &mut self,
        key: &str,
        expected: &str,
        read: impl FnOnce(&DeValue<'a>) -> Option<T>,
    ) -> Option<Found<T>> {
        let spanned = self.table.get(key)?;
        let at = self.begins + spanned.span().start;
        let value = read(spanned.get_ref());
        if value.is_none() {
            self.wrong(at, format!("`{key}` must be {expected}"), "");
        }
        Some(Found { value: value?, at })
    }
}

/// Where the TOML begins, the TOML, the Markdown.
fn split(file: &str) -> Result<(usize, &str, &str), Problem> {
    let mut begins = None;
    let mut at = 0;
    for line in file.split_inclusive('\n') {
        let next = at + line.len();
        let words = line.trim_start_matches('\u{feff}').trim_end();
        match begins {
            None if words == "+++" => begins = Some(next),
            None if !words.is_empty() => break,
            Some(begins) if words == "+++" => {
                return Ok((begins, file.get(begins..at).unwrap_or(""), file.get(next..).unwrap_or("")));
            }
            None | Some(_) => {}
        }
        at = next;
    }
    let (line, column) = line_and_column(file, at);
    let (message, hint) = match begins {
        None => (
            "an announcement begins with a line `+++`",
            "put kind, title and publish on top, between two lines `+++`",
        ),
        Some(_) => ("the front matter does not end", "put a second line `+++` between the keys and the text"),
    };
    Err(Problem { line, column, message: message.to_owned(), hint: hint.to_owned() })
}
