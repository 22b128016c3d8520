//! What is left of a page that a selector no longer fits: which parts of it still match something.

use scraper::Html;

use super::selection;

/// So many are said.
const MOST: usize = 2;

/// Parts of a selector that match, each with how many; what is nearest to the whole comes first.
pub(super) fn near(html: &Html, css: &str) -> Vec<(String, usize)> {
    let mut found: Vec<(String, usize)> = Vec::new();
    for part in parts(css) {
        let count = selection::parse(&part).map_or(0, |selector| html.select(&selector).count());
        if count > 0 && !found.iter().any(|(known, _)| *known == part) {
            found.push((part, count));
        }
        if found.len() == MOST {
            break;
        }
    }
    found
}

/// `div.list h3 > a.headline` without its last step, without classes at the end, without its first step, and so on.
fn parts(css: &str) -> Vec<String> {
    let words = words(css);
    let joined = |words: &[&str]| words.join(" ").trim_matches([' ', '>', '+', '~']).to_owned();
    let mut parts = Vec::new();
    for end in (1..words.len()).rev() {
        parts.push(joined(words.get(..end).unwrap_or_default()));
    }
    if let Some((last, before)) = words.split_last() {
        let bare = format!("{} {}", before.join(" "), bare(last)).trim().to_owned();
        parts.insert(0, bare);
    }
    for start in 1..words.len() {
        parts.push(joined(words.get(start..).unwrap_or_default()));
    }
    parts.extend(words.last().map(|last| bare(last).to_owned()));
    parts.retain(|part| !part.is_empty() && part != css && part != "*");
    parts
}

/// An element without its classes and the like; nothing of one without a name.
fn bare(word: &str) -> &str {
    word.split(['.', '#', '[', ':']).next().unwrap_or_default()
}

/// Split at blanks that are not in brackets.
fn words(css: &str) -> Vec<&str> {
    let mut depth = 0_i32;
    let parts = css.split(|c: char| {
        match c {
            '[' | '(' => depth += 1,
            ']' | ')' => depth -= 1,
            _ => {}
        }
        depth <= 0 && c.is_whitespace()
    });
    parts.filter(|word| !word.is_empty()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const PAGE: &str = "<div class=list><h3><a href=/1>One</a></h3><h3><a href=/2>Two</a></h3></div>";

    fn check(css: &str, expected: &[(&str, usize)]) {
        let found = near(&Html::parse_document(PAGE), css);
        let found: Vec<(&str, usize)> = found.iter().map(|(part, count)| (&**part, *count)).collect();
        assert_eq!(found, expected, "{css}");
    }

    #[test]
    fn a_class_that_went_away_leaves_its_element() {
        check("h3 a.headline", &[("h3 a", 2), ("h3", 2)]);
        check("a.headline", &[("a", 2)]);
        check("h3 > a[class*='head line']", &[("h3 > a", 2), ("h3", 2)]);
    }

    #[test]
    fn a_box_that_went_away_leaves_what_was_in_it() {
        check("section.news h3", &[("h3", 2)]);
    }

    #[test]
    fn nothing_may_be_left() {
        check("article.news", &[]);
        check(".news", &[]);
    }
}
