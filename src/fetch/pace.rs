//! Pauses between two requests to one host, and an end to waiting for them.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use tokio::time::Instant;

/// So long one run waits for one host, all its pages together. What would wait longer is asked by a later run.
const LONGEST_WAIT: Duration = Duration::from_mins(1);

/// How one request has to keep its distance.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Pace {
    /// From the end of the last request to its host in this run.
    pub(super) gap: Duration,
    /// What is left of the pause after the last request of an earlier run.
    pub(super) left: Duration,
}

/// When the hosts that want pauses were last asked.
#[derive(Debug, Default)]
pub(super) struct Paces(Mutex<HashMap<Box<str>, Paced>>);

#[derive(Debug, Clone, Copy)]
struct Paced {
    asked: Option<Instant>,
    waited: Duration,
}

impl Pace {
    /// At least this gap.
    pub(super) fn at_least(self, gap: Duration) -> Self {
        Self { gap: self.gap.max(gap), ..self }
    }

    pub(super) fn is_kept(self) -> bool {
        self != Self::default()
    }
}

impl Paces {
    /// How long to wait before asking this host; `Err`: that would be too long for one run, and how long it would be.
    pub(super) fn wait(&self, host: &str, pace: Pace, now: Instant) -> Result<Duration, Duration> {
        if !pace.is_kept() {
            return Ok(Duration::ZERO);
        }
        let mut paces = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let known = paces.entry(host.into()).or_insert(Paced { asked: None, waited: Duration::ZERO });
        let wait = match known.asked {
            Some(asked) => pace.gap.saturating_sub(now.saturating_duration_since(asked)),
            None => pace.left,
        };
        let waited = known.waited.saturating_add(wait);
        if waited > LONGEST_WAIT {
            return Err(wait);
        }
        known.waited = waited;
        Ok(wait)
    }

    /// This host was asked, whoever it was for.
    pub(super) fn asked(&self, host: &str, now: Instant) {
        let mut paces = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(paced) = paces.get_mut(host) {
            paced.asked = Some(now);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECOND: Duration = Duration::from_secs(1);

    /// The waits of requests that come all at once and take no time themselves; `None`: put off.
    fn check(gap: u32, left: u32, waits: &[Option<u32>]) {
        let (paces, mut now) = (Paces::default(), Instant::now());
        for (number, expected) in waits.iter().enumerate() {
            let wait = paces.wait("a.example", Pace { gap: SECOND * gap, left: SECOND * left }, now);
            assert_eq!(wait.ok(), expected.map(|seconds| SECOND * seconds), "request {number}");
            if let Ok(wait) = wait {
                now += wait;
                paces.asked("a.example", now);
            }
        }
    }

    #[test]
    fn the_first_goes_at_once_and_the_others_one_by_one() {
        check(5, 0, &[Some(0), Some(5), Some(5)]);
        check(0, 0, &[Some(0), Some(0)]);
    }

    #[test]
    fn what_an_earlier_run_asked_counts() {
        check(5, 3, &[Some(3), Some(5)]);
        check(3600, 61, &[None, None]);
    }

    #[test]
    fn a_run_does_not_wait_for_ever() {
        check(25, 0, &[Some(0), Some(25), Some(25), None, None]);
        check(3600, 0, &[Some(0), None]);
    }

    #[test]
    fn time_that_passed_otherwise_counts() {
        let (paces, now) = (Paces::default(), Instant::now());
        let pace = Pace { gap: 10 * SECOND, left: Duration::ZERO };
        assert_eq!(paces.wait("a.example", pace, now), Ok(Duration::ZERO));
        paces.asked("a.example", now);
        assert_eq!(paces.wait("a.example", pace, now + 4 * SECOND), Ok(6 * SECOND));
        assert_eq!(paces.wait("b.example", pace, now + 4 * SECOND), Ok(Duration::ZERO));
    }

    #[test]
    fn who_wants_no_pauses_is_not_remembered() {
        let paces = Paces::default();
        assert_eq!(paces.wait("a.example", Pace::default(), Instant::now()), Ok(Duration::ZERO));
        paces.asked("a.example", Instant::now());
        assert!(paces.0.lock().unwrap_or_else(PoisonError::into_inner).is_empty());
    }
}
