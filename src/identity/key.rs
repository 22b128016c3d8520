//! Keys: the evidence of identity in an entry, made comparable, and hashed so that the store finds them fast.

use sha2::{Digest, Sha256};
use url::Url;

use crate::model::source::SourceId;
use crate::model::text::host;
use crate::parse::document::ParsedEntry;

/// One piece of evidence, within one source. 63 bits of a SHA-256 over source, kind and text: nobody can write an id
/// that collides with another entry's on purpose.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Key(pub i64);

/// What speaks for an entry being the same as an earlier one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Keys {
    /// The source's own id.
    pub own: Option<Key>,
    /// The canonical link.
    pub link: Option<Key>,
    /// The title alone: evidence only together with the date, or when everything else changed at once.
    pub name: Option<Key>,
    /// The same, also where it is no evidence because another entry has it too, or because there is none.
    pub title: Key,
    /// Id, link and title together: what tells twins apart that share one of them.
    pub whole: Key,
}

impl Keys {
    /// Those under which an entry may be known.
    pub fn aliases(&self) -> impl Iterator<Item = Key> {
        [self.own, self.link, Some(self.whole)].into_iter().flatten()
    }
}

/// The keys of a document's entries. Evidence that several entries of the document share is no evidence: it is left out.
pub fn keys(source: &SourceId, entries: &[ParsedEntry]) -> Vec<Keys> {
    let mut keys: Vec<Keys> = entries.iter().map(|entry| keys_of(source, entry)).collect();
    let evidence: [fn(&mut Keys) -> &mut Option<Key>; 3] = [|k| &mut k.own, |k| &mut k.link, |k| &mut k.name];
    for pick in evidence {
        drop_shared(&mut keys, pick);
    }
    keys
}

fn drop_shared(keys: &mut [Keys], pick: fn(&mut Keys) -> &mut Option<Key>) {
    let mut seen: Vec<Key> = keys.iter_mut().filter_map(|k| *pick(k)).collect();
    seen.sort_unstable();
    let shared: Vec<Key> =
        seen.windows(2).filter(|w| w.first() == w.last()).filter_map(|w| w.first().copied()).collect();
    if shared.is_empty() {
        return;
    }
    for k in keys {
        let key = pick(k);
        if key.is_some_and(|key| shared.binary_search(&key).is_ok()) {
            *key = None;
        }
    }
}

fn keys_of(source: &SourceId, entry: &ParsedEntry) -> Keys {
    let id = entry.id.as_deref().map(str::trim).filter(|id| !id.is_empty());
    let link = entry.link().map(str::trim).filter(|link| !link.is_empty());
    let title = entry.title.as_ref().map(|title| normal(&title.text)).unwrap_or_default();
    let own = id.map(|id| match canonical(id) {
        // An id that is an address says the same as a link does.
        Some(address) => key(source, "address", &[&address]),
        None => key(source, "id", &[id]),
    });
    let name = key(source, "name", &[&title]);
    Keys {
        own,
        link: link.map(|link| link_key(source, link)),
        name: (!title.is_empty()).then_some(name),
        title: name,
        whole: key(
            source,
            "whole",
            &[id.unwrap_or(""), link.unwrap_or(""), &title, &text_without_title(entry)],
        ),
    }
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
    match canonical(link) {
        Some(address) => key(source, "address", &[&address]),
        None => key(source, "link", &[link]),
    }
}

fn key(source: &SourceId, kind: &str, parts: &[&str]) -> Key {
    Key(hash63([source.as_str(), kind].into_iter().chain(parts.iter().copied())))
}

/// The first 63 bits of a SHA-256 over the parts, each closed by a byte that no text holds.
pub fn hash63<'a>(parts: impl IntoIterator<Item = &'a str>) -> i64 {
    let mut hasher = Sha256::new();
    for part in parts {
        hasher.update(part.as_bytes());
        hasher.update([0xFF]);
    }
    let digest = hasher.finalize();
    let first = digest.first_chunk::<8>().expect("a SHA-256 has 32 bytes");
    (u64::from_be_bytes(*first) >> 1).cast_signed()
}

/// Letters and digits, lower case: what is left of a text when its dress is taken off.
pub fn normal(text: &str) -> String {
    text.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

/// Query parameters that say how a reader came, not what is there.
const TRACKING: [&str; 14] = [
    "fbclid", "gclid", "dclid", "msclkid", "yclid", "igshid", "mc_cid", "mc_eid", "mkt_tok", "_hsenc",
    "_hsmi", "wt.mc_id", "ref_src", "spm",
];

/// An address without what may change while the page stays the same: scheme, `www.`, default port, letter case of the host,
/// tracking parameters, a trailing slash, a fragment (but for `#!` and `#/`, which are routes). `None` if it is no http(s) address.
pub fn canonical(address: &str) -> Option<String> {
    let url = Url::parse(address).ok().filter(|url| matches!(url.scheme(), "http" | "https"))?;
    let mut canonical = host(&url).to_owned();
    if let Some(port) = url.port() {
        canonical.push(':');
        canonical.push_str(&port.to_string());
    }
    canonical.push_str(url.path().trim_end_matches('/'));
    let mut sign = '?';
    for pair in url.query().unwrap_or("").split('&').filter(|pair| !is_tracking(pair)) {
        canonical.push(sign);
        canonical.push_str(pair);
        sign = '&';
    }
    if let Some(route) = url.fragment().filter(|f| f.starts_with(['!', '/'])) {
        canonical.push('#');
        canonical.push_str(route);
    }
    Some(canonical)
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
    let name = pair.split('=').next().unwrap_or("").to_ascii_lowercase();
    name.is_empty() || name.starts_with("utm_") || TRACKING.contains(&name.as_str())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::parse::document::Link;

    fn same(a: &str, b: &str) {
        assert_eq!(canonical(a), canonical(b), "{a} {b}");
    }

    #[test]
    fn scheme_host_slash_and_tracking_do_not_tell_pages_apart() {
        same("http://www.wto.org/a/", "https://WTO.org/a");
        same("https://x.org:443/a?utm_source=rss&id=7", "http://x.org/a?id=7&fbclid=1#top");
    }

    #[test]
    fn what_tracks_readers_is_not_published() {
        for (from, to) in [
            ("https://x.org/a?utm_source=rss&id=7#top", "https://x.org/a?id=7#top"),
            ("https://x.org/a?fbclid=1", "https://x.org/a"),
            ("https://x.org/a?b=%20c&d", "https://x.org/a?b=%20c&d"),
        ] {
            assert_eq!(untracked(&from.parse().unwrap()).as_str(), to);
        }
    }

    #[test]
    fn queries_and_routes_tell_pages_apart() {
        assert_ne!(canonical("https://x.org/p?id=1"), canonical("https://x.org/p?id=2"));
        assert_ne!(canonical("https://x.org/#/a"), canonical("https://x.org/#/b"));
        assert_eq!(canonical("mailto:a@b.c"), None);
    }

    #[test]
    fn what_twins_share_is_no_evidence() {
        let source = SourceId::parse("s").unwrap();
        let entry = |id: &str, link: &str| ParsedEntry {
            id: Some(id.into()),
            links: vec![Link { href: link.into(), rel: "alternate".into(), ..Link::default() }],
            ..ParsedEntry::default()
        };
        let keys = keys(
            &source,
            &[entry("a", "https://x.org/1"), entry("a", "https://x.org/2"), entry("b", "https://x.org/2")],
        );
        assert_eq!(
            keys.iter().map(|k| (k.own.is_some(), k.link.is_some())).collect::<Vec<_>>(),
            [(false, true), (false, false), (true, false)]
        );
        assert!(keys[0].whole != keys[1].whole);
    }

    #[test]
    fn an_id_that_is_an_address_is_the_same_evidence_as_the_link() {
        let source = SourceId::parse("s").unwrap();
        let entry = ParsedEntry {
            id: Some("http://x.org/1/".into()),
            links: vec![Link {
                href: "https://www.x.org/1".into(),
                rel: "alternate".into(),
                ..Link::default()
            }],
            ..ParsedEntry::default()
        };
        let keys = keys(&source, &[entry]);
        assert_eq!(keys[0].own, keys[0].link);
    }
}
