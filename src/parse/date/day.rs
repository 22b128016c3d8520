//! The day inside a written date.

use chrono::NaiveDate;

use super::Token;
use super::calendar_day;
use super::token::Kind;
use super::words;

/// A day and the number of tokens that say it.
type Found = Option<(NaiveDate, usize)>;

/// The day that the tokens name. `None` when they name none, several, or a span of days.
pub(super) fn only(tokens: &[Token<'_>]) -> Option<NaiveDate> {
    let mut day = None;
    let mut at = 0;
    while at < tokens.len() {
        let Some((found, length)) = day_at(tokens, at) else {
            at += 1;
            continue;
        };
        if ends_a_span(tokens, at) || day.is_some_and(|day| day != found) {
            return None;
        }
        day = Some(found);
        at += length;
    }
    day
}

fn day_at(tokens: &[Token<'_>], at: usize) -> Found {
    let rest = tokens.get(at..)?;
    if rest.first()?.word().is_some() {
        return month_first(rest);
    }
    let inside_a_number = at >= 2
        && rest.first()?.glued
        && tokens.get(at - 1).is_some_and(|sign| matches!(sign.sign(), Some('.' | '-' | '/')))
        && tokens.get(at - 2).is_some_and(|number| number.number(1..=20).is_some());
    if inside_a_number {
        return day_first(rest, false);
    }
    let alone = at == 0 && rest.len() == 1;
    numeric(rest)
        .or_else(|| chinese(rest))
        .or_else(|| day_first(rest, is_lead(tokens.get(..at)?)))
        .or_else(|| year_first(rest))
        .or_else(|| compact(rest).filter(|_| alone))
}

/// `20180115`
fn compact(rest: &[Token<'_>]) -> Found {
    let value = rest.first()?.number(8..=8)?;
    Some((calendar_day(value / 10_000, value / 100 % 100, value % 100)?, 1))
}

/// `2018-01-15`, `2018/1/15`, `15.01.2018`, `27/10/2025`. `03/04/2025` is two days in two countries, so none.
fn numeric(rest: &[Token<'_>]) -> Found {
    let [first, sign, second, again, third, ..] = rest else { return None };
    let separator = sign.sign().filter(|sign| matches!(sign, '-' | '/' | '.'))?;
    let apart = !(sign.glued && second.glued && again.glued && third.glued);
    if !again.is_sign(separator) || (separator == '-' && apart) {
        return None;
    }
    let middle = second.number(1..=2)?;
    let day = match (first.number(4..=4), third.number(4..=4)) {
        (Some(year), None) => calendar_day(year, middle, third.number(1..=2)?),
        (None, Some(year)) => either_order(year, first.number(1..=2)?, middle, separator),
        _ => None,
    };
    day.map(|day| (day, 5))
}

fn either_order(year: u64, first: u64, second: u64, separator: char) -> Option<NaiveDate> {
    let day_first = calendar_day(year, second, first);
    // Points stand between day, month and year, never between month, day and year.
    let month_first = calendar_day(year, first, second).filter(|_| separator != '.');
    match (day_first, month_first) {
        (Some(one), Some(other)) => (one == other).then_some(one),
        (one, other) => one.or(other),
    }
}

/// `2024年8月16日`, `2024년 8월 16일`
fn chinese(rest: &[Token<'_>]) -> Found {
    let [year, y, month, m, day, ..] = rest else { return None };
    let signs = matches!((y.word()?, m.word()?), ("年", "月") | ("년", "월"));
    let day = calendar_day(year.number(4..=4)?, month.number(1..=2)?, day.number(1..=2)?);
    day.filter(|_| signs).map(|day| (day, 5))
}

/// `15 January 2018`, `1er février 2018`, `14 de diciembre de 2017`, `15-Sep-2026`; `09 Feb 06` if it stands alone.
fn day_first(rest: &[Token<'_>], leads: bool) -> Found {
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

/// RFC 2822, section 4.3.
fn century(year: u64) -> u64 {
    if year < 50 { 2000 + year } else { 1900 + year }
}

/// `January 15, 2018`, `Jan-15-2018`, asctime
fn month_first(rest: &[Token<'_>]) -> Found {
    let (month, words) = month_at(rest)?;
    let before_day = words + fillers(rest.get(words..)?);
    let day = rest.get(before_day)?.number(1..=2)?;
    let after = rest.get(before_day + 1..)?;
    let before_year = before_day + 1 + fillers(after);
    let year = rest.get(before_year)?.number(4..=4)?;
    Some((calendar_day(year, month, day)?, before_year + 1))
}

/// `2018 January 15`, `2018-Jan-15`
fn year_first(rest: &[Token<'_>]) -> Found {
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

/// How many tokens stand between the parts of one date and mean nothing: "1er", "15.", "de", "of", ",".
fn fillers(rest: &[Token<'_>]) -> usize {
    rest.iter().take_while(|token| is_filler(token)).take(4).count()
}

fn is_filler(token: &Token<'_>) -> bool {
    match token.kind {
        Kind::Word(word) => {
            matches!(
                word,
                "st" | "nd"
                    | "rd"
                    | "th"
                    | "er"
                    | "o"
                    | "ro"
                    | "of"
                    | "de"
                    | "del"
                    | "do"
                    | "di"
                    | "من"
                    | "عام"
            )
        }
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
