//! `tidewaiter check`: is everything that staff wrote right, and do the sources answer?

use anyhow::Context as _;
use clap::Args;
use std::sync::Arc;

use super::{Configuration, Ending, Now, load, say};
use crate::collect::probe::{self, Probe, Sample};
use crate::config::Config;
use crate::fetch::Client;

/// Check feeds.toml and the announcements, and with --live every source
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  tidewaiter check                  before you save: mistakes, each with its line and how to mend it
  tidewaiter check --live           asks every enabled source once; nothing is stored or published")]
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
        let probes = probe::probe(&Arc::new(config), &client, self.now.time(), |done, of| {
            say::progress(&format!("asked {done} of {of} sources"));
        })
        .await;
        say::progress("");
        for probe in &probes {
            say::result(&line(probe));
        }
        Ok(probes.iter().filter(|probe| !works(probe)).count())
    }
}

/// A source that gives nothing is as bad as one that fails, and harder to notice.
fn works(probe: &Probe) -> bool {
    probe.result.as_ref().is_ok_and(|sample| sample.entries > 0)
}

fn line(probe: &Probe) -> String {
    let mut parts = match &probe.result {
        Err(message) => vec![format!("failed  {}: {message}", probe.source)],
        Ok(_) if !works(probe) => {
            vec![format!(
                "empty   {}: it answers, but there is no entry: is it the right address?",
                probe.source
            )]
        }
        Ok(sample) => {
            let newest = match sample.newest {
                Some(at) => format!("the newest of {}", at.format("%-d %B %Y")),
                None => "none has a date".to_owned(),
            };
            let Sample { entries, dated, .. } = sample;
            let first = format!("ok      {}: {entries} entries, {dated} with a date, {newest}", probe.source);
            std::iter::once(first).chain(sample.flaws.iter().cloned()).collect()
        }
    };
    parts.extend(probe.moved_to.as_ref().map(|moved| say::moved(moved)));
    parts.join("; ")
}
