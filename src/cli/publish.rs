//! `tidewaiter publish`: the publication again, from the store alone.

use clap::Args;

use super::lock::Lock;
use super::run::{self, Pages};
use super::{Ending, Now, Places, load};
use crate::store::{Absent, Store};

/// Publish again from the store, without asking any source
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  tidewaiter publish             after editing an announcement or the rules")]
pub(super) struct Publish {
    #[command(flatten)]
    places: Places,
    #[command(flatten)]
    now: Now,
    /// Print the report as one JSON value
    #[arg(long)]
    json: bool,
}

impl Publish {
    pub(super) async fn run(self) -> anyhow::Result<Ending> {
        let config = load::config(&self.places.configuration.config)?;
        let _lock = Lock::take(&self.places.memory.store, &self.places.output)?;
        let store = Store::open(&self.places.memory.store, Absent::Fails).await?;
        let now = self.now.time();
        let published = run::publish(&config, &store, &self.places, false, Pages::Always, now).await;
        store.close().await;
        run::tell(now, Vec::new(), published, &self.places, self.json, false)
    }
}
