//! Versions of the rules: each is kept when it first judges, with what it changed and what that does to the past.

use chrono::{DateTime, TimeDelta, Utc};

use crate::config::{Config, blocks};
use crate::evaluation::backtest::{Backtest, Kind, Replayed};
use crate::past;
use crate::rules::difference::difference;
use crate::store::{Effect, RuleVersion, Store, StoreError};

/// The effect of a version is that on the entries of so many days.
const DAYS: i64 = 90;

/// Who makes a version, and why.
#[derive(Debug, Clone, Copy)]
pub struct Author<'a> {
    pub name: &'a str,
    pub note: &'a str,
}

/// Judges the entries that came since then under two configurations; staff's decisions hold under both.
pub async fn replay(
    store: &Store,
    before: &Config,
    after: &Config,
    since: DateTime<Utc>,
) -> Result<Replayed, StoreError> {
    let mut backtest = Backtest::new(before, after);
    past::each(store, since, |entry, decided| backtest.add(entry, decided)).await?;
    Ok(backtest.result())
}

/// The configuration with the rules of a version in place of its own; `None` if they don't fit into the file any more.
pub fn with_rules(file: &str, version: &RuleVersion) -> Option<Config> {
    Config::parse(&blocks::put(&version.rules, file).ok()?).ok()
}

/// Keeps the rules of a configuration as a version, unless the newest has the same blocks, to the letter. Returns its
/// number, if it is new. `file` is the text that the configuration was read from.
pub async fn keep(
    store: &Store,
    file: &str,
    config: &Config,
    author: Author<'_>,
    now: DateTime<Utc>,
) -> Result<Option<i64>, StoreError> {
    let newest = store.newest_rules().await?.map(|(_, version)| version);
    let rules = blocks::of(file).unwrap_or_default();
    if newest.as_ref().is_some_and(|newest| newest.rules == rules) {
        return Ok(None);
    }
    let before = newest.as_ref().and_then(|newest| with_rules(file, newest));
    let (edits, effect) = match &before {
        None => (Vec::new(), None),
        Some(before) => {
            let edits = difference(before.rules.lists(), config.rules.lists());
            let replayed = replay(store, before, config, now - TimeDelta::days(DAYS)).await?;
            (edits.iter().map(ToString::to_string).collect(), Some(effect(&replayed)))
        }
    };
    let version = RuleVersion {
        at: now,
        author: author.name.to_owned(),
        note: author.note.to_owned(),
        print: config.rules.fingerprint().to_owned(),
        rules,
        edits,
        effect,
    };
    store.keep_rules(&version).await.map(Some)
}

fn effect(replayed: &Replayed) -> Effect {
    let count = |kind| replayed.changes.iter().filter(|change| change.kind == kind).count();
    Effect {
        entries: replayed.entries,
        newly_in: count(Kind::NewlyIn),
        newly_out: count(Kind::NewlyOut),
        moved: count(Kind::Moved),
        newly_in_review: count(Kind::NewlyInReview),
        no_longer_in_review: count(Kind::NoLongerInReview),
    }
}
