//! By which evidence a source's entries are known: chosen once, given up when it proves worthless, and our own ids made of it.

use super::key::{Key, Keys, hash63};
use super::matching::MASS;
use super::{Identified, Memory, Policy, Remark};
use crate::model::entry::EntryId;
use crate::model::source::Source;

/// Ids that change once have moved; when they change again, they change by themselves.
const RENAMINGS: u32 = 2;

/// What the first document proves: ids if most entries have one of their own, else links, else nothing but titles.
pub(super) fn first_policy(keys: &[Keys<'_>]) -> (Policy, String) {
    let all = keys.len();
    let ids = keys.iter().filter(|keys| keys.own.is_some()).count();
    let links = keys.iter().filter(|keys| keys.link.is_some()).count();
    if keys.is_empty() {
        (Policy::Id, "nothing to choose by yet".to_owned())
    } else if ids * 2 > all {
        (Policy::Id, format!("{ids} of {all} entries had an id of their own at the first reading"))
    } else if links * 2 > all {
        (
            Policy::Link,
            format!(
                "only {ids} of {all} entries had an id of their own at the first reading, {links} a link"
            ),
        )
    } else {
        (
            Policy::Title,
            format!(
                "only {ids} of {all} entries had an id of their own at the first reading, only {links} a link"
            ),
        )
    }
}

/// Most known entries came back under ids never seen before. Once is a move; again, and such ids are worth nothing.
pub(super) fn count_renaming(
    keys: &[Keys<'_>],
    memory: &Memory,
    matched: &[Option<EntryId>],
    identified: &mut Identified,
) {
    if identified.policy != Policy::Id {
        return;
    }
    let known = matched.iter().flatten().count();
    let is_renamed = |keys: &Keys<'_>| keys.own.is_some_and(|own| !memory.aliases.contains_key(&own));
    let renamed =
        keys.iter().zip(matched).filter(|(keys, found)| found.is_some() && is_renamed(keys)).count();
    if known < MASS || renamed * 2 <= known {
        return;
    }
    let habits = &mut identified.habits;
    habits.renamings = habits.renamings.saturating_add(1);
    if habits.renamings >= RENAMINGS {
        let links = keys.iter().filter(|keys| keys.link.is_some()).count();
        identified.policy = if links * 2 > keys.len() { Policy::Link } else { Policy::Title };
        habits.evidence =
            format!("the ids of most entries changed {} times while all else stayed", habits.renamings);
        identified.remarks.push(Remark::IdsGivenUp);
    }
}

/// Our own id, from the first evidence that the policy trusts and that is nobody else's.
pub(super) fn new_id(source: &Source, policy: Policy, keys: &Keys<'_>, memory: &Memory) -> EntryId {
    let is_free = |key: &Key| !memory.aliases.contains_key(key);
    let own = keys.own.filter(|_| policy == Policy::Id).filter(is_free);
    let link = keys.link.filter(|_| policy != Policy::Title).filter(is_free);
    let Key(first) = match own.or(link) {
        Some(key) => key,
        None => Some(keys.whole()).filter(is_free).unwrap_or_else(|| keys.dated()),
    };
    EntryId(hash63([source.id.as_str(), "entry", &first.to_string()]))
}

/// Every name that the policy trusts and that is not yet known leads to this entry from now on. An entry that none of
/// them leads to (another one has them, or it was found by its title) is known by all of it together.
pub(super) fn learn(
    aliases: &mut Vec<(Key, EntryId)>,
    policy: Policy,
    keys: &Keys<'_>,
    id: EntryId,
    memory: &Memory,
) {
    let own = keys.own.filter(|_| policy == Policy::Id);
    let link = keys.link.filter(|_| policy != Policy::Title && own != keys.link);
    let mut is_known = false;
    for key in own.into_iter().chain(link) {
        let other = memory.aliases.get(&key);
        is_known |= other.is_none_or(|other| *other == id);
        if other.is_none() {
            aliases.push((key, id));
        }
    }
    if !is_known && memory.aliases.get(&keys.whole()) != Some(&id) {
        aliases.push((keys.whole(), id));
    }
}
