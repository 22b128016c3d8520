//! `tidewaiter schema`: the JSON Schema of feeds.toml.

use anyhow::Context as _;
use clap::Args;

use super::{Ending, say};
use crate::config;

/// Print the JSON Schema of feeds.toml, for editors that complete and check while you type
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  tidewaiter schema > feeds.schema.json
  # and let feeds.toml begin with this line:
  #:schema ./feeds.schema.json")]
pub(super) struct Schema {}

impl Schema {
    pub(super) fn run() -> anyhow::Result<Ending> {
        say::result(&serde_json::to_string_pretty(&config::schema()).context("writing the schema")?);
        Ok(Ending::Well)
    }
}
