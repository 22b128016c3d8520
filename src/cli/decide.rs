//! `tidewaiter decide`: an editor's word on entries.

mod line;
mod tell;

use anyhow::Context as _;
use chrono::{DateTime, Utc};
use clap::Args;
use std::collections::BTreeMap;

use super::lock::Lock;
use super::{Configuration, Ending, Memory, Now, find, load, say, who};
use crate::compose;
use crate::compose::explain::{Found, explain};
use crate::config::Config;
use crate::model::announcement::Announcement;
use crate::model::decision::{Act, Decided, Decision};
use crate::model::entry::{Entry, EntryId};
use crate::model::story::Story;
use crate::snapshot;
use crate::store::{Absent, Store};
use tell::Done;

/// Accept, reject, pin, retitle, introduce or file an entry, whatever the rules say
#[derive(Debug, Args)]
#[command(
    override_usage = "tidewaiter decide [OPTIONS] <ENTRY>... <ACT> [TEXT]",
    after_help = "\
Acts:
  accept [TOPICS]   publish it, whatever the rules say; under these topics
  reject            keep it out, whatever the rules say
  leave             neither: the rules decide again
  pin, unpin        keep it at the top of the digest, or no longer
  retitle [TITLE]   show this title; without one, the source's own again
  note [TEXT]       put the secretariat's words (Markdown) above it; or take
                    them away
  topics [TOPICS]   file it under these topics, the first decides the section;
                    without any, under those that the rules find

A decision holds until another one of its kind takes its place: also under new
rules, and when the source changes the entry or its ids. Every one is kept, with
who and when. Nothing is published by it: the next `tidewaiter refresh` or
`tidewaiter publish` shows it.

Exit codes:
  0  decided, or it was so already
  2  nothing was decided

Examples:
  tidewaiter decide 05f1c3a09b7d2e44 accept
  tidewaiter decide https://www.wto.org/english/news_e/x.htm reject --by Ann
  tidewaiter decide 'women and trade' topics inclusion,trade-facilitation
  tidewaiter decide 'women and trade' retitle 'Ministers on women and trade'
  tidewaiter decide 05f1c3a09b7d2e44 note 'Comments are due by **3 March**.'
  tidewaiter decide -- 05f1c3a09b7d2e44 note '- a list, so `--` stands before'"
)]
pub(super) struct Decide {
    /// Entries, by id, link or words of the title (several at once); what to do with them; and the text that it takes
    #[arg(value_name = "ENTRY... ACT [TEXT]", required = true, num_args = 1..)]
    words: Vec<String>,
    /// Who decides it; who is logged in, if nobody is named
    #[arg(long, value_name = "NAME")]
    by: Option<String>,
    #[command(flatten)]
    configuration: Configuration,
    #[command(flatten)]
    memory: Memory,
    #[command(flatten)]
    now: Now,
    /// Print a JSON list of what was decided
    #[arg(long)]
    json: bool,
}

impl Decide {
    pub(super) async fn run(self) -> anyhow::Result<Ending> {
        let config = load::config(&self.configuration.config)?;
        let (names, acts) = line::read(&self.words, &config)?;
        let by = who::person(self.by.as_deref())?;
        let announcements = load::announcements(&self.configuration.config, &config)?.right;
        let _lock = Lock::store(&self.memory.store)?;
        let store = Store::open(&self.memory.store, Absent::Fails).await?;
        let desk = At { config: &config, store: &store, announcements: &announcements, now: self.now.time() };
        let done = desk.decide(names, &acts, &by).await;
        store.close().await;
        let done = done?;
        if self.json {
            say::result(&serde_json::to_string(&done).context("writing what was decided")?);
            return Ok(Ending::Well);
        }
        for done in &done {
            say::result(&tell::text(done, &by));
        }
        if done.iter().any(Done::is_new) {
            say::note(
                "the pages are as before: the next `tidewaiter refresh` or `tidewaiter publish` shows it",
            );
        }
        Ok(Ending::Well)
    }
}

/// Where and when it is decided.
struct At<'a> {
    config: &'a Config,
    store: &'a Store,
    announcements: &'a [Announcement],
    now: DateTime<Utc>,
}

impl At<'_> {
    async fn decide(&self, names: &[String], acts: &[Act], by: &str) -> anyhow::Result<Vec<Done>> {
        let entries = entries(self.store, self.config, names).await?;
        let told = self.stories().await?;
        let chosen: Vec<&Entry> = entries.iter().map(|found| &found.entry).collect();
        let decisions = decisions(&entries, acts, by, self.now);
        snapshot::decide(self.store, self.config, &chosen, &decisions)
            .await
            .context("keeping the decision")?;
        let stories = self.stories().await?;
        let after = self.store.found(&chosen).await?;
        let done = entries.iter().zip(&after).map(|(before, after)| Done {
            acts: acts.iter().map(|act| tell::step(before, &decided(before), act)).collect(),
            still_told_by: still_told_by(before.entry.id, &told, &stories),
            explanation: explain(after, &stories, self.config, self.now),
        });
        Ok(done.collect())
    }

    /// Everything that would be shown.
    async fn stories(&self) -> anyhow::Result<Vec<Story>> {
        let announcements = self.announcements.to_vec();
        let snapshot = snapshot::take(self.store, self.config, announcements, self.now).await?;
        Ok(compose::stories(&snapshot, self.config, self.now))
    }
}

/// The addresses of others that told the same story before, and are shown still.
fn still_told_by(id: EntryId, before: &[Story], after: &[Story]) -> Vec<String> {
    let story = before.iter().find(|story| story.entries.contains(&id));
    let others = story.map(|story| story.entries.as_slice()).unwrap_or_default();
    let left = after.iter().filter(|story| !story.entries.contains(&id));
    left.filter(|story| story.entries.iter().any(|entry| others.contains(entry)))
        .filter_map(|story| story.link.as_ref())
        .map(ToString::to_string)
        .collect()
}

/// What the names mean, each entry once.
async fn entries(store: &Store, config: &Config, names: &[String]) -> anyhow::Result<Vec<Found>> {
    let mut entries: BTreeMap<EntryId, (usize, Found)> = BTreeMap::new();
    for name in names {
        for found in find::only(store, config, name).await? {
            let place = entries.len();
            entries.entry(found.entry.id).or_insert((place, found));
        }
    }
    let mut entries: Vec<(usize, Found)> = entries.into_values().collect();
    entries.sort_by_key(|(place, _)| *place);
    Ok(entries.into_iter().map(|(_, found)| found).collect())
}

/// Those acts that make a difference.
fn decisions(entries: &[Found], acts: &[Act], by: &str, at: DateTime<Utc>) -> Vec<Decision> {
    let of_entry = |found: &Found| {
        let before = decided(found);
        let entry = found.entry.id;
        let new: Vec<Decision> = acts
            .iter()
            .filter(|act| before.back_from(act) != **act)
            .map(|act| Decision { entry, at, by: by.to_owned(), act: act.clone() })
            .collect();
        new
    };
    entries.iter().flat_map(of_entry).collect()
}

fn decided(found: &Found) -> Decided {
    Decided::of(found.decisions.iter().map(|decision| &decision.act))
}
