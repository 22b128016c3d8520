//! Numbers and durations, each within its bounds.

use chrono::TimeDelta;
use serde_json::{Value, json};
use toml::de::DeValue;

use super::notes::Notes;
use super::read::{FromText, FromToml, Node, Wrong};

const MINUTE: i64 = 60;
const HOUR: i64 = 60 * MINUTE;
pub(super) const DAY: i64 = 24 * HOUR;
const UNITS: [(char, i64); 4] = [('d', DAY), ('h', HOUR), ('m', MINUTE), ('s', 1)];

/// A whole number from `MIN` to `MAX`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Count<const MIN: u32, const MAX: u32>(u32);

impl<const MIN: u32, const MAX: u32> Count<MIN, MAX> {
    pub(super) fn get(self) -> u32 {
        self.0
    }

    pub(super) fn size(self) -> usize {
        usize::try_from(self.0).expect("we run on 32 bits and more")
    }
}

impl<const MIN: u32, const MAX: u32> FromToml for Count<MIN, MAX> {
    fn read(node: Node<'_>, notes: &mut Notes<'_>) -> Option<Self> {
        let DeValue::Integer(number) = node.value.get_ref() else {
            let hint = match node.value.get_ref().as_str().map(str::trim) {
                Some(text) if text.parse::<u32>().is_ok() => format!("without quotes: {text}"),
                _ => format!("expected {}", Self::expected()),
            };
            node.wrong_type(notes, "a whole number", hint);
            return None;
        };
        let read = u32::from_str_radix(number.as_str(), number.radix()).ok();
        let read = read.filter(|number| (MIN..=MAX).contains(number));
        if read.is_none() {
            node.wrong(notes, &format!("must be from {MIN} to {MAX}, not {number}"), "");
        }
        read.map(Self)
    }

    fn schema() -> Value {
        json!({ "type": "integer", "minimum": MIN, "maximum": MAX })
    }

    fn expected() -> String {
        format!("a whole number from {MIN} to {MAX}")
    }
}

/// A duration from `MIN` to `MAX` seconds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Duration<const MIN: i64, const MAX: i64>(TimeDelta);

impl<const MIN: i64, const MAX: i64> Duration<MIN, MAX> {
    pub(super) fn get(self) -> TimeDelta {
        self.0
    }
}

impl<const MIN: i64, const MAX: i64> FromText for Duration<MIN, MAX> {
    fn parse(text: &str) -> Result<Self, Wrong> {
        let seconds = seconds(text).ok_or_else(|| Wrong::new("is no duration").hint(suggestion(text)))?;
        if !(MIN..=MAX).contains(&seconds) {
            let bounds = format!("must be from {} to {}, not {text}", written(MIN), written(MAX));
            return Err(Wrong::new(bounds));
        }
        Ok(Self(TimeDelta::seconds(seconds)))
    }

    fn expected() -> String {
        "a number with s, m, h or d for seconds, minutes, hours or days, such as \"6h\"".to_owned()
    }

    fn schema() -> Value {
        json!({ "type": "string", "pattern": "^[0-9]+[smhd]$" })
    }
}

/// The seconds of "90s", "6h", "1d".
fn seconds(text: &str) -> Option<i64> {
    let unit = text.chars().next_back()?;
    let (_, factor) = UNITS.into_iter().find(|(letter, _)| *letter == unit)?;
    let number = text.strip_suffix(unit)?;
    let digits = !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit());
    digits.then(|| number.parse::<i64>().ok()?.checked_mul(factor)).flatten()
}

/// What somebody meant who wrote "6 hours"; empty if that cannot be told.
fn suggestion(text: &str) -> String {
    let text = text.trim().to_lowercase();
    let (number, unit) = text.split_at(text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len()));
    let unit = unit.trim();
    match (number, unit) {
        ("", _) => String::new(),
        (_, "") => {
            format!("say of what: \"{number}m\" for minutes, \"{number}h\" for hours, \"{number}d\" for days")
        }
        (_, "month" | "months") => "months differ in length: write days, such as \"30d\"".to_owned(),
        (_, "w" | "week" | "weeks") => number.parse::<i64>().map_or_else(
            |_| String::new(),
            |weeks| format!("did you mean \"{}d\"?", weeks.saturating_mul(7)),
        ),
        ("1", _) if matches!(unit, "sec" | "second" | "min" | "minute" | "hour" | "day") => {
            meant(number, unit)
        }
        _ if matches!(unit, "s" | "sec" | "secs" | "seconds" | "m" | "min" | "mins" | "minutes") => {
            meant(number, unit)
        }
        _ if matches!(unit, "h" | "hr" | "hrs" | "hours" | "d" | "days") => meant(number, unit),
        _ => String::new(),
    }
}

fn meant(number: &str, unit: &str) -> String {
    let letter: String = unit.chars().take(1).collect();
    format!("did you mean \"{number}{letter}\"?")
}

/// Seconds in the largest unit that divides them.
fn written(seconds: i64) -> String {
    let (letter, factor) =
        UNITS.into_iter().find(|(_, factor)| seconds != 0 && seconds % factor == 0).unwrap_or(('s', 1));
    format!("{}{letter}", seconds / factor)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expected: Result<i64, (&str, &str)>) {
        let read = Duration::<1, { 90 * DAY }>::parse(text);
        let read = read.map(|duration| duration.get().num_seconds()).map_err(|w| (w.message, w.hint));
        let expected = expected.map_err(|(message, hint)| (message.to_owned(), hint.to_owned()));
        assert_eq!(read, expected, "{text}");
    }

    #[test]
    fn durations_are_a_number_and_a_letter() {
        check("90s", Ok(90));
        check("5m", Ok(300));
        check("6h", Ok(21_600));
        check("1d", Ok(86_400));
    }

    #[test]
    fn other_ways_to_write_them_are_understood_but_refused() {
        check("6 hours", Err(("is no duration", "did you mean \"6h\"?")));
        check("1 Day", Err(("is no duration", "did you mean \"1d\"?")));
        check("30 min", Err(("is no duration", "did you mean \"30m\"?")));
        check("2 weeks", Err(("is no duration", "did you mean \"14d\"?")));
        check("soon", Err(("is no duration", "")));
        check("", Err(("is no duration", "")));
        check("-1h", Err(("is no duration", "")));
        check("99999999999999999999d", Err(("is no duration", "did you mean \"99999999999999999999d\"?")));
    }

    #[test]
    fn bounds_are_told_in_the_largest_unit() {
        check("0s", Err(("must be from 1s to 90d, not 0s", "")));
        check("91d", Err(("must be from 1s to 90d, not 91d", "")));
    }
}
