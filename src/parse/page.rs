//! The entries of an HTML page without a feed, found by the source's selectors.

mod beside;
mod dates;
mod items;
mod near;
mod selection;
mod steps;

use std::sync::LazyLock;

use scraper::{Html, Selector};
use url::Url;

use super::adapt::{MOST_LINKS, resolve};
use super::document::{About, Document, Flaw, FlawCode, Link, ParsedEntry};
use super::html::{safe_link, tame};
use super::listing::{Listing, date_by_address};
use super::{Input, Unreadable, decode};
use crate::model::entry::DateOrigin;
use crate::model::language::Language;
use crate::model::source::Selectors;
use crate::model::text::{Markup, one_line};

use dates::Dates;
use items::Item;
use selection::{Selection, select};

/// A page that offers more feeds than this helps nobody to choose.
const MOST_FEEDS: usize = 16;

/// A listing page is a tenth of this.
const LONGEST: usize = 2 * 1024 * 1024;

static BASE: LazyLock<Selector> = LazyLock::new(|| selection::known("base[href]"));
static TITLE: LazyLock<Selector> = LazyLock::new(|| selection::known("title"));
static FEEDS: LazyLock<Selector> =
    LazyLock::new(|| selection::known("link[rel][type][href], a[rel][type][href]"));
static HUBS: LazyLock<Selector> =
    LazyLock::new(|| selection::known(r#"link[rel~="hub" i][href], link[rel~="self" i][href]"#));

/// Reads the entries of an HTML page by the source's selectors.
pub(super) fn read(input: Input<'_>, selectors: &Selectors) -> Result<Listing, Unreadable> {
    let selection = Selection::parse(selectors).map_err(Unreadable)?;
    let mut flaws = Vec::new();
    let bytes = input.bytes.get(..LONGEST).unwrap_or(input.bytes);
    if bytes.len() < input.bytes.len() {
        let message = format!("longer than {LONGEST} bytes; only its beginning was read");
        flaws.push(Flaw { code: FlawCode::Limit, message });
    }
    let decoded = decode::html(bytes, input.content_type);
    flaws.extend(decoded.flaw);

    let html = Html::parse_document(&tame(&decoded.text));
    let about = about(&html, input.base);
    let found = items::find(&html, &selection, about.base.as_ref());
    flaws.extend(found.flaws());
    let dates = Dates::of(&html, &selection, &found.items);
    let entry = |(index, item)| entry(index, item, &dates, about.base.as_ref());
    let entries: Vec<ParsedEntry> = found.items.iter().enumerate().map(entry).collect();
    flaws.extend(dates.flaw(&entries));
    let steps = steps::steps(&html, selectors, &found, &entries);
    let next = next(&html, &selection, about.base.as_ref());
    let document = Document {
        version: "page".to_owned(),
        encoding: decoded.encoding,
        about,
        entries,
        flaws,
        deleted: Vec::new(),
    };
    Ok(Listing { document, steps, next: next.into_iter().collect() })
}

/// The page as a tree, as [`page`] reads it, and what it says of itself: for those who look for selectors.
pub fn tree(input: Input<'_>) -> (Html, About) {
    let bytes = input.bytes.get(..LONGEST).unwrap_or(input.bytes);
    let html = Html::parse_document(&tame(&decode::html(bytes, input.content_type).text));
    let about = about(&html, input.base);
    (html, about)
}

/// Why a selector cannot be used, in plain words that follow its name ("is empty"); `Ok` if it can.
pub fn check_selector(css: &str) -> Result<(), String> {
    selection::parse(css).map(|_| ())
}

fn about(html: &Html, base_of_document: Option<&Url>) -> About {
    let all = |selector| select(html.root_element(), selector);
    let own_base = all(&BASE).next().and_then(|base| safe_link(base.attr("href")?, base_of_document));
    let own_base = own_base.or_else(|| base_of_document.cloned());
    let title = all(&TITLE).next().map(|title| one_line(&title.text().collect::<String>()));
    About {
        title: title.filter(|title| !title.is_empty()).map(Markup::plain),
        language: html.root_element().attr("lang").and_then(Language::parse),
        links: all(&FEEDS)
            .filter_map(|link| feed_link(link, own_base.as_ref()))
            .take(MOST_FEEDS)
            .chain(hub_links(html, base_of_document))
            .collect(),
        base: own_base,
        ..About::default()
    }
}

/// The page's hubs, and what it calls itself there.
fn hub_links(html: &Html, base: Option<&Url>) -> Vec<Link> {
    let link =
        |href: &str, rel: &str| Link { href: resolve(href, base), rel: rel.to_owned(), ..Link::default() };
    select(html.root_element(), &HUBS)
        .filter_map(|element| Some(link(element.attr("href")?, element.attr("rel")?)))
        .take(MOST_LINKS)
        .collect()
}

/// A feed that the page offers beside itself.
fn feed_link(link: scraper::ElementRef<'_>, base: Option<&Url>) -> Option<Link> {
    let rel = link.attr("rel")?;
    let media_type = link.attr("type").filter(|media_type| is_feed_offer(rel, media_type))?;
    let href = safe_link(link.attr("href")?, base)?.to_string();
    Some(Link {
        href,
        rel: "alternate".to_owned(),
        media_type: Some(media_type.to_owned()),
        title: link.attr("title").map(one_line).filter(|title| !title.is_empty()),
        ..Link::default()
    })
}

/// Does a link of this relation and media type offer a feed?
pub fn is_feed_offer(rel: &str, media_type: &str) -> bool {
    rel.split_ascii_whitespace().any(|word| word.eq_ignore_ascii_case("alternate"))
        && is_feed_type(media_type)
}

/// May a document of this media type be a feed? Not any JSON: pages offer their programs' answers so.
pub fn is_feed_type(media_type: &str) -> bool {
    let essence = media_type.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    matches!(
        &*essence,
        "application/rss+xml"
            | "application/atom+xml"
            | "application/rdf+xml"
            | "application/feed+json"
            | "application/xml"
            | "text/xml"
    )
}

fn entry(index: usize, item: &Item<'_>, dates: &Dates<'_, '_>, base: Option<&Url>) -> ParsedEntry {
    let published = dates.of_item(index);
    let link = Link { href: item.link.clone(), rel: "alternate".to_owned(), ..Link::default() };
    let mut entry = ParsedEntry {
        title: Some(Markup::plain(item.title.clone())),
        links: vec![link],
        summary: item.summary.clone().map(Markup::html),
        published,
        date_origin: published.map(|_| DateOrigin::Page),
        base: base.cloned(),
        ..ParsedEntry::default()
    };
    date_by_address(&mut entry);
    entry
}

/// Where the page says that the listing goes on.
fn next(html: &Html, selection: &Selection<'_>, base: Option<&Url>) -> Option<Url> {
    let mut links = html.select(selection.next.as_ref()?);
    links.find_map(|link| safe_link(link.attr("href")?, base))
}

#[cfg(test)]
mod tests;
