//! What a source must give, held against what it gave: less is a failure that says what has changed.

mod language;
pub mod shape;

use chrono::{DateTime, TimeDelta, Utc};

use crate::model::entry::DateOrigin;
use crate::model::source::{Contract, Field, Source, SourceKind};
use crate::parse::document::{FlawCode, ParsedEntry};
use crate::parse::listing::{Listing, Step};
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
    /// "24"
    pub found: String,
    pub is_held: bool,
}

/// Why a reading is not believed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Broken {
    /// The kind of failure, in one word.
    pub kind: &'static str,
    pub message: String,
}

/// Holds a reading against the source's contract, and against its last good reading.
pub fn judge(source: &Source, given: Given<'_>, last: Option<&Shape>, now: DateTime<Utc>) -> Judged {
    let own = Shape::of(given.listing, now);
    let points = points(source, given, &own, last);
    let mut warnings = warnings(source, &own, last);
    let lost = lost_dates(&own, last);
    let mut reasons: Vec<String> =
        points.iter().filter(|point| !point.is_held).map(|point| reason(point, &own, last)).collect();
    if source.contract.is_some() && reasons.is_empty() {
        reasons.extend(lost);
    } else {
        warnings.extend(lost);
    }
    let broken = (!reasons.is_empty()).then(|| Broken {
        kind: if own.entries == 0 { "empty" } else { "suspicious" },
        message: message(source, &reasons, given),
    });
    let shape = match last {
        Some(last) if !warnings.is_empty() && now - last.on < ACCEPTED => last.clone(),
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
            longest.num_days()
        )
    })
}

fn points(source: &Source, given: Given<'_>, own: &Shape, last: Option<&Shape>) -> Vec<Point> {
    let entries = &given.listing.document.entries;
    let least = source.min_entries();
    let mut points = vec![Point {
        asked: format!("at least {}", entries_of(least)),
        found: match last {
            Some(last) => {
                format!("{}, {} on {}", entries_of(own.entries), last.entries, last.on.format("%F"))
            }
            None => entries_of(own.entries),
        },
        is_held: own.entries >= least,
    }];
    let Some(contract) = &source.contract else { return points };
    if own.entries == 0 {
        return points;
    }
    points.extend(contract.required.iter().map(|field| required(*field, entries)));
    points.extend(contract.dated.map(|percent| dated(percent, own)));
    points.extend(language_point(contract, entries));
    points
}

fn required(field: Field, entries: &[ParsedEntry]) -> Point {
    let without = entries.iter().filter(|entry| !has(entry, field)).count();
    let name = field.as_str();
    Point {
        asked: format!("each has a {name}"),
        found: format!("{without} of {} have no {name}", entries_of(entries.len())),
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
    Point {
        asked: format!("{percent} of 100 have a date"),
        found: format!("{} of {} have a date", own.dated, entries_of(own.entries)),
        is_held: own.dated * 100 >= own.entries * usize::from(percent),
    }
}

fn language_point(contract: &Contract, entries: &[ParsedEntry]) -> Option<Point> {
    let expected = contract.language.as_ref()?.primary();
    let other = language::other(entries, expected);
    Some(Point {
        asked: format!("texts in `{expected}`"),
        found: other.map_or_else(
            || format!("nothing that speaks against `{expected}`"),
            |other| format!("most texts look like `{other}`"),
        ),
        is_held: other.is_none(),
    })
}

/// Half of what had a date has none: its place on the page has changed, or its form.
fn lost_dates(own: &Shape, last: Option<&Shape>) -> Option<String> {
    let last = last?;
    let had_them = last.dated >= MANY && last.dated * 5 >= last.entries * 4;
    let lost = had_them && own.entries > 0 && own.dated * 2 <= own.entries;
    lost.then(|| {
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

fn reason(point: &Point, own: &Shape, last: Option<&Shape>) -> String {
    let is_count = point.asked.starts_with("at least");
    match last {
        _ if !is_count => format!("{}, but {}", point.found, asked(&point.asked)),
        Some(_) if own.entries == 0 => format!("found {}", point.found),
        Some(_) | None => format!("found {}, {} expected", point.found, point.asked),
    }
}

/// "each has a summary" → "each must have a summary"
fn asked(what: &str) -> String {
    if what.starts_with("each") || what.contains(" have ") {
        what.replace("has a", "must have a").replace("have a date", "must have a date")
    } else {
        format!("{what} are expected")
    }
}

/// What has changed, why, and where to look.
fn message(source: &Source, reasons: &[String], given: Given<'_>) -> String {
    let mut parts = reasons.to_vec();
    parts.extend(causes(source, given));
    format!(
        "{}. The page was rebuilt, or is not the page we know; what it said before stays. `tidewaiter source test {}` \
         shows each step",
        parts.join("; "),
        source.id
    )
}

fn causes(source: &Source, given: Given<'_>) -> Vec<String> {
    let rule = match &source.kind {
        SourceKind::Page(_) => "the selector",
        SourceKind::Json(_) | SourceKind::Sitemap(_) | SourceKind::Feed => "the path",
    };
    let fruitless = given.listing.steps.iter().filter(|step| step.found == 0 && step.name != "sitemap");
    // What is inside of items cannot be there when the items are not.
    let has_items = given.listing.steps.iter().any(|step| is_root(step) && step.found > 0);
    let fruitless = fruitless.filter(|step| has_items || is_root(step));
    let mut causes: Vec<String> = fruitless.map(|step| cause(rule, step)).collect();
    if given.dropped > 0 {
        causes.push(format!(
            "`keep_link` and `drop_link` took out {} of {}",
            given.dropped,
            given.dropped + given.listing.document.entries.len()
        ));
    }
    let flaws = given.listing.document.flaws.iter().filter(|flaw| flaw.code == FlawCode::Entry);
    causes.extend(flaws.map(|flaw| flaw.message.clone()));
    causes
}

fn is_root(step: &Step) -> bool {
    matches!(step.name, "item" | "items" | "script")
}

/// "the selector `h3 a.headline` matches nothing, `h3` matches 24"
fn cause(rule: &str, step: &Step) -> String {
    let near: String = step.near.iter().map(|(part, found)| format!(", `{part}` matches {found}")).collect();
    match (step.name, step.rule.as_str()) {
        ("script", name) => format!("no script in it sets `{name}`"),
        (name, "") => format!("`{name}` is no list{near}"),
        (name, text) => format!("{rule} `{text}` of `{name}` matches nothing{near}"),
    }
}

fn entries_of(number: usize) -> String {
    if number == 1 { "1 entry".to_owned() } else { format!("{number} entries") }
}

#[cfg(test)]
mod tests;
