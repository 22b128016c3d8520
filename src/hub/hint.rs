//! When a hint makes a source due: soon, but never sooner than manners allow.

use chrono::{DateTime, TimeDelta, Utc};

use crate::schedule::SourceState;

/// However often its hub calls, a source is not asked more often.
const SHORTEST_PAUSE: TimeDelta = TimeDelta::minutes(1);

/// When to ask a source whose hub said at `hinted` that there is something new, and that was not asked since. `None`: as
/// the schedule says. One that failed is not asked sooner because of a hint: its pauses grow for its server's sake.
pub fn due(hinted: DateTime<Utc>, state: &SourceState) -> Option<DateTime<Utc>> {
    let soonest = state.last_asked + SHORTEST_PAUSE;
    let at = hinted.max(soonest).max(state.paused_until.unwrap_or(hinted));
    (state.failures == 0 && state.next_poll.is_some()).then_some(at)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::source::SourceId;
    use crate::schedule::Failure;

    fn at(seconds: i64) -> DateTime<Utc> {
        DateTime::from_timestamp(1_516_000_000 + seconds, 0).expect("a time")
    }

    /// A source that was asked at 0, is to be asked in an hour, and perhaps asked for a pause.
    fn state(paused_until: Option<i64>) -> SourceState {
        let id = SourceId::parse("a").expect("an id");
        SourceState {
            next_poll: Some(at(3_600)),
            paused_until: paused_until.map(at),
            ..SourceState::unasked(id, "https://s.example/".to_owned(), at(0))
        }
    }

    fn check(hinted: i64, paused_until: Option<i64>, due_at: Option<i64>) {
        assert_eq!(due(at(hinted), &state(paused_until)), due_at.map(at), "{hinted} {paused_until:?}");
    }

    #[test]
    fn a_hint_makes_a_source_due_at_once() {
        check(600, None, Some(600));
    }

    #[test]
    fn but_not_within_a_minute() {
        check(0, None, Some(60));
        check(5, None, Some(60));
    }

    #[test]
    fn nor_before_the_time_that_the_server_named() {
        check(600, Some(7_200), Some(7_200));
        check(600, Some(300), Some(600));
    }

    #[test]
    fn what_failed_or_is_gone_is_not_asked_sooner_because_of_a_hint() {
        for why in [Failure::Gone, Failure::Absent, Failure::Other] {
            let mut state = state(None);
            state.failed(at(0), TimeDelta::hours(1), why, "it failed".to_owned());
            assert_eq!(due(at(600), &state), None, "{why:?}");
        }
    }
}
