//! The shape of a reading, in a few numbers: what the next reading is held against.

use chrono::{DateTime, SubsecRound as _, Utc};
use serde_json::{Value, json};
use xxhash_rust::xxh3::xxh3_64;

use crate::model::source::{Source, SourceKind};
use crate::parse::listing::Listing;

/// The shape of a reading.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shape {
    pub on: DateTime<Utc>,
    pub entries: usize,
    pub dated: usize,
    /// A print of the selectors or paths that it was read with.
    pub rules: Option<u64>,
}

impl Shape {
    pub(super) fn of(source: &Source, listing: &Listing, now: DateTime<Utc>) -> Self {
        let entries = &listing.document.entries;
        Self {
            on: now.trunc_subsecs(0),
            entries: entries.len(),
            dated: entries.iter().filter(|entry| super::is_dated(entry)).count(),
            rules: rules(source),
        }
    }

    /// As it is stored.
    pub fn to_text(&self) -> String {
        json!({ "on": self.on.timestamp(), "entries": self.entries, "dated": self.dated, "rules": self.rules })
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
        })
    }

    /// Was it read with other selectors or paths than the source has now? Then the bytes that we have are worth reading
    /// once more.
    pub fn is_of_other_rules(&self, source: &Source) -> bool {
        self.rules != rules(source)
    }
}

/// `None` for a feed: how it is read does not depend on settings.
fn rules(source: &Source) -> Option<u64> {
    if source.kind == SourceKind::Feed {
        return None;
    }
    let rules = format!("{:?} {:?} {:?}", source.kind, source.keep_link, source.drop_link);
    Some(xxh3_64(rules.as_bytes()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read() {
        let on = DateTime::from_timestamp(1_793_700_000, 0).expect("a time");
        let shape = Shape { on, entries: 24, dated: 12, rules: Some(u64::MAX) };
        assert_eq!(Shape::parse(&shape.to_text()), Some(shape));
        assert_eq!(Shape::parse("{}"), None);
        assert_eq!(Shape::parse("["), None);
    }
}
