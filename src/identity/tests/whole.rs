//! What happens to whole documents: sites that move, ids that begin anew, strangers, and what is taken back.

use super::past::{Past, day};
use super::remarked;
use crate::identity::{ArrivalKind, Remark, Shelf, Stranger, Withdrawal, habits};

const OLD: [&str; 4] = [
    "1|en/customs-opens.htm|Customs opens|30",
    "2|en/border-closes.htm|Border closes|31",
    "3|en/tariff-list.htm|Tariff list|32",
    "4|en/single-window.htm|Single window|33",
];

#[test]
fn a_move_is_paired_by_the_end_of_the_link_where_titles_change_too() {
    let (remarks, entries) = remarked(&[
        &OLD,
        &[
            "w|news/customs-opens/|News: opening of customs|30",
            "x|news/border-closes/|News: closing of the border|31",
            "y|news/tariff-list/|News: list of tariffs|32",
            "z|news/single-window/|News: one window|33",
        ],
    ]);
    assert_eq!((remarks, entries), (vec![Remark::Moved(4)], 4));
}

#[test]
fn a_move_that_dates_everything_anew_is_paired_by_title() {
    let (remarks, entries) = remarked(&[
        &OLD,
        &["w|a|Customs opens|36", "x|b|Border closes|36", "y|c|Tariff list|36", "z|d|Single window|36"],
    ]);
    assert_eq!((remarks, entries), (vec![Remark::Moved(4), Remark::Redated(4)], 4));
}

#[test]
fn a_series_that_repeats_its_titles_is_no_move() {
    let week = |n: i64| -> Vec<String> {
        ["Monday", "Tuesday", "Wednesday"]
            .iter()
            .enumerate()
            .map(|(at, name)| {
                format!("{n}{at}|{n}/{at}|Rates of {name}|{}", n * 7 + i64::try_from(at).expect("small"))
            })
            .collect()
    };
    let (first, second) = (week(3), week(4));
    let first: Vec<&str> = first.iter().map(String::as_str).collect();
    let second: Vec<&str> = second.iter().map(String::as_str).collect();
    let (remarks, entries) = remarked(&[&first, &second]);
    assert_eq!((remarks, entries), (vec![Remark::AllNew], 6));
}

#[test]
fn what_is_new_when_a_site_moves_is_news() {
    let mut past = Past::default();
    past.read(&OLD, day(40));
    let moved = past.read(
        &["v|e|Fresh words|39", "w|a|Customs opens|30", "x|b|Border closes|31", "y|c|Tariff list|32"],
        day(41),
    );
    let fresh = moved.arrivals.iter().find(|arrival| arrival.kind == ArrivalKind::New).expect("one is new");
    assert_eq!((fresh.shelf, moved.held), (Shelf::Open, 0));
}

#[test]
fn ids_that_begin_anew_are_not_believed() {
    let (remarks, entries) = remarked(&[
        &OLD,
        &["1|x/a|Alpha meets|36", "2|x/b|Beta speaks|37", "3|x/c|Gamma writes|38", "4|x/d|Delta reads|39"],
    ]);
    assert_eq!(entries, 8);
    assert!(remarks.contains(&Remark::ReusedIds(4)), "{remarks:?}");
}

#[test]
fn an_entry_missing_from_the_middle_is_withdrawn_until_it_is_back() {
    let mut past = Past::default();
    let all = ["4|d|D|33", "3|c|C|32", "2|b|B|31", "1|a|A|30"];
    past.read(&all, day(40));
    let gone = past.read(&["4|d|D|33", "2|b|B|31", "1|a|A|30"], day(41));
    assert_eq!(gone.remarks, [Remark::Withdrawn("C".to_owned(), Withdrawal::Missing)]);
    assert_eq!(past.titles.len(), 4, "nothing is deleted");
    let back = past.read(&all, day(42));
    assert_eq!((back.withdrawals.back.len(), back.arrivals.len()), (1, 0));
}

#[test]
fn what_leaves_at_the_end_or_with_many_others_is_not_withdrawn() {
    let all = ["5|e|E|34", "4|d|D|33", "3|c|C|32", "2|b|B|31", "1|a|A|30"];
    assert_eq!(remarked(&[&all, &["5|e|E|34", "4|d|D|33", "3|c|C|32"]]).0, []);
    assert_eq!(remarked(&[&all, &["2|b|B|31", "1|a|A|30"]]).0, []);
    assert_eq!(remarked(&[&all, &[]]).0, []);
}

#[test]
fn a_title_may_say_that_an_entry_is_withdrawn() {
    let said = |title: &str| remarked(&[&["1|a|Opinion 7 on origin|30"], &[&format!("1|a|{title}|30")]]).0;
    let title = "WITHDRAWN: Opinion 7 on origin";
    assert_eq!(said(title), [Remark::Withdrawn(title.to_owned(), Withdrawal::Titled)]);
    assert_eq!(said("Opinion 7 on origin, corrected"), []);
    assert_eq!(remarked(&[&["1|a|Meeting cancelled|30"]]).0, [], "that is what it is about");
}

#[test]
fn a_feed_may_say_that_an_entry_is_deleted() {
    let mut past = Past::default();
    past.read(&OLD, day(40));
    past.deleted = vec!["1".to_owned(), "2".to_owned(), "never seen".to_owned()];
    let gone = past.read(&OLD[1..], day(41));
    let title = "Customs opens".to_owned();
    assert_eq!(
        gone.remarks,
        [Remark::Withdrawn(title, Withdrawal::Deleted)],
        "and what it shows is not deleted"
    );
    assert_eq!(past.read(&OLD[1..], day(42)).remarks, []);
    past.deleted.clear();
    assert_eq!(past.read(&OLD, day(43)).withdrawals.back.len(), 1);
}

const CASINO: [&str; 3] =
    ["x|casino/1|Best bonus ever|37", "y|casino/2|Free spins today|38", "z|casino/3|Poker rooms|39"];

#[test]
fn a_stranger_waits_until_the_old_publication_is_back() {
    let mut past = Past::default();
    past.read(&OLD, day(40));
    let first = past.read(&CASINO, day(41));
    assert_eq!((first.remarks.as_slice(), first.held), (&[Remark::Stranger(Stranger::Subject)][..], 3));
    let second = past.read(&[CASINO[0], CASINO[1], CASINO[2], "v|casino/4|One more|40"], day(42));
    assert_eq!((second.remarks.as_slice(), second.held), (&[Remark::Stranger(Stranger::Still)][..], 1));
    let back = past.read(&OLD, day(43));
    assert_eq!((back.remarks.as_slice(), back.held), (&[][..], 0));
    let news = past.read(&[OLD[0], OLD[1], OLD[2], OLD[3], "5|en/news|Customs news|42"], day(44));
    assert_eq!(news.arrivals[0].shelf, Shelf::Open);
}

#[test]
fn what_a_stranger_makes_of_known_entries_is_not_taken() {
    let mut past = Past::default();
    past.read(&OLD, day(40));
    let defaced = past.read(
        &[
            "1|en/customs-opens.htm|Best bonus ever|30",
            "2|en/border-closes.htm|Free spins today|31",
            "3|en/tariff-list.htm|Poker rooms|32",
        ],
        day(41),
    );
    assert_eq!(defaced.remarks, [Remark::Stranger(Stranger::Rewritten)]);
    assert!(defaced.arrivals.is_empty());
}

#[test]
fn an_accepted_stranger_is_read_whatever_it_says() {
    let mut past = Past::default();
    past.read(&OLD, day(40));
    past.read(&CASINO, day(41));
    past.memory.habits.trust = habits::Trust::Given;
    let next =
        past.read(&["v|casino/4|One more|40", "w|casino/5|Another|40", "q|casino/6|Third|40"], day(42));
    assert_eq!((next.held, past.memory.habits.trust), (0, habits::Trust::Usual));
}

#[test]
fn a_busy_source_after_a_silence_is_no_stranger() {
    let later = ["8|h|Customs closes|37", "9|i|Border opens|38", "10|j|Tariff news|39"];
    assert_eq!(remarked(&[&OLD, &later]).0, [Remark::AllNew]);
}
