//! robots.txt (RFC 9309), for pages only: asked for at most once a day, remembered between runs.

mod rules;

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use tokio::time::Instant;
use url::Url;

use super::body::Beyond;
use super::failure::{ASK_OR_DISABLE, failed};
use super::pace::Pace;
use super::trail::Trail;
use super::web::{Budget, Question, Reply, Web};
use super::{FailureKind, FetchError, headers};
use crate::schedule::Validators;
use rules::Rules;

/// What RFC 9309 asks us to read at least; what stands behind is not read.
const MOST_BYTES: u64 = 500 * 1024;

/// For the whole robots.txt, redirects included. It serves all pages of its site, so no page's own time is spent on it.
const LONGEST: Duration = Duration::from_secs(20);

/// A copy counts so long at most (RFC 9309 2.4), and so long when the site says nothing of it.
const FRESH: TimeDelta = TimeDelta::days(1);

/// A site that says `no-cache` is not asked before each page all the same.
const SHORTEST: TimeDelta = TimeDelta::hours(1);

/// While a site cannot give its robots.txt, the last copy counts for so long (RFC 9309 2.3.1.4).
const LAST_COPY: TimeDelta = TimeDelta::days(30);

/// What is remembered of one site between runs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Site {
    /// Scheme, host and port.
    pub origin: String,
    /// The text of its robots.txt; `None`: it has none.
    pub rules: Option<String>,
    pub validators: Validators,
    /// When it last answered.
    pub read_at: DateTime<Utc>,
    pub fresh_until: DateTime<Utc>,
    /// When a page of it was last asked for, if it wants pauses.
    pub asked_at: Option<DateTime<Utc>>,
}

/// What the sites say.
#[derive(Debug)]
pub(super) struct Robots {
    /// Our name as robots.txt would have it: the product in our User-Agent.
    product: String,
    sites: Mutex<HashMap<String, Arc<tokio::sync::Mutex<Known>>>>,
    began: Instant,
}

/// What is known of one site.
#[derive(Debug, Default)]
struct Known {
    site: Option<Site>,
    /// Of the site's text; `None`: nobody has asked yet what it says.
    rules: Option<Rules>,
    /// It gave no answer in this run, for this reason: it is not asked again in it.
    silent: Option<(FailureKind, String)>,
    has_changed: bool,
}

impl Robots {
    pub(super) fn new(user_agent: &str) -> Self {
        let product = user_agent.split(['/', ' ']).next().unwrap_or_default().to_owned();
        Self { product, sites: Mutex::default(), began: Instant::now() }
    }

    /// What earlier runs learned.
    pub(super) fn remember(&self, sites: Vec<Site>) {
        for site in sites {
            let origin = site.origin.clone();
            let known = Known { site: Some(site), ..Known::default() };
            self.sites().insert(origin, Arc::new(tokio::sync::Mutex::new(known)));
        }
    }

    /// What this run learned anew.
    pub(super) async fn learned(&self) -> Vec<Site> {
        let all: Vec<_> = self.sites().values().cloned().collect();
        let mut learned = Vec::new();
        for known in all {
            let known = known.lock().await;
            learned.extend(known.site.clone().filter(|_| known.has_changed));
        }
        learned.sort_by(|a, b| a.origin.cmp(&b.origin));
        learned
    }

    /// May we ask for this address, and at what pace?
    pub(super) async fn check(&self, web: &Web, url: &Url, now: DateTime<Utc>) -> Result<Pace, FetchError> {
        let site = self.site(url);
        let mut known = site.lock().await;
        let host = url.host_str().unwrap_or_default();
        if !known.is_fresh(now) && known.silent.is_none() {
            self.ask(&mut known, web, url, now).await.map_err(|error| match error {
                FetchError::Slow { .. } => error,
                late => unknown(host, (kind_of(&late), &late.to_string())),
            })?;
        }
        if let Some((kind, why)) = known.silent.as_ref().filter(|_| !known.has_copy(now)) {
            return Err(unknown(host, (*kind, why)));
        }
        let path =
            url.query().map_or_else(|| url.path().to_owned(), |query| format!("{}?{query}", url.path()));
        let rules = known.rules(&self.product);
        let delay = rules.delay;
        if !rules.allow(&path) {
            return Err(FetchError::Failed {
                kind: FailureKind::Robots,
                message: format!("the robots.txt of {host} forbids this address"),
                advice: Some(ASK_OR_DISABLE),
            });
        }
        Ok(known.pace(delay, now + self.elapsed()))
    }

    /// Fails when it came too late and there is no copy, which counts for the page that asked: the next one tries again;
    /// and when it was not asked.
    async fn ask(
        &self,
        known: &mut Known,
        web: &Web,
        page: &Url,
        now: DateTime<Utc>,
    ) -> Result<(), FetchError> {
        let validators = known.site.as_ref().map(|site| site.validators.clone()).unwrap_or_default();
        match along(web, page, &validators).await {
            Ok(reply) => match reply.status.as_u16() {
                200..=299 => {
                    let text = String::from_utf8_lossy(&reply.bytes).into_owned();
                    known.learn(page, Some(text), &reply, now);
                }
                304 if known.site.is_some() => known.confirm(&reply, now),
                status @ (429 | 500..) => {
                    known.silent = Some((FailureKind::HttpStatus, format!("it answered {status}")));
                }
                _ => known.learn(page, None, &reply, now),
            },
            // A circle, or more hops than we follow, counts as having no robots.txt.
            Err(FetchError::Failed { kind: FailureKind::Redirect, .. }) => known.nothing(page, now),
            Err(late @ FetchError::Failed { kind: FailureKind::Timeout, .. }) if !known.has_copy(now) => {
                return Err(late);
            }
            Err(slow @ FetchError::Slow { .. }) => return Err(slow),
            Err(error) => known.silent = Some((kind_of(&error), error.to_string())),
        }
        Ok(())
    }

    fn site(&self, url: &Url) -> Arc<tokio::sync::Mutex<Known>> {
        Arc::clone(self.sites().entry(url.origin().ascii_serialization()).or_default())
    }

    fn sites(&self) -> std::sync::MutexGuard<'_, HashMap<String, Arc<tokio::sync::Mutex<Known>>>> {
        self.sites.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn elapsed(&self) -> TimeDelta {
        TimeDelta::from_std(self.began.elapsed()).unwrap_or_default()
    }
}

impl Known {
    fn is_fresh(&self, now: DateTime<Utc>) -> bool {
        // A clock that was set back must not keep a copy for ever.
        self.site.as_ref().is_some_and(|site| site.read_at <= now && now < site.fresh_until)
    }

    fn has_copy(&self, now: DateTime<Utc>) -> bool {
        self.site.as_ref().is_some_and(|site| now < site.read_at + LAST_COPY)
    }

    fn learn(&mut self, page: &Url, text: Option<String>, reply: &Reply, now: DateTime<Utc>) {
        self.rules = None;
        let asked_at = self.site.as_ref().and_then(|site| site.asked_at);
        self.site = Some(Site {
            origin: page.origin().ascii_serialization(),
            validators: headers::validators(&reply.headers),
            rules: text,
            read_at: now,
            fresh_until: now + freshness(reply, now),
            asked_at,
        });
        self.has_changed = true;
    }

    fn confirm(&mut self, reply: &Reply, now: DateTime<Utc>) {
        if let Some(site) = &mut self.site {
            site.read_at = now;
            site.fresh_until = now + freshness(reply, now);
            self.has_changed = true;
        }
    }

    fn nothing(&mut self, page: &Url, now: DateTime<Utc>) {
        self.rules = None;
        self.site = Some(Site {
            origin: page.origin().ascii_serialization(),
            rules: None,
            validators: Validators::default(),
            read_at: now,
            fresh_until: now + FRESH,
            asked_at: None,
        });
        self.has_changed = true;
    }

    fn rules(&mut self, product: &str) -> &Rules {
        let text = self.site.as_ref().and_then(|site| site.rules.as_deref());
        self.rules.get_or_insert_with(|| Rules::parse(text.unwrap_or_default(), product))
    }

    /// The pause that the site wants, and how much of it is left from what an earlier run asked.
    fn pace(&self, delay: Option<Duration>, now: DateTime<Utc>) -> Pace {
        let Some(gap) = delay else { return Pace::default() };
        let Some(site) = &self.site else { return Pace::default() };
        let since = site.asked_at.and_then(|at| (now - at).to_std().ok());
        let left = since.map_or(Duration::ZERO, |since| gap.saturating_sub(since));
        Pace { gap, left }
    }
}

impl Robots {
    /// A page was asked for: if its site wants pauses, the next run has to know.
    pub(super) async fn asked(&self, url: &Url, now: DateTime<Utc>) {
        let site = self.site(url);
        let mut known = site.lock().await;
        let known = &mut *known;
        let delay = known.rules(&self.product).delay;
        if let (Some(_), Some(site)) = (delay, &mut known.site) {
            site.asked_at = Some(now + self.elapsed());
            known.has_changed = true;
        }
    }
}

fn freshness(reply: &Reply, now: DateTime<Utc>) -> TimeDelta {
    headers::fresh_for(&reply.headers, now).map_or_else(
        || if headers::is_stale(&reply.headers) { SHORTEST } else { FRESH },
        |fresh| fresh.clamp(SHORTEST, FRESH),
    )
}

/// The answer for the robots.txt of this page's site, behind all redirects.
async fn along(web: &Web, page: &Url, validators: &Validators) -> Result<Reply, FetchError> {
    let mut budget = Budget::new(LONGEST);
    let mut start = page.clone();
    start.set_path("/robots.txt");
    start.set_query(None);
    let mut trail = Trail::new(&start);
    loop {
        let question = Question {
            url: trail.here(),
            accept: "text/plain,*/*;q=0.5",
            conditions: headers::conditions(validators),
            max_bytes: MOST_BYTES,
            beyond: Beyond::Cut,
            keeps: true,
            pace: Pace::default(),
        };
        let reply = web.ask(question, &mut budget).await?;
        if !reply.is_redirect() {
            return Ok(reply);
        }
        trail.follow(reply.status, &reply.headers)?;
    }
}

/// Where nobody can be asked, that is what to say: the page would fail in the same way.
fn unknown(host: &str, (kind, why): (FailureKind, &str)) -> FetchError {
    match kind {
        FailureKind::Dns | FailureKind::Connect | FailureKind::Tls => failed(kind, why.to_owned()),
        FailureKind::Timeout
        | FailureKind::HttpStatus
        | FailureKind::Redirect
        | FailureKind::Blocked
        | FailureKind::Robots
        | FailureKind::TooLarge
        | FailureKind::Truncated
        | FailureKind::Encoding
        | FailureKind::Io => {
            let message = format!("we may not ask {host} before we know its robots.txt: {why}");
            failed(FailureKind::Robots, message)
        }
    }
}

fn kind_of(error: &FetchError) -> FailureKind {
    match error {
        FetchError::Failed { kind, .. } => *kind,
        FetchError::Gone
        | FetchError::Later { .. }
        | FetchError::Absent
        | FetchError::PutOff { .. }
        | FetchError::Slow { .. } => FailureKind::HttpStatus,
    }
}
