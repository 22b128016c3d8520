//! `tidewaiter rules save`: the rules become a version, with a name to it.

use anyhow::Context as _;
use chrono::{DateTime, Utc};
use clap::Args;
use std::path::{Path, PathBuf};

use super::super::lock::Lock;
use super::super::replace::replace;
use super::super::{Configuration, Ending, Memory, Now, load, say, who};
use crate::config::{Config, blocks};
use crate::model::text::one_line;
use crate::store::{Absent, Store};
use crate::versions::{self, Author};

/// Keep the rules of feeds.toml, or of a draft, as a version with your name
#[derive(Debug, Args)]
#[command(after_help = "\
A run keeps every version of the rules that it judges by, without a name. With
a draft its blocks are put into feeds.toml first, with their comments; whatever
the draft does not hold stays. What stood in feeds.toml is kept as a version.

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
        let current = Config::parse(&old).ok();
        if let (Some(file), Some(current)) = (&self.draft, &current) {
            hold_topics(file, current, &config)?;
        }
        let now = self.now.time();
        let _lock = Lock::store(&self.memory.store)?;
        let store = Store::open(&self.memory.store, Absent::Fails).await?;
        if text != old {
            keep_current(&store, &old, current.as_ref(), now).await?;
            replace(path, &old, &text)?;
        }
        let note = one_line(&self.note);
        let kept = versions::keep(&store, &text, &config, Author { name: &name, note: &note }, now).await;
        store.close().await;
        say::result(&match kept.context("keeping the version")? {
            Some(number) => format!("version {number} is kept; the next run judges by it"),
            None => "these are the rules of the newest version already".to_owned(),
        });
        Ok(Ending::Well)
    }
}

/// Keeps what stands in feeds.toml before it is replaced: it may have been written since the last run. What cannot be read
/// is no rules, and there is nothing of it to keep.
pub(super) async fn keep_current(
    store: &Store,
    file: &str,
    current: Option<&Config>,
    now: DateTime<Utc>,
) -> anyhow::Result<()> {
    if let Some(current) = current {
        let author = Author { name: "feeds.toml", note: "" };
        versions::keep(store, file, current, author, now).await.context("keeping the rules as they are")?;
    }
    Ok(())
}

/// A draft with some topics only would take out all others.
fn hold_topics(file: &Path, current: &Config, draft: &Config) -> anyhow::Result<()> {
    let gone = current.topics.iter().filter(|topic| draft.topics.iter().all(|other| other.id != topic.id));
    let gone: Vec<&str> = gone.map(|topic| topic.id.as_str()).collect();
    anyhow::ensure!(
        gone.is_empty(),
        "{}: lacks topics that feeds.toml has: {}; nothing was changed: a draft holds all topics, and to take one out, \
         take it out of feeds.toml",
        file.display(),
        gone.join(", ")
    );
    Ok(())
}

/// feeds.toml with the blocks that a draft has in place of its own, and the configuration that it makes.
pub(super) fn draft(file: &Path, path: &Path, text: &str) -> anyhow::Result<(String, Config)> {
    let draft = load::text(file)?;
    let text = blocks::lay(&draft, text)
        .map_err(|error| anyhow::anyhow!("{} or {}: is no TOML: {error}", file.display(), path.display()))?;
    let config = load::parse(file, &text)?;
    Ok((text, config))
}
