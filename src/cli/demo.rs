//! `tidewaiter demo`: the main job on sample sources, over real HTTP, on this machine.

use anyhow::Context as _;
use chrono::{DateTime, Utc};
use clap::Args;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use tokio::net::TcpListener;

use super::refresh::Refresh;
use super::{Configuration, Ending, Memory, Now, Places, read_time, say, stop};
use crate::demo::{self, Origin};
use crate::serve;

/// The configuration whose words and topics the demo uses.
const SHIPPED: &str = include_str!("../../feeds.toml");

/// Run everything on sample sources over a server on this machine
///
/// The samples are of the winter of 2017/18, in our own words; without --now it is 15 January 2018.
/// One of the sources is down on purpose, so a demo ends with exit code 1.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  tidewaiter demo                             then open demo/output/index.html
  tidewaiter demo --serve             then open the address that it names
  tidewaiter demo --now 2018-02-11            the first conference is over
  cd demo && tidewaiter explain fish")]
pub(super) struct Demo {
    /// Where the demo keeps its feeds.toml, announcements and store
    #[arg(long, value_name = "FOLDER", default_value = "demo")]
    folder: PathBuf,
    /// Where entries are kept [default: tidewaiter.db in the demo's folder]
    #[arg(long, value_name = "ADDRESS")]
    store: Option<String>,
    /// The folder that is published [default: output in the demo's folder]
    #[arg(long, value_name = "FOLDER")]
    output: Option<PathBuf>,
    /// Act as if it were this time: 2018-01-15 or 2018-01-15T06:40:00Z
    #[arg(long, value_name = "TIME", value_parser = read_time, default_value = demo::NOW)]
    now: DateTime<Utc>,
    /// The port of the sample sources on 127.0.0.1; if it is taken, another one is found
    #[arg(long, value_name = "PORT", default_value_t = demo::PORT)]
    port: u16,
    /// Show the pages at this address until Ctrl-C
    #[arg(long, value_name = "ADDRESS", num_args = 0..=1, default_missing_value = "127.0.0.1:8018")]
    serve: Option<SocketAddr>,
    /// Print the report as one JSON value
    #[arg(long)]
    json: bool,
    /// Say what came of every source
    #[arg(short, long)]
    verbose: bool,
}

impl Demo {
    pub(super) async fn run(self) -> anyhow::Result<Ending> {
        let origin = Origin::start(self.port).await.context("starting the sample sources")?;
        let shown = match self.serve {
            Some(address) => Some(
                TcpListener::bind(address)
                    .await
                    .with_context(|| format!("{address}: cannot be listened at"))?,
            ),
            None => None,
        };
        let config = self.folder.join("feeds.toml");
        write_folder(&self.folder, &config, origin.address())?;
        let output = self.output.clone().unwrap_or_else(|| self.folder.join("output"));
        let store =
            self.store.unwrap_or_else(|| format!("sqlite:{}", self.folder.join("tidewaiter.db").display()));
        let refresh = Refresh {
            places: Places {
                configuration: Configuration { config },
                memory: Memory { store },
                output: output.clone(),
            },
            now: Now { now: Some(self.now) },
            source: Vec::new(),
            all: false,
            anew: true,
            json: self.json,
            verbose: self.verbose,
        };
        let ending = refresh.run().await?;
        origin.stop().await.context("stopping the sample sources")?;
        say::note(&format!(
            "the pages are in {}: open {}",
            output.display(),
            output.join("index.html").display()
        ));
        if let Some(listener) = shown {
            show(listener, output).await?;
        }
        Ok(ending)
    }
}

/// Writes the demo's feeds.toml and announcements; a store and pages from an earlier demo stay. A feeds.toml that is not
/// the demo's own is somebody's work.
fn write_folder(folder: &Path, config: &Path, origin: SocketAddr) -> anyhow::Result<()> {
    let text = demo::config(origin, SHIPPED);
    if std::fs::read_to_string(config).is_ok_and(|found| found.lines().next() != text.lines().next()) {
        anyhow::bail!(
            "{} is not the demo's: it would be overwritten; name another folder with --folder",
            config.display()
        );
    }
    let announcements = folder.join("announcements");
    std::fs::create_dir_all(&announcements)
        .with_context(|| format!("{}: cannot be made", announcements.display()))?;
    let write = |path: &Path, text: &str| {
        std::fs::write(path, text).with_context(|| format!("{}: cannot be written", path.display()))
    };
    write(config, &text)?;
    demo::ANNOUNCEMENTS.iter().try_for_each(|(name, text)| write(&announcements.join(name), text))
}

async fn show(listener: TcpListener, output: PathBuf) -> anyhow::Result<()> {
    say::note(&format!("showing them at http://{}/ until Ctrl-C", listener.local_addr()?));
    serve::folder(listener, output, stop::asked_for()).await.context("showing the pages")
}
