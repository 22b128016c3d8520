//! `tidewaiter rules`: what editors do with the words that choose.

mod backtest;
mod history;
mod lint;
mod restore;
mod save;
mod suggest;
mod test;

use clap::{Args, Subcommand};

use super::{Ending, Memory, say};
use crate::store::{Absent, Store};

/// Try the rules, see what a change would do, and go back
#[derive(Debug, Args)]
#[command(arg_required_else_help = true)]
pub(super) struct Rules {
    #[command(subcommand)]
    action: Action,
}

#[derive(Debug, Subcommand)]
enum Action {
    /// Judge entries that an editor has filed by hand, and say what the rules get wrong
    Test(test::Test),
    /// Find terms that are dead, redundant, too wide or in each other's way
    Lint(lint::RuleLint),
    /// Propose words that tell what editors want from what they don't
    Suggest(suggest::RuleSuggest),
    /// Say what a change of the rules would have done to the entries of the past
    Backtest(backtest::Backtest),
    /// Keep the rules of feeds.toml, or of a draft, as a version with your name
    Save(save::Save),
    /// List the versions of the rules: who changed what, when, and what it did
    History(history::History),
    /// Put the rules of an earlier version back into feeds.toml
    Restore(restore::Restore),
}

impl Rules {
    pub(super) async fn run(self) -> anyhow::Result<Ending> {
        match self.action {
            Action::Test(test) => test.run(),
            Action::Lint(lint) => lint.run().await,
            Action::Suggest(suggest) => suggest.run().await,
            Action::Backtest(backtest) => backtest.run().await,
            Action::Save(save) => save.run().await,
            Action::History(history) => history.run().await,
            Action::Restore(restore) => restore.run().await,
        }
    }
}

/// The store, if there is one; else a word about it: the rules alone say something too.
async fn store_if_any(memory: &Memory) -> anyhow::Result<Option<Store>> {
    if Store::file(&memory.store)?.is_some_and(|file| !file.exists()) {
        say::note(&format!("there is no store `{}`, so nothing is known of the past", memory.store));
        return Ok(None);
    }
    Ok(Some(Store::open(&memory.store, Absent::Fails).await?))
}
