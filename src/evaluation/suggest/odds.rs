//! How much more often a phrase stands on one side than on the other, and how far from chance that is.

/// In how many entries a phrase stands, and how much there is of all phrases.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Counted {
    pub(super) inside: usize,
    /// Inside and outside.
    pub(super) total: usize,
    pub(super) all_inside: usize,
    pub(super) all: usize,
}

/// The logarithm of a ratio of odds, above 0 where the phrase stands more often inside, and its standard deviation.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Odds {
    pub(super) ratio: f64,
    deviation: f64,
}

/// What is believed before anything is counted, that both sides say everything equally often, weighs as much as this share
/// of all that is counted.
const PRIOR: f64 = 0.1;

/// So many deviations below what was counted lies what holds almost surely (19 times of 20).
const SURELY: f64 = 1.96;

impl Counted {
    /// With an informative Dirichlet prior: Monroe, Colaresi and Quinn, Fightin' Words (Political Analysis 16, 2008),
    /// equations 16 and 20.
    pub(super) fn odds(self) -> Odds {
        let Self { inside, total, all_inside, all } = self;
        let outside = total.saturating_sub(inside);
        let prior = PRIOR * number(total);
        let all_prior = PRIOR * number(all);
        let odds = |count: usize, of: usize| {
            let count = number(count) + prior;
            (count / (number(of) + all_prior - count).max(1.0)).ln()
        };
        let variance = 1.0 / (number(inside) + prior) + 1.0 / (number(outside) + prior);
        Odds {
            ratio: odds(inside, all_inside) - odds(outside, all.saturating_sub(all_inside)),
            deviation: variance.sqrt(),
        }
    }
}

impl Odds {
    /// The ratio that is reached almost surely. Words that stand nowhere else come first, few occurrences last.
    pub(super) fn at_least(self) -> f64 {
        self.ratio - SURELY * self.deviation
    }
}

#[expect(clippy::cast_precision_loss, reason = "fewer words than 2⁵²")]
fn number(count: usize) -> f64 {
    count as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    fn odds(inside: usize, outside: usize) -> Odds {
        Counted { inside, total: inside + outside, all_inside: 5000, all: 10_000 }.odds()
    }

    #[test]
    fn what_stands_as_often_on_both_sides_says_nothing() {
        assert!(odds(7, 7).ratio.abs() < 1e-9 && odds(7, 7).at_least() < 0.0);
        assert!((odds(3, 9).ratio + odds(9, 3).ratio).abs() < 1e-9, "the sides are alike");
    }

    #[test]
    fn more_is_surer() {
        let at_least = |inside, outside| odds(inside, outside).at_least();
        assert!(at_least(6, 0) > at_least(3, 0) && at_least(60, 0) > at_least(6, 0));
        assert!(at_least(12, 2) < at_least(12, 0) && at_least(60, 10) > at_least(6, 1));
    }

    #[test]
    fn a_worked_example_agrees() {
        // Priors 1.2 and 1000: 11.2 / 5988.8 against 3.2 / 5996.8; the variance is 1 / 11.2 + 1 / 3.2.
        let ratio = (11.2_f64 / 5988.8).ln() - (3.2_f64 / 5996.8).ln();
        let deviation = (1.0_f64 / 11.2 + 1.0 / 3.2).sqrt();
        let found = odds(10, 2);
        assert!((found.ratio - ratio).abs() < 1e-9 && (found.deviation - deviation).abs() < 1e-9);
    }
}
