//! The feed that an entry was taken from, as the entry tells it.

use url::Url;

use super::text::by_type;
use super::{MOST_CATEGORIES, MOST_LINKS, MOST_PEOPLE, dublin_core, generator, link, person, resolve};
use crate::model::language::Language;
use crate::model::text::Markup;
use crate::parse::date;
use crate::parse::document::{About, Link};
use crate::parse::element::Dialect;
use crate::parse::extra::{Extra, Extras};
use crate::parse::space::Space;

/// The feed that an entry was taken from.
pub(super) fn origin(extras: &Extras<'_>, dialect: Dialect, base: Option<&Url>) -> Option<About> {
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
    Some(atom_source(source, base))
}

/// The metadata of the feed that an Atom entry was taken from.
fn atom_source(source: &Extra<'_>, base: Option<&Url>) -> About {
    let own = source.attribute("xml:base").and_then(|own| base.and_then(|base| base.join(own).ok()));
    let base = own.as_ref().or(base);
    let text = |name: &str| {
        let child = source.child(name)?;
        let html = child.attribute("type").is_some_and(|said| said.contains("html"));
        child.words().map(|text| Markup { text, html })
    };
    let time = |name: &str| source.child(name).and_then(Extra::words).and_then(|text| date::in_feed(&text));
    let address = |name: &str| source.child(name).and_then(Extra::words).map(|uri| resolve(&uri, base));
    let people = |name: &'static str| {
        let found = source.all(name).filter_map(|child| person::of_element(child, base));
        found.take(MOST_PEOPLE).collect()
    };
    About {
        id: source.child("id").and_then(Extra::words),
        title: text("title"),
        subtitle: text("subtitle").or_else(|| text("tagline")),
        rights: text("rights").or_else(|| text("copyright")),
        updated: time("updated").or_else(|| time("modified")),
        language: source.attribute("xml:lang").and_then(Language::parse),
        links: source
            .all("link")
            .filter_map(|child| link::of_attributes(child, base))
            .take(MOST_LINKS)
            .collect(),
        authors: people("author"),
        contributors: people("contributor"),
        categories: source
            .all("category")
            .filter_map(dublin_core::of_attributes)
            .take(MOST_CATEGORIES)
            .collect(),
        generator: source.child("generator").and_then(|child| generator(child, base)),
        icon: address("icon"),
        logo: address("logo"),
        base: base.cloned(),
        ..About::default()
    }
}
