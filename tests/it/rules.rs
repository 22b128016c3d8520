//! The shipped topics file the news as an editor would: labelled samples, the samples of each topic, and known traps.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use tidewaiter::config::Config;
use tidewaiter::evaluation::labelled;
use tidewaiter::evaluation::score::Score;
use tidewaiter::model::topic::TopicId;
use tidewaiter::model::verdict::{Outcome, Verdict};
use tidewaiter::rules::words::Words;
use tidewaiter::rules::{RuleLists, RuleSet, Subject, TopicRules};

const SHIPPED: &str = include_str!("../../feeds.toml");
const LABELLED: &str = include_str!("../data/rules/labelled.jsonl");
const TITLES: &str = include_str!("../data/rules/titles.jsonl");
/// What the program learns from.
const FILED: &str = include_str!("../../src/rules/likelihood/filed.jsonl");
/// No term was made with a view to these, and the likelihood was not trained on them; only the bounds of `[learned]` were chosen
/// by their figures. Keep it so: write others to tune by.
const UNSEEN: &str = include_str!("../data/rules/unseen.jsonl");

/// Sources of the samples whose every word is about goods crossing borders.
const CONTEXT: [&str; 4] = ["announcements", "wco", "eu-taxud", "cbp-trade"];

const IDS: [&str; 28] = [
    "aeo-mra",
    "alerts",
    "border-compliance",
    "brokers",
    "capacity-building",
    "cargo-security",
    "classification",
    "digital-customs",
    "digital-trade",
    "disruption",
    "ecommerce",
    "events",
    "green-customs",
    "illicit-trade",
    "inclusion",
    "institutional",
    "integrity",
    "ipr",
    "low-value",
    "origin",
    "people",
    "postal-express",
    "procedures",
    "revenue",
    "sanctions-controls",
    "tariff-measures",
    "trade-facilitation",
    "valuation",
];

fn shipped() -> RuleLists {
    let file: toml::Table = SHIPPED.parse().unwrap();
    RuleLists {
        context: words(file["context"].get("terms")),
        veto: words(file["veto"].get("any")),
        veto_title: words(file["veto"].get("title")),
        topics: topics(&file).iter().map(rules_of).collect(),
        ..RuleLists::default()
    }
}

fn topics(file: &toml::Table) -> Vec<toml::Value> {
    file["topic"].as_array().unwrap().clone()
}

fn rules_of(topic: &toml::Value) -> TopicRules {
    TopicRules {
        id: TopicId::parse(topic["id"].as_str().unwrap()).unwrap(),
        strong: words(topic.get("strong")),
        weak: words(topic.get("weak")),
        not: words(topic.get("not")),
        expression: topic.get("expression").map(|text| text.as_str().unwrap().to_owned()),
        needs_context: topic.get("needs_context").is_some_and(|needs| needs.as_bool().unwrap()),
        languages: words(topic.get("languages")),
        sources: words(topic.get("sources")),
    }
}

fn words(list: Option<&toml::Value>) -> Vec<String> {
    let words = list.and_then(toml::Value::as_array).into_iter().flatten();
    words.map(|word| word.as_str().unwrap().to_owned()).collect()
}

fn judge(rules: &RuleSet, source: &str, language: Option<&str>, title: &str, summary: &str) -> Verdict {
    let context = CONTEXT.contains(&source);
    rules.judge(&Subject { source, context, language, title, summary, ..Subject::default() })
}

/// "publish origin ipr" of an entry that a newspaper might bring.
#[track_caller]
fn check(title: &str, expected: &str) {
    let rules = RuleSet::parse(&shipped()).unwrap();
    let verdict = judge(&rules, "paper", None, title, "");
    let topics = verdict.topics.iter().map(TopicId::as_str);
    let found: Vec<_> = [verdict.outcome.as_str()].into_iter().chain(topics).collect();
    assert_eq!(found.join(" "), expected, "{title}: {:?} {:?}", verdict.matches, verdict.near_misses);
}

#[test]
fn the_shipped_topics_are_right_and_have_their_ids() {
    let lists = shipped();
    assert_eq!(RuleSet::parse(&lists).map(|_| ()), Ok(()));
    let ids: BTreeSet<_> = lists.topics.iter().map(|topic| topic.id.as_str()).collect();
    assert_eq!(ids, BTreeSet::from(IDS));
}

#[test]
fn each_topic_stands_in_a_section() {
    let file: toml::Table = SHIPPED.parse().unwrap();
    let sections: BTreeSet<_> =
        file["section"].as_array().unwrap().iter().map(|section| section["id"].as_str().unwrap()).collect();
    let used: BTreeSet<_> =
        topics(&file).iter().map(|topic| topic["section"].as_str().unwrap().to_owned()).collect();
    assert_eq!(sections.iter().map(|id| (*id).to_owned()).collect::<BTreeSet<_>>(), used);
}

#[test]
fn the_samples_of_each_topic_hold() {
    let file: toml::Table = SHIPPED.parse().unwrap();
    for topic in topics(&file) {
        let rules = RuleSet::parse(&RuleLists { topics: vec![rules_of(&topic)], ..shipped() }).unwrap();
        let samples = topic["expect"].as_array().unwrap();
        assert!(!samples.is_empty());
        for sample in samples {
            let text = |key: &str| sample.get(key).and_then(toml::Value::as_str);
            let (title, summary) = (text("title").unwrap(), text("summary").unwrap_or_default());
            let verdict = judge(&rules, text("source").unwrap_or_default(), text("language"), title, summary);
            assert_eq!(verdict.outcome.as_str(), text("verdict").unwrap(), "{}: {title}", topic["id"]);
        }
    }
}

/// A sample, and what the shipped topics say of it.
struct Judged {
    /// What went wrong, for the message.
    line: String,
    labels: BTreeSet<String>,
    /// Empty unless published.
    topics: BTreeSet<String>,
    main_is_right: bool,
    outcome: Outcome,
}

fn judged(rules: &RuleSet, line: &str) -> Judged {
    let sample: serde_json::Value = serde_json::from_str(line).unwrap();
    let text = |key: &str| sample[key].as_str().unwrap();
    let verdict = judge(rules, text("source"), Some(text("lang")), text("title"), text("summary"));
    let labels = sample["labels"].as_array().unwrap().iter().map(|label| label.as_str().unwrap().to_owned());
    let labels: Vec<_> = labels.filter(|label| label != "irrelevant").collect();
    let published = verdict.topics.iter().filter(|_| verdict.outcome == Outcome::Publish);
    let topics: Vec<_> = published.map(|topic| topic.as_str().to_owned()).collect();
    Judged {
        line: format!(
            "{} {} {:?}, labelled {labels:?}\n",
            text("id"),
            verdict.outcome.as_str(),
            verdict.topics
        ),
        main_is_right: labels.first() == topics.first(),
        labels: labels.into_iter().collect(),
        topics: topics.into_iter().collect(),
        outcome: verdict.outcome,
    }
}

/// What the shipped topics reach at least on a file of samples.
struct Floor {
    /// Of what they publish, so much is ours.
    precision: f64,
    /// Of what is ours, so much they publish.
    recall: f64,
    /// Of what is ours, so much they publish or show in the review list.
    seen: f64,
    /// Of what is not ours, at most so much stands in the review list.
    idle: f64,
    /// F1 of the topics.
    topics: f64,
}

#[track_caller]
#[expect(clippy::cast_precision_loss, reason = "fewer samples than 2⁵²")]
fn check_samples(file: &str, floor: &Floor) {
    let rules = RuleSet::parse(&shipped()).unwrap();
    let all: Vec<_> = file.lines().map(|line| judged(&rules, line)).collect();
    let count = |what: &dyn Fn(&Judged) -> usize| all.iter().map(what).sum::<usize>() as f64;
    let of = |what: &dyn Fn(&Judged) -> bool| count(&|judged| usize::from(what(judged)));

    let relevant = of(&|judged| !judged.labels.is_empty());
    let published = of(&|judged| judged.outcome == Outcome::Publish);
    let right = of(&|judged| judged.outcome == Outcome::Publish && !judged.labels.is_empty());
    let seen = of(&|judged| judged.outcome != Outcome::Drop && !judged.labels.is_empty());
    let idle = of(&|judged| judged.outcome == Outcome::Review && judged.labels.is_empty());
    let filed = count(&|judged| judged.topics.len());
    let labels = count(&|judged| judged.labels.len());
    let common = count(&|judged| judged.topics.intersection(&judged.labels).count());

    let mut wrong = String::new();
    for judged in all.iter().filter(|judged| judged.labels != judged.topics || !judged.main_is_right) {
        write!(wrong, "{}", judged.line).unwrap();
    }
    let at_least = |what: &str, found: f64, least: f64| {
        assert!(found >= least, "{what} {found:.3}, at least {least}\n{wrong}");
    };
    at_least("precision", right / published, floor.precision);
    at_least("recall", right / relevant, floor.recall);
    at_least("recall with the review list", seen / relevant, floor.seen);
    at_least("left alone", 1.0 - idle / (all.len() as f64 - relevant), 1.0 - floor.idle);
    at_least("topics", 2.0 * common / (filed + labels), floor.topics);
}

/// The filed entries whose ids begin so.
fn filed(ids: &str) -> String {
    let begins = format!("{{\"id\": \"{ids}");
    FILED.lines().filter(|line| line.starts_with(&begins)).map(|line| format!("{line}\n")).collect()
}

/// The whole way, with what filed entries teach, on entries that nothing was tuned to.
#[test]
fn unseen_entries_are_filed_or_shown_to_an_editor() {
    let config = Config::parse(SHIPPED).unwrap();
    let topics: Vec<_> = config.topics.iter().map(|topic| topic.id.clone()).collect();
    let mut score = Score::default();
    for labelled in labelled::read(UNSEEN, &config.sources, &topics).unwrap() {
        let source = labelled.source.and_then(|at| config.sources.get(at));
        score.add(&labelled.labels, &Words::of(&labelled.entry).judge(&config.rules, source));
    }
    let (published, seen) = (score.published, score.seen);
    assert!(published.precision().unwrap() >= 0.87, "{published:?}");
    assert!(published.f1().unwrap() >= 0.82, "{published:?}");
    assert!(seen.recall().unwrap() >= 0.94, "{seen:?}");
    assert!(score.idle_share().unwrap() <= 0.4, "{:?}", score.idle_share());
    assert!(score.filed().f1().unwrap() >= 0.6, "{:?}", score.filed());
}

#[test]
fn labelled_samples_are_filed_as_an_editor_would() {
    check_samples(LABELLED, &Floor { precision: 0.98, recall: 0.95, seen: 0.98, idle: 0.2, topics: 0.9 });
}

/// Half of these were written to be hard: puns, jargon, and what looks like ours and is not.
#[test]
fn hard_samples_are_mostly_filed() {
    check_samples(
        &filed("a-"),
        &Floor { precision: 0.97, recall: 0.86, seen: 0.93, idle: 0.16, topics: 0.75 },
    );
}

/// In the manner of institutions and administrations.
#[test]
fn samples_in_the_manner_of_institutions_are_filed() {
    check_samples(
        &filed("c-"),
        &Floor { precision: 0.97, recall: 0.9, seen: 0.95, idle: 0.21, topics: 0.78 },
    );
}

/// Titles alone, as in a newspaper, with their main topic only.
#[test]
fn bare_titles_are_filed() {
    check_samples(TITLES, &Floor { precision: 0.97, recall: 0.92, seen: 0.96, idle: 0.26, topics: 0.82 });
}

#[test]
fn customs_are_not_habits() {
    check("Customs and traditions of the islands", "drop");
    check("A custom-built kitchen", "drop");
    check("Customary law and duty of care", "drop");
}

#[test]
fn aeo_is_ours_only_in_our_company() {
    check("WCO publishes AEO figures", "publish aeo-mra");
    check("AEO: the new SEO for e-commerce", "drop");
    check("AEO shares fall as tariffs bite", "review aeo-mra tariff-measures");
    check("Authorized Economic Operators gain green lanes", "publish aeo-mra");
}

#[test]
fn e_commerce_is_found_however_it_is_written() {
    for title in [
        "Cross-border e-commerce rules",
        "CROSS-BORDER E-COMMERCE RULES",
        "Cross\u{2010}border e\u{2011}commerce rules",
        "Cross border eCommerce rules",
        "Cross\u{a0}border e\u{ad}-commerce rules",
    ] {
        check(title, "publish ecommerce");
    }
}

#[test]
fn accents_may_be_there_or_not() {
    check("Règles d’origine : nouveau guide", "publish origin");
    check("REGLES D'ORIGINE : NOUVEAU GUIDE", "publish origin");
    check("Re\u{300}gles d\u{2bc}origine : nouveau guide", "publish origin");
    check("Clasificacion arancelaria de drones", "publish classification");
}

#[test]
fn letters_of_other_scripts_are_found() {
    check("关于跨境电商监管的公告", "publish ecommerce");
    check("ＣＢＡＭ registry opens", "publish border-compliance");
    check("بشهادة المَنشأ", "publish origin");
    check("Таможенному представителю: памятка", "publish brokers");
}

#[test]
fn other_brokers_are_not_ours() {
    check("Insurance broker buys rival", "drop");
    check("Message broker 4.0 released", "drop");
    check("Courtier en assurances condamné", "drop");
    check("Customs broker wins award", "publish brokers");
}

#[test]
fn a_phishing_warning_of_a_tax_office_is_not_our_alert() {
    check("Phishing: beware of false refunds", "drop");
    let rules = RuleSet::parse(&shipped()).unwrap();
    let theirs = judge(&rules, "wco", Some("en"), "Phishing: beware of mails in our name", "");
    assert_eq!(theirs.outcome, Outcome::Publish);
    assert_eq!(theirs.topics.iter().map(TopicId::as_str).collect::<Vec<_>>(), ["alerts"]);
}
