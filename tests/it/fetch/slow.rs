//! A slow host keeps its own sources waiting, and nobody else's.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use futures_util::future::{join, join_all};
use tokio::sync::Notify;

use super::*;
use crate::office::{Office, rss, source};

/// Answers only when the gate is opened, once for each time.
fn behind(gate: &Arc<Notify>, answer: Vec<Step>) -> Vec<Step> {
    [vec![Step::Wait(Arc::clone(gate))], answer].concat()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_run_reads_the_others_while_one_host_hangs() {
    let gate = Arc::new(Notify::new());
    let opened = Arc::clone(&gate);
    let slow = Origin::start_at("127.0.0.2:0", move |_| behind(&opened, answer(200, &[], rss(&[])))).await;
    let good = Origin::start(|_| answer(200, &[], rss(&[]))).await;
    // The slow ones come first, and fill every place that there is.
    let slow_ones = ["s1", "s2", "s3"].map(|id| source(id, &slow.url("/feed")));
    let good_ones = ["g1", "g2", "g3"].map(|id| source(id, &good.url("/feed")));
    let office = Office::new(&[slow_ones, good_ones].concat().concat());
    let settings = office.read("feeds.toml").replace("[fetch]", "[fetch]\nconcurrency = 2");
    office.write("feeds.toml", &settings);
    let (ran, ()) = join(office.refresh("06:00"), async {
        // Were these not asked until the slow ones are done, the slow ones would fail by their deadline.
        good.when_asked(3).await;
        for count in 1..=3 {
            slow.when_asked(count).await;
            gate.notify_one();
        }
    })
    .await;
    assert_eq!(ran.code, 0, "{ran:?}");
    assert_eq!((slow.asked().len(), good.asked().len()), (3, 3));
}

#[tokio::test]
async fn no_more_requests_are_under_way_than_the_settings_say() {
    let gate = Arc::new(Notify::new());
    let opened = Arc::clone(&gate);
    let origin = Origin::start_at("0.0.0.0:0", move |_| behind(&opened, answer(200, &[], "x"))).await;
    let (client, port) = (loopback(), origin.addr.port());
    let urls: Vec<Url> =
        (1..=20).map(|n| Url::parse(&format!("http://127.1.0.{n}:{port}/")).unwrap()).collect();
    let (answers, ()) = join(join_all(urls.iter().map(|url| fetch(&client, url))), async {
        for count in 1..=20 {
            origin.when_asked(count).await;
            linger().await;
            gate.notify_one();
        }
    })
    .await;
    assert!(answers.iter().all(Result::is_ok), "{answers:?}");
    assert!(origin.most_asking() <= 4, "{} at once", origin.most_asking());
}

/// A page of a site whose robots.txt is asked for.
fn page<'a>(url: &'a Url, validators: &'a Validators) -> Request<'a> {
    Request { robots: Robots::Obey, wants: Wants::Page, ..feed(url, validators) }
}

#[tokio::test]
async fn a_slow_robots_txt_takes_nothing_of_the_time_for_the_page() {
    let gate = Arc::new(Notify::new());
    let opened = Arc::clone(&gate);
    let site = Origin::start(move |asked| match asked.path.as_str() {
        "/robots.txt" => behind(&opened, answer(404, &[], "")),
        _ => answer(200, &[], "page"),
    })
    .await;
    let silent = Origin::start_at("127.0.0.2:0", |_| vec![Step::Hang]).await;
    let (client, validators) = (loopback(), Validators::default());
    let (page_url, silent_url) = (site.url("/page"), silent.url("/"));
    let second = TimeDelta::seconds(1);
    let asked = client.fetch(Request { timeout: second, ..page(&page_url, &validators) });
    let (got, ()) = join(asked, async {
        // The page's time would be over when this other fetch's is, which begins later.
        site.when_asked(1).await;
        let late = client.fetch(Request { timeout: second, ..feed(&silent_url, &validators) }).await;
        assert_failed(late, FailureKind::Timeout, "within 1 s");
        gate.notify_one();
    })
    .await;
    assert_eq!(text(&got.unwrap()), "page");
}

/// How many times robots.txt is asked for by three pages in turn, when the first answer to that is this.
async fn check_asked(first: impl Fn() -> Vec<Step> + Send + Sync + 'static, times: usize) {
    let count = AtomicUsize::new(0);
    let site = Origin::start(move |asked| match asked.path.as_str() {
        "/robots.txt" if count.fetch_add(1, Ordering::SeqCst) == 0 => first(),
        "/robots.txt" => answer(404, &[], ""),
        _ => answer(200, &[], "page"),
    })
    .await;
    let settings = Fetching { read_timeout: TimeDelta::milliseconds(500), ..settings(&["127.0.0.0/8"]) };
    let (client, validators) = (Client::new(&settings).unwrap(), Validators::default());
    let urls = ["/a", "/b", "/c"].map(|path| site.url(path));
    let answers = join_all(urls.iter().map(|url| client.fetch(page(url, &validators)))).await;
    let [a, b, c] = answers.try_into().unwrap();
    assert_failed(a, FailureKind::Robots, "before we know its robots.txt");
    assert_eq!((b.is_ok(), c.is_ok()), (times > 1, times > 1));
    assert_eq!(site.paths().iter().filter(|path| *path == "/robots.txt").count(), times);
}

#[tokio::test]
async fn a_robots_txt_that_came_too_late_is_asked_for_again() {
    check_asked(|| vec![Step::Hang], 2).await;
    check_asked(|| vec![begun(&[("content-length", "100")], b"User-agent"), Step::Hang], 2).await;
}

#[tokio::test]
async fn one_that_the_site_could_not_give_is_not() {
    check_asked(|| answer(500, &[], ""), 1).await;
    check_asked(|| vec![Step::Close], 1).await;
}

#[tokio::test]
async fn a_host_that_has_kept_us_waiting_is_left_and_others_are_not() {
    let silent = Origin::start_at("127.0.0.2:0", |_| vec![Step::Hang]).await;
    let good = Origin::start(|_| answer(200, &[], "good")).await;
    let settings = Fetching { host_time: TimeDelta::milliseconds(150), ..settings(&["127.0.0.0/8"]) };
    let (client, validators) = (Client::new(&settings).unwrap(), Validators::default());
    let (url, robots) = (silent.url("/feed"), silent.url("/page"));
    let short = || Request { timeout: TimeDelta::milliseconds(100), ..feed(&url, &validators) };
    let asked = join_all((0..40).map(|_| client.fetch(short()))).await;
    let left =
        asked.iter().filter(|got| matches!(got, Err(FetchError::Slow { host }) if host == "127.0.0.2"));
    assert_eq!((left.count(), silent.asked().len()), (38, 2));
    let page = client.fetch(page(&robots, &validators)).await;
    assert!(matches!(page, Err(FetchError::Slow { .. })), "neither for its robots.txt: {page:?}");
    assert_eq!(text(&fetch(&client, &good.url("/")).await.unwrap()), "good");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_run_had_no_time_for_is_said_and_asked_first_by_the_next() {
    let site = Origin::start(|asked| match asked.path.as_str() {
        "/silent" => vec![Step::Hang],
        _ => answer(200, &[], rss(&[("a", "Customs", 10)])),
    })
    .await;
    let silent = source("silent", &site.url("/silent")) + "timeout = \"1s\"\n";
    let office = Office::new(&(silent + &source("good", &site.url("/good"))));
    let settings = office.read("feeds.toml").replace("[fetch]", "[fetch]\nhost_time = \"1s\"");
    office.write("feeds.toml", &settings);
    let first = office.refresh("06:00").await;
    let row = &first.json()["sources"][1];
    assert_eq!(
        (first.code, &row["state"], &row["kind"], &row["asked"]),
        (1, &"error".into(), &"timeout".into(), &false.into())
    );
    assert_eq!(
        (&row["failures"], site.paths()),
        (&0.into(), vec!["/silent".to_owned()]),
        "no fault of its own"
    );
    let second = office.run("refresh --now 2018-01-15T08:00:00Z").await;
    assert_eq!(site.paths(), ["/silent", "/good", "/silent"]);
    assert!(!second.err.contains("good"), "{second:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn who_watches_over_cron_hears_what_was_left() {
    let site = Origin::start(|_| vec![Step::Hang]).await;
    let sources = ["one", "two"].map(|id| source(id, &site.url("/")) + "timeout = \"1s\"\n").concat();
    let office = Office::new(&sources);
    let settings = office.read("feeds.toml").replace("[fetch]", "[fetch]\nhost_time = \"1s\"");
    office.write("feeds.toml", &settings);
    let ran = office.run("refresh --now 2018-01-15T06:00:00Z").await;
    assert!(ran.err.contains("source `two`: not asked, since 127.0.0.1 kept this run waiting"), "{ran:?}");
}
