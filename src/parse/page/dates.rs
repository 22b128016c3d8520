//! The dates of a page, each with the item it belongs to.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use scraper::{ElementRef, Html, Selector};

use super::items::{Item, words};
use super::selection::{Place, Selection};
use crate::model::entry::DateOrigin;
use crate::parse::date;
use crate::parse::document::{Flaw, FlawCode, ParsedEntry};

/// Longer texts are no dates, and no use in a message.
const LONGEST_SHOWN: usize = 60;

/// For each item, by its link, the elements that may hold its date.
pub(super) struct Dates<'a> {
    elements: Option<HashMap<String, Vec<ElementRef<'a>>>>,
}

impl<'a> Dates<'a> {
    pub(super) fn of(html: &'a Html, selection: &Selection, items: &[Item<'a>]) -> Self {
        let Some((place, selector)) = &selection.date else { return Self { elements: None } };
        let elements: Vec<Vec<ElementRef<'a>>> = match place {
            Place::Inside => items.iter().map(|item| item.element.select(selector).collect()).collect(),
            Place::Before | Place::After => beside(html, *place, selector, items),
        };
        let links = items.iter().map(|item| item.link.clone());
        Self { elements: Some(links.zip(elements).collect()) }
    }

    /// The first date that can be read.
    pub(super) fn of_item(&self, item: &Item<'_>) -> Option<DateTime<Utc>> {
        self.elements.as_ref()?.get(&item.link)?.iter().find_map(|element| read(*element))
    }

    /// What to say if entries should have a date and have none.
    pub(super) fn flaw(&self, entries: &[ParsedEntry]) -> Option<Flaw> {
        let elements = self.elements.as_ref()?;
        let undated: Vec<&ParsedEntry> =
            entries.iter().filter(|entry| entry.date_origin != Some(DateOrigin::Page)).collect();
        let of_entry =
            |entry: &ParsedEntry| entry.link().and_then(|link| elements.get(link)?.first().copied());
        let example = undated.iter().find_map(|entry| of_entry(entry)).map(words);
        let example = example.filter(|text| !text.is_empty() && text.chars().count() <= LONGEST_SHOWN);
        let example = example.map(|text| format!(", for example “{text}”")).unwrap_or_default();
        let (number, all) = (undated.len(), entries.len());
        let message =
            format!("{number} of {all} entries without a date on the page that could be read{example}");
        (number > 0).then_some(Flaw { code: FlawCode::Date, message })
    }
}

/// An element's `datetime`, else its text.
fn read(element: ElementRef<'_>) -> Option<DateTime<Utc>> {
    element.attr("datetime").and_then(date::parse).or_else(|| date::parse(&words(element)))
}

/// For each item the last match before it, or the first one between it and the next item.
fn beside<'a>(
    html: &'a Html,
    place: Place,
    selector: &Selector,
    items: &[Item<'a>],
) -> Vec<Vec<ElementRef<'a>>> {
    let order: HashMap<_, usize> =
        html.tree.root().descendants().enumerate().map(|(index, node)| (node.id(), index)).collect();
    let place_of = |element: &ElementRef<'_>| order.get(&element.id()).copied().unwrap_or_default();
    let dates: Vec<(usize, ElementRef<'a>)> =
        html.select(selector).map(|element| (place_of(&element), element)).collect();
    let places: Vec<usize> = items.iter().map(|item| place_of(&item.element)).collect();
    let found = places.iter().enumerate().map(|(index, own)| {
        let after = dates.partition_point(|(place, _)| place < own);
        let next_item = places.get(index + 1).copied().unwrap_or(usize::MAX);
        match place {
            Place::Before => after.checked_sub(1).and_then(|before| dates.get(before)),
            // What stands after the next item is the next item's.
            Place::Inside | Place::After => dates.get(after).filter(|(place, _)| *place < next_item),
        }
    });
    found.map(|date| date.map(|(_, element)| *element).into_iter().collect()).collect()
}
