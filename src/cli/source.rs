//! `tidewaiter source`: what staff do with one source.

mod accept;
mod add;
mod tell;
pub(super) mod test;

use clap::{Args, Subcommand};

use super::Ending;

/// Find, add, try and decide about sources
#[derive(Debug, Args)]
#[command(arg_required_else_help = true)]
pub(super) struct Source {
    #[command(subcommand)]
    action: Action,
}

#[derive(Debug, Subcommand)]
enum Action {
    /// Find out how an address can be read, and write its block into feeds.toml
    Add(add::Add),
    /// Ask a source once and show each step; nothing is stored or published
    Test(test::Test),
    /// Release what waits because too much of a source was new at once
    Accept(accept::Accept),
}

impl Source {
    pub(super) async fn run(self) -> anyhow::Result<Ending> {
        match self.action {
            Action::Add(add) => add.run().await,
            Action::Test(test) => test.run().await,
            Action::Accept(accept) => accept.run().await,
        }
    }
}
