//! How often a feed says that it wants to be asked, as far as the feed reader passes over it.

use crate::parse::date;
use crate::parse::document::Pace;
use crate::parse::extra::{Extra, Extras};
use crate::parse::space::Space;

const DAYS: [&str; 7] = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];

pub(super) fn pace(extras: &Extras<'_>) -> Pace {
    let inside = |name| extras.all(Space::Core, name).flat_map(|extra| &extra.children);
    let bits = |bit: u32, bits: u32| bits | 1_u32.checked_shl(bit).unwrap_or_default();
    let said = |name: &str| extras.words(Space::Syndication, name);
    Pace {
        skip_hours: inside("skipHours").filter_map(hour).fold(0, |all, hour| bits(hour, all)),
        skip_days: inside("skipDays").filter_map(day).fold(0, |all, day| all | (1 << day)),
        period: said("updatePeriod").and_then(|period| seconds(&period, said("updateFrequency").as_deref())),
        base: said("updateBase").and_then(|base| date::parse(&base)),
    }
}

/// Some count from 1: for them 24 is midnight.
fn hour(extra: &Extra<'_>) -> Option<u32> {
    extra.words()?.parse::<u32>().ok().filter(|hour| *hour <= 24).map(|hour| hour % 24)
}

fn day(extra: &Extra<'_>) -> Option<usize> {
    let name = extra.words()?.to_ascii_lowercase();
    DAYS.iter().position(|day| name.starts_with(day))
}

/// A frequency that is no number, or zero, counts as once in the period.
fn seconds(period: &str, frequency: Option<&str>) -> Option<u32> {
    let period: u32 = match period.to_ascii_lowercase().as_str() {
        "hourly" => 3_600,
        "daily" => 86_400,
        "weekly" => 604_800,
        "monthly" => 2_629_800,
        "yearly" => 31_557_600,
        _ => return None,
    };
    let times = frequency.and_then(|text| text.parse().ok()).filter(|times| *times > 0).unwrap_or(1);
    Some(period / times)
}

#[cfg(test)]
mod tests {
    use crate::parse::{Input, feed};

    fn check(inside: &str, skip_hours: u32, skip_days: u8, period: Option<u32>) {
        let text = format!(
            "<rss version=\"2.0\" xmlns:sy=\"http://purl.org/rss/1.0/modules/syndication/\"><channel>\
             <title>S</title>{inside}<item><title>T</title></item></channel></rss>"
        );
        let input = Input { bytes: text.as_bytes(), ..Input::default() };
        let pace = feed(input).expect("a feed").about.pace;
        assert_eq!(
            (pace.skip_hours, pace.skip_days, pace.period),
            (skip_hours, skip_days, period),
            "{inside}"
        );
    }

    #[test]
    fn hours_and_days_to_skip() {
        check("<skipHours><hour>0</hour><hour> 3 </hour><hour>24</hour></skipHours>", 0b1001, 0, None);
        check("<skipDays><day>Monday</day><day>sunday</day></skipDays>", 0, 0b100_0001, None);
        check("<skipHours><hour>25</hour><hour>x</hour><hour>-1</hour></skipHours><skipDays/>", 0, 0, None);
    }

    #[test]
    fn a_period_divided_by_its_frequency() {
        check("<sy:updatePeriod>daily</sy:updatePeriod>", 0, 0, Some(86_400));
        check(
            "<sy:updatePeriod> Daily\n</sy:updatePeriod><sy:updateFrequency>4</sy:updateFrequency>",
            0,
            0,
            Some(21_600),
        );
        check(
            "<sy:updatePeriod>hourly</sy:updatePeriod><sy:updateFrequency>0</sy:updateFrequency>",
            0,
            0,
            Some(3_600),
        );
        check("<sy:updatePeriod>now and then</sy:updatePeriod>", 0, 0, None);
    }
}
