//! The past that rules are tried on and learn from: the entries that came, and what staff decided about them.

use chrono::{DateTime, Utc};

use crate::desk::decided::by_entry;
use crate::identity::Shelf;
use crate::model::decision::Decided;
use crate::model::entry::Entry;
use crate::store::{Arrival, Store, StoreError};

/// Entries read at once.
const TOGETHER: usize = 500;

/// Gives every entry that came since then, newest first, with what staff decided about it. What a shelf keeps back is no part
/// of it unless staff accepted it: no rule would publish it.
pub async fn each(
    store: &Store,
    since: DateTime<Utc>,
    mut give: impl FnMut(&Entry, &Decided),
) -> Result<(), StoreError> {
    let staff = by_entry(&store.decisions().await?);
    let undecided = Decided::default();
    let mut place = Arrival::LAST;
    loop {
        let (entries, oldest) = store.before(place, TOGETHER).await?;
        let recent = entries.iter().take_while(|(entry, _)| entry.first_seen >= since).count();
        for (entry, shelf) in entries.iter().take(recent) {
            let decided = staff.get(&entry.id).map_or(&undecided, |staff| &staff.decided);
            if *shelf == Shelf::Open || decided.accepted == Some(true) {
                give(entry, decided);
            }
        }
        if recent < TOGETHER {
            return Ok(());
        }
        place = oldest;
    }
}

/// Every entry that staff accepted or rejected, whenever it came, in the order of ids.
pub async fn decided(store: &Store) -> Result<Vec<(Entry, Decided)>, StoreError> {
    let staff = by_entry(&store.decisions().await?);
    let with = |entry: Entry| {
        let decided = staff.get(&entry.id).map(|staff| staff.decided.clone()).unwrap_or_default();
        decided.accepted.is_some().then_some((entry, decided))
    };
    Ok(store.judged_by_staff().await?.into_iter().filter_map(with).collect())
}
