//! `tidewaiter rules lint`: what is wrong with rules that can be read.

use anyhow::Context as _;
use chrono::TimeDelta;
use clap::Args;
use serde::Serialize;
use std::collections::BTreeMap;

use super::super::{Configuration, Ending, Memory, Now, load, say};
use super::store_if_any;
use crate::evaluation::lint::{Figures, Finding, Level, Lint, What};
use crate::past;

/// Find terms that are dead, redundant, too wide or in each other's way
#[derive(Debug, Args)]
#[command(after_help = "\
Mistakes (contradictions, topics that can never file anything) are in the words
themselves. Advice comes from the words too, and from the entries of the past
and what staff decided about them. Nothing is changed.

Exit codes: 0 nothing to mend; 1 something; 2 it could not be looked through.

Examples:
  tidewaiter rules lint
  tidewaiter rules lint --mistakes        before a commit: no advice
  tidewaiter rules lint --days 90 --json")]
pub(super) struct RuleLint {
    /// How far back: a word of yearly events is not dead after a quarter
    #[arg(long, value_name = "N", default_value_t = 365, value_parser = clap::value_parser!(u16).range(1..))]
    days: u16,
    /// Only mistakes: no advice
    #[arg(long)]
    mistakes: bool,
    #[command(flatten)]
    configuration: Configuration,
    #[command(flatten)]
    memory: Memory,
    #[command(flatten)]
    now: Now,
    /// Print one JSON document
    #[arg(long)]
    json: bool,
}

impl RuleLint {
    pub(super) async fn run(self) -> anyhow::Result<Ending> {
        let config = load::config(&self.configuration.config)?;
        let mut lint = Lint::new(&config);
        // Mistakes are in the words: no store is asked.
        let store = if self.mistakes { None } else { store_if_any(&self.memory).await? };
        if let Some(store) = &store {
            let since = self.now.time() - TimeDelta::days(self.days.into());
            past::each(store, since, |entry, decided| lint.add(entry, decided))
                .await
                .context("reading the past")?;
        }
        let is_any = store.is_some();
        if let Some(store) = store {
            store.close().await;
        }
        let mut findings = lint.findings();
        findings.retain(|finding| !self.mistakes || finding.what.level() == Level::Mistake);
        self.tell(&findings, lint.entries())?;
        if is_any && !lint.has_enough() {
            say::note(&format!(
                "{} entries of the last {} days are too few to call a term dead or too wide",
                lint.entries(),
                self.days
            ));
        }
        Ok(if findings.is_empty() { Ending::Well } else { Ending::Partly })
    }

    fn tell(&self, findings: &[Finding], entries: usize) -> anyhow::Result<()> {
        if self.json {
            let report = Report { entries, findings: findings.iter().map(Found::of).collect() };
            say::result(&serde_json::to_string(&report).context("writing the report")?);
        } else if findings.is_empty() {
            say::result(&format!("{}: nothing to mend", self.configuration.config.display()));
        } else {
            let kinds: Vec<String> =
                findings.chunk_by(|one, other| one.what == other.what).map(of_kind).collect();
            say::result(&kinds.join("\n\n"));
        }
        Ok(())
    }
}

/// All findings of one kind, and how to mend them.
fn of_kind(findings: &[Finding]) -> String {
    let Some(what) = findings.first().map(|finding| finding.what) else { return String::new() };
    let mut lines = vec![
        format!("{} ({}): {}", what.as_str(), what.level().as_str(), findings.len()),
        format!("  mend: {}", what.mend()),
    ];
    if what == What::Dead {
        lines.extend(by_list(findings));
    } else {
        lines.extend(findings.iter().map(line));
    }
    lines.join("\n")
}

fn line(finding: &Finding) -> String {
    let parts = [Some(place(finding)), finding.term.as_ref().map(|term| format!("`{term}`"))];
    let message = Some(finding.message.clone()).filter(|message| !message.is_empty());
    let parts: Vec<String> = parts.into_iter().flatten().chain(message).collect();
    format!("  {}", parts.join(": "))
}

/// Terms of which there is nothing else to say, a list in one line.
fn by_list(findings: &[Finding]) -> Vec<String> {
    let mut lists: BTreeMap<String, Vec<&str>> = BTreeMap::new();
    for finding in findings {
        lists.entry(place(finding)).or_default().extend(finding.term.as_deref());
    }
    lists.iter().map(|(place, terms)| format!("  {place} ({}): {}", terms.len(), terms.join(", "))).collect()
}

/// "strong of origin", "context", "topic origin"
fn place(finding: &Finding) -> String {
    match (&finding.topic, finding.list) {
        (Some(topic), Some(list)) => format!("{list} of {topic}"),
        (Some(topic), None) => format!("topic {topic}"),
        (None, list) => list.unwrap_or_default().to_owned(),
    }
}

#[derive(Debug, Serialize)]
struct Report<'a> {
    /// Of the past, looked at.
    entries: usize,
    findings: Vec<Found<'a>>,
}

#[derive(Debug, Serialize)]
struct Found<'a> {
    level: &'static str,
    what: &'static str,
    topic: Option<String>,
    list: Option<&'static str>,
    term: Option<&'a str>,
    message: &'a str,
    mend: &'static str,
    figures: Option<Counts>,
}

#[derive(Debug, Serialize)]
struct Counts {
    of: usize,
    entries: usize,
    accepted: usize,
    rejected: usize,
}

impl<'a> Found<'a> {
    fn of(finding: &'a Finding) -> Self {
        let counts = |Figures { of, entries, accepted, rejected }| Counts { of, entries, accepted, rejected };
        Self {
            level: finding.what.level().as_str(),
            what: finding.what.as_str(),
            topic: finding.topic.as_ref().map(ToString::to_string),
            list: finding.list,
            term: finding.term.as_deref(),
            message: &finding.message,
            mend: finding.what.mend(),
            figures: finding.figures.map(counts),
        }
    }
}
