//! The entries of an HTML page without a feed, found by the source's selectors.

mod charset;
mod dates;
mod items;
mod selection;

use scraper::Html;
use url::Url;

use super::document::{About, Document, Flaw, FlawCode, Link, ParsedEntry};
use super::html::{safe_link, tame};
use super::{Input, Unreadable, date};
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

/// Reads the entries of an HTML page by the source's selectors.
pub(super) fn page(input: Input<'_>, selectors: &Selectors) -> Result<Document, Unreadable> {
    let selection = Selection::parse(selectors).map_err(Unreadable)?;
    let mut flaws = Vec::new();
    let bytes = input.bytes.get(..LONGEST).unwrap_or(input.bytes);
    if bytes.len() < input.bytes.len() {
        let message = format!("longer than {LONGEST} bytes; only its beginning was read");
        flaws.push(Flaw { code: FlawCode::Limit, message });
    }
    let decoded = charset::decode(bytes, input.content_type);
    flaws.extend(decoded.flaw.map(|message| Flaw { code: FlawCode::Encoding, message }));

    let html = Html::parse_document(&tame(&decoded.text));
    let about = about(&html, input.base);
    let found = items::find(&html, &selection, about.base.as_ref());
    if found.items.len() < selectors.min_entries {
        return Err(too_few(selectors, &found));
    }
    flaws.extend(found.flaws());
    let dates = Dates::of(&html, &selection, &found.items);
    let entries: Vec<ParsedEntry> =
        found.items.iter().map(|item| entry(item, &dates, about.base.as_ref())).collect();
    flaws.extend(dates.flaw(&entries));
    Ok(Document { version: "page".to_owned(), encoding: decoded.encoding, about, entries, flaws })
}

/// Why a selector cannot be used, in plain words that follow its name ("is empty"); `Ok` if it can.
pub fn check_selector(css: &str) -> Result<(), String> {
    selection::parse(css).map(|_| ())
}

fn about(html: &Html, base: Option<&Url>) -> About {
    let first = |css: &str| select(html.root_element(), &selection::known(css)).next();
    let own_base = first("base[href]").and_then(|base| base.attr("href"));
    let title = first("title").map(|title| one_line(&title.text().collect::<String>()));
    About {
        title: title.filter(|title| !title.is_empty()).map(Markup::plain),
        language: html.root_element().attr("lang").and_then(Language::parse),
        base: own_base.and_then(|href| safe_link(href, base)).or_else(|| base.cloned()),
        links: select(html.root_element(), &selection::known("link[rel][type][href]"))
            .filter_map(|link| feed_link(link, base))
            .take(MOST_FEEDS)
            .collect(),
        ..About::default()
    }
}

/// A feed that the page offers beside itself.
fn feed_link(link: scraper::ElementRef<'_>, base: Option<&Url>) -> Option<Link> {
    let rel = link.attr("rel")?;
    let is_alternate = rel.split_ascii_whitespace().any(|word| word.eq_ignore_ascii_case("alternate"));
    let media_type = link.attr("type").filter(|_| is_alternate)?;
    let href = safe_link(link.attr("href")?, base)?.to_string();
    Some(Link {
        href,
        rel: "alternate".to_owned(),
        media_type: Some(media_type.to_owned()),
        ..Link::default()
    })
}

fn entry(item: &Item<'_>, dates: &Dates<'_>, base: Option<&Url>) -> ParsedEntry {
    let on_page = dates.of_item(item).map(|time| (time, DateOrigin::Page));
    let found = on_page.or_else(|| date::in_address(&item.link).map(|time| (time, DateOrigin::Address)));
    let link = Link { href: item.link.clone(), rel: "alternate".to_owned(), ..Link::default() };
    ParsedEntry {
        title: Some(Markup::plain(item.title.clone())),
        links: vec![link],
        summary: item.summary.clone().map(Markup::html),
        published: found.map(|(time, _)| time),
        date_origin: found.map(|(_, origin)| origin),
        base: base.cloned(),
        ..ParsedEntry::default()
    }
}

fn too_few(selectors: &Selectors, found: &items::Found<'_>) -> Unreadable {
    let number = found.items.len();
    let entries = if number == 1 { "entry" } else { "entries" };
    let why: Vec<String> = found.flaws().into_iter().map(|flaw| flaw.message).collect();
    let why = if why.is_empty() { String::new() } else { format!(" ({})", why.join("; ")) };
    Unreadable(format!(
        "selector `{}` found {number} {entries}, at least {} expected{why}: the page was rebuilt, or is not the page we know",
        selectors.item, selectors.min_entries
    ))
}

#[cfg(test)]
mod tests;
