//! What a source takes back: an entry that is missing between others that are still there, or that it says is deleted, or
//! whose title says so.

use std::collections::HashSet;

use super::habits::{Habits, Trust};
use super::key::Key;
use super::{Known, Memory, Withdrawal};
use crate::model::entry::EntryId;

/// A document that ends earlier, or begins later, takes nothing back: so many older entries must still be there.
const STILL_THERE: usize = 2;

/// More entries missing at once are a shorter or another choice, not withdrawn ones.
const MOST_AT_ONCE: usize = 2;

/// A source whose entries came back so often takes nothing back when it leaves one out.
const MOST_RETURNS: u32 = 3;

/// How titles say it, in the languages of our sources; each begins a word.
const WORDS: [&str; 19] = [
    "withdrawn",
    "retracted",
    "cancelled",
    "canceled",
    "revoked",
    "annulé",
    "retiré",
    "rétracté",
    "anulado",
    "cancelado",
    "cancelada",
    "retirado",
    "retirada",
    "zurückgezogen",
    "abgesagt",
    "annullato",
    "отменен",
    "отозван",
    "撤回",
];

/// Entries of the last document that are missing from the middle of this one. `now` are the entries of this one.
pub(super) fn missing(memory: &Memory, now: &HashSet<EntryId>) -> Vec<EntryId> {
    let Habits { window, returns, trust, .. } = &memory.habits;
    if *returns >= MOST_RETURNS || *trust != Trust::Usual {
        return Vec::new();
    }
    let published = |id: &EntryId| memory.entries.get(id).and_then(|known| known.published);
    let mut gone = Vec::new();
    for (at, id) in window.iter().enumerate().filter(|(_, id)| !now.contains(id)) {
        let older = window.iter().skip(at + 1).filter(|other| now.contains(other));
        let older = older.filter(|other| published(other) <= published(id));
        if older.count() >= STILL_THERE {
            gone.push(*id);
        }
    }
    gone.retain(|id| memory.entries.get(id).is_some_and(|known| known.withdrawn.is_none()));
    if gone.len() > MOST_AT_ONCE { Vec::new() } else { gone }
}

/// Entries of the last document that this one says are deleted (RFC 6721), and does not show. A stranger deletes nothing.
pub(super) fn deleted(memory: &Memory, ids: &HashSet<Key>, now: &HashSet<EntryId>) -> Vec<EntryId> {
    let Habits { window, said, trust, .. } = &memory.habits;
    let is_named =
        |id: &EntryId| said.get(id).and_then(|said| said.own).is_some_and(|own| ids.contains(&own));
    let is_open = |id: &EntryId| memory.entries.get(id).is_some_and(|known| known.withdrawn.is_none());
    let gone =
        window.iter().filter(|id| *trust == Trust::Usual && !now.contains(id) && is_named(id) && is_open(id));
    gone.copied().collect()
}

/// Does the title say now that it is taken back, and did not before?
pub(super) fn is_titled(title: &str, known: &Known) -> bool {
    says(title) && !says(&known.title)
}

/// An entry that stands there again, or whose title says no more that it is taken back.
pub(super) fn is_back(title: &str, known: &Known) -> bool {
    match known.withdrawn {
        None => false,
        Some(Withdrawal::Missing | Withdrawal::Deleted) => true,
        Some(Withdrawal::Titled) => !says(title),
    }
}

/// Set off from the rest, or as its last word: "Notice 5 (withdrawn)", "Cancelled: notice 5", "Notice 5 withdrawn". In the
/// middle of a sentence such a word is news: "Duties on steel cancelled from January".
fn says(title: &str) -> bool {
    let lower = title.to_lowercase();
    let is_one =
        |text: &str| !text.contains(char::is_whitespace) && WORDS.iter().any(|word| text.starts_with(word));
    let set_off = lower
        .split(['(', ')', '[', ']', '（', '）', '【', '】', ':', '：', '–', '—', '|', '-'])
        .map(str::trim);
    let last = lower.split(|c: char| !c.is_alphanumeric()).rfind(|word| !word.is_empty());
    set_off.chain(last).any(is_one)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(title: &str, expected: bool) {
        assert_eq!(says(title), expected, "{title}");
    }

    #[test]
    fn a_mark_is_set_off_or_ends_the_title() {
        check("Notice 5 (withdrawn)", true);
        check("[CANCELLED] Notice 5", true);
        check("Annulée : réunion de mars", true);
        check("Notice 5 – retracted", true);
        check("Meeting of brokers cancelled", true);
        check("通知（撤回）", true);
    }

    #[test]
    fn in_a_sentence_it_is_news() {
        check("Duties on steel cancelled from January", false);
        check("Revoked licences are published every week", false);
        check("How to apply when a permit was withdrawn by customs", false);
    }
}
