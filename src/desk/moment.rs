//! Dates and times in front matter become instants, and never a guess: a time that a zone has twice or not at all is a mistake.

use chrono::{
    DateTime, FixedOffset, MappedLocalTime, NaiveDate, NaiveDateTime, NaiveTime, TimeDelta, TimeZone,
};
use chrono_tz::Tz;
use toml::value::{Date, Datetime, Offset, Time};

/// Years that staff may mean; others are slips of the finger.
const YEARS: std::ops::RangeInclusive<u16> = 1990..=2199;

/// Whole days or a point in time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Moment {
    Day(NaiveDate),
    Time(DateTime<Tz>),
}

impl Moment {
    /// The instant: a day begins at midnight in the zone.
    pub(super) fn instant(self, zone: Tz) -> DateTime<Tz> {
        match self {
            Self::Day(day) => start_of_day(day, zone),
            Self::Time(time) => time,
        }
    }
}

/// What is wrong with a time, and how to mend it.
#[derive(Debug)]
pub(super) struct Mistake {
    pub(super) message: String,
    pub(super) hint: String,
}

impl Mistake {
    fn new(message: impl Into<String>, hint: impl Into<String>) -> Self {
        Self { message: message.into(), hint: hint.into() }
    }
}

/// Reads a TOML time; one without an offset is in `zone`.
pub(super) fn read(value: &Datetime, zone: Tz) -> Result<Moment, Mistake> {
    let Some(date) = value.date else {
        return Err(Mistake::new("a time needs its day", format!("write 2018-01-15T{value}")));
    };
    let day = day(date)?;
    let Some(time) = value.time else {
        return Ok(Moment::Day(day));
    };
    let local = day.and_time(time_of_day(time)?);
    match value.offset {
        Some(offset) => with_offset(local, offset).map(|time| Moment::Time(time.with_timezone(&zone))),
        None => in_zone(local, zone).map(Moment::Time),
    }
}

fn day(date: Date) -> Result<NaiveDate, Mistake> {
    let day = NaiveDate::from_ymd_opt(i32::from(date.year), u32::from(date.month), u32::from(date.day));
    match day {
        Some(day) if YEARS.contains(&date.year) => Ok(day),
        Some(_) => Err(Mistake::new(format!("the year {} can't be meant", date.year), "")),
        None => Err(Mistake::new(format!("there is no {date}"), "")),
    }
}

fn time_of_day(time: Time) -> Result<NaiveTime, Mistake> {
    let (hour, minute) = (u32::from(time.hour), u32::from(time.minute));
    NaiveTime::from_hms_opt(hour, minute, time.second.map_or(0, u32::from))
        .ok_or_else(|| Mistake::new(format!("there is no {time} o'clock"), ""))
}

fn with_offset(local: NaiveDateTime, offset: Offset) -> Result<DateTime<FixedOffset>, Mistake> {
    let minutes = match offset {
        Offset::Z => 0,
        Offset::Custom { minutes } => i32::from(minutes),
    };
    FixedOffset::east_opt(minutes * 60)
        .and_then(|offset| offset.from_local_datetime(&local).single())
        .ok_or_else(|| Mistake::new(format!("there is no offset {offset}"), ""))
}

fn in_zone(local: NaiveDateTime, zone: Tz) -> Result<DateTime<Tz>, Mistake> {
    let (time, day) = (local.format("%H:%M"), local.format("%-d %B %Y"));
    match zone.from_local_datetime(&local) {
        MappedLocalTime::Single(time) => Ok(time),
        MappedLocalTime::Ambiguous(first, second) => Err(Mistake::new(
            format!("{time} comes twice on {day} in {zone}: clocks are put back"),
            format!("say which: {} or {}", first.to_rfc3339(), second.to_rfc3339()),
        )),
        MappedLocalTime::None => Err(Mistake::new(
            format!("there is no {time} on {day} in {zone}: clocks are put forward"),
            "write a time that there is, or one with its offset: 2018-01-15T09:30:00+01:00",
        )),
    }
}

/// The first instant of a day. Some zones put their clocks forward at midnight; one has left out whole days.
fn start_of_day(day: NaiveDate, zone: Tz) -> DateTime<Tz> {
    let midnight = day.and_time(NaiveTime::MIN);
    (0..=192)
        .find_map(|quarter| {
            zone.from_local_datetime(&(midnight + TimeDelta::minutes(15 * quarter))).earliest()
        })
        .unwrap_or_else(|| zone.from_utc_datetime(&midnight))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, zone: Tz, expected: &str) {
        let value = text.parse().expect("TOML");
        let got = match read(&value, zone) {
            Ok(moment @ Moment::Day(_)) => format!("day from {}", moment.instant(zone).to_rfc3339()),
            Ok(Moment::Time(time)) => time.to_rfc3339(),
            Err(mistake) => format!("{}; {}", mistake.message, mistake.hint),
        };
        assert_eq!(got, expected);
    }

    #[test]
    fn a_date_is_midnight_in_the_zone() {
        check("2018-01-08", Tz::UTC, "day from 2018-01-08T00:00:00+00:00");
        check("2018-01-08", Tz::Africa__Kampala, "day from 2018-01-08T00:00:00+03:00");
    }

    #[test]
    fn a_day_without_midnight_begins_with_its_first_instant() {
        check("2017-10-15", Tz::America__Sao_Paulo, "day from 2017-10-15T01:00:00-02:00");
        check("2011-12-30", Tz::Pacific__Apia, "day from 2011-12-31T00:00:00+14:00");
    }

    #[test]
    fn a_time_is_in_the_zone_unless_it_names_an_offset() {
        check("2018-01-08T09:30:00", Tz::Europe__Brussels, "2018-01-08T09:30:00+01:00");
        check("2018-01-08T09:30:00-05:00", Tz::Europe__Brussels, "2018-01-08T15:30:00+01:00");
        check("2018-01-08T09:30:00Z", Tz::Asia__Shanghai, "2018-01-08T17:30:00+08:00");
    }

    #[test]
    fn a_time_that_comes_twice_is_not_guessed() {
        check(
            "2018-10-28T02:30:00",
            Tz::Europe__Brussels,
            "02:30 comes twice on 28 October 2018 in Europe/Brussels: clocks are put back; \
             say which: 2018-10-28T02:30:00+02:00 or 2018-10-28T02:30:00+01:00",
        );
    }

    #[test]
    fn a_time_that_is_left_out_is_not_guessed() {
        check(
            "2018-03-25T02:30:00",
            Tz::Europe__Brussels,
            "there is no 02:30 on 25 March 2018 in Europe/Brussels: clocks are put forward; \
             write a time that there is, or one with its offset: 2018-01-15T09:30:00+01:00",
        );
    }

    #[test]
    fn slips_of_the_finger_are_named() {
        check("09:30:00", Tz::UTC, "a time needs its day; write 2018-01-15T09:30:00");
        check("0218-01-08", Tz::UTC, "the year 218 can't be meant; ");
    }
}
