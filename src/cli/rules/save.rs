//! `tidewaiter rules save`: the rules become a version, with a name to it.

use anyhow::Context as _;
use clap::Args;
use std::path::{Path, PathBuf};

use super::super::lock::Lock;
use super::super::replace::replace;
use super::super::{Configuration, Ending, Memory, Now, load, say, who};
use crate::config::{Config, blocks};
use crate::store::{Absent, Store};
use crate::versions::{self, Author};

/// Keep the rules of feeds.toml, or of a draft, as a version with your name
#[derive(Debug, Args)]
#[command(after_help = "\
A run keeps every version of the rules that it judges by, without a name. With
a draft its blocks are put into feeds.toml first; everything else there, and the
comments of the draft, stay.

Examples:
  tidewaiter rules save --note 'REX is a strong term now'
  tidewaiter rules save draft.toml --by Ann --note 'fewer parcels'")]
pub(in crate::cli) struct Save {
    /// A copy of feeds.toml, or only its blocks that choose
    #[arg(value_name = "DRAFT.toml")]
    draft: Option<PathBuf>,
    /// Who changed it; who is logged in, if nobody is named
    #[arg(long, value_name = "NAME")]
    by: Option<String>,
    /// Why
    #[arg(long, value_name = "TEXT", default_value = "")]
    note: String,
    #[command(flatten)]
    configuration: Configuration,
    #[command(flatten)]
    memory: Memory,
    #[command(flatten)]
    now: Now,
}

impl Save {
    pub(super) async fn run(self) -> anyhow::Result<Ending> {
        let path = &self.configuration.config;
        let name = who::person(self.by.as_deref())?;
        let old = load::text(path)?;
        let (text, config) = match &self.draft {
            Some(file) => draft(file, path, &old)?,
            None => (old.clone(), load::parse(path, &old)?),
        };
        let _lock = Lock::store(&self.memory.store)?;
        let store = Store::open(&self.memory.store, Absent::Fails).await?;
        if text != old {
            replace(path, &old, &text)?;
        }
        let kept =
            versions::keep(&store, &text, &config, Author { name: &name, note: &self.note }, self.now.time())
                .await;
        store.close().await;
        say::result(&match kept.context("keeping the version")? {
            Some(number) => format!("version {number} is kept; the next run judges by it"),
            None => "these are the rules of the newest version already".to_owned(),
        });
        Ok(Ending::Well)
    }
}

/// feeds.toml with the blocks of a draft that choose, and the configuration that it makes.
pub(super) fn draft(file: &Path, path: &Path, text: &str) -> anyhow::Result<(String, Config)> {
    let draft = load::text(file)?;
    let wrong = |error: blocks::NotToml| anyhow::anyhow!("{}: is no TOML: {error}", file.display());
    let text = blocks::put(&blocks::of(&draft).map_err(wrong)?, text)
        .map_err(|error| anyhow::anyhow!("{}: is no TOML: {error}", path.display()))?;
    let config = load::parse(file, &text)?;
    Ok((text, config))
}
