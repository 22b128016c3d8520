//! What a source said, saved: its state, its entries and their names, in one transaction.

use chrono::{DateTime, Utc};
use sqlx::SqliteConnection;
use std::borrow::Cow;
use std::collections::HashMap;
use std::sync::Arc;

use super::insert::{Insert, Values};
use super::{Store, StoreError, decision, habit, hub, list, revise, seconds, source};
use crate::hub::discovery::Offered;
use crate::identity::habits::Habits;
use crate::identity::key::Key;
use crate::identity::{Arrival, ArrivalKind, Shelf, Withdrawals};
use crate::model::decision::Decided;
use crate::model::entry::{Entry, EntryId};
use crate::model::language::Language;
use crate::model::text::Markup;
use crate::model::topic::TopicId;
use crate::model::verdict::Outcome;
use crate::schedule::SourceState;

/// What one source's answer came to.
#[derive(Debug, Clone)]
pub struct Save {
    pub state: SourceState,
    pub arrivals: Vec<Judged>,
    /// Names under which entries came for the first time.
    pub aliases: Vec<(Key, EntryId)>,
    /// `None`: no document was read.
    pub habits: Option<Habits>,
    pub withdrawals: Withdrawals,
    pub offered: Offered,
    /// It was asked because its hub said so: what the hub said until this run is done with.
    pub is_hinted: bool,
}

/// An entry to be stored, with what the rules said of it.
#[derive(Debug, Clone)]
pub struct Judged {
    pub arrival: Arrival,
    pub judgement: Judgement,
}

/// What is kept of a verdict; the rest of it can be worked out again from the entry and the rules.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Judgement {
    pub outcome: Outcome,
    pub topics: Vec<TopicId>,
}

impl Store {
    /// Saves the answers of sources, all or none. A crash before it ends leaves the store as it was, validators too,
    /// so that the next run asks again. Whoever gives the answers away spares a copy of all that they say.
    pub async fn save(
        &self,
        saves: impl Into<Cow<'_, [Save]>>,
        rule_set: &str,
        now: DateTime<Utc>,
    ) -> Result<(), StoreError> {
        let mut saves = saves.into().into_owned();
        let (mut new, mut known, mut aliases) = (Vec::new(), Vec::new(), Vec::new());
        for save in &mut saves {
            let source: Arc<str> = save.state.id.as_str().into();
            aliases.extend(save.aliases.drain(..).map(|(key, id)| (Arc::clone(&source), key, id)));
            for judged in save.arrivals.drain(..) {
                match judged.arrival.kind {
                    ArrivalKind::New => new.push((Arc::clone(&source), judged)),
                    _ => known.push(judged),
                }
            }
        }
        let tells = |save: &Save| !(save.withdrawals.gone.is_empty() && save.withdrawals.back.is_empty());
        let is_news = !(new.is_empty() && known.is_empty() && aliases.is_empty()) || saves.iter().any(tells);
        let mut transaction = self.pool.begin_with("begin immediate").await?;
        if is_news {
            revise(&mut transaction).await?;
        }
        let ids = new.iter().map(|(_, judged)| judged).chain(&known).map(|judged| judged.arrival.entry.id);
        let decided = decision::in_force(&mut transaction, &ids.collect::<Vec<_>>()).await?;
        // An id that was decided about is no new one, whatever the answer looked like: it has its place.
        let topics = topics(new.iter().filter(|(_, judged)| !decided.contains_key(&judged.arrival.entry.id)));
        source::write(&mut transaction, saves.iter().map(|save| &save.state).collect()).await?;
        insert(&mut transaction, new, rule_set).await?;
        insert_topics(&mut transaction, topics).await?;
        for known in known {
            update(&mut transaction, &known.arrival, now).await?;
            let decided = decided.get(&known.arrival.entry.id);
            judge(&mut transaction, &known.arrival.entry, &known.judgement, decided, rule_set).await?;
        }
        insert_aliases(&mut transaction, aliases).await?;
        let habits = saves.iter().filter_map(|save| Some((&save.state.id, save.habits.as_ref()?))).collect();
        habit::write(&mut transaction, habits).await?;
        for save in &saves {
            habit::mark(&mut transaction, &save.state.id, &save.withdrawals, now).await?;
            hub::save_offer(&mut transaction, &save.state.id, &save.offered).await?;
            if save.is_hinted {
                hub::follow_hint(&mut transaction, &save.state.id, now).await?;
            }
        }
        transaction.commit().await?;
        Ok(())
    }

    /// Replaces what earlier rules said of entries; what staff decided holds.
    pub async fn rejudge(&self, entries: &[(&Entry, Judgement)], rule_set: &str) -> Result<(), StoreError> {
        let mut transaction = self.pool.begin_with("begin immediate").await?;
        revise(&mut transaction).await?;
        let ids: Vec<EntryId> = entries.iter().map(|(entry, _)| entry.id).collect();
        let decided = decision::in_force(&mut transaction, &ids).await?;
        judge_all(&mut transaction, entries, &decided, rule_set).await?;
        transaction.commit().await?;
        Ok(())
    }
}

static ENTRIES: Insert = Insert::new(
    "insert into entry (id, source, title, link, summary, summary_html, content, content_html, base, language,
                        authors, categories, published, date_origin, first_seen, changed, listed, bytes_print,
                        title_print, reading_print, version, shelf, rule_set, outcome)",
    24,
    100,
    // The same id is the same first evidence: the entry is there already.
    "on conflict (source, id) do nothing",
);

/// New entries, each with the name of its source, which all of a source share.
async fn insert(
    connection: &mut SqliteConnection,
    new: Vec<(Arc<str>, Judged)>,
    rule_set: &str,
) -> Result<(), StoreError> {
    let rule_set: Arc<str> = rule_set.into();
    let values = |row: &mut Values, (source, Judged { arrival, judgement }): (Arc<str>, Judged)| {
        let entry = arrival.entry;
        let (summary, content) = (is_html(entry.summary.as_ref()), is_html(entry.content.as_ref()));
        row.push(entry.id.0)
            .push(source)
            .push(entry.title)
            .push(entry.link.map(String::from))
            .push(entry.summary.map(|markup| markup.text))
            .push(summary)
            .push(entry.content.map(|markup| markup.text))
            .push(content)
            .push(entry.base.map(String::from))
            .push(entry.language.as_ref().map(Language::as_str))
            .push(some(&entry.authors))
            .push(some(&entry.categories))
            .push(entry.published.map(seconds))
            .push(entry.date_origin.as_str())
            .push(seconds(entry.first_seen))
            .push(seconds(entry.changed))
            .push(seconds(entry.listed))
            .push(arrival.prints.bytes)
            .push(arrival.prints.title)
            .push(arrival.prints.reading)
            .push(i64::from(arrival.version))
            .push(arrival.shelf.as_str())
            .push(Arc::clone(&rule_set))
            .push(judgement.outcome.as_str());
    };
    ENTRIES.run(connection, new, values).await
}

/// Writes a known entry's new text; its first sight and shelf stay, its date too once it has come. A version that readers saw is kept.
async fn update(
    connection: &mut SqliteConnection,
    arrival: &Arrival,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    let entry = &arrival.entry;
    if arrival.kind == ArrivalKind::Changed {
        sqlx::query(
            "insert into version (entry, version, replaced, title, link, summary, summary_html, content, content_html)
             select id, version, $3, title, link, summary, summary_html, content, content_html
                from entry where source = $1 and id = $2
             on conflict (entry, version) do nothing",
        )
        .bind(entry.source.as_str())
        .bind(entry.id.0)
        .bind(seconds(now))
        .execute(&mut *connection)
        .await?;
    }
    sqlx::query(
        "update entry set title = $3, link = $4, summary = $5, summary_html = $6, content = $7, content_html = $8,
            base = $9, language = $10, authors = $11, categories = $12, changed = $13, bytes_print = $14,
            title_print = $15, reading_print = $16, version = $17,
            published = case when published > $18 then $19 else published end,
            listed = case when published > $18 then coalesce($19, listed) else listed end
         where source = $1 and id = $2",
    )
    .bind(entry.source.as_str())
    .bind(entry.id.0)
    .bind(&entry.title)
    .bind(entry.link.as_ref().map(url::Url::as_str))
    .bind(entry.summary.as_ref().map(|markup| markup.text.as_str()))
    .bind(is_html(entry.summary.as_ref()))
    .bind(entry.content.as_ref().map(|markup| markup.text.as_str()))
    .bind(is_html(entry.content.as_ref()))
    .bind(entry.base.as_ref().map(url::Url::as_str))
    .bind(entry.language.as_ref().map(Language::as_str))
    .bind(some(&entry.authors))
    .bind(some(&entry.categories))
    .bind(seconds(entry.changed))
    .bind(arrival.prints.bytes)
    .bind(arrival.prints.title)
    .bind(arrival.prints.reading)
    .bind(i64::from(arrival.version))
    .bind(seconds(now))
    .bind(entry.published.map(seconds))
    .execute(&mut *connection)
    .await?;
    Ok(())
}

/// With their places in the lists and in the order of arrival, which the entries have by then.
static TOPICS: Insert = Insert::new(
    "insert into entry_topic (topic, listed, entry, row)
     select asked.column1, listed, id, row from (",
    3,
    100,
    ") asked cross join entry where source = asked.column2 and id = asked.column3
     on conflict (topic, listed, entry) do nothing",
);

/// Where new entries are listed: only what the rules publish and no shelf keeps back.
fn topics<'a>(new: impl Iterator<Item = &'a (Arc<str>, Judged)>) -> Vec<(TopicId, Arc<str>, EntryId)> {
    let shown = new.filter(|(_, judged)| {
        judged.arrival.shelf == Shelf::Open && judged.judgement.outcome == Outcome::Publish
    });
    let row = |topic: &TopicId, source: &Arc<str>, judged: &Judged| {
        (topic.clone(), Arc::clone(source), judged.arrival.entry.id)
    };
    shown
        .flat_map(|(source, judged)| {
            judged.judgement.topics.iter().map(move |topic| row(topic, source, judged))
        })
        .collect()
}

async fn insert_topics(
    connection: &mut SqliteConnection,
    rows: Vec<(TopicId, Arc<str>, EntryId)>,
) -> Result<(), StoreError> {
    let values = |row: &mut Values, (topic, source, id): (TopicId, Arc<str>, EntryId)| {
        row.push(topic.as_str()).push(source).push(id.0);
    };
    TOPICS.run(connection, rows, values).await
}

/// Replaces what was said of entries that are stored already.
pub(super) async fn judge_all(
    connection: &mut SqliteConnection,
    entries: &[(&Entry, Judgement)],
    decided: &HashMap<EntryId, Decided>,
    rule_set: &str,
) -> Result<(), StoreError> {
    for (entry, judgement) in entries {
        judge(connection, entry, judgement, decided.get(&entry.id), rule_set).await?;
    }
    Ok(())
}

/// What staff decided beats what the rules say. The entry's place in the lists is the one that is stored.
pub(super) async fn judge(
    connection: &mut SqliteConnection,
    entry: &Entry,
    judgement: &Judgement,
    decided: Option<&Decided>,
    rule_set: &str,
) -> Result<(), StoreError> {
    let outcome = decided.map_or(judgement.outcome, |decided| decided.outcome(judgement.outcome));
    let topics = decided.map_or(judgement.topics.as_slice(), |decided| decided.topics(&judgement.topics));
    let (source, id) = (entry.source.as_str(), entry.id.0);
    sqlx::query("update entry set rule_set = $3, outcome = $4 where source = $1 and id = $2")
        .bind(source)
        .bind(id)
        .bind(rule_set)
        .bind(outcome.as_str())
        .execute(&mut *connection)
        .await?;
    sqlx::query("delete from entry_topic where row = (select row from entry where source = $1 and id = $2)")
        .bind(source)
        .bind(id)
        .execute(&mut *connection)
        .await?;
    for topic in topics.iter().filter(|_| outcome == Outcome::Publish) {
        sqlx::query(
            "insert into entry_topic (topic, listed, entry, row)
             select $3, listed, id, row from entry where source = $1 and id = $2 and (shelf = 'open' or accepted = 1)
             on conflict (topic, listed, entry) do nothing",
        )
        .bind(source)
        .bind(id)
        .bind(topic.as_str())
        .execute(&mut *connection)
        .await?;
    }
    Ok(())
}

/// Who had a name first keeps it.
static ALIASES: Insert =
    Insert::new("insert into alias (source, key, entry)", 3, 500, "on conflict (source, key) do nothing");

async fn insert_aliases(
    connection: &mut SqliteConnection,
    aliases: Vec<(Arc<str>, Key, EntryId)>,
) -> Result<(), StoreError> {
    let values = |row: &mut Values, (source, key, id): (Arc<str>, Key, EntryId)| {
        row.push(source).push(key.0).push(id.0);
    };
    ALIASES.run(connection, aliases, values).await
}

fn is_html(markup: Option<&Markup>) -> i64 {
    i64::from(markup.is_some_and(|markup| markup.html))
}

/// A list as it is stored: nothing, if there is nothing in it.
fn some(texts: &[String]) -> Option<String> {
    (!texts.is_empty()).then(|| list(texts))
}
