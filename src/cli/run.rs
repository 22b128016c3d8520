//! One run: collect, compose, publish, and the report of it.

mod lonely;
mod publication;

use anyhow::Context as _;
use chrono::{DateTime, Utc};
use serde::Serialize;
use std::path::Path;
use std::sync::Arc;

use super::{Ending, Places, load, say};
use crate::collect::report::{SourceReport, State};
use crate::collect::{self, Ask};
use crate::config::Config;
use crate::fetch::Client;
use crate::model::source::SourceId;
use crate::publish::Published;
use crate::store::Store;
use publication::Publication;
pub(super) use publication::{Pages, publish};

/// What a run came to.
#[derive(Debug, Serialize)]
struct Report {
    now: DateTime<Utc>,
    sources: Vec<SourceReport>,
    announcements_with_mistakes: usize,
    /// `None`: not published.
    published: Option<Published>,
}

/// What a person wants of a run.
#[derive(Debug, Clone, Copy)]
pub(super) struct How {
    /// With a new store, publish over the pages of another one.
    pub(super) anew: bool,
    pub(super) json: bool,
    pub(super) verbose: bool,
}

/// One whole run: asks the sources, publishes, and says what came of it.
pub(super) async fn once(
    config: &Arc<Config>,
    store: &Store,
    places: &Places,
    ask: &Ask,
    how: How,
    now: DateTime<Utc>,
) -> anyhow::Result<Ending> {
    let sources = collect(config, store, ask, now, how.verbose).await?;
    let published = publish(config, store, places, how.anew, Pages::IfNew, now).await;
    tell(now, sources, published, places, how.json, how.verbose)
}

/// The source that a person names, if it is in use.
pub(super) fn named(config: &Config, name: &str) -> anyhow::Result<SourceId> {
    let (_, source) = load::named(config, name)?;
    if !source.enabled {
        anyhow::bail!("source `{name}` is switched off: set `enabled = true` in feeds.toml first");
    }
    Ok(source.id.clone())
}

/// Asks the sources.
async fn collect(
    config: &Arc<Config>,
    store: &Store,
    ask: &Ask,
    now: DateTime<Utc>,
    verbose: bool,
) -> anyhow::Result<Vec<SourceReport>> {
    let client = Arc::new(Client::new(&config.fetch).context("preparing to ask the sources")?);
    let is_watched = say::to_a_person();
    let reports = collect::collect(config, &client, store, ask, now, |report, done, of| {
        if verbose {
            say::progress("");
            say::note(&line(report));
        }
        if is_watched {
            say::progress(&format!("asked {done} of {of} sources"));
        }
    })
    .await;
    say::progress("");
    reports.context("collecting")
}

/// Prints the report of a run: as JSON for a program; for a person what happened; for cron only what went wrong. What the
/// sources said is told also when publishing failed.
pub(super) fn tell(
    now: DateTime<Utc>,
    sources: Vec<SourceReport>,
    publication: anyhow::Result<Publication>,
    places: &Places,
    json: bool,
    verbose: bool,
) -> anyhow::Result<Ending> {
    let (publication, error) = match publication {
        Ok(publication) => (Some(publication), None),
        Err(error) => (None, Some(error)),
    };
    let report = Report {
        now,
        sources,
        announcements_with_mistakes: publication.as_ref().map_or(0, |p| p.announcements_with_mistakes),
        published: publication.map(|publication| publication.published),
    };
    if json {
        say::result(&serde_json::to_string(&report).context("writing the report")?);
    } else {
        tell_a_person(&report, places, verbose);
    }
    let failed =
        report.sources.iter().any(SourceReport::is_failure) || report.announcements_with_mistakes > 0;
    match error {
        Some(error) => Err(error),
        None if failed => Ok(Ending::Partly),
        None => Ok(Ending::Well),
    }
}

fn tell_a_person(report: &Report, places: &Places, verbose: bool) {
    let is_watched = say::to_a_person() || verbose;
    let is_of_now = |source: &SourceReport| source.asked || source.state == State::Left;
    for source in report.sources.iter().filter(|source| !(verbose && is_of_now(source))) {
        if is_news_to_staff(source) && (is_of_now(source) || is_watched) {
            say::note(&line(source));
        }
    }
    if report.announcements_with_mistakes > 0 {
        let count = report.announcements_with_mistakes;
        say::note(&format!("{count} of the announcements cannot be shown until they are mended (see above)"));
    }
    if is_watched {
        say::note(&summary(report, &places.output));
    }
}

/// Failures, held entries, and a move when it is first seen; flaws that were mended are for those who ask.
fn is_news_to_staff(source: &SourceReport) -> bool {
    let is_empty = source.state == State::Read && source.entries == 0;
    source.is_failure()
        || source.state == State::Held
        || source.held > 0
        || source.withdrawn > 0
        || source.has_just_moved
        || source.proposed.is_some()
        || is_empty
}

fn summary(report: &Report, output: &Path) -> String {
    let sum = |count: fn(&SourceReport) -> usize| report.sources.iter().map(count).sum::<usize>();
    let failed = report.sources.iter().filter(|source| source.asked && source.is_failure()).count();
    let asked = format!(
        "asked {} sources, {failed} failed: {} new entries, {} changed{}",
        report.sources.iter().filter(|source| source.asked).count(),
        sum(|source| source.new),
        sum(|source| source.changed),
        withdrawn(sum(|source| source.withdrawn))
    );
    match &report.published {
        None => asked,
        Some(published) => format!(
            "{asked}\n{}: {} pages written, {} unchanged, {} removed",
            output.join("index.html").display(),
            published.written.len(),
            published.unchanged,
            published.removed.len()
        ),
    }
}

/// One source in one line: what came of it, and what to do about it.
pub(super) fn line(source: &SourceReport) -> String {
    let mut parts = vec![format!("source `{}`: {}", source.source, what_came(source))];
    if !source.asked && source.state != State::Left {
        parts.push("not asked this time".to_owned());
    }
    if source.is_failure() {
        if source.failures > 1 {
            parts.push(format!("{} failures in a row", source.failures));
        }
        parts.push(match source.next_poll {
            Some(at) => format!("next try {}", at.format("%-d %B %Y %H:%M UTC")),
            None => "not asked yet".to_owned(),
        });
        parts.push("what it said before stays published".to_owned());
    }
    parts.extend(source.flaws.iter().cloned());
    parts.extend(
        source.moved_to.as_ref().map(
            |moved| {
                if source.is_adopted { say::adopted(moved) } else { say::moved(moved) }
            },
        ),
    );
    parts.extend(source.proposed.as_ref().map(|address| say::proposed(address)));
    parts.join("; ")
}

/// Rare enough to be told only where there is one.
fn withdrawn(count: usize) -> String {
    if count == 0 { String::new() } else { format!(", {count} withdrawn at source") }
}

fn what_came(source: &SourceReport) -> String {
    match source.state {
        State::Read if source.entries == 0 => "it answers, but there is no entry in it".to_owned(),
        State::Read => format!(
            "{} entries, {} new, {} changed{}",
            source.entries,
            source.new,
            source.changed,
            withdrawn(source.withdrawn)
        ),
        State::Unchanged => "nothing new".to_owned(),
        State::Resting => "all was well the last time".to_owned(),
        State::Failed | State::Later | State::Left | State::Gone | State::Held => {
            source.message.clone().unwrap_or_default()
        }
    }
}
