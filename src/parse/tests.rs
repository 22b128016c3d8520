//! What all readers of a feed promise together.

use std::io::Read as _;
use std::sync::atomic::AtomicBool;

use super::document::{Document, FlawCode};
use super::element::Dialect;
use super::html::{excerpt, sanitise, text};
use super::lex::Lexer;
use super::repair::repair;
use super::stop::{Stop, Watched};
use super::survey::MOST_ENTRIES;
use super::{Input, MOST_BYTES, feed};

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
    let input = Input { bytes: feed_text.as_bytes(), ..Input::default() };
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
    let input =
        Input { bytes: feed_text.as_bytes(), content_type: None, base: Some(&base), ..Input::default() };
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

/// What is beyond a bound is left out, and said.
fn check_bound(text: &str, count: impl Fn(&Document) -> usize, most: usize, flaw: Option<FlawCode>) {
    let input = Input { bytes: text.as_bytes(), ..Input::default() };
    let document = feed(input).expect("a feed");
    assert!((1..=most).contains(&count(&document)), "{}", count(&document));
    let codes: Vec<_> = document.flaws.iter().map(|flaw| flaw.code).collect();
    assert!(flaw.is_none_or(|flaw| codes.contains(&flaw)), "{codes:?}");
}

#[test]
fn bytes_have_an_end() {
    let text = format!("<rss version='2.0'><channel><item/></channel></rss>{}", " ".repeat(MOST_BYTES));
    check_bound(&text, |document| document.entries.len(), 1, Some(FlawCode::Limit));
}

#[test]
fn depth_has_an_end() {
    let (down, up) = ("<x>".repeat(5000), "</x>".repeat(5000));
    let text = format!("<rss version='2.0'><channel><item>{down}{up}</item></channel></rss>");
    check_bound(&text, |document| document.entries.len(), 1, Some(FlawCode::Limit));
    let text = format!("<CHANNEL><ITEM>{down}{up}</ITEM></CHANNEL>");
    check_bound(&text, |document| document.entries.len(), 1, None);
}

#[test]
fn attributes_have_an_end() {
    let attributes = numbered(" a#='1'");
    let text = format!("<rss version='2.0'><channel><cloud{attributes}/></channel></rss>");
    check_bound(&text, |document| document.about.cloud.len(), 64, Some(FlawCode::Repaired));
}

#[test]
fn entries_of_every_format_have_an_end() {
    let entries = |document: &Document| document.entries.len();
    let many = |entry: &str| entry.repeat(MOST_ENTRIES + 10);
    let limit = Some(FlawCode::Limit);
    check_bound(&format!("<CHANNEL>{}</CHANNEL>", many("<ITEM/>")), entries, MOST_ENTRIES, limit);
    let json = format!("{{\"version\":\"https://jsonfeed.org/version/1\",\"items\":[{}{{}}]}}", many("{},"));
    check_bound(&json, entries, MOST_ENTRIES, limit);
    let atom = format!("<feed xmlns='http://www.w3.org/2005/Atom'>{}</feed>", many("<entry/>"));
    check_bound(&atom, entries, MOST_ENTRIES, limit);
}

#[test]
fn what_stands_in_one_element_has_an_end() {
    let people = numbered("<author><name>a#</name></author><b/><b/><b/>");
    let entry = format!("<entry><source>{people}</source></entry>");
    let text = format!("<feed xmlns='http://www.w3.org/2005/Atom'>{entry}</feed>");
    let authors = |document: &Document| document.entries[0].origin.as_ref().map_or(0, |it| it.authors.len());
    check_bound(&text, authors, 30, None);
}

const WELL: &str = "<rss version='2.0'><channel><item><title>a</title></item></channel></rss>";

#[test]
fn a_stopped_reading_ends_and_says_so() {
    let stopped = AtomicBool::new(true);
    let json = "{\"version\":\"https://jsonfeed.org/version/1\",\"items\":[]}";
    for text in [WELL, "<rss><item>", "<CHANNEL/>", json, "<html>"] {
        let stop = Stop::at(&stopped);
        let input = Input { bytes: text.as_bytes(), content_type: None, base: None, stop };
        let error = feed(input).expect_err("it was stopped");
        assert_eq!(error.to_string(), "it took too long; the reading was stopped", "{text}");
    }
}

#[test]
fn every_pass_over_a_document_can_be_stopped() {
    let stopped = AtomicBool::new(true);
    let stop = Stop::at(&stopped);
    assert_eq!(Lexer::new(WELL, stop).next(), None);
    assert!(!repair(WELL, Dialect::Rss, "rss20", stop).contains("title"));
    assert!(Watched { text: WELL.as_bytes(), stop }.read(&mut [0; 8]).is_err());
}
