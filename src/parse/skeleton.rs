//! What the feed reader is given of a sound document, and how its entries get back what was cut out.
//!
//! The feed reader takes a text apart at every reference, copies it from buffer to buffer, and hands it on. So the survey
//! cuts these out of the entries, and what nobody reads; links, media and e-mail addresses are left.

mod part;
mod text;

use std::ops::Range;

use chrono::{DateTime, Utc};
use feed_rs::model as read;

use super::element::Dialect;
use super::lex::Lexer;
use part::Field;
pub(super) use part::{Part, part};
use text::{Blank, Category, Text, Texts};

/// A document without its texts, made tag by tag.
#[derive(Debug)]
pub(super) struct Skeleton<'a> {
    source: &'a str,
    dialect: Dialect,
    kept: String,
    entries: Vec<Texts<'a>>,
    /// How many elements are open that are cut out.
    cut: usize,
    within: Option<Within<'a>>,
}

/// The text that we are in.
#[derive(Debug)]
struct Within<'a> {
    field: Field,
    /// Where its element and where it itself begins.
    element: usize,
    start: usize,
    html: bool,
    category: Category<'a>,
}

impl<'a> Skeleton<'a> {
    pub(super) fn new(source: &'a str, dialect: Dialect) -> Self {
        let kept = String::with_capacity(source.len() / 4);
        Self { source, dialect, kept, entries: Vec::new(), cut: 0, within: None }
    }

    /// What the feed reader is given.
    pub(super) fn as_bytes(&self) -> &[u8] {
        self.kept.as_bytes()
    }

    /// Makes the entries what the feed reader would have made of the whole document.
    pub(super) fn put_back(&self, feed: &mut read::Feed, date: impl Fn(&str) -> Option<DateTime<Utc>>) {
        let blank = Blank::default();
        for (entry, texts) in feed.entries.iter_mut().zip(&self.entries) {
            texts.put_back(entry, &blank, &date);
        }
    }

    pub(super) fn entry(&mut self) {
        self.entries.push(Texts::default());
    }

    /// The lexer's start tag; `empty` if it is an end tag as well.
    pub(super) fn start(&mut self, lexer: &Lexer<'a>, empty: bool, part: Part) {
        match part {
            _ if self.cut > 0 => self.cut += usize::from(!empty),
            Part::Kept => self.keep(lexer.place()),
            Part::Unread => self.cut = usize::from(!empty),
            Part::Text(field) => self.start_text(lexer, empty, field),
        }
    }

    fn start_text(&mut self, lexer: &Lexer<'a>, empty: bool, field: Field) {
        let said = lexer.attribute("type").filter(|_| self.dialect == Dialect::Atom);
        if said == Some("xhtml") {
            // Elements, which the feed reader makes a text of.
            if let Some(entry) = self.entries.last_mut() {
                entry.set(field, None);
            }
            return self.keep(lexer.place());
        }
        let (term, scheme, label) = match self.dialect {
            Dialect::Atom => (lexer.attribute("term"), lexer.attribute("scheme"), lexer.attribute("label")),
            Dialect::Rss | Dialect::Rdf => (None, lexer.attribute("domain"), None),
        };
        let Range { start: element, end: start } = lexer.place();
        let category = Category { text: None, term, scheme, label };
        let html = said.is_some_and(|said| said.contains("html"));
        self.within = Some(Within { field, element, start, html, category });
        self.cut = 1;
        if empty {
            self.end(start..start, false);
        }
    }

    pub(super) fn text(&mut self, place: Range<usize>) {
        if self.cut == 0 {
            self.keep(place);
        }
    }

    /// Where an end tag stands; `entry` if it is that of an entry.
    pub(super) fn end(&mut self, place: Range<usize>, entry: bool) {
        if self.cut == 0 {
            if entry {
                self.keep_addresses();
            }
            return self.keep(place);
        }
        self.cut -= 1;
        if self.cut == 0
            && let Some(within) = self.within.take()
        {
            self.note(&within, place);
        }
    }

    fn note(&mut self, within: &Within<'a>, end: Range<usize>) {
        let Some(entry) = self.entries.last_mut() else { return };
        let source = self.source.get(within.start..end.start).unwrap_or("");
        let text = Text { source, html: within.html };
        match within.field {
            Field::Category => {
                let text = Some(text).filter(|_| within.category.term.is_none());
                entry.categories.push(Category { text, ..within.category });
            }
            Field::Person => {
                let element = self.source.get(within.element..end.end).unwrap_or("");
                entry.people.push((element, text));
            }
            field => entry.note(field, text, self.dialect),
        }
    }

    /// People with e-mail addresses are left to the feed reader, and those beside them, for their order.
    fn keep_addresses(&mut self) {
        let Some(entry) = self.entries.last_mut() else { return };
        if entry.people.iter().any(|(_, text)| text.may_be_address()) {
            self.kept.extend(entry.people.drain(..).map(|(element, _)| element));
        }
    }

    fn keep(&mut self, place: Range<usize>) {
        self.kept.push_str(self.source.get(place).unwrap_or(""));
    }
}

#[cfg(test)]
mod tests;
