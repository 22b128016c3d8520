//! `tidewaiter source test`: each step of reading a source, in words.

use anyhow::Context as _;
use chrono::{DateTime, Utc};
use clap::Args;
use std::path::PathBuf;
use std::sync::Arc;

use crate::cli::{Configuration, Ending, Now, load, say};
use crate::collect::trial::{self, DocumentRead, EntryRead, StepTaken, Trial};
use crate::fetch::Client;

/// Ask a source once and show each step; nothing is stored or published
#[derive(Debug, Args)]
#[command(after_help = "\
It shows where the address leads, what came, how many each selector or path
finds, what was left out, whether the source keeps its contract, and its first
entries with what the rules say of them. A source with enabled = false can be
tried too.

Examples:
  tidewaiter source test wco                      does it work? if not, why?
  tidewaiter source test wco --entries 50         show more of its entries
  tidewaiter source test wco --file saved.html    read a saved page instead
  tidewaiter source test wco --json               the same for programs

Exit codes:
  0  a run would take it
  1  a run would not take it
  2  it could not be tried: feeds.toml has a mistake, there is no such
     source in it, or the saved page cannot be read")]
pub(in crate::cli) struct Test {
    /// The source's id in feeds.toml
    id: String,
    #[command(flatten)]
    configuration: Configuration,
    #[command(flatten)]
    now: Now,
    /// Read this file as if the source had answered with it
    #[arg(long, value_name = "FILE")]
    file: Option<PathBuf>,
    /// How many entries to show
    #[arg(long, value_name = "NUMBER", default_value_t = 5)]
    entries: usize,
    /// Print one JSON value
    #[arg(long)]
    json: bool,
}

impl Test {
    pub(in crate::cli) async fn run(self) -> anyhow::Result<Ending> {
        let config = Arc::new(load::config(&self.configuration.config)?);
        let (index, _) = load::named(&config, &self.id)?;
        let client = Arc::new(Client::new(&config.fetch).context("preparing to ask the source")?);
        let now = self.now.time();
        let trial = match &self.file {
            None => trial::ask(&config, &client, index, self.entries, now).await,
            Some(file) => {
                let bytes =
                    std::fs::read(file).with_context(|| format!("{}: cannot be read", file.display()))?;
                trial::of_file(&config, &client, index, bytes, self.entries, now).await
            }
        };
        let trial = trial.context("the source is no longer there")?;
        if self.json {
            say::result(&serde_json::to_string(&trial).context("writing the report")?);
        } else {
            say::result(&text(&trial));
        }
        Ok(if trial.failure.is_none() { Ending::Well } else { Ending::Partly })
    }
}

fn text(trial: &Trial) -> String {
    let off = if trial.enabled { "" } else { "; it is switched off in feeds.toml" };
    let mut lines = vec![format!("{} ({}), {}{off}", trial.source, trial.title, kind(trial.kind))];
    lines.push(line("asked", &trial.address));
    if trial.robots == "subscription" {
        lines.push(line("", "as a subscription: its robots.txt is not asked"));
    }
    for (number, document) in trial.documents.iter().enumerate() {
        lines.extend(of_document(number, document, trial));
    }
    for (number, step) in trial.steps.iter().enumerate() {
        lines.push(line(if number == 0 { "found" } else { "" }, &of_step(step)));
    }
    for (number, flaw) in trial.flaws.iter().enumerate() {
        lines.push(line(if number == 0 { "flaws" } else { "" }, flaw));
    }
    for (number, link) in trial.left_out.iter().enumerate() {
        let name = if number == 0 { "left out" } else { "" };
        lines.push(line(name, &format!("by keep_link or drop_link: {link}")));
    }
    for (number, point) in trial.contract.iter().enumerate() {
        let held = if point.held { "held" } else { "BROKEN" };
        let name = if number == 0 { "contract" } else { "" };
        lines.push(line(name, &format!("{held}: {} ({})", point.asked, point.found)));
    }
    if !trial.documents.is_empty() {
        lines.push(line("entries", &counts(trial)));
    }
    for entry in &trial.first {
        lines.extend(of_entry(entry));
    }
    lines.push(line("result", &result(trial)));
    lines.join("\n")
}

fn kind(kind: &str) -> &'static str {
    match kind {
        "page" => "a page without a feed",
        "json" => "a listing in JSON",
        "sitemap" => "a sitemap",
        _ => "a feed",
    }
}

fn line(name: &str, text: &str) -> String {
    format!("  {name:<9} {text}")
}

fn of_document(number: usize, document: &DocumentRead, trial: &Trial) -> Vec<String> {
    let mut lines = Vec::new();
    if number == 0 && document.address != trial.address {
        lines.push(line("led to", &document.address));
    }
    lines.extend(trial.moved_to.as_ref().filter(|_| number == 0).map(|to| line("", &say::moved(to))));
    if number > 0 {
        lines.push(line(&format!("page {}", number + 1), &document.address));
    }
    let media = document.content_type.as_deref().unwrap_or("no media type");
    let encoding = if document.encoding.is_empty() { "utf-8" } else { &document.encoding };
    lines.push(line(
        "answered",
        &format!("{media}, {} bytes, read as {encoding}, {}", document.bytes, entries_of(document.entries)),
    ));
    lines
}

/// Counted in words.
fn entries_of(number: usize) -> String {
    if number == 1 { "1 entry".to_owned() } else { format!("{number} entries") }
}

fn of_step(step: &StepTaken) -> String {
    let near = step.near.iter().map(|(part, found)| format!(", but `{part}` matches {found}"));
    let near = near.collect::<Vec<_>>().concat();
    let rule = if step.rule.is_empty() { "(the whole)" } else { &step.rule };
    format!("{:>5}  {:<14} {rule}{near}", step.found, step.name)
}

fn counts(trial: &Trial) -> String {
    let newest =
        trial.newest.map_or(String::new(), |at| format!(", the newest of {}", at.format("%-d %B %Y")));
    let Trial { entries, dated, .. } = trial;
    format!("{entries}, {dated} with a date{newest}")
}

fn of_entry(entry: &EntryRead) -> Vec<String> {
    let day = |at: DateTime<Utc>| at.format("%-d %B %Y %H:%M UTC").to_string();
    let from = |origin: Option<&str>| origin.map(|origin| format!(", from the {origin}")).unwrap_or_default();
    let date = match (entry.published, entry.updated) {
        (Some(at), _) => format!("{}{}", day(at), from(entry.date_from)),
        (None, Some(at)) => format!("not dated; changed {}", day(at)),
        (None, None) => "no date: it will count from when it is first seen".to_owned(),
    };
    let topics =
        if entry.topics.is_empty() { String::new() } else { format!(": {}", entry.topics.join(", ")) };
    let mut lines = vec![
        format!("    * {}", if entry.title.is_empty() { "(no title)" } else { &entry.title }),
        format!("      {}", entry.link.as_deref().unwrap_or("no link")),
        format!("      {date}"),
    ];
    if !entry.summary.is_empty() {
        lines.push(format!("      {}", entry.summary));
    }
    lines.push(format!("      the rules say {}{topics}", entry.verdict));
    lines
}

fn result(trial: &Trial) -> String {
    match &trial.failure {
        Some(failure) => format!("a run would not take it ({}): {}", failure.kind, failure.message),
        None if trial.entries == 0 => {
            "it answers, but there is no entry: is it the right address?".to_owned()
        }
        None => "a run would take it".to_owned(),
    }
}
