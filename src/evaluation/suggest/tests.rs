//! What is proposed of a few filed entries: each test is a list of lines, as an editor filed them.

use super::*;

/// A configuration with a topic that knows one word, a veto, and a source of a name.
fn config() -> Config {
    Config::parse(
        r#"
[site]
title = "T"
subtitle = "S"
organisation = "O"
organisation_name = "O"
url = "https://o.example/b/"
home = "https://o.example/"
contact = "a@o.example"
language = "en"
time_zone = "UTC"
tag = "o.example,2018"
[[source]]
id = "wto"
title = "World Trade"
url = "https://one.example/feed"
[veto]
any = ["vacancy"]
[[section]]
id = "news"
title = "News"
[[topic]]
id = "origin"
title = "Origin"
section = "news"
strong = ["rules of origin"]
weak = ["proof"]
[[topic]]
id = "ipr"
title = "Rights"
section = "news"
strong = ["fake"]
"#,
    )
    .expect("right")
}

/// Filed by hand: "label: title", each so often.
fn suggestions(filed: &[(&str, usize)], wanted: Wanted<'_>) -> Vec<String> {
    let config = config();
    let mut suggest = Suggest::new(&config);
    for (line, count) in filed {
        let (label, title) = line.split_once(": ").expect(line);
        let line = serde_json::json!({"source": "paper", "lang": "en", "title": title, "labels": [label]});
        let filed: Filed = serde_json::from_value(line).expect("a line");
        (0..*count).for_each(|_| suggest.add_filed(&filed));
    }
    let found = suggest.suggestions(wanted);
    found
        .iter()
        .map(|found| {
            let Suggestion { topic, list, phrase, inside, outside, missed, .. } = found;
            let topic = topic.as_ref().map_or("-", TopicId::as_str);
            format!("{topic} {} {phrase} {inside} {outside} {missed}", list.as_str())
        })
        .collect()
}

const ALL: Wanted<'static> = Wanted { topic: None, language: None, limit: 10 };

/// Enough of everything else.
const OTHERS: [(&str, usize); 3] = [
    ("irrelevant: vacancy economist Geneva", 20),
    ("ipr: fake handbags", 20),
    ("origin: rules of origin", 5),
];

#[track_caller]
fn check(filed: &[(&str, usize)], expected: &[&str]) {
    assert_eq!(suggestions(&[filed, &OTHERS].concat(), ALL), expected);
}

#[test]
fn a_phrase_of_entries_that_the_rules_miss_is_proposed_once() {
    check(&[("origin: cumulation zone", 6)], &["origin strong zone 6 0 6"]);
}

#[test]
fn what_the_rules_find_already_is_not_proposed() {
    check(&[("origin: new rules of origin text", 9)], &[]);
    check(&[("origin: rules of origin cumulation", 9)], &[]);
}

#[test]
fn what_stands_in_others_too_is_a_weak_term_or_none() {
    check(&[("origin: cumulation", 7), ("ipr: fake cumulation", 3)], &["origin weak cumulation 7 3 7"]);
    check(&[("origin: cumulation", 5), ("ipr: fake cumulation", 5)], &[]);
}

#[test]
fn a_weak_term_that_proves_strong_is_proposed_as_strong() {
    check(&[("origin: proof", 9)], &["origin strong proof 9 0 9"]);
}

#[test]
fn names_of_sources_are_not_proposed() {
    check(&[("origin: WTO", 9), ("origin: world trade", 9), ("origin: paper", 9)], &[]);
}

#[test]
fn what_is_always_rejected_and_let_in_becomes_a_veto() {
    check(&[("irrelevant: fake tan", 15)], &["- veto tan 15 0 15"]);
    check(&[("irrelevant: fake tan", 5)], &[]);
}

#[test]
fn two_entries_prove_nothing() {
    check(&[("origin: cumulation", 2)], &[]);
}

#[test]
fn topic_language_and_limit_narrow_it() {
    let filed = [&[("origin: cumulation", 9), ("ipr: replica", 9)], &OTHERS[..]].concat();
    let topic = TopicId::parse("ipr").expect("a slug");
    let of_topic = suggestions(&filed, Wanted { topic: Some(&topic), ..ALL });
    assert_eq!(of_topic, ["ipr strong replica 9 0 9"]);
    assert_eq!(suggestions(&filed, Wanted { language: Some("fr"), ..ALL }), Vec::<String>::new());
    assert_eq!(suggestions(&filed, ALL).len(), 2);
    assert_eq!(suggestions(&filed, Wanted { limit: 1, ..ALL }).len(), 1);
}

#[test]
fn a_draft_has_the_phrase_and_nothing_else_is_other() {
    let config = config();
    let suggestion = Suggestion {
        topic: TopicId::parse("origin"),
        list: TermList::Strong,
        phrase: "cumulation".to_owned(),
        language: "en".to_owned(),
        odds: 3.0,
        at_least: 2.0,
        inside: 3,
        outside: 0,
        missed: 3,
    };
    let draft = suggestion.draft(&config).expect("a term");
    let edits = crate::rules::difference::difference(config.rules.lists(), draft.rules.lists());
    assert_eq!(edits.iter().map(ToString::to_string).collect::<Vec<_>>(), ["+ strong of origin: cumulation"]);
}
