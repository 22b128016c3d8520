//! What is recognised over several readings of a source: each test is a list of documents, as a source gave them.

mod history;
mod past;
mod whole;

use chrono::TimeDelta;
use proptest::prelude::*;

use super::*;
use crate::config::Config;
use crate::model::entry::DateOrigin;
use crate::model::source::Source;
use past::{Past, day};

const CONFIG: &str = r#"
[site]
title = "T"
organisation = "O"
url = "https://b.example/"
home = "https://o.example/"
contact = "a@o.example"
tag = "o.example,2018"
[[source]]
id = "s"
title = "S"
url = "https://s.example/feed"
max_age = "100d"
"#;

fn source() -> Source {
    Config::parse(CONFIG).expect("a configuration").sources.remove(0)
}

/// The titles of all entries ever stored, after these readings on days 40, 41, …
fn check(readings: &[&[&str]], titles: &[&str]) -> Past {
    let mut past = Past::default();
    for (at, lines) in readings.iter().enumerate() {
        past.read(lines, day(40 + i64::try_from(at).expect("few readings")));
    }
    let mut found: Vec<&str> = past.titles.values().map(String::as_str).collect();
    found.sort_unstable();
    assert_eq!(found, titles);
    past
}

#[test]
fn an_id_that_is_an_address_may_change_its_dress() {
    check(&[&["http://S.example/1/|1|A|1"], &["https://www.s.example/1|1|A|1"]], &["A"]);
}

#[test]
fn ids_that_change_at_every_reading_are_given_up_for_links() {
    let reading = |n: u8| -> Vec<String> { (0..4).map(|i| format!("{n}-{i}|{i}|T{i}|{i}")).collect() };
    let mut past = Past::default();
    for n in 0..3 {
        let lines = reading(n);
        past.read(&lines.iter().map(String::as_str).collect::<Vec<_>>(), day(40 + i64::from(n)));
    }
    assert_eq!((past.titles.len(), past.policy), (4, Some(Policy::Link)));
    let aliases = past.memory.aliases.len();
    let lines = reading(9);
    past.read(&lines.iter().map(String::as_str).collect::<Vec<_>>(), day(50));
    assert_eq!(past.memory.aliases.len(), aliases, "worthless ids are not collected");
}

#[test]
fn a_site_that_moves_keeps_its_entries() {
    let past = check(
        &[
            &["a|old/1|First|1", "b|old/2|Second|2", "c|old/3|Third|3", "d|old/4|Fourth|4"],
            &["w|new/1|First|1", "x|new/2|Second|3", "y|new/3|Third|2", "z|new/4|Fourth|3"],
        ],
        &["First", "Fourth", "Second", "Third"],
    );
    assert_eq!(past.held, 0);
}

#[test]
fn a_document_of_which_nothing_is_known_is_noticed() {
    let mut past = Past::default();
    let mut all_new = |lines: &[&str], at| {
        past.read(lines, day(at)).remarks.iter().any(|r| matches!(r, Remark::AllNew | Remark::Stranger(_)))
    };
    assert!(!all_new(&["a|1|A|1", "b|2|B|2", "c|3|C|3"], 40), "the first reading");
    assert!(!all_new(&["c|3|C|3", "d|4|D|4", "e|5|E|5"], 41), "one is left");
    assert!(!all_new(&["f|6|F|6", "g|7|G|7"], 42), "two may happen");
    assert!(all_new(&["x|10|X|10", "y|11|Y|11", "z|12|Z|12"], 43));
}

#[test]
fn two_entries_may_share_an_id() {
    check(&[&["a|1|First|1"], &["a|1|First|1", "a|2|Second|2"]], &["First", "Second"]);
}

#[test]
fn without_id_a_new_title_under_the_old_link_is_the_same_entry() {
    check(&[&["|1|First|1"], &["|1|First, corrected|1"]], &["First, corrected"]);
}

#[test]
fn without_id_and_link_title_and_date_have_to_do() {
    check(&[&["||First|1", "||Second|1"], &["||First|1", "||Second|1"]], &["First", "Second"]);
}

#[test]
fn without_anything_but_text_the_text_has_to_do() {
    let past = check(&[&["||||Some words"], &["||||Some words"]], &["Some words"]);
    assert_eq!(past.titles.len(), 1);
}

#[test]
fn a_series_at_one_link_is_many_entries() {
    check(
        &[
            &["n31|bulletin|Bulletin 31|7"],
            &["n32|bulletin|Bulletin 32|14"],
            &["n33|bulletin|Bulletin 33|21"],
        ],
        &["Bulletin 31", "Bulletin 32", "Bulletin 33"],
    );
}

#[test]
fn an_id_counts_before_a_link_wherever_it_stands() {
    let past = check(&[&["a|b|First|1"], &["|b|Second|2", "a|c|First|1"]], &["First", "Second"]);
    assert_eq!(past.titles.len(), 2);
}

#[test]
fn an_entry_that_comes_back_is_no_new_one() {
    check(&[&["a|1|First|1", "b|2|Second|2"], &["b|2|Second|2"], &["a|1|First|1"]], &["First", "Second"]);
}

#[test]
fn the_first_date_counts() {
    let mut past = Past::default();
    past.read(&["a|1|First|30"], day(40));
    past.read(&["a|1|First|35"], day(41));
    let known = past.memory.entries.values().next().expect("an entry");
    assert_eq!((known.published, known.version), (Some(day(30)), 1));
}

#[test]
fn a_date_in_the_future_is_none() {
    let mut past = Past::default();
    let arrival = past.read(&["a|1|First|99"], day(40)).arrivals.remove(0);
    assert_eq!((arrival.entry.published, arrival.entry.date_origin), (None, DateOrigin::FirstSeen));
    assert_eq!(arrival.entry.listed, day(40), "it is dated, if wrongly: no archive");
    assert_eq!(arrival.kind, ArrivalKind::New);
    let evening = past.read(&["b|2|Second|41"], day(41) - TimeDelta::hours(9)).arrivals.remove(0);
    assert_eq!(evening.entry.published, Some(day(41) - TimeDelta::hours(9)), "tomorrow has begun elsewhere");
}

#[test]
fn what_a_feed_dates_some_days_ahead_waits_for_its_date_and_may_be_released_earlier() {
    let mut past = Past::default();
    let identified = past.read(&["a|1|First|43"], day(40));
    assert_eq!(identified.remarks, [Remark::Embargoed(1)]);
    let entry = &identified.arrivals[0].entry;
    assert_eq!((entry.published, entry.listed, entry.first_seen), (Some(day(43)), day(43), day(40)));
    assert!(past.read(&["a|1|First|43"], day(41)).arrivals.is_empty());
    let retold = past.read(&["a|1|First corrected|43"], day(41)).arrivals.remove(0).entry;
    assert_eq!(
        (retold.published, retold.changed),
        (Some(day(43)), day(43)),
        "nobody has seen the first title"
    );
    let released = past.read(&["a|1|First corrected|42"], day(42)).arrivals.remove(0).entry;
    assert_eq!((released.published, released.changed), (Some(day(42)), day(42)));
    assert!(
        past.read(&["a|1|First corrected|45"], day(44)).arrivals.is_empty(),
        "it has come: no other date counts"
    );
    assert_eq!(
        past.read(&["b|2|Second|52"], day(44)).arrivals[0].entry.published,
        None,
        "too far ahead to be meant"
    );
}

#[test]
fn an_archive_is_no_news() {
    let mut past = Past::default();
    let place = |identified: Identified| (identified.arrivals[0].shelf, identified.arrivals[0].entry.listed);
    let (shelf, listed) = place(past.read(&["a|1|First"], day(40)));
    assert!(shelf == Shelf::Open && listed < day(-3000), "undated, at the first reading: behind everything");
    assert_eq!(place(past.read(&["b|2|Second"], day(41))), (Shelf::Open, day(41)), "undated, but new since");
    assert_eq!(place(past.read(&["c|3|Third|-80"], day(42))).0, Shelf::Backlog, "older than max_age");
}

#[test]
fn white_space_is_retouched_words_are_changed() {
    let mut past = Past::default();
    past.read(&["a|1|First|1|some words"], day(40));
    assert!(past.read(&["a|1|First|1|some words"], day(41)).arrivals.is_empty());
    let kind = |identified: Identified| (identified.arrivals[0].kind, identified.arrivals[0].entry.changed);
    assert_eq!(kind(past.read(&["a|1|FIRST|1|some words"], day(42))), (ArrivalKind::Retouched, day(1)));
    assert_eq!(kind(past.read(&["a|1|First|1|other words"], day(43))), (ArrivalKind::Changed, day(43)));
}

/// The day of the last change that members were told of, after a text of each of these days from day 40.
fn told(texts: impl Iterator<Item = String>) -> i64 {
    let mut past = Past::default();
    for (at, text) in (40..).zip(texts) {
        past.read(&[&format!("a|1|First|1|{text}")], day(at));
    }
    let known = past.memory.entries.values().next().expect("an entry");
    (known.changed - day(0)).num_days()
}

#[test]
fn a_text_that_always_changes_is_believed_a_dozen_times() {
    let words = (0..40).map(|n| format!("read also {}", "x".repeat(n + 1)));
    assert_eq!(told(words), 40 + i64::from(change::NOISY_AFTER) - 1);
}

#[test]
fn numbers_are_believed_less_often_and_counters_never() {
    assert_eq!(told((0..40).map(|n| format!("the rate is {n} percent"))), 42);
    assert_eq!(told((0..40).map(|n| format!("some words. {n} comments, read at 1{}:30", n % 10))), 1);
}

#[test]
fn a_new_title_is_always_told() {
    let mut past = Past::default();
    for n in 0..40 {
        past.read(&[&format!("a|1|First|1|words {}", "x".repeat(n + 1))], day(40));
    }
    past.read(&["a|1|First, corrected|1|it is late"], day(99));
    assert_eq!(past.memory.entries.values().next().expect("an entry").changed, day(99));
}

/// Reads these documents on days 40, 41, … and gives what was remarked of the last one, and how many entries there are.
fn remarked(readings: &[&[&str]]) -> (Vec<Remark>, usize) {
    let mut past = Past::default();
    let mut last = Vec::new();
    for (at, lines) in (40..).zip(readings) {
        last = past.read(lines, day(at)).remarks;
    }
    (last, past.titles.len())
}

#[test]
fn ids_that_flip_between_two_schemes_make_no_entries() {
    let good = ["1|a|A|30", "2|b|B|31", "3|c|C|32"];
    let one_for_all = ["0|a|A|30", "0|b|B|31", "0|c|C|32"];
    let none = ["|a|A|30", "|b|B|31", "|c|C|32"];
    check(&[&good, &one_for_all, &good, &none, &one_for_all, &good], &["A", "B", "C"]);
}

#[test]
fn one_id_and_one_link_for_all_leave_the_titles() {
    check(&[&["0|x|A|30"], &["0|x|A|30", "0|x|B|31"], &["0|x|B|31", "0|x|C|32"]], &["A", "B", "C"]);
}

#[test]
fn a_series_without_ids_and_links_is_told_apart_by_date() {
    check(&[&["||Weekly|1"], &["||Weekly|8", "||Weekly|1"], &["||Weekly|8"]], &["Weekly", "Weekly"]);
}

#[test]
fn a_source_that_dates_everything_anew_is_remarked_and_not_believed() {
    let readings: [&[&str]; 2] =
        [&["1|a|A|30", "2|b|B|31", "3|c|C|32"], &["1|a|A|40", "2|b|B|40", "3|c|C|40"]];
    assert_eq!(remarked(&readings), (vec![Remark::Redated(3)], 3));
}

#[test]
fn an_entry_announced_for_later_appears_once() {
    let mut past = Past::default();
    past.read(&["1|a|A|60"], day(40));
    assert!(past.read(&["1|a|A|60"], day(50)).arrivals.is_empty());
    assert!(past.read(&["1|a|A|61"], day(61)).arrivals.is_empty(), "its release is no second entry");
    assert_eq!(past.titles.len(), 1);
}

#[test]
fn what_is_announced_for_later_stands_where_it_was_first_seen() {
    let mut past = Past::default();
    let listed = |past: &Past| -> Vec<String> {
        let mut all: Vec<_> = past.stored.values().collect();
        all.sort_by_key(|entry| std::cmp::Reverse(entry.listed));
        all.into_iter().map(|entry| entry.title.clone()).collect()
    };
    past.read(&["1|a|Later|60"], day(40));
    past.read(&["2|b|News|41", "1|a|Later|60"], day(41));
    assert_eq!(listed(&past), ["News", "Later"], "not on top before its day");
    past.read(&["1|a|Later|60|with a text", "2|b|News|41"], day(60));
    assert_eq!(listed(&past), ["News", "Later"], "told as changed, not as new");
    assert_eq!(past.stored.len(), 2);
}

#[test]
fn what_changes_in_most_entries_at_once_is_noise() {
    let reading = |n: usize| -> Vec<String> {
        (0..4).map(|at| format!("{at}|{at}|Title {at}|30|text {at}, most read: {}", "x".repeat(n))).collect()
    };
    let mut past = Past::default();
    let mut remarks = Vec::new();
    for n in 1..6 {
        let lines = reading(n);
        let lines: Vec<&str> = lines.iter().map(String::as_str).collect();
        remarks = past.read(&lines, day(40)).remarks;
    }
    assert_eq!(remarks, [Remark::Noisy]);
    assert!(past.memory.entries.values().all(|known| known.changed == day(30) && known.version == 1));
}

#[test]
fn the_evidence_for_the_policy_is_recorded() {
    let evidence = |lines: &[&str]| {
        let mut past = Past::default();
        past.read(lines, day(40));
        (past.policy.expect("read"), past.memory.habits.evidence)
    };
    let (policy, why) = evidence(&["0|a|A|1", "0|b|B|2", "0|c|C|3"]);
    assert_eq!((policy, why.contains("only 0 of 3 entries had an id")), (Policy::Link, true));
    assert_eq!(evidence(&["1|a|A|1"]).0, Policy::Id);
    assert_eq!(evidence(&["0|a|A|1", "0|a|B|2"]).0, Policy::Title);
    assert_eq!(evidence(&[]), (Policy::Id, "nothing to choose by yet".to_owned()));
}

#[test]
fn entries_that_share_ids_and_links_crosswise_are_recognised_again() {
    let mut past = Past::default();
    for lines in [vec!["a|c|b|"], vec!["a|a|c|", "c|||", "c|c|c|"]] {
        past.read(&lines, day(40));
        let known: Vec<EntryId> = past.titles.keys().copied().collect();
        past.read(&lines, day(41));
        assert_eq!(past.titles.keys().copied().collect::<Vec<_>>(), known);
    }
}

fn lines() -> impl Strategy<Value = Vec<String>> {
    let part = || prop_oneof![Just(""), Just("a"), Just("b"), Just("c")];
    prop::collection::vec((part(), part(), part(), prop_oneof![Just(""), Just("1"), Just("2")]), 0..8)
        .prop_map(|entries| {
            entries.into_iter().map(|(id, link, title, day)| format!("{id}|{link}|{title}|{day}")).collect()
        })
}

proptest! {
    /// Whatever a source does with ids, links and titles: the same document twice is stored once.
    #[test]
    fn the_same_document_again_makes_no_entry(documents in prop::collection::vec(lines(), 1..4)) {
        let mut past = Past::default();
        for lines in &documents {
            let lines: Vec<&str> = lines.iter().map(String::as_str).collect();
            past.read(&lines, day(40));
            let known: Vec<EntryId> = past.titles.keys().copied().collect();
            past.read(&lines, day(41));
            prop_assert_eq!(past.titles.keys().copied().collect::<Vec<_>>(), known);
        }
    }

    /// In whatever order a first document lists its entries, each gets the id it always gets.
    #[test]
    fn the_order_of_a_document_does_not_matter(lines in lines()) {
        let read = |lines: &[&str]| {
            let mut past = Past::default();
            past.read(lines, day(40));
            past.titles
        };
        let forward: Vec<&str> = lines.iter().map(String::as_str).collect();
        let backward: Vec<&str> = forward.iter().rev().copied().collect();
        prop_assert_eq!(read(&forward), read(&backward));
    }
}
