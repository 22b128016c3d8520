//! `tidewaiter review`: what waits for an editor.

use anyhow::Context as _;
use chrono::{DateTime, Utc};
use clap::Args;

use super::{Configuration, Ending, Memory, load, say};
use crate::compose::waiting::{Waiting, waiting};
use crate::snapshot;
use crate::store::{Absent, Store};

/// List what waits for an editor
#[derive(Debug, Args)]
#[command(after_help = "\
An entry waits when the rules are not sure of it: something was missing, and the
list says what. Or it is held, because too much of its source was new at once.
Settle it with `tidewaiter decide`; what is neither accepted nor rejected stays
out, and stays in this list.

Examples:
  tidewaiter review
  tidewaiter review --limit 100 --json
  tidewaiter decide 05f1c3a09b7d2e44 accept")]
pub(super) struct Review {
    /// So many at most, the newest first
    #[arg(long, value_name = "NUMBER", default_value_t = 20)]
    limit: usize,
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
        let mut found = store.waiting(self.limit.saturating_add(1)).await?;
        store.close().await;
        let has_more = found.len() > self.limit;
        found.truncate(self.limit);
        let waiting: Vec<Waiting> =
            found.iter().map(|(entry, shelf)| waiting(entry, *shelf, &config)).collect();
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
    let near = waiting.near_misses.iter();
    lines.extend(near.map(|near| format!("  nearly {}: {}", near.topic, near.missing)));
    lines.extend(waiting.matches.iter().map(|matched| format!("    {}", matched.line())));
    lines.push(format!("  tidewaiter decide {} accept        or reject", waiting.id));
    lines.join("\n")
}
