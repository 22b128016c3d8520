//! The shipped topics file the news as an editor would: labelled samples, the samples of each topic, and known traps.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use tidewaiter::config::Config;
use tidewaiter::evaluation::labelled::{self, Labelled};
use tidewaiter::evaluation::score::Score;
use tidewaiter::model::language::Language;
use tidewaiter::model::topic::TopicId;
use tidewaiter::model::verdict::{Outcome, Verdict};
use tidewaiter::rules::Subject;
use tidewaiter::rules::words::Words;

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

fn shipped() -> &'static Config {
    static CONFIG: LazyLock<Config> = LazyLock::new(|| Config::parse(SHIPPED).unwrap());
    &CONFIG
}

fn topics() -> Vec<toml::Value> {
    let file: toml::Table = SHIPPED.parse().unwrap();
    file["topic"].as_array().unwrap().clone()
}

/// What an entry gives the words to look at; what filed entries teach is not asked.
fn subject<'a>(source: &'a str, language: Option<&'a str>, title: &'a str, summary: &'a str) -> Subject<'a> {
    let context = CONTEXT.contains(&source);
    Subject { source, context, language, title, summary, ..Subject::default() }
}

/// "publish origin ipr" of an entry that a newspaper might bring.
#[track_caller]
fn check(title: &str, expected: &str) {
    let verdict = shipped().rules.judge(&subject("paper", None, title, ""));
    let topics = verdict.topics.iter().map(TopicId::as_str);
    let found: Vec<_> = [verdict.outcome.as_str()].into_iter().chain(topics).collect();
    assert_eq!(found.join(" "), expected, "{title}: {:?} {:?}", verdict.matches, verdict.near_misses);
}

#[test]
fn the_shipped_topics_are_right_and_have_their_ids() {
    let ids: BTreeSet<_> = shipped().topics.iter().map(|topic| topic.id.as_str()).collect();
    assert_eq!(ids, BTreeSet::from(IDS));
}

#[test]
fn each_topic_stands_in_a_section() {
    let file: toml::Table = SHIPPED.parse().unwrap();
    let sections: BTreeSet<_> =
        file["section"].as_array().unwrap().iter().map(|section| section["id"].as_str().unwrap()).collect();
    let used: BTreeSet<_> =
        topics().iter().map(|topic| topic["section"].as_str().unwrap().to_owned()).collect();
    assert_eq!(sections.iter().map(|id| (*id).to_owned()).collect::<BTreeSet<_>>(), used);
}

#[test]
fn the_samples_of_each_topic_hold() {
    for topic in topics() {
        let id = TopicId::parse(topic["id"].as_str().unwrap()).unwrap();
        let samples = topic["expect"].as_array().unwrap();
        assert!(!samples.is_empty());
        for sample in samples {
            let text = |key: &str| sample.get(key).and_then(toml::Value::as_str);
            let (title, summary) = (text("title").unwrap(), text("summary").unwrap_or_default());
            let sample = subject(text("source").unwrap_or_default(), text("language"), title, summary);
            let verdict = shipped().rules.judge_alone(&id, &sample);
            assert_eq!(verdict.outcome.as_str(), text("verdict").unwrap(), "{id}: {title}");
        }
    }
}

fn labelled(file: &str) -> Vec<Labelled> {
    let topics: Vec<_> = shipped().topics.iter().map(|topic| topic.id.clone()).collect();
    labelled::read(file, &shipped().sources, &topics).unwrap()
}

/// What the words alone say of it.
fn judged(labelled: &Labelled) -> Verdict {
    let entry = &labelled.entry;
    let summary = entry.summary.as_ref().map_or("", |summary| summary.text.as_str());
    let language = entry.language.as_ref().map(Language::primary);
    shipped().rules.judge(&subject(entry.source.as_str(), language, &entry.title, summary))
}

/// "a-1 drop [], labelled [origin]" where that is not what the rules say; the order counts for the main topic only.
fn wrong(labelled: &Labelled, verdict: &Verdict) -> Option<String> {
    let is_published = verdict.outcome == Outcome::Publish;
    let found = if is_published { verdict.topics.as_slice() } else { &[] };
    let [found_set, labels]: [BTreeSet<&TopicId>; 2] = [found, &labelled.labels].map(BTreeSet::from_iter);
    (found_set != labels || found.first() != labelled.labels.first())
        .then(|| format!("{} {} {found:?}, labelled {labels:?}", labelled.id, verdict.outcome.as_str()))
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
fn check_samples(file: &str, floor: &Floor) {
    let (mut score, mut misses) = (Score::default(), Vec::new());
    for labelled in labelled(file) {
        let verdict = judged(&labelled);
        score.add(&labelled.labels, &verdict);
        misses.extend(wrong(&labelled, &verdict));
    }
    let at_least = |what: &str, found: Option<f64>, least: f64| {
        let found = found.unwrap();
        assert!(found >= least, "{what} {found:.3}, at least {least}\n{}", misses.join("\n"));
    };
    at_least("precision", score.published.precision(), floor.precision);
    at_least("recall", score.published.recall(), floor.recall);
    at_least("recall with the review list", score.seen.recall(), floor.seen);
    at_least("left alone", score.idle_share().map(|idle| 1.0 - idle), 1.0 - floor.idle);
    at_least("topics", score.filed().f1(), floor.topics);
}

/// The filed entries whose ids begin so.
fn filed(ids: &str) -> String {
    let begins = format!("{{\"id\": \"{ids}");
    FILED.lines().filter(|line| line.starts_with(&begins)).map(|line| format!("{line}\n")).collect()
}

/// The whole way, with what filed entries teach, on entries that nothing was tuned to.
#[test]
fn unseen_entries_are_filed_or_shown_to_an_editor() {
    let mut score = Score::default();
    for labelled in labelled(UNSEEN) {
        let source = labelled.source.and_then(|at| shipped().sources.get(at));
        score.add(&labelled.labels, &Words::of(&labelled.entry).judge(&shipped().rules, source));
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
    let theirs =
        shipped().rules.judge(&subject("wco", Some("en"), "Phishing: beware of mails in our name", ""));
    assert_eq!(theirs.outcome, Outcome::Publish);
    assert_eq!(theirs.topics.iter().map(TopicId::as_str).collect::<Vec<_>>(), ["alerts"]);
}
