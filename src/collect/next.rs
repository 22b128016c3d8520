//! When a run is next worth its while.

use chrono::{DateTime, Utc};

use crate::config::Config;
use crate::hub::hint;
use crate::schedule::SourceState;
use crate::store::{Store, StoreError};

/// The times at which something is to be asked; `None`: nothing is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Next {
    /// By the schedule.
    pub scheduled: Option<DateTime<Utc>>,
    /// Because a hub said so.
    pub hinted: Option<DateTime<Utc>>,
}

/// Looks up when the next source is due.
pub async fn next(config: &Config, store: &Store, now: DateTime<Utc>) -> Result<Next, StoreError> {
    let mut states = store.sources().await?;
    let hints = store.hints().await?;
    let mut next = Next::default();
    for source in config.sources.iter().filter(|source| source.enabled) {
        let state = match states.remove(&source.id) {
            Some(state) => state.at_address_of(source, now),
            None => SourceState::new(source, now),
        };
        let hinted = hints.get(&source.id).and_then(|hinted| hint::due(*hinted, &state));
        next.scheduled = [next.scheduled, state.next_poll].into_iter().flatten().min();
        next.hinted = [next.hinted, hinted].into_iter().flatten().min();
    }
    Ok(next)
}
