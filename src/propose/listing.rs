//! Tables for what is made for programs: the paths of JSON and of lists in scripts by their names, and sitemaps.

use std::collections::HashSet;

use serde_json::Value;

use super::{Candidate, MOST_READ, Proposal, candidate, chosen};
use crate::model::source::{Paths, Sitemap, SourceKind};
use crate::parse::html::safe_link;
use crate::parse::listing::raw::{self, List, Raw};
use crate::parse::{Input, date};

/// So many items show what the names of a list stand for.
const LOOKED_AT: usize = 50;

/// Of an index of sitemaps, the requests that feeds.toml has if it says nothing.
const MOST_PAGES: usize = 3;

/// The names that parts of an entry go by; those that say most first.
const TITLES: [&str; 7] = ["title", "headline", "heading", "subject", "name", "titre", "titulo"];
const LINKS: [&str; 8] = ["html_url", "web_url", "permalink", "link", "url", "href", "uri", "path"];
const DATES: [&str; 6] = ["publ", "date", "posted", "created", "time", "updated"];
const SUMMARIES: [&str; 6] = ["summary", "description", "teaser", "abstract", "excerpt", "lead"];

/// How a listing for programs may be read; `None` if the document is none.
pub fn propose(input: Input<'_>) -> Option<Proposal> {
    let found: Vec<Candidate> = match raw::recognise(input)? {
        Raw::Sitemap => sitemap(input).into_iter().collect(),
        Raw::Lists(lists) => lists
            .iter()
            .take(MOST_READ)
            .take_while(|_| input.stop.check().is_ok())
            .filter_map(|list| read(input, SourceKind::Json(paths(list, input)?)))
            .collect(),
    };
    Some(chosen(None, found))
}

/// With the titles that it has; if it has none, with those that its addresses make.
fn sitemap(input: Input<'_>) -> Option<Candidate> {
    let way = |titles_from_addresses| {
        SourceKind::Sitemap(Sitemap { titles_from_addresses, most_pages: MOST_PAGES, ..Sitemap::default() })
    };
    read(input, way(false)).or_else(|| read(input, way(true)))
}

fn read(input: Input<'_>, kind: SourceKind) -> Option<Candidate> {
    let entries = super::shown(&crate::parse::listing::read(input, &kind).ok()?.document);
    let kept = super::Kept::of(entries, input)?;
    Some(candidate(kind, kept, None))
}

/// `None`: nothing in the items is called as a title or a link is.
fn paths(list: &List, input: Input<'_>) -> Option<Paths> {
    let items: Vec<&Value> = list.items.iter().take(LOOKED_AT).collect();
    let fields = fields(&items);
    let has_many = |path: &str, is_so: &dyn Fn(&str) -> bool| {
        let texts: Vec<String> = items.iter().filter_map(|item| raw::text(item, path)).collect();
        texts.iter().filter(|text| is_so(text)).count() * 5 >= items.len() * 4
    };
    let best = |names: &[&str], is_so: &dyn Fn(&str) -> bool| {
        let fits = |path: &&String| has_many(path, is_so);
        names.iter().find_map(|name| named(&fields, name).find(fits).cloned())
    };
    let differs = |path: &str| {
        let texts: HashSet<String> = items.iter().filter_map(|item| raw::text(item, path)).collect();
        texts.len() * 2 > items.len()
    };
    let is_link = |text: &str| safe_link(text, input.base).is_some() && !text.contains(' ');
    let title = best(&TITLES, &|text| text.chars().any(char::is_alphabetic))?;
    let link = best(&LINKS, &is_link).filter(|path| differs(path))?;
    Some(Paths {
        script: list.script.clone(),
        items: list.path.clone(),
        date: best(&DATES, &|text| date::parse(text).is_some()),
        summary: best(&SUMMARIES, &|text| text.chars().any(char::is_alphabetic))
            .filter(|path| *path != title),
        title,
        link,
        ..Paths::default()
    })
}

/// The fields called so, then those that have it in their name.
fn named<'f>(fields: &'f [String], name: &'f str) -> impl Iterator<Item = &'f String> {
    let own = |path: &str| path.rsplit('/').next().unwrap_or_default().to_lowercase();
    let whole = fields.iter().filter(move |path| own(path) == name);
    whole.chain(fields.iter().filter(move |path| own(path) != name && own(path).contains(name)))
}

/// The paths of all texts in the items, those that lie higher first.
fn fields(items: &[&Value]) -> Vec<String> {
    let mut paths: Vec<String> = Vec::new();
    for fields in items.iter().filter_map(|item| item.as_object()) {
        for (name, value) in fields {
            let path = format!("/{}", escaped(name));
            let inner = value.as_object().into_iter().flatten();
            paths.extend(inner.map(|(name, _)| format!("{path}/{}", escaped(name))));
            paths.push(path);
        }
    }
    let mut known = HashSet::new();
    paths.retain(|path| known.insert(path.clone()));
    paths.sort_by_key(|path| path.matches('/').count());
    paths
}

fn escaped(name: &str) -> String {
    name.replace('~', "~0").replace('/', "~1")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::propose::keys;
    use proptest::prelude::*;
    use url::Url;

    fn found(text: &str) -> Option<Proposal> {
        let base = Url::parse("https://customs.example/api/list").expect("an address");
        propose(Input { bytes: text.as_bytes(), base: Some(&base), ..Input::default() })
    }

    fn check(text: &str, expected: &str) {
        let proposal = found(text);
        let told = proposal.as_ref().and_then(|proposal| proposal.candidates.first()).map(|candidate| {
            let keys = keys(&candidate.kind).into_iter().map(|(key, rule)| format!("{key}={rule}"));
            let entries = format!("{}/{}", candidate.dated(), candidate.entries.len());
            keys.chain([entries]).collect::<Vec<_>>().join(" ")
        });
        assert_eq!(told.unwrap_or_default(), expected, "{text}");
    }

    fn items(form: &str) -> String {
        let days = 1..=5;
        let item = |day| form.replace('N', &format!("{day}"));
        days.map(item).collect::<Vec<_>>().join(",")
    }

    #[test]
    fn names_tell_what_they_stand_for() {
        let list = items(
            r#"{"id": N, "title": "Customs house N opens to all traders", "link": "/n/N", "publishedDate": "2018-05-0N",
                "description": "More about it"}"#,
        );
        let paths = "title=/title link=/link date=/publishedDate summary=/description";
        check(&format!("[{list}]"), &format!("{paths} 5/5"));
        check(&format!(r#"{{"data": {{"items": [{list}]}}}}"#), &format!("items=/data/items {paths} 5/5"));
        check(&format!("window.news_item = [{list}];"), &format!("script=news_item {paths} 5/5"));
    }

    #[test]
    fn a_page_for_people_is_linked_before_one_for_programs() {
        check(
            &format!(
                "[{}]",
                items(
                    r#"{"url": "https://a.example/api/N", "html_url": "https://a.example/N",
                        "title": {"rendered": "Customs house N opens to all traders"}, "date": "2018-05-0N"}"#
                )
            ),
            "title=/title link=/html_url date=/date 5/5",
        );
    }

    #[test]
    fn a_list_may_be_given_piece_by_piece() {
        let piece =
            |n| format!("news[{n}] = {{headline: 'Customs house {n} opens to all', url: '/n/{n}.html'}};\n");
        let pieces = (1..=5).map(piece).collect::<Vec<_>>().concat();
        check(&format!("var news = new Array();\n{pieces}"), "script=news title=/headline link=/url 0/5");
    }

    #[test]
    fn sitemaps_have_titles_or_addresses_that_say_as_much() {
        let url = |n| {
            format!(
                "<url><loc>https://customs.example/news/customs-house-{n}-opens-to-all-traders</loc>\
                 <lastmod>2018-05-0{n}</lastmod></url>"
            )
        };
        let urls = (1..=5).map(url).collect::<Vec<_>>().concat();
        check(&format!("<urlset>{urls}</urlset>"), "titles_from_addresses=true 5/5");
    }

    #[test]
    fn what_is_no_list_of_news_is_refused() {
        check(&format!("[{}]", items(r#"{"name": "N", "url": "/N"}"#)), "");
        check(&format!("[{}]", items(r#"{"name": "Customs house N", "url": "/same"}"#)), "");
        check(r#"{"a": 1}"#, "");
    }

    proptest! {
        #[test]
        fn nothing_makes_it_panic(text in "([\\[{}\\],:=<>\"/ ]|title|link|urlset|1|é){0,40}") {
            let _ = found(&text);
        }
    }
}
