//! What speaks for an entry being a stored one, from the strongest evidence to the weakest.

use std::collections::{HashMap, HashSet};

use super::habits::Said;
use super::key::{Key, Keys, canonical};
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
    let evidence = Evidence::of(keys, memory, policy);
    for find in [
        Evidence::by_everything,
        Evidence::by_title_and_date,
        Evidence::by_last_id,
        Evidence::by_own_id,
        Evidence::by_link,
        Evidence::by_shared,
        Evidence::by_date_and_likeness,
        Evidence::by_all_but_date,
    ] {
        for ((entry, keys), found) in
            entries.iter().zip(keys).zip(&mut found).filter(|(_, found)| found.is_none())
        {
            *found = find(&evidence, entry, keys).filter(|id| taken.insert(*id));
        }
    }
    evidence.by_bare_id(keys, &mut found, &mut taken, remarks);
    found
}

struct Evidence<'a> {
    memory: &'a Memory,
    policy: Policy,
    /// Who had these ids in the last document; nobody, unless most entries of this one have kept theirs.
    last_ids: HashMap<Key, EntryId>,
}

impl<'a> Evidence<'a> {
    fn of(keys: &[Keys<'_>], memory: &'a Memory, policy: Policy) -> Self {
        let said = memory.habits.said.iter();
        let mut last_ids = said.filter_map(|(id, said)| Some((said.own?, *id))).collect();
        if !is_steady(keys, memory, &last_ids) {
            last_ids.clear();
        }
        Self { memory, policy, last_ids }
    }

    fn by_everything(&self, entry: &ParsedEntry, keys: &Keys<'_>) -> Option<EntryId> {
        let (id, known) = self.whole(keys)?;
        (!self.is_of_other_date(entry, id, known)).then_some(id)
    }

    fn by_title_and_date(&self, entry: &ParsedEntry, keys: &Keys<'_>) -> Option<EntryId> {
        let names = self.memory.names.get(&keys.name.filter(|_| !keys.is_twin)?)?;
        let is_of = |id: &&EntryId| {
            self.memory.entries.get(id).is_some_and(|known| self.is_of_same_date(entry, **id, known))
        };
        let mut of_that_date = names.iter().filter(is_of);
        of_that_date.next().filter(|_| of_that_date.next().is_none()).copied()
    }

    /// The id that it had in the last document, whatever ids are worth otherwise, and something else that speaks for it.
    fn by_last_id(&self, entry: &ParsedEntry, keys: &Keys<'_>) -> Option<EntryId> {
        let id = *self.last_ids.get(&keys.own?)?;
        let known = self.memory.entries.get(&id)?;
        self.is_supported(entry, keys, id, known).then_some(id)
    }

    /// The id, and something else that speaks for it.
    fn by_own_id(&self, entry: &ParsedEntry, keys: &Keys<'_>) -> Option<EntryId> {
        let (id, known) = self.known(keys.own.filter(|_| self.policy == Policy::Id))?;
        self.is_supported(entry, keys, id, known).then_some(id)
    }

    fn by_link(&self, entry: &ParsedEntry, keys: &Keys<'_>) -> Option<EntryId> {
        let (id, known) = self.known(keys.link.filter(|_| self.policy != Policy::Title))?;
        // A series may reuse one link under new ids and titles: then the link alone is no proof.
        let is_proof = self.policy == Policy::Link
            || keys.own.is_none()
            || self.is_of_same_title_or_date(entry, keys, id, known);
        (is_proof && !self.is_later_part(entry, keys, id, known)).then_some(id)
    }

    /// An id or link that several entries of this document have: the one with title and date is the one that had it first.
    fn by_shared(&self, entry: &ParsedEntry, keys: &Keys<'_>) -> Option<EntryId> {
        let known = keys.shared.iter().filter_map(|key| self.known(Some(*key)));
        let is_it = |id: EntryId, known: &Known| {
            keys.title.0 == known.prints.title
                && (entry.published.is_none()
                    || known.published.is_none()
                    || self.is_of_same_date(entry, id, known))
        };
        let is_near = |id: EntryId| entry.published.is_some() || self.last(id).is_some();
        known.filter(|(id, known)| is_near(*id) && is_it(*id, known)).map(|(id, _)| id).next()
    }

    /// The only one of the last document that has the same date, if the titles are alike; where there is an id to go by,
    /// only under the same link.
    fn by_date_and_likeness(&self, entry: &ParsedEntry, keys: &Keys<'_>) -> Option<EntryId> {
        let title = entry.title.as_ref()?;
        let window = self.memory.habits.window.iter();
        let known = window.filter_map(|id| Some((*id, self.memory.entries.get(id)?)));
        let mut of_that_date = known.filter(|(id, known)| self.is_of_same_date(entry, *id, known));
        let (id, known) = of_that_date.next().filter(|_| of_that_date.next().is_none())?;
        let has_id = self.policy == Policy::Id && keys.own.is_some();
        let is_same_page = || entry.link().and_then(canonical) == known.link.as_deref().and_then(canonical);
        // Many things are said in a day, but seldom two in a minute.
        let is_moment = entry.published.is_some_and(|published| published.timestamp() % 3600 != 0);
        let is_alike = if is_moment { similar::is_similar } else { similar::is_addition };
        ((!has_id || is_same_page()) && is_alike(&title.text, &known.title)).then_some(id)
    }

    /// Dated anew; but a series may use its title, its link and even its ids again.
    fn by_all_but_date(&self, entry: &ParsedEntry, keys: &Keys<'_>) -> Option<EntryId> {
        let (id, known) = self.whole(keys)?;
        (!self.is_later_part(entry, keys, id, known)).then_some(id)
    }

    /// An id counts against a new title, a new link and a new date together, but not for most of a document: then somebody
    /// has begun to count anew.
    fn by_bare_id(
        &self,
        keys: &[Keys<'_>],
        found: &mut [Option<EntryId>],
        taken: &mut HashSet<EntryId>,
        remarks: &mut Vec<Remark>,
    ) {
        let bare =
            |keys: &Keys<'_>| self.known(keys.own.filter(|_| self.policy == Policy::Id)).map(|(id, _)| id);
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

    fn known(&self, key: Option<Key>) -> Option<(EntryId, &'a Known)> {
        let id = *self.memory.aliases.get(&key?)?;
        self.memory.entries.get(&id).map(|known| (id, known))
    }

    fn whole(&self, keys: &Keys<'_>) -> Option<(EntryId, &'a Known)> {
        if self.memory.aliases.is_empty() { None } else { self.known(Some(keys.whole())) }
    }

    /// What the last document said of it, if it was there.
    fn last(&self, id: EntryId) -> Option<&'a Said> {
        self.memory.habits.said.get(&id)
    }

    fn is_supported(&self, entry: &ParsedEntry, keys: &Keys<'_>, id: EntryId, known: &Known) -> bool {
        self.is_of_same_title_or_date(entry, keys, id, known)
            || keys.link.is_some_and(|link| self.memory.aliases.get(&link) == Some(&id))
            || entry.title.as_ref().is_some_and(|title| similar::is_similar(&title.text, &known.title))
    }

    fn is_of_same_title_or_date(
        &self,
        entry: &ParsedEntry,
        keys: &Keys<'_>,
        id: EntryId,
        known: &Known,
    ) -> bool {
        keys.title.0 == known.prints.title || self.is_of_same_date(entry, id, known)
    }

    /// The first date counts, but the last one is evidence too.
    fn is_of_same_date(&self, entry: &ParsedEntry, id: EntryId, known: &Known) -> bool {
        let last = self.last(id).and_then(|said| said.published);
        entry.published.is_some() && (entry.published == known.published || entry.published == last)
    }

    /// What left the feed with an earlier date is another part of a series; so is what is dated anew under another id, where
    /// the others keep theirs.
    fn is_later_part(&self, entry: &ParsedEntry, keys: &Keys<'_>, id: EntryId, known: &Known) -> bool {
        let is_renamed = |said: &Said| {
            !self.last_ids.is_empty() && keys.own.zip(said.own).is_some_and(|(now, before)| now != before)
        };
        self.is_of_other_date(entry, id, known) && self.last(id).is_none_or(is_renamed)
    }

    fn is_of_other_date(&self, entry: &ParsedEntry, id: EntryId, known: &Known) -> bool {
        let last = self.last(id).and_then(|said| said.published);
        let mut dates = [known.published, last].into_iter().flatten().peekable();
        entry
            .published
            .is_some_and(|now| dates.peek().is_some() && dates.all(|before| (now - before).abs() > DRIFT))
    }
}

/// Do more entries have the id that they had in the last document than another one, as far as links and titles tell?
fn is_steady(keys: &[Keys<'_>], memory: &Memory, last_ids: &HashMap<Key, EntryId>) -> bool {
    let (mut kept, mut changed) = (0_usize, 0_usize);
    for keys in keys {
        let Some(own) = keys.own else { continue };
        let linked = keys.link.filter(|link| *link != own).and_then(|link| memory.aliases.get(&link));
        let linked = linked.filter(|id| memory.habits.said.get(id).is_some_and(|said| said.own.is_some()));
        let titled =
            |id: &EntryId| memory.entries.get(id).is_some_and(|known| known.prints.title == keys.title.0);
        match (last_ids.get(&own), linked) {
            (Some(id), Some(linked)) if id == linked => kept += 1,
            (Some(id), _) if titled(id) => kept += 1,
            (None, None) => {}
            (Some(_), _) | (None, Some(_)) => changed += 1,
        }
    }
    kept > changed
}
