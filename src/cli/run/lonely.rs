//! Notes of the secretariat that introduce nothing.

use chrono::{DateTime, Utc};
use std::collections::HashMap;

use crate::compose::Snapshot;
use crate::identity::key::canonical;
use crate::model::decision::{Act, Decision};
use crate::model::entry::EntryId;

/// Notes that should be shown and find nothing that they may introduce.
pub(super) fn notes(snapshot: &Snapshot, now: DateTime<Utc>) -> Vec<String> {
    let rejected = rejected(&snapshot.decisions);
    let mut links: HashMap<String, Option<&str>> = HashMap::new();
    for entry in &snapshot.noted {
        let Some(link) = entry.link.as_ref().and_then(|link| canonical(link.as_str())) else { continue };
        let by = rejected.get(&entry.id).copied();
        // Of several entries with the link, one that is shown is enough.
        links.entry(link).and_modify(|other| *other = other.and(by)).or_insert(by);
    }
    let notes = snapshot.announcements.iter().filter(|announcement| announcement.is_shown(now));
    notes
        .filter_map(|note| Some((note, note.note_on()?)))
        .filter_map(|(note, on)| {
            let why = match canonical(on.as_str()).and_then(|on| links.get(&on)) {
                Some(None) => return None,
                Some(Some(by)) => {
                    format!("{by} rejected the entry with the link {on}, so the note is not shown")
                }
                None => format!("no source has an entry with the link {on} yet: is `note_on` right?"),
            };
            Some(format!("announcement `{}`: {why}", note.id))
        })
        .collect()
}

/// The entries that staff keep out, and who says so.
fn rejected(decisions: &[Decision]) -> HashMap<EntryId, &str> {
    let mut rejected = HashMap::new();
    for decision in decisions {
        match decision.act {
            Act::Reject => rejected.insert(decision.entry, decision.by.as_str()),
            Act::Accept | Act::Leave => rejected.remove(&decision.entry),
            Act::Pin | Act::Unpin | Act::Retitle(_) | Act::Note(_) | Act::Topics(_) => continue,
        };
    }
    rejected
}
