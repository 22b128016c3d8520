//! Noise: texts that change without saying anything new. It is kept up to date, but members are not told.

use std::collections::HashMap;

use super::change::NOISY_AFTER;
use super::reading::Texts;
use super::{Arrival, ArrivalKind, Identified, Known, Memory, Remark};
use crate::model::entry::{Entry, EntryId};

/// A number that changed alone may be a correction so often; after that it is a counter.
const COUNTED_AFTER: u32 = 3;

/// Once may be a new frame around the texts; twice is a habit.
const NOISY_FROM: u32 = 2;

/// A number beside such a word says how many came by, in the languages of our sources; each begins a word.
const COUNTED: [&str; 22] = [
    "comment",
    "view",
    "visit",
    "share",
    "like",
    "repl",
    "read",
    "download",
    "vue",
    "lecture",
    "partage",
    "kommentar",
    "aufruf",
    "visita",
    "vista",
    "comentario",
    "comentário",
    "lettur",
    "просмотр",
    "комментар",
    "浏览",
    "阅读",
];

/// The entries whose changed texts must be compared with those before, to be weighed.
pub fn doubtful(identified: &Identified, memory: &Memory) -> Vec<EntryId> {
    let changed = identified.arrivals.iter().filter(|arrival| arrival.kind == ArrivalKind::Changed);
    let same_title = changed.filter(|arrival| {
        memory.entries.get(&arrival.entry.id).is_some_and(|known| known.prints.title == arrival.prints.title)
    });
    same_title.map(|arrival| arrival.entry.id).collect()
}

/// Takes back what is no change worth telling; `before` are the [`doubtful`] entries as they are stored.
pub fn weigh(identified: &mut Identified, before: &[Entry], memory: &Memory) {
    if identified.is_mass(before.len()) {
        identified.habits.noise = identified.habits.noise.saturating_add(1);
        if identified.habits.noise >= NOISY_FROM {
            identified.remarks.push(Remark::Noisy);
        }
    }
    let before: HashMap<EntryId, &Entry> = before.iter().map(|entry| (entry.id, entry)).collect();
    for arrival in &mut identified.arrivals {
        let id = arrival.entry.id;
        if let (Some(before), Some(known)) = (before.get(&id), memory.entries.get(&id))
            && before.link == arrival.entry.link
            && is_noise(&Texts::of(before), &arrival.texts, known.version)
        {
            quieten(arrival, known);
        }
    }
    quieten_masses(identified, memory);
}

/// When most known entries changed at once, something around the texts did: nobody corrects so much in a day.
fn quieten_masses(identified: &mut Identified, memory: &Memory) {
    let known = |arrival: &Arrival| memory.entries.get(&arrival.entry.id);
    let is_retitled =
        |arrival: &Arrival| known(arrival).is_some_and(|known| known.prints.title != arrival.prints.title);
    let changed = || identified.arrivals.iter().filter(|arrival| arrival.kind == ArrivalKind::Changed);
    let titles = identified.is_mass(changed().filter(|arrival| is_retitled(arrival)).count());
    let texts = identified.is_mass(changed().filter(|arrival| !is_retitled(arrival)).count());
    for arrival in identified.arrivals.iter_mut().filter(|arrival| arrival.kind == ArrivalKind::Changed) {
        if let Some(known) = memory.entries.get(&arrival.entry.id)
            && (if known.prints.title == arrival.prints.title { texts } else { titles })
        {
            quieten(arrival, known);
        }
    }
}

fn quieten(arrival: &mut Arrival, known: &Known) {
    arrival.kind = ArrivalKind::Retouched;
    arrival.version = known.version;
    arrival.entry.changed = known.changed;
}

/// Did only numbers change that count readers or hours, or any numbers too often?
fn is_noise(before: &Texts, after: &Texts, version: u32) -> bool {
    if version >= NOISY_AFTER {
        return true;
    }
    let summary = numbers(&before.summary, &after.summary);
    let content = numbers(&before.content, &after.content);
    match summary.zip(content) {
        None => false,
        Some((a, b)) => version >= COUNTED_AFTER || (a == Numbers::Counters && b == Numbers::Counters),
    }
}

/// Which numbers differ between two texts that are the same otherwise.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Numbers {
    /// None, or such as count readers or hours.
    Counters,
    Others,
}

fn numbers(before: &str, after: &str) -> Option<Numbers> {
    let (before, after) = (steady(before), steady(after));
    if before == after {
        return Some(Numbers::Counters);
    }
    let is_number = |(old, new): (&&str, &&str)| {
        old == new
            || (new.contains(|c: char| c.is_ascii_digit()) && without_digits(old) == without_digits(new))
    };
    (before.len() == after.len() && before.iter().zip(&after).all(is_number)).then_some(Numbers::Others)
}

/// The words of a text but clocks, and numbers beside a word that says what they count.
fn steady(text: &str) -> Vec<&str> {
    let words: Vec<&str> = text.split_whitespace().collect();
    let word = |at: Option<usize>| at.and_then(|at| words.get(at)).copied().unwrap_or("");
    let is_number = |word: &str| word.contains(|c: char| c.is_ascii_digit());
    let counts = |at: usize| {
        let (before, here, after) = (word(at.checked_sub(1)), word(Some(at)), word(at.checked_add(1)));
        let is_pair = |a: &str, b: &str| is_number(a) && is_counted(b);
        is_pair(here, before) || is_pair(here, after) || is_pair(before, here) || is_pair(after, here)
    };
    let places = 0..words.len();
    places.filter(|at| !counts(*at) && !is_clock(word(Some(*at)))).map(|at| word(Some(at))).collect()
}

fn without_digits(word: &str) -> String {
    word.chars().filter(|c| !c.is_ascii_digit()).collect()
}

fn is_counted(word: &str) -> bool {
    let word = word.trim_start_matches(|c: char| !c.is_alphabetic()).to_lowercase();
    COUNTED.iter().any(|counted| word.starts_with(counted))
}

/// `9:05`, `(09:05:17)`
fn is_clock(word: &str) -> bool {
    let bytes = word.as_bytes();
    bytes.windows(3).any(|three| matches!(three, [a, b':', b] if a.is_ascii_digit() && b.is_ascii_digit()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(before: &str, after: &str, expected: Option<Numbers>) {
        assert_eq!(numbers(before, after), expected, "{before} → {after}");
    }

    #[test]
    fn counters_and_clocks_are_told_from_rates_and_words() {
        check("Text. 3 comments", "Text. 12 comments", Some(Numbers::Counters));
        check("It is (9:05) now", "It is (10:17) now", Some(Numbers::Counters));
        check("Text.", "Text. 1 comment", Some(Numbers::Counters));
        check("On page 7", "On page 8", Some(Numbers::Others));
        check("The duty is 12%.", "The duty is 15%.", Some(Numbers::Others));
        check("The duty rises", "The duty falls", None);
        check("The duty", "The duty is lower", None);
    }
}
