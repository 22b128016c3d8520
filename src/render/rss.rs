//! RSS 2.0: for readers and programs that know nothing else.

use atom_syndication::Link;
use chrono::{DateTime, Utc};
use rss::extension::atom::AtomExtension;
use rss::extension::dublincore::DublinCoreExtension;
use rss::{Category, Channel, Guid, Item, Source};

use super::{Selection, feed, template};
use crate::config::Site;
use crate::model::page::Page;
use crate::model::story::Story;
use crate::model::topic::Topic;

pub fn rss(site: &Site, topics: &[Topic], selection: &Selection<'_>) -> Page {
    let path = feed::path(selection, "rss");
    let updated = date(feed::updated(selection));
    let channel = Channel {
        title: feed::title(site, selection),
        link: site.url.to_string(),
        description: template::escape(&site.subtitle),
        language: Some(site.language.to_string()),
        pub_date: Some(updated.clone()),
        last_build_date: Some(updated),
        generator: Some(format!("{} {}", feed::PROGRAM, feed::VERSION)),
        docs: Some("https://www.rssboard.org/rss-specification".to_owned()),
        atom_ext: Some(AtomExtension { links: vec![itself(&feed::address(site, &path))] }),
        items: selection.stories.iter().map(|story| item(site, topics, story)).collect(),
        ..Channel::default()
    };
    let mut bytes = channel.pretty_write_to(Vec::new(), b' ', 2).expect("memory takes every byte");
    bytes.push(b'\n');
    Page { path, bytes }
}

fn item(site: &Site, topics: &[Topic], story: &Story) -> Item {
    Item {
        title: Some(story.title.clone()),
        link: Some(feed::link(site, story)),
        // A description is HTML by custom: `a < b` has to be escaped once more than the XML asks for.
        description: (!story.summary.is_empty()).then(|| template::escape(&story.summary)),
        categories: story.topics.iter().map(|id| category(site, feed::topic_title(topics, id))).collect(),
        guid: Some(Guid { value: story.id.clone(), permalink: false }),
        // The only date that RSS has, and what readers sort by: when we saw it, if the source gave none.
        pub_date: Some(date(story.published)),
        source: story
            .source
            .url
            .as_ref()
            .map(|url| Source { url: url.to_string(), title: Some(story.source.title.clone()) }),
        content: feed::content(site, story),
        dublin_core_ext: Some(dublin_core(story)),
        ..Item::default()
    }
}

/// RSS has room for one author and wants an e-mail address there; Dublin Core takes names.
fn dublin_core(story: &Story) -> DublinCoreExtension {
    DublinCoreExtension {
        creators: feed::authors(story).into_iter().map(str::to_owned).collect(),
        sources: vec![story.source.title.clone()],
        languages: vec![story.language.to_string()],
        rights: story.source.credit.iter().cloned().collect(),
        ..DublinCoreExtension::default()
    }
}

fn category(site: &Site, title: &str) -> Category {
    Category { name: title.to_owned(), domain: Some(feed::address(site, "topics/")) }
}

fn itself(address: &str) -> Link {
    Link {
        href: address.to_owned(),
        rel: "self".to_owned(),
        mime_type: Some("application/rss+xml".to_owned()),
        ..Link::default()
    }
}

/// RFC 2822, by hand: the library's own function stops the program at a year with more than four digits.
fn date(at: DateTime<Utc>) -> String {
    at.format("%a, %d %b %Y %H:%M:%S +0000").to_string()
}
