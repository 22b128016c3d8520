//! What is no TOML, in plain words, and how much of the rest can still be trusted.

use std::ops::Range;

use super::Problem;
use super::notes::Noted;

/// The mistakes of syntax in a text.
#[derive(Debug)]
pub(super) struct Syntax {
    problems: Vec<Problem>,
    /// Where the text can be followed no longer; `None`: to its end.
    until: Option<usize>,
    /// No table was lost.
    complete: bool,
}

/// What a mistake does to the rest.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Damage {
    /// One value is not what was meant.
    Value,
    /// A key or table was given twice, and one of the two is lost.
    Twice,
    /// What follows is read wrongly.
    Rest,
}

impl Syntax {
    pub(super) fn new(text: &str, errors: &[toml::de::Error]) -> Self {
        let mut found: Vec<_> = errors.iter().map(|error| plain(text, error)).collect();
        found.sort_by_key(|(damage, problem)| (problem.at.start, *damage != Damage::Rest));
        let until =
            found.iter().find(|(damage, _)| *damage == Damage::Rest).map(|(_, problem)| problem.at.start);
        let complete = found.iter().all(|(damage, _)| *damage == Damage::Value);
        let mut problems: Vec<_> = found.into_iter().map(|(_, problem)| problem).collect();
        problems.retain(|problem| until.is_none_or(|until| problem.at.start <= until));
        problems.dedup_by_key(|problem| problem.line);
        Self { problems, until, complete }
    }

    /// All mistakes in the order of the file. Left out is what may only be an echo of broken syntax.
    pub(super) fn with(self, noted: Vec<Noted>) -> Vec<Problem> {
        let is_echo = |noted: &Noted| {
            (noted.absence && !self.complete)
                || self.until.is_some_and(|until| noted.problem.at.start >= until)
                || self.problems.iter().any(|syntax| syntax.line == noted.problem.line)
        };
        let sound: Vec<_> =
            noted.into_iter().filter(|noted| !is_echo(noted)).map(|noted| noted.problem).collect();
        let mut all = self.problems;
        all.extend(sound);
        all.sort_by_key(|problem| (problem.at.start, problem.at.end));
        all
    }
}

/// The parser's message for people who do not know TOML.
fn plain(text: &str, error: &toml::de::Error) -> (Damage, Problem) {
    let at = error.span().unwrap_or(0..0);
    let said = error.message();
    let what = said.split(", expected").next().unwrap_or(said);
    let (damage, message, hint) = match what {
        "duplicate key" => twice(text, &at),
        "missing escaped value" => (
            Damage::Value,
            "a lone backslash in double quotes".to_owned(),
            r"put the text in single quotes, '/news/\d{4}/', or double the backslash".to_owned(),
        ),
        _ if what.ends_with("string") && what.starts_with("invalid") => in_quotes(text, &at),
        _ if VALUES.iter().any(|known| what.starts_with(known)) => bare(text, &at),
        _ => match BREAKS.iter().find(|(known, ..)| said.contains(known)) {
            Some((_, message, hint)) => (Damage::Rest, (*message).to_owned(), (*hint).to_owned()),
            None => (Damage::Rest, format!("this cannot be read: {said}"), String::new()),
        },
    };
    (damage, Problem::new(text, at, message, hint))
}

/// Words of messages about what makes the rest unreadable; what we say of it; how to mend it.
const BREAKS: [(&str, &str, &str); 10] = [
    ("unclosed table", "the header is not closed", "write [site], or [[source]] for one of many"),
    ("unclosed array table", "the header is not closed", "write [site], or [[source]] for one of many"),
    (
        "inline table",
        "a comma, or the `}` that closes the braces, is missing before this",
        "braces are written { en = \"Origin\", fr = \"Origine\" }",
    ),
    (
        "key-value pairs",
        "a comma, or the `}` that closes the braces, is missing before this",
        "braces are written { en = \"Origin\", fr = \"Origine\" }",
    ),
    ("extra comma in array", "a comma too many", "a list is written [\"one\", \"two\"]"),
    (
        "array",
        "a comma, or the `]` that closes the list, is missing before this",
        "a list is written [\"one\", \"two\"]",
    ),
    ("key with no value", "a key without `=`", "write key = \"text\"; a remark begins with #"),
    ("missing value for key", "a key without `=`", "write key = \"text\"; a remark begins with #"),
    ("unquoted key", "this is no key", "write key = \"text\"; a remark begins with #"),
    (
        "unexpected key or value",
        "something is left over behind the value",
        "one key on a line; is a quote too many, or a # missing before a remark?",
    ),
];

/// How messages begin that are about one value without quotes.
const VALUES: [&str; 15] = [
    "string values must be quoted",
    "invalid boolean",
    "invalid float",
    "invalid integer",
    "invalid date-time",
    "invalid hexadecimal",
    "invalid octal",
    "invalid binary",
    "invalid mantissa",
    "invalid fraction",
    "invalid exponent",
    "invalid value",
    "redundant",
    "unexpected leading zero",
    "`_` may only",
];

fn bare(text: &str, at: &Range<usize>) -> (Damage, String, String) {
    let before = text.get(..at.start).unwrap_or_default();
    let start = before.rfind(['=', '[', ',', '{', '\n']).map_or(0, |at| at + 1);
    let rest = text.get(start..).unwrap_or_default();
    let written = rest.split([',', ']', '}', '#', '\n']).next().unwrap_or_default().trim();
    let inner = written.trim_matches(|c| "“”„«»‘’\"'".contains(c));
    let (message, hint) = match written.to_lowercase().as_str() {
        "" => ("no value behind the `=`", "text goes in quotes, a list in brackets".to_owned()),
        "true" | "yes" => ("no such value", "write true, in small letters".to_owned()),
        "false" | "no" => ("no such value", "write false, in small letters".to_owned()),
        _ if inner.contains(char::is_alphabetic) => {
            ("text must stand in straight quotes", format!("write \"{inner}\""))
        }
        _ => ("no number", "numbers are written 16 or 5_000_000, and everything else in quotes".to_owned()),
    };
    (Damage::Value, message.to_owned(), hint)
}

fn in_quotes(text: &str, at: &Range<usize>) -> (Damage, String, String) {
    let rest = text.get(at.start..).unwrap_or_default();
    if rest.is_empty() || rest.starts_with(['\n', '\r']) {
        (
            Damage::Value,
            "the quotes are not closed".into(),
            "what begins with \" ends with \" on the same line".into(),
        )
    } else {
        (
            Damage::Value,
            "a character that may not stand in quotes".into(),
            "delete it and type it again".into(),
        )
    }
}

fn twice(text: &str, at: &Range<usize>) -> (Damage, String, String) {
    let name = text.get(at.clone()).unwrap_or_default();
    let hint = match name {
        "source" | "topic" | "section" => format!("each one begins with `[[{name}]]`, in double brackets"),
        _ => "keep one of the two".to_owned(),
    };
    (Damage::Twice, format!("`{name}` is there twice"), hint)
}
