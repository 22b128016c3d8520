//! The entries that a person means: by id, by link, or by words of the title.

use super::say;
use crate::compose::explain::Found;
use crate::config::Config;
use crate::identity::key;
use crate::model::entry::EntryId;
use crate::rules::fold::fold;
use crate::store::{Store, StoreError};

/// So many entries are shown at most when words find more.
pub(super) const MOST: usize = 10;

/// By id or by link in any source; else the newest with these words in title or link.
pub(super) async fn find(store: &Store, config: &Config, what: &str) -> Result<Vec<Found>, StoreError> {
    let named = named(store, config, what).await?;
    if !named.is_empty() {
        return Ok(named);
    }
    store.find(|title, link| has(title, what) || has(link, what), MOST).await
}

/// The entries of an id or a link; or the only one with these words in its title. Otherwise nothing is done, and a person
/// is shown what there is to choose from.
pub(super) async fn only(store: &Store, config: &Config, what: &str) -> anyhow::Result<Vec<Found>> {
    let named = named(store, config, what).await?;
    if !named.is_empty() {
        return Ok(named);
    }
    let mut found = store.find(|title, _| fold(title).trim() == fold(what).trim(), 2).await?;
    if found.len() != 1 {
        found = store.find(|title, _| has(title, what), MOST + 1).await?;
    }
    match found.len() {
        1 => Ok(found),
        0 => anyhow::bail!(
            "no entry that was read has the id or the link `{what}`, or these words in its title; nothing was done"
        ),
        many => {
            for found in found.iter().take(MOST) {
                say::note(&line(found));
            }
            let more = if many > MOST { "more than " } else { "" };
            anyhow::bail!(
                "{more}{} entries have `{what}` in their titles (see above): name one by its id; nothing was done",
                many.min(MOST)
            )
        }
    }
}

/// Do these words stand there, letter case, accents and the like apart?
pub(super) fn has(text: &str, what: &str) -> bool {
    let what = fold(what);
    !what.trim().is_empty() && fold(text).contains(what.trim())
}

async fn named(store: &Store, config: &Config, what: &str) -> Result<Vec<Found>, StoreError> {
    if let Some(id) = id(what) {
        let found = store.with_id(id).await?;
        if found.is_some() {
            return Ok(found.into_iter().collect());
        }
    }
    let keys: Vec<_> =
        config.sources.iter().map(|source| (&source.id, key::link_key(&source.id, what))).collect();
    store.find_named(&keys).await
}

/// As this program prints it, as feeds have it (`tag:…/source/id`), or as addresses in the digest end (`#e…`).
fn id(what: &str) -> Option<EntryId> {
    let last = what.trim().rsplit(['/', '#']).next()?;
    EntryId::parse(last).or_else(|| EntryId::parse(last.strip_prefix('e')?))
}

fn line(found: &Found) -> String {
    let entry = &found.entry;
    format!(
        "  {}  {}, {}: {}",
        entry.id,
        entry.source,
        entry.published.unwrap_or(entry.first_seen).format("%-d %B %Y"),
        entry.title
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_is_known_wherever_it_was_copied_from() {
        for text in [
            "00000000000000ff",
            " 00000000000000FF ",
            "e00000000000000ff",
            "tag:ifcba.example,2018:wco/00000000000000ff",
            "https://bulletin.example/#e00000000000000ff",
        ] {
            assert_eq!(id(text), Some(EntryId(255)), "{text}");
        }
        for text in
            ["ff", "https://wto.example/news", "women and trade", "", "ffffffffffffffff", "+0000000000000ff"]
        {
            assert_eq!(id(text), None, "{text}");
        }
    }
}
