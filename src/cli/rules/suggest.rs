//! `tidewaiter rules suggest`: words that would make good terms, each with what it would have done.

use anyhow::Context as _;
use chrono::TimeDelta;
use clap::Args;
use serde::Serialize;

use super::super::{Configuration, Ending, Memory, Now, load, say};
use super::store_if_any;
use crate::config::Config;
use crate::evaluation::backtest::{Backtest, Kind, Replayed, Sides};
use crate::evaluation::suggest::{Suggest, Suggestion, Wanted, text_of};
use crate::model::nearest::nearest;
use crate::model::topic::TopicId;
use crate::past;
use crate::rules::likelihood::filed;
use crate::store::Store;

/// Propose words that tell what editors want from what they don't
#[derive(Debug, Args)]
#[command(after_help = "\
It learns from what staff accepted and rejected, and from the entries that we
filed by hand, and leaves out what the rules have. Each proposal says what it
rests on, and what it would have done to the past. Nothing is changed: write
what you like into feeds.toml, and try it with `tidewaiter rules backtest`.

Examples:
  tidewaiter rules suggest
  tidewaiter rules suggest --topic origin --language fr
  tidewaiter rules suggest --limit 50 --json")]
pub(super) struct RuleSuggest {
    /// Only for this topic
    #[arg(long, value_name = "ID")]
    topic: Option<String>,
    /// Only words of this language
    #[arg(long, value_name = "LANGUAGE")]
    language: Option<String>,
    /// So many at most, the surest first
    #[arg(long, value_name = "NUMBER", default_value_t = 15)]
    limit: usize,
    /// How far back each is tried
    #[arg(long, value_name = "N", default_value_t = 365, value_parser = clap::value_parser!(u16).range(1..))]
    days: u16,
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

impl RuleSuggest {
    pub(super) async fn run(self) -> anyhow::Result<Ending> {
        let config = load::config(&self.configuration.config)?;
        let topic = self.topic.as_deref().map(|name| named(&config, name)).transpose()?;
        let store = store_if_any(&self.memory).await?;
        let mut suggest = Suggest::new(&config);
        for filed in filed() {
            suggest.add_filed(&filed);
        }
        if let Some(store) = &store {
            for (entry, decided) in past::decided(store).await.context("reading the decisions")? {
                suggest.add(&entry, &decided);
            }
        }
        let language = self.language.as_deref().map(str::to_lowercase);
        let wanted = Wanted { topic, language: language.as_deref(), limit: self.limit };
        let found = suggest.suggestions(wanted);
        let tried = match &store {
            Some(store) => self.tried(store, &config, &found).await?,
            None => found.iter().map(|_| None).collect(),
        };
        if let Some(store) = store {
            store.close().await;
        }
        self.tell(suggest.learned(), &found, &tried)?;
        Ok(Ending::Well)
    }

    /// What each would have done to the past.
    async fn tried(
        &self,
        store: &Store,
        config: &Config,
        found: &[Suggestion],
    ) -> anyhow::Result<Vec<Option<Replayed>>> {
        let since = self.now.time() - TimeDelta::days(self.days.into());
        let drafts: Vec<Option<Config>> = found.iter().map(|suggestion| suggestion.draft(config)).collect();
        let mut trials: Vec<Option<Backtest<'_>>> =
            drafts.iter().map(|draft| Some(Backtest::new(config, draft.as_ref()?))).collect();
        past::each(store, since, |entry, decided| {
            let text = text_of(entry);
            for (suggestion, trial) in found.iter().zip(&mut trials) {
                if suggestion.is_in(&text)
                    && let Some(trial) = trial
                {
                    trial.add(entry, decided);
                }
            }
        })
        .await
        .context("reading the past")?;
        Ok(trials.into_iter().map(|trial| trial.map(Backtest::result)).collect())
    }

    fn tell(
        &self,
        (accepted, rejected): (usize, usize),
        found: &[Suggestion],
        tried: &[Option<Replayed>],
    ) -> anyhow::Result<()> {
        let proposals = found.iter().zip(tried);
        if self.json {
            let suggestions = proposals.map(|(found, tried)| Proposal::of(found, tried.as_ref())).collect();
            let report = Report { accepted, rejected, suggestions };
            say::result(&serde_json::to_string(&report).context("writing the report")?);
            return Ok(());
        }
        for (found, tried) in proposals {
            say::result(&self.text(found, tried.as_ref()));
        }
        say::note(&match found {
            [] => format!("nothing to propose, of {accepted} entries accepted and {rejected} rejected"),
            _ => format!(
                "learned from {accepted} entries accepted and {rejected} rejected; nothing is changed"
            ),
        });
        Ok(())
    }

    fn text(&self, found: &Suggestion, tried: Option<&Replayed>) -> String {
        let Suggestion { phrase, language, inside, outside, missed, .. } = found;
        let language = if language.is_empty() { "no language" } else { language };
        let total = inside + outside;
        let rests = match &found.topic {
            Some(topic) => format!(
                "of {total} entries with it {inside} belong to {topic}, and the rules miss {missed} of these"
            ),
            None => format!(
                "of {total} entries with it {inside} were rejected, and the rules don't drop {missed} of these"
            ),
        };
        let mut lines = vec![format!("{}: \"{phrase}\" ({language})", place(found)), format!("    {rests}")];
        lines.extend(tried.map(|tried| format!("    {}", effect(tried, self.days))));
        lines.join("\n")
    }
}

fn named<'c>(config: &'c Config, name: &str) -> anyhow::Result<&'c TopicId> {
    let ids = || config.topics.iter().map(|topic| &topic.id);
    match (ids().find(|id| id.as_str() == name), nearest(name, ids().map(TopicId::as_str))) {
        (Some(id), _) => Ok(id),
        (None, Some(nearest)) => {
            anyhow::bail!("no topic `{name}` in feeds.toml; did you mean `{nearest}`?")
        }
        (None, None) => anyhow::bail!("no topic `{name}` in feeds.toml"),
    }
}

/// "strong of origin", "veto"
fn place(found: &Suggestion) -> String {
    let of = found.topic.as_ref().map(|topic| format!(" of {topic}")).unwrap_or_default();
    format!("{}{of}", found.list.as_str())
}

/// "in the last 365 days: 3 newly in, 2 moved; of what staff accepted it finds 2 more, of what they rejected 1"
fn effect(tried: &Replayed, days: u16) -> String {
    let count = |kind| tried.changes.iter().filter(|change| change.kind == kind).count();
    let kinds: Vec<String> = Kind::ALL
        .into_iter()
        .filter(|kind| count(*kind) > 0)
        .map(|kind| format!("{} {}", count(kind), kind.as_str()))
        .collect();
    let what = if kinds.is_empty() { "nothing changes".to_owned() } else { kinds.join(", ") };
    format!("in the last {days} days: {what}{}", of_staff(tried))
}

/// How it changes what the rules make of entries that staff decided about. Their decisions hold all the same.
fn of_staff(tried: &Replayed) -> String {
    let Sides { before, after } = tried.agreement;
    let change = |before: usize, after: usize| match after.checked_sub(before) {
        Some(more) => format!("{more} more"),
        None => format!("{} fewer", before - after),
    };
    if before == after {
        return String::new();
    }
    format!(
        "; the rules publish {} of what staff accepted, {} of what they rejected",
        change(before.right, after.right),
        change(before.wrong, after.wrong)
    )
}

#[derive(Debug, Serialize)]
struct Report<'a> {
    /// Entries that it learned from.
    accepted: usize,
    rejected: usize,
    suggestions: Vec<Proposal<'a>>,
}

#[derive(Debug, Serialize)]
struct Proposal<'a> {
    topic: Option<String>,
    list: &'static str,
    term: &'a str,
    language: &'a str,
    /// The logarithm of how much more often it stands inside than outside, and the least of it that holds almost surely.
    log_odds: f64,
    log_odds_at_least: f64,
    inside: usize,
    outside: usize,
    missed: usize,
    /// `None`: there is no store.
    backtest: Option<Tried>,
}

#[derive(Debug, Serialize)]
struct Tried {
    newly_in: usize,
    newly_out: usize,
    moved: usize,
    newly_in_review: usize,
    no_longer_in_review: usize,
    /// Of what staff accepted, and of what they rejected, how many the rules publish before and after.
    accepted: [usize; 2],
    rejected: [usize; 2],
}

impl<'a> Proposal<'a> {
    fn of(found: &'a Suggestion, tried: Option<&Replayed>) -> Self {
        Self {
            topic: found.topic.as_ref().map(ToString::to_string),
            list: found.list.as_str(),
            term: &found.phrase,
            language: &found.language,
            log_odds: rounded(found.odds),
            log_odds_at_least: rounded(found.at_least),
            inside: found.inside,
            outside: found.outside,
            missed: found.missed,
            backtest: tried.map(Tried::of),
        }
    }
}

fn rounded(odds: f64) -> f64 {
    (odds * 100.0).round() / 100.0
}

impl Tried {
    fn of(tried: &Replayed) -> Self {
        let count = |kind| tried.changes.iter().filter(|change| change.kind == kind).count();
        let Sides { before, after } = tried.agreement;
        Self {
            newly_in: count(Kind::NewlyIn),
            newly_out: count(Kind::NewlyOut),
            moved: count(Kind::Moved),
            newly_in_review: count(Kind::NewlyInReview),
            no_longer_in_review: count(Kind::NoLongerInReview),
            accepted: [before.right, after.right],
            rejected: [before.wrong, after.wrong],
        }
    }
}
