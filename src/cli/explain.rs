//! `tidewaiter explain`: why an entry is, or isn't, published.

use anyhow::Context as _;
use chrono::{DateTime, Utc};
use clap::Args;

use super::{Configuration, Ending, Memory, Now, find, load, say};
use crate::compose;
use crate::compose::explain::{Explanation, explain};
use crate::model::announcement::Announcement;
use crate::snapshot;
use crate::store::{Absent, Store};

/// Say why an entry is, or isn't, published
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  tidewaiter explain https://www.wto.org/english/news_e/mc11_13dec17_e.htm
  tidewaiter explain 'women and trade'    entries with these words
  tidewaiter explain 05f1c3a09b7d2e44     the entry with this id")]
pub(super) struct Explain {
    /// An entry's link, its id, or words of its title
    #[arg(value_name = "LINK, ID OR TEXT")]
    what: String,
    #[command(flatten)]
    configuration: Configuration,
    #[command(flatten)]
    memory: Memory,
    #[command(flatten)]
    now: Now,
    /// Print a JSON list of explanations
    #[arg(long)]
    json: bool,
}

impl Explain {
    pub(super) async fn run(self) -> anyhow::Result<Ending> {
        let config = load::config(&self.configuration.config)?;
        let announcements = load::announcements(&self.configuration.config, &config)?;
        let store = Store::open(&self.memory.store, Absent::Fails).await?;
        let now = self.now.time();
        let found = find::find(&store, &config, &self.what).await?;
        let snapshot = snapshot::take(&store, &config, announcements.right, now).await?;
        store.close().await;
        let stories = compose::stories(&snapshot, &config, now);
        let explained: Vec<Explanation> =
            found.iter().map(|found| explain(found, &stories, &config, now)).collect();
        if self.json {
            say::result(&serde_json::to_string(&explained).context("writing the explanation")?);
            return Ok(Ending::Well);
        }
        let is_in = |text: &str| find::has(text, &self.what);
        let own = snapshot
            .announcements
            .iter()
            .filter(|own| is_in(&own.title) || is_in(&own.html) || is_in(&own.id));
        let own: Vec<String> = own.map(|own| of_announcement(own, now)).collect();
        if explained.is_empty() && own.is_empty() {
            anyhow::bail!(
                "no entry that was read has this link, or these words in its title, and no announcement has them; \
                 is its source in feeds.toml, and what does `tidewaiter refresh -v` say of it?"
            );
        }
        for text in explained.iter().map(text).chain(own) {
            say::result(&text);
        }
        Ok(Ending::Well)
    }
}

fn of_announcement(own: &Announcement, now: DateTime<Utc>) -> String {
    let day = |at: DateTime<Utc>| at.format("%-d %B %Y %H:%M UTC").to_string();
    let shown = match own.expire {
        _ if now < own.publish => format!("not shown before {}", day(own.publish)),
        Some(end) if end <= now => format!("shown until {}: it has expired", day(end)),
        Some(end) => format!("shown until {}", day(end)),
        None => "shown".to_owned(),
    };
    format!(
        "{}\n  announcement {}: the secretariat wrote it; no rule was asked\n  {shown}",
        own.title, own.id
    )
}

fn text(explanation: &Explanation) -> String {
    let mut lines = vec![explanation.title.clone()];
    lines.extend(read(explanation));
    lines.extend(judged(explanation));
    lines.extend(explanation.decisions.iter().map(|said| {
        let value = said.value.as_deref().map(|value| format!(": {value}")).unwrap_or_default();
        format!("  decided    {}{value}, by {}, {}", said.act, said.by, time(said.at))
    }));
    lines.extend(came(explanation));
    lines.join("\n")
}

/// When it was read, from where, and what the source did with it since.
fn read(explanation: &Explanation) -> Vec<String> {
    let source = explanation.source_title.as_deref().unwrap_or("no longer in feeds.toml");
    let mut lines = vec![
        format!("  id         {}", explanation.id),
        format!("  link       {}", explanation.link.as_deref().unwrap_or("none")),
        format!("  source     {} ({source})", explanation.source),
        format!("  first read {}", time(explanation.first_seen)),
        format!(
            "  dated      {}, from {}",
            explanation.published.map_or("not".to_owned(), time),
            explanation.date_from
        ),
    ];
    if let Some((policy, evidence)) = explanation.known_by.zip(explanation.known_because.as_ref()) {
        lines.push(format!("  known by   its {policy}: {evidence}"));
    }
    if let Some(at) = explanation.withdrawn {
        let how = match explanation.withdrawn_how {
            Some("titled") => "its title says so",
            Some("deleted") => "the feed says that it is deleted",
            _ => "it is missing there between entries that stayed",
        };
        lines.push(format!("  withdrawn at source, noticed {}: {how}", time(at)));
    }
    if let Some(last) = explanation.replaced.last() {
        let times = explanation.replaced.len();
        lines.push(format!("  changed    {times} times, the last time {}", time(*last)));
    }
    lines
}

/// What the rules say, with every word that they say it for.
fn judged(explanation: &Explanation) -> Vec<String> {
    let topics =
        if explanation.topics.is_empty() { "no topic".to_owned() } else { explanation.topics.join(", ") };
    let mut lines =
        vec![format!("  verdict    {}: {topics} (rules {})", explanation.verdict, explanation.rules)];
    lines.extend(explanation.matches.iter().map(|matched| format!("    {}", matched.line())));
    let near = explanation.near_misses.iter();
    lines.extend(near.map(|near| format!("    nearly {}: {}", near.topic, near.missing)));
    lines.extend(explanation.likely.iter().map(|likely| format!("    {likely}")));
    lines
}

/// What comes of it all.
fn came(explanation: &Explanation) -> Vec<String> {
    let mut lines = Vec::new();
    lines.extend(explanation.changed_since.map(|at| {
        format!("  look again: its source has changed it since staff gave it a title or a note, {}", time(at))
    }));
    lines.extend(explanation.shown_title.iter().map(|title| format!("  shown as   {title}")));
    match &explanation.told_by {
        Some(lead) => lines.push(format!("  same story as {lead}, which leads")),
        None if explanation.also.is_empty() => {}
        None => lines.push(format!("  leads the same story at {}", explanation.also.join(", "))),
    }
    let published = if explanation.is_published { "published" } else { "not published" };
    lines.push(format!("  {published}: {}", explanation.because));
    if explanation.is_published {
        lines.push(format!("  on {}", explanation.places.join(", ")));
    }
    lines
}

fn time(at: DateTime<Utc>) -> String {
    at.format("%-d %B %Y %H:%M UTC").to_string()
}
