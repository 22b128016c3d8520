//! `tidewaiter source …`: what concerns one source.

mod accept;

use clap::{Args, Subcommand};

use super::Ending;

/// Decide about a source
#[derive(Debug, Args)]
pub(super) struct Source {
    #[command(subcommand)]
    action: Action,
}

#[derive(Debug, Subcommand)]
enum Action {
    /// Release what waits because too much of a source was new at once
    Accept(accept::Accept),
}

impl Source {
    pub(super) async fn run(self) -> anyhow::Result<Ending> {
        match self.action {
            Action::Accept(accept) => accept.run().await,
        }
    }
}
