//! The Channel Definition Format of 1997: upper case, addresses in attributes, one level of items.

use url::Url;

use super::adapt::{MOST_LINKS, looks_like_html, resolve};
use super::date;
use super::document::{About, Document, Image, Link, ParsedEntry};
use super::flaws::Flaws;
use super::lex::{Lexer, Token};
use super::reference;
use super::stop::Stop;
use super::survey::{DEEPEST, MOST_ENTRIES};
use crate::model::text::Markup;

/// Where we are in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Field {
    Title,
    Abstract,
    Other,
}

struct Reader<'a> {
    base: Option<Url>,
    about: About,
    entries: Vec<ParsedEntry>,
    flaws: Flaws,
    /// The names of the elements that are open.
    open: Vec<&'a str>,
    text: String,
}

pub(super) fn read(text: &str, junk: bool, base: Option<&Url>, stop: Stop<'_>) -> Document {
    let mut lexer = Lexer::new(text, stop);
    let mut reader = Reader {
        base: base.cloned(),
        about: About { base: base.cloned(), ..About::default() },
        entries: Vec::new(),
        flaws: Flaws::default(),
        open: Vec::new(),
        text: String::new(),
    };
    while let Some(token) = lexer.next() {
        match token {
            Token::Start { name, empty } => {
                if is(name, "ITEM") && reader.entries.len() >= MOST_ENTRIES {
                    reader.flaws.too_many();
                    break;
                }
                reader.start(name, &lexer);
                if empty {
                    reader.end(name);
                }
            }
            Token::End { name } => reader.end(name),
            Token::Text(text) => reader.text.push_str(&reference::decode(text)),
            Token::CData(text) => reader.text.push_str(text),
        }
    }
    if junk {
        reader.flaws.junk();
    }
    if lexer.cut || !reader.open.is_empty() {
        reader.flaws.truncated();
    } else if lexer.broken {
        reader.flaws.repaired();
    }
    Document {
        version: "cdf".to_owned(),
        about: reader.about,
        entries: reader.entries,
        flaws: reader.flaws.into_list(),
        ..Document::default()
    }
}

impl<'a> Reader<'a> {
    fn start(&mut self, name: &'a str, lexer: &Lexer<'a>) {
        self.text.clear();
        let attribute = |wanted: &str| {
            let found = lexer.attributes.iter().find(|(name, _)| is(name, wanted));
            found
                .map(|(_, value)| reference::decode(value).trim().to_owned())
                .filter(|value| !value.is_empty())
        };
        let changed = attribute("LASTMOD").and_then(|text| date::in_feed(&text));
        let href = attribute("HREF").map(|href| resolve(&href, self.base.as_ref()));
        match name {
            name if is(name, "CHANNEL") && self.open.is_empty() => {
                if let Some(base) = attribute("BASE").and_then(|base| Url::parse(&base).ok()) {
                    self.about.base = Some(base.clone());
                    self.base = Some(base);
                }
                self.about.updated = changed;
                self.about.links.extend(href.map(alternate));
            }
            name if is(name, "ITEM") => self.entries.push(ParsedEntry {
                links: href.into_iter().map(alternate).collect(),
                updated: changed,
                base: self.base.clone(),
                ..ParsedEntry::default()
            }),
            name if is(name, "A") => {
                let in_item = self.open.iter().any(|name| is(name, "ITEM"));
                let links = match self.entries.last_mut().filter(|_| in_item) {
                    Some(entry) => &mut entry.links,
                    None => &mut self.about.links,
                };
                if links.len() < MOST_LINKS {
                    links.extend(href.map(alternate));
                }
            }
            name if is(name, "LOGO") && self.about.image.is_none() && self.open.len() == 1 => {
                self.about.image = href.map(|url| Image { url, ..Image::default() });
            }
            _ => {}
        }
        if self.open.len() < DEEPEST {
            self.open.push(name);
        }
    }

    fn end(&mut self, name: &'a str) {
        let Some(depth) = self.open.iter().rposition(|open| *open == name) else { return };
        self.open.truncate(depth);
        let text = std::mem::take(&mut self.text).trim().to_owned();
        let field = match name {
            name if is(name, "TITLE") => Field::Title,
            name if is(name, "ABSTRACT") => Field::Abstract,
            _ => Field::Other,
        };
        if text.is_empty() || field == Field::Other {
            return;
        }
        let html = looks_like_html(&text);
        let markup = Markup { text, html };
        let in_item = self.open.last().is_some_and(|name| is(name, "ITEM"));
        let entry = self.entries.last_mut().filter(|_| in_item);
        let place = match (field, entry) {
            (Field::Title, Some(entry)) => &mut entry.title,
            (_, Some(entry)) => &mut entry.summary,
            (Field::Title, None) => &mut self.about.title,
            (_, None) => &mut self.about.subtitle,
        };
        place.get_or_insert(markup);
    }
}

fn alternate(href: String) -> Link {
    Link { href, rel: "alternate".to_owned(), ..Link::default() }
}

fn is(name: &str, wanted: &str) -> bool {
    name.eq_ignore_ascii_case(wanted)
}
