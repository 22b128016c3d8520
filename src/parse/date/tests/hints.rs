//! What a language, a zone or a format adds.

use chrono::{DateTime, Utc};
use chrono_tz::Tz;

use crate::model::language::Language;
use crate::parse::date::{Hint, Unread, is_format, parse_with};

/// `?` for what could be two days, empty for what is none.
fn shown(read: Result<DateTime<Utc>, Unread>) -> String {
    let shown = match read {
        Ok(time) => time.format("%Y-%m-%d %H:%M:%S").to_string(),
        Err(Unread::Uncertain) => "?".to_owned(),
        Err(Unread::NoDay) => String::new(),
    };
    shown.trim_end_matches(" 00:00:00").to_owned()
}

fn check_language(tag: &str, text: &str, expected: &str) {
    let language = Language::parse(tag);
    let hint = Hint { language: language.as_ref(), ..Hint::default() };
    assert_eq!(shown(parse_with(text, hint)), expected, "{tag} {text}");
}

fn check_format(format: &str, text: &str, expected: &str) {
    let hint = Hint { format: Some(format), ..Hint::default() };
    assert_eq!(shown(parse_with(text, hint)), expected, "{format} {text}");
}

fn check_zone(zone: Tz, text: &str, expected: &str) {
    assert_eq!(shown(parse_with(text, Hint { zone: Some(zone), ..Hint::default() })), expected, "{text}");
}

#[test]
fn a_language_tells_whether_the_day_stands_first() {
    for (tag, text, expected) in [
        ("fr", "03/04/2025", "2025-04-03"),
        ("es", "03/04/2025 10:15", "2025-04-03 10:15:00"),
        ("pt-BR", "03-04-2025", "2025-04-03"),
        ("ar", "٠٣/٠٤/٢٠٢٥", "2025-04-03"),
        ("en-GB", "3/4/2025", "2025-04-03"),
        ("en-US", "3/4/2025", "2025-03-04"),
        ("en-US", "3.4.2025", "2025-04-03"),
        ("de", "15/01/18", "2018-01-15"),
        ("fr", "03/04/25", "2025-04-03"),
        ("en-US", "03/04/25", "2025-03-04"),
        ("fr", "2025-04-03", "2025-04-03"),
    ] {
        check_language(tag, text, expected);
    }
}

#[test]
fn what_could_be_two_days_is_said_to_be_uncertain() {
    for (tag, text, expected) in [
        ("en", "03/04/2025", "?"),
        ("zh", "03/04/2025", "?"),
        ("en", "15/01/18", "?"),
        ("en", "2-3 May 2018", "?"),
        ("en", "27/10/2025", "2025-10-27"),
        ("en", "soon", ""),
        ("fr", "10/27/2025", ""),
    ] {
        check_language(tag, text, expected);
    }
}

#[test]
fn a_zone_is_for_times_without_one() {
    check_zone(Tz::Europe__Brussels, "15 July 2018, 10:15", "2018-07-15 08:15:00");
    check_zone(Tz::Europe__Brussels, "15 January 2018, 10:15", "2018-01-15 09:15:00");
    check_zone(Tz::Europe__Brussels, "15 January 2018, 10:15 GMT", "2018-01-15 10:15:00");
    check_zone(Tz::Europe__Brussels, "15 January 2018", "2018-01-15");
    check_zone(Tz::Asia__Shanghai, "2024年8月16日 10:15", "2024-08-16 02:15:00");
    // The hour that is left out when summer begins, and the one that comes twice when it ends.
    check_zone(Tz::Europe__Brussels, "25 March 2018, 02:30", "2018-03-25 01:30:00");
    check_zone(Tz::Europe__Brussels, "28 October 2018, 02:30", "2018-10-28 00:30:00");
}

#[test]
fn a_format_is_read_and_nothing_else() {
    for (format, text, expected) in [
        ("%d.%m.%Y", "03.04.2025", "2025-04-03"),
        ("%m/%d/%Y", "3/4/2025", "2025-03-04"),
        ("%d/%m/%y", "03/04/25", "2025-04-03"),
        ("%y%m%d", "250403", "2025-04-03"),
        ("%d de %B de %Y", "3 de Abril de 2025", "2025-04-03"),
        ("%d %B %Y", "3 avril 2025", "2025-04-03"),
        ("%d %b. %Y", "3 avr. 2025", "2025-04-03"),
        ("%A %d %B %Y", "jeudi 3 avril 2025", "2025-04-03"),
        ("%d %B %Y", "٣ كانون الثاني ٢٠٢٥", "2025-01-03"),
        ("%Y年%m月%d日", "2025年4月3日", "2025-04-03"),
        ("%Y-%m-%dT%H:%M:%S%z", "2025-04-03T10:15:00+0200", "2025-04-03 08:15:00"),
        ("%Y-%m-%dT%H:%M:%S%:z", "2025-04-03T10:15:00Z", "2025-04-03 10:15:00"),
        ("%d.%m.%Y %H:%M", "03.04.2025 10:15", "2025-04-03 10:15:00"),
        ("%b %d, %Y %I:%M %p", "Apr 3, 2025 3:04 PM", "2025-04-03 15:04:00"),
        ("%b %d, %Y %I:%M %p", "Apr 3, 2025 3:04 p. m.", "2025-04-03 15:04:00"),
        ("%s", "1743675300", "2025-04-03 10:15:00"),
        ("%Y-%j", "2025-093", "2025-04-03"),
        ("Published %d/%m/%Y", "published 03/04/2025", "2025-04-03"),
        ("%d.%m.%Y", "03.04.2025 News", ""),
        ("%d.%m.%Y", "3 April 2025", ""),
        ("%d.%m.%Y", "32.04.2025", ""),
        ("%d.%m.%Y %H:%M", "03.04.2025 25:00", ""),
        ("%m.%Y", "04.2025", ""),
        ("%Q", "anything", ""),
    ] {
        check_format(format, text, expected);
    }
}

#[test]
fn a_format_has_a_day_in_it() {
    for format in ["%d.%m.%Y", "%F", "%D", "%e %B %Y", "%A, %d %b %y %I:%M %p", "%s", "%Y-%j", "%d/%m/%Y %R"]
    {
        assert!(is_format(format), "{format}");
    }
    for format in ["", "%m.%Y", "%H:%M", "%d %B", "dd.mm.yyyy", "%Q", "%d.%m.%Y %"] {
        assert!(!is_format(format), "{format}");
    }
}
