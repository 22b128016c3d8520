//! Looking an entry up, for the person who asks why it is, or isn't, published.

use futures_util::StreamExt as _;
use sqlx::Row as _;

use super::entry::entry_of;
use super::{Store, StoreError, time, variant};
use crate::compose::explain::Found;
use crate::identity::Shelf;
use crate::identity::key::Key;
use crate::model::entry::{Entry, EntryId};
use crate::model::source::SourceId;

impl Store {
    /// The entries that go by any of these names.
    pub async fn find_named(&self, keys: &[(&SourceId, Key)]) -> Result<Vec<Found>, StoreError> {
        let entries = self.entries_named(keys).await?;
        self.found(&entries.iter().collect::<Vec<_>>()).await
    }

    /// Everything about these entries as they are stored now, in their order.
    pub async fn found(&self, entries: &[&Entry]) -> Result<Vec<Found>, StoreError> {
        self.named(entries.iter().map(|entry| (entry.source.to_string(), entry.id.0)).collect()).await
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
        self.named(found).await
    }

    /// Everything about an entry. It is looked for in the whole store: only for a person who waits.
    pub async fn with_id(&self, id: EntryId) -> Result<Option<Found>, StoreError> {
        let named = sqlx::query_as::<_, (String, i64)>("select source, id from entry where id = $1");
        let named = named.bind(id.0).fetch_optional(&self.pool).await?;
        Ok(self.named(named.into_iter().collect()).await?.pop())
    }

    /// Everything about these entries, each named by source and id, in their order.
    async fn named(&self, entries: Vec<(String, i64)>) -> Result<Vec<Found>, StoreError> {
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
