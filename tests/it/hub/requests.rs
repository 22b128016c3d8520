//! What we ask of hubs, and when.

use super::*;
use crate::origin::{bare, redirect};
use tidewaiter::hub::subscription::Stage;

#[tokio::test]
async fn a_source_that_names_a_hub_is_subscribed_to_by_its_own_name() {
    let world = World::willing().await;
    world.keep().await;
    assert!(world.forms().is_empty(), "nobody knows of the hub yet");
    world.collect().await;
    world.keep().await;
    let asked = world.hub.asked().remove(0);
    assert_eq!(asked.header("content-type"), Some("application/x-www-form-urlencoded"));
    assert_eq!(world.sent("hub.mode"), "subscribe");
    assert_eq!(world.sent("hub.topic"), world.feed.url("/news").as_str());
    assert_eq!(world.sent("hub.lease_seconds"), "864000");
    let token = world.path().strip_prefix("/hub/").unwrap().to_owned();
    let secret = world.sent("hub.secret");
    let is_random = |text: &str| text.len() == 64 && text.bytes().all(|byte| byte.is_ascii_hexdigit());
    assert!(is_random(&token) && is_random(&secret) && token != secret, "{token} {secret}");
}

#[tokio::test]
async fn no_two_subscriptions_have_the_same_secrets() {
    let (one, other) = (World::subscribed().await, World::subscribed().await);
    assert_ne!(one.path(), other.path());
    assert_ne!(one.sent("hub.secret"), other.sent("hub.secret"));
}

#[tokio::test]
async fn the_document_names_the_hub_where_no_header_does() {
    let link = |hub: &Url, _: &str| {
        let links = format!(
            "<atom:link xmlns:atom='http://www.w3.org/2005/Atom' rel='hub' href='{hub}'/>\
             <atom:link xmlns:atom='http://www.w3.org/2005/Atom' rel='self' href='https://s.example/rss'/>"
        );
        (String::new(), links)
    };
    let world = World::new(|_| answer(202, &[], ""), link).await;
    world.collect().await;
    world.keep().await;
    assert_eq!(world.sent("hub.topic"), "https://s.example/rss");
}

#[tokio::test]
async fn a_hub_is_asked_once_while_it_takes_its_time() {
    let world = World::subscribed().await;
    for _ in 0..3 {
        world.pass(TimeDelta::hours(12));
        world.keep().await;
    }
    assert_eq!(world.forms().len(), 1);
}

#[tokio::test]
async fn a_lease_is_renewed_before_it_ends() {
    let world = World::subscribed().await;
    let next = world.keep().await.unwrap();
    assert_eq!(next, start() + TimeDelta::hours(180), "three quarters of ten days");
    world.pass(TimeDelta::hours(180));
    world.keep().await;
    let forms = world.forms();
    assert_eq!(forms.len(), 2);
    assert_eq!(forms[0], forms[1], "the same callback and secret: the old one is extended");
    world.push_signed().await;
    assert_eq!(world.asked_feed().await, 2, "pushes count meanwhile");
    assert_eq!(world.verify("subscribe", &[]).await.status, 200);
    assert_eq!(world.subscription().await.ends, Some(start() + TimeDelta::hours(180 + 240)));
}

#[tokio::test]
async fn a_hub_that_says_no_is_not_asked_again_for_a_month() {
    let world = World::willing().await;
    world.collect().await;
    world.keep().await;
    let said = world.verify("denied", &[("hub.reason", "too\u{1b}[31m many")]).await;
    assert_eq!(said.status, 200);
    world.pass(TimeDelta::days(29));
    assert_eq!(world.keep().await, Some(start() + TimeDelta::days(30)));
    assert_eq!(world.forms().len(), 1);
    let known = world.subscription().await;
    assert_eq!((known.stage, known.problem.as_deref()), (Stage::Denied, Some("denied: too[31m many")));
    world.pass(TimeDelta::days(1));
    world.keep().await;
    world.keep().await;
    assert_eq!(world.forms().len(), 2);
    assert_ne!(
        world.forms()[0],
        world.forms()[1],
        "a new subscription, at an address that the hub has not refused"
    );
    assert_eq!(world.verify("subscribe", &[]).await.status, 200);
}

#[tokio::test]
async fn a_source_that_is_switched_off_is_unsubscribed_from() {
    for change in ["enabled = false", "hub = false"] {
        let mut world = World::subscribed().await;
        world.configure("title = \"one\"", &format!("title = \"one\"\n{change}"));
        world.keep().await;
        assert_eq!(world.sent("hub.mode"), "unsubscribe");
        assert_eq!(world.sent("hub.secret"), "");
        assert_eq!(world.verify("unsubscribe", &[]).await.body, "<b>x</b>");
        assert!(world.store.subscriptions().await.unwrap().is_empty());
        assert_eq!(world.verify("unsubscribe", &[]).await.status, 404);
    }
}

#[tokio::test]
async fn without_an_address_of_ours_every_subscription_ends() {
    let mut world = World::subscribed().await;
    world.configure("[hub]\ncallback = \"https://us.example/hub/\"\n", "");
    world.keep().await;
    assert_eq!(world.sent("hub.mode"), "unsubscribe");
    assert!(world.sent("hub.callback").starts_with("https://us.example/hub/"), "that which the hub knows");
}

#[tokio::test]
async fn a_source_that_calls_itself_otherwise_is_subscribed_to_anew() {
    let name = Arc::new(Mutex::new("/news"));
    let named = Arc::clone(&name);
    let offers = move |hub: &Url, _: &str| {
        let name = *named.lock().unwrap();
        (format!("<{hub}>; rel=hub, <{name}>; rel=self"), format!("<ttl>{}</ttl>", name.len()))
    };
    let world = World::new(|_| answer(202, &[], ""), offers).await;
    world.collect().await;
    world.keep().await;
    world.verify("subscribe", &[]).await;
    *name.lock().unwrap() = "/newer";
    world.pass(TimeDelta::hours(2));
    world.collect().await;
    world.keep().await;
    let mut asked: Vec<(String, String)> = world.forms()[1..]
        .iter()
        .map(|form| {
            let of = |name: &str| form.iter().find(|(key, _)| key == name).unwrap().1.clone();
            (of("hub.mode"), of("hub.topic"))
        })
        .collect();
    asked.sort();
    let topic = |path: &str| world.feed.url(path).to_string();
    assert_eq!(
        asked,
        [("subscribe".to_owned(), topic("/newer")), ("unsubscribe".to_owned(), topic("/news"))]
    );
}

/// When the hub is asked again, and how often it was asked, after one failure.
async fn check_failure(hub: impl Fn() -> Vec<Step> + Send + Sync + 'static, hours: i64, words: &str) {
    let offers = |hub: &Url, _: &str| (format!("<{hub}>; rel=hub"), String::new());
    let world = World::new(move |_| hub(), offers).await;
    world.collect().await;
    assert_eq!(world.keep().await, Some(start() + TimeDelta::hours(hours)));
    let problem = world.subscription().await.problem.unwrap();
    assert!(problem.contains(words), "{problem}");
    world.pass(TimeDelta::hours(hours) - TimeDelta::seconds(1));
    world.keep().await;
    let before = world.forms().len();
    world.pass(TimeDelta::seconds(1));
    world.keep().await;
    assert_eq!(world.forms().len(), before + 1);
}

#[tokio::test]
async fn a_hub_that_fails_is_left_in_peace_for_a_while() {
    check_failure(|| answer(500, &[], "sorry"), 1, "500").await;
    check_failure(|| answer(400, &[], "bad callback"), 1, "400").await;
    check_failure(|| redirect(302, "/elsewhere"), 1, "302").await;
    check_failure(|| answer(429, &[("retry-after", "18000")], ""), 5, "429").await;
    check_failure(|| answer(503, &[], ""), 1, "503").await;
    check_failure(|| vec![Step::Close], 1, "").await;
}

#[tokio::test]
async fn a_request_follows_a_hub_that_moved() {
    let hub = |n| if n == 0 { redirect(308, "/new") } else { bare(204, &[]) };
    let world = World::new(hub, |hub, _| (format!("<{hub}>; rel=hub"), String::new())).await;
    world.collect().await;
    world.keep().await;
    assert_eq!(world.hub.paths(), ["/", "/new"]);
    assert_eq!(world.forms()[0], world.forms()[1]);
    assert_eq!(world.verify("subscribe", &[]).await.status, 200);
}

#[tokio::test]
async fn a_hub_inside_our_own_network_is_not_asked() {
    let mut world = World::willing().await;
    let feed = world.feed.addr;
    world.configure("127.0.0.0/8", &feed.to_string());
    world.collect().await;
    world.keep().await;
    assert!(world.hub.asked().is_empty());
    assert!(world.subscription().await.problem.unwrap().contains("not a public address"));
}

#[tokio::test]
async fn nor_one_that_a_hub_points_to() {
    let inner = Origin::start(|_| answer(202, &[], "")).await;
    let at = inner.url("/");
    let hub = move |_| redirect(307, at.as_str());
    let mut world = World::new(hub, |hub, _| (format!("<{hub}>; rel=hub"), String::new())).await;
    let open = format!("{}\", \"{}", world.feed.addr, world.hub.addr);
    world.configure("127.0.0.0/8", &open);
    world.collect().await;
    world.keep().await;
    assert_eq!((world.hub.asked().len(), inner.asked().len()), (1, 0));
}

#[tokio::test]
async fn a_hub_that_never_comes_back_is_asked_again_later() {
    let world = World::willing().await;
    world.collect().await;
    world.keep().await;
    world.pass(TimeDelta::hours(1));
    world.keep().await;
    assert_eq!(world.forms().len(), 1);
    assert!(world.subscription().await.problem.unwrap().contains("did not come back"));
    assert_eq!(world.verify("subscribe", &[]).await.status, 404, "too late");
    world.pass(TimeDelta::hours(1));
    world.keep().await;
    assert_eq!(world.forms().len(), 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_hub_may_verify_before_it_answers() {
    let us = Arc::new(Mutex::new(None));
    let reached = Arc::clone(&us);
    let hub = Origin::start(move |asked| {
        let form = |name: &str| {
            let mut form = form_urlencoded::parse(asked.body.as_bytes());
            form.find(|(key, _)| key == name).unwrap().1.into_owned()
        };
        let path = form("hub.callback").strip_prefix("https://us.example").unwrap().to_owned();
        let path = format!("{path}?hub.mode=subscribe&hub.topic={}&hub.challenge=now", form("hub.topic"));
        let at = reached.lock().unwrap().expect("we are there");
        let verified = tokio::task::block_in_place(|| {
            let asking = caller::call(at, "GET", &path, &[], "");
            tokio::runtime::Handle::current().block_on(asking)
        });
        assert_eq!(verified.body, "now");
        answer(204, &[], "")
    })
    .await;
    let link = format!("<{}>; rel=hub", hub.url("/"));
    let world = World::new(|_| bare(500, &[]), move |_, _| (link.clone(), String::new())).await;
    *us.lock().unwrap() = Some(world.us);
    world.collect().await;
    world.keep().await;
    let known = world.subscription().await;
    assert_eq!((known.stage, known.failures), (Stage::Active, 0));
    assert_eq!(known.ends, Some(start() + TimeDelta::days(10)), "what we wished, where the hub does not say");
}

#[tokio::test]
async fn what_a_source_offers_is_forgotten_when_it_says_so_no_more() {
    let asked = std::sync::atomic::AtomicUsize::new(0);
    let offers = move |hub: &Url, _: &str| match asked.fetch_add(1, std::sync::atomic::Ordering::SeqCst) {
        0 => (format!("<{hub}>; rel=hub"), String::new()),
        n => (String::new(), format!("<ttl>{n}</ttl>")),
    };
    let world = World::new(|_| answer(202, &[], ""), offers).await;
    world.collect().await;
    world.keep().await;
    assert_eq!(world.verify("subscribe", &[]).await.status, 200);
    world.pass(TimeDelta::hours(2));
    world.collect().await;
    world.keep().await;
    assert_eq!(world.sent("hub.mode"), "unsubscribe");
}
