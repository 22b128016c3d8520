//! The text of a robots.txt (RFC 9309), and what it says of an address.

use std::fmt::Write as _;
use std::time::Duration;

/// No site needs more lines for us.
const MOST_RULES: usize = 20_000;

/// What a robots.txt says to us.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Rules {
    /// Whether an address that matches may be asked, and the pattern.
    lines: Vec<(bool, String)>,
    /// Between two requests.
    pub(super) delay: Option<Duration>,
}

impl Rules {
    /// The lines of the groups for this product, or else of those for everybody.
    pub(super) fn parse(text: &str, product: &str) -> Self {
        let (mut ours, mut anybodys): (Option<Self>, Option<Self>) = (None, None);
        // Whom the group that we are in is for, and whether its names are still coming.
        let (mut for_us, mut for_all, mut naming) = (false, false, false);
        for (key, value) in text.trim_start_matches('\u{feff}').split(['\n', '\r']).filter_map(line) {
            if key == "user-agent" {
                if !naming {
                    (for_us, for_all, naming) = (false, false, true);
                }
                for_us |= is_named(value, product);
                for_all |= value == "*";
                // A group without lines is one too: it forbids nothing.
                ours = if for_us { Some(ours.unwrap_or_default()) } else { ours };
                anybodys = if for_all { Some(anybodys.unwrap_or_default()) } else { anybodys };
            } else if matches!(key.as_str(), "allow" | "disallow" | "crawl-delay") {
                naming = false;
                for rules in
                    [for_us.then_some(&mut ours), for_all.then_some(&mut anybodys)].into_iter().flatten()
                {
                    rules.get_or_insert_default().add(&key, value);
                }
            }
        }
        ours.or(anybodys).unwrap_or_default()
    }

    fn add(&mut self, key: &str, value: &str) {
        if key == "crawl-delay" {
            self.delay = self.delay.or_else(|| delay(value));
        } else if !value.is_empty() && self.lines.len() < MOST_RULES {
            self.lines.push((key == "allow", plain(value)));
        }
    }

    /// May this path, with its query, be asked for? The longest pattern that matches decides, `allow` among equals.
    pub(super) fn allow(&self, path: &str) -> bool {
        let path = plain(path);
        let matching = self.lines.iter().filter(|(_, pattern)| matches(pattern, &path));
        path == "/robots.txt"
            || matching
                .max_by_key(|(allows, pattern)| (pattern.len(), *allows))
                .is_none_or(|(allows, _)| *allows)
    }
}

/// The key in lower case, and the value without a comment.
fn line(line: &str) -> Option<(String, &str)> {
    let line = line.split('#').next().unwrap_or_default();
    let (key, value) = line.split_once(':')?;
    let key = key.trim().to_ascii_lowercase();
    Some((if key == "useragent" { "user-agent".to_owned() } else { key }, value.trim()))
}

/// Does a group's name mean this product? A version behind the name does not count.
fn is_named(name: &str, product: &str) -> bool {
    let name = name.split(['/', ' ']).next().unwrap_or_default();
    !name.is_empty() && name.eq_ignore_ascii_case(product)
}

/// Seconds, perhaps a part of one; what is no positive number says nothing.
fn delay(text: &str) -> Option<Duration> {
    let seconds = text.parse::<f64>().ok().filter(|seconds| *seconds > 0.0)?;
    Some(Duration::try_from_secs_f64(seconds).unwrap_or(Duration::MAX))
}

/// One way of writing each octet (RFC 9309 2.2.2): what need not be written as a percentage is not, and the rest is.
fn plain(text: &str) -> String {
    let bytes = text.as_bytes();
    let mut out = String::with_capacity(text.len());
    let mut at = 0;
    while let Some(byte) = bytes.get(at) {
        let written = bytes.get(at + 1..at + 3).filter(|_| *byte == b'%').and_then(hexadecimal);
        let value = written.unwrap_or(*byte);
        let stands_for_itself = match written {
            Some(value) => value.is_ascii_alphanumeric() || b"-._~".contains(&value),
            None => value.is_ascii_graphic(),
        };
        if stands_for_itself {
            out.push(char::from(value));
        } else {
            write!(out, "%{value:02X}").expect("a text takes everything");
        }
        at += if written.is_some() { 3 } else { 1 };
    }
    out
}

fn hexadecimal(digits: &[u8]) -> Option<u8> {
    let digit = |at: usize| char::from(*digits.get(at)?).to_digit(16);
    u8::try_from(digit(0)? * 16 + digit(1)?).ok()
}

/// `*` is any text, `$` at the end the end of the path. Each part is looked for once, behind the one before it.
fn matches(pattern: &str, path: &str) -> bool {
    let (pattern, to_the_end) = match pattern.strip_suffix('$') {
        Some(pattern) => (pattern, true),
        None => (pattern, false),
    };
    let mut parts = pattern.split('*');
    let Some(mut rest) = path.strip_prefix(parts.next().unwrap_or_default()) else { return false };
    let mut last = None;
    for part in parts {
        let Some(at) = rest.find(part) else { return false };
        rest = rest.get(at + part.len()..).unwrap_or_default();
        last = Some(part);
    }
    match last {
        _ if !to_the_end => true,
        // The last part may stand once more at the very end.
        Some(part) => path.ends_with(part),
        None => rest.is_empty(),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn check(text: &str, path: &str, may: bool) {
        assert_eq!(Rules::parse(text, "tidewaiter").allow(path), may, "{text:?} {path}");
    }

    #[test]
    fn our_own_group_counts_and_else_that_for_all() {
        let both = "User-agent: *\nDisallow: /\n\nUser-agent: Tidewaiter\nDisallow: /a\n";
        check(both, "/b", true);
        check(both, "/a", false);
        check("User-agent: *\nDisallow: /", "/b", false);
        check("User-agent: other\nDisallow: /", "/b", true);
        check("User-agent: tidewaiter\nDisallow:\n\nUser-agent: *\nDisallow: /", "/b", true);
        check("User-agent: *\nDisallow: /\n\nUser-agent: tidewaiter", "/b", true);
        check("User-agent: tide\nDisallow: /", "/b", true);
        check("User-agent: TideWaiter/2.0\nDisallow: /", "/b", false);
    }

    #[test]
    fn several_names_share_a_group_and_several_groups_one_name() {
        check("User-agent: a\nUser-agent: tidewaiter\nDisallow: /x", "/x", false);
        // Only a line that is no name ends the names: an empty one does not.
        check("User-agent: tidewaiter\n\nUser-agent: *\nDisallow: /x", "/x", false);
        check("User-agent: tidewaiter\nDisallow: /x\nUser-agent: a\nDisallow: /y", "/y", true);
        let twice = "User-agent: tidewaiter\nDisallow: /x\nUser-agent: a\nDisallow: /\nUser-agent: tidewaiter\nDisallow: /y";
        check(twice, "/x", false);
        check(twice, "/y", false);
        check(twice, "/z", true);
        check("User-agent: tidewaiter\nSitemap: https://a.example/\nDisallow: /x", "/x", false);
    }

    #[test]
    fn the_longest_pattern_decides_and_allow_among_equals() {
        let rules =
            "User-agent: *\nAllow: /news/\nDisallow: /news/old\nDisallow: /\nAllow: /same\nDisallow: /same";
        check(rules, "/news/new", true);
        check(rules, "/news/older", false);
        check(rules, "/other", false);
        check(rules, "/same", true);
    }

    #[test]
    fn stars_and_ends() {
        let of = |pattern: &str| format!("User-agent: *\nDisallow: {pattern}");
        check(&of("/*.php$"), "/a/b.php", false);
        check(&of("/*.php$"), "/a.php?x", true);
        check(&of("/*.php$"), "/a.php.php", false);
        check(&of("/*.php"), "/a.php5", false);
        check(&of("/a*b*c"), "/a-b-c-d", false);
        check(&of("/a*b*c"), "/a-c-b", true);
        check(&of("/a$"), "/a", false);
        check(&of("/a$"), "/ab", true);
        check(&of("/a*$"), "/ab", false);
        check(&of("*"), "/x", false);
        check(&of("$"), "/x", true);
        check(&of(""), "/x", true);
    }

    #[test]
    fn octets_are_compared_however_they_are_written() {
        let of = |pattern: &str| format!("User-agent: *\nDisallow: {pattern}");
        check(&of("/caf\u{e9}"), "/caf%C3%A9", false);
        check(&of("/caf%c3%a9"), "/caf%C3%A9", false);
        check(&of("/%61"), "/a", false);
        check(&of("/a%2Fb"), "/a/b", true);
        check(&of("/a%2fb"), "/a%2Fb", false);
    }

    #[test]
    fn what_is_oddly_written_is_read_all_the_same() {
        check("\u{feff}user-AGENT : *  # all\r\n  DISALLOW:/x#y\r\nnonsense\r\n:\r\n", "/x", false);
        check("Disallow: /\nUser-agent: *\nDisallow: /x", "/y", true);
        check("<!doctype html><title>Not found: /</title>", "/y", true);
        check("User-agent: *\nDisallow: /", "/robots.txt", true);
    }

    fn check_delay(text: &str, milliseconds: Option<u128>) {
        let rules = Rules::parse(&format!("User-agent: *\nCrawl-delay: {text}"), "tidewaiter");
        assert_eq!(rules.delay.map(|delay| delay.as_millis()), milliseconds, "{text}");
    }

    #[test]
    fn a_delay_is_a_number_of_seconds() {
        check_delay("10", Some(10_000));
        check_delay("0.5", Some(500));
        check_delay("1e400", Some(Duration::MAX.as_millis()));
        for nothing in ["", "0", "-3", "soon", "NaN"] {
            check_delay(nothing, None);
        }
    }

    proptest! {
        #[test]
        fn no_text_panics(text in "\\PC{0,80}", path in "/\\PC{0,20}") {
            let _ = Rules::parse(&format!("User-agent: *\nDisallow: {text}\n{text}"), "tidewaiter").allow(&path);
        }

        #[test]
        fn a_pattern_without_signs_is_a_beginning(beginning in "/[a-z/]{0,8}", path in "/[a-z/]{0,8}") {
            let rules = Rules::parse(&format!("User-agent: *\nDisallow: {beginning}"), "tidewaiter");
            prop_assert_eq!(rules.allow(&path), !path.starts_with(&beginning));
        }
    }
}
