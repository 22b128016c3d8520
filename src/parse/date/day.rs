//! The day inside a written date.

use chrono::NaiveDate;

use super::hint::Order;
use super::token::Kind;
use super::words;
use super::{Token, Unread, YEARS, calendar_day, century, short};

/// A day, or why it is none, and the number of tokens that say it.
type Found = Option<(Result<NaiveDate, Unread>, usize)>;

/// The day that the tokens name, if they name one and not several, nor a span of days.
pub(super) fn only(tokens: &[Token<'_>], order: Order) -> Result<NaiveDate, Unread> {
    let mut day = None;
    let mut at = 0;
    while at < tokens.len() {
        let Some((found, length)) = day_at(tokens, at, order) else {
            at += 1;
            continue;
        };
        let found = found?;
        if ends_a_span(tokens, at)
            || begins_a_span(tokens, at + length)
            || day.is_some_and(|day| day != found)
        {
            return Err(Unread::Uncertain);
        }
        day = Some(found);
        at += length;
    }
    day.ok_or(Unread::NoDay)
}

fn day_at(tokens: &[Token<'_>], at: usize, order: Order) -> Found {
    let rest = tokens.get(at..)?;
    let certain = |(day, length)| (Ok(day), length);
    if rest.first()?.word().is_some() {
        return month_first(rest).or_else(|| era(rest)).map(certain);
    }
    let inside_a_number = at >= 2
        && rest.first()?.glued
        && tokens.get(at - 1).is_some_and(|sign| matches!(sign.sign(), Some('.' | '-' | '/')))
        && tokens.get(at - 2).is_some_and(|number| number.number(1..=20).is_some());
    if inside_a_number {
        return day_first(rest, false).map(certain);
    }
    let alone = at == 0 && rest.len() == 1;
    let others = || {
        chinese(rest)
            .or_else(|| day_first(rest, is_lead(tokens.get(..at)?)))
            .or_else(|| year_first(rest))
            .or_else(|| iso(rest))
            .or_else(|| compact(rest).filter(|_| alone))
            .map(certain)
    };
    numeric(rest, order).or_else(others)
}

/// `20180115`
fn compact(rest: &[Token<'_>]) -> Option<(NaiveDate, usize)> {
    let value = rest.first()?.number(8..=8)?;
    Some((calendar_day(value / 10_000, value / 100 % 100, value % 100)?, 1))
}

/// `2018-015`, `2018-W03-1`
fn iso(rest: &[Token<'_>]) -> Option<(NaiveDate, usize)> {
    let year = rest.first()?.number(4..=4)?;
    let joined = |at: usize, sign: char| rest.get(at).is_some_and(|token| token.glued && token.is_sign(sign));
    let number = |at: usize, digits: usize| rest.get(at).filter(|token| token.glued)?.number(digits..=digits);
    if !joined(1, '-') {
        return None;
    }
    if rest.get(2).is_some_and(|token| token.glued && token.is_word("w")) && joined(4, '-') {
        return Some((short::in_week(year, number(3, 2)?, number(5, 1)?)?, 6));
    }
    Some((short::ordinal(year, number(2, 3)?)?, 3)).filter(|_| !joined(3, '-'))
}

/// `2018-01-15`, `2018/1/15`, `15.01.2018`, `27/10/2025`. `03/04/2025` is two days in two countries.
fn numeric(rest: &[Token<'_>], order: Order) -> Found {
    let [first, sign, second, again, third, ..] = rest else { return None };
    let separator = sign.sign().filter(|sign| matches!(sign, '-' | '/' | '.'))?;
    let apart = !(sign.glued && second.glued && again.glued && third.glued);
    // More numbers with the same sign: no date, a version or an address.
    let more = matches!(rest, [_, _, _, _, _, sign, number, ..]
        if sign.glued && sign.is_sign(separator) && number.glued && number.number(1..=20).is_some());
    if more || !again.is_sign(separator) || (separator == '-' && apart) {
        return None;
    }
    // "2018-012-15": some programs write the month with a zero too many.
    let middle = second.number(1..=2).or_else(|| second.number(3..=3).filter(|value| *value <= 12))?;
    let order = if separator == '.' { Order::DayFirst } else { order };
    let day = match (first.number(4..=4), third.number(4..=4)) {
        (Some(year), None) => full_day(year, middle, third.number(1..=2)?).map(Ok),
        (None, Some(year)) => either_order(year, first.number(1..=2)?, middle, order),
        (None, None) if !apart => {
            let year = third.number(2..=2)?;
            short_year(century(year), first.number(1..=2)?, middle, order)
        }
        _ => None,
    };
    day.map(|day| (day, 5))
}

/// With all its digits, and the year in front, it can be nothing else.
fn full_day(year: u64, month: u64, day: u64) -> Option<NaiveDate> {
    let believed = i32::try_from(year).is_ok_and(|year| YEARS.contains(&year) && year > 1000);
    let day = NaiveDate::from_ymd_opt(year.try_into().ok()?, month.try_into().ok()?, day.try_into().ok()?);
    day.filter(|_| believed)
}

fn either_order(year: u64, first: u64, second: u64, order: Order) -> Option<Result<NaiveDate, Unread>> {
    let day_first = calendar_day(year, second, first);
    let month_first = calendar_day(year, first, second);
    Some(match (day_first, month_first, order) {
        (day, _, Order::DayFirst) | (_, day, Order::MonthFirst) => Ok(day?),
        (Some(one), Some(other), Order::Unknown) if one != other => Err(Unread::Uncertain),
        (one, other, Order::Unknown) => Ok(one.or(other)?),
    })
}

/// `15/01/18` could be of 2015 too, if nothing is known of the order.
fn short_year(year: u64, first: u64, second: u64, order: Order) -> Option<Result<NaiveDate, Unread>> {
    let day = either_order(year, first, second, order)?;
    Some(if order == Order::Unknown { Err(Unread::Uncertain) } else { day })
}

/// `2024年8月16日`, `2024년 8월 16일`
fn chinese(rest: &[Token<'_>]) -> Option<(NaiveDate, usize)> {
    let [year, y, month, m, day, ..] = rest else { return None };
    let signs = matches!((y.word()?, m.word()?), ("年", "月") | ("년", "월"));
    let day = calendar_day(year.number(4..=4)?, month.number(1..=2)?, day.number(1..=2)?);
    day.filter(|_| signs).map(|day| (day, 5))
}

/// `令和6年8月16日`, the sixth year of Reiwa
fn era(rest: &[Token<'_>]) -> Option<(NaiveDate, usize)> {
    let [first, second, year, y, month, m, day, ..] = rest else { return None };
    let before = match (first.word()?, second.word()?) {
        ("令", "和") => 2018,
        ("平", "成") => 1988,
        _ => return None,
    };
    let signs = y.is_word("年") && m.is_word("月");
    let day = calendar_day(before + year.number(1..=2)?, month.number(1..=2)?, day.number(1..=2)?);
    day.filter(|_| signs).map(|day| (day, 7))
}

/// `15 January 2018`, `1er février 2018`, `14 de diciembre de 2017`, `15-Sep-2026`; `09 Feb 06` if it stands alone.
fn day_first(rest: &[Token<'_>], leads: bool) -> Option<(NaiveDate, usize)> {
    let day = rest.first()?.number(1..=2)?;
    let before_month = 1 + fillers(rest.get(1..)?);
    let (month, words) = month_at(rest.get(before_month..)?)?;
    let mut before_year = before_month + words + fillers(rest.get(before_month + words..)?);
    // "15 يناير/كانون الثاني 2018" names the month twice.
    if let Some((again, words)) = month_at(rest.get(before_year..)?) {
        before_year += words + fillers(rest.get(before_year + words..)?);
        if again != month {
            return None;
        }
    }
    let year = rest.get(before_year)?;
    let alone = leads && rest.len() == before_year + 1;
    let year = year.number(4..=4).or_else(|| year.number(2..=2).filter(|_| alone).map(century))?;
    Some((calendar_day(year, month, day)?, before_year + 1))
}

/// `January 15, 2018`, `Jan-15-2018`, asctime
fn month_first(rest: &[Token<'_>]) -> Option<(NaiveDate, usize)> {
    let (month, words) = month_at(rest)?;
    let before_day = words + fillers(rest.get(words..)?);
    let day = rest.get(before_day)?.number(1..=2)?;
    let after = rest.get(before_day + 1..)?;
    let before_year = before_day + 1 + fillers(after);
    let year = rest.get(before_year)?.number(4..=4)?;
    Some((calendar_day(year, month, day)?, before_year + 1))
}

/// `2018 January 15`, `2018-Jan-15`
fn year_first(rest: &[Token<'_>]) -> Option<(NaiveDate, usize)> {
    let year = rest.first()?.number(4..=4)?;
    let before_month = 1 + fillers(rest.get(1..)?);
    let (month, words) = month_at(rest.get(before_month..)?)?;
    let before_day = before_month + words + fillers(rest.get(before_month + words..)?);
    let day = rest.get(before_day)?.number(1..=2)?;
    Some((calendar_day(year, month, day)?, before_day + 1))
}

fn month_at(rest: &[Token<'_>]) -> Option<(u64, usize)> {
    let first = rest.first()?.word()?;
    if let Some(month) = words::month(first) {
        return Some((month, 1));
    }
    let second = rest.get(1)?.word()?;
    words::two_word_month(first, second).map(|month| (month, 2))
}

/// What stands between the parts of one date and means nothing: "1er", "15.", "de", "of".
const FILLERS: [&str; 17] =
    ["st", "nd", "rd", "th", "er", "o", "ro", "of", "de", "del", "do", "di", "den", "der", "da", "من", "عام"];

/// How many of them stand here.
fn fillers(rest: &[Token<'_>]) -> usize {
    rest.iter().take_while(|token| is_filler(token)).take(4).count()
}

fn is_filler(token: &Token<'_>) -> bool {
    match token.kind {
        Kind::Word(word) => words::is_weekday(word) || FILLERS.contains(&word),
        Kind::Sign('.' | ',' | '(' | ')' | '/' | '\'' | '’') => true,
        // A dash with a blank before it is a span: "9 January - 2 February".
        Kind::Sign('-') => token.glued,
        Kind::Sign(_) | Kind::Number { .. } => false,
    }
}

/// Nothing but a weekday or one other word before the date.
fn is_lead(before: &[Token<'_>]) -> bool {
    let words = before.iter().filter(|token| token.word().is_some()).count();
    words <= 1 && before.iter().all(|token| token.word().is_some() || matches!(token.sign(), Some(',' | '.')))
}

/// Does another day stand before this one: "7-9 November 2012", "9 et 10 février 2018", "30 Jan – 2 Feb 2018"?
fn ends_a_span(tokens: &[Token<'_>], at: usize) -> bool {
    let mut before = tokens.get(..at).unwrap_or_default().iter().rev().peekable();
    let mut joined = false;
    while before.next_if(|token| is_joint(token)).is_some() {
        joined = true;
    }
    while before.next_if(|token| is_filler(token)).is_some() {}
    let (Some(token), true) = (before.next(), joined) else { return false };
    // "MC11" is a name, not the eleventh.
    let named = token.glued && before.next().is_some_and(|token| token.word().is_some());
    token.number(1..=2).is_some_and(|day| (1..=31).contains(&day) && !named)
        || token.word().is_some_and(|word| words::month(word).is_some())
}

/// Does another day follow, without its month or year: "2024年8月16日至18日", "2024年8月16-18日"?
fn begins_a_span(tokens: &[Token<'_>], at: usize) -> bool {
    let is_unit = |token: &Token<'_>| matches!(token.word(), Some("日" | "号" | "月" | "일" | "월"));
    let at = if tokens.get(at).is_some_and(is_unit) { at + 1 } else { at };
    let Some([joint, number, unit]) = tokens.get(at..at + 3) else { return false };
    let joined = is_joint(joint) || joint.is_sign('、');
    joined && number.number(1..=2).is_some() && is_unit(unit)
}

fn is_joint(token: &Token<'_>) -> bool {
    match token.kind {
        Kind::Sign(sign) => matches!(sign, '-' | ',' | '~' | '&' | '/' | '+'),
        Kind::Word(word) => matches!(
            word,
            "to" | "and"
                | "au"
                | "et"
                | "a"
                | "al"
                | "y"
                | "e"
                | "bis"
                | "und"
                | "и"
                | "по"
                | "до"
                | "至"
                | "到"
                | "و"
        ),
        Kind::Number { .. } => false,
    }
}
