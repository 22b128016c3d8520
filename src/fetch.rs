//! One request, one outcome: the HTTP client with its guards.

mod body;
mod clients;
mod failure;
mod guard;
mod headers;
mod hosts;
mod pace;
mod patience;
mod post;
pub mod robots;
mod room;
mod trail;
mod web;

use bytes::Bytes;
use chrono::{DateTime, TimeDelta, Utc};
use reqwest::StatusCode;
use reqwest::header::HeaderMap;
use url::Url;

use crate::config::Fetching;
use crate::identity::change::print_of;
use crate::model::cause::Cause;
use crate::model::source::Robots;
use crate::schedule::Validators;
use body::Beyond;
use pace::Pace;
use robots::Site;
use trail::Trail;
use web::{Budget, Question, Reply, Web};

/// Asks other people's servers, politely: one request at a time per host, never a private address.
#[derive(Debug)]
pub struct Client {
    web: Web,
    robots: robots::Robots,
}

/// One thing to ask for.
#[derive(Debug, Clone, Copy)]
pub struct Request<'a> {
    pub url: &'a Url,
    pub validators: &'a Validators,
    pub wants: Wants,
    pub robots: Robots,
    /// For the whole answer, redirects included; what does not count is waiting until others have asked, and asking
    /// for robots.txt.
    pub timeout: TimeDelta,
    /// Decoded bytes.
    pub max_bytes: u64,
    /// The run's time, for Retry-After dates.
    pub now: DateTime<Utc>,
}

/// Which `Accept` to send.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wants {
    Feed,
    Page,
}

/// What the server said.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    pub body: Body,
    /// To be sent next time, as they came, both or neither replaced.
    pub validators: Validators,
    /// Where the source lives now, when every hop there was permanent (301, 308).
    pub moved_to: Option<Url>,
    /// What the server asks us to wait at least (Cache-Control max-age), capped at a day.
    pub fresh_for: Option<TimeDelta>,
    /// `Link` headers, as they came.
    pub links: Vec<String>,
    /// The address is https, and the answer came over http.
    pub is_insecure: bool,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Body {
    /// 304: what we have is what there is.
    Unchanged,
    New {
        bytes: Bytes,
        content_type: Option<String>,
        /// After redirects: what relative links are relative to.
        url: Url,
    },
}

/// An answer to a question without conditions.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Whole {
    pub bytes: Bytes,
    pub content_type: Option<String>,
    /// After redirects: what relative links are relative to.
    pub url: Url,
    /// As in [`Answer`].
    pub moved_to: Option<Url>,
    /// `Link` headers, as they came.
    pub links: Vec<String>,
}

/// One variant for each thing a caller does about it.
#[derive(Debug, thiserror::Error)]
pub enum FetchError {
    /// Ask once a month, in case somebody brings it back.
    #[error("gone for good (410)")]
    Gone,
    /// Ask again, but not before the time the server named.
    #[error("asked us to wait ({status})")]
    Later { status: u16, until: Option<DateTime<Utc>> },
    /// Ask less and less often.
    #[error("nothing is at this address (404)")]
    Absent,
    /// Nothing was asked, since its site wants pauses and others of this run had their turn.
    #[error("its site wants pauses between requests: the next run asks it")]
    PutOff { wait: TimeDelta },
    /// Nothing was asked, since its host has kept this run waiting for too long.
    #[error(
        "not asked, since {host} kept this run waiting too long with other sources: the next run asks it, unless the host is as \
         slow then"
    )]
    Slow { host: String },
    /// Ask again later. The text says what happened, `kind` in one word what kind of thing it was.
    #[error("{message}")]
    Failed { kind: FailureKind, message: String, advice: Option<&'static str> },
}

impl FetchError {
    /// What happened and, for a source that staff have, what they can do about it.
    pub fn with_advice(&self) -> String {
        let advice = match self {
            Self::Absent => Some("look for the new one on the site, or disable the source"),
            Self::Failed { advice, .. } => *advice,
            Self::Gone | Self::Later { .. } | Self::PutOff { .. } | Self::Slow { .. } => None,
        };
        advice.map_or_else(|| self.to_string(), |advice| format!("{self}: {advice}"))
    }
}

/// What kind of failure: for staff, and for programs that read `--json`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum FailureKind {
    Dns,
    Connect,
    Tls,
    Timeout,
    /// A status that is no success.
    HttpStatus,
    /// Too many redirects, or one to nowhere.
    Redirect,
    /// An address we may not ask.
    Blocked,
    /// robots.txt says no.
    Robots,
    TooLarge,
    Truncated,
    /// A content encoding that does not decode.
    Encoding,
    Io,
}

impl FailureKind {
    /// What it is for those who hear of it.
    pub fn cause(self) -> Cause {
        match self {
            Self::Dns => Cause::Dns,
            Self::Connect => Cause::Connect,
            Self::Tls => Cause::Tls,
            Self::Timeout => Cause::Timeout,
            Self::HttpStatus => Cause::HttpStatus,
            Self::Redirect => Cause::Redirect,
            Self::Blocked | Self::Robots => Cause::Blocked,
            Self::TooLarge => Cause::TooLarge,
            Self::Truncated => Cause::Truncated,
            Self::Encoding => Cause::Encoding,
            Self::Io => Cause::Io,
        }
    }
}

impl Wants {
    /// A print of what this asks of an address: answers to other questions have other validators.
    fn representation(self, url: &Url) -> i64 {
        print_of([self.accept(), body::CODINGS, url.as_str()].join("\n").as_bytes())
    }

    /// Everything is read in the end: many servers label a feed wrongly, and some answer 406 to a list without `*/*`.
    fn accept(self) -> &'static str {
        match self {
            Self::Feed => {
                "application/atom+xml,application/rss+xml,application/feed+json,application/rdf+xml,\
                 application/xml;q=0.9,text/xml;q=0.9,application/json;q=0.8,*/*;q=0.5"
            }
            Self::Page => "text/html,application/xhtml+xml,*/*;q=0.5",
        }
    }
}

impl Client {
    pub fn new(settings: &Fetching) -> Result<Self, FetchError> {
        Ok(Self { web: Web::new(settings)?, robots: robots::Robots::new(&settings.user_agent) })
    }

    /// What earlier runs learned of sites.
    pub fn remember(&self, sites: Vec<Site>) {
        self.robots.remember(sites);
    }

    /// What this run learned of sites.
    pub async fn learned(&self) -> Vec<Site> {
        self.robots.learned().await
    }

    /// Asks once, following redirects; no retry (the schedule does that).
    ///
    /// Validators belong to the last answer, which may have come from behind a redirect: only the address that gave them
    /// is sent them. Another one may have given the same tag to something else.
    pub async fn fetch(&self, request: Request<'_>) -> Result<Answer, FetchError> {
        let mut budget = Budget::new(clients::duration(request.timeout));
        let mut trail = Trail::new(request.url);
        loop {
            self.web.check(trail.here())?;
            let pace = match request.robots {
                Robots::Obey => {
                    let pace = self.robots.check(&self.web, trail.here(), request.now).await?;
                    pace.at_least(self.web.gap(trail.here()))
                }
                Robots::Subscription => Pace::default(),
            };
            let representation = request.wants.representation(trail.here());
            let question = request.question(trail.here(), representation, pace);
            let asked = Asked { representation, is_conditional: !question.conditions.is_empty() };
            let reply = self.web.ask(question, &mut budget).await;
            if pace.is_kept() && !matches!(reply, Err(FetchError::PutOff { .. } | FetchError::Slow { .. })) {
                self.robots.asked(trail.here(), request.now).await;
            }
            let reply = reply?;
            if let Some(later) = later(&reply, request.now) {
                return Err(later);
            }
            if !reply.is_redirect() {
                return answer(reply, &request, asked, &trail);
            }
            trail.follow(reply.status, &reply.headers)?;
        }
    }

    /// The same without validators, for those who remember nothing of the address.
    pub async fn fetch_whole(&self, request: Request<'_>) -> Result<Whole, FetchError> {
        let none = Validators::default();
        let Answer { body, moved_to, links, .. } =
            self.fetch(Request { validators: &none, ..request }).await?;
        match body {
            Body::New { bytes, content_type, url } => Ok(Whole { bytes, content_type, url, moved_to, links }),
            Body::Unchanged => Err(failure::status(StatusCode::NOT_MODIFIED)),
        }
    }
}

impl<'a> Request<'a> {
    fn question(&self, url: &'a Url, representation: i64, pace: Pace) -> Question<'a> {
        let is_theirs = self.validators.of.is_none_or(|of| of == representation);
        Question {
            url,
            accept: self.wants.accept(),
            conditions: if is_theirs { headers::conditions(self.validators) } else { HeaderMap::new() },
            max_bytes: self.max_bytes,
            beyond: Beyond::Fail,
            keeps: false,
            pace,
        }
    }
}

/// What an answer is an answer to.
#[derive(Debug, Clone, Copy)]
struct Asked {
    representation: i64,
    is_conditional: bool,
}

/// 429 and 503 always ask for patience; a redirect does when it names a time.
fn later(reply: &Reply, now: DateTime<Utc>) -> Option<FetchError> {
    let until = headers::retry_after(&reply.headers, now);
    let status = reply.status.as_u16();
    let is_later = matches!(status, 429 | 503) || (reply.is_redirect() && until.is_some());
    is_later.then_some(FetchError::Later { status, until })
}

fn answer(reply: Reply, request: &Request<'_>, asked: Asked, trail: &Trail) -> Result<Answer, FetchError> {
    let body = match reply.status.as_u16() {
        200 | 203 => Body::New {
            content_type: headers::content_type(&reply.headers),
            bytes: reply.bytes,
            url: trail.public_address(),
        },
        304 if asked.is_conditional => Body::Unchanged,
        404 => return Err(FetchError::Absent),
        410 => return Err(FetchError::Gone),
        _ => return Err(failure::status(reply.status)),
    };
    // A 304 confirms what it was asked about, whatever validators it sends along.
    let validators = match body {
        Body::Unchanged => request.validators.clone(),
        Body::New { .. } => headers::validators(&reply.headers),
    };
    let validators = Validators { of: Some(asked.representation), ..validators };
    Ok(Answer {
        body,
        validators,
        moved_to: trail.moved_to(),
        fresh_for: headers::fresh_for(&reply.headers, request.now),
        links: headers::links(&reply.headers),
        is_insecure: request.url.scheme() == "https" && trail.here().scheme() == "http",
    })
}
