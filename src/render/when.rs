//! Dates as people read them: day, month in letters, year, so that no reader takes the month for the day.

use chrono::{DateTime, Datelike, NaiveDate, Utc};
use chrono_tz::Tz;
use serde::Serialize;

use crate::model::announcement::When;

/// The date stamp of an event: three lines.
#[derive(Debug, Serialize, PartialEq, Eq)]
pub(super) struct Stamp {
    /// "FEB"; of an event that crosses months, its first day: "30 JAN".
    pub(super) top: String,
    /// "9–10"; of an event that crosses months, its last day: "–2 FEB".
    pub(super) middle: String,
    pub(super) year: String,
    /// It crosses months: both lines say as much.
    pub(super) wide: bool,
}

/// "13 Dec 2017"
pub(super) fn short(date: NaiveDate) -> String {
    date.format("%-d %b %Y").to_string()
}

/// "Monday 15 January 2018"
pub(super) fn long(date: NaiveDate) -> String {
    date.format("%A %-d %B %Y").to_string()
}

/// "06:40 UTC"
pub(super) fn clock(time: DateTime<Utc>) -> String {
    time.format("%H:%M UTC").to_string()
}

/// The first and the last day, as the calendar of the place has them.
pub(super) fn days(when: &When) -> (NaiveDate, NaiveDate) {
    match when {
        When::Days { first, last } => (*first, *last),
        When::Times { start, end } => (start.date_naive(), end.date_naive()),
    }
}

/// "9–10 February 2018", "30 January – 2 February 2018"
pub(super) fn range(when: &When) -> String {
    let (first, last) = days(when);
    let end = last.format("%-d %B %Y");
    if first == last {
        end.to_string()
    } else if first.year() != last.year() {
        format!("{} – {end}", first.format("%-d %B %Y"))
    } else if first.month() != last.month() {
        format!("{} – {end}", first.format("%-d %B"))
    } else {
        format!("{}–{end}", first.day())
    }
}

/// "09:30–17:00 EAT (06:30–14:00 UTC)"; `None` for whole days.
pub(super) fn hours(when: &When) -> Option<String> {
    let When::Times { start, end } = when else { return None };
    let there = format!("{}–{} {}", start.format("%H:%M"), end.format("%H:%M"), start.format("%Z"));
    if start.timezone() == Tz::UTC {
        return Some(there);
    }
    let (start, end) = (start.with_timezone(&Utc), end.with_timezone(&Utc));
    Some(format!("{there} ({}–{} UTC)", start.format("%H:%M"), end.format("%H:%M")))
}

pub(super) fn stamp(when: &When) -> Stamp {
    let (first, last) = days(when);
    let month = |date: NaiveDate| date.format("%b").to_string().to_uppercase();
    let wide = (first.year(), first.month()) != (last.year(), last.month());
    let (top, middle) = if wide {
        (format!("{} {}", first.day(), month(first)), format!("–{} {}", last.day(), month(last)))
    } else if first == last {
        (month(first), first.day().to_string())
    } else {
        (month(first), format!("{}–{}", first.day(), last.day()))
    };
    let year = if first.year() == last.year() {
        first.year().to_string()
    } else {
        format!("{}–{}", first.year(), last.year())
    };
    Stamp { top, middle, year, wide }
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono::TimeZone;

    fn whole_days(first: &str, last: &str) -> When {
        When::Days { first: first.parse().expect(first), last: last.parse().expect(last) }
    }

    fn check(first: &str, last: &str, words: &str, lines: [&str; 3]) {
        let when = whole_days(first, last);
        assert_eq!(range(&when), words);
        let stamp = stamp(&when);
        assert_eq!([&*stamp.top, &*stamp.middle, &*stamp.year], lines);
    }

    #[test]
    fn a_range_says_month_and_year_once_where_once_is_enough() {
        check("2018-01-26", "2018-01-26", "26 January 2018", ["JAN", "26", "2018"]);
        check("2018-02-09", "2018-02-10", "9–10 February 2018", ["FEB", "9–10", "2018"]);
        check("2018-01-30", "2018-02-02", "30 January – 2 February 2018", ["30 JAN", "–2 FEB", "2018"]);
        check(
            "2018-12-31",
            "2019-01-01",
            "31 December 2018 – 1 January 2019",
            ["31 DEC", "–1 JAN", "2018–2019"],
        );
        check(
            "2017-02-03",
            "2018-02-03",
            "3 February 2017 – 3 February 2018",
            ["3 FEB", "–3 FEB", "2017–2018"],
        );
    }

    #[test]
    fn a_time_is_told_as_the_place_has_it_and_in_utc() {
        let zone: Tz = "Africa/Kampala".parse().expect("a zone");
        let at = |zone: Tz, hour| zone.with_ymd_and_hms(2018, 3, 14, hour, 30, 0).single().expect("a time");
        let times = |zone| When::Times { start: at(zone, 9), end: at(zone, 17) };
        assert_eq!(hours(&times(zone)).as_deref(), Some("09:30–17:30 EAT (06:30–14:30 UTC)"));
        assert_eq!(hours(&times(Tz::UTC)).as_deref(), Some("09:30–17:30 UTC"));
        assert_eq!(hours(&whole_days("2018-03-14", "2018-03-16")), None);
    }

    #[test]
    fn an_event_is_on_the_day_that_the_place_has() {
        let zone: Tz = "Pacific/Auckland".parse().expect("a zone");
        let start = zone.with_ymd_and_hms(2018, 2, 10, 9, 0, 0).single().expect("a time");
        let when = When::Times { start, end: start };
        assert_eq!(range(&when), "10 February 2018");
    }
}
