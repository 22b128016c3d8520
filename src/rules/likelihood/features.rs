//! What a title and a summary are made of: words, beginnings of words, and pairs of words.

use crate::rules::fold::fold;

/// Stands behind a beginning: `licen…`.
pub(super) const OPEN: char = '…';

/// A word longer than this counts with its beginning too, so that its endings matter less.
const BEGINNING: usize = 5;

/// A word of a pair counts with so many letters.
const PAIRED: usize = 6;

/// A summary may be a whole article; what it is about stands at its beginning.
const WORDS: usize = 80;

/// Gives every feature, those that occur twice twice.
pub(super) fn features(title: &str, summary: &str, mut give: impl FnMut(&str)) {
    for text in [title, summary] {
        let text = fold(text);
        let words = text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
        let mut before: Option<&str> = None;
        for word in words.take(WORDS) {
            of_word(word, &mut give);
            if let Some(before) = before {
                give(&format!("{} {}", beginning(before, PAIRED), beginning(word, PAIRED)));
            }
            before = Some(word);
        }
    }
}

/// The word and its beginning; of a script without blanks, each two characters that stand together.
fn of_word(word: &str, give: &mut impl FnMut(&str)) {
    if word.contains(is_unspaced) {
        let pairs = word
            .char_indices()
            .zip(word.char_indices().skip(1))
            .map(|((start, _), (at, c))| (start, at + c.len_utf8()));
        pairs.filter_map(|(start, end)| word.get(start..end)).for_each(give);
        return;
    }
    give(word);
    let beginning = beginning(word, BEGINNING);
    if beginning.len() < word.len() {
        give(&format!("{beginning}{OPEN}"));
    }
}

fn is_unspaced(c: char) -> bool {
    matches!(c, '\u{3040}'..='\u{30ff}' | '\u{3400}'..='\u{9fff}' | '\u{20000}'..='\u{3ffff}')
}

fn beginning(word: &str, letters: usize) -> &str {
    word.char_indices().nth(letters).and_then(|(end, _)| word.get(..end)).unwrap_or(word)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(title: &str, expected: &[&str]) {
        let mut found = Vec::new();
        features(title, "", |feature| found.push(feature.to_owned()));
        assert_eq!(found, expected);
    }

    #[test]
    fn words_beginnings_and_pairs_count() {
        check("Customs, brokers", &["customs", "custo…", "brokers", "broke…", "custom broker"]);
        check("É-com", &["e", "com", "e com"]);
    }

    #[test]
    fn of_chinese_each_two_characters_count() {
        check("报关行", &["报关", "关行"]);
    }
}
