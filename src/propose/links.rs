//! A pattern of links that keeps the entries of a list and leaves out what else its selector finds.

use regex::Regex;
use url::Url;

use super::shape::{ending, segments};

/// The pattern, if most links fit one and some do not; without anything to leave out there is no need of it.
pub(super) fn keep<'a>(links: impl Iterator<Item = &'a str>, base: Option<&Url>) -> Option<String> {
    let urls: Vec<Url> = links.filter_map(|link| Url::parse(link).ok()).collect();
    let host = base.and_then(Url::host_str);
    let own: Vec<&Url> = urls.iter().filter(|url| url.host_str() == host).collect();
    let depth = commonest_depth(&own)?;
    let deep = own.iter().map(|url| segments(url)).filter(|parts| parts.len() == depth);
    let alike = with_commonest_folder(deep.collect());
    let pattern = pattern(&alike)?;
    let regex = Regex::new(&pattern).ok()?;
    let kept = urls.iter().filter(|url| regex.is_match(url.as_str())).count();
    // Where more than three of ten differ, the others may well be news too.
    let is_useful = kept < urls.len() && kept * 10 >= urls.len() * 7 && kept >= 3;
    is_useful.then_some(pattern)
}

fn commonest_depth(urls: &[&Url]) -> Option<usize> {
    let depths: Vec<usize> = urls.iter().map(|url| segments(url).len()).collect();
    let count = |depth: usize| depths.iter().filter(|other| **other == depth).count();
    depths.iter().copied().max_by_key(|depth| (count(*depth), *depth)).filter(|depth| *depth > 1)
}

fn with_commonest_folder(all: Vec<Vec<String>>) -> Vec<Vec<String>> {
    let count = |folder: &String| all.iter().filter(|parts| parts.first() == Some(folder)).count();
    let Some(folder) =
        all.iter().filter_map(|parts| parts.first()).max_by_key(|folder| count(folder)).cloned()
    else {
        return all;
    };
    all.into_iter().filter(|parts| parts.first() == Some(&folder)).collect()
}

/// `/news/\d{4}/[^/]+\.aspx$`; `None` if the addresses share no folder.
fn pattern(all: &[Vec<String>]) -> Option<String> {
    let first = all.first()?;
    let column = |at: usize| all.iter().filter_map(move |parts| parts.get(at));
    let mut parts = Vec::new();
    let mut shared = 0;
    for (at, own) in first.iter().enumerate().take(first.len().saturating_sub(1)) {
        if column(at).all(|part| part == own) && !is_number(own) {
            shared += 1;
            parts.push(regex::escape(own));
        } else if column(at).all(|part| is_number(part) && part.len() == own.len()) {
            parts.push(format!(r"\d{{{}}}", own.len()));
        } else {
            parts.push("[^/]+".to_owned());
        }
    }
    let end = ending(first.last()?);
    let same_end = !end.is_empty() && column(first.len() - 1).all(|last| ending(last) == end);
    let end = if same_end { regex::escape(end) } else { "/?".to_owned() };
    (shared > 0).then(|| format!("/{}/[^/]+{end}$", parts.join("/")))
}

fn is_number(text: &str) -> bool {
    text.bytes().all(|byte| byte.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(paths: &[&str], expected: &str) {
        let base = Url::parse("https://a.example/list").expect("an address");
        let links: Vec<String> =
            paths.iter().map(|path| base.join(path).expect("an address").into()).collect();
        let found = keep(links.iter().map(String::as_str), Some(&base));
        assert_eq!(found.unwrap_or_default(), expected, "{paths:?}");
    }

    #[test]
    fn what_is_made_otherwise_is_left_out() {
        check(
            &[
                "/en/news/2021/may/a.aspx",
                "/en/news/2021/june/b.aspx",
                "/en/news/2021/may/c.aspx",
                "/en/news/2021.aspx",
            ],
            r"/en/news/\d{4}/[^/]+/[^/]+\.aspx$",
        );
        check(&["/news/a", "/news/b", "/news/c", "https://b.example/news/c"], "");
        check(&["/news/a", "/news/b/", "/news/c", "/about/us"], "/news/[^/]+/?$");
    }

    #[test]
    fn nothing_to_leave_out_needs_no_pattern() {
        check(&["/news/a", "/news/b", "/news/c", "/news/d"], "");
        check(&["/a", "/b", "/c", "/d/e"], "");
        check(&[], "");
    }
}
