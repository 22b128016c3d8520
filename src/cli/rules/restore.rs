//! `tidewaiter rules restore`: back to the rules of an earlier version.

use anyhow::Context as _;
use clap::Args;

use super::super::lock::Lock;
use super::super::replace::replace;
use super::super::{Configuration, Ending, Memory, Now, load, say, who};
use super::save::keep_current;
use crate::config::{Config, blocks};
use crate::store::{Absent, Store};
use crate::versions::{self, Author};

/// Put the rules of an earlier version back into feeds.toml
#[derive(Debug, Args)]
#[command(after_help = "\
Its blocks [context], [veto], [learned], [[section]] and [[topic]] take the
place of those in feeds.toml, with their comments; everything else stays.
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
        let now = self.now.time();
        // A file with mistakes is the very time to go back.
        keep_current(&store, &old, Config::parse(&old).ok().as_ref(), now).await?;
        replace(path, &old, &text)?;
        let note = format!("version {number} again");
        let kept = versions::keep(&store, &text, &config, Author { name: &name, note: &note }, now).await;
        store.close().await;
        say::result(&match kept.context("keeping the version")? {
            Some(new) => {
                format!("{} has the rules of version {number} again, as version {new}", path.display())
            }
            None if text == old => format!("{} had these rules already", path.display()),
            None => format!("{} has the rules of version {number} again", path.display()),
        });
        Ok(Ending::Well)
    }
}
