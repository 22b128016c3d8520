//! What could be a term: the words of a text, one to three that follow each other, without those that only join others.

use std::collections::BTreeSet;

use crate::rules::fold::fold;
use crate::rules::joining::joins;

/// So many words at most.
const LONGEST: usize = 3;

/// Of a script without blanks, so many characters.
const UNSPACED: std::ops::RangeInclusive<usize> = 2..=4;

/// Every phrase of these texts, folded; none goes over the end of a text.
pub(super) fn of(texts: &[&str]) -> BTreeSet<String> {
    let mut phrases = BTreeSet::new();
    for text in texts {
        // Nothing goes on over what ends a sentence or sets words apart.
        for part in text.split(['.', ':', ';', '!', '?', '\n', '(', ')', '–', '—', '|', '。', '，', '、'])
        {
            of_part(&fold(part), &mut phrases);
        }
    }
    phrases
}

fn of_part(part: &str, phrases: &mut BTreeSet<String>) {
    let words: Vec<&str> =
        part.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).collect();
    for (at, word) in words.iter().enumerate() {
        if word.contains(is_unspaced) {
            of_unspaced(word, phrases);
            continue;
        }
        for length in 1..=LONGEST {
            let Some(phrase) = words.get(at..at + length) else { break };
            if is_phrase(phrase) && part.contains(&phrase.join(" ")) {
                phrases.insert(phrase.join(" "));
            }
        }
    }
}

fn of_unspaced(word: &str, phrases: &mut BTreeSet<String>) {
    let characters: Vec<char> = word.chars().collect();
    for length in UNSPACED {
        phrases.extend(characters.windows(length).map(|phrase| phrase.iter().collect::<String>()));
    }
}

/// Numbers are of one entry only; words that join others don't begin or end anything.
fn is_phrase(words: &[&str]) -> bool {
    let (Some(first), Some(last)) = (words.first(), words.last()) else { return false };
    let is_short = words.len() == 1 && first.chars().count() < 3;
    let is_plain = |word: &&str| !word.contains(|c: char| c.is_ascii_digit()) && !word.contains(is_unspaced);
    !is_short && !joins(first) && !joins(last) && words.iter().all(is_plain)
}

fn is_unspaced(c: char) -> bool {
    matches!(c, '\u{3040}'..='\u{30ff}' | '\u{3400}'..='\u{9fff}' | '\u{20000}'..='\u{3ffff}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expected: &[&str]) {
        let found = of(&[text]);
        assert_eq!(found.iter().map(String::as_str).collect::<Vec<_>>(), expected);
    }

    #[test]
    fn a_phrase_is_one_to_three_words() {
        check(
            "Licensed Customs Brokers",
            &[
                "brokers",
                "customs",
                "customs brokers",
                "licensed",
                "licensed customs",
                "licensed customs brokers",
            ],
        );
    }

    #[test]
    fn words_that_join_others_stand_inside_only() {
        check("the rules of origin", &["origin", "rules", "rules of origin"]);
    }

    #[test]
    fn a_phrase_ends_where_a_part_ends() {
        check("Origin. Seizure", &["origin", "seizure"]);
    }

    #[test]
    fn numbers_are_no_phrases() {
        check("Notice 25-19", &["notice"]);
    }

    #[test]
    fn of_chinese_two_to_four_characters_are_one() {
        check("报关行", &["关行", "报关", "报关行"]);
    }

    #[test]
    fn accents_are_folded() {
        check("Dédouanement", &["dedouanement"]);
    }
}
