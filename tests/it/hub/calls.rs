//! What hubs, and those who pretend to be one, get when they call.

use super::*;

/// Later than a source may be asked again because of a hint, and earlier than the clock asks it.
const SOON: TimeDelta = TimeDelta::minutes(2);

#[tokio::test]
async fn a_hub_that_verifies_what_we_asked_for_gets_its_challenge_as_plain_text() {
    let world = World::willing().await;
    world.collect().await;
    world.keep().await;
    let said = world.verify("subscribe", &[]).await;
    assert_eq!((said.status, said.body.as_str()), (200, "<b>x</b>"));
    assert!(said.head.contains("content-type: text/plain") && said.head.contains("nosniff"), "{}", said.head);
    assert_eq!(world.subscription().await.ends, Some(start() + TimeDelta::days(10)));
}

#[tokio::test]
async fn a_push_only_makes_us_ask_the_source_itself() {
    let world = World::subscribed().await;
    world.pass(SOON);
    assert_eq!(world.asked_feed().await, 1, "its time has not come");
    assert_eq!(world.push_signed().await.status, 202);
    assert_eq!(world.asked_feed().await, 2);
    world.pass(SOON);
    assert_eq!(world.asked_feed().await, 2, "once");
}

#[tokio::test]
async fn each_way_of_signing_is_known() {
    for method in ["sha1", "sha256", "sha384", "sha512"] {
        let world = World::subscribed().await;
        world.pass(SOON);
        world.push(Some(&world.sign(method))).await;
        assert_eq!(world.asked_feed().await, 2, "{method}");
    }
}

/// It is acknowledged, counted, and nothing comes of it.
async fn check_ignored(signature: impl Fn(&World) -> Option<String>) {
    let world = World::subscribed().await;
    world.pass(SOON);
    let signature = signature(&world);
    assert_eq!(world.push(signature.as_deref()).await.status, 202);
    assert_eq!(world.asked_feed().await, 1, "{signature:?}");
    assert_eq!(world.health.pushes(), (0, 1));
}

#[tokio::test]
async fn a_push_that_is_not_signed_is_ignored() {
    check_ignored(|_| None).await;
    check_ignored(|_| Some(String::new())).await;
}

#[tokio::test]
async fn a_push_that_is_wrongly_signed_is_ignored() {
    check_ignored(|_| Some(sign("sha256", "guessed", FORGED))).await;
    check_ignored(|_| Some(sign("sha1", "", FORGED))).await;
    check_ignored(|world| Some(world.sign("sha256").replace("sha256=", "sha1="))).await;
    check_ignored(|world| Some(world.sign("sha1").replace("sha1=", "sha256="))).await;
    check_ignored(|world| Some(world.sign("sha256").replace("sha256=", "md5="))).await;
}

#[tokio::test]
async fn of_two_signatures_none_counts() {
    let world = World::subscribed().await;
    world.pass(SOON);
    let right = world.sign("sha256");
    let both = [("x-hub-signature", right.as_str()), ("x-hub-signature", "sha1=00")];
    assert_eq!(world.call("POST", &world.path(), &both, FORGED).await.status, 202);
    assert_eq!(world.asked_feed().await, 1);
}

#[tokio::test]
async fn a_push_that_comes_again_and_again_makes_us_ask_once_a_minute() {
    let world = World::subscribed().await;
    world.pass(SOON);
    for _ in 0..30 {
        assert_eq!(world.push_signed().await.status, 202);
        world.asked_feed().await;
        world.pass(TimeDelta::seconds(10));
    }
    assert_eq!(world.feed.asked().len(), 1 + 5, "in five minutes");
}

#[tokio::test]
async fn a_hint_right_after_the_source_was_asked_waits_a_minute() {
    let world = World::subscribed().await;
    world.push_signed().await;
    assert_eq!(world.asked_feed().await, 1, "it was asked in this minute");
    world.pass(TimeDelta::minutes(1));
    assert_eq!(world.asked_feed().await, 2);
}

#[tokio::test]
async fn a_verification_that_is_played_again_is_refused() {
    let world = World::subscribed().await;
    let before = world.subscription().await;
    let again = world.verify("subscribe", &[("hub.lease_seconds", "99999999")]).await;
    assert_eq!((again.status, again.body.as_str()), (404, ""));
    assert_eq!(world.subscription().await, before);
}

#[tokio::test]
async fn another_topic_is_refused() {
    let world = World::willing().await;
    world.collect().await;
    world.keep().await;
    for mode in ["subscribe", "unsubscribe", "denied"] {
        let said = world.verify(mode, &[("hub.topic", "https://other.example/feed")]).await;
        assert_eq!((said.status, said.body.as_str()), (404, ""), "{mode}");
    }
    assert_eq!(world.verify("subscribe", &[]).await.status, 200, "the right one still can");
}

#[tokio::test]
async fn an_end_that_we_did_not_ask_for_is_refused() {
    let world = World::subscribed().await;
    let said = world.verify("unsubscribe", &[]).await;
    assert_eq!((said.status, said.body.as_str()), (404, ""));
    world.pass(SOON);
    world.push_signed().await;
    assert_eq!(world.asked_feed().await, 2, "it goes on");
}

#[tokio::test]
async fn who_does_not_know_the_address_is_told_nothing() {
    let world = World::subscribed().await;
    let other = format!("/hub/{}", "0".repeat(64));
    for path in [&other, "/hub/", "/hub/x", "/hub/%00", "/hub/..%2f..", "/hub"] {
        let query = "hub.mode=subscribe&hub.topic=x&hub.challenge=y";
        assert_eq!(world.call("GET", &format!("{path}?{query}"), &[], "").await.status, 404, "{path}");
        let pushed =
            world.call("POST", path, &[("x-hub-signature", &world.sign("sha1"))], FORGED).await.status;
        assert!(matches!(pushed, 404 | 405), "{path}: {pushed}");
    }
    assert_eq!(world.call("GET", &world.path(), &[], "").await.status, 404);
    assert_eq!(world.call("PUT", &world.path(), &[], "").await.status, 405);
}

#[tokio::test]
async fn one_who_only_looks_verifies_nothing() {
    let world = World::willing().await;
    world.collect().await;
    world.keep().await;
    let topic = world.sent("hub.topic");
    let query = format!("hub.mode=subscribe&hub.topic={topic}&hub.challenge=x&hub.lease_seconds=60");
    assert_eq!(world.call("HEAD", &format!("{}?{query}", world.path()), &[], "").await.status, 404);
    assert_eq!(world.verify("subscribe", &[]).await.status, 200);
}

#[tokio::test]
async fn more_than_a_document_is_refused() {
    let world = World::subscribed().await;
    let said = world.call("POST", &world.path(), &[], &"x".repeat(5_000_001)).await;
    assert_eq!(said.status, 413);
}

#[tokio::test]
async fn a_push_after_the_lease_is_over_is_told_so() {
    let world = World::subscribed().await;
    world.pass(TimeDelta::days(10));
    assert_eq!(world.push_signed().await.status, 410);
}

#[tokio::test]
async fn a_hint_does_not_shorten_a_pause_that_the_source_asked_for() {
    let world = World::subscribed().await;
    let mut state = world.store.sources().await.unwrap().into_values().next().unwrap();
    let pause = Some(start() + TimeDelta::hours(3));
    (state.paused_until, state.next_poll) = (pause, pause);
    let save = tidewaiter::store::Save {
        state,
        arrivals: Vec::new(),
        aliases: Vec::new(),
        habits: None,
        withdrawals: tidewaiter::identity::Withdrawals::default(),
        offered: tidewaiter::hub::discovery::Offered::Same,
        is_hinted: false,
    };
    world.store.save(&[save], "rules", start()).await.unwrap();
    world.pass(SOON);
    world.push_signed().await;
    assert_eq!(world.asked_feed().await, 1);
    world.pass(TimeDelta::hours(3));
    assert_eq!(world.asked_feed().await, 2);
}
