//! Bytes become entries and flaws, never all or nothing: decode, repair, feed formats, HTML pages, dates, text.
//!
//! A feed goes through `decode` (bytes to text), `recognise` (is it a feed at all?), `survey` (is it sound?), `repair`
//! only if it is not, `skeleton` only if it is, feed-rs, and `adapt`; a JSON Feed goes to `json` instead.

pub mod date;
pub mod document;
pub mod dump;
pub mod html;
pub(crate) mod language;
pub mod listing;
pub mod page;
pub mod stop;

mod reference;
mod space;
mod element;
mod lex;
mod extra;
mod skeleton;
mod survey;
mod flaws;
mod decode;
mod recognise;
mod entities;
mod repair;
mod adapt;
mod cdf;
mod json;

use std::panic::{self, AssertUnwindSafe};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use url::Url;

use crate::model::source::Selectors;
use document::Document;
use flaws::Flaws;
use recognise::Body;
use skeleton::Skeleton;
use stop::{Stop, Watched};
use survey::{Condition, MOST_ENTRIES, Survey};

/// More of a document is not read. What comes over the net has a lower bound of its own.
const MOST_BYTES: usize = 16 * 1024 * 1024;

/// What came over the net, or out of a file.
#[derive(Debug, Clone, Copy, Default)]
pub struct Input<'a> {
    pub bytes: &'a [u8],
    /// The HTTP header's value; its charset counts (RFC 7303).
    pub content_type: Option<&'a str>,
    /// The address it was read from. Without it, relative links stay as they are.
    pub base: Option<&'a Url>,
    /// Set when nobody waits for it any more; then it is unreadable.
    pub stop: Stop<'a>,
}

/// There is nothing in it that we could call a feed (or, for a page, an entry). The text says what it is instead.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct Unreadable(pub String);

/// Reads a feed of any format, mending what is broken.
pub fn feed(input: Input<'_>) -> Result<Document, Unreadable> {
    let bytes = input.bytes.get(..MOST_BYTES).unwrap_or(input.bytes);
    let decoded = decode::decode(bytes, input.content_type);
    input.stop.check()?;
    let mut document = match recognise::recognise(&decoded.text)? {
        Body::Json(text) => json::read(text, input.base)?,
        Body::Cdf { text, junk } => cdf::read(text, junk, input.base, input.stop),
        Body::Xml { prolog, text, junk } => xml(&entities::expand(prolog, text), junk, input)?,
    };
    input.stop.check()?;
    document.encoding = decoded.encoding;
    document.flaws.splice(0..0, decoded.flaw);
    if bytes.len() < input.bytes.len() {
        document.flaws.push(flaws::too_long());
    }
    Ok(document)
}

/// Reads the entries of an HTML page by the source's selectors; there may be none.
pub fn page(input: Input<'_>, selectors: &Selectors) -> Result<Document, Unreadable> {
    input.stop.check()?;
    page::read(input, selectors).map(|listing| listing.document)
}

fn xml(text: &str, junk: bool, input: Input<'_>) -> Result<Document, Unreadable> {
    let survey = survey::survey(text, input.stop).map_err(|root| no_feed(root, input.stop))?;
    let mut flaws = Flaws::default();
    if junk {
        flaws.junk();
    }
    let mut document = None;
    if survey.condition == Condition::Fit {
        document = read(text, &survey, input, &mut flaws);
    }
    input.stop.check()?;
    if document.is_none() {
        // Once more, from a copy that is sound. What is merely unusual is no flaw.
        match survey.condition {
            Condition::Fit | Condition::Unusual => {}
            Condition::Broken => flaws.repaired(),
            Condition::Cut => flaws.truncated(),
        }
        let mended = repair::repair(text, survey.dialect, survey.version, input.stop);
        let again = survey::survey(&mended, input.stop).map_err(|root| no_feed(root, input.stop))?;
        document = read(&mended, &Survey { version: survey.version, ..again }, input, &mut flaws);
    }
    input.stop.check()?;
    let mut document = document.ok_or_else(|| Unreadable("broken beyond repair".to_owned()))?;
    if document.entries.len() > MOST_ENTRIES {
        document.entries.truncate(MOST_ENTRIES);
        flaws.too_many();
    }
    if survey.deep {
        flaws.too_deep();
    }
    document.flaws = flaws.into_list();
    Ok(document)
}

/// One pass of the feed reader. It has been seen to panic on odd texts; then it has read nothing.
fn read(text: &str, survey: &Survey<'_>, input: Input<'_>, flaws: &mut Flaws) -> Option<Document> {
    let unread = Arc::new(AtomicUsize::new(0));
    let count = Arc::clone(&unread);
    let parser = feed_rs::parser::Builder::new()
        .base_uri(input.base)
        .sanitize_content(false)
        // What it invents is no id: an entry without one says so.
        .id_generator(|_, _, _| String::new())
        .timestamp_parser(move |text| adapt::date_or_count(text, &count))
        .build();
    let seen = survey.skeleton.as_ref().map_or(text.as_bytes(), Skeleton::as_bytes);
    let watched = Watched { text: seen, stop: input.stop };
    let mut feed = panic::catch_unwind(AssertUnwindSafe(|| parser.parse(watched))).ok()?.ok()?;
    if let Some(skeleton) = &survey.skeleton {
        skeleton.put_back(&mut feed, |text| adapt::date_or_count(text, &unread));
    }
    flaws.dates(unread.load(Ordering::Relaxed));
    Some(adapt::document(feed, survey, input.base))
}

fn no_feed(root: Option<&str>, stop: Stop<'_>) -> Unreadable {
    if let Err(stopped) = stop.check() {
        return stopped;
    }
    Unreadable(match root {
        Some(root) => format!("XML with the root element <{root}>, not a feed"),
        None => "not a feed".to_owned(),
    })
}

#[cfg(test)]
mod tests;
