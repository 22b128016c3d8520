//! What the binary says, and with which exit code it ends.

use crate::office::{Office, rss, source};
use crate::origin::{Origin, answer};

async fn office() -> (Origin, Office) {
    let origin = Origin::start(|_| {
        answer(
            200,
            &[],
            rss(&[("a", "Customs opens", 10), ("b", "Fish swim", 11)]).replace("About customs.", "Text."),
        )
    })
    .await;
    let office = Office::new(&source("one", &origin.url("/")));
    (origin, office)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_broken_configuration_runs_nothing_and_names_every_mistake() {
    let (origin, office) = office().await;
    let broken = office
        .read("feeds.toml")
        .replace("strong", "stronk")
        .replace("interval = \"1h\"", "interval = \"1 hour\"");
    office.write("feeds.toml", &broken);
    let ran = office.refresh("06:00").await;
    assert_eq!(ran.code, 2);
    for word in ["stronk", "strong", "1 hour", "feeds.toml:", "nothing was run"] {
        assert!(ran.err.contains(word), "{word}: {}", ran.err);
    }
    assert!(origin.asked().is_empty() && !office.path("output").exists());
    assert_eq!(office.run("check").await.code, 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_missing_configuration_is_named() {
    let (_origin, office) = office().await;
    let ran = office.run("refresh --config nowhere.toml").await;
    assert_eq!(ran.code, 2);
    assert!(ran.err.contains("nowhere.toml") && ran.err.contains("--config"), "{}", ran.err);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_unknown_source_is_answered_with_the_nearest() {
    let (_origin, office) = office().await;
    let ran = office.run("refresh --source onne").await;
    assert_eq!(ran.code, 2);
    assert!(ran.err.contains("did you mean `one`?"), "{}", ran.err);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_bad_announcement_is_named_and_stops_nothing() {
    let (_origin, office) = office().await;
    office.write("announcements/good.md", "+++\nkind = \"news\"\ntitle = \"Elected\"\npublish = 2018-01-02\ntopics = [\"customs\"]\n+++\nText.\n");
    office.write("announcements/bad.md", "+++\nkind = \"evnt\"\ntitle = \"X\"\npublish = 2018-01-02\n+++\n");
    let ran = office.refresh("06:00").await;
    assert_eq!(ran.code, 1);
    assert!(ran.err.contains("announcements/bad.md:2") && ran.err.contains("event"), "{}", ran.err);
    assert_eq!(office.titles(), ["Customs opens", "Elected"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn explain_tells_of_published_and_dropped_entries() {
    let (_origin, office) = office().await;
    office.refresh("06:00").await;
    let published = office.run("explain https://source.example/customs-opens --now 2018-01-15").await;
    assert_eq!(published.code, 0);
    for word in [
        "Customs opens",
        "strong of customs",
        "⟦Customs⟧ opens",
        "published: the rules publish it",
        "first read 15 January 2018",
    ] {
        assert!(published.out.contains(word), "{word}: {}", published.out);
    }
    let dropped = office.run("explain fish --json --now 2018-01-15").await.json();
    assert_eq!(
        (dropped[0]["verdict"].as_str(), dropped[0]["is_published"].as_bool()),
        (Some("drop"), Some(false))
    );
    let unknown = office.run("explain nothing-of-the-kind").await;
    assert_eq!(unknown.code, 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn check_live_asks_and_stores_nothing() {
    let (origin, office) = office().await;
    let ran = office.run("check --live --now 2018-01-15").await;
    assert_eq!(ran.code, 0, "{ran:?}");
    assert!(
        ran.out.contains("ok      one: 2 entries, 2 with a date, the newest of 11 January 2018"),
        "{}",
        ran.out
    );
    assert_eq!(origin.asked().len(), 1);
    assert!(!office.path("tidewaiter.db").exists() && !office.path("output").exists());
}

#[tokio::test(flavor = "multi_thread")]
async fn parse_prints_one_json_value_or_says_what_it_is_instead() {
    let (_origin, office) = office().await;
    office.write("feed.xml", &rss(&[("a", "Customs opens", 10)]));
    office.write("page.html", "<!doctype html><html><body>Hello</body></html>");
    let parsed = office.run("parse feed.xml").await;
    assert_eq!((parsed.code, parsed.json()["entries"][0]["title"].as_str()), (0, Some("Customs opens")));
    let refused = office.run("parse page.html").await;
    assert_eq!((refused.code, refused.out.as_str()), (2, ""));
    assert!(refused.err.contains("page.html"), "{}", refused.err);
}

#[tokio::test(flavor = "multi_thread")]
async fn another_tag_is_refused_for_the_sake_of_readers() {
    let (_origin, office) = office().await;
    office.refresh("06:00").await;
    let renamed = office.read("feeds.toml").replace("ifcba.example,2018", "ifcba.example,2019");
    office.write("feeds.toml", &renamed);
    let ran = office.run("publish").await;
    assert_eq!(ran.code, 2);
    assert!(ran.err.contains("ifcba.example,2018"), "{}", ran.err);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_store_that_is_none_is_said_so() {
    let (_origin, office) = office().await;
    office.write("tidewaiter.db", &"This is a letter, not a database. ".repeat(100));
    let ran = office.refresh("06:00").await;
    assert_eq!(ran.code, 2);
    assert!(
        ran.err.contains("sqlite:tidewaiter.db") && ran.err.contains("no SQLite database"),
        "{}",
        ran.err
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_mistyped_store_publishes_nothing_over_what_is_there() {
    let (_origin, office) = office().await;
    office.refresh("06:00").await;
    let before = office.published();
    for line in ["publish --store sqlite:typo.db", "explain --store sqlite:typo.db fish"] {
        let ran = office.run(line).await;
        assert_eq!(ran.code, 2);
        assert!(ran.err.contains("sqlite:typo.db") && ran.err.contains("refresh"), "{}", ran.err);
    }
    assert!(!office.path("typo.db").exists());
    assert_eq!(office.published(), before);
    let other = office.run("refresh --store postgres://x/y").await;
    assert!(other.err.contains("expected an address like `sqlite:tidewaiter.db`"), "{}", other.err);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_demo_does_not_write_over_somebodys_work() {
    let (_origin, office) = office().await;
    let before = office.read("feeds.toml");
    let ran = office.run("demo --port 0 --folder .").await;
    assert_eq!((ran.code, office.read("feeds.toml")), (2, before));
    assert!(ran.err.contains("--folder"), "{}", ran.err);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_failed_is_told_also_when_nothing_can_be_published() {
    let (_origin, office) = office().await;
    let dead = office.read("feeds.toml")
        + "[[source]]\nid = \"dead\"\ntitle = \"Dead\"\nurl = \"http://127.0.0.1:1/\"\n";
    office.write("feeds.toml", &dead);
    office.write("output/feeds", "a file where a folder should be");
    let ran = office.run("refresh --now 2018-01-15").await;
    assert_eq!(ran.code, 2);
    assert!(ran.err.contains("source `dead`") && ran.err.contains("publishing"), "{}", ran.err);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_note_that_introduces_nothing_is_told() {
    let (_origin, office) = office().await;
    let note = "+++\nkind = \"note\"\ntitle = \"N\"\npublish = 2018-01-02\nnote_on = \"https://source.example/LINK\"\n+++\nText.\n";
    office.write("announcements/note.md", &note.replace("LINK", "nowhere"));
    let lonely = office.run("refresh --now 2018-01-15T06:00:00Z").await;
    assert_eq!(lonely.code, 1);
    assert!(lonely.err.contains("announcement `note`") && lonely.err.contains("note_on"), "{}", lonely.err);
    office.write("announcements/note.md", &note.replace("LINK", "fish-swim"));
    assert_eq!(office.run("publish --now 2018-01-15T07:00:00Z").await.code, 0);
    assert_eq!(office.titles(), ["Fish swim", "Customs opens"], "a note is a decision");
    let explained = office.run("explain fish --now 2018-01-15T07:00:00Z").await.out;
    assert!(
        explained.contains("published: the secretariat introduces it") && explained.contains("on index.html"),
        "{explained}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn explain_knows_announcements_and_folds_letters() {
    let (_origin, office) = office().await;
    office.write("announcements/elected.md", "+++\nkind = \"news\"\ntitle = \"Élection à Shanghai\"\npublish = 2018-02-02\ntopics = [\"customs\"]\n+++\nText.\n");
    office.refresh("06:00").await;
    let ran = office.run("explain ELECTION --now 2018-01-15").await;
    assert!(
        ran.out.contains("announcement elected") && ran.out.contains("not shown before 2 February 2018"),
        "{ran:?}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn help_shows_examples_and_exit_codes() {
    let (_origin, office) = office().await;
    let help = office.run("--help").await.out;
    for word in ["refresh", "explain", "Exit codes:", "Examples:"] {
        assert!(help.contains(word), "{word}");
    }
    for command in ["refresh", "publish", "check", "explain", "review", "decide", "parse", "schema", "demo"] {
        let help = office.run(&format!("{command} --help")).await.out;
        assert!(help.contains("Examples:"), "{command}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_publication_without_anything_yet_has_no_dates() {
    let (_origin, office) = office().await;
    let nothing = office.read("feeds.toml").replace("strong = [\"customs\"]", "strong = [\"tobacco\"]");
    office.write("feeds.toml", &nothing);
    assert_eq!(office.refresh("06:00").await.code, 0);
    let html = office.read("output/index.html");
    assert!(html.contains("No items yet.") && !html.contains("Thursday 1 January 1970"), "{html}");
}
