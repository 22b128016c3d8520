//! The time of day and the zone inside a written date.

use std::ops::Range;

use super::Token;
use super::words;

/// A time of day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Clock {
    /// Since midnight; 24:00 is the next day's midnight.
    pub seconds: i64,
    /// East of Greenwich, in seconds.
    pub offset: i64,
}

/// The first time of day among the tokens; it and its zone are taken out, so that what is left is about the day.
pub(super) fn take(tokens: &mut Vec<Token<'_>>) -> Option<Clock> {
    let (seconds, used) = (0..tokens.len()).find_map(|at| time_at(tokens, at))?;
    let after = tokens.get(used.end..).unwrap_or_default();
    let bare = tokens.get(used.clone()).is_some_and(|time| time.len() <= 3);
    let zone = zone(after, !bare || follows_t(tokens, used.start));
    let (offset, length) = zone.unwrap_or((0, 0));
    let start = if follows_t(tokens, used.start) { used.start - 1 } else { used.start };
    tokens.drain(start..used.end + length);
    if let Some(next) = tokens.get_mut(start) {
        next.glued = false;
    }
    Some(Clock { seconds, offset })
}

/// Is the token before an ISO 8601 `T`?
fn follows_t(tokens: &[Token<'_>], at: usize) -> bool {
    at > 0 && tokens.get(at - 1).is_some_and(|token| token.is_word("t"))
}

/// Seconds since midnight and the tokens that say so.
fn time_at(tokens: &[Token<'_>], at: usize) -> Option<(i64, Range<usize>)> {
    let rest = tokens.get(at..)?;
    let (mut hour, minute, second, mut length) =
        compact(tokens, at).or_else(|| colons(rest)).or_else(|| letters(rest))?;
    if let Some((afternoon, words)) = meridiem(rest.get(length..)?).or_else(|| chinese_meridiem(tokens, at)) {
        hour = hour % 12 + if afternoon { 12 } else { 0 };
        length += words;
    }
    let seconds = hour * 3600 + minute * 60 + second;
    // A leap second, 23:59:60, is the midnight that follows.
    let valid = minute < 60 && second <= 60 && seconds <= 24 * 3600;
    valid.then_some((i64::try_from(seconds).ok()?, at..at + length))
}

/// `T101500`, `T1015`
fn compact(tokens: &[Token<'_>], at: usize) -> Option<(u64, u64, u64, usize)> {
    let token = tokens.get(at).filter(|token| token.glued && follows_t(tokens, at))?;
    if let Some(value) = token.number(6..=6) {
        return Some((value / 10_000, value / 100 % 100, value % 100, 1));
    }
    token.number(4..=4).map(|value| (value / 100, value % 100, 0, 1))
}

/// `10:15`, `10:15:00`, `10:15:00.123`
fn colons(rest: &[Token<'_>]) -> Option<(u64, u64, u64, usize)> {
    let hour = rest.first()?.number(1..=2)?;
    let minute = part(rest, 1, &[':'])?;
    let Some(second) = part(rest, 3, &[':']) else { return Some((hour, minute, 0, 3)) };
    let fraction = matches!(rest, [_, _, _, _, _, dot, digits, ..]
        if dot.glued && (dot.is_sign('.') || dot.is_sign(',')) && digits.glued && digits.number(1..=30).is_some());
    Some((hour, minute, second, if fraction { 7 } else { 5 }))
}

/// The two digits after one of these signs.
fn part(rest: &[Token<'_>], at: usize, signs: &[char]) -> Option<u64> {
    let sign = rest.get(at)?;
    let number = rest.get(at + 1)?;
    let wanted = sign.glued && number.glued && sign.sign().is_some_and(|sign| signs.contains(&sign));
    number.number(2..=2).filter(|_| wanted)
}

/// `10h30`, `15 h`, `10 Uhr`, `10时30分`, `9 am`
fn letters(rest: &[Token<'_>]) -> Option<(u64, u64, u64, usize)> {
    let hour = rest.first()?.number(1..=2).filter(|hour| *hour <= 24)?;
    match rest.get(1)?.word()? {
        "h" | "时" | "時" | "点" => match rest.get(2).and_then(|token| token.number(2..=2)) {
            Some(minute) => Some((hour, minute, 0, 3)),
            None => Some((hour, 0, 0, 2)),
        },
        "uhr" => Some((hour, 0, 0, 2)),
        _ => meridiem(rest.get(1..)?).filter(|_| hour <= 12).map(|_| (hour, 0, 0, 1)),
    }
}

/// Is it after noon? And how many tokens say so: `pm`, `p.m.`
fn meridiem(rest: &[Token<'_>]) -> Option<(bool, usize)> {
    let first = rest.first()?.word()?;
    match (first, rest.get(1..3)) {
        ("am" | "pm", _) => Some((first == "pm", 1)),
        ("a" | "p", Some([dot, m])) if dot.is_sign('.') && m.is_word("m") => {
            let dotted = rest.get(3).is_some_and(|dot| dot.glued && dot.is_sign('.'));
            Some((first == "p", if dotted { 4 } else { 3 }))
        }
        _ => None,
    }
}

/// 上午 and 下午 stand before the time.
fn chinese_meridiem(tokens: &[Token<'_>], at: usize) -> Option<(bool, usize)> {
    let [half, noon] = tokens.get(at.checked_sub(2)?..at)? else { return None };
    (noon.is_word("午") && (half.is_word("上") || half.is_word("下"))).then_some((half.is_word("下"), 0))
}

/// The offset that the tokens after a time begin with, and how many tokens it takes.
fn zone(rest: &[Token<'_>], precise: bool) -> Option<(i64, usize)> {
    let first = rest.first()?;
    if first.is_sign('(') {
        return rest.get(1)?.word().and_then(words::zone).map(|offset| (offset, 2));
    }
    let Some(name) = first.word() else {
        // `10:00-12:00` is two times; a time to the second, or after a `T`, has an offset there.
        let apart = precise || !first.glued || first.is_sign('+');
        return offset(rest, false).filter(|_| apart);
    };
    if matches!(name, "gmt" | "utc")
        && let Some((offset, length)) = offset(rest.get(1..)?, true)
    {
        return Some((offset, length + 1));
    }
    // A single letter inside a sentence is a word: "10:15 à Paris".
    let letter = if rest.len() == 1 { words::military_zone(name) } else { None };
    words::zone(name).or(letter).map(|offset| (offset, 1))
}

/// `+0100`, `+01:00`, `+01`; after a zone's name `+1` too.
fn offset(rest: &[Token<'_>], named: bool) -> Option<(i64, usize)> {
    let sign = match rest.first()?.sign()? {
        '+' => 1,
        '-' => -1,
        _ => return None,
    };
    let number = rest.get(1).filter(|number| number.glued)?;
    let (hours, minutes, length) = if let Some(value) = number.number(3..=4) {
        (value / 100, value % 100, 2)
    } else {
        let hours = number.number(if named { 1..=2 } else { 2..=2 })?;
        part(rest, 2, &[':']).map_or((hours, 0, 2), |minutes| (hours, minutes, 4))
    };
    let valid = hours <= 14 && minutes < 60;
    valid.then_some((sign * i64::try_from(hours * 3600 + minutes * 60).ok()?, length))
}
