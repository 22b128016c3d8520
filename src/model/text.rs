//! Text from outside: what may never reach a published file is taken out here, once.

pub(crate) mod block;
pub(crate) mod flow;

use url::Url;

use block::{Block, Lanes, block_at};
use flow::Flow;

/// HTML or plain text as a source sent it; `html` says which. Not sanitised.
#[derive(Debug, Clone, PartialEq, Eq, Default, Hash)]
pub struct Markup {
    pub text: String,
    pub html: bool,
}

impl Markup {
    pub fn plain(text: impl Into<String>) -> Self {
        Self { text: text.into(), html: false }
    }

    pub fn html(text: impl Into<String>) -> Self {
        Self { text: text.into(), html: true }
    }
}

/// May this character stand in an XML 1.0 document (section 2.2), and does it leave the reading order alone?
///
/// Direction overrides and isolates (U+202A–U+202E, U+2066–U+2069) are refused too: in a title they can make
/// an address read backwards.
pub fn is_allowed(c: char) -> bool {
    let is_control = matches!(c, '\u{0}'..='\u{1F}' | '\u{7F}'..='\u{84}' | '\u{86}'..='\u{9F}')
        && !matches!(c, '\t' | '\n' | '\r');
    let turns = matches!(c, '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}');
    !is_control && !turns && !matches!(c, '\u{FFFE}' | '\u{FFFF}')
}

/// The same text without the characters that [`is_allowed`] refuses.
pub fn clean(text: &str) -> String {
    if is_clean(text.as_bytes()) {
        return text.to_owned();
    }
    text.chars().filter(|c| is_allowed(*c)).collect()
}

fn is_clean(text: &[u8]) -> bool {
    (0..text.len()).step_by(size_of::<Block>()).all(|start| {
        let mut suspects = suspects(Lanes::of(block_at(text, start, b' '))).bits();
        while suspects != 0 {
            let at = start + suspects.trailing_zeros() as usize;
            if text.get(at..).is_some_and(begins_refused) {
                return false;
            }
            suspects &= suspects - 1;
        }
        true
    })
}

/// The bytes that may begin a character that is refused, and a few more. Most texts pass without a look at their
/// characters.
#[inline]
fn suspects(bytes: Lanes) -> Lanes {
    // C2: controls up to U+009F. E2: directions. EF: U+FFFE, U+FFFF.
    bytes.within(0, 0x1F) | bytes.is(0x7F) | bytes.is(0xC2) | bytes.is(0xE2) | bytes.is(0xEF)
}

/// Does this UTF-8 begin with a character that [`is_allowed`] refuses?
fn begins_refused(text: &[u8]) -> bool {
    match text {
        [0xC2, next, ..] => matches!(next, 0x80..=0x84 | 0x86..=0x9F),
        [0xE2, 0x80, last, ..] => matches!(last, 0xAA..=0xAE),
        [0xE2, 0x81, last, ..] => matches!(last, 0xA6..=0xA9),
        [0xEF, 0xBF, last, ..] => matches!(last, 0xBE | 0xBF),
        [byte, ..] => byte.is_ascii_control() && !matches!(byte, b'\t' | b'\n' | b'\r'),
        [] => false,
    }
}

/// [`clean`], and every run of white space (no-break spaces too) is one space, none at the ends.
pub fn one_line(text: &str) -> String {
    let mut flow = Flow::with_capacity(text.len());
    flow.write(text, Flow::push_first);
    flow.into_text()
}

/// The host of an address as members know it, without `www.`; empty if it has none.
pub fn host(url: &Url) -> &str {
    let host = url.host_str().unwrap_or_default();
    host.strip_prefix("www.").unwrap_or(host)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn white_space_of_every_kind_is_one_space() {
        assert_eq!(one_line("  a\u{a0}\u{a0}b\n\tc \u{b} d "), "a b c d");
    }

    #[test]
    fn each_character_is_refused_by_its_bytes_too() {
        for c in '\0'..=char::MAX {
            assert_eq!(is_clean(format!("a{c}b").as_bytes()), is_allowed(c), "{c:?}");
        }
    }

    #[test]
    fn direction_overrides_and_controls_are_gone() {
        assert_eq!(clean("a\u{202e}b\u{0}c\u{fffe}d\n"), "abcd\n");
    }

    proptest! {
        /// Word by word, each character asked.
        #[test]
        fn one_line_is_the_words_with_single_spaces(text in "([a-z&]{1,9}|[ \t\n\u{a0}\u{3000}\u{b}]|[\u{0}\u{202e}\u{85}é–海]|\\PC){0,30}") {
            let words = text.split(char::is_whitespace).map(|word| word.chars().filter(|c| is_allowed(*c)).collect::<String>());
            let words: Vec<_> = words.filter(|word| !word.is_empty()).collect();
            prop_assert_eq!(one_line(&text), words.join(" "));
        }

        #[test]
        fn what_is_clean_is_so_character_by_character(text in "([a-z ]{0,40}|[\u{7f}-\u{a0}\u{2028}-\u{202f}\u{2060}-\u{206a}\u{fffd}-\u{ffff}]|\\PC){0,12}") {
            prop_assert_eq!(clean(&text), text.chars().filter(|c| is_allowed(*c)).collect::<String>());
        }
    }
}
