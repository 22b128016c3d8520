//! The short forms of ISO 8601 and W3C-DTF, which only a feed's own element can mean.

use chrono::NaiveDate;

use super::{calendar_day, century};

/// `2003-12`, `2003`, `-0312`, `-03-12`, `03-12-31`, `031231`, `03335`, `03-335`, `2003-W50`, `03W503`; with a time,
/// only its day is read.
pub(super) fn day(text: &str) -> Option<NaiveDate> {
    let text = text.split(['T', 't']).next()?.trim_end_matches(['Z', 'z']);
    if let Some(at) = text.find(['W', 'w']) {
        let (year, week) = (text.get(..at)?, text.get(at + 1..)?);
        return week_day(full_year(year.trim_end_matches('-'))?, &week.replace('-', ""));
    }
    let (hidden, text) = text.strip_prefix('-').map_or((false, text), |rest| (true, rest));
    let parts: Vec<&str> = text.split('-').collect();
    match *parts.as_slice() {
        [year, month] if hidden || year.len() == 4 && month.len() == 2 => {
            calendar_day(full_year(year)?, number(month, 2)?, 1)
        }
        [year, day] if day.len() == 3 => ordinal(full_year(year)?, number(day, 3)?),
        [year, month, day] if !hidden => {
            calendar_day(century(number(year, 2)?), number(month, 2)?, number(day, 2)?)
        }
        [digits] => run(digits, hidden),
        _ => None,
    }
}

/// Digits without a sign between: the number of them tells what they are.
fn run(digits: &str, hidden: bool) -> Option<NaiveDate> {
    let part = |range: std::ops::Range<usize>| digits.get(range).and_then(|part| number(part, part.len()));
    match (digits.len(), hidden) {
        (4, true) => calendar_day(century(part(0..2)?), part(2..4)?, 1),
        (4, false) => calendar_day(part(0..4)?, 1, 1),
        (5, false) => ordinal(century(part(0..2)?), part(2..5)?),
        (6, false) => calendar_day(century(part(0..2)?), part(2..4)?, part(4..6)?),
        (7, false) => ordinal(part(0..4)?, part(4..7)?),
        _ => None,
    }
}

/// Without its day, the Monday of the week.
fn week_day(year: u64, week: &str) -> Option<NaiveDate> {
    let (week, day) = week.split_at_checked(2)?;
    let day = if day.is_empty() { 1 } else { number(day, 1)? };
    in_week(year, number(week, 2)?, day)
}

/// The day of a year's week by ISO 8601; Monday is 1.
pub(super) fn in_week(year: u64, week: u64, day: u64) -> Option<NaiveDate> {
    let weekday = chrono::Weekday::try_from(u8::try_from(day.checked_sub(1)?).ok()?).ok()?;
    let day = NaiveDate::from_isoywd_opt(year.try_into().ok()?, week.try_into().ok()?, weekday)?;
    super::is_written_year(day).then_some(day)
}

/// The day of the year, 1 to 366.
pub(super) fn ordinal(year: u64, day: u64) -> Option<NaiveDate> {
    let day = NaiveDate::from_yo_opt(year.try_into().ok()?, day.try_into().ok()?)?;
    super::is_written_year(day).then_some(day)
}

fn full_year(year: &str) -> Option<u64> {
    number(year, 4).or_else(|| number(year, 2).map(century))
}

fn number(text: &str, digits: usize) -> Option<u64> {
    let fits = text.len() == digits && text.bytes().all(|b| b.is_ascii_digit());
    text.parse().ok().filter(|_| fits)
}
