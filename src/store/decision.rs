//! What staff decided: acts that are only ever added, and the entries that hold to them.

use sqlx::{QueryBuilder, Row as _, SqliteConnection};
use std::collections::HashMap;

use super::entry::{VALUES, entry_of, push_all};
use super::save::{Judgement, judge_all};
use super::{Database, Row, Store, StoreError, list, revise, seconds, time, unlist, variant};
use crate::identity::Shelf;
use crate::model::decision::{Act, Decided, Decision};
use crate::model::entry::{Entry, EntryId};
use crate::model::source::SourceId;
use crate::model::topic::TopicId;

impl Store {
    /// Adds acts, and lets their entries follow them, in one transaction. `verdicts` is what the rules say of these entries:
    /// what an act leaves to them is theirs again.
    pub async fn decide(
        &self,
        decisions: &[Decision],
        verdicts: &[(&Entry, Judgement)],
        rule_set: &str,
    ) -> Result<(), StoreError> {
        let mut transaction = self.pool.begin_with("begin immediate").await?;
        revise(&mut transaction).await?;
        let sources: HashMap<EntryId, &SourceId> =
            verdicts.iter().map(|(entry, _)| (entry.id, &entry.source)).collect();
        for decision in decisions {
            if let Some(source) = sources.get(&decision.entry) {
                insert(&mut transaction, source, decision).await?;
            }
        }
        let ids: Vec<EntryId> = sources.keys().copied().collect();
        let decided = in_force(&mut transaction, &ids).await?;
        for (id, source) in sources {
            let accepted = decided.get(&id).is_some_and(|decided| decided.accepted == Some(true));
            sqlx::query("update entry set accepted = $3 where source = $1 and id = $2")
                .bind(source.as_str())
                .bind(id.0)
                .bind(i64::from(accepted))
                .execute(&mut *transaction)
                .await?;
        }
        judge_all(&mut transaction, verdicts, &decided, rule_set).await?;
        transaction.commit().await?;
        Ok(())
    }

    /// Every act of staff, oldest first.
    pub async fn decisions(&self) -> Result<Vec<Decision>, StoreError> {
        let rows = sqlx::query("select * from decision order by row").fetch_all(&self.pool).await?;
        rows.iter().map(decision_of).collect()
    }

    /// The acts on these entries, oldest first.
    pub async fn decisions_of(&self, ids: &[EntryId]) -> Result<Vec<Decision>, StoreError> {
        acts(&mut *self.pool.acquire().await?, ids).await
    }

    /// The entries that staff ever accepted or rejected, by id.
    pub async fn judged_by_staff(&self) -> Result<Vec<Entry>, StoreError> {
        let rows = sqlx::query(
            "select * from entry where (source, id) in (
                select source, entry from decision where act in ('accept', 'reject'))
             order by id",
        )
        .fetch_all(&self.pool)
        .await?;
        rows.iter().map(entry_of).collect()
    }

    /// The entries that are pinned, and published.
    pub async fn pinned(&self) -> Result<Vec<Entry>, StoreError> {
        // Both acts are named again and again: so is the index that holds them alone.
        let rows = sqlx::query(
            "select * from entry where outcome = 'publish' and (shelf = 'open' or accepted = 1) and (source, id) in (
                select source, entry from decision as last
                where act in ('pin', 'unpin') and act = 'pin' and not exists (
                    select 1 from decision as later
                    where later.entry = last.entry and later.row > last.row and later.act in ('pin', 'unpin')))
             order by id",
        )
        .fetch_all(&self.pool)
        .await?;
        rows.iter().map(entry_of).collect()
    }

    /// The entries that wait for an editor, newest first: the rules are not sure of them, or they are held.
    pub async fn waiting(&self, limit: usize) -> Result<Vec<(Entry, Shelf)>, StoreError> {
        let rows = sqlx::query(
            "select * from entry
             where (outcome = 'review' and shelf = 'open') or (outcome <> 'drop' and shelf = 'held' and accepted = 0)
             order by listed desc, id desc limit $1",
        )
        .bind(i64::try_from(limit).unwrap_or(i64::MAX))
        .fetch_all(&self.pool)
        .await?;
        let waiting = |row: &Row| {
            Ok((entry_of(row)?, variant("shelf", row.try_get::<&str, _>("shelf")?, Shelf::parse)?))
        };
        rows.iter().map(waiting).collect()
    }
}

/// How the acts on these entries stand; an entry without any is not among them.
pub(super) async fn in_force(
    connection: &mut SqliteConnection,
    ids: &[EntryId],
) -> Result<HashMap<EntryId, Decided>, StoreError> {
    let mut decided: HashMap<EntryId, Decided> = HashMap::new();
    for decision in acts(connection, ids).await? {
        decided.entry(decision.entry).or_default().take(&decision.act);
    }
    Ok(decided)
}

async fn acts(connection: &mut SqliteConnection, ids: &[EntryId]) -> Result<Vec<Decision>, StoreError> {
    // Most publications have decided about few entries, a new one about none: every run asks this of many.
    let is_any: i64 =
        sqlx::query_scalar("select exists (select 1 from decision)").fetch_one(&mut *connection).await?;
    let ids = if is_any == 0 { &[] } else { ids };
    let mut decisions = Vec::new();
    for ids in ids.chunks(VALUES) {
        let mut query: QueryBuilder<Database> = QueryBuilder::new("select * from decision where entry in (");
        push_all(&mut query, ids.iter().map(|id| id.0));
        query.push(" order by row");
        for row in query.build().persistent(false).fetch_all(&mut *connection).await? {
            decisions.push(decision_of(&row)?);
        }
    }
    Ok(decisions)
}

async fn insert(
    connection: &mut SqliteConnection,
    source: &SourceId,
    decision: &Decision,
) -> Result<(), StoreError> {
    let value = match &decision.act {
        Act::Topics(topics) => {
            topics.as_ref().map(|ids| list(&ids.iter().map(ToString::to_string).collect::<Vec<_>>()))
        }
        other => other.value(),
    };
    sqlx::query("insert into decision (source, entry, at, by, act, value) values ($1, $2, $3, $4, $5, $6)")
        .bind(source.as_str())
        .bind(decision.entry.0)
        .bind(seconds(decision.at))
        .bind(&decision.by)
        .bind(decision.act.as_str())
        .bind(value)
        .execute(&mut *connection)
        .await?;
    Ok(())
}

fn decision_of(row: &Row) -> Result<Decision, StoreError> {
    let value: Option<String> = row.try_get("value")?;
    Ok(Decision {
        entry: EntryId(row.try_get("entry")?),
        at: time(row.try_get("at")?),
        by: row.try_get("by")?,
        act: variant("decision", row.try_get("act")?, |word| act(word, value.clone()))?,
    })
}

fn act(word: &str, value: Option<String>) -> Option<Act> {
    Some(match word {
        "accept" => Act::Accept,
        "reject" => Act::Reject,
        "leave" => Act::Leave,
        "pin" => Act::Pin,
        "unpin" => Act::Unpin,
        "retitle" => Act::Retitle(value),
        "note" => Act::Note(value),
        "topics" => {
            Act::Topics(value.map(|ids| unlist(&ids).iter().filter_map(|id| TopicId::parse(id)).collect()))
        }
        _ => return None,
    })
}
