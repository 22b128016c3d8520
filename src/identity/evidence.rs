//! What speaks for an entry being a stored one, from the strongest evidence to the weakest.

use std::collections::HashSet;

use super::key::{Key, Keys};
use super::matching::{DRIFT, MASS};
use super::{Known, Memory, Policy, Remark, similar};
use crate::model::entry::EntryId;
use crate::parse::document::ParsedEntry;

/// Looks for each entry among the stored ones, by the strongest evidence first: what the ids of a document say of all its
/// entries counts before any link is looked at. A stored entry is found once.
pub(super) fn match_all(
    entries: &[ParsedEntry],
    keys: &[Keys<'_>],
    memory: &Memory,
    policy: Policy,
    remarks: &mut Vec<Remark>,
) -> Vec<Option<EntryId>> {
    let mut found = vec![None; entries.len()];
    let mut taken = HashSet::new();
    for evidence in [
        by_everything,
        by_title_and_date,
        by_own_id,
        by_link,
        by_shared,
        by_date_and_likeness,
        by_all_but_date,
    ] {
        for ((entry, keys), found) in
            entries.iter().zip(keys).zip(&mut found).filter(|(_, found)| found.is_none())
        {
            *found = evidence(entry, keys, memory, policy).filter(|id| taken.insert(*id));
        }
    }
    by_bare_id(keys, memory, policy, (&mut found, &mut taken), remarks);
    found
}

/// An id counts against a new title, a new link and a new date together, but not for most of a document: then somebody
/// has begun to count anew.
fn by_bare_id(
    keys: &[Keys<'_>],
    memory: &Memory,
    policy: Policy,
    (found, taken): (&mut [Option<EntryId>], &mut HashSet<EntryId>),
    remarks: &mut Vec<Remark>,
) {
    let bare = |keys: &Keys<'_>| known(memory, keys.own.filter(|_| policy == Policy::Id)).map(|(id, _)| id);
    let pairs: Vec<(usize, EntryId)> = keys
        .iter()
        .zip(&*found)
        .enumerate()
        .filter(|(_, (_, found))| found.is_none())
        .filter_map(|(at, (keys, _))| Some((at, bare(keys)?)))
        .filter(|(_, id)| !taken.contains(id))
        .collect();
    if pairs.len() >= MASS && pairs.len() * 2 > keys.len() {
        remarks.push(Remark::ReusedIds(pairs.len()));
        return;
    }
    for (at, id) in pairs {
        if let Some(found) = found.get_mut(at).filter(|_| taken.insert(id)) {
            *found = Some(id);
        }
    }
}

/// The id, and something else that speaks for it.
fn by_own_id(entry: &ParsedEntry, keys: &Keys<'_>, memory: &Memory, policy: Policy) -> Option<EntryId> {
    let (id, known) = known(memory, keys.own.filter(|_| policy == Policy::Id))?;
    let is_same_link = || keys.link.is_some_and(|link| memory.aliases.get(&link) == Some(&id));
    let is_similar =
        || entry.title.as_ref().is_some_and(|title| similar::is_similar(&title.text, &known.title));
    (same_title_or_date(entry, keys, known) || is_same_link() || is_similar()).then_some(id)
}

fn by_everything(entry: &ParsedEntry, keys: &Keys<'_>, memory: &Memory, _: Policy) -> Option<EntryId> {
    whole(keys, memory).filter(|(_, known)| !is_of_other_date(entry, known)).map(|(id, _)| id)
}

/// Dated anew; but a series may use its title, its link and even its ids again.
fn by_all_but_date(entry: &ParsedEntry, keys: &Keys<'_>, memory: &Memory, _: Policy) -> Option<EntryId> {
    whole(keys, memory).filter(|(id, known)| !is_later_part(entry, known, *id, memory)).map(|(id, _)| id)
}

fn whole<'a>(keys: &Keys<'_>, memory: &'a Memory) -> Option<(EntryId, &'a Known)> {
    if memory.aliases.is_empty() { None } else { known(memory, Some(keys.whole())) }
}

fn by_link(entry: &ParsedEntry, keys: &Keys<'_>, memory: &Memory, policy: Policy) -> Option<EntryId> {
    let (id, known) = known(memory, keys.link.filter(|_| policy != Policy::Title))?;
    // A series may reuse one link under new ids and titles: then the link alone is no proof.
    let is_proof = policy == Policy::Link || keys.own.is_none() || same_title_or_date(entry, keys, known);
    (is_proof && !is_later_part(entry, known, id, memory)).then_some(id)
}

/// What left the feed with an earlier date is another part of a series.
fn is_later_part(entry: &ParsedEntry, known: &Known, id: EntryId, memory: &Memory) -> bool {
    is_of_other_date(entry, known) && !memory.habits.window.contains(&id)
}

fn is_of_other_date(entry: &ParsedEntry, known: &Known) -> bool {
    entry.published.zip(known.published).is_some_and(|(now, first)| (now - first).abs() > DRIFT)
}

/// An id or link that several entries of this document have: the one with title and date is the one that had it first.
fn by_shared(entry: &ParsedEntry, keys: &Keys<'_>, memory: &Memory, _: Policy) -> Option<EntryId> {
    let known = keys.shared.iter().filter_map(|key| known(memory, Some(*key)));
    let is_it = |known: &Known| {
        keys.title.0 == known.prints.title
            && entry.published.zip(known.published).is_none_or(|(now, first)| now == first)
    };
    let is_near = |id: &EntryId| entry.published.is_some() || memory.habits.window.contains(id);
    known.filter(|(id, known)| is_near(id) && is_it(known)).map(|(id, _)| id).next()
}

fn by_title_and_date(entry: &ParsedEntry, keys: &Keys<'_>, memory: &Memory, _: Policy) -> Option<EntryId> {
    let names = memory.names.get(&keys.name.filter(|_| !keys.is_twin)?)?;
    let published = entry.published?;
    let is_of =
        |id: &&EntryId| memory.entries.get(id).is_some_and(|known| known.published == Some(published));
    let mut of_that_date = names.iter().filter(is_of);
    of_that_date.next().filter(|_| of_that_date.next().is_none()).copied()
}

/// Without an id to go by: the only one of the last document that has the same date, if the titles are alike.
fn by_date_and_likeness(
    entry: &ParsedEntry,
    keys: &Keys<'_>,
    memory: &Memory,
    policy: Policy,
) -> Option<EntryId> {
    let (title, published) = (entry.title.as_ref()?, entry.published?);
    if policy == Policy::Id && keys.own.is_some() {
        return None;
    }
    let known = memory.habits.window.iter().filter_map(|id| Some((*id, memory.entries.get(id)?)));
    let mut of_that_date = known.filter(|(_, known)| known.published == Some(published));
    let (id, known) = of_that_date.next().filter(|_| of_that_date.next().is_none())?;
    similar::is_similar(&title.text, &known.title).then_some(id)
}

fn known(memory: &Memory, key: Option<Key>) -> Option<(EntryId, &Known)> {
    let id = *memory.aliases.get(&key?)?;
    memory.entries.get(&id).map(|known| (id, known))
}

fn same_title_or_date(entry: &ParsedEntry, keys: &Keys<'_>, known: &Known) -> bool {
    keys.title.0 == known.prints.title || (entry.published.is_some() && entry.published == known.published)
}
