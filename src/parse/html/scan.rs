//! Where tags and texts begin and end, as the HTML standard's tokenizer sees it. It never goes back: any input is linear.

use memchr::{memchr, memchr_iter, memmem};

/// A piece of HTML. Comments and processing instructions are left out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Piece<'a> {
    /// Entities not decoded.
    Text(&'a str),
    Open(Tag<'a>),
    /// The name, letter case as written.
    Close(&'a str),
    /// `<!doctype …>`, whole.
    Doctype(&'a str),
}

/// An opening tag.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Tag<'a> {
    /// Letter case as written.
    pub name: &'a str,
    /// From `<` to `>`.
    pub source: &'a str,
    /// How many attributes it has.
    pub attributes: usize,
}

/// The pieces of a text, one after the other.
#[derive(Debug, Clone)]
pub(super) struct Pieces<'a> {
    rest: &'a str,
    /// Elements whose end was looked for and is not in `rest`: nobody looks twice.
    endless: Vec<&'static str>,
}

/// Elements whose content is no text for readers.
const DROPPED: [&str; 16] = [
    "script", "style", "noembed", "noframes", "textarea", "title", "template", "noscript", "svg", "math",
    "select", "object", "applet", "audio", "video", "canvas",
];

/// How many of [`DROPPED`] hold no markup: without an end they go on to the end of the document.
const RAW: usize = 6;

impl<'a> Pieces<'a> {
    pub(super) fn of(html: &'a str) -> Self {
        Self { rest: html, endless: Vec::new() }
    }

    /// If the element just opened is one whose content no reader sees: goes to its end tag and says what was passed.
    /// `<script/>` has no content in XHTML, whose authors' texts come to us as HTML.
    pub(super) fn drop_content(&mut self, tag: Tag<'_>) -> Option<&'a str> {
        let index = dropped(tag.name)?;
        if tag.source.ends_with("/>") {
            return Some("");
        }
        let name = DROPPED.get(index).copied().unwrap_or_default();
        let end = if self.endless.contains(&name) { None } else { end_tag(self.rest, name) };
        let end = match end {
            Some(end) => end,
            None if index < RAW => self.rest.len(),
            None => {
                self.endless.push(name);
                0
            }
        };
        let (content, rest) = self.rest.split_at_checked(end)?;
        self.rest = rest;
        Some(content)
    }

    fn advance(&mut self, bytes: usize) -> &'a str {
        let (piece, rest) = self.rest.split_at_checked(bytes).unwrap_or((self.rest, ""));
        self.rest = rest;
        piece
    }

    /// Up to the sign, which is passed too; to the end if there is none.
    fn pass(&mut self, sign: &str) -> &'a str {
        let found = memmem::find(self.rest.as_bytes(), sign.as_bytes());
        let end = found.map_or(self.rest.len(), |at| at + sign.len());
        self.advance(end)
    }

    fn comment(&mut self) {
        let body = self.rest.get("<!--".len()..).unwrap_or_default();
        if body.starts_with('>') || body.starts_with("->") {
            self.pass(">");
            return;
        }
        // `--!>` ends it too, and `<!--->` was seen above.
        self.advance("<!--".len());
        while !self.rest.is_empty() {
            self.pass("--");
            let after = self.rest.trim_start_matches('-');
            let dashes = self.rest.len() - after.len();
            if after.starts_with('>') || after.starts_with("!>") {
                self.advance(dashes);
                self.pass(">");
                return;
            }
            self.advance(dashes);
        }
    }

    fn open(&mut self) -> Option<Piece<'a>> {
        let (name, end, attributes) = tag(self.rest, 1)?;
        let source = self.advance(end);
        Some(Piece::Open(Tag { name, source, attributes }))
    }

    fn close(&mut self) -> Option<Piece<'a>> {
        let (name, end, _) = tag(self.rest, 2)?;
        self.advance(end);
        Some(Piece::Close(name))
    }
}

impl<'a> Iterator for Pieces<'a> {
    type Item = Piece<'a>;

    fn next(&mut self) -> Option<Piece<'a>> {
        loop {
            let text = text_length(self.rest);
            if text > 0 {
                return Some(Piece::Text(self.advance(text)));
            }
            let piece = match self.rest.as_bytes() {
                [] => return None,
                [_, b'/', letter, ..] if letter.is_ascii_alphabetic() => self.close(),
                [_, letter, ..] if letter.is_ascii_alphabetic() => self.open(),
                [_, b'!', b'-', b'-', ..] => {
                    self.comment();
                    continue;
                }
                [_, b'!', b'd' | b'D', ..] => Some(Piece::Doctype(self.pass(">"))),
                _ => {
                    self.pass(">");
                    continue;
                }
            };
            if piece.is_none() {
                // A tag that never ends is dropped with all that follows, as browsers do.
                self.rest = "";
            }
            return piece;
        }
    }
}

/// The place of the element in [`DROPPED`].
fn dropped(name: &str) -> Option<usize> {
    // Most tags are shorter than any of them.
    if name.len() < 3 {
        return None;
    }
    DROPPED.iter().position(|dropped| dropped.eq_ignore_ascii_case(name))
}

/// The bytes before the next `<` that begins a tag or comment.
fn text_length(rest: &str) -> usize {
    let bytes = rest.as_bytes();
    let mut signs = memchr_iter(b'<', bytes);
    let begins_piece = |at: &usize| match bytes.get(at + 1) {
        Some(b'/') => bytes.get(at + 2).is_some(),
        Some(next) => matches!(next, b'!' | b'?') || next.is_ascii_alphabetic(),
        None => false,
    };
    signs.find(begins_piece).unwrap_or(bytes.len())
}

/// The name of the tag that begins here, the byte after its `>`, and the number of its attributes.
fn tag(rest: &str, name_at: usize) -> Option<(&str, usize, usize)> {
    let bytes = rest.as_bytes();
    let length = bytes.get(name_at..)?.iter().position(|b| is_blank(*b) || matches!(b, b'/' | b'>'))?;
    let name = rest.get(name_at..name_at + length)?;
    let mut at = name_at + length;
    let mut attributes = 0;
    loop {
        at += bytes.get(at..)?.iter().position(|b| !is_blank(*b) && *b != b'/')?;
        if bytes.get(at) == Some(&b'>') {
            return Some((name, at + 1, attributes));
        }
        attributes += 1;
        at = attribute_end(bytes, at)?;
    }
}

/// The byte after the attribute that begins at `at`. Quotes count only where a value begins.
fn attribute_end(bytes: &[u8], at: usize) -> Option<usize> {
    // An equals sign at the very beginning belongs to the name.
    let name = bytes.get(at + 1..)?.iter().position(|b| is_blank(*b) || matches!(b, b'/' | b'>' | b'='))?;
    let name_end = at + 1 + name;
    let sign = name_end + bytes.get(name_end..)?.iter().position(|b| !is_blank(*b))?;
    if bytes.get(sign) != Some(&b'=') {
        return Some(name_end);
    }
    let value = sign + 1 + bytes.get(sign + 1..)?.iter().position(|b| !is_blank(*b))?;
    match bytes.get(value)? {
        b'>' => Some(value),
        quote @ (b'"' | b'\'') => Some(value + 2 + memchr(*quote, bytes.get(value + 1..)?)?),
        _ => Some(value + bytes.get(value..)?.iter().position(|b| is_blank(*b) || *b == b'>')?),
    }
}

fn is_blank(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t' | b'\n' | b'\r' | b'\x0C')
}

/// Where `</name` begins.
fn end_tag(rest: &str, name: &str) -> Option<usize> {
    let bytes = rest.as_bytes();
    memmem::find_iter(bytes, "</").find(|at| {
        let after = bytes.get(at + 2..).unwrap_or_default();
        after.get(..name.len()).is_some_and(|found| found.eq_ignore_ascii_case(name.as_bytes()))
            && after.get(name.len()).is_none_or(|b| is_blank(*b) || matches!(b, b'/' | b'>'))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Opening tags as `+name(attributes)`, closing ones as `-name`, texts as they are.
    fn check(html: &str, expected: &[&str]) {
        let pieces: Vec<String> = Pieces::of(html)
            .map(|piece| match piece {
                Piece::Text(text) => text.to_owned(),
                Piece::Open(tag) => format!("+{}({})", tag.name, tag.attributes),
                Piece::Close(name) => format!("-{name}"),
                Piece::Doctype(source) => source.to_owned(),
            })
            .collect();
        assert_eq!(pieces, expected, "{html}");
    }

    #[test]
    fn tags_and_texts() {
        check("a<b>c</b >d", &["a", "+b(0)", "c", "-b", "d"]);
        check("<!DOCTYPE html><P>x", &["<!DOCTYPE html>", "+P(0)", "x"]);
        check("<br/><img src=a alt='x>y' title=\"<b>\"/>", &["+br(0)", "+img(3)"]);
    }

    #[test]
    fn quotes_count_only_where_a_value_begins() {
        check("<a b'c>d'>e", &["+a(1)", "d'>e"]);
        check("<a b=c'd>e", &["+a(1)", "e"]);
        check("<a b = 'c>' d=>e", &["+a(2)", "e"]);
        check("<a =b=c>d", &["+a(1)", "d"]);
        check("<a/b/c>d", &["+a(2)", "d"]);
    }

    #[test]
    fn a_lone_sign_is_text() {
        check("1 < 2 <3 << a", &["1 < 2 <3 << a"]);
        check("x <", &["x <"]);
        check("x </", &["x </"]);
    }

    #[test]
    fn comments_are_gone() {
        check("a<!-- <b> -->c", &["a", "c"]);
        check("a<!--><b>c", &["a", "+b(0)", "c"]);
        check("a<!---><b>c", &["a", "+b(0)", "c"]);
        check("a<!--x--!><b>c", &["a", "+b(0)", "c"]);
        check("a<!--x----><b>c", &["a", "+b(0)", "c"]);
        check("a<?php echo ?>b</ x>c<![CDATA[d]]>e", &["a", "b", "c", "e"]);
        check("a<!-- never ends <b>", &["a"]);
    }

    #[test]
    fn a_tag_that_never_ends_takes_the_rest() {
        check("a<b c='d>e", &["a"]);
        check("a<b", &["a"]);
    }

    fn check_dropped(html: &str, expected: Option<&str>, then: &[&str]) {
        let mut pieces = Pieces::of(html);
        let Some(Piece::Open(tag)) = pieces.next() else { panic!("begins with a tag") };
        assert_eq!(pieces.drop_content(tag), expected, "{html}");
        check(pieces.rest, then);
    }

    #[test]
    fn the_content_of_scripts_is_passed_to_their_end() {
        check_dropped("<script>a</scripty></b></SCRIPT >c", Some("a</scripty></b>"), &["-SCRIPT", "c"]);
        check_dropped("<Style>never ends <b>", Some("never ends <b>"), &[]);
        check_dropped("<script src='a'/>b", Some(""), &["b"]);
        check_dropped("<svg>never ends <b>", Some(""), &["never ends ", "+b(0)"]);
        check_dropped("<b>bold", None, &["bold"]);
    }
}
