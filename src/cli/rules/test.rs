//! `tidewaiter rules test`: how well the rules file entries that an editor has filed by hand.

use anyhow::Context as _;
use clap::Args;
use serde::Serialize;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use super::super::{Configuration, Ending, Told, load, say};
use crate::compose::explain::evidence::{self, Matched, Missed};
use crate::config::Config;
use crate::evaluation::labelled::{self, Labelled};
use crate::evaluation::score::{Counts, Score};
use crate::model::topic::TopicId;
use crate::model::verdict::{Outcome, Verdict};
use crate::rules::words::Words;

/// Judge entries that an editor has filed by hand, and say what the rules get wrong
#[derive(Debug, Args)]
#[command(after_help = "\
The samples (`expect`) of the topics are tried too, with and without a file.

A line of the file:
  {\"id\": \"1\", \"source\": \"wco\", \"lang\": \"en\", \"title\": \"AEO guide\",
   \"summary\": \"\", \"labels\": [\"aeo-mra\"]}
labels are topics, the main one first, or [\"irrelevant\"]; source is an id or a
title of feeds.toml, or any other name.

Examples:
  tidewaiter rules test                   only the samples in feeds.toml
  tidewaiter rules test filed.jsonl       precision, recall, and every miss
  tidewaiter rules test --json filed.jsonl")]
pub(super) struct Test {
    /// Entries that an editor has filed, one JSON object a line
    #[arg(value_name = "FILE.jsonl")]
    file: Option<PathBuf>,
    #[command(flatten)]
    configuration: Configuration,
    /// Print one JSON document: items, and a summary
    #[arg(long)]
    json: bool,
}

impl Test {
    pub(super) fn run(self) -> anyhow::Result<Ending> {
        let config = load::config(&self.configuration.config)?;
        let labelled = self.file.as_deref().map(|file| read(file, &config)).transpose()?.unwrap_or_default();
        let judged: Vec<Judged<'_>> =
            labelled.iter().map(|labelled| Judged::new(labelled, &config)).collect();
        let mut score = Score::default();
        for judged in &judged {
            score.add(&judged.labelled.labels, &judged.verdict);
        }
        if self.json {
            let items = judged.iter().map(Judged::item).collect();
            let report = Report { items, summary: Summary::of(&score) };
            say::result(&serde_json::to_string(&report).context("writing the report")?);
            return Ok(Ending::Well);
        }
        for judged in judged.iter().filter(|judged| judged.is_miss()) {
            say::result(&judged.text());
        }
        if self.file.is_some() {
            say::result(&table(&score));
        }
        say::result(&format!("{}: every sample of its topics holds", self.configuration.config.display()));
        Ok(Ending::Well)
    }
}

fn read(file: &Path, config: &Config) -> anyhow::Result<Vec<Labelled>> {
    let name = file.display();
    let text = std::fs::read_to_string(file).with_context(|| format!("{name}: cannot be read"))?;
    let topics: Vec<TopicId> = config.topics.iter().map(|topic| topic.id.clone()).collect();
    labelled::read(&text, &config.sources, &topics).map_err(|mistakes| {
        for mistake in mistakes {
            say::error(&format!("{name}: {mistake}"));
        }
        anyhow::Error::new(Told)
    })
}

/// An entry, what an editor says of it, and what the rules say.
struct Judged<'a> {
    labelled: &'a Labelled,
    words: Words<'a>,
    verdict: Verdict,
}

impl<'a> Judged<'a> {
    fn new(labelled: &'a Labelled, config: &Config) -> Self {
        let words = Words::of(&labelled.entry);
        let source = labelled.source.and_then(|at| config.sources.get(at));
        let verdict = words.judge(&config.rules, source);
        Self { labelled, words, verdict }
    }

    /// Not published under exactly the labels, or not dropped without any; the order counts only for the main one.
    fn is_miss(&self) -> bool {
        let labels = &self.labelled.labels;
        if labels.is_empty() || self.verdict.outcome != Outcome::Publish {
            return labels.is_empty() == (self.verdict.outcome != Outcome::Drop);
        }
        let found = &self.verdict.topics;
        found.first() != labels.first()
            || found.len() != labels.len()
            || found.iter().any(|topic| !labels.contains(topic))
    }

    fn item(&self) -> Item<'_> {
        Item {
            id: &self.labelled.id,
            verdict: self.verdict.outcome.as_str(),
            topics: ids(&self.verdict.topics),
            labels: ids(&self.labelled.labels),
            matches: self.matches(),
            near_misses: self.near_misses(),
            likely: self.verdict.likely.as_ref().map(|likely| likely.percent),
        }
    }

    fn matches(&self) -> Vec<Matched> {
        evidence::matches(&self.verdict, &self.words)
    }

    fn near_misses(&self) -> Vec<Missed> {
        evidence::near_misses(&self.verdict)
    }

    /// The miss, and why.
    fn text(&self) -> String {
        let named = |topics: &[TopicId]| {
            if topics.is_empty() { "irrelevant".to_owned() } else { ids(topics).join(", ") }
        };
        let found = match self.verdict.outcome {
            Outcome::Drop => "drop".to_owned(),
            outcome => format!("{}: {}", outcome.as_str(), ids(&self.verdict.topics).join(", ")),
        };
        let mut lines = vec![
            format!("{}  {}", self.labelled.id, self.labelled.entry.title),
            format!("  filed as {}; the rules say {found}", named(&self.labelled.labels)),
        ];
        lines.extend(self.matches().iter().map(|matched| format!("    {}", matched.line())));
        lines.extend(
            self.near_misses().iter().map(|near| format!("    nearly {}: {}", near.topic, near.missing)),
        );
        let likely = self.verdict.likely.as_ref();
        lines.extend(likely.map(|likely| format!("    {}", evidence::likely(likely.percent, &likely.words))));
        lines.join("\n")
    }
}

fn ids(topics: &[TopicId]) -> Vec<&str> {
    topics.iter().map(TopicId::as_str).collect()
}

fn table(score: &Score) -> String {
    let mut lines = vec![
        format!("\n{} entries, {} of them irrelevant", score.entries, score.irrelevant),
        format!("{:<24}{:>9}{:>9}{:>9}{:>9}", "", "precision", "recall", "F1", "entries"),
        row("relevant: published", score.published),
        row("published or in review", score.seen),
        row("topics", score.filed()),
    ];
    lines.extend(score.topics.iter().map(|(topic, counts)| row(&format!("  {topic}"), *counts)));
    lines.push(format!("mean F1 of the topics: {}", number(score.mean_topic_f1())));
    lines.push(format!("irrelevant entries in review: {} ({})", score.idle, number(score.idle_share())));
    let mut confusion: Vec<_> = score.confusion.iter().collect();
    confusion.sort_by_key(|(_, count)| std::cmp::Reverse(**count));
    lines.extend(
        confusion
            .into_iter()
            .map(|((label, found), count)| format!("{count:>4} of {label} filed as {found}")),
    );
    lines.join("\n")
}

fn row(name: &str, counts: Counts) -> String {
    let [precision, recall, f1] = [counts.precision(), counts.recall(), counts.f1()].map(number);
    format!("{name:<24}{precision:>9}{recall:>9}{f1:>9}{:>9}", counts.right + counts.missed)
}

fn number(share: Option<f64>) -> String {
    share.map_or_else(|| "-".to_owned(), |share| format!("{share:.3}"))
}

#[derive(Debug, Serialize)]
struct Report<'a> {
    items: Vec<Item<'a>>,
    summary: Summary<'a>,
}

#[derive(Debug, Serialize)]
struct Item<'a> {
    id: &'a str,
    verdict: &'static str,
    topics: Vec<&'a str>,
    labels: Vec<&'a str>,
    matches: Vec<Matched>,
    near_misses: Vec<Missed>,
    /// How likely an editor wants it, in percent; `None` where feeds.toml does not ask.
    likely: Option<u8>,
}

#[derive(Debug, Serialize)]
struct Summary<'a> {
    entries: usize,
    irrelevant: usize,
    /// Published against relevant.
    published: Figures,
    /// Published or in review against relevant.
    seen: Figures,
    /// Of the irrelevant entries, how many wait for review.
    irrelevant_in_review: Option<f64>,
    /// All topics together.
    filed: Figures,
    mean_topic_f1: Option<f64>,
    topics: BTreeMap<&'a str, Figures>,
    confusion: Vec<Taken<'a>>,
}

#[derive(Debug, Serialize)]
struct Figures {
    right: usize,
    wrong: usize,
    missed: usize,
    precision: Option<f64>,
    recall: Option<f64>,
    f1: Option<f64>,
}

/// So many entries of a main label were filed as another topic.
#[derive(Debug, Serialize)]
struct Taken<'a> {
    label: &'a str,
    filed_as: &'a str,
    entries: usize,
}

impl<'a> Summary<'a> {
    fn of(score: &'a Score) -> Self {
        Self {
            entries: score.entries,
            irrelevant: score.irrelevant,
            published: Figures::of(score.published),
            seen: Figures::of(score.seen),
            irrelevant_in_review: score.idle_share(),
            filed: Figures::of(score.filed()),
            mean_topic_f1: score.mean_topic_f1(),
            topics: score
                .topics
                .iter()
                .map(|(topic, counts)| (topic.as_str(), Figures::of(*counts)))
                .collect(),
            confusion: score
                .confusion
                .iter()
                .map(|((label, found), count)| Taken {
                    label: label.as_str(),
                    filed_as: found.as_str(),
                    entries: *count,
                })
                .collect(),
        }
    }
}

impl Figures {
    fn of(counts: Counts) -> Self {
        Self {
            right: counts.right,
            wrong: counts.wrong,
            missed: counts.missed,
            precision: counts.precision(),
            recall: counts.recall(),
            f1: counts.f1(),
        }
    }
}
