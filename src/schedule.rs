//! When to ask a source next: a pure function of what just happened.

use chrono::{DateTime, TimeDelta, Utc};

use crate::identity::Policy;
use crate::model::source::{Source, SourceId};

/// A source that comes back is noticed within a day.
const LONGEST_BACKOFF: TimeDelta = TimeDelta::days(1);

/// A twentieth of its interval before its time, a source is due already.
const SLACK: i32 = 20;

/// A server may ask for a longer pause than ours, but not for ever.
const LONGEST_PAUSE: TimeDelta = TimeDelta::days(14);

/// What a server gave us to ask "has it changed?": kept as they came, as a pair, byte for byte.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Validators {
    pub etag: Option<String>,
    pub last_modified: Option<String>,
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
    /// `None`: not until a person looks.
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
}

impl SourceState {
    /// A source that was never asked.
    pub fn new(source: &Source, now: DateTime<Utc>) -> Self {
        Self {
            id: source.id.clone(),
            url: source.url.to_string(),
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
        }
    }

    /// The state to go on from: under a new address the source is due, and nothing is known of its bytes.
    #[must_use]
    pub fn at_address_of(mut self, source: &Source, now: DateTime<Utc>) -> Self {
        if self.url != source.url.as_str() {
            self.url = source.url.to_string();
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

    pub fn is_due(&self, now: DateTime<Utc>) -> bool {
        self.next_poll.is_some_and(|at| at <= now)
    }

    /// The answer was read (or nothing had changed).
    pub fn answered(&mut self, now: DateTime<Utc>, interval: TimeDelta, fresh_for: Option<TimeDelta>) {
        self.last_asked = now;
        self.last_read = Some(now);
        self.paused_until = None;
        self.failures = 0;
        self.problem = None;
        self.next_poll = next_poll(now, interval, Happened::Answered { fresh_for });
    }

    /// It could not be read. What was known of it, validators too, stays.
    pub fn failed(&mut self, now: DateTime<Utc>, interval: TimeDelta, why: Failure, problem: String) {
        self.last_asked = now;
        self.failures = self.failures.saturating_add(1);
        self.problem = Some(problem);
        let in_a_row = self.failures;
        let happened = match why {
            Failure::Gone => Happened::Gone,
            Failure::Later(until) => Happened::Later { until, in_a_row },
            Failure::Other => Happened::Failed { in_a_row },
        };
        self.next_poll = next_poll(now, interval, happened);
        self.paused_until = matches!(why, Failure::Later(_)).then_some(self.next_poll).flatten();
    }
}

/// What kind of failure, as far as the next poll depends on it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Failure {
    Gone,
    Later(Option<DateTime<Utc>>),
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
    /// Gone for good.
    Gone,
}

/// When to ask next; `None`: not until a person looks.
pub fn next_poll(now: DateTime<Utc>, interval: TimeDelta, happened: Happened) -> Option<DateTime<Utc>> {
    match happened {
        Happened::Answered { fresh_for } => {
            // Cron never starts at the same second: with the whole interval, a run that starts a moment early would
            // leave the source for the next one.
            let own = interval - interval / SLACK;
            Some(now + fresh_for.unwrap_or(TimeDelta::zero()).min(LONGEST_BACKOFF).max(own))
        }
        Happened::Later { until, in_a_row } => {
            let pause = until.map_or(TimeDelta::zero(), |at| at - now).min(LONGEST_PAUSE);
            Some(now + pause.max(backoff(interval, in_a_row)))
        }
        Happened::Failed { in_a_row } => Some(now + backoff(interval, in_a_row)),
        Happened::Gone => None,
    }
}

/// The first failure costs one interval, each further one twice as much, up to [`LONGEST_BACKOFF`].
fn backoff(interval: TimeDelta, in_a_row: u32) -> TimeDelta {
    let factor = 2_i32.saturating_pow(in_a_row.saturating_sub(1).min(16));
    interval.checked_mul(factor).unwrap_or(LONGEST_BACKOFF).min(LONGEST_BACKOFF.max(interval))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(happened: Happened, minutes: Option<i64>) {
        let now = DateTime::from_timestamp(1_516_000_000, 0).expect("a time");
        let wait = next_poll(now, TimeDelta::hours(6), happened).map(|at| (at - now).num_minutes());
        assert_eq!(wait, minutes, "{happened:?}");
    }

    #[test]
    fn an_answer_waits_the_interval_or_longer_if_asked() {
        check(Happened::Answered { fresh_for: None }, Some(342));
        check(Happened::Answered { fresh_for: Some(TimeDelta::minutes(5)) }, Some(342));
        check(Happened::Answered { fresh_for: Some(TimeDelta::hours(8)) }, Some(480));
        check(Happened::Answered { fresh_for: Some(TimeDelta::days(365)) }, Some(24 * 60));
    }

    #[test]
    fn failures_wait_twice_as_long_each_up_to_a_day() {
        for (in_a_row, hours) in [(1, 6), (2, 12), (3, 24), (4, 24), (u32::MAX, 24)] {
            check(Happened::Failed { in_a_row }, Some(hours * 60));
        }
    }

    #[test]
    fn a_named_time_is_kept_but_neither_zero_nor_for_ever() {
        let now = DateTime::from_timestamp(1_516_000_000, 0).expect("a time");
        let later = |hours| Happened::Later { until: Some(now + TimeDelta::hours(hours)), in_a_row: 1 };
        check(later(0), Some(6 * 60));
        check(later(-5), Some(6 * 60));
        check(later(48), Some(48 * 60));
        check(later(100_000), Some(14 * 24 * 60));
        check(Happened::Later { until: None, in_a_row: 1 }, Some(6 * 60));
    }

    #[test]
    fn what_is_gone_is_not_asked_again() {
        check(Happened::Gone, None);
    }
}
