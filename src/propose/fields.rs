//! The selectors of a group: item, title, link, date and summary.

use std::cmp::Reverse;

use super::groups::{Group, Member};
use super::outline::Outline;
use super::path::{Path, Step};
use super::{dates, item, words};
use crate::model::source::{Part, Selectors};

/// A summary says at least so much, by [`words::weight`].
const SHORTEST_SUMMARY: usize = 40;

/// More is a whole text.
const LONGEST_SUMMARY: usize = 3_000;

/// So many elements of an item are looked at.
const MOST_INSIDE: usize = 200;

/// How the entries of this group are read; `None` if there is no good name for its items.
pub(super) fn selectors(outline: &Outline, group: &Group) -> Option<Selectors> {
    let (group, item) = of_the_right_size(outline, group)?;
    let group = &group;
    let link = link(outline, group);
    Some(Selectors {
        item: item.css(),
        title: title(outline, group),
        link,
        date: dates::selector(outline, group),
        summary: summary(outline, group).map(Part::Inside),
        min_entries: 1,
        ..Selectors::default()
    })
}

/// What an entry is called, as a person reads it: a heading in its item, else its link's words.
pub(super) fn headline(outline: &Outline, member: Member) -> String {
    outline.words(headline_at(outline, member))
}

fn headline_at(outline: &Outline, member: Member) -> usize {
    let inside = || outline.inside(member.item).take(MOST_INSIDE);
    let says = |at: &usize| words::weight(outline.raw(*at)) > 0;
    let heading = inside().filter(says).find(|at| {
        outline
            .get(*at)
            .is_some_and(|element| matches!(&*element.tag, "h1" | "h2" | "h3" | "h4" | "h5" | "h6"))
    });
    let named = || {
        inside().filter(says).find(|at| {
            outline.get(*at).is_some_and(|element| element.classes.iter().any(|class| is_title(class)))
        })
    };
    let link = outline.words(member.link);
    // A link whose words are a headline needs nothing else, but for a card that is one link.
    match heading {
        Some(heading) => heading,
        None if words::is_headline(&link)
            && outline.get(member.link).is_some_and(|element| element.end <= member.link + 3) =>
        {
            member.link
        }
        None => named().unwrap_or(member.link),
    }
}

fn is_title(class: &str) -> bool {
    let lower = class.to_ascii_lowercase();
    lower.split(['-', '_']).any(|part| matches!(part, "title" | "headline" | "heading" | "subject"))
}

/// Where the items hold their links and nothing else, a link with a good name is as good an item.
fn of_the_right_size(outline: &Outline, group: &Group) -> Option<(Group, Path)> {
    let whole = item::path(outline, group).map(|(cost, path)| (cost, group.clone(), path));
    let is_bare = |member: &Member| outline.raw(member.item).trim() == outline.raw(member.link).trim();
    // Without any good name, the dates beside the links have to do.
    let links = (whole.is_none() || group.members.iter().all(is_bare)).then(|| {
        let members = group.members.iter().map(|member| Member { item: member.link, link: member.link });
        Group { members: members.collect() }
    });
    let links = links.and_then(|links| item::path(outline, &links).map(|(cost, path)| (cost, links, path)));
    let best = whole.into_iter().chain(links).min_by_key(|(cost, _, _)| *cost);
    best.map(|(_, group, path)| (group, path))
}

/// The link that the reader takes when it is told nothing: the item's own, or the first in it.
fn first_link(outline: &Outline, member: Member) -> Option<usize> {
    std::iter::once(member.item)
        .chain(outline.inside(member.item))
        .find(|at| outline.get(*at).is_some_and(|element| element.href.is_some()))
}

fn same_address(outline: &Outline, one: usize, other: usize) -> bool {
    let href = |at: usize| outline.get(at).and_then(|element| element.href.as_ref());
    href(one).is_some() && href(one) == href(other)
}

fn link(outline: &Outline, group: &Group) -> Option<String> {
    if is_mostly(group, |member| {
        first_link(outline, member).is_some_and(|first| same_address(outline, first, member.link))
    }) {
        return None;
    }
    let pairs: Vec<(usize, usize)> = group.members.iter().map(|member| (member.item, member.link)).collect();
    best_inside(outline, &pairs)
}

fn title(outline: &Outline, group: &Group) -> Option<String> {
    // The reader takes the words of the first link with the right address that has any.
    let told_by_link = |member: Member| {
        let links = std::iter::once(member.item).chain(outline.inside(member.item));
        let first = links
            .filter(|at| same_address(outline, *at, member.link))
            .find(|at| !outline.raw(*at).trim().is_empty());
        first.is_some_and(|first| outline.words(first) == headline(outline, member))
    };
    if is_mostly(group, told_by_link) {
        return None;
    }
    let pairs: Vec<(usize, usize)> =
        group.members.iter().map(|member| (member.item, headline_at(outline, *member))).collect();
    best_inside(outline, &pairs)
}

/// The first of its kind in most items that says enough and is neither headline nor date.
fn summary(outline: &Outline, group: &Group) -> Option<String> {
    let pairs: Vec<(usize, usize)> = group
        .members
        .iter()
        .filter_map(|member| Some((member.item, summary_at(outline, *member)?)))
        .collect();
    if pairs.len() * 2 < group.members.len() {
        return None;
    }
    best_inside(outline, &pairs)
}

fn summary_at(outline: &Outline, member: Member) -> Option<usize> {
    let headline = headline_at(outline, member);
    outline.inside(member.item).take(MOST_INSIDE).find(|at| {
        let raw = outline.raw(*at);
        let Some(element) = outline.get(*at) else { return false };
        let holds = |other: usize| (*at..element.end).contains(&other);
        let is_in = |other: usize| outline.inside(other).contains(at);
        !holds(headline)
            && !is_in(headline)
            && *at != headline
            && (!holds(member.link) || is_in(member.link))
            && raw.len() <= LONGEST_SUMMARY
            && words::weight(raw) >= SHORTEST_SUMMARY
            && !dates::reads(outline, *at)
            && matches!(&*element.tag, "p" | "div" | "span" | "dd" | "td" | "section" | "blockquote" | "ul")
    })
}

fn is_mostly(group: &Group, holds: impl Fn(Member) -> bool) -> bool {
    let count = group.members.iter().filter(|member| holds(**member)).count();
    count * 10 >= group.members.len() * 9
}

/// The selector whose first match in each item is, for most items, what it should be.
fn best_inside(outline: &Outline, pairs: &[(usize, usize)]) -> Option<String> {
    let targets: Vec<usize> = pairs.iter().map(|(_, target)| *target).collect();
    let parents: Vec<usize> = pairs
        .iter()
        .filter_map(|(item, target)| outline.get(*target)?.parent.filter(|parent| parent != item))
        .collect();
    let steps = Step::shared(outline, &targets);
    let outer = if parents.len() == pairs.len() { Step::shared(outline, &parents) } else { Vec::new() };
    let mut ways: Vec<Path> = steps.iter().cloned().map(Path::one).collect();
    for step in &steps {
        ways.extend(outer.iter().cloned().map(|outer| Path::within(outer, step.clone(), false)));
    }
    let right = |path: &Path| {
        let first = |item: usize| outline.inside(item).find(|at| path.matches(outline, *at));
        pairs.iter().filter(|(item, target)| first(*item) == Some(*target)).count()
    };
    let counted = ways.into_iter().map(|path| (right(&path) * 20 / pairs.len().max(1), path));
    let (share, path) = counted.max_by_key(|(share, path)| (*share, Reverse(path.cost())))?;
    (share >= 10).then(|| path.css())
}
