//! `tidewaiter rules`: what editors do with the words that choose.

mod backtest;
mod history;
mod restore;
mod save;
mod test;

use clap::{Args, Subcommand};

use super::Ending;

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
            Action::Backtest(backtest) => backtest.run().await,
            Action::Save(save) => save.run().await,
            Action::History(history) => history.run().await,
            Action::Restore(restore) => restore.run().await,
        }
    }
}
