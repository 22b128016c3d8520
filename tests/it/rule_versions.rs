//! A change of the rules, tried on the past, kept, and taken back, with the binary.

use serde_json::Value;

use crate::office::{Office, Ran, rss, source};
use crate::origin::{Origin, answer};

/// Behind the office's own blocks; a comment and a blank line that must stay.
const TOPIC: &str = "
# What the desk says about origin.
[[topic]]
id = \"origin\"
title = \"Origin\"
section = \"news\"
strong = [\"certificate\"] # one is enough
";

/// An office with one more topic that has read four entries.
async fn office() -> (Origin, Office) {
    let entries = [
        ("a", "Customs opens", 10),
        ("b", "Fish swim", 11),
        ("c", "A certificate", 12),
        ("d", "A proof of origin", 13),
    ];
    let body = rss(&entries).replace("About customs.", "In short.");
    let origin = Origin::start(move |_| answer(200, &[], body.clone())).await;
    let office = Office::new(&(source("one", &origin.url("/")) + TOPIC));
    office.refresh("06:00").await;
    (origin, office)
}

/// A copy of feeds.toml with this in place of the topic's strong terms.
fn draft(office: &Office, strong: &str) {
    office.write("draft.toml", &office.read("feeds.toml").replace("[\"certificate\"]", strong));
}

async fn rules(office: &Office, words: &str) -> Ran {
    let by = if words.starts_with("save") || words.starts_with("restore") { " --by Ann" } else { "" };
    let now = if words.starts_with("history") { "" } else { " --now 2018-01-15T07:00:00Z" };
    office.run(&format!("rules {words}{by}{now}")).await
}

async fn numbers(office: &Office) -> Vec<(i64, String)> {
    let versions = rules(office, "history --json").await.json();
    let of = |version: &Value| {
        (version["number"].as_i64().unwrap(), version["author"].as_str().unwrap().to_owned())
    };
    versions.as_array().unwrap().iter().map(of).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_draft_is_tried_on_the_past_and_changes_nothing() {
    let (_origin, office) = office().await;
    let before = office.read("feeds.toml");
    draft(&office, "[\"proof of origin\"]");
    let ran = rules(&office, "backtest --against draft.toml --json").await;
    let report = ran.json();
    let changes: Vec<_> = report["changes"]
        .as_array()
        .unwrap()
        .iter()
        .map(|change| format!("{} {} {}", change["kind"], change["title"], change["because"]))
        .collect();
    assert_eq!(
        changes,
        [
            r#""newly in" "A proof of origin" ["+ strong of origin: proof of origin"]"#,
            r#""newly out" "A certificate" ["- strong of origin: certificate"]"#
        ]
    );
    assert_eq!((office.read("feeds.toml"), numbers(&office).await.len()), (before, 1));
}

/// What the file says, whatever the order of its blocks: those that choose come to stand behind the others.
fn lines(file: &str) -> Vec<&str> {
    let mut lines: Vec<&str> = file.lines().filter(|line| !line.is_empty()).collect();
    lines.sort_unstable();
    lines
}

#[tokio::test(flavor = "multi_thread")]
async fn a_draft_that_is_kept_is_in_feeds_toml_and_can_be_taken_back() {
    let (_origin, office) = office().await;
    let before = office.read("feeds.toml");
    draft(&office, "[\"proof of origin\", \"certificate\"]");
    assert_eq!(rules(&office, "save draft.toml").await.code, 0);
    assert_eq!(lines(&office.read("feeds.toml")), lines(&office.read("draft.toml")));
    let told = rules(&office, "history 2").await.out;
    assert!(told.contains("1 newly in, 0 newly out") && told.contains("+ strong of origin: proof"), "{told}");
    office.refresh("07:30").await;
    assert!(office.titles().iter().any(|title| title == "A proof of origin"), "{:?}", office.titles());
    assert_eq!(rules(&office, "restore 1").await.code, 0);
    assert_eq!(lines(&office.read("feeds.toml")), lines(&before));
    let ann = |number| (number, "Ann".to_owned());
    assert_eq!(numbers(&office).await, [ann(3), ann(2), (1, "feeds.toml".to_owned())]);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_changed_by_hand_is_kept_when_it_first_judges() {
    let (_origin, office) = office().await;
    draft(&office, "[\"proof of origin\"]");
    office.write("feeds.toml", &office.read("draft.toml"));
    let told = rules(&office, "backtest").await.out;
    assert!(told.contains("feeds.toml against version 1") && told.contains("newly in: 1"), "{told}");
    office.refresh("07:30").await;
    assert_eq!(numbers(&office).await.len(), 2);
    office.refresh("08:30").await;
    assert_eq!(numbers(&office).await.len(), 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_draft_with_a_mistake_is_not_kept() {
    let (_origin, office) = office().await;
    let before = office.read("feeds.toml");
    draft(&office, "[\"proof AND origin\"]");
    let ran = rules(&office, "save draft.toml").await;
    assert!(ran.code == 2 && ran.err.contains("`AND` works in an `expression` only"), "{ran:?}");
    assert_eq!((office.read("feeds.toml"), numbers(&office).await.len()), (before, 1));
}

#[tokio::test(flavor = "multi_thread")]
async fn decisions_of_staff_are_what_verdicts_are_measured_by() {
    let (_origin, office) = office().await;
    for (title, act) in [("A certificate", "reject"), ("A proof of origin", "accept")] {
        let ran = office.run_words(&["decide", title, act, "--by", "Ann"]).await;
        assert_eq!(ran.code, 0, "{ran:?}");
    }
    draft(&office, "[\"proof of origin\"]");
    let report = rules(&office, "backtest --against draft.toml --json").await.json();
    let agreement: Vec<_> = report["agreement"]
        .as_array()
        .unwrap()
        .iter()
        .map(|side| format!("{} {}", side["precision"], side["recall"]))
        .collect();
    assert_eq!(agreement, ["0.0 0.0", "1.0 1.0"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn entries_filed_by_hand_measure_the_rules() {
    let (_origin, office) = office().await;
    office.write(
        "filed.jsonl",
        "{\"id\":\"1\",\"title\":\"A certificate\",\"labels\":[\"origin\"]}\n\
         {\"id\":\"2\",\"title\":\"A proof\",\"labels\":[\"origin\"]}\n\
         {\"id\":\"3\",\"title\":\"Fish\",\"labels\":[\"irrelevant\"]}\n",
    );
    let report = office.run("rules test --json filed.jsonl").await.json();
    assert_eq!(report["summary"]["published"]["recall"], 0.5);
    assert_eq!(report["items"][0]["matches"][0]["snippet"], "A ⟦certificate⟧");
    let told = office.run("rules test filed.jsonl").await.out;
    assert!(told.contains("2  A proof\n  filed as origin; the rules say drop"), "{told}");
    office.write("filed.jsonl", "{\"id\":\"1\",\"title\":\"A\",\"labels\":[\"orign\"]}\n");
    let ran = office.run("rules test filed.jsonl").await;
    assert!(ran.code == 2 && ran.err.contains("filed.jsonl: line 1: `orign` is no topic"), "{ran:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_nobody_has_kept_is_kept_before_it_is_replaced() {
    let (_origin, office) = office().await;
    draft(&office, "[\"proof of origin\"]");
    office.write("feeds.toml", &office.read("feeds.toml").replace("one is enough", "by hand"));
    assert_eq!(rules(&office, "save draft.toml").await.code, 0);
    assert_eq!(rules(&office, "restore 2").await.code, 0);
    assert!(office.read("feeds.toml").contains("[\"certificate\"] # by hand"));
}

#[tokio::test(flavor = "multi_thread")]
async fn rules_with_a_mistake_are_put_back_too() {
    let (_origin, office) = office().await;
    let before = office.read("feeds.toml");
    office.write("feeds.toml", &before.replace("[\"certificate\"]", "[\"a AND b\"]"));
    let ran = rules(&office, "restore 1").await;
    assert_eq!((ran.code, lines(&office.read("feeds.toml"))), (0, lines(&before)), "{ran:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_draft_without_some_topics_is_not_kept() {
    let (_origin, office) = office().await;
    let before = office.read("feeds.toml");
    office.write("draft.toml", TOPIC);
    let ran = rules(&office, "save draft.toml").await;
    assert!(ran.code == 2 && ran.err.contains("lacks topics that feeds.toml has: customs"), "{ran:?}");
    assert_eq!(office.read("feeds.toml"), before);
}
