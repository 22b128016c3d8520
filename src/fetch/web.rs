//! One request to one address, when it is our turn, within the time that is left.

use std::collections::BTreeMap;
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use bytes::Bytes;
use chrono::TimeDelta;
use reqwest::StatusCode;
use reqwest::header::{ACCEPT, ACCEPT_ENCODING, CONNECTION, CONTENT_TYPE, HeaderMap, HeaderValue};
use tokio::sync::Semaphore;
use tokio::time::Instant;
use url::Url;

use super::body::{self, Beyond, CODINGS};
use super::failure::{self, failed};
use super::guard::{Guard, Resolver};
use super::hosts::{Hosts, Turn};
use super::pace::{Pace, Paces};
use super::patience::Patience;
use super::{FailureKind, FetchError, headers};
use crate::config::Fetching;
use crate::schedule::Validators;

/// A connection is kept only for the next in its host's queue, who is there already and goes at once. Kept longer, there would be one
/// open connection for every source.
const LONGEST_IDLE: Duration = Duration::from_millis(100);

/// A pause that a connection outlives, beyond the one that feeds.toml sets.
const SHORT_PAUSE: Duration = Duration::from_secs(2);

/// Other people's servers.
#[derive(Debug)]
pub(super) struct Web {
    guard: Arc<Guard>,
    hosts: Hosts,
    paces: Paces,
    patience: Patience,
    /// Between two pages of one host.
    gap: Duration,
    /// The most requests under way at once, and a permit for each. One who waits for a host's turn holds none: a slow
    /// host keeps only its own sources waiting.
    most: usize,
    permits: Semaphore,
    /// A resolver must know the port, since [`Fetching::allow`] may open one port of an address and is not told it:
    /// so there is a client for each port named there, and one for all others.
    ports: BTreeMap<u16, reqwest::Client>,
    others: reqwest::Client,
    /// For sites whose pages are asked for with pauses: it keeps a connection through one. Made when first needed: to read
    /// what this machine trusts costs as much as asking a hundred sources.
    paced: OnceLock<reqwest::Client>,
    settings: Fetching,
}

/// What we ask.
#[derive(Debug)]
pub(super) struct Question<'a> {
    pub(super) url: &'a Url,
    pub(super) accept: &'static str,
    /// `None`, or empty: whatever there is.
    pub(super) validators: Option<&'a Validators>,
    /// Decoded.
    pub(super) max_bytes: u64,
    pub(super) beyond: Beyond,
    /// We shall ask the same host again at once.
    pub(super) keeps: bool,
    pub(super) pace: Pace,
}

/// What came back.
#[derive(Debug)]
pub(super) struct Reply {
    pub(super) status: StatusCode,
    pub(super) headers: HeaderMap,
    /// Empty for all but 200 and 203: nobody reads what an error page says.
    pub(super) bytes: Bytes,
}

/// The time that is left for all requests on one way through redirects.
#[derive(Debug)]
pub(super) struct Budget {
    whole: Duration,
    left: Duration,
}

impl Web {
    pub(super) fn new(settings: &Fetching) -> Result<Self, FetchError> {
        // Fails only when there is one already, which is as good.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let guard = Arc::new(Guard::new(&settings.allow));
        let client = |port, idle| client(settings, &Resolver::new(Arc::clone(&guard), port), idle);
        let named = guard.ports().into_iter().map(|port| Ok((port, client(Some(port), LONGEST_IDLE)?)));
        let (ports, others) = (named.collect::<Result<_, _>>()?, client(None, LONGEST_IDLE)?);
        let most = settings.concurrency;
        Ok(Self {
            guard,
            hosts: Hosts::default(),
            paces: Paces::default(),
            patience: Patience::new(duration(settings.host_time)),
            gap: duration(settings.host_gap),
            most,
            permits: Semaphore::new(most),
            ports,
            others,
            paced: OnceLock::new(),
            settings: settings.clone(),
        })
    }

    /// The host, if the address may be asked as far as it tells itself.
    pub(super) fn check<'a>(&self, url: &'a Url) -> Result<&'a str, FetchError> {
        self.guard.check(url)
    }

    /// The pause between two pages of a host that asks for none itself: none inside our own network.
    pub(super) fn gap(&self, url: &Url) -> Duration {
        if self.guard.is_own(url) { Duration::ZERO } else { self.gap }
    }

    /// Asks, when nobody else asks this host, its pause is over, and few ask others. Only what comes then is spent from the
    /// budget. No redirect is followed, and nothing is asked twice.
    pub(super) async fn ask(
        &self,
        question: &Question<'_>,
        budget: &mut Budget,
    ) -> Result<Reply, FetchError> {
        let host = self.check(question.url)?;
        let turn = self.hosts.turn(host).await;
        if self.patience.is_over(host) {
            return Err(FetchError::Slow { host: host.to_owned() });
        }
        let wait = self.paces.wait(host, question.pace, Instant::now());
        tokio::time::sleep(wait.map_err(|wait| FetchError::PutOff { wait: delta(wait) })?).await;
        let _permit = self.permits.acquire().await.expect("the semaphore is never closed");
        // On the heap, so that those who still wait are small.
        let began = Instant::now();
        let reply = budget.spend(Box::pin(self.exchange(question, &turn))).await;
        self.paces.asked(host, Instant::now());
        self.patience.spend(host, began.elapsed());
        reply
    }

    async fn exchange(&self, question: &Question<'_>, turn: &Turn) -> Result<Reply, FetchError> {
        let url = question.url;
        let is_paced = question.keeps || question.pace.is_kept();
        let client = if is_paced { self.paced(url)? } else { self.client(url) };
        let mut request = client.get(url.clone()).header(ACCEPT, HeaderValue::from_static(question.accept));
        request = request.header(ACCEPT_ENCODING, HeaderValue::from_static(CODINGS));
        if let Some(validators) = question.validators {
            request = request.headers(headers::conditions(validators));
        }
        if !self.is_worth_keeping(question, turn) {
            request = request.header(CONNECTION, HeaderValue::from_static("close"));
        }
        let response = request.send().await.map_err(|error| failure::sending(&error, url))?;
        Reply::read(response, question).await
    }

    /// Sends a form, by the same rules. What the answer says in its body nobody reads.
    pub(super) async fn post(&self, url: &Url, form: &str, budget: &mut Budget) -> Result<Reply, FetchError> {
        let _turn = self.hosts.turn(self.check(url)?).await;
        let _permit = self.permits.acquire().await.expect("the semaphore is never closed");
        budget.spend(Box::pin(self.send(url, form))).await
    }

    async fn send(&self, url: &Url, form: &str) -> Result<Reply, FetchError> {
        let request = self.client(url).post(url.clone()).body(form.to_owned());
        let request = request
            .header(CONTENT_TYPE, HeaderValue::from_static("application/x-www-form-urlencoded"))
            .header(CONNECTION, HeaderValue::from_static("close"));
        let response = request.send().await.map_err(|error| failure::sending(&error, url))?;
        let (status, headers) = (response.status(), response.headers().clone());
        Ok(Reply { status, headers, bytes: Bytes::new() })
    }

    fn client(&self, url: &Url) -> &reqwest::Client {
        self.of_port(url).unwrap_or(&self.others)
    }

    fn of_port(&self, url: &Url) -> Option<&reqwest::Client> {
        self.ports.get(&url.port_or_known_default()?)
    }

    fn paced(&self, url: &Url) -> Result<&reqwest::Client, FetchError> {
        if let Some(client) = self.of_port(url).or_else(|| self.paced.get()) {
            return Ok(client);
        }
        let resolver = Resolver::new(Arc::clone(&self.guard), None);
        let made = client(&self.settings, &resolver, self.gap + SHORT_PAUSE)?;
        Ok(self.paced.get_or_init(|| made))
    }

    /// The connection, for the next request to the same host: if there is one, and it goes at once. Each host has one
    /// turn, so while there are no more hosts than permits, nobody waits for a permit.
    fn is_worth_keeping(&self, question: &Question<'_>, turn: &Turn) -> bool {
        (question.keeps || turn.is_awaited()) && self.hosts.count() <= self.most
    }
}

fn client(settings: &Fetching, resolver: &Resolver, idle: Duration) -> Result<reqwest::Client, FetchError> {
    let user_agent = user_agent(&settings.user_agent)?;
    let settled = || {
        reqwest::Client::builder()
            .user_agent(&user_agent)
            .redirect(reqwest::redirect::Policy::none())
            .connect_timeout(duration(settings.connect_timeout))
            .read_timeout(duration(settings.read_timeout))
            .pool_max_idle_per_host(1)
            .pool_idle_timeout(idle)
            // A proxy would resolve names itself, where the guard does not see it.
            .no_proxy()
            .dns_resolver(resolver.clone())
    };
    // A machine that trusts no authority at all can still read http; each https source then says what is missing.
    let built = settled().build().or_else(|_| settled().tls_certs_only([]).build());
    built.map_err(|error| failed(FailureKind::Tls, format!("cannot set up https: {}", failure::root(&error))))
}

fn user_agent(text: &str) -> Result<HeaderValue, FetchError> {
    let wrong = |_| {
        failed(FailureKind::Io, "[fetch] user_agent may have plain letters, digits and signs only".to_owned())
    };
    HeaderValue::from_str(text).map_err(wrong)
}

impl Reply {
    pub(super) fn is_redirect(&self) -> bool {
        matches!(self.status.as_u16(), 301 | 302 | 303 | 307 | 308)
    }

    async fn read(response: reqwest::Response, question: &Question<'_>) -> Result<Self, FetchError> {
        let (status, headers) = (response.status(), response.headers().clone());
        if !matches!(status.as_u16(), 200 | 203) {
            return Ok(Self { status, headers, bytes: Bytes::new() });
        }
        let bytes = body::read(response, question.max_bytes, question.beyond).await?;
        Ok(Self { status, headers, bytes })
    }
}

impl Budget {
    pub(super) fn new(whole: Duration) -> Self {
        Self { whole, left: whole }
    }

    /// Progress does not extend it: a server that sends one byte a second is cut off too.
    async fn spend<T>(&mut self, work: impl Future<Output = Result<T, FetchError>>) -> Result<T, FetchError> {
        let began = Instant::now();
        let done = tokio::time::timeout(self.left, work).await;
        self.left = self.left.saturating_sub(began.elapsed());
        done.unwrap_or_else(|_| {
            let seconds = self.whole.as_secs_f32();
            Err(failed(FailureKind::Timeout, format!("no whole answer within {seconds} s")))
        })
    }
}

/// A pause of a day is as long as one for ever.
fn delta(time: Duration) -> TimeDelta {
    TimeDelta::from_std(time).unwrap_or(TimeDelta::MAX).min(TimeDelta::days(1))
}

/// Settings are checked to be positive; a negative time is none.
pub(super) fn duration(time: TimeDelta) -> Duration {
    time.to_std().unwrap_or_default()
}
