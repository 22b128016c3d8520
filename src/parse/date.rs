//! Dates as they are found in the wild, in the languages of our sources and some more.

mod address;
mod clock;
mod day;
mod format;
mod hint;
mod short;
mod token;
mod words;
mod zone;

use std::ops::RangeInclusive;

use chrono::{DateTime, Datelike, NaiveDate, NaiveDateTime, NaiveTime, TimeDelta, Timelike, Utc};

use clock::Clock;
pub use format::is_format;
pub use hint::Hint;
use token::Token;
use zone::Zone;

/// Years of full dates in a form made for machines. The year 1 is what some programs write for "none"; beyond 2200 it
/// is a typing mistake. An old year does no harm, its entry just stands at the end.
const YEARS: RangeInclusive<i32> = 2..=2200;

/// Years of dates in words: nothing was published on the web before, and `12 March 1430` is a time of day.
const WRITTEN_YEARS: RangeInclusive<i32> = 1970..=2200;

/// A date stands at the beginning of what it is given; the rest of a long paragraph is not searched.
const LONGEST: usize = 200;

/// Why there is no date.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unread {
    /// The text names no day.
    NoDay,
    /// It could mean more than one day: a language, or a format, would tell which.
    Uncertain,
}

/// Reads a date in any form that feeds and pages use. Without a zone it is UTC; without a time, midnight.
/// `None` rather than a guess where the text could mean two days.
pub fn parse(text: &str) -> Option<DateTime<Utc>> {
    parse_with(text, Hint::default()).ok()
}

/// The same where something is known of the date. With a format, nothing but that form is read.
pub fn parse_with(text: &str, hint: Hint<'_>) -> Result<DateTime<Utc>, Unread> {
    let text = text.trim();
    if let Some(form) = hint.format {
        return format::read(text, form, hint)
            .and_then(|time| believed(time, &WRITTEN_YEARS))
            .ok_or(Unread::NoDay);
    }
    if let Some(time) = standard(text) {
        return believed(time, &YEARS).ok_or(Unread::NoDay);
    }
    let time = match digits(text).map_or_else(|| written(text, hint), Ok) {
        // RFC 822 allows comments between any two words: "Thu(at last), 9(th) Feb 2006".
        Err(Unread::NoDay) if text.contains('(') => written(&without_comments(text), hint),
        time => time,
    }?;
    believed(time, &YEARS).ok_or(Unread::NoDay)
}

/// The same inside a feed, where an element holds a date and nothing else: so what would be any number on a page is
/// read as ISO 8601 has it, `031231` and `2003-12` too. A month or a year stands for its first day (W3C-DTF).
pub fn in_feed(text: &str) -> Option<DateTime<Utc>> {
    parse(text).or_else(|| short::day(text.trim()).map(midnight))
}

/// The date that a link's path carries: `/2018/01/15/…`, `…_15sep26_e.htm`, `/newsroom/2017/december/…` is none (no day).
pub fn in_address(link: &str) -> Option<DateTime<Utc>> {
    address::day(link).map(midnight)
}

fn believed(time: DateTime<Utc>, years: &RangeInclusive<i32>) -> Option<DateTime<Utc>> {
    years.contains(&time.year()).then_some(time)?.with_nanosecond(0)
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
        8 => NaiveDate::parse_from_str(text, "%Y%m%d").ok().filter(|day| is_written_year(*day)).map(midnight),
        9 | 10 => DateTime::from_timestamp(text.parse().ok()?, 0),
        12 => minutes(text),
        13 => DateTime::from_timestamp_millis(text.parse().ok()?),
        14 => NaiveDateTime::parse_from_str(text, "%Y%m%d%H%M%S").ok().map(|time| time.and_utc()),
        16 => DateTime::from_timestamp_micros(text.parse().ok()?),
        _ => None,
    }
}

/// `201801151015`
fn minutes(text: &str) -> Option<DateTime<Utc>> {
    let time = NaiveDateTime::parse_from_str(text, "%Y%m%d%H%M").ok()?;
    is_written_year(time.date()).then(|| time.and_utc())
}

fn is_written_year(day: NaiveDate) -> bool {
    WRITTEN_YEARS.contains(&day.year())
}

/// Everything else: words and numbers in any of the usual orders, with other words around them.
fn written(text: &str, hint: Hint<'_>) -> Result<DateTime<Utc>, Unread> {
    let folded = token::fold(beginning(text).ok_or(Unread::NoDay)?);
    let mut tokens = token::split(&folded);
    let clock = clock::take(&mut tokens).map_err(|_| Unread::NoDay)?;
    let day = day::only(&tokens, hint.order())?;
    let Some(clock) = clock else { return Ok(midnight(day)) };
    instant(day, clock, hint.zone.map(Zone::Place).or_else(|| zone::of_script(&folded))).ok_or(Unread::NoDay)
}

fn instant(day: NaiveDate, clock: Clock, zone: Option<Zone>) -> Option<DateTime<Utc>> {
    let local = day.and_time(NaiveTime::MIN).checked_add_signed(TimeDelta::seconds(clock.seconds))?;
    clock.zone.or(zone).unwrap_or(Zone::UTC).to_utc(local)
}

/// Comments may hold comments, and `\\)` ends none.
fn without_comments(text: &str) -> String {
    let (mut depth, mut escaped) = (0_usize, false);
    let mut rest = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            '(' => depth += 1,
            ')' => {
                depth = depth.saturating_sub(1);
                rest.push(' ');
            }
            c if depth == 0 => rest.push(c),
            _ => {}
        }
    }
    rest
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
    let day = NaiveDate::from_ymd_opt(year.try_into().ok()?, month.try_into().ok()?, day.try_into().ok()?)?;
    is_written_year(day).then_some(day)
}

/// RFC 2822, section 4.3.
fn century(year: u64) -> u64 {
    if year < 50 { 2000 + year } else { 1900 + year }
}

#[cfg(test)]
mod tests;
