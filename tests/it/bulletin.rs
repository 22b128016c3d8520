//! The bulletin of January 2018, as the demo must publish it.

use scraper::{ElementRef, Html, Selector};
use std::path::Path;
use std::process::Command;
use tempfile::TempDir;

/// Runs the demo, at a port of its own.
fn demo(now: &str) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    let output = Command::new(env!("CARGO_BIN_EXE_tidewaiter"))
        .current_dir(folder.path())
        .args(["demo", "--port", "0", "--now", now])
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(output.status.code(), Some(1), "published, and the source that is down is named: {said}");
    assert!(said.contains("frontier-monthly") && said.contains("503"), "{said}");
    folder
}

fn read(folder: &TempDir, path: &str) -> String {
    std::fs::read_to_string(folder.path().join("demo/output").join(path)).unwrap()
}

fn select<'a>(html: &'a Html, css: &str) -> Vec<ElementRef<'a>> {
    html.select(&Selector::parse(css).unwrap()).collect()
}

fn inside<'a>(element: ElementRef<'a>, css: &str) -> Vec<ElementRef<'a>> {
    element.select(&Selector::parse(css).unwrap()).collect()
}

fn words(element: ElementRef<'_>) -> String {
    element.text().collect::<String>().split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The article whose heading says this.
fn article<'a>(html: &'a Html, title: &str) -> ElementRef<'a> {
    let found: Vec<_> = select(html, "article")
        .into_iter()
        .filter(|article| inside(*article, "h2, h3").iter().any(|heading| words(*heading).contains(title)))
        .collect();
    assert_eq!(found.len(), 1, "`{title}` stands once");
    found[0]
}

#[test]
fn the_bulletin_of_january_2018_says_what_happened() {
    let folder = demo("2018-01-15");
    let html = Html::parse_document(&read(&folder, "index.html"));

    // MC11 on e-commerce, its three commitments as a list, and who else tells it.
    let mc11 = article(&html, "Ministers extend work on e\u{2011}commerce");
    assert!(words(mc11).contains("13 Dec 2017"));
    let points: Vec<String> = inside(mc11, "ul li").into_iter().map(words).collect();
    let points: Vec<&String> = points.iter().filter(|point| point.starts_with("to ")).collect();
    assert_eq!(points.len(), 3, "{points:?}");
    assert!(points[2].contains("no customs duties on electronic transmissions"));
    assert!(
        inside(mc11, "a")
            .iter()
            .any(|a| a.attr("href").is_some_and(|href| href.contains("etradeforall.org")))
    );

    assert!(words(article(&html, "Declaration on women and trade")).contains("12 Dec 2017"));
    assert!(words(article(&html, "elected Deputy Secretary General of the WCO")).contains("14 Dec 2017"));
    assert!(
        words(article(&html, "Ge Jizhong elected President of the Shanghai Customs Brokers Association"))
            .contains("31 Oct 2017")
    );

    // The theme: the secretariat's words first, then the official text with its three points.
    let theme = article(&html, "A secure business environment for economic development");
    let text = words(theme);
    let note = text.find("touches the daily work of customs brokers").unwrap();
    let official = text.find("The theme of the year will be launched").unwrap();
    assert!(note < official && text.contains("9 Nov 2017"), "{text}");
    assert_eq!(
        inside(theme, "ul li").into_iter().filter(|li| words(*li).contains("environment, in which")).count(),
        3
    );
}

#[test]
fn coming_events_can_be_registered_for_and_put_in_a_calendar() {
    let folder = demo("2018-01-15");
    let html = Html::parse_document(&read(&folder, "index.html"));
    let events = select(&html, ".event");
    let expected = [
        ("International Customs Day", "26 January 2018", None, ("20180126", "20180127")),
        (
            "WCO First Global Cross-Border E-Commerce Conference",
            "9–10 February 2018",
            Some("e-commerce"),
            ("20180209", "20180211"),
        ),
        ("WCO 4th Global AEO Conference", "14–16 March 2018", Some("aeo"), ("20180314", "20180317")),
    ];
    assert_eq!(events.len(), expected.len());
    for (event, (title, days, registration, (start, end))) in events.into_iter().zip(expected) {
        let text = words(event);
        assert!(text.contains(title) && text.contains(days), "{text}");
        let links: Vec<&str> = inside(event, "a").into_iter().filter_map(|a| a.attr("href")).collect();
        if let Some(word) = registration {
            assert!(
                links.iter().any(|link| link.contains("registration") && link.contains(word)),
                "{links:?}"
            );
        }
        let calendar = links.iter().find(|link| link.ends_with(".ics")).unwrap();
        let calendar = read(&folder, calendar);
        assert!(calendar.contains(&format!("DTSTART;VALUE=DATE:{start}")), "{calendar}");
        assert!(calendar.contains(&format!("DTEND;VALUE=DATE:{end}")), "{calendar}");
    }
    assert_eq!(read(&folder, "events.ics").matches("BEGIN:VEVENT").count(), 3);
}

#[test]
fn the_warning_stands_on_top_and_its_address_cannot_be_clicked() {
    let folder = demo("2018-01-15");
    let page = read(&folder, "index.html");
    let html = Html::parse_document(&page);
    let alert = select(&html, ".alert")[0];
    assert!(words(alert).contains("no-reply@ICT.com"));
    assert!(inside(alert, "a").is_empty());
    assert!(!page.contains("mailto:"));
    assert!(select(&html, "a").into_iter().all(|a| !words(a).contains("no-reply@")));
    assert!(page.find("no-reply@ICT.com").unwrap() < page.find("Coming up").unwrap());
    for feed in ["feeds/all.atom", "feeds/alerts.atom"] {
        let feed = read(&folder, feed);
        assert!(feed.contains("no-reply@ICT.com") && !feed.contains("mailto:"), "{feed}");
    }
}

#[test]
fn what_does_not_matter_to_customs_brokers_stays_out() {
    let folder = demo("2018-01-15");
    let published = read(&folder, "feeds/all.json");
    let dropped = [
        "isheries",
        "olicy review",
        "accession",
        "acancy",
        "Self Assessment",
        "foto-alfandega",
        "Spot rates",
        "ockers",
        "Chess",
    ];
    let in_review = ["Couriers open a second hub", "Un puerto seco"];
    for word in dropped.into_iter().chain(in_review) {
        assert!(!published.contains(word), "{word}");
    }
}

#[test]
fn weeks_later_what_is_over_is_gone() {
    let folder = demo("2018-02-12");
    let html = Html::parse_document(&read(&folder, "index.html"));
    let events: Vec<String> = select(&html, ".event h3").into_iter().map(words).collect();
    assert_eq!(events, ["WCO 4th Global AEO Conference"]);
    assert_eq!(
        read(&folder, "events.ics").matches("BEGIN:VEVENT").count(),
        3,
        "a calendar keeps what is over"
    );
}

/// What is published, with one port for all: each demo's sources have another one.
fn comparable(folder: &TempDir, page: &str) -> String {
    let opml = read(folder, "sources.opml");
    let port = opml.split("127.0.0.1:").nth(1).unwrap().split('/').next().unwrap();
    read(folder, page).replace(&format!("127.0.0.1:{port}"), "127.0.0.1:18180")
}

/// From sources, rules and announcements to the last byte: a change of any of it shows here, to be read line by line.
#[test]
fn the_whole_publication_is_as_approved() {
    let folder = demo("2018-01-15T06:40:00Z");
    let approved = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/golden/bulletin");
    for page in [
        "index.html",
        "feeds/all.atom",
        "feeds/all.rss",
        "feeds/all.json",
        "feeds/aeo-mra.atom",
        "events.ics",
        "sources.opml",
    ] {
        let (found, path) = (comparable(&folder, page), approved.join(page));
        if std::env::var_os("UPDATE_EXPECT").is_some() {
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(&path, &found).unwrap();
        }
        let expected = std::fs::read_to_string(&path).unwrap();
        let differs = found.lines().zip(expected.lines()).position(|(a, b)| a != b);
        assert!(found == expected, "{page} differs, first in line {differs:?} (from 0)");
    }
}

#[test]
fn a_demo_after_another_changes_nothing() {
    let folder = demo("2018-01-15");
    let output = folder.path().join("demo/output");
    let written = |name: &str| output.join(name).metadata().unwrap().modified().unwrap();
    let before: Vec<_> = ["index.html", "feeds/all.atom", "manifest.json"].map(written).to_vec();
    let port: String =
        read(&folder, "sources.opml").split("127.0.0.1:").nth(1).unwrap().split('/').next().unwrap().into();
    let again = Command::new(env!("CARGO_BIN_EXE_tidewaiter"))
        .current_dir(folder.path())
        .args(["demo", "--port", &port, "--now", "2018-01-15T02:00:00Z", "--json"])
        .output()
        .unwrap();
    let report: serde_json::Value = serde_json::from_slice(&again.stdout).unwrap();
    let states: Vec<&str> = report["sources"]
        .as_array()
        .unwrap()
        .iter()
        .map(|source| source["answer"].as_str().unwrap())
        .collect();
    // One of them asks by its `ttl` to be left alone for longer.
    let well = |state: &str| matches!(state, "unchanged" | "resting");
    assert_eq!(states.iter().filter(|state| well(state)).count(), 12, "{states:?}");
    assert_eq!(report["published"]["written"].as_array().map(Vec::len), Some(0));
    assert_eq!(["index.html", "feeds/all.atom", "manifest.json"].map(written).to_vec(), before);
}
