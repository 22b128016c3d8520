//! What a hub asks at a callback address before it believes that we want a subscription, or none any more.

use chrono::TimeDelta;
use url::form_urlencoded;

/// A challenge is given back, and a topic compared; longer ones are no sensible question.
const LONGEST: usize = 4_096;

/// A hub's question, or its refusal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Asked {
    pub topic: String,
    pub what: What,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum What {
    /// Do you want this subscription? It would last so long.
    Subscribe { challenge: String, lease: Option<TimeDelta> },
    /// Do you want it to end?
    Unsubscribe { challenge: String },
    /// You cannot have it, perhaps with a reason.
    Denied { reason: String },
}

impl Asked {
    /// Reads the query of a request; `None`: it is no question of a hub.
    pub fn parse(query: &str) -> Option<Self> {
        let topic = only(query, "hub.topic")?;
        let challenge = || only(query, "hub.challenge").filter(|challenge| !challenge.is_empty());
        let what = match only(query, "hub.mode")?.as_str() {
            "subscribe" => What::Subscribe { challenge: challenge()?, lease: lease(query) },
            "unsubscribe" => What::Unsubscribe { challenge: challenge()? },
            "denied" => What::Denied { reason: only(query, "hub.reason").unwrap_or_default() },
            _ => return None,
        };
        Some(Self { topic, what })
    }
}

fn lease(query: &str) -> Option<TimeDelta> {
    only(query, "hub.lease_seconds")?.parse().ok().and_then(TimeDelta::try_seconds)
}

/// The value of a parameter that is there once: of two, one would be forged.
fn only(query: &str, name: &str) -> Option<String> {
    let mut values = form_urlencoded::parse(query.as_bytes()).filter(|(key, _)| key == name);
    let (_, value) = values.next()?;
    (values.next().is_none() && value.len() <= LONGEST).then(|| value.into_owned())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const ASKS: &str = "hub.mode=subscribe&hub.topic=https%3A%2F%2Fs.example%2Ffeed&hub.challenge=a%20b&hub.lease_seconds=60";

    fn check(query: &str, what: Option<What>) {
        let asked = what.map(|what| Asked { topic: "https://s.example/feed".to_owned(), what });
        assert_eq!(Asked::parse(query), asked, "{query}");
    }

    fn subscribe(lease: Option<i64>) -> What {
        What::Subscribe { challenge: "a b".to_owned(), lease: lease.map(TimeDelta::seconds) }
    }

    #[test]
    fn the_three_questions_are_understood() {
        check(ASKS, Some(subscribe(Some(60))));
        let leaves = Some(What::Unsubscribe { challenge: "a b".to_owned() });
        check(&ASKS.replace("subscribe", "unsubscribe"), leaves);
        let denied = |reason: &str| Some(What::Denied { reason: reason.to_owned() });
        check("hub.mode=denied&hub.topic=https://s.example/feed", denied(""));
        check("hub.mode=denied&hub.topic=https://s.example/feed&hub.reason=too+many", denied("too many"));
    }

    #[test]
    fn a_lease_that_is_no_number_is_none() {
        for lease in ["", "soon", "1.5", "99999999999999999999999", "9223372036854775807"] {
            check(&ASKS.replace("=60", &format!("={lease}")), Some(subscribe(None)));
        }
        check(&ASKS.replace("=60", "=-5"), Some(subscribe(Some(-5))));
    }

    #[test]
    fn half_a_question_is_none() {
        for query in [
            "",
            "hub.mode=subscribe",
            "hub.mode=subscribe&hub.topic=https://s.example/feed",
            "hub.mode=subscribe&hub.topic=https://s.example/feed&hub.challenge=",
            "hub.mode=publish&hub.topic=https://s.example/feed&hub.challenge=a",
            "hub.topic=https://s.example/feed&hub.challenge=a",
            "mode=subscribe&topic=https://s.example/feed&challenge=a",
        ] {
            check(query, None);
        }
        check(&format!("{ASKS}&hub.mode=unsubscribe"), None);
        check(&format!("{ASKS}&hub.topic=https://evil.example/"), None);
        check(&ASKS.replace("a%20b", &"x".repeat(5_000)), None);
    }

    proptest! {
        #[test]
        fn no_query_panics(query in "(hub\\.(mode|topic|challenge|lease_seconds|reason)|=|&|%|subscribe|denied|[0-9]{1,30}|\\PC){0,30}") {
            let _ = Asked::parse(&query);
        }
    }
}
