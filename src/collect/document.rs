//! From the first answer of a source to all that it says: its pages asked and read, its own settings heeded.

use bytes::Bytes;
use chrono::{DateTime, Utc};
use flate2::read::MultiGzDecoder;
use std::collections::HashSet;
use std::io::Read as _;
use std::sync::Arc;
use url::Url;

use super::further::Plan;
use super::read::Reader;
use crate::contract::{self, Given, Judged, shape::Shape};
use crate::fetch::{Request, Wants, Whole};
use crate::model::cause::Cause;
use crate::model::source::{Source, SourceKind};
use crate::parse::document::{Document, Flaw, FlawCode, ParsedEntry};
use crate::parse::listing::{self, Listing};
use crate::parse::stop::Stop;
use crate::parse::{Input, Unreadable};
use crate::schedule::{SourceState, Validators};

/// Of a sitemap the newest are taken: the rest is an archive.
const MOST_OF_SITEMAP: usize = 1_000;

/// The two bytes that gzip begins with.
const GZIP: [u8; 2] = [0x1F, 0x8B];

/// The body of an answer.
#[derive(Debug, Clone)]
pub(super) struct Answered {
    pub(super) bytes: Bytes,
    pub(super) content_type: Option<String>,
    pub(super) url: Url,
}

impl Answered {
    pub(super) fn of(whole: Whole) -> Self {
        let Whole { bytes, content_type, url, .. } = whole;
        Self { bytes, content_type, url }
    }
}

/// All that a source says, and how it was come by.
#[derive(Debug)]
pub(super) struct Gathered {
    pub(super) listing: Listing,
    /// So many of the entries, the first ones, stand on the first page; of an index, in the first sitemap that has any.
    pub(super) on_first: usize,
    /// What `keep_link` and `drop_link` took out.
    pub(super) dropped: Vec<ParsedEntry>,
    /// In the order in which they were asked.
    pub(super) pages: Vec<PageRead>,
}

/// One document of a source.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PageRead {
    pub url: Url,
    pub content_type: Option<String>,
    pub bytes: usize,
    pub encoding: String,
    pub entries: usize,
}

/// Why nothing could be made of an answer.
#[derive(Debug)]
pub(super) struct Wrong {
    pub(super) kind: Cause,
    pub(super) message: String,
}

impl Wrong {
    fn unreadable(message: String) -> Self {
        Self { kind: Cause::Parse, message }
    }

    /// It is more than we take.
    fn limit(message: String) -> Self {
        Self { kind: Cause::Limit, message }
    }
}

impl Gathered {
    /// Held against the source's contract and its last good reading.
    pub(super) fn judge(&self, source: &Source, state: &SourceState, now: DateTime<Utc>) -> Judged {
        let last = state.shape.as_deref().and_then(Shape::parse);
        let given = Given { listing: &self.listing, on_first: self.on_first, dropped: self.dropped.len() };
        contract::judge(source, given, last.as_ref(), now)
    }
}

/// What to ask of a source's server.
pub(super) fn request<'a>(
    source: &Source,
    url: &'a Url,
    validators: &'a Validators,
    now: DateTime<Utc>,
) -> Request<'a> {
    Request {
        url,
        validators,
        wants: match source.kind {
            SourceKind::Feed | SourceKind::Json(_) | SourceKind::Sitemap(_) => Wants::Feed,
            SourceKind::Page(_) => Wants::Page,
        },
        robots: source.robots,
        timeout: source.timeout,
        max_bytes: source.max_bytes,
        now,
    }
}

/// An editor who changes a selector sees what comes of it at the next run, also when the page has not changed.
pub(super) fn forget_if_read_otherwise(source: &Source, state: &mut SourceState) {
    let is_feed = source.kind == SourceKind::Feed;
    let last = state.shape.as_deref().filter(|_| !is_feed).and_then(Shape::parse);
    if last.is_some_and(|last| last.is_of_other_rules(source)) {
        state.validators = Validators::default();
        state.body = None;
    }
}

/// Reads the first answer, and asks for further pages where the source has some.
pub(super) async fn gather(
    reader: &Reader,
    index: usize,
    source: &Source,
    state: &SourceState,
    first: Answered,
    now: DateTime<Utc>,
) -> Result<Gathered, Wrong> {
    let url = first.url.clone();
    let mut gathered = only(reader, index, first).await?;
    if let Some(plan) = Plan::of(source, url, &gathered.listing) {
        plan.follow(reader, index, source, state, &mut gathered, now).await;
    }
    Ok(finished(source, gathered))
}

/// Reads one answer, and asks nobody.
pub(super) async fn of_file(
    reader: &Reader,
    index: usize,
    source: &Source,
    answer: Answered,
) -> Result<Gathered, Wrong> {
    Ok(finished(source, only(reader, index, answer).await?))
}

async fn only(reader: &Reader, index: usize, answer: Answered) -> Result<Gathered, Wrong> {
    let (listing, page) = parse(reader, index, answer).await?;
    let on_first = listing.document.entries.len();
    Ok(Gathered { listing, on_first, dropped: Vec::new(), pages: vec![page] })
}

impl Gathered {
    /// Takes over what is new on a further page; was there anything?
    pub(super) fn add(&mut self, more: Listing) -> bool {
        let known: HashSet<String> = self
            .listing
            .document
            .entries
            .iter()
            .filter_map(|entry| entry.link().map(str::to_owned))
            .collect();
        let before = self.listing.document.entries.len();
        let is_new = |entry: &ParsedEntry| entry.link().is_none_or(|link| !known.contains(link));
        self.listing.document.entries.extend(more.document.entries.into_iter().filter(is_new));
        self.listing.document.flaws.extend(more.document.flaws);
        for step in more.steps {
            if let Some(own) = self.listing.steps.iter_mut().find(|own| own.name == step.name) {
                own.found += step.found;
            }
        }
        self.listing.document.entries.len() > before
    }

    pub(super) fn note(&mut self, url: &Url, message: &str) {
        let message = format!("the further page {url} was left out: {message}");
        self.listing.document.flaws.push(Flaw { code: FlawCode::Limit, message });
    }
}

/// Parses a body, as the source's own settings ask for it.
pub(super) async fn parse(
    reader: &Reader,
    index: usize,
    answer: Answered,
) -> Result<(Listing, PageRead), Wrong> {
    if answer.bytes.iter().all(u8::is_ascii_whitespace) {
        return Err(Wrong { kind: Cause::Empty, message: "it answers, with nothing at all".to_owned() });
    }
    let config = Arc::clone(&reader.config);
    let read = move |stop: Stop<'_>| config.sources.get(index).map(|source| document(source, answer, stop));
    let parsed = reader.threads.read(read).await.map_err(Wrong::limit)?;
    parsed.ok_or_else(|| Wrong::limit("the source is no longer there".to_owned()))?
}

fn document(source: &Source, answer: Answered, stop: Stop<'_>) -> Result<(Listing, PageRead), Wrong> {
    let Answered { bytes, content_type, url } = answer;
    let bytes = match source.kind {
        SourceKind::Sitemap(_) if bytes.starts_with(&GZIP) => unpacked(&bytes, source.max_bytes)?,
        SourceKind::Sitemap(_) | SourceKind::Feed | SourceKind::Page(_) | SourceKind::Json(_) => bytes,
    };
    let input = Input { bytes: &bytes, content_type: content_type.as_deref(), base: Some(&url), stop };
    let listing = listing::read(input, &source.kind).map_err(|Unreadable(why)| Wrong::unreadable(why))?;
    let entries = listing.document.entries.len();
    if let (SourceKind::Page(_), 0, Some(media)) = (&source.kind, entries, &content_type)
        && !["html", "xml", "text/plain"].iter().any(|known| media.to_ascii_lowercase().contains(known))
    {
        let media = media.split(';').next().unwrap_or_default().trim();
        return Err(Wrong { kind: Cause::ContentType, message: format!("it sends {media}, and no page") });
    }
    if has_ended(source, &listing.document) {
        let message = "the feed says that it has ended: look for its successor, or disable the source";
        return Err(Wrong { kind: Cause::Gone, message: message.to_owned() });
    }
    let encoding = listing.document.encoding.clone();
    let page = PageRead { url, content_type, bytes: bytes.len(), encoding, entries };
    Ok((listing, page))
}

fn unpacked(bytes: &[u8], most: u64) -> Result<Bytes, Wrong> {
    let mut unpacked = Vec::new();
    // Programs that pack in parts write several members; all of them are the file.
    let read = MultiGzDecoder::new(bytes).take(most + 1).read_to_end(&mut unpacked);
    read.map_err(|error| Wrong { kind: Cause::Encoding, message: format!("its gzip is broken: {error}") })?;
    if u64::try_from(unpacked.len()).is_ok_and(|length| length > most) {
        return Err(Wrong {
            kind: Cause::TooLarge,
            message: format!("unpacked it has more than {most} bytes"),
        });
    }
    Ok(unpacked.into())
}

fn has_ended(source: &Source, document: &Document) -> bool {
    let Some(marker) = &source.ended_marker else { return false };
    document.entries.iter().any(|entry| entry.id.as_deref().is_some_and(|id| id.ends_with(marker.as_str())))
}

/// With only those entries that the source's own settings let through.
fn finished(source: &Source, mut gathered: Gathered) -> Gathered {
    let keep = regex(source.keep_link.as_deref());
    let drop = regex(source.drop_link.as_deref());
    if keep.is_some() || drop.is_some() {
        let is_taken = |entry: &ParsedEntry| {
            let link = entry.link().unwrap_or("");
            keep.as_ref().is_none_or(|keep| keep.is_match(link))
                && drop.as_ref().is_none_or(|drop| !drop.is_match(link))
        };
        let all = std::mem::take(&mut gathered.listing.document.entries);
        gathered.on_first = all.iter().take(gathered.on_first).filter(|entry| is_taken(entry)).count();
        (gathered.listing.document.entries, gathered.dropped) = all.into_iter().partition(is_taken);
    }
    if matches!(source.kind, SourceKind::Sitemap(_)) {
        gathered.listing.document.entries.truncate(MOST_OF_SITEMAP);
    }
    gathered
}

fn regex(pattern: Option<&str>) -> Option<regex::Regex> {
    pattern.map(|pattern| regex::Regex::new(pattern).expect("the configuration checked it"))
}
