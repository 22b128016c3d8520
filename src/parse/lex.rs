//! Cuts a document into tags and text, whatever its state: it never fails, and it never takes more than linear time.

use std::ops::Range;

use memchr::{memchr, memchr_iter, memchr2};

use super::stop::Stop;

/// More attributes than this in one tag are left out; no feed format has an element with a tenth of them.
const MOST_ATTRIBUTES: usize = 64;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Token<'a> {
    /// `empty` if it ends in `/>`. The attributes stand in [`Lexer::attributes`] until the next token.
    Start {
        name: &'a str,
        empty: bool,
    },
    End {
        name: &'a str,
    },
    /// Its references are not resolved yet.
    Text(&'a str),
    CData(&'a str),
}

#[derive(Debug)]
pub(super) struct Lexer<'a> {
    text: &'a str,
    at: usize,
    /// Where the last token begins.
    start: usize,
    /// Names and values of the last start tag; references in the values are not resolved yet.
    pub attributes: Vec<(&'a str, &'a str)>,
    /// No XML processor would have accepted it so far.
    pub broken: bool,
    /// The document ends inside a tag, a comment or a CDATA section.
    pub cut: bool,
    /// What was looked for and isn't there any more, so that it is looked for once only.
    missing: Vec<&'static str>,
    stop: Stop<'a>,
}

impl<'a> Lexer<'a> {
    /// Once stopped, it has no token left.
    pub(super) fn new(text: &'a str, stop: Stop<'a>) -> Self {
        Self {
            text,
            at: 0,
            start: 0,
            attributes: Vec::new(),
            broken: false,
            cut: false,
            missing: Vec::new(),
            stop,
        }
    }

    pub(super) fn attribute(&self, name: &str) -> Option<&'a str> {
        self.attributes.iter().find(|(key, _)| *key == name).map(|(_, value)| *value)
    }

    /// Where the last token stands.
    pub(super) fn place(&self) -> Range<usize> {
        self.start..self.at
    }

    /// The next token; comments, processing instructions and the document type are passed over.
    pub(super) fn next(&mut self) -> Option<Token<'a>> {
        loop {
            self.start = self.at;
            let rest = self.rest();
            if rest.is_empty() || self.stop.is_set() {
                return None;
            }
            if !rest.starts_with('<') {
                return Some(self.run_of_text(0));
            }
            match rest.as_bytes().get(1) {
                Some(b'!') => {
                    if let Some(data) = self.declaration() {
                        return Some(Token::CData(data));
                    }
                }
                Some(b'?') => self.skip_past("?>"),
                Some(b'/') if rest.as_bytes().get(2).is_some_and(|b| is_name_start(*b)) => {
                    return Some(self.end_tag());
                }
                Some(b) if is_name_start(*b) => return Some(self.start_tag()),
                _ => {
                    self.broken = true;
                    return Some(self.run_of_text(1));
                }
            }
        }
    }

    fn rest(&self) -> &'a str {
        self.text.get(self.at..).unwrap_or("")
    }

    fn byte(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    /// Up to the next `<`; the first `sure` bytes are text in any case.
    fn run_of_text(&mut self, sure: usize) -> Token<'a> {
        let rest = self.rest();
        let more = rest.as_bytes().get(sure..).unwrap_or_default();
        let end = memchr(b'<', more).map_or(rest.len(), |end| end + sure);
        self.at += end;
        Token::Text(rest.get(..end).unwrap_or(rest))
    }

    /// `<!…`: a comment, a CDATA section (its content is returned) or the document type.
    fn declaration(&mut self) -> Option<&'a str> {
        let rest = self.rest();
        if rest.starts_with("<!--") {
            self.at += 4;
            self.skip_past("-->");
        } else if let Some(data) = rest.strip_prefix("<![CDATA[") {
            let Some(end) = self.find("]]>") else {
                self.cut = true;
                self.at = self.text.len();
                return Some(data);
            };
            let data = self.text.get(self.at + "<![CDATA[".len()..end).unwrap_or("");
            self.at = end + 3;
            return Some(data);
        } else {
            // The internal subset of a document type may hold any number of `>`.
            let end = rest.find('>').unwrap_or(rest.len());
            let subset = rest.get(..end).is_some_and(|head| head.contains('['));
            let mark = if subset && self.find("]>").is_some() { "]>" } else { ">" };
            self.skip_past(mark);
        }
        None
    }

    fn skip_past(&mut self, mark: &'static str) {
        let end = self.find(mark).map(|end| end + mark.len()).or_else(|| {
            self.broken = true;
            self.find(">").map(|end| end + 1)
        });
        self.cut |= end.is_none();
        self.at = end.unwrap_or(self.text.len());
    }

    /// Where the mark stands next. A mark that was missed once is not looked for again: it can't come back.
    fn find(&mut self, mark: &'static str) -> Option<usize> {
        if self.missing.contains(&mark) {
            return None;
        }
        let rest = self.rest().as_bytes();
        // By its first letter, which is far quicker than by the whole mark.
        let mut found = memchr_iter(*mark.as_bytes().first()?, rest);
        let found = found.find(|at| rest.get(*at..).is_some_and(|from| from.starts_with(mark.as_bytes())));
        let found = found.map(|end| self.at + end);
        if found.is_none() {
            self.missing.push(mark);
        }
        found
    }

    fn end_tag(&mut self) -> Token<'a> {
        let rest = self.rest();
        let more = rest.as_bytes().get(1..).unwrap_or_default();
        let end = memchr2(b'>', b'<', more).map_or(rest.len(), |end| end + 1);
        let name = rest.get(2..end).unwrap_or("").trim_ascii();
        self.at += end;
        match self.byte() {
            Some(b'>') => self.at += 1,
            Some(_) => self.broken = true,
            None => self.cut = true,
        }
        if let Some(blank) = name.bytes().position(|byte| byte.is_ascii_whitespace()) {
            self.broken = true;
            return Token::End { name: name.get(..blank).unwrap_or("") };
        }
        Token::End { name }
    }

    fn start_tag(&mut self) -> Token<'a> {
        self.attributes.clear();
        self.at += 1;
        let name = self.take_until(|b| b.is_ascii_whitespace() || matches!(b, b'>' | b'/' | b'<'));
        loop {
            self.take_until(|b| !b.is_ascii_whitespace());
            match self.byte() {
                Some(b'>') => {
                    self.at += 1;
                    return Token::Start { name, empty: false };
                }
                Some(b'/') => {
                    self.at += 1;
                    if self.byte() == Some(b'>') {
                        self.at += 1;
                        return Token::Start { name, empty: true };
                    }
                    self.broken = true;
                }
                Some(b'<') => {
                    self.broken = true;
                    return Token::Start { name, empty: false };
                }
                Some(b'=' | b'"' | b'\'') => {
                    self.broken = true;
                    self.at += 1;
                }
                Some(_) => self.attribute_and_value(),
                None => {
                    self.cut = true;
                    return Token::Start { name, empty: false };
                }
            }
        }
    }

    fn attribute_and_value(&mut self) {
        let name = self
            .take_until(|b| b.is_ascii_whitespace() || matches!(b, b'=' | b'>' | b'/' | b'<' | b'"' | b'\''));
        self.take_until(|b| !b.is_ascii_whitespace());
        let value = if self.byte() == Some(b'=') {
            self.at += 1;
            self.take_until(|b| !b.is_ascii_whitespace());
            self.value()
        } else {
            self.broken = true;
            ""
        };
        if self.attributes.len() < MOST_ATTRIBUTES {
            self.attributes.push((name, value));
        } else {
            self.broken = true;
        }
    }

    fn value(&mut self) -> &'a str {
        let mark = match self.byte() {
            Some(b'"') => "\"",
            Some(b'\'') => "'",
            _ => {
                self.broken = true;
                return self.unquoted();
            }
        };
        self.at += 1;
        let Some(end) = self.find(mark) else {
            self.broken = true;
            return self.take_until(|b| matches!(b, b'>' | b'<'));
        };
        let value = self.text.get(self.at..end).unwrap_or("");
        // `href="a rel="b"`: the mark that was found opens the next value.
        let next = self.text.as_bytes().get(end + 1);
        let opens = next.is_some_and(|b| !b.is_ascii_whitespace() && !matches!(b, b'>' | b'/' | b'?'));
        if opens && value.trim_ascii_end().ends_with('=') {
            self.broken = true;
            return self.unquoted();
        }
        self.broken |= memchr(b'<', value.as_bytes()).is_some();
        self.at = end + 1;
        value
    }

    /// A value without marks around it. `/>` after it ends the element, as it would if the marks were there.
    fn unquoted(&mut self) -> &'a str {
        let value = self.take_until(|b| b.is_ascii_whitespace() || matches!(b, b'>' | b'<'));
        match value.strip_suffix('/') {
            Some(value) if self.byte() == Some(b'>') => {
                self.at -= 1;
                value
            }
            _ => value,
        }
    }

    fn take_until(&mut self, stop: impl Fn(u8) -> bool) -> &'a str {
        let rest = self.rest();
        let end = rest.bytes().position(stop).unwrap_or(rest.len());
        self.at += end;
        rest.get(..end).unwrap_or("")
    }
}

fn is_name_start(byte: u8) -> bool {
    byte.is_ascii_alphabetic() || matches!(byte, b'_' | b':') || byte >= 0x80
}
