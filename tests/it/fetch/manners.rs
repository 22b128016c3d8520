//! One thing at a time per host, few connections, and what robots.txt says.

use std::sync::Arc;

use tokio::sync::Notify;

use super::*;
use crate::origin::Asked;

/// Slow enough to be asked something else meanwhile.
fn lingering(answer: Vec<Step>) -> Vec<Step> {
    [vec![Step::Linger], answer].concat()
}

#[tokio::test]
async fn one_host_is_asked_one_thing_at_a_time() {
    let origin = Arc::new(Origin::start(|_| lingering(answer(200, &[], "x"))).await);
    let client = Arc::new(loopback());
    let ask = |number: usize| {
        let (origin, client) = (Arc::clone(&origin), Arc::clone(&client));
        tokio::spawn(async move { fetch(&client, &origin.url(&format!("/{number}"))).await.unwrap() })
    };
    for asked in (0..50).map(ask).collect::<Vec<_>>() {
        asked.await.unwrap();
    }
    assert_eq!(origin.asked().len(), 50);
    assert_eq!(origin.most_asking(), 1);
}

#[tokio::test]
async fn a_redirect_takes_its_place_in_the_queue_of_the_host_it_leads_to() {
    let signal = Arc::new(Notify::new());
    let slow = Origin::start({
        let signal = Arc::clone(&signal);
        move |asked| match asked.path.as_str() {
            "/slow" => [vec![Step::Wait(Arc::clone(&signal))], answer(200, &[], "slow")].concat(),
            _ => answer(200, &[], "quick"),
        }
    })
    .await;
    let target = slow.url("/quick").to_string();
    let other = Origin::start_at("127.0.0.2:0", move |_| redirect(302, &target)).await;
    let client = loopback();
    let (first, second) = (slow.url("/slow"), other.url("/"));
    let both = async { tokio::join!(fetch(&client, &first), fetch(&client, &second)) };
    let (slow_answer, quick_answer) = tokio::join!(both, async {
        // The slow one is being answered, and the redirect has been given.
        other.when_asked(1).await;
        slow.when_asked(1).await;
        linger().await;
        signal.notify_one();
    })
    .0;
    assert_eq!((text(&slow_answer.unwrap()), text(&quick_answer.unwrap())), ("slow", "quick"));
    assert_eq!(slow.most_asking(), 1);
}

/// Leads to the host that the path names; the way ends there.
fn cross(asked: &Asked) -> Vec<Step> {
    match asked.path.strip_prefix("/to/") {
        Some(target) => redirect(302, &format!("http://{target}/end")),
        None => answer(200, &[], "end"),
    }
}

#[tokio::test]
async fn two_hosts_that_lead_to_each_other_do_not_wait_for_ever() {
    let (one, two) =
        (Origin::start_at("127.0.0.1:0", cross).await, Origin::start_at("127.0.0.2:0", cross).await);
    let client = loopback();
    let (there, back) = (one.url(&format!("/to/{}", two.addr)), two.url(&format!("/to/{}", one.addr)));
    for _ in 0..20 {
        let (a, b) = tokio::join!(fetch(&client, &there), fetch(&client, &back));
        assert_eq!((text(&a.unwrap()), text(&b.unwrap())), ("end", "end"));
    }
}

/// Asks this many hosts at once for so many things each; they are the addresses of 127.1.0.0/16, all of one server.
async fn ask_all(hosts: usize, things: usize) -> Origin {
    let origin = Origin::start_at("0.0.0.0:0", |_| answer(200, &[], "x")).await;
    let (client, port) = (loopback(), origin.addr.port());
    let host = |n: usize| Url::parse(&format!("http://127.1.{}.{}:{port}/", n / 250, n % 250 + 1)).unwrap();
    let urls: Vec<Url> = (0..hosts).flat_map(|n| vec![host(n); things]).collect();
    for answer in futures_util::future::join_all(urls.iter().map(|url| fetch(&client, url))).await {
        answer.unwrap();
    }
    assert_eq!(origin.asked().len(), hosts * things);
    assert!(origin.most_open() <= 16, "{} open at once", origin.most_open());
    origin
}

#[tokio::test]
async fn connections_do_not_pile_up() {
    assert_eq!(ask_all(1000, 1).await.connections(), 1000);
    ask_all(300, 3).await;
}

#[tokio::test]
async fn a_connection_serves_the_next_who_goes_at_once() {
    // The first of each host does not know yet that others will come.
    let connections = ask_all(4, 5).await.connections();
    assert!(connections <= 8, "{connections} for 20 requests");
}

/// A page is asked for; the site has this robots.txt.
async fn fetch_page(
    robots: impl Fn() -> Vec<Step> + Send + Sync + 'static,
) -> (Result<Answer, FetchError>, Vec<String>) {
    let origin = Origin::start(move |asked| match asked.path.as_str() {
        "/robots.txt" => robots(),
        "/elsewhere.txt" => answer(200, &[], "User-agent: *\nDisallow: /news/"),
        _ => answer(200, &[], "page"),
    })
    .await;
    let (url, validators) = (origin.url("/news/page?x=1"), Validators::default());
    let request = Request { robots: Robots::Obey, wants: Wants::Page, ..feed(&url, &validators) };
    (loopback().fetch(request).await, origin.paths())
}

async fn check_robots(robots: impl Fn() -> Vec<Step> + Send + Sync + 'static, may: bool) {
    let (got, paths) = fetch_page(robots).await;
    assert_eq!(paths.contains(&"/news/page?x=1".to_owned()), may, "{paths:?}");
    if may {
        assert_eq!(text(&got.unwrap()), "page");
    } else {
        assert_failed(got, FailureKind::Robots, "robots.txt");
    }
}

#[tokio::test]
async fn robots_txt_is_obeyed() {
    check_robots(|| answer(200, &[], "User-agent: *\nDisallow: /news/"), false).await;
    check_robots(|| answer(200, &[], "User-agent: *\nDisallow: /admin/"), true).await;
    check_robots(|| answer(200, &[], "User-agent: *\nDisallow: /\nAllow: /news/page"), true).await;
    check_robots(
        || answer(200, &[], "User-agent: *\nDisallow:\n\nUser-agent: Tidewaiter\nDisallow: /"),
        false,
    )
    .await;
    check_robots(
        || answer(200, &[], "User-agent: tidewaiter\nDisallow:\n\nUser-agent: *\nDisallow: /"),
        true,
    )
    .await;
    check_robots(|| answer(200, &[], "User-agent: *\nDisallow: /*?x="), false).await;
}

#[tokio::test]
async fn a_site_without_robots_txt_has_no_rules() {
    for status in [401, 403, 404, 410] {
        check_robots(move || answer(status, &[], "User-agent: *\nDisallow: /"), true).await;
    }
    check_robots(|| answer(200, &[], "<!doctype html><title>Not found</title>"), true).await;
    check_robots(|| answer(200, &[], [0xff; 100]), true).await;
    check_robots(|| redirect(302, "/robots.txt"), true).await;
}

#[tokio::test]
async fn rules_that_we_cannot_get_forbid_all() {
    for status in [429, 500, 503] {
        check_robots(move || answer(status, &[], ""), false).await;
    }
    check_robots(|| vec![Step::Close], false).await;
    check_robots(|| redirect(302, "http://10.0.0.1/robots.txt"), false).await;
}

#[tokio::test]
async fn robots_txt_is_followed_to_where_it_is() {
    check_robots(|| redirect(301, "/elsewhere.txt"), false).await;
}

#[tokio::test]
async fn of_a_large_robots_txt_the_beginning_counts() {
    let large =
        |first: &str| [first.as_bytes(), &b"\n# padding".repeat(60_000), b"\nDisallow: /news/"].concat();
    let (forbidden, free) =
        (large("User-agent: *\nDisallow: /news/"), large("User-agent: *\nDisallow: /admin/"));
    check_robots(move || answer(200, &[], &forbidden), false).await;
    check_robots(move || vec![begun(&[], &free), Step::Close], true).await;
}

#[tokio::test]
async fn robots_txt_is_asked_for_once() {
    let origin = Origin::start(|asked| match asked.path.as_str() {
        "/robots.txt" => lingering(answer(404, &[], "")),
        _ => lingering(answer(200, &[], "page")),
    })
    .await;
    let (client, validators) = (loopback(), Validators::default());
    let urls = ["/a", "/b", "/c"].map(|path| origin.url(path));
    let pages =
        urls.iter().map(|url| client.fetch(Request { robots: Robots::Obey, ..feed(url, &validators) }));
    for page in futures_util::future::join_all(pages).await {
        page.unwrap();
    }
    let mut paths = origin.paths();
    paths.sort();
    assert_eq!(paths, ["/a", "/b", "/c", "/robots.txt"]);
    assert_eq!(origin.most_asking(), 1);
}

#[tokio::test]
async fn a_feed_is_a_subscription_and_not_asked_about() {
    let origin = Origin::start(|_| answer(200, &[], "feed")).await;
    fetch(&loopback(), &origin.url("/feed")).await.unwrap();
    assert_eq!(origin.paths(), ["/feed"]);
}
