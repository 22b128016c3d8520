//! The addresses of a listing's further pages, made of a pattern.

use chrono::{DateTime, Datelike, Months, Utc};
use url::Url;

/// What may stand in a pattern.
const PLACES: [&str; 6] = ["{page}", "{index}", "{yyyy}", "{mm}", "{m}", "{month}"];

/// What is wrong with a pattern, in words that follow its name; `Ok` if it can be used.
pub fn check(pattern: &str) -> Result<(), String> {
    let known = PLACES.iter().fold(pattern.to_owned(), |rest, place| rest.replace(place, "1"));
    let has = |place: &str| pattern.contains(place);
    let has_month = has("{mm}") || has("{m}") || has("{month}");
    if known.contains(['{', '}']) {
        Err(format!("has something in braces that is none of {}", PLACES.join(", ")))
    } else if Url::parse(&known).map_or(true, |url| !matches!(url.scheme(), "http" | "https")) {
        Err("is no address of the web".to_owned())
    } else if !(has("{page}") || has("{index}") || has_month) {
        Err("is the same for every page".to_owned())
    } else if has_month && !has("{yyyy}") {
        Err("says the month but not the year".to_owned())
    } else {
        Ok(())
    }
}

/// The page with this number; the source's own address is number 1, so the first of these is 2. Months go back from
/// this one.
pub fn address(pattern: &str, number: usize, now: DateTime<Utc>) -> Option<Url> {
    let months_ago = u32::try_from(number.checked_sub(2)?).ok()?;
    let month = now.date_naive().with_day(1)?.checked_sub_months(Months::new(months_ago))?;
    let values = [
        number.to_string(),
        (number - 1).to_string(),
        month.format("%Y").to_string(),
        month.format("%m").to_string(),
        month.month().to_string(),
        month.format("%B").to_string().to_lowercase(),
    ];
    let filled = PLACES
        .iter()
        .zip(values)
        .fold(pattern.to_owned(), |text, (place, value)| text.replace(place, &value));
    Url::parse(&filled).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check_address(pattern: &str, number: usize, expected: &str) {
        let now = DateTime::parse_from_rfc3339("2026-01-31T12:00:00Z").expect("a time").to_utc();
        let address = address(pattern, number, now).map(String::from).unwrap_or_default();
        assert_eq!(address, expected);
    }

    #[test]
    fn pages_are_counted() {
        check_address("https://a.example/news?page={page}", 2, "https://a.example/news?page=2");
        check_address("https://a.example/news?start={index}", 3, "https://a.example/news?start=2");
    }

    #[test]
    fn months_go_back_from_this_one() {
        let newsroom = "https://a.example/en/{yyyy}/{month}.aspx";
        check_address(newsroom, 2, "https://a.example/en/2026/january.aspx");
        check_address(newsroom, 3, "https://a.example/en/2025/december.aspx");
        check_address("https://a.example/{yyyy}/{mm}/{m}", 13, "https://a.example/2025/02/2");
    }

    #[test]
    fn the_first_page_has_an_address_of_its_own() {
        check_address("https://a.example/{page}", 1, "");
    }

    #[test]
    fn a_pattern_must_lead_somewhere_else_each_time() {
        for (pattern, expected) in [
            ("https://a.example/{yyyy}/{month}.aspx", ""),
            ("https://a.example/{seite}", "has something in braces"),
            ("/news/{page}", "is no address"),
            ("https://a.example/news", "is the same"),
            ("https://a.example/{month}", "says the month"),
        ] {
            let said = check(pattern).err().unwrap_or_default();
            assert!(
                said.starts_with(expected) && said.is_empty() == expected.is_empty(),
                "{pattern}: {said}"
            );
        }
    }
}
