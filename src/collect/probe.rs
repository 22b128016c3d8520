//! Every source asked once, without the store: does it work, and what does it give?

use chrono::{DateTime, Utc};
use futures_util::StreamExt as _;
use std::sync::Arc;

use super::ON_THE_WAY;
use super::read::Reader;
use super::trial::{self, Trial};
use crate::config::Config;
use crate::fetch::Client;

/// Tries every enabled source; nothing is stored. Answers come in the order of the configuration.
pub async fn probe(
    config: &Arc<Config>,
    client: &Arc<Client>,
    now: DateTime<Utc>,
    mut progress: impl FnMut(usize, usize),
) -> Vec<Trial> {
    let enabled: Vec<usize> = (0..config.sources.len())
        .filter(|index| config.sources.get(*index).is_some_and(|source| source.enabled))
        .collect();
    let total = enabled.len();
    let reader = &Reader::new(config, client);
    let mut trials = futures_util::stream::iter(enabled)
        .map(|index| async move { Some((index, trial::by(reader, index, 0, now).await?)) })
        .buffer_unordered(config.fetch.concurrency * ON_THE_WAY);
    let mut answers = Vec::with_capacity(total);
    while let Some(answer) = trials.next().await {
        answers.extend(answer);
        progress(answers.len(), total);
    }
    answers.sort_by_key(|(index, _)| *index);
    answers.into_iter().map(|(_, trial)| trial).collect()
}
