//! feeds.toml becomes a Config: every mistake at once, each with line, column, what was expected and the nearest known name.

mod address;
pub mod blocks;
mod check;
mod file;
mod kind;
mod notes;
mod number;
mod pieces;
mod places;
mod read;
pub mod report;
mod samples;
mod syntax;
mod table;
mod topics;
mod words;

use chrono::TimeDelta;
use chrono_tz::Tz;
use ipnet::IpNet;
use ring::digest::{Context, SHA256};
use serde_json::json;
use toml::Spanned;
use toml::de::{DeTable, DeValue};
use url::Url;
use xxhash_rust::xxh3::xxh3_64;

use notes::Notes;
use read::{FromToml, Node};
use syntax::Syntax;

use crate::model::language::Language;
use crate::model::source::Source;
use crate::model::topic::{Section, Topic, TopicId};
use crate::rules::RuleSet;

/// Where feeds.toml names sources: the secretariat's own announcements.
pub const ANNOUNCEMENTS: &str = "announcements";

/// Everything staff set, checked.
#[derive(Debug, Clone)]
pub struct Config {
    pub site: Site,
    pub fetch: Fetching,
    pub output: Output,
    /// Where hubs call us: a folder `/hub/`. `None`: no hub is asked to.
    pub callback: Option<Url>,
    /// In the order of the file; disabled ones too.
    pub sources: Vec<Source>,
    pub sections: Vec<Section>,
    pub topics: Vec<Topic>,
    pub rules: RuleSet,
    /// Of the file's text: another text, another print.
    pub print: u64,
}

/// The publication.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Site {
    /// "The Bulletin"
    pub title: String,
    pub subtitle: String,
    /// "IFCBA"
    pub organisation: String,
    /// "International Federation of Customs Brokers Associations"
    pub organisation_name: String,
    /// Where members find the output folder; ends in `/`.
    pub url: Url,
    /// The organisation's own site.
    pub home: Url,
    /// An address that people may write to; also in our User-Agent.
    pub contact: String,
    pub language: Language,
    /// For times in announcements that name no zone.
    pub time_zone: Tz,
    /// Authority and date of our `tag:` URIs (RFC 4151): `ifcba.org,2018`. Never to be changed.
    pub tag: String,
}

/// How we ask.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fetching {
    pub user_agent: String,
    /// Requests under way at once, over all hosts.
    pub concurrency: usize,
    pub connect_timeout: TimeDelta,
    /// Silence in the middle of an answer.
    pub read_timeout: TimeDelta,
    /// Between two pages of one host.
    pub host_gap: TimeDelta,
    /// For slow answers of one host in one run.
    pub host_time: TimeDelta,
    /// Addresses that are not public and may be asked all the same.
    pub allow: Vec<Allowed>,
}

/// An address, or a block of them, that may be asked although it is not public.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Allowed {
    pub net: IpNet,
    /// `None`: any port.
    pub port: Option<u16>,
}

/// What is published, and how much of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Output {
    /// Entries in `feeds/all.*`.
    pub feed_entries: usize,
    /// Entries in each topic's feed.
    pub topic_feed_entries: usize,
    /// Stories older than this do not stand in the digest.
    pub digest_days: u16,
    /// Stories at the top of the digest, above the sections.
    pub top_stories: usize,
    /// Stories in each section of the digest.
    pub section_stories: usize,
    /// Stories of one source in the digest: one that floods leaves room for the others.
    pub source_stories: usize,
}

/// A mistake in feeds.toml.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// From 1.
    pub line: usize,
    /// In characters, from 1.
    pub column: usize,
    /// Bytes of the file.
    pub at: std::ops::Range<usize>,
    /// What is wrong, lower case, no full stop; names the source or topic it is in.
    pub message: String,
    /// What was expected; the nearest known name; how to mend it. May be empty.
    pub hint: String,
}

impl Config {
    /// Was it read from this text?
    pub fn is_of(&self, text: &str) -> bool {
        self.print == xxh3_64(text.as_bytes())
    }

    /// Changes when any verdict could: a fingerprint of the rules, and of what the sources add to them.
    pub fn rule_set(&self) -> String {
        let mut hasher = Context::new(&SHA256);
        hasher.update(self.rules.fingerprint().as_bytes());
        for source in self.sources.iter().filter(|source| source.context || !source.topics.is_empty()) {
            let topics: Vec<&str> = source.topics.iter().map(TopicId::as_str).collect();
            hasher.update(format!("\n{} {} {}", source.id, source.context, topics.join(" ")).as_bytes());
        }
        hasher.finish().as_ref().iter().take(8).map(|byte| format!("{byte:02x}")).collect::<Vec<_>>().concat()
    }

    /// Reads and checks the text of a feeds.toml. `Err` holds every mistake in it, in the order of the file.
    pub fn parse(text: &str) -> Result<Self, Vec<Problem>> {
        pieces::config(text).map_or_else(|| Self::whole(text), Ok)
    }

    fn whole(text: &str) -> Result<Self, Vec<Problem>> {
        let (tree, errors) = DeTable::parse_recoverable(text);
        let root = root(tree);
        let mut notes = Notes::new(text);
        let file = file::File::read(Node { key: "feeds.toml", number: None, value: &root }, &mut notes);
        let config = file.and_then(|file| check::config(&file, &mut notes));
        let problems = Syntax::new(text, &errors).with(notes.into_noted());
        config.filter(|_| problems.is_empty()).ok_or(problems)
    }
}

/// The table of the whole file, as a value like those in it.
fn root(tree: Spanned<DeTable<'_>>) -> Spanned<DeValue<'_>> {
    Spanned::new(0..0, DeValue::Table(tree.into_inner()))
}

/// The JSON Schema (2020-12) of feeds.toml, for editors.
pub fn schema() -> serde_json::Value {
    let mut schema = file::File::schema();
    if let Some(fields) = schema.as_object_mut() {
        fields.insert("$schema".to_owned(), json!("https://json-schema.org/draft/2020-12/schema"));
        fields.insert("title".to_owned(), json!("feeds.toml"));
    }
    schema
}
