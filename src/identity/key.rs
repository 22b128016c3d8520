//! Keys: the evidence of identity in an entry, made comparable, and hashed so that the store finds them fast.

mod plain;

use ring::digest::{SHA256, digest};
use std::borrow::Cow;
use std::collections::HashSet;
use std::hash::Hash;
use std::sync::OnceLock;
use url::Url;

use crate::model::source::SourceId;
use crate::model::text::host;
use crate::parse::document::ParsedEntry;

/// One piece of evidence, within one source. 63 bits of a SHA-256 over source, kind and text: nobody can write an id
/// that collides with another entry's on purpose.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Key(pub i64);

/// What speaks for an entry being the same as an earlier one.
#[derive(Debug, Clone)]
pub struct Keys<'a> {
    /// The source's own id.
    pub own: Option<Key>,
    /// The canonical link.
    pub link: Option<Key>,
    /// Ids and links that other entries of the document have too: evidence only together with the title.
    pub shared: Vec<Key>,
    /// The title, if there is one: evidence only together with the date, or when everything else changed at once.
    pub name: Option<Key>,
    /// Another entry of the document has the same title and date.
    pub is_twin: bool,
    /// The title, also where there is none.
    pub title: Key,
    whole: OnceLock<Key>,
    source: &'a SourceId,
    entry: &'a ParsedEntry,
}

impl Keys<'_> {
    /// Id, link and title together, and the date of what has no id: what tells twins apart. Few entries are
    /// ever known by it, so that it is made when it is asked for.
    pub fn whole(&self) -> Key {
        *self.whole.get_or_init(|| whole(self.source, self.entry))
    }

    /// Everything together with the date: for a part of a series that uses even its ids again.
    pub fn dated(&self) -> Key {
        let date =
            self.entry.published.map(|published| published.timestamp().to_string()).unwrap_or_default();
        key(self.source, "dated", &[&self.whole().0.to_string(), &date])
    }

    /// Has it an id or link that is its alone?
    pub fn is_told_apart(&self) -> bool {
        self.own.is_some() || self.link.is_some()
    }

    /// Those under which an entry may be known.
    pub fn aliases(&self) -> impl Iterator<Item = Key> {
        let own = [self.own, self.link, Some(self.whole())].into_iter().flatten();
        own.chain(self.shared.iter().copied())
    }
}

/// The keys of a document's entries. Evidence that several entries of the document share is no evidence by itself.
pub fn keys<'a>(source: &'a SourceId, entries: &'a [ParsedEntry]) -> Vec<Keys<'a>> {
    let mut keys: Vec<Keys<'a>> = entries.iter().map(|entry| keys_of(source, entry)).collect();
    set_shared_apart(&mut keys, |k| &mut k.own);
    set_shared_apart(&mut keys, |k| &mut k.link);
    mark_twins(&mut keys);
    keys
}

fn set_shared_apart<'a>(keys: &mut [Keys<'a>], pick: for<'k> fn(&'k mut Keys<'a>) -> &'k mut Option<Key>) {
    let all: Vec<Key> = keys.iter_mut().filter_map(|k| *pick(k)).collect();
    let several = several(all);
    if several.is_empty() {
        return;
    }
    for k in keys {
        let key = pick(k);
        if let Some(shared) = key.take_if(|key| several.contains(key)) {
            k.shared.push(shared);
        }
    }
}

fn mark_twins(keys: &mut [Keys<'_>]) {
    let several = several(keys.iter().map(|k| (k.title, k.entry.published)).collect());
    if !several.is_empty() {
        for k in keys {
            k.is_twin = several.contains(&(k.title, k.entry.published));
        }
    }
}

/// What is there more than once: seldom anything.
fn several<T: Ord + Hash + Copy>(mut all: Vec<T>) -> HashSet<T> {
    all.sort_unstable();
    all.iter().zip(all.iter().skip(1)).filter(|(one, next)| one == next).map(|(one, _)| *one).collect()
}

fn keys_of<'a>(source: &'a SourceId, entry: &'a ParsedEntry) -> Keys<'a> {
    let (id, link) = (id_of(entry), link_of(entry));
    let title = title_of(entry);
    let link_address = link.and_then(address_of);
    let link_key = link.map(|link| key_at(source, link, link_address.as_deref(), "link"));
    let own = id.map(|id| {
        let address = if Some(id) == link { link_address.clone() } else { address_of(id) };
        match (address, link_key) {
            // An id that is an address says the same as a link does.
            (Some(address), Some(link_key)) if Some(&address) == link_address.as_ref() => link_key,
            (address, _) => key_at(source, id, address.as_deref(), "id"),
        }
    });
    let name = key(source, "name", &[&title]);
    Keys {
        own,
        link: link_key,
        shared: Vec::new(),
        name: (!title.is_empty()).then_some(name),
        is_twin: false,
        title: name,
        whole: OnceLock::new(),
        source,
        entry,
    }
}

fn id_of(entry: &ParsedEntry) -> Option<&str> {
    entry.id.as_deref().map(str::trim).filter(|id| !id.is_empty())
}

fn link_of(entry: &ParsedEntry) -> Option<&str> {
    entry.link().map(str::trim).filter(|link| !link.is_empty())
}

fn title_of(entry: &ParsedEntry) -> String {
    entry.title.as_ref().map(|title| normal(&title.text)).unwrap_or_default()
}

fn whole(source: &SourceId, entry: &ParsedEntry) -> Key {
    let (id, link) = (id_of(entry), link_of(entry));
    let (title, text) = (title_of(entry), text_without_title(entry));
    // A series without ids: only its dates tell it apart.
    let date = entry.published.filter(|_| id.is_none() && !title.is_empty());
    let date = date.map(|published| published.timestamp().to_string());
    let parts = [id.unwrap_or(""), link.unwrap_or(""), &title, &text];
    let parts: Vec<&str> = parts.into_iter().chain(date.as_deref()).collect();
    key(source, "whole", &parts)
}

/// An entry with neither id, link nor title is known by its text.
fn text_without_title(entry: &ParsedEntry) -> String {
    if entry.id.is_some() || entry.link().is_some() || entry.title.is_some() {
        return String::new();
    }
    [&entry.summary, &entry.content].into_iter().flatten().map(|markup| normal(&markup.text)).collect()
}

/// The key under which an entry of this source with this link is known.
pub fn link_key(source: &SourceId, link: &str) -> Key {
    key_at(source, link, address_of(link).as_deref(), "link")
}

/// The key of an id of this source.
pub fn id_key(source: &SourceId, id: &str) -> Key {
    key_at(source, id, address_of(id).as_deref(), "id")
}

fn key_at(source: &SourceId, text: &str, address: Option<&str>, kind: &str) -> Key {
    match address {
        Some(address) => key(source, "address", &[address]),
        None => key(source, kind, &[text]),
    }
}

fn key(source: &SourceId, kind: &str, parts: &[&str]) -> Key {
    Key(hash63([source.as_str(), kind].into_iter().chain(parts.iter().copied())))
}

/// The first 63 bits of a SHA-256 over the parts, each closed by a byte that no text holds.
pub fn hash63<'a>(parts: impl IntoIterator<Item = &'a str>) -> i64 {
    let mut bytes = Vec::with_capacity(256);
    for part in parts {
        bytes.extend_from_slice(part.as_bytes());
        bytes.push(0xFF);
    }
    let digest = digest(&SHA256, &bytes);
    let first = digest.as_ref().first_chunk::<8>().expect("a SHA-256 has 32 bytes");
    (u64::from_be_bytes(*first) >> 1).cast_signed()
}

/// Letters and digits, lower case: what is left of a text when its dress is taken off.
pub fn normal(text: &str) -> String {
    let mut normal = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            // Han has no case, and needs no table.
            '0'..='9' | 'a'..='z' | '\u{4E00}'..='\u{9FFF}' => normal.push(c),
            'A'..='Z' => normal.push(c.to_ascii_lowercase()),
            '\0'..='\x7F' => {}
            _ if c.is_alphanumeric() => normal.extend(c.to_lowercase()),
            _ => {}
        }
    }
    normal
}

/// Query parameters that say how a reader came, not what is there.
const TRACKING: [&str; 14] = [
    "fbclid", "gclid", "dclid", "msclkid", "yclid", "igshid", "mc_cid", "mc_eid", "mkt_tok", "_hsenc",
    "_hsmi", "wt.mc_id", "ref_src", "spm",
];

/// An address without what may change while the page stays the same: scheme, `www.`, default port, letter case of the host,
/// tracking parameters, a trailing slash, a fragment (but for `#!` and `#/`, which are routes). `None` if it is no http(s) address.
pub fn canonical(address: &str) -> Option<String> {
    address_of(address).map(Cow::into_owned)
}

fn address_of(address: &str) -> Option<Cow<'_, str>> {
    if let Some(canonical) = plain::canonical(address) {
        return Some(canonical);
    }
    let url = Url::parse(address).ok().filter(|url| matches!(url.scheme(), "http" | "https"))?;
    Some(Cow::Owned(taken_apart(&url)))
}

/// [`canonical`], of an address that is parsed already.
pub fn canonical_of(url: &Url) -> Cow<'_, str> {
    plain::canonical(url.as_str()).unwrap_or_else(|| Cow::Owned(taken_apart(url)))
}

fn taken_apart(url: &Url) -> String {
    let mut canonical = host(url).to_owned();
    if let Some(port) = url.port() {
        canonical.push(':');
        canonical.push_str(&port.to_string());
    }
    canonical.push_str(url.path().trim_end_matches('/'));
    push_query(&mut canonical, url.query().unwrap_or(""));
    if let Some(route) = url.fragment().filter(|f| f.starts_with(['!', '/'])) {
        canonical.push('#');
        canonical.push_str(route);
    }
    canonical
}

fn push_query(canonical: &mut String, query: &str) {
    let mut sign = '?';
    for pair in query.split('&').filter(|pair| !is_tracking(pair)) {
        canonical.push(sign);
        canonical.push_str(pair);
        sign = '&';
    }
}

/// The address as we publish it: without the parameters that say how a reader came.
pub fn untracked(url: &Url) -> Url {
    let Some(query) = url.query() else { return url.clone() };
    let kept: Vec<&str> = query.split('&').filter(|pair| !is_tracking(pair)).collect();
    let mut untracked = url.clone();
    untracked.set_query((!kept.is_empty()).then(|| kept.join("&")).as_deref());
    untracked
}

fn is_tracking(pair: &str) -> bool {
    let name = pair.split('=').next().unwrap_or("");
    let is_urchin = name.get(..4).is_some_and(|start| start.eq_ignore_ascii_case("utm_"));
    name.is_empty() || is_urchin || TRACKING.iter().any(|tracking| tracking.eq_ignore_ascii_case(name))
}

#[cfg(test)]
mod tests;
