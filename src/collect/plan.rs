//! Which sources a run asks, in which order, and what is to be said of the others.

use chrono::{DateTime, Utc};
use std::collections::{HashMap, HashSet};

use super::Ask;
use super::report::SourceReport;
use crate::config::Config;
use crate::hub::hint;
use crate::model::source::{Robots, SourceId};
use crate::schedule::SourceState;

/// What a run will do.
#[derive(Debug, Default)]
pub(super) struct Plan {
    /// The sources to ask, by their place in the configuration, each with its state to go on from. In a box each: they are
    /// large, and there may be ten thousand.
    pub(super) due: Vec<(usize, Box<SourceState>)>,
    /// What is to be said of those that are not asked now, by their place too.
    pub(super) resting: Vec<(usize, SourceReport)>,
}

impl Plan {
    /// Is there a robots.txt to be obeyed?
    pub(super) fn obeys(&self, config: &Config) -> bool {
        let mut sources = self.due.iter().filter_map(|(index, _)| config.sources.get(*index));
        sources.any(|source| source.robots == Robots::Obey)
    }
}

/// Makes a plan of states that come one after the other.
#[derive(Debug)]
pub(super) struct Planner<'r> {
    config: &'r Config,
    hints: &'r HashMap<SourceId, DateTime<Utc>>,
    suspended: &'r HashSet<SourceId>,
    ask: &'r Ask,
    now: DateTime<Utc>,
    /// The sources in use whose state has not come yet, by their place in the configuration.
    expected: HashMap<&'r SourceId, usize>,
    plan: Plan,
}

impl<'r> Planner<'r> {
    pub(super) fn new(
        config: &'r Config,
        hints: &'r HashMap<SourceId, DateTime<Utc>>,
        suspended: &'r HashSet<SourceId>,
        ask: &'r Ask,
        now: DateTime<Utc>,
    ) -> Self {
        let in_use = config.sources.iter().enumerate().filter(|(_, source)| source.enabled);
        let expected = in_use.map(|(index, source)| (&source.id, index)).collect();
        Self { config, hints, suspended, ask, now, expected, plan: Plan::default() }
    }

    /// Takes a state that was stored; one of a source that is not in use is passed over.
    pub(super) fn take(&mut self, state: SourceState) {
        if let Some(index) = self.expected.remove(&state.id)
            && let Some(source) = self.config.sources.get(index)
        {
            self.add(index, state.at_address_of(source, self.now));
        }
    }

    /// The plan, when all states that are stored were taken. Who has waited longest goes first: where a site wants pauses or is
    /// slow, its sources take turns. A failure is a turn, too: else those that always fail would leave none for the others.
    pub(super) fn finish(mut self) -> Plan {
        for index in std::mem::take(&mut self.expected).into_values() {
            if let Some(source) = self.config.sources.get(index) {
                self.add(index, SourceState::new(source, self.now));
            }
        }
        let turn = |(index, state): &(usize, Box<SourceState>)| {
            (state.was_asked().then_some(state.last_asked), *index)
        };
        self.plan.due.sort_unstable_by_key(turn);
        self.plan
    }

    fn add(&mut self, index: usize, state: SourceState) {
        if self.is_due(&state) {
            self.plan.due.push((index, Box::new(state)));
        } else if let Some(source) = self.config.sources.get(index) {
            let is_held = self.suspended.contains(&state.id);
            self.plan.resting.push((index, SourceReport::resting(source, &state, is_held)));
        }
    }

    fn is_due(&self, state: &SourceState) -> bool {
        let is_let = state.paused_until.is_none_or(|until| until <= self.now);
        let hinted = || self.hints.get(&state.id).and_then(|hinted| hint::due(*hinted, state));
        match self.ask {
            Ask::Due => state.is_due(self.now) || hinted().is_some_and(|at| at <= self.now),
            Ask::All => is_let,
            Ask::Only(ids) => is_let && ids.contains(&state.id),
        }
    }
}
