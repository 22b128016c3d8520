//! Whole runs of the binary against servers on this machine.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::SystemTime;
use tokio::sync::Notify;

use crate::office::{Office, rss, source};
use crate::origin::{Origin, Step, answer, bare, redirect};

const TWO: [(&str, &str, u8); 2] = [("a", "Customs opens", 10), ("b", "Customs closes", 12)];

/// A server whose answer to the n-th request (from 0) is made by `body`, always with validators of its own.
pub(crate) async fn feed_that_says(body: impl Fn(usize) -> String + Send + Sync + 'static) -> Origin {
    let asked = AtomicUsize::new(0);
    Origin::start(move |_| {
        let n = asked.fetch_add(1, Ordering::Relaxed);
        answer(200, &[("ETag", &format!("\"{n}\""))], body(n))
    })
    .await
}

/// A server that gives a feed once and says 304 to whoever has it.
async fn steady_feed() -> Origin {
    Origin::start(|asked| match asked.header("if-none-match") {
        Some("W/\"x y\"") => bare(304, &[]),
        _ => answer(
            200,
            &[("ETag", "W/\"x y\""), ("Last-Modified", "Mon, 01 Jan 2018 00:00:00 GMT")],
            rss(&TWO),
        ),
    })
    .await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_second_run_asks_conditionally_and_touches_no_file() {
    let origin = steady_feed().await;
    let office = Office::new(&source("one", &origin.url("/feed")));
    assert_eq!(office.refresh("06:00").await.code, 0);
    let before = office.published();
    let second = office.refresh("08:00").await;
    assert_eq!((second.code, second.err.as_str()), (0, ""), "quiet when all is well");
    assert_eq!(second.json()["sources"][0]["answer"], "unchanged");
    assert_eq!(office.published(), before);
    let asked = origin.asked();
    assert_eq!(asked.len(), 2);
    assert_eq!(asked[1].header("if-modified-since"), Some("Mon, 01 Jan 2018 00:00:00 GMT"), "kept as a pair");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_that_was_lost_or_cut_comes_back_at_the_next_run() {
    let origin = steady_feed().await;
    let office = Office::new(&source("one", &origin.url("/feed")));
    office.refresh("06:00").await;
    let whole = office.published();
    std::fs::remove_file(office.path("output/events.ics")).expect("it was there");
    office.write("output/index.html", "cut");
    let second = office.refresh("06:10").await;
    assert_eq!(second.json()["published"]["written"].as_array().map(Vec::len), Some(2));
    let bytes = |files: &BTreeMap<PathBuf, (Vec<u8>, SystemTime)>| -> Vec<Vec<u8>> {
        files.values().map(|(bytes, _)| bytes.clone()).collect()
    };
    assert_eq!(bytes(&office.published()), bytes(&whole));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_source_is_asked_when_it_is_due_and_not_before() {
    let origin = steady_feed().await;
    let office = Office::new(&source("one", &origin.url("/feed")));
    office.refresh("06:00").await;
    office.refresh("06:50").await;
    assert_eq!(origin.asked().len(), 1);
    office.run("refresh --source one --now 2018-01-15T06:50:00Z").await;
    assert_eq!(origin.asked().len(), 2, "unless it is named");
    office.run("refresh --all --now 2018-01-15T06:50:00Z").await;
    assert_eq!(origin.asked().len(), 3, "or all are");
    office.refresh("08:00").await;
    assert_eq!(origin.asked().len(), 4);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_failing_source_harms_no_other_and_keeps_what_it_said() {
    let fails = Arc::new(AtomicBool::new(false));
    let when = Arc::clone(&fails);
    let bad = Origin::start(move |_| {
        if when.load(Ordering::Relaxed) {
            answer(500, &[], "sorry")
        } else {
            answer(200, &[], rss(&[("x", "Customs of old", 3)]))
        }
    })
    .await;
    let good = feed_that_says(|n| rss(if n == 0 { &TWO[..1] } else { &TWO })).await;
    let office = Office::new(&(source("bad", &bad.url("/")) + &source("good", &good.url("/"))));
    assert_eq!(office.refresh("06:00").await.code, 0);
    fails.store(true, Ordering::Relaxed);
    let second = office.run("refresh --now 2018-01-15T08:00:00Z").await;
    assert_eq!((second.code, second.out.as_str()), (1, ""));
    let told: Vec<&str> = second.err.lines().collect();
    assert!(told.len() == 1 && told[0].contains("source `bad`") && told[0].contains("500"), "{}", second.err);
    assert_eq!(office.titles(), ["Customs closes", "Customs opens", "Customs of old"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_error_page_is_no_feed_and_its_validators_are_not_kept() {
    let origin =
        feed_that_says(|n| if n == 1 { "<html><body>Log in</body></html>".to_owned() } else { rss(&TWO) })
            .await;
    let office = Office::new(&source("one", &origin.url("/")));
    office.refresh("06:00").await;
    let second = office.refresh("08:00").await;
    assert_eq!((second.code, second.json()["sources"][0]["kind"].as_str()), (1, Some("parse")));
    assert_eq!(office.titles().len(), 2);
    office.refresh("23:00").await;
    assert_eq!(
        origin.asked()[2].header("if-none-match"),
        Some("\"0\""),
        "those of the last answer that was read"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn new_ids_under_the_old_links_make_no_new_entries() {
    let origin = feed_that_says(|n| {
        let ids: Vec<String> = (0..4).map(|i| format!("{n}-{i}")).collect();
        rss(&[
            (&ids[0], "Customs one", 1),
            (&ids[1], "Customs two", 2),
            (&ids[2], "Customs three", 3),
            (&ids[3], "Customs four", 4),
        ])
    })
    .await;
    let office = Office::new(&source("one", &origin.url("/")));
    for time in ["06:00", "08:00", "10:00"] {
        assert_eq!(office.refresh(time).await.code, 0);
    }
    assert_eq!(office.titles(), ["Customs four", "Customs three", "Customs two", "Customs one"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn old_entries_that_are_suddenly_new_wait_for_an_editor() {
    let origin = feed_that_says(|n| match n {
        0 => rss(&[("a", "Customs one", 11), ("b", "Customs two", 12), ("c", "Customs three", 13)]),
        _ => rss(&[("d", "Customs casino", 1), ("e", "Customs lottery", 2), ("f", "Customs poker", 3)]),
    })
    .await;
    let office = Office::new(&source("one", &origin.url("/")));
    office.refresh("06:00").await;
    let second = office.refresh("08:00").await;
    assert_eq!(second.json()["sources"][0]["held"], 3);
    assert_eq!(office.titles(), ["Customs three", "Customs two", "Customs one"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stranger_is_held_and_told_until_a_person_accepts_it() {
    let origin = feed_that_says(|n| match n {
        0 => rss(&[("a", "Customs one", 1), ("b", "Customs two", 2), ("c", "Customs three", 3)]),
        _ => rss(&[("d", "Customs casino", 12), ("e", "Customs poker", 13), ("f", "Customs spins", 14)])
            .replace("source.example", "casino.example")
            .replace("<title>S<", "<title>Bonus<"),
    })
    .await;
    let office = Office::new(&source("one", &origin.url("/")));
    office.refresh("06:00").await;
    let second = office.refresh("08:00").await.json();
    let row = &second["sources"][0];
    assert_eq!(
        (row["state"].as_str(), row["kind"].as_str(), row["held"].as_u64()),
        (Some("held"), Some("suspicious"), Some(3))
    );
    assert!(row["message"].as_str().unwrap().contains("`tidewaiter source accept one`"), "{row}");
    assert_eq!(office.titles(), ["Customs three", "Customs two", "Customs one"]);
    for (time, answer) in [("08:10", "resting"), ("09:00", "unchanged")] {
        let again = office.refresh(time).await.json();
        let row = &again["sources"][0];
        assert_eq!(
            (row["state"].as_str(), row["kind"].as_str()),
            (Some("held"), Some("suspicious")),
            "{answer}"
        );
        assert!(row["warning"].as_str().unwrap().contains("source accept"), "{row}");
    }
    let explained = office.run("explain casino").await.out;
    assert!(explained.contains("known by") && explained.contains("source accept"), "{explained}");
    let accepted = office.run("source accept one --now 2018-01-15T09:00:00Z").await;
    assert!(accepted.code == 0 && accepted.out.contains("3 entries of `one` wait no longer"), "{accepted:?}");
    assert_eq!(office.titles().len(), 6);
    let third = office.refresh("10:00").await;
    assert_eq!(
        third.json()["sources"][0]["answer"],
        "read",
        "asked without what would make it say: unchanged"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_correction_moves_updated_and_keeps_id_and_date() {
    let origin =
        feed_that_says(|n| rss(&[("a", if n == 0 { "Customs opens" } else { "Customs opens late" }, 10)]))
            .await;
    let office = Office::new(&source("one", &origin.url("/")));
    let item = |office: &Office| -> serde_json::Value {
        serde_json::from_str::<serde_json::Value>(&office.read("output/feeds/all.json")).unwrap()["items"][0]
            .clone()
    };
    office.refresh("06:00").await;
    let first = item(&office);
    office.refresh("08:00").await;
    let second = item(&office);
    assert_eq!(second["title"], "Customs opens late");
    assert_eq!((&second["id"], &second["date_published"]), (&first["id"], &first["date_published"]));
    assert_eq!(second["date_modified"], "2018-01-15T08:00:00Z");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_entry_that_left_its_feed_stays_published() {
    let origin = feed_that_says(|n| rss(if n == 0 { &TWO } else { &[] })).await;
    let office = Office::new(&source("one", &origin.url("/")));
    office.refresh("06:00").await;
    assert_eq!(office.refresh("08:00").await.code, 0);
    assert_eq!(office.titles().len(), 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_move_for_good_is_told_and_followed() {
    let origin = Origin::start(|asked| match asked.path.as_str() {
        "/old" => redirect(301, "/new"),
        _ => answer(200, &[], rss(&TWO)),
    })
    .await;
    let office = Office::new(&source("one", &origin.url("/old")));
    let ran = office.refresh("06:00").await;
    assert_eq!(ran.code, 0);
    assert!(ran.json()["sources"][0]["moved_to"].as_str().unwrap().ends_with("/new"));
    assert_eq!(office.titles().len(), 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn new_rules_change_what_was_published_before() {
    let origin = steady_feed().await;
    let office = Office::new(&source("one", &origin.url("/feed")));
    office.refresh("06:00").await;
    let rules = office.read("feeds.toml").replace("strong = [\"customs\"]", "strong = [\"opens\"]");
    office.write("feeds.toml", &rules);
    assert_eq!(office.run("publish --now 2018-01-15T07:00:00Z").await.code, 0);
    assert_eq!(office.titles(), ["Customs opens"]);
    assert_eq!(origin.asked().len(), 1, "nobody was asked for that");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_source_that_becomes_context_is_judged_anew() {
    let origin =
        feed_that_says(|_| rss(&[("a", "Parcels and couriers", 10)]).replace("About customs.", "Text."))
            .await;
    let office = Office::new(&source("one", &origin.url("/")));
    let weak = office
        .read("feeds.toml")
        .replace("strong = [\"customs\"]", "weak = [\"parcels\", \"couriers\"]\nstrong = [\"x\"]");
    office.write("feeds.toml", &weak);
    office.refresh("06:00").await;
    assert!(office.titles().is_empty());
    office.write("feeds.toml", &(weak + "context = true\n"));
    assert_eq!(office.run("publish --now 2018-01-15T07:00:00Z").await.code, 0);
    assert_eq!(office.titles(), ["Parcels and couriers"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_asks_for_a_pause_gets_it_even_when_it_is_named() {
    let origin = Origin::start(|_| answer(503, &[("Retry-After", "7200")], "busy")).await;
    let office = Office::new(&source("one", &origin.url("/")));
    office.refresh("06:00").await;
    let named = office.run("refresh --source one --json --now 2018-01-15T07:59:00Z").await;
    assert_eq!(origin.asked().len(), 1);
    assert_eq!((named.code, named.json()["sources"][0]["asked"].as_bool()), (1, Some(false)), "still told");
    office.run("refresh --source one --now 2018-01-15T08:00:00Z").await;
    assert_eq!(origin.asked().len(), 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_gone_for_good_is_hardly_asked_again_and_not_forgotten() {
    let origin = Origin::start(|_| bare(410, &[])).await;
    let office = Office::new(&source("one", &origin.url("/")));
    assert_eq!(office.refresh("06:00").await.code, 1);
    let later = office.run("refresh --json --now 2018-02-13").await;
    let row = &later.json()["sources"][0];
    assert_eq!((later.code, row["answer"].as_str(), row["kind"].as_str()), (1, Some("gone"), Some("gone")));
    assert_eq!(origin.asked().len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_order_of_sources_and_answers_does_not_matter() {
    let first = feed_that_says(|_| rss(&TWO)).await;
    let second = feed_that_says(|_| rss(&[("z", "Customs elsewhere", 11)])).await;
    let (a, b) = (source("a", &first.url("/")), source("b", &second.url("/")));
    let (one, other) = (Office::new(&(a.clone() + &b)), Office::new(&(b + &a)));
    one.refresh("06:00").await;
    other.run("refresh --source b --now 2018-01-15T06:00:00Z").await;
    other.run("refresh --source a --now 2018-01-15T06:00:00Z").await;
    assert_eq!(one.read("output/feeds/all.atom"), other.read("output/feeds/all.atom"));
}

/// A feed, and a second one that answers only when told; whoever asks it is in the middle of a run.
async fn feed_and_gate() -> (Origin, Arc<Notify>) {
    let gate = Arc::new(Notify::new());
    let closed = Arc::clone(&gate);
    let origin = Origin::start(move |asked| match asked.path.as_str() {
        "/gate" => {
            [vec![Step::Wait(Arc::clone(&closed))], answer(200, &[], rss(&[("g", "Customs gate", 14)]))]
                .concat()
        }
        _ => answer(200, &[("ETag", "\"1\"")], rss(&TWO)),
    })
    .await;
    (origin, gate)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_run_killed_in_the_middle_loses_and_doubles_nothing() {
    let hung = AtomicBool::new(false);
    let origin = Origin::start(move |asked| match asked.path.as_str() {
        "/gate" if !hung.swap(true, Ordering::Relaxed) => vec![Step::Hang],
        "/gate" => answer(200, &[], rss(&[("g", "Customs gate", 14)])),
        _ => answer(200, &[("ETag", "\"1\"")], rss(&TWO)),
    })
    .await;
    let office = Office::new(&(source("one", &origin.url("/feed")) + &source("gate", &origin.url("/gate"))));
    let mut child = office.start("refresh --now 2018-01-15T06:00:00Z");
    origin.when_asked(2).await;
    child.kill().unwrap();
    child.wait().unwrap();
    let ran = office.refresh("08:00").await;
    assert_eq!(ran.code, 0, "{ran:?}");
    assert_eq!(office.titles(), ["Customs gate", "Customs closes", "Customs opens"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn of_two_runs_at_once_the_second_says_so_and_leaves() {
    let (origin, gate) = feed_and_gate().await;
    let office = Office::new(&(source("one", &origin.url("/feed")) + &source("gate", &origin.url("/gate"))));
    let mut child = office.start("refresh --now 2018-01-15T06:00:00Z");
    origin.when_asked(2).await;
    let second = office.refresh("06:00").await;
    assert_eq!(second.code, 2);
    assert!(second.err.contains("another run is under way"), "{}", second.err);
    gate.notify_one();
    assert!(child.wait().unwrap().success());
    assert_eq!(office.titles().len(), 3);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_private_address_is_refused_by_name() {
    let origin = steady_feed().await;
    let office = Office::new(&source("one", &origin.url("/feed")));
    let closed = office.read("feeds.toml").replace("allow = [\"127.0.0.0/8\"]", "allow = []");
    office.write("feeds.toml", &closed);
    let ran = office.refresh("06:00").await;
    assert_eq!((ran.code, ran.json()["sources"][0]["kind"].as_str()), (1, Some("blocked")));
    assert!(origin.asked().is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_source_is_asked_by_who_we_are() {
    let origin = steady_feed().await;
    let office = Office::new(&source("one", &origin.url("/feed")));
    office.refresh("06:00").await;
    let agent = origin.asked()[0].header("user-agent").unwrap().to_owned();
    assert!(agent.starts_with("tidewaiter/") && agent.contains("secretariat@ifcba.example"), "{agent}");
}

#[tokio::test(flavor = "multi_thread")]
async fn hostile_entries_come_out_harmless() {
    let hostile = Arc::new(Mutex::new(String::from(
        r#"<rss version="2.0"><channel><title>&lt;script&gt;alert(1)&lt;/script&gt;</title><link>https://s.example/</link>
        <item><title>Customs &lt;img src=x onerror=alert(1)&gt;</title><link>javascript:alert(1)</link>
        <guid>x</guid><description>&lt;script&gt;alert(1)&lt;/script&gt;&lt;a href="javascript:alert(1)" onclick="x()"&gt;customs&lt;/a&gt;</description>
        <category>&lt;svg onload=alert(1)&gt;</category><pubDate>10 Jan 2018 09:00:00 GMT</pubDate></item></channel></rss>"#,
    )));
    let origin = feed_that_says(move |_| hostile.lock().unwrap().clone()).await;
    let office = Office::new(&(source("one", &origin.url("/")) + "reuse = \"full\"\n"));
    assert_eq!(office.refresh("06:00").await.code, 0);
    assert_eq!(office.titles(), ["Customs"]);
    for page in
        ["output/index.html", "output/feeds/all.atom", "output/feeds/all.rss", "output/feeds/all.json"]
    {
        let text = office.read(page).to_lowercase();
        for trap in ["javascript:", "onerror", "onclick", "onload", "<svg onload", "alert(1)<"] {
            assert!(!text.contains(trap), "{page}: {trap}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn entries_without_a_date_are_no_news_at_first_and_the_report_says_so() {
    let undated = |n: usize| rss(&TWO[..n]).replace("pubDate", "coverage");
    let origin = feed_that_says(move |n| undated(n + 1)).await;
    let office = Office::new(&source("one", &origin.url("/")));
    let first = office.refresh("06:00").await.json();
    let flaws = first["sources"][0]["flaws"].to_string();
    assert!(flaws.contains("1 entries have no date"), "{flaws}");
    assert_eq!(office.titles(), ["Customs opens"]);
    assert!(
        !office.read("output/index.html").contains("Customs opens"),
        "in the feeds, but not in the digest"
    );
    office.refresh("08:00").await;
    assert_eq!(office.titles(), ["Customs closes", "Customs opens"]);
    assert!(office.read("output/index.html").contains("Customs closes"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_store_that_was_lost_does_not_empty_the_pages() {
    let origin = feed_that_says(|n| rss(if n == 0 { &TWO } else { &TWO[..1] })).await;
    let office = Office::new(&source("one", &origin.url("/")));
    office.refresh("06:00").await;
    let before = office.published();
    std::fs::write(office.path("tidewaiter.db"), "").unwrap();
    std::fs::remove_file(office.path("tidewaiter.db-wal")).ok();
    for time in ["08:00", "10:00"] {
        let ran = office.refresh(time).await;
        assert!(ran.code == 2 && ran.err.contains("put back the store's last copy"), "{ran:?}");
        assert_eq!(office.published(), before);
    }
    assert_eq!(office.run("refresh --anew --now 2018-01-15T12:00:00Z").await.code, 0);
    assert_eq!(office.titles(), ["Customs opens"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_report_is_one_document_with_a_row_for_each_source() {
    let origin = Origin::start(|asked| match asked.path.as_str() {
        "/good" => answer(200, &[], rss(&TWO)),
        "/empty" => answer(200, &[], ""),
        "/words" => answer(200, &[], "no feed"),
        "/gone" => answer(410, &[], ""),
        "/large" => answer(200, &[], vec![b' '; 2000]),
        "/packed" => answer(200, &[("content-encoding", "gzip")], "not packed"),
        "/circle" => redirect(302, "/circle"),
        "/inside" => redirect(302, "http://10.0.0.1/"),
        "/short" => vec![Step::Send(b"HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\nx".to_vec()), Step::Close],
        "/closed" => vec![Step::Close],
        _ => answer(500, &[], ""),
    })
    .await;
    let expected = [
        ("good", "ok", None),
        ("empty", "error", Some("empty")),
        ("words", "error", Some("parse")),
        ("gone", "error", Some("gone")),
        ("large", "error", Some("too-large")),
        ("packed", "error", Some("encoding")),
        ("circle", "error", Some("redirect")),
        ("inside", "error", Some("blocked")),
        ("short", "error", Some("truncated")),
        ("closed", "error", Some("io")),
        ("broken", "error", Some("http-status")),
    ];
    let sources =
        expected.map(|(id, ..)| source(id, &origin.url(&format!("/{id}"))) + "max_bytes = 1000\n").concat();
    let office = Office::new(&sources.replacen("max_bytes = 1000\n", "", 1));
    let report = office.refresh("06:00").await.json();
    let rows = report["sources"].as_array().unwrap();
    let told: Vec<_> = rows
        .iter()
        .map(|row| (row["id"].as_str().unwrap(), row["state"].as_str().unwrap(), row["kind"].as_str()))
        .collect();
    assert_eq!(told, expected);
    assert_eq!((&rows[0]["new"], &rows[0]["changed"]), (&2.into(), &0.into()));
    assert!(rows[1..].iter().all(|row| !row["message"].as_str().unwrap().is_empty()), "{report}");
    assert!(rows.iter().all(|row| row.get("warning").is_some()), "{report}");
}

#[tokio::test(flavor = "multi_thread")]
async fn where_nothing_waits_nothing_is_accepted() {
    let origin = feed_that_says(|_| rss(&[("a", "Customs one", 1)])).await;
    let office = Office::new(&source("one", &origin.url("/")));
    office.refresh("06:00").await;
    std::fs::remove_dir_all(office.path("output")).unwrap();
    let ran = office.run("source accept one --now 2018-01-15T09:00:00Z").await;
    assert_eq!((ran.code, ran.out.trim()), (0, "nothing of `one` waits"), "{ran:?}");
    assert!(!office.path("output/index.html").exists(), "nothing is published anew");
}
