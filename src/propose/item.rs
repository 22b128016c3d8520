//! The selector of a group's items: a short one that finds them all and little else.

use std::collections::{HashMap, HashSet};

use super::groups::Group;
use super::outline::Outline;
use super::path::{Path, Step};

/// So many levels above the items are looked at for a name.
const MOST_LEVELS: usize = 8;

/// What a selector may cost that finds other things with links; beyond, there is none that says what we mean.
const MOST_WRONG: usize = 40;

/// The selector, and how far it is from a short one that is always right.
pub(super) fn path(outline: &Outline, group: &Group) -> Option<(usize, Path)> {
    let items: Vec<usize> = group.members.iter().map(|member| member.item).collect();
    let set = Wanted::of(outline, &items);
    let links: Vec<usize> = group.members.iter().map(|member| member.link).collect();
    let ways = ways(outline, &items).into_iter().chain(by_address(outline, &links, &items));
    let judged = ways.map(|path| (set.wrong(outline, &path), path));
    // Of what it finds, a hundredth wrong weighs as much as a long name.
    let (wrong, path) = judged.min_by_key(|(wrong, path)| wrong * 5 + path.cost_in_page())?;
    (wrong <= MOST_WRONG).then(|| (wrong * 5 + path.cost_in_page(), path))
}

/// All ways worth a try: by what the items are, and inside of what is around all of them.
fn ways(outline: &Outline, items: &[usize]) -> Vec<Path> {
    let steps = Step::shared(outline, items);
    let parents: Vec<usize> = items.iter().filter_map(|item| outline.get(*item)?.parent).collect();
    let mut ways: Vec<Path> = steps.iter().cloned().map(Path::one).collect();
    let holder = common_holder(outline, items);
    let levels: Vec<usize> = holder
        .map(|holder| std::iter::once(holder).chain(outline.around(holder)).take(MOST_LEVELS).collect())
        .unwrap_or_default();
    for (level, at) in levels.iter().enumerate() {
        let Some(element) = outline.get(*at) else { continue };
        let direct = level == 0 && parents.iter().all(|parent| parent == at);
        let names = Step::names_of(element);
        let bare = Step::tag(&element.tag);
        let outer = names.into_iter().chain((level == 0).then_some(bare)).map(|mut step| {
            // The nearer, the less it tells of the rest of the page.
            step.cost += level;
            step
        });
        for outer in outer {
            for step in &steps {
                ways.push(Path::within(outer.clone(), step.clone(), false));
                if direct {
                    ways.push(Path::within(outer.clone(), step.clone(), true));
                }
            }
        }
    }
    for outer in Step::shared(outline, &parents) {
        ways.extend(steps.iter().map(|step| Path::within(outer.clone(), step.clone(), true)));
    }
    ways
}

/// Where the items are links and nothing around them has a name: `a[href*='/news/']`.
fn by_address(outline: &Outline, links: &[usize], items: &[usize]) -> Option<Path> {
    if links != items {
        return None;
    }
    let written: Vec<&str> = links.iter().filter_map(|link| outline.get(*link)?.written.as_deref()).collect();
    let folder = shared_folder(&written)?;
    Some(Path::one(Step::link(&folder)))
}

/// The folders that all addresses begin with, without those of a year or a month; `None` if that says nothing.
fn shared_folder(written: &[&str]) -> Option<String> {
    let (folders, _) = written.first()?.split(['?', '#']).next()?.rsplit_once('/')?;
    let mut shared = String::new();
    for part in folders.split_inclusive('/').map(|part| part.trim_end_matches('/')) {
        let longer = format!("{shared}{part}/");
        let passes = part.bytes().filter(u8::is_ascii_digit).count() >= 2;
        if passes || !written.iter().all(|href| href.starts_with(&longer)) {
            break;
        }
        shared = longer;
    }
    let plain = shared.bytes().all(|b| b.is_ascii_alphanumeric() || b"/-_.:".contains(&b));
    let path = shared
        .split_once("://")
        .map_or(shared.as_str(), |(_, rest)| rest.split_once('/').map_or("", |(_, path)| path));
    (plain && path.len() >= 3 && shared.len() <= 80).then_some(shared)
}

/// The nearest element that holds all items.
fn common_holder(outline: &Outline, items: &[usize]) -> Option<usize> {
    let first = *items.first()?;
    let last = items.iter().copied().max()?;
    outline.around(first).find(|at| outline.inside(*at).contains(&last))
}

/// What should be found.
struct Wanted {
    items: HashSet<usize>,
    parents: HashSet<usize>,
    tags: HashSet<String>,
    /// Elements with a link in them.
    linking: HashMap<usize, bool>,
}

impl Wanted {
    fn of(outline: &Outline, items: &[usize]) -> Self {
        let parent = |item: &usize| outline.get(*item).and_then(|element| element.parent);
        Self {
            items: items.iter().copied().collect(),
            parents: items.iter().filter_map(parent).collect(),
            tags: items
                .iter()
                .filter_map(|item| outline.get(*item))
                .map(|element| element.tag.clone())
                .collect(),
            linking: HashMap::new(),
        }
    }

    /// How far a selector is from them, in parts of a hundred of their number.
    fn wrong(&self, outline: &Outline, path: &Path) -> usize {
        let (mut right, mut linking, mut empty) = (0, 0, 0);
        for index in 0..outline.elements.len() {
            let could = path
                .steps
                .last()
                .zip(outline.get(index))
                .is_some_and(|(step, element)| step.matches(element));
            if !could || !path.matches(outline, index) {
                continue;
            }
            if self.items.contains(&index) {
                right += 1;
            } else if self.is_alike(outline, index) {
                // A sibling of the same kind: most likely an entry that looks a little different.
            } else if self.holds_link(outline, index) {
                linking += 1;
            } else {
                empty += 1;
            }
        }
        let all = self.items.len().max(1);
        ((all - right) * 100 + linking * 100 + empty * 20) / all
    }

    fn is_alike(&self, outline: &Outline, index: usize) -> bool {
        outline.get(index).is_some_and(|element| {
            self.tags.contains(&element.tag)
                && element.parent.is_some_and(|parent| self.parents.contains(&parent))
        })
    }

    fn holds_link(&self, outline: &Outline, index: usize) -> bool {
        self.linking.get(&index).copied().unwrap_or_else(|| {
            std::iter::once(index)
                .chain(outline.inside(index))
                .any(|at| outline.get(at).is_some_and(|element| element.href.is_some()))
        })
    }
}
