//! Bytes become text: byte order mark, then the HTTP header's charset, then what the document says, then what it looks like.

use std::borrow::Cow;

use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs::{Encoding, UTF_8, UTF_16BE, UTF_16LE, WINDOWS_1252};

use super::document::{Flaw, FlawCode};

/// So much of a document is looked at to find the encoding that it names, or that it looks like.
const HEAD: usize = 1024;
const SAMPLE: usize = 256 * 1024;

#[derive(Debug, PartialEq, Eq)]
pub(super) struct Decoded<'a> {
    /// Without byte order mark.
    pub text: Cow<'a, str>,
    /// Lower case.
    pub encoding: String,
    pub flaw: Option<Flaw>,
}

pub(super) fn decode<'a>(bytes: &'a [u8], content_type: Option<&str>) -> Decoded<'a> {
    if let Some((name, text)) = utf_32(bytes) {
        return Decoded { text: Cow::Owned(text), encoding: name.to_owned(), flaw: None };
    }
    if let Some((encoding, mark)) = Encoding::for_bom(bytes) {
        return with(encoding, bytes.get(mark..).unwrap_or_default(), None);
    }
    if let Some(encoding) = wide_by_pattern(bytes) {
        return with(encoding, bytes, None);
    }
    let header = content_type.and_then(|value| parameter(value, "charset"));
    let named = header.map(str::as_bytes).or_else(|| prolog_encoding(bytes));
    let known = named.map(|label| (label, ascii_compatible(label)));
    match known {
        Some((_, Some(encoding))) => declared(encoding, bytes),
        Some((label, None)) => {
            let message =
                format!("the encoding “{}” is not known; it was guessed", String::from_utf8_lossy(label));
            guessed(bytes, Some(Flaw { code: FlawCode::Encoding, message }))
        }
        None => guessed(bytes, None),
    }
}

/// As the label says, unless the bytes contradict it: then UTF-8 if they are, else a guess.
fn declared<'a>(encoding: &'static Encoding, bytes: &'a [u8]) -> Decoded<'a> {
    if encoding != UTF_8 && is_surely_utf_8(encoding, bytes) {
        let message = format!("it says {} and is UTF-8", encoding.name());
        return guessed(bytes, Some(Flaw { code: FlawCode::Encoding, message }));
    }
    if let Some(text) = encoding.decode_without_bom_handling_and_without_replacement(bytes) {
        return Decoded { text, encoding: name(encoding), flaw: None };
    }
    let message = format!("the bytes are not {}; the encoding was guessed", encoding.name());
    guessed(bytes, Some(Flaw { code: FlawCode::Encoding, message }))
}

fn guessed(bytes: &[u8], flaw: Option<Flaw>) -> Decoded<'_> {
    if let Ok(text) = std::str::from_utf8(bytes) {
        return Decoded { text: Cow::Borrowed(text), encoding: name(UTF_8), flaw };
    }
    if is_nearly_utf_8(bytes) {
        return with(UTF_8, bytes, flaw);
    }
    let mut detector = EncodingDetector::new(Iso2022JpDetection::Deny);
    let sample = bytes.get(..SAMPLE).unwrap_or(bytes);
    detector.feed(sample, sample.len() == bytes.len());
    with(detector.guess(None, Utf8Detection::Deny), bytes, flaw)
}

fn with<'a>(encoding: &'static Encoding, bytes: &'a [u8], flaw: Option<Flaw>) -> Decoded<'a> {
    let (text, wrong) = encoding.decode_without_bom_handling(bytes);
    let flaw = flaw.or_else(|| {
        let message = format!("some bytes are not {}; they were replaced", encoding.name());
        wrong.then_some(Flaw { code: FlawCode::Encoding, message })
    });
    Decoded { text, encoding: name(encoding), flaw }
}

fn name(encoding: &'static Encoding) -> String {
    encoding.name().to_ascii_lowercase()
}

/// Letters of another encoding make a sound sequence of UTF-8 once in a while, but never all of them.
fn is_surely_utf_8(other: &'static Encoding, bytes: &[u8]) -> bool {
    let least = if other.is_single_byte() { 3 } else { 8 };
    !bytes.is_ascii()
        && other.is_ascii_compatible()
        && std::str::from_utf8(bytes).is_ok_and(|text| {
            let mut letters = text.chars().filter(|c| !c.is_ascii());
            letters.nth(least - 1).is_some()
        })
}

/// One bad byte in a long text of many UTF-8 sequences, cut in two by some program: it is UTF-8 all the same.
fn is_nearly_utf_8(bytes: &[u8]) -> bool {
    let (mut good, mut bad) = (0_usize, 0_usize);
    for chunk in bytes.utf8_chunks() {
        good += chunk.valid().chars().filter(|c| !c.is_ascii()).count();
        // Several bytes side by side are one fault.
        bad += usize::from(!chunk.invalid().is_empty() && (bad == 0 || !chunk.valid().is_empty()));
    }
    good >= 4 * bad
}

/// UTF-32 is not on the web's list of encodings, and yet it is found.
fn utf_32(bytes: &[u8]) -> Option<(&'static str, String)> {
    type Read = fn([u8; 4]) -> u32;
    let (name, skip, read): (_, _, Read) = match bytes {
        [0, 0, 0xfe, 0xff, ..] => ("utf-32be", 4, u32::from_be_bytes),
        [0xff, 0xfe, 0, 0, ..] => ("utf-32le", 4, u32::from_le_bytes),
        [0, 0, 0, b'<', ..] => ("utf-32be", 0, u32::from_be_bytes),
        [b'<', 0, 0, 0, ..] => ("utf-32le", 0, u32::from_le_bytes),
        _ => return None,
    };
    let units = bytes.get(skip..).unwrap_or_default().as_chunks::<4>().0;
    let text = units.iter().map(|unit| char::from_u32(read(*unit)).unwrap_or('\u{fffd}')).collect();
    Some((name, text))
}

/// The zeros betray UTF-16 without a byte order mark.
fn wide_by_pattern(bytes: &[u8]) -> Option<&'static Encoding> {
    match bytes {
        [0, b'<' | b'{', 0, _, ..] => Some(UTF_16BE),
        [b'<' | b'{', 0, _, 0, ..] => Some(UTF_16LE),
        _ => None,
    }
}

/// What a label stands for. Where it was read byte by byte, it can't mean two bytes for each letter.
fn ascii_compatible(label: &[u8]) -> Option<&'static Encoding> {
    let encoding = match label.to_ascii_lowercase().as_slice() {
        // Names that programs use and the web's list does not have.
        b"gb2312-80" | b"cp936" | b"936" => encoding_rs::GBK,
        b"cp1252" | b"windows1252" => WINDOWS_1252,
        b"utf_8" | b"u8" => UTF_8,
        b"cp950" => encoding_rs::BIG5,
        b"cp932" | b"ms932" => encoding_rs::SHIFT_JIS,
        b"cp949" | b"uhc" => encoding_rs::EUC_KR,
        label => Encoding::for_label_no_replacement(label).or_else(|| by_other_spelling(label))?,
    };
    Some(if encoding == UTF_16LE || encoding == UTF_16BE { UTF_8 } else { encoding })
}

/// `windows_1251`, `mac-cyrillic`, `maccyrillic`
fn by_other_spelling(label: &[u8]) -> Option<&'static Encoding> {
    let label = std::str::from_utf8(label).ok()?.replace('_', "-");
    let mac = label.strip_prefix("mac").map(|rest| format!("x-mac-{}", rest.trim_start_matches('-')));
    Encoding::for_label_no_replacement(label.as_bytes())
        .or_else(|| Encoding::for_label_no_replacement(mac?.as_bytes()))
}

/// `<?xml … encoding="…" ?>`
fn prolog_encoding(bytes: &[u8]) -> Option<&[u8]> {
    let head = bytes.get(..HEAD).unwrap_or(bytes);
    let start = head.windows(5).position(|window| window == b"<?xml")?;
    let head = head.get(start..)?;
    let head = head.get(..head.windows(2).position(|window| window == b"?>")?)?;
    let start = head.windows(8).position(|window| window == b"encoding")? + 8;
    let value = head.get(start..)?.trim_ascii_start().strip_prefix(b"=")?.trim_ascii_start();
    let (mark, value) = value.split_first().filter(|(mark, _)| matches!(mark, b'"' | b'\''))?;
    let end = value.iter().position(|byte| byte == mark)?;
    value.get(..end).map(<[u8]>::trim_ascii)
}

/// A parameter of a media type: `text/xml; charset="utf-8"`.
fn parameter<'a>(value: &'a str, wanted: &str) -> Option<&'a str> {
    value.split(';').skip(1).find_map(|part| {
        let (name, value) = part.split_once('=')?;
        let value = value.trim().trim_matches(['"', '\'']);
        (name.trim().eq_ignore_ascii_case(wanted) && !value.is_empty()).then_some(value)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn check(bytes: &[u8], content_type: Option<&str>, encoding: &str, text: &str, flawed: bool) {
        let decoded = decode(bytes, content_type);
        assert_eq!((decoded.encoding.as_str(), decoded.text.as_ref()), (encoding, text));
        assert_eq!(decoded.flaw.is_some(), flawed, "{:?}", decoded.flaw);
    }

    #[test]
    fn the_byte_order_mark_beats_the_header() {
        check(b"\xef\xbb\xbf<a>\xc3\xa9", Some("text/xml; charset=iso-8859-1"), "utf-8", "<a>é", false);
    }

    #[test]
    fn the_header_beats_the_prolog() {
        let text = "<?xml version='1.0' encoding='utf-8'?>й";
        let bytes = b"<?xml version='1.0' encoding='utf-8'?>\xca";
        check(bytes, Some("application/xml; charset=\"KOI8-R\""), "koi8-r", text, false);
    }

    #[test]
    fn latin_1_is_read_as_browsers_do() {
        let text = "<?xml version='1.0' encoding='iso-8859-1'?>“€”";
        check(b"<?xml version='1.0' encoding='iso-8859-1'?>\x93\x80\x94", None, "windows-1252", text, false);
    }

    #[test]
    fn a_label_that_lies_is_a_flaw() {
        let bytes = b"<?xml version='1.0' encoding='utf-8'?>d\xe9claration en douane, \xe0 No\xebl";
        let text = "<?xml version='1.0' encoding='utf-8'?>déclaration en douane, à Noël";
        check(bytes, None, "windows-1252", text, true);
    }

    #[test]
    fn utf_8_under_another_label_is_found_out() {
        let bytes = "<?xml version='1.0' encoding='us-ascii'?>海关".as_bytes();
        check(bytes, Some("text/xml; charset=gb18031"), "utf-8", std::str::from_utf8(bytes).unwrap(), true);
    }

    #[test]
    fn utf_8_under_the_label_of_an_encoding_that_takes_any_byte_is_found_out() {
        for label in ["iso-8859-1", "windows-1251", "gb2312", "us-ascii"] {
            let text =
                format!("<?xml version='1.0' encoding='{label}'?>Größe, Maß und Übermaß für Öl, Ähren");
            check(text.as_bytes(), None, "utf-8", &text, true);
        }
        // Two letters may be an accident.
        let text = "<?xml version='1.0' encoding='iso-8859-1'?>CafÃ©";
        check(b"<?xml version='1.0' encoding='iso-8859-1'?>Caf\xc3\xa9", None, "windows-1252", text, false);
    }

    #[test]
    fn wide_encodings_are_found_by_their_zeros() {
        check(b"<\0a\0>\0", None, "utf-16le", "<a>", false);
        check(b"\0<\0a\0>", None, "utf-16be", "<a>", false);
        check(b"\0\0\xfe\xff\0\0\0<\0\0\x6d\x77", None, "utf-32be", "<海", false);
    }

    #[test]
    fn one_bad_byte_does_not_make_it_another_encoding() {
        let mut bytes = "Таможенный союз и новые правила".as_bytes().to_vec();
        bytes.push(0xd0);
        check(&bytes, None, "utf-8", "Таможенный союз и новые правила\u{fffd}", true);
    }

    proptest! {
        #[test]
        fn any_bytes_decode(bytes: Vec<u8>, header: Option<String>) {
            decode(&bytes, header.as_deref());
        }

        #[test]
        fn text_in_utf_8_stays_as_it_is(text in "[^\0\u{feff}]{0,40}") {
            let decoded = decode(text.as_bytes(), None);
            prop_assert_eq!(decoded.text.as_ref(), text.as_str());
        }
    }
}
