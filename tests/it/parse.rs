//! Odd feeds: each file under `tests/data/feeds` says what is odd about it, and what must be read stands beside it.

use std::fs;
use std::path::{Path, PathBuf};

use proptest::prelude::*;
use tidewaiter::parse::document::{Document, FlawCode};
use tidewaiter::parse::stop::Stop;
use tidewaiter::parse::{Input, Unreadable, dump, feed};
use url::Url;

fn read(bytes: &[u8]) -> Result<Document, Unreadable> {
    let base = Url::parse("https://source.example/feed.xml").unwrap();
    feed(Input { bytes, content_type: None, base: Some(&base), stop: Stop::default() })
}

fn odd_feeds() -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/feeds");
    let paths = fs::read_dir(folder).unwrap().map(|file| file.unwrap().path());
    let mut paths: Vec<_> = paths.filter(|path| path.extension().is_some_and(|end| end != "json")).collect();
    paths.sort();
    paths
}

#[test]
fn odd_feeds_are_read_as_written_beside_them() {
    let mut wrong = Vec::new();
    for path in odd_feeds() {
        let found = read(&fs::read(&path).unwrap()).map(|document| dump::json(&document));
        let found = format!("{:#}\n", found.unwrap());
        let beside = path.with_extension("json");
        if std::env::var_os("UPDATE_EXPECT").is_some() {
            fs::write(&beside, &found).unwrap();
        } else if fs::read_to_string(&beside).ok().as_ref() != Some(&found) {
            wrong.push(format!("{}:\n{found}", beside.display()));
        }
    }
    assert!(wrong.is_empty(), "UPDATE_EXPECT=1 writes what is read now:\n{}", wrong.join("\n"));
}

/// Hostile documents: each must be read, or refused, without ado.
#[test]
fn no_document_is_too_deep_or_too_wide() {
    let many = |text: &str| text.repeat(30_000);
    let item = |inner: &str| format!("<rss version='2.0'><channel><item>{inner}</item></channel></rss>");
    let hostile = [
        item(&many("<a>")),
        item(&many("<itunes:category text='x'>")),
        item(&format!("<title {}>", many(" a='1'"))),
        item(&format!("<title {}>", (0..50_000).map(|n| format!(" a{n}='1'")).collect::<String>())),
        item(&format!(
            "<title \"> <!-- {} --> \">",
            (0..100_000).map(|n| format!(" a{n}='1'")).collect::<String>()
        )),
        many("<rss><!--"),
        format!("<rss>{}", many("<![CDATA[")),
        format!("<rss>{}", many("<?")),
        format!("<rss>{}", many("<a b=\"")),
        format!("<rss>{}", many("</a")),
        format!("<rss>{}", many("&")),
        format!("<rss>{}", many("<category>c</category><dc:subject>s</dc:subject>")),
        item(&many("<dc:subject>s</dc:subject>")),
        item(&format!("{}{}", many("<dc:subject>"), many("</dc:subject>"))),
        item(&format!("<source>{}{}</source>", many("<b>"), many("</b>"))),
        item(&format!("<description>{}{}</description>", many("<b>"), many("</b>"))),
        format!("<feed xmlns='http://www.w3.org/2005/Atom'>{}", many("<entry><source>")),
        format!("{{\"version\":\"https://jsonfeed.org/version/1\",\"items\":{}", many("[")),
        format!("<!DOCTYPE rss [{}]><rss/>", many("<!ENTITY a '&b;'>")),
    ];
    for document in hostile {
        let entries = read(document.as_bytes()).map(|document| document.entries.len());
        assert!(entries.unwrap_or(0) <= 20_000);
    }
}

#[test]
fn what_is_beyond_the_bounds_is_left_out_and_said() {
    let items: String = (0..20_010).map(|n| format!("<item><guid>{n}</guid></item>")).collect();
    let document = read(format!("<rss version='2.0'><channel>{items}</channel></rss>").as_bytes()).unwrap();
    assert_eq!(document.entries.len(), 20_000);
    assert_eq!(document.flaws.iter().map(|flaw| flaw.code).collect::<Vec<_>>(), [FlawCode::Limit]);
}

#[test]
fn what_is_no_feed_is_named() {
    for (text, name) in [
        ("", "an empty answer"),
        (
            "<!DOCTYPE html><html><body>Sign in<input type=\"password\"></body></html>",
            "a login page, not a feed",
        ),
        (
            "<html><head><title>Just a moment…</title></head><body>Checking your browser</body></html>",
            "a page that keeps robots out, not a feed",
        ),
        ("<html><body>Welcome</body></html>", "an HTML page, not a feed"),
        ("{\"error\": 404}", "JSON of another kind, not a feed"),
        ("<opml version=\"2.0\"/>", "a list of feeds (OPML), not a feed"),
    ] {
        assert_eq!(
            read(text.as_bytes()).map(|document| document.entries.len()),
            Err(Unreadable(name.to_owned()))
        );
    }
}

/// Makes a small hole or puts a few bytes somewhere in a good feed.
fn mutated() -> impl Strategy<Value = Vec<u8>> {
    let feeds: Vec<Vec<u8>> = odd_feeds().iter().map(|path| fs::read(path).unwrap()).collect();
    let bytes = prop_oneof![
        proptest::collection::vec(any::<u8>(), 0..6),
        proptest::sample::select(vec![
            "<",
            ">",
            "&",
            "\"",
            "<item>",
            "</item>",
            "]]>",
            "<![CDATA[",
            "<!--",
            "—a@b.example",
            "=",
            "'"
        ])
        .prop_map(|text| text.as_bytes().to_vec()),
    ];
    let change = (any::<proptest::sample::Index>(), 0_usize..20, bytes);
    (proptest::sample::select(feeds), proptest::collection::vec(change, 1..6)).prop_map(
        |(mut feed, changes)| {
            for (at, hole, bytes) in changes {
                let start = at.index(feed.len() + 1);
                let end = (start + hole).min(feed.len());
                feed.splice(start..end, bytes);
            }
            feed
        },
    )
}

proptest! {
    #[test]
    fn any_bytes_are_read_or_refused(bytes: Vec<u8>) {
        let _ = read(&bytes);
    }

    #[test]
    fn tag_soup_is_read_or_refused(soup in "(<rss|<feed|<item>|<entry>|</|<title|<link|<!--|-->|<!\\[CDATA\\[|\\]\\]>|&|;|#x|=|\"|'|>|/|a@b.example|—|:| ){0,60}") {
        let _ = read(format!("<rss>{soup}").as_bytes());
    }

    #[test]
    fn a_damaged_feed_is_read_or_refused(bytes in mutated()) {
        if let Ok(document) = read(&bytes) {
            dump::json(&document);
        }
    }

    #[test]
    fn entries_keep_their_order(titles in proptest::collection::vec("[a-z]{1,8}( & [a-z]{1,8})?", 0..20)) {
        let items: String = titles.iter().map(|title| format!("<item><title>{title}</title></item>")).collect();
        let document = read(format!("<rss version='2.0'><channel>{items}</channel></rss>").as_bytes()).unwrap();
        let read: Vec<_> = document.entries.iter().map(|entry| entry.title.clone().unwrap().text).collect();
        prop_assert_eq!(read, titles);
    }
}
