//! The clock of `serve`: sleeps until something is due or a hub calls, then does what `refresh` does.

use chrono::{DateTime, TimeDelta, Utc};
use std::path::{Path, PathBuf};
use std::pin::pin;
use std::sync::Arc;
use std::time::SystemTime;
use tokio::sync::Notify;

use crate::cli::lock::Lock;
use crate::cli::run::{self, How};
use crate::cli::{Places, Told, load, say};
use crate::collect::next::next;
use crate::collect::{Ask, next::Next};
use crate::config::Config;
use crate::serve::Clock;
use crate::serve::health::Health;
use crate::serve::subscribe;
use crate::store::Store;

/// After so long we look again, whatever we expect: a machine may have slept, a file may have changed.
const LONGEST_SLEEP: TimeDelta = TimeDelta::minutes(1);

/// Sources whose times lie close together are asked in one run, and a run that failed is not tried again sooner.
const SHORTEST_PAUSE: TimeDelta = TimeDelta::minutes(1);

/// Also when no source is due: events pass, and announcements wait for their day.
const LONGEST_PAUSE: TimeDelta = TimeDelta::hours(1);

/// What the clock needs, and what it remembers.
pub(super) struct Schedule {
    pub(super) places: Places,
    pub(super) how: How,
    /// False: others ask the sources, and we only hear hubs.
    pub(super) asks: bool,
    pub(super) store: Store,
    pub(super) clock: Clock,
    pub(super) health: Arc<Health>,
    pub(super) wake: Arc<Notify>,
    pub(super) current: Current,
    /// The last run; `None`: none yet.
    pub(super) last: Option<Run>,
    /// The failure that was told last, so that it is not told every minute.
    pub(super) told: Option<String>,
}

/// When a run began, and whether it came to its end.
#[derive(Debug, Clone, Copy)]
pub(super) struct Run {
    began: DateTime<Utc>,
    went: Went,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Went {
    On,
    Well,
    Wrong,
}

impl Schedule {
    /// Works until `stopped`. A run that asks sources is given up then: what is not saved is asked again by the next one.
    /// Publishing is not cut off.
    pub(super) async fn work(mut self, stopped: impl Future<Output = ()>) {
        let mut stopped = pin!(stopped);
        loop {
            let next = tokio::select! {
                biased;
                () = &mut stopped => break,
                next = self.turn() => next,
            };
            let pause = (next - (self.clock)()).clamp(TimeDelta::zero(), LONGEST_SLEEP);
            tokio::select! {
                biased;
                () = &mut stopped => break,
                () = self.wake.notified() => {}
                () = tokio::time::sleep(pause.to_std().unwrap_or_default()) => {}
            }
        }
        if self.last.is_some_and(|run| run.went == Went::On) {
            say::note("ended in the middle of a run: what was not saved yet is asked again by the next one");
        }
    }

    /// Does what there is to do, and says when there will be something again.
    async fn turn(&mut self) -> DateTime<Utc> {
        let now = (self.clock)();
        let has_changed = self.current.renew();
        let Some(config) = self.current.config.clone() else {
            self.health.cannot_run();
            return now + LONGEST_SLEEP;
        };
        let done = self.work_on(&config, now, has_changed).await;
        let next = self.once_told(done).unwrap_or(now + SHORTEST_PAUSE);
        self.health.runs_next(next);
        next
    }

    async fn work_on(
        &mut self,
        config: &Arc<Config>,
        now: DateTime<Utc>,
        has_changed: bool,
    ) -> anyhow::Result<DateTime<Utc>> {
        if self.asks && (has_changed || self.next_run(config, now).await? <= now) {
            self.run(config, now).await?;
        }
        let now = (self.clock)();
        let call = subscribe::keep(config, &self.store, now, say::note).await?;
        let run = if self.asks { Some(self.next_run(config, now).await?) } else { None };
        Ok(run.into_iter().chain(call).min().unwrap_or(now + LONGEST_PAUSE))
    }

    async fn next_run(&self, config: &Config, now: DateTime<Utc>) -> anyhow::Result<DateTime<Utc>> {
        let Some(last) = self.last else { return Ok(now) };
        Ok(next_run(last, next(config, &self.store, now).await?))
    }

    /// One run, as `refresh` does it.
    async fn run(&mut self, config: &Arc<Config>, now: DateTime<Utc>) -> anyhow::Result<()> {
        self.last = Some(Run { began: now, went: Went::Wrong });
        // Another run under way is no failure of ours.
        let _lock = Lock::take(&self.places.memory.store, &self.places.output)?;
        self.last = Some(Run { began: now, went: Went::On });
        let ended = run::once(config, &self.store, &self.places, &Ask::Due, self.how, now).await;
        let went = if ended.is_ok() { Went::Well } else { Went::Wrong };
        self.last = Some(Run { began: now, went });
        self.health.ran(now, ended.is_ok());
        self.how.anew &= ended.is_err();
        ended.map(|_| ())
    }

    /// The result; a failure is told, but not again and again.
    fn once_told<T>(&mut self, result: anyhow::Result<T>) -> Option<T> {
        let error = match result {
            Ok(done) => {
                self.told = None;
                return Some(done);
            }
            Err(error) => error,
        };
        let text = format!("{error:#}");
        if !error.is::<Told>() && self.told.as_ref() != Some(&text) {
            say::error(&format!("{text}; trying again every minute"));
        }
        self.told = Some(text);
        None
    }
}

/// When to run after a run. One that went wrong is tried again, also when no source is due: it may not have published.
fn next_run(last: Run, next: Next) -> DateTime<Utc> {
    let not_before = last.began + SHORTEST_PAUSE;
    if last.went != Went::Well {
        return not_before;
    }
    let scheduled = next.scheduled.map(|at| at.max(not_before));
    [scheduled, next.hinted].into_iter().flatten().fold(last.began + LONGEST_PAUSE, DateTime::min)
}

/// The configuration as it stands in its file now.
pub(super) struct Current {
    path: PathBuf,
    /// `None`: it cannot be read.
    text: Option<String>,
    announcements: Vec<(PathBuf, Option<SystemTime>)>,
    /// `None`: there is a mistake in it, which was told.
    config: Option<Arc<Config>>,
}

impl Current {
    /// To begin with, there must be no mistake in it.
    pub(super) fn read(path: &Path) -> anyhow::Result<Self> {
        let text = load::text(path)?;
        let config = Some(Arc::new(load::parse(path, &text)?));
        Ok(Self { path: path.to_owned(), text: Some(text), announcements: load::stamp(path), config })
    }

    /// Reads it again. True: it, or an announcement, is another one, without a mistake.
    fn renew(&mut self) -> bool {
        let text = load::text(&self.path);
        let announcements = load::stamp(&self.path);
        let is_same = text.as_ref().ok() == self.text.as_ref();
        if is_same {
            let is_news = announcements != self.announcements;
            self.announcements = announcements;
            return is_news && self.config.is_some();
        }
        let config = text.as_ref().map_err(|error| say::error(&format!("{error:#}"))).ok();
        let config = config.and_then(|text| load::parse(&self.path, text).ok());
        *self =
            Self { path: self.path.clone(), text: text.ok(), announcements, config: config.map(Arc::new) };
        self.config.is_some()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const RIGHT: &str = include_str!("../../demo/feeds.toml");

    /// A folder with a feeds.toml.
    fn begun() -> (tempfile::TempDir, PathBuf, Current) {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("feeds.toml");
        let text = RIGHT.replace("{origin}", "127.0.0.1:80");
        std::fs::write(&path, text).expect("written");
        let current = Current::read(&path).expect("no mistake");
        (folder, path, current)
    }

    fn change(path: &Path, from: &str, to: &str) {
        let text = std::fs::read_to_string(path).expect("read");
        std::fs::write(path, text.replace(from, to)).expect("written");
    }

    /// Minutes after a run began: when a source is due, when a hint is, and when the next run begins.
    fn check(went: Went, scheduled: Option<i64>, hinted: Option<i64>, runs: i64) {
        let began = DateTime::from_timestamp(1_516_000_000, 0).expect("a time");
        let at = |minutes| began + TimeDelta::minutes(minutes);
        let next = Next { scheduled: scheduled.map(at), hinted: hinted.map(at) };
        assert_eq!(next_run(Run { began, went }, next), at(runs), "{went:?} {scheduled:?} {hinted:?}");
    }

    #[test]
    fn a_run_begins_when_a_source_is_due_but_not_within_a_minute() {
        check(Went::Well, Some(20), None, 20);
        check(Went::Well, Some(0), None, 1);
        check(Went::Well, Some(-600), None, 1);
    }

    #[test]
    fn or_when_a_hub_says_so_at_once() {
        check(Went::Well, Some(20), Some(0), 0);
        check(Went::Well, None, Some(5), 5);
    }

    #[test]
    fn or_after_an_hour_whatever_is_due() {
        check(Went::Well, None, None, 60);
        check(Went::Well, Some(600), Some(600), 60);
    }

    #[test]
    fn what_went_wrong_is_tried_again_in_a_minute() {
        check(Went::Wrong, Some(600), None, 1);
        check(Went::Wrong, None, Some(0), 1);
    }

    #[test]
    fn a_change_of_the_configuration_is_seen_once() {
        let (_folder, path, mut current) = begun();
        assert!(!current.renew());
        change(&path, "The Bulletin", "The News");
        assert!(current.renew());
        assert!(!current.renew());
        assert_eq!(current.config.map(|config| config.site.title.clone()).as_deref(), Some("The News"));
    }

    #[test]
    fn with_a_mistake_nothing_runs_until_it_is_mended() {
        let (_folder, path, mut current) = begun();
        change(&path, "interval", "intervall");
        assert!(!current.renew() && current.config.is_none());
        change(&path, "intervall", "interval");
        assert!(current.renew() && current.config.is_some());
        std::fs::remove_file(&path).expect("removed");
        assert!(!current.renew() && current.config.is_none());
    }

    #[test]
    fn a_new_announcement_is_a_change_too() {
        let (folder, _, mut current) = begun();
        std::fs::create_dir(folder.path().join("announcements")).expect("made");
        std::fs::write(folder.path().join("announcements/a.md"), "x").expect("written");
        assert!(current.renew());
        assert!(!current.renew());
    }
}
