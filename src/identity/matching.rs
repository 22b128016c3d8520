//! A document's entries meet what the store knows: which are the same, which are new, and which must wait.

use chrono::{DateTime, TimeDelta, Utc};
use std::collections::HashSet;

use super::change::{self, NOISY_AFTER, Prints};
use super::key::{Key, Keys, hash63};
use super::reading::{Texts, entry_of};
use super::{Arrival, ArrivalKind, Identified, Known, Memory, Policy, Shelf};
use crate::model::entry::{DateOrigin, Entry, EntryId};
use crate::model::source::Source;
use crate::parse::document::{Document, ParsedEntry};

/// Fewer entries prove nothing: from so many on, the brake pulls when they are suddenly new although older than what we
/// knew, and staff hear of it when all of them are new.
const BRAKE_FROM: usize = 3;

/// A day may begin so much earlier elsewhere.
const TIME_ZONES: TimeDelta = TimeDelta::hours(14);

/// Where an archive without dates stands in lists: behind what is dated, and out of the digest.
const FAR_BACK: TimeDelta = TimeDelta::days(3650);

/// Recognises a document's entries. `keys` are those of its entries, in their order; `memory` was asked for them.
pub fn identify(
    source: &Source,
    document: &Document,
    keys: &[Keys],
    memory: &Memory,
    now: DateTime<Utc>,
) -> Identified {
    let entries = &document.entries;
    let mut policy = memory.policy.unwrap_or_else(|| first_policy(keys));
    let mut matched = match_all(entries, keys, memory, policy);
    if ids_change_by_themselves(policy, keys, memory, &matched) {
        policy = Policy::Link;
    }
    let braked = brake(entries, keys, memory, &mut matched);
    let all_new = is_all_new(memory, &matched);

    let mut identified = Identified { policy, arrivals: Vec::new(), aliases: Vec::new(), held: 0, all_new };
    let (mut told, mut taken) = (HashSet::new(), HashSet::new());
    for ((parsed, keys), found) in
        entries.iter().zip(keys).zip(&matched).filter(|((_, keys), _)| told.insert(keys.whole))
    {
        let id = found.unwrap_or_else(|| new_id(source, policy, keys));
        if !taken.insert(id) {
            continue; // the same entry twice in one document
        }
        let known = found.and_then(|id| memory.entries.get(&id));
        learn(&mut identified.aliases, policy, keys, id, memory);
        let entry = entry_of(source, &document.about, parsed, id);
        let arrival = if let Some(known) = known {
            seen_again(entry, keys.title, known, now)
        } else {
            let shelf = if braked { Shelf::Held } else { first_shelf(source, &entry, now) };
            identified.held += usize::from(shelf == Shelf::Held);
            Some(seen_first(entry, keys.title, shelf, memory.policy.is_none(), now))
        };
        identified.arrivals.extend(arrival);
    }
    identified
}

/// What the first document proves: ids if most entries have one of their own, else links, else nothing but titles.
fn first_policy(keys: &[Keys]) -> Policy {
    let most = |has: fn(&Keys) -> bool| keys.iter().filter(|k| has(k)).count() * 2 > keys.len();
    if most(|k| k.own.is_some()) || keys.is_empty() {
        Policy::Id
    } else if most(|k| k.link.is_some()) {
        Policy::Link
    } else {
        Policy::Title
    }
}

/// Looks for each entry among the stored ones, by the strongest evidence first: what the ids of a document say of all its
/// entries counts before any link is looked at. A stored entry is found once.
fn match_all(
    entries: &[ParsedEntry],
    keys: &[Keys],
    memory: &Memory,
    policy: Policy,
) -> Vec<Option<EntryId>> {
    let mut found = vec![None; entries.len()];
    let mut taken = HashSet::new();
    for evidence in [by_own_id, by_everything, by_link, by_title_and_date] {
        for ((entry, keys), found) in
            entries.iter().zip(keys).zip(&mut found).filter(|(_, found)| found.is_none())
        {
            *found = evidence(entry, keys, memory, policy).filter(|id| taken.insert(*id));
        }
    }
    found
}

fn by_own_id(_: &ParsedEntry, keys: &Keys, memory: &Memory, policy: Policy) -> Option<EntryId> {
    known(memory, keys.own.filter(|_| policy == Policy::Id)).map(|(id, _)| id)
}

fn by_everything(_: &ParsedEntry, keys: &Keys, memory: &Memory, _: Policy) -> Option<EntryId> {
    known(memory, Some(keys.whole)).map(|(id, _)| id)
}

fn by_link(entry: &ParsedEntry, keys: &Keys, memory: &Memory, policy: Policy) -> Option<EntryId> {
    let (id, known) = known(memory, keys.link.filter(|_| policy != Policy::Title))?;
    // A series may reuse one link under new ids and titles: then the link alone is no proof.
    let is_proof = policy == Policy::Link || keys.own.is_none() || same_title_or_date(entry, keys, known);
    is_proof.then_some(id)
}

fn by_title_and_date(entry: &ParsedEntry, keys: &Keys, memory: &Memory, _: Policy) -> Option<EntryId> {
    let id = *memory.names.get(&keys.name?)?;
    let known = memory.entries.get(&id)?;
    (entry.published.is_some() && known.published == entry.published).then_some(id)
}

fn known(memory: &Memory, key: Option<Key>) -> Option<(EntryId, &Known)> {
    let id = *memory.aliases.get(&key?)?;
    memory.entries.get(&id).map(|known| (id, known))
}

fn same_title_or_date(entry: &ParsedEntry, keys: &Keys, known: &Known) -> bool {
    keys.title.0 == known.prints.title || (entry.published.is_some() && entry.published == known.published)
}

/// Most known entries came back under ids never seen before: such ids are worth nothing.
fn ids_change_by_themselves(
    policy: Policy,
    keys: &[Keys],
    memory: &Memory,
    matched: &[Option<EntryId>],
) -> bool {
    if policy != Policy::Id {
        return false;
    }
    let known = matched.iter().flatten().count();
    let renamed = keys
        .iter()
        .zip(matched)
        .filter(|(keys, found)| {
            found.is_some() && keys.own.is_some_and(|own| !memory.aliases.contains_key(&own))
        })
        .count();
    known >= BRAKE_FROM && renamed * 2 > known
}

/// A source that moves to another platform changes every id, link and date at once. When most of a document is new
/// although older than what we knew, its entries are paired with stored ones by title alone; what finds no pair waits
/// for an editor. Returns whether the brake pulled.
fn brake(entries: &[ParsedEntry], keys: &[Keys], memory: &Memory, matched: &mut [Option<EntryId>]) -> bool {
    let Some(newest) = memory.newest else { return false };
    let is_old = |entry: &ParsedEntry| entry.published.is_none_or(|published| published < newest);
    let old_and_new =
        entries.iter().zip(&*matched).filter(|(entry, found)| found.is_none() && is_old(entry)).count();
    if memory.policy.is_none() || old_and_new < BRAKE_FROM || old_and_new * 2 <= entries.len() {
        return false;
    }
    let mut taken: HashSet<EntryId> = matched.iter().copied().flatten().collect();
    for (keys, found) in keys.iter().zip(matched.iter_mut()).filter(|(_, found)| found.is_none()) {
        let pair = keys.name.and_then(|name| memory.names.get(&name)).copied();
        *found = pair.filter(|id| memory.entries.contains_key(id) && taken.insert(*id));
    }
    true
}

/// A busy source may be all new after a long silence, and so may one whose name somebody else has bought.
fn is_all_new(memory: &Memory, matched: &[Option<EntryId>]) -> bool {
    let had_entries = memory.policy.is_some() && memory.newest.is_some();
    had_entries && matched.len() >= BRAKE_FROM && matched.iter().all(Option::is_none)
}

/// Our own id, from the first evidence that the policy trusts.
fn new_id(source: &Source, policy: Policy, keys: &Keys) -> EntryId {
    let own = keys.own.filter(|_| policy == Policy::Id);
    let link = keys.link.filter(|_| policy != Policy::Title);
    let Key(first) = own.or(link).unwrap_or(keys.whole);
    EntryId(hash63([source.id.as_str(), "entry", &first.to_string()]))
}

/// Every name that the policy trusts and that is not yet known leads to this entry from now on. An entry that none of
/// them leads to (another one has them, or it was found by its title) is known by all of it together.
fn learn(aliases: &mut Vec<(Key, EntryId)>, policy: Policy, keys: &Keys, id: EntryId, memory: &Memory) {
    let own = keys.own.filter(|_| policy == Policy::Id);
    let link = keys.link.filter(|_| policy != Policy::Title && own != keys.link);
    let mut is_known = memory.aliases.get(&keys.whole) == Some(&id);
    for key in own.into_iter().chain(link) {
        let other = memory.aliases.get(&key);
        is_known |= other.is_none_or(|other| *other == id);
        if other.is_none() {
            aliases.push((key, id));
        }
    }
    if !is_known {
        aliases.push((keys.whole, id));
    }
}

fn first_shelf(source: &Source, entry: &Entry, now: DateTime<Utc>) -> Shelf {
    let too_old = source.max_age.zip(entry.published).is_some_and(|(age, published)| now - published > age);
    if too_old { Shelf::Backlog } else { Shelf::Open }
}

fn seen_first(
    mut entry: Entry,
    title: Key,
    shelf: Shelf,
    is_first_reading: bool,
    now: DateTime<Utc>,
) -> Arrival {
    let is_archive = is_first_reading && entry.published.is_none();
    // A date in the future (a typing error, an event's date) is none: it would stand on top for years. A few hours of it
    // are a time zone.
    entry.published = entry
        .published
        .filter(|published| *published <= now + TIME_ZONES)
        .map(|published| published.min(now));
    if entry.published.is_none() {
        entry.date_origin = DateOrigin::FirstSeen;
    }
    entry.first_seen = now;
    entry.changed = entry.published.unwrap_or(now);
    entry.listed = if is_archive { now - FAR_BACK } else { entry.changed };
    let texts = Texts::of(&entry);
    Arrival {
        prints: Prints::of(&entry, title, &texts),
        entry,
        texts,
        kind: ArrivalKind::New,
        version: 1,
        shelf,
    }
}

/// The date stays as first seen, whatever the source does with it later; `None` if nothing differs.
fn seen_again(mut entry: Entry, title: Key, known: &Known, now: DateTime<Utc>) -> Option<Arrival> {
    if change::bytes_print(&entry) == known.prints.bytes {
        return None;
    }
    let texts = Texts::of(&entry);
    let prints = Prints::of(&entry, title, &texts);
    entry.published = known.published;
    entry.first_seen = known.first_seen;
    entry.changed = known.changed;
    let mut arrival = Arrival {
        entry,
        texts,
        prints,
        kind: ArrivalKind::Retouched,
        version: known.version,
        shelf: known.shelf,
    };
    if prints.reading != known.prints.reading {
        arrival.kind = ArrivalKind::Changed;
        arrival.version = known.version.saturating_add(1);
        if arrival.version <= NOISY_AFTER || prints.title != known.prints.title {
            arrival.entry.changed = now;
        }
    }
    Some(arrival)
}
