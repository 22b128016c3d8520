//! Addresses: of pages, of people, of machines that may be asked, and the authority of our ids.

use std::net::{IpAddr, SocketAddr};

use chrono::NaiveDate;
use ipnet::IpNet;
use serde_json::{Value, json};
use url::Url;

use super::Allowed;
use super::read::{FromText, Wrong};

impl FromText for Url {
    fn parse(text: &str) -> Result<Self, Wrong> {
        let text = text.trim();
        let url = match Url::parse(text) {
            Ok(url) => url,
            Err(url::ParseError::RelativeUrlWithoutBase) => {
                let hint =
                    if text.is_empty() { String::new() } else { format!("did you mean \"https://{text}\"?") };
                return Err(Wrong::new("is no whole address").hint(hint));
            }
            Err(error) => return Err(Wrong::new(format!("is no address: {error}"))),
        };
        if !matches!(url.scheme(), "http" | "https") {
            return Err(Wrong::new("must begin with https:// or http://"));
        }
        if !url.username().is_empty() || url.password().is_some() {
            return Err(Wrong::new("must not hold a user name or password").hint("addresses are published"));
        }
        Ok(url)
    }

    fn expected() -> String {
        "an address such as \"https://ifcba.org/\"".to_owned()
    }

    fn schema() -> Value {
        json!({ "type": "string", "format": "uri", "pattern": "^https?://" })
    }
}

/// An e-mail address, or the address of a page, for people to write to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Contact(pub(super) String);

impl FromText for Contact {
    fn parse(text: &str) -> Result<Self, Wrong> {
        let text = text.trim();
        if is_email(text) {
            return Ok(Self(text.to_owned()));
        }
        <Url as FromText>::parse(text)
            .map(|url| Self(url.into()))
            .map_err(|_| Wrong::new("is neither an e-mail address nor the address of a page"))
    }

    fn expected() -> String {
        "an e-mail address such as \"secretariat@ifcba.org\", or the address of a page".to_owned()
    }
}

/// Like one, that is: whether it exists, only a mail can tell. It goes into a header, so ASCII without brackets.
fn is_email(text: &str) -> bool {
    let Some((name, host)) = text.split_once('@') else { return false };
    !name.is_empty()
        && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || b".!#$%&'*+/=?^_`{|}~-".contains(&byte))
        && is_host(host)
}

/// Two labels or more of letters, digits and hyphens.
fn is_host(text: &str) -> bool {
    let label = |label: &str| {
        !label.is_empty() && label.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
    };
    text.contains('.') && text.split('.').all(label)
}

impl FromText for Allowed {
    fn parse(text: &str) -> Result<Self, Wrong> {
        let text = text.trim();
        if let Ok(net) = text.parse::<IpNet>() {
            if net != net.trunc() {
                return Err(Wrong::new("has digits behind its block")
                    .hint(format!("did you mean \"{}\"?", net.trunc())));
            }
            return Ok(Self { net, port: None });
        }
        if let Ok(address) = text.parse::<SocketAddr>() {
            return Ok(Self { net: address.ip().into(), port: Some(address.port()) });
        }
        if let Ok(address) = text.parse::<IpAddr>() {
            return Ok(Self { net: address.into(), port: None });
        }
        Err(Wrong::new(format!("is no IP address: `{}`", text.escape_debug())))
    }

    fn expected() -> String {
        "digits, not a name: \"127.0.0.1:8080\", \"127.1.0.0/16\", \"[::1]:80\" or \"10.0.0.7\"".to_owned()
    }
}

/// The authority and date that all our `tag:` URIs begin with (RFC 4151).
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct TagAuthority(pub(super) String);

impl FromText for TagAuthority {
    fn parse(text: &str) -> Result<Self, Wrong> {
        let Some((authority, date)) = text.split_once(',') else {
            return Err(Wrong::new("lacks the comma and the date"));
        };
        if authority != authority.to_ascii_lowercase() || !(is_host(authority) || is_email(authority)) {
            return Err(Wrong::new("must begin with a domain or e-mail address of yours, in small letters"));
        }
        if !is_tag_date(date) {
            return Err(Wrong::new("must end in a year or date").hint("such as \"2018\" or \"2018-01-15\""));
        }
        Ok(Self(text.to_owned()))
    }

    fn expected() -> String {
        "a domain of yours, a comma, and a year in which it was yours: \"ifcba.org,2018\"".to_owned()
    }
}

/// `2018`, `2018-01`, `2018-01-15`
fn is_tag_date(text: &str) -> bool {
    let whole = match text.len() {
        4 => format!("{text}-01-01"),
        7 => format!("{text}-01"),
        10 => text.to_owned(),
        _ => return false,
    };
    text.starts_with(|c: char| c.is_ascii_digit()) && NaiveDate::parse_from_str(&whole, "%Y-%m-%d").is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check<T: FromText>(text: &str, wrong: &str) {
        let said = T::parse(text).err().map_or_else(String::new, |wrong| wrong.message);
        assert_eq!(said, wrong, "{text:?}");
    }

    #[test]
    fn addresses_of_pages_are_whole_and_public() {
        check::<Url>("https://www.wto.org/library/rss/latest_news_e.xml", "");
        check::<Url>("http://127.0.0.1:8080/feed", "");
        check::<Url>("www.wto.org/feed", "is no whole address");
        check::<Url>("", "is no whole address");
        check::<Url>("feed://wto.org/x", "must begin with https:// or http://");
        check::<Url>("javascript:alert(1)", "must begin with https:// or http://");
        check::<Url>("https://me:secret@wto.org/", "must not hold a user name or password");
        check::<Url>("https://", "is no address: empty host");
    }

    #[test]
    fn people_are_reached_by_mail_or_page() {
        check::<Contact>("secretariat@ifcba.org", "");
        check::<Contact>("https://ifcba.org/contact", "");
        for wrong in ["secretariat", "a@b", "<a@b.org>", "a b@c.org", "a@b.org\r\nX: y", "@b.org"] {
            check::<Contact>(wrong, "is neither an e-mail address nor the address of a page");
        }
    }

    #[test]
    fn machines_are_named_by_digits() {
        for right in ["127.0.0.1:8080", "127.1.0.0/16", "[::1]:80", "10.0.0.7", "fd00::/8", "::1"] {
            check::<Allowed>(right, "");
        }
        check::<Allowed>("127.0.0.1/8", "has digits behind its block");
        check::<Allowed>("localhost:8080", "is no IP address: `localhost:8080`");
        check::<Allowed>("127.0.0.1:99999", "is no IP address: `127.0.0.1:99999`");
    }

    #[test]
    fn our_ids_begin_with_who_and_when() {
        check::<TagAuthority>("ifcba.org,2018", "");
        check::<TagAuthority>("info@ifcba.org,2018-02-28", "");
        check::<TagAuthority>("ifcba.org", "lacks the comma and the date");
        check::<TagAuthority>(
            "IFCBA.org,2018",
            "must begin with a domain or e-mail address of yours, in small letters",
        );
        for date in ["18", "2018-13", "2018-02-30", "+018", "2018-1-1", ""] {
            check::<TagAuthority>(&format!("ifcba.org,{date}"), "must end in a year or date");
        }
    }
}
