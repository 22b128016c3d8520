//! When to ask a source next: a pure function of what just happened.

pub mod moves;
pub mod rhythm;

use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};
use url::Url;

use crate::identity::Policy;
use crate::identity::change::print_of;
use crate::model::source::{Source, SourceId};
use moves::{Moves, Witness};
use rhythm::Wishes;

/// A source that comes back is noticed within a day.
const LONGEST_BACKOFF: TimeDelta = TimeDelta::days(1);

/// A twentieth of its interval before its time, a source is due already.
const SLACK: i32 = 20;

/// A server may ask for a longer pause than ours, and gets it, up to a day: one request a day burdens nobody, and a pause
/// that was named by mistake (a counter that overflowed, the year 9999) must not silence a source.
const LONGEST_PAUSE: TimeDelta = TimeDelta::days(1);

/// After so many times that nothing was at an address, we hardly expect anything there.
const HARDLY_THERE: u32 = 4;

/// What is hardly there is asked once a week.
const LONGEST_ABSENCE: TimeDelta = TimeDelta::days(7);

/// What is gone for good is asked once a month, should somebody have said so by mistake.
const PROBE: TimeDelta = TimeDelta::days(30);

/// So that sources which failed together do not come back together: up to this part of the pause is added.
const JITTER: i32 = 8;

/// What a server gave us to ask "has it changed?": kept as they came, as a pair, byte for byte.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Validators {
    pub etag: Option<String>,
    pub last_modified: Option<String>,
    /// A print of what they are the validators of: the address that answered, and what we said that we accept. They are
    /// sent to nobody else. `None`: kept by a version that did not note it.
    pub of: Option<i64>,
}

/// What a source taught us about how it wants to be asked. These facts are read and written together; what
/// is nothing special is not written.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Manners {
    /// The median time between two of its entries, in seconds.
    #[serde(skip_serializing_if = "is_usual")]
    pub rhythm: Option<i64>,
    #[serde(skip_serializing_if = "is_usual")]
    pub wishes: Wishes,
    #[serde(skip_serializing_if = "is_usual")]
    pub moves: Moves,
    /// The kind of the last failure, in one word.
    #[serde(skip_serializing_if = "is_usual")]
    pub kind: Option<String>,
    /// How often in a row nothing was at its address (404).
    #[serde(skip_serializing_if = "is_usual")]
    pub absent: u32,
    /// 410
    #[serde(skip_serializing_if = "is_usual")]
    pub is_gone: bool,
    /// The address that the source itself proposes, as it was last told.
    #[serde(skip_serializing_if = "is_usual")]
    pub proposed: Option<String>,
}

fn is_usual<T: Default + PartialEq>(fact: &T) -> bool {
    *fact == T::default()
}

/// How a source stands: everything that is remembered of it between two runs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SourceState {
    pub id: SourceId,
    /// The address that `validators` and `body` belong to: under another one they mean nothing.
    pub url: String,
    pub validators: Validators,
    /// A print of the last body that was read, for servers that ignore validators.
    pub body: Option<i64>,
    /// `None`: never read.
    pub policy: Option<Policy>,
    /// When the newest entry it ever had was published.
    pub newest: Option<DateTime<Utc>>,
    /// `None` in no state that this version writes.
    pub next_poll: Option<DateTime<Utc>>,
    pub last_asked: DateTime<Utc>,
    pub last_read: Option<DateTime<Utc>>,
    /// Until then the server asked to be left alone (Retry-After): not even who names the source may ask.
    pub paused_until: Option<DateTime<Utc>>,
    /// In a row.
    pub failures: u32,
    /// The last failure, in words; `None` when the last answer was good.
    pub problem: Option<String>,
    /// Where the source says it lives now (301, 308), for staff to confirm.
    pub moved_to: Option<String>,
    /// The last good reading in a few numbers, as [`crate::contract::shape::Shape`] writes them: read only when there is
    /// something to hold against it.
    pub shape: Option<String>,
    pub manners: Manners,
}

impl SourceState {
    /// A source that was never asked.
    pub fn new(source: &Source, now: DateTime<Utc>) -> Self {
        Self::unasked(source.id.clone(), source.url.to_string(), now)
    }

    /// The same, by its id and address alone.
    pub fn unasked(id: SourceId, url: String, now: DateTime<Utc>) -> Self {
        Self {
            id,
            url,
            validators: Validators::default(),
            body: None,
            policy: None,
            newest: None,
            next_poll: Some(now),
            last_asked: now,
            last_read: None,
            paused_until: None,
            failures: 0,
            problem: None,
            moved_to: None,
            shape: None,
            manners: Manners::default(),
        }
    }

    /// The state to go on from: under a new address the source is due, and nothing is known of its bytes.
    #[must_use]
    pub fn at_address_of(mut self, source: &Source, now: DateTime<Utc>) -> Self {
        if self.url != source.url.as_str() {
            self.url = source.url.to_string();
            if self.manners.moves.adopted() == Some(source.url.as_str()) {
                // Staff wrote down what we do already.
                self.manners.moves = Moves::default();
                self.moved_to = None;
                return self;
            }
            self.manners = Manners::default();
            self.validators = Validators::default();
            self.body = None;
            self.next_poll = Some(now);
            self.paused_until = None;
            self.failures = 0;
            self.moved_to = None;
            self.shape = None;
        }
        self
    }

    /// Ever. Until then, `last_asked` is when we first meant to.
    pub fn was_asked(&self) -> bool {
        self.last_read.is_some() || self.failures > 0
    }

    pub fn is_due(&self, now: DateTime<Utc>) -> bool {
        let is_skipped = self.manners.wishes.is_skipped(now, self.last_asked);
        self.next_poll.is_some_and(|at| at <= now) && !is_skipped
    }

    /// The address to ask: the one in feeds.toml, or the one that it has long been leading to.
    pub fn address(&self, source: &Source) -> Url {
        self.manners.moves.address(&source.url)
    }

    /// The answer was read (or nothing had changed).
    pub fn answered(&mut self, now: DateTime<Utc>, interval: TimeDelta, fresh_for: Option<TimeDelta>) {
        self.last_asked = now;
        self.last_read = Some(now);
        self.paused_until = None;
        self.failures = 0;
        self.problem = None;
        self.manners.kind = None;
        self.manners.absent = 0;
        self.manners.is_gone = false;
        let interval = rhythm::adapted(interval, self.manners.rhythm);
        let next = next_poll(now, interval, Happened::Answered { fresh_for });
        self.next_poll = Some(self.manners.wishes.put_off(now, next));
    }

    /// A good answer came from where a source leads to for good, or from where we asked.
    pub fn led(&mut self, source: &Source, moved_to: Option<&Url>, witness: Witness, now: DateTime<Utc>) {
        self.manners.moves.answered(&source.url, moved_to, witness, now);
        let adopted = self.manners.moves.adopted().map(str::to_owned);
        self.moved_to = moved_to.map(Url::to_string).filter(|to| *to != self.url).or(adopted);
    }

    /// It could not be read. What was known of it, validators too, stays.
    pub fn failed(&mut self, now: DateTime<Utc>, interval: TimeDelta, why: Failure, problem: String) {
        self.last_asked = now;
        self.failures = self.failures.saturating_add(1);
        self.problem = Some(problem);
        self.manners.absent = if why == Failure::Absent { self.manners.absent.saturating_add(1) } else { 0 };
        self.manners.is_gone = why == Failure::Gone;
        self.manners.moves.failed();
        let in_a_row = self.failures;
        let happened = match why {
            Failure::Gone => Happened::Gone,
            Failure::Later(until) => Happened::Later { until, in_a_row },
            Failure::Absent if self.manners.absent >= HARDLY_THERE => Happened::Absent { in_a_row },
            Failure::Absent | Failure::Other => Happened::Failed { in_a_row },
        };
        let next = next_poll(now, interval, happened);
        // A time that the server named is kept to the second.
        let jitter = match why {
            Failure::Absent | Failure::Other => self.jitter(next - now),
            Failure::Gone | Failure::Later(_) => TimeDelta::zero(),
        };
        self.next_poll = Some(next + jitter);
        self.paused_until = matches!(why, Failure::Later(_)).then_some(self.next_poll).flatten();
    }

    /// The same for the same source and failure, so that a run can be repeated.
    fn jitter(&self, pause: TimeDelta) -> TimeDelta {
        let print = print_of(format!("{} {}", self.id, self.failures).as_bytes());
        let most = (pause / JITTER).num_seconds();
        TimeDelta::seconds(print.rem_euclid(most.max(0) + 1))
    }

    /// The run was over before it was its turn: it is asked by a later one.
    pub fn put_off(&mut self, until: DateTime<Utc>) {
        self.next_poll = Some(until);
    }
}

/// What kind of failure, as far as the next poll depends on it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Failure {
    Gone,
    Later(Option<DateTime<Utc>>),
    /// Nothing is at its address (404).
    Absent,
    Other,
}

/// What just happened with a source.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Happened {
    /// New bytes or none: it answered. The server may ask us to wait longer than our own interval.
    Answered { fresh_for: Option<TimeDelta> },
    /// It asked us to come back later, and perhaps named a time.
    Later { until: Option<DateTime<Utc>>, in_a_row: u32 },
    /// It failed, this many times in a row.
    Failed { in_a_row: u32 },
    /// Nothing was at its address, and that for a long time; it failed this many times in a row.
    Absent { in_a_row: u32 },
    /// Gone for good.
    Gone,
}

/// When to ask next.
fn next_poll(now: DateTime<Utc>, interval: TimeDelta, happened: Happened) -> DateTime<Utc> {
    match happened {
        Happened::Answered { fresh_for } => {
            // Cron never starts at the same second: with the whole interval, a run that starts a moment early would
            // leave the source for the next one.
            let own = interval - interval / SLACK;
            now + fresh_for.unwrap_or(TimeDelta::zero()).min(LONGEST_BACKOFF).max(own)
        }
        Happened::Later { until, in_a_row } => {
            let pause = until.map_or(TimeDelta::zero(), |at| at - now).min(LONGEST_PAUSE);
            now + pause.max(backoff(interval, in_a_row, LONGEST_BACKOFF))
        }
        Happened::Failed { in_a_row } => now + backoff(interval, in_a_row, LONGEST_BACKOFF),
        Happened::Absent { in_a_row } => now + backoff(interval, in_a_row, LONGEST_ABSENCE),
        Happened::Gone => now + PROBE,
    }
}

/// The first failure costs one interval, each further one twice as much, up to the longest.
fn backoff(interval: TimeDelta, in_a_row: u32, longest: TimeDelta) -> TimeDelta {
    let factor = 2_i32.saturating_pow(in_a_row.saturating_sub(1).min(16));
    interval.checked_mul(factor).unwrap_or(longest).min(longest.max(interval))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn now() -> DateTime<Utc> {
        DateTime::from_timestamp(1_516_000_000, 0).expect("a time")
    }

    fn check(happened: Happened, minutes: i64) {
        let wait = next_poll(now(), TimeDelta::hours(6), happened) - now();
        assert_eq!(wait.num_minutes(), minutes, "{happened:?}");
    }

    #[test]
    fn an_answer_waits_the_interval_or_longer_if_asked() {
        check(Happened::Answered { fresh_for: None }, 342);
        check(Happened::Answered { fresh_for: Some(TimeDelta::minutes(5)) }, 342);
        check(Happened::Answered { fresh_for: Some(TimeDelta::hours(8)) }, 480);
        check(Happened::Answered { fresh_for: Some(TimeDelta::days(365)) }, 24 * 60);
    }

    #[test]
    fn failures_wait_twice_as_long_each_up_to_a_day() {
        for (in_a_row, hours) in [(1, 6), (2, 12), (3, 24), (4, 24), (u32::MAX, 24)] {
            check(Happened::Failed { in_a_row }, hours * 60);
        }
    }

    #[test]
    fn what_is_hardly_there_waits_up_to_a_week() {
        for (in_a_row, hours) in [(4, 48), (5, 96), (6, 168), (u32::MAX, 168)] {
            check(Happened::Absent { in_a_row }, hours * 60);
        }
    }

    #[test]
    fn a_named_time_is_kept_up_to_a_day() {
        let later = |hours| Happened::Later { until: Some(now() + TimeDelta::hours(hours)), in_a_row: 1 };
        check(later(0), 6 * 60);
        check(later(-5), 6 * 60);
        check(later(23), 23 * 60);
        check(later(25), 24 * 60);
        check(later(100_000), 24 * 60);
        check(Happened::Later { until: None, in_a_row: 1 }, 6 * 60);
    }

    #[test]
    fn what_is_gone_is_tried_once_a_month() {
        check(Happened::Gone, 30 * 24 * 60);
    }

    /// The pauses after failures in a row, in minutes, of a source with this name.
    fn pauses(id: &str, why: Failure, times: usize) -> Vec<i64> {
        let id = SourceId::parse(id).expect("an id");
        let mut state = SourceState::unasked(id, String::new(), now());
        let mut pause = || {
            state.failed(now(), TimeDelta::hours(6), why, "why".to_owned());
            (state.next_poll.expect("a time") - now()).num_minutes()
        };
        (0..times).map(|_| pause()).collect()
    }

    #[test]
    fn sources_that_fail_together_do_not_come_back_together_and_never_too_soon() {
        let all: Vec<i64> = (0..50).map(|n| pauses(&format!("s{n}"), Failure::Other, 1)[0]).collect();
        assert!(all.iter().all(|pause| (360..=405).contains(pause)), "{all:?}");
        assert!(all.iter().collect::<std::collections::HashSet<_>>().len() > 20, "{all:?}");
        assert_eq!(pauses("one", Failure::Other, 5), pauses("one", Failure::Other, 5), "the same each time");
        let asked = Failure::Later(Some(now() + TimeDelta::hours(20)));
        assert_eq!(pauses("one", asked, 1)[0], 20 * 60);
    }

    #[test]
    fn nothing_at_an_address_slows_us_down_more_than_a_fault() {
        let day = 24 * 60;
        assert!(pauses("one", Failure::Other, 9).iter().all(|pause| *pause <= day + day / 8));
        assert!(pauses("one", Failure::Absent, 9).iter().any(|pause| *pause >= 7 * day));
    }
}
