//! `tidewaiter rules`: what editors do with the words that choose.

mod test;

use clap::{Args, Subcommand};

use super::Ending;

/// Try the rules, and find out what a change would do
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
}

impl Rules {
    pub(super) fn run(self) -> anyhow::Result<Ending> {
        match self.action {
            Action::Test(test) => test.run(),
        }
    }
}
