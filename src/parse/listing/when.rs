//! A date out of a text, as a source's own settings say how.

use chrono::format::{Item, StrftimeItems};
use chrono::{DateTime, Utc};
use chrono_tz::Tz;
use regex::Regex;

use crate::model::language::Language;
use crate::model::source::DateReading;
use crate::parse::date::{self, Hint};

/// The settings, ready to be used.
#[derive(Debug, Default)]
pub(in crate::parse) struct When<'a> {
    pattern: Option<Regex>,
    format: Option<&'a str>,
    language: Option<&'a Language>,
    zone: Option<Tz>,
}

impl<'a> When<'a> {
    pub(in crate::parse) fn new(reading: &'a DateReading) -> Result<Self, String> {
        let pattern = reading.pattern.as_deref().map(Regex::new).transpose();
        Ok(Self {
            pattern: pattern.map_err(|_| "the pattern of the date is no regular expression".to_owned())?,
            format: reading.format.as_deref(),
            language: reading.language.as_ref(),
            zone: reading.zone,
        })
    }

    /// `None` if no date stands there that can be read without a guess.
    pub(in crate::parse) fn read(&self, text: &str) -> Option<DateTime<Utc>> {
        let text = match &self.pattern {
            None => text,
            Some(pattern) => {
                let found = pattern.captures(text)?;
                found.get(1).or(found.get(0))?.as_str()
            }
        };
        let hint = Hint { language: self.language, format: self.format, zone: self.zone };
        date::parse_with(text, hint).ok()
    }
}

/// What is wrong with a format, in words that follow its name; `Ok` if it can be used.
pub fn check_format(format: &str) -> Result<(), String> {
    if date::is_format(format) {
        return Ok(());
    }
    if StrftimeItems::new(format).any(|item| item == Item::Error) {
        return Err("has a % with a letter that stands for nothing".to_owned());
    }
    let has = |letters: &[&str]| letters.iter().any(|letter| format.contains(letter));
    let day = has(&["%d", "%e", "%-d"]) && has(&["%m", "%-m", "%b", "%B", "%h"]) && has(&["%Y", "%y"]);
    Err(if day || has(&["%F", "%D", "%x", "%s", "%+"]) {
        "has a part that cannot be read: a zone such as +01:00 is %z, a month %m or %B".to_owned()
    } else {
        "must say where day, month and year stand".to_owned()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// `settings` is `pattern | format | language | zone`, each may be empty.
    fn check(settings: &str, text: &str, expected: &str) {
        let mut parts = settings.split('|').map(|part| Some(part.trim()).filter(|part| !part.is_empty()));
        let mut part = || parts.next().flatten().map(str::to_owned);
        let reading = DateReading {
            attribute: None,
            pattern: part(),
            format: part(),
            language: part().as_deref().and_then(Language::parse),
            zone: part().map(|zone| zone.parse().expect("a zone")),
        };
        let time = When::new(&reading).expect("settings").read(text);
        let shown = time.map(|time| time.format("%F %R").to_string()).unwrap_or_default();
        assert_eq!(shown.trim_end_matches(" 00:00"), expected, "{settings}: {text}");
    }

    #[test]
    fn without_settings_any_known_form_is_read() {
        check("", "22 December 2021", "2021-12-22");
        check("", "3/4/2026", "");
    }

    #[test]
    fn a_pattern_cuts_the_date_out() {
        check(r"on (\d+ \w+ \d{4})", "Published on 3 March 2026, in room 12 of 2025", "2026-03-03");
        check(r"^\d{4}\.\d\d?\.\d\d?", "2026.8.5 14/02/2019", "2026-08-05");
        check(r"on (\d+)", "no such thing", "");
    }

    #[test]
    fn a_format_is_taken_by_its_word() {
        check(" | %m/%d/%Y", "3/4/2026", "2026-03-04");
        check(" | %d.%m.%Y %H:%M", "03.04.2026 17:05", "2026-04-03 17:05");
        check(" | %d.%m.%Y %H:%M %z", "03.04.2026 17:05 +0200", "2026-04-03 15:05");
        check(" | %d.%m.%Y", "2026-04-03", "");
    }

    #[test]
    fn a_language_settles_which_number_is_the_month() {
        check(" | | fr", "3/4/2026", "2026-04-03");
        check(" | | en-US", "3/4/2026", "2026-03-04");
        check(" | | zh", "2026/10/2 10:45", "2026-10-02 10:45");
        check(" | | fr", "31/31/2026", "");
    }

    #[test]
    fn a_zone_is_that_of_times_that_name_none() {
        check(" | | | Europe/Brussels", "2026-07-03 17:05", "2026-07-03 15:05");
        check(" | %d.%m.%Y %H:%M | | Asia/Shanghai", "03.04.2026 17:05", "2026-04-03 09:05");
        check(" | | | Asia/Shanghai", "2026-04-03T17:05:00Z", "2026-04-03 17:05");
        check(" | | | Asia/Shanghai", "3 April 2026", "2026-04-03");
    }

    #[test]
    fn a_format_must_name_a_day() {
        for (format, expected) in [
            ("%d/%m/%Y", ""),
            ("%F %T", ""),
            ("%H:%M", "must say where day, month and year stand"),
            ("%Q", "has a % with a letter that stands for nothing"),
            ("dd.mm.yyyy", "must say where day, month and year stand"),
            ("%j", "must say where day, month and year stand"),
            ("%Y-%j", ""),
            ("%d %B %Y, %H:%M %z", ""),
            ("%d.%m.%Y %u", "has a part that cannot be read: a zone such as +01:00 is %z, a month %m or %B"),
            ("%G-W%V-%u", "must say where day, month and year stand"),
        ] {
            assert_eq!(check_format(format).err().unwrap_or_default(), expected, "{format}");
        }
    }
}
