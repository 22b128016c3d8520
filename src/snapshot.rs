//! What the store gives a publication: only what can still appear in it, whatever the store holds besides.

use chrono::{DateTime, Utc};
use std::collections::{BTreeSet, HashMap};

use crate::compose::Snapshot;
use crate::config::Config;
use crate::identity::key::{self, Key};
use crate::model::announcement::Announcement;
use crate::model::decision::Decision;
use crate::model::entry::{Entry, EntryId};
use crate::model::source::{Source, SourceId};
use crate::rules::words::Words;
use crate::store::{Judgement, Store, StoreError};

/// Stories take several entries each: so many more are read than a feed shows.
const SPARE: usize = 2;

/// Entries judged again in one transaction.
const TOGETHER: usize = 500;

/// The setting that holds the fingerprint of the rules that judged every entry.
const JUDGED_BY: &str = "judged_by";

/// Reads what the publication is made of at this time.
pub async fn take(
    store: &Store,
    config: &Config,
    announcements: Vec<Announcement>,
    now: DateTime<Utc>,
) -> Result<Snapshot, StoreError> {
    let mut entries = store.newest(config.output.feed_entries * SPARE + digest_entries(config)).await?;
    let mut known: BTreeSet<EntryId> = entries.iter().map(|entry| entry.id).collect();
    for topic in &config.topics {
        let newest = store.newest_of(&topic.id, config.output.topic_feed_entries * SPARE).await?;
        entries.extend(newest.into_iter().filter(|entry| known.insert(entry.id)));
    }
    // Compose takes each entry once, however often it is given.
    entries.extend(store.pinned().await?);
    let noted = store.entries_named(&noted_keys(config, &announcements, now)).await?;
    let ids: BTreeSet<EntryId> = entries.iter().chain(&noted).map(|entry| entry.id).collect();
    let ids: Vec<EntryId> = ids.into_iter().collect();
    let decisions = store.decisions_of(&ids).await?;
    let withdrawn = store.withdrawn(&ids).await?;
    Ok(Snapshot { entries, noted, decisions, withdrawn, announcements })
}

/// As many entries as the digest can show.
fn digest_entries(config: &Config) -> usize {
    config.sections.len() * config.output.section_stories + config.output.top_stories
}

/// Did the rules in force judge every entry?
pub async fn is_judged(store: &Store, config: &Config) -> Result<bool, StoreError> {
    Ok(store.setting(JUDGED_BY).await?.as_ref() == Some(&config.rule_set()))
}

/// Judges every entry that other rules judged; nothing is read when the rules are those of the last time.
pub async fn judge_again(store: &Store, config: &Config) -> Result<(), StoreError> {
    if is_judged(store, config).await? {
        return Ok(());
    }
    let rule_set = config.rule_set();
    let sources = sources(config);
    let mut last = None;
    loop {
        let judged = |entry: &Entry| judge(entry, sources.get(&entry.source).copied(), config);
        let mut entries = store.judged_by_others(&rule_set, last.as_ref(), TOGETHER).await?;
        let judged: Vec<_> = entries.iter().map(|entry| (entry, judged(entry))).collect();
        store.rejudge(&judged, &rule_set).await?;
        last = entries.pop();
        if last.is_none() {
            break;
        }
    }
    store.set(JUDGED_BY, &rule_set).await
}

/// Opens what waits of a source, for the rules to decide about. Returns how many entries that were.
pub async fn accept(store: &Store, config: &Config, source: &SourceId) -> Result<Option<usize>, StoreError> {
    let configured = config.sources.iter().find(|configured| configured.id == *source);
    store.accept(source, &config.rule_set(), |entry| judge(entry, configured, config)).await
}

/// Adds acts of staff, and lets their entries follow them; what the acts leave to the rules, the rules in force decide.
pub async fn decide(
    store: &Store,
    config: &Config,
    entries: &[&Entry],
    decisions: &[Decision],
) -> Result<(), StoreError> {
    let sources = sources(config);
    let judged: Vec<_> = entries
        .iter()
        .map(|entry| (*entry, judge(entry, sources.get(&entry.source).copied(), config)))
        .collect();
    store.decide(decisions, &judged, &config.rule_set()).await
}

fn sources(config: &Config) -> HashMap<&SourceId, &Source> {
    config.sources.iter().map(|source| (&source.id, source)).collect()
}

fn judge(entry: &Entry, source: Option<&Source>, config: &Config) -> Judgement {
    let verdict = Words::of(entry).judge(&config.rules, source);
    Judgement { outcome: verdict.outcome, topics: verdict.topics }
}

/// The names under which the entries that notes speak of may be known, in whichever source they stand.
fn noted_keys<'c>(
    config: &'c Config,
    announcements: &[Announcement],
    now: DateTime<Utc>,
) -> Vec<(&'c SourceId, Key)> {
    announcements
        .iter()
        .filter(|announcement| announcement.is_shown(now))
        .filter_map(Announcement::note_on)
        .flat_map(|on| {
            config.sources.iter().map(|source| (&source.id, key::link_key(&source.id, on.as_str())))
        })
        .collect()
}
