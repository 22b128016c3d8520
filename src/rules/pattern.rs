//! A pattern of an expression (`link:/roi_\d+/`): checked, compiled once, and where it stands in the text as it was written.

use std::ops::Range;

use regex::{Regex, RegexBuilder};
use regex_syntax::ast::{self, ErrorKind};
use regex_syntax::{Error, ParserBuilder};

use super::term::Mistake;

/// Looks at the text itself, not at the folded one; letter case does not count, and each line has its own `^` and `$`.
#[derive(Debug, Clone)]
pub(super) struct Pattern {
    regex: Regex,
}

impl PartialEq for Pattern {
    fn eq(&self, other: &Self) -> bool {
        self.regex.as_str() == other.regex.as_str()
    }
}

impl Eq for Pattern {}

/// Characters of a pattern that a person can still read.
const LONGEST: usize = 200;

/// Bytes of a compiled pattern: time per text grows with it.
const LARGEST: usize = 128 << 10;

impl Pattern {
    /// Reads what stands between the slashes; places count from there.
    pub(super) fn parse(body: &str) -> Result<Self, Mistake> {
        let all = 0..body.len();
        if body.trim().is_empty() {
            return Err(Mistake::new(all, "the pattern is empty", EXAMPLE));
        }
        check_signs(body)?;
        check_meaning(body)?;
        if let Some(word) = plain_word(body) {
            let message = format!("a plain word finds the same as `/{body}/`, and its other spellings too");
            return Err(Mistake::new(all, message, format!("write {word}")));
        }
        let mut builder = RegexBuilder::new(body);
        builder.case_insensitive(true).multi_line(true).size_limit(LARGEST).dfa_size_limit(8 * LARGEST);
        match builder.build() {
            Ok(regex) if body.chars().count() <= LONGEST => Ok(Self { regex }),
            Ok(_) | Err(_) => {
                let message = "the pattern is too large: every entry would wait for it";
                let hint = format!(
                    "keep it under {LONGEST} characters and its numbers in {{}} small, or split it with OR"
                );
                Err(Mistake::new(all, message, hint))
            }
        }
    }

    /// The first place; never empty.
    pub(super) fn find(&self, text: &str) -> Option<Range<usize>> {
        self.regex.find(text).map(|found| found.range())
    }
}

const EXAMPLE: &str = r"write it as in: link:/roi_\d+/";

/// The word that a pattern spells out between two `\b`.
fn plain_word(body: &str) -> Option<&str> {
    let word = body.strip_prefix(r"\b")?.strip_suffix(r"\b")?;
    word.chars().all(|c| c.is_alphanumeric() || c == '-').then_some(word)
}

/// Signs that mean something to patterns, where an editor must have meant the sign itself: `US$ 5`, `C++`.
fn check_signs(body: &str) -> Result<(), Mistake> {
    let mut before = None;
    let mut in_class = false;
    let mut signs = body.char_indices().peekable();
    while let Some((at, sign)) = signs.next() {
        let next = signs.peek().map(|(_, next)| *next);
        let (reason, after) = match sign {
            '\\' => {
                before = signs.next().map(|_| '\\');
                continue;
            }
            '[' => (None, true),
            ']' => (None, false),
            _ if in_class => (None, true),
            '$' if !matches!(next, None | Some('|' | ')')) => (Some("the end of a line"), false),
            '^' if !matches!(before, None | Some('|' | '(' | ':')) => {
                (Some("the beginning of a line"), false)
            }
            '*' | '+' if matches!(before, Some('*' | '+')) => (Some("a repetition of what repeats"), false),
            _ => (None, false),
        };
        if let Some(reason) = reason {
            let message = format!("`{sign}` means {reason} in a pattern, which makes no sense here");
            return Err(Mistake::new(
                at..at + sign.len_utf8(),
                message,
                format!(r"write \{sign} for the sign itself"),
            ));
        }
        (before, in_class) = (Some(sign), after);
    }
    Ok(())
}

/// Can it be read, and does it want something?
fn check_meaning(body: &str) -> Result<(), Mistake> {
    let all = 0..body.len();
    let mut parser = ParserBuilder::new().case_insensitive(true).multi_line(true).build();
    match parser.parse(body).map(|meaning| meaning.properties().minimum_len()) {
        Ok(Some(0)) => {
            let message = "the pattern also matches where nothing stands, so it would take every entry";
            Err(Mistake::new(all, message, "ask for one letter at least: + in place of *, and no lone ?"))
        }
        Ok(Some(_)) => Ok(()),
        Ok(None) => Err(Mistake::new(all, "no text at all could match the pattern", EXAMPLE)),
        Err(Error::Parse(error)) => Err(unreadable(body, &error)),
        Err(Error::Translate(error)) => {
            let at = error.span().start.offset..error.span().end.offset;
            Err(Mistake::new(at, format!("the pattern cannot be read: {}", error.kind()), EXAMPLE))
        }
        Err(_) => Err(Mistake::new(all, "the pattern cannot be read", EXAMPLE)),
    }
}

fn unreadable(body: &str, error: &ast::Error) -> Mistake {
    let start = error.span().start.offset;
    let first = body.get(start..).and_then(|rest| rest.chars().next()).map_or(0, char::len_utf8);
    let at = start..error.span().end.offset.max(start + first);
    let sign = body.get(at.clone()).unwrap_or_default();
    let itself = |sign: &str| format!(r"close it, or write \{sign} for the sign itself");
    let (message, hint) = match error.kind() {
        ErrorKind::GroupUnclosed => ("the group that opens here is never closed".to_owned(), itself("(")),
        ErrorKind::GroupUnopened => {
            ("this `)` closes nothing".to_owned(), r"write \) for the sign itself".to_owned())
        }
        ErrorKind::ClassUnclosed => ("the `[` that opens here is never closed".to_owned(), itself("[")),
        ErrorKind::RepetitionMissing => (
            format!("`{sign}` repeats what stands before it, and nothing does"),
            format!(r"write \{sign} for the sign itself"),
        ),
        ErrorKind::RepetitionCountInvalid
        | ErrorKind::RepetitionCountDecimalEmpty
        | ErrorKind::RepetitionCountUnclosed
        | ErrorKind::DecimalEmpty
        | ErrorKind::DecimalInvalid => (
            "braces hold how often something repeats, as in {2,5}".to_owned(),
            r"write \{ for the sign itself".to_owned(),
        ),
        ErrorKind::EscapeUnrecognized | ErrorKind::EscapeUnexpectedEof => (
            format!("`{sign}` means nothing in a pattern"),
            r"leave the backslash out, or write \\ for the sign itself".to_owned(),
        ),
        ErrorKind::UnsupportedBackreference | ErrorKind::UnsupportedLookAround => (
            "patterns here cannot look ahead, look back or refer back: they must stay quick".to_owned(),
            "say it with AND NOT, or with two patterns".to_owned(),
        ),
        other => (format!("the pattern cannot be read: {other}"), EXAMPLE.to_owned()),
    };
    Mistake::new(at, message, hint)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(body: &str, text: &str, found: Option<&str>) {
        let pattern = Pattern::parse(body).expect(body);
        assert_eq!(pattern.find(text).map(|at| &text[at]), found, "/{body}/");
    }

    #[track_caller]
    fn check_wrong(body: &str, there: &str, message: &str, hint: &str) {
        let mistake = Pattern::parse(body).expect_err(body);
        assert!(mistake.message.contains(message), "{}", mistake.message);
        assert_eq!(&body[mistake.at], there);
        assert!(mistake.hint.contains(hint), "{}", mistake.hint);
    }

    #[test]
    fn letter_case_does_not_count_but_accents_do() {
        check(r"roi_\d+", "/News/ROI_15sep26_e.htm", Some("ROI_15"));
        check("décret", "DÉCRET 12", Some("DÉCRET"));
        check("décret", "decret 12", None);
    }

    #[test]
    fn each_line_has_a_beginning_and_an_end() {
        check("^origin$", "Trade\nOrigin\nFish", Some("Origin"));
        check("(^|/)roi", "x/roi", Some("/roi"));
        check("(?:^a|b$)", "xb", Some("b"));
    }

    #[test]
    fn a_backslash_keeps_a_sign_as_it_is() {
        check(r"US\$ \d+", "of us$ 800 or less", Some("us$ 800"));
        check(r"\/news\/", "https://wto.org/news/1", Some("/news/"));
        check("[$^*+]5", "=$5", Some("$5"));
    }

    #[test]
    fn a_sign_that_needs_a_backslash_is_pointed_at() {
        check_wrong("US$ 800", "$", "the end of a line", r"write \$");
        check_wrong("a^b", "^", "the beginning of a line", r"write \^");
        check_wrong("C++", "+", "repeats", r"write \+");
        check_wrong("*customs", "*", "nothing does", r"write \*");
        check_wrong("(customs", "(", "never closed", r"write \(");
        check_wrong("customs)", ")", "closes nothing", r"write \)");
        check_wrong("[a", "[", "never closed", r"write \[");
        check_wrong("a{x}", "x", "how often", r"write \{");
        check_wrong(r"a\y", r"\y", "means nothing", "backslash");
        check_wrong(r"(a)\1", r"\1", "refer back", "AND NOT");
        check_wrong("(?=a)b", "(?=", "look ahead", "AND NOT");
    }

    #[test]
    fn what_would_take_every_entry_or_none_is_refused() {
        check_wrong("", "", "is empty", "link:");
        check_wrong(r"\d*", r"\d*", "take every entry", "+ in place");
        check_wrong(r"\b", r"\b", "take every entry", "one letter");
        check_wrong(r"a[^\s\S]", r"a[^\s\S]", "no text at all", "link:");
    }

    #[test]
    fn what_would_take_long_is_refused() {
        check_wrong(r"\w{2000}", r"\w{2000}", "too large", "small");
        let long = "a|b".repeat(100);
        check_wrong(&long, &long, "too large", "200 characters");
    }

    #[test]
    fn a_plain_word_is_better() {
        check_wrong(r"\bparcel\b", r"\bparcel\b", "a plain word", "write parcel");
        check("parcel", "subparcels", Some("parcel"));
    }
}
