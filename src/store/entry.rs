//! Entries, read back: what a document's keys reach, what members may see, what must be judged again.

use sqlx::{QueryBuilder, Row as _};
use std::collections::BTreeMap;

use super::{Database, Row, Store, StoreError, time, unlist, variant};
use crate::identity::change::Prints;
use crate::identity::key::{Key, Keys};
use crate::identity::{Known, Memory, Policy, Shelf, Withdrawal};
use crate::model::entry::{DateOrigin, Entry, EntryId};
use crate::model::language::Language;
use crate::model::source::SourceId;
use crate::model::text::Markup;
use crate::model::topic::TopicId;

/// Values in one `in (…)`.
const VALUES: usize = 5_000;

impl Store {
    /// What is known of a source's entries, as far as these keys reach. `newest` of the answer is not the store's to say.
    pub async fn memory(
        &self,
        source: &SourceId,
        policy: Option<Policy>,
        keys: &[Keys<'_>],
    ) -> Result<Memory, StoreError> {
        let mut memory = Memory { policy, ..Memory::default() };
        if policy.is_none() {
            return Ok(memory); // never read: nothing can be known
        }
        memory.habits = self.habits(source).await?;
        let asked: Vec<Key> = keys.iter().flat_map(Keys::aliases).collect();
        for keys in asked.chunks(VALUES) {
            let mut query: QueryBuilder<Database> =
                QueryBuilder::new("select key, entry from alias where key in (");
            push_all(&mut query, keys.iter().map(|key| key.0));
            for row in query.build().persistent(false).fetch_all(&self.pool).await? {
                memory.aliases.insert(Key(row.try_get(0)?), EntryId(row.try_get(1)?));
            }
        }
        let mut ids: Vec<i64> = memory.aliases.values().chain(&memory.habits.window).map(|id| id.0).collect();
        ids.sort_unstable();
        ids.dedup();
        for row in self.known("id", &ids).await? {
            memory.entries.insert(EntryId(row.try_get("id")?), known_of(&row)?);
        }
        let is_known = |keys: &Keys<'_>| {
            let mut known = keys.own.iter().filter_map(|key| memory.entries.get(memory.aliases.get(key)?));
            known.any(|known| known.prints.title == keys.title.0)
        };
        let nameless = keys.iter().filter(|keys| !is_known(keys));
        let titles: Vec<i64> = nameless.filter_map(|keys| keys.name).map(|name| name.0).collect();
        for row in self.known("title_print", &titles).await? {
            let (id, known) = (EntryId(row.try_get("id")?), known_of(&row)?);
            memory.names.entry(Key(known.prints.title)).or_default().push(id);
            memory.entries.insert(id, known);
        }
        Ok(memory)
    }

    /// The rows of entries by the values of a column, in the order of arrival. Not by source as well: what keys reach is of
    /// one source already, and the database must not think of reading all that the source ever said.
    async fn known(&self, column: &'static str, values: &[i64]) -> Result<Vec<Row>, StoreError> {
        let mut rows = Vec::new();
        for values in values.chunks(VALUES) {
            let mut query: QueryBuilder<Database> = QueryBuilder::new(
                "select id, title, link, bytes_print, title_print, reading_print, published, first_seen, changed, version,
                    shelf, (select how from withdrawal where entry = id) as withdrawn
                 from entry where ",
            );
            query.push(column).push(" in (");
            push_all(&mut query, values.iter().copied());
            query.push(" order by row");
            rows.extend(query.build().persistent(false).fetch_all(&self.pool).await?);
        }
        Ok(rows)
    }

    /// The newest entries that the rules publish, newest first.
    pub async fn newest(&self, limit: usize) -> Result<Vec<Entry>, StoreError> {
        let rows = sqlx::query(
            "select * from entry where outcome = 'publish' and shelf = 'open'
             order by listed desc, id desc limit $1",
        )
        .bind(i64::try_from(limit).unwrap_or(i64::MAX))
        .fetch_all(&self.pool)
        .await?;
        rows.iter().map(entry_of).collect()
    }

    /// The ids of the newest entries that the rules file under a topic, newest first.
    pub async fn newest_of(&self, topic: &TopicId, limit: usize) -> Result<Vec<EntryId>, StoreError> {
        let ids: Vec<i64> = sqlx::query_scalar(
            "select entry from entry_topic where topic = $1 order by listed desc, entry desc limit $2",
        )
        .bind(topic.as_str())
        .bind(i64::try_from(limit).unwrap_or(i64::MAX))
        .fetch_all(&self.pool)
        .await?;
        Ok(ids.into_iter().map(EntryId).collect())
    }

    /// Entries by their ids, in no order.
    pub async fn entries(&self, ids: &[EntryId]) -> Result<Vec<Entry>, StoreError> {
        let mut entries = Vec::with_capacity(ids.len());
        for ids in ids.chunks(VALUES) {
            let mut query: QueryBuilder<Database> = QueryBuilder::new("select * from entry where id in (");
            push_all(&mut query, ids.iter().map(|id| id.0));
            for row in query.build().persistent(false).fetch_all(&self.pool).await? {
                entries.push(entry_of(&row)?);
            }
        }
        Ok(entries)
    }

    /// The entries that go by any of these names, whatever the rules say of them.
    pub async fn entries_named(&self, keys: &[Key]) -> Result<Vec<Entry>, StoreError> {
        let mut entries = Vec::new();
        for keys in keys.chunks(VALUES) {
            let mut query: QueryBuilder<Database> =
                QueryBuilder::new("select * from entry where id in (select entry from alias where key in (");
            push_all(&mut query, keys.iter().map(|key| key.0));
            query.push(") order by id");
            for row in query.build().persistent(false).fetch_all(&self.pool).await? {
                entries.push(entry_of(&row)?);
            }
        }
        Ok(entries)
    }

    /// Which of these their sources took back.
    pub async fn withdrawn(&self, ids: &[EntryId]) -> Result<BTreeMap<EntryId, Withdrawal>, StoreError> {
        let mut withdrawn = BTreeMap::new();
        for ids in ids.chunks(VALUES) {
            let mut query: QueryBuilder<Database> =
                QueryBuilder::new("select entry, how from withdrawal where entry in (");
            push_all(&mut query, ids.iter().map(|id| id.0));
            for row in query.build().persistent(false).fetch_all(&self.pool).await? {
                let how: String = row.try_get(1)?;
                withdrawn.insert(EntryId(row.try_get(0)?), variant("withdrawal", &how, Withdrawal::parse)?);
            }
        }
        Ok(withdrawn)
    }

    /// Entries after `after`, by id, that other rules judged.
    pub async fn judged_by_others(
        &self,
        rule_set: &str,
        after: EntryId,
        limit: usize,
    ) -> Result<Vec<Entry>, StoreError> {
        let rows = sqlx::query("select * from entry where id > $1 and rule_set <> $2 order by id limit $3")
            .bind(after.0)
            .bind(rule_set)
            .bind(i64::try_from(limit).unwrap_or(i64::MAX))
            .fetch_all(&self.pool)
            .await?;
        rows.iter().map(entry_of).collect()
    }
}

/// `…, $1, $2)`: the values of an `in (`.
fn push_all(query: &mut QueryBuilder<Database>, values: impl Iterator<Item = i64>) {
    let mut values_of = query.separated(", ");
    for value in values {
        values_of.push_bind(value);
    }
    query.push(")");
}

fn known_of(row: &Row) -> Result<Known, StoreError> {
    let shelf: String = row.try_get("shelf")?;
    let version: i64 = row.try_get("version")?;
    let withdrawn: Option<String> = row.try_get("withdrawn")?;
    Ok(Known {
        title: row.try_get("title")?,
        link: row.try_get("link")?,
        prints: Prints {
            bytes: row.try_get("bytes_print")?,
            title: row.try_get("title_print")?,
            reading: row.try_get("reading_print")?,
        },
        published: row.try_get::<Option<i64>, _>("published")?.map(time),
        first_seen: time(row.try_get("first_seen")?),
        changed: time(row.try_get("changed")?),
        version: u32::try_from(version).unwrap_or(u32::MAX),
        shelf: variant("shelf", &shelf, Shelf::parse)?,
        withdrawn: withdrawn.map(|how| variant("withdrawal", &how, Withdrawal::parse)).transpose()?,
    })
}

pub(super) fn entry_of(row: &Row) -> Result<Entry, StoreError> {
    let source: String = row.try_get("source")?;
    let origin: String = row.try_get("date_origin")?;
    let url = |name: &str| -> Result<Option<url::Url>, StoreError> {
        let text: Option<String> = row.try_get(name)?;
        Ok(text.and_then(|text| url::Url::parse(&text).ok()))
    };
    let markup = |text: &str, html: &str| -> Result<Option<Markup>, StoreError> {
        let html = row.try_get::<i64, _>(html)? != 0;
        Ok(row.try_get::<Option<String>, _>(text)?.map(|text| Markup { text, html }))
    };
    Ok(Entry {
        id: EntryId(row.try_get("id")?),
        source: variant("source id", &source, SourceId::parse)?,
        title: row.try_get("title")?,
        link: url("link")?,
        summary: markup("summary", "summary_html")?,
        content: markup("content", "content_html")?,
        base: url("base")?,
        language: row.try_get::<Option<String>, _>("language")?.and_then(|tag| Language::parse(&tag)),
        authors: unlist(&row.try_get::<String, _>("authors")?),
        categories: unlist(&row.try_get::<String, _>("categories")?),
        published: row.try_get::<Option<i64>, _>("published")?.map(time),
        date_origin: variant("date origin", &origin, DateOrigin::parse)?,
        first_seen: time(row.try_get("first_seen")?),
        listed: time(row.try_get("listed")?),
        changed: time(row.try_get("changed")?),
    })
}
