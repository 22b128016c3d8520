//! JSON Feed 1.0 and 1.1, taken as it comes: a number may be an id, and one odd field spoils nothing.

use serde_json::Value;
use url::Url;

use super::adapt::{MOST_CATEGORIES, MOST_LINKS, MOST_PEOPLE, date_or_count, resolve};
use super::document::{About, Category, Document, Enclosure, Flaw, FlawCode, Link, ParsedEntry, Person};
use super::survey::MOST_ENTRIES;
use super::{Unreadable, flaws};
use crate::model::entry::DateOrigin;
use crate::model::language::Language;
use crate::model::text::Markup;

pub(super) fn read(text: &str, base: Option<&Url>) -> Result<Document, Unreadable> {
    let mut values = serde_json::Deserializer::from_str(text).into_iter::<Value>();
    let feed = match values.next() {
        Some(Ok(feed)) => feed,
        Some(Err(error)) => return Err(Unreadable(format!("broken JSON, not a feed ({error})"))),
        None => return Err(Unreadable("an empty answer".to_owned())),
    };
    let version = text_of(&feed, "version").unwrap_or_default();
    let Some(items) = list(&feed, "items").filter(|_| is_version(&version)) else {
        return Err(Unreadable("JSON of another kind, not a feed".to_owned()));
    };
    let unread = std::sync::atomic::AtomicUsize::new(0);
    let mut flaws = flaws::Flaws::default();
    if items.len() > MOST_ENTRIES {
        flaws.too_many();
    }
    let odd = items.iter().filter(|item| !item.is_object()).count();
    if odd > 0 {
        let message = format!("items that are no objects were left out: {odd}");
        flaws.push(Flaw { code: FlawCode::Entry, message });
    }
    let entries = items.iter().take(MOST_ENTRIES).filter(|item| item.is_object());
    let entries = entries.map(|item| entry(item, base, &unread)).collect();
    flaws.dates(unread.into_inner());
    Ok(Document {
        version: if version.ends_with("/1") || matches!(version.as_str(), "1" | "1.0") {
            "json1"
        } else {
            "json11"
        }
        .to_owned(),
        encoding: String::new(),
        about: about(&feed, base),
        entries,
        deleted: Vec::new(),
        flaws: flaws.into_list(),
    })
}

/// The address that the specification gives; some only write the number.
fn is_version(version: &str) -> bool {
    version.contains("jsonfeed.org") || matches!(version, "1" | "1.0" | "1.1")
}

fn about(feed: &Value, base: Option<&Url>) -> About {
    let home = text_of(feed, "home_page_url").map(|href| link(&href, "alternate", base));
    let own = text_of(feed, "feed_url").map(|href| link(&href, "self", base));
    let hubs = feed.get("hubs").and_then(Value::as_array).into_iter().flatten().take(MOST_LINKS);
    let hubs =
        hubs.filter(|hub| text_of(hub, "type").is_some_and(|kind| kind.eq_ignore_ascii_case("websub")));
    let hubs = hubs.filter_map(|hub| text_of(hub, "url")).map(|href| link(&href, "hub", base));
    About {
        id: text_of(feed, "feed_url"),
        title: text_of(feed, "title").map(Markup::plain),
        subtitle: text_of(feed, "description").map(Markup::plain),
        links: home.into_iter().chain(own).chain(hubs).collect(),
        language: language(feed),
        authors: people(feed),
        logo: text_of(feed, "icon").map(|href| resolve(&href, base)),
        icon: text_of(feed, "favicon").map(|href| resolve(&href, base)),
        base: base.cloned(),
        ..About::default()
    }
}

fn entry(item: &Value, base: Option<&Url>, unread: &std::sync::atomic::AtomicUsize) -> ParsedEntry {
    let time = |name: &str| text_of(item, name).and_then(|text| date_or_count(&text, unread));
    let html = text_of(item, "content_html").map(Markup::html);
    let plain = text_of(item, "content_text").map(Markup::plain);
    let summary = text_of(item, "summary").map(Markup::plain);
    let summary = if html.is_some() { summary.or_else(|| plain.clone()) } else { summary };
    let url = text_of(item, "url").map(|href| link(&href, "alternate", base));
    let elsewhere = text_of(item, "external_url").map(|href| link(&href, "related", base));
    let published = time("date_published");
    ParsedEntry {
        id: text_of(item, "id"),
        title: text_of(item, "title").map(Markup::plain),
        links: with_alternate(url.into_iter().chain(elsewhere).collect()),
        summary,
        content: html.or(plain),
        language: language(item),
        authors: people(item),
        categories: tags(item),
        published,
        date_origin: published.map(|_| DateOrigin::Feed),
        updated: time("date_modified"),
        enclosures: list(item, "attachments")
            .into_iter()
            .flatten()
            .filter_map(|file| attachment(file, base))
            .take(MOST_LINKS)
            .collect(),
        thumbnail: text_of(item, "image")
            .or_else(|| text_of(item, "banner_image"))
            .map(|href| resolve(&href, base)),
        base: base.cloned(),
        ..ParsedEntry::default()
    }
}

/// An entry that only points elsewhere leads there.
fn with_alternate(mut links: Vec<Link>) -> Vec<Link> {
    if let [only] = links.as_mut_slice() {
        "alternate".clone_into(&mut only.rel);
    }
    links
}

fn link(href: &str, rel: &str, base: Option<&Url>) -> Link {
    Link { href: resolve(href, base), rel: rel.to_owned(), ..Link::default() }
}

fn tags(item: &Value) -> Vec<Category> {
    let terms = list(item, "tags").into_iter().flatten().filter_map(Value::as_str).take(MOST_CATEGORIES);
    terms.map(|term| Category { term: term.trim().to_owned(), ..Category::default() }).collect()
}

fn attachment(file: &Value, base: Option<&Url>) -> Option<Enclosure> {
    Some(Enclosure {
        url: resolve(&text_of(file, "url")?, base),
        media_type: text_of(file, "mime_type"),
        length: file.get("size_in_bytes").and_then(Value::as_u64),
    })
}

/// `authors` of 1.1 and `author` of 1.0.
fn people(value: &Value) -> Vec<Person> {
    let many = list(value, "authors").into_iter().flatten();
    let people = many.chain(value.get("author")).map(|person| match person {
        Value::String(name) => Person { name: Some(name.clone()), ..Person::default() },
        person => Person { name: text_of(person, "name"), email: None, uri: text_of(person, "url") },
    });
    let mut distinct: Vec<Person> = Vec::new();
    for person in people.filter(|person| *person != Person::default()).take(MOST_PEOPLE) {
        if !distinct.contains(&person) {
            distinct.push(person);
        }
    }
    distinct
}

fn language(value: &Value) -> Option<Language> {
    text_of(value, "language").as_deref().and_then(Language::parse)
}

fn list<'a>(value: &'a Value, name: &str) -> Option<&'a Vec<Value>> {
    value.get(name).and_then(Value::as_array)
}

fn text_of(value: &Value, name: &str) -> Option<String> {
    match value.get(name)? {
        Value::String(text) => Some(text.trim().to_owned()).filter(|text| !text.is_empty()),
        Value::Number(number) => Some(number.to_string()),
        Value::Null | Value::Bool(_) | Value::Array(_) | Value::Object(_) => None,
    }
}
