//! `tidewaiter review`: what waits for an editor.

use anyhow::Context as _;
use chrono::{DateTime, Utc};
use clap::Args;
use std::cmp::Reverse;

use super::{Configuration, Ending, Memory, load, say};
use crate::compose::explain::evidence;
use crate::compose::waiting::{Waiting, waiting};
use crate::identity::Shelf;
use crate::identity::reading::Texts;
use crate::model::entry::Entry;
use crate::model::verdict::Likely;
use crate::past;
use crate::rules::likelihood::{Example, Likelihood};
use crate::snapshot;
use crate::store::{Absent, Store};

/// List what waits for an editor
#[derive(Debug, Args)]
#[command(after_help = "\
An entry waits when the rules are not sure of it: something was missing, and the
list says what. Or it is held, because too much of its source was new at once.
Settle it with `tidewaiter decide`; what is neither accepted nor rejected stays
out, and stays in this list. Likeliest first, by what editors accepted and
rejected before, here and in the entries that come with the program.

Examples:
  tidewaiter review
  tidewaiter review --newest
  tidewaiter review --limit 100 --json
  tidewaiter decide 05f1c3a09b7d2e44 accept")]
pub(super) struct Review {
    /// So many at most
    #[arg(long, value_name = "NUMBER", default_value_t = 20)]
    limit: usize,
    /// The newest first, instead of what an editor likely wants
    #[arg(long)]
    newest: bool,
    #[command(flatten)]
    configuration: Configuration,
    #[command(flatten)]
    memory: Memory,
    /// Print a JSON list
    #[arg(long)]
    json: bool,
}

impl Review {
    pub(super) async fn run(self) -> anyhow::Result<Ending> {
        let config = load::config(&self.configuration.config)?;
        let store = Store::open(&self.memory.store, Absent::Fails).await?;
        let is_judged = snapshot::is_judged(&store, &config).await?;
        let learned = learned(&store).await?;
        // The likeliest may be the oldest.
        let most = if self.newest { self.limit.saturating_add(1) } else { usize::MAX };
        let found = store.waiting(most).await?;
        store.close().await;
        let has_more = found.len() > self.limit;
        let mut found: Vec<(Likely, (Entry, Shelf))> =
            found.into_iter().map(|(entry, shelf)| (likely(&learned, &entry), (entry, shelf))).collect();
        if !self.newest {
            // Stable: of equals the newest stays first.
            found.sort_by_key(|(likely, _)| Reverse(likely.percent));
        }
        found.truncate(self.limit);
        let waiting: Vec<Waiting> = found
            .into_iter()
            .map(|(likely, (entry, shelf))| waiting(&entry, shelf, likely, &config))
            .collect();
        if self.json {
            say::result(&serde_json::to_string(&waiting).context("writing the list")?);
        } else if !waiting.is_empty() {
            let texts: Vec<String> = waiting.iter().map(text).collect();
            say::result(&texts.join("\n\n"));
        }
        if !is_judged {
            say::note(
                "the rules have changed since the last run: `tidewaiter publish` judges by the new ones",
            );
        }
        match waiting.len() {
            _ if has_more => say::note("there is more: --limit shows it"),
            0 => say::note("nothing waits"),
            _ => {}
        }
        Ok(Ending::Well)
    }
}

/// What the entries that come with the program teach, and those that staff decided about.
async fn learned(store: &Store) -> anyhow::Result<Likelihood> {
    let decided = past::decided(store).await.context("reading the decisions")?;
    let summaries: Vec<String> = decided.iter().map(|(entry, _)| Texts::of(entry).summary).collect();
    let examples: Vec<Example<'_>> = decided
        .iter()
        .zip(&summaries)
        .map(|((entry, decided), summary)| Example {
            title: &entry.title,
            summary,
            accepted: decided.accepted == Some(true),
        })
        .collect();
    Ok(Likelihood::learned(&examples))
}

fn likely(learned: &Likelihood, entry: &Entry) -> Likely {
    learned.of(&entry.title, &Texts::of(entry).summary)
}

fn text(waiting: &Waiting) -> String {
    let source = waiting.source_title.as_deref().unwrap_or(&waiting.source);
    let day = |at: DateTime<Utc>| at.format("%-d %B %Y").to_string();
    let when = waiting.published.map_or_else(|| format!("seen {}", day(waiting.first_seen)), day);
    let mut lines = vec![waiting.title.clone(), format!("  {source}, {when}")];
    lines.extend(waiting.link.iter().map(|link| format!("  {link}")));
    if waiting.because == "held" {
        lines.push(format!(
            "  held: too much of its source was new at once; the rules say {} \
             (all of it: `tidewaiter source accept {}`)",
            waiting.verdict, waiting.source
        ));
    }
    lines.push(format!("  {}", evidence::likely(waiting.likely.percent, &waiting.likely.words)));
    let near = waiting.near_misses.iter();
    lines.extend(near.map(|near| format!("  nearly {}: {}", near.topic, near.missing)));
    lines.extend(waiting.matches.iter().map(|matched| format!("    {}", matched.line())));
    lines.push(format!("  tidewaiter decide {} accept        or reject", waiting.id));
    lines.join("\n")
}
