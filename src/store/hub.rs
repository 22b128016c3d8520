//! What sources offer, and how our subscriptions at hubs stand.

use chrono::{DateTime, Utc};
use sqlx::{Row as _, SqliteConnection};
use std::collections::{BTreeMap, HashMap};
use url::Url;

use super::{Row, Store, StoreError, list, seconds, time, unlist, variant};
use crate::hub::discovery::{Offer, Offered};
use crate::hub::subscription::{Stage, Subscription};
use crate::model::source::SourceId;

/// What becomes of a subscription that was looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Keep {
    Kept,
    Forgotten,
}

impl Store {
    /// What each source offers; those without a hub are not among them.
    pub async fn offers(&self) -> Result<BTreeMap<SourceId, Offer>, StoreError> {
        let rows = sqlx::query("select source, topic, hubs from offer").fetch_all(&self.pool).await?;
        rows.iter().map(|row| Ok((source_of(row)?, offer_of(row)?))).collect()
    }

    /// Every subscription, in no order.
    pub async fn subscriptions(&self) -> Result<Vec<Subscription>, StoreError> {
        let rows = sqlx::query("select * from subscription").fetch_all(&self.pool).await?;
        rows.iter().map(subscription_of).collect()
    }

    pub async fn subscription(&self, token: &str) -> Result<Option<Subscription>, StoreError> {
        let mut connection = self.pool.acquire().await?;
        find(&mut connection, token).await
    }

    pub async fn subscribe(&self, subscription: &Subscription) -> Result<(), StoreError> {
        let mut connection = self.pool.acquire().await?;
        write(&mut connection, subscription).await
    }

    /// Changes a subscription as it stands now, in one transaction: the hub may call while we are asking it. `None`: there
    /// is no such subscription.
    pub async fn change_subscription<T>(
        &self,
        token: &str,
        change: impl FnOnce(&mut Subscription) -> (Keep, T),
    ) -> Result<Option<T>, StoreError> {
        let mut transaction = self.pool.begin_with("begin immediate").await?;
        let Some(mut subscription) = find(&mut transaction, token).await? else { return Ok(None) };
        let (keep, result) = change(&mut subscription);
        match keep {
            Keep::Kept => write(&mut transaction, &subscription).await?,
            Keep::Forgotten => forget(&mut transaction, token).await?,
        }
        transaction.commit().await?;
        Ok(Some(result))
    }

    /// When the hubs of sources last said that there is something new, for those that were not asked since.
    pub async fn hints(&self) -> Result<HashMap<SourceId, DateTime<Utc>>, StoreError> {
        let hints =
            "select source, max(hinted) as hinted from subscription where hinted is not null group by source";
        let rows = sqlx::query(hints).fetch_all(&self.pool).await?;
        rows.iter().map(|row| Ok((source_of(row)?, time(row.try_get("hinted")?)))).collect()
    }
}

/// Replaces what a source offers.
pub(super) async fn save_offer(
    connection: &mut SqliteConnection,
    source: &SourceId,
    offered: &Offered,
) -> Result<(), StoreError> {
    match offered {
        Offered::Same => Ok(()),
        Offered::Now(Some(offer)) => set_offer(connection, source, offer).await,
        Offered::Now(None) => forget_offer(connection, source).await,
    }
}

/// The source was asked at this time; what its hub says from then on is a new hint.
pub(super) async fn follow_hint(
    connection: &mut SqliteConnection,
    source: &SourceId,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    sqlx::query("update subscription set hinted = null where source = $1 and hinted <= $2")
        .bind(source.as_str())
        .bind(seconds(now))
        .execute(connection)
        .await?;
    Ok(())
}

async fn set_offer(
    connection: &mut SqliteConnection,
    source: &SourceId,
    offer: &Offer,
) -> Result<(), StoreError> {
    let hubs: Vec<String> = offer.hubs.iter().map(Url::to_string).collect();
    sqlx::query(
        "insert into offer (source, topic, hubs) values ($1, $2, $3)
         on conflict (source) do update set topic = excluded.topic, hubs = excluded.hubs",
    )
    .bind(source.as_str())
    .bind(&offer.topic)
    .bind(list(&hubs))
    .execute(connection)
    .await?;
    Ok(())
}

async fn forget_offer(connection: &mut SqliteConnection, source: &SourceId) -> Result<(), StoreError> {
    sqlx::query("delete from offer where source = $1").bind(source.as_str()).execute(connection).await?;
    Ok(())
}

async fn find(connection: &mut SqliteConnection, token: &str) -> Result<Option<Subscription>, StoreError> {
    let row = sqlx::query("select * from subscription where token = $1")
        .bind(token)
        .fetch_optional(connection)
        .await?;
    row.as_ref().map(subscription_of).transpose()
}

async fn write(connection: &mut SqliteConnection, subscription: &Subscription) -> Result<(), StoreError> {
    sqlx::query(
        "insert into subscription (token, callback, secret, source, hub, topic, stage, pending_until, ends, next, failures,
                                   problem, hinted)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)
         on conflict (token) do update set stage = excluded.stage, pending_until = excluded.pending_until,
            ends = excluded.ends, next = excluded.next, failures = excluded.failures, problem = excluded.problem,
            hinted = excluded.hinted",
    )
    .bind(&subscription.token)
    .bind(&subscription.callback)
    .bind(&subscription.secret)
    .bind(subscription.source.as_str())
    .bind(subscription.hub.as_str())
    .bind(&subscription.topic)
    .bind(subscription.stage.as_str())
    .bind(subscription.pending_until.map(seconds))
    .bind(subscription.ends.map(seconds))
    .bind(subscription.next.map(seconds))
    .bind(i64::from(subscription.failures))
    .bind(&subscription.problem)
    .bind(subscription.hinted.map(seconds))
    .execute(connection)
    .await?;
    Ok(())
}

async fn forget(connection: &mut SqliteConnection, token: &str) -> Result<(), StoreError> {
    sqlx::query("delete from subscription where token = $1").bind(token).execute(connection).await?;
    Ok(())
}

fn source_of(row: &Row) -> Result<SourceId, StoreError> {
    let id: String = row.try_get("source")?;
    variant("source id", &id, SourceId::parse)
}

fn offer_of(row: &Row) -> Result<Offer, StoreError> {
    let hubs = unlist(row.try_get("hubs")?);
    let hubs = hubs.iter().map(|hub| address(hub)).collect::<Result<_, _>>()?;
    Ok(Offer { topic: row.try_get("topic")?, hubs })
}

fn subscription_of(row: &Row) -> Result<Subscription, StoreError> {
    let stage: String = row.try_get("stage")?;
    let failures: i64 = row.try_get("failures")?;
    let moment = |name: &str| Ok::<_, StoreError>(row.try_get::<Option<i64>, _>(name)?.map(time));
    Ok(Subscription {
        token: row.try_get("token")?,
        callback: row.try_get("callback")?,
        secret: row.try_get("secret")?,
        source: source_of(row)?,
        hub: address(row.try_get("hub")?)?,
        topic: row.try_get("topic")?,
        stage: variant("stage of a subscription", &stage, Stage::parse)?,
        pending_until: moment("pending_until")?,
        ends: moment("ends")?,
        next: moment("next")?,
        failures: u32::try_from(failures).unwrap_or(u32::MAX),
        problem: row.try_get("problem")?,
        hinted: moment("hinted")?,
    })
}

fn address(text: &str) -> Result<Url, StoreError> {
    variant("hub", text, |text| Url::parse(text).ok())
}
