//! Has somebody else moved in? A name that lapses is bought, and its feed goes on under another pen.

use std::collections::HashSet;
use url::Url;

use super::change::title_print;
use super::key::Keys;
use super::matching::MASS;
use super::similar::{is_other_subject, is_similar};
use super::{Known, Memory, Stranger};
use crate::model::entry::EntryId;
use crate::model::text::host;
use crate::parse::document::{Document, ParsedEntry};

/// Nothing in the document is known, although the source had entries.
pub(super) fn is_all_new(memory: &Memory, found: &[Option<EntryId>]) -> bool {
    !memory.habits.window.is_empty() && found.len() >= MASS && found.iter().all(Option::is_none)
}

/// What speaks for a stranger in a document that is all new; a busy source after a long silence gives no such sign.
pub(super) fn signs(document: &Document, memory: &Memory) -> Option<Stranger> {
    let own = title_print(&document.about);
    if own != memory.habits.title && own != 0 && memory.habits.title != 0 {
        return Some(Stranger::Title);
    }
    let before: Vec<&Known> = memory.habits.window.iter().filter_map(|id| memory.entries.get(id)).collect();
    let known: HashSet<String> = before.iter().filter_map(|known| host_of(known.link.as_deref()?)).collect();
    let new: HashSet<String> = document.entries.iter().filter_map(|entry| host_of(entry.link()?)).collect();
    if !known.is_empty() && !new.is_empty() && known.is_disjoint(&new) {
        return Some(Stranger::Hosts);
    }
    let ours = before.iter().map(|known| known.title.as_str());
    is_other_subject(ours, document.entries.iter().filter_map(title)).then_some(Stranger::Subject)
}

/// Under known ids and links, most titles are others at once, and not those of before in other words.
pub(super) fn is_rewritten(
    entries: &[ParsedEntry],
    keys: &[Keys<'_>],
    memory: &Memory,
    found: &[Option<EntryId>],
) -> bool {
    let known = || {
        let found = entries.iter().zip(keys).zip(found);
        found.filter_map(|((entry, keys), found)| Some((entry, keys, memory.entries.get(&(*found)?)?)))
    };
    let rewritten = known().filter(|(entry, keys, known)| {
        keys.title.0 != known.prints.title
            && title(entry).is_some_and(|title| !known.title.is_empty() && !is_similar(title, &known.title))
    });
    let rewritten = rewritten.count();
    rewritten >= MASS && rewritten * 2 > known().count()
}

fn title(entry: &ParsedEntry) -> Option<&str> {
    entry.title.as_ref().map(|title| title.text.as_str())
}

fn host_of(link: &str) -> Option<String> {
    Url::parse(link).ok().map(|url| host(&url).to_owned()).filter(|host| !host.is_empty())
}
