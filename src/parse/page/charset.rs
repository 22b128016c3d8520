//! The encoding of an HTML page: byte order mark, HTTP header, `<meta>`, UTF-8 if it fits, else windows-1252.

use encoding_rs::{Encoding, UTF_8, UTF_16BE, UTF_16LE, WINDOWS_1252};

/// Where browsers look for `<meta charset>`; ours reads a little further.
const HEAD: usize = 4096;

/// A page's text.
pub(in crate::parse) struct Decoded {
    pub text: String,
    /// Lower case.
    pub encoding: String,
    /// What was wrong, if something was.
    pub flaw: Option<String>,
}

pub(in crate::parse) fn decode(bytes: &[u8], content_type: Option<&str>) -> Decoded {
    let header = content_type.and_then(charset);
    let named = header.clone().or_else(|| meta_charset(bytes));
    let known = named.as_deref().and_then(|label| Encoding::for_label(label.as_bytes()));
    let mut flaw = named
        .filter(|_| known.is_none())
        .map(|label| format!("names the encoding `{label}`, which does not exist"));
    let known = match known {
        // A `<meta>` that could be read is not in UTF-16.
        Some(encoding) if header.is_none() && (encoding == UTF_16LE || encoding == UTF_16BE) => Some(UTF_8),
        known => known,
    };
    let chosen = known.unwrap_or(if std::str::from_utf8(bytes).is_ok() { UTF_8 } else { WINDOWS_1252 });
    let (mut text, mut encoding, malformed) = chosen.decode(bytes);
    if malformed {
        // Not one character beyond ASCII came out right: the label is wrong, not the page.
        if encoding == UTF_8 && text.chars().all(|c| c.is_ascii() || c == char::REPLACEMENT_CHARACTER) {
            (text, encoding, _) = WINDOWS_1252.decode(bytes);
        }
        flaw = Some(format!("the bytes do not fit {}; read as {}", name(chosen), name(encoding)));
    }
    Decoded { text: text.into_owned(), encoding: name(encoding), flaw }
}

fn name(encoding: &'static Encoding) -> String {
    encoding.name().to_ascii_lowercase()
}

fn meta_charset(bytes: &[u8]) -> Option<String> {
    let head = String::from_utf8_lossy(bytes.get(..HEAD).unwrap_or(bytes)).to_ascii_lowercase();
    head.split("<meta").skip(1).find_map(|tag| charset(tag.split('>').next().unwrap_or_default()))
}

/// The value of `charset=`, lower case.
fn charset(text: &str) -> Option<String> {
    let lower = text.to_ascii_lowercase();
    let (_, after) = lower.split_once("charset")?;
    let value = after.trim_start().strip_prefix('=')?.trim_start().trim_start_matches(['"', '\'']);
    let end = value.find(|c: char| c.is_whitespace() || "\"';,/".contains(c)).unwrap_or(value.len());
    value.get(..end).filter(|label| !label.is_empty()).map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(bytes: &[u8], content_type: &str, text: &str, encoding: &str, flaw: &str) {
        let decoded = decode(bytes, Some(content_type));
        assert_eq!((&*decoded.text, &*decoded.encoding), (text, encoding));
        assert_eq!(decoded.flaw.unwrap_or_default(), flaw);
    }

    #[test]
    fn the_byte_order_mark_beats_all() {
        check("\u{feff}é".as_bytes(), "text/html; charset=latin1", "é", "utf-8", "");
        check(b"\xFF\xFEa\0", "text/html; charset=utf-8", "a", "utf-16le", "");
    }

    #[test]
    fn the_header_beats_the_page() {
        check(
            b"<meta charset=utf-8>\xE4",
            "text/html;Charset=\"ISO-8859-1\"",
            "<meta charset=utf-8>ä",
            "windows-1252",
            "",
        );
    }

    #[test]
    fn the_page_may_name_it() {
        check(
            b"<META CharSet='windows-1251'>\xFF",
            "text/html",
            "<META CharSet='windows-1251'>я",
            "windows-1251",
            "",
        );
        let old = b"<meta http-equiv=Content-Type content=\"text/html; charset=gb2312\">\xC4\xE3";
        check(old, "text/html", &format!("{}你", std::str::from_utf8(&old[..66]).unwrap()), "gbk", "");
        check("<meta charset=utf-16>é".as_bytes(), "", "<meta charset=utf-16>é", "utf-8", "");
    }

    #[test]
    fn without_a_name_it_is_utf_8_or_windows_1252() {
        check("é".as_bytes(), "", "é", "utf-8", "");
        check(b"\x93\xE9\x94", "text/html", "“é”", "windows-1252", "");
    }

    #[test]
    fn a_wrong_name_is_a_flaw() {
        check(
            "é".as_bytes(),
            "text/html; charset=klingon",
            "é",
            "utf-8",
            "names the encoding `klingon`, which does not exist",
        );
        check(
            b"caf\xE9",
            "text/html; charset=utf-8",
            "café",
            "windows-1252",
            "the bytes do not fit utf-8; read as windows-1252",
        );
        check(
            b"\xC3\xA9 \xE9",
            "text/html; charset=utf-8",
            "é \u{fffd}",
            "utf-8",
            "the bytes do not fit utf-8; read as utf-8",
        );
    }
}
