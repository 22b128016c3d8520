//! What calendars must say.

use tidewaiter::model::announcement::When;
use tidewaiter::model::page::Page;
use tidewaiter::render;

use super::sample::sample;

fn check_calendar(when: When, wanted: &[&str]) {
    let mut sample = sample();
    sample.events.truncate(1);
    sample.events[0].event.as_mut().unwrap().when = when;
    let lines = unfolded(&render::calendar(&sample.site, "events.ics".to_owned(), &[&sample.events[0]]));
    for line in wanted {
        assert!(lines.iter().any(|found| found == line), "no {line} in {lines:#?}");
    }
}

/// The content lines of a calendar; checks what holds for every line.
pub(super) fn unfolded(page: &Page) -> Vec<String> {
    let text = std::str::from_utf8(&page.bytes).unwrap();
    assert_eq!(text.matches('\n').count(), text.matches("\r\n").count(), "every line ends in CRLF");
    assert!(!text.replace("\r\n", "").contains('\r'));
    assert!(text.lines().all(|line| line.len() <= 75), "every line has at most 75 bytes");
    text.replace("\r\n ", "").lines().map(str::to_owned).collect()
}

#[test]
fn no_line_is_longer_than_75_bytes_wherever_it_breaks() {
    let mut sample = sample();
    for length in 60..160 {
        for letter in ["a", "é", "海", " x"] {
            sample.events[0].summary = letter.repeat(length);
            unfolded(&render::calendar(&sample.site, "events.ics".to_owned(), &[&sample.events[0]]));
        }
    }
}

#[test]
fn whole_days_end_on_the_day_after() {
    let days =
        |first: &str, last: &str| When::Days { first: first.parse().unwrap(), last: last.parse().unwrap() };
    check_calendar(
        days("2018-02-09", "2018-02-10"),
        &["DTSTART;VALUE=DATE:20180209", "DTEND;VALUE=DATE:20180211"],
    );
    check_calendar(
        days("2018-02-28", "2018-02-28"),
        &["DTSTART;VALUE=DATE:20180228", "DTEND;VALUE=DATE:20180301"],
    );
}

#[test]
fn what_a_calendar_needs_to_follow_a_change_is_there() {
    let sample = sample();
    let lines = unfolded(&render::calendar(
        &sample.site,
        "events.ics".to_owned(),
        &sample.events.iter().collect::<Vec<_>>(),
    ));
    let of = |name: &str| lines.iter().filter_map(|line| line.strip_prefix(name)).collect::<Vec<_>>();
    assert_eq!(of("UID:"), ["congress@brokers.example", "call@brokers.example", "forum@brokers.example"]);
    assert_eq!(of("STATUS:"), ["CONFIRMED", "CONFIRMED", "CANCELLED"]);
    assert_eq!(of("SEQUENCE:"), ["0", "0", "2"]);
    assert_eq!(of("DTSTAMP:"), ["20180113T093000Z"; 3]);
    assert_eq!(of("DTSTART:"), ["20180220T110000Z"]);
    assert_eq!(of("NAME:"), ["Brokers’ Union: The Ledger"]);
    assert!(of("SUMMARY:").contains(&"Members’ call\\, on parcels\\; and \\\\ more"));
}
