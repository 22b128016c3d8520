//! Parts of an entry that stand in its item, or beside it.

use std::collections::HashMap;

use scraper::{ElementRef, Html, Selector};

use super::items::Item;
use super::selection::Place;
use crate::model::text::one_line;

/// What may hold a part of an item.
pub(super) enum Holder<'a> {
    Element(ElementRef<'a>),
    /// The item's own text.
    Text(String),
}

/// For each item what may hold the part, in the order of the page.
pub(super) fn find<'a>(html: &'a Html, place: &Place, items: &[Item<'a>]) -> Vec<Vec<Holder<'a>>> {
    match place {
        Place::Inside(selector) => {
            let inside = |item: &Item<'a>| {
                let elements = std::iter::once(&item.element).chain(&item.also);
                elements.flat_map(|element| element.select(selector)).map(Holder::Element).collect()
            };
            items.iter().map(inside).collect()
        }
        Place::Own => items.iter().map(|item| vec![Holder::Text(own_text(item.element))]).collect(),
        Place::Before(selector) | Place::After(selector) | Place::Above(selector) => {
            beside(html, place, selector, items)
        }
    }
}

/// Without the text of the elements in it.
fn own_text(element: ElementRef<'_>) -> String {
    let texts = element.children().filter_map(|child| child.value().as_text().map(|text| &**text));
    one_line(&texts.collect::<Vec<_>>().join(" "))
}

/// Places are counted from the beginning of the page. What stands between two items belongs to one of them: where an
/// item has none, its neighbour's is not taken for it.
fn beside<'a>(
    html: &'a Html,
    place: &Place,
    selector: &Selector,
    items: &[Item<'a>],
) -> Vec<Vec<Holder<'a>>> {
    let order: HashMap<_, usize> =
        html.tree.root().descendants().enumerate().map(|(index, node)| (node.id(), index)).collect();
    let place_of = |element: &ElementRef<'_>| order.get(&element.id()).copied().unwrap_or_default();
    let found: Vec<(usize, ElementRef<'a>)> =
        html.select(selector).map(|element| (place_of(&element), element)).collect();
    let starts: Vec<usize> = items.iter().map(|item| place_of(&item.element)).collect();
    let one = |(index, own): (usize, &usize)| {
        let previous = index.checked_sub(1).and_then(|before| starts.get(before)).copied();
        let next = starts.get(index + 1).copied().unwrap_or(usize::MAX);
        let after = found.partition_point(|(at, _)| at <= own);
        let before = found.partition_point(|(at, _)| at < own);
        let last = before.checked_sub(1).and_then(|last| found.get(last));
        match place {
            Place::Before(_) => last.filter(|(at, _)| previous.is_none_or(|previous| *at > previous)),
            Place::Above(_) => last,
            Place::After(_) | Place::Inside(_) | Place::Own => found.get(after).filter(|(at, _)| *at < next),
        }
    };
    let holders = starts.iter().enumerate().map(one);
    holders.map(|holder| holder.map(|(_, element)| Holder::Element(*element)).into_iter().collect()).collect()
}
