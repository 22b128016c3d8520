//! Where hubs call: they ask whether we want what was asked of them, and say that there is something new.

use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use axum::Router;
use axum::body::{self, Body, Bytes};
use axum::extract::{Path, State};
use axum::http::header::CONTENT_TYPE;
use axum::http::{HeaderMap, Method, StatusCode, Uri};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use tokio::sync::Notify;
use tokio::time::timeout;

use super::Clock;
use super::health::Health;
use crate::hub::request::Asked;
use crate::hub::subscription::{Heard, Pushed, Subscription};
use crate::store::{Keep, Store, StoreError};

/// A push of more bytes is refused: its signature would have to be computed over all of them.
const MOST_BYTES: usize = 5_000_000;

/// Hubs push a whole document at once.
const PATIENCE: Duration = Duration::from_secs(30);

/// What the answers need.
#[derive(Clone)]
pub struct Calls {
    pub store: Store,
    pub clock: Clock,
    pub health: Arc<Health>,
    /// Is told when a source has become due.
    pub wake: Arc<Notify>,
    /// Says a line to staff.
    pub tell: fn(&str),
}

pub fn router(calls: Calls) -> Router {
    Router::new().route("/hub/{token}", get(asked).post(pushed)).with_state(calls)
}

/// Verification of intent. Who does not know what we asked for is told nothing.
async fn asked(State(calls): State<Calls>, Path(token): Path<String>, method: Method, uri: Uri) -> Response {
    let asked = uri.query().filter(|_| method == Method::GET).and_then(Asked::parse);
    let Some(asked) = asked else { return StatusCode::NOT_FOUND.into_response() };
    match calls.hear(&token, asked).await {
        // Called text, and nothing else by whoever guesses: it may hold anything.
        Ok(Heard::Confirmed(challenge) | Heard::Left(challenge)) => {
            (StatusCode::OK, [(CONTENT_TYPE, "text/plain; charset=utf-8")], challenge).into_response()
        }
        Ok(Heard::Denied) => StatusCode::OK.into_response(),
        Ok(Heard::Unknown) => StatusCode::NOT_FOUND.into_response(),
        Err(_) => StatusCode::SERVICE_UNAVAILABLE.into_response(),
    }
}

/// Content distribution. What is in it is thrown away once its signature is checked.
async fn pushed(
    State(calls): State<Calls>,
    Path(token): Path<String>,
    headers: HeaderMap,
    body: Body,
) -> StatusCode {
    // Only who knows an address may send us something.
    let subscription = match calls.store.subscription(&token).await {
        Ok(Some(subscription)) => subscription,
        Ok(None) => return StatusCode::NOT_FOUND,
        Err(_) => return StatusCode::SERVICE_UNAVAILABLE,
    };
    let body = match timeout(PATIENCE, body::to_bytes(body, MOST_BYTES)).await {
        Ok(Ok(body)) => body,
        Ok(Err(_)) => return StatusCode::PAYLOAD_TOO_LARGE,
        Err(_) => return StatusCode::REQUEST_TIMEOUT,
    };
    calls.push(&subscription, &headers, &body).await.unwrap_or(StatusCode::SERVICE_UNAVAILABLE)
}

impl Calls {
    async fn hear(&self, token: &str, asked: Asked) -> Result<Heard, StoreError> {
        let now = (self.clock)();
        let heard = self.store.change_subscription(token, |subscription| {
            let heard = subscription.hear(asked, now);
            let keep = if matches!(heard, Heard::Left(_)) { Keep::Forgotten } else { Keep::Kept };
            (keep, (in_words(&heard, subscription), heard))
        });
        let Some((words, heard)) = heard.await? else { return Ok(Heard::Unknown) };
        if let Some(words) = words {
            (self.tell)(&words);
        }
        // Its next step is at another time now.
        self.wake.notify_one();
        Ok(heard)
    }

    async fn push(
        &self,
        subscription: &Subscription,
        headers: &HeaderMap,
        body: &Bytes,
    ) -> Result<StatusCode, StoreError> {
        let now = (self.clock)();
        // Of two signatures one would be forged.
        let mut signatures = headers.get_all("x-hub-signature").iter();
        let signature = signatures.next().filter(|_| signatures.next().is_none());
        match subscription.push(signature.and_then(|value| value.to_str().ok()), body, now) {
            Pushed::Over => return Ok(StatusCode::GONE),
            // Acknowledged all the same, so that nobody learns whether a signature was right.
            Pushed::Ignored => {
                self.health.ignored.fetch_add(1, Ordering::Relaxed);
            }
            Pushed::Hint => {
                let hint = |subscription: &mut Subscription| {
                    subscription.hinted = Some(now);
                    (Keep::Kept, ())
                };
                self.store.change_subscription(&subscription.token, hint).await?;
                self.health.hints.fetch_add(1, Ordering::Relaxed);
                self.wake.notify_one();
            }
        }
        Ok(StatusCode::ACCEPTED)
    }
}

/// What staff are told.
fn in_words(heard: &Heard, subscription: &Subscription) -> Option<String> {
    let Subscription { source, hub, ends, problem, .. } = subscription;
    let hub = hub.host_str().unwrap_or_default();
    match (heard, ends) {
        (Heard::Confirmed(_), Some(ends)) => Some(format!(
            "source `{source}`: its hub {hub} tells us of news at once; until {}, then again",
            ends.format("%-d %B %Y %H:%M UTC")
        )),
        (Heard::Left(_), _) => Some(format!("source `{source}`: the hub {hub} tells us of nothing any more")),
        (Heard::Denied, _) => Some(format!(
            "source `{source}`: its hub {hub} will not tell us of news ({}); it is asked by the clock, as before",
            problem.as_deref().unwrap_or("denied")
        )),
        (Heard::Confirmed(_), None) | (Heard::Unknown, _) => None,
    }
}
