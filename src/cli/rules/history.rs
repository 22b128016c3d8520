//! `tidewaiter rules history`: every version of the rules, and what it did.

use anyhow::Context as _;
use clap::Args;
use serde::Serialize;

use super::super::{Ending, Memory, say};
use crate::store::{Absent, Effect, RuleVersion, Store};

/// List the versions of the rules: who changed what, when, and what it did
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  tidewaiter rules history      all versions, the newest first
  tidewaiter rules history 12   what version 12 changed, term by term")]
pub(in crate::cli) struct History {
    /// One version
    #[arg(value_name = "N")]
    number: Option<i64>,
    #[command(flatten)]
    memory: Memory,
    /// Print a JSON list
    #[arg(long)]
    json: bool,
}

#[derive(Debug, Serialize)]
struct Row<'a> {
    number: i64,
    at: chrono::DateTime<chrono::Utc>,
    author: &'a str,
    note: &'a str,
    rules: &'a str,
    edits: &'a [String],
    effect: Option<Effect>,
}

impl History {
    pub(super) async fn run(self) -> anyhow::Result<Ending> {
        let store = Store::open(&self.memory.store, Absent::Fails).await?;
        let mut versions = store.rule_versions().await?;
        store.close().await;
        if let Some(wanted) = self.number {
            versions.retain(|(number, _)| *number == wanted);
            anyhow::ensure!(
                !versions.is_empty(),
                "there is no version {wanted}; `tidewaiter rules history` lists them"
            );
        }
        if self.json {
            let rows: Vec<Row<'_>> =
                versions.iter().map(|(number, version)| Row::of(*number, version)).collect();
            say::result(&serde_json::to_string(&rows).context("writing the list")?);
            return Ok(Ending::Well);
        }
        if versions.is_empty() {
            say::result("no version yet: the first run keeps the rules that it judges by");
        }
        for (number, version) in &versions {
            say::result(&text(*number, version));
            if self.number.is_some() {
                version.edits.iter().for_each(|edit| say::result(&format!("  {edit}")));
            }
        }
        Ok(Ending::Well)
    }
}

impl<'a> Row<'a> {
    fn of(number: i64, version: &'a RuleVersion) -> Self {
        let RuleVersion { at, author, note, print, edits, effect, .. } = version;
        Self { number, at: *at, author, note, rules: print, edits, effect: *effect }
    }
}

fn text(number: i64, version: &RuleVersion) -> String {
    let at = version.at.format("%-d %B %Y %H:%M UTC");
    let mut line = format!("{number:>4}  {at}  {}", version.author);
    if !version.note.is_empty() {
        line = format!("{line}: {}", version.note);
    }
    format!("{line}\n      {}", effect(version))
}

fn effect(version: &RuleVersion) -> String {
    let Some(effect) = version.effect else {
        return "the first, or not to be compared with the one before".to_owned();
    };
    let Effect { entries, newly_in, newly_out, moved, newly_in_review, no_longer_in_review } = effect;
    let edits = match version.edits.len() {
        1 => "1 change".to_owned(),
        many => format!("{many} changes"),
    };
    format!(
        "{edits}; of {entries} entries {newly_in} newly in, {newly_out} newly out, {moved} moved, {newly_in_review} \
         newly in review, {no_longer_in_review} no longer in review"
    )
}
