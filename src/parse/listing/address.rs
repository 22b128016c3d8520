//! Words out of an address, for listings that give no titles.

use url::Url;

/// `/news/new-rules_of%20origin.html` becomes "New rules of origin"; `None` if its last part has no word.
pub(super) fn title_of(address: &str) -> Option<String> {
    let url = Url::parse(address).ok()?;
    let last = url.path_segments()?.rfind(|part| !part.is_empty())?;
    let stem = last.rsplit_once('.').map_or(last, |(stem, _)| stem);
    let words = decoded(stem);
    let words: Vec<&str> = words
        .split(|c: char| c.is_whitespace() || matches!(c, '-' | '_' | '+'))
        .filter(|word| !word.is_empty())
        .collect();
    let text = crate::model::text::one_line(&words.join(" "));
    if !text.chars().any(char::is_alphabetic) {
        return None;
    }
    let mut letters = text.chars();
    let first = letters.next()?;
    Some(first.to_uppercase().chain(letters).collect())
}

/// With `%C3%A9` as `é`.
fn decoded(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((first, after)) = rest.split_first() {
        let code = after.get(..2).filter(|_| *first == b'%').and_then(|code| std::str::from_utf8(code).ok());
        if let Some(byte) = code.and_then(|code| u8::from_str_radix(code, 16).ok()) {
            bytes.push(byte);
            rest = after.get(2..).unwrap_or_default();
        } else {
            bytes.push(*first);
            rest = after;
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(address: &str, expected: &str) {
        assert_eq!(title_of(address).unwrap_or_default(), expected, "{address}");
    }

    #[test]
    fn the_last_part_says_what_it_is() {
        check("https://a.example/2026/new-rules_of-origin.html?x=1", "New rules of origin");
        check("https://a.example/fr/acc%C3%A8s-aux-formulaires/", "Accès aux formulaires");
        check("https://a.example/100%25-controls", "100% controls");
    }

    #[test]
    fn numbers_and_nothing_say_nothing() {
        check("https://a.example/2026/08/14", "");
        check("https://a.example/", "");
    }
}
