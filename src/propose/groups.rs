//! Groups of links that stand at the same place in a repeated structure, and the elements that repeat.

use std::collections::{BTreeMap, HashSet};
use std::hash::{DefaultHasher, Hash as _, Hasher as _};

use super::outline::Outline;
use super::path::Step;
use super::{gate, score};

/// A listing shows some hundred at most.
const MOST_LINKS: usize = 4_000;

/// Links of one list, each with the element that is its entry.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Group {
    pub(super) members: Vec<Member>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct Member {
    /// What repeats.
    pub(super) item: usize,
    /// The link in it, or it itself.
    pub(super) link: usize,
}

/// How narrowly two links must agree to be of one group.
#[derive(Debug, Clone, Copy)]
enum Alike {
    /// Tags, steady names and columns of all that is around them.
    Names,
    /// Tags alone.
    Tags,
    /// Only what they are themselves and what holds them.
    Near,
}

/// All groups that might be the list, the likeliest first.
pub(super) fn find(outline: &Outline) -> Vec<Group> {
    let links: Vec<usize> =
        (0..outline.elements.len()).filter(|index| is_usable(outline, *index)).take(MOST_LINKS).collect();
    let mut known = HashSet::new();
    let mut groups: Vec<(usize, Group)> = Vec::new();
    for alike in [Alike::Names, Alike::Tags, Alike::Near] {
        for links in by_place(outline, &links, alike) {
            let group = climb(outline, &links);
            let items: Vec<usize> = group.members.iter().map(|member| member.item).collect();
            if group.members.len() >= gate::FEWEST && known.insert(items) {
                groups.push((score::of(outline, &group), group));
            }
        }
    }
    // Stable: among equals the one that stands first in the page.
    groups.sort_by_key(|(score, _)| std::cmp::Reverse(*score));
    groups.into_iter().filter(|(score, _)| *score > 0).map(|(_, group)| group).collect()
}

fn is_usable(outline: &Outline, index: usize) -> bool {
    outline.get(index).is_some_and(|element| element.tag == "a" && element.href.is_some() && !element.aside)
}

fn by_place(outline: &Outline, links: &[usize], alike: Alike) -> Vec<Vec<usize>> {
    let mut groups: BTreeMap<(usize, u64), Vec<usize>> = BTreeMap::new();
    let mut firsts = BTreeMap::new();
    for link in links {
        let place = place(outline, *link, alike);
        // In the order of the page, not of the hashes.
        let first = *firsts.entry(place).or_insert(*link);
        groups.entry((first, place)).or_default().push(*link);
    }
    groups.into_values().filter(|links| links.len() >= gate::FEWEST).collect()
}

fn place(outline: &Outline, link: usize, alike: Alike) -> u64 {
    let mut hasher = DefaultHasher::new();
    let most = if matches!(alike, Alike::Near) { 2 } else { usize::MAX };
    for at in std::iter::once(link).chain(outline.around(link)).take(most) {
        let Some(element) = outline.get(at) else { continue };
        element.tag.hash(&mut hasher);
        if !matches!(alike, Alike::Tags) {
            let mut names: Vec<String> = Step::names_of(element).iter().map(Step::css).collect();
            names.sort();
            names.hash(&mut hasher);
        }
        if matches!(&*element.tag, "td" | "th") {
            column(outline, at).hash(&mut hasher);
        }
    }
    hasher.finish()
}

/// How many cells stand before this one.
fn column(outline: &Outline, cell: usize) -> usize {
    let Some(row) = outline.get(cell).and_then(|element| element.parent) else { return 0 };
    let mut at = row + 1;
    let mut before = 0;
    while at < cell {
        let Some(element) = outline.get(at) else { break };
        before += 1;
        at = element.end.max(at + 1);
    }
    before
}

/// From each link up, all at once, as long as each has an element for itself.
fn climb(outline: &Outline, links: &[usize]) -> Group {
    let mut members: Vec<Member> = Vec::new();
    let mut addresses = HashSet::new();
    for link in links {
        let href = outline.get(*link).and_then(|element| element.href.as_ref());
        if href.is_some_and(|href| addresses.insert(href.as_str())) {
            members.push(Member { item: *link, link: *link });
        }
    }
    while let Some(higher) = step_up(outline, &members) {
        members = higher;
    }
    Group { members }
}

fn step_up(outline: &Outline, members: &[Member]) -> Option<Vec<Member>> {
    let mut taken = HashSet::new();
    let mut tags = HashSet::new();
    let mut higher = Vec::with_capacity(members.len());
    for member in members {
        let item = outline.get(member.item)?.parent?;
        let element = outline.get(item)?;
        tags.insert(element.tag.as_str());
        if !taken.insert(item)
            || tags.len() > 1
            || matches!(&*element.tag, "html" | "body" | "main" | "table")
        {
            return None;
        }
        higher.push(Member { item, link: member.link });
    }
    (higher.len() > 1).then_some(higher)
}
