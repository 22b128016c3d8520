//! What was changed between two versions of the rules, term by term.

use std::collections::BTreeSet;
use std::fmt;

use super::{Learned, RuleLists, TopicRules};
use crate::model::topic::TopicId;

/// A line that was added to the rules, or taken out of them.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Edit {
    /// `None`: the list belongs to no topic.
    pub topic: Option<TopicId>,
    /// The key in feeds.toml: `strong`, `expression`, `terms` of the context.
    pub key: &'static str,
    pub is_added: bool,
    pub value: String,
}

impl fmt::Display for Edit {
    /// `+ strong of origin: rules of origin`
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sign = if self.is_added { '+' } else { '-' };
        match &self.topic {
            Some(topic) => write!(f, "{sign} {} of {topic}: {}", self.key, self.value),
            None => write!(f, "{sign} {}: {}", self.key, self.value),
        }
    }
}

/// What makes `after` of `before`: what is taken out, then what is added, list by list. A list's order means nothing.
pub fn difference(before: &RuleLists, after: &RuleLists) -> Vec<Edit> {
    let mut edits = Vec::new();
    let mut list =
        |topic, key, before: &[String], after: &[String]| compare(topic, key, before, after, &mut edits);
    list(None, "context", &before.context, &after.context);
    list(None, "veto", &before.veto, &after.veto);
    list(None, "veto in the title", &before.veto_title, &after.veto_title);
    list(None, "learned", &learned(before), &learned(after));
    let ids = |lists: &RuleLists| lists.topics.iter().map(|topic| topic.id.clone()).collect::<Vec<_>>();
    let added = ids(after).into_iter().filter(|id| !before.topics.iter().any(|topic| topic.id == *id));
    for id in ids(before).into_iter().chain(added) {
        let (before, after) = (keys(before, &id), keys(after, &id));
        for ((key, before), (_, after)) in before.iter().zip(&after) {
            compare(Some(&id), key, before, after, &mut edits);
        }
    }
    edits
}

fn compare(
    topic: Option<&TopicId>,
    key: &'static str,
    before: &[String],
    after: &[String],
    edits: &mut Vec<Edit>,
) {
    let (before, after): (BTreeSet<_>, BTreeSet<_>) = (before.iter().collect(), after.iter().collect());
    let edit = |is_added| {
        move |value: &&String| Edit { topic: topic.cloned(), key, is_added, value: (*value).clone() }
    };
    edits.extend(before.difference(&after).map(edit(false)));
    edits.extend(after.difference(&before).map(edit(true)));
}

/// "review from 45 %", of each that is set.
fn learned(lists: &RuleLists) -> Vec<String> {
    let Learned { context, publish, review, doubt } = lists.learned;
    let all = [("context", context), ("publish", publish), ("review", review), ("doubt", doubt)];
    all.into_iter().filter_map(|(key, percent)| Some(format!("{key} = {}", percent?))).collect()
}

/// What each key of a topic holds; of a topic that is not there, nothing.
fn keys(lists: &RuleLists, id: &TopicId) -> [(&'static str, Vec<String>); 7] {
    let topic = lists.topics.iter().find(|topic| topic.id == *id);
    let list = |of: fn(&TopicRules) -> Vec<String>| topic.map(of).unwrap_or_default();
    [
        ("strong", list(|topic| topic.strong.clone())),
        ("weak", list(|topic| topic.weak.clone())),
        ("not", list(|topic| topic.not.clone())),
        ("expression", list(|topic| topic.expression.iter().cloned().collect())),
        ("needs_context", list(|topic| topic.needs_context.then(|| "true".to_owned()).into_iter().collect())),
        ("languages", list(|topic| topic.languages.clone())),
        ("sources", list(|topic| topic.sources.clone())),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lists(id: &str, strong: &[&str], needs_context: bool) -> RuleLists {
        let words = |text: &[&str]| text.iter().map(|word| (*word).to_owned()).collect();
        let topic = TopicRules {
            id: TopicId::parse(id).expect(id),
            strong: words(strong),
            weak: Vec::new(),
            not: Vec::new(),
            expression: None,
            needs_context,
            languages: Vec::new(),
            sources: Vec::new(),
        };
        RuleLists { context: words(&["customs"]), topics: vec![topic], ..RuleLists::default() }
    }

    #[track_caller]
    fn check(before: &RuleLists, after: &RuleLists, expected: &[&str]) {
        let edits: Vec<_> = difference(before, after).iter().map(ToString::to_string).collect();
        assert_eq!(edits, expected);
    }

    #[test]
    fn terms_are_compared_whatever_their_order() {
        let before = lists("origin", &["rex", "cumulation"], false);
        check(&before, &lists("origin", &["cumulation", "rex"], false), &[]);
        check(
            &before,
            &lists("origin", &["rex", "gsp"], false),
            &["- strong of origin: cumulation", "+ strong of origin: gsp"],
        );
    }

    #[test]
    fn switches_and_whole_topics_are_named() {
        let before = lists("origin", &["rex"], false);
        check(&before, &lists("origin", &["rex"], true), &["+ needs_context of origin: true"]);
        check(
            &before,
            &lists("ipr", &["fake"], false),
            &["- strong of origin: rex", "+ strong of ipr: fake"],
        );
        check(&before, &RuleLists { context: Vec::new(), ..before.clone() }, &["- context: customs"]);
    }
}
