//! The names of encodings: where they stand, and what they mean in all their spellings.

use encoding_rs::{Encoding, UTF_8, UTF_16BE, UTF_16LE};

use super::code_page::plain;

/// So much of a document is looked at to find the encoding that it names.
const HEAD: usize = 1024;

/// Browsers look for `<meta>` as far as that; some pages have scripts before it, so we look further.
const META_HEAD: usize = 4096;

/// What a label stands for. Where it was read byte by byte, it can't mean two bytes for each letter.
pub(super) fn ascii_compatible(label: &[u8]) -> Option<&'static Encoding> {
    let encoding = Encoding::for_label_no_replacement(label).or_else(|| by_other_spelling(&plain(label)))?;
    Some(if encoding == UTF_16LE || encoding == UTF_16BE { UTF_8 } else { encoding })
}

/// Names that programs use and the web's list does not have, without signs: `maccyrillic`, `shiftjis2004`.
fn by_other_spelling(label: &str) -> Option<&'static Encoding> {
    let encoding = match label {
        "utf8" | "u8" | "utf8ucs4" | "utf8mb4" => UTF_8,
        "gb231280" | "cp936" | "936" | "ms936" => encoding_rs::GBK,
        "gb180302000" => encoding_rs::GB18030,
        "cp950" | "950" | "ms950" | "hkscs" | "big5hkscs" | "big5tw" => encoding_rs::BIG5,
        "cp932" | "932" | "ms932" | "mskanji" | "sjis" | "shiftjis" | "shiftjis2004" | "shiftjisx0213"
        | "sjis2004" | "sjisx0213" => encoding_rs::SHIFT_JIS,
        "ujis" | "eucjp" | "eucjis2004" | "eucjisx0213" => encoding_rs::EUC_JP,
        "cp949" | "949" | "ms949" | "uhc" | "euckr" | "ksc5601" | "ksx1001" | "korean" => encoding_rs::EUC_KR,
        "cp874" | "874" | "thai" | "tis620" | "iso885911" => encoding_rs::WINDOWS_874,
        "maccyrillic" => encoding_rs::X_MAC_CYRILLIC,
        "macroman" => encoding_rs::MACINTOSH,
        "latin10" | "l10" => encoding_rs::ISO_8859_16,
        "greek8" => encoding_rs::ISO_8859_7,
        "latin7" | "l7" => encoding_rs::ISO_8859_13,
        "latin8" | "l8" => encoding_rs::ISO_8859_14,
        "latin9" | "latin0" => encoding_rs::ISO_8859_15,
        label => Encoding::for_label_no_replacement(label.as_bytes()).or_else(|| by_number(label))?,
    };
    Some(encoding)
}

/// `iso8859_15`, `windows_1251`, `cp1251`, `1251`
fn by_number(label: &str) -> Option<&'static Encoding> {
    let kept = |(before, number): (&str, &str)| Some(format!("{before}{number}"));
    let spelled = label.strip_prefix("iso8859").and_then(|number| kept(("iso-8859-", number)));
    let windows = ["windows", "cp", "win", ""].into_iter().find_map(|start| label.strip_prefix(start));
    let windows = windows.filter(|number| number.len() == 4 && number.starts_with("125"));
    let spelled = spelled.or_else(|| windows.and_then(|number| kept(("windows-", number))))?;
    Encoding::for_label_no_replacement(spelled.as_bytes())
}

/// `<?xml … encoding="…" ?>`
pub(super) fn prolog_encoding(bytes: &[u8]) -> Option<&[u8]> {
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

/// `<meta charset=…>`, and `<meta http-equiv=… content="text/html; charset=…">`.
pub(super) fn meta_encoding(bytes: &[u8]) -> Option<&[u8]> {
    let mut rest = bytes.get(..META_HEAD).unwrap_or(bytes);
    while let Some(start) = position(rest, b"<meta") {
        rest = rest.get(start + 5..)?;
        let tag = rest.get(..position(rest, b">").unwrap_or(rest.len()))?;
        if let Some(label) = charset(tag) {
            return Some(label);
        }
    }
    None
}

/// The first value of `charset=`.
fn charset(mut tag: &[u8]) -> Option<&[u8]> {
    while let Some(start) = position(tag, b"charset") {
        tag = tag.get(start + 7..)?;
        let Some(value) = tag.trim_ascii_start().strip_prefix(b"=") else { continue };
        let is_mark = |byte: &u8| matches!(byte, b'"' | b'\'');
        let value = value.trim_ascii_start();
        let value = value.get(value.iter().take_while(|byte| is_mark(byte)).count()..)?;
        let is_end = |byte: &u8| byte.is_ascii_whitespace() || b"\"';,/".contains(byte);
        let label = value.get(..value.iter().position(is_end).unwrap_or(value.len()))?;
        return Some(label).filter(|label| !label.is_empty());
    }
    None
}

/// Where it stands, in letters of either case.
fn position(bytes: &[u8], wanted: &[u8]) -> Option<usize> {
    bytes.windows(wanted.len()).position(|window| window.eq_ignore_ascii_case(wanted))
}

/// A parameter of a media type: `text/xml; charset="utf-8"`.
pub(super) fn parameter<'a>(value: &'a str, wanted: &str) -> Option<&'a str> {
    value.split(';').skip(1).find_map(|part| {
        let (name, value) = part.split_once('=')?;
        let value = value.trim().trim_matches(['"', '\'']);
        (name.trim().eq_ignore_ascii_case(wanted) && !value.is_empty()).then_some(value)
    })
}
