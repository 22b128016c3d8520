//! Every source asked once, without the store: does it work, and what does it give?

use chrono::{DateTime, Utc};
use futures_util::StreamExt as _;
use std::sync::Arc;

use super::ON_THE_WAY;
use super::read::{self, Reader, Said};
use crate::config::Config;
use crate::fetch::Client;
use crate::schedule::SourceState;

/// What a source gave when it was tried.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Probe {
    pub source: String,
    pub moved_to: Option<String>,
    pub result: Result<Sample, String>,
}

/// What stood in the document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sample {
    pub entries: usize,
    /// How many of them have a date.
    pub dated: usize,
    pub newest: Option<DateTime<Utc>>,
    pub flaws: Vec<String>,
}

/// Tries every enabled source; nothing is stored. Answers come in the order of the configuration.
pub async fn probe(
    config: &Arc<Config>,
    client: &Arc<Client>,
    now: DateTime<Utc>,
    mut progress: impl FnMut(usize, usize),
) -> Vec<Probe> {
    let enabled: Vec<usize> = (0..config.sources.len())
        .filter(|index| config.sources.get(*index).is_some_and(|source| source.enabled))
        .collect();
    let total = enabled.len();
    let reader = Reader::new(config, client);
    let mut probes = futures_util::stream::iter(enabled)
        .map(|index| one(&reader, index, now))
        .buffer_unordered(config.fetch.concurrency * ON_THE_WAY);
    let mut answers = Vec::with_capacity(total);
    while let Some(answer) = probes.next().await {
        answers.extend(answer);
        progress(answers.len(), total);
    }
    answers.sort_by_key(|(index, _)| *index);
    answers.into_iter().map(|(_, probe)| probe).collect()
}

async fn one(reader: &Reader, index: usize, now: DateTime<Utc>) -> Option<(usize, Probe)> {
    let source = reader.config.sources.get(index)?;
    let reading = read::read(reader, index, SourceState::new(source, now), now).await;
    let moved_to = reading.moved_to.map(|url| url.to_string());
    Some((index, Probe { source: source.id.to_string(), moved_to, result: sample(reading.said) }))
}

fn sample(said: Said) -> Result<Sample, String> {
    match said {
        Said::Nothing { .. } => {
            Err("said that nothing has changed, to a question that did not ask".to_owned())
        }
        Said::PutOff { .. } => Err("not asked: its site wants pauses between requests".to_owned()),
        Said::Failed { message, .. } | Said::Slow { message } => Err(message),
        Said::Document { document, warnings, .. } => Ok(Sample {
            entries: document.entries.len(),
            dated: document.entries.iter().filter(|entry| entry.published.is_some()).count(),
            newest: document.entries.iter().filter_map(|entry| entry.published).max(),
            flaws: document.flaws.iter().map(|flaw| flaw.message.clone()).chain(warnings).collect(),
        }),
    }
}
