//! A document of any kind of source, read, with what each step of the reading found.

mod address;
mod json;
mod literal;
pub mod paging;
mod path;
pub mod raw;
mod script;
mod sitemap;
pub(super) mod when;

use url::Url;

use super::document::{Document, Link, ParsedEntry};
use super::{Input, Unreadable, page};
use crate::model::entry::DateOrigin;
use crate::model::source::SourceKind;
use crate::parse::html;

pub use path::check_path;
pub use script::check_name;
pub use when::check_format;

/// A document, and how it was read.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Listing {
    pub document: Document,
    /// In the order of the reading; none for a feed.
    pub steps: Vec<Step>,
    /// The addresses of further pages that this one names, to be asked in this order.
    pub next: Vec<Url>,
}

/// One selector or path, and what it found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step {
    /// The key in feeds.toml: `item`, `title`, `date_before`.
    pub name: &'static str,
    /// As feeds.toml has it.
    pub rule: String,
    /// Items, or items in which it found something.
    pub found: usize,
    /// If it found nothing: parts of the rule that do, each with how many.
    pub near: Vec<(String, usize)>,
}

/// Reads a document as the source's kind asks for it. Whether it gives enough is for others to say.
pub fn read(input: Input<'_>, kind: &SourceKind) -> Result<Listing, Unreadable> {
    input.stop.check()?;
    match kind {
        SourceKind::Feed => super::feed(input).map(|document| Listing { document, ..Listing::default() }),
        SourceKind::Page(selectors) => page::read(input, selectors),
        SourceKind::Json(paths) => json::read(input, paths),
        SourceKind::Sitemap(settings) => sitemap::read(input, settings),
    }
}

impl Step {
    pub(super) fn new(name: &'static str, rule: &str, found: usize) -> Self {
        Self { name, rule: rule.to_owned(), found, near: Vec::new() }
    }
}

/// The entry's own link; `None` if it may not be shown.
pub(super) fn link(href: &str, base: Option<&Url>) -> Option<Link> {
    let href = html::safe_link(href, base)?;
    Some(Link { href: href.into(), rel: "alternate".to_owned(), ..Link::default() })
}

/// Gives an entry without a date the one in its address.
pub(super) fn date_by_address(entry: &mut ParsedEntry) {
    if entry.published.is_none() {
        entry.published = entry.link().and_then(super::date::in_address);
        entry.date_origin = entry.published.map(|_| DateOrigin::Address);
    }
}
