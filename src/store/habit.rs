//! What is remembered of how sources treat their entries, which of these they took back, and who waits for an editor.

use chrono::{DateTime, Utc};
use sqlx::{Row as _, SqliteConnection};
use std::collections::HashSet;

use super::entry::entry_of;
use super::insert::{Insert, Values};
use super::{Judgement, Row, SOURCES, Store, StoreError, decision, save, seconds, time, variant};
use crate::identity::habits::{Habits, Said, Trust};
use crate::identity::key::Key;
use crate::identity::{Policy, Withdrawal, Withdrawals};
use crate::model::entry::{Entry, EntryId};
use crate::model::source::SourceId;

impl Store {
    /// Of a source that was never read, the first habits.
    pub async fn habits(&self, source: &SourceId) -> Result<Habits, StoreError> {
        let row = sqlx::query("select * from habit where source = $1")
            .bind(source.as_str())
            .fetch_optional(&self.pool)
            .await?;
        row.as_ref().map_or(Ok(Habits::default()), habits_of)
    }

    /// The sources that another publication seems to have taken over, as long as no editor has accepted them.
    pub async fn suspended(&self) -> Result<HashSet<SourceId>, StoreError> {
        // As a literal: so the database sees that it has an index of them.
        let query = sqlx::query_scalar::<_, String>("select source from habit where trust = 'suspended'");
        let sources = query.fetch_all(&self.pool).await?;
        sources.iter().map(|source| variant("source", source, SourceId::parse)).collect()
    }

    /// What a source's entries are known by, and why; `None` if it was never read.
    pub async fn policy(&self, source: &SourceId) -> Result<Option<(Policy, String)>, StoreError> {
        let query = sqlx::query("select policy from source where id = $1").bind(source.as_str());
        let Some(row) = query.fetch_optional(&self.pool).await? else { return Ok(None) };
        let Some(policy) = row.try_get::<Option<String>, _>("policy")? else { return Ok(None) };
        let policy = variant("policy", &policy, Policy::parse)?;
        Ok(Some((policy, self.habits(source).await?.evidence)))
    }

    /// When and how the source took an entry back.
    pub async fn withdrawal(&self, id: EntryId) -> Result<Option<(DateTime<Utc>, Withdrawal)>, StoreError> {
        let query = sqlx::query("select at, how from withdrawal where entry = $1").bind(id.0);
        let Some(row) = query.fetch_optional(&self.pool).await? else { return Ok(None) };
        let how: String = row.try_get("how")?;
        Ok(Some((time(row.try_get("at")?), variant("withdrawal", &how, Withdrawal::parse)?)))
    }

    /// An editor accepts what a source says: its held entries are open from now on, and its next answer is read whatever
    /// is in it. The entries are judged by these rules in the same transaction: no list has them yet. Returns how many they
    /// were. `None`: nothing was held or suspended, and nothing is changed.
    pub async fn accept(
        &self,
        source: &SourceId,
        rule_set: &str,
        judge: impl Fn(&Entry) -> Judgement + Send + Sync,
    ) -> Result<Option<usize>, StoreError> {
        let mut transaction = self.pool.begin_with("begin immediate").await?;
        let rows = sqlx::query("select * from entry where source = $1 and shelf = 'held' order by row")
            .bind(source.as_str())
            .fetch_all(&mut *transaction)
            .await?;
        let mut changed = 0;
        for statement in [
            "update entry set shelf = 'open' where source = $1 and shelf = 'held'",
            "update habit set trust = 'given' where source = $1 and trust = 'suspended'",
        ] {
            let done = sqlx::query(statement).bind(source.as_str()).execute(&mut *transaction).await?;
            changed += done.rows_affected();
        }
        if changed == 0 {
            return Ok(None);
        }
        super::revise(&mut transaction).await?;
        let entries: Vec<Entry> = rows.iter().map(entry_of).collect::<Result<_, _>>()?;
        let ids: Vec<EntryId> = entries.iter().map(|entry| entry.id).collect();
        let decided = decision::in_force(&mut transaction, &ids).await?;
        for entry in &entries {
            save::judge(&mut transaction, entry, &judge(entry), decided.get(&entry.id), rule_set).await?;
        }
        // What an editor lets in counts as the source's own from now on.
        sqlx::query(
            "update source set etag = null, last_modified = null, body = null,
                newest = (select max(published) from entry where source = $1 and shelf <> 'held')
             where id = $1",
        )
        .bind(source.as_str())
        .execute(&mut *transaction)
        .await?;
        transaction.commit().await?;
        Ok(Some(rows.len()))
    }
}

/// An entry of the last document as it is stored, in JSON: which one, and its id and date there.
type Seen = (i64, Option<i64>, Option<i64>);

fn habits_of(row: &Row) -> Result<Habits, StoreError> {
    let count = |name: &str| -> Result<u32, StoreError> {
        Ok(u32::try_from(row.try_get::<i64, _>(name)?).unwrap_or(u32::MAX))
    };
    let trust: String = row.try_get("trust")?;
    let window: Vec<Seen> = serde_json::from_str(row.try_get("entries")?).unwrap_or_default();
    let said = |(_, own, published): &Seen| Said {
        own: own.map(Key),
        published: published.and_then(DateTime::from_timestamp_micros),
    };
    Ok(Habits {
        evidence: row.try_get("evidence")?,
        renamings: count("renamings")?,
        noise: count("noise")?,
        returns: count("returns")?,
        trust: variant("trust", &trust, Trust::parse)?,
        title: row.try_get("title")?,
        said: window.iter().map(|seen| (EntryId(seen.0), said(seen))).collect(),
        window: window.into_iter().map(|seen| EntryId(seen.0)).collect(),
    })
}

static HABITS: Insert = Insert::new(
    "insert into habit (source, evidence, renamings, noise, returns, trust, title, entries)",
    8,
    SOURCES,
    "on conflict (source) do update set evidence = excluded.evidence, renamings = excluded.renamings,
        noise = excluded.noise, returns = excluded.returns, trust = excluded.trust, title = excluded.title,
        entries = excluded.entries",
);

/// Writes the habits of sources, in as few statements as may be.
pub(super) async fn write(
    connection: &mut SqliteConnection,
    all: Vec<(&SourceId, &Habits)>,
) -> Result<(), StoreError> {
    let values = |row: &mut Values, (source, habits): (&SourceId, &Habits)| {
        let seen = |id: &EntryId| -> Seen {
            let said = habits.said.get(id).copied().unwrap_or_default();
            (id.0, said.own.map(|own| own.0), said.published.map(|published| published.timestamp_micros()))
        };
        let window: Vec<Seen> = habits.window.iter().map(seen).collect();
        row.push(source.as_str())
            .push(&habits.evidence)
            .push(i64::from(habits.renamings))
            .push(i64::from(habits.noise))
            .push(i64::from(habits.returns))
            .push(habits.trust.as_str())
            .push(habits.title)
            .push(serde_json::to_string(&window).expect("lists of numbers are JSON"));
    };
    HABITS.run(connection, all, values).await
}

/// Marks what was taken back, and unmarks what is back.
pub(super) async fn mark(
    connection: &mut SqliteConnection,
    source: &SourceId,
    withdrawals: &Withdrawals,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    for (id, how) in &withdrawals.gone {
        sqlx::query(
            "insert into withdrawal (entry, at, how) values ($1, $2, $3)
             on conflict (entry) do update set at = excluded.at, how = excluded.how",
        )
        .bind(id.0)
        .bind(seconds(now))
        .bind(how.as_str())
        .execute(&mut *connection)
        .await?;
        tell_anew(connection, source, *id, now).await?;
    }
    for id in &withdrawals.back {
        tell_anew(connection, source, *id, now).await?;
        sqlx::query("delete from withdrawal where entry = $1").bind(id.0).execute(&mut *connection).await?;
    }
    Ok(())
}

/// That a source says of an entry that it is deleted, or shows it again after all, is a change of it. Where it is only
/// missing, readers see it marked and are not called: that may be an accident. A title that says so has changed anyway.
async fn tell_anew(
    connection: &mut SqliteConnection,
    source: &SourceId,
    id: EntryId,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    sqlx::query(
        "update entry set changed = $3
         where source = $1 and id = $2 and exists (select 1 from withdrawal where entry = $2 and how = 'deleted')",
    )
    .bind(source.as_str())
    .bind(id.0)
    .bind(seconds(now))
    .execute(connection)
    .await?;
    Ok(())
}
