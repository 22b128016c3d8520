//! Which subscriptions are to begin and which to end, so that they are those that the configuration and the sources want.

use std::collections::BTreeMap;
use url::Url;

use super::discovery::Offer;
use super::subscription::{Stage, Subscription, Wish};
use crate::model::source::SourceId;

/// What to do.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Plan {
    pub begin: Vec<Wish>,
    /// Tokens of those that shall end.
    pub end: Vec<String>,
}

/// Compares what is offered by the sources that may use a hub with what there is. A subscription stays as long as its
/// hub and topic are offered, and hubs call at the same `folder`; a hub that denied a topic is not asked for it
/// again while that is remembered, another one is.
pub fn plan(offers: &BTreeMap<SourceId, Offer>, there: &[Subscription], folder: &Url) -> Plan {
    let is_offered = |known: &Subscription| {
        known.callback.strip_prefix(folder.as_str()) == Some(known.token.as_str())
            && offers
                .get(&known.source)
                .is_some_and(|offer| offer.topic == known.topic && offer.hubs.contains(&known.hub))
    };
    let unwanted = there.iter().filter(|known| known.stage != Stage::Leaving && !is_offered(known));
    let mut plan = Plan { begin: Vec::new(), end: unwanted.map(|known| known.token.clone()).collect() };
    for (source, offer) in offers {
        let known: Vec<&Subscription> =
            there.iter().filter(|known| known.source == *source && is_offered(known)).collect();
        if known.iter().any(|known| matches!(known.stage, Stage::Wanted | Stage::Active)) {
            continue;
        }
        let is_open =
            |hub: &&Url| !known.iter().any(|known| known.hub == **hub && known.stage == Stage::Denied);
        if let Some(hub) = offer.hubs.iter().find(is_open) {
            plan.begin.push(Wish { source: source.clone(), hub: hub.clone(), topic: offer.topic.clone() });
        }
    }
    plan
}

#[cfg(test)]
mod tests {
    use chrono::DateTime;

    use super::*;

    fn source(id: &str) -> SourceId {
        SourceId::parse(id).expect("an id")
    }

    fn hub(name: &str) -> Url {
        Url::parse(&format!("https://{name}.example/")).expect("an URL")
    }

    /// `source topic stage hub`
    fn subscription(text: &str) -> Subscription {
        let words: Vec<&str> = text.split(' ').collect();
        let now = DateTime::from_timestamp(0, 0).expect("a time");
        let wish = Wish { source: source(words[0]), hub: hub(words[3]), topic: words[1].to_owned() };
        let mut new = Subscription::new(text.to_owned(), String::new(), &hub("us"), wish, now);
        new.stage = Stage::parse(words[2]).expect("a stage");
        new
    }

    /// Offers as `source topic hub hub`; the plan as `+source topic hub` and `-token`.
    fn check(offers: &[&str], there: &[&str], planned: &[&str]) {
        check_at("us", offers, there, planned);
    }

    fn check_at(folder: &str, offers: &[&str], there: &[&str], planned: &[&str]) {
        let offers = offers.iter().map(|text| {
            let words: Vec<&str> = text.split(' ').collect();
            let hubs = words[2..].iter().map(|name| hub(name)).collect();
            (source(words[0]), Offer { topic: words[1].to_owned(), hubs })
        });
        let there: Vec<_> = there.iter().map(|text| subscription(text)).collect();
        let plan = plan(&offers.collect(), &there, &hub(folder));
        let begins = plan.begin.iter().map(|new| {
            let host = new.hub.host_str().expect("a host").trim_end_matches(".example");
            format!("+{} {} {host}", new.source, new.topic)
        });
        let said: Vec<String> = begins.chain(plan.end.iter().map(|token| format!("-{token}"))).collect();
        assert_eq!(said, planned);
    }

    #[test]
    fn what_is_offered_begins_once() {
        check(&["a t h i", "b u h"], &[], &["+a t h", "+b u h"]);
        check(&["a t h i", "b u h"], &["a t wanted h", "b u active h"], &[]);
        check(&["a t h i"], &["a t active i"], &[]);
    }

    #[test]
    fn what_is_offered_no_more_ends() {
        check(&[], &["a t active h", "a t denied i", "b u leaving h"], &["-a t active h", "-a t denied i"]);
        check(&["a t i"], &["a t active h"], &["+a t i", "-a t active h"]);
    }

    #[test]
    fn a_new_topic_is_a_new_subscription() {
        check(&["a t2 h"], &["a t active h"], &["+a t2 h", "-a t active h"]);
        check(&["a t h"], &["a t leaving h"], &["+a t h"]);
    }

    #[test]
    fn a_new_address_of_ours_is_a_new_subscription() {
        check_at("new", &["a t h"], &["a t active h"], &["+a t h", "-a t active h"]);
    }

    #[test]
    fn where_one_hub_denies_another_is_asked() {
        check(&["a t h i"], &["a t denied h"], &["+a t i"]);
        check(&["a t h i"], &["a t denied h", "a t denied i"], &[]);
        check(&["a t2 h"], &["a t denied h"], &["+a t2 h", "-a t denied h"]);
    }
}
