//! The feeds that a page speaks of, where else one may be, and which of those that exist an editor means.

use std::collections::HashSet;

use scraper::{ElementRef, Html, Selector};
use url::Url;

use crate::hub::discovery::header_links;
use crate::identity::key::canonical;
use crate::model::text::one_line;
use crate::parse::document::{About, Link};
use crate::parse::html::safe_link;
use crate::parse::{Input, page};

use super::Shown;

/// So many that a page speaks of are asked for.
const MOST: usize = 8;

/// Where feeds of common programs stand, if a page says nothing: few, for each is a request.
const COMMON: [&str; 6] = ["/feed", "/rss.xml", "/atom.xml", "/feed.xml", "/rss", "/feed.json"];

/// An address that may be a feed. It is one when it was fetched and read, not before.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lead {
    pub url: Url,
    pub origin: Origin,
    /// What the page calls it.
    pub name: String,
}

/// Why we think so. Earlier variants are trusted more.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Origin {
    /// The editor gave it.
    Given,
    /// `<link rel="alternate">` with the type of a feed.
    Announced,
    /// A link whose address or words speak of a feed.
    Linked,
    /// A usual place on the same host.
    Usual,
}

impl Origin {
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Given => "given",
            Self::Announced => "announced by the page",
            Self::Linked => "linked on the page",
            Self::Usual => "at a usual place",
        }
    }
}

/// What is known of a feed that was read, as far as it matters for the choice.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Known<'a> {
    pub lead: &'a Lead,
    pub title: &'a str,
    pub links: Vec<&'a str>,
}

/// The feeds that a page, or the `Link` headers of its answer, speak of, each once, the likeliest first.
pub fn on_page(input: Input<'_>, headers: &[String]) -> Vec<Lead> {
    let (tree, about) = page::tree(input);
    let base = about.base.as_ref();
    let mut leads = announced(&about, headers, input.base);
    leads.extend(linked(&tree, base));
    let mut known = HashSet::new();
    leads.retain(|lead| canonical(lead.url.as_str()).is_some_and(|address| known.insert(address)));
    leads.truncate(MOST);
    leads
}

/// The usual places of feeds on the host of this address.
pub fn usual(address: &Url) -> Vec<Lead> {
    let at = |path: &&str| {
        let url = address.join(path).ok()?;
        Some(Lead { url, origin: Origin::Usual, name: String::new() })
    };
    COMMON.iter().filter_map(at).collect()
}

/// Does the address itself look like that of a feed?
pub fn looks_like_feed(url: &Url) -> bool {
    let path = url.path().to_ascii_lowercase();
    let words = path.split(|c: char| !c.is_ascii_alphanumeric());
    path.rsplit_once('.').is_some_and(|(stem, ending)| ending == "xml" && !stem.contains("sitemap"))
        || words.chain(url.query().unwrap_or_default().split(['=', '&'])).any(|word| {
            matches!(word.to_ascii_lowercase().as_str(), "rss" | "feed" | "feeds" | "atom" | "rdf" | "rss2")
        })
}

/// How far a feed is from all the news of the site: 0 is nearest. With what to say of it.
pub fn distance(feed: &Known<'_>) -> (usize, Option<&'static str>) {
    let path = format!("{} {}", feed.lead.url.path(), feed.lead.url.query().unwrap_or_default());
    let said = format!("{path} {} {}", feed.title, feed.lead.name).to_lowercase();
    let comments = ["comment", "kommentar", "comentario", "comentário", "коммент", "评论", "تعليق"];
    let topic = [
        "/tag/",
        "/tags/",
        "/category/",
        "/categories/",
        "/topic/",
        "/topics/",
        "/author/",
        "/search",
        "cat=",
    ];
    if comments.iter().any(|word| said.contains(word)) {
        (2, Some("comments, not news"))
    } else if topic.iter().any(|part| path.to_lowercase().contains(part)) {
        (1, Some("one topic only"))
    } else {
        (0, None)
    }
}

/// Which feeds, by their place in the list, give nothing that an earlier one does not.
pub fn repeated(feeds: &[Known<'_>]) -> Vec<Option<usize>> {
    let sets: Vec<HashSet<Option<String>>> =
        feeds.iter().map(|feed| feed.links.iter().map(|link| canonical(link)).collect()).collect();
    let earlier = |at: usize| {
        let own = sets.get(at).filter(|own| !own.is_empty())?;
        sets.iter().take(at).position(|other| own.is_subset(other))
    };
    (0..feeds.len()).map(earlier).collect()
}

/// The addresses and words of a page's links: what a feed of this page has as well.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Links {
    addresses: HashSet<String>,
    words: HashSet<String>,
}

impl Links {
    pub fn on(input: Input<'_>) -> Self {
        let (tree, about) = page::tree(input);
        let mut links = Self::default();
        for link in tree.select(&selector("a[href]")) {
            let url = link.attr("href").and_then(|href| safe_link(href, about.base.as_ref()));
            links.addresses.extend(url.as_ref().and_then(|url| canonical(url.as_str())));
            links.words.insert(one_line(&link.text().collect::<String>()).to_lowercase());
        }
        links
    }

    /// Do two of these, or the only one, stand on the page? One alone may be in any menu.
    pub fn share(&self, entries: &[Shown]) -> bool {
        let is_here = |entry: &&Shown| {
            let address = canonical(&entry.link);
            address.is_some_and(|address| self.addresses.contains(&address))
                || (!entry.title.is_empty() && self.words.contains(&entry.title.to_lowercase()))
        };
        !entries.is_empty() && entries.iter().filter(is_here).count() >= entries.len().min(2)
    }
}

/// What the `Link` headers offer, then what the page itself does.
fn announced(about: &About, headers: &[String], at: Option<&Url>) -> Vec<Lead> {
    let lead = |link: &Link, base: Option<&Url>| {
        let offers = link.media_type.as_deref().is_some_and(|kind| page::is_feed_offer(&link.rel, kind));
        let url = safe_link(&link.href, base).filter(|_| offers)?;
        let name = one_line(link.title.as_deref().unwrap_or_default());
        Some(Lead { url, origin: Origin::Announced, name })
    };
    let by_headers: Vec<Link> = headers.iter().flat_map(|header| header_links(header)).collect();
    let by_headers = by_headers.iter().filter_map(|link| lead(link, at));
    by_headers.chain(about.links.iter().filter_map(|link| lead(link, None))).collect()
}

fn linked(tree: &Html, base: Option<&Url>) -> Vec<Lead> {
    let lead = |link: ElementRef<'_>| {
        let url = safe_link(link.attr("href")?, base)?;
        let said: String = link.text().collect();
        let name = one_line(&format!("{said} {}", link.attr("title").unwrap_or_default()));
        let speaks = name.split(|c: char| !c.is_alphanumeric()).any(|word| {
            matches!(word.to_lowercase().as_str(), "rss" | "atom" | "feed" | "feeds" | "xml" | "rdf")
        });
        let fits = speaks || looks_like_feed(&url) || link.attr("type").is_some_and(page::is_feed_type);
        // Services that add a feed to a reader carry its address in theirs; the feed itself is not there.
        let is_own = base.and_then(Url::host_str).is_none_or(|host| is_of(host, url.host_str()));
        (fits && is_own).then_some(Lead { url, origin: Origin::Linked, name })
    };
    tree.select(&selector("a[href]")).filter_map(lead).collect()
}

/// The same host, or one under the same name: `www.a.example` and `feeds.a.example`.
fn is_of(page: &str, feed: Option<&str>) -> bool {
    let name = page.strip_prefix("www.").unwrap_or(page);
    feed.is_some_and(|feed| feed == page || feed == name || feed.ends_with(&format!(".{name}")))
}

fn selector(css: &str) -> Selector {
    Selector::parse(css).expect("a selector that the tests use")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(html: &str, expected: &[&str]) {
        let base = Url::parse("https://www.a.example/news/").expect("an address");
        let input =
            Input { bytes: html.as_bytes(), content_type: None, base: Some(&base), ..Input::default() };
        check_input(input, &[], expected);
    }

    fn check_input(input: Input<'_>, headers: &[&str], expected: &[&str]) {
        let headers: Vec<String> = headers.iter().map(|header| (*header).to_owned()).collect();
        let found: Vec<String> = on_page(input, &headers)
            .iter()
            .map(|lead| format!("{:?} {} {}", lead.origin, lead.url, lead.name).trim().to_owned())
            .collect();
        assert_eq!(found, expected);
    }

    #[test]
    fn announced_feeds_are_found_in_head_and_body() {
        check(
            "<head><link rel='alternate' type='application/rss+xml' title='All news' href='/feed'>\
             <link rel='alternate' hreflang='fr' href='/fr'><link rel=stylesheet type=text/css href=/x.css></head>\
             <body><p><link rel='ALTERNATE home' type='application/atom+xml; charset=utf-8' href='atom'>",
            &["Announced https://www.a.example/feed All news", "Announced https://www.a.example/news/atom"],
        );
    }

    #[test]
    fn headers_announce_feeds_as_well() {
        let base = Url::parse("https://www.a.example/news/").expect("an address");
        let headers = [
            "</wp-json/>; rel=\"https://api.w.org/\", <feed>; rel=alternate; type=\"application/rss+xml\"; title=All",
            "</posts/1>; rel=\"alternate\"; type=\"application/json\", </style.css>; rel=preload",
        ];
        let input = Input { bytes: b"<p>Hello", base: Some(&base), ..Input::default() };
        check_input(input, &headers, &["Announced https://www.a.example/news/feed All"]);
    }

    #[test]
    fn links_may_speak_of_feeds() {
        check(
            "<a href='/subscribe'>Our RSS feed</a><a href='/news.xml'>all</a><a href='/feedback'>Feedback</a>\
             <a href='https://feeds.a.example/x'>Atom</a><a href='https://reader.example/?add=rss'>RSS</a>\
             <a href='/news.xml#again'>RSS</a>",
            &[
                "Linked https://www.a.example/subscribe Our RSS feed",
                "Linked https://www.a.example/news.xml all",
                "Linked https://feeds.a.example/x Atom",
            ],
        );
    }

    fn check_distance(path: &str, title: &str, expected: usize) {
        let url = Url::parse(&format!("https://a.example{path}")).expect("an address");
        let lead = Lead { url, origin: Origin::Announced, name: String::new() };
        assert_eq!(distance(&Known { lead: &lead, title, links: Vec::new() }).0, expected, "{path}");
    }

    #[test]
    fn feeds_of_comments_and_topics_are_farther() {
        check_distance("/feed", "News", 0);
        check_distance("/comments/feed", "News", 2);
        check_distance("/x/feed", "Comments on: Opening hours", 2);
        check_distance("/tag/ports/feed", "News", 1);
    }

    #[test]
    fn a_feed_that_gives_nothing_more_is_known() {
        let lead = usual(&Url::parse("https://a.example/").expect("an address")).remove(0);
        let feed = |links: &[&'static str]| Known { lead: &lead, title: "", links: links.to_vec() };
        let feeds =
            [feed(&["https://a.example/1", "https://a.example/2"]), feed(&["http://a.example/2"]), feed(&[])];
        assert_eq!(repeated(&feeds), [None, Some(0), None]);
    }
}
