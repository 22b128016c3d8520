//! Any text, with any hint, is a date in the years that we believe in, or none.
#![no_main]

use chrono::Datelike as _;
use libfuzzer_sys::fuzz_target;
use tidewaiter::model::language::Language;
use tidewaiter::parse::date::{self, Hint};

fuzz_target!(|input: (&str, &str, u8)| {
    let (text, format, choice) = input;
    let language = ["fr", "en-US", "zh"].get(usize::from(choice % 4)).and_then(|tag| Language::parse(tag));
    let zone = (choice & 4 > 0).then_some(chrono_tz::Tz::Europe__Brussels);
    let hint = Hint { language: language.as_ref(), zone, format: None };
    let with_format = Hint { format: Some(format), ..hint };
    let times = [
        date::parse(text),
        date::in_feed(text),
        date::in_address(text),
        date::parse_with(text, hint).ok(),
        date::parse_with(text, with_format).ok(),
    ];
    let _ = date::is_format(format);
    for time in times.into_iter().flatten() {
        assert!((2..=2200).contains(&time.year()), "{time}");
        assert_eq!(date::parse(&time.to_rfc3339()), Some(time));
    }
});
