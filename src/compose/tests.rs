//! What a publication is made of, and what makes no difference to it.

mod staff;

use proptest::prelude::*;
use serde_json::Value;

use super::*;
use crate::identity::Shelf;
use crate::model::announcement::AnnouncementKind;
use crate::model::entry::{DateOrigin, EntryId};
use crate::model::language::Language;
use crate::model::source::SourceId;
use crate::model::text::Markup;

const CONFIG: &str = r#"
[site]
title = "The Bulletin"
organisation = "IFCBA"
url = "https://bulletin.example/"
home = "https://ifcba.example/"
contact = "a@ifcba.example"
tag = "ifcba.example,2018"
[output]
source_stories = 2
[[source]]
id = "wco"
title = "WCO"
url = "https://wco.example/feed"
rank = "institution"
reuse = "full"
[[source]]
id = "press"
title = "Press"
url = "https://press.example/feed"
rank = "press"
[[source]]
id = "links"
title = "Links"
url = "https://links.example/feed"
reuse = "link"
[[section]]
id = "news"
title = "News"
[[topic]]
id = "customs"
title = "Customs"
section = "news"
strong = ["customs"]
"#;

pub(super) fn config() -> Config {
    Config::parse(CONFIG).expect("a configuration")
}

pub(super) fn now() -> DateTime<Utc> {
    DateTime::from_timestamp(1_516_000_000, 0).expect("a time")
}

/// An entry of a source, so many hours old.
pub(super) fn entry(id: i64, source: &str, title: &str, hours: i64) -> Entry {
    let published = now() - TimeDelta::hours(hours);
    Entry {
        id: EntryId(id),
        source: SourceId::parse(source).expect("a source id"),
        title: title.to_owned(),
        link: format!("https://{source}.example/{id}").parse().ok(),
        summary: Some(Markup::html("<p>One. Two. Three. Four.</p>")),
        content: None,
        base: None,
        language: Language::parse("en"),
        authors: Vec::new(),
        categories: Vec::new(),
        published: Some(published),
        date_origin: DateOrigin::Feed,
        first_seen: published,
        listed: published,
        changed: published,
    }
}

pub(super) fn announcement(id: &str, kind: AnnouncementKind) -> Announcement {
    Announcement {
        id: id.to_owned(),
        kind,
        title: format!("Announcement {id}"),
        html: "<p>Words of the secretariat.</p>".to_owned(),
        language: Language::parse("en").expect("a language"),
        publish: now() - TimeDelta::hours(5),
        expire: None,
        updated: now() - TimeDelta::hours(5),
        pin: false,
        topics: Vec::new(),
        link: None,
    }
}

fn page(pages: &[Page], path: &str) -> String {
    let page = pages.iter().find(|page| page.path == path).unwrap_or_else(|| panic!("no {path}"));
    String::from_utf8(page.bytes.clone()).expect("UTF-8")
}

fn items(snapshot: &Snapshot) -> Vec<Value> {
    let feed: Value =
        serde_json::from_str(&page(&compose(snapshot, &config(), now()), "feeds/all.json")).expect("JSON");
    feed["items"].as_array().expect("items").clone()
}

fn check(snapshot: &Snapshot, titles: &[&str]) {
    let items = items(snapshot);
    let found: Vec<&str> = items.iter().map(|item| item["title"].as_str().expect("a title")).collect();
    assert_eq!(found, titles);
}

/// An event on these days of January 2018.
pub(super) fn congress(first: u32, last: u32) -> Event {
    let day = |day| chrono::NaiveDate::from_ymd_opt(2018, 1, day).expect("a day");
    Event {
        title: "Congress".to_owned(),
        when: When::Days { first: day(first), last: day(last) },
        place: None,
        registration: None,
        cancelled: false,
        sequence: 0,
    }
}

pub(super) fn of(entries: Vec<Entry>) -> Snapshot {
    Snapshot { entries, ..Snapshot::default() }
}

#[test]
fn the_newest_come_first_and_only_what_the_rules_take() {
    check(
        &of(vec![
            entry(1, "wco", "Old customs", 9),
            entry(2, "wco", "Fish", 5),
            entry(3, "press", "New customs", 1),
        ]),
        &["New customs", "Old customs"],
    );
}

/// Does the story carry the mark, and how many others tell it, when these entries of `wco` (1) and `press` (2) were taken
/// back?
fn check_withdrawn(ids: &[i64], is_marked: bool, also: usize) {
    let mut snapshot = of(vec![
        entry(1, "wco", "Customs opens the new parcel centre", 5),
        entry(2, "press", "Customs opens the new parcel centre", 4),
    ]);
    snapshot.withdrawn = ids.iter().map(|id| (EntryId(*id), Withdrawal::Deleted)).collect();
    let stories = stories(&snapshot, &config(), now());
    let found: Vec<_> = stories.iter().map(|story| (story.withdrawn.is_some(), story.also.len())).collect();
    assert_eq!(found, [(is_marked, also)], "{ids:?}");
}

#[test]
fn who_issued_a_story_withdraws_it_and_whoever_copied_it_only_himself() {
    check_withdrawn(&[], false, 1);
    check_withdrawn(&[1], true, 1);
    check_withdrawn(&[2], false, 0);
    check_withdrawn(&[1, 2], true, 0);
}

#[test]
fn why_a_copy_that_was_taken_back_is_named_no_more_is_explained() {
    let copy = entry(2, "press", "Customs opens the new parcel centre", 4);
    let mut snapshot = of(vec![entry(1, "wco", "Customs opens the new parcel centre", 5), copy.clone()]);
    snapshot.withdrawn.insert(copy.id, Withdrawal::Missing);
    let (config, now) = (config(), now());
    let told = stories(&snapshot, &config, now);
    let found = explain::Found {
        entry: copy,
        shelf: Shelf::Open,
        rule_set: config.rule_set(),
        replaced: Vec::new(),
        withdrawn: Some((now, Withdrawal::Missing)),
        policy: None,
        decisions: Vec::new(),
    };
    let explained = explain::explain(&found, &told, &config, now);
    assert!(!explained.is_published && explained.because.contains("took it back"), "{}", explained.because);
}

#[test]
fn an_entry_whose_source_was_taken_out_is_gone() {
    check(&of(vec![entry(1, "nobody", "Customs", 1)]), &[]);
}

#[test]
fn a_note_brings_in_what_the_rules_leave_out() {
    let on = "https://www.wco.example/2/".parse().expect("a link");
    let snapshot = Snapshot {
        noted: vec![entry(2, "wco", "Fish", 5)],
        announcements: vec![announcement("fish", AnnouncementKind::Note { on })],
        ..Snapshot::default()
    };
    check(&snapshot, &["Fish"]);
    let content = items(&snapshot)[0]["content_html"].as_str().expect("content").to_owned();
    let (note, text) = (content.find("Words of the secretariat"), content.find("One. Two."));
    assert!(note.is_some() && note < text, "{content}");
}

#[test]
fn an_announcement_is_shown_from_its_time_to_its_end() {
    let mut early = announcement("early", AnnouncementKind::News);
    early.publish = now() + TimeDelta::seconds(1);
    let mut late = announcement("late", AnnouncementKind::News);
    late.expire = Some(now());
    let shown = announcement("shown", AnnouncementKind::News);
    check(
        &Snapshot { announcements: vec![early, late, shown], ..Snapshot::default() },
        &["Announcement shown"],
    );
}

#[test]
fn a_source_gives_no_more_than_it_allows() {
    let items = items(&of(vec![
        entry(1, "wco", "Customs whole", 1),
        entry(2, "press", "Customs sentences", 2),
        entry(3, "links", "Customs link", 3),
    ]));
    let text = |item: &Value| {
        item["content_html"].as_str().unwrap_or("").to_owned() + item["summary"].as_str().unwrap_or("")
    };
    assert!(text(&items[0]).contains("Four."));
    assert!(text(&items[1]).contains("Three.") && !text(&items[1]).contains("Four."));
    assert!(!text(&items[2]).contains("One."));
}

#[test]
fn a_story_keeps_the_id_it_had_before_the_institution_told_it() {
    let title = "Ministers keep customs duties off e-commerce";
    let before = items(&of(vec![entry(1, "press", title, 9)]));
    let after = items(&of(vec![entry(1, "press", title, 9), entry(2, "wco", title, 3)]));
    assert_eq!(after.len(), 1);
    assert_eq!(after[0]["id"], before[0]["id"]);
    assert!(
        after[0]["external_url"]
            .as_str()
            .or(after[0]["url"].as_str())
            .expect("a link")
            .contains("wco.example")
    );
}

#[test]
fn one_source_does_not_fill_the_digest() {
    let mut entries: Vec<Entry> =
        (0..9).map(|n| entry(n, "press", &format!("Customs item number {n}"), n)).collect();
    entries.push(entry(10, "wco", "Customs at last", 20));
    let html = page(&compose(&of(entries), &config(), now()), "index.html");
    assert_eq!(
        html.matches("press.example/").count() - html.matches("press.example/feed").count(),
        2,
        "{html}"
    );
    assert!(html.contains("Customs at last"));
}

#[test]
fn what_passes_by_leaves_the_digest_by_itself() {
    let is_coming = |first, last| {
        let announcements = vec![announcement("congress", AnnouncementKind::Event(congress(first, last)))];
        let snapshot = Snapshot { announcements, ..Snapshot::default() };
        page(&compose(&snapshot, &config(), now()), "index.html").contains("events/announcement-congress.ics")
    };
    assert!(is_coming(14, 15), "its last day is today");
    assert!(!is_coming(12, 13));
}

proptest! {
    /// In whatever order a store gives its entries, and announcements lie in their folder: the same bytes.
    #[test]
    fn order_makes_no_difference(
        (straight, mixed) in prop::collection::vec((0..3_usize, 0..6_usize, 0..90_i64), 0..12).prop_flat_map(|rows| {
            let titles = ["Customs duties on parcels go up again", "Fish", "Customs", "Customs day is near", "Ships", "New customs code"];
            let entries: Vec<Entry> = rows
                .iter()
                .zip(1..)
                .map(|((source, title, hours), id)| entry(id, ["wco", "press", "links"][*source], titles[*title], *hours))
                .collect();
            (Just(entries.clone()), Just(entries).prop_shuffle())
        })
    ) {
        prop_assert_eq!(compose(&of(straight), &config(), now()), compose(&of(mixed), &config(), now()));
    }
}
