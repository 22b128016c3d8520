//! A term: the words that an editor looks for, checked, and whether they stand at a place in a folded text.

use std::cmp::Reverse;
use std::ops::Range;

use super::fold::{fold, fold_keeping_case};
use super::letters::{Class, class};
use crate::model::verdict::{Match, TermList};

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

/// Takes the weight off a term of a list: `parcel^2` counts as two.
///
/// There is no `^3`: two are enough already, so it would say nothing more.
pub(super) fn take_weight(written: &str, list: TermList) -> Result<(&str, u8), Mistake> {
    let Some((words, weight)) = written.split_once('^') else { return Ok((written, list.weight())) };
    let at = words.len()..written.trim_end().len();
    if list != TermList::Weak {
        let message = "only weak terms have a weight: one of this list counts in full by itself";
        return Err(Mistake::new(at, message, format!("write {}", words.trim())));
    }
    if weight.trim() != "2" {
        let message =
            "the only weight is `^2`: such a weak term counts as two, which is enough beside context";
        let hint =
            format!("write {0}^2, or {0} where it shall count once, or move it to `strong`", words.trim());
        return Err(Mistake::new(at, message, hint));
    }
    Ok((words, Match::ENOUGH))
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

const STAR: [char; 2] = ['*', '＊'];

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

/// What belongs into expressions, found in a list.
fn check_list_words(text: &str) -> Result<(), Mistake> {
    if let Some((at, quote)) =
        text.char_indices().find(|(_, c)| matches!(c, '"' | '“' | '”' | '„' | '«' | '»'))
    {
        let without: String =
            text.chars().filter(|c| !matches!(c, '"' | '“' | '”' | '„' | '«' | '»')).collect();
        let message = format!("`{quote}` is part of no word: lists need no quotation marks");
        return Err(Mistake::new(at..at + quote.len_utf8(), message, format!("write {}", without.trim())));
    }
    if let Some((field, _)) = text.split_once(':').filter(|(field, _)| super::tokens::is_field(field)) {
        let message = format!("`{field}:` works in an `expression` only");
        return Err(Mistake::new(0..field.len() + 1, message, format!("move it: expression = '{text}'")));
    }
    check_list_signs(text)?;
    let shouted = !text.starts_with('=') && text.contains(char::is_lowercase);
    for word in text.split_whitespace().filter(|_| shouted) {
        if matches!(word, "AND" | "OR" | "NOT") || word.starts_with("NEAR/") {
            let at = text.find(word).unwrap_or(0);
            let message = format!("`{word}` works in an `expression` only; in a list it is just a word");
            let hint = format!("write two terms, or small letters, or expression = '{text}'");
            return Err(Mistake::new(at..at + word.len(), message, hint));
        }
    }
    Ok(())
}

/// What other programs read as patterns; here it would be a blank, and the words hardly ever stand so.
fn check_list_signs(text: &str) -> Result<(), Mistake> {
    let inner = text.strip_prefix('/').and_then(|rest| rest.strip_suffix('/'));
    if inner.is_some_and(|inner| !inner.is_empty()) {
        let message = "a /pattern/ works in an `expression` only";
        return Err(Mistake::new(0..text.len(), message, format!("move it: expression = '{text}'")));
    }
    let is_within = |at: usize| {
        let (before, after) = text.split_at(at);
        before.ends_with(char::is_alphanumeric) && after.chars().nth(1).is_some_and(char::is_alphanumeric)
    };
    match text.char_indices().find(|(at, c)| *c == '|' || (*c == '?' && is_within(*at))) {
        None => Ok(()),
        Some((at, sign)) => {
            let message = format!("`{sign}` is no sign for other spellings: it would count as a blank");
            Err(Mistake::new(
                at..at + 1,
                message,
                "write each spelling as a term of its own, or end it with `*`",
            ))
        }
    }
}

/// `*` stands at the end of a word, after at least one letter or digit.
fn check_stars(body: &str) -> Result<(), Mistake> {
    for (at, star) in body.char_indices().filter(|(_, c)| STAR.contains(c)) {
        let (before, after) =
            (body.get(..at).unwrap_or_default(), body.get(at + star.len_utf8()..).unwrap_or_default());
        // The letter shows whether a blank comes between; an accent of its own does not.
        let after_word = fold(&format!("{before}x")).chars().rev().nth(1).is_some_and(char::is_alphanumeric);
        // Between two letters: gone, a blank, or something of its own.
        let mut next = after.chars().map(|c| fold(&format!("x{c}x"))).filter(|between| between != "xx");
        let goes_on = next.next().is_some_and(|between| between != "x x");
        if !after_word || goes_on {
            let message =
                format!("`*` stands only at the end of a word, for any ending; `{body}` has one elsewhere");
            return Err(Mistake::new(0..body.len(), message, "write it as in `tariff*` or `duty rate*`"));
        }
    }
    Ok(())
}

/// A Cyrillic or Greek letter inside a Latin word looks right and matches nothing.
fn check_letters(body: &str) -> Result<(), Mistake> {
    for word in body.split(|c: char| !c.is_alphabetic()) {
        let of = |(_, holds): &Alphabet| word.chars().filter(|c| holds(*c)).count();
        let mut found: Vec<_> = ALPHABETS.iter().filter(|alphabet| of(alphabet) > 0).collect();
        // Of as many letters each, the Latin ones were meant: they come first.
        found.sort_by_key(|alphabet| Reverse(of(alphabet)));
        let [_, .., (script, holds)] = found.as_slice() else { continue };
        let odd = word.chars().find(|c| holds(*c)).unwrap_or_default();
        let message =
            format!("`{word}` mixes two alphabets, so nothing could match it: its `{odd}` is {script}");
        return Err(Mistake::new(0..body.len(), message, "type the word again on one keyboard"));
    }
    Ok(())
}

/// Its name, and what belongs to it.
type Alphabet = (&'static str, fn(char) -> bool);

/// Alphabets with letters that look alike.
const ALPHABETS: [Alphabet; 3] = [
    ("Latin", |c| c.is_ascii_alphabetic()),
    ("Cyrillic", |c| matches!(c, '\u{400}'..='\u{52f}')),
    ("Greek", |c| matches!(c, '\u{370}'..='\u{3ff}')),
];

#[cfg(test)]
mod tests {
    use super::*;

    /// What is wrong with a term: the message has the words, and points at `there`.
    #[track_caller]
    fn check_wrong(term: &str, there: &str, words: &str) {
        let mistake = Term::parse(term).expect_err(term);
        assert!(mistake.message.contains(words), "{}", mistake.message);
        assert_eq!(&term[mistake.at], there);
        assert!(!mistake.hint.is_empty());
    }

    #[test]
    fn a_term_without_letters_or_digits_is_refused() {
        check_wrong("", "", "is empty");
        check_wrong("  ", "  ", "is empty");
        check_wrong(" -- ", "--", "no letters or digits");
        check_wrong("*", "*", "no letters or digits");
        check_wrong("=", "=", "no letters or digits");
        check_wrong("\u{200b}", "\u{200b}", "no letters or digits");
        check_wrong("€", "€", "no letters or digits");
    }

    #[test]
    fn a_star_elsewhere_than_at_the_end_of_a_word_is_refused() {
        check_wrong("cust*ms", "cust*ms", "only at the end");
        check_wrong("*toms duty", "*toms duty", "only at the end");
        check_wrong("tariff**", "tariff**", "only at the end");
        check_wrong("duty * rate", "duty * rate", "only at the end");
        check_wrong("tariff*\u{301}s", "tariff*\u{301}s", "only at the end");
        check_wrong("=PEM* Convention", "=PEM* Convention", "in the middle");
    }

    #[test]
    fn quotation_marks_are_refused() {
        check_wrong("\"rules of origin\"", "\"", "no quotation marks");
        check_wrong("rules of origin”", "”", "no quotation marks");
    }

    #[test]
    fn what_belongs_into_an_expression_is_refused() {
        check_wrong("title:customs", "title:", "`expression` only");
        check_wrong("fish AND chips", "AND", "`expression` only");
        check_wrong("duty NEAR/3 free", "NEAR/3", "`expression` only");
        check_wrong("/roi_./", "/roi_./", "`expression` only");
        check_wrong("parcel|package", "|", "no sign for other spellings");
        check_wrong("organi?ation", "?", "no sign for other spellings");
        assert!(Term::parse("what next?").is_ok());
        assert!(Term::parse("CUSTOMS AND BORDER PROTECTION").is_ok());
    }

    #[test]
    fn only_weak_terms_have_a_weight_and_it_is_two() {
        use TermList::{Strong, Weak};
        assert_eq!(take_weight("small parcel*^2 ", Weak), Ok(("small parcel*", 2)));
        assert_eq!(take_weight("parcel", Weak), Ok(("parcel", 1)));
        for (term, list, there, message, hint) in [
            ("parcel^2", Strong, "^2", "only weak", "write parcel"),
            ("parcel^3", Weak, "^3", "the only weight", "parcel^2"),
            ("parcel^ ", Weak, "^", "the only weight", "parcel^2"),
            ("a^2^2", Weak, "^2^2", "the only weight", "a^2"),
        ] {
            let mistake = take_weight(term, list).expect_err(term);
            assert!(mistake.message.contains(message), "{}", mistake.message);
            assert!(mistake.hint.contains(hint), "{}", mistake.hint);
            assert_eq!(&term[mistake.at], there);
        }
    }

    #[test]
    fn a_word_of_two_alphabets_is_refused() {
        check_wrong("сustoms", "сustoms", "`с` is Cyrillic");
        check_wrong("таможeнный", "таможeнный", "`e` is Latin");
        check_wrong("cust\u{3bf}ms", "cust\u{3bf}ms", "`\u{3bf}` is Greek");
        check_wrong("\u{391}EO", "\u{391}EO", "`\u{391}` is Greek");
        assert!(Term::parse("онлайн-ETA, café, €150 и £135, τελωνείο, 5 µg").is_ok());
    }
}
