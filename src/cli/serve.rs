//! `tidewaiter serve`: shows the pages, and does what cron would do, by its own clock.

mod schedule;

use anyhow::Context as _;
use clap::Args;
use std::io;
use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;
use tokio::net::TcpListener;
use tokio::sync::{Notify, watch};
use tokio::time::timeout;

use super::run::How;
use super::{Ending, Now, Places, say, stop};
use crate::serve::calls::{self, Calls};
use crate::serve::health::{self, Health};
use crate::serve::site;
use crate::store::{Absent, Store};
use schedule::{Current, Schedule};

/// Answers that are under way when the program shall end get so long.
const LAST_ANSWERS: Duration = Duration::from_secs(5);

/// Show the pages, and ask and publish by the clock
#[derive(Debug, Args)]
#[command(after_help = "\
It runs until Ctrl-C or SIGTERM. A source is asked when its time has come, or
when its hub says that there is something new ([hub] in feeds.toml). A change of
feeds.toml or of an announcement is published within a minute. While there is a
mistake in feeds.toml, nothing is asked and nothing is published, and members
keep the pages they have. `refresh` may run beside it. Put a web server that
speaks https in front of it when others shall see it.

Examples:
  tidewaiter serve
  tidewaiter serve --listen 0.0.0.0:8080 -v
  tidewaiter serve --no-schedule         only show the pages and hear hubs
  curl http://127.0.0.1:8080/healthz     is it well? when does it run next?")]
pub(super) struct Serve {
    #[command(flatten)]
    places: Places,
    #[command(flatten)]
    now: Now,
    /// Where to show the pages and to hear hubs
    #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1:8080")]
    listen: SocketAddr,
    /// Don't ask sources and don't publish: cron does
    #[arg(long)]
    no_schedule: bool,
    /// With a new store, publish over the pages of another one
    #[arg(long)]
    anew: bool,
    /// Say what came of every source, every time
    #[arg(short, long)]
    verbose: bool,
}

impl Serve {
    pub(super) async fn run(self) -> anyhow::Result<Ending> {
        let stopped = stop::asked_for();
        let current = Current::read(&self.places.configuration.config)?;
        let listener = TcpListener::bind(self.listen)
            .await
            .with_context(|| format!("{}: cannot be listened at", self.listen))?;
        let output = self.places.output.clone();
        std::fs::create_dir_all(&output).with_context(|| format!("{}: cannot be made", output.display()))?;
        let store = Store::open(&self.places.memory.store, Absent::Made).await?;
        let (health, wake, clock) = (Arc::<Health>::default(), Arc::<Notify>::default(), self.now.clock());
        let calls = Calls {
            store: store.clone(),
            clock: Arc::clone(&clock),
            health: Arc::clone(&health),
            wake: Arc::clone(&wake),
            tell: say::note,
        };
        let more = health::router(Arc::clone(&health)).merge(calls::router(calls));
        let schedule = Schedule {
            places: self.places,
            how: How { anew: self.anew, json: false, verbose: self.verbose },
            asks: !self.no_schedule,
            store: store.clone(),
            clock,
            health,
            wake,
            current,
            last: None,
            told: None,
        };
        say::note(&format!(
            "showing {} at http://{}/ until Ctrl-C",
            output.display(),
            listener.local_addr()?
        ));
        let serve = |stopped| site(listener, output, more, stopped);
        let served = both(schedule.work(stopped), serve).await;
        store.close().await;
        served.map(|()| Ending::Well)
    }
}

/// Works and serves until the work ends, or the serving breaks.
async fn both<S>(work: impl Future<Output = ()>, serve: impl FnOnce(Stopped) -> S) -> anyhow::Result<()>
where
    S: Future<Output = io::Result<()>> + Send + 'static,
{
    let (stop, stopped) = watch::channel(());
    let mut serving = tokio::spawn(serve(Box::pin(gone(stopped))));
    tokio::select! {
        served = &mut serving => served.context("showing the pages")?.context("showing the pages"),
        () = work => {
            drop(stop);
            let _ = timeout(LAST_ANSWERS, serving).await;
            Ok(())
        }
    }
}

type Stopped = Pin<Box<dyn Future<Output = ()> + Send>>;

/// Ends when the sender is gone.
async fn gone(mut sender: watch::Receiver<()>) {
    while sender.changed().await.is_ok() {}
}
