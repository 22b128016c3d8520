//! What the feed reader is given of a sound document: its entries without the texts that it would only hand on.
//!
//! It takes a text apart at every reference and copies it from buffer to buffer. So the survey cuts out texts and ids,
//! and what neither the feed reader nor we look at; `adapt` has the texts from here.

use std::borrow::Cow;
use std::ops::Range;

use super::element::Dialect;
use super::lex::{Lexer, Token};
use super::reference;
use super::space::Space;
use super::stop::Stop;

/// What an element that stands in an entry gives it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Field {
    Id,
    Title,
    Summary,
    Content,
    Rights,
}

/// What becomes of an element.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Part {
    Kept,
    /// It is cut out, and what stands in it is ours.
    Text(Field),
    /// It is cut out with all that stands in it.
    Unread,
}

/// `in_entry` if it stands directly in one.
pub(super) fn part(dialect: Dialect, space: Space, name: &str, in_entry: bool) -> Part {
    match (dialect, space, name) {
        (_, Space::Other | Space::Rdf | Space::Thread | Space::Syndication | Space::Tombstones, _) => {
            Part::Unread
        }
        _ if !in_entry => Part::Kept,
        // The survey has noted these, with all that is in them.
        (Dialect::Atom, Space::Core, "author" | "contributor" | "source")
        | (Dialect::Rss | Dialect::Rdf, Space::Core, "enclosure" | "source") => Part::Unread,
        (Dialect::Rss, Space::Core, "guid") | (Dialect::Atom, Space::Core, "id") => Part::Text(Field::Id),
        (_, Space::Core, "title") => Part::Text(Field::Title),
        (Dialect::Rss | Dialect::Rdf, Space::Core, "description")
        | (Dialect::Atom, Space::Core, "summary") => Part::Text(Field::Summary),
        (Dialect::Rss | Dialect::Rdf, Space::Content, "encoded")
        | (Dialect::Atom, Space::Core, "content") => Part::Text(Field::Content),
        (Dialect::Atom, Space::Core, "rights") => Part::Text(Field::Rights),
        _ => Part::Kept,
    }
}

/// How a text is to be read, as far as its element says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Plain,
    Html,
    /// Elements, which the feed reader makes a text of.
    Xhtml,
}

impl Kind {
    pub(super) fn of(dialect: Dialect, said: Option<&str>) -> Self {
        match (dialect, said) {
            (Dialect::Atom, Some("xhtml")) => Self::Xhtml,
            (Dialect::Atom, Some(said)) if said.contains("html") => Self::Html,
            _ => Self::Plain,
        }
    }
}

/// A text as it is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Text<'a> {
    source: &'a str,
    pub html: bool,
}

/// The texts that were cut out of an entry.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Texts<'a> {
    pub id: Option<Text<'a>>,
    pub title: Option<Text<'a>>,
    pub summary: Option<Text<'a>>,
    pub content: Option<Text<'a>>,
    pub rights: Option<Text<'a>>,
}

/// What is left of the document, made tag by tag.
#[derive(Debug)]
pub(super) struct Skeleton<'a> {
    source: &'a str,
    dialect: Dialect,
    text: String,
    /// One for each entry of the survey.
    pub entries: Vec<Texts<'a>>,
    /// How many elements are open that are cut out.
    cut: usize,
    /// The text that we are in, and where it begins.
    within: Option<(Field, Kind, usize)>,
}

impl<'a> Skeleton<'a> {
    pub(super) fn new(source: &'a str, dialect: Dialect) -> Self {
        let text = String::with_capacity(source.len() / 4);
        Self { source, dialect, text, entries: Vec::new(), cut: 0, within: None }
    }

    /// What the feed reader is given.
    pub(super) fn as_bytes(&self) -> &[u8] {
        self.text.as_bytes()
    }

    pub(super) fn entry(&mut self) {
        self.entries.push(Texts::default());
    }

    /// A start tag, and where it stands; `empty` if it is an end tag as well.
    pub(super) fn start(&mut self, place: Range<usize>, empty: bool, part: Part, kind: Kind) {
        match part {
            _ if self.cut > 0 => self.cut += usize::from(!empty),
            Part::Kept => self.keep(place),
            Part::Unread => self.cut = usize::from(!empty),
            Part::Text(field) if kind == Kind::Xhtml => {
                self.note(field, None);
                self.keep(place);
            }
            Part::Text(field) => {
                self.within = Some((field, kind, place.end));
                self.cut = 1;
                if empty {
                    self.end(place.end..place.end);
                }
            }
        }
    }

    pub(super) fn text(&mut self, place: Range<usize>) {
        if self.cut == 0 {
            self.keep(place);
        }
    }

    pub(super) fn end(&mut self, place: Range<usize>) {
        if self.cut == 0 {
            return self.keep(place);
        }
        self.cut -= 1;
        if let Some((field, kind, start)) = self.within.take() {
            let source = self.source.get(start..place.start).unwrap_or("");
            let text = Text { source, html: kind == Kind::Html };
            // An id without a text is none, a text of Atom without one is empty: so does the feed reader read them.
            let is_there = field != Field::Id && self.dialect == Dialect::Atom || text.is_there();
            if is_there || field != Field::Id {
                self.note(field, Some(text).filter(|_| is_there));
            }
        }
    }

    /// Whatever is said twice holds what was said last.
    fn note(&mut self, field: Field, text: Option<Text<'a>>) {
        let Some(entry) = self.entries.last_mut() else { return };
        match field {
            Field::Id => entry.id = text,
            Field::Title => entry.title = text,
            Field::Summary => entry.summary = text,
            Field::Content => entry.content = text,
            Field::Rights => entry.rights = text,
        }
    }

    fn keep(&mut self, place: Range<usize>) {
        self.text.push_str(self.source.get(place).unwrap_or(""));
    }
}

impl<'a> Text<'a> {
    /// Without the blanks around it.
    pub(super) fn read(self) -> String {
        let mut pieces = self.pieces();
        let first = pieces.next().unwrap_or_default();
        // It is one run of letters or one CDATA section, unless comments stand in it.
        match pieces.next() {
            None => first.trim().to_owned(),
            Some(second) => {
                let all = [first, second].into_iter().chain(pieces).collect::<String>();
                all.trim().to_owned()
            }
        }
    }

    fn is_there(self) -> bool {
        self.tokens().any(|token| !matches!(token, Token::CData("")))
    }

    fn pieces(self) -> impl Iterator<Item = Cow<'a, str>> {
        self.tokens().map(|token| match token {
            Token::Text(text) => reference::decode(text),
            Token::CData(text) => Cow::Borrowed(text),
            // No tag stands in a text that was cut out.
            Token::Start { .. } | Token::End { .. } => Cow::Borrowed(""),
        })
    }

    fn tokens(self) -> impl Iterator<Item = Token<'a>> {
        let mut lexer = Lexer::new(self.source, Stop::default());
        std::iter::from_fn(move || lexer.next())
    }
}
