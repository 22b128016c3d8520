//! Atom (RFC 4287): the feed that every reader and every other feed program takes.

use atom_syndication as atom;
use chrono::{DateTime, FixedOffset, Utc};
use serde::Serialize;

use super::{Selection, feed, template};
use crate::config::Site;
use crate::model::entry::DateOrigin;
use crate::model::page::Page;
use crate::model::story::{Byline, Story};
use crate::model::topic::Topic;

/// A browser that opens the feed shows it with this; `feed.css` stands beside the feeds.
const HEAD: &str =
    "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<?xml-stylesheet type=\"text/css\" href=\"feed.css\"?>\n";

#[derive(Serialize)]
struct NoteView<'a> {
    home: &'a str,
    title: &'a str,
}

pub fn atom(site: &Site, topics: &[Topic], selection: &Selection<'_>) -> Page {
    let feed = atom::Feed {
        title: atom::Text::plain(feed::title(site, selection)),
        subtitle: Some(atom::Text::plain(site.subtitle.as_str())),
        id: format!("tag:{}:feeds/{}", site.tag, selection.name),
        updated: time(feed::updated(selection)),
        authors: vec![person(&site.organisation_name)],
        generator: Some(atom::Generator {
            value: feed::PROGRAM.to_owned(),
            uri: None,
            version: Some(feed::VERSION.to_owned()),
        }),
        links: feed_links(site, selection),
        entries: selection.stories.iter().map(|story| entry(site, topics, story)).collect(),
        lang: Some(site.language.to_string()),
        ..atom::Feed::default()
    };
    let plain = atom::WriteConfig { write_document_declaration: false, indent_size: Some(2) };
    let bytes = feed.write_with_config(HEAD.as_bytes().to_vec(), plain).expect("memory takes every byte");
    let text = String::from_utf8(bytes).expect("only text was written");
    Page { path: feed::path(selection, "atom"), bytes: with_note(site, &text).into_bytes() }
}

/// The same feed with a note for people before its first entry. It is foreign markup (RFC 4287, section 6), which readers
/// pass over; `atom_syndication` could only write it below the last entry.
fn with_note(site: &Site, text: &str) -> String {
    let note = template::fill(template::FEED_NOTE, &NoteView { home: site.url.as_str(), title: &site.title });
    // In text and attributes `<` is written `&lt;`, so that this finds nothing but the element.
    let at = text.find("<entry>").or_else(|| text.rfind("</feed>")).unwrap_or(text.len());
    let (before, after) = text.split_at(at);
    let above = before.trim_end();
    let indent = before.get(above.len()..).unwrap_or_default();
    format!("{above}\n  {}{indent}{after}\n", note.trim_end())
}

fn feed_links(site: &Site, selection: &Selection<'_>) -> Vec<atom::Link> {
    let itself = feed::address(site, &feed::path(selection, "atom"));
    vec![
        link("self", &itself, Some("application/atom+xml"), None),
        link("alternate", site.url.as_str(), Some("text/html"), Some(site.language.as_str())),
    ]
}

fn entry(site: &Site, topics: &[Topic], story: &Story) -> atom::Entry {
    let language = Some(story.language.to_string());
    atom::Entry {
        title: atom::Text {
            lang: Some(if story.retitled { &site.language } else { &story.language }.to_string()),
            ..atom::Text::plain(story.title.as_str())
        },
        id: story.id.clone(),
        updated: time(story.updated),
        // When we first saw it is not when it was published.
        published: (story.date_origin != DateOrigin::FirstSeen).then(|| time(story.published)),
        authors: feed::authors(story).into_iter().map(person).collect(),
        categories: story
            .topics
            .iter()
            .map(|id| category(site, feed::topic_title(topics, id), id.as_str()))
            .collect(),
        links: links(site, story),
        rights: story.source.credit.as_deref().map(atom::Text::plain),
        source: origin(&story.source, story.updated),
        summary: (!story.summary.is_empty())
            .then(|| atom::Text { lang: language.clone(), ..atom::Text::plain(story.summary.as_str()) }),
        content: feed::content(site, story).map(|html| atom::Content {
            lang: language,
            content_type: Some("html".to_owned()),
            value: Some(html),
            ..atom::Content::default()
        }),
        ..atom::Entry::default()
    }
}

fn links(site: &Site, story: &Story) -> Vec<atom::Link> {
    let own = link("alternate", &feed::link(site, story), Some("text/html"), Some(story.language.as_str()));
    let also = story.also.iter().map(|also| atom::Link {
        title: Some(also.title.clone()),
        ..link("related", also.link.as_str(), None, Some(also.language.as_str()))
    });
    std::iter::once(own).chain(also).collect()
}

/// The feed or page that the entry was taken from. Its address is all we know it by, so that is its id too, and when it last
/// changed is, as far as the entry goes, when the entry did.
fn origin(source: &Byline, updated: DateTime<Utc>) -> Option<atom::Source> {
    let url = source.url.as_ref()?;
    Some(atom::Source {
        title: atom::Text::plain(source.title.as_str()),
        id: url.to_string(),
        updated: time(updated),
        links: vec![link("self", url.as_str(), None, None)],
        rights: source.credit.as_deref().map(atom::Text::plain),
        ..atom::Source::default()
    })
}

fn category(site: &Site, title: &str, id: &str) -> atom::Category {
    atom::Category {
        term: id.to_owned(),
        scheme: Some(feed::address(site, "topics/")),
        label: Some(title.to_owned()),
    }
}

fn person(name: &str) -> atom::Person {
    atom::Person { name: name.to_owned(), ..atom::Person::default() }
}

fn link(rel: &str, href: &str, media_type: Option<&str>, language: Option<&str>) -> atom::Link {
    atom::Link {
        href: href.to_owned(),
        rel: rel.to_owned(),
        hreflang: language.map(str::to_owned),
        mime_type: media_type.map(str::to_owned),
        ..atom::Link::default()
    }
}

fn time(at: DateTime<Utc>) -> DateTime<FixedOffset> {
    at.fixed_offset()
}
