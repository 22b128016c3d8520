//! Every form of date that we were seen to meet, and what must stay unread.

use chrono::{DateTime, Datelike, NaiveDate, TimeDelta};
use proptest::prelude::*;

use super::{in_address, in_feed, parse};

mod forms;
mod hints;
mod languages;
mod machines;

/// `YYYY-MM-DD HH:MM:SS` in UTC; a day alone stands for midnight; empty for unread.
fn check(text: &str, expected: &str) {
    assert_eq!(shown(text), expected, "{text}");
}

/// All of them, so that one look shows every form that is not read.
fn check_all(cases: &[(&str, &str)]) {
    let wrong: Vec<_> = cases
        .iter()
        .map(|(text, expected)| (text, *expected, shown(text)))
        .filter(|(_, expected, read)| expected != read)
        .collect();
    assert!(wrong.is_empty(), "{wrong:#?}");
}

fn shown(text: &str) -> String {
    let read = parse(text).map(|time| time.format("%Y-%m-%d %H:%M:%S").to_string()).unwrap_or_default();
    read.trim_end_matches(" 00:00:00").to_owned()
}

#[test]
fn rfc_822_and_its_abuses() {
    check_all(&[
        ("Mon, 15 Jan 2018 10:15:00 GMT", "2018-01-15 10:15:00"),
        ("15 Jan 2018 10:15:00 GMT", "2018-01-15 10:15:00"),
        ("Fri, 15 Jan 2018 10:15:00 GMT", "2018-01-15 10:15:00"),
        ("Thur, 18 Jan 2018 10:15:00 +0000", "2018-01-18 10:15:00"),
        ("Mon , \t15  Jan\t2018  10:15:00\t +0000", "2018-01-15 10:15:00"),
        ("Mon,\r\n 15 Jan 2018\r\n 10:15:00 +0000", "2018-01-15 10:15:00"),
        ("Mon, 15 jAN 2018 10:15 +0000", "2018-01-15 10:15:00"),
        ("Mon, 15 Jan 18 10:15:00 +0000", "2018-01-15 10:15:00"),
        ("Fri, 09 Feb 96 23:59:45 +0000", "1996-02-09 23:59:45"),
        ("Thu, 14 Dec 2017", "2017-12-14"),
        ("Mon, 15 Jan 2018 10:15:00", "2018-01-15 10:15:00"),
        ("Mon, 15 Jan 2018 24:00:00 GMT", "2018-01-16"),
        ("Mon, 15-Jan-2018 10:15:00 GMT", "2018-01-15 10:15:00"),
        ("Monday, 15-Jan-18 10:15:00 GMT", "2018-01-15 10:15:00"),
        ("Mon, 15 Jan 2018 10:15:00 +0100 (CET)", "2018-01-15 09:15:00"),
        ("15/Jan/2018:10:15:00 +0000", "2018-01-15 10:15:00"),
    ]);
}

#[test]
fn zones_have_fixed_names() {
    let at = |zone: &str| format!("Thu, 09 Feb 2006 12:00:00 {zone}");
    for (zone, hour) in [
        ("GMT", 12),
        ("UT", 12),
        ("UTC", 12),
        ("Z", 12),
        ("z", 12),
        ("EST", 17),
        ("EDT", 16),
        ("CST", 18),
        ("CDT", 17),
        ("MST", 19),
        ("MDT", 18),
        ("PST", 20),
        ("pDt", 19),
        ("CET", 11),
        ("CEST", 10),
        ("BST", 11),
        ("MSK", 9),
        ("JST", 3),
        ("-0400", 16),
        ("+01:00", 11),
        ("+01", 11),
        ("GMT+1", 11),
        ("UTC+08:00", 4),
        ("GMT-0500", 17),
        ("(CET)", 11),
        ("A", 13),
        ("G", 19),
        ("L", 23),
        ("N", 11),
        ("Q", 8),
        ("Nowhere", 12),
        ("", 12),
    ] {
        check(&at(zone), &format!("2006-02-09 {hour:02}:00:00"));
    }
    check("Thu, 09 Feb 2006 21:25:45 -0234", "2006-02-09 23:59:45");
    check("Fri, 10 Feb 2006 03:59:45 Q", "2006-02-09 23:59:45");
}

#[test]
fn iso_8601_and_its_abuses() {
    check_all(&[
        ("2018-01-15T10:15:00Z", "2018-01-15 10:15:00"),
        ("2018-01-15T10:15:00+01:00", "2018-01-15 09:15:00"),
        ("2018-01-15T10:15:00.123456Z", "2018-01-15 10:15:00"),
        ("2018-01-15T10:15:00,5Z", "2018-01-15 10:15:00"),
        ("2018-01-15t10:15:00z", "2018-01-15 10:15:00"),
        ("2018-01-15T10:15:00-0400", "2018-01-15 14:15:00"),
        ("2018-01-15T10:15-05:00", "2018-01-15 15:15:00"),
        ("2018-01-15T10:15:00", "2018-01-15 10:15:00"),
        ("2018-01-15 10:15:00", "2018-01-15 10:15:00"),
        ("2018-01-15 10:15:00 -0400", "2018-01-15 14:15:00"),
        ("2018-01-15 10:15:00.000 UTC", "2018-01-15 10:15:00"),
        ("2018-01-15", "2018-01-15"),
        ("2018-1-5", "2018-01-05"),
        ("20180115T101500Z", "2018-01-15 10:15:00"),
        ("20180115T1015+0100", "2018-01-15 09:15:00"),
        ("20180115", "2018-01-15"),
        ("20180115101500", "2018-01-15 10:15:00"),
        ("2016-12-31T23:59:60Z", "2016-12-31 23:59:59"),
        ("2018-01-15T24:00:00Z", "2018-01-16"),
        ("2018-01-15Z", "2018-01-15"),
        ("2026.09.15_17:00:00", "2026-09-15 17:00:00"),
        ("2018/01/15 10:15", "2018-01-15 10:15:00"),
        ("2018-01", ""),
        ("2018", ""),
        ("2018-02-30", ""),
        ("2018-13-01T00:00:00Z", ""),
    ]);
}

#[test]
fn seconds_and_milliseconds_since_1970() {
    check_all(&[
        ("1516011300", "2018-01-15 10:15:00"),
        ("1516011300123", "2018-01-15 10:15:00"),
        ("999999999", "2001-09-09 01:46:39"),
        ("15160113", ""),
        ("151601130012", ""),
        ("99999999999999999999999", ""),
    ]);
}

#[test]
fn asctime() {
    check_all(&[
        ("Mon Jan 15 10:15:00 2018", "2018-01-15 10:15:00"),
        ("Mon Jan  5 10:15:00 EST 2018", "2018-01-05 15:15:00"),
        ("Mon Jan 15 10:15:00 +0100 2018", "2018-01-15 09:15:00"),
    ]);
}

#[test]
fn english() {
    check_all(&[
        ("15 January 2018", "2018-01-15"),
        ("January 15, 2018", "2018-01-15"),
        ("Monday, January 15, 2018 - 10:15", "2018-01-15 10:15:00"),
        ("Jan. 15th, 2018 at 3:05 p.m. EST", "2018-01-15 20:05:00"),
        ("15th of January, 2018", "2018-01-15"),
        ("1st Sept 2018", "2018-09-01"),
        ("Jan-15-2018", "2018-01-15"),
        ("2018-Jan-15", "2018-01-15"),
        ("2018 January 15", "2018-01-15"),
        ("15 Jan 2018 12:30AM", "2018-01-15 00:30:00"),
        ("15 Jan 2018, 9 pm", "2018-01-15 21:00:00"),
        ("15 Jan 2018, 9 p.m. (CET)", "2018-01-15 20:00:00"),
        ("14_Sep_2026_09_30_00", "2026-09-14"),
        ("15-Sep-26", "2026-09-15"),
    ]);
}

#[test]
fn french() {
    check_all(&[
        ("3 mars 2023", "2023-03-03"),
        ("1er février 2018", "2018-02-01"),
        ("30 août 2017", "2017-08-30"),
        ("30 AOÛT 2017", "2017-08-30"),
        ("lundi 15 janv. 2018 à 10h30", "2018-01-15 10:30:00"),
        ("Le 15 déc. 2018, 15 h", "2018-12-15 15:00:00"),
        ("15 juil. 2018 10:15 à Paris", "2018-07-15 10:15:00"),
    ]);
}

#[test]
fn spanish_and_portuguese() {
    check_all(&[
        ("14 de diciembre de 2017", "2017-12-14"),
        ("Jueves, 14 de Diciembre del 2017", "2017-12-14"),
        ("15 ene. 2018 a las 10:15", "2018-01-15 10:15:00"),
        ("1º de fevereiro de 2018 às 15h00", "2018-02-01 15:00:00"),
        ("15 de março de 2018, 10h", "2018-03-15 10:00:00"),
        ("05 out 2018", "2018-10-05"),
    ]);
}

#[test]
fn german_and_russian() {
    check_all(&[
        ("15. Januar 2018", "2018-01-15"),
        ("Montag, 5. März 2018, 10:15 Uhr", "2018-03-05 10:15:00"),
        ("15. Dez. 2018", "2018-12-15"),
        ("15.01.2018", "2018-01-15"),
        ("3.4.2025", "2025-04-03"),
        ("15. 1. 2018 - 10 Uhr", "2018-01-15 10:00:00"),
        ("30 октября 2020", "2020-10-30"),
        ("30 октября 2020 г., 10:15 МСК", "2020-10-30 07:15:00"),
        ("1 мая 2020", "2020-05-01"),
        ("15 сент. 2020", "2020-09-15"),
    ]);
}

#[test]
fn chinese_and_korean() {
    check_all(&[
        ("2024年8月16日", "2024-08-16"),
        ("2024 年 8 月 16 日 星期五", "2024-08-16"),
        ("发布时间：2024年08月16日 下午3:05", "2024-08-16 15:05:00"),
        ("2024-10-06", "2024-10-06"),
        ("２０２４年８月１６日", "2024-08-16"),
        ("2024년 8월 16일", "2024-08-16"),
        ("2024年8月", ""),
    ]);
}

#[test]
fn arabic() {
    check_all(&[
        ("15 يناير 2018", "2018-01-15"),
        ("١٥ كانون الثاني ٢٠١٨", "2018-01-15"),
        ("الاثنين 15 يناير/كانون الثاني 2018", "2018-01-15"),
        ("١٥ أيلول ٢٠١٨", "2018-09-15"),
        ("15 تشرين الأول 2018", "2018-10-15"),
        ("3 آب، 2018", "2018-08-03"),
        ("15 أكتوبر 2018", "2018-10-15"),
    ]);
}

#[test]
fn a_day_in_numbers_is_read_only_if_it_is_one_day() {
    check_all(&[
        ("27/10/2025", "2025-10-27"),
        ("10/27/2025", "2025-10-27"),
        ("27-10-2025 10:45", "2025-10-27 10:45:00"),
        ("27 / 10 / 2025", "2025-10-27"),
        ("03/03/2025", "2025-03-03"),
        ("03/04/2025", ""),
        ("03-04-2025", ""),
        ("26-10-02  10:45", ""),
        ("15/01/18", ""),
        ("01.15.2018", ""),
        ("1.2.3.2018", ""),
    ]);
}

#[test]
fn other_words_may_stand_around() {
    check_all(&[
        ("Published: 15 January 2018", "2018-01-15"),
        (" 22\u{a0}December\u{a0}2021 ", "2021-12-22"),
        ("Bruxelles, le 30 juin 2009", "2009-06-30"),
        ("Geneva – 15 January 2018 | 3 min read", "2018-01-15"),
        ("15 January 2018 (2018-01-15)", "2018-01-15"),
        ("MC11 – 15 January 2018", "2018-01-15"),
        ("15 January 2018, 10:00-12:00", "2018-01-15 10:00:00"),
    ]);
}

#[test]
fn spans_and_unknown_days_are_no_day() {
    for text in [
        "Argentina, 7-9 November 2012",
        "9–10 February 2018",
        "9 et 10 février 2018",
        "9, 10 and 11 February 2018",
        "9th to 10th February 2018",
        "9. - 10. Februar 2018",
        "30 Jan – 2 Feb 2018",
        "January 9-10, 2018",
        "January 9 - February 2, 2018",
        "del 9 al 10 de febrero de 2018",
        "с 9 по 10 февраля 2018",
        "15 January 2018 - 16 January 2018",
        "Published 15 January 2018, updated 16 January 2018",
        "Brussels, June xx, 2022",
        "December 2021",
        "2021",
        "31 February 2018",
        "yesterday",
        "",
    ] {
        check(text, "");
    }
}

#[test]
fn old_years_are_believed_of_full_dates_only() {
    check_all(&[
        ("Sun, 09 Feb 1806 23:59:45 +0000", "1806-02-09 23:59:45"),
        ("0103-12-13T18:30:02Z", "0103-12-13 18:30:02"),
        ("0001-01-01T00:00:00Z", ""),
        ("0000-00-00 00:00:00", ""),
        ("1942-01-02 12:34", "1942-01-02 12:34:00"),
        ("15 January 1950", ""),
        ("12 March 1430", ""),
        ("15 January 2201", ""),
        ("2201-01-15T00:00:00Z", ""),
        ("Tue, 15 Sep 2099 00:00:00 GMT", "2099-09-15"),
    ]);
}

#[test]
fn a_long_text_is_read_only_at_its_beginning() {
    check(&format!("Brussels, 15 January 2018 – {} 16 January 2018", "word ".repeat(60)), "2018-01-15");
    check(&format!("{}15 January 2018", "x".repeat(190)), "");
}

/// Full and short names as they are written, one line for each language.
const MONTHS: [&str; 9] = [
    "January February March April May June July August September October November December",
    "janvier février mars avril mai juin juillet août septembre octobre novembre décembre",
    "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre",
    "janeiro fevereiro março abril maio junho julho agosto setembro outubro novembro dezembro",
    "января февраля марта апреля мая июня июля августа сентября октября ноября декабря",
    "Januar Februar März April Mai Juni Juli August September Oktober November Dezember",
    "يناير فبراير مارس أبريل مايو يونيو يوليو أغسطس سبتمبر أكتوبر نوفمبر ديسمبر",
    "كانون_الثاني شباط آذار نيسان أيار حزيران تموز آب أيلول تشرين_الأول تشرين_الثاني كانون_الأول",
    "Jan. févr. Mar abr мая Jun juil. ago. Sept. Okt. ноя dic",
];

/// Forms with day and time that can be read in one way only.
const FORMATS: [&str; 12] = [
    "%Y-%m-%dT%H:%M:%S%:z",
    "%Y-%m-%d %H:%M:%S",
    "%Y/%m/%d %H:%M:%S %z",
    "%Y%m%dT%H%M%S%z",
    "%Y-%jT%H:%M:%SZ",
    "%d.%m.%Y, %H:%M:%S",
    "%A, %B %d, %Y %I:%M:%S %p",
    "%a, %d %b %Y %H:%M:%S %z",
    "%a %b %e %H:%M:%S %Y",
    "%H:%M:%S %d-%b-%Y",
    "%d de %B de %Y às %H:%M:%S",
    "%Y年%m月%d日 %H:%M:%S",
];

prop_compose! {
    fn any_time()(seconds in 0_i64..7_258_118_400) -> DateTime<chrono::Utc> {
        DateTime::UNIX_EPOCH + TimeDelta::seconds(seconds)
    }
}

proptest! {
    #[test]
    fn nothing_makes_it_panic(text in "\\PC{0,60}", dates in "[0-9a-z:/. ,年月T+-]{0,40}") {
        let _ = (parse(&text), parse(&dates), in_address(&text), in_address(&dates));
    }

    #[test]
    fn no_hint_makes_it_panic(text in "\\PC{0,30}", format in "(%[a-zA-Z:#.]{1,2}|[ ./-]|\\PC){0,8}") {
        let language = crate::model::language::Language::parse("fr");
        let zone = Some(chrono_tz::Tz::Europe__Paris);
        let hint = super::Hint { language: language.as_ref(), zone, format: None };
        let _ = (super::parse_with(&text, hint), in_feed(&text), super::is_format(&format));
        let _ = super::parse_with(&text, super::Hint { format: Some(&format), ..hint });
    }

    #[test]
    fn what_is_written_in_a_format_is_read_in_it(time in any_time(), form in 0..FORMATS.len()) {
        let hint = super::Hint { format: Some(FORMATS[form]), ..super::Hint::default() };
        let written = time.format(FORMATS[form]).to_string();
        prop_assert_eq!(super::parse_with(&written, hint), Ok(time));
        // Without being told the form, it is read as well.
        prop_assert_eq!(parse(&written), Some(time));
    }

    #[test]
    fn standard_dates_are_read_back(time in any_time()) {
        prop_assert_eq!(parse(&time.to_rfc2822()), Some(time));
        prop_assert_eq!(parse(&time.to_rfc3339()), Some(time));
        prop_assert_eq!(parse(&time.format("%Y-%m-%d %H:%M:%S").to_string()), Some(time));
    }

    #[test]
    fn written_dates_are_read_back(time in any_time(), language in 0..MONTHS.len()) {
        let day: NaiveDate = time.date_naive();
        let month = MONTHS[language].split(' ').nth(day.month0() as usize).expect("twelve months").replace('_', " ");
        let expected = Some(super::midnight(day));
        prop_assert_eq!(parse(&format!("{} {month} {}", day.day(), day.year())), expected);
        prop_assert_eq!(parse(&format!("{month} {}, {}", day.day(), day.year())), expected);
        prop_assert_eq!(parse(&format!("x, {} de {month} de {}", day.day(), day.year())), expected);
        prop_assert_eq!(parse(&format!("{}年{}月{}日", day.year(), day.month(), day.day())), expected);
    }
}
