//! An address that somebody gave, asked: is it a feed, does it lead to feeds, or is it a page to be read by selectors?

use bytes::Bytes;
use chrono::{DateTime, TimeDelta, Utc};
use url::Url;

use super::reading::Threads;
use crate::fetch::{Client, FailureKind, FetchError, Request, Wants, Whole};
use crate::model::language::Language;
use crate::model::source::{Robots, Sitemap, SourceKind};
use crate::parse::document::Document;
use crate::parse::{self, Input};
use crate::propose::feeds::{self, Known, Lead, Origin};
use crate::propose::{self, Proposal, Shown};
use crate::schedule::Validators;

/// A person waits for it.
const ANSWERING: TimeDelta = TimeDelta::seconds(60);

const LARGEST: u64 = 5_000_000;

/// How much farther a feed is that has nothing of the page.
const UNRELATED: usize = 5;

/// What to look for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Look {
    /// Feeds first; selectors for a page that has none.
    Feeds,
    /// Selectors, whatever feeds there are.
    Page,
}

/// What stands at an address, or behind it.
#[derive(Debug)]
pub struct Found {
    /// Where it lives.
    pub url: Url,
    /// Of the page; `None` for a feed.
    pub title: Option<String>,
    /// Those that were fetched and read, the best first.
    pub feeds: Vec<Feed>,
    /// Those that are none, and why.
    pub failed: Vec<(Lead, String)>,
    /// If there are no feeds, or they were not wanted.
    pub proposal: Option<Proposal>,
}

/// A feed that was read.
#[derive(Debug)]
pub struct Feed {
    pub lead: Lead,
    pub version: String,
    pub title: Option<String>,
    pub language: Option<Language>,
    pub entries: Vec<Shown>,
    /// How far it is from all the news of its site; 0 is nearest.
    pub distance: usize,
    /// What speaks against it.
    pub remark: Option<String>,
    /// The page speaks of it, or has some of its entries: it may be taken for the page.
    pub is_of_page: bool,
}

impl Feed {
    pub fn newest(&self) -> Option<DateTime<Utc>> {
        self.entries.iter().filter_map(|entry| entry.published).max()
    }

    /// One that nobody spoke of may be about something else.
    fn compare(&mut self, links: &feeds::Links) {
        self.is_of_page = links.share(&self.entries);
        if !self.is_of_page {
            self.distance += UNRELATED;
            self.remark = Some("nothing of it stands on this page".to_owned());
        }
    }
}

/// A body, and where it came from.
struct Got {
    bytes: Bytes,
    content_type: Option<String>,
    /// What relative links are relative to.
    base: Url,
    /// What to ask next time.
    url: Url,
    /// `Link` headers, as they came.
    links: Vec<String>,
}

/// What a body is.
enum Is {
    Feed(Box<Document>),
    /// And why it is no feed.
    Page(String),
}

/// Asks the first of these addresses that answers, and what it leads to. `Err` says why there is nothing to look at.
pub async fn discover(
    client: &Client,
    addresses: &[Url],
    robots: Robots,
    look: Look,
    now: DateTime<Utc>,
) -> Result<Found, String> {
    let got = first(client, addresses, robots, now).await?;
    let url = got.url.clone();
    match recognise(&got).await? {
        Is::Feed(document) => {
            let lead = Lead { url: url.clone(), origin: Origin::Given, name: String::new() };
            let feed = feed(lead, &document)?;
            Ok(Found { url, title: None, feeds: vec![feed], failed: Vec::new(), proposal: None })
        }
        Is::Page(_) => match listing(client, &got, robots, now).await? {
            Some(proposal) => {
                let proposal = Some(proposal);
                Ok(Found { url, title: None, feeds: Vec::new(), failed: Vec::new(), proposal })
            }
            None => page(client, got, look, now).await,
        },
    }
}

/// What is made for programs speaks of no feeds. Of an index of sitemaps, the newest one shows what they give.
async fn listing(
    client: &Client,
    got: &Got,
    robots: Robots,
    now: DateTime<Utc>,
) -> Result<Option<Proposal>, String> {
    let Some(next) = with_body(got, newest_of_index).await? else {
        return with_body(got, propose::listing::propose).await;
    };
    let newest = get(client, &next, Wants::Feed, robots, now).await;
    let newest = newest.map_err(|error| format!("its newest sitemap, {next}: {error}"))?;
    with_body(&newest, propose::listing::propose).await
}

/// Where an index leads, on its own server.
fn newest_of_index(input: Input<'_>) -> Option<Url> {
    let kind = SourceKind::Sitemap(Sitemap::default());
    let next = parse::listing::read(input, &kind).ok()?.next.into_iter().next()?;
    (Some(next.origin()) == input.base.map(Url::origin)).then_some(next)
}

/// An address without `https://` may be one that has only `http://`.
async fn first(
    client: &Client,
    addresses: &[Url],
    robots: Robots,
    now: DateTime<Utc>,
) -> Result<Got, String> {
    let mut said = "no address".to_owned();
    for (at, url) in addresses.iter().enumerate() {
        let wants = if feeds::looks_like_feed(url) { Wants::Feed } else { Wants::Page };
        match get(client, url, wants, robots, now).await {
            Ok(got) => return Ok(got),
            Err(error) => {
                let goes_on = matches!(
                    error,
                    FetchError::Failed {
                        kind: FailureKind::Connect | FailureKind::Tls | FailureKind::Io,
                        ..
                    }
                );
                // What the first says is about the better address, unless somebody answers at the other.
                if at == 0 || !goes_on {
                    said = error.to_string();
                }
                if !goes_on {
                    break;
                }
            }
        }
    }
    Err(said)
}

async fn page(client: &Client, got: Got, look: Look, now: DateTime<Utc>) -> Result<Found, String> {
    let headers = got.links.clone();
    let leads = with_body(&got, move |input| feeds::on_page(input, &headers)).await?;
    let (mut feeds, mut failed) = (Vec::new(), Vec::new());
    if look == Look::Feeds {
        prove(client, leads, now, &mut feeds, &mut failed).await;
        if feeds.is_empty() {
            prove(client, feeds::usual(&got.url), now, &mut feeds, &mut failed).await;
            let links = with_body(&got, feeds::Links::on).await?;
            for feed in &mut feeds {
                feed.compare(&links);
            }
        }
    }
    let feeds = ranked(feeds);
    let needs_selectors = !feeds.iter().any(|feed| feed.is_of_page);
    let (title, proposal) = with_body(&got, move |input| {
        let title = parse::page::tree(input).1.title.map(|title| title.text);
        (title, needs_selectors.then(|| propose::propose(input)))
    })
    .await?;
    Ok(Found { url: got.url, title, feeds, failed, proposal })
}

/// Fetches and reads each, one after the other: they are nearly all on one host.
async fn prove(
    client: &Client,
    leads: Vec<Lead>,
    now: DateTime<Utc>,
    feeds: &mut Vec<Feed>,
    failed: &mut Vec<(Lead, String)>,
) {
    for lead in leads {
        // What a page announces is offered to readers; what we only suspect is asked for as a robot does.
        let robots = if lead.origin == Origin::Announced { Robots::Subscription } else { Robots::Obey };
        match prove_one(client, &lead, robots, now).await {
            Ok(feed) if feeds.iter().any(|known| known.lead.url == feed.lead.url) => {}
            Ok(feed) => feeds.push(feed),
            Err(why) => failed.push((lead, why)),
        }
    }
}

async fn prove_one(client: &Client, lead: &Lead, robots: Robots, now: DateTime<Utc>) -> Result<Feed, String> {
    let got = get(client, &lead.url, Wants::Feed, robots, now).await.map_err(|error| error.to_string())?;
    match recognise(&got).await? {
        Is::Feed(document) => feed(Lead { url: got.url, ..lead.clone() }, &document),
        Is::Page(why) => Err(why),
    }
}

fn feed(lead: Lead, document: &Document) -> Result<Feed, String> {
    if document.entries.is_empty() {
        return Err("a feed without any entry".to_owned());
    }
    let title = document.about.title.as_ref().map(parse::html::text);
    let known = Known { lead: &lead, title: title.as_deref().unwrap_or_default(), links: Vec::new() };
    let (distance, remark) = feeds::distance(&known);
    Ok(Feed {
        version: document.version.clone(),
        language: document.about.language.clone(),
        entries: propose::shown(document),
        distance,
        remark: remark.map(str::to_owned),
        is_of_page: true,
        title,
        lead,
    })
}

/// The nearest to all the news first; what gives nothing of its own last.
fn ranked(mut feeds: Vec<Feed>) -> Vec<Feed> {
    feeds.sort_by_key(|feed| (feed.distance, feed.lead.origin));
    let known: Vec<Known<'_>> = feeds
        .iter()
        .map(|feed| Known {
            lead: &feed.lead,
            title: "",
            links: feed.entries.iter().map(|entry| entry.link.as_str()).collect(),
        })
        .collect();
    let repeated: Vec<Option<String>> = feeds::repeated(&known)
        .into_iter()
        .map(|earlier| Some(feeds.get(earlier?)?.lead.url.to_string()))
        .collect();
    for (feed, earlier) in feeds.iter_mut().zip(repeated) {
        if let Some(earlier) = earlier {
            feed.distance += 10;
            feed.remark = Some(format!("nothing that is not in {earlier}"));
        }
    }
    feeds.sort_by_key(|feed| feed.distance);
    feeds
}

async fn get(
    client: &Client,
    url: &Url,
    wants: Wants,
    robots: Robots,
    now: DateTime<Utc>,
) -> Result<Got, FetchError> {
    let validators = Validators::default();
    let request =
        Request { url, validators: &validators, wants, robots, timeout: ANSWERING, max_bytes: LARGEST, now };
    let Whole { bytes, content_type, url: base, moved_to, links } = client.fetch_whole(request).await?;
    Ok(Got { bytes, content_type, base, url: moved_to.unwrap_or_else(|| url.clone()), links })
}

async fn recognise(got: &Got) -> Result<Is, String> {
    with_body(got, |input| match parse::feed(input) {
        Ok(document) => Is::Feed(Box::new(document)),
        Err(error) => Is::Page(error.to_string()),
    })
    .await
}

/// Reads a body aside: whatever stands in it, the command ends in time.
async fn with_body<T: Send + 'static>(
    got: &Got,
    read: impl FnOnce(Input<'_>) -> T + Send + 'static,
) -> Result<T, String> {
    let (bytes, content_type, base) = (got.bytes.clone(), got.content_type.clone(), got.base.clone());
    Threads::new(1)
        .read(move |stop| {
            read(Input { bytes: &bytes, content_type: content_type.as_deref(), base: Some(&base), stop })
        })
        .await
}
