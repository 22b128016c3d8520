//! Do two titles speak of the same thing? Only ever asked where other evidence is weak.

use std::collections::HashSet;

/// Shorter words (and, the, des) are in every title.
const LONG_WORD: usize = 4;

/// Of the words of the shorter title, so much must stand in the longer one.
const SHARED: usize = 2;

/// Half of the words of the shorter title stand in the other one.
pub(super) fn is_similar(a: &str, b: &str) -> bool {
    let (a, b) = (words(a), words(b));
    let shorter = a.len().min(b.len());
    shorter > 0 && a.intersection(&b).count() * SHARED >= shorter
}

/// One title is the other with something added: each word of the shorter one, and each number, stands in the longer one.
pub(super) fn is_addition(a: &str, b: &str) -> bool {
    let words = |title: &str| -> HashSet<String> {
        let lower = title.to_lowercase();
        lower
            .split(|c: char| !c.is_alphanumeric())
            .filter(|word| !word.is_empty())
            .map(str::to_owned)
            .collect()
    };
    let (a, b) = (words(a), words(b));
    !a.is_empty() && !b.is_empty() && (a.is_subset(&b) || b.is_subset(&a))
}

/// No word of any title of one side stands on the other.
pub(super) fn is_other_subject<'a>(
    ours: impl Iterator<Item = &'a str>,
    theirs: impl Iterator<Item = &'a str>,
) -> bool {
    let (ours, theirs): (HashSet<String>, HashSet<String>) =
        (ours.flat_map(words).collect(), theirs.flat_map(words).collect());
    !ours.is_empty() && !theirs.is_empty() && ours.is_disjoint(&theirs)
}

/// The long words of a title in lower case; of scripts without spaces, each pair of letters.
fn words(title: &str) -> HashSet<String> {
    let lower = title.to_lowercase();
    let mut words = HashSet::new();
    for word in lower.split(|c: char| !c.is_alphanumeric()) {
        let letters: Vec<char> = word.chars().collect();
        if letters.iter().any(|c| *c >= '\u{2E80}') {
            words.extend(letters.windows(2).map(|pair| pair.iter().collect::<String>()));
        } else if letters.len() >= LONG_WORD {
            words.insert(word.to_owned());
        }
    }
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_corrected_title_is_similar_another_one_is_not() {
        assert!(is_similar("Customs opens new office", "Correction: customs opens its new office"));
        assert!(is_similar("海关总署公告", "海关总署新公告"));
        assert!(!is_similar("Customs opens new office", "Best casino bonus this week"));
        assert!(!is_similar("", ""));
    }

    #[test]
    fn an_addition_keeps_each_word_and_number() {
        assert!(is_addition("Notice 6 on origin", "Withdrawn: notice 6 on origin"));
        assert!(!is_addition("Notice 6 on origin", "Notice 7 on origin (corrected)"));
        assert!(!is_addition("", "Notice"));
    }

    #[test]
    fn another_subject_shares_no_word() {
        let ours = ["Rules of origin", "Single window opens"];
        assert!(is_other_subject(ours.into_iter(), ["Casino bonus", "Free spins"].into_iter()));
        assert!(!is_other_subject(ours.into_iter(), ["A window of opportunity"].into_iter()));
        assert!(!is_other_subject(ours.into_iter(), std::iter::empty()));
    }
}
