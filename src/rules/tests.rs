//! What the rules say of entries, and of rules that are wrong.

use proptest::prelude::*;

use super::*;
use crate::model::verdict::{Field, Outcome};

fn topic(id: &str) -> TopicRules {
    TopicRules {
        id: TopicId::parse(id).expect(id),
        strong: Vec::new(),
        weak: Vec::new(),
        not: Vec::new(),
        expression: None,
        needs_context: false,
        languages: Vec::new(),
        sources: Vec::new(),
    }
}

fn words(text: &[&str]) -> Vec<String> {
    text.iter().map(|word| (*word).to_owned()).collect()
}

/// Two topics, one of which asks for context, and one list of each kind.
fn lists() -> RuleLists {
    RuleLists {
        learned: Learned::default(),
        context: words(&["customs", "import*", "=WCO", "parcel*"]),
        veto: words(&["customs and traditions"]),
        veto_title: words(&["vacancy"]),
        topics: vec![
            TopicRules {
                strong: words(&["rules of origin"]),
                weak: words(&["preference*", "=LDC", "ldc", "marking"]),
                not: words(&["honey"]),
                ..topic("origin")
            },
            TopicRules {
                strong: words(&["counterfeit*"]),
                weak: words(&["trademark*", "parcel*", "small parcel*"]),
                expression: Some("title:seized NEAR/2 handbags".to_owned()),
                needs_context: true,
                ..topic("ipr")
            },
        ],
    }
}

fn subject<'a>(title: &'a str, summary: &'a str) -> Subject<'a> {
    Subject { source: "wto", language: Some("en"), title, summary, ..Subject::default() }
}

/// "publish origin ipr", and the near misses.
fn judged(lists: &RuleLists, subject: &Subject<'_>) -> (String, Vec<String>) {
    let verdict = RuleSet::parse(lists.clone()).expect("right rules").judge(subject);
    let topics: Vec<_> = verdict.topics.iter().map(TopicId::as_str).collect();
    let missing = verdict.near_misses.iter().map(|miss| format!("{}: {}", miss.topic, miss.missing));
    ([&[verdict.outcome.as_str()], &topics[..]].concat().join(" "), missing.collect())
}

#[track_caller]
fn check(title: &str, summary: &str, outcome: &str) {
    assert_eq!(judged(&lists(), &subject(title, summary)).0, outcome, "{title} / {summary}");
}

#[track_caller]
fn check_missing(title: &str, summary: &str, outcome: &str, missing: &str) {
    let (found, near_misses) = judged(&lists(), &subject(title, summary));
    assert_eq!(found, outcome, "{title} / {summary}");
    assert_eq!(near_misses, [missing]);
}

/// With one expression as the only rule.
#[track_caller]
fn check_expression(expression: &str, subject: &Subject<'_>, takes: bool) {
    let topic = TopicRules { expression: Some(expression.to_owned()), ..topic("x") };
    let lists = RuleLists { topics: vec![topic], ..RuleLists::default() };
    assert_eq!(judged(&lists, subject).0 == "publish x", takes, "{expression}");
}

#[test]
fn one_strong_term_is_enough() {
    check("New rules of origin agreed", "", "publish origin");
    check("News", "On rules of origin.", "publish origin");
}

#[test]
fn nothing_found_is_dropped() {
    check("Fisheries talks resume", "Delegates met.", "drop");
    check("", "", "drop");
}

#[test]
fn two_weak_terms_need_context() {
    check("Preference marking for imports", "", "publish origin");
    check_missing(
        "Preference marking",
        "",
        "review origin",
        "origin: a context term would have sufficed beside `preference*` and `marking`",
    );
}

#[test]
fn one_weak_term_with_context_is_for_review() {
    check_missing(
        "Preferences for imports",
        "",
        "review origin",
        "origin: one more weak term would have sufficed beside `preference*`",
    );
    check("Preferences of voters", "", "drop");
}

#[test]
fn the_same_words_are_not_two_weak_terms() {
    check("LDC imports", "", "review origin");
    check("LDC and ldc imports", "ldc", "review origin");
    check("small parcels", "", "review ipr");
    check("LDC preference for imports", "", "publish origin");
}

#[test]
fn a_weak_term_may_count_as_two() {
    let mut lists = lists();
    lists.topics[0].weak.push("cumulation^2".to_owned());
    let judged = |title| judged(&lists, &subject(title, ""));
    assert_eq!(judged("Cumulation for imports").0, "publish origin");
    let missing = "origin: a context term would have sufficed beside `cumulation^2`";
    assert_eq!(judged("Cumulation"), ("review origin".to_owned(), vec![missing.to_owned()]));
    let verdict = RuleSet::parse(lists)
        .expect("right rules")
        .judge(&subject("Cumulation preference, customs: no honey from rules of origin", ""));
    let weights: Vec<_> = verdict.matches.iter().map(|found| (found.term.as_str(), found.weight)).collect();
    assert_eq!(
        weights,
        [("cumulation^2", 2), ("preference*", 1), ("customs", 0), ("honey", 0), ("rules of origin", 2)]
    );
}

#[test]
fn a_term_that_is_weak_and_context_counts_for_both() {
    check("Trademark owner opens parcel", "", "publish ipr");
}

#[test]
fn a_topic_may_need_context_even_for_a_strong_term() {
    check("Counterfeit imports seized", "", "publish ipr");
    check_missing(
        "Counterfeits at the flea market",
        "",
        "review ipr",
        "ipr: a context term would have sufficed beside `counterfeit*`",
    );
}

#[test]
fn a_source_can_be_context() {
    let subject = Subject { context: true, ..subject("Counterfeits at the flea market", "") };
    assert_eq!(judged(&lists(), &subject).0, "publish ipr");
}

#[test]
fn not_wins_over_strong() {
    check_missing(
        "Rules of origin for honey",
        "",
        "drop",
        "origin: a term of its `not` list keeps it out: `honey`",
    );
}

#[test]
fn a_veto_keeps_the_entry_out_of_every_topic() {
    check_missing(
        "Rules of origin",
        "Customs and traditions of bakers.",
        "drop",
        "origin: a veto keeps it out of every topic: `customs and traditions`",
    );
    check("Vacancy: rules of origin", "", "drop");
    check("Rules of origin", "A vacancy.", "publish origin");
}

#[test]
fn the_best_reason_comes_first() {
    check("Counterfeit imports", "Rules of origin.", "publish ipr origin");
    check("Rules of origin", "Counterfeit imports.", "publish origin ipr");
    check("Customs on rules of origin and counterfeits, a trademark", "", "publish ipr origin");
    check("Customs on rules of origin and counterfeits", "", "publish origin ipr");
}

#[test]
fn a_published_entry_lists_only_topics_that_file_it() {
    check("Rules of origin for a trademark on imports", "", "publish origin");
}

#[test]
fn languages_and_sources_shut_out_others() {
    let mut lists = lists();
    lists.topics[0].languages = words(&["fr"]);
    lists.topics[1].sources = words(&["announcements"]);
    let (found, missing) = judged(&lists, &subject("Rules of origin, counterfeit imports", ""));
    assert_eq!(found, "drop");
    assert_eq!(missing.len(), 2);
    for reason in ["origin: it takes entries only in fr", "ipr: it takes entries only of announcements"] {
        assert!(missing.iter().any(|miss| miss == reason), "{missing:?}");
    }
    let own = Subject {
        source: "announcements",
        language: None,
        ..subject("Rules of origin, counterfeit imports", "")
    };
    assert_eq!(judged(&lists, &own).0, "publish origin ipr");
}

#[test]
fn an_expression_files_an_entry() {
    check("Seized: fake handbags at customs", "", "publish ipr");
    check("Seized: one two three handbags at customs", "", "drop");
    check("Customs", "Seized: handbags.", "drop");
}

#[test]
fn near_counts_the_words_between_in_either_order() {
    let text = subject("duties on all electronic transmissions", "Transmissions.");
    check_expression("duties NEAR/2 \"electronic transmissions\"", &text, true);
    check_expression("duties NEAR/1 \"electronic transmissions\"", &text, false);
    check_expression("transmissions NEAR/3 duties", &text, true);
    check_expression("(tariff OR duties) NEAR/1 (electronic OR all)", &text, true);
    check_expression("title:duties NEAR/3 summary:transmissions", &text, false);
    check_expression("duties NEAR/1 all NEAR/1 electronic", &text, true);
}

#[test]
fn near_looks_at_every_place() {
    let text = subject("duties, duties and more duties; moratorium on electronic duties", "");
    check_expression("moratorium NEAR/2 duties", &text, true);
    check_expression("more NEAR/1 electronic", &text, false);
}

#[test]
fn expressions_look_into_every_field() {
    let entry = Subject {
        link: "https://www.wto.org/english/news_e/news26_e/roi_15sep26_e.htm",
        author: "Ana Díaz",
        category: "Trade\nRules of Origin",
        content: "Long text",
        ..subject("Title words", "Summary words")
    };
    for takes in [
        "link:roi",
        "author:diaz",
        "category:\"rules of origin\"",
        "content:text",
        "title:title",
        "lang:en",
        "lang:EN AND source:wto",
        "source:wt*",
        "title AND summary AND NOT category:fish",
        r"link:/ROI_\d+sep/",
        "/TITLE w/",
        "category:/^rules/",
        "source:/^w.o$/",
        "title AND NOT /fish/",
        "NOT fish AND long",
    ] {
        check_expression(takes, &entry, true);
    }
    for leaves in [
        "roi",
        "title:summary",
        "source:wt",
        "lang:fr",
        "title AND NOT link:roi",
        "content:title",
        "/roi_/",
        "author:/diaz/",
        "title AND NOT link:/roi/",
    ] {
        check_expression(leaves, &entry, false);
    }
}

#[test]
fn every_match_has_its_place() {
    let verdict = RuleSet::parse(lists())
        .expect("right rules")
        .judge(&subject("Customs: RULES\u{a0}OF ORIGIN, rules of origin", "Honey for the WCO"));
    let found: Vec<_> =
        verdict.matches.iter().map(|m| (m.list, m.term.as_str(), m.field, m.at.clone())).collect();
    assert_eq!(
        found,
        [
            (TermList::Context, "customs", Field::Title, 0..7),
            (TermList::Strong, "rules of origin", Field::Title, 9..25),
            (TermList::Not, "honey", Field::Summary, 0..5),
            (TermList::Context, "=WCO", Field::Summary, 14..17),
        ]
    );
}

#[test]
fn a_pattern_is_a_match_with_its_place() {
    let lists = RuleLists {
        topics: vec![TopicRules {
            expression: Some(r"/US\$ ?\d+/ AND lang:en".to_owned()),
            ..topic("value")
        }],
        ..RuleLists::default()
    };
    let verdict = RuleSet::parse(lists)
        .expect("right rules")
        .judge(&subject("Gifts of us$\u{a0}5 or US$800", "Now US$ 900"));
    let found: Vec<_> = verdict.matches.iter().map(|m| (m.term.as_str(), m.field, m.at.clone())).collect();
    let pattern = r"/US\$ ?\d+/";
    assert_eq!(
        found,
        [(pattern, Field::Title, 19..25), (pattern, Field::Summary, 4..11), ("en", Field::Language, 0..2)]
    );
}

const SOUP: &str = "(rules of origin|customs|counterfeits?|LDC|ldc|preference|honey|vacancy|seized|handbags|parcel|é|ß|ﬁ|关|[ .,-]|\\PC){0,12}";

proptest! {
    #[test]
    fn any_text_gets_a_verdict_with_whole_characters(title in SOUP, summary in SOUP, any in "\\PC{0,40}") {
        let subject = Subject { content: &any, link: &any, author: &any, ..subject(&title, &summary) };
        let verdict = RuleSet::parse(lists()).expect("right rules").judge(&subject);
        for found in &verdict.matches {
            let text = match found.field {
                Field::Title => subject.title,
                Field::Summary => subject.summary,
                _ => subject.content,
            };
            prop_assert!(!text[found.at.clone()].is_empty());
        }
        prop_assert_eq!(verdict.topics.is_empty(), verdict.outcome == Outcome::Drop);
    }

    #[test]
    fn the_order_of_topics_and_terms_does_not_change_what_is_found(title in SOUP, summary in SOUP) {
        let (mut there, back) = (lists(), lists());
        there.topics.reverse();
        there.context.reverse();
        for topic in &mut there.topics {
            topic.strong.reverse();
            topic.weak.reverse();
        }
        let sorted = |lists: &RuleLists| {
            let verdict = RuleSet::parse(lists.clone()).expect("right rules").judge(&subject(&title, &summary));
            let mut topics = verdict.topics;
            topics.sort();
            (verdict.outcome, topics)
        };
        prop_assert_eq!(sorted(&there), sorted(&back));
    }

    #[test]
    fn a_topic_that_is_asked_alone_says_what_it_would_without_the_others(title in SOUP, summary in SOUP) {
        let subject = subject(&title, &summary);
        let all = RuleSet::parse(lists()).expect("right rules");
        for topic in lists().topics {
            let id = topic.id.clone();
            let lists = RuleLists { topics: vec![topic], ..lists() };
            let alone = RuleSet::parse(lists).expect("right rules");
            prop_assert_eq!(all.judge_alone(&id, &subject), alone.judge(&subject));
        }
    }

    #[test]
    fn one_more_not_term_never_adds_a_topic(title in SOUP, summary in SOUP) {
        let mut more = lists();
        more.topics[1].not = words(&["rules", "handbags"]);
        let before = RuleSet::parse(lists()).expect("right rules").judge(&subject(&title, &summary));
        let after = RuleSet::parse(more).expect("right rules").judge(&subject(&title, &summary));
        prop_assert!(after.outcome >= before.outcome);
    }
}
