//! The texts that were cut out of an entry, put back where the feed reader would have put them.

use std::borrow::Cow;

use chrono::{DateTime, Utc};
use feed_rs::model as read;

use super::part::Field;
use crate::parse::element::Dialect;
use crate::parse::lex::{Lexer, Token};
use crate::parse::reference;
use crate::parse::stop::Stop;

/// A text as it is written: letters and CDATA sections, and comments between them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Text<'a> {
    pub source: &'a str,
    /// Its element says so.
    pub html: bool,
}

/// A category, whose term is a text or an attribute.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Category<'a> {
    pub text: Option<Text<'a>>,
    pub term: Option<&'a str>,
    pub scheme: Option<&'a str>,
    pub label: Option<&'a str>,
}

/// Those of one entry.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Texts<'a> {
    id: Option<Text<'a>>,
    title: Option<Text<'a>>,
    summary: Option<Text<'a>>,
    content: Option<Text<'a>>,
    rights: Option<Text<'a>>,
    published: Option<Text<'a>>,
    updated: Option<Text<'a>>,
    pub categories: Vec<Category<'a>>,
    /// Their elements, and what stands in them.
    pub people: Vec<(&'a str, Text<'a>)>,
}

/// Empty texts of the two types, of which others are made.
pub(super) struct Blank {
    plain: read::Text,
    html: read::Text,
}

impl Default for Blank {
    fn default() -> Self {
        let blank = |said: &str| read::Text {
            content_type: said.parse().expect("it is a media type"),
            src: None,
            content: String::new(),
        };
        Self { plain: blank("text/plain"), html: blank("text/html") }
    }
}

impl<'a> Texts<'a> {
    /// What is said twice holds what was said last. An element without a text may say that there is none.
    pub(super) fn note(&mut self, field: Field, text: Text<'a>, dialect: Dialect) {
        let says_nothing = match (dialect, field) {
            (_, Field::Id) | (Dialect::Atom, Field::Published | Field::Updated) => true,
            (_, _) => false,
        };
        let may_be_empty = dialect == Dialect::Atom && !says_nothing;
        let text = Some(text).filter(|text| may_be_empty || text.is_there());
        if text.is_some() || !says_nothing {
            self.set(field, text);
        }
    }

    pub(super) fn set(&mut self, field: Field, text: Option<Text<'a>>) {
        match field {
            Field::Id => self.id = text,
            Field::Title => self.title = text,
            Field::Summary => self.summary = text,
            Field::Content => self.content = text,
            Field::Rights => self.rights = text,
            Field::Published => self.published = text,
            Field::Updated => self.updated = text,
            Field::Description => self.summary = self.summary.or(text),
            Field::Category | Field::Person => {}
        }
    }

    pub(super) fn put_back(
        &self,
        entry: &mut read::Entry,
        blank: &Blank,
        date: impl Fn(&str) -> Option<DateTime<Utc>>,
    ) {
        if let Some(id) = self.id {
            entry.id = id.read();
        }
        let texts = [
            (self.title, &mut entry.title),
            (self.summary, &mut entry.summary),
            (self.rights, &mut entry.rights),
        ];
        for (text, place) in texts.into_iter().filter_map(|(text, place)| Some((text?, place))) {
            *place = Some(text.markup(blank));
        }
        if let Some(text) = self.content {
            let read::Text { content_type, content, .. } = text.markup(blank);
            entry.content =
                Some(read::Content { body: Some(content), content_type, length: None, src: None });
        }
        let dates = [(self.published, &mut entry.published), (self.updated, &mut entry.updated)];
        for (text, place) in dates.into_iter().filter_map(|(text, place)| Some((text?, place))) {
            *place = date(&text.read());
        }
        entry.categories.extend(self.categories.iter().map(Category::read));
        entry.authors.extend(
            self.people.iter().filter(|(_, text)| text.is_there()).map(|(_, text)| read::Person {
                name: Some(text.read()),
                uri: None,
                email: None,
                role: None,
            }),
        );
    }
}

impl Category<'_> {
    fn read(&self) -> read::Category {
        let term = match (self.text, self.term) {
            (Some(text), _) => text.read(),
            (None, term) => term.map(attribute).unwrap_or_default(),
        };
        read::Category {
            scheme: self.scheme.map(attribute),
            label: self.label.map(attribute),
            ..read::Category::new(&term)
        }
    }
}

/// As the feed reader reads it.
fn attribute(value: &str) -> String {
    quick_xml::escape::unescape(value).map_or_else(|_| value.to_owned(), Cow::into_owned)
}

impl<'a> Text<'a> {
    /// The feed reader would find an e-mail address in it.
    pub(super) fn may_be_address(self) -> bool {
        self.source.contains('@') || self.source.contains("&#")
    }

    fn markup(self, blank: &Blank) -> read::Text {
        let blank = if self.html { &blank.html } else { &blank.plain };
        read::Text { content: self.read(), content_type: blank.content_type.clone(), src: None }
    }

    /// Without the blanks around it.
    fn read(self) -> String {
        let mut pieces = self.pieces();
        let first = pieces.next().unwrap_or_default();
        let Some(second) = pieces.next() else { return trimmed(first) };
        trimmed(Cow::Owned([first, second].into_iter().chain(pieces).collect()))
    }

    fn is_there(self) -> bool {
        let begins = !self.source.is_empty() && !self.source.starts_with('<');
        begins || self.tokens().any(|token| !matches!(token, Token::CData("")))
    }

    fn pieces(self) -> impl Iterator<Item = Cow<'a, str>> {
        self.tokens().map(|token| match token {
            Token::Text(text) => reference::decode(text),
            Token::CData(text) => Cow::Borrowed(text),
            // Elements don't stand in a text.
            Token::Start { .. } | Token::End { .. } => Cow::Borrowed(""),
        })
    }

    fn tokens(self) -> impl Iterator<Item = Token<'a>> {
        let mut lexer = Lexer::new(self.source, Stop::default());
        std::iter::from_fn(move || lexer.next())
    }
}

/// Without a copy where there is nothing to trim.
fn trimmed(text: Cow<'_, str>) -> String {
    if text.trim().len() == text.len() { text.into_owned() } else { text.trim().to_owned() }
}
