//! The command line: what a person types, and what the program says.

mod check;
mod decide;
mod demo;
mod explain;
mod find;
mod load;
mod lock;
mod parse;
mod publish;
mod refresh;
mod replace;
mod review;
mod rules;
mod run;
mod say;
mod schema;
mod source;
mod serve;
mod stop;
mod who;

use anyhow::Context as _;
use chrono::{DateTime, NaiveDate, NaiveTime, SubsecRound as _, TimeDelta, Utc};
use clap::{Args, Parser, Subcommand};
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Instant;

use crate::serve::Clock;

/// Reads what customs and trade institutions publish and makes one curated publication of it.
#[derive(Debug, Parser)]
#[command(
    name = "tidewaiter",
    version,
    arg_required_else_help = true,
    after_help = "\
Exit codes:
  0  all went well
  1  published, but a source failed or an announcement has a mistake
  2  nothing was published

Examples:
  tidewaiter demo --serve    see it work, with sample sources, without the net
  tidewaiter check           is feeds.toml right? are the announcements?
  tidewaiter refresh         what cron runs: ask the sources, publish
  tidewaiter serve           the same by its own clock, and shows the pages
  tidewaiter explain MC11    why an entry is published, or isn't
  tidewaiter review          what waits for an editor"
)]
struct Line {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Ask the sources that are due, and publish
    Refresh(refresh::Refresh),
    /// Show the pages, and ask and publish by the clock
    Serve(serve::Serve),
    /// Publish again from the store, without asking any source
    Publish(publish::Publish),
    /// Check feeds.toml and the announcements, and with --live every source
    Check(check::Check),
    /// Find, add, try and decide about sources
    Source(source::Source),
    /// Try the rules, see what a change would do, and go back
    Rules(rules::Rules),
    /// Say why an entry is, or isn't, published
    Explain(explain::Explain),
    /// List what waits for an editor
    Review(review::Review),
    /// Accept, reject, pin, retitle, introduce or file an entry, whatever the rules say
    Decide(decide::Decide),
    /// Show what is read out of a document, as JSON
    Parse(parse::Parse),
    /// Print the JSON Schema of feeds.toml, for editors that complete and check while you type
    Schema(schema::Schema),
    /// Run everything on sample sources over a server on this machine
    Demo(demo::Demo),
}

/// Where the configuration is.
#[derive(Debug, Clone, Args)]
struct Configuration {
    /// The configuration; announcements/ is looked for beside it
    #[arg(long, value_name = "FILE", default_value = "feeds.toml")]
    config: PathBuf,
}

/// Where entries are kept.
#[derive(Debug, Clone, Args)]
struct Memory {
    /// Where entries are kept
    #[arg(long, value_name = "ADDRESS", default_value = "sqlite:tidewaiter.db", env = "TIDEWAITER_STORE")]
    store: String,
}

/// Where everything is.
#[derive(Debug, Clone, Args)]
struct Places {
    #[command(flatten)]
    configuration: Configuration,
    #[command(flatten)]
    memory: Memory,
    /// The folder that is published
    #[arg(long, value_name = "FOLDER", default_value = "output")]
    output: PathBuf,
}

/// The time of the run.
#[derive(Debug, Clone, Args)]
struct Now {
    /// Act as if it were this time: 2018-01-15 or 2018-01-15T06:40:00Z
    #[arg(long, value_name = "TIME", value_parser = read_time)]
    now: Option<DateTime<Utc>>,
}

impl Now {
    /// The time given, else the clock's, in whole seconds: one time for the whole run.
    #[expect(clippy::disallowed_methods, reason = "the one place that reads the clock")]
    fn time(&self) -> DateTime<Utc> {
        self.now.unwrap_or_else(Utc::now).trunc_subsecs(0)
    }

    /// For a program that goes on: the time given is when it began.
    fn clock(&self) -> Clock {
        let (began, started) = (self.now, Instant::now());
        Arc::new(move || match began {
            Some(began) => {
                (began + TimeDelta::from_std(started.elapsed()).unwrap_or_default()).trunc_subsecs(0)
            }
            None => Self { now: None }.time(),
        })
    }
}

fn read_time(text: &str) -> Result<DateTime<Utc>, String> {
    if let Ok(day) = text.parse::<NaiveDate>() {
        return Ok(day.and_time(NaiveTime::MIN).and_utc());
    }
    DateTime::parse_from_rfc3339(text)
        .map(|time| time.to_utc())
        .map_err(|_| "expected a day like 2018-01-15, or a time like 2018-01-15T06:40:00Z".to_owned())
}

/// How a command ended; see the exit codes in `--help`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Ending {
    Well,
    /// Published, or answered, but something is wrong.
    Partly,
    Nothing,
}

/// An error that a person has been told of already, with more than fits in a line.
#[derive(Debug, thiserror::Error)]
#[error("told above")]
struct Told;

/// Reads the command line and does what it says.
pub fn run() -> ExitCode {
    let line = Line::parse();
    quiet_parsers();
    let ended = threads(&line.command).enable_all().build().context("starting").and_then(|runtime| {
        let ended = runtime.block_on(command(line.command));
        // A parser that ran out of its time is not waited for.
        runtime.shutdown_background();
        ended
    });
    let ending = ended.unwrap_or_else(|error| {
        if !error.is::<Told>() {
            say::error(&format!("{error:#}"));
        }
        Ending::Nothing
    });
    ExitCode::from(match ending {
        Ending::Well => 0,
        Ending::Partly => 1,
        Ending::Nothing => 2,
    })
}

/// Who shows pages while it works needs several threads. All others ask and save in one (documents have threads of their
/// own in any case): to hand every answer from thread to thread cost half of a run without news.
fn threads(command: &Command) -> tokio::runtime::Builder {
    match command {
        Command::Serve(_) | Command::Demo(_) => tokio::runtime::Builder::new_multi_thread(),
        Command::Refresh(_)
        | Command::Publish(_)
        | Command::Check(_)
        | Command::Source(_)
        | Command::Rules(_)
        | Command::Explain(_)
        | Command::Review(_)
        | Command::Decide(_)
        | Command::Parse(_)
        | Command::Schema(_) => tokio::runtime::Builder::new_current_thread(),
    }
}

/// A parser that breaks on a document is a row in the report; its panic is no mail for whoever reads cron's.
fn quiet_parsers() {
    let loud = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |panic| {
        if std::thread::current().name() == Some("main") {
            loud(panic);
        }
    }));
}

async fn command(command: Command) -> anyhow::Result<Ending> {
    match command {
        Command::Refresh(refresh) => refresh.run().await,
        Command::Serve(serve) => serve.run().await,
        Command::Publish(publish) => publish.run().await,
        Command::Check(check) => check.run().await,
        Command::Source(source) => source.run().await,
        Command::Rules(rules) => rules.run().await,
        Command::Explain(explain) => explain.run().await,
        Command::Review(review) => review.run().await,
        Command::Decide(decide) => decide.run().await,
        Command::Parse(parse) => parse.run(),
        Command::Schema(schema::Schema {}) => schema::Schema::run(),
        Command::Demo(demo) => demo.run().await,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::CommandFactory as _;

    /// clap would break longer lines once more, in the middle of an example.
    #[test]
    fn what_stands_behind_the_options_fits_a_terminal() {
        fn check(command: &clap::Command) {
            let after = command.get_after_help().map(ToString::to_string).unwrap_or_default();
            for line in after.lines() {
                assert!(line.chars().count() <= 80, "{}: {line}", command.get_name());
            }
            command.get_subcommands().for_each(check);
        }
        check(&Line::command());
    }
}
