//! What becomes of an entry once it is known whether it is new: its dates, its place in lists, and whether it changed.

use chrono::{DateTime, TimeDelta, Utc};

use super::change::{self, NOISY_AFTER, Prints};
use super::key::Key;
use super::reading::Texts;
use super::{Arrival, ArrivalKind, Known, Shelf};
use crate::model::entry::{DateOrigin, Entry};
use crate::model::source::Source;

/// A day may begin so much earlier elsewhere.
pub(super) const TIME_ZONES: TimeDelta = TimeDelta::hours(14);

/// A feed's own date so far ahead is when the entry is to be released: it waits until then. One further ahead is a slip, or
/// the day of what it tells of, and hides no news.
const EMBARGO: TimeDelta = TimeDelta::days(7);

/// Where an archive without dates stands in lists: behind what is dated, and out of the digest.
const FAR_BACK: TimeDelta = TimeDelta::days(3650);

pub(super) fn first_shelf(source: &Source, entry: &Entry, now: DateTime<Utc>) -> Shelf {
    let too_old = source.max_age.zip(entry.published).is_some_and(|(age, published)| now - published > age);
    if too_old { Shelf::Backlog } else { Shelf::Open }
}

pub(super) fn seen_first(
    mut entry: Entry,
    title: Key,
    shelf: Shelf,
    is_first_reading: bool,
    now: DateTime<Utc>,
) -> Arrival {
    let is_archive = is_first_reading && entry.published.is_none();
    entry.published = believed(&entry, now);
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

/// The date as far as it counts. One in the future (a typing error, an event's date) is none: it would stand on top for
/// years. A few hours of it are a time zone.
fn believed(entry: &Entry, now: DateTime<Utc>) -> Option<DateTime<Utc>> {
    let published = entry.published?;
    match published - now {
        ahead if ahead <= TIME_ZONES => Some(published.min(now)),
        ahead if ahead <= EMBARGO && entry.date_origin == DateOrigin::Feed => Some(published),
        _ => None,
    }
}

/// The date stays as first seen, whatever the source does with it later; until it has come, the source may name another.
/// `None` if nothing differs.
pub(super) fn seen_again(mut entry: Entry, title: Key, known: &Known, now: DateTime<Utc>) -> Option<Arrival> {
    let waits = known.published.is_some_and(|published| published > now);
    let published = if waits { believed(&entry, now).or(known.published) } else { known.published };
    if change::bytes_print(&entry) == known.prints.bytes && published == known.published {
        return None;
    }
    let texts = Texts::of(&entry);
    let prints = Prints::of(&entry, title, &texts);
    entry.published = published;
    entry.first_seen = known.first_seen;
    entry.changed = if waits { published.unwrap_or(known.changed) } else { known.changed };
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
        // Nobody has seen yet what waits.
        if !waits && (arrival.version <= NOISY_AFTER || prints.title != known.prints.title) {
            arrival.entry.changed = now;
        }
    }
    Some(arrival)
}
