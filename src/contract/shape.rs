//! The shape of a reading, in a few numbers: what the next reading is held against.

use std::collections::HashSet;

use chrono::{DateTime, SubsecRound as _, Utc};
use serde_json::{Value, json};
use xxhash_rust::xxh3::xxh3_64;

use crate::model::source::{DateReading, Next, Paging, Part, Paths, Selectors, Sitemap, Source, SourceKind};
use crate::parse::document::ParsedEntry;

/// So many of its first links are kept to know it by.
const KEPT_LINKS: usize = 10;

/// The shape of a reading: of its first page, where there are several.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shape {
    pub on: DateTime<Utc>,
    pub entries: usize,
    pub dated: usize,
    /// A print of the selectors or paths that it was read with.
    pub rules: Option<u64>,
    /// Prints of its first links.
    pub links: Vec<u64>,
}

impl Shape {
    pub(super) fn of(source: &Source, entries: &[ParsedEntry], now: DateTime<Utc>) -> Self {
        Self {
            on: now.trunc_subsecs(0),
            entries: entries.len(),
            dated: entries.iter().filter(|entry| super::is_dated(entry)).count(),
            rules: rules(source),
            links: entries.iter().filter_map(link_print).take(KEPT_LINKS).collect(),
        }
    }

    /// As it is stored.
    pub fn to_text(&self) -> String {
        let Self { on, entries, dated, rules, links } = self;
        json!({ "on": on.timestamp(), "entries": entries, "dated": dated, "rules": rules, "links": links })
            .to_string()
    }

    /// `None`: it is not what [`Shape::to_text`] wrote. Then nothing is known of the last reading.
    pub fn parse(text: &str) -> Option<Self> {
        let value: Value = serde_json::from_str(text).ok()?;
        let count = |name: &str| usize::try_from(value.get(name)?.as_u64()?).ok();
        Some(Self {
            on: DateTime::from_timestamp(value.get("on")?.as_i64()?, 0)?,
            entries: count("entries")?,
            dated: count("dated")?,
            rules: value.get("rules").and_then(Value::as_u64),
            links: value
                .get("links")
                .and_then(Value::as_array)
                .into_iter()
                .flatten()
                .filter_map(Value::as_u64)
                .collect(),
        })
    }

    /// Was it read with other selectors or paths than the source has now? Then the bytes that we have are worth reading
    /// once more.
    pub fn is_of_other_rules(&self, source: &Source) -> bool {
        self.rules != rules(source)
    }

    /// Does a listing go back to this reading? Half of its first links say so: one alone may be pinned to the top for ever,
    /// and some may have been taken down since.
    pub fn is_reached_by(&self, entries: &[ParsedEntry]) -> bool {
        let read: HashSet<u64> = entries.iter().filter_map(link_print).collect();
        let seen = self.links.iter().filter(|link| read.contains(link)).count();
        seen > 0 && seen * 2 >= self.links.len()
    }
}

/// `None` for a feed: how it is read does not depend on settings.
fn rules(source: &Source) -> Option<u64> {
    let mut rules = match &source.kind {
        SourceKind::Feed => return None,
        SourceKind::Page(selectors) => of_page(selectors),
        SourceKind::Json(paths) => of_json(paths),
        SourceKind::Sitemap(settings) => of_sitemap(settings),
    };
    rules.extend(given("keep_link", source.keep_link.as_ref()));
    rules.extend(given("drop_link", source.drop_link.as_ref()));
    let lines: Vec<String> = rules.iter().map(|(key, value)| format!("{key} = {value}\n")).collect();
    Some(xxh3_64(lines.concat().as_bytes()))
}

/// A key of feeds.toml and its value. How we call things among ourselves is none of it: what is stored outlives that.
type Rule = (&'static str, String);

/// Each by its name, so that none that is added is forgotten.
fn of_page(selectors: &Selectors) -> Vec<Rule> {
    // Whether it is enough is no matter of how it is read.
    let Selectors { item, title, link, date, date_reading, summary, paging, min_entries: _ } = selectors;
    let mut rules = vec![("item", item.clone())];
    rules.extend(given("title", title.as_ref()));
    rules.extend(given("link", link.as_ref()));
    let part = |key: &'static str, part: &Part| (key, part.css().unwrap_or_default().to_owned());
    rules.extend(date.as_ref().map(|date| part(date.date_key(), date)));
    rules.extend(summary.as_ref().map(|summary| part(summary.summary_key(), summary)));
    rules.extend(of_dates(date_reading));
    rules.extend(paging.iter().flat_map(of_paging));
    rules
}

fn of_json(paths: &Paths) -> Vec<Rule> {
    let Paths { script, items, title, link, date, date_reading, summary, id, language, paging } = paths;
    let mut rules = vec![("items", items.clone()), ("title", title.clone()), ("link", link.clone())];
    let optional =
        [("script", script), ("date", date), ("summary", summary), ("id", id), ("language", language)];
    rules.extend(optional.into_iter().filter_map(|(key, path)| given(key, path.as_ref())));
    rules.extend(of_dates(date_reading));
    rules.extend(paging.iter().flat_map(of_paging));
    rules
}

fn of_sitemap(settings: &Sitemap) -> Vec<Rule> {
    let Sitemap { titles_from_addresses, date_zone, most_pages } = settings;
    let mut rules = vec![
        ("titles_from_addresses", titles_from_addresses.to_string()),
        ("most_pages", most_pages.to_string()),
    ];
    rules.extend(given("date_zone", date_zone.as_ref()));
    rules
}

fn of_dates(reading: &DateReading) -> Vec<Rule> {
    let DateReading { attribute, pattern, format, language, zone } = reading;
    let rules = [
        given("date_attribute", attribute.as_ref()),
        given("date_pattern", pattern.as_ref()),
        given("date_format", format.as_ref()),
        given("date_language", language.as_ref()),
        given("date_zone", zone.as_ref()),
    ];
    rules.into_iter().flatten().collect()
}

fn of_paging(paging: &Paging) -> [Rule; 2] {
    let next = match &paging.next {
        Next::Told(place) => ("next", place.clone()),
        Next::Pattern(pattern) => ("pages", pattern.clone()),
    };
    [next, ("most_pages", paging.most.to_string())]
}

fn given(key: &'static str, value: Option<&impl ToString>) -> Option<Rule> {
    value.map(|value| (key, value.to_string()))
}

fn link_print(entry: &ParsedEntry) -> Option<u64> {
    entry.link().map(|link| xxh3_64(link.as_bytes()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read() {
        let on = DateTime::from_timestamp(1_793_700_000, 0).expect("a time");
        let shape = Shape { on, entries: 24, dated: 12, rules: Some(u64::MAX), links: vec![7, u64::MAX] };
        assert_eq!(Shape::parse(&shape.to_text()), Some(shape));
        assert_eq!(Shape::parse("{}"), None);
        assert_eq!(Shape::parse("["), None);
    }
}
