//! Texts: plain or HTML? Atom says it, RSS leaves it open.

use feed_rs::model as read;
use url::Url;

use super::resolve;
use crate::model::text::Markup;
use crate::parse::element::Dialect;
use crate::parse::reference;

/// Of the elements below.
const LONGEST_NAME: usize = 10;

pub(super) fn markup(text: read::Text, dialect: Dialect) -> Markup {
    let declared = text.content_type.subty().as_str().contains("html");
    by_type(text.content, declared, dialect)
}

/// RSS does not say what its texts are: they are HTML if there is a tag or a reference in them.
pub(super) fn by_type(text: String, declared_html: bool, dialect: Dialect) -> Markup {
    let html = match dialect {
        Dialect::Atom => declared_html,
        Dialect::Rss | Dialect::Rdf => looks_like_html(&text),
    };
    Markup { text, html }
}

pub(in crate::parse) fn looks_like_html(text: &str) -> bool {
    let mut places = memchr::memchr_iter(b'<', text.as_bytes());
    places.any(|at| text.get(at + 1..).is_some_and(begins_tag)) || reference::is_in(text)
}

/// `rest` follows a `<`. Only the bytes that a name can have are looked at.
fn begins_tag(rest: &str) -> bool {
    let name = rest.strip_prefix('/').unwrap_or(rest);
    let letters = name.bytes().take(LONGEST_NAME + 1).take_while(u8::is_ascii_alphanumeric).count();
    rest.starts_with('!') || name.get(..letters).is_some_and(is_html_name)
}

/// The elements that are found in texts; other words between angle brackets are meant as they stand.
fn is_html_name(name: &str) -> bool {
    const NAMES: [&str; 73] = [
        "a",
        "abbr",
        "acronym",
        "address",
        "applet",
        "area",
        "article",
        "aside",
        "audio",
        "b",
        "base",
        "big",
        "blink",
        "blockquote",
        "body",
        "br",
        "button",
        "center",
        "cite",
        "code",
        "dd",
        "del",
        "div",
        "dl",
        "dt",
        "em",
        "embed",
        "figure",
        "font",
        "form",
        "frame",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "head",
        "hr",
        "html",
        "i",
        "iframe",
        "img",
        "input",
        "ins",
        "kbd",
        "li",
        "link",
        "meta",
        "object",
        "ol",
        "p",
        "pre",
        "q",
        "s",
        "script",
        "section",
        "small",
        "span",
        "strike",
        "strong",
        "style",
        "sub",
        "sup",
        "svg",
        "table",
        "td",
        "tr",
        "tt",
        "u",
        "ul",
        "video",
        "xml",
    ];
    NAMES.iter().any(|known| known.eq_ignore_ascii_case(name))
}

/// The text of an Atom or RSS content, and where it is if it is elsewhere.
pub(super) fn content(
    content: Option<read::Content>,
    dialect: Dialect,
    base: Option<&Url>,
) -> (Option<Markup>, Option<String>) {
    let Some(content) = content else { return (None, None) };
    let media_type = content.content_type;
    let is_atom = dialect == Dialect::Atom;
    let elsewhere = content.src.filter(|_| is_atom).map(|link| resolve(&link.href, base));
    let is_html = media_type.subty().as_str().contains("html");
    let is_text = media_type.ty().as_str() == "text" || is_html;
    let text = content.body.filter(|body| is_text && !body.trim().is_empty());
    (text.map(|text| by_type(trimmed(text), is_html, dialect)), elsewhere)
}

/// Without a copy where there is nothing to trim.
pub(super) fn trimmed(text: String) -> String {
    if text.trim().len() == text.len() { text } else { text.trim().to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tags_and_references_make_it_html() {
        for html in ["<b>a</b>", "a<br/>", "caf&eacute;", "&#8364;", "</P>", "<!-- a -->"] {
            assert!(looks_like_html(html), "{html}");
        }
        for plain in ["a < b", "AT&T", "<commodity> code", "R&D; more", "a <- b", "1 & 2;"] {
            assert!(!looks_like_html(plain), "{plain}");
        }
    }
}
