//! A parsed entry, read as one of a source's entries: what we store of it, cleaned.

use chrono::DateTime;
use url::Url;

use crate::model::entry::{DateOrigin, Entry, EntryId};
use crate::model::source::Source;
use crate::model::text::{Markup, clean, one_line};
use crate::parse::document::{About, Category, ParsedEntry, Person};
use crate::parse::html;

/// In bytes. Longer titles are cut: nobody reads them, and they may be an attack.
const LONGEST_TITLE: usize = 500;

/// More of them are of no use to anybody.
const MOST_NAMES: usize = 30;

/// The words of an entry's texts, without markup.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Texts {
    pub summary: String,
    pub content: String,
}

impl Texts {
    pub fn of(entry: &Entry) -> Self {
        let text = |markup: &Option<Markup>| markup.as_ref().map(html::text).unwrap_or_default();
        Self { summary: text(&entry.summary), content: text(&entry.content) }
    }
}

/// What we store of a parsed entry. The times are not ours to know here: matching sets them. `neighbour` is the link of
/// another entry: most of a document's lead to one site.
pub fn entry_of(
    source: &Source,
    about: &About,
    parsed: &ParsedEntry,
    id: EntryId,
    neighbour: Option<&Url>,
) -> Entry {
    let base = parsed.base.as_ref().or(about.base.as_ref()).unwrap_or(&source.url);
    let link = parsed.link().or_else(|| parsed.enclosures.first().map(|enclosure| enclosure.url.as_str()));
    let link = link.and_then(|link| html::safe_link_beside(link, Some(base), neighbour));
    let language = parsed.language.as_ref().or(source.language.as_ref()).or(about.language.as_ref());
    Entry {
        id,
        source: source.id.clone(),
        title: title_of(parsed),
        link,
        summary: parsed.summary.as_ref().and_then(cleaned),
        content: parsed.content.as_ref().and_then(cleaned),
        base: Some(base.clone()),
        language: language.cloned(),
        authors: names(&parsed.authors),
        categories: categories(&parsed.categories),
        published: parsed.published,
        date_origin: parsed.date_origin.unwrap_or(DateOrigin::FirstSeen),
        first_seen: DateTime::UNIX_EPOCH,
        listed: DateTime::UNIX_EPOCH,
        changed: DateTime::UNIX_EPOCH,
    }
}

/// The title as text; without one, the first words of the text.
fn title_of(parsed: &ParsedEntry) -> String {
    let title = parsed.title.as_ref().map(|title| one_line(&html::text(title))).unwrap_or_default();
    if !title.is_empty() && title.len() <= LONGEST_TITLE {
        return title;
    }
    if !title.is_empty() {
        return html::excerpt(&title, usize::MAX, LONGEST_TITLE);
    }
    let text = parsed.summary.as_ref().or(parsed.content.as_ref()).map(html::text).unwrap_or_default();
    let words = html::excerpt(&one_line(&text), 1, 100);
    if words.is_empty() { "(no title)".to_owned() } else { words }
}

fn cleaned(markup: &Markup) -> Option<Markup> {
    let text = clean(&markup.text);
    (!text.trim().is_empty()).then_some(Markup { text, html: markup.html })
}

fn names(persons: &[Person]) -> Vec<String> {
    distinct(persons.iter().filter_map(|person| person.name.as_deref()))
}

fn categories(categories: &[Category]) -> Vec<String> {
    distinct(categories.iter().map(|category| category.label.as_deref().unwrap_or(&category.term)))
}

fn distinct<'a>(texts: impl Iterator<Item = &'a str>) -> Vec<String> {
    let mut distinct = Vec::new();
    for text in texts.map(one_line).filter(|text| !text.is_empty() && text.len() <= LONGEST_TITLE) {
        if distinct.len() < MOST_NAMES && !distinct.contains(&text) {
            distinct.push(text);
        }
    }
    distinct
}
