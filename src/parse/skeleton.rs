//! What the feed reader is given of a sound document, and how its entries get back what was cut out.
//!
//! The feed reader takes a text apart at every reference, copies it from buffer to buffer, and hands it on. So the survey
//! cuts out the texts, ids and dates of entries, and what nobody reads; links, people, categories and media are left.

mod part;
mod text;

use std::ops::Range;

use chrono::{DateTime, Utc};
use feed_rs::model as read;

use super::element::Dialect;
use part::Field;
pub(super) use part::{Kind, Part, part};
use text::{Blank, Text, Texts};

/// A document without its texts, made tag by tag.
#[derive(Debug)]
pub(super) struct Skeleton<'a> {
    source: &'a str,
    dialect: Dialect,
    kept: String,
    entries: Vec<Texts<'a>>,
    /// How many elements are open that are cut out.
    cut: usize,
    /// The text that we are in, and where it begins.
    within: Option<(Field, Kind, usize)>,
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

    /// Where a start tag stands; `empty` if it is an end tag as well.
    pub(super) fn start(&mut self, place: Range<usize>, empty: bool, part: Part, kind: Kind) {
        match part {
            _ if self.cut > 0 => self.cut += usize::from(!empty),
            Part::Kept => self.keep(place),
            Part::Unread => self.cut = usize::from(!empty),
            Part::Text(field) if kind == Kind::Xhtml => {
                if let Some(entry) = self.entries.last_mut() {
                    entry.set(field, None);
                }
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
        if self.cut == 0
            && let Some((field, kind, start)) = self.within.take()
            && let Some(entry) = self.entries.last_mut()
        {
            let source = self.source.get(start..place.start).unwrap_or("");
            entry.note(field, Text { source, html: kind == Kind::Html }, self.dialect);
        }
    }

    fn keep(&mut self, place: Range<usize>) {
        self.kept.push_str(self.source.get(place).unwrap_or(""));
    }
}
