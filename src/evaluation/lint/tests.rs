//! What is found in a few rules: each test is a piece of feeds.toml, and what is said of it.

mod spare;

use chrono::{DateTime, Utc};

use super::*;
use crate::model::decision::Act;
use crate::model::entry::{DateOrigin, EntryId};
use crate::model::source::SourceId;

/// What a feeds.toml needs, with one source that speaks English and one that is disabled.
const HEAD: &str = r#"
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
id = "one"
title = "One"
url = "https://one.example/feed"
language = "en"
[[source]]
id = "two"
title = "Two"
url = "https://two.example/feed"
language = "fr"
enabled = false
[[section]]
id = "news"
title = "News"
"#;

fn config(rules: &str) -> Config {
    Config::parse(&format!("{HEAD}{rules}")).expect(rules)
}

/// A configuration with one topic of these lines.
fn topic(lines: &str) -> Config {
    config(&format!("[[topic]]\nid = \"origin\"\ntitle = \"Origin\"\nsection = \"news\"\n{lines}\n"))
}

/// "mistake contradiction strong of origin `honey`", each.
fn told(findings: &[Finding]) -> Vec<String> {
    let place = |finding: &Finding| match (&finding.topic, finding.list) {
        (Some(topic), Some(list)) => format!("{list} of {topic}"),
        (Some(topic), None) => format!("topic {topic}"),
        (None, list) => list.unwrap_or_default().to_owned(),
    };
    let term = |finding: &Finding| finding.term.as_ref().map(|term| format!(" `{term}`")).unwrap_or_default();
    findings
        .iter()
        .map(|finding| {
            format!("{} {}{}: {}", finding.what.as_str(), place(finding), term(finding), finding.message)
        })
        .collect()
}

#[track_caller]
fn check(config: &Config, expected: &[&str]) {
    assert_eq!(told(&Lint::new(config).findings()), expected);
}

fn entry(number: i64, title: &str) -> Entry {
    let at = DateTime::<Utc>::UNIX_EPOCH;
    Entry {
        id: EntryId(number),
        source: SourceId::parse("one").expect("a slug"),
        title: title.to_owned(),
        link: None,
        summary: None,
        content: None,
        base: None,
        language: None,
        authors: Vec::new(),
        categories: Vec::new(),
        published: None,
        date_origin: DateOrigin::FirstSeen,
        first_seen: at,
        listed: at,
        changed: at,
    }
}

/// What the past shows: each title so often, with what staff decided about it.
fn check_past(config: &Config, past: &[(&str, usize, Option<Act>)], expected: &[&str]) {
    let mut lint = Lint::new(config);
    for (title, count, act) in past {
        let decided = Decided::of(act);
        (0..*count).for_each(|_| lint.add(&entry(1, title), &decided));
    }
    assert_eq!(told(&lint.findings()), expected);
}

#[test]
fn rules_without_a_fault_are_left_in_peace() {
    check(
        &topic(
            "strong = [\"rules of origin\", \"=REX\"]\nweak = [\"proof*\"]\nnot = [\"origin of species\"]",
        ),
        &[],
    );
}

#[test]
fn a_term_inside_another_one_of_its_list_is_spare() {
    check(
        &topic(r#"strong = ["customs broker", "customs broker*", "broker's bond", "customs broker exam"]"#),
        &[
            "redundant strong of origin `customs broker`: `customs broker*` of strong finds all that it finds",
            "redundant strong of origin `customs broker exam`: `customs broker` of strong finds all that it finds",
        ],
    );
}

#[test]
fn variants_that_folding_makes_one_are_spare() {
    check(
        &topic(
            r#"strong = ["e-commerce", "E commerce", "dédouanement", "dedouanement", "=AEO", "aeo", "aeo"]"#,
        ),
        &[
            "redundant strong of origin `aeo`: the list has it twice",
            "redundant strong of origin `E commerce`: `e-commerce` of strong finds all that it finds",
            "redundant strong of origin `dedouanement`: `dédouanement` of strong finds all that it finds",
            "redundant strong of origin `=AEO`: `aeo` of strong finds all that it finds",
        ],
    );
}

#[test]
fn a_term_with_an_ending_is_wider_than_the_word_and_not_narrower() {
    check(
        &topic(r#"strong = ["tariff*", "=TARIFF", "tarif"]"#),
        &["redundant strong of origin `=TARIFF`: `tariff*` of strong finds all that it finds"],
    );
    check(
        &topic(
            r#"strong = ["tariff", "duty"]
weak = ["tariffs", "duty*"]"#,
        ),
        &[],
    );
}

#[test]
fn a_weak_term_that_is_strong_is_spare_and_one_inside_another_weak_one_is_not() {
    check(
        &topic(
            "strong = [\"rules of origin\"]\nweak = [\"preferential rules of origin\", \"parcel*\", \"small parcel*\"]",
        ),
        &[
            "redundant weak of origin `preferential rules of origin`: `rules of origin` of strong finds all that it finds",
        ],
    );
}

#[test]
fn vetoes_make_terms_of_not_spare() {
    check(
        &config(
            "[veto]\nany = [\"vacancy\"]\ntitle = [\"vacancy notice\", \"careers\"]\n[[topic]]\nid = \"x\"\ntitle = \"X\"\n\
             section = \"news\"\nstrong = [\"customs\"]\nnot = [\"vacancy\", \"careers\"]\n",
        ),
        &[
            "redundant veto in the title `vacancy notice`: `vacancy` of the veto finds all that it finds",
            "redundant not of x `vacancy`: `vacancy` of the veto finds all that it finds",
        ],
    );
}

#[test]
fn what_is_always_kept_out_is_a_contradiction() {
    let config = config(
        "[veto]\nany = [\"stamp dut*\"]\ntitle = [\"rules\"]\n[[topic]]\nid = \"x\"\ntitle = \"X\"\nsection = \"news\"\n\
         strong = [\"stamp duty\", \"wild honey\", \"rules\"]\nnot = [\"honey\", \"wild honey comb\"]\n",
    );
    check(
        &config,
        &[
            "contradiction strong of x `stamp duty`: whatever has it is kept out by `stamp dut*` of the veto",
            "contradiction strong of x `wild honey`: whatever has it is kept out by `honey` of not",
            "redundant not of x `wild honey comb`: `honey` of not finds all that it finds",
        ],
    );
    assert_eq!(What::Contradiction.level(), Level::Mistake);
}

#[test]
fn a_topic_that_can_never_file_anything_is_a_mistake() {
    check(
        &topic("weak = [\"proof\", \"Proof*\"]"),
        &[
            "never files topic origin: it has one weak term only, and two are needed",
            "redundant weak of origin `proof`: `Proof*` of weak finds all that it finds",
        ],
    );
}

#[test]
fn a_topic_limited_to_what_no_source_has_is_named() {
    check(
        &topic("strong = [\"origin\"]\nsources = [\"two\"]"),
        &["unserved topic topic origin: none of its sources is enabled: two"],
    );
    check(
        &topic("strong = [\"origin\"]\nsources = [\"announcements\"]\nlanguages = [\"en\", \"fr\"]"),
        &["unserved topic topic origin: it takes entries in fr, and no enabled source speaks it"],
    );
}

#[test]
fn the_past_shows_what_is_dead_and_what_came_once() {
    let config = topic("strong = [\"rex\", \"gsp\", \"cumulation\"]");
    let past = [("Fish", 197, None), ("REX", 2, None), ("GSP", 1, None)];
    check_past(
        &config,
        &past,
        &["one entry only strong of origin `gsp`: in “GSP”", "dead strong of origin `cumulation`: "],
    );
    check_past(&config, &past[..2], &[]);
}

#[test]
fn the_past_shows_what_is_too_wide() {
    let config = topic("strong = [\"rex\"]\nweak = [\"gsp\", \"trade\"]");
    let past = [("REX and trade", 21, None), ("GSP", 50, None), ("Trade", 30, None), ("Fish", 99, None)];
    check_past(
        &config,
        &past,
        &[
            "too wide strong of origin `rex`: in 21 of 200 entries (10 %)",
            "too wide weak of origin `trade`: in 51 of 200 entries (25 %)",
        ],
    );
}

#[test]
fn decisions_of_staff_are_held_against_terms() {
    let config = topic("strong = [\"rex\", \"gsp\"]\nnot = [\"honey\"]");
    let past = [
        ("REX", 3, Some(Act::Reject)),
        ("REX", 2, Some(Act::Accept)),
        ("GSP", 4, Some(Act::Reject)),
        ("Honey", 5, Some(Act::Accept)),
    ];
    check_past(
        &config,
        &past,
        &[
            "staff decide otherwise strong of origin `rex`: of 5 entries with it that staff decided about, 3 were rejected",
            "staff decide otherwise not of origin `honey`: of 5 entries with it that staff decided about, 5 were accepted",
        ],
    );
}

#[test]
fn a_topic_that_nothing_reaches_is_named() {
    let config = topic("strong = [\"rex\"]\nnot = [\"fish\"]");
    check_past(
        &config,
        &[("Fish and REX", 200, None)],
        &[
            "unreached topic topic origin: nothing is filed under it",
            "too wide strong of origin `rex`: in 200 of 200 entries (100 %)",
        ],
    );
}
