//! The first sentences of a text.

use crate::model::text::one_line;

/// After these a point ends no sentence.
const ABBREVIATIONS: [&str; 43] = [
    "mr", "mrs", "ms", "dr", "prof", "st", "jr", "sr", "hon", "gen", "nos", "nr", "art", "arts", "para",
    "paras", "vol", "fig", "ref", "reg", "sec", "vs", "etc", "approx", "ca", "cf", "al", "inc", "ltd",
    "corp", "co", "jan", "feb", "sept", "oct", "nov", "dec", "sra", "núm", "bzw", "ул", "г", "mme",
];

/// A cut looks back so far for the end of a word; Chinese has none.
const LONGEST_WORD: usize = 30;

/// So many signs that close a sentence, and so many blanks after them, are looked at from each place.
const MOST_CLOSING: usize = 16;

pub(super) fn excerpt(text: &str, sentences: usize, chars: usize) -> String {
    if sentences == 0 || chars == 0 {
        return String::new();
    }
    let mut excerpt = String::new();
    for sentence in Sentences(text).map(one_line).filter(|sentence| !sentence.is_empty()).take(sentences) {
        let longer =
            if excerpt.is_empty() { sentence } else { format!("{excerpt}{}{sentence}", joint(&excerpt)) };
        if longer.chars().count() > chars {
            // Whole sentences read better, if they say enough.
            let enough = excerpt.chars().count() * 2 >= chars;
            return if enough { excerpt } else { cut(&longer, chars) };
        }
        excerpt = longer;
    }
    excerpt
}

/// Chinese sentences follow each other without a space.
fn joint(before: &str) -> &'static str {
    if before.ends_with(is_wide_end) { "" } else { " " }
}

/// At most so many characters, the last of them "…".
fn cut(text: &str, chars: usize) -> String {
    let end = text.char_indices().nth(chars.saturating_sub(1)).map_or(text.len(), |(at, _)| at);
    let start = text.get(..end).unwrap_or_default();
    let in_word = text.get(end..).is_some_and(|rest| !rest.starts_with(' '));
    let word = start.rfind(' ').filter(|at| in_word && start.len() - at <= LONGEST_WORD);
    let start = start.get(..word.unwrap_or(start.len())).unwrap_or_default();
    let start = start.trim_end_matches(|c: char| c.is_whitespace() || ",;:–—-([{«“‘\"'、，；：".contains(c));
    format!("{start}…")
}

/// The sentences of a text, one after the other.
struct Sentences<'a>(&'a str);

impl<'a> Iterator for Sentences<'a> {
    type Item = &'a str;

    fn next(&mut self) -> Option<&'a str> {
        if self.0.is_empty() {
            return None;
        }
        let end =
            self.0.char_indices().find_map(|(at, c)| sentence_end(self.0, at, c)).unwrap_or(self.0.len());
        let (sentence, rest) = self.0.split_at_checked(end)?;
        self.0 = rest;
        Some(sentence)
    }
}

/// If a sentence ends with the character at this place, where the next one may begin.
fn sentence_end(text: &str, at: usize, c: char) -> Option<usize> {
    let (before, from) = text.split_at_checked(at)?;
    let after = from.get(c.len_utf8()..)?;
    let is_closing = |c: &char| ".!?…\"'”’»)]」』》）".contains(*c) || is_wide_end(*c);
    let closing = after.chars().take(MOST_CLOSING).take_while(is_closing).map(char::len_utf8).sum();
    let closed = after.get(closing..)?;
    let end = text.len() - closed.len();
    let quoted = closed.len() < after.len();
    let next = closed.chars().take(MOST_CLOSING).find(|c| !c.is_whitespace());
    let starts_next = next.is_none_or(|next| !next.is_lowercase());
    let ends = match c {
        '\n' => starts_next,
        '!' | '?' | '؟' | '۔' | '…' => closed.starts_with(char::is_whitespace) && starts_next,
        '.' => {
            closed.starts_with(char::is_whitespace)
                && starts_next
                && (quoted || !is_abbreviated(before, closed))
        }
        _ => is_wide_end(c),
    };
    ends.then_some(end)
}

fn is_wide_end(c: char) -> bool {
    matches!(c, '。' | '！' | '？')
}

/// Does the point after `before` belong to an abbreviation, an initial or an ordinal number?
fn is_abbreviated(before: &str, after: &str) -> bool {
    let word =
        before.rsplit(|c: char| c.is_whitespace() || "(\"“«'’‘[".contains(c)).next().unwrap_or_default();
    if word.eq_ignore_ascii_case("no") {
        return after.trim_start().starts_with(|c: char| c.is_ascii_digit());
    }
    let ordinal = word.len() <= 2 && !word.is_empty() && word.bytes().all(|b| b.is_ascii_digit());
    let initial = word.chars().count() == 1 && word.chars().all(char::is_alphabetic);
    let dotted = word.contains('.') && word.split('.').all(|part| part.chars().count() <= 2);
    ordinal || initial || dotted || ABBREVIATIONS.contains(&&*word.to_lowercase())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// The sentences, parted by a bar.
    fn check(text: &str, expected: &str) {
        let sentences: Vec<_> =
            Sentences(text).map(str::trim).filter(|sentence| !sentence.is_empty()).collect();
        assert_eq!(sentences.join("|"), expected, "{text}");
    }

    fn check_excerpt(text: &str, sentences: usize, chars: usize, expected: &str) {
        assert_eq!(excerpt(text, sentences, chars), expected, "{text}");
    }

    #[test]
    fn sentences_end_in_many_scripts() {
        check("One. Two! Three? Four", "One.|Two!|Three?|Four");
        check("海关总署发布公告。自即日起施行！为什么？好", "海关总署发布公告。|自即日起施行！|为什么？|好");
        check("هل هذا صحيح؟ نعم. شكرا", "هل هذا صحيح؟|نعم.|شكرا");
        check("Он сказал: «Да.» Потом ушёл.", "Он сказал: «Да.»|Потом ушёл.");
        check("He said “No.” Then he left… And came back.", "He said “No.”|Then he left…|And came back.");
    }

    #[test]
    fn abbreviations_end_none() {
        check(
            "Mr. Smith of the U.S. Customs met J. P. Doe, e.g. Monday. End.",
            "Mr. Smith of the U.S. Customs met J. P. Doe, e.g. Monday.|End.",
        );
        check(
            "See No. 5 of art. 7. It says no. Then it ends.",
            "See No. 5 of art. 7. It says no.|Then it ends.",
        );
        check(
            "Am 15. Januar wurde 3.5 Prozent u.a. Zoll erhoben. Ende.",
            "Am 15. Januar wurde 3.5 Prozent u.a. Zoll erhoben.|Ende.",
        );
        check(
            "version 3.11 is out... and more. example.com is up",
            "version 3.11 is out... and more. example.com is up",
        );
    }

    #[test]
    fn a_line_ends_a_sentence_unless_it_goes_on() {
        check("Heading\nText goes\non here.\nMore", "Heading|Text goes\non here.|More");
    }

    #[test]
    fn only_the_first_sentences_are_taken() {
        check_excerpt("One.  Two.\nThree. Four.", 3, 100, "One. Two. Three.");
        check_excerpt("一。二。三。", 2, 100, "一。二。");
        check_excerpt("One. Two.", 0, 100, "");
        check_excerpt("One. Two.", 2, 0, "");
        check_excerpt("", 2, 10, "");
    }

    #[test]
    fn a_long_sentence_is_cut_at_a_word() {
        check_excerpt("Members reviewed the notifications of duties.", 3, 21, "Members reviewed the…");
        check_excerpt("Members reviewed, then left.", 3, 19, "Members reviewed…");
        check_excerpt("海关总署发布公告自即日起施行", 3, 6, "海关总署发…");
    }

    #[test]
    fn whole_sentences_are_kept_if_they_say_enough() {
        check_excerpt(
            "Members reviewed the text. They agreed on every single point.",
            3,
            40,
            "Members reviewed the text.",
        );
        check_excerpt(
            "Geneva. Members reviewed the text of the agreement.",
            3,
            40,
            "Geneva. Members reviewed the text of…",
        );
    }

    proptest! {
        #[test]
        fn it_is_never_longer_than_asked_for(text in "\\PC{0,200}", sentences in 0_usize..5, chars in 0_usize..80) {
            let excerpt = excerpt(&text, sentences, chars);
            prop_assert!(excerpt.chars().count() <= chars.max(1));
        }

        #[test]
        fn no_sentence_is_lost(text in "[A-Za-z.!? \n。]{0,80}") {
            prop_assert_eq!(Sentences(&text).collect::<String>(), text);
        }
    }
}
