//! `tidewaiter source`: what staff do with one source.

mod add;
mod tell;

use clap::{Args, Subcommand};

use super::Ending;

/// Find and add a source
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
}

impl Source {
    pub(super) async fn run(self) -> anyhow::Result<Ending> {
        match self.action {
            Action::Add(add) => add.run().await,
        }
    }
}
