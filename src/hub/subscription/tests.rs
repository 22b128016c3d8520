//! The ways that a subscription goes.

use proptest::prelude::*;

use super::*;

const TOPIC: &str = "https://s.example/feed";
const MINUTE: i64 = 60;
const HOUR: i64 = 60 * MINUTE;
const DAY: i64 = 24 * HOUR;

fn at(seconds: i64) -> DateTime<Utc> {
    DateTime::from_timestamp(1_516_000_000 + seconds, 0).expect("a time")
}

fn new() -> Subscription {
    let url = |text| Url::parse(text).expect("an URL");
    let source = SourceId::parse("a").expect("an id");
    let wish = Wish { source, hub: url("https://h.example/"), topic: TOPIC.to_owned() };
    Subscription::new("token".to_owned(), "secret".to_owned(), &url("https://us.example/hub/"), wish, at(0))
}

/// One that was asked for at 0.
fn asked() -> Subscription {
    let mut subscription = new();
    assert_eq!(subscription.step(at(0)), Step::Ask);
    subscription
}

/// One that was verified at 0.
fn active(lease: i64) -> Subscription {
    let mut subscription = asked();
    assert_eq!(subscription.hear(subscribe(Some(lease)), at(0)), confirmed());
    subscription
}

/// One whose end was asked for at `time`.
fn leaving(time: i64) -> Subscription {
    let mut subscription = active(10 * DAY);
    assert!(subscription.leave(at(time)));
    assert_eq!(subscription.step(at(time)), Step::Ask);
    subscription
}

fn subscribe(lease: Option<i64>) -> Asked {
    let lease = lease.map(TimeDelta::seconds);
    Asked { topic: TOPIC.to_owned(), what: What::Subscribe { challenge: "c".to_owned(), lease } }
}

fn unsubscribe() -> Asked {
    Asked { topic: TOPIC.to_owned(), what: What::Unsubscribe { challenge: "c".to_owned() } }
}

fn denied() -> Asked {
    Asked { topic: TOPIC.to_owned(), what: What::Denied { reason: "no".to_owned() } }
}

fn confirmed() -> Heard {
    Heard::Confirmed("c".to_owned())
}

/// Hears this at this time; nothing may have changed when it is not known.
fn check_heard(mut subscription: Subscription, asked: Asked, time: i64, heard: &Heard) {
    let before = subscription.clone();
    assert_eq!(&subscription.hear(asked, at(time)), heard);
    assert_eq!(subscription == before, *heard == Heard::Unknown || matches!(heard, Heard::Left(_)));
}

#[test]
fn what_we_asked_for_is_confirmed() {
    check_heard(asked(), subscribe(Some(DAY)), MINUTE, &confirmed());
    check_heard(asked(), subscribe(None), MINUTE, &confirmed());
}

#[test]
fn what_we_did_not_ask_for_is_not() {
    check_heard(new(), subscribe(Some(DAY)), 0, &Heard::Unknown);
    check_heard(asked(), unsubscribe(), MINUTE, &Heard::Unknown);
    check_heard(active(DAY), unsubscribe(), MINUTE, &Heard::Unknown);
    check_heard(leaving(MINUTE), subscribe(Some(DAY)), MINUTE, &Heard::Unknown);
    check_heard(asked(), subscribe(Some(DAY)), HOUR, &Heard::Unknown);
}

#[test]
fn nor_another_topic() {
    for mut foreign in [subscribe(Some(DAY)), unsubscribe(), denied()] {
        foreign.topic = "https://s.example/feed2".to_owned();
        check_heard(asked(), foreign.clone(), MINUTE, &Heard::Unknown);
        check_heard(leaving(0), foreign, MINUTE, &Heard::Unknown);
    }
}

#[test]
fn one_request_is_verified_once() {
    check_heard(active(DAY), subscribe(Some(60 * DAY)), MINUTE, &Heard::Unknown);
}

#[test]
fn an_end_that_we_asked_for_is_confirmed() {
    check_heard(leaving(MINUTE), unsubscribe(), 2 * MINUTE, &Heard::Left("c".to_owned()));
}

#[test]
fn a_refusal_is_remembered_for_a_month() {
    for mut subscription in [asked(), active(DAY)] {
        assert_eq!(subscription.hear(denied(), at(MINUTE)), Heard::Denied);
        assert_eq!(subscription.problem.as_deref(), Some("denied: no"));
        assert_eq!(subscription.step(at(MINUTE + 30 * DAY - 1)), Step::Wait);
        assert_eq!(subscription.hear(subscribe(Some(DAY)), at(MINUTE)), Heard::Unknown);
        assert_eq!(subscription.step(at(MINUTE + 30 * DAY)), Step::Forget);
    }
}

/// When it asks next.
fn check_renewal(lease: i64, seconds: i64) {
    let mut subscription = active(lease);
    assert_eq!(subscription.next, Some(at(seconds)), "{lease}");
    assert_eq!(subscription.step(at(seconds - 1)), Step::Wait);
    assert_eq!(subscription.step(at(seconds)), Step::Ask);
}

#[test]
fn a_lease_is_renewed_before_it_ends_and_never_in_a_hurry() {
    check_renewal(8 * DAY, 6 * DAY);
    check_renewal(1_000_000 * DAY, 45 * DAY);
    check_renewal(60, 5 * MINUTE);
    check_renewal(0, 5 * MINUTE);
    check_renewal(-DAY, 5 * MINUTE);
}

#[test]
fn while_it_is_renewed_it_goes_on() {
    let mut subscription = active(8 * DAY);
    assert_eq!(subscription.step(at(6 * DAY)), Step::Ask);
    subscription.refused("down", None, at(6 * DAY));
    assert_eq!(subscription.stage, Stage::Active);
    assert_eq!(subscription.step(at(6 * DAY + HOUR)), Step::Ask);
    assert_eq!(subscription.hear(subscribe(Some(8 * DAY)), at(7 * DAY)), Heard::Unknown);
    assert_eq!(subscription.hear(subscribe(Some(8 * DAY)), at(6 * DAY + HOUR)), confirmed());
    assert_eq!((subscription.ends, subscription.failures), (Some(at(14 * DAY + HOUR)), 0));
}

#[test]
fn what_was_not_renewed_is_over_and_asked_for_again() {
    let mut subscription = active(8 * DAY);
    assert_eq!(subscription.step(at(9 * DAY)), Step::Ask);
    assert_eq!(subscription.stage, Stage::Wanted);
}

#[test]
fn a_hub_that_fails_is_asked_ever_more_rarely() {
    let mut subscription = asked();
    let mut time = 0;
    for hours in [1, 2, 4, 8, 16, 24, 24] {
        subscription.refused("down", None, at(time));
        time += hours * HOUR;
        assert_eq!(subscription.next, Some(at(time)));
        assert_eq!(subscription.step(at(time)), Step::Ask);
    }
    subscription.refused("busy", Some(at(100 * DAY)), at(time));
    assert_eq!(subscription.next, Some(at(100 * DAY)), "the time that it names counts");
}

#[test]
fn a_hub_that_never_verifies_has_failed_too() {
    let mut subscription = asked();
    assert_eq!(subscription.step(at(HOUR)), Step::Wait);
    assert_eq!((subscription.failures, subscription.next), (1, Some(at(2 * HOUR))));
}

#[test]
fn a_failure_after_the_hub_has_verified_is_none() {
    let mut subscription = active(DAY);
    let before = subscription.clone();
    subscription.refused("broke off", None, at(MINUTE));
    assert_eq!(subscription, before);
}

#[test]
fn a_hub_that_does_not_hear_goodbye_is_left() {
    let mut subscription = leaving(0);
    for time in [0, 2 * HOUR] {
        subscription.refused("down", None, at(time));
        assert_eq!(subscription.step(at(time + 4 * HOUR)), Step::Ask);
    }
    subscription.refused("down", None, at(6 * HOUR));
    assert_eq!(subscription.step(at(10 * HOUR)), Step::Forget);
    assert_eq!(leaving(0).step(at(10 * DAY)), Step::Forget, "its lease is over");
}

#[test]
fn only_a_hub_that_has_verified_is_told_of_the_end() {
    assert!(!new().leave(at(0)));
    assert!(!asked().leave(at(0)));
    assert!(active(DAY).leave(at(0)));
}

#[test]
fn a_request_says_what_the_recommendation_asks_for() {
    assert_eq!(
        asked().form(),
        "hub.callback=https%3A%2F%2Fus.example%2Fhub%2Ftoken&hub.mode=subscribe\
         &hub.topic=https%3A%2F%2Fs.example%2Ffeed&hub.lease_seconds=864000&hub.secret=secret"
    );
    assert_eq!(
        leaving(0).form(),
        "hub.callback=https%3A%2F%2Fus.example%2Fhub%2Ftoken&hub.mode=unsubscribe&hub.topic=https%3A%2F%2Fs.example%2Ffeed"
    );
}

/// By somebody who does not know the secret.
const SIGNED: &str = "sha1=8d1e4f35a3a3ad7bc5bcdc8d6a5e1f1d4f2c6d7f";

#[test]
fn an_unsigned_push_is_ignored() {
    assert_eq!(active(DAY).push(None, b"new", at(MINUTE)), Pushed::Ignored);
    assert_eq!(active(DAY).push(Some(SIGNED), b"other", at(MINUTE)), Pushed::Ignored);
}

#[test]
fn a_push_counts_only_while_the_lease_lasts() {
    let tag = ring::hmac::sign(&ring::hmac::Key::new(ring::hmac::HMAC_SHA256, b"secret"), b"new");
    let hex: String = tag.as_ref().iter().map(|byte| format!("{byte:02x}")).collect::<Vec<_>>().concat();
    let signed = format!("sha256={hex}");
    let push = |subscription: &Subscription, time| subscription.push(Some(&signed), b"new", at(time));
    assert_eq!(push(&active(DAY), MINUTE), Pushed::Hint);
    assert_eq!(push(&active(DAY), DAY), Pushed::Over);
    assert_eq!(push(&asked(), MINUTE), Pushed::Over);
    assert_eq!(push(&leaving(0), MINUTE), Pushed::Over);
}

/// Anything that can happen to a subscription.
fn happen(subscription: &mut Subscription, what: u8, lease: i64, now: DateTime<Utc>) {
    match what {
        0 => drop(subscription.step(now)),
        1 => subscription.refused("down", None, now),
        2 => drop(subscription.hear(subscribe(Some(lease)), now)),
        3 => drop(subscription.hear(unsubscribe(), now)),
        4 => drop(subscription.leave(now)),
        _ => drop(subscription.push(None, b"", now)),
    }
}

proptest! {
    #[test]
    fn whatever_happens_it_goes_on(events in prop::collection::vec((0_u8..6, any::<i64>(), 0..3 * DAY), 0..60)) {
        let (mut subscription, mut time) = (new(), 0);
        for (what, lease, pause) in events {
            time += pause;
            happen(&mut subscription, what, lease / 2_000_000, at(time));
            prop_assert!(subscription.next.is_some(), "nobody denied it");
            prop_assert!(subscription.next <= Some(at(time) + LONGEST_LEASE));
        }
    }
}
