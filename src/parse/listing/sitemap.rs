//! Entries out of a sitemap (sitemaps.org, with the extension for news), or the sitemaps of an index.

use chrono::{DateTime, Utc};
use chrono_tz::Tz;
use std::cmp::Reverse;
use url::Url;

use super::address::title_of;
use super::{Listing, Step, date_by_address, link};
use crate::model::entry::DateOrigin;
use crate::model::language::Language;
use crate::model::source::Sitemap;
use crate::model::text::{Markup, one_line};
use crate::parse::date::Hint;
use crate::parse::document::{About, Document, Flaw, FlawCode, ParsedEntry};
use crate::parse::{Input, Unreadable, date, decode, html};

/// What one file may hold (sitemaps.org).
const MOST_ADDRESSES: usize = 50_000;

/// One address of it.
#[derive(Debug, Default)]
struct Address<'a> {
    loc: &'a str,
    title: &'a str,
    published: &'a str,
    changed: &'a str,
    language: &'a str,
    /// Of another sitemap.
    is_sitemap: bool,
}

pub(super) fn read(input: Input<'_>, settings: &Sitemap) -> Result<Listing, Unreadable> {
    let decoded = decode::decode(input.bytes, input.content_type);
    let text = decoded.text.trim_start_matches('\u{feff}');
    if !text.contains("<urlset") && !text.contains("<sitemapindex") && !text.contains(":urlset") {
        let what = if text.trim().is_empty() { "an empty answer" } else { "not a sitemap" };
        return Err(Unreadable(what.to_owned()));
    }
    let addresses = addresses(text);
    let mut flaws: Vec<Flaw> = decoded.flaw.into_iter().collect();
    let (sitemaps, pages): (Vec<_>, Vec<_>) = addresses.into_iter().partition(|address| address.is_sitemap);
    let mut entries: Vec<ParsedEntry> =
        pages.iter().filter_map(|page| entry(page, settings, input.base)).collect();
    let bad = pages.len() - entries.len();
    if bad > 0 {
        let message = format!(
            "{bad} of {} addresses without a title or a link that may be shown, left out",
            pages.len()
        );
        flaws.push(Flaw { code: FlawCode::Entry, message });
    }
    // Sitemaps have no order; what is new comes first as in any other listing.
    entries.sort_by_key(|entry| Reverse(entry.published.or(entry.updated)));
    let count = |has: fn(&Address<'_>) -> bool| pages.iter().filter(|page| has(page)).count();
    let steps = vec![
        Step::new("sitemap", "<sitemap>", sitemaps.len()),
        Step::new("item", "<url>", pages.len()),
        Step::new("title", "<news:title>", count(|page| !page.title.is_empty())),
        Step::new("date", "<news:publication_date>", count(|page| !page.published.is_empty())),
        Step::new("changed", "<lastmod>", count(|page| !page.changed.is_empty())),
    ];
    let about = About { base: input.base.cloned(), ..About::default() };
    let document = Document {
        version: "sitemap".to_owned(),
        encoding: decoded.encoding,
        about,
        entries,
        flaws,
        deleted: Vec::new(),
    };
    Ok(Listing { document, steps, next: newest(sitemaps, settings.date_zone, input.base) })
}

/// The sitemaps of an index, those that changed last first.
fn newest(mut sitemaps: Vec<Address<'_>>, zone: Option<Tz>, base: Option<&Url>) -> Vec<Url> {
    sitemaps.sort_by_key(|sitemap| Reverse(time(sitemap.changed, zone)));
    sitemaps.iter().filter_map(|sitemap| html::safe_link(&plain(sitemap.loc), base)).collect()
}

fn entry(page: &Address<'_>, settings: &Sitemap, base: Option<&Url>) -> Option<ParsedEntry> {
    let link = link(&plain(page.loc), base)?;
    let title = Some(plain(page.title)).filter(|title| !title.is_empty());
    let title = title.or_else(|| settings.titles_from_addresses.then(|| title_of(&link.href)).flatten())?;
    let published = time(page.published, settings.date_zone);
    let mut entry = ParsedEntry {
        title: Some(Markup::plain(title)),
        links: vec![link],
        published,
        date_origin: published.map(|_| DateOrigin::Feed),
        updated: time(page.changed, settings.date_zone),
        language: Language::parse(page.language.trim()),
        base: base.cloned(),
        ..ParsedEntry::default()
    };
    date_by_address(&mut entry);
    Some(entry)
}

fn time(text: &str, zone: Option<Tz>) -> Option<DateTime<Utc>> {
    date::parse_with(&plain(text), Hint { zone, ..Hint::default() }).ok()
}

/// The words of it: references and CDATA decoded.
fn plain(text: &str) -> String {
    let text = text.trim();
    let inner = text.strip_prefix("<![CDATA[").and_then(|text| text.strip_suffix("]]>"));
    match inner {
        Some(inner) => one_line(inner),
        None => one_line(&html::text(&Markup::html(text))),
    }
}

/// One pass over the tags; a sitemap nests three deep, and its texts stand alone between two tags.
fn addresses(text: &str) -> Vec<Address<'_>> {
    let mut addresses: Vec<Address<'_>> = Vec::new();
    let mut rest = text;
    while let Some(start) = rest.find('<') {
        rest = rest.get(start + 1..).unwrap_or_default();
        let Some((name, after)) = rest.split_once('>') else { break };
        rest = after;
        let name = name.split(|c: char| c.is_ascii_whitespace()).next().unwrap_or_default();
        let local = name.rsplit(':').next().unwrap_or_default();
        match local {
            "url" | "sitemap" if name.starts_with(local) => {
                if addresses.len() == MOST_ADDRESSES {
                    break;
                }
                addresses.push(Address { is_sitemap: local == "sitemap", ..Address::default() });
            }
            "loc" | "title" | "publication_date" | "lastmod" | "language" if !name.starts_with('/') => {
                let (content, behind) = content(after);
                rest = behind;
                if let Some(address) = addresses.last_mut() {
                    address.set(name, local, content);
                }
            }
            _ => {}
        }
    }
    addresses
}

/// What stands before the next tag, CDATA as a whole; and the rest.
fn content(text: &str) -> (&str, &str) {
    let cdata = text.trim_start().starts_with("<![CDATA[");
    let end = if cdata { text.find("]]>").map(|end| end + 3) } else { text.find('<') };
    text.split_at(end.unwrap_or(text.len()))
}

impl<'a> Address<'a> {
    /// The first of a kind counts: pictures of a page have a `loc` and a `title` too, under another prefix.
    fn set(&mut self, name: &str, local: &str, content: &'a str) {
        let field = match local {
            "loc" if name == local => &mut self.loc,
            "lastmod" if name == local => &mut self.changed,
            "title" if name.starts_with("news:") || name.starts_with("n:") => &mut self.title,
            "publication_date" => &mut self.published,
            "language" => &mut self.language,
            _ => return,
        };
        if field.is_empty() {
            *field = content;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NEWS: &str = include_str!("../../../tests/data/pages/news_sitemap.xml");
    const INDEX: &str = include_str!("../../../tests/data/pages/sitemap_index.xml");

    fn listing(text: &str, titles_from_addresses: bool) -> Result<Listing, Unreadable> {
        let base = Url::parse("https://customs.example/sitemap.xml").expect("an address");
        let settings = Sitemap { titles_from_addresses, most_pages: 3, ..Sitemap::default() };
        read(
            Input { bytes: text.as_bytes(), content_type: None, base: Some(&base), ..Input::default() },
            &settings,
        )
    }

    /// Each entry as `title | path | published | changed | language`.
    fn check(text: &str, titles: bool, entries: &[&str], flaws: &[&str]) {
        let document = listing(text, titles).expect("a sitemap").document;
        let day =
            |time: Option<DateTime<Utc>>| time.map(|time| time.format("%F").to_string()).unwrap_or_default();
        let shown: Vec<String> = document
            .entries
            .iter()
            .map(|entry| {
                let title = entry.title.as_ref().map(|title| &*title.text).unwrap_or_default();
                let path = entry.link().unwrap_or_default().replace("https://customs.example", "");
                let language = entry.language.as_ref().map(Language::to_string).unwrap_or_default();
                format!("{title} | {path} | {} | {} | {language}", day(entry.published), day(entry.updated))
            })
            .collect();
        assert_eq!(shown, entries);
        assert_eq!(document.flaws.iter().map(|flaw| &*flaw.message).collect::<Vec<_>>(), flaws);
    }

    #[test]
    fn news_have_titles_and_dates() {
        check(
            NEWS,
            false,
            &[
                "Border post opens at night & on Sundays | /news/border-post | 2026-10-02 | 2026-10-03 | en",
                "Formulaires : la liste <2027> | /fr/formulaires | 2026-09-30 |  | fr",
            ],
            &["1 of 3 addresses without a title or a link that may be shown, left out"],
        );
    }

    #[test]
    fn the_declaration_names_the_encoding() {
        let mut bytes = b"<?xml version=\"1.0\" encoding=\"windows-1251\"?><urlset><url><loc>https://customs.example/1</loc>\
            <news:title>"
            .to_vec();
        bytes.extend(b"\xD2\xE0\xEC\xEE\xE6\xED\xFF</news:title></url></urlset>");
        let read = read(Input { bytes: &bytes, ..Input::default() }, &Sitemap::default());
        let document = read.expect("a sitemap").document;
        let title = document.entries.first().and_then(|entry| entry.title.clone());
        assert_eq!(title.map(|title| title.text).as_deref(), Some("Таможня"));
        assert_eq!((document.encoding.as_str(), document.flaws.len()), ("windows-1251", 0));
    }

    #[test]
    fn a_zone_is_that_of_times_that_name_none() {
        let text = "<urlset><url><loc>https://customs.example/1</loc><news:title>A</news:title>\
            <news:publication_date>2026-10-02 01:00</news:publication_date></url></urlset>";
        let settings = Sitemap { date_zone: Some(Tz::Asia__Shanghai), ..Sitemap::default() };
        let document = read(Input { bytes: text.as_bytes(), ..Input::default() }, &settings)
            .expect("a sitemap")
            .document;
        let published = document.entries.first().and_then(|entry| entry.published);
        assert_eq!(published.map(|time| time.to_rfc3339()).as_deref(), Some("2026-10-01T17:00:00+00:00"));
    }

    #[test]
    fn an_address_may_stand_for_a_title() {
        let last =
            "New rules of origin | /2026/08/14/new-rules_of%20origin.html | 2026-08-14 | 2026-10-05 | ";
        let entries = [
            "Border post opens at night & on Sundays | /news/border-post | 2026-10-02 | 2026-10-03 | en",
            "Formulaires : la liste <2027> | /fr/formulaires | 2026-09-30 |  | fr",
            last,
        ];
        check(NEWS, true, &entries, &[]);
    }

    #[test]
    fn an_index_names_sitemaps_the_newest_first() {
        let next: Vec<String> =
            listing(INDEX, false).expect("an index").next.into_iter().map(String::from).collect();
        assert_eq!(
            next,
            [
                "https://customs.example/news.xml.gz",
                "https://customs.example/pages.xml",
                "https://customs.example/old.xml"
            ]
        );
    }

    #[test]
    fn what_is_no_sitemap_says_so() {
        let said = |text| listing(text, false).err().map(|error| error.0).unwrap_or_default();
        assert_eq!(said(""), "an empty answer");
        assert_eq!(said("<html><body>404"), "not a sitemap");
    }

    #[test]
    fn tags_without_end_are_read_in_no_time() {
        check(
            &format!("<urlset>{}", "<url><loc>".repeat(50_000)),
            false,
            &[],
            &["50000 of 50000 addresses without a title or a link that may be shown, left out"],
        );
    }
}
