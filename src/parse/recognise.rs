//! What is this, if it is no feed? And where does the feed begin, if something stands before it?

use super::Unreadable;

/// What stands before a feed at most: warnings of a program, blank lines, a notice.
const LONGEST_JUNK: usize = 64 * 1024;
/// So much of a page is read to say what it is.
const HEAD: usize = 16 * 1024;
/// A root element's name with its prefix has fewer letters.
const LONGEST_NAME: usize = 64;

#[derive(Debug, PartialEq, Eq)]
pub(super) enum Body<'a> {
    /// What stands before the root, and the rest.
    Xml {
        prolog: &'a str,
        text: &'a str,
        junk: bool,
    },
    Cdf {
        text: &'a str,
        junk: bool,
    },
    Json(&'a str),
}

pub(super) fn recognise(text: &str) -> Result<Body<'_>, Unreadable> {
    let trimmed = text.trim_start_matches(|c: char| c.is_whitespace() || c == '\u{feff}' || c == '\0');
    if trimmed.is_empty() {
        return Err(Unreadable("an empty answer".to_owned()));
    }
    if trimmed.starts_with('{') {
        return Ok(Body::Json(trimmed));
    }
    let Some(root) = feed_root(trimmed) else { return Err(Unreadable(describe(trimmed))) };
    let before = trimmed.get(..root).unwrap_or("");
    let body = trimmed.get(root..).unwrap_or("");
    let junk = !is_prolog(before) || trimmed.len() != text.trim_start_matches('\u{feff}').len();
    if name_after(body) == "CHANNEL" {
        return Ok(Body::Cdf { text: body, junk });
    }
    Ok(Body::Xml { prolog: before, text: body, junk })
}

/// Where the root element of a feed begins.
fn feed_root(text: &str) -> Option<usize> {
    let mut at = 0;
    let mut comments = true;
    while let Some(found) = text.get(at..).and_then(|rest| rest.find('<')) {
        at += found;
        if at > LONGEST_JUNK {
            return None;
        }
        let rest = text.get(at..)?;
        if let Some(comment) = rest.strip_prefix("<!--") {
            // An end that was missed once is not looked for again.
            let end = if comments { comment.find("-->") } else { None };
            comments = end.is_some();
            at += end.map_or(4, |end| end + 7);
            continue;
        }
        let name = name_after(rest);
        let local = name.split_once(':').map_or(name, |(_, local)| local);
        if matches!(
            local,
            "rss" | "RSS" | "Rss" | "RDF" | "feed" | "entry" | "Channel" | "channel" | "CHANNEL"
        ) {
            return Some(at);
        }
        if local.eq_ignore_ascii_case("html") || local.eq_ignore_ascii_case("body") {
            return None;
        }
        at += 1;
    }
    None
}

/// The name that stands after the `<`; empty if it is longer than any that we ask for.
fn name_after(tag: &str) -> &str {
    let from = tag.get(1..).unwrap_or("");
    let end =
        from.char_indices().take(LONGEST_NAME).find(|(_, c)| c.is_whitespace() || matches!(c, '>' | '/'));
    end.and_then(|(end, _)| from.get(..end)).unwrap_or("")
}

/// Only what may stand before a root element: the declaration, comments, a document type.
fn is_prolog(before: &str) -> bool {
    let mut rest = before.trim_ascii_start();
    while let Some(tag) = rest.strip_prefix('<') {
        let end = match tag.as_bytes() {
            [b'?', ..] => tag.find("?>").map(|end| end + 2),
            [b'!', b'-', ..] => tag.find("-->").map(|end| end + 3),
            [b'!', ..] if tag.split('>').next().is_some_and(|start| start.contains('[')) => {
                tag.find("]>").map(|end| end + 2)
            }
            [b'!', ..] => tag.find('>').map(|end| end + 1),
            _ => None,
        };
        let Some(after) = end.and_then(|end| tag.get(end..)) else { return false };
        rest = after.trim_ascii_start();
    }
    rest.is_empty()
}

/// A sentence for staff.
fn describe(text: &str) -> String {
    let head: String = text.chars().take(HEAD).collect::<String>().to_ascii_lowercase();
    let any = |words: &[&str]| words.iter().any(|word| head.contains(word));
    let is_page = any(&["<html", "<!doctype html", "<body"]);
    let answer = match () {
        () if is_page
            && any(&[
                "captcha",
                "challenge",
                "checking your browser",
                "are you a robot",
                "enable javascript and cookies",
                "access denied",
                "request unsuccessful",
            ]) =>
        {
            "a page that keeps robots out, not a feed"
        }
        () if is_page && any(&["type=\"password\"", "type='password'", "type=password"]) => {
            "a login page, not a feed"
        }
        () if is_page => "an HTML page, not a feed",
        () if head.starts_with("%pdf") => "a PDF file, not a feed",
        () if any(&["<opml"]) => "a list of feeds (OPML), not a feed",
        () if any(&["<urlset", "<sitemapindex"]) => "a sitemap, not a feed",
        () if head.starts_with('<') => "XML of another kind, not a feed",
        () => "plain text, not a feed",
    };
    answer.to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, found: &str) {
        let got = match recognise(text) {
            Ok(Body::Xml { text, junk, .. } | Body::Cdf { text, junk }) => {
                format!("xml{} {text}", if junk { " after junk" } else { "" })
            }
            Ok(Body::Json(text)) => format!("json {text}"),
            Err(Unreadable(words)) => words,
        };
        assert_eq!(got, found);
    }

    #[test]
    fn what_is_no_feed_is_named() {
        check("  \n", "an empty answer");
        check("<!DOCTYPE html><html><p>Hello", "an HTML page, not a feed");
        check(
            "<html><title>Just a moment</title><div id=challenge-form>",
            "a page that keeps robots out, not a feed",
        );
        check("<html><form><input type=\"password\">", "a login page, not a feed");
        check("<opml version='2.0'></opml>", "a list of feeds (OPML), not a feed");
        check("Service temporarily down", "plain text, not a feed");
        check("<html><body><rss></rss>", "an HTML page, not a feed");
    }

    #[test]
    fn what_stands_before_a_feed_is_cut_off() {
        check("<?xml version='1.0'?>\n<!-- <rss> --><rss>", "xml <rss>");
        check("<b>Warning</b>: line 3\n<?xml version='1.0'?><feed>", "xml after junk <feed>");
        check("\u{feff}{\"version\":1}", "json {\"version\":1}");
        check("<!DOCTYPE rss [<!ENTITY a \">\">]><rss>", "xml <rss>");
        check("<!DOCTYPE rss><!-- a[0] --><rss>", "xml <rss>");
    }
}
