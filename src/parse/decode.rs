//! Bytes become text: byte order mark, then the HTTP header's charset, then what the document says, then what it looks like.

use std::borrow::Cow;

use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs::{Encoding, UTF_8, UTF_16BE, UTF_16LE, WINDOWS_1252};

use super::document::{Flaw, FlawCode};

mod code_page;
mod label;

use code_page::{CodePage, plain};
use label::{ascii_compatible, meta_encoding, parameter, prolog_encoding};

/// So much of a document is looked at to find the encoding that it looks like.
const SAMPLE: usize = 256 * 1024;
const US_ASCII: &str = "us-ascii";

#[derive(Debug, PartialEq, Eq)]
pub(super) struct Decoded<'a> {
    /// Without byte order mark.
    pub text: Cow<'a, str>,
    /// Lower case.
    pub encoding: String,
    pub flaw: Option<Flaw>,
}

pub(super) fn decode<'a>(bytes: &'a [u8], content_type: Option<&str>) -> Decoded<'a> {
    let older = content_type.is_some_and(is_text);
    labelled(bytes, content_type, prolog_encoding(bytes), older)
}

/// The same for HTML, where `<meta>` names the encoding, and browsers believe it before an XML declaration.
pub(super) fn html<'a>(bytes: &'a [u8], content_type: Option<&str>) -> Decoded<'a> {
    let named = meta_encoding(bytes).or_else(|| prolog_encoding(bytes));
    labelled(bytes, content_type, named, false)
}

/// `named`: what the document itself says. `older`: what says nothing is ASCII, if it can be.
fn labelled<'a>(
    bytes: &'a [u8],
    content_type: Option<&str>,
    named: Option<&[u8]>,
    older: bool,
) -> Decoded<'a> {
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
    let label = header.map(str::as_bytes).or(named);
    if let Some(encoding) = label.and_then(ascii_compatible) {
        let other = named.filter(|_| header.is_some()).and_then(ascii_compatible);
        let mut decoded = declared(encoding, other, bytes);
        if decoded.flaw.is_none() {
            let older = older && header.is_none();
            decoded.encoding = exact_name(encoding, label.unwrap_or_default(), older, bytes);
        }
        return decoded;
    }
    let page = label.and_then(CodePage::of_label);
    let page =
        page.or_else(|| CodePage::of_mainframe(bytes, |head| prolog_encoding(head).map(<[u8]>::to_vec)));
    match (page, label) {
        (Some(page), _) => match page.decode(bytes).filter(|_| !is_utf_8_beyond_ascii(bytes)) {
            Some(text) => Decoded { text: Cow::Owned(text), encoding: page.name.to_owned(), flaw: None },
            None => guessed(bytes, Some(contradicted(page.name)), false),
        },
        (None, Some(label)) => {
            let label = String::from_utf8_lossy(label);
            let message = format!("the encoding “{label}” is not known; it was guessed");
            guessed(bytes, Some(Flaw { code: FlawCode::Encoding, message }), false)
        }
        (None, None) => {
            let mut decoded = guessed(bytes, None, false);
            if older && bytes.is_ascii() {
                US_ASCII.clone_into(&mut decoded.encoding);
            }
            decoded
        }
    }
}

/// As the label says, unless the bytes contradict it: then as the other label says, or UTF-8 if they are, else a guess.
fn declared<'a>(
    encoding: &'static Encoding,
    other: Option<&'static Encoding>,
    bytes: &'a [u8],
) -> Decoded<'a> {
    let read = |encoding: &'static Encoding| {
        if encoding != UTF_8 && is_surely_utf_8(encoding, bytes) {
            return None;
        }
        encoding.decode_without_bom_handling_and_without_replacement(bytes)
    };
    if let Some(text) = read(encoding) {
        return Decoded { text, encoding: name(encoding), flaw: None };
    }
    let flaw = contradicted(encoding.name());
    let other = other.filter(|other| *other != encoding);
    if let Some((other, text)) = other.and_then(|other| Some((other, read(other)?))) {
        return Decoded { text, encoding: name(other), flaw: Some(flaw) };
    }
    guessed(bytes, Some(flaw), encoding == UTF_8)
}

fn contradicted(encoding: &str) -> Flaw {
    let message = format!("the bytes are not {encoding}; another encoding was found");
    Flaw { code: FlawCode::Encoding, message }
}

/// `said_utf_8`: so the document says, and we only doubt it.
fn guessed(bytes: &[u8], flaw: Option<Flaw>, said_utf_8: bool) -> Decoded<'_> {
    if let Ok(text) = std::str::from_utf8(bytes) {
        return Decoded { text: Cow::Borrowed(text), encoding: name(UTF_8), flaw };
    }
    if is_nearly_utf_8(bytes, if said_utf_8 { 1 } else { 20 }) {
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

/// Browsers read some labels as a larger encoding. Where the bytes are of the smaller one, its name is the right one.
/// `older`: by the rule before RFC 7303, `text/*` without a charset was ASCII.
fn exact_name(encoding: &'static Encoding, label: &[u8], older: bool, bytes: &[u8]) -> String {
    if encoding == encoding_rs::GBK {
        return name(encoding_rs::GB18030);
    }
    if encoding != WINDOWS_1252 {
        return name(encoding);
    }
    let is = |wanted: &str| plain(label).contains(wanted);
    match () {
        () if (older || is("ascii")) && bytes.is_ascii() => US_ASCII.to_owned(),
        () if is("ascii") || is("windows") || is("cp1252") => name(encoding),
        () if bytes.iter().any(|byte| matches!(byte, 0x80..=0x9f)) => name(encoding),
        () => "iso-8859-1".to_owned(),
    }
}

fn is_text(content_type: &str) -> bool {
    content_type.get(..5).is_some_and(|start| start.eq_ignore_ascii_case("text/"))
}

fn is_utf_8_beyond_ascii(bytes: &[u8]) -> bool {
    !bytes.is_ascii() && std::str::from_utf8(bytes).is_ok()
}

/// Encodings of one byte a letter take any bytes; but bytes that are UTF-8 throughout are so by no accident. In those of
/// several bytes a letter, a few may be.
fn is_surely_utf_8(other: &'static Encoding, bytes: &[u8]) -> bool {
    let least = if other.is_single_byte() { 1 } else { 8 };
    !bytes.is_ascii()
        && other.is_ascii_compatible()
        && std::str::from_utf8(bytes).is_ok_and(|text| {
            let mut letters = text.chars().filter(|c| !c.is_ascii());
            letters.nth(least - 1).is_some()
        })
}

/// One bad byte in a text of many UTF-8 sequences, cut in two by some program: it is UTF-8 all the same.
fn is_nearly_utf_8(bytes: &[u8], good_for_each_bad: usize) -> bool {
    let (mut good, mut bad) = (0_usize, 0_usize);
    for chunk in bytes.utf8_chunks() {
        good += chunk.valid().chars().filter(|c| !c.is_ascii()).count();
        // Several bytes side by side are one fault.
        bad += usize::from(!chunk.invalid().is_empty() && (bad == 0 || !chunk.valid().is_empty()));
    }
    good >= good_for_each_bad * bad
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

    fn check_html(bytes: &[u8], content_type: &str, encoding: &str, text: &str, flaw: &str) {
        let decoded = html(bytes, Some(content_type));
        assert_eq!((decoded.encoding.as_str(), decoded.text.as_ref()), (encoding, text));
        assert_eq!(decoded.flaw.map(|flaw| flaw.message).unwrap_or_default(), flaw);
    }

    #[test]
    fn a_page_may_name_it_in_a_meta_element() {
        let text = "<META CharSet='windows-1251'>я";
        check_html(b"<META CharSet='windows-1251'>\xff", "text/html", "windows-1251", text, "");
        let old = b"<meta http-equiv=Content-Type content=\"text/html; charset=gb2312\">\xC4\xE3";
        let text = "<meta http-equiv=Content-Type content=\"text/html; charset=gb2312\">你";
        check_html(old, "text/html", "gb18030", text, "");
        let wide = "<meta charset=utf-16>é";
        check_html(wide.as_bytes(), "", "utf-8", wide, "");
        let pale = "<meta name=charset content=none><meta charset=utf-8>é";
        check_html(pale.as_bytes(), "", "utf-8", pale, "");
    }

    #[test]
    fn or_in_the_declaration_of_xml() {
        let text = "<?xml version=\"1.0\" encoding=\"windows-1251\"?><html>я";
        let bytes = b"<?xml version=\"1.0\" encoding=\"windows-1251\"?><html>\xff";
        check_html(bytes, "application/xhtml+xml", "windows-1251", text, "");
        check_html(bytes, "text/html", "windows-1251", text, "");
    }

    #[test]
    fn the_header_beats_the_page() {
        let bytes = b"<meta charset=utf-8>\xE4";
        check_html(bytes, "text/html;Charset=\"ISO-8859-1\"", "iso-8859-1", "<meta charset=utf-8>ä", "");
        check_html("\u{feff}é".as_bytes(), "text/html; charset=latin1", "utf-8", "é", "");
        check_html(b"\xFF\xFEa\0", "text/html; charset=utf-8", "utf-16le", "a", "");
    }

    #[test]
    fn a_page_that_names_none_is_looked_at() {
        check_html("é".as_bytes(), "", "utf-8", "é", "");
        check_html(b"abc", "text/html", "utf-8", "abc", "");
        check_html(b"\x93caf\xE9\x94", "text/html", "windows-1252", "“café”", "");
    }

    #[test]
    fn a_wrong_name_is_a_flaw() {
        let unknown = "the encoding “klingon” is not known; it was guessed";
        check_html("é".as_bytes(), "text/html; charset=klingon", "utf-8", "é", unknown);
        let other = "the bytes are not UTF-8; another encoding was found";
        check_html(b"caf\xE9", "text/html; charset=utf-8", "windows-1252", "café", other);
        check_html(b"\xC3\xA9 \xE9", "text/html; charset=utf-8", "utf-8", "é \u{fffd}", other);
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
    fn a_header_that_lies_gives_way_to_the_document() {
        let text = "<?xml version='1.0' encoding='windows-1251'?>й";
        let bytes = b"<?xml version='1.0' encoding='windows-1251'?>\xe9";
        check(bytes, Some("text/xml; charset=utf-8"), "windows-1251", text, true);
        let text = "<?xml version='1.0' encoding='utf-8'?>й";
        check(text.as_bytes(), Some("text/xml; charset=iso-8859-1"), "utf-8", text, true);
    }

    #[test]
    fn a_bad_byte_in_a_text_that_says_utf_8_is_replaced() {
        let bytes = b"<?xml version='1.0' encoding='utf-8'?>caf\xc3\xa9 \xff";
        check(bytes, None, "utf-8", "<?xml version='1.0' encoding='utf-8'?>café \u{fffd}", true);
    }

    #[test]
    fn utf_8_under_the_label_of_an_encoding_that_takes_any_byte_is_found_out() {
        for label in ["iso-8859-1", "windows-1251", "gb2312", "us-ascii"] {
            let text =
                format!("<?xml version='1.0' encoding='{label}'?>Größe, Maß und Übermaß für Öl, Ähren");
            check(text.as_bytes(), None, "utf-8", &text, true);
        }
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

    #[test]
    fn the_smaller_encoding_is_named_where_it_says_the_same() {
        check(b"<a/>", Some("text/xml; charset=us-ascii"), "us-ascii", "<a/>", false);
        check(b"<a/>", Some("text/xml"), "us-ascii", "<a/>", false);
        check(b"<a/>", Some("application/xml"), "utf-8", "<a/>", false);
        check(b"\xe9", Some("application/xml; charset=latin-1"), "iso-8859-1", "é", false);
        check(b"\x80", Some("application/xml; charset=iso-8859-1"), "windows-1252", "€", false);
    }

    #[test]
    fn labels_are_known_in_any_spelling() {
        for label in ["iso8859_15", "ISO_8859-15", "Latin-9", "windows_1251", "1251", "MS932", "mac_cyrillic"]
        {
            assert!(ascii_compatible(label.as_bytes()).is_some(), "{label}");
        }
    }

    #[test]
    fn mainframes_declare_their_page_in_its_own_letters() {
        let declaration = "<?xml version='1.0' encoding='cp500'?><a>";
        let mainframe = |text: &str| -> Vec<u8> {
            let page = CodePage::of_label(b"cp500").unwrap();
            let byte = |letter| (0..=255).find(|byte| page.decode(&[*byte]) == Some(String::from(letter)));
            text.chars().filter_map(byte).collect()
        };
        check(&mainframe(declaration), None, "cp500", declaration, false);
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
