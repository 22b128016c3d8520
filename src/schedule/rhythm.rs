//! A source's own rhythm: how often it says something, and when it does not want to be asked.

use chrono::{DateTime, Datelike, TimeDelta, Timelike, Utc};
use serde::{Deserialize, Serialize};

use super::LONGEST_BACKOFF;
use crate::parse::document::{About, ParsedEntry};

/// Fewer dated entries say nothing of a rhythm.
const ENOUGH: usize = 8;

/// What was said long ago says nothing of today's rhythm.
const NEWEST: usize = 32;

/// So many requests for each entry: it is noticed within an eighth of the time to the next one.
const REQUESTS_PER_ENTRY: i32 = 8;

/// A rhythm slows us down to this many of the intervals that feeds.toml sets, and to a day.
const MOST_INTERVALS: i32 = 4;

/// The longest that a source's own wishes hold us off: a long weekend.
const LONGEST_WISH: TimeDelta = TimeDelta::days(3);

const ALL_HOURS: u32 = (1 << 24) - 1;
const ALL_DAYS: u8 = (1 << 7) - 1;

/// The median time between two entries of a document, in seconds; `None` if too few of them have a date.
pub fn rhythm(entries: &[ParsedEntry]) -> Option<i64> {
    let mut times: Vec<i64> =
        entries.iter().filter_map(|entry| entry.published).map(|time| time.timestamp()).collect();
    if times.len() < ENOUGH {
        return None;
    }
    times.sort_unstable_by(|a, b| b.cmp(a));
    times.truncate(NEWEST);
    let mut gaps: Vec<i64> =
        times.iter().zip(times.iter().skip(1)).map(|(later, sooner)| later - sooner).collect();
    gaps.sort_unstable();
    gaps.get(gaps.len() / 2).copied()
}

/// The interval for a source of this rhythm: never shorter than the one that feeds.toml sets.
pub(super) fn adapted(interval: TimeDelta, rhythm: Option<i64>) -> TimeDelta {
    let slowest = (interval * MOST_INTERVALS).min(LONGEST_BACKOFF).max(interval);
    let own = rhythm.and_then(TimeDelta::try_seconds).unwrap_or_default() / REQUESTS_PER_ENTRY;
    own.clamp(interval, slowest)
}

/// When a feed says that it wants to be asked: the durable part of its `ttl`, `skipHours`, `skipDays` and `sy:` elements.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Wishes {
    /// Seconds between two requests, at least.
    every: Option<u32>,
    /// Seconds between two updates, and a time of one of them.
    updates: Option<(u32, i64)>,
    skip_hours: u32,
    skip_days: u8,
}

impl Wishes {
    pub fn of(about: &About) -> Self {
        let pace = about.pace;
        let updates = pace.period.zip(pace.base.map(|base| base.timestamp()));
        // With a base we know when the next update is, which may be sooner than one period from now.
        let period = pace.period.filter(|_| updates.is_none());
        Self {
            every: about.ttl.map(|minutes| minutes.saturating_mul(60)).max(period).filter(|every| *every > 0),
            updates: updates.filter(|(period, _)| *period > 0),
            // Who never wants to be asked has not said when.
            skip_hours: if pace.skip_hours & ALL_HOURS == ALL_HOURS { 0 } else { pace.skip_hours },
            skip_days: if pace.skip_days & ALL_DAYS == ALL_DAYS { 0 } else { pace.skip_days },
        }
    }

    /// The time to ask, put off as far as the feed wants; `at` is when we should ask otherwise.
    pub(super) fn put_off(self, now: DateTime<Utc>, at: DateTime<Utc>) -> DateTime<Utc> {
        let every = TimeDelta::seconds(self.every.unwrap_or_default().into()).min(LONGEST_BACKOFF);
        let at = at.max(now + every).max(self.next_update(now));
        (0..24 * 7)
            .map(|hours| if hours == 0 { at } else { hour_of(at) + TimeDelta::hours(hours) })
            .find(|at| !self.skips(*at))
            .unwrap_or(at)
            .min(at.max(now + LONGEST_WISH))
    }

    /// Is this an hour or a day in which it does not want to be asked? Not for ever.
    pub(super) fn is_skipped(self, now: DateTime<Utc>, last_asked: DateTime<Utc>) -> bool {
        self.skips(now) && now < last_asked + LONGEST_WISH
    }

    fn next_update(self, now: DateTime<Utc>) -> DateTime<Utc> {
        let Some((period, base)) = self.updates else { return now };
        let since = (now.timestamp() - base).rem_euclid(period.into());
        now + TimeDelta::seconds(i64::from(period) - since).min(LONGEST_BACKOFF)
    }

    fn skips(self, at: DateTime<Utc>) -> bool {
        self.skip_hours & (1 << at.hour()) != 0
            || self.skip_days & (1 << at.weekday().num_days_from_monday()) != 0
    }
}

fn hour_of(at: DateTime<Utc>) -> DateTime<Utc> {
    at - TimeDelta::seconds(at.timestamp().rem_euclid(3_600))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::parse::document::Pace;

    /// Monday, 15 January 2018, 07:06:40.
    fn now() -> DateTime<Utc> {
        DateTime::from_timestamp(1_516_000_000, 0).expect("a time")
    }

    fn check_rhythm(hours: &[i64], median: Option<i64>) {
        let entry = |hours: &i64| ParsedEntry {
            published: Some(now() - TimeDelta::hours(*hours)),
            ..ParsedEntry::default()
        };
        let found = rhythm(&hours.iter().map(entry).collect::<Vec<_>>());
        assert_eq!(found.map(|seconds| seconds / 3_600), median, "{hours:?}");
    }

    #[test]
    fn a_rhythm_is_the_median_gap_between_eight_entries_or_more() {
        check_rhythm(&[0, 48, 96, 144, 192, 240, 288, 336], Some(48));
        check_rhythm(&[336, 0, 96, 48, 192, 144, 288, 240, 9_999], Some(48));
        check_rhythm(&[0, 48, 96, 144, 192, 240, 288], None);
        check_rhythm(&[5; 20], Some(0));
        check_rhythm(&[], None);
    }

    fn check_adapted(interval: i64, rhythm: Option<i64>, hours: i64) {
        let found = adapted(TimeDelta::hours(interval), rhythm.map(|hours| hours * 3_600));
        assert_eq!(found, TimeDelta::hours(hours), "{interval} {rhythm:?}");
    }

    #[test]
    fn a_slow_source_is_asked_less_often_and_a_quick_one_never_more() {
        check_adapted(6, None, 6);
        check_adapted(6, Some(0), 6);
        check_adapted(6, Some(-99), 6);
        check_adapted(6, Some(80), 10);
        check_adapted(6, Some(24 * 365), 24);
        check_adapted(1, Some(24 * 365), 4);
        check_adapted(48, Some(24 * 365), 48);
        check_adapted(0, Some(24 * 365), 0);
    }

    fn check(about: &About, hours_from_now: i64) {
        let put_off = Wishes::of(about).put_off(now(), now() + TimeDelta::hours(1));
        assert_eq!((hour_of(put_off) - hour_of(now())).num_hours(), hours_from_now, "{about:?}");
    }

    fn pace(pace: Pace) -> About {
        About { pace, ..About::default() }
    }

    #[test]
    fn a_ttl_or_period_lengthens_the_pause_up_to_a_day() {
        check(&About::default(), 1);
        for (minutes, hours) in [(0, 1), (30, 1), (300, 5), (60 * 24 * 7, 24), (u32::MAX, 24)] {
            check(&About { ttl: Some(minutes), ..About::default() }, hours);
        }
        check(&pace(Pace { period: Some(3 * 3_600), ..Pace::default() }), 3);
        check(&pace(Pace { period: Some(604_800), ..Pace::default() }), 24);
    }

    #[test]
    fn a_base_says_when_the_next_update_is() {
        let base = now() - TimeDelta::hours(1000 * 24 - 5);
        check(&pace(Pace { period: Some(86_400), base: Some(base), ..Pace::default() }), 5);
    }

    #[test]
    fn hours_and_days_are_skipped() {
        check(&pace(Pace { skip_hours: 0b111 << 8, ..Pace::default() }), 4);
        check(&pace(Pace { skip_days: 0b1, ..Pace::default() }), 17);
        check(&pace(Pace { skip_days: 0b111_1110, ..Pace::default() }), 1);
        check(&pace(Pace { skip_days: 0b011_1111, ..Pace::default() }), 3 * 24);
    }

    #[test]
    fn who_never_wants_to_be_asked_is_asked() {
        check(&pace(Pace { skip_hours: ALL_HOURS, skip_days: ALL_DAYS, ..Pace::default() }), 1);
        check(&pace(Pace { skip_hours: u32::MAX, skip_days: u8::MAX, ..Pace::default() }), 1);
    }

    proptest! {
        #[test]
        fn wishes_never_shorten_a_pause_and_end(
            ttl: u32, skip_hours: u32, skip_days: u8, period: u32, base in -4_000_000_000_i64..4_000_000_000
        ) {
            let base = DateTime::from_timestamp(base, 0);
            let about = About { ttl: Some(ttl), ..pace(Pace { skip_hours, skip_days, period: Some(period), base }) };
            let at = now() + TimeDelta::hours(1);
            let put_off = Wishes::of(&about).put_off(now(), at);
            prop_assert!(put_off >= at && put_off <= now() + LONGEST_WISH);
        }
    }
}
