//! The time of day inside a written date.

use std::ops::Range;

use super::Token;
use super::words;
use super::zone::{self, Zone};

/// A time of day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Clock {
    /// Since midnight; 24:00 is the next day's midnight.
    pub seconds: i64,
    pub zone: Option<Zone>,
}

/// `25:61:61` stands where a time should: the text was made by a program that is wrong, so nothing in it is certain.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Impossible;

/// The first time of day among the tokens; it and its zone are taken out, so that what is left is about the day.
pub(super) fn take(tokens: &mut Vec<Token<'_>>) -> Result<Option<Clock>, Impossible> {
    let Some((seconds, used)) = (0..tokens.len()).find_map(|at| time_at(tokens, at)) else {
        let impossible = (0..tokens.len()).any(|at| is_like_a_time(tokens, at));
        return if impossible { Err(Impossible) } else { Ok(None) };
    };
    let after = tokens.get(used.end..).unwrap_or_default();
    let bare = tokens.get(used.clone()).is_some_and(|time| time.len() <= 3);
    let found = zone::after_time(after, !bare || follows_t(tokens, used.start));
    let length = found.map_or(0, |(_, length)| length);
    let start = if follows_t(tokens, used.start) { used.start - 1 } else { used.start };
    tokens.drain(start..used.end + length);
    if let Some(next) = tokens.get_mut(start) {
        next.glued = false;
    }
    let found = found.or_else(|| {
        let end = zone::at_the_end(tokens)?;
        tokens.truncate(tokens.len() - end.1);
        Some(end)
    });
    Ok(Some(Clock { seconds, zone: found.map(|(zone, _)| zone) }))
}

/// Is the token before an ISO 8601 `T`?
fn follows_t(tokens: &[Token<'_>], at: usize) -> bool {
    at > 0 && tokens.get(at - 1).is_some_and(|token| token.is_word("t"))
}

/// Three numbers with colons between, or two after a `T`.
fn is_like_a_time(tokens: &[Token<'_>], at: usize) -> bool {
    let numbers = |length: usize| {
        tokens.get(at..at + length).is_some_and(|part| {
            part.iter().enumerate().all(|(index, token)| match index % 2 {
                0 => token.number(1..=2).is_some(),
                _ => token.is_sign(':') && token.glued,
            })
        })
    };
    numbers(5) || follows_t(tokens, at) && numbers(3)
}

/// Seconds since midnight and the tokens that say so.
fn time_at(tokens: &[Token<'_>], at: usize) -> Option<(i64, Range<usize>)> {
    let rest = tokens.get(at..)?;
    // In the middle of "10:15:00" no time begins.
    if at > 0
        && rest.first()?.glued
        && tokens.get(at - 1).is_some_and(|colon| colon.is_sign(':'))
        && at > 1
        && tokens.get(at - 2).is_some_and(|number| number.number(1..=2).is_some())
    {
        return None;
    }
    let (mut hour, minute, second, mut length) =
        compact(tokens, at).or_else(|| colons(rest)).or_else(|| points(rest)).or_else(|| letters(rest))?;
    if let Some((afternoon, words)) = meridiem(rest.get(length..)?).or_else(|| half_before(tokens, at)) {
        if hour > 12 && afternoon {
            // "15:04 pm" says it twice.
            hour -= 12;
        }
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

/// `10:15`, `10:15:00`, `10:15:00.123`, `10:15:00:123`; `9:5:3` only if all three are there.
fn colons(rest: &[Token<'_>]) -> Option<(u64, u64, u64, usize)> {
    let hour = rest.first()?.number(1..=2)?;
    let Some(second) = part(rest, 3, ':', 1) else {
        return Some((hour, part(rest, 1, ':', 2)?, 0, 3));
    };
    let minute = part(rest, 1, ':', 1)?;
    let fraction = matches!(rest, [_, _, _, _, _, dot, digits, ..]
        if dot.glued && (dot.is_sign('.') || dot.is_sign(',')) && digits.glued && digits.number(1..=30).is_some());
    let frame = matches!(rest, [_, _, _, _, _, colon, digits, ..]
        if colon.glued && colon.is_sign(':') && digits.glued && digits.number(1..=20).is_some());
    if frame {
        let all_full = part(rest, 1, ':', 2).is_some() && part(rest, 3, ':', 2).is_some();
        return (all_full && part_of(rest, 5, ':', 2..=3).is_some()).then_some((hour, minute, second, 7));
    }
    Some((hour, minute, second, if fraction { 7 } else { 5 }))
}

/// `10.30 Uhr`, `10.30 h`, `kl. 10.30` has no such word and is none.
fn points(rest: &[Token<'_>]) -> Option<(u64, u64, u64, usize)> {
    let (hour, minute) = (rest.first()?.number(1..=2)?, part(rest, 1, '.', 2)?);
    let said = matches!(rest.get(3)?.word()?, "uhr" | "h" | "hs" | "hrs" | "ч" | "am" | "pm");
    let length = if matches!(rest.get(3)?.word()?, "am" | "pm") { 3 } else { 4 };
    said.then_some((hour, minute, 0, length))
}

/// The number with at least so many digits, at most two, after this sign.
fn part(rest: &[Token<'_>], at: usize, sign: char, least: usize) -> Option<u64> {
    part_of(rest, at, sign, least..=2)
}

fn part_of(
    rest: &[Token<'_>],
    at: usize,
    sign: char,
    digits: std::ops::RangeInclusive<usize>,
) -> Option<u64> {
    let before = rest.get(at).filter(|token| token.glued && token.is_sign(sign));
    rest.get(at + 1).filter(|number| before.is_some() && number.glued)?.number(digits)
}

/// `10h30`, `10 h 30`, `15 h`, `10 Uhr`, `10时30分`, `11시 23분`, `9 am`
fn letters(rest: &[Token<'_>]) -> Option<(u64, u64, u64, usize)> {
    let hour = rest.first()?.number(1..=2).filter(|hour| *hour <= 24)?;
    match rest.get(1)?.word()? {
        "h" | "heures" | "heure" | "horas" | "ore" => match rest.get(2).and_then(|token| token.number(2..=2))
        {
            Some(minute) => Some((hour, minute, 0, 3)),
            None => Some((hour, 0, 0, 2)),
        },
        "时" | "時" | "点" | "點" | "시" => Some(eastern(hour, rest)),
        "uhr" => match rest.get(2).and_then(|token| token.number(2..=2)) {
            Some(minute) if rest.len() == 3 => Some((hour, minute, 0, 3)),
            _ => Some((hour, 0, 0, 2)),
        },
        _ => meridiem(rest.get(1..)?).filter(|_| hour <= 12).map(|_| (hour, 0, 0, 1)),
    }
}

/// `10时`, `10时30分`, `10时30分20秒`
fn eastern(hour: u64, rest: &[Token<'_>]) -> (u64, u64, u64, usize) {
    let unit = |at: usize, signs: [&str; 2]| {
        let named = rest.get(at + 1).and_then(Token::word).is_some_and(|word| signs.contains(&word));
        rest.get(at).and_then(|token| token.number(1..=2)).filter(|_| named)
    };
    match (unit(2, ["分", "분"]), unit(4, ["秒", "초"])) {
        (Some(minute), Some(second)) => (hour, minute, second, 6),
        (Some(minute), None) => (hour, minute, 0, 4),
        (None, _) => (hour, 0, 0, 2),
    }
}

/// Is it after noon? And how many tokens say so: `pm`, `p.m.`, `p. m.`, `م`
fn meridiem(rest: &[Token<'_>]) -> Option<(bool, usize)> {
    let first = rest.first()?.word()?;
    if let Some(afternoon) = words::half(first) {
        return Some((afternoon, 1));
    }
    match (first, rest.get(1..3)) {
        ("a" | "p", Some([dot, m])) if dot.is_sign('.') && m.is_word("m") => {
            let dotted = rest.get(3).is_some_and(|dot| dot.glued && dot.is_sign('.'));
            Some((first == "p", if dotted { 4 } else { 3 }))
        }
        _ => None,
    }
}

/// 上午 and 下午, 오전 and 오후 stand before the time.
fn half_before(tokens: &[Token<'_>], at: usize) -> Option<(bool, usize)> {
    let last = tokens.get(at.checked_sub(1)?)?.word()?;
    let first = at.checked_sub(2).and_then(|at| tokens.get(at)).and_then(Token::word).unwrap_or_default();
    let afternoon = match (first, last) {
        ("上" | "早", "午" | "上") | ("凌", "晨") | ("午", "前") | (_, "오전") => false,
        ("下", "午") | ("晚", "上") | ("午", "后" | "後") | (_, "오후") => true,
        _ => return None,
    };
    Some((afternoon, 0))
}
