//! `tidewaiter rules restore`: back to the rules of an earlier version.

use anyhow::Context as _;
use clap::Args;

use super::super::lock::Lock;
use super::super::replace::replace;
use super::super::{Configuration, Ending, Memory, Now, load, say, who};
use crate::config::blocks;
use crate::store::{Absent, Store};
use crate::versions::{self, Author};

/// Put the rules of an earlier version back into feeds.toml
#[derive(Debug, Args)]
#[command(after_help = "\
Its blocks [context], [veto], [learned], [[section]] and [[topic]] take the
place of those in feeds.toml, with the comments that they had; everything else
stays.
That is a new version, so that it can be taken back in the same way.

Example:
  tidewaiter rules restore 11")]
pub(in crate::cli) struct Restore {
    /// The version, as `tidewaiter rules history` numbers it
    #[arg(value_name = "N")]
    number: i64,
    /// Who wants it; who is logged in, if nobody is named
    #[arg(long, value_name = "NAME")]
    by: Option<String>,
    #[command(flatten)]
    configuration: Configuration,
    #[command(flatten)]
    memory: Memory,
    #[command(flatten)]
    now: Now,
}

impl Restore {
    pub(super) async fn run(self) -> anyhow::Result<Ending> {
        let (path, number) = (&self.configuration.config, self.number);
        let name = who::person(self.by.as_deref())?;
        let old = load::text(path)?;
        let _lock = Lock::store(&self.memory.store)?;
        let store = Store::open(&self.memory.store, Absent::Fails).await?;
        let version = store.rules(number).await?.with_context(|| {
            format!("there is no version {number}; `tidewaiter rules history` lists them")
        })?;
        let text =
            blocks::put(&version.rules, &old).with_context(|| format!("{}: is no TOML", path.display()))?;
        let config = load::parse(path, &text).with_context(|| {
            format!(
                "the rules of version {number} don't fit into {} as it is now: nothing was changed",
                path.display()
            )
        })?;
        // The rules that judged until now may have been written since the last run.
        let current = load::parse(path, &old)?;
        versions::keep(&store, &old, &current, Author { name: &name, note: "" }, self.now.time()).await?;
        replace(path, &old, &text)?;
        let note = format!("version {number} again");
        let kept =
            versions::keep(&store, &text, &config, Author { name: &name, note: &note }, self.now.time())
                .await;
        store.close().await;
        say::result(&match kept.context("keeping the version")? {
            Some(new) => {
                format!("{} has the rules of version {number} again, as version {new}", path.display())
            }
            None => format!("{} had these rules already", path.display()),
        });
        Ok(Ending::Well)
    }
}
