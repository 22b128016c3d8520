//! How the text of an element is to be read, as far as the element says.

use super::attribute::written_attributes;
use crate::parse::element::Dialect;
use crate::parse::reference::escape_into;
use crate::parse::space::Space;

/// How the text of an element is to be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Kind {
    /// RSS: it doesn't say.
    Unsaid,
    Plain,
    Html,
    /// Elements, not text: to become HTML, every text in it is escaped once more.
    Xhtml,
    /// The media type of what stands elsewhere.
    Media(String),
    /// Neither text nor XML, so it must be this (RFC 4287, 4.1.3.3); is it HTML?
    Base64(bool),
}

/// Of an Atom text: how it is to be read, and its other attributes.
pub(super) fn kind(
    dialect: Dialect,
    old_atom: bool,
    space: Space,
    attributes: &[(&str, &str)],
) -> (Kind, String) {
    if dialect != Dialect::Atom || space != Space::Core {
        return (Kind::Unsaid, written_attributes(attributes));
    }
    let find =
        |wanted: &str| attributes.iter().find(|(name, _)| *name == wanted).map(|(_, value)| value.trim());
    let said = find("type").unwrap_or("").to_ascii_lowercase();
    let is_html = said.contains("html");
    let kind = match (find("mode"), said.as_str()) {
        _ if find("src").is_some() => {
            if is_media_type(&said) {
                Kind::Media(said)
            } else {
                Kind::Unsaid
            }
        }
        (Some("base64"), _) => Kind::Base64(is_html),
        (Some("escaped"), _) if is_html => Kind::Html,
        (_, "xhtml" | "application/xhtml+xml") => Kind::Xhtml,
        (None, _) if is_html && old_atom => Kind::Xhtml,
        (_, "" | "text" | "text/plain") => Kind::Plain,
        (_, said) if said.ends_with("xml") => Kind::Xhtml,
        (_, said) if is_html || said.starts_with("text/") || !is_media_type(said) => Kind::Html,
        (_, _) => Kind::Base64(true),
    };
    let others: Vec<_> =
        attributes.iter().copied().filter(|(name, _)| !matches!(*name, "type" | "mode")).collect();
    (kind, written_attributes(&others))
}

/// The attribute that says so.
pub(super) fn typed(kind: &Kind) -> String {
    match kind {
        Kind::Unsaid => String::new(),
        Kind::Plain | Kind::Base64(false) => " type=\"text\"".to_owned(),
        Kind::Html | Kind::Xhtml | Kind::Base64(true) => " type=\"html\"".to_owned(),
        Kind::Media(said) => format!(" type=\"{said}\""),
    }
}

fn is_media_type(said: &str) -> bool {
    let is_token = |part: &str| {
        !part.is_empty() && part.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'+' | b'-'))
    };
    said.split_once('/').is_some_and(|(kind, sub)| is_token(kind) && is_token(sub))
}

/// The text that was wrapped in base64; if it is none, it stays as it is.
pub(super) fn from_base64(body: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(body.len());
    let (mut buffer, mut bits) = (0_u32, 0);
    for byte in body.bytes().filter(|byte| !byte.is_ascii_whitespace() && *byte != b'=') {
        let sextet = match byte {
            b'A'..=b'Z' => byte - b'A',
            b'a'..=b'z' => byte - b'a' + 26,
            b'0'..=b'9' => byte - b'0' + 52,
            b'+' | b'-' => 62,
            b'/' | b'_' => 63,
            _ => return None,
        };
        buffer = (buffer << 6) | u32::from(sextet);
        bits += 6;
        if bits >= 8 {
            bits -= 8;
            bytes.push(u8::try_from((buffer >> bits) & 0xff).unwrap_or_default());
        }
        buffer &= 0xffff;
    }
    let mut escaped = String::new();
    escape_into(&mut escaped, std::str::from_utf8(&bytes).ok()?);
    Some(escaped)
}
