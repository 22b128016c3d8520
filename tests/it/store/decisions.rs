//! What staff decided is kept, and in force whatever judges again.

use tidewaiter::model::decision::{Act, Decision};

use super::*;

fn act_on(entry: i64, act: Act) -> Decision {
    Decision { entry: EntryId(entry), at: noon(), by: "Ann".to_owned(), act }
}

fn judgement(outcome: Outcome) -> Judgement {
    let topics = if outcome == Outcome::Drop { Vec::new() } else { vec![topic()] };
    Judgement { outcome, topics }
}

/// Entry 1, of which the rules say this; then staff do that.
async fn decided(store: &Store, outcome: Outcome, acts: &[Act]) {
    store
        .save(&saved(vec![judged(entry(1, 1), ArrivalKind::New, 1, outcome)]), "rules-1", noon())
        .await
        .unwrap();
    decide(store, outcome, acts).await;
}

async fn decide(store: &Store, outcome: Outcome, acts: &[Act]) {
    let decisions: Vec<Decision> = acts.iter().map(|act| act_on(1, act.clone())).collect();
    store.decide(&decisions, &[(&entry(1, 1), judgement(outcome))], "rules-1").await.unwrap();
}

/// Is the entry listed, here and under this topic?
async fn check(store: &Store, topic: &TopicId, listed: bool, after: &str) {
    assert_eq!(store.newest(10).await.unwrap().len(), usize::from(listed), "after {after}");
    assert_eq!(store.newest_of(topic, 10).await.unwrap().len(), usize::from(listed), "after {after}");
}

/// The entry stays as decided (listed under this topic, or not), whoever judges it.
async fn check_stays(store: &Store, topic: &TopicId, listed: bool) {
    check(store, topic, listed, "the decision").await;
    for (rules, outcome) in
        [("rules-2", Outcome::Publish), ("rules-3", Outcome::Drop), ("rules-4", Outcome::Review)]
    {
        store.rejudge(&[(&entry(1, 1), judgement(outcome))], rules).await.unwrap();
        check(store, topic, listed, rules).await;
        for kind in [ArrivalKind::Changed, ArrivalKind::Retouched, ArrivalKind::New] {
            let arrival = judged(entry(1, 1), kind, 2, outcome);
            store.save(&saved(vec![arrival]), rules, noon()).await.unwrap();
            check(store, topic, listed, &format!("{kind:?} under {rules}")).await;
        }
    }
}

#[tokio::test]
async fn every_act_is_read_back_in_its_order() {
    each_store(async |store| {
        let acts = [
            Act::Accept,
            Act::Reject,
            Act::Leave,
            Act::Pin,
            Act::Unpin,
            Act::Retitle(Some("It's \"new\"".to_owned())),
            Act::Retitle(None),
            Act::Note(Some("**A**\n\nb".to_owned())),
            Act::Note(None),
            Act::Topics(Some(vec![topic(), TopicId::parse("a-b").unwrap()])),
            Act::Topics(None),
        ];
        decided(&store, Outcome::Publish, &acts).await;
        decide(&store, Outcome::Publish, &acts).await;
        let expected: Vec<Decision> = acts.iter().chain(&acts).map(|act| act_on(1, act.clone())).collect();
        assert_eq!(store.decisions().await.unwrap(), expected);
        assert_eq!(store.decisions_of(&[EntryId(2), EntryId(1)]).await.unwrap(), expected);
        assert!(store.decisions_of(&[EntryId(2)]).await.unwrap().is_empty());
    })
    .await;
}

#[tokio::test]
async fn a_rejected_entry_stays_out_whoever_judges_it() {
    each_store(async |store| {
        decided(&store, Outcome::Publish, &[Act::Reject]).await;
        check_stays(&store, &topic(), false).await;
    })
    .await;
}

#[tokio::test]
async fn an_accepted_entry_stays_in_where_staff_filed_it() {
    each_store(async |store| {
        let own = TopicId::parse("own").unwrap();
        decided(&store, Outcome::Drop, &[Act::Accept, Act::Topics(Some(vec![own.clone()]))]).await;
        check_stays(&store, &own, true).await;
        assert!(store.newest_of(&topic(), 10).await.unwrap().is_empty());
    })
    .await;
}

#[tokio::test]
async fn what_is_left_to_the_rules_is_theirs_again() {
    each_store(async |store| {
        decided(&store, Outcome::Publish, &[Act::Reject]).await;
        decide(&store, Outcome::Publish, &[Act::Leave]).await;
        check(&store, &topic(), true, "leaving it").await;
        decide(&store, Outcome::Drop, &[Act::Accept]).await;
        decide(&store, Outcome::Drop, &[Act::Leave]).await;
        check(&store, &topic(), false, "leaving it").await;
    })
    .await;
}

#[tokio::test]
async fn who_accepts_an_entry_takes_it_off_its_shelf() {
    for shelf in [Shelf::Held, Shelf::Backlog] {
        each_store(async |store| {
            let mut held = judged(entry(1, 1), ArrivalKind::New, 1, Outcome::Publish);
            held.arrival.shelf = shelf;
            store.save(&saved(vec![held]), "rules-1", noon()).await.unwrap();
            check(&store, &topic(), false, "arriving").await;
            decide(&store, Outcome::Publish, &[Act::Accept]).await;
            check(&store, &topic(), true, "accepting it").await;
            store.rejudge(&[(&entry(1, 1), judgement(Outcome::Publish))], "rules-2").await.unwrap();
            check(&store, &topic(), true, "new rules").await;
            decide(&store, Outcome::Publish, &[Act::Leave]).await;
            check(&store, &topic(), false, "leaving it").await;
        })
        .await;
    }
}

#[tokio::test]
async fn a_rejected_entry_stays_out_when_its_source_is_accepted() {
    each_store(async |store| {
        let mut held = judged(entry(1, 1), ArrivalKind::New, 1, Outcome::Publish);
        held.arrival.shelf = Shelf::Held;
        store.save(&saved(vec![held]), "rules-1", noon()).await.unwrap();
        decide(&store, Outcome::Publish, &[Act::Reject]).await;
        let publishes = |_: &Entry| judgement(Outcome::Publish);
        assert_eq!(store.accept(&source(), "rules-1", publishes).await.unwrap(), Some(1));
        store.rejudge(&[(&entry(1, 1), judgement(Outcome::Publish))], "rules-1").await.unwrap();
        check(&store, &topic(), false, "accepting its source").await;
    })
    .await;
}

#[tokio::test]
async fn what_waits_is_what_nobody_has_settled() {
    each_store(async |store| {
        let mut arrivals: Vec<Judged> = [Outcome::Review, Outcome::Publish, Outcome::Drop, Outcome::Review]
            .into_iter()
            .zip(1..)
            .map(|(outcome, id)| judged(entry(id, id), ArrivalKind::New, 1, outcome))
            .collect();
        for (outcome, id) in [(Outcome::Publish, 5), (Outcome::Drop, 6)] {
            let mut held = judged(entry(id, id), ArrivalKind::New, 1, outcome);
            held.arrival.shelf = Shelf::Held;
            arrivals.push(held);
        }
        store.save(&saved(arrivals), "rules-1", noon()).await.unwrap();
        let waiting = async |limit| -> Vec<(i64, Shelf)> {
            let waiting = store.waiting(limit).await.unwrap();
            waiting.into_iter().map(|(entry, shelf)| (entry.id.0, shelf)).collect()
        };
        assert_eq!(waiting(9).await, [(1, Shelf::Open), (4, Shelf::Open), (5, Shelf::Held)]);
        assert_eq!(waiting(1).await, [(1, Shelf::Open)]);
        for (id, act, verdict) in [
            (1, Act::Reject, Outcome::Review),
            (5, Act::Accept, Outcome::Publish),
            (4, Act::Pin, Outcome::Review),
        ] {
            let said = entry(id, id);
            store.decide(&[act_on(id, act)], &[(&said, judgement(verdict))], "rules-1").await.unwrap();
        }
        assert_eq!(waiting(9).await, [(4, Shelf::Open)], "a pin settles nothing");
    })
    .await;
}

#[tokio::test]
async fn what_is_pinned_is_found_whatever_its_age_if_it_is_published() {
    each_store(async |store| {
        let pinned = async || store.pinned().await.unwrap().len();
        decided(&store, Outcome::Publish, &[Act::Pin]).await;
        assert_eq!(pinned().await, 1);
        decide(&store, Outcome::Publish, &[Act::Unpin]).await;
        assert_eq!(pinned().await, 0);
        decide(&store, Outcome::Publish, &[Act::Pin, Act::Reject]).await;
        assert_eq!(pinned().await, 0);
    })
    .await;
}
