//! `tidewaiter check`: is everything that staff wrote right, and do the sources answer?

use anyhow::Context as _;
use clap::Args;
use std::sync::Arc;

use super::{Configuration, Ending, Now, load, say};
use crate::collect::probe;
use crate::collect::trial::Trial;
use crate::config::Config;
use crate::fetch::Client;

/// Check feeds.toml and the announcements, and with --live every source
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  tidewaiter check           mistakes, each with its line and how to mend it
  tidewaiter check --live    asks every enabled source; nothing is stored")]
pub(super) struct Check {
    #[command(flatten)]
    configuration: Configuration,
    #[command(flatten)]
    now: Now,
    /// Ask every enabled source once
    #[arg(long)]
    live: bool,
}

impl Check {
    pub(super) async fn run(self) -> anyhow::Result<Ending> {
        let config = load::config(&self.configuration.config)?;
        let announcements = load::announcements(&self.configuration.config, &config)?;
        let enabled = config.sources.iter().filter(|source| source.enabled).count();
        say::result(&format!(
            "{}: {enabled} sources in use of {}, {} topics: no mistakes",
            self.configuration.config.display(),
            config.sources.len(),
            config.topics.len()
        ));
        say::result(&format!(
            "announcements: {} right, {} with mistakes",
            announcements.right.len(),
            announcements.wrong
        ));
        let failed = if self.live { self.ask_all(config).await? } else { 0 };
        Ok(if failed + announcements.wrong > 0 { Ending::Partly } else { Ending::Well })
    }

    /// Asks every enabled source; how many failed.
    async fn ask_all(&self, config: Config) -> anyhow::Result<usize> {
        let client = Arc::new(Client::new(&config.fetch).context("preparing to ask the sources")?);
        let trials = probe::probe(&Arc::new(config), &client, self.now.time(), |done, of| {
            say::progress(&format!("asked {done} of {of} sources"));
        })
        .await;
        say::progress("");
        for trial in &trials {
            say::result(&line(trial));
        }
        Ok(trials.iter().filter(|trial| !works(trial)).count())
    }
}

/// A source that gives nothing is as bad as one that fails, and harder to notice.
fn works(trial: &Trial) -> bool {
    trial.failure.is_none() && trial.entries > 0
}

fn line(trial: &Trial) -> String {
    let Trial { source, entries, dated, .. } = trial;
    let mut parts = match (&trial.failure, trial.newest) {
        (Some(failure), _) => vec![format!("failed  {source}: {}", failure.message)],
        (None, _) if !works(trial) => {
            vec![format!("empty   {source}: it answers, but there is no entry: is it the right address?")]
        }
        (None, Some(newest)) => {
            let newest = newest.format("%-d %B %Y");
            vec![format!("ok      {source}: {entries} entries, {dated} with a date, the newest of {newest}")]
        }
        (None, None) => vec![format!("ok      {source}: {entries} entries, none has a date")],
    };
    if works(trial) {
        parts.extend(trial.flaws.iter().cloned());
    }
    parts.extend(trial.moved_to.as_ref().map(|moved| say::moved(moved)));
    parts.join("; ")
}
