//! A source that says it has moved for good: believed when it has said so on several days, and taken back when it fails.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use url::Url;

/// A mistake in a server's settings is mostly mended within two days.
const DAYS: usize = 3;

/// More addresses than this never lead back to where they came from.
const MOST_REFUSED: usize = 8;

/// What is known of a source's move.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Moves {
    /// Where good answers came from behind permanent redirects only, and on which days (counted from 1970).
    to: Option<String>,
    days: Vec<i64>,
    /// Asked instead of the address in feeds.toml.
    adopted: Option<String>,
    /// What we adopted failed: the address in feeds.toml is tried once.
    is_doubted: bool,
    /// Addresses that led back to the one in feeds.toml.
    refused: Vec<String>,
}

/// What an answer is worth as a witness of a move.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Witness {
    /// A feed in which we know something.
    Known,
    /// A web page: its site may lead everything to one page that answers.
    Page,
    /// Nothing in it is known: perhaps another publication.
    Stranger,
}

impl Moves {
    /// The address to ask, and whether it is an adopted one.
    pub fn address(&self, configured: &Url) -> Url {
        let adopted = self.adopted.as_deref().filter(|_| !self.is_doubted);
        adopted.and_then(|text| Url::parse(text).ok()).unwrap_or_else(|| configured.clone())
    }

    /// The address that was adopted, doubted or not.
    pub fn adopted(&self) -> Option<&str> {
        self.adopted.as_deref()
    }

    /// A good answer came; `moved_to` is where from, if that was behind permanent redirects only.
    pub(super) fn answered(
        &mut self,
        configured: &Url,
        moved_to: Option<&Url>,
        witness: Witness,
        now: DateTime<Utc>,
    ) {
        let back = moved_to.is_some_and(|to| to.as_str() == configured.as_str());
        match (self.adopted.take(), self.is_doubted) {
            (Some(adopted), false) if back => {
                // A circle: whoever follows it goes round for ever.
                self.refused.truncate(MOST_REFUSED - 1);
                self.refused.push(adopted);
            }
            (Some(adopted), false) => self.adopted = Some(adopted),
            (Some(adopted), true) if moved_to.is_some_and(|to| to.as_str() == adopted) => {
                self.adopted = Some(adopted);
            }
            // The old address works and leads nowhere: it was right.
            (Some(_), true) | (None, _) => {}
        }
        self.is_doubted = false;
        self.count(configured, moved_to.filter(|_| !back), witness, now);
    }

    /// No good answer came.
    pub(super) fn failed(&mut self) {
        self.is_doubted = self.adopted.is_some() && !self.is_doubted;
    }

    fn count(&mut self, configured: &Url, moved_to: Option<&Url>, witness: Witness, now: DateTime<Utc>) {
        let Some(to) = moved_to else {
            (self.to, self.days) = (None, Vec::new());
            return;
        };
        if self.to.as_deref() != Some(to.as_str()) {
            (self.to, self.days) = (Some(to.to_string()), Vec::new());
        }
        if !self.is_credible(configured, to, witness) {
            return;
        }
        let today = now.timestamp().div_euclid(86_400);
        if !self.days.contains(&today) {
            self.days.push(today);
        }
        if self.days.len() >= DAYS {
            self.adopted = self.to.take();
            self.days.clear();
        }
    }

    /// A move to a home page, of a page to another site, or of what nobody recognises is for a person to judge.
    fn is_credible(&self, configured: &Url, to: &Url, witness: Witness) -> bool {
        let is_home = to.path() == "/" && configured.path() != "/";
        let is_elsewhere = to.host_str() != configured.host_str();
        let is_downgrade = configured.scheme() == "https" && to.scheme() != "https";
        let is_witnessed = match witness {
            Witness::Known => true,
            Witness::Page => !is_elsewhere,
            Witness::Stranger => false,
        };
        is_witnessed && !is_home && !is_downgrade && !self.refused.iter().any(|known| known == to.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const OLD: &str = "https://a.example/feed";
    const NEW: &str = "https://b.example/new";

    /// One answer: the day, where it came from (`None`: it failed).
    type Answer<'a> = (i64, Option<&'a str>);

    fn after(configured: &str, witness: Witness, answers: &[Answer<'_>]) -> Moves {
        let configured = Url::parse(configured).expect("an URL");
        let mut moves = Moves::default();
        for (day, from) in answers {
            let now = DateTime::from_timestamp(day * 86_400 + 7, 0).expect("a time");
            let asked = moves.address(&configured);
            match from {
                Some(from) => {
                    let from = Url::parse(from).expect("an URL");
                    moves.answered(&configured, Some(&from).filter(|from| **from != asked), witness, now);
                }
                None => moves.failed(),
            }
        }
        moves
    }

    fn check(configured: &str, witness: Witness, answers: &[Answer<'_>], asked: &str) {
        let moves = after(configured, witness, answers);
        let configured = Url::parse(configured).expect("an URL");
        assert_eq!(moves.address(&configured).as_str(), asked, "{answers:?}");
    }

    #[test]
    fn three_days_of_the_same_answer_are_believed() {
        check(OLD, Witness::Known, &[(1, Some(NEW)), (2, Some(NEW))], OLD);
        check(OLD, Witness::Known, &[(1, Some(NEW)), (1, Some(NEW)), (1, Some(NEW))], OLD);
        check(OLD, Witness::Known, &[(1, Some(NEW)), (2, Some(NEW)), (9, Some(NEW))], NEW);
    }

    #[test]
    fn an_answer_that_disagrees_begins_anew() {
        let other = "https://c.example/x";
        check(OLD, Witness::Known, &[(1, Some(NEW)), (2, Some(OLD)), (3, Some(NEW)), (4, Some(NEW))], OLD);
        check(OLD, Witness::Known, &[(1, Some(NEW)), (2, Some(other)), (3, Some(NEW)), (4, Some(NEW))], OLD);
        check(OLD, Witness::Known, &[(1, Some(NEW)), (2, None), (3, Some(NEW)), (4, Some(NEW))], NEW);
    }

    #[test]
    fn what_a_person_must_judge_is_not_believed() {
        let days = |to| [(1, Some(to)), (2, Some(to)), (3, Some(to)), (4, Some(to))];
        check(OLD, Witness::Known, &days("http://a.example/new"), OLD);
        check(OLD, Witness::Known, &days("https://b.example/"), OLD);
        check(OLD, Witness::Stranger, &days(NEW), OLD);
        check(OLD, Witness::Page, &days(NEW), OLD);
        check(OLD, Witness::Page, &days("https://a.example/news/"), "https://a.example/news/");
        check(
            "http://a.example/feed",
            Witness::Known,
            &days("https://a.example/feed"),
            "https://a.example/feed",
        );
    }

    #[test]
    fn a_circle_is_left_and_never_entered_again() {
        let moved = [(1, Some(NEW)), (2, Some(NEW)), (3, Some(NEW))];
        let back = [&moved[..], &[(4, Some(OLD))]].concat();
        check(OLD, Witness::Known, &back, OLD);
        let again = [&back[..], &[(5, Some(NEW)), (6, Some(NEW)), (7, Some(NEW)), (8, Some(NEW))]].concat();
        check(OLD, Witness::Known, &again, OLD);
    }

    #[test]
    fn what_fails_where_the_old_address_works_is_undone() {
        let moved = [(1, Some(NEW)), (2, Some(NEW)), (3, Some(NEW))];
        let doubted = [&moved[..], &[(4, None)]].concat();
        check(OLD, Witness::Known, &doubted, OLD);
        check(OLD, Witness::Known, &[&doubted[..], &[(5, Some(OLD)), (6, Some(OLD))]].concat(), OLD);
        assert_eq!(after(OLD, Witness::Known, &[&doubted[..], &[(5, Some(OLD))]].concat()).adopted(), None);
        check(OLD, Witness::Known, &[&doubted[..], &[(5, None)]].concat(), NEW);
        check(OLD, Witness::Known, &[&doubted[..], &[(5, Some(NEW))]].concat(), NEW);
    }

    #[test]
    fn a_second_move_is_believed_as_the_first() {
        let third = "https://c.example/x";
        let moved = [(1, Some(NEW)), (2, Some(NEW)), (3, Some(NEW))];
        let again = [&moved[..], &[(4, Some(third)), (5, Some(third)), (6, Some(third))]].concat();
        check(OLD, Witness::Known, &again, third);
    }
}
