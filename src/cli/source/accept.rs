//! `tidewaiter source accept`: an editor says that what a source suddenly says is right.

use clap::Args;

use crate::cli::lock::Lock;
use crate::cli::{Ending, Now, Places, load, run, say};
use crate::snapshot;
use crate::store::{Absent, Store};

/// Release what waits because too much of a source was new at once
#[derive(Debug, Args)]
#[command(after_help = "\
Entries wait when a site moves and its archive seems new, or when another
publication seems to have moved in. `tidewaiter refresh` warns of such a source
at every run, and `tidewaiter explain 'words of a title'` says of an entry that
it waits. Look at the source first, with `tidewaiter source test ID`. To keep
the entries out, do nothing, or set `enabled = false` in feeds.toml.

Exit codes:
  0  what waited is released, or nothing waits
  2  there is no such source, or nothing could be published

Example:
  tidewaiter source accept wco")]
pub(in crate::cli) struct Accept {
    /// The source's id in feeds.toml
    #[arg(value_name = "ID")]
    source: String,
    #[command(flatten)]
    places: Places,
    #[command(flatten)]
    now: Now,
}

impl Accept {
    pub(in crate::cli) async fn run(self) -> anyhow::Result<Ending> {
        let config = load::config(&self.places.configuration.config)?;
        let source = run::named(&config, &self.source)?;
        let _lock = Lock::take(&self.places.memory.store, &self.places.output)?;
        let store = Store::open(&self.places.memory.store, Absent::Fails).await?;
        let Some(released) = snapshot::accept(&store, &config, &source).await? else {
            store.close().await;
            say::result(&format!("nothing of `{source}` waits"));
            return Ok(Ending::Well);
        };
        let now = self.now.time();
        let publication = run::publish(&config, &store, &self.places, false, run::Pages::Always, now).await;
        store.close().await;
        publication?;
        say::result(&match released {
            0 => format!("no entry of `{source}` waited; its next answer is read whatever is new in it"),
            1 => format!(
                "1 entry of `{source}` waits no longer; the rules decide about it, and the pages are up to date"
            ),
            many => format!(
                "{many} entries of `{source}` wait no longer; the rules decide about them, and the pages are up to date"
            ),
        });
        Ok(Ending::Well)
    }
}
