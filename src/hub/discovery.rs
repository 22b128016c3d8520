//! Which hubs a source names, and under which address they know it: in its headers, else in its document.

use url::Url;

use crate::parse::document::Link;

/// More hubs than this help nobody.
const MOST_HUBS: usize = 8;

/// A longer address is no address of a hub or feed.
const LONGEST: usize = 2_048;

/// What an answer says of hubs.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Offered {
    /// What the one before said, as when nothing has changed.
    #[default]
    Same,
    /// This, or no hub.
    Now(Option<Offer>),
}

/// What a source offers to those who want to hear of its news at once.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Offer {
    /// What to call it at the hubs: its own `self` link, else where it was found.
    pub topic: String,
    /// At least one; secure ones first, else in the source's order.
    pub hubs: Vec<Url>,
}

/// What an answer offers, by its `Link` headers or, if these name no hub, by the links in its document. `at` is where it
/// was found, after redirects.
pub fn offer(headers: &[String], document: &[Link], at: &Url) -> Option<Offer> {
    let by_headers: Vec<Link> = headers.iter().flat_map(|header| header_links(header)).collect();
    let places = [&*by_headers, document];
    let hubs = places.into_iter().map(|links| hubs(links, at)).find(|hubs| !hubs.is_empty())?;
    let own = places.into_iter().find_map(|links| addresses(links, "self", at).next());
    Some(Offer { topic: own.unwrap_or_else(|| without_fragment(at)).into(), hubs })
}

fn hubs(links: &[Link], at: &Url) -> Vec<Url> {
    let mut hubs: Vec<Url> = Vec::new();
    for hub in addresses(links, "hub", at) {
        if hubs.len() < MOST_HUBS && !hubs.contains(&hub) {
            hubs.push(hub);
        }
    }
    hubs.sort_by_key(|hub| hub.scheme() != "https");
    hubs
}

fn addresses<'a>(links: &'a [Link], relation: &'a str, at: &'a Url) -> impl Iterator<Item = Url> + 'a {
    let is_so =
        move |link: &&Link| link.rel.split_ascii_whitespace().any(|word| word.eq_ignore_ascii_case(relation));
    links.iter().filter(is_so).filter_map(|link| address(&link.href, at))
}

/// Something that can be asked, and shown.
fn address(href: &str, at: &Url) -> Option<Url> {
    let url = without_fragment(&at.join(href.trim()).ok()?);
    let is_open = url.username().is_empty() && url.password().is_none();
    let is_web = matches!(url.scheme(), "http" | "https") && url.has_host();
    (is_web && is_open && url.as_str().len() <= LONGEST).then_some(url)
}

fn without_fragment(url: &Url) -> Url {
    let mut url = url.clone();
    url.set_fragment(None);
    url
}

/// The links of one `Link` header (RFC 8288), as far as it can be read.
pub fn header_links(header: &str) -> Vec<Link> {
    let (mut links, mut rest) = (Vec::new(), header);
    loop {
        rest = rest.trim_start_matches([',', ' ', '\t']);
        let Some((href, after)) = rest.strip_prefix('<').and_then(|rest| rest.split_once('>')) else {
            return links;
        };
        let (parameters, after) = parameters(after);
        // A link with an anchor speaks of something else.
        if !parameters.iter().any(|(name, _)| name.eq_ignore_ascii_case("anchor")) {
            let named = |name: &str| {
                let mut found = parameters.iter().filter(|(own, _)| own.eq_ignore_ascii_case(name));
                found.next().map(|(_, value)| value.clone())
            };
            links.push(Link {
                href: href.to_owned(),
                rel: named("rel").unwrap_or_default(),
                media_type: named("type"),
                title: named("title"),
                ..Link::default()
            });
        }
        let Some(comma) = after.find(',') else { return links };
        rest = after.get(comma..).unwrap_or_default();
    }
}

/// `; name=value; name="value"`, and what comes behind.
fn parameters(text: &str) -> (Vec<(&str, String)>, &str) {
    let (mut found, mut rest) = (Vec::new(), text);
    while let Some(after) = rest.trim_start().strip_prefix(';') {
        let (name, after) = after.split_at(after.find([';', ',', '=']).unwrap_or(after.len()));
        let (value, after) = match after.strip_prefix('=') {
            Some(after) => value(after.trim_start()),
            None => (String::new(), after),
        };
        found.push((name.trim(), value));
        rest = after;
    }
    (found, rest)
}

/// A value, in quotes or not, and what comes behind.
fn value(text: &str) -> (String, &str) {
    let Some(quoted) = text.strip_prefix('"') else {
        let (value, after) = text.split_at(text.find([';', ',']).unwrap_or(text.len()));
        return (value.trim().to_owned(), after);
    };
    let (mut value, mut is_escaped) = (String::new(), false);
    for (at, letter) in quoted.char_indices() {
        match letter {
            _ if is_escaped => {
                is_escaped = false;
                value.push(letter);
            }
            '\\' => is_escaped = true,
            '"' => return (value, quoted.get(at + 1..).unwrap_or_default()),
            _ => value.push(letter),
        }
    }
    (value, "")
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn at() -> Url {
        Url::parse("https://s.example/news/feed#x").expect("an URL")
    }

    fn links(document: &[(&str, &str)]) -> Vec<Link> {
        let link = |(rel, href): &(&str, &str)| Link {
            rel: (*rel).to_owned(),
            href: (*href).to_owned(),
            ..Link::default()
        };
        document.iter().map(link).collect()
    }

    /// "topic hub hub"; empty without an offer.
    fn check(headers: &[&str], document: &[(&str, &str)], offered: &str) {
        let headers: Vec<String> = headers.iter().map(|header| (*header).to_owned()).collect();
        let said = offer(&headers, &links(document), &at()).map_or_else(String::new, |offer| {
            let hubs = offer.hubs.iter().map(Url::to_string);
            std::iter::once(offer.topic.clone()).chain(hubs).collect::<Vec<_>>().join(" ")
        });
        assert_eq!(said, offered, "{headers:?} {document:?}");
    }

    #[test]
    fn headers_name_hub_and_topic() {
        let both = "https://t.example/feed https://h.example/";
        check(&["<https://h.example/>; rel=\"hub\"", "<https://t.example/feed>; rel=\"self\""], &[], both);
        check(&["<https://h.example/>; rel=hub, <https://t.example/feed>;rel=self"], &[], both);
        check(
            &[
                "<https://h.example/> ; title=\"a, \\\"b\\\"; c\"; REL = \"x Hub\", <https://t.example/feed>; rel=self",
            ],
            &[],
            both,
        );
        check(&["</hub>; rel=hub, <../feed>; rel=self"], &[], "https://s.example/feed https://s.example/hub");
    }

    #[test]
    fn the_document_is_read_when_no_header_names_a_hub() {
        let document = [
            ("alternate", "https://s.example/"),
            ("self", "https://s.example/d"),
            ("hub", "https://d.example/"),
        ];
        check(&[], &document, "https://s.example/d https://d.example/");
        check(
            &["<https://s.example/style.css>; rel=preload"],
            &document,
            "https://s.example/d https://d.example/",
        );
        check(
            &["<https://h.example/>; rel=hub, <https://s.example/h>; rel=self"],
            &document,
            "https://s.example/h https://h.example/",
        );
    }

    #[test]
    fn what_has_no_name_of_its_own_is_called_by_where_it_was_found() {
        check(&["<https://h.example/>; rel=hub"], &[], "https://s.example/news/feed https://h.example/");
        check(
            &["<https://h.example/>; rel=hub"],
            &[("self", "https://s.example/d")],
            "https://s.example/d https://h.example/",
        );
    }

    #[test]
    fn secure_hubs_come_first_and_each_once() {
        let header = "<http://a.example/>; rel=hub, <https://b.example/>; rel=hub, <https://c.example/>; rel=hub, <http://a.example/#x>; rel=hub";
        check(
            &[header],
            &[],
            "https://s.example/news/feed https://b.example/ https://c.example/ http://a.example/",
        );
    }

    #[test]
    fn nothing_else_is_a_hub() {
        for header in [
            "<https://h.example/>; rel=github",
            "<https://h.example/>",
            "<https://h.example/>; rel=hub; anchor=\"https://other.example/\"",
            "<javascript:alert(1)>; rel=hub",
            "<https://u:p@h.example/>; rel=hub",
            "<mailto:a@h.example>; rel=hub",
            "https://h.example/; rel=hub",
            "<https://h.example/; rel=hub",
            "",
        ] {
            check(&[header], &[], "");
        }
        check(&[&format!("<https://h.example/{}>; rel=hub", "x".repeat(5_000))], &[], "");
        check(&[], &[("self", "https://s.example/d")], "");
    }

    #[test]
    fn a_thousand_hubs_are_few() {
        let header: String =
            (0..1_000).map(|n| format!("<https://h.example/{n}>; rel=hub, ")).collect::<Vec<_>>().concat();
        assert_eq!(offer(&[header], &[], &at()).map(|offer| offer.hubs.len()), Some(MOST_HUBS));
    }

    proptest! {
        #[test]
        fn no_header_panics(header in "([<>;,=\"\\\\ ]|rel|hub|self|https://h/|é|\\PC){0,40}") {
            let offer = offer(&[header], &[], &at());
            prop_assert!(offer.is_none_or(|offer| !offer.hubs.is_empty()));
        }
    }
}
