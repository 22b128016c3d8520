//! Stochastic gradient descent on the logistic loss, in a fixed order.

use std::collections::HashMap;

use super::features::features;
use super::{Example, Likelihood, print, probability, scale};

/// Each example is seen so often.
const EPOCHS: u32 = 12;

/// How far a step goes at first.
const RATE: f64 = 1.0;

/// How much shorter the steps become with each epoch.
const DECAY: f64 = 0.3;

/// What each step takes off a weight, so that no single word decides.
const SHRINK: f64 = 1e-4;

/// The bias learns slower: it is seen in every example.
const BIAS_RATE: f64 = 0.1;

/// A feature of one example only teaches nothing about others.
const LEAST: usize = 2;

/// An example, its features by number.
struct Known {
    features: Vec<usize>,
    accepted: f64,
}

pub(super) fn train(examples: &[Example<'_>]) -> Likelihood {
    let prints: Vec<Vec<u64>> = examples.iter().map(prints).collect();
    let mut counts: HashMap<u64, usize> = HashMap::new();
    prints.iter().flatten().for_each(|print| *counts.entry(*print).or_default() += 1);
    let mut frequent: Vec<u64> =
        counts.into_iter().filter(|(_, count)| *count >= LEAST).map(|(print, _)| print).collect();
    frequent.sort_unstable();
    let number = |print: &u64| frequent.binary_search(print).ok();
    let known: Vec<Known> = examples
        .iter()
        .zip(&prints)
        .map(|(example, prints)| Known {
            features: prints.iter().filter_map(number).collect(),
            accepted: f64::from(u8::from(example.accepted)),
        })
        .collect();
    let (weights, bias) = descend(&known, frequent.len());
    Likelihood { weights: frequent.iter().copied().zip(weights).collect(), bias }
}

fn prints(example: &Example<'_>) -> Vec<u64> {
    let mut prints = Vec::new();
    features(example.title, example.summary, |feature| prints.push(print(feature)));
    prints.sort_unstable();
    prints.dedup();
    prints
}

fn descend(examples: &[Known], features: usize) -> (Vec<f64>, f64) {
    let (mut weights, mut bias) = (vec![0.0; features], 0.0);
    for epoch in 0..EPOCHS {
        let rate = RATE / (1.0 + DECAY * f64::from(epoch));
        for example in mixed(examples, epoch) {
            let scale = scale(example.features.len());
            let sum: f64 = example.features.iter().filter_map(|feature| weights.get(*feature)).sum();
            let error = (probability(bias + sum * scale) - example.accepted) * rate;
            for feature in &example.features {
                if let Some(weight) = weights.get_mut(*feature) {
                    *weight -= error * scale + SHRINK * *weight;
                }
            }
            bias -= error * BIAS_RATE;
        }
    }
    (weights, bias)
}

/// All examples, in an order that mixes neighbours and is another one in each epoch.
fn mixed(examples: &[Known], epoch: u32) -> impl Iterator<Item = &Known> {
    let count = examples.len();
    let stride = stride(count, epoch as usize);
    (0..count).filter_map(move |at| examples.get((at * stride + epoch as usize) % count))
}

/// A step that visits every place: it has no divisor in common with the count.
fn stride(count: usize, epoch: usize) -> usize {
    let divisor = |mut one: usize, mut other: usize| {
        while other != 0 {
            (one, other) = (other, one % other);
        }
        one
    };
    let from = count * 5 / 8 + epoch * 7 + 1;
    (from..from + count).find(|stride| divisor(*stride, count) == 1).unwrap_or(1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_example_is_seen_once_in_an_epoch() {
        for count in [1, 2, 7, 8, 100, 302] {
            let examples: Vec<Known> =
                (0..count).map(|number| Known { features: vec![number], accepted: 0.0 }).collect();
            for epoch in 0..EPOCHS {
                let mut seen: Vec<usize> =
                    mixed(&examples, epoch).map(|example| example.features[0]).collect();
                seen.sort_unstable();
                assert_eq!(seen, (0..count).collect::<Vec<_>>());
            }
        }
    }

    #[test]
    fn nothing_is_learned_of_nothing() {
        let learned = train(&[]);
        assert_eq!((learned.weights.len(), learned.of("Customs", "").percent), (0, 50));
    }
}
