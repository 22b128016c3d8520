//! What is known of a date beside its text: the language, the zone, the form.

use chrono_tz::Tz;

use crate::model::language::Language;

/// What a source says of its dates. The default says nothing.
#[derive(Debug, Clone, Copy, Default)]
pub struct Hint<'a> {
    /// Tells whether the day or the month stands first in `03/04/2025`.
    pub language: Option<&'a Language>,
    /// As for `strftime`: `%d.%m.%Y`. Names of months are read in every language that we know.
    pub format: Option<&'a str>,
    /// Of times without a zone. A day without a time is that day everywhere.
    pub zone: Option<Tz>,
}

/// Which of two numbers is the month.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Order {
    DayFirst,
    MonthFirst,
    /// English alone says nothing, and where the year stands first, the rest is seldom written otherwise.
    Unknown,
}

impl Hint<'_> {
    pub(super) fn order(&self) -> Order {
        let Some(language) = self.language else { return Order::Unknown };
        let region = language.as_str().rsplit('-').next().unwrap_or_default();
        match (language.primary(), region) {
            ("en" | "es", "US" | "PR") | ("en" | "fil" | "tl", "PH") | ("fil" | "tl", _) => Order::MonthFirst,
            ("en", "GB" | "IE" | "AU" | "NZ" | "IN" | "SG" | "HK" | "KE" | "NG" | "PK" | "TT" | "JM") => {
                Order::DayFirst
            }
            (
                "fr" | "es" | "pt" | "de" | "ru" | "ar" | "it" | "nl" | "el" | "pl" | "cs" | "uk" | "tr"
                | "ro" | "bg" | "id" | "vi" | "da" | "nb" | "fi" | "sk" | "sr" | "hr" | "sl" | "et",
                _,
            ) => Order::DayFirst,
            _ => Order::Unknown,
        }
    }
}
