//! Where a source lives, and whether it lives at all.

use super::*;

/// What was asked for on so many days, one run a day.
async fn check(
    answers: impl Fn(usize, &Asked) -> Vec<Step> + Send + Sync + 'static,
    days: u8,
    paths: &[&str],
) -> Vec<Ran> {
    let origin = origin(answers).await;
    let office = office(&origin, "/old");
    let times: Vec<String> = (1..=days).map(|day| format!("{:02} 06:00", day + 10)).collect();
    let ran = refresh(&office, &times.iter().map(String::as_str).collect::<Vec<_>>()).await;
    assert_eq!(origin.paths(), paths);
    ran
}

fn moved(status: u16) -> impl Fn(usize, &Asked) -> Vec<Step> {
    move |_, asked| if asked.path == "/old" { redirect(status, "/new") } else { feed(&[]) }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_move_for_good_is_believed_after_three_days() {
    for status in [301, 308] {
        let ran =
            check(moved(status), 5, &["/old", "/new", "/old", "/new", "/old", "/new", "/new", "/new"]).await;
        let warnings: Vec<String> = ran.iter().map(|ran| row(ran)["warning"].to_string()).collect();
        assert!(warnings[1].contains("it has moved for good to"), "{warnings:?}");
        assert!(warnings[4].contains("put that into feeds.toml"), "{warnings:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn one_for_now_never_is() {
    for status in [302, 303, 307] {
        check(moved(status), 4, &["/old", "/new", "/old", "/new", "/old", "/new", "/old", "/new"]).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn one_that_fails_is_taken_back() {
    let answers = |n: usize, asked: &Asked| match (asked.path.as_str(), n) {
        ("/old", 0..6) => redirect(301, "/new"),
        ("/new", 6..) => answer(404, &[], ""),
        _ => feed(&[]),
    };
    let ran =
        check(answers, 6, &["/old", "/new", "/old", "/new", "/old", "/new", "/new", "/old", "/old"]).await;
    assert_eq!(row(&ran[5])["moved_to"], serde_json::Value::Null);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_circle_is_left_and_never_entered_again() {
    let answers = |n: usize, asked: &Asked| match (asked.path.as_str(), n) {
        ("/old", 0..6) => redirect(301, "/new"),
        ("/new", 6..) => redirect(301, "/old"),
        _ => feed(&[]),
    };
    check(answers, 5, &["/old", "/new", "/old", "/new", "/old", "/new", "/new", "/old", "/old"]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_circle_is_gone_round_once_a_run() {
    let answers = |_: usize, asked: &Asked| redirect(301, if asked.path == "/old" { "/new" } else { "/old" });
    check(answers, 1, &["/old", "/new"]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_move_to_the_home_page_is_told_and_not_believed() {
    let answers = |_: usize, asked: &Asked| if asked.path == "/old" { redirect(301, "/") } else { feed(&[]) };
    check(answers, 4, &["/old", "/", "/old", "/", "/old", "/", "/old", "/"]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_feed_says_of_its_own_address_is_proposed_once() {
    for element in [
        "<atom:link xmlns:atom=\"http://www.w3.org/2005/Atom\" rel=\"self\" href=\"https://new.example/feed\"/>",
        "<itunes:new-feed-url xmlns:itunes=\"http://www.itunes.com/dtds/podcast-1.0.dtd\">https://new.example/feed</itunes:new-feed-url>",
    ] {
        let answers = move |n: usize, _: &Asked| {
            let text =
                rss(&ENTRIES[..=n.min(1)]).replace("<description>D", &format!("{element}<description>D"));
            answer(200, &[], text)
        };
        let ran = check(answers, 2, &["/old", "/old"]).await;
        let proposed: Vec<_> = ran.iter().map(|ran| row(ran)["proposed"].clone()).collect();
        assert_eq!(proposed, ["https://new.example/feed".into(), serde_json::Value::Null]);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_feed_that_a_page_offers_is_proposed() {
    let origin = origin(|_, asked| match asked.path.as_str() {
        "/robots.txt" => answer(404, &[], ""),
        _ => answer(
            200,
            &[("Content-Type", "text/html")],
            "<html><head><link rel=\"alternate\" type=\"application/rss+xml\" href=\"/feed.xml\"></head>\
             <body><li><a href=\"/1\">Customs</a></li></body></html>",
        ),
    })
    .await;
    let office = Office::new(&(source("one", &origin.url("/news")) + "[source.page]\nitem = \"li\"\n"));
    let ran = refresh(&office, &["15 06:00"]).await;
    assert_eq!(row(&ran[0])["proposed"], origin.url("/feed.xml").as_str());
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_gone_is_tried_once_a_month() {
    let origin = origin(|_, _| bare(410, &[])).await;
    let office = office(&origin, "/feed");
    refresh(&office, &["01 06:00", "02 06:00", "30 06:00"]).await;
    assert_eq!(origin.asked().len(), 1);
    refresh(&office, &["31 06:00"]).await;
    assert_eq!(origin.asked().len(), 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_at_an_address_slows_us_down_to_once_a_week() {
    let origin = origin(|_, _| answer(404, &[], "")).await;
    let office = office(&origin, "/feed");
    let days: Vec<String> = (1..=31).map(|day| format!("{day:02} 06:00")).collect();
    let ran = refresh(&office, &days.iter().map(String::as_str).collect::<Vec<_>>()).await;
    assert!(origin.asked().len() <= 12, "{}", origin.asked().len());
    let last = row(ran.last().unwrap());
    assert_eq!((last["state"].as_str(), last["kind"].as_str()), (Some("error"), Some("http-status")));
    assert!(last["failures"].as_u64().unwrap() > 7);
}
