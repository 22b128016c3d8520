//! The items of a page: each with a title and a link of its own.

use std::collections::HashMap;

use scraper::{ElementRef, Html};
use url::Url;

use super::beside::{self, Holder};
use super::selection::{Selection, select};
use crate::model::text::{Markup, clean, one_line};
use crate::parse::document::{Flaw, FlawCode};
use crate::parse::html::{safe_link, text};

/// What becomes an entry.
pub(super) struct Item<'a> {
    pub element: ElementRef<'a>,
    /// Further items with the same link.
    pub also: Vec<ElementRef<'a>>,
    pub title: String,
    pub link: String,
    pub summary: Option<String>,
}

/// The items of a page, and how many could not be used.
#[derive(Default)]
pub(super) struct Found<'a> {
    pub items: Vec<Item<'a>>,
    pub matches: usize,
    pub without_link: usize,
    pub without_title: usize,
}

/// The items in the order of the page. Two with the same link are one: "read more" leads where the title leads.
pub(super) fn find<'a>(html: &'a Html, selection: &Selection<'_>, base: Option<&Url>) -> Found<'a> {
    let mut found = Found::default();
    let mut known: HashMap<String, usize> = HashMap::new();
    for element in html.select(&selection.item) {
        found.matches += 1;
        let Some(item) = item(element, selection, base) else {
            found.without_link += 1;
            continue;
        };
        if let Some(first) = known.get(&item.link).and_then(|index| found.items.get_mut(*index)) {
            first.complete(item);
        } else {
            known.insert(item.link.clone(), found.items.len());
            found.items.push(item);
        }
    }
    let all = found.items.len();
    found.items.retain(|item| !item.title.is_empty());
    found.without_title = all - found.items.len();
    summaries(html, selection, &mut found.items);
    found
}

/// Its HTML, not its words: a list of points stays a list.
fn summaries<'a>(html: &'a Html, selection: &Selection<'_>, items: &mut [Item<'a>]) {
    let Some(place) = &selection.summary else { return };
    let holders = beside::find(html, place, items);
    for (item, holders) in items.iter_mut().zip(holders) {
        let first = holders.into_iter().find_map(|holder| match holder {
            Holder::Element(element) => {
                let markup = Markup::html(element.inner_html());
                (!one_line(&text(&markup)).is_empty()).then_some(markup.text)
            }
            Holder::Text(text) => (!text.is_empty()).then_some(text),
        });
        item.summary = item.summary.take().or(first);
    }
}

/// The text of an element on one line.
pub(super) fn words(element: ElementRef<'_>) -> String {
    // Most titles and dates are: then there is nothing to write as HTML and to read again.
    let only_text = element.children().map(|child| child.value().as_text().map(|text| &**text));
    match only_text.collect::<Option<String>>() {
        Some(text) => one_line(&text),
        None => one_line(&text(&Markup::html(element.inner_html()))),
    }
}

impl Found<'_> {
    pub(super) fn flaws(&self) -> Vec<Flaw> {
        let flaw = |number: usize, what: &str| {
            let message = format!("{number} of {} items without {what}, left out", self.matches);
            (number > 0).then_some(Flaw { code: FlawCode::Entry, message })
        };
        let link = flaw(self.without_link, "a link that may be shown");
        link.into_iter().chain(flaw(self.without_title, "a title")).collect()
    }
}

impl Item<'_> {
    /// Takes what is missing from another item with the same link.
    fn complete(&mut self, other: Self) {
        if self.title.is_empty() {
            self.title = other.title;
            self.also.push(std::mem::replace(&mut self.element, other.element));
        } else {
            self.also.push(other.element);
        }
    }
}

fn item<'a>(element: ElementRef<'a>, selection: &Selection<'_>, base: Option<&Url>) -> Option<Item<'a>> {
    let mut links =
        select(element, &selection.link).filter_map(|link| Some((link, address(link.attr("href")?, base)?)));
    let (first, link) = links.next()?;
    let title = if let Some(selector) = &selection.title {
        select(element, selector).map(words).find(|title| !title.is_empty())
    } else {
        // A picture may lead to the same place before the headline does.
        let same = links.filter(|(_, other)| *other == link).map(|(element, _)| element);
        std::iter::once(first).chain(same).map(words).find(|title| !title.is_empty())
    };
    Some(Item { element, also: Vec::new(), title: title.unwrap_or_default(), link, summary: None })
}

/// Absolute as far as it can be; `None` if it may not be shown.
fn address(href: &str, base: Option<&Url>) -> Option<String> {
    if let Some(link) = safe_link(href, base) {
        return Some(link.into());
    }
    let href = clean(href).trim().to_owned();
    let relative = Url::parse(&href) == Err(url::ParseError::RelativeUrlWithoutBase);
    (base.is_none() && relative && !href.is_empty()).then_some(href)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use scraper::Selector;

    use super::*;

    proptest! {
        #[test]
        fn a_text_alone_has_the_words_of_its_html(pieces in prop::collection::vec("[ -~]{0,6}|\\PC|&[a-z#0-9]{2,6};|\\s", 0..12)) {
            let text: String = pieces.concat().replace('<', "&lt;");
            let html = Html::parse_document(&format!("<p>{text}</p>"));
            let found = html.select(&Selector::parse("p").expect("a selector")).next();
            let element = found.expect("a paragraph");
            let written = Markup::html(element.inner_html());
            prop_assert_eq!(words(element), one_line(&super::text(&written)));
        }
    }
}
