//! A site moves to another platform: every id, link and sometimes date changes at once. Its entries are paired with the
//! stored ones by what a move leaves alone.

use chrono::{DateTime, TimeDelta, Utc};
use std::collections::{BTreeMap, HashMap, HashSet};
use std::hash::Hash;

use super::key::{Key, Keys, canonical, normal};
use super::matching::MASS;
use super::similar::is_similar;
use super::{Known, Memory};
use crate::model::entry::EntryId;
use crate::parse::document::ParsedEntry;

/// A day may be another one in another zone.
const SAME_DAY: TimeDelta = TimeDelta::hours(24);

/// The last step of a link with fewer letters and digits ("12", "index") is no name.
const LONG_TAIL: usize = 8;

/// Pairs those entries that were not found yet with stored ones, where a pair is beyond doubt.
pub(super) fn pair(
    entries: &[ParsedEntry],
    keys: &[Keys<'_>],
    memory: &Memory,
    found: &[Option<EntryId>],
) -> Vec<Option<EntryId>> {
    let mut pairing = Pairing {
        memory,
        is_bulk: is_bulk(entries, memory, found),
        taken: found.iter().copied().flatten().collect(),
        found: found.to_vec(),
    };
    pairing.by(
        entries,
        |entry| tail(entry.link()?),
        |known| tail(known.link.as_deref()?),
        |tail, entry, known| is_same_page(tail, entry, known),
    );
    pairing.by_title_and_day(entries, keys);
    pairing.by_title(entries, keys);
    pairing.by(
        entries,
        |entry| entry.published,
        |known| known.published,
        |_, entry, known| is_similar_title(entry, known),
    );
    pairing.found
}

/// A long name in the address, or a short one and the day.
fn is_same_page(tail: &str, entry: &ParsedEntry, known: &Known) -> bool {
    let is_same_day = same_day(entry.published, known.published);
    let is_name = tail.len() >= LONG_TAIL && tail.chars().any(char::is_alphabetic);
    is_same_day || (is_name && (entry.published.is_none() || is_similar_title(entry, known)))
}

fn is_similar_title(entry: &ParsedEntry, known: &Known) -> bool {
    entry.title.as_ref().is_some_and(|title| is_similar(&title.text, &known.title))
}

struct Pairing<'a> {
    memory: &'a Memory,
    /// Dates were made anew when the site moved: they say nothing.
    is_bulk: bool,
    taken: HashSet<EntryId>,
    found: Vec<Option<EntryId>>,
}

impl Pairing<'_> {
    /// Who had the title at that date.
    fn by_title_and_day(&mut self, entries: &[ParsedEntry], keys: &[Keys<'_>]) {
        for at in 0..entries.len() {
            let (Some(entry), Some(keys)) = (entries.get(at), keys.get(at)) else { continue };
            let Some(name) = keys.name else { continue };
            let named = self.named(name);
            let of_that_day = named.iter().find(|id| same_day(entry.published, self.published(**id)));
            self.join(at, of_that_day.copied());
        }
    }

    /// Who has the title in the last document, one after the other where several have it; else the only one who ever had
    /// it, if dates do not speak against it: a series goes on under its old title with a later date.
    fn by_title(&mut self, entries: &[ParsedEntry], keys: &[Keys<'_>]) {
        let mut open: BTreeMap<Key, Vec<usize>> = BTreeMap::new();
        for (at, keys) in keys.iter().enumerate().filter(|(at, _)| matches!(self.found.get(*at), Some(None)))
        {
            if let Some(name) = keys.name {
                open.entry(name).or_default().push(at);
            }
        }
        for (title, places) in open {
            let named = self.named(title);
            let (last, before): (Vec<EntryId>, Vec<EntryId>) =
                named.into_iter().partition(|id| self.memory.habits.window.contains(id));
            // Of a series, the oldest have left, and the newest have come.
            let come = if last.is_empty() { 0 } else { places.len().saturating_sub(last.len()) };
            let pairs = if !last.is_empty() {
                last
            } else if before.len() == 1 && places.len() == 1 && !self.is_bulk {
                before
            } else {
                continue;
            };
            for (at, id) in places.into_iter().skip(come).zip(pairs) {
                let published = entries.get(at).and_then(|entry| entry.published);
                if self.is_bulk || goes_back(published, self.published(id)) {
                    self.join(at, Some(id));
                }
            }
        }
    }

    /// Those with this title that nobody has taken yet: of the last document in its order, then others.
    fn named(&self, title: Key) -> Vec<EntryId> {
        let has_title =
            |id: &EntryId| self.memory.entries.get(id).is_some_and(|known| known.prints.title == title.0);
        let window = self.memory.habits.window.iter().copied().filter(has_title);
        let mut named: Vec<EntryId> = window.collect();
        let others = self.memory.names.get(&title).map_or(&[][..], Vec::as_slice);
        named.extend(others.iter().filter(|id| !self.memory.habits.window.contains(id)));
        named.retain(|id| !self.taken.contains(id));
        named
    }

    fn published(&self, id: EntryId) -> Option<DateTime<Utc>> {
        self.memory.entries.get(&id).and_then(|known| known.published)
    }

    fn join(&mut self, at: usize, id: Option<EntryId>) {
        if let (Some(found @ None), Some(id)) = (self.found.get_mut(at), id)
            && self.taken.insert(id)
        {
            *found = Some(id);
        }
    }

    /// Pairs what is alone with its evidence on both sides.
    fn by<T: Eq + Hash>(
        &mut self,
        entries: &[ParsedEntry],
        of_entry: impl Fn(&ParsedEntry) -> Option<T>,
        of_known: impl Fn(&Known) -> Option<T>,
        is_proof: impl Fn(&T, &ParsedEntry, &Known) -> bool,
    ) {
        let stored = self.memory.entries.iter().filter(|(id, _)| !self.taken.contains(id));
        let stored = alone(stored.filter_map(|(id, known)| Some((of_known(known)?, *id))));
        let open = entries.iter().enumerate().filter(|(at, _)| matches!(self.found.get(*at), Some(None)));
        let open = alone(open.filter_map(|(at, entry)| Some((of_entry(entry)?, at))));
        for (evidence, at) in open {
            let (Some(id), Some(entry)) = (stored.get(&evidence).copied(), entries.get(at)) else { continue };
            let is_pair = self.memory.entries.get(&id).is_some_and(|known| is_proof(&evidence, entry, known));
            self.join(at, Some(id).filter(|_| is_pair));
        }
    }
}

fn goes_back(published: Option<DateTime<Utc>>, known: Option<DateTime<Utc>>) -> bool {
    published.zip(known).is_none_or(|(published, known)| published <= known + SAME_DAY)
}

/// What has a value for itself.
fn alone<T: Eq + Hash, V>(all: impl Iterator<Item = (T, V)>) -> HashMap<T, V> {
    let mut seen: HashMap<T, Option<V>> = HashMap::new();
    for (evidence, value) in all {
        seen.entry(evidence).and_modify(|other| *other = None).or_insert(Some(value));
    }
    seen.into_iter().filter_map(|(evidence, value)| Some((evidence, value?))).collect()
}

/// Entries that are newer than all we knew, and all of one day: so many are not written in a day.
fn is_bulk(entries: &[ParsedEntry], memory: &Memory, found: &[Option<EntryId>]) -> bool {
    let open = || entries.iter().zip(found).filter(|(_, found)| found.is_none()).map(|(entry, _)| entry);
    let newer: Vec<DateTime<Utc>> = open()
        .filter_map(|entry| entry.published)
        .filter(|published| memory.newest.is_none_or(|newest| *published > newest))
        .collect();
    let span = newer.iter().max().zip(newer.iter().min()).map(|(last, first)| *last - *first);
    newer.len() >= MASS && newer.len() * 2 > open().count() && span.is_some_and(|span| span <= SAME_DAY)
}

fn same_day(a: Option<DateTime<Utc>>, b: Option<DateTime<Utc>>) -> bool {
    a.zip(b).is_some_and(|(a, b)| (a - b).abs() < SAME_DAY)
}

/// The last step of a link, without its ending; the query, if there is no step.
fn tail(link: &str) -> Option<String> {
    let address = canonical(link)?;
    let (path, query) = address.split_once('?').unwrap_or((&address, ""));
    let step = path.split('/').skip(1).last().unwrap_or("");
    let step = step.rsplit_once('.').map_or(step, |(name, _)| name);
    let name = normal(step);
    let tail = if name.is_empty() || matches!(name.as_str(), "index" | "default" | "node") {
        normal(query)
    } else {
        name
    };
    (!tail.is_empty()).then_some(tail)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tail_is_the_name_of_a_page() {
        for (link, expected) in [
            ("https://x.org/news/2018/Customs-opens.aspx", Some("customsopens")),
            ("http://www.x.org/en/press/customs-opens/", Some("customsopens")),
            ("https://x.org/index.php?id=7", Some("id7")),
            ("https://x.org/", None),
        ] {
            assert_eq!(tail(link).as_deref(), expected, "{link}");
        }
    }
}
