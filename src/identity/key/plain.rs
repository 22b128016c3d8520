//! Addresses that are canonical as they stand, but for scheme, `www.` and a slash at the end: told without parsing them.

/// The canonical address in an `address` that no parser would write otherwise; `None` if it takes a parser to say.
/// Most addresses of feeds are such.
pub(super) fn canonical(address: &str) -> Option<&str> {
    let rest = address.strip_prefix("https://").or_else(|| address.strip_prefix("http://"))?;
    let end = rest.bytes().position(|byte| byte == b'/').unwrap_or(rest.len());
    let (host, path) = rest.split_at_checked(end)?;
    if !is_plain_host(host) || !is_plain_path(path) {
        return None;
    }
    let start = if host.starts_with("www.") { 4 } else { 0 };
    rest.get(start..).map(|rest| rest.trim_end_matches('/'))
}

/// Lower case, no port, no name in other scripts, and nothing that could be a number.
fn is_plain_host(host: &str) -> bool {
    let last = host.rsplit('.').next().unwrap_or("");
    let is_plain =
        |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || matches!(byte, b'-' | b'.');
    host.bytes().all(is_plain)
        && last.bytes().next().is_some_and(|byte| byte.is_ascii_lowercase())
        && !host.starts_with('.')
        && !host.contains("..")
        && !host.contains("xn--")
}

/// No query, no fragment, nothing to be escaped, no step up or on the spot.
fn is_plain_path(path: &str) -> bool {
    let is_plain = |byte: u8| {
        byte.is_ascii_alphanumeric() || matches!(byte, b'/' | b'-' | b'_' | b'.' | b'~' | b',' | b'+' | b'=')
    };
    path.bytes().all(is_plain) && !path.contains("/.")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::identity::key::canonical_of;
    use proptest::prelude::*;
    use url::Url;

    proptest! {
        /// What is told without a parser is what the parser would have told.
        #[test]
        fn the_short_way_leads_where_the_long_one_does(
            address in "https?://(www\\.)?[a-zA-Z0-9.-]{1,12}(:80)?(/|/[a-zA-Z0-9./?#&=%_-]{0,16})?"
        ) {
            if let Some(short) = canonical(&address) {
                let url = Url::parse(&address).expect("a plain address is an address");
                prop_assert_eq!(short, canonical_of(&url));
            }
        }
    }

    #[test]
    fn common_addresses_take_the_short_way() {
        assert_eq!(canonical("https://www.wto.org/english/a_e.htm"), Some("wto.org/english/a_e.htm"));
        assert_eq!(canonical("http://x.org/"), Some("x.org"));
        assert_eq!(canonical("https://x.org/a?utm_source=1"), None);
        assert_eq!(canonical("https://x.org/a/../b"), None);
        assert_eq!(canonical("https://127.0.0.1/a"), None);
    }
}
