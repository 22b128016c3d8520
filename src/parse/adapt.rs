//! What the feed reader read, and what it passed over, as a document of ours.

use chrono::{DateTime, Utc};
use feed_rs::model as read;
use url::Url;

use super::date;
use super::document::{
    About, Category, Document, Generator, Image, Link, ParsedEntry, Person, Reply, TextInput,
};
use super::element::Dialect;
use super::extra::{Extra, Extras};
use super::repair::NO_LINK;
use super::space::Space;
use super::survey::Survey;
use crate::model::entry::DateOrigin;
use crate::model::language::Language;
use crate::model::text::Markup;

mod dublin_core;
mod link;
mod pace;
mod person;
mod text;

use link::Links;
pub(super) use link::resolve;
use text::{by_type, content, looks_like_html, markup};

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
        ..Document::default()
    }
}

fn about(feed: read::Feed, extras: &Extras<'_>, dialect: Dialect, base: Option<Url>) -> About {
    let (authors, contributors) = people(feed.authors, feed.contributors, extras, base.as_ref());
    let mut about = About {
        id: filled(feed.id),
        title: feed.title.map(|text| markup(text, dialect)),
        subtitle: feed.description.map(|text| markup(text, dialect)),
        links: Links::of(feed.links, extras, base.as_ref()).all,
        language: feed.language.as_deref().and_then(Language::parse),
        updated: feed.updated,
        published: feed.published,
        authors,
        contributors,
        categories: feed.categories.into_iter().filter_map(category).take(MOST_CATEGORIES).collect(),
        rights: feed.rights.map(|text| markup(text, dialect)),
        generator: feed.generator.map(|generator| Generator {
            name: filled(generator.content),
            uri: generator.uri.map(|uri| resolve(&uri, base.as_ref())),
            version: generator.version,
        }),
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
        (Dialect::Rss | Dialect::Rdf, logo) => about.image = logo.map(image),
    }
    let said = extras.language.as_deref().and_then(Language::parse);
    about.language = about.language.or(said);
    dublin_core::complete_about(&mut about, extras);
    about
}

fn entry(read: read::Entry, extras: &Extras<'_>, dialect: Dialect, base: Option<&Url>) -> ParsedEntry {
    let base = inner_base(base, extras);
    let links = Links::of(read.links, extras, base.as_ref());
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
        image: None,
        thumbnail: None,
        origin: origin(extras, dialect, base.as_ref()).map(Box::new),
        in_reply_to: extras.all(Space::Thread, "in-reply-to").map(reply).collect(),
        base,
    };
    media(&mut entry, read.media);
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

fn image(image: read::Image) -> Image {
    Image { url: image.uri.trim().to_owned(), title: image.title, link: image.link.map(|link| link.href) }
}

fn media(entry: &mut ParsedEntry, media: Vec<read::MediaObject>) {
    for object in media {
        if let Some(thumbnail) = object.thumbnails.into_iter().next() {
            entry.thumbnail.get_or_insert(thumbnail.image.uri);
        }
        if entry.authors.is_empty() {
            let credits = object.credits.into_iter().map(|credit| person::parse(&credit.entity));
            entry.authors.extend(credits.flatten().take(MOST_PEOPLE));
        }
    }
}

/// The feed that an entry was taken from.
fn origin(extras: &Extras<'_>, dialect: Dialect, base: Option<&Url>) -> Option<About> {
    let source = extras.all(Space::Core, "source").next()?;
    if dialect != Dialect::Atom {
        let link = source.attribute("url").map(|url| Link {
            href: link::resolve(url, base),
            rel: "self".to_owned(),
            ..Link::default()
        });
        let title = source.words().map(|text| by_type(text, false, dialect));
        return Some(About { title, links: link.into_iter().collect(), ..About::default() });
    }
    let text = |name: &str| {
        let child = source.child(name)?;
        let html = child.attribute("type").is_some_and(|said| said.contains("html"));
        child.words().map(|text| Markup { text, html })
    };
    Some(About {
        id: source.child("id").and_then(Extra::words),
        title: text("title"),
        subtitle: text("subtitle"),
        rights: text("rights"),
        updated: source.child("updated").and_then(Extra::words).and_then(|text| date::parse(&text)),
        links: source
            .children
            .iter()
            .filter(|child| child.name == "link" || child.name.ends_with(":link"))
            .filter_map(|child| link::of_attributes(child, base))
            .take(MOST_LINKS)
            .collect(),
        authors: source
            .children
            .iter()
            .filter(|child| child.name == "author")
            .filter_map(|child| person::of_element(child, base))
            .take(MOST_PEOPLE)
            .collect(),
        icon: source.child("icon").and_then(Extra::words),
        logo: source.child("logo").and_then(Extra::words),
        ..About::default()
    })
}

fn reply(extra: &Extra<'_>) -> Reply {
    let attribute = |name: &str| extra.attribute(name).map(str::to_owned);
    Reply {
        id: attribute("ref"),
        href: attribute("href"),
        media_type: attribute("type"),
        source: attribute("source"),
    }
}

fn text_input(extras: &Extras<'_>) -> Option<TextInput> {
    let extra = extras.all(Space::Core, "textInput").chain(extras.all(Space::Core, "textinput")).next()?;
    let child = |name: &str| extra.child(name).and_then(Extra::words);
    let input = TextInput {
        title: child("title"),
        description: child("description"),
        name: child("name"),
        link: child("link"),
    };
    (input != TextInput::default()).then_some(input)
}

fn attributes(extra: &Extra<'_>) -> Vec<(String, String)> {
    extra.attributes.iter().map(|(name, value)| ((*name).to_owned(), value.clone())).collect()
}

/// What the feed reader says when there is nothing.
fn filled(text: String) -> Option<String> {
    let trimmed = text.trim();
    if trimmed.len() == text.len() {
        return Some(text).filter(|text| !text.is_empty());
    }
    Some(trimmed.to_owned()).filter(|text| !text.is_empty())
}

/// Reads a date for the feed reader and counts what could not be read.
pub(super) fn date_or_count(text: &str, unread: &std::sync::atomic::AtomicUsize) -> Option<DateTime<Utc>> {
    let found = date::parse(text);
    if found.is_none() && !text.trim().is_empty() {
        unread.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
    }
    found
}

/// Did we write this link ourselves?
fn is_ours(href: &str) -> bool {
    href == NO_LINK
}
