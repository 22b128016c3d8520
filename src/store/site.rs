//! What the robots.txt of each site says.

use sqlx::Row as _;

use super::{Row, Store, StoreError, seconds, time};
use crate::fetch::robots::Site;
use crate::schedule::Validators;

impl Store {
    /// Every site whose robots.txt was ever read.
    pub async fn sites(&self) -> Result<Vec<Site>, StoreError> {
        sqlx::query("select * from site").fetch_all(&self.pool).await?.iter().map(site_of).collect()
    }

    pub async fn save_sites(&self, sites: &[Site]) -> Result<(), StoreError> {
        if sites.is_empty() {
            return Ok(());
        }
        let mut transaction = self.pool.begin_with("begin immediate").await?;
        for site in sites {
            sqlx::query(
                "insert into site (origin, rules, etag, last_modified, read_at, fresh_until, asked_at)
                 values ($1, $2, $3, $4, $5, $6, $7)
                 on conflict (origin) do update set rules = excluded.rules, etag = excluded.etag,
                    last_modified = excluded.last_modified, read_at = excluded.read_at,
                    fresh_until = excluded.fresh_until, asked_at = excluded.asked_at",
            )
            .bind(&site.origin)
            .bind(&site.rules)
            .bind(&site.validators.etag)
            .bind(&site.validators.last_modified)
            .bind(seconds(site.read_at))
            .bind(seconds(site.fresh_until))
            .bind(site.asked_at.map(seconds))
            .execute(&mut *transaction)
            .await?;
        }
        transaction.commit().await?;
        Ok(())
    }
}

fn site_of(row: &Row) -> Result<Site, StoreError> {
    Ok(Site {
        origin: row.try_get("origin")?,
        rules: row.try_get("rules")?,
        validators: Validators {
            etag: row.try_get("etag")?,
            last_modified: row.try_get("last_modified")?,
            of: None,
        },
        read_at: time(row.try_get("read_at")?),
        fresh_until: time(row.try_get("fresh_until")?),
        asked_at: row.try_get::<Option<i64>, _>("asked_at")?.map(time),
    })
}
