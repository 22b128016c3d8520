//! Entries from several sources that tell the same thing become one story, led by who issued it.
//!
//! False joins are worse than missed ones: a joined entry disappears from the page, a missed one only stands there twice.

use chrono::TimeDelta;
use std::collections::{BTreeMap, BTreeSet, HashSet};

use crate::identity::key::canonical;
use crate::model::entry::Entry;
use crate::model::source::Rank;
use crate::rules::fold::fold;

/// A story is republished within days; the same title months later is another one.
const WINDOW: TimeDelta = TimeDelta::days(5);

/// Shorter titles ("Weekly update") are shared by things that have nothing to do with each other.
const WORDS_OF_A_TITLE: usize = 5;

/// Of the words of the shorter of two texts, so much must stand in the longer one.
const SHARED_WORDS: f64 = 0.5;

/// An entry with what joining needs to know of its source.
#[derive(Debug, Clone)]
pub struct Told<'a> {
    pub entry: &'a Entry,
    pub rank: Rank,
    /// The words of summary and content.
    pub text: &'a str,
}

/// Entries that tell the same thing, by their places in what was given; the first leads.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Group {
    pub members: Vec<usize>,
}

/// Joins entries. The result does not depend on the order they are given in, but for the places themselves;
/// groups come in the order of their leads' places.
pub fn join(told: &[Told<'_>]) -> Vec<Group> {
    let mut sets = Sets::new(told.len());
    for places in candidates(told).values() {
        for (at, &a) in places.iter().enumerate() {
            for &b in places.get(at + 1..).unwrap_or_default() {
                if is_same(told, a, b) {
                    sets.unite(a, b);
                }
            }
        }
    }
    let mut groups: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
    for place in 0..told.len() {
        groups.entry(sets.find(place)).or_default().push(place);
    }
    let mut groups: Vec<Group> =
        groups.into_values().flat_map(|members| one_per_source(told, members)).collect();
    groups.sort_by_key(|group| group.members.first().copied());
    groups
}

/// Entries that share a link or a title: only among these can there be a story.
fn candidates(told: &[Told<'_>]) -> BTreeMap<String, Vec<usize>> {
    let mut candidates: BTreeMap<String, Vec<usize>> = BTreeMap::new();
    for (place, told) in told.iter().enumerate() {
        if let Some(link) = link_of(told.entry) {
            candidates.entry(link).or_default().push(place);
        }
        let title = fold(&told.entry.title);
        if title.split_whitespace().count() >= WORDS_OF_A_TITLE || is_long_without_spaces(&title) {
            candidates.entry(title).or_default().push(place);
        }
    }
    candidates.retain(|_, places| places.len() > 1);
    candidates
}

/// A canonical link that leads to one text; a site's front page tells no story.
fn link_of(entry: &Entry) -> Option<String> {
    let link = entry.link.as_ref()?;
    (link.path().len() > 1 || link.query().is_some()).then(|| canonical(link.as_str())).flatten()
}

/// Chinese and Japanese write titles without spaces.
fn is_long_without_spaces(title: &str) -> bool {
    title.chars().filter(|c| *c >= '\u{2E80}').count() >= 2 * WORDS_OF_A_TITLE
}

fn is_same(told: &[Told<'_>], a: usize, b: usize) -> bool {
    let (Some(a), Some(b)) = (told.get(a), told.get(b)) else { return false };
    if a.entry.source == b.entry.source || (a.entry.listed - b.entry.listed).abs() > WINDOW {
        return false;
    }
    // Two pages at one address are one page; two texts under one title must also say the same.
    link_of(a.entry).is_some_and(|link| {
        link_of(b.entry).as_ref() == Some(&link) && fold(&a.entry.title) == fold(&b.entry.title)
    }) || (fold(&a.entry.title) == fold(&b.entry.title) && says_the_same(a.text, b.text))
}

/// Texts that share most of their words; where one source gives no text, the title has to do.
fn says_the_same(a: &str, b: &str) -> bool {
    let words =
        |text: &str| -> HashSet<String> { fold(text).split_whitespace().map(str::to_owned).collect() };
    let (a, b) = (words(a), words(b));
    let shorter = a.len().min(b.len());
    if shorter == 0 {
        return true;
    }
    let shared = a.intersection(&b).count();
    #[expect(clippy::cast_precision_loss, reason = "texts have far fewer words than 2^52")]
    let share = shared as f64 / shorter as f64;
    share >= SHARED_WORDS
}

/// Two entries of one source are never one story, whatever joins them through a third: such a group falls apart,
/// each further entry of a source a story of its own.
fn one_per_source(told: &[Told<'_>], mut members: Vec<usize>) -> Vec<Group> {
    members.sort_by_key(|place| told.get(*place).map(precedence));
    let mut sources = BTreeSet::new();
    let (together, alone): (Vec<usize>, Vec<usize>) = members
        .into_iter()
        .partition(|place| told.get(*place).is_some_and(|told| sources.insert(&told.entry.source)));
    let mut groups = vec![Group { members: together }];
    groups.extend(alone.into_iter().map(|place| Group { members: vec![place] }));
    groups
}

/// Who leads: the highest rank, then who published first, then by name; never who happened to be read first.
fn precedence<'a>(told: &Told<'a>) -> (std::cmp::Reverse<Rank>, chrono::DateTime<chrono::Utc>, &'a str, i64) {
    let entry = told.entry;
    (std::cmp::Reverse(told.rank), entry.listed, entry.source.as_str(), entry.id.0)
}

/// Disjoint sets of places.
struct Sets {
    parent: Vec<usize>,
}

impl Sets {
    fn new(count: usize) -> Self {
        Self { parent: (0..count).collect() }
    }

    fn find(&mut self, place: usize) -> usize {
        let mut root = place;
        while let Some(&parent) = self.parent.get(root)
            && parent != root
        {
            root = parent;
        }
        if let Some(parent) = self.parent.get_mut(place) {
            *parent = root;
        }
        root
    }

    fn unite(&mut self, a: usize, b: usize) {
        let (a, b) = (self.find(a), self.find(b));
        if let Some(parent) = self.parent.get_mut(a.max(b)) {
            *parent = a.min(b);
        }
    }
}

#[cfg(test)]
mod tests;
