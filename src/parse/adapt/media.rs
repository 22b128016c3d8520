//! Pictures and files: of RSS itself, of podcasts and of Media RSS.

use feed_rs::model as read;
use url::Url;

use super::text::markup;
use super::{MOST_LINKS, MOST_PEOPLE, person, resolve};
use crate::parse::document::{Enclosure, Image, ParsedEntry};
use crate::parse::element::Dialect;
use crate::parse::extra::{Extra, Extras};
use crate::parse::space::Space;

pub(super) fn image(image: read::Image) -> Image {
    Image { url: image.uri.trim().to_owned(), title: image.title, link: image.link.map(|link| link.href) }
}

/// An `image` of RSS. One of RSS 1.0 may stand there only to name the other.
pub(super) fn image_of(extra: &Extra<'_>, base: Option<&Url>) -> Option<Image> {
    let child = |name: &str| extra.child(name).and_then(Extra::words);
    let resource = || extra.attribute("rdf:resource").map(str::to_owned);
    let image = Image {
        url: child("url").map(|url| resolve(&url, base)).unwrap_or_default(),
        title: child("title"),
        link: child("link").map(|link| resolve(&link, base)),
    };
    let url = || resource().filter(|_| image != Image::default()).unwrap_or_default();
    let url = if image.url.is_empty() { url() } else { image.url.clone() };
    (image != Image::default()).then_some(Image { url, ..image })
}

/// The picture of a podcast or of one of its parts, or else the first that stands beside the entries.
pub(super) fn artwork(extras: &Extras<'_>, base: Option<&Url>) -> Option<Image> {
    let address = |extra: &Extra<'_>| {
        let said = extra.attribute("href").or_else(|| extra.attribute("url")).map(str::to_owned);
        said.or_else(|| extra.words()).filter(|said| !said.is_empty())
    };
    let linked = extras.all(Space::Itunes, "link").filter(|extra| extra.attribute("rel") == Some("image"));
    let podcast = extras.all(Space::Itunes, "image").chain(linked).find_map(address);
    let media = || {
        let pictures =
            extras.all(Space::Media, "content").filter(|extra| extra.attribute("medium") == Some("image"));
        extras.all(Space::Media, "thumbnail").chain(pictures).find_map(address)
    };
    let url = podcast.or_else(media)?;
    Some(Image { url: resolve(&url, base), ..Image::default() })
}

pub(super) fn media(entry: &mut ParsedEntry, media: Vec<read::MediaObject>, dialect: Dialect) {
    for object in media {
        if let Some(thumbnail) = object.thumbnails.into_iter().next() {
            entry.thumbnail.get_or_insert(thumbnail.image.uri);
        }
        if entry.authors.is_empty() {
            let credits = object.credits.into_iter().map(|credit| person::parse(&credit.entity));
            entry.authors.extend(credits.flatten().take(MOST_PEOPLE));
        }
        for content in object.content {
            file(entry, content);
        }
        let said = |text: Option<read::Text>| text.map(|text| markup(text, dialect));
        entry.title = entry.title.take().or_else(|| said(object.title));
        entry.summary = entry.summary.take().or_else(|| said(object.description));
    }
}

/// A file of Media RSS: a picture is the entry's, anything else stands with the enclosures.
fn file(entry: &mut ParsedEntry, content: read::MediaContent) {
    let Some(url) = content.url.map(String::from) else { return };
    let media_type = content.content_type.map(|said| said.to_string());
    let known = entry.enclosures.iter().any(|enclosure| enclosure.url == url);
    let is_picture = match &media_type {
        Some(said) => said.starts_with("image/"),
        None => [".png", ".jpg", ".jpeg", ".gif", ".webp"].iter().any(|end| url.ends_with(end)),
    };
    if is_picture && !known {
        entry.image.get_or_insert(Image { url, ..Image::default() });
    } else if !known && entry.enclosures.len() < MOST_LINKS {
        entry.enclosures.push(Enclosure { url, media_type, length: content.size });
    }
}
