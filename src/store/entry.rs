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

/// Rows that are asked for together.
pub(super) const VALUES: usize = 5_000;

/// What recognising an entry needs of it.
const KNOWN: &str =
    "select row, id, title, link, bytes_print, title_print, reading_print, published, first_seen, changed,
    version, shelf, (select how from withdrawal where entry = id) as withdrawn";

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
        let asked = keys.iter().flat_map(Keys::aliases).map(|key| key.0).collect();
        for row in self.of_source(source, "select key, alias.entry", "alias", "key", asked).await? {
            memory.aliases.insert(Key(row.try_get(0)?), EntryId(row.try_get(1)?));
        }
        let ids = memory.aliases.values().chain(&memory.habits.window).map(|id| id.0).collect();
        for row in self.of_source(source, KNOWN, "entry", "id", ids).await? {
            memory.entries.insert(EntryId(row.try_get("id")?), known_of(&row)?);
        }
        let is_known = |keys: &Keys<'_>| {
            let mut known = keys.own.iter().filter_map(|key| memory.entries.get(memory.aliases.get(key)?));
            known.any(|known| known.prints.title == keys.title.0)
        };
        let nameless = keys.iter().filter(|keys| !is_known(keys));
        let titles = nameless.filter_map(|keys| keys.name).map(|name| name.0).collect();
        let mut named = self.of_source(source, KNOWN, "entry", "title_print", titles).await?;
        named.sort_by_key(|row| row.try_get::<i64, _>("row").ok());
        for row in named {
            let (id, known) = (EntryId(row.try_get("id")?), known_of(&row)?);
            memory.names.entry(Key(known.prints.title)).or_default().push(id);
            memory.entries.insert(id, known);
        }
        Ok(memory)
    }

    /// A source's rows that have one of these values in a column, in no order.
    async fn of_source(
        &self,
        source: &SourceId,
        select: &'static str,
        table: &'static str,
        column: &'static str,
        mut values: Vec<i64>,
    ) -> Result<Vec<Row>, StoreError> {
        values.sort_unstable();
        values.dedup();
        let mut rows = Vec::with_capacity(values.len());
        for values in values.chunks(VALUES) {
            // Not `in (…)`: of a source that has said much, the database would read all of it, to look for the few.
            let mut query: QueryBuilder<Database> = QueryBuilder::new(select);
            query.push(" from (").push_values(values, |mut row, value| {
                row.push_bind(*value);
            });
            query.push(") asked cross join ").push(table).push(" where source = ").push_bind(source.as_str());
            query.push(" and ").push(column).push(" = asked.column1");
            rows.extend(query.build().persistent(false).fetch_all(&self.pool).await?);
        }
        Ok(rows)
    }

    /// The newest entries that are published, newest first.
    pub async fn newest(&self, limit: usize) -> Result<Vec<Entry>, StoreError> {
        let rows = sqlx::query(
            "select * from entry where outcome = 'publish' and (shelf = 'open' or accepted = 1)
             order by listed desc, id desc limit $1",
        )
        .bind(i64::try_from(limit).unwrap_or(i64::MAX))
        .fetch_all(&self.pool)
        .await?;
        rows.iter().map(entry_of).collect()
    }

    /// The newest entries that the rules file under a topic, newest first.
    pub async fn newest_of(&self, topic: &TopicId, limit: usize) -> Result<Vec<Entry>, StoreError> {
        let rows = sqlx::query(
            "select entry.* from entry_topic join entry on entry.row = entry_topic.row where topic = $1
             order by entry_topic.listed desc, entry_topic.entry desc limit $2",
        )
        .bind(topic.as_str())
        .bind(i64::try_from(limit).unwrap_or(i64::MAX))
        .fetch_all(&self.pool)
        .await?;
        rows.iter().map(entry_of).collect()
    }

    /// Entries of a source by their ids, in no order.
    pub async fn entries(&self, source: &SourceId, ids: &[EntryId]) -> Result<Vec<Entry>, StoreError> {
        let ids = ids.iter().map(|id| id.0).collect();
        self.of_source(source, "select entry.*", "entry", "id", ids).await?.iter().map(entry_of).collect()
    }

    /// The entries that go by any of these names in these sources, whatever the rules say of them.
    pub async fn entries_named(&self, keys: &[(&SourceId, Key)]) -> Result<Vec<Entry>, StoreError> {
        let mut entries = Vec::new();
        for keys in keys.chunks(VALUES) {
            let mut query: QueryBuilder<Database> = QueryBuilder::new("select distinct entry.* from (");
            query.push_values(keys, |mut row, (source, key)| {
                row.push_bind(source.as_str()).push_bind(key.0);
            });
            query.push(
                ") asked cross join alias on alias.source = asked.column1 and alias.key = asked.column2
                 join entry on entry.source = alias.source and entry.id = alias.entry order by entry.id",
            );
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

    /// Entries that arrived after `after` and that other rules judged, in the order of arrival.
    pub async fn judged_by_others(
        &self,
        rule_set: &str,
        after: Option<&Entry>,
        limit: usize,
    ) -> Result<Vec<Entry>, StoreError> {
        let rows = sqlx::query(
            "select * from entry where row > coalesce((select row from entry where source = $1 and id = $2), 0)
                and rule_set <> $3 order by row limit $4",
        )
        .bind(after.map(|entry| entry.source.as_str()))
        .bind(after.map(|entry| entry.id.0))
        .bind(rule_set)
        .bind(i64::try_from(limit).unwrap_or(i64::MAX))
        .fetch_all(&self.pool)
        .await?;
        rows.iter().map(entry_of).collect()
    }
}

/// `…, $1, $2)`: the values of an `in (`.
pub(super) fn push_all(query: &mut QueryBuilder<Database>, values: impl Iterator<Item = i64>) {
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
        authors: row.try_get::<Option<String>, _>("authors")?.as_deref().map(unlist).unwrap_or_default(),
        categories: row
            .try_get::<Option<String>, _>("categories")?
            .as_deref()
            .map(unlist)
            .unwrap_or_default(),
        published: row.try_get::<Option<i64>, _>("published")?.map(time),
        date_origin: variant("date origin", &origin, DateOrigin::parse)?,
        first_seen: time(row.try_get("first_seen")?),
        listed: time(row.try_get("listed")?),
        changed: time(row.try_get("changed")?),
    })
}
