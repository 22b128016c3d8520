//! What the demonstration bundles is what it claims to be, and its server keeps its promises.
#![expect(clippy::indexing_slicing, reason = "a test that finds nothing there should stop")]

use std::collections::BTreeMap;

use chrono_tz::Tz;
use quick_xml::events::Event;
use regex::Regex;
use scraper::{Html, Selector};
use tidewaiter::demo::{self, ANNOUNCEMENTS, DOCUMENTS, Document, Origin};
use tidewaiter::desk::{self, Desk};
use tidewaiter::model::announcement::{Announcement, AnnouncementKind, When};
use tidewaiter::model::language::Language;
use tidewaiter::model::source::{Part, Selectors};
use tidewaiter::model::topic::TopicId;
use tidewaiter::parse::document::{Document as Parsed, FlawCode};
use tidewaiter::parse::{self, Input};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

const TOPICS: [&str; 7] = ["aeo-mra", "alerts", "brokers", "ecommerce", "events", "institutional", "people"];

fn document(part: &str) -> &'static Document {
    DOCUMENTS.iter().find(|document| document.path.contains(part)).unwrap()
}

fn text(part: &str) -> &'static str {
    std::str::from_utf8(document(part).bytes).unwrap()
}

/// Every table `[[source]]` of the demonstration's feeds.toml.
fn sources() -> Vec<toml::Table> {
    let config: toml::Table = demo::config(([127, 0, 0, 1], 1).into(), "").parse().unwrap();
    config["source"].as_array().unwrap().iter().map(|source| source.as_table().unwrap().clone()).collect()
}

fn source(id: &str) -> toml::Table {
    sources().into_iter().find(|source| source["id"].as_str() == Some(id)).unwrap()
}

fn read(name: &str, text: &str) -> Result<Announcement, Vec<desk::Problem>> {
    let topics = TOPICS.map(|id| TopicId::parse(id).unwrap());
    let language = Language::parse("en").unwrap();
    let id = desk::id_of(name).unwrap().unwrap();
    desk::parse(&id, text, Desk { topics: &topics, language: &language, time_zone: Tz::UTC })
}

fn announcement(part: &str) -> Announcement {
    let (name, text) = ANNOUNCEMENTS.iter().find(|(name, _)| name.contains(part)).unwrap();
    read(name, text).unwrap()
}

/// Is it XML that a strict reader accepts to its end?
fn is_well_formed(xml: &str) -> bool {
    let mut reader = quick_xml::Reader::from_str(xml);
    let mut depth = 0;
    loop {
        match reader.read_event() {
            Ok(Event::Start(_)) => depth += 1,
            Ok(Event::End(_)) => depth -= 1,
            Ok(Event::Eof) => return depth == 0,
            Ok(_) => {}
            Err(_) => return false,
        }
    }
}

/// One request on a connection of its own: the status, the headers by lower-case name, the body.
async fn ask(origin: &Origin, path: &str, header: &str) -> (u16, BTreeMap<String, String>, Vec<u8>) {
    let mut stream = TcpStream::connect(origin.address()).await.unwrap();
    let request = format!("GET {path} HTTP/1.1\r\nHost: demo\r\nConnection: close\r\n{header}\r\n");
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).await.unwrap();
    let end = answer.windows(4).position(|four| four == b"\r\n\r\n").unwrap();
    let head = std::str::from_utf8(&answer[..end]).unwrap();
    let status = head.split(' ').nth(1).unwrap().parse().unwrap();
    let headers = head.lines().filter_map(|line| line.split_once(": "));
    let headers = headers.map(|(name, value)| (name.to_lowercase(), value.to_owned())).collect();
    (status, headers, answer[end + 4..].to_vec())
}

#[tokio::test]
async fn every_document_is_served_once_and_then_unchanged() {
    let origin = Origin::start(0).await.unwrap();
    for document in DOCUMENTS {
        let (status, headers, body) = ask(&origin, document.path, "").await;
        assert_eq!((status, body.as_slice()), (200, document.bytes), "{}", document.path);
        assert_eq!(headers["content-type"], document.content_type, "{}", document.path);
        let (etag, modified) = (&headers["etag"], &headers["last-modified"]);
        for (asked, expected) in [
            (format!("If-None-Match: {etag}\r\n"), 304),
            (format!("If-None-Match: \"x\", W/{etag}\r\n"), 304),
            (format!("If-Modified-Since: {modified}\r\n"), 304),
            (format!("If-None-Match: \"x\"\r\nIf-Modified-Since: {modified}\r\n"), 200),
            ("If-Modified-Since: Sun, 01 Oct 2017 00:00:00 GMT\r\n".to_owned(), 200),
        ] {
            let (status, headers, body) = ask(&origin, document.path, &asked).await;
            assert_eq!((status, body.is_empty()), (expected, expected == 304), "{} {asked}", document.path);
            assert_eq!(&headers["etag"], etag);
        }
    }
    origin.stop().await.unwrap();
}

#[tokio::test]
async fn every_source_has_a_document_but_the_one_that_is_down() {
    let origin = Origin::start(0).await.unwrap();
    let mut down = Vec::new();
    for source in sources() {
        let path = source["url"].as_str().unwrap().replace("http://127.0.0.1:1", "");
        let (status, headers, _) = ask(&origin, &path, "").await;
        if status != 200 {
            down.push((source["id"].as_str().unwrap().to_owned(), status, headers["retry-after"].clone()));
        }
    }
    assert_eq!(down, [("frontier-monthly".to_owned(), 503, "3600".to_owned())]);
    assert_eq!(ask(&origin, "/nowhere", "").await.0, 404);
}

#[tokio::test]
async fn a_taken_port_is_no_obstacle() {
    let first = Origin::start(0).await.unwrap();
    let second = Origin::start(first.address().port()).await.unwrap();
    assert_ne!(first.address(), second.address());
    first.stop().await.unwrap();
    second.stop().await.unwrap();
}

#[test]
fn the_spanish_press_is_in_windows_1252() {
    let bytes = document("revista").bytes;
    assert!(std::str::from_utf8(bytes).is_err());
    let (text, _, broken) = encoding_rs::WINDOWS_1252.decode(bytes);
    assert!(!broken && text.contains("“reglas claras”") && text.contains("22 €"), "{text}");
    assert!(is_well_formed(&text.replace("windows-1252", "utf-8")));
}

#[test]
fn one_feed_is_ill_formed_and_all_others_are_well_formed() {
    for document in DOCUMENTS {
        let Ok(text) = std::str::from_utf8(document.bytes) else { continue };
        if text.starts_with("<?xml") {
            assert_eq!(is_well_formed(text), !document.path.contains("port-and-parcel"), "{}", document.path);
        }
    }
}

#[test]
fn the_ill_formed_feed_breaks_off_and_has_every_usual_fault() {
    let text = text("port-and-parcel");
    for fault in ["blank sailings & idle", "&utm_medium=", "<br>", "<media:thumbnail", "Thur,"] {
        assert!(text.contains(fault), "{fault}");
    }
    assert!(!text.contains("xmlns") && !text.contains("</rss>"));
    assert!(text.matches("<item>").count() > text.matches("</item>").count());
}

#[test]
fn formats_are_as_the_configuration_says() {
    assert!(text("wto").contains("<rss version=\"2.0\">"));
    assert_eq!(text("wto").matches("<item>").count(), 10);
    assert_eq!(text("wto").matches(" 00:00:00 GMT</pubDate>").count(), 10);
    assert!(
        text("hmrc").contains("xmlns=\"http://www.w3.org/2005/Atom\"")
            && !text("hmrc").contains("<published>")
    );
    assert!(text("receita").contains("http://purl.org/rss/1.0/"));
    let json: serde_json::Value = serde_json::from_slice(document("upu").bytes).unwrap();
    assert_eq!(json["version"], "https://jsonfeed.org/version/1.1");
}

#[test]
fn the_aggregator_repeats_a_story_of_the_wto() {
    let title = |xml: &str| {
        let title = xml.split("<title>").find(|part| part.starts_with("Ministers extend")).unwrap();
        title.split('<').next().unwrap().replace("&#8209;", "-")
    };
    assert_eq!(title(text("wto")), title(text("etrade")));
}

/// What the source's selectors find in its page: links in order, and how many dates.
fn headlines(id: &str, part: &str) -> (Vec<String>, usize) {
    let (source, page) = (source(id), Html::parse_document(text(part)));
    let selector = |key: &str| Selector::parse(source["page"][key].as_str().unwrap()).unwrap();
    let date = if id == "wco" { "date" } else { "date_before" };
    let (link, date) = (selector("link"), selector(date));
    let links = page.select(&link).map(|link| link.attr("href").unwrap().to_owned());
    (links.collect(), page.select(&date).count())
}

#[test]
fn month_indexes_stand_in_the_pages_and_are_left_out() {
    for (id, part, kept, left_out) in
        [("wco", "/en/media", 6, 2), ("wco-fr", "/fr/media", 2, 1), ("wco-ru", "/ru-ru", 2, 0)]
    {
        let (links, dates) = headlines(id, part);
        let keep = Regex::new(source(id)["keep_link"].as_str().unwrap()).unwrap();
        assert_eq!(links.iter().filter(|link| keep.is_match(link)).count(), kept, "{id}");
        assert_eq!((links.len(), dates), (kept + left_out, kept + left_out), "{id}");
    }
    let drop = Regex::new(source("receita")["drop_link"].as_str().unwrap()).unwrap();
    let links = text("receita").split("<link>").filter_map(|part| part.split("</link>").next());
    assert_eq!(links.filter(|link| drop.is_match(link)).count(), 1);
}

/// What the program reads out of a source's document.
fn parsed(id: &str) -> Parsed {
    let source = source(id);
    let url = source["url"].as_str().unwrap();
    let document = DOCUMENTS.iter().find(|document| url.ends_with(document.path)).unwrap();
    let base = url.parse().unwrap();
    let input = Input {
        bytes: document.bytes,
        content_type: Some(document.content_type),
        base: Some(&base),
        ..Input::default()
    };
    let Some(page) = source.get("page") else { return parse::feed(input).unwrap() };
    let selector = |key: &str| page.get(key).map(|css| css.as_str().unwrap().to_owned());
    let date = selector("date").map(Part::Inside);
    let selectors = Selectors {
        item: selector("item").unwrap(),
        title: selector("title"),
        link: selector("link"),
        date: date.or(selector("date_before").map(Part::Before)),
        summary: selector("summary").map(Part::Inside),
        min_entries: 1,
        ..Selectors::default()
    };
    parse::page(input, &selectors).unwrap()
}

#[test]
fn every_document_is_read_whatever_its_label() {
    for (id, version, encoding, entries) in [
        ("wto", "rss20", "utf-8", 10),
        ("wco", "page", "utf-8", 8),
        ("wco-fr", "page", "utf-8", 3),
        ("wco-ru", "page", "utf-8", 2),
        ("hmrc", "atom10", "utf-8", 4),
        ("receita", "rss10", "utf-8", 4),
        ("upu", "json11", "utf-8", 3),
        ("gacc", "rss20", "utf-8", 3),
        ("saudi-customs", "atom10", "utf-8", 3),
        ("etrade", "rss20", "utf-8", 3),
        ("revista-aduanera", "rss20", "windows-1252", 4),
    ] {
        let read = parsed(id);
        let found = (read.version.as_str(), read.encoding.as_str(), read.entries.len());
        assert_eq!(found, (version, encoding, entries), "{id}");
        assert_eq!(read.flaws, [], "{id}");
    }
}

#[test]
fn what_is_whole_in_the_ill_formed_feed_is_read() {
    let read = parsed("port-and-parcel");
    let titles: Vec<_> = read.entries.iter().map(|entry| entry.title.clone().unwrap().text).collect();
    assert_eq!(titles[0], "Spot rates slip as lines blank sailings & idle ships");
    assert!((4..=5).contains(&titles.len()), "{titles:?}");
    let codes: Vec<_> = read.flaws.iter().map(|flaw| flaw.code).collect();
    assert!(codes.contains(&FlawCode::Repaired) || codes.contains(&FlawCode::Truncated), "{:?}", read.flaws);
}

#[test]
fn dates_are_read_in_every_language() {
    let day = |id: &str, title: &str| {
        let entries = parsed(id).entries;
        let entry = entries.iter().find(|entry| entry.title.as_ref().unwrap().text.contains(title)).unwrap();
        entry.published.unwrap().date_naive().to_string()
    };
    assert_eq!(day("wco", "Deputy Secretary General"), "2017-12-14");
    assert_eq!(day("wco", "dedicates 2018"), "2017-11-09");
    assert_eq!(day("wco-fr", "normes"), "2017-12-01");
    assert_eq!(day("wco-ru", "hotlines"), "2017-10-30");
    assert_eq!(day("gacc", "跨境"), "2018-01-10");
    assert_eq!(day("receita", "Portal"), "2017-12-14");
}

#[test]
fn lists_in_the_sources_stay_lists() {
    for (id, title) in [("wto", "electronic transmissions"), ("wco", "dedicates 2018")] {
        let entries = parsed(id).entries;
        let entry = entries.iter().find(|entry| entry.title.as_ref().unwrap().text.contains(title)).unwrap();
        let markup = entry.content.as_ref().or(entry.summary.as_ref()).unwrap();
        let html = parse::html::sanitise(markup, None);
        assert_eq!(html.matches("<li>").count(), 3, "{html}");
    }
}

#[test]
fn every_announcement_is_without_mistakes() {
    for (name, text) in ANNOUNCEMENTS {
        assert_eq!(read(name, text).map_err(|problems| format!("{name}: {problems:?}")).err(), None);
    }
}

#[test]
fn coming_events_have_their_days_and_places() {
    for (part, first, last, place, registered) in [
        ("customs-day", "2018-01-26", "2018-01-26", "Worldwide", false),
        ("e-commerce-conference", "2018-02-09", "2018-02-10", "Beijing, China", true),
        ("aeo-conference", "2018-03-14", "2018-03-16", "Kampala, Uganda", true),
    ] {
        let AnnouncementKind::Event(event) = announcement(part).kind else { panic!("{part} is no event") };
        let days = When::Days { first: first.parse().unwrap(), last: last.parse().unwrap() };
        assert_eq!((event.when, event.place.as_deref()), (days, Some(place)));
        assert_eq!(event.registration.is_some(), registered, "{part}");
    }
}

#[test]
fn the_warning_names_the_address_and_links_nothing() {
    let alert = announcement("ict");
    assert_eq!(alert.kind, AnnouncementKind::Alert);
    assert!(alert.title.contains("no-reply@ICT.com") && alert.html.contains("no-reply@ICT.com"));
    assert!(!alert.html.contains("<a") && !alert.html.contains("mailto"), "{}", alert.html);
}

#[test]
fn the_introduction_belongs_to_an_entry_of_the_wco() {
    let AnnouncementKind::Note { on } = announcement("theme").kind else { panic!("no note") };
    assert!(headlines("wco", "/en/media").0.contains(&on.to_string()), "{on}");
}

#[test]
fn a_broken_announcement_is_told_all_its_mistakes() {
    let problems = read("broken.md", include_str!("../data/announcements/broken.md")).unwrap_err();
    let lines = problems.iter().map(|problem| match problem.hint.as_str() {
        "" => format!("{}:{} {}\n", problem.line, problem.column, problem.message),
        hint => format!("{}:{} {} ({hint})\n", problem.line, problem.column, problem.message),
    });
    assert_eq!(lines.collect::<String>(), include_str!("../data/announcements/broken.txt"));
}
