//! Character references and the characters that XML knows: resolved, escaped, judged.

use std::borrow::Cow;

use memchr::{memchr, memchr_iter};

/// The longest name of an HTML entity has 31 letters; what is longer is a bare ampersand in prose.
const LONGEST_NAME: usize = 32;

/// May it stand in an XML 1.0 document (section 2.2)?
pub(super) fn is_xml(c: char) -> bool {
    !matches!(c, '\0'..='\u{8}' | '\u{b}' | '\u{c}' | '\u{e}'..='\u{1f}' | '\u{fffe}' | '\u{ffff}')
}

/// The same for a whole document, in strides that the processor takes at once.
pub(super) fn is_all_xml(text: &str) -> bool {
    let is_control = |byte: u8| byte < b' ' && !matches!(byte, b'\t' | b'\n' | b'\r');
    let mut strides = text.as_bytes().chunks(4096);
    !strides.any(|stride| stride.iter().fold(false, |found, byte| found | is_control(*byte)))
        && !memchr_iter(0xef, text.as_bytes()).any(|at| {
            // U+FFFE and U+FFFF
            matches!(text.as_bytes().get(at..at + 3), Some([_, 0xbf, 0xbe | 0xbf]))
        })
}

/// The text with its references resolved, once; what is none stays as it is.
pub(super) fn decode(text: &str) -> Cow<'_, str> {
    if memchr(b'&', text.as_bytes()).is_none() {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(start) = memchr(b'&', rest.as_bytes()) {
        let (before, from) = rest.split_at(start);
        out.push_str(before);
        let (resolved, length) = match reference(from) {
            Some((resolved, length)) => (resolved, length),
            None => (Cow::Borrowed("&"), 1),
        };
        out.push_str(&resolved);
        rest = from.get(length..).unwrap_or("");
    }
    out.push_str(rest);
    Cow::Owned(out)
}

/// Is there a reference in it that means something?
pub(super) fn is_in(text: &str) -> bool {
    let mut places = memchr_iter(b'&', text.as_bytes());
    places.any(|at| text.get(at..).is_some_and(|from| reference(from).is_some()))
}

/// The reference that the text begins with, resolved, and its length.
fn reference(text: &str) -> Option<(Cow<'static, str>, usize)> {
    if let Some((resolved, length)) = usual(text) {
        return Some((Cow::Borrowed(resolved), length));
    }
    let window = text.as_bytes().iter().take(LONGEST_NAME + 2);
    let end = window.enumerate().find(|(_, byte)| **byte == b';')?.0;
    let name = text.get(1..end)?;
    let resolved = match name.strip_prefix('#') {
        // A control character that XML does not allow: nobody means to show it.
        Some(number) if matches!(code(number), Some(0..=0x1f)) && numeric(number) == Some('\u{fffd}') => {
            Cow::Borrowed("")
        }
        Some(number) => Cow::Owned(numeric(number)?.to_string()),
        None => Cow::Owned(named(text.get(1..=end)?)?),
    };
    Some((resolved, end + 1))
}

/// The same of those of XML itself: these are nearly all there are.
fn usual(text: &str) -> Option<(&'static str, usize)> {
    Some(match text.as_bytes() {
        [b'&', b'l', b't', b';', ..] => ("<", 4),
        [b'&', b'g', b't', b';', ..] => (">", 4),
        [b'&', b'a', b'm', b'p', b';', ..] => ("&", 5),
        [b'&', b'q', b'u', b'o', b't', b';', ..] => ("\"", 6),
        [b'&', b'a', b'p', b'o', b's', b';', ..] => ("'", 6),
        _ => return None,
    })
}

/// An entity of HTML; the name has its semicolon.
fn named(name: &str) -> Option<String> {
    let (first, second) = *xml5ever::data::NAMED_ENTITIES.get(name)?;
    let letters = [first, second].into_iter().filter(|code| *code != 0).filter_map(char::from_u32);
    Some(letters.collect::<String>()).filter(|letters| !letters.is_empty())
}

fn numeric_soundness(number: &str) -> Soundness {
    match numeric(number) {
        None | Some('\u{fffd}') => Soundness::Broken,
        Some(_) if matches!(code(number), Some(0x80..=0x9f)) => Soundness::Odd,
        Some(_) => Soundness::Sound,
    }
}

/// `None` if it isn't a number; one that is too large is 0.
fn code(number: &str) -> Option<u32> {
    let (digits, radix) = match number.strip_prefix(['x', 'X']) {
        Some(hex) => (hex, 16),
        None => (number, 10),
    };
    let is_number = !digits.is_empty() && digits.chars().all(|c| c.is_digit(radix));
    is_number.then(|| u32::from_str_radix(digits, radix).unwrap_or(0))
}

/// As browsers read it: 128 to 159 mean what windows-1252 has there, and what is no character is U+FFFD.
fn numeric(number: &str) -> Option<char> {
    let code = code(number)?;
    if let (0x80..=0x9f, Ok(byte)) = (code, u8::try_from(code)) {
        return encoding_rs::WINDOWS_1252.decode_without_bom_handling(&[byte]).0.chars().next();
    }
    Some(char::from_u32(code).filter(|c| is_xml(*c)).unwrap_or('\u{fffd}'))
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Soundness {
    Sound,
    /// XML allows it, but it doesn't say what it means: the code of a control character for a letter.
    Odd,
    Broken,
}

/// Would an XML processor accept all references in it, without a document type?
pub(super) fn soundness(text: &str) -> Soundness {
    let mut worst = Soundness::Sound;
    let mut rest = text;
    while let Some(start) = memchr(b'&', rest.as_bytes()) {
        let from = rest.get(start..).unwrap_or("");
        rest = from.get(1..).unwrap_or("");
        if usual(from).is_some() {
            continue;
        }
        let Some(end) = rest.bytes().take(LONGEST_NAME).position(|b| b == b';') else {
            return Soundness::Broken;
        };
        let number = rest.get(..end).and_then(|name| name.strip_prefix('#'));
        worst = worst.max(number.map_or(Soundness::Broken, numeric_soundness));
    }
    worst
}

/// Appends the text as XML character data or attribute value; what XML can't hold is left out.
pub(super) fn escape_into(out: &mut String, text: &str) {
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            c if is_xml(c) => out.push(c),
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn references_are_resolved_once() {
        for (from, to) in [
            ("AT&amp;amp;T", "AT&amp;T"),
            ("caf&eacute; &nbsp;", "café \u{a0}"),
            ("&#8364; &#x20AC; &#128;", "€ € €"),
            ("?a=1&copy=2 & b", "?a=1&copy=2 & b"),
            ("&#55357; &#x0B; &#;", "\u{fffd}  &#;"),
            ("a&#0;b", "ab"),
            ("&nosuchthing; &", "&nosuchthing; &"),
            ("&delta;&Omega;", "δΩ"),
        ] {
            assert_eq!(decode(from), to, "{from}");
        }
    }

    #[test]
    fn a_bare_ampersand_is_not_sound() {
        assert_eq!(soundness("a &amp; b &#8364;"), Soundness::Sound);
        assert_eq!(soundness("don&#146;t"), Soundness::Odd);
        for wrong in ["a & b", "&nbsp;", "&#x0B;", "&copy=1"] {
            assert_eq!(soundness(wrong), Soundness::Broken, "{wrong}");
        }
    }
}
