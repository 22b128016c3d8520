//! The day that a link's path carries.

use chrono::NaiveDate;

use super::calendar_day;
use super::words;

/// Only clear forms count, and none under a path of events: their day is when it takes place, not when it was told.
pub(super) fn day(link: &str) -> Option<NaiveDate> {
    let path = path(link);
    let segments: Vec<&str> = path.split('/').filter(|segment| !segment.is_empty()).collect();
    if segments.iter().any(|segment| is_about_events(segment)) {
        return None;
    }
    let last = segments.last()?;
    segments
        .windows(3)
        .find_map(three_segments)
        .or_else(|| segments.iter().find_map(|segment| leading_day(segment)))
        .or_else(|| serial(last))
}

fn path(link: &str) -> &str {
    let after_scheme = link.split_once("://").map_or(link, |(_, rest)| rest);
    let after_host = after_scheme.split_once('/').map_or("", |(_, rest)| rest);
    after_host.split(['?', '#']).next().unwrap_or_default()
}

fn is_about_events(segment: &str) -> bool {
    let segment = segment.to_ascii_lowercase();
    ["event", "evenement", "calendar", "agenda", "webinar"].iter().any(|word| segment.starts_with(word))
}

/// `/2018/01/15/`, `/2018/jan/15/`
fn three_segments(segments: &[&str]) -> Option<NaiveDate> {
    let [year, month, day] = segments else { return None };
    let month = number(month, 2).or_else(|| words::month(&month.to_ascii_lowercase()))?;
    calendar_day(number(year, 4)?, month, number(day, 2)?)
}

/// `/2018-01-15-slug`, `/2018-01-15`, `/2018-01-15.html`
fn leading_day(segment: &str) -> Option<NaiveDate> {
    let mut parts = segment.splitn(4, '-');
    let (year, month, day) = (parts.next()?, parts.next()?, parts.next()?);
    let day = day.split('.').next().unwrap_or_default();
    calendar_day(number(year, 4)?, number(month, 2)?, number(day, 2)?)
}

/// `jsec_15sep26_e.htm`, `safe_gbr_05aug26_472_e.htm`
fn serial(name: &str) -> Option<NaiveDate> {
    let (_, after_first) = name.split_once('_')?;
    let (parts, _) = after_first.rsplit_once('_')?;
    parts.split('_').find_map(|part| {
        let (day, rest) = part.split_at_checked(2)?;
        let (month, year) = rest.split_at_checked(3)?;
        calendar_day(2000 + number(year, 2)?, words::month(&month.to_ascii_lowercase())?, number(day, 2)?)
    })
}

fn number(text: &str, digits: usize) -> Option<u64> {
    let fits = text.len() == digits && text.bytes().all(|b| b.is_ascii_digit());
    text.parse().ok().filter(|_| fits)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(link: &str, expected: &str) {
        assert_eq!(day(link).map(|day| day.to_string()).unwrap_or_default(), expected, "{link}");
    }

    #[test]
    fn three_segments_are_a_day() {
        check("https://press.example/2018/01/15/brokers-meet", "2018-01-15");
        check("https://press.example/news/2018/jan/15/brokers-meet?x=1", "2018-01-15");
    }

    #[test]
    fn a_segment_may_begin_with_a_day() {
        check("https://press.example/2018-01-15-brokers-meet", "2018-01-15");
        check("https://press.example/news/2018-01-15.html", "2018-01-15");
    }

    #[test]
    fn file_names_of_the_wto_carry_the_day() {
        check("https://www.wto.org/english/news_e/news26_e/jsec_15sep26_e.htm", "2026-09-15");
        check("https://www.wto.org/english/news_e/news26_e/safe_gbr_05aug26_472_e.htm", "2026-08-05");
        check("https://www.wto.org/english/news_e/news26_e/ds626_russ_e.htm", "");
    }

    #[test]
    fn a_month_without_a_day_is_no_day() {
        check("https://wco.example/en/media/newsroom/2017/december/data-model.aspx", "");
        check("https://press.example/2018/01/brokers-meet", "");
        check("https://press.example/2018-01/15-brokers-meet", "");
    }

    #[test]
    fn no_day_is_made_of_other_numbers() {
        check("https://press.example/2018/13/15/brokers-meet", "");
        check("https://press.example/node/20180115", "");
        check("https://2018.press.example/01/15/", "");
        check("https://press.example/?p=/2018/01/15/", "");
        check("", "");
    }

    #[test]
    fn the_day_of_an_event_is_not_when_it_was_told() {
        check("https://brokers.example/events/2030/04/07/annual-conference", "");
        check("https://brokers.example/event-calendar/2030-04-07-annual-conference", "");
    }
}
