//! How a term may be written: its weight, and what in it would match nothing.

use std::cmp::Reverse;

use super::fold::fold;
use super::term::{Mistake, STAR};
use crate::model::verdict::{Match, TermList};

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

/// What belongs into expressions, found in a list.
pub(super) fn check_list_words(text: &str) -> Result<(), Mistake> {
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
pub(super) fn check_stars(body: &str) -> Result<(), Mistake> {
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
pub(super) fn check_letters(body: &str) -> Result<(), Mistake> {
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
    use super::super::term::Term;
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
