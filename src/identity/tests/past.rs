//! A source's readings one after the other, with a memory as the store keeps it.

use chrono::{DateTime, TimeDelta, Utc};
use std::collections::BTreeMap;

use super::source;
use crate::identity::key::{Key, keys};
use crate::identity::matching::identify;
use crate::identity::{Identified, Known, Memory, Policy, noise};
use crate::model::entry::{DateOrigin, Entry, EntryId};
use crate::model::text::Markup;
use crate::parse::document::{Document, Link, ParsedEntry};

pub(super) fn day(day: i64) -> DateTime<Utc> {
    DateTime::from_timestamp(1_514_764_800, 0).expect("2018") + TimeDelta::days(day)
}

/// An entry as `id | link | title | day | text`; what is empty is absent. A link may be a path.
fn entry(row: &str) -> ParsedEntry {
    let mut columns = row.split('|').map(|part| Some(part.trim()).filter(|part| !part.is_empty()));
    let mut next = || columns.next().flatten();
    let [id, link, title, date, text] = std::array::from_fn(|_| next());
    ParsedEntry {
        id: id.map(str::to_owned),
        links: link
            .map(|link| Link {
                href: if link.contains(':') { link.to_owned() } else { format!("https://s.example/{link}") },
                rel: "alternate".into(),
                ..Link::default()
            })
            .into_iter()
            .collect(),
        title: title.map(Markup::plain),
        published: date.map(|date| day(date.parse().expect("a day"))),
        date_origin: date.map(|_| DateOrigin::Feed),
        summary: text.map(Markup::plain),
        ..ParsedEntry::default()
    }
}

/// A store's memory of one source, as the real one keeps it.
#[derive(Default)]
pub(super) struct Past {
    pub(super) memory: Memory,
    pub(super) titles: BTreeMap<EntryId, String>,
    pub(super) stored: BTreeMap<EntryId, Entry>,
    pub(super) held: usize,
    pub(super) policy: Option<Policy>,
    /// What its next documents say is deleted.
    pub(super) deleted: Vec<String>,
}

impl Past {
    pub(super) fn read(&mut self, lines: &[&str], now: DateTime<Utc>) -> Identified {
        let document = Document {
            entries: lines.iter().map(|line| entry(line)).collect(),
            deleted: self.deleted.clone(),
            ..Document::default()
        };
        let source = source();
        let keys = keys(&source.id, &document.entries);
        // The store gives less: only what keys and the last document lead to.
        self.memory.names.clear();
        for (id, known) in &self.memory.entries {
            self.memory.names.entry(Key(known.prints.title)).or_default().push(*id);
        }
        let mut identified = identify(&source, &document, &keys, &self.memory, now);
        let before: Vec<Entry> = noise::doubtful(&identified, &self.memory)
            .iter()
            .filter_map(|id| self.stored.get(id).cloned())
            .collect();
        noise::weigh(&mut identified, &before, &self.memory);
        for arrival in &identified.arrivals {
            let entry = &arrival.entry;
            self.titles.insert(entry.id, entry.title.clone());
            self.stored.insert(entry.id, entry.clone());
            self.memory.entries.insert(
                entry.id,
                Known {
                    title: entry.title.clone(),
                    link: entry.link.as_ref().map(ToString::to_string),
                    withdrawn: None,
                    prints: arrival.prints,
                    published: entry.published,
                    first_seen: entry.first_seen,
                    changed: entry.changed,
                    version: arrival.version,
                    shelf: arrival.shelf,
                },
            );
        }
        for (key, id) in &identified.aliases {
            self.memory.aliases.entry(*key).or_insert(*id);
        }
        self.memory.newest =
            self.memory.entries.values().filter_map(|known| known.published).filter(|at| *at <= now).max();
        for (id, how) in &identified.withdrawals.gone {
            self.memory.entries.get_mut(id).expect("a known entry").withdrawn = Some(*how);
        }
        for id in &identified.withdrawals.back {
            self.memory.entries.get_mut(id).expect("a known entry").withdrawn = None;
        }
        self.memory.habits = identified.habits.clone();
        self.memory.policy = Some(identified.policy);
        self.policy = Some(identified.policy);
        self.held += identified.held;
        identified
    }
}
