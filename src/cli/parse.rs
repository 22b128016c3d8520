//! `tidewaiter parse`: what the program reads out of a document.

use anyhow::Context as _;
use clap::Args;
use std::path::PathBuf;
use url::Url;

use super::{Ending, say};
use crate::parse::{self, Input, dump};

/// Show what is read out of a document, as JSON
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  tidewaiter parse feed.xml
  tidewaiter parse --base-url https://www.wto.org/ feed.xml
  tidewaiter parse --content-type 'text/xml; charset=windows-1251' feed.xml")]
pub(super) struct Parse {
    /// What relative links are relative to
    #[arg(long, value_name = "URL")]
    base_url: Option<Url>,
    /// The Content-Type that the server sent; its charset counts
    #[arg(long, value_name = "TYPE")]
    content_type: Option<String>,
    /// The document
    file: PathBuf,
}

impl Parse {
    pub(super) fn run(self) -> anyhow::Result<Ending> {
        let name = self.file.display();
        let bytes = std::fs::read(&self.file).with_context(|| format!("{name}: cannot be read"))?;
        let input = Input {
            bytes: &bytes,
            content_type: self.content_type.as_deref(),
            base: self.base_url.as_ref(),
            ..Input::default()
        };
        let document = parse::feed(input).with_context(|| format!("{name}: not a feed"))?;
        say::result(&dump::json(&document).to_string());
        Ok(Ending::Well)
    }
}
