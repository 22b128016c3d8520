//! How likely it is that an editor wants an entry, learned from entries that editors have accepted and rejected.
//!
//! Logistic regression over words, beginnings of words and pairs of words, trained by stochastic gradient descent in a fixed
//! order (Bishop, Pattern Recognition and Machine Learning, section 4.3): the same examples give the same numbers.

mod features;
mod training;

use std::collections::HashMap;
use std::sync::LazyLock;

use serde::Deserialize;

use super::joining::joins;
use features::features;

use crate::model::verdict::Likely;

/// Entries that we have filed by hand.
const FILED: &str = include_str!("likelihood/filed.jsonl");

/// The label of what no topic should take.
const IRRELEVANT: &str = "irrelevant";

/// What staff of this very publication decided counts so often: their next entries shall feel it at once.
const OWN: usize = 3;

/// So many words are named as reasons.
const REASONS: usize = 4;

/// An entry that an editor has decided about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Example<'a> {
    pub title: &'a str,
    pub summary: &'a str,
    pub accepted: bool,
}

/// What examples taught. Cheap to ask, and to explain.
#[derive(Debug, Clone, Default)]
pub struct Likelihood {
    /// By the print of a feature; above 0 speaks for the entry.
    weights: HashMap<u64, f64>,
    /// What speaks for an entry of which no word is known.
    bias: f64,
}

impl Likelihood {
    /// Another one when the entries that come with the program change.
    pub(super) fn shipped_print() -> u64 {
        print(FILED)
    }

    /// Learns from examples; their order counts a little.
    pub fn train(examples: &[Example<'_>]) -> Self {
        training::train(examples)
    }

    /// What the entries that come with the program teach. Learned when it is first asked.
    pub fn shipped() -> &'static Self {
        static SHIPPED: LazyLock<Likelihood> = LazyLock::new(|| Likelihood::learned(&[]));
        &SHIPPED
    }

    /// What the entries that come with the program teach together with those that staff decided about.
    pub fn learned(decided: &[Example<'_>]) -> Self {
        let filed = filed();
        let mut examples: Vec<_> = filed.iter().map(Filed::example).collect();
        examples.extend(std::iter::repeat_n(decided, OWN).flatten());
        Self::train(&examples)
    }

    /// How likely an editor wants an entry of this title and summary (plain text).
    pub fn of(&self, title: &str, summary: &str) -> Likely {
        let mut known: Vec<(f64, String)> = Vec::new();
        features(title, summary, |feature| {
            if let Some(weight) = self.weights.get(&print(feature)) {
                known.push((*weight, feature.to_owned()));
            }
        });
        known.sort_by(|one, other| one.1.cmp(&other.1));
        known.dedup_by(|one, other| one.1 == other.1);
        let evidence = self.bias + known.iter().map(|(weight, _)| weight).sum::<f64>() * scale(known.len());
        known.sort_by(|one, other| other.0.total_cmp(&one.0).then_with(|| one.1.cmp(&other.1)));
        let speaking = known.into_iter().filter(|(weight, _)| *weight > 0.0).map(|(_, feature)| feature);
        Likely { percent: percent(probability(evidence)), words: readable(speaking) }
    }
}

/// An entry that we have filed by hand.
#[derive(Debug, Deserialize)]
pub struct Filed {
    /// The name of a source, perhaps of none that feeds.toml knows.
    pub source: String,
    /// Primary tag.
    pub lang: String,
    pub title: String,
    #[serde(default)]
    pub summary: String,
    labels: Vec<String>,
}

impl Filed {
    /// The topics that should take it, best first; `None`: it is irrelevant.
    pub fn topics(&self) -> Option<&[String]> {
        self.labels.iter().all(|label| label != IRRELEVANT).then_some(self.labels.as_slice())
    }

    fn example(&self) -> Example<'_> {
        Example { title: &self.title, summary: &self.summary, accepted: self.topics().is_some() }
    }
}

/// The entries that come with the program.
pub fn filed() -> Vec<Filed> {
    FILED.lines().map(|line| serde_json::from_str(line).expect("a test reads every line")).collect()
}

/// What a feature is known by.
fn print(feature: &str) -> u64 {
    xxhash_rust::xxh3::xxh3_64(feature.as_bytes())
}

/// Long texts have more words, and don't say more for it.
#[expect(clippy::cast_precision_loss, reason = "fewer words than 2⁵²")]
fn scale(features: usize) -> f64 {
    1.0 / (features.max(1) as f64).sqrt()
}

fn probability(evidence: f64) -> f64 {
    1.0 / (1.0 + (-evidence).exp())
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "0 to 100")]
fn percent(probability: f64) -> u8 {
    (probability.clamp(0.0, 1.0) * 100.0).round() as u8
}

/// Words that a person can read and that mean something, no word twice: a beginning or a single word that stands in a pair
/// already is left out.
fn readable(features: impl Iterator<Item = String>) -> Vec<String> {
    let mut words: Vec<String> = Vec::new();
    for feature in features {
        let bare = feature.trim_end_matches(features::OPEN);
        if !bare.split(' ').all(joins) && !words.iter().any(|word| word.contains(bare)) {
            words.push(feature);
        }
        if words.len() == REASONS {
            break;
        }
    }
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    fn learned() -> Likelihood {
        let example = |title, accepted| Example { title, summary: "", accepted };
        Likelihood::train(&[
            example("Customs brokers pass the exam", true),
            example("Fisheries subsidies talks", false),
            example("Brokers meet customs", true),
            example("Talks on fisheries resume", false),
            example("报关企业备案", true),
            example("渔业补贴谈判", false),
            example("关于报关企业的公告", true),
            example("渔业谈判", false),
        ])
    }

    fn percent_of(title: &str) -> u8 {
        learned().of(title, "").percent
    }

    #[test]
    fn what_was_accepted_speaks_for_an_entry() {
        assert!(percent_of("Customs brokers elect a chair") > 60);
        assert!(percent_of("Fisheries talks end") < 40);
        assert!(percent_of("报关企业") > 60, "{}", percent_of("报关企业"));
    }

    #[test]
    fn of_unknown_words_nothing_is_known() {
        assert!((40..=60).contains(&percent_of("Zzz")));
        assert_eq!(learned().of("Zzz", "").words, Vec::<String>::new());
    }

    #[test]
    fn words_that_only_join_others_are_no_reasons() {
        let example = |title, accepted| Example { title, summary: "", accepted };
        let learned = Likelihood::train(&[
            example("That when", true),
            example("That when", true),
            example("Fish", false),
        ]);
        let likely = learned.of("That when", "");
        assert!(likely.percent > 60 && likely.words.is_empty(), "{likely:?}");
    }

    #[test]
    fn the_reasons_are_words() {
        let likely = learned().of("Brokers and customs", "Fisheries");
        assert!(likely.words.iter().any(|word| word.contains("broker")), "{likely:?}");
        assert!(!likely.words.iter().any(|word| word.contains("fish")), "{likely:?}");
    }

    #[test]
    fn the_same_examples_teach_the_same() {
        let title = "Customs brokers and fisheries talks";
        assert_eq!(learned().of(title, title), learned().of(title, title));
    }

    #[test]
    fn one_decision_of_staff_is_felt_at_once() {
        let title = "Quokkas at the ferry pier";
        let own = |accepted| Likelihood::learned(&[Example { title, summary: "", accepted }]);
        let percent = |accepted| own(accepted).of("Quokkas again", "").percent;
        assert!(percent(true) > percent(false) + 10, "{} {}", percent(true), percent(false));
    }

    #[test]
    fn the_filed_entries_teach() {
        assert!(filed().len() > 200);
        let shipped = Likelihood::shipped();
        assert!(shipped.of("Customs brokers' licences: new exam", "").percent > 60);
        assert!(shipped.of("Vacancy notice: economist", "").percent < 40);
    }
}
