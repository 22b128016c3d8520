//! Addresses that are canonical as they stand, but for scheme, `www.`, a slash at the end of the path, and parameters that
//! say how a reader came: told without parsing them.

use std::borrow::Cow;

use super::push_query;

/// The canonical address in an `address` that no parser would write otherwise; `None` if it takes a parser to say.
/// Most addresses of feeds are such.
pub(super) fn canonical(address: &str) -> Option<Cow<'_, str>> {
    let rest = address.strip_prefix("https://").or_else(|| address.strip_prefix("http://"))?;
    let end = rest.bytes().position(|byte| matches!(byte, b'/' | b'?')).unwrap_or(rest.len());
    let (host, rest) = rest.split_at_checked(end)?;
    let end = rest.bytes().position(|byte| byte == b'?').unwrap_or(rest.len());
    let (path, query) = rest.split_at_checked(end)?;
    if !is_plain_host(host) || !is_plain_path(path) || !query.bytes().all(is_plain) {
        return None;
    }
    let host = host.strip_prefix("www.").unwrap_or(host);
    let length = host.len() + path.trim_end_matches('/').len();
    let start = address.len() - query.len() - path.len() - host.len();
    let canonical = address.get(start..start + length)?;
    let Some(query) = query.strip_prefix('?') else { return Some(Cow::Borrowed(canonical)) };
    let mut canonical = canonical.to_owned();
    push_query(&mut canonical, query);
    Some(Cow::Owned(canonical))
}

/// Lower case, no port, no name in other scripts, and nothing that could be a number.
fn is_plain_host(host: &str) -> bool {
    let last = host.bytes().rev().take_while(|byte| *byte != b'.').last();
    let is_plain =
        |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || matches!(byte, b'-' | b'.');
    // Two hyphens: names in other scripts are written `xn--`.
    let has_pair = || host.as_bytes().windows(2).any(|pair| matches!(pair, b".." | b"--"));
    host.bytes().all(is_plain)
        && last.is_some_and(|byte| byte.is_ascii_lowercase())
        && !host.starts_with('.')
        && !has_pair()
}

/// No fragment, nothing to be escaped, no step up or on the spot.
fn is_plain_path(path: &str) -> bool {
    path.bytes().all(is_plain) && !path.as_bytes().windows(2).any(|pair| pair == b"/.")
}

/// In a path and in a query.
fn is_plain(byte: u8) -> bool {
    byte.is_ascii_alphanumeric()
        || matches!(byte, b'/' | b'-' | b'_' | b'.' | b'~' | b',' | b'+' | b'=' | b'&' | b';' | b'?')
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::identity::key::taken_apart;
    use proptest::prelude::*;
    use url::Url;

    proptest! {
        /// What is told without a parser is what the parser would have told.
        #[test]
        fn the_short_way_leads_where_the_long_one_does(
            address in "https?://(www\\.){0,2}[a-zA-Z0-9.-]{1,12}(:80)?([/?]|[/?][a-zA-Z0-9./?#&;=%_-]{0,16}([?&](utm_a=b|fbclid=c|d)){0,3})?"
        ) {
            if let Some(short) = canonical(&address) {
                let url = Url::parse(&address).expect("a plain address is an address");
                prop_assert_eq!(short, taken_apart(&url));
            }
        }
    }

    #[test]
    fn common_addresses_take_the_short_way() {
        let check = |address: &str, expected: Option<&str>| {
            assert_eq!(canonical(address).as_deref(), expected, "{address}");
        };
        check("https://www.wto.org/english/a_e.htm", Some("wto.org/english/a_e.htm"));
        check("http://x.org/", Some("x.org"));
        check("https://x.org/a/?utm_source=1&b=2&&c", Some("x.org/a?b=2&c"));
        check("https://x.org/a#b", None);
        check("https://x.org/a/../b", None);
        check("https://127.0.0.1/a", None);
    }
}
