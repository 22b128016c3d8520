//! How long one run bears with a host that keeps it waiting.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

/// Answers so quick cost no patience, however many there are: a host's whole time would be enough for thirty of them.
const QUICK: u32 = 30;

/// What slow hosts have cost this run. The sources of one host are asked one after the other: forty of a host that has
/// fallen silent would else hold up the run, and all that is published after it, by forty times their deadline.
#[derive(Debug)]
pub(super) struct Patience {
    longest: Duration,
    spent: Mutex<HashMap<Box<str>, Duration>>,
}

impl Patience {
    /// So long one run waits for slow answers of one host, all its sources together.
    pub(super) fn new(longest: Duration) -> Self {
        Self { longest, spent: Mutex::default() }
    }

    /// A request to this host took so long, whatever came of it.
    pub(super) fn spend(&self, host: &str, took: Duration) {
        if took > self.longest / QUICK {
            let mut hosts = self.spent.lock().unwrap_or_else(PoisonError::into_inner);
            let spent = hosts.entry(name(host).into()).or_default();
            *spent = spent.saturating_add(took);
        }
    }

    /// This host has had its time.
    pub(super) fn is_over(&self, host: &str) -> bool {
        let hosts = self.spent.lock().unwrap_or_else(PoisonError::into_inner);
        hosts.get(name(host)).is_some_and(|spent| *spent >= self.longest)
    }
}

/// A dot at the end is no other host.
fn name(host: &str) -> &str {
    host.trim_end_matches('.')
}

#[cfg(test)]
mod tests {
    use super::*;

    /// After requests that took so long, in seconds.
    fn check(took: &[u64], is_over: bool) {
        let patience = Patience::new(Duration::from_mins(1));
        for seconds in took {
            patience.spend("a.example.", Duration::from_secs(*seconds));
        }
        assert_eq!(patience.is_over("a.example"), is_over, "{took:?}");
        assert!(!patience.is_over("b.example"));
    }

    #[test]
    fn a_minute_of_waiting_is_enough() {
        check(&[], false);
        check(&[59], false);
        check(&[60], true);
        check(&[20, 20], false);
        check(&[20, 20, 20], true);
    }

    #[test]
    fn quick_answers_cost_nothing() {
        check(&[1; 1000], false);
        check(&[2; 1000], false);
        check(&[3; 1000], true);
    }

    #[test]
    fn quick_hosts_are_not_remembered() {
        let patience = Patience::new(Duration::from_mins(1));
        patience.spend("a.example", Duration::from_secs(2));
        assert!(patience.spent.lock().unwrap_or_else(PoisonError::into_inner).is_empty());
    }
}
