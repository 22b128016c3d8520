//! Which addresses and ids are the same evidence, and that keys never change: they are stored.

use super::*;
use crate::model::text::Markup;
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
    let entries =
        [entry("a", "https://x.org/1"), entry("a", "https://x.org/2"), entry("b", "https://x.org/2")];
    let keys = keys(&source, &entries);
    assert_eq!(
        keys.iter().map(|k| (k.own.is_some(), k.link.is_some(), k.shared.len())).collect::<Vec<_>>(),
        [(false, true, 1), (false, false, 2), (true, false, 1)]
    );
    assert!(keys[0].whole() != keys[1].whole());
}

#[test]
fn an_id_that_is_an_address_is_the_same_evidence_as_the_link() {
    let source = SourceId::parse("s").unwrap();
    let entry = ParsedEntry {
        id: Some("http://x.org/1/".into()),
        links: vec![Link { href: "https://www.x.org/1".into(), rel: "alternate".into(), ..Link::default() }],
        ..ParsedEntry::default()
    };
    let entries = [entry];
    let keys = keys(&source, &entries);
    assert_eq!(keys[0].own, keys[0].link);
}

#[test]
fn what_is_normal_of_each_character_is_what_the_tables_say() {
    for c in '\0'..=char::MAX {
        let expected: String = if c.is_alphanumeric() { c.to_lowercase().collect() } else { String::new() };
        assert_eq!(normal(&c.to_string()), expected, "{c:?}");
    }
}

#[test]
fn keys_stay_what_they_are() {
    let source = SourceId::parse("wto").unwrap();
    let check = |[id, href, title, text]: [&str; 4], expected: (Option<i64>, Option<i64>, i64, i64)| {
        let some = |text: &str| (!text.is_empty()).then(|| text.to_owned());
        let link = |href| Link { href, rel: "alternate".into(), ..Link::default() };
        let entry = ParsedEntry {
            id: some(id),
            links: some(href).map(link).into_iter().collect(),
            title: some(title).map(Markup::plain),
            summary: some(text).map(Markup::plain),
            ..ParsedEntry::default()
        };
        let keys = keys_of(&source, &entry);
        let found = (keys.own.map(|key| key.0), keys.link.map(|key| key.0), keys.title.0, keys.whole().0);
        assert_eq!(found, expected);
    };
    check(
        ["https://www.wto.org/a/?utm_source=x&id=1", "http://wto.org/b", "Élan — MC11", ""],
        (
            Some(5_310_771_875_285_349_206),
            Some(420_060_812_451_606_355),
            5_399_447_653_857_415_418,
            5_524_770_255_982_283_953,
        ),
    );
    check(
        ["urn:7", "https://wto.org/c#top", "A", ""],
        (
            Some(772_985_982_659_474_213),
            Some(743_785_510_034_036_773),
            6_286_545_429_314_146_355,
            7_184_857_630_686_712_047,
        ),
    );
    check(
        ["urn:8", "mailto:a@b.c", "", ""],
        (
            Some(8_403_021_465_464_504_282),
            Some(2_898_668_419_556_180_994),
            6_393_566_271_259_016_256,
            2_631_323_042_460_833_896,
        ),
    );
    check(["", "", "", "Only text 1"], (None, None, 6_393_566_271_259_016_256, 2_005_678_558_316_947_239));
    check(["", "", "Only title", ""], (None, None, 7_281_226_888_231_488_101, 7_793_851_738_241_153_130));
}
