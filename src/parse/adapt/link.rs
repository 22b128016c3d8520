//! Links and enclosures; an entry without a link of its own gets one by its id or its enclosure.

use feed_rs::model as read;
use url::Url;

use super::{MOST_LINKS, is_ours};
use crate::parse::document::{Enclosure, Link};
use crate::parse::element::Dialect;
use crate::parse::extra::{Extra, Extras};
use crate::parse::space::Space;

#[derive(Debug, Default)]
pub(super) struct Links {
    pub all: Vec<Link>,
    pub comments: Option<String>,
    pub enclosures: Vec<Enclosure>,
}

impl Links {
    pub(super) fn of(
        read: Vec<read::Link>,
        extras: &Extras<'_>,
        dialect: Dialect,
        base: Option<&Url>,
    ) -> Self {
        let mut links = Self::default();
        for link in read {
            links.take(link);
        }
        if dialect != Dialect::Atom {
            let others = extras.all(Space::Core, "link").filter_map(|extra| of_attributes(extra, base));
            links.all.extend(others.take(MOST_LINKS.saturating_sub(links.all.len())));
            links.prefer_last();
        }
        for extra in extras.all(Space::Core, "enclosure") {
            if links.all.len() >= MOST_LINKS {
                break;
            }
            if let Some(enclosure) = enclosure(extra, base) {
                links.all.push(Link {
                    href: enclosure.url.clone(),
                    rel: "enclosure".to_owned(),
                    media_type: enclosure.media_type.clone(),
                    length: enclosure.length,
                    ..Link::default()
                });
                links.enclosures.push(enclosure);
            }
        }
        for link in extras.all(Space::Atom, "link").filter_map(|extra| of_attributes(extra, base)) {
            if links.all.len() < MOST_LINKS
                && !links.all.iter().any(|known| known.href == link.href && known.rel == link.rel)
            {
                links.all.push(link);
            }
        }
        links.complete(extras);
        links
    }

    /// An RSS element that is said twice holds what was said last.
    fn prefer_last(&mut self) {
        let is_own = |link: &Link| link.rel == "alternate";
        let (first, last) = (self.all.iter().position(is_own), self.all.iter().rposition(is_own));
        if let (Some(first), Some(last)) = (first, last)
            && let Some(links) = self.all.get_mut(first..=last)
        {
            links.rotate_right(1);
        }
    }

    /// The feed reader has resolved it.
    fn take(&mut self, link: read::Link) {
        let href = link.href;
        if href.is_empty() || is_ours(&href) {
            return;
        }
        let rel = match (link.target, link.rel) {
            (Some(read::LinkTarget::Comments), _) => {
                self.comments = Some(href);
                return;
            }
            (Some(read::LinkTarget::CommentsFeed), _) => "replies".to_owned(),
            (None, rel) => short_relation(rel),
        };
        if self.all.len() >= MOST_LINKS {
            return;
        }
        let link = Link {
            href,
            rel,
            media_type: link.media_type,
            title: link.title,
            language: link.href_lang,
            length: link.length,
        };
        if link.rel == "enclosure" {
            self.enclosures.push(Enclosure {
                url: link.href.clone(),
                media_type: link.media_type.clone(),
                length: link.length,
            });
        }
        self.all.push(link);
    }

    /// A permalink leads to the entry just as well; an enclosure is all that some entries are.
    fn complete(&mut self, extras: &Extras<'_>) {
        if self.all.iter().any(|link| link.rel == "alternate") {
            return;
        }
        let permalink = extras
            .all(Space::Core, "guid")
            .filter(|guid| {
                !guid.attribute("isPermaLink").is_some_and(|said| said.eq_ignore_ascii_case("false"))
            })
            .find_map(Extra::words)
            .filter(|id| is_web_address(id));
        let href = permalink.or_else(|| self.enclosures.first().map(|enclosure| enclosure.url.clone()));
        if let Some(href) = href {
            self.all.push(Link { href, rel: "alternate".to_owned(), ..Link::default() });
        }
    }
}

pub(super) fn is_web_address(text: &str) -> bool {
    Url::parse(text).is_ok_and(|url| matches!(url.scheme(), "http" | "https") && url.has_host())
}

/// The address made absolute, where there is a base; else as it is.
pub(in crate::parse) fn resolve(href: &str, base: Option<&Url>) -> String {
    let href = href.trim();
    match base.and_then(|base| base.join(href).ok()) {
        Some(url) if !href.is_empty() => url.into(),
        _ => href.to_owned(),
    }
}

/// The registered relations may be written as addresses.
fn short_relation(rel: Option<String>) -> String {
    let rel = rel.filter(|rel| !rel.trim().is_empty()).unwrap_or_else(|| "alternate".to_owned());
    match rel.trim().strip_prefix("http://www.iana.org/assignments/relation/") {
        Some(short) => short.to_owned(),
        None => rel.trim().to_owned(),
    }
}

/// An element `link` of Atom.
pub(super) fn of_attributes(extra: &Extra<'_>, base: Option<&Url>) -> Option<Link> {
    let attribute = |name: &str| extra.attribute(name).map(str::to_owned);
    Some(Link {
        href: resolve(extra.attribute("href")?, base),
        rel: short_relation(attribute("rel")),
        media_type: attribute("type"),
        title: attribute("title"),
        language: attribute("hreflang"),
        length: extra.attribute("length").and_then(|length| length.parse().ok()),
    })
}

fn enclosure(extra: &Extra<'_>, base: Option<&Url>) -> Option<Enclosure> {
    let url = extra.attribute("url").filter(|url| !url.is_empty())?;
    Some(Enclosure {
        url: resolve(url, base),
        media_type: extra.attribute("type").map(str::to_owned),
        length: extra.attribute("length").and_then(|length| length.parse().ok()),
    })
}
