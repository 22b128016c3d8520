//! Our requests to hubs: asks for what the sources offer, renews it in time, and says goodbye.

use std::collections::BTreeMap;

use chrono::{DateTime, TimeDelta, Utc};
use futures_util::StreamExt as _;
use ring::rand::{SecureRandom as _, SystemRandom};

use crate::config::Config;
use crate::fetch::{Client, FetchError};
use crate::hub::discovery::Offer;
use crate::hub::plan::{Plan, plan};
use crate::hub::subscription::{Step, Subscription, Wish};
use crate::model::source::SourceId;
use crate::store::{Keep, Store, StoreError};

/// A hub needs no longer to say that it has understood.
const TIMEOUT: TimeDelta = TimeDelta::seconds(30);

/// Requests to hubs under way at once.
const AT_ONCE: usize = 8;

#[derive(Debug, thiserror::Error)]
pub enum KeepError {
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error("preparing to ask hubs: {0}")]
    Client(#[from] FetchError),
    #[error("the system gives no random numbers")]
    Random,
}

/// Does what there is to do about all subscriptions, and says when there will be something again. What hubs refuse is
/// told in a line each.
pub async fn keep(
    config: &Config,
    store: &Store,
    now: DateTime<Utc>,
    tell: fn(&str),
) -> Result<Option<DateTime<Utc>>, KeepError> {
    let there = store.subscriptions().await?;
    if config.callback.is_none() && there.is_empty() {
        return Ok(None);
    }
    reconcile(config, store, &there, now).await?;
    let requests = take_steps(store, now, tell).await?;
    if !requests.is_empty() {
        let client = Client::new(&config.fetch)?;
        let asking = requests.into_iter().map(|request| ask(&client, store, request, now, tell));
        let mut asking = futures_util::stream::iter(asking).buffer_unordered(AT_ONCE);
        while let Some(asked) = asking.next().await {
            asked?;
        }
    }
    Ok(store.subscriptions().await?.iter().filter_map(|subscription| subscription.next).min())
}

/// Begins and ends subscriptions, so that they are those that the configuration and the sources want. Nothing is asked yet.
async fn reconcile(
    config: &Config,
    store: &Store,
    there: &[Subscription],
    now: DateTime<Utc>,
) -> Result<(), KeepError> {
    let offers = wanted(config, store.offers().await?);
    let all = || there.iter().map(|known| known.token.clone()).collect();
    let plan = match &config.callback {
        Some(folder) => plan(&offers, there, folder),
        None => Plan { begin: Vec::new(), end: all() },
    };
    for token in &plan.end {
        let leave = |known: &mut Subscription| {
            let keep = if known.leave(now) { Keep::Kept } else { Keep::Forgotten };
            (keep, ())
        };
        store.change_subscription(token, leave).await?;
    }
    for wish in plan.begin {
        begin(config, store, wish, now).await?;
    }
    Ok(())
}

/// Offers of sources that are asked, and whose hub may be.
fn wanted(config: &Config, mut offers: BTreeMap<SourceId, Offer>) -> BTreeMap<SourceId, Offer> {
    let wanted = config.sources.iter().filter(|source| source.enabled && source.hub);
    wanted.filter_map(|source| offers.remove_entry(&source.id)).collect()
}

async fn begin(config: &Config, store: &Store, wish: Wish, now: DateTime<Utc>) -> Result<(), KeepError> {
    let Some(folder) = &config.callback else { return Ok(()) };
    Ok(store.subscribe(&Subscription::new(random()?, random()?, folder, wish, now)).await?)
}

/// 32 bytes that nobody guesses, in hexadecimal digits.
fn random() -> Result<String, KeepError> {
    let mut bytes = [0; 32];
    SystemRandom::new().fill(&mut bytes).map_err(|_| KeepError::Random)?;
    Ok(bytes.iter().map(|byte| format!("{byte:02x}")).collect::<Vec<_>>().concat())
}

/// Takes the step of each subscription whose time has come; those that are to be sent to their hubs come back. They are
/// stored before they are sent: some hubs verify before they answer.
async fn take_steps(
    store: &Store,
    now: DateTime<Utc>,
    tell: fn(&str),
) -> Result<Vec<Subscription>, KeepError> {
    let mut requests = Vec::new();
    for known in
        store.subscriptions().await?.into_iter().filter(|known| known.next.is_some_and(|at| at <= now))
    {
        let step = |subscription: &mut Subscription| match subscription.step(now) {
            Step::Forget => (Keep::Forgotten, None),
            step => (Keep::Kept, Some((step, subscription.clone()))),
        };
        match store.change_subscription(&known.token, step).await?.flatten() {
            Some((Step::Ask, subscription)) => requests.push(subscription),
            Some((_, subscription)) if subscription.failures > known.failures => {
                tell(&in_words(&subscription));
            }
            Some(_) | None => {}
        }
    }
    Ok(requests)
}

async fn ask(
    client: &Client,
    store: &Store,
    subscription: Subscription,
    now: DateTime<Utc>,
    tell: fn(&str),
) -> Result<(), KeepError> {
    let Err(error) = client.post(&subscription.hub, &subscription.form(), TIMEOUT, now).await else {
        return Ok(());
    };
    let until = match &error {
        FetchError::Later { until, .. } => *until,
        FetchError::PutOff { wait } => Some(now + *wait),
        FetchError::Gone | FetchError::Absent | FetchError::Slow { .. } | FetchError::Failed { .. } => None,
    };
    let problem = error.to_string();
    let refuse = |subscription: &mut Subscription| {
        let before = subscription.failures;
        subscription.refused(&problem, until, now);
        (Keep::Kept, (subscription.failures > before).then(|| in_words(subscription)))
    };
    if let Some(words) = store.change_subscription(&subscription.token, refuse).await?.flatten() {
        tell(&words);
    }
    Ok(())
}

/// What went wrong, for staff.
fn in_words(subscription: &Subscription) -> String {
    let Subscription { source, hub, problem, next, .. } = subscription;
    let next = next.map(|at| format!("; next try {}", at.format("%-d %B %Y %H:%M UTC"))).unwrap_or_default();
    format!(
        "source `{source}`: its hub {}: {}; it is asked by the clock all the same{next}",
        hub.host_str().unwrap_or_default(),
        problem.as_deref().unwrap_or("failed"),
    )
}
