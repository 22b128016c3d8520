//! The language of a text, by its BCP 47 tag.

use std::fmt;

/// A BCP 47 tag in its usual letter case: `en`, `pt-BR`, `zh-Hant`.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Language(String);

impl Language {
    /// Reads a tag as it is found in feeds: any letter case, `_` for `-`, blanks around. `None` if it is no tag.
    pub fn parse(tag: &str) -> Option<Self> {
        let mut parts = tag.trim().split(['-', '_']);
        let first = parts.next()?;
        if !(2..=3).contains(&first.len()) || !first.bytes().all(|b| b.is_ascii_alphabetic()) {
            return None;
        }
        let mut normal = first.to_ascii_lowercase();
        for part in parts {
            if part.is_empty() || part.len() > 8 || !part.bytes().all(|b| b.is_ascii_alphanumeric()) {
                return None;
            }
            normal.push('-');
            match part.len() {
                2 => normal.push_str(&part.to_ascii_uppercase()),
                4 => {
                    normal.push_str(&part[..1].to_ascii_uppercase());
                    normal.push_str(&part[1..].to_ascii_lowercase());
                }
                _ => normal.push_str(&part.to_ascii_lowercase()),
            }
        }
        Some(Self(normal))
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The language without script or region: `pt` of `pt-BR`.
    pub fn primary(&self) -> &str {
        self.0.split('-').next().unwrap_or(&self.0)
    }

    /// Is it written from right to left?
    pub fn is_rtl(&self) -> bool {
        matches!(self.primary(), "ar" | "fa" | "he" | "ur" | "ps" | "dv" | "yi" | "ug")
    }
}

impl fmt::Display for Language {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tags_are_read_as_feeds_write_them() {
        for (from, to) in [("EN-us", "en-US"), (" pt_br ", "pt-BR"), ("zh-hant", "zh-Hant"), ("fr", "fr")] {
            assert_eq!(Language::parse(from).expect(from).as_str(), to);
        }
        for wrong in ["", "english", "e", "en-", "<b>"] {
            assert_eq!(Language::parse(wrong), None, "{wrong}");
        }
    }
}
