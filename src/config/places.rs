//! Where things stand in a listing: paths of JSON, names of lists, attributes, forms of dates, addresses of pages.

use super::read::{FromText, Wrong};
use crate::parse::listing::{self, paging};

/// A path of JSON (RFC 6901).
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Path(pub(super) String);

impl FromText for Path {
    fn parse(text: &str) -> Result<Self, Wrong> {
        listing::check_path(text).map_err(Wrong::new)?;
        Ok(Self(text.to_owned()))
    }

    fn expected() -> String {
        "a path such as \"/feed/entry\"".to_owned()
    }
}

/// The name of a list in a script.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct ScriptName(pub(super) String);

impl FromText for ScriptName {
    fn parse(text: &str) -> Result<Self, Wrong> {
        listing::check_name(text).map_err(Wrong::new)?;
        Ok(Self(text.to_owned()))
    }

    fn expected() -> String {
        "the name that the script gives to its list, such as \"news_item\"".to_owned()
    }
}

/// The name of an attribute.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Attribute(pub(super) String);

impl FromText for Attribute {
    fn parse(text: &str) -> Result<Self, Wrong> {
        let is_part = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b':');
        if text.is_empty() || !text.bytes().all(is_part) {
            return Err(Wrong::new("is no name of an attribute"));
        }
        Ok(Self(text.to_ascii_lowercase()))
    }

    fn expected() -> String {
        "a name such as \"datetime\", \"content\" or \"data-date\"".to_owned()
    }
}

/// How a date is written, as `strftime` has it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct DateFormat(pub(super) String);

impl FromText for DateFormat {
    fn parse(text: &str) -> Result<Self, Wrong> {
        listing::check_format(text).map_err(Wrong::new)?;
        Ok(Self(text.to_owned()))
    }

    fn expected() -> String {
        "%d, %m and %Y for day, month and year, with what stands between, such as \"%d.%m.%Y\"".to_owned()
    }
}

/// The address of further pages.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct PagePattern(pub(super) String);

impl FromText for PagePattern {
    fn parse(text: &str) -> Result<Self, Wrong> {
        paging::check(text).map_err(Wrong::new)?;
        Ok(Self(text.to_owned()))
    }

    fn expected() -> String {
        "an address such as \"https://customs.example/news?page={page}\"".to_owned()
    }
}
