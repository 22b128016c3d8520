//! What all readers of a feed promise together.

use super::document::Document;
use super::html::{excerpt, sanitise, text};
use super::{Input, feed};

/// 200,000 bytes of the same kind. Whoever looks at the rest from each of them never comes to the end of a test run.
fn floods() -> impl Iterator<Item = (&'static str, String)> {
    const SIGNS: [&str; 28] = [
        "<", "</", "<!", "<?", "<!--", "-", "--", "<![", "<!x[", "[", "]", "]]", ">", "/>", "&", "&#", "&#x",
        ";", "\"", "'", "=", "!", ".", "(", "\0", "é", "\n", "\u{fffe}",
    ];
    SIGNS.into_iter().map(|sign| (sign, sign.repeat(200_000 / sign.len())))
}

/// Reads it all, down to the words.
fn read(feed_text: &str) -> usize {
    let input = Input { bytes: feed_text.as_bytes(), content_type: None, base: None };
    let Ok(document) = feed(input) else { return 0 };
    for entry in &document.entries {
        for markup in entry.title.iter().chain(&entry.summary) {
            let _ = sanitise(markup, None);
            let _ = excerpt(&text(markup), 3, 300);
        }
    }
    document.entries.len()
}

#[test]
fn a_flood_in_a_title_is_read_in_linear_time() {
    for (sign, flood) in floods() {
        let entries = read(&format!("<rss><channel><item><title>{flood}</title></item></channel></rss>"));
        assert_eq!(entries, 1, "{sign}");
    }
}

#[test]
fn a_flood_in_a_description_is_read_in_linear_time() {
    for (_, flood) in floods() {
        let body = format!("<description><![CDATA[<p>a {flood} b]]></description>");
        read(&format!("<rss><channel><item>{body}</item></channel></rss>"));
    }
}

#[test]
fn a_flood_outside_is_read_in_linear_time() {
    for (_, flood) in floods() {
        read(&format!("{flood}<rss><channel></channel></rss>"));
        read(&format!("<rss>{flood}<channel><item>{flood}<title>a</title></item></channel></rss>{flood}"));
    }
}

fn check(feed_text: &str, count: impl Fn(&Document) -> usize, most: usize) {
    let base = url::Url::parse("https://wco.example/").expect("a valid address");
    let input = Input { bytes: feed_text.as_bytes(), content_type: None, base: Some(&base) };
    assert_eq!(count(&feed(input).expect("a feed")), most);
}

#[test]
fn a_base_does_not_grow_without_end() {
    let bases = "<description xml:base='a/'>b</description>".repeat(1000);
    let text = format!("<rss version='2.0'><channel><item>{bases}</item></channel></rss>");
    let depth = |document: &Document| {
        document.entries[0].base.as_ref().map_or(0, |base| base.path().matches('/').count() - 1)
    };
    check(&text, depth, 8);
}

/// So many elements of a kind, each with another number in it.
fn numbered(element: &str) -> String {
    (0..1000).map(|number| element.replace('#', &number.to_string())).collect()
}

#[test]
fn categories_people_and_links_have_an_end() {
    let item = |inside: &str| format!("<rss version='2.0'><channel><item>{inside}</item></channel></rss>");
    let categories = |document: &Document| document.entries[0].categories.len();
    check(&item(&numbered("<category>a#</category>")), categories, 30);
    check(&item(&numbered("<dc:subject>a#</dc:subject>")), categories, 30);
    check(&item(&format!("<itunes:keywords>{}</itunes:keywords>", numbered("a#,"))), categories, 30);
    let authors = |document: &Document| document.entries[0].authors.len();
    check(&item(&numbered("<dc:creator>a#</dc:creator>")), authors, 30);
    check(&item(&numbered("<atom:author><name>a#</name></atom:author>")), authors, 30);
    let links = |document: &Document| document.entries[0].links.len();
    check(&item(&numbered("<atom:link rel='related' href='/#'/>")), links, 100);
    let entry =
        |inside: &str| format!("<feed xmlns='http://www.w3.org/2005/Atom'><entry>{inside}</entry></feed>");
    check(&entry(&numbered("<link href='/#'/>")), links, 100);
    check(&entry(&numbered("<author><name>a#</name></author>")), authors, 30);
    check(&entry(&numbered("<category term='a#'/>")), categories, 30);
    let json = |inside: &str| {
        format!("{{\"version\":\"https://jsonfeed.org/version/1.1\",\"items\":[{{{inside}}}]}}")
    };
    check(&json(&format!("\"tags\":[{}\"a\"]", numbered("\"a#\","))), categories, 30);
    check(&json(&format!("\"authors\":[{}\"a\"]", numbered("\"a#\","))), authors, 30);
}
