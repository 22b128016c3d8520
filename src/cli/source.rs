//! `tidewaiter source`: what can be done with one source.

pub(super) mod test;

use clap::{Args, Subcommand};

use super::Ending;

/// Try one source, and see each step
#[derive(Debug, Args)]
pub(super) struct Source {
    #[command(subcommand)]
    action: Action,
}

#[derive(Debug, Subcommand)]
enum Action {
    /// Ask a source once and show each step; nothing is stored or published
    Test(test::Test),
}

impl Source {
    pub(super) async fn run(self) -> anyhow::Result<Ending> {
        match self.action {
            Action::Test(test) => test.run().await,
        }
    }
}
