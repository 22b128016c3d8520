//! The further pages of a listing, asked as politely as the first.

use chrono::{DateTime, Utc};
use std::collections::{HashSet, VecDeque};
use url::Url;

use super::document::{self, Answered, Gathered};
use super::read::Reader;
use crate::contract::shape::Shape;
use crate::model::source::{Next, Source, SourceKind};
use crate::parse::document::Document;
use crate::parse::listing::{Listing, paging};
use crate::schedule::{SourceState, Validators};

/// The further pages of a listing.
pub(super) struct Plan<'s> {
    /// Addresses that pages named.
    named: VecDeque<Url>,
    pattern: Option<&'s str>,
    most: usize,
    asked: HashSet<Url>,
    /// The sitemaps of an index are followed, and not the indexes that an index names.
    once: bool,
    first: Url,
}

impl<'s> Plan<'s> {
    pub(super) fn of(source: &'s Source, first: Url, listing: &Listing) -> Option<Self> {
        let (pattern, most, once) = match &source.kind {
            SourceKind::Feed => return None,
            SourceKind::Sitemap(settings) => (None, settings.most_pages, true),
            SourceKind::Page(selectors) => {
                let paging = selectors.paging.as_ref()?;
                (pattern(&paging.next), paging.most, false)
            }
            SourceKind::Json(paths) => {
                let paging = paths.paging.as_ref()?;
                (pattern(&paging.next), paging.most, false)
            }
        };
        let asked = HashSet::from([first.clone(), source.url.clone()]);
        Some(Self { named: listing.next.iter().cloned().collect(), pattern, most, asked, once, first })
    }

    /// Asks page after page: at most so many, none twice, none of another server, and no further than to what is known.
    pub(super) async fn follow(
        mut self,
        reader: &Reader,
        index: usize,
        source: &Source,
        state: &SourceState,
        gathered: &mut Gathered,
        now: DateTime<Utc>,
    ) {
        let last = state.shape.as_deref().filter(|_| !self.once).and_then(Shape::parse);
        let last = last.filter(|last| !last.is_of_other_rules(source));
        for number in 2..=self.most {
            if reaches_known(&gathered.listing.document, state)
                || last.as_ref().is_some_and(|last| last.is_reached_by(&gathered.listing.document.entries))
            {
                return;
            }
            let Some(next) = self.next(number, now) else { return };
            let answer = match ask(reader, source, &next, now).await {
                Ok(answer) if is_same_server(&self.first, &answer.url) => answer,
                Ok(answer) => {
                    gathered.note(&next, &format!("it leads to another server, {}", answer.url));
                    return;
                }
                Err(message) => {
                    gathered.note(&next, &message);
                    return;
                }
            };
            match document::parse(reader, index, answer).await {
                Ok((listing, page)) => {
                    if !self.once {
                        self.named.extend(listing.next.iter().cloned());
                    }
                    gathered.pages.push(page);
                    let has_new = gathered.add(listing);
                    if self.once && gathered.on_first == 0 {
                        gathered.on_first = gathered.listing.document.entries.len();
                    }
                    if !has_new && !self.once {
                        return;
                    }
                }
                Err(wrong) => gathered.note(&next, &wrong.message),
            }
        }
    }

    fn next(&mut self, number: usize, now: DateTime<Utc>) -> Option<Url> {
        loop {
            let next = match self.pattern {
                Some(pattern) => paging::address(pattern, number, now)?,
                None => self.named.pop_front()?,
            };
            let next = as_secure_as(&self.first, next);
            let is_new = is_same_server(&self.first, &next) && self.asked.insert(next.clone());
            if is_new {
                return Some(next);
            }
            if self.pattern.is_some() {
                return None;
            }
        }
    }
}

fn pattern(next: &Next) -> Option<&str> {
    match next {
        Next::Pattern(pattern) => Some(pattern),
        Next::Told(_) => None,
    }
}

fn is_same_server(one: &Url, other: &Url) -> bool {
    one.origin() == other.origin()
}

/// Old pages name their own server by `http` still.
fn as_secure_as(first: &Url, mut next: Url) -> Url {
    next.set_fragment(None);
    if first.scheme() == "https"
        && next.scheme() == "http"
        && next.port().is_none()
        && next.host() == first.host()
    {
        // It fails only for schemes of another kind.
        let _ = next.set_scheme("https");
    }
    next
}

/// The listing goes back to what was read before: further pages have nothing new.
fn reaches_known(document: &Document, state: &SourceState) -> bool {
    let Some(newest) = state.newest else { return false };
    document.entries.iter().any(|entry| entry.published.is_some_and(|published| published <= newest))
}

async fn ask(reader: &Reader, source: &Source, url: &Url, now: DateTime<Utc>) -> Result<Answered, String> {
    let none = Validators::default();
    let answer = reader.client.fetch_whole(document::request(source, url, &none, now)).await;
    answer.map(Answered::of).map_err(|error| error.to_string())
}
