//! The zone of a time: an offset, a name, or a place.

use chrono::{DateTime, NaiveDateTime, TimeDelta, TimeZone, Utc};
use chrono_tz::{TZ_VARIANTS, Tz};

use super::Token;
use super::words;

/// The longest name of a place has this many tokens: `America/Argentina/Rio_Gallegos`.
const LONGEST_PLACE: usize = 7;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Zone {
    /// Seconds east of Greenwich.
    Offset(i64),
    Place(Tz),
}

impl Zone {
    pub(super) const UTC: Self = Self::Offset(0);

    pub(super) fn to_utc(self, local: NaiveDateTime) -> Option<DateTime<Utc>> {
        match self {
            Self::Offset(offset) => Some(local.checked_sub_signed(TimeDelta::seconds(offset))?.and_utc()),
            Self::Place(place) => {
                // A time that clocks jump over when summer begins is read as if they had not jumped.
                let after = || {
                    let hour = TimeDelta::hours(1);
                    place.from_local_datetime(&local.checked_add_signed(hour)?).earliest()
                };
                let time = place.from_local_datetime(&local).earliest().or_else(after)?;
                Some(time.to_utc())
            }
        }
    }
}

/// What a script tells: Korean is written where one time holds, without summer time.
pub(super) fn of_script(text: &str) -> Option<Zone> {
    let is_korean = |c: char| ('\u{AC00}'..='\u{D7A3}').contains(&c);
    text.chars().any(is_korean).then_some(Zone::Offset(9 * 3600))
}

/// The zone that the tokens after a time begin with, and how many tokens it takes. `precise` says that an offset may
/// follow without a blank: `10:00-12:00` is two times, `10:00:00-12:00` is not.
pub(super) fn after_time(rest: &[Token<'_>], precise: bool) -> Option<(Zone, usize)> {
    let first = rest.first()?;
    if first.is_sign('(') {
        return rest.get(1)?.word().and_then(words::zone).map(|offset| (Zone::Offset(offset), 2));
    }
    // "10:15:00:+0100"
    if first.is_sign(':') && first.glued {
        return offset(rest.get(1..)?, false).map(|(zone, length)| (zone, length + 1));
    }
    let Some(name) = first.word() else {
        let apart = precise || !first.glued || first.is_sign('+');
        return offset(rest, false).filter(|_| apart);
    };
    if matches!(name, "gmt" | "utc")
        && let Some((zone, length)) = offset(rest.get(1..)?, true)
    {
        return Some((zone, length + 1));
    }
    if rest.get(1).is_some_and(|slash| slash.is_sign('/') && slash.glued) {
        return place(rest);
    }
    // A single letter, or "et", inside a sentence is a word: "10:15 à Paris"; and "17:30 h" has no zone.
    let last = rest.len() == 1 && (precise || name.len() > 1);
    let short = || {
        if last { words::military_zone(name).map(Zone::Offset).or_else(|| american(name)) } else { None }
    };
    words::zone(name).map(Zone::Offset).or_else(short).map(|zone| (zone, 1))
}

/// The zone at the very end, after the day: "15:04 02.01.2006 -0700". And how many tokens it takes.
pub(super) fn at_the_end(tokens: &[Token<'_>]) -> Option<(Zone, usize)> {
    if let Some(name) = tokens.last()?.word() {
        return words::zone(name).map(|offset| (Zone::Offset(offset), 1));
    }
    let end = tokens.get(tokens.len().checked_sub(2)?..)?;
    let [sign, digits] = end else { return None };
    let is_offset = !sign.glued && digits.number(4..=4).is_some_and(|value| value % 100 % 15 == 0);
    offset(end, false).filter(|_| is_offset)
}

/// Eastern, central, mountain and Pacific time, of winter and summer.
fn american(name: &str) -> Option<Zone> {
    Some(Zone::Place(match name {
        "et" => Tz::America__New_York,
        "ct" => Tz::America__Chicago,
        "mt" => Tz::America__Denver,
        "pt" => Tz::America__Los_Angeles,
        "at" => Tz::America__Halifax,
        _ => return None,
    }))
}

/// `Europe/Brussels`
fn place(rest: &[Token<'_>]) -> Option<(Zone, usize)> {
    let longest = rest.len().min(LONGEST_PLACE);
    (3..=longest).rev().find_map(|length| {
        let name = joined(rest.get(..length)?);
        let found = TZ_VARIANTS.iter().find(|place| super::token::fold(place.name()) == name)?;
        Some((Zone::Place(*found), length))
    })
}

fn joined(tokens: &[Token<'_>]) -> String {
    let mut name = String::new();
    for token in tokens {
        if !token.glued && !name.is_empty() {
            name.push(' ');
        }
        match (token.word(), token.sign()) {
            (Some(word), _) => name.push_str(word),
            (None, Some(sign)) => name.push(sign),
            (None, None) => name.push('?'),
        }
    }
    name
}

/// `+0100`, `+01:00`, `+01`, `+100`; after a zone's name `+1` too.
pub(super) fn offset(rest: &[Token<'_>], named: bool) -> Option<(Zone, usize)> {
    let sign = match rest.first()?.sign()? {
        '+' => 1,
        '-' => -1,
        _ => return None,
    };
    let number = rest.get(1).filter(|number| number.glued)?;
    let (hours, minutes, length) = if let Some(value) = number.number(3..=4) {
        (value / 100, value % 100, 2)
    } else {
        let with_minutes = part(rest, 2);
        let hours = number.number(if named || with_minutes.is_some() { 1..=2 } else { 2..=2 })?;
        let seconds = part(rest, 4).is_some();
        with_minutes.map_or((hours, 0, 2), |minutes| (hours, minutes, if seconds { 6 } else { 4 }))
    };
    let valid = hours <= 14 && minutes < 60;
    let seconds = i64::try_from(hours * 3600 + minutes * 60).ok()?;
    valid.then_some((Zone::Offset(sign * seconds), length))
}

/// The two digits after a colon.
fn part(rest: &[Token<'_>], at: usize) -> Option<u64> {
    let colon = rest.get(at).filter(|colon| colon.glued && colon.is_sign(':'));
    rest.get(at + 1).filter(|number| colon.is_some() && number.glued)?.number(2..=2)
}
