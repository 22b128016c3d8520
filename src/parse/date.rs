//! Dates as they are found in the wild, in eight languages.

mod address;
mod clock;
mod day;
mod token;
mod words;

use std::ops::RangeInclusive;

use chrono::{DateTime, Datelike, NaiveDate, NaiveDateTime, NaiveTime, TimeDelta, Timelike, Utc};

use token::Token;

/// Years we believe in: nothing was published on the web before, and beyond it is a typing mistake.
const YEARS: RangeInclusive<i32> = 1970..=2200;

/// A date stands at the beginning of what it is given; the rest of a long paragraph is not searched.
const LONGEST: usize = 200;

/// Reads a date in any form that feeds and pages use. Without a zone it is UTC; without a time, midnight.
/// `None` rather than a guess where the text could mean two days.
pub fn parse(text: &str) -> Option<DateTime<Utc>> {
    let text = text.trim();
    let time = standard(text).or_else(|| digits(text)).or_else(|| written(text))?;
    YEARS.contains(&time.year()).then_some(time)?.with_nanosecond(0)
}

/// The date that a link's path carries: `/2018/01/15/…`, `…_15sep26_e.htm`, `/newsroom/2017/december/…` is none (no day).
pub fn in_address(link: &str) -> Option<DateTime<Utc>> {
    address::day(link).map(midnight)
}

/// RFC 3339 and RFC 2822 as written in their books: nearly every date of nearly every feed ends here.
fn standard(text: &str) -> Option<DateTime<Utc>> {
    let bytes = text.as_bytes();
    if bytes.get(4) == Some(&b'-') {
        return DateTime::parse_from_rfc3339(text).ok().map(|time| time.to_utc());
    }
    // chrono takes a military zone for UTC; our own reading knows better.
    let military = matches!(bytes, [.., b' ', letter] if letter.is_ascii_alphabetic());
    let weekday = bytes.get(3) == Some(&b',');
    if !weekday || military {
        return None;
    }
    DateTime::parse_from_rfc2822(text).ok().map(|time| time.to_utc())
}

/// Nothing but digits: seconds or milliseconds since 1970, or a date and a time without any sign between.
fn digits(text: &str) -> Option<DateTime<Utc>> {
    if !text.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    match text.len() {
        8 => NaiveDate::parse_from_str(text, "%Y%m%d").ok().map(midnight),
        9 | 10 => DateTime::from_timestamp(text.parse().ok()?, 0),
        13 => DateTime::from_timestamp_millis(text.parse().ok()?),
        14 => NaiveDateTime::parse_from_str(text, "%Y%m%d%H%M%S").ok().map(|time| time.and_utc()),
        _ => None,
    }
}

/// Everything else: words and numbers in any of the usual orders, with other words around them.
fn written(text: &str) -> Option<DateTime<Utc>> {
    let folded = token::fold(beginning(text)?);
    let mut tokens = token::split(&folded);
    let clock = clock::take(&mut tokens);
    let day = day::only(&tokens)?;
    let (since_midnight, offset) = clock.map_or((0, 0), |clock| (clock.seconds, clock.offset));
    midnight(day).checked_add_signed(TimeDelta::seconds(since_midnight - offset))
}

/// At most [`LONGEST`] bytes, cut where a word ends: a number cut in two would be another number.
fn beginning(text: &str) -> Option<&str> {
    if text.len() <= LONGEST {
        return Some(text);
    }
    let start = text.get(..text.floor_char_boundary(LONGEST))?;
    start.rfind(char::is_whitespace).and_then(|end| start.get(..end))
}

fn midnight(day: NaiveDate) -> DateTime<Utc> {
    day.and_time(NaiveTime::MIN).and_utc()
}

fn calendar_day(year: u64, month: u64, day: u64) -> Option<NaiveDate> {
    let year = i32::try_from(year).ok().filter(|year| YEARS.contains(year))?;
    NaiveDate::from_ymd_opt(year, month.try_into().ok()?, day.try_into().ok()?)
}

#[cfg(test)]
mod tests;
