//! Text from outside: what may never reach a published file is taken out here, once.

use url::Url;

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
    // In blocks and without a branch inside, so that the compiler can look at many bytes at once.
    let harmless = |block: &[u8]| block.iter().fold(true, |all, byte| all & is_harmless(*byte));
    if text.as_bytes().chunks(64).all(harmless) || text.chars().all(is_allowed) {
        return text.to_owned();
    }
    text.chars().filter(|c| is_allowed(*c)).collect()
}

/// Is no character refused that this byte begins or belongs to? Most texts pass without a look at their characters.
fn is_harmless(byte: u8) -> bool {
    // C2: controls up to U+009F. E2: directions. EF: U+FFFE, U+FFFF.
    matches!(byte, b'\t' | b'\n' | b'\r' | b' '..=b'~' | 0x80..=0xC1 | 0xC3..=0xE1 | 0xE3..=0xEE | 0xF0..)
}

/// [`clean`], and every run of white space (no-break spaces too) is one space, none at the ends.
pub fn one_line(text: &str) -> String {
    let mut line = String::with_capacity(text.len());
    for word in text.split(|c: char| c.is_whitespace()) {
        let start = line.len();
        if start > 0 {
            line.push(' ');
        }
        line.extend(word.chars().filter(|c| is_allowed(*c)));
        if line.len() <= start + 1 && start > 0 {
            line.truncate(start);
        }
    }
    line
}

/// The host of an address as members know it, without `www.`; empty if it has none.
pub fn host(url: &Url) -> &str {
    let host = url.host_str().unwrap_or_default();
    host.strip_prefix("www.").unwrap_or(host)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn white_space_of_every_kind_is_one_space() {
        assert_eq!(one_line("  a\u{a0}\u{a0}b\n\tc \u{b} d "), "a b c d");
    }

    #[test]
    fn no_refused_character_begins_with_a_harmless_byte() {
        let refused = ('\0'..=char::MAX).filter(|c| !is_allowed(*c));
        for c in refused {
            assert!(!c.to_string().bytes().all(is_harmless), "{c:?}");
            assert_eq!(clean(&format!("a{c}b")), "ab");
        }
    }

    #[test]
    fn direction_overrides_and_controls_are_gone() {
        assert_eq!(clean("a\u{202e}b\u{0}c\u{fffe}d\n"), "abcd\n");
    }
}
