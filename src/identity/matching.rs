//! A document's entries meet what the store knows: which are the same, which are new, and which must wait.

use chrono::{DateTime, TimeDelta, Utc};
use std::collections::{HashMap, HashSet};

use super::arrival::{TIME_ZONES, first_shelf, seen_again, seen_first};
use super::change::title_print;
use super::habits::{Said, Trust};
use super::key::{Keys, id_key};
use super::policy::{count_renaming, first_policy, learn, new_id};
use super::reading::entry_of;
use super::{
    ArrivalKind, Identified, Known, Memory, Remark, Shelf, Stranger, Withdrawal, Withdrawals, evidence,
    pairing, stranger, withdrawal,
};
use crate::model::entry::{Entry, EntryId};
use crate::model::source::Source;
use crate::parse::document::{Document, ParsedEntry};

/// Fewer entries prove nothing: from so many on, what happens to most entries of a document at once has happened to the
/// document.
pub(super) const MASS: usize = 3;

/// A clock that is wrong by hours is not worth a word.
pub(super) const DRIFT: TimeDelta = TimeDelta::days(1);

/// Recognises a document's entries. `keys` are those of its entries, in their order; `memory` was asked for them.
pub fn identify(
    source: &Source,
    document: &Document,
    keys: &[Keys<'_>],
    memory: &Memory,
    now: DateTime<Utc>,
) -> Identified {
    let entries = &document.entries;
    let mut identified = begin(keys, memory);
    let policy = identified.policy;
    let mut matched = evidence::match_all(entries, keys, memory, policy, &mut identified.remarks);
    let is_rewritten = stranger::is_rewritten(entries, keys, memory, &matched);
    count_renaming(keys, memory, &matched, &mut identified);
    let crowd = crowd(document, keys, memory, &mut matched, &mut identified.remarks);
    trust(&mut identified, memory, &matched, is_rewritten, crowd.stranger);
    let is_suspended = identified.habits.trust == Trust::Suspended;

    let mut present = HashSet::new();
    let mut window = Vec::with_capacity(entries.len());
    let mut said = HashMap::with_capacity(entries.len());
    let mut twins = HashSet::new();
    for ((parsed, keys), found) in entries.iter().zip(keys).zip(&matched) {
        if !keys.is_told_apart() && !twins.insert(keys.whole()) {
            continue;
        }
        let id = found.unwrap_or_else(|| new_id(source, policy, keys, memory));
        if !present.insert(id) {
            continue; // the same entry twice in one document
        }
        window.push(id);
        said.insert(id, Said { own: keys.own, published: parsed.published });
        let known = found.and_then(|id| memory.entries.get(&id));
        learn(&mut identified.aliases, identified.policy, keys, id, memory);
        if known.is_some() && is_suspended && is_rewritten {
            continue; // what a stranger makes of it is not what we subscribed to
        }
        let neighbour = identified.arrivals.last().and_then(|arrival| arrival.entry.link.as_ref());
        let entry = entry_of(source, &document.about, parsed, id, neighbour);
        let arrival = if let Some(known) = known {
            look_back(&entry, known, &mut identified);
            seen_again(entry, keys.title, known, now)
        } else {
            let is_held = is_suspended || (crowd.holds_old && is_old(parsed, memory));
            let shelf = if is_held { Shelf::Held } else { first_shelf(source, &entry, now) };
            identified.held += usize::from(is_held);
            Some(seen_first(entry, keys.title, shelf, memory.policy.is_none(), now))
        };
        identified.arrivals.extend(arrival);
    }
    finish(source, &mut identified, document, memory, &matched, &present, now);
    if !window.is_empty() && !is_suspended {
        identified.habits.window = window;
        identified.habits.said = said;
        identified.habits.title = title_print(&document.about);
    }
    identified
}

/// The policy is chosen when there is something to choose by, and kept.
fn begin(keys: &[Keys<'_>], memory: &Memory) -> Identified {
    let mut habits = memory.habits.clone();
    let had_entries = !habits.window.is_empty() || memory.newest.is_some();
    let policy = memory.policy.filter(|_| had_entries).unwrap_or_else(|| {
        let (policy, evidence) = first_policy(keys);
        habits.evidence = evidence;
        policy
    });
    Identified {
        policy,
        habits,
        arrivals: Vec::new(),
        aliases: Vec::new(),
        recognised: 0,
        held: 0,
        remarks: Vec::new(),
        withdrawals: Withdrawals::default(),
    }
}

/// What the document as a whole says about its entries that were known before.
fn finish(
    source: &Source,
    identified: &mut Identified,
    document: &Document,
    memory: &Memory,
    matched: &[Option<EntryId>],
    present: &HashSet<EntryId>,
    now: DateTime<Utc>,
) {
    identified.recognised = matched.iter().flatten().count();
    let known =
        || document.entries.iter().zip(matched).filter_map(|(e, id)| Some((e, memory.entries.get(&(*id)?)?)));
    let redated = known().filter(|(entry, known)| {
        entry.published.zip(known.published).is_some_and(|(now, first)| (now - first).abs() > DRIFT)
    });
    let redated = redated.count();
    if identified.is_mass(redated) {
        identified.remarks.push(Remark::Redated(redated));
    }
    let future = document.entries.iter().zip(matched).filter(|(entry, found)| {
        found.is_none() && entry.published.is_some_and(|published| published > now + TIME_ZONES)
    });
    let waiting = identified.arrivals.iter().filter(|arrival| arrival.kind == ArrivalKind::New);
    let waiting = waiting.filter(|arrival| arrival.entry.published.is_some_and(|at| at > now)).count();
    if waiting > 0 {
        identified.remarks.push(Remark::Embargoed(waiting));
    }
    let future = future.count().saturating_sub(waiting);
    if future > 0 {
        identified.remarks.push(Remark::Future(future));
    }
    let ids = document.deleted.iter().map(|id| id_key(&source.id, id)).collect();
    let deleted = withdrawal::deleted(memory, &ids, present);
    for id in &deleted {
        withdraw(identified, memory, *id, Withdrawal::Deleted);
    }
    for id in withdrawal::missing(memory, present).into_iter().filter(|id| !deleted.contains(id)) {
        withdraw(identified, memory, id, Withdrawal::Missing);
    }
}

/// A known entry that was taken back, or is back.
fn look_back(entry: &Entry, known: &Known, identified: &mut Identified) {
    if withdrawal::is_titled(&entry.title, known) {
        identified.withdrawals.gone.push((entry.id, Withdrawal::Titled));
        identified.remarks.push(Remark::Withdrawn(entry.title.clone(), Withdrawal::Titled));
    } else if withdrawal::is_back(&entry.title, known) {
        identified.withdrawals.back.push(entry.id);
        identified.habits.returns = identified.habits.returns.saturating_add(1);
    }
}

fn withdraw(identified: &mut Identified, memory: &Memory, id: EntryId, how: Withdrawal) {
    let title = memory.entries.get(&id).map(|known| known.title.clone()).unwrap_or_default();
    identified.withdrawals.gone.push((id, how));
    identified.remarks.push(Remark::Withdrawn(title, how));
}

/// What is to be thought of many new entries at once.
#[derive(Debug, Clone, Copy, Default)]
struct Crowd {
    /// What is older than what we knew waits for an editor.
    holds_old: bool,
    stranger: Option<Stranger>,
}

/// Looks at a document that is mostly new: a site that moved is paired with what we knew, an archive waits, a stranger
/// is told by signs.
fn crowd(
    document: &Document,
    keys: &[Keys<'_>],
    memory: &Memory,
    matched: &mut Vec<Option<EntryId>>,
    remarks: &mut Vec<Remark>,
) -> Crowd {
    let entries = &document.entries;
    let new = matched.iter().filter(|found| found.is_none()).count();
    if memory.policy.is_none() || new < MASS || new * 2 <= entries.len() {
        return Crowd::default();
    }
    let is_all_new = stranger::is_all_new(memory, matched);
    let old = entries
        .iter()
        .zip(&*matched)
        .filter(|(entry, found)| found.is_none() && is_old(entry, memory))
        .count();
    let is_archive = memory.newest.is_some() && old >= MASS && old * 2 > entries.len();
    let paired = pairing::pair(entries, keys, memory, matched);
    let pairs = paired.iter().flatten().count() - matched.iter().flatten().count();
    if pairs * 2 >= new || is_archive {
        *matched = paired;
    }
    if pairs * 2 >= new {
        remarks.push(Remark::Moved(pairs));
        return Crowd { holds_old: true, stranger: None };
    }
    let stranger = if is_all_new && pairs == 0 { stranger::signs(document, memory) } else { None };
    if is_archive && old > pairs {
        remarks.push(Remark::OldAndNew(new - pairs));
    } else if is_all_new && stranger.is_none() {
        remarks.push(Remark::AllNew);
    }
    Crowd { holds_old: is_archive, stranger }
}

fn is_old(entry: &ParsedEntry, memory: &Memory) -> bool {
    memory.newest.is_some_and(|newest| entry.published.is_none_or(|published| published < newest))
}

/// Trust is suspended by signs of a stranger, and comes back with an editor's word or with the entries that we knew.
fn trust(
    identified: &mut Identified,
    memory: &Memory,
    matched: &[Option<EntryId>],
    is_rewritten: bool,
    stranger: Option<Stranger>,
) {
    let open = matched.iter().flatten().filter_map(|id| memory.entries.get(id));
    let is_back =
        open.filter(|known| known.shelf != Shelf::Held).count() * 2 > matched.len() && !is_rewritten;
    let sign = stranger.or(is_rewritten.then_some(Stranger::Rewritten));
    let (trust, remark) = match (memory.habits.trust, sign) {
        (Trust::Given, _) | (Trust::Usual, None) => (Trust::Usual, None),
        (Trust::Usual, Some(sign)) => (Trust::Suspended, Some(sign)),
        (Trust::Suspended, _) if is_back => (Trust::Usual, None),
        (Trust::Suspended, sign) => (Trust::Suspended, Some(sign.unwrap_or(Stranger::Still))),
    };
    identified.habits.trust = trust;
    identified.remarks.extend(remark.map(Remark::Stranger));
}
