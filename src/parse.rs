//! Bytes become entries and flaws, never all or nothing: decode, repair, feed formats, HTML pages, dates, text.
//!
//! A feed goes through `decode` (bytes to text), `recognise` (is it a feed at all?), `survey` (is it sound?), `repair`
//! only if it is not, feed-rs, and `adapt`; a JSON Feed goes to `json` instead.

pub mod date;
pub mod document;
pub mod dump;
pub mod html;
pub mod page;

mod reference;
mod space;
mod element;
mod lex;
mod extra;
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
use survey::{Condition, MOST_ENTRIES, Survey};

/// What came over the net, or out of a file.
#[derive(Debug, Clone, Copy)]
pub struct Input<'a> {
    pub bytes: &'a [u8],
    /// The HTTP header's value; its charset counts (RFC 7303).
    pub content_type: Option<&'a str>,
    /// The address it was read from. Without it, relative links stay as they are.
    pub base: Option<&'a Url>,
}

/// There is nothing in it that we could call a feed (or, for a page, an entry). The text says what it is instead.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct Unreadable(pub String);

/// Reads a feed of any format, mending what is broken.
pub fn feed(input: Input<'_>) -> Result<Document, Unreadable> {
    let decoded = decode::decode(input.bytes, input.content_type);
    let mut document = match recognise::recognise(&decoded.text)? {
        Body::Json(text) => json::read(text, input.base)?,
        Body::Cdf { text, junk } => cdf::read(text, junk, input.base),
        Body::Xml { prolog, text, junk } => xml(&entities::expand(prolog, text), junk, input.base)?,
    };
    document.encoding = decoded.encoding;
    document.flaws.splice(0..0, decoded.flaw);
    Ok(document)
}

/// Reads the entries of an HTML page by the source's selectors.
pub fn page(input: Input<'_>, selectors: &Selectors) -> Result<Document, Unreadable> {
    page::page(input, selectors)
}

fn xml(text: &str, junk: bool, base: Option<&Url>) -> Result<Document, Unreadable> {
    let survey = survey::survey(text).map_err(no_feed)?;
    let mut flaws = Flaws::default();
    if junk {
        flaws.junk();
    }
    let mut document = None;
    if survey.condition == Condition::Fit {
        document = read(text, &survey, base, &mut flaws);
    }
    if document.is_none() {
        // Once more, from a copy that is sound. What is merely unusual is no flaw.
        match survey.condition {
            Condition::Fit | Condition::Unusual => {}
            Condition::Broken => flaws.repaired(),
            Condition::Cut => flaws.truncated(),
        }
        let mended = repair::repair(text, survey.dialect, survey.version);
        let again = survey::survey(&mended).map_err(no_feed)?;
        document = read(&mended, &Survey { version: survey.version, ..again }, base, &mut flaws);
    }
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
fn read(text: &str, survey: &Survey<'_>, base: Option<&Url>, flaws: &mut Flaws) -> Option<Document> {
    let unread = Arc::new(AtomicUsize::new(0));
    let count = Arc::clone(&unread);
    let parser = feed_rs::parser::Builder::new()
        .base_uri(base)
        .sanitize_content(false)
        // What it invents is no id: an entry without one says so.
        .id_generator(|_, _, _| String::new())
        .timestamp_parser(move |text| adapt::date_or_count(text, &count))
        .build();
    let feed = panic::catch_unwind(AssertUnwindSafe(|| parser.parse(text.as_bytes()))).ok()?.ok()?;
    flaws.dates(unread.load(Ordering::Relaxed));
    Some(adapt::document(feed, survey, base))
}

fn no_feed(root: Option<&str>) -> Unreadable {
    Unreadable(match root {
        Some(root) => format!("XML with the root element <{root}>, not a feed"),
        None => "not a feed".to_owned(),
    })
}

#[cfg(test)]
mod tests;
