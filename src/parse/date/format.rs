//! A date in a form that is known beforehand, written as for `strftime`, with the names of months in any language.

use chrono::format::{Fixed, Item, Numeric, StrftimeItems};
use chrono::{DateTime, Datelike, NaiveDate, Utc};

use super::clock::Clock;
use super::zone::{self, Zone};
use super::{Hint, calendar_day, century, instant, midnight, short, token, words};

/// Can days be read in this form? A day must be in it, and nothing that we can't read.
pub fn is_format(format: &str) -> bool {
    // On this day every number is another one.
    let Some(day) = NaiveDate::from_ymd_opt(2023, 11, 9).and_then(|day| day.and_hms_opt(17, 38, 52)) else {
        return false;
    };
    let mut written = String::new();
    let told = std::fmt::Write::write_fmt(&mut written, format_args!("{}", day.and_utc().format(format)));
    let read = told.ok().and_then(|()| read(&written, format, Hint::default()));
    read.is_some_and(|time| time.day() == day.day() && time.month() == day.month())
}

/// The date if the whole text has this form.
pub(super) fn read(text: &str, format: &str, hint: Hint<'_>) -> Option<DateTime<Utc>> {
    let folded = token::fold(text);
    let mut fields = Fields { rest: folded.trim_start(), ..Fields::default() };
    for item in StrftimeItems::new(format) {
        fields.take(&item)?;
    }
    if !fields.rest.trim_start_matches(['.', ' ']).is_empty() {
        return None;
    }
    if let Some(seconds) = fields.timestamp {
        return DateTime::from_timestamp(seconds, 0);
    }
    let day = fields.day()?;
    match fields.hour {
        Some(hour) => instant(day, fields.clock(hour)?, hint.zone.map(Zone::Place)),
        None => Some(midnight(day)),
    }
}

/// What was read so far, and the text that is left.
#[derive(Default)]
struct Fields<'a> {
    rest: &'a str,
    year: Option<u64>,
    month: Option<u64>,
    day: Option<u64>,
    ordinal: Option<u64>,
    hour: Option<u64>,
    minute: Option<u64>,
    second: Option<u64>,
    afternoon: Option<bool>,
    zone: Option<Zone>,
    timestamp: Option<i64>,
    /// A word has just been read: it may be short for another, "avr.".
    after_word: bool,
}

impl<'a> Fields<'a> {
    fn take(&mut self, item: &Item<'_>) -> Option<()> {
        let after_word = std::mem::take(&mut self.after_word);
        if after_word && !matches!(item, Item::Literal(_) | Item::OwnedLiteral(_)) {
            self.rest = self.rest.trim_start_matches('.');
        }
        match item {
            Item::Literal(text) => self.literal(text)?,
            Item::OwnedLiteral(text) => self.literal(text)?,
            Item::Space(_) | Item::OwnedSpace(_) => self.rest = self.rest.trim_start(),
            Item::Numeric(what, _) => self.number(what)?,
            Item::Fixed(what) => self.fixed(what)?,
            Item::Error => return None,
        }
        Some(())
    }

    fn literal(&mut self, text: &str) -> Option<()> {
        for word in token::fold(text).split_whitespace() {
            self.rest = self.rest.trim_start().strip_prefix(word)?;
        }
        Some(())
    }

    fn number(&mut self, what: &Numeric) -> Option<()> {
        let most = match what {
            Numeric::Year => 4,
            Numeric::Ordinal => 3,
            Numeric::Timestamp => 10,
            _ => 2,
        };
        let rest = self.rest.trim_start();
        let end = rest.bytes().take(most).take_while(u8::is_ascii_digit).count();
        let (digits, after) = rest.split_at_checked(end)?;
        let value: u64 = digits.parse().ok()?;
        self.rest = after;
        match what {
            Numeric::Year => self.year = Some(value),
            Numeric::YearMod100 => self.year = Some(century(value)),
            Numeric::Month => self.month = Some(value),
            Numeric::Day => self.day = Some(value),
            Numeric::Ordinal => self.ordinal = Some(value),
            Numeric::Hour | Numeric::Hour12 => self.hour = Some(value),
            Numeric::Minute => self.minute = Some(value),
            Numeric::Second => self.second = Some(value),
            Numeric::Timestamp => self.timestamp = value.try_into().ok(),
            _ => return None,
        }
        Some(())
    }

    fn fixed(&mut self, what: &Fixed) -> Option<()> {
        self.rest = self.rest.trim_start();
        match what {
            Fixed::ShortMonthName | Fixed::LongMonthName => self.month = Some(self.month_name()?),
            // It says nothing that the day does not say, and it is wrong often enough.
            Fixed::ShortWeekdayName | Fixed::LongWeekdayName => {
                self.word();
            }
            Fixed::LowerAmPm | Fixed::UpperAmPm => self.afternoon = Some(words::half(&self.dotted_word())?),
            Fixed::TimezoneName => {
                let name = self.word();
                let offset = words::zone(name).or_else(|| words::military_zone(name))?;
                self.zone = Some(Zone::Offset(offset));
            }
            Fixed::TimezoneOffset
            | Fixed::TimezoneOffsetColon
            | Fixed::TimezoneOffsetColonZ
            | Fixed::TimezoneOffsetZ => self.offset()?,
            Fixed::Nanosecond | Fixed::Nanosecond3 | Fixed::Nanosecond6 | Fixed::Nanosecond9 => {
                let digits = self.rest.trim_start_matches('.');
                self.rest = digits.trim_start_matches(|c: char| c.is_ascii_digit());
            }
            _ => return None,
        }
        Some(())
    }

    fn word(&mut self) -> &'a str {
        let end = self.rest.find(|c: char| !c.is_alphabetic()).unwrap_or(self.rest.len());
        let (word, after) = self.rest.split_at(end);
        self.rest = after;
        self.after_word = true;
        word
    }

    /// `pm` of `p.m.` and `p. m.`
    fn dotted_word(&mut self) -> String {
        let mut word = self.word().to_owned();
        let after = self.rest.trim_start_matches(['.', ' ']);
        if word.len() == 1 && after.starts_with('m') {
            self.rest = after;
            word.push_str(self.word());
        }
        word
    }

    fn month_name(&mut self) -> Option<u64> {
        let first = self.word();
        words::month(first).or_else(|| {
            self.rest = self.rest.trim_start();
            words::two_word_month(first, self.word())
        })
    }

    fn offset(&mut self) -> Option<()> {
        if let Some(after) = self.rest.strip_prefix('z') {
            (self.zone, self.rest) = (Some(Zone::UTC), after);
            return Some(());
        }
        let tokens = token::split(self.rest);
        let (zone, _) = zone::offset(&tokens, false)?;
        self.zone = Some(zone);
        self.rest =
            self.rest.trim_start_matches(|c: char| c.is_ascii_digit() || matches!(c, '+' | '-' | ':'));
        Some(())
    }

    fn day(&self) -> Option<NaiveDate> {
        match (self.month, self.day, self.ordinal) {
            (Some(month), Some(day), _) => calendar_day(self.year?, month, day),
            (_, _, Some(day)) => short::ordinal(self.year?, day),
            _ => None,
        }
    }

    fn clock(&self, hour: u64) -> Option<Clock> {
        let hour = self.afternoon.map_or(hour, |afternoon| hour % 12 + if afternoon { 12 } else { 0 });
        let (minute, second) = (self.minute.unwrap_or(0), self.second.unwrap_or(0));
        let valid = hour <= 24 && minute < 60 && second <= 60;
        let seconds = i64::try_from(hour * 3600 + minute * 60 + second).ok().filter(|_| valid)?;
        Some(Clock { seconds, zone: self.zone })
    }
}
