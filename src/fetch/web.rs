//! One request to one address, when it is our turn, within the time that is left.

use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use chrono::TimeDelta;
use reqwest::StatusCode;
use reqwest::header::{ACCEPT, ACCEPT_ENCODING, CONNECTION, CONTENT_TYPE, HeaderMap, HeaderValue};
use tokio::sync::Semaphore;
use tokio::time::Instant;
use url::Url;

use super::body::{self, Beyond, CODINGS};
use super::clients::{Clients, duration};
use super::failure::{self, failed};
use super::guard::Guard;
use super::hosts::{Hosts, Turn};
use super::pace::{Pace, Paces};
use super::patience::Patience;
use super::room::Room;
use super::{FailureKind, FetchError};
use crate::config::Fetching;

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
    room: Room,
    clients: Clients,
}

/// What we ask.
#[derive(Debug)]
pub(super) struct Question<'a> {
    pub(super) url: &'a Url,
    pub(super) accept: &'static str,
    /// Empty: whatever there is.
    pub(super) conditions: HeaderMap,
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
        let guard = Arc::new(Guard::new(&settings.allow));
        let most = settings.concurrency;
        Ok(Self {
            hosts: Hosts::default(),
            paces: Paces::default(),
            patience: Patience::new(duration(settings.host_time)),
            gap: duration(settings.host_gap),
            most,
            permits: Semaphore::new(most),
            room: Room::new(),
            clients: Clients::new(settings, &guard)?,
            guard,
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
    pub(super) async fn ask(&self, question: Question<'_>, budget: &mut Budget) -> Result<Reply, FetchError> {
        let host = self.check(question.url)?;
        let turn = self.hosts.turn(host).await;
        if self.patience.is_over(host) {
            return Err(FetchError::Slow { host: host.to_owned() });
        }
        let wait = self.paces.wait(host, question.pace, Instant::now());
        let wait = wait.map_err(|wait| FetchError::PutOff { wait: delta(wait) })?;
        if !wait.is_zero() {
            tokio::time::sleep(wait).await;
        }
        let _permit = self.permits.acquire().await.expect("the semaphore is never closed");
        // On the heap, so that those who still wait are small.
        let began = Instant::now();
        let reply = budget.spend(Box::pin(self.exchange(question, &turn))).await;
        self.paces.asked(host, Instant::now());
        self.patience.spend(host, began.elapsed());
        reply
    }

    async fn exchange(&self, question: Question<'_>, turn: &Turn) -> Result<Reply, FetchError> {
        let url = question.url;
        let is_paced = question.keeps || question.pace.is_kept();
        let client = self.clients.of(url, is_paced)?;
        let is_last = !self.is_worth_keeping(&question, turn);
        let mut headers = question.conditions;
        headers.insert(ACCEPT, HeaderValue::from_static(question.accept));
        headers.insert(ACCEPT_ENCODING, HeaderValue::from_static(CODINGS));
        if is_last {
            headers.insert(CONNECTION, HeaderValue::from_static("close"));
        }
        let request = client.get(url.clone()).headers(headers);
        let response = request.send().await.map_err(|error| failure::sending(&error, url))?;
        Reply::read(response, question.max_bytes, question.beyond, &self.room).await
    }

    /// Sends a form, by the same rules. What the answer says in its body nobody reads.
    pub(super) async fn post(&self, url: &Url, form: &str, budget: &mut Budget) -> Result<Reply, FetchError> {
        let _turn = self.hosts.turn(self.check(url)?).await;
        let _permit = self.permits.acquire().await.expect("the semaphore is never closed");
        budget.spend(Box::pin(self.send(url, form))).await
    }

    async fn send(&self, url: &Url, form: &str) -> Result<Reply, FetchError> {
        let request = self.clients.of(url, false)?.post(url.clone()).body(form.to_owned());
        let request = request
            .header(CONTENT_TYPE, HeaderValue::from_static("application/x-www-form-urlencoded"))
            .header(CONNECTION, HeaderValue::from_static("close"));
        let mut response = request.send().await.map_err(|error| failure::sending(&error, url))?;
        let (status, headers) = (response.status(), std::mem::take(response.headers_mut()));
        Ok(Reply { status, headers, bytes: Bytes::new() })
    }

    /// The connection, for the next request to the same host: if there is one, and it goes at once. Each host has one
    /// turn, so while there are no more hosts than permits, nobody waits for a permit.
    fn is_worth_keeping(&self, question: &Question<'_>, turn: &Turn) -> bool {
        (question.keeps || turn.is_awaited()) && self.hosts.count() <= self.most
    }
}

impl Reply {
    pub(super) fn is_redirect(&self) -> bool {
        matches!(self.status.as_u16(), 301 | 302 | 303 | 307 | 308)
    }

    async fn read(
        mut response: reqwest::Response,
        max_bytes: u64,
        beyond: Beyond,
        room: &Room,
    ) -> Result<Self, FetchError> {
        let status = response.status();
        let headers = std::mem::take(response.headers_mut());
        if !matches!(status.as_u16(), 200 | 203) {
            return Ok(Self { status, headers, bytes: Bytes::new() });
        }
        let place = room.place().await;
        let bytes = body::read(response, &headers, max_bytes, beyond).await?;
        Ok(Self { status, headers, bytes: place.hold(bytes) })
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
