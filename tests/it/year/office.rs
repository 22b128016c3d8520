//! Our own reader, whole: it asks servers on this machine, keeps what they say, and publishes.

use chrono::{DateTime, Utc};
use serde_json::Value;
use std::collections::HashSet;
use std::sync::{Arc, Mutex};
use tidewaiter::collect::{Ask, collect};
use tidewaiter::compose;
use tidewaiter::config::Config;
use tidewaiter::fetch::Client;
use tidewaiter::snapshot;
use tidewaiter::store::{Absent, Store};

use super::readers::{Shown, item_of};
use super::source::Day;
use crate::office;
use crate::origin::{Origin, answer};

/// Every entry of the year, and not only the newest.
const OUTPUT: &str = "[output]\nfeed_entries = 500\n";

/// More than a year's entries.
const ALL: usize = 10_000;

type Served = Arc<Mutex<Option<String>>>;

pub(super) struct Desk {
    config: Arc<Config>,
    client: Arc<Client>,
    store: Store,
    served: Vec<Served>,
    _origins: Vec<Origin>,
}

impl Desk {
    /// With so many sources, each at a server of its own.
    pub(super) async fn open(sources: usize) -> Self {
        let (mut text, mut served, mut origins) = (office::config(OUTPUT), Vec::new(), Vec::new());
        for n in 0..sources {
            let document = Served::default();
            let says = Arc::clone(&document);
            let origin = Origin::start(move |asked| match &*says.lock().unwrap() {
                Some(text) if asked.path == "/feed" => answer(200, &[], text),
                None => answer(500, &[], "sorry"),
                Some(_) => answer(404, &[], "nothing here"),
            })
            .await;
            text += &crate::office::source(&format!("s{n}"), &origin.url("/feed"));
            served.push(document);
            origins.push(origin);
        }
        let config = Arc::new(Config::parse(&text).unwrap());
        let client = Arc::new(Client::new(&config.fetch).unwrap());
        let store = Store::open("sqlite::memory:", Absent::Made).await.unwrap();
        Self { config, client, store, served, _origins: origins }
    }

    pub(super) fn serve(&self, source: usize, document: Option<String>) {
        *self.served[source].lock().unwrap() = document;
    }

    /// Asks every source.
    pub(super) async fn refresh(&self, day: &Day) {
        let ids: HashSet<_> = self.config.sources.iter().map(|source| source.id.clone()).collect();
        collect(&self.config, &self.client, &self.store, &Ask::Only(ids), day.now, |_, _, _| {})
            .await
            .unwrap();
    }

    /// How many different items the feed of everything shows.
    pub(super) async fn published(&self, now: DateTime<Utc>) -> usize {
        let snapshot = snapshot::take(&self.store, &self.config, Vec::new(), now).await.unwrap();
        let pages = compose::compose(&snapshot, &self.config, now);
        let page = pages.iter().find(|page| page.path == "feeds/all.json").unwrap();
        let feed: Value = serde_json::from_slice(&page.bytes).unwrap();
        let items = feed["items"].as_array().unwrap().iter();
        items.filter_map(|item| item_of(&item.to_string())).collect::<HashSet<_>>().len()
    }

    /// What is kept of a source, and may be published by now: what waits for its date is not.
    pub(super) async fn stored(&self, source: usize, now: DateTime<Utc>) -> Vec<Shown> {
        let id = &self.config.sources[source].id;
        let entries = self.store.newest(ALL).await.unwrap().into_iter().filter(|entry| entry.source == *id);
        entries
            .filter(|entry| entry.listed <= now)
            .map(|entry| Shown {
                key: entry.id.to_string(),
                item: entry.summary.as_ref().and_then(|text| item_of(&text.text)),
                look: format!("{} {}", entry.listed, entry.changed),
            })
            .collect()
    }
}
