//! What a source takes back: told to staff, and marked wherever members read it.

use serde_json::Value;

use crate::office::{Office, source};
use crate::origin::{Origin, answer};

const NUMBERS: [u8; 5] = [5, 4, 3, 2, 1];

/// A feed of notices, the newest first, that says of some that they are deleted.
fn feed(shown: &[u8], deleted: &[u8]) -> String {
    let entries: String = shown
        .iter()
        .map(|n| {
            format!(
                "<entry><title>Customs notice {n} on parcels of kind {n}</title><id>urn:notice:{n}</id>\
                 <link href=\"https://customs.example/{n}\"/><published>2018-01-0{n}T00:00:00Z</published>\
                 <updated>2018-01-0{n}T00:00:00Z</updated></entry>"
            )
        })
        .collect();
    let deleted: String = deleted
        .iter()
        .map(|n| format!("<t:deleted-entry ref=\"urn:notice:{n}\" when=\"2018-01-15T00:00:00Z\"/>"))
        .collect();
    format!(
        "<feed xmlns=\"http://www.w3.org/2005/Atom\" xmlns:t=\"http://purl.org/atompub/tombstones/1.0\">\
         <title>Notices</title><id>urn:notices</id><updated>2018-01-15T00:00:00Z</updated>{deleted}{entries}</feed>"
    )
}

/// An office after two runs, the first of which saw all notices, the second these; and the report of the second. The third
/// sees all again.
async fn after(shown: &'static [u8], deleted: &'static [u8]) -> (Office, Origin, Value) {
    let origin = Origin::start(move |asked| {
        let has_all = asked.header("if-none-match") == Some("\"all\"");
        let (tag, body) =
            if has_all { ("\"less\"", feed(shown, deleted)) } else { ("\"all\"", feed(&NUMBERS, &[])) };
        answer(200, &[("ETag", tag)], body)
    })
    .await;
    let office = Office::new(&source("registry", &origin.url("/")));
    office.refresh("06:00").await;
    let report = office.refresh("08:00").await.json();
    (office, origin, report)
}

/// The item of a notice in the JSON feed.
fn item(office: &Office, number: u8) -> Value {
    let feed: Value = serde_json::from_str(&office.read("output/feeds/all.json")).unwrap();
    let id = format!("https://customs.example/{number}");
    feed["items"].as_array().unwrap().iter().find(|item| item["url"] == id.as_str()).unwrap().clone()
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_said_to_be_deleted_is_counted_and_marked_everywhere() {
    let (office, _origin, report) = after(&[5, 4, 2, 1], &[3]).await;
    assert_eq!(report["sources"][0]["withdrawn"], 1, "{report}");
    let told = "Withdrawn at source: registry has taken this back.";
    for page in ["index.html", "feeds/all.atom", "feeds/all.rss", "feeds/all.json", "feeds/customs.atom"] {
        assert_eq!(office.read(&format!("output/{page}")).matches(told).count(), 1, "{page}");
    }
    let item = item(&office, 3);
    assert_eq!(item["_tidewaiter"]["withdrawn"], "said");
    assert_eq!(item["date_modified"], "2018-01-15T08:00:00Z", "readers are told");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_only_missing_is_marked_with_care_and_calls_nobody() {
    let (office, _origin, report) = after(&[5, 4, 2, 1], &[]).await;
    assert_eq!(report["sources"][0]["withdrawn"], 1, "{report}");
    assert!(
        office.read("output/index.html").contains("No longer shown at source: registry may have withdrawn")
    );
    assert_eq!(item(&office, 3)["date_modified"], "2018-01-03T00:00:00Z");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_back_is_marked_no_more() {
    let (office, _origin, _) = after(&[5, 4, 2, 1], &[3]).await;
    let third = office.refresh("10:00").await.json();
    assert_eq!(third["sources"][0]["withdrawn"], 0);
    assert!(!office.read("output/feeds/all.atom").contains("Withdrawn at source"));
    assert_eq!(item(&office, 3)["date_modified"], "2018-01-15T10:00:00Z", "and never goes back in time");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_person_reads_how_many_were_taken_back() {
    let (office, _origin, _) = after(&NUMBERS, &[]).await;
    let ran = office.run("refresh --all --verbose --now 2018-01-15T10:00:00Z").await;
    assert!(!ran.err.contains("withdrawn"), "{}", ran.err);
    let (office, _origin, _) = after(&[5, 4, 2, 1], &[]).await;
    // The feed is whole again, and then lacks the notice once more.
    office.refresh("10:00").await;
    let ran = office.run("refresh --verbose --now 2018-01-15T12:00:00Z").await;
    assert!(ran.err.contains("4 entries, 0 new, 0 changed, 1 withdrawn at source"), "{}", ran.err);
}
