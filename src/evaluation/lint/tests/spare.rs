//! What is called spare can be taken out: a promise that holds for any rules and any text.

use proptest::prelude::*;

use super::super::*;
use super::config;
use crate::rules::{RuleSet, Subject};

const TERMS: [&str; 16] = [
    "customs",
    "customs broker",
    "customs broker*",
    "broker",
    "brokers",
    "e-commerce",
    "E commerce",
    "=AEO",
    "aeo",
    "AEO*",
    "duty",
    "dut*",
    "import duty",
    "dédouanement",
    "=Duty",
    "duty* broker*",
];

/// The lists without what is said to be spare.
fn without(lists: &RuleLists, findings: &[Finding]) -> RuleLists {
    let keep = |topic: Option<&TopicId>, key: &str, terms: &[String]| {
        let is_spare = |term: &String, again: bool| {
            findings.iter().any(|finding| {
                let is_twice = finding.message.contains("twice");
                finding.topic.as_ref() == topic
                    && finding.list == Some(key)
                    && finding.term.as_ref() == Some(term)
                    && (again || !is_twice)
                    && matches!(finding.what, What::Redundant | What::Contradiction)
            })
        };
        let mut kept: Vec<String> = Vec::new();
        for term in terms {
            if !is_spare(term, kept.contains(term)) {
                kept.push(term.clone());
            }
        }
        kept
    };
    let topic = |topic: &TopicRules| TopicRules {
        strong: keep(Some(&topic.id), "strong", &topic.strong),
        weak: keep(Some(&topic.id), "weak", &topic.weak),
        not: keep(Some(&topic.id), "not", &topic.not),
        ..topic.clone()
    };
    RuleLists {
        context: keep(None, "context", &lists.context),
        veto: keep(None, "veto", &lists.veto),
        veto_title: keep(None, "veto in the title", &lists.veto_title),
        topics: lists.topics.iter().map(topic).collect(),
        ..lists.clone()
    }
}

fn terms() -> impl Strategy<Value = Vec<String>> {
    prop::collection::vec(prop::sample::select(&TERMS[..]).prop_map(str::to_owned), 0..5)
}

fn any_lists() -> impl Strategy<Value = RuleLists> {
    let topic = |id: &'static str| {
        (terms(), terms(), terms(), any::<bool>()).prop_map(move |(strong, weak, not, needs_context)| {
            TopicRules {
                id: TopicId::parse(id).expect("a slug"),
                strong,
                weak,
                not,
                expression: None,
                needs_context,
                languages: Vec::new(),
                sources: Vec::new(),
            }
        })
    };
    (
        terms(),
        prop::collection::vec(prop::sample::select(&TERMS[..]).prop_map(str::to_owned), 0..2),
        terms(),
        topic("a"),
        topic("b"),
    )
        .prop_map(|(context, veto, veto_title, a, b)| RuleLists {
            context,
            veto,
            veto_title,
            topics: vec![a, b],
            ..RuleLists::default()
        })
}

fn text() -> impl Strategy<Value = String> {
    let word = prop::sample::select(vec![
        "customs",
        "Customs",
        "broker",
        "brokers",
        "e-commerce",
        "AEO",
        "aeo",
        "AEOs",
        "duty",
        "Duty",
        "duties",
        "import",
        "dedouanement",
        "fish",
    ]);
    prop::collection::vec(word, 0..8).prop_map(|words| words.join(" "))
}

proptest! {
    #[test]
    fn what_is_called_spare_can_be_taken_out_and_no_verdict_changes(
        lists in any_lists(),
        texts in prop::collection::vec((text(), text()), 1..12),
    ) {
        let before = RuleSet::parse(lists.clone()).expect("right terms");
        let config = Config { rules: before.clone(), ..config("") };
        let after = RuleSet::parse(without(&lists, &Lint::new(&config).findings())).expect("right terms");
        for (title, summary) in &texts {
            let judge = |rules: &RuleSet| {
                let verdict = rules.judge(&Subject { title, summary, ..Subject::default() });
                let mut topics = verdict.topics;
                topics.sort();
                (verdict.outcome, topics)
            };
            prop_assert_eq!(judge(&before), judge(&after), "{} / {}", title, summary);
        }
    }
}
