//! `tidewaiter serve` as a person and a hub meet it.

use std::io::{BufRead, BufReader};
use std::net::SocketAddr;
use std::process::{Child, ChildStderr};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use serde_json::Value;
use tokio::sync::Notify;
use url::form_urlencoded;

use crate::caller::{Said, call, sign};
use crate::office::{Office, rss, source};
use crate::origin::{Origin, Step, answer};

/// A server that runs until it is told to end.
struct Serving {
    child: Child,
    said: Option<BufReader<ChildStderr>>,
    at: SocketAddr,
}

impl Serving {
    async fn start(office: &Office, more: &str) -> Self {
        let mut child = office.start_heard(&format!("serve -v --listen 127.0.0.1:0 {more}"));
        let said = Some(BufReader::new(child.stderr.take().unwrap()));
        let mut serving = Self { child, said, at: "127.0.0.1:0".parse().unwrap() };
        let line = serving.when_said("showing output at http://").await;
        let at = line.split_once("http://").unwrap().1.split_once('/').unwrap().0;
        serving.at = at.parse().unwrap();
        serving
    }

    /// Waits until it says a line with this in it.
    async fn when_said(&mut self, words: &str) -> String {
        let (mut said, words) = (self.said.take().unwrap(), words.to_owned());
        let (said, line) = tokio::task::spawn_blocking(move || {
            let mut all = String::new();
            loop {
                let mut line = String::new();
                assert!(said.read_line(&mut line).unwrap() > 0, "ended without `{words}`: {all}");
                if line.contains(&words) {
                    return (said, line);
                }
                all.push_str(&line);
            }
        })
        .await
        .unwrap();
        self.said = Some(said);
        line
    }

    async fn get(&self, path: &str) -> Said {
        call(self.at, "GET", path, &[], "").await
    }

    /// Asks it to end as the system does, and waits for that.
    async fn end(mut self) -> i32 {
        let asked = std::process::Command::new("kill").args(["-TERM", &self.child.id().to_string()]).status();
        assert!(asked.unwrap().success());
        let ended = tokio::task::spawn_blocking(move || self.child.wait().unwrap().code());
        ended.await.unwrap().expect("no signal killed it")
    }
}

impl Drop for Serving {
    fn drop(&mut self) {
        let _ = self.child.kill();
    }
}

const TWO: [(&str, &str, u8); 2] = [("a", "Customs opens", 10), ("b", "Customs closes", 12)];

/// A feed that names a hub, and says more each time it is asked.
async fn feed_with_hub(hub: &Origin) -> Origin {
    let (link, asked) = (format!("<{}>; rel=hub", hub.url("/")), AtomicUsize::new(0));
    Origin::start(move |_| {
        let known = (asked.fetch_add(1, Ordering::SeqCst) + 1).min(TWO.len());
        answer(200, &[("link", &link)], rss(&TWO[..known]))
    })
    .await
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_hub_tells_of_is_published_at_once() {
    let hub = Origin::start(|_| answer(202, &[], "")).await;
    let feed = feed_with_hub(&hub).await;
    let ours = "[hub]\ncallback = \"https://us.example/hub/\"\n";
    let office = Office::new(&(source("one", &feed.url("/feed")) + ours));
    office.refresh("06:00").await;
    let mut serving = Serving::start(&office, "--now 2018-01-15T06:10:00Z").await;
    serving.when_said("asked 0 sources").await;

    hub.when_asked(1).await;
    let form: Vec<(String, String)> =
        form_urlencoded::parse(hub.asked()[0].body.as_bytes()).into_owned().collect();
    let sent = |name: &str| form.iter().find(|(key, _)| key == name).unwrap().1.clone();
    let path = sent("hub.callback").strip_prefix("https://us.example").unwrap().to_owned();
    let query = format!(
        "hub.mode=subscribe&hub.topic={}&hub.challenge=abc&hub.lease_seconds=86400",
        sent("hub.topic")
    );
    assert_eq!(serving.get(&format!("{path}?{query}")).await.body, "abc");
    serving.when_said("tells us of news at once; until 16 January 2018").await;

    let signature = sign("sha256", &sent("hub.secret"), "pushed");
    let pushed = call(serving.at, "POST", &path, &[("x-hub-signature", &signature)], "pushed").await;
    assert_eq!(pushed.status, 202);
    serving.when_said("asked 1 sources").await;
    assert!(serving.get("/feeds/all.json").await.body.contains("Customs closes"));
    let health: Value = serde_json::from_str(&serving.get("/healthz").await.body).unwrap();
    assert_eq!(
        (&health["ok"], &health["hints"], &health["pushes_ignored"]),
        (&true.into(), &1.into(), &0.into())
    );
    assert_eq!(feed.asked().len(), 2);
    assert_eq!(serving.end().await, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn pages_are_shown_while_sources_are_asked() {
    let (gate, asked) = (Arc::new(Notify::new()), AtomicUsize::new(0));
    let closed = Arc::clone(&gate);
    let feed = Origin::start(move |_| match asked.fetch_add(1, Ordering::SeqCst) {
        0 => answer(200, &[], rss(&TWO[..1])),
        _ => [vec![Step::Wait(Arc::clone(&closed))], answer(200, &[], rss(&TWO))].concat(),
    })
    .await;
    let office = Office::new(&source("one", &feed.url("/feed")));
    office.refresh("06:00").await;
    let mut serving = Serving::start(&office, "--now 2018-01-15T08:00:00Z").await;
    feed.when_asked(2).await;
    assert!(serving.get("/").await.body.contains("Customs opens"));
    assert_eq!(serving.get("/healthz").await.status, 200);
    gate.notify_one();
    serving.when_said("asked 1 sources").await;
    assert!(serving.get("/").await.body.contains("Customs closes"));
    assert_eq!(serving.end().await, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn ended_in_the_middle_of_a_run_it_loses_nothing() {
    let asked = AtomicUsize::new(0);
    let feed = Origin::start(move |_| match asked.fetch_add(1, Ordering::SeqCst) {
        0 => vec![Step::Hang],
        _ => answer(200, &[], rss(&TWO)),
    })
    .await;
    let office = Office::new(&source("one", &feed.url("/feed")));
    let serving = Serving::start(&office, "--now 2018-01-15T06:00:00Z").await;
    feed.when_asked(1).await;
    assert_eq!(serving.end().await, 0);
    assert_eq!(office.refresh("06:01").await.code, 0);
    assert_eq!(office.titles(), ["Customs closes", "Customs opens"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn beside_another_run_it_waits_and_goes_on_showing() {
    let feed = Origin::start(|_| vec![Step::Hang]).await;
    let office = Office::new(&source("one", &feed.url("/feed")));
    let mut other = office.start("refresh --now 2018-01-15T06:00:00Z");
    feed.when_asked(1).await;
    let mut serving = Serving::start(&office, "--now 2018-01-15T06:00:00Z").await;
    serving.when_said("another run is under way").await;
    assert_eq!(serving.get("/healthz").await.status, 200, "that is no failure");
    assert_eq!(serving.end().await, 0);
    other.kill().unwrap();
    other.wait().unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn without_a_schedule_it_only_shows() {
    let feed = Origin::start(|_| answer(200, &[], rss(&TWO))).await;
    let office = Office::new(&source("one", &feed.url("/feed")));
    office.refresh("06:00").await;
    let serving = Serving::start(&office, "--no-schedule --now 2018-01-16").await;
    assert_eq!(serving.get("/").await.status, 200);
    assert_eq!(serving.end().await, 0);
    assert_eq!(feed.asked().len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_mistake_in_the_configuration_is_told_at_the_start() {
    let office = Office::new("[[source]]\nid = \"one\"\n");
    let ran = office.run("serve --listen 127.0.0.1:0").await;
    assert!(ran.code == 2 && ran.err.contains("`title` is missing"), "{ran:?}");
}
