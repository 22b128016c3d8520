//! Looking an entry up, for the person who asks why it is, or isn't, published.

use futures_util::StreamExt as _;
use sqlx::Row as _;

use super::entry::entry_of;
use super::{Store, StoreError, time, variant};
use crate::compose::explain::Found;
use crate::identity::Shelf;
use crate::identity::key::Key;
use crate::model::entry::EntryId;

impl Store {
    /// The entries that go by any of these names.
    pub async fn find_named(&self, keys: &[Key]) -> Result<Vec<Found>, StoreError> {
        let ids: Vec<EntryId> = self.entries_named(keys).await?.iter().map(|entry| entry.id).collect();
        self.found(&ids).await
    }

    /// The newest entries whose title and link match. It looks at every entry: only for a person who waits.
    pub async fn find(
        &self,
        matches: impl Fn(&str, &str) -> bool,
        limit: usize,
    ) -> Result<Vec<Found>, StoreError> {
        let mut ids = Vec::new();
        let mut rows =
            sqlx::query("select id, title, link from entry order by listed desc, id desc").fetch(&self.pool);
        while ids.len() < limit
            && let Some(row) = rows.next().await
        {
            let row = row?;
            let (title, link): (String, Option<String>) = (row.try_get("title")?, row.try_get("link")?);
            if matches(&title, link.as_deref().unwrap_or("")) {
                ids.push(EntryId(row.try_get("id")?));
            }
        }
        drop(rows);
        self.found(&ids).await
    }

    /// Everything about these entries, in their order.
    pub async fn found(&self, ids: &[EntryId]) -> Result<Vec<Found>, StoreError> {
        let mut all = Vec::with_capacity(ids.len());
        for id in ids {
            let query = sqlx::query("select * from entry where id = $1").bind(id.0);
            let Some(row) = query.fetch_optional(&self.pool).await? else { continue };
            let replaced: Vec<i64> =
                sqlx::query_scalar("select replaced from version where entry = $1 order by version")
                    .bind(id.0)
                    .fetch_all(&self.pool)
                    .await?;
            let entry = entry_of(&row)?;
            all.push(Found {
                withdrawn: self.withdrawal(entry.id).await?,
                policy: self.policy(&entry.source).await?,
                decisions: self.decisions_of(&[entry.id]).await?,
                entry,
                shelf: variant("shelf", row.try_get("shelf")?, Shelf::parse)?,
                rule_set: row.try_get("rule_set")?,
                replaced: replaced.into_iter().map(time).collect(),
            });
        }
        Ok(all)
    }
}
