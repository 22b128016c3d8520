//! What a source must give, held against what it gave: less is a failure that says what has changed.

mod language;
pub mod shape;
mod told;

use chrono::{DateTime, TimeDelta, Utc};

use crate::model::cause::Cause;
use crate::model::entry::DateOrigin;
use crate::model::source::{Contract, Field, Source, SourceKind};
use crate::parse::document::ParsedEntry;
use crate::parse::listing::Listing;
use shape::Shape;

/// A source that had fewer dated entries is not said to have lost them.
const MANY: usize = 5;

/// A reading with a warning is not what the next ones are held against, so that it is told more than once; but after so
/// long it is how things are.
const ACCEPTED: TimeDelta = TimeDelta::days(30);

/// What came of a source: all its pages, and how many entries its own settings took out.
#[derive(Debug, Clone, Copy)]
pub struct Given<'a> {
    pub listing: &'a Listing,
    /// So many of its entries, the first ones, stand on its first page. Only these are judged: further pages are asked when
    /// there is much news, and not at every reading.
    pub on_first: usize,
    /// Entries that `keep_link` and `drop_link` did not let through.
    pub dropped: usize,
}

/// What is to be said of a reading.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Judged {
    /// Each thing that was looked at.
    pub points: Vec<Point>,
    /// The reading is not to be believed.
    pub broken: Option<Broken>,
    /// It is believed, but somebody should look.
    pub warnings: Vec<String>,
    /// What the next reading is held against.
    pub shape: Shape,
}

/// One thing that a contract asks for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Point {
    /// "at least 3 entries"
    pub asked: String,
    /// "24 entries"
    pub found: String,
    pub is_held: bool,
    /// What to say if it is not held: "found 2 entries, at least 3 entries expected".
    pub complaint: String,
}

/// Why a reading is not believed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Broken {
    pub kind: Cause,
    pub message: String,
}

/// Holds a reading against the source's contract, and against its last good reading.
pub fn judge(source: &Source, given: Given<'_>, last: Option<&Shape>, now: DateTime<Utc>) -> Judged {
    let entries = given.listing.document.entries.get(..given.on_first);
    let entries = entries.unwrap_or(&given.listing.document.entries);
    let own = Shape::of(source, entries, now);
    let points = points(source, entries, &own, last);
    // What other selectors found is no measure for these.
    let alike = last.filter(|last| !last.is_of_other_rules(source));
    let mut warnings = warnings(source, &own, alike);
    let undated = lost_dates(&own, alike);
    let broken = points.iter().filter(|point| !point.is_held);
    let mut reasons: Vec<String> = broken.map(|point| point.complaint.clone()).collect();
    // Who says how many must have a date has said what is enough.
    let breaks = source.contract.as_ref().is_some_and(|contract| contract.dated.is_none());
    if breaks && reasons.is_empty() {
        reasons.extend(undated);
    } else {
        warnings.extend(undated);
    }
    let broken = (!reasons.is_empty()).then(|| Broken {
        kind: if own.entries == 0 { Cause::Empty } else { Cause::Suspicious },
        message: told::message(source, &reasons, given),
    });
    let shape = match alike {
        Some(last) if !warnings.is_empty() && now - last.on < ACCEPTED => {
            Shape { links: own.links, ..last.clone() }
        }
        Some(_) | None => own,
    };
    Judged { points, broken, warnings, shape }
}

/// What to say of a source that has not said anything new for longer than it ever does.
pub fn quiet(source: &Source, newest: Option<DateTime<Utc>>, now: DateTime<Utc>) -> Option<String> {
    let longest = source.contract.as_ref()?.silence?;
    let newest = newest?;
    (now - newest > longest).then(|| {
        format!(
            "it has fallen silent: its newest entry is of {}, {} days ago, and it is never silent for more than {}: has it \
             moved?",
            newest.format("%F"),
            (now - newest).num_days(),
            in_words(longest)
        )
    })
}

/// In days, where these divide it: "30 days".
fn in_words(time: TimeDelta) -> String {
    let (number, unit) = match (time.num_hours(), time.num_days()) {
        (hours, days) if hours == days * 24 => (days, "day"),
        (hours, _) => (hours, "hour"),
    };
    format!("{number} {unit}{}", if number == 1 { "" } else { "s" })
}

fn points(source: &Source, entries: &[ParsedEntry], own: &Shape, last: Option<&Shape>) -> Vec<Point> {
    // A feed may be empty: then nothing is asked.
    let minimum = Some(source.min_entries()).filter(|minimum| *minimum > 0);
    let mut points: Vec<Point> =
        minimum.map(|minimum| enough(source, minimum, own, last)).into_iter().collect();
    let Some(contract) = &source.contract else { return points };
    if own.entries == 0 {
        return points;
    }
    points.extend(contract.required.iter().map(|field| required(*field, entries)));
    points.extend(contract.dated.map(|percent| dated(percent, own)));
    points.extend(language_point(contract, entries));
    points
}

fn enough(source: &Source, minimum: usize, own: &Shape, last: Option<&Shape>) -> Point {
    let asked = format!("at least {}", entries_of(minimum));
    let here = if has_pages(source) { " on the first page" } else { "" };
    let here = format!("{}{here}", entries_of(own.entries));
    let found = match last {
        Some(last) => format!("{here}, {} on {}", last.entries, last.on.format("%F")),
        None => here,
    };
    // Nothing at all is too few whatever is expected.
    let complaint = match last {
        Some(_) if own.entries == 0 => format!("found {found}"),
        Some(_) | None => format!("found {found}, {asked} expected"),
    };
    Point { asked, found, is_held: own.entries >= minimum, complaint }
}

fn has_pages(source: &Source) -> bool {
    match &source.kind {
        SourceKind::Page(selectors) => selectors.paging.is_some(),
        SourceKind::Json(paths) => paths.paging.is_some(),
        SourceKind::Feed | SourceKind::Sitemap(_) => false,
    }
}

fn required(field: Field, entries: &[ParsedEntry]) -> Point {
    let without = entries.iter().filter(|entry| !has(entry, field)).count();
    let name = field.as_str();
    let found = format!("{without} of {} have no {name}", entries_of(entries.len()));
    Point {
        asked: format!("each has a {name}"),
        complaint: format!("{found}, and each must have one"),
        found,
        is_held: without == 0,
    }
}

fn has(entry: &ParsedEntry, field: Field) -> bool {
    match field {
        Field::Link => entry.link().is_some(),
        Field::Date => is_dated(entry),
        Field::Summary => entry.summary.is_some() || entry.content.is_some(),
        Field::Language => entry.language.is_some(),
        Field::Id => entry.id.is_some(),
    }
}

/// By what the source says; a date that only stands in the address may be another's.
fn is_dated(entry: &ParsedEntry) -> bool {
    entry.updated.is_some() || (entry.published.is_some() && entry.date_origin != Some(DateOrigin::Address))
}

fn dated(percent: u8, own: &Shape) -> Point {
    let found = format!("{} of {} have a date", own.dated, entries_of(own.entries));
    Point {
        asked: format!("{percent} of 100 have a date"),
        complaint: format!("{found}, and {percent} of 100 must have one"),
        found,
        is_held: own.dated * 100 >= own.entries * usize::from(percent),
    }
}

fn language_point(contract: &Contract, entries: &[ParsedEntry]) -> Option<Point> {
    let expected = contract.language.as_ref()?.primary();
    let other = language::other(entries, expected);
    let found = other.map_or_else(
        || format!("nothing that speaks against `{expected}`"),
        |other| format!("most texts look like `{other}`"),
    );
    Some(Point {
        asked: format!("texts in `{expected}`"),
        complaint: format!("{found}, and `{expected}` is expected"),
        found,
        is_held: other.is_none(),
    })
}

/// Half of what had a date has none: its place on the page has changed, or its form.
fn lost_dates(own: &Shape, last: Option<&Shape>) -> Option<String> {
    let last = last?;
    let had_them = last.dated >= MANY && last.dated * 5 >= last.entries * 4;
    let has_none = own.entries > 0 && own.dated * 2 <= own.entries;
    (had_them && has_none).then(|| {
        format!(
            "{} of {} have a date, {} of {} on {}",
            own.dated,
            entries_of(own.entries),
            last.dated,
            last.entries,
            last.on.format("%F")
        )
    })
}

/// A listing that suddenly has a quarter of its entries, or three times as many.
fn warnings(source: &Source, own: &Shape, last: Option<&Shape>) -> Vec<String> {
    let Some(last) = last.filter(|_| source.kind != SourceKind::Feed) else { return Vec::new() };
    let counts = format!("found {}, {} on {}", entries_of(own.entries), last.entries, last.on.format("%F"));
    if last.entries >= MANY && own.entries * 4 <= last.entries {
        vec![format!("{counts}: was the page rebuilt?")]
    } else if last.entries >= MANY && own.entries > last.entries * 3 {
        vec![format!("{counts}: is more taken for an entry than the list?")]
    } else {
        Vec::new()
    }
}

fn entries_of(number: usize) -> String {
    if number == 1 { "1 entry".to_owned() } else { format!("{number} entries") }
}

#[cfg(test)]
mod tests;
