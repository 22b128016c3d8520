//! The dates of a page, each with the item it belongs to.

use chrono::{DateTime, Utc};
use scraper::{ElementRef, Html};

use super::beside::{self, Holder};
use super::items::{Item, words};
use super::selection::Selection;
use crate::model::entry::DateOrigin;
use crate::parse::document::{Flaw, FlawCode, ParsedEntry};

/// Longer texts are no dates, and no use in a message.
const LONGEST_SHOWN: usize = 60;

/// Where a date stands if nothing else is said.
const USUAL_ATTRIBUTES: [&str; 2] = ["datetime", "content"];

/// For each item what may hold its date.
pub(super) struct Dates<'a, 's> {
    selection: &'s Selection<'s>,
    holders: Option<Vec<Vec<Holder<'a>>>>,
}

impl<'a, 's> Dates<'a, 's> {
    pub(super) fn of(html: &'a Html, selection: &'s Selection<'s>, items: &[Item<'a>]) -> Self {
        let holders = selection.date.as_ref().map(|place| beside::find(html, place, items));
        Self { selection, holders }
    }

    /// The first date that can be read.
    pub(super) fn of_item(&self, index: usize) -> Option<DateTime<Utc>> {
        self.holders.as_ref()?.get(index)?.iter().find_map(|holder| self.read(holder))
    }

    fn read(&self, holder: &Holder<'_>) -> Option<DateTime<Utc>> {
        let when = &self.selection.when;
        match (holder, self.selection.attribute) {
            (Holder::Text(text), _) => when.read(text),
            (Holder::Element(element), Some(name)) => when.read(element.attr(name)?),
            (Holder::Element(element), None) => {
                let usual = USUAL_ATTRIBUTES.iter().find_map(|name| when.read(element.attr(name)?));
                usual.or_else(|| when.read(&words(*element)))
            }
        }
    }

    /// What to say if entries should have a date and have none.
    pub(super) fn flaw(&self, entries: &[ParsedEntry]) -> Option<Flaw> {
        let holders = self.holders.as_ref()?;
        let is_undated = |entry: &ParsedEntry| entry.date_origin != Some(DateOrigin::Page);
        let undated = || entries.iter().zip(holders).filter(|(entry, _)| is_undated(entry));
        let example = undated().find_map(|(_, holders)| holders.first()).map(|holder| self.shown(holder));
        let example = example.filter(|text| !text.is_empty() && text.chars().count() <= LONGEST_SHOWN);
        let example = example.map(|text| format!(", for example “{text}”")).unwrap_or_default();
        let (number, all) = (undated().count(), entries.len());
        let message =
            format!("{number} of {all} entries without a date on the page that could be read{example}");
        (number > 0).then_some(Flaw { code: FlawCode::Date, message })
    }

    fn shown(&self, holder: &Holder<'_>) -> String {
        let of_element = |element: &ElementRef<'_>| match self.selection.attribute {
            Some(name) => element.attr(name).unwrap_or_default().to_owned(),
            None => words(*element),
        };
        match holder {
            Holder::Text(text) => text.clone(),
            Holder::Element(element) => of_element(element),
        }
    }
}
