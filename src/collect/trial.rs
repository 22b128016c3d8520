//! One source tried, and every step told: nothing is stored.

use bytes::Bytes;
use chrono::{DateTime, Utc};
use serde::Serialize;
use std::sync::Arc;

use super::document::{self, Answered, Gathered, PageRead, Wrong};
use super::read::{Reader, failure};
use crate::config::Config;
use crate::contract;
use crate::fetch::Client;
use crate::model::cause::Cause;
use crate::model::entry::DateOrigin;
use crate::model::language::Language;
use crate::model::source::{Robots, Source, SourceKind};
use crate::model::text::one_line;
use crate::parse::document::ParsedEntry;
use crate::parse::html;
use crate::rules::Subject;
use crate::schedule::SourceState;

/// So much of a summary is shown.
const SUMMARY: (usize, usize) = (2, 160);

/// What came of trying a source; also the value of `--json`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Trial {
    pub source: String,
    pub title: String,
    /// `feed`, `page`, `json` or `sitemap`.
    pub kind: &'static str,
    pub enabled: bool,
    /// `obey` or `subscription`.
    pub robots: &'static str,
    pub address: String,
    /// Where the source says it lives now.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub moved_to: Option<String>,
    /// What was read, in the order of the asking.
    pub documents: Vec<DocumentRead>,
    pub steps: Vec<StepTaken>,
    pub flaws: Vec<String>,
    pub contract: Vec<PointLooked>,
    /// All of them.
    pub entries: usize,
    pub dated: usize,
    pub newest: Option<DateTime<Utc>>,
    /// The first of them.
    pub first: Vec<EntryRead>,
    /// The links that `keep_link` and `drop_link` took out.
    pub left_out: Vec<String>,
    /// `None`: a run would take it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub failure: Option<Failing>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct DocumentRead {
    pub address: String,
    pub content_type: Option<String>,
    pub bytes: usize,
    pub encoding: String,
    pub entries: usize,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct StepTaken {
    pub name: &'static str,
    pub rule: String,
    pub found: usize,
    pub near: Vec<(String, usize)>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct PointLooked {
    pub asked: String,
    pub found: String,
    pub held: bool,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct EntryRead {
    pub title: String,
    pub link: Option<String>,
    pub published: Option<DateTime<Utc>>,
    pub updated: Option<DateTime<Utc>>,
    /// `feed`, `source` (JSON or a sitemap), `page` or `address`.
    pub date_from: Option<&'static str>,
    pub language: Option<String>,
    /// Its beginning.
    pub summary: String,
    /// What the rules say: `publish`, `review` or `drop`.
    pub verdict: &'static str,
    pub topics: Vec<String>,
}

/// Why a run would not take it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Failing {
    pub kind: Cause,
    pub message: String,
}

/// Asks the source once, as a run that knows nothing of it would, and shows its first entries, at most so many.
pub async fn ask(
    config: &Arc<Config>,
    client: &Arc<Client>,
    index: usize,
    shown: usize,
    now: DateTime<Utc>,
) -> Option<Trial> {
    by(&Reader::new(config, client), index, shown, now).await
}

/// The same, for those who try several.
pub(super) async fn by(reader: &Reader, index: usize, shown: usize, now: DateTime<Utc>) -> Option<Trial> {
    let source = reader.config.sources.get(index)?;
    let state = SourceState::new(source, now);
    let request = document::request(source, &source.url, &state.validators, now);
    let mut trial = Trial::new(source);
    let result = match reader.client.fetch_whole(request).await {
        Err(error) => {
            let (_, kind) = failure(&error);
            Err(Wrong { kind, message: error.with_advice() })
        }
        Ok(whole) => {
            trial.moved_to = whole.moved_to.as_ref().map(ToString::to_string);
            document::gather(reader, index, source, &state, Answered::of(whole), now).await
        }
    };
    trial.tell(&reader.config, source, &state, result, shown, now);
    Some(trial)
}

/// Reads these bytes as if the source had answered with them; nobody is asked.
pub async fn of_file(
    config: &Arc<Config>,
    client: &Arc<Client>,
    index: usize,
    bytes: Vec<u8>,
    shown: usize,
    now: DateTime<Utc>,
) -> Option<Trial> {
    let source = config.sources.get(index)?;
    let reader = Reader::new(config, client);
    let answered = Answered { bytes: Bytes::from(bytes), content_type: None, url: source.url.clone() };
    let result = document::of_file(&reader, index, source, answered).await;
    let mut trial = Trial::new(source);
    trial.tell(config, source, &SourceState::new(source, now), result, shown, now);
    Some(trial)
}

impl Trial {
    fn new(source: &Source) -> Self {
        Self {
            source: source.id.to_string(),
            title: source.title.clone(),
            kind: match source.kind {
                SourceKind::Feed => "feed",
                SourceKind::Page(_) => "page",
                SourceKind::Json(_) => "json",
                SourceKind::Sitemap(_) => "sitemap",
            },
            enabled: source.enabled,
            robots: match source.robots {
                Robots::Obey => "obey",
                Robots::Subscription => "subscription",
            },
            address: source.url.to_string(),
            moved_to: None,
            documents: Vec::new(),
            steps: Vec::new(),
            flaws: Vec::new(),
            contract: Vec::new(),
            entries: 0,
            dated: 0,
            newest: None,
            first: Vec::new(),
            left_out: Vec::new(),
            failure: None,
        }
    }

    fn tell(
        &mut self,
        config: &Config,
        source: &Source,
        state: &SourceState,
        result: Result<Gathered, Wrong>,
        shown: usize,
        now: DateTime<Utc>,
    ) {
        let gathered = match result {
            Ok(gathered) => gathered,
            Err(Wrong { kind, message }) => {
                self.failure = Some(Failing { kind, message });
                return;
            }
        };
        let judged = gathered.judge(source, state, now);
        let document = &gathered.listing.document;
        self.documents = gathered.pages.iter().map(of_page).collect();
        self.entries = document.entries.len();
        let dates = || document.entries.iter().filter_map(|entry| entry.published.or(entry.updated));
        self.dated = dates().count();
        self.newest = dates().max();
        self.flaws = document.flaws.iter().map(|flaw| flaw.message.clone()).collect();
        self.flaws.extend(judged.warnings);
        self.flaws.extend(contract::quiet(source, self.newest, now));
        self.first =
            document.entries.iter().take(shown).map(|entry| of_entry(config, source, entry)).collect();
        let links = gathered.dropped.iter().filter_map(ParsedEntry::link);
        self.left_out = links.map(str::to_owned).collect();
        self.contract = judged
            .points
            .into_iter()
            .map(|point| PointLooked { asked: point.asked, found: point.found, held: point.is_held })
            .collect();
        self.failure = judged.broken.map(|broken| Failing { kind: broken.kind, message: broken.message });
        let step = |step: crate::parse::listing::Step| StepTaken {
            name: step.name,
            rule: step.rule,
            found: step.found,
            near: step.near,
        };
        self.steps = gathered.listing.steps.into_iter().map(step).collect();
    }
}

fn of_page(page: &PageRead) -> DocumentRead {
    DocumentRead {
        address: page.url.to_string(),
        content_type: page.content_type.clone(),
        bytes: page.bytes,
        encoding: page.encoding.clone(),
        entries: page.entries,
    }
}

/// To who reads it, JSON and sitemaps are no feeds.
fn date_from(kind: &SourceKind, origin: DateOrigin) -> &'static str {
    match (kind, origin) {
        (SourceKind::Json(_) | SourceKind::Sitemap(_), DateOrigin::Feed) => "source",
        (_, origin) => origin.as_str(),
    }
}

fn of_entry(config: &Config, source: &Source, entry: &ParsedEntry) -> EntryRead {
    let text = |markup: &Option<_>| markup.as_ref().map(|markup| one_line(&html::text(markup)));
    let title = text(&entry.title).unwrap_or_default();
    let summary = text(&entry.summary).or_else(|| text(&entry.content)).unwrap_or_default();
    let language = source.language.as_ref().or(entry.language.as_ref());
    let verdict = config.rules.judge(&Subject {
        source: source.id.as_str(),
        context: source.context,
        language: language.map(Language::primary),
        title: &title,
        summary: &summary,
        link: entry.link().unwrap_or_default(),
        ..Subject::default()
    });
    let (sentences, letters) = SUMMARY;
    EntryRead {
        link: entry.link().map(str::to_owned),
        published: entry.published,
        updated: entry.updated,
        date_from: entry.date_origin.map(|origin| date_from(&source.kind, origin)),
        language: entry.language.as_ref().map(Language::to_string),
        summary: html::excerpt(&summary, sentences, letters),
        verdict: verdict.outcome.as_str(),
        topics: verdict.topics.iter().map(|topic| topic.as_str().to_owned()).collect(),
        title,
    }
}
