//! `tidewaiter rules backtest`: what a change of the rules would have done to the past.

use anyhow::Context as _;
use chrono::{DateTime, TimeDelta, Utc};
use clap::Args;
use serde::Serialize;
use std::path::{Path, PathBuf};

use super::super::{Configuration, Ending, Memory, Now, load, say};
use super::save::draft;
use crate::config::Config;
use crate::evaluation::backtest::{Cause, Change, Kind, Replayed, Sides};
use crate::evaluation::score::Counts;
use crate::model::topic::TopicId;
use crate::store::{Absent, Store};
use crate::versions;

/// Say what a change of the rules would have done to the entries of the past
#[derive(Debug, Args)]
#[command(after_help = "\
With --against, the rules of feeds.toml are compared with those of a draft: a
copy of feeds.toml, or only its blocks [context], [veto], [learned], [[section]]
and [[topic]]. Without it, the last version that judged is compared with
feeds.toml as it is now. Nothing is changed.

Examples:
  tidewaiter rules backtest                        before the next run
  tidewaiter rules backtest --against draft.toml
  tidewaiter rules backtest --days 365 --all")]
pub(in crate::cli) struct Backtest {
    /// The rules to try
    #[arg(long, value_name = "DRAFT.toml")]
    against: Option<PathBuf>,
    /// How far back
    #[arg(long, value_name = "N", default_value_t = 90, value_parser = clap::value_parser!(u16).range(1..))]
    days: u16,
    /// List every entry that changes, not only the newest
    #[arg(long)]
    all: bool,
    #[command(flatten)]
    configuration: Configuration,
    #[command(flatten)]
    memory: Memory,
    #[command(flatten)]
    now: Now,
    /// Print one JSON document
    #[arg(long)]
    json: bool,
}

/// So many changes of each kind are listed unless all are wanted.
const LISTED: usize = 10;

impl Backtest {
    pub(super) async fn run(self) -> anyhow::Result<Ending> {
        let path = &self.configuration.config;
        let text = load::text(path)?;
        let current = load::parse(path, &text)?;
        let store = Store::open(&self.memory.store, Absent::Fails).await?;
        let now = self.now.time();
        let (before, after, what) = if let Some(file) = &self.against {
            let what = format!("{} against {}", file.display(), path.display());
            (current, draft(file, path, &text)?.1, what)
        } else {
            let (number, before) = last(&store, &text, path).await?;
            (before, current, format!("{} against version {number}", path.display()))
        };
        let replayed =
            versions::replay(&store, &before, &after, now - TimeDelta::days(self.days.into())).await;
        store.close().await;
        let replayed = replayed.context("replaying the past")?;
        say::result(&if self.json {
            serde_json::to_string(&Report::of(&replayed, now)).context("writing the report")?
        } else {
            self.text(&what, &replayed)
        });
        Ok(Ending::Well)
    }

    fn text(&self, what: &str, replayed: &Replayed) -> String {
        let mut lines = vec![format!("{what}: {} entries of the last {} days", replayed.entries, self.days)];
        for kind in Kind::ALL {
            lines.extend(self.of_kind(kind, replayed));
        }
        let Sides { before, after } = replayed.published;
        lines.push(format!("published: {before} before, {after} after"));
        let Sides { before, after } = replayed.in_review;
        lines.push(format!("in review: {before} before, {after} after"));
        let (comes, goes) = &replayed.feed;
        lines.push(format!("feed of everything: {} come in, {} leave it", comes.len(), goes.len()));
        lines.extend(agreement(replayed));
        lines.join("\n")
    }

    fn of_kind(&self, kind: Kind, replayed: &Replayed) -> Vec<String> {
        let all: Vec<&Change> = replayed.changes.iter().filter(|change| change.kind == kind).collect();
        if all.is_empty() {
            return Vec::new();
        }
        let listed = if self.all { all.len() } else { LISTED };
        let mut lines = vec![format!("\n{}: {}", kind.as_str(), all.len())];
        lines.extend(all.iter().take(listed).flat_map(|change| line(change)));
        if all.len() > listed {
            lines.push(format!("  … and {} more (--all lists them)", all.len() - listed));
        }
        lines
    }
}

/// The configuration under which the last version judged, and its number.
async fn last(store: &Store, text: &str, path: &Path) -> anyhow::Result<(i64, Config)> {
    let (number, version) = store.newest_rules().await?.context(
        "no version of the rules has judged yet, so there is nothing to compare with: run `tidewaiter refresh` first, or \
         name a draft with --against",
    )?;
    let before = versions::with_rules(text, &version).with_context(|| {
        format!(
            "the rules of version {number} don't fit into {} any more: name a draft with --against",
            path.display()
        )
    })?;
    Ok((number, before))
}

fn line(change: &Change) -> Vec<String> {
    let decided = match change.accepted {
        Some(true) => " (accepted by staff)",
        Some(false) => " (rejected by staff)",
        None => "",
    };
    let mut lines = vec![format!(
        "  {}  {} [{}]{decided}",
        change.listed.format("%Y-%m-%d"),
        change.title,
        change.source
    )];
    let topics = |topics: &[TopicId]| topics.iter().map(TopicId::as_str).collect::<Vec<_>>().join(", ");
    if change.before != change.after {
        lines.push(format!(
            "      {} → {}",
            or_nothing(&topics(&change.before)),
            or_nothing(&topics(&change.after))
        ));
    }
    lines.extend(change.because.iter().map(|cause| format!("      {}", because(cause))));
    lines
}

fn or_nothing(topics: &str) -> &str {
    if topics.is_empty() { "no topic" } else { topics }
}

fn because(Cause { is_new, topic, list, term }: &Cause) -> String {
    let sign = if *is_new { '+' } else { '-' };
    let of = topic.as_ref().map(|topic| format!(" of {topic}")).unwrap_or_default();
    format!("{sign} {}{of}: {term}", list.as_str())
}

/// How the verdicts agree with what staff decided; nothing where they decided nothing.
fn agreement(replayed: &Replayed) -> Vec<String> {
    let Sides { before, after } = replayed.agreement;
    if before == Counts::default() && after == Counts::default() {
        return vec![
            "staff decided nothing about these entries, so there is nothing to compare the verdicts with"
                .to_owned(),
        ];
    }
    let mut lines = vec![format!("\n{:<28}{:>18}{:>18}", "agreement with staff", "before", "after")];
    lines.push(sides("all entries", replayed.agreement));
    lines.extend(replayed.by_topic.iter().map(|(topic, counts)| sides(&format!("  topic {topic}"), *counts)));
    lines.extend(
        replayed.by_source.iter().map(|(source, counts)| sides(&format!("  source {source}"), *counts)),
    );
    lines
}

/// "precision .90 recall .80" of both.
fn sides(name: &str, Sides { before, after }: Sides<Counts>) -> String {
    let share = |share: Option<f64>| share.map_or_else(|| "-".to_owned(), |share| format!("{share:.2}"));
    let both = |counts: Counts| format!("P {} R {}", share(counts.precision()), share(counts.recall()));
    format!("{name:<28}{:>18}{:>18}", both(before), both(after))
}

#[derive(Debug, Serialize)]
struct Report {
    now: DateTime<Utc>,
    entries: usize,
    published: [usize; 2],
    in_review: [usize; 2],
    feed_comes: Vec<String>,
    feed_goes: Vec<String>,
    /// Precision and recall of the verdicts against what staff decided, before and after.
    agreement: [Agreement; 2],
    changes: Vec<Changed>,
}

#[derive(Debug, Serialize)]
struct Agreement {
    precision: Option<f64>,
    recall: Option<f64>,
}

#[derive(Debug, Serialize)]
struct Changed {
    id: String,
    kind: &'static str,
    title: String,
    link: Option<String>,
    source: String,
    listed: DateTime<Utc>,
    before: Vec<String>,
    after: Vec<String>,
    because: Vec<String>,
    accepted: Option<bool>,
}

impl Report {
    fn of(replayed: &Replayed, now: DateTime<Utc>) -> Self {
        let ids = |ids: &[crate::model::entry::EntryId]| ids.iter().map(ToString::to_string).collect();
        let both = |counts: Counts| Agreement { precision: counts.precision(), recall: counts.recall() };
        Self {
            now,
            entries: replayed.entries,
            published: [replayed.published.before, replayed.published.after],
            in_review: [replayed.in_review.before, replayed.in_review.after],
            feed_comes: ids(&replayed.feed.0),
            feed_goes: ids(&replayed.feed.1),
            agreement: [both(replayed.agreement.before), both(replayed.agreement.after)],
            changes: replayed.changes.iter().map(Changed::of).collect(),
        }
    }
}

impl Changed {
    fn of(change: &Change) -> Self {
        let names = |topics: &[TopicId]| topics.iter().map(ToString::to_string).collect();
        Self {
            id: change.id.to_string(),
            kind: change.kind.as_str(),
            title: change.title.clone(),
            link: change.link.clone(),
            source: change.source.to_string(),
            listed: change.listed,
            before: names(&change.before),
            after: names(&change.after),
            because: change.because.iter().map(because).collect(),
            accepted: change.accepted,
        }
    }
}
