//! `tidewaiter refresh`: what cron runs.

use clap::Args;
use std::sync::Arc;

use super::lock::Lock;
use super::run;
use super::{Ending, Now, Places, load};
use crate::collect::Ask;
use crate::config::Config;
use crate::store::{Absent, Store};

/// Ask the sources that are due, and publish
#[expect(clippy::struct_excessive_bools, reason = "each is a switch of the command line")]
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  tidewaiter refresh
  tidewaiter refresh --source wco --source wto -v
  17 * * * *  cd /srv/bulletin && tidewaiter refresh       (a line of a crontab)")]
pub(super) struct Refresh {
    #[command(flatten)]
    pub(super) places: Places,
    #[command(flatten)]
    pub(super) now: Now,
    /// Ask only this source, whether its time has come or not; may be given several times
    #[arg(long, value_name = "ID")]
    pub(super) source: Vec<String>,
    /// Ask every source, whether its time has come or not
    #[arg(long, conflicts_with = "source")]
    pub(super) all: bool,
    /// With a new store, publish over the pages of another one
    #[arg(long)]
    pub(super) anew: bool,
    /// Print the report as one JSON value
    #[arg(long)]
    pub(super) json: bool,
    /// Say what came of every source
    #[arg(short, long)]
    pub(super) verbose: bool,
}

impl Refresh {
    pub(super) async fn run(self) -> anyhow::Result<Ending> {
        let config = Arc::new(load::config(&self.places.configuration.config)?);
        let ask = ask(&config, &self.source, self.all)?;
        let _lock = Lock::take(&self.places.memory.store, &self.places.output)?;
        let store = Store::open(&self.places.memory.store, Absent::Made).await?;
        let now = self.now.time();
        let how = run::How { anew: self.anew, json: self.json, verbose: self.verbose };
        let ended = run::once(&config, &store, &self.places, &ask, how, now).await;
        store.close().await;
        ended
    }
}

fn ask(config: &Config, names: &[String], all: bool) -> anyhow::Result<Ask> {
    if names.is_empty() {
        return Ok(if all { Ask::All } else { Ask::Due });
    }
    names.iter().map(|name| run::named(config, name)).collect::<Result<_, _>>().map(Ask::Only)
}
