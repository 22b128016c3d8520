//! How each source stands.

use futures_util::TryStreamExt as _;
use sqlx::Row as _;
use std::collections::HashMap;

use super::insert::{Insert, Values};
use super::{Row, SOURCES, Store, StoreError, seconds, time, variant};
use crate::identity::Policy;
use crate::model::source::SourceId;
use crate::schedule::{Manners, SourceState, Validators};

impl Store {
    /// Every source that was ever asked.
    pub async fn sources(&self) -> Result<HashMap<SourceId, SourceState>, StoreError> {
        let mut states = HashMap::new();
        self.each_source(|state| {
            states.insert(state.id.clone(), state);
        })
        .await?;
        Ok(states)
    }

    /// The same, one after the other in no order, for those who do not need them all at once.
    pub async fn each_source(&self, mut take: impl FnMut(SourceState)) -> Result<(), StoreError> {
        // One row at a time: as the database gives them, all of them would take many times the memory of the states.
        let mut rows = sqlx::query("select * from source").fetch(&self.pool);
        while let Some(row) = rows.try_next().await? {
            take(state_of(&row)?);
        }
        Ok(())
    }
}

fn state_of(row: &Row) -> Result<SourceState, StoreError> {
    let id: String = row.try_get("id")?;
    let policy: Option<String> = row.try_get("policy")?;
    let failures: i64 = row.try_get("failures")?;
    Ok(SourceState {
        id: variant("source id", &id, SourceId::parse)?,
        url: row.try_get("url")?,
        validators: Validators {
            etag: row.try_get("etag")?,
            last_modified: row.try_get("last_modified")?,
            of: row.try_get("validators_of")?,
        },
        body: row.try_get("body")?,
        policy: policy.map(|policy| variant("policy", &policy, Policy::parse)).transpose()?,
        newest: row.try_get::<Option<i64>, _>("newest")?.map(time),
        next_poll: row.try_get::<Option<i64>, _>("next_poll")?.map(time),
        last_asked: time(row.try_get("last_asked")?),
        last_read: row.try_get::<Option<i64>, _>("last_read")?.map(time),
        paused_until: row.try_get::<Option<i64>, _>("paused_until")?.map(time),
        failures: u32::try_from(failures).unwrap_or(u32::MAX),
        problem: row.try_get("problem")?,
        moved_to: row.try_get("moved_to")?,
        shape: row.try_get("shape")?,
        manners: manners_of(row.try_get("manners")?)?,
    })
}

/// Facts that this version does not know are passed over.
fn manners_of(json: &str) -> Result<Manners, StoreError> {
    variant("source's manners", json, |json| serde_json::from_str(json).ok())
}

fn json(manners: &Manners) -> String {
    serde_json::to_string(manners).expect("manners are plain facts")
}

static STATES: Insert = Insert::new(
    "insert into source (id, url, etag, last_modified, body, policy, newest, next_poll, last_asked, last_read,
                         paused_until, failures, problem, moved_to, shape, validators_of, manners)",
    17,
    SOURCES,
    "on conflict (id) do update set url = excluded.url, etag = excluded.etag,
        last_modified = excluded.last_modified, body = excluded.body, policy = excluded.policy, newest = excluded.newest,
        next_poll = excluded.next_poll, last_asked = excluded.last_asked, last_read = excluded.last_read,
        paused_until = excluded.paused_until, failures = excluded.failures, problem = excluded.problem, moved_to = excluded.moved_to,
        shape = excluded.shape, validators_of = excluded.validators_of, manners = excluded.manners",
);

/// Writes the states of sources, in as few statements as may be.
pub(super) async fn write(
    connection: &mut sqlx::SqliteConnection,
    states: Vec<&SourceState>,
) -> Result<(), StoreError> {
    let values = |row: &mut Values, state: &SourceState| {
        row.push(state.id.as_str())
            .push(&state.url)
            .push(&state.validators.etag)
            .push(&state.validators.last_modified)
            .push(state.body)
            .push(state.policy.map(Policy::as_str))
            .push(state.newest.map(seconds))
            .push(state.next_poll.map(seconds))
            .push(seconds(state.last_asked))
            .push(state.last_read.map(seconds))
            .push(state.paused_until.map(seconds))
            .push(i64::from(state.failures))
            .push(&state.problem)
            .push(&state.moved_to)
            .push(&state.shape)
            .push(state.validators.of)
            .push(json(&state.manners));
    };
    STATES.run(connection, states, values).await
}
