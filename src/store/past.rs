//! Entries in the order of their arrival, newest first: the past that rules are tried on.

use sqlx::Row as _;

use super::entry::entry_of;
use super::{Row, Store, StoreError, variant};
use crate::identity::Shelf;
use crate::model::entry::Entry;

/// A place in the order of arrival. Entries before it came earlier.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Arrival(i64);

impl Arrival {
    /// Behind the newest entry.
    pub const LAST: Self = Self(i64::MAX);
}

impl Store {
    /// The last entries that came before `place`, newest first, each with its shelf, and the place of the oldest of them.
    pub async fn before(
        &self,
        place: Arrival,
        limit: usize,
    ) -> Result<(Vec<(Entry, Shelf)>, Arrival), StoreError> {
        let rows = sqlx::query("select * from entry where row < $1 order by row desc limit $2")
            .bind(place.0)
            .bind(i64::try_from(limit).unwrap_or(i64::MAX))
            .fetch_all(&self.pool)
            .await?;
        let oldest = rows.last().map(|row| row.try_get("row")).transpose()?;
        let entry = |row: &Row| {
            Ok((entry_of(row)?, variant("shelf", row.try_get::<&str, _>("shelf")?, Shelf::parse)?))
        };
        let entries = rows.iter().map(entry).collect::<Result<_, StoreError>>()?;
        Ok((entries, oldest.map_or(place, Arrival)))
    }
}
