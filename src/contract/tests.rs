//! Contracts held and broken, by readings of a few words.

use chrono::{DateTime, TimeDelta, Utc};
use url::Url;

use super::shape::Shape;
use super::{Given, Judged, judge, quiet};
use crate::model::language::Language;
use crate::model::source::{
    Contract, Field, Part, Rank, Reuse, Robots, Selectors, Source, SourceId, SourceKind,
};
use crate::parse::Input;
use crate::parse::listing::{self, Listing};

fn now() -> DateTime<Utc> {
    DateTime::parse_from_rfc3339("2026-11-24T12:00:00Z").expect("a time").to_utc()
}

fn source(contract: Option<Contract>) -> Source {
    Source {
        id: SourceId::parse("wco").expect("an id"),
        title: "WCO".into(),
        url: Url::parse("https://customs.example/list").expect("an address"),
        kind: SourceKind::Page(Selectors {
            item: "h3 a.headline".into(),
            date: Some(Part::Before("p.date".into())),
            summary: Some(Part::After("p.lead".into())),
            min_entries: 1,
            ..Selectors::default()
        }),
        enabled: true,
        language: None,
        interval: TimeDelta::hours(6),
        context: false,
        rank: Rank::Partner,
        topics: Vec::new(),
        reuse: Reuse::Excerpt,
        credit: None,
        robots: Robots::Obey,
        hub: false,
        timeout: TimeDelta::seconds(60),
        max_bytes: 1_000_000,
        max_age: None,
        keep_link: None,
        drop_link: None,
        ended_marker: None,
        contract,
    }
}

/// So many entries; those from `undated` on have no date, and the class is that of the headlines.
fn page(entries: usize, undated: usize, class: &str) -> String {
    let entry = |number: usize| {
        let date = if number < undated { "<p class=date>3 November 2026</p>" } else { "" };
        format!(
            "{date}<h3><a class={class} href=/n/{number}>The news of the day, number {number}</a></h3><p class=lead>Lead.</p>"
        )
    };
    (0..entries).map(entry).collect()
}

fn read(source: &Source, html: &str) -> Listing {
    let input = Input {
        bytes: html.as_bytes(),
        content_type: Some("text/html"),
        base: Some(&source.url),
        ..Input::default()
    };
    listing::read(input, &source.kind).expect("a page")
}

fn whole(listing: &Listing) -> Given<'_> {
    Given { listing, on_first: listing.document.entries.len(), dropped: 0 }
}

fn judged(source: &Source, html: &str, last: Option<(usize, usize)>) -> Judged {
    let on = now() - TimeDelta::days(21);
    let listing = read(source, html);
    let now_found = Shape::of(source, &listing.document.entries, now());
    let last = last.map(|(entries, dated)| Shape { on, entries, dated, ..now_found });
    judge(source, whole(&listing), last.as_ref(), now())
}

/// The last reading is given as entries and how many of them were dated. `expected` is the beginning of
/// `kind: message`; empty: nothing is broken.
fn check(contract: impl Into<Option<Contract>>, html: &str, last: Option<(usize, usize)>, expected: &str) {
    let said = judged(&source(contract.into()), html, last).broken;
    let said = said.map(|broken| format!("{}: {}", broken.kind, broken.message)).unwrap_or_default();
    assert!(said.starts_with(expected) && said.is_empty() == expected.is_empty(), "{said}");
}

fn check_warning(html: &str, last: Option<(usize, usize)>, expected: &str) {
    assert_eq!(judged(&source(None), html, last).warnings.join("; "), expected);
}

fn contract(change: impl FnOnce(&mut Contract)) -> Contract {
    let mut contract = Contract { min_entries: 3, ..Contract::default() };
    change(&mut contract);
    contract
}

#[test]
fn what_is_as_it_was_is_good() {
    let all = contract(|contract| {
        contract.required = vec![Field::Link, Field::Date, Field::Summary];
        contract.dated = Some(100);
        contract.language = Language::parse("en");
    });
    check(all.clone(), &page(24, 24, "headline"), Some((24, 24)), "");
    check(all, &page(24, 24, "headline"), None, "");
    check(None, &page(1, 0, "headline"), None, "");
}

#[test]
fn a_rebuilt_page_is_told_with_what_still_matches() {
    check(
        None,
        &page(24, 24, "title"),
        Some((24, 24)),
        "empty: found 0 entries, 24 on 2026-11-03; the selector `h3 a.headline` of `item` matches nothing, `h3 a` matches 24, `h3` matches 24. \
         The page was rebuilt, or is not the page we know; what it said before stays. `tidewaiter source test wco` shows each step",
    );
    check(
        None,
        "<p>Please wait",
        None,
        "empty: found 0 entries, at least 1 entry expected; the selector `h3 a.headline` of `item` matches nothing. ",
    );
}

#[test]
fn too_few_entries_are_no_news() {
    let few = contract(|_| {});
    check(
        few.clone(),
        &page(2, 2, "headline"),
        Some((24, 24)),
        "suspicious: found 2 entries, 24 on 2026-11-03, at least 3 entries expected. ",
    );
    check(few, &page(2, 2, "headline"), None, "suspicious: found 2 entries, at least 3 entries expected. ");
}

#[test]
fn what_every_entry_must_have_may_not_be_missing() {
    let html = page(4, 4, "headline").replace("class=lead", "class=intro");
    check(
        contract(|contract| contract.required = vec![Field::Summary]),
        &html,
        Some((4, 4)),
        "suspicious: 4 of 4 entries have no summary, and each must have one; the selector `p.lead` of `summary_after` matches nothing, `p` matches 8. ",
    );
}

#[test]
fn dates_that_half_of_the_entries_lost_are_told_and_with_a_contract_they_break_it() {
    let half = page(24, 12, "headline");
    let told = "12 of 24 entries have a date, 24 of 24 on 2026-11-03";
    check_warning(&half, Some((24, 24)), told);
    check(None, &half, Some((24, 24)), "");
    check(contract(|_| {}), &half, Some((24, 24)), &format!("suspicious: {told}. "));
    check(contract(|_| {}), &half, None, "");
    check(contract(|_| {}), &half, Some((24, 12)), "");
    let most = contract(|contract| contract.dated = Some(90));
    check(most, &half, None, "suspicious: 12 of 24 entries have a date, and 90 of 100 must have one. ");
}

#[test]
fn a_page_in_another_language_is_another_page() {
    let html = page(4, 4, "headline").replace("The news of the day", "Les nouvelles du jour pour la douane");
    check(
        contract(|contract| contract.language = Language::parse("en-GB")),
        &html,
        None,
        "suspicious: most texts look like `fr`, and `en` is expected. ",
    );
}

#[test]
fn a_list_that_shrinks_or_grows_at_once_is_told() {
    check_warning(
        &page(6, 6, "headline"),
        Some((24, 24)),
        "found 6 entries, 24 on 2026-11-03: was the page rebuilt?",
    );
    check_warning(&page(7, 7, "headline"), Some((24, 24)), "");
    let told = "found 73 entries, 24 on 2026-11-03: is more taken for an entry than the list?";
    check_warning(&page(73, 73, "headline"), Some((24, 24)), told);
}

#[test]
fn a_warning_is_told_until_it_is_how_things_are() {
    let source = source(None);
    let listing = read(&source, &page(4, 4, "headline"));
    let given = whole(&listing);
    for (days, entries) in [(29, 24), (30, 4)] {
        let on = now() - TimeDelta::days(days);
        let last =
            Shape { on, entries: 24, dated: 24, ..Shape::of(&source, &listing.document.entries, now()) };
        assert_eq!(judge(&source, given, Some(&last), now()).shape.entries, entries);
    }
}

#[test]
fn silence_is_told_and_breaks_nothing() {
    let source = source(Some(contract(|contract| contract.silence = Some(TimeDelta::days(30)))));
    let said = |days| quiet(&source, Some(now() - TimeDelta::days(days)), now()).unwrap_or_default();
    assert_eq!(said(30), "");
    assert!(said(31).starts_with("it has fallen silent: its newest entry is of 2026-10-24, 31 days ago,"));
    assert!(
        said(31).ends_with("and it is never silent for more than 30 days: has it moved?"),
        "{}",
        said(31)
    );
    assert_eq!(quiet(&source, None, now()), None);
}

#[test]
fn a_time_is_told_in_days_or_hours() {
    for (hours, expected) in [(24, "1 day"), (48, "2 days"), (1, "1 hour"), (36, "36 hours")] {
        assert_eq!(super::in_words(TimeDelta::hours(hours)), expected);
    }
}

/// The second reading stops at what is known: it has the first page only.
#[test]
fn further_pages_are_not_held_against_the_ones_that_follow() {
    let source = source(contract(|contract| contract.min_entries = 10).into());
    let listing = read(&source, &page(30, 30, "headline"));
    let first = judge(&source, Given { on_first: 16, ..whole(&listing) }, None, now());
    assert_eq!((first.shape.entries, first.shape.dated, first.broken), (16, 16, None));
    let few = judge(&source, Given { on_first: 9, ..whole(&listing) }, None, now());
    assert!(
        few.broken.is_some_and(|broken| broken.message.starts_with("found 9 entries, at least 10 entries"))
    );
}

#[test]
fn what_may_be_empty_has_no_point() {
    let mut feed = source(None);
    feed.kind = SourceKind::Feed;
    let listing = Listing::default();
    assert_eq!(judge(&feed, whole(&listing), None, now()).points, []);
}

#[test]
fn half_of_the_first_links_tell_a_reading_and_one_that_is_pinned_does_not() {
    let source = source(None);
    let entries = read(&source, &page(24, 24, "headline")).document.entries;
    let last = Shape::of(&source, entries.get(..12).unwrap(), now());
    for (entries, expected) in
        [(&entries[..5], true), (&entries[6..], false), (&entries[..1], false), (&[], false)]
    {
        assert_eq!(last.is_reached_by(entries), expected, "{}", entries.len());
    }
}

#[test]
fn a_changed_setting_is_another_way_to_read_and_a_changed_minimum_is_none() {
    let own = source(None);
    let last = Shape::of(&own, &[], now());
    let check = |is_other: bool, change: fn(&mut Selectors)| {
        let mut changed = source(None);
        let SourceKind::Page(selectors) = &mut changed.kind else { unreachable!() };
        change(selectors);
        assert_eq!(last.is_of_other_rules(&changed), is_other);
    };
    check(false, |_| {});
    check(false, |selectors| selectors.min_entries = 7);
    check(true, |selectors| selectors.item = "h2".into());
    check(true, |selectors| selectors.date = Some(Part::After("p.date".into())));
    check(true, |selectors| selectors.date_reading.format = Some("%F".into()));
    check(true, |selectors| selectors.title = Some("a".into()));
}
