//! Looking an entry up, for the person who asks why it is, or isn't, published.

use futures_util::StreamExt as _;
use sqlx::Row as _;

use super::entry::entry_of;
use super::{Store, StoreError, time, variant};
use crate::identity::key::Key;
use crate::identity::{Policy, Shelf, Withdrawal};
use crate::model::entry::Entry;
use crate::model::source::SourceId;
use chrono::{DateTime, Utc};

/// A stored entry, with what was recorded beside it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    pub entry: Entry,
    pub shelf: Shelf,
    /// The fingerprint of the rules that gave it.
    pub rule_set: String,
    /// When earlier versions were replaced, oldest first.
    pub replaced: Vec<DateTime<Utc>>,
    /// When and how its source took it back.
    pub withdrawn: Option<(DateTime<Utc>, Withdrawal)>,
    /// What its source's entries are known by, and why.
    pub policy: Option<(Policy, String)>,
}

impl Store {
    /// The entries that go by any of these names.
    pub async fn find_named(&self, keys: &[(&SourceId, Key)]) -> Result<Vec<Found>, StoreError> {
        let entries = self.entries_named(keys).await?;
        let rows = entries.into_iter().map(|entry| (entry.source.to_string(), entry.id.0)).collect();
        self.found(rows).await
    }

    /// The newest entries whose title and link match. It looks at every entry: only for a person who waits.
    pub async fn find(
        &self,
        matches: impl Fn(&str, &str) -> bool,
        limit: usize,
    ) -> Result<Vec<Found>, StoreError> {
        let mut found = Vec::new();
        let mut rows = sqlx::query("select source, id, title, link from entry order by listed desc, id desc")
            .fetch(&self.pool);
        while found.len() < limit
            && let Some(row) = rows.next().await
        {
            let row = row?;
            let (title, link): (String, Option<String>) = (row.try_get("title")?, row.try_get("link")?);
            if matches(&title, link.as_deref().unwrap_or("")) {
                found.push((row.try_get("source")?, row.try_get("id")?));
            }
        }
        drop(rows);
        self.found(found).await
    }

    /// Everything about these entries, each named by source and id, in their order.
    async fn found(&self, entries: Vec<(String, i64)>) -> Result<Vec<Found>, StoreError> {
        let mut all = Vec::with_capacity(entries.len());
        for (source, id) in entries {
            let query =
                sqlx::query("select * from entry where source = $1 and id = $2").bind(source).bind(id);
            let Some(row) = query.fetch_optional(&self.pool).await? else { continue };
            let replaced: Vec<i64> =
                sqlx::query_scalar("select replaced from version where entry = $1 order by version")
                    .bind(id)
                    .fetch_all(&self.pool)
                    .await?;
            let entry = entry_of(&row)?;
            all.push(Found {
                withdrawn: self.withdrawal(entry.id).await?,
                policy: self.policy(&entry.source).await?,
                entry,
                shelf: variant("shelf", row.try_get("shelf")?, Shelf::parse)?,
                rule_set: row.try_get("rule_set")?,
                replaced: replaced.into_iter().map(time).collect(),
            });
        }
        Ok(all)
    }
}
