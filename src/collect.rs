//! All IO in: asks the sources that are due, recognises what they say, and saves it source by source.

pub mod document;
mod further;
mod read;
mod reading;
pub mod discover;
pub mod next;
mod plan;
pub mod probe;
mod remarks;
pub mod report;
pub mod trial;

use chrono::{DateTime, Utc};
use futures_util::{Stream, StreamExt as _};
use std::borrow::Cow;
use std::collections::HashSet;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;
use tokio::time::timeout;

use crate::config::Config;
use crate::contract;
use crate::fetch::Client;
use crate::hub::discovery::Offered;
use crate::identity::{Arrival, ArrivalKind, Identified, Shelf, Withdrawals, key, matching, noise};
use crate::model::source::{Source, SourceId, SourceKind};
use crate::rules::words::Words;
use crate::schedule::moves::Witness;
use crate::schedule::rhythm::{Wishes, rhythm};
use crate::store::{Judged, Judgement, SOURCES, Save, Store, StoreError};
use plan::{Plan, Planner};
use read::{Reader, Reading, Said};
use report::{SourceReport, State};

/// Fewer answers are saved when no further one comes for so long. What is not saved yet, a crash makes us ask again.
const PATIENCE: Duration = Duration::from_millis(200);

/// For each request that may be under way (the client sees to that), so many sources wait in their hosts' queues or with
/// an answer to be parsed: enough that one slow host holds up nobody else, and a bound on memory.
pub(crate) const ON_THE_WAY: usize = 2;

/// Which sources to ask.
#[derive(Debug, Clone)]
pub enum Ask {
    /// Those whose time has come.
    Due,
    /// Every one, whether its time has come or not; but none that asked to be left alone.
    All,
    /// These, likewise.
    Only(HashSet<SourceId>),
}

/// One pass over the sources. `progress` hears of each source when it is saved, with how many are done and how many
/// there are.
pub async fn collect(
    config: &Arc<Config>,
    client: &Arc<Client>,
    store: &Store,
    ask: &Ask,
    now: DateTime<Utc>,
    mut progress: impl FnMut(&SourceReport, usize, usize),
) -> Result<Vec<SourceReport>, StoreError> {
    let hints = store.hints().await?;
    let suspended = store.suspended().await?;
    let offers = store.offers().await?;
    let mut planner = Planner::new(config, &hints, &suspended, ask, now);
    store.each_source(|state| planner.take(state)).await?;
    let plan = planner.finish();
    if plan.obeys(config) {
        client.remember(store.sites().await?);
    }
    let Plan { due, resting } = plan;
    let total = due.len();
    let reader = Reader::new(config, client);
    // In a box each: they are large, and would be copied at every step into the set of those under way.
    let readings = due.into_iter().map(|(index, state)| Box::pin(read::read(&reader, index, *state, now)));
    let mut readings =
        pin!(futures_util::stream::iter(readings).buffer_unordered(config.fetch.concurrency * ON_THE_WAY));

    let rule_set = config.rule_set();
    let mut reports = Vec::with_capacity(total);
    loop {
        let together = gather(&mut readings).await;
        if together.is_empty() {
            break;
        }
        let mut saves = Vec::with_capacity(together.len());
        let first = reports.len();
        for reading in together {
            let index = reading.index;
            let Some(source) = config.sources.get(index) else { continue };
            let (mut save, report) =
                settle(config, source, store, reading, suspended.contains(&source.id), now).await?;
            save.is_hinted = hints.contains_key(&source.id);
            if matches!(&save.offered, Offered::Now(offer) if offers.get(&source.id) == offer.as_ref()) {
                save.offered = Offered::Same;
            }
            saves.push(save);
            reports.push((index, report));
        }
        store.save(saves, &rule_set, now).await?;
        for (done, (_, report)) in reports.iter().enumerate().skip(first) {
            progress(report, done + 1, total);
        }
    }
    store.save_sites(&client.learned().await).await?;
    reports.extend(resting);
    reports.sort_by_key(|(index, _)| *index);
    Ok(reports.into_iter().map(|(_, report)| report).collect())
}

/// The next answers, to be saved together; none when there are no more.
async fn gather(readings: &mut (impl Stream<Item = Reading> + Unpin)) -> Vec<Reading> {
    let mut together: Vec<Reading> = readings.next().await.into_iter().collect();
    while !together.is_empty() && together.len() < SOURCES {
        match timeout(PATIENCE, readings.next()).await {
            Ok(Some(reading)) => together.push(reading),
            Ok(None) | Err(_) => break,
        }
    }
    together
}

/// What is to be saved of one reading, and what is to be said of it. `is_held`: what the source said lately waits for an
/// editor.
async fn settle(
    config: &Config,
    source: &Source,
    store: &Store,
    reading: Reading,
    is_held: bool,
    now: DateTime<Utc>,
) -> Result<(Save, SourceReport), StoreError> {
    let mut state = reading.state;
    let mut report = SourceReport::new(source);
    let (mut arrivals, mut aliases) = (Vec::new(), Vec::new());
    let (mut habits, mut withdrawals) = (None, Withdrawals::default());
    let moved_to = reading.moved_to.as_ref();
    let before = (state.moved_to.clone(), state.manners.moves.adopted().map(str::to_owned));
    match reading.said {
        Said::Nothing { fresh_for } => {
            state.led(source, moved_to, witness(source, false), now);
            state.answered(now, source.interval, fresh_for);
            report.state = State::Unchanged;
            if is_held {
                report.still_held();
            }
        }
        Said::PutOff { until } => {
            state.put_off(until);
            report = SourceReport::put_off(source, &state, is_held);
        }
        Said::Slow { message } => {
            state.put_off(now);
            report.crowded_out(message);
        }
        Said::Failed { failure, kind, message } => {
            state.manners.kind = Some(kind.to_string());
            state.failed(now, source.interval, failure, message.clone());
            report.failed(failure, kind, message);
        }
        Said::Document { document, validators, body, fresh_for, shape, warnings } => {
            let keys = key::keys(&source.id, &document.entries);
            let mut memory = store.memory(&source.id, state.policy, &keys).await?;
            memory.newest = state.newest;
            let mut identified = matching::identify(source, &document, &keys, &memory, now);
            let doubtful = noise::doubtful(&identified, &memory);
            let known =
                if doubtful.is_empty() { Vec::new() } else { store.entries(&source.id, &doubtful).await? };
            noise::weigh(&mut identified, &known, &memory);
            state.newest = newest_open(&identified.arrivals, now).max(state.newest);
            state.led(source, moved_to, witness(source, identified.is_all_new()), now);
            state.manners.rhythm = rhythm(&document.entries);
            state.manners.wishes = Wishes::of(&document.about);
            report.propose(&mut state, source, &document);
            state.validators = validators;
            state.body = Some(body);
            state.policy = Some(identified.policy);
            state.shape = Some(shape);
            state.answered(now, source.interval, fresh_for);
            report.read(&document, &identified);
            report.flaws.extend(warnings);
            arrivals =
                identified.arrivals.into_iter().map(|arrival| judged(config, source, arrival)).collect();
            aliases = identified.aliases;
            habits = Some(identified.habits);
            withdrawals = identified.withdrawals;
        }
    }
    if !report.is_failure() {
        report.flaws.extend(contract::quiet(source, state.newest, now));
    }
    if reading.is_insecure {
        report.flaws.push("its address is https, but leads to one that is not".to_owned());
    }
    report.after(&state);
    let after = (&state.moved_to, state.manners.moves.adopted());
    report.has_just_moved = after.0.is_some() && (after.0 != &before.0 || after.1 != before.1.as_deref());
    let save =
        Save { state, arrivals, aliases, habits, withdrawals, offered: reading.offered, is_hinted: false };
    Ok((save, report))
}

/// What waits for an editor may be a stranger's: of that, nothing counts for the source. Nor does what waits for its date,
/// before which everything else would seem old.
fn newest_open(arrivals: &[Arrival], now: DateTime<Utc>) -> Option<DateTime<Utc>> {
    let open = arrivals.iter().filter(|arrival| arrival.shelf != Shelf::Held);
    open.filter_map(|arrival| arrival.entry.published).filter(|published| *published <= now).max()
}

/// How far an answer tells that a move is one: in an unchanged one we know everything.
fn witness(source: &Source, all_new: bool) -> Witness {
    match source.kind {
        _ if all_new => Witness::Stranger,
        SourceKind::Feed => Witness::Known,
        SourceKind::Page(_) | SourceKind::Json(_) | SourceKind::Sitemap(_) => Witness::Page,
    }
}

/// The rules' verdict comes with the entry into the store; later rules judge it again.
fn judged(config: &Config, source: &Source, mut arrival: Arrival) -> Judged {
    // Its words are not stored, and need not wait in memory for others to be saved with it.
    let texts = std::mem::take(&mut arrival.texts);
    let words = Words::with(&arrival.entry, Cow::Owned(texts));
    let verdict = words.judge(&config.rules, Some(source));
    Judged { judgement: Judgement { outcome: verdict.outcome, topics: verdict.topics }, arrival }
}

/// How many entries of a kind arrived.
fn count(identified: &Identified, kind: ArrivalKind) -> usize {
    identified.arrivals.iter().filter(|arrival| arrival.kind == kind).count()
}
