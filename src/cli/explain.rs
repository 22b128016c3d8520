//! `tidewaiter explain`: why an entry is, or isn't, published.

use anyhow::Context as _;
use chrono::{DateTime, Utc};
use clap::Args;

use super::{Configuration, Ending, Memory, Now, load, say};
use crate::compose;
use crate::compose::explain::{Explanation, explain};
use crate::config::Config;
use crate::identity::{Withdrawal, key};
use crate::model::announcement::Announcement;
use crate::rules::fold::fold;
use crate::snapshot;
use crate::store::{Absent, Found, Store};

/// So many entries are explained at most when a text finds more.
const MOST: usize = 10;

/// Say why an entry is, or isn't, published
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  tidewaiter explain https://www.wto.org/english/news_e/mc11_13dec17_e.htm
  tidewaiter explain 'women and trade'    entries with these words")]
pub(super) struct Explain {
    /// An entry's link, or words of its title
    #[arg(value_name = "LINK OR TEXT")]
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
        let found = self.find(&store, &config).await?;
        let snapshot = snapshot::take(&store, &config, announcements.right, now).await?;
        store.close().await;
        let stories = compose::stories(&snapshot, &config, now);
        let explained: Vec<(&Found, Explanation)> = found
            .iter()
            .map(|found| {
                let withdrawn = found.withdrawn.map(|(at, _)| at);
                let mut explained =
                    explain(&found.entry, found.shelf, withdrawn, &found.rule_set, &stories, &config, now);
                explained.known_by = found.policy.as_ref().map(|(policy, _)| policy.as_str());
                (found, explained)
            })
            .collect();
        if self.json {
            let explanations: Vec<&Explanation> =
                explained.iter().map(|(_, explanation)| explanation).collect();
            say::result(&serde_json::to_string(&explanations).context("writing the explanation")?);
            return Ok(Ending::Well);
        }
        let own = snapshot
            .announcements
            .iter()
            .filter(|own| self.is_in(&own.title) || self.is_in(&own.html) || self.is_in(&own.id));
        let own: Vec<String> = own.map(|own| of_announcement(own, now)).collect();
        if explained.is_empty() && own.is_empty() {
            anyhow::bail!(
                "no entry that was read has this link, or these words in its title, and no announcement has them; \
                 is its source in feeds.toml, and what does `tidewaiter refresh -v` say of it?"
            );
        }
        for text in explained.iter().map(|(found, explanation)| text(found, explanation)).chain(own) {
            say::result(&text);
        }
        Ok(Ending::Well)
    }

    /// By link in any source; else by words in title or link.
    async fn find(&self, store: &Store, config: &Config) -> anyhow::Result<Vec<Found>> {
        let keys: Vec<_> =
            config.sources.iter().map(|source| (&source.id, key::link_key(&source.id, &self.what))).collect();
        let found = store.find_named(&keys).await?;
        if !found.is_empty() {
            return Ok(found);
        }
        Ok(store.find(|title, link| self.is_in(title) || self.is_in(link), MOST).await?)
    }

    /// Do these words stand there, letter case, accents and the like apart?
    fn is_in(&self, text: &str) -> bool {
        let what = fold(&self.what);
        !what.trim().is_empty() && fold(text).contains(what.trim())
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

fn text(found: &Found, explanation: &Explanation) -> String {
    let time = |at: DateTime<Utc>| at.format("%-d %B %Y %H:%M UTC").to_string();
    let mut lines = vec![
        explanation.title.clone(),
        format!("  link       {}", explanation.link.as_deref().unwrap_or("none")),
        format!(
            "  source     {} ({})",
            explanation.source,
            explanation.source_title.as_deref().unwrap_or("no longer in feeds.toml")
        ),
        format!("  first read {}", time(explanation.first_seen)),
        format!(
            "  dated      {}, from {}",
            explanation.published.map_or("not".to_owned(), time),
            explanation.date_from
        ),
    ];
    if let Some((policy, evidence)) = &found.policy {
        lines.push(format!("  known by   its {}: {evidence}", policy.as_str()));
    }
    if let Some((at, how)) = found.withdrawn {
        let how = match how {
            Withdrawal::Missing => "it is missing there between entries that stayed",
            Withdrawal::Titled => "its title says so",
            Withdrawal::Deleted => "the feed says that it is deleted",
        };
        lines.push(format!("  withdrawn at source, noticed {}: {how}", time(at)));
    }
    if let Some(last) = found.replaced.last() {
        lines.push(format!("  changed    {} times, the last time {}", found.replaced.len(), time(*last)));
    }
    let topics =
        if explanation.topics.is_empty() { "no topic".to_owned() } else { explanation.topics.join(", ") };
    lines.push(format!("  verdict    {}: {topics} (rules {})", explanation.verdict, explanation.rules));
    for matched in &explanation.matches {
        let of = matched.topic.as_deref().map(|topic| format!(" of {topic}")).unwrap_or_default();
        lines.push(format!(
            "    {}{of}: `{}` in the {}: {}",
            matched.list, matched.term, matched.field, matched.snippet
        ));
    }
    for missed in &explanation.near_misses {
        lines.push(format!("    nearly {}: {}", missed.topic, missed.missing));
    }
    if let Some(lead) = &explanation.told_by {
        lines.push(format!("  same story as {lead}, which leads"));
    }
    let published = if explanation.is_published { "published" } else { "not published" };
    lines.push(format!("  {published}: {}", explanation.because));
    if explanation.is_published {
        lines.push(format!("  on {}", explanation.places.join(", ")));
    }
    lines.join("\n")
}
