//! The HTTP client against a server that does what servers do, and what they should not.

mod faults;
mod manners;
mod private;
mod redirects;
mod slow;

use chrono::{DateTime, TimeDelta, Utc};
use tidewaiter::config::{Allowed, Fetching};
use tidewaiter::fetch::{Answer, Body, Client, FailureKind, FetchError, Request, Wants};
use tidewaiter::model::source::Robots;
use tidewaiter::schedule::Validators;
use url::Url;

use crate::origin::{Origin, Step, answer, bare, head, linger, redirect};

/// 15 January 2018, 07:06:40 UTC.
fn now() -> DateTime<Utc> {
    DateTime::from_timestamp(1_516_000_000, 0).unwrap()
}

/// Only a tag, of no address in particular.
fn tagged(etag: &str) -> Validators {
    Validators { etag: Some(etag.to_owned()), ..Validators::default() }
}

/// May ask these addresses, and waits for nobody long.
fn settings(allow: &[&str]) -> Fetching {
    let rule = |text: &&str| match text.parse::<std::net::SocketAddr>() {
        Ok(at) => Allowed { net: at.ip().into(), port: Some(at.port()) },
        Err(_) => Allowed { net: text.parse().unwrap(), port: None },
    };
    Fetching {
        user_agent: "tidewaiter/0 (+https://ifcba.example/; desk@ifcba.example)".to_owned(),
        concurrency: 4,
        connect_timeout: TimeDelta::seconds(5),
        read_timeout: TimeDelta::seconds(5),
        host_gap: TimeDelta::seconds(1),
        host_time: TimeDelta::minutes(1),
        allow: allow.iter().map(rule).collect(),
    }
}

fn client(allow: &[&str]) -> Client {
    Client::new(&settings(allow)).unwrap()
}

fn loopback() -> Client {
    client(&["127.0.0.0/8"])
}

/// The request of most tests: a feed, with no validators.
fn feed<'a>(url: &'a Url, validators: &'a Validators) -> Request<'a> {
    Request {
        url,
        validators,
        wants: Wants::Feed,
        robots: Robots::Subscription,
        timeout: TimeDelta::seconds(20),
        max_bytes: 100_000,
        now: now(),
    }
}

async fn fetch(client: &Client, url: &Url) -> Result<Answer, FetchError> {
    client.fetch(feed(url, &Validators::default())).await
}

fn text(answer: &Answer) -> &str {
    match &answer.body {
        Body::New { bytes, .. } => std::str::from_utf8(bytes).unwrap(),
        Body::Unchanged => "unchanged",
    }
}

/// Always the same answer, and what the client makes of it.
async fn fetch_this(steps: impl Fn() -> Vec<Step> + Send + Sync + 'static) -> Result<Answer, FetchError> {
    let origin = Origin::start(move |_| steps()).await;
    fetch(&loopback(), &origin.url("/feed")).await
}

fn assert_failed<T: std::fmt::Debug>(result: Result<T, FetchError>, expected: FailureKind, words: &str) {
    match result {
        Err(FetchError::Failed { kind, message, .. }) => {
            assert_eq!(kind, expected, "{message}");
            assert!(message.contains(words), "{message}");
        }
        other => panic!("expected {expected:?}, got {other:?}"),
    }
}

async fn check_fails(steps: impl Fn() -> Vec<Step> + Send + Sync + 'static, kind: FailureKind, words: &str) {
    assert_failed(fetch_this(steps).await, kind, words);
}

/// The first part of an answer that promises more.
fn begun(headers: &[(&str, &str)], body: &[u8]) -> Step {
    Step::Send([&head(200, headers), body].concat())
}

#[tokio::test]
async fn an_answer_has_bytes_type_address_and_validators() {
    let headers =
        [("content-type", "application/rss+xml"), ("etag", "W/\"a b\""), ("last-modified", "yesterday")];
    let origin = Origin::start(move |_| answer(200, &headers, "<rss/>")).await;
    let url = origin.url("/feed");
    let got = fetch(&loopback(), &url).await.unwrap();
    let (etag, last_modified) = (Some("W/\"a b\"".to_owned()), Some("yesterday".to_owned()));
    let body =
        Body::New { bytes: "<rss/>".into(), content_type: Some("application/rss+xml".to_owned()), url };
    let of = got.validators.of;
    assert!(of.is_some());
    let validators = Validators { etag, last_modified, of };
    let links = Vec::new();
    assert_eq!(got, Answer { body, validators, moved_to: None, fresh_for: None, links, is_insecure: false });
}

#[tokio::test]
async fn we_say_who_we_are_and_what_we_read() {
    let origin = Origin::start(|_| answer(200, &[], "")).await;
    fetch(&loopback(), &origin.url("/feed")).await.unwrap();
    let asked = origin.asked().pop().unwrap();
    assert_eq!(
        asked.header("user-agent"),
        Some("tidewaiter/0 (+https://ifcba.example/; desk@ifcba.example)")
    );
    assert!(asked.header("accept").unwrap().starts_with("application/atom+xml,"));
    for coding in ["gzip", "br", "zstd", "deflate"] {
        assert!(asked.header("accept-encoding").unwrap().contains(coding));
    }
    for nosy in ["cookie", "referer", "authorization", "if-none-match", "if-modified-since"] {
        assert_eq!(asked.header(nosy), None);
    }
}

#[tokio::test]
async fn an_answer_that_did_not_change_keeps_both_validators() {
    let origin =
        Origin::start(|_| bare(304, &[("etag", "\"other\""), ("cache-control", "max-age=60")])).await;
    let validators = Validators { last_modified: Some("some day".to_owned()), ..tagged("\"a\"") };
    let got = loopback().fetch(feed(&origin.url("/"), &validators)).await.unwrap();
    assert_eq!(got.body, Body::Unchanged);
    assert_eq!(Validators { of: None, ..got.validators }, validators);
    assert_eq!(got.fresh_for, Some(TimeDelta::seconds(60)));
    let asked = origin.asked().pop().unwrap();
    assert_eq!(asked.header("if-none-match"), Some("\"a\""));
    assert_eq!(asked.header("if-modified-since"), Some("some day"));
}

#[tokio::test]
async fn an_answer_without_validators_clears_them() {
    let origin = Origin::start(|_| answer(200, &[], "new")).await;
    let validators = tagged("\"a\"");
    let got = loopback().fetch(feed(&origin.url("/"), &validators)).await.unwrap();
    assert_eq!(Validators { of: None, ..got.validators }, Validators::default());
}

#[tokio::test]
async fn a_packed_answer_is_unpacked() {
    // "customs" by gzip.
    let packed = [
        0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3, 0x4b, 0x2e, 0x2d, 0x2e, 0xc9, 0xcf, 0x2d, 6, 0, 0xd1, 1, 0x26,
        0x7c, 7, 0, 0, 0,
    ];
    let got = fetch_this(move || answer(200, &[("content-encoding", "gzip")], packed)).await.unwrap();
    assert_eq!(text(&got), "customs");
}

#[tokio::test]
async fn what_is_gone_is_gone_and_what_is_absent_may_come_back() {
    assert!(matches!(fetch_this(|| answer(410, &[], "")).await, Err(FetchError::Gone)));
    assert!(matches!(fetch_this(|| answer(404, &[], "")).await, Err(FetchError::Absent)));
}

async fn check_later(status: u16, headers: &'static [(&str, &str)], seconds: Option<i64>) {
    match fetch_this(move || answer(status, headers, "")).await {
        Err(FetchError::Later { status: said, until }) => {
            assert_eq!(said, status);
            assert_eq!(until.map(|until| (until - now()).num_seconds()), seconds);
        }
        other => panic!("{status} gave {other:?}"),
    }
}

#[tokio::test]
async fn a_server_may_ask_us_to_come_later() {
    check_later(429, &[("retry-after", "120")], Some(120)).await;
    check_later(503, &[("retry-after", "Mon, 15 Jan 2018 07:07:40 GMT")], Some(60)).await;
    check_later(301, &[("retry-after", "60"), ("location", "/x")], Some(60)).await;
    check_later(429, &[("retry-after", "0")], None).await;
    check_later(503, &[], None).await;
}

#[tokio::test]
async fn a_redirect_that_asks_for_no_pause_is_followed() {
    let origin = Origin::start(|asked| match asked.path.as_str() {
        "/a" => answer(301, &[("retry-after", "0"), ("location", "/b")], ""),
        _ => answer(200, &[], "here"),
    })
    .await;
    assert_eq!(text(&fetch(&loopback(), &origin.url("/a")).await.unwrap()), "here");
}

#[tokio::test]
async fn every_other_status_is_a_failure_in_words() {
    for (status, words) in [(401, "password"), (403, "refuses our reader")] {
        check_fails(move || answer(status, &[], "<rss/>"), FailureKind::HttpStatus, words).await;
    }
    for (status, words) in
        [(206, "a part"), (300, "300"), (400, "400"), (451, "legal"), (500, "fault"), (999, "999")]
    {
        check_fails(move || answer(status, &[], "<rss/>"), FailureKind::HttpStatus, words).await;
    }
    check_fails(|| bare(204, &[]), FailureKind::HttpStatus, "nothing (204)").await;
}

#[tokio::test]
async fn an_answer_of_no_change_that_nobody_asked_for_is_a_failure() {
    check_fails(|| bare(304, &[]), FailureKind::HttpStatus, "did not ask").await;
}
