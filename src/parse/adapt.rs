//! What the feed reader read, and what it passed over, as a document of ours.

use chrono::{DateTime, Utc};
use feed_rs::model as read;
use url::Url;

use super::date;
use super::document::{About, Category, Document, Generator, ParsedEntry, Person, Reply, TextInput};
use super::element::Dialect;
use super::extra::{Extra, Extras};
use super::repair::NO_LINK;
use super::space::Space;
use super::survey::Survey;
use crate::model::entry::DateOrigin;
use crate::model::language::Language;

mod dublin_core;
mod link;
mod media;
mod pace;
mod person;
mod source;
mod text;

use link::Links;
pub(super) use link::resolve;
pub(super) use text::looks_like_html;
use text::{content, markup, trimmed};

/// Of one entry, or of the feed. More is no help to a reader, and what is compared with all others stays quick.
pub(super) const MOST_CATEGORIES: usize = 30;
pub(super) const MOST_PEOPLE: usize = 30;
pub(super) const MOST_LINKS: usize = 100;

pub(super) fn document(feed: read::Feed, survey: &Survey<'_>, base: Option<&Url>) -> Document {
    let dialect = survey.dialect;
    let base = inner_base(base, &survey.feed);
    let mut feed = feed;
    let read = std::mem::take(&mut feed.entries);
    let nothing = Extras::default();
    let extras = survey.entries.iter().chain(std::iter::repeat(&nothing));
    let entries =
        read.into_iter().zip(extras).map(|(read, extras)| entry(read, extras, dialect, base.as_ref()));
    Document {
        version: survey.version.to_owned(),
        entries: entries.collect(),
        about: about(feed, &survey.feed, dialect, base),
        deleted: deleted(&survey.feed),
        ..Document::default()
    }
}

fn deleted(extras: &Extras<'_>) -> Vec<String> {
    let tombs = extras.all(Space::Tombstones, "deleted-entry");
    tombs.filter_map(|tomb| tomb.attribute("ref")).map(str::to_owned).collect()
}

fn about(feed: read::Feed, extras: &Extras<'_>, dialect: Dialect, base: Option<Url>) -> About {
    let (authors, contributors) = people(feed.authors, feed.contributors, extras, base.as_ref());
    let mut about = About {
        id: filled(feed.id),
        title: feed.title.map(|text| markup(text, dialect)),
        subtitle: feed.description.map(|text| markup(text, dialect)),
        links: Links::of(feed.links, extras, dialect, base.as_ref()).all,
        language: feed.language.as_deref().and_then(Language::parse),
        updated: feed.updated,
        published: feed.published,
        authors,
        contributors,
        categories: feed.categories.into_iter().filter_map(category).take(MOST_CATEGORIES).collect(),
        rights: feed.rights.map(|text| markup(text, dialect)),
        generator: extras.all(Space::Core, "generator").find_map(|extra| generator(extra, base.as_ref())),
        image: None,
        icon: feed.icon.map(|icon| icon.uri),
        logo: None,
        ttl: feed.ttl,
        cloud: extras.all(Space::Core, "cloud").next().map(attributes).unwrap_or_default(),
        text_input: text_input(extras),
        pace: pace::pace(extras),
        new_address: extras.words(Space::Itunes, "new-feed-url"),
        base,
    };
    match (dialect, feed.logo) {
        (Dialect::Atom, logo) => about.logo = logo.map(|logo| logo.uri),
        (Dialect::Rss | Dialect::Rdf, logo) => {
            let base = about.base.as_ref();
            let said = extras.all(Space::Core, "image").find_map(|extra| media::image_of(extra, base));
            about.image = said.or_else(|| media::artwork(extras, base)).or_else(|| logo.map(media::image));
        }
    }
    let said = extras.language.as_deref().and_then(Language::parse);
    about.language = about.language.or(said);
    dublin_core::complete_about(&mut about, extras);
    about
}

fn entry(read: read::Entry, extras: &Extras<'_>, dialect: Dialect, base: Option<&Url>) -> ParsedEntry {
    let base = inner_base(base, extras);
    let links = Links::of(read.links, extras, dialect, base.as_ref());
    let is_atom = dialect == Dialect::Atom;
    let (authors, contributors) = people(read.authors, read.contributors, extras, base.as_ref());
    let (content, content_src) = content(read.content, dialect, base.as_ref());
    // The feed reader copies an RSS entry's date of publication: what the document does not say is not known.
    let updated = read.updated.filter(|updated| is_atom || Some(*updated) != read.published);
    let mut entry = ParsedEntry {
        id: filled(read.id).or_else(|| extras.about.clone()),
        title: read.title.map(|text| markup(text, dialect)),
        links: links.all,
        summary: read.summary.map(|text| markup(text, dialect)),
        content,
        content_src,
        language: extras.language.as_deref().and_then(Language::parse),
        content_language: extras.content_language.as_deref().and_then(Language::parse),
        authors,
        contributors,
        categories: read.categories.into_iter().filter_map(category).take(MOST_CATEGORIES).collect(),
        published: read.published,
        date_origin: None,
        updated,
        enclosures: links.enclosures,
        comments: links.comments,
        rights: read.rights.map(|text| markup(text, dialect)),
        image: media::artwork(extras, base.as_ref()),
        thumbnail: None,
        origin: source::origin(extras, dialect, base.as_ref()).map(Box::new),
        in_reply_to: extras
            .all(Space::Thread, "in-reply-to")
            .map(|extra| reply(extra, base.as_ref()))
            .collect(),
        base,
    };
    media::media(&mut entry, read.media, dialect);
    dublin_core::complete_entry(&mut entry, extras);
    entry.date_origin = entry.published.map(|_| DateOrigin::Feed);
    entry
}

/// `xml:base`, from the outside in.
fn inner_base(outer: Option<&Url>, extras: &Extras<'_>) -> Option<Url> {
    let outer = outer.cloned();
    extras.bases.iter().fold(outer, |outer, base| match &outer {
        Some(outer) => outer.join(base).ok().or_else(|| Some(outer.clone())),
        None => Url::parse(base).ok(),
    })
}

/// Authors and contributors. The feed reader leaves out who has only an address, and takes editors for contributors.
fn people(
    authors: Vec<read::Person>,
    contributors: Vec<read::Person>,
    extras: &Extras<'_>,
    base: Option<&Url>,
) -> (Vec<Person>, Vec<Person>) {
    let of = |name: &str| -> Vec<Person> {
        extras.all(Space::Core, name).filter_map(|extra| person::of_element(extra, base)).collect()
    };
    let (mut said, mut others) = (of("author"), of("contributor"));
    if said.is_empty() {
        said.extend(authors.into_iter().filter_map(person::adapt));
    }
    let has_role = |person: &read::Person, role: &str| person.role.as_deref() == Some(role);
    let (editors, rest): (Vec<_>, Vec<_>) =
        contributors.into_iter().partition(|person| has_role(person, "managingEditor"));
    said.extend(editors.into_iter().filter_map(person::adapt));
    let (webmasters, rest): (Vec<_>, Vec<_>) =
        rest.into_iter().partition(|person| said.is_empty() && has_role(person, "webMaster"));
    said.extend(webmasters.into_iter().filter_map(person::adapt));
    if others.is_empty() {
        others.extend(rest.into_iter().filter_map(person::adapt));
    }
    said.truncate(MOST_PEOPLE);
    others.truncate(MOST_PEOPLE);
    (said, others)
}

fn category(category: read::Category) -> Option<Category> {
    let term = filled(category.term)?;
    Some(Category { term, scheme: category.scheme, label: category.label })
}

fn generator(extra: &Extra<'_>, base: Option<&Url>) -> Option<Generator> {
    let attribute = |name: &str| extra.attribute(name).filter(|value| !value.is_empty());
    let uri = attribute("uri").or_else(|| attribute("url")).or_else(|| attribute("rdf:resource"));
    let generator = Generator {
        name: extra.words(),
        uri: uri.map(|uri| resolve(uri, base)),
        version: attribute("version").map(str::to_owned),
    };
    (generator != Generator::default()).then_some(generator)
}

fn reply(extra: &Extra<'_>, base: Option<&Url>) -> Reply {
    let attribute = |name: &str| extra.attribute(name).map(str::to_owned);
    Reply {
        id: attribute("ref"),
        href: attribute("href").map(|href| resolve(&href, base)),
        media_type: attribute("type"),
        source: attribute("source"),
    }
}

fn text_input(extras: &Extras<'_>) -> Option<TextInput> {
    let input = |extra: &Extra<'_>| {
        let child = |name: &str| extra.child(name).and_then(Extra::words);
        let input = TextInput {
            title: child("title"),
            description: child("description"),
            name: child("name"),
            link: child("link"),
        };
        (input != TextInput::default()).then_some(input)
    };
    extras.all(Space::Core, "textInput").chain(extras.all(Space::Core, "textinput")).find_map(input)
}

fn attributes(extra: &Extra<'_>) -> Vec<(String, String)> {
    extra.attributes.iter().map(|(name, value)| ((*name).to_owned(), value.clone())).collect()
}

/// What the feed reader says when there is nothing.
fn filled(text: String) -> Option<String> {
    Some(trimmed(text)).filter(|text| !text.is_empty())
}

/// Reads a date for the feed reader and counts what could not be read.
pub(super) fn date_or_count(text: &str, unread: &std::sync::atomic::AtomicUsize) -> Option<DateTime<Utc>> {
    let found = date::in_feed(text);
    if found.is_none() && !text.trim().is_empty() {
        unread.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
    }
    found
}

/// Did we write this link ourselves?
fn is_ours(href: &str) -> bool {
    href == NO_LINK
}
