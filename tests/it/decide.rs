//! Staff decide about entries, with the binary, over runs in which everything else changes.

use serde_json::Value;
use std::fs::File;
use std::sync::atomic::{AtomicUsize, Ordering};

use crate::office::{Office, rss, source};
use crate::origin::{Origin, answer};

/// What besides the office's own topic makes entries wait for review.
const RULES: &str = "
[context]
terms = [\"import\"]
[[topic]]
id = \"origin\"
title = \"Origin\"
section = \"news\"
weak = [\"certificate\", \"proof\"]
";

const ENTRIES: [(&str, &str, u8); 4] = [
    ("a", "Customs opens", 10),
    ("b", "Fish swim", 11),
    ("c", "A certificate for import", 12),
    ("d", "Customs closes", 13),
];

/// An office whose source says this at its n-th reading (from 0), of entries that are judged by their titles alone.
async fn office_of(body: impl Fn(usize) -> String + Send + Sync + 'static) -> (Origin, Office) {
    let asked = AtomicUsize::new(0);
    let origin = Origin::start(move |_| {
        let n = asked.fetch_add(1, Ordering::Relaxed);
        answer(200, &[], body(n).replace("About customs.", "In short."))
    })
    .await;
    let office = Office::new(&(source("one", &origin.url("/")) + RULES));
    (origin, office)
}

async fn office() -> (Origin, Office) {
    let (origin, office) = office_of(|_| rss(&ENTRIES)).await;
    office.refresh("06:00").await;
    (origin, office)
}

impl Office {
    /// Ann decides, at seven.
    async fn decide(&self, words: &[&str]) -> crate::office::Ran {
        let own = ["--by", "Ann", "--now", "2018-01-15T07:00:00Z"];
        self.run_words(&[&["decide"], words, &own].concat()).await
    }

    /// The same, and it is shown.
    async fn shown(&self, words: &[&str]) {
        let ran = self.decide(words).await;
        assert_eq!(ran.code, 0, "{ran:?}");
        self.publish().await;
    }

    async fn publish(&self) {
        assert_eq!(self.run("publish --now 2018-01-15T07:30:00Z").await.code, 0);
    }

    fn item(&self, title: &str) -> Value {
        let feed: Value = serde_json::from_str(&self.read("output/feeds/all.json")).unwrap();
        let items = feed["items"].as_array().unwrap();
        items
            .iter()
            .find(|item| item["title"] == title)
            .unwrap_or_else(|| panic!("{title}: {items:?}"))
            .clone()
    }

    async fn explained(&self, what: &str) -> Value {
        let ran = self.run_words(&["explain", what, "--json", "--now", "2018-01-15T08:00:00Z"]).await;
        ran.json()[0].clone()
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_decision_outlives_new_ids_new_versions_and_new_rules() {
    let (_origin, office) = office_of(|n| match n {
        0 => rss(&ENTRIES),
        1 => rss(&ENTRIES).replace("<guid isPermaLink=\"false\">", "<guid isPermaLink=\"false\">x"),
        _ => rss(&[
            ("xa", "Customs opens today", 10),
            ("xb", "Fish swim today", 11),
            ("xc", "A certificate for import", 12),
            ("xd", "Customs closes", 13),
        ]),
    })
    .await;
    office.refresh("06:00").await;
    assert_eq!(office.titles(), ["Customs closes", "Customs opens"]);
    office.shown(&["Customs opens", "reject"]).await;
    office.shown(&["Fish swim", "accept"]).await;
    office.shown(&["certificate", "accept", "customs"]).await;
    office.shown(&["Fish swim", "note", "Look."]).await;
    let decided = ["Customs closes", "A certificate for import", "Fish swim"];
    assert_eq!(office.titles(), decided);
    assert_eq!(office.item(decided[1])["_tidewaiter"]["topics"][0], "customs");

    assert_eq!(office.refresh("08:00").await.json()["sources"][0]["new"], 0);
    assert_eq!(office.titles(), decided, "all its ids are others");

    let changed = office.refresh("10:00").await.json();
    assert_eq!((&changed["sources"][0]["new"], &changed["sources"][0]["changed"]), (&0.into(), &2.into()));
    let today = ["Customs closes", "A certificate for import", "Fish swim today"];
    assert_eq!(office.titles(), today, "two are new versions");
    let since = |explained: &Value| explained["changed_since"].as_str().map(str::to_owned);
    assert_eq!(since(&office.explained("Fish swim").await).as_deref(), Some("2018-01-15T10:00:00Z"));
    assert_eq!(since(&office.explained("Customs opens").await), None, "a decision says nothing of its words");

    let rules = office.read("feeds.toml");
    office.write("feeds.toml", &rules.replace("strong = [\"customs\"]", "strong = [\"opens\", \"closes\"]"));
    office.publish().await;
    assert_eq!(office.titles(), today, "the rules are others");
    assert_eq!(office.item(today[1])["_tidewaiter"]["topics"][0], "customs");
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_is_published_until_the_next_run() {
    let (_origin, office) = office().await;
    let before = office.published();
    let ran = office.decide(&["Fish swim", "accept"]).await;
    assert!(ran.err.contains("tidewaiter publish"), "{ran:?}");
    assert_eq!(office.published(), before);
    office.refresh("07:10").await;
    assert_eq!(office.titles(), ["Customs closes", "Fish swim", "Customs opens"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_title_and_a_note_are_shown_everywhere_and_told_as_a_change() {
    let (_origin, office) = office().await;
    let updated =
        |office: &Office, title: &str| office.item(title)["date_modified"].as_str().unwrap().to_owned();
    office.shown(&["Customs opens", "pin"]).await;
    assert_eq!(updated(&office, "Customs opens"), "2018-01-10T09:00:00Z", "a pin is no news");

    office.shown(&["Customs opens", "retitle", "Doors <b>& hearts</b>"]).await;
    assert_eq!(updated(&office, "Doors <b>& hearts</b>"), "2018-01-15T07:00:00Z");
    office
        .shown(&[
            "Customs opens",
            "note",
            "Until **June**. <script>alert(1)</script> [x](javascript:alert(1))",
        ])
        .await;
    let html = office.item("Doors <b>& hearts</b>")["content_html"].as_str().unwrap().to_owned();
    assert!(
        html.contains("From the IFCBA Secretariat") && html.contains("Until <strong>June</strong>"),
        "{html}"
    );
    for page in ["output/index.html", "output/feeds/all.atom", "output/feeds/all.rss"] {
        let text = office.read(page);
        assert!(text.contains("&lt;b&gt;&amp; hearts"), "{page}");
        assert!(text.contains("June") && text.contains("In short."), "{page}");
        assert!(!text.contains("alert(1)") && !text.contains("Customs opens"), "{page}");
    }
    let digest = office.read("output/index.html");
    assert!(digest.find("hearts") < digest.find("Customs closes"), "what is pinned stands on top");
    assert_eq!(office.explained("Customs opens").await["title"], "Customs opens", "the source's own is kept");

    for act in ["retitle", "note", "unpin"] {
        office.shown(&["Customs opens", act]).await;
    }
    let digest = office.read("output/index.html");
    assert!(digest.find("Customs opens") > digest.find("Customs closes"), "{digest}");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_entry_is_named_by_id_link_or_words_that_fit_it_alone() {
    let (_origin, office) = office().await;
    let id = office.explained("Fish").await["id"].as_str().unwrap().to_owned();
    for name in [id.as_str(), "https://source.example/fish-swim?utm_source=x", "FISH"] {
        let ran = office.decide(&[name, "accept", "--json"]).await;
        assert_eq!(ran.json()[0]["id"], id.as_str(), "{name}");
    }
    let several = office.decide(&["customs", "reject"]).await;
    assert_eq!((several.code, several.out.as_str()), (2, ""));
    for word in ["Customs opens", "Customs closes", "one, 13 January 2018", "name one by its id"] {
        assert!(several.err.contains(word), "{word}: {}", several.err);
    }
    let unknown = office.decide(&["Customs opens", "nothing of the kind", "reject"]).await;
    assert_eq!(unknown.code, 2);
    office.publish().await;
    assert_eq!(office.titles().len(), 3, "of several names one is wrong: nothing is done");
    assert_eq!(
        office.decide(&["Customs opens", "Customs closes", "reject", "--json"]).await.json()[1]["acts"][0]["act"],
        "reject"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn the_line_that_undoes_it_leads_back() {
    let (_origin, office) = office().await;
    for acts in [
        &["accept"] as &[&str],
        &["reject"],
        &["pin"],
        &["retitle", "It's new"],
        &["retitle", "Newer"],
        &["note", "A note"],
        &["topics", "origin"],
    ] {
        let first = office.decide(&[&["Fish swim"], acts, &["--json"]].concat()).await.json();
        let step = &first[0]["acts"][0];
        assert!(step["is_new"].as_bool().unwrap(), "{step}");
        let undo = step["undo"].as_str().unwrap();
        let (line, text) = undo.split_once(" '").map_or((undo, None), |(line, text)| (line, Some(text)));
        let text = text.map(|text| text.trim_end_matches('\'').replace(r"'\''", "'"));
        let words: Vec<&str> = line.split(' ').skip(2).chain(text.as_deref()).collect();
        office.decide(&words).await;
    }
    let after = office.explained("Fish swim").await;
    assert_eq!(after["outcome"], "drop");
    assert_eq!(after["shown_title"], Value::Null);
    assert_eq!(after["decisions"].as_array().unwrap().len(), 14, "every act is kept");
    let again = office.decide(&["Fish swim", "leave"]).await;
    assert!(again.out.contains("it was so already"), "{again:?}");
    assert_eq!(office.explained("Fish swim").await["decisions"].as_array().unwrap().len(), 14);
}

#[tokio::test(flavor = "multi_thread")]
async fn review_lists_what_waits_with_what_was_missing() {
    let (_origin, office) = office().await;
    let told = office.run("review").await.out;
    for word in [
        "A certificate for import",
        "nearly origin: one more weak term would have sufficed beside `certificate`",
        "⟦certificate⟧",
        "accept",
    ] {
        assert!(told.contains(word), "{word}: {told}");
    }
    let waiting = office.run("review --json").await.json();
    assert_eq!(waiting.as_array().unwrap().len(), 1);
    let id = waiting[0]["id"].as_str().unwrap();
    assert_eq!((&waiting[0]["because"], &waiting[0]["topics"][0]), (&"review".into(), &"origin".into()));
    office.shown(&[id, "accept"]).await;
    assert_eq!(office.run("review").await.err, "nothing waits\n");
    assert_eq!(office.item("A certificate for import")["_tidewaiter"]["topics"][0], "origin");
    assert_eq!(office.item("A certificate for import")["_tidewaiter"]["why"]["by"], "accepted");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_held_can_be_accepted_alone() {
    let (_origin, office) = office_of(|n| match n {
        0 => rss(&ENTRIES),
        _ => rss(&[("v", "Customs casino", 1), ("w", "Customs poker", 2), ("x", "Customs spins", 3)])
            .replace("source.example", "casino.example")
            .replace("<title>S<", "<title>Bonus<"),
    })
    .await;
    office.refresh("06:00").await;
    office.refresh("08:00").await;
    let held = office.run("review --json").await.json();
    let held = held.as_array().unwrap().iter().filter(|waiting| waiting["because"] == "held").count();
    assert_eq!(held, 3);
    office.shown(&["poker", "accept"]).await;
    assert_eq!(office.titles(), ["Customs closes", "Customs opens", "Customs poker"]);
    office.shown(&["spins", "reject"]).await;
    assert_eq!(office.run("source accept one --now 2018-01-15T09:00:00Z").await.code, 0);
    assert_eq!(office.titles(), ["Customs closes", "Customs opens", "Customs poker", "Customs casino"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn everything_about_an_entry_is_explained_and_the_same_again_from_the_store() {
    let (_origin, office) = office().await;
    office.decide(&["certificate", "note", "Look."]).await;
    office.decide(&["certificate", "reject"]).await;
    let explained = office.explained("certificate").await;
    assert_eq!((&explained["verdict"], &explained["outcome"]), (&"review".into(), &"drop".into()));
    assert_eq!(explained["near_misses"][0]["topic"], "origin");
    assert_eq!(explained["matches"][0]["snippet"], "A ⟦certificate⟧ for import");
    assert_eq!(
        explained["decisions"][1],
        serde_json::json!({
            "at": "2018-01-15T07:00:00Z", "by": "Ann", "act": "reject", "value": null
        })
    );
    assert_eq!(explained["because"], "Ann rejected it on 15 January 2018, whatever the rules say of it");
    let text = office.run("explain certificate --now 2018-01-15T08:00:00Z").await.out;
    for word in [
        "first read 15 January 2018",
        "verdict    review: origin",
        "decided    note: Look., by Ann",
        "not published: Ann",
    ] {
        assert!(text.contains(word), "{word}: {text}");
    }
    // The copy has nothing but the store and feeds.toml.
    let copy = Office::new("");
    copy.write("feeds.toml", &office.read("feeds.toml"));
    std::fs::copy(office.path("tidewaiter.db"), copy.path("tidewaiter.db")).unwrap();
    assert_eq!(copy.explained("certificate").await, explained);
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_decides_while_another_run_is_under_way() {
    let (_origin, office) = office().await;
    let lock = File::create(office.path("tidewaiter.db.lock")).unwrap();
    lock.lock().unwrap();
    let ran = office.decide(&["Fish swim", "accept"]).await;
    assert!(ran.code == 2 && ran.err.contains("another run is under way"), "{ran:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_rejected_no_announcement_brings_back() {
    let (_origin, office) = office().await;
    let note = "+++\nkind = \"note\"\ntitle = \"N\"\npublish = 2018-01-02\nnote_on = \"https://source.example/fish-swim\"\n+++\nText.\n";
    office.write("announcements/note.md", note);
    office.publish().await;
    assert_eq!(office.titles(), ["Customs closes", "Fish swim", "Customs opens"]);
    office.decide(&["Fish swim", "reject"]).await;
    let ran = office.run("publish --now 2018-01-15T07:30:00Z").await;
    assert_eq!(office.titles(), ["Customs closes", "Customs opens"]);
    assert!(
        ran.code == 1 && ran.err.contains("announcement `note`") && ran.err.contains("Ann rejected"),
        "{ran:?}"
    );
}
