//! Readers that know an entry by its id alone, or by its link alone, as most do.

use std::collections::BTreeMap;

use feed_rs::model::Entry;

use super::source::Day;

/// A line of a reader's list.
#[derive(Debug, Clone)]
pub(super) struct Shown {
    /// What the reader knows it by.
    pub(super) key: String,
    /// What it tells; `None`: nothing that the institution said.
    pub(super) item: Option<usize>,
    /// Another look is a change that the reader's owner is told of.
    pub(super) look: String,
}

pub(super) struct Reader {
    key: fn(&Entry) -> String,
    list: BTreeMap<String, Shown>,
}

pub(super) fn known_by_id(entry: &Entry) -> String {
    entry.id.clone()
}

pub(super) fn known_by_link(entry: &Entry) -> String {
    entry.links.first().map(|link| link.href.clone()).unwrap_or_default()
}

impl Reader {
    pub(super) fn new(key: fn(&Entry) -> String) -> Self {
        Self { key, list: BTreeMap::new() }
    }

    /// The list after today's document.
    pub(super) fn read(&mut self, day: &Day) -> Vec<Shown> {
        let feed = day.document.as_ref().and_then(|text| feed_rs::parser::parse(text.as_bytes()).ok());
        for entry in feed.into_iter().flat_map(|feed| feed.entries) {
            let title = entry.title.as_ref().map(|title| title.content.clone()).unwrap_or_default();
            let text = entry.summary.as_ref().map(|text| text.content.clone()).unwrap_or_default();
            let look = format!("{title}|{text}|{:?}", entry.published);
            let key = (self.key)(&entry);
            // What comes under a known key is taken for what was shown under it.
            let item = self.list.get(&key).map_or_else(|| item_of(&text), |before| before.item);
            self.list.insert(key.clone(), Shown { key, item, look });
        }
        self.list.values().cloned().collect()
    }
}

/// The item that a text tells.
pub(super) fn item_of(text: &str) -> Option<usize> {
    let (_, rest) = text.split_once("Item-")?;
    rest.split(|c: char| !c.is_ascii_digit()).next()?.parse().ok()
}
