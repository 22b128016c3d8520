//! Where the dates of a list stand: inside its items, before or behind them.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use super::groups::{Group, Member};
use super::outline::Outline;
use super::path::{Path, Step};
use crate::model::source::Part;
use crate::parse::date;

/// Longer texts may begin with a date, but are more than one.
const LONGEST: usize = 60;

/// What stands farther from an item is another's.
const NEAR: usize = 12;

/// So many elements of an item are looked at.
const MOST_INSIDE: usize = 200;

/// At least so many of a hundred items must have a date there.
const SHARE: usize = 40;

/// Has this entry a date in it or beside it?
pub(super) fn is_dated(outline: &Outline, member: Member) -> bool {
    let end = outline.get(member.item).map_or(0, |item| item.end);
    inside(outline, member).next().is_some()
        || (member.item.saturating_sub(NEAR)..member.item).any(|at| reads(outline, at))
        || (end..end + NEAR).any(|at| reads(outline, at))
}

/// The selector by which most items get a date.
pub(super) fn selector(outline: &Outline, group: &Group) -> Option<Part> {
    let enough = |(share, _): &(usize, String)| *share >= SHARE;
    if let Some((_, css)) = within(outline, group).filter(enough) {
        return Some(Part::Inside(css));
    }
    let before = beside(outline, group, Side::Before).filter(enough);
    let after = beside(outline, group, Side::After).filter(enough);
    match (before, after) {
        (Some((share, _)), Some((other, css))) if other > share => Some(Part::After(css)),
        (Some((_, css)), _) => Some(Part::Before(css)),
        (None, Some((_, css))) => Some(Part::After(css)),
        (None, None) => None,
    }
}

/// Is it a date, and little else?
pub(super) fn reads(outline: &Outline, index: usize) -> bool {
    let Some(element) = outline.get(index) else { return false };
    element.datetime.as_deref().and_then(date::parse).is_some()
        || outline.short_words(index, LONGEST).is_some_and(|words| is_date(&words))
}

/// Every date of a listing has a digit; most texts have none, and need not be read.
fn is_date(words: &str) -> bool {
    words.chars().any(char::is_numeric) && date::parse(words).is_some()
}

/// The dates inside an item that are not its headline.
fn inside(outline: &Outline, member: Member) -> impl Iterator<Item = usize> {
    let headline = outline.words(member.link);
    outline.inside(member.item).take(MOST_INSIDE).filter(move |at| {
        let own = outline.get(*at).is_some_and(|element| element.datetime.is_some());
        reads(outline, *at) && (own || (*at != member.link && !holds(outline, *at, &headline)))
    })
}

fn holds(outline: &Outline, index: usize, headline: &str) -> bool {
    !headline.is_empty() && outline.words(index).contains(headline)
}

/// The best step inside the items, and the share of items that it gives a date.
fn within(outline: &Outline, group: &Group) -> Option<(usize, String)> {
    let mut counts: BTreeMap<String, (usize, usize, Step)> = BTreeMap::new();
    for member in &group.members {
        let mut known = Vec::new();
        for at in inside(outline, *member) {
            known.extend(outline.get(at).map(Step::all_of).unwrap_or_default());
        }
        known.sort_by_key(Step::css);
        known.dedup();
        for mut step in known {
            let matching = outline
                .inside(member.item)
                .filter(|at| outline.get(*at).is_some_and(|own| step.matches(own)));
            // A name that several parts share says less.
            step.cost += if matching.take(2).count() > 1 { 4 } else { 0 };
            let first =
                outline.inside(member.item).find(|at| outline.get(*at).is_some_and(|own| step.matches(own)));
            let is_first = first.is_some_and(|at| reads(outline, at));
            let (count, firsts, _) = counts.entry(step.css()).or_insert((0, 0, step));
            *count += 1;
            *firsts += usize::from(is_first);
        }
    }
    let all = group.members.len();
    let share = |count: usize| count * 20 / all.max(1);
    // The reader takes the first that it can read, but a name that means other things too is a worse one.
    let rank =
        |(count, firsts, step): &(usize, usize, Step)| (share(*count), share(*firsts), Reverse(step.cost));
    let (count, _, step) = counts.into_values().max_by_key(rank)?;
    Some((count * 100 / all.max(1), step.css()))
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Side {
    Before,
    After,
}

/// The best selector beside the items, and the share of items that it gives a date.
fn beside(outline: &Outline, group: &Group, side: Side) -> Option<(usize, String)> {
    let mut items: Vec<usize> = group.members.iter().map(|member| member.item).collect();
    items.sort_unstable();
    let mut tried: BTreeMap<String, Path> = BTreeMap::new();
    for (number, item) in items.iter().enumerate() {
        for at in gap(outline, &items, number, *item, side).filter(|at| reads(outline, *at)) {
            for path in ways(outline, at) {
                tried.insert(path.css(), path);
            }
        }
        // The first few show every kind of date there is.
        if tried.len() > 24 {
            break;
        }
    }
    let all = items.len().max(1);
    let shares = tried.into_values().map(|path| (covered(outline, &items, &path, side) * 100 / all, path));
    let best = shares.max_by_key(|(share, path)| (share / 5, Reverse(path.cost_in_page())))?;
    Some((best.0, best.1.css()))
}

/// By its class; or by its tag inside of what can be named.
fn ways(outline: &Outline, index: usize) -> Vec<Path> {
    let Some(element) = outline.get(index) else { return Vec::new() };
    let mut ways: Vec<Path> = Vec::new();
    for step in Step::all_of(element) {
        let above = outline.around(index).take(6).filter_map(|at| outline.get(at));
        let outer = above.flat_map(Step::names_of).min_by_key(|step| step.cost);
        ways.extend(outer.map(|outer| Path::within(outer, step.clone(), false)));
        ways.push(Path::one(step));
    }
    ways
}

/// The elements between an item and its neighbour on this side; few of them, if it has none.
fn gap(outline: &Outline, items: &[usize], number: usize, item: usize, side: Side) -> std::ops::Range<usize> {
    let end = |index: usize| outline.get(index).map_or(index, |element| element.end);
    match side {
        Side::Before => {
            let from = number.checked_sub(1).and_then(|before| items.get(before)).map(|before| end(*before));
            from.unwrap_or(item.saturating_sub(NEAR)).max(item.saturating_sub(NEAR))..item
        }
        Side::After => {
            let from = end(item);
            from..items.get(number + 1).copied().unwrap_or(from + NEAR).min(from + NEAR)
        }
    }
}

/// How many items the selector gives a date, as the reader of pages uses it.
fn covered(outline: &Outline, items: &[usize], path: &Path, side: Side) -> usize {
    let matches: Vec<usize> =
        (0..outline.elements.len()).filter(|index| path.matches(outline, *index)).collect();
    let first = items.first().copied().unwrap_or_default();
    let of_item = |(number, item): (usize, &usize)| {
        let behind = matches.partition_point(|at| at < item);
        let found = match side {
            // What stands far before the list belongs to the page.
            Side::Before => {
                behind.checked_sub(1).and_then(|at| matches.get(at)).filter(|at| **at + NEAR >= first)
            }
            Side::After => {
                let next = items.get(number + 1).copied().unwrap_or(usize::MAX);
                matches.get(behind).filter(|at| **at < next)
            }
        };
        found.is_some_and(|at| reads(outline, *at))
    };
    items.iter().enumerate().filter(|pair| of_item(*pair)).count()
}
