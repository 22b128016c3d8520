//! Where redirects lead, and what is remembered of them.

use super::*;

/// `/1` goes to `/2` and so on with the given statuses; the last one answers.
async fn chain(statuses: &'static [u16]) -> Origin {
    Origin::start(move |asked| {
        let step: usize = asked.path.trim_start_matches('/').parse().unwrap();
        match statuses.get(step - 1) {
            Some(status) => redirect(*status, &format!("/{}", step + 1)),
            None => answer(200, &[], "here"),
        }
    })
    .await
}

#[tokio::test]
async fn moves_for_good_are_followed_and_told() {
    let origin = chain(&[301, 308]).await;
    let got = fetch(&loopback(), &origin.url("/1")).await.unwrap();
    assert_eq!(got.moved_to, Some(origin.url("/3")));
    let Body::New { url, .. } = got.body else { panic!("no body") };
    assert_eq!(url, origin.url("/3"));
}

#[tokio::test]
async fn moves_for_now_are_followed_and_forgotten() {
    for statuses in [&[302][..], &[303], &[307], &[301, 302], &[302, 308]] {
        let origin = chain(statuses).await;
        let got = fetch(&loopback(), &origin.url("/1")).await.unwrap();
        assert_eq!((text(&got), &got.moved_to), ("here", &None), "{statuses:?}");
    }
}

#[tokio::test]
async fn five_hops_are_enough() {
    let origin = chain(&[302; 40]).await;
    assert_failed(fetch(&loopback(), &origin.url("/1")).await, FailureKind::Redirect, "more than 5 times");
    assert_eq!(origin.paths(), ["/1", "/2", "/3", "/4", "/5", "/6"]);
}

#[tokio::test]
async fn a_circle_is_asked_once_round() {
    let origin = Origin::start(|asked| redirect(301, if asked.path == "/a" { "/b" } else { "/a" })).await;
    assert_failed(fetch(&loopback(), &origin.url("/a")).await, FailureKind::Redirect, "circle");
    assert_eq!(origin.paths(), ["/a", "/b"]);
}

#[tokio::test]
async fn a_redirect_to_nowhere_fails() {
    check_fails(|| answer(301, &[], ""), FailureKind::Redirect, "without saying where").await;
    check_fails(|| redirect(302, "http://["), FailureKind::Redirect, "no address").await;
}

#[tokio::test]
async fn what_stands_behind_a_redirect_may_say_that_nothing_changed() {
    let origin =
        Origin::start(|asked| if asked.path == "/old" { redirect(301, "/new") } else { bare(304, &[]) })
            .await;
    let validators = tagged("\"a\"");
    let got = loopback().fetch(feed(&origin.url("/old"), &validators)).await.unwrap();
    assert_eq!((got.body, got.moved_to), (Body::Unchanged, Some(origin.url("/new"))));
    assert_eq!(origin.asked().pop().unwrap().header("if-none-match"), Some("\"a\""));
}
