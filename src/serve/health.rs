//! `/healthz`: does it run, and when did it last publish? For whoever watches the machine.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use axum::extract::State;
use axum::http::StatusCode;
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE};
use axum::response::IntoResponse;
use axum::routing::get;
use axum::{Router, response};
use chrono::{DateTime, Utc};
use serde_json::json;

/// What is told; it lives as long as the server.
#[derive(Debug, Default)]
pub struct Health {
    runs: Mutex<Runs>,
    /// Pushes that made a source due.
    pub(super) hints: AtomicU64,
    /// Pushes that were not signed, or wrongly.
    pub(super) ignored: AtomicU64,
}

#[derive(Debug, Clone, Copy, Default)]
struct Runs {
    last: Option<DateTime<Utc>>,
    /// The last run published nothing, or nothing can run.
    has_failed: bool,
    next: Option<DateTime<Utc>>,
}

impl Health {
    pub fn ran(&self, at: DateTime<Utc>, has_published: bool) {
        let mut runs = self.runs.lock().unwrap_or_else(PoisonError::into_inner);
        runs.last = Some(at);
        runs.has_failed = !has_published;
    }

    /// Nothing is run at all, until somebody mends the configuration.
    pub fn cannot_run(&self) {
        self.runs.lock().unwrap_or_else(PoisonError::into_inner).has_failed = true;
    }

    pub fn runs_next(&self, at: DateTime<Utc>) {
        self.runs.lock().unwrap_or_else(PoisonError::into_inner).next = Some(at);
    }

    /// Pushes that counted, and that were ignored.
    pub fn pushes(&self) -> (u64, u64) {
        (self.hints.load(Ordering::Relaxed), self.ignored.load(Ordering::Relaxed))
    }
}

pub fn router(health: Arc<Health>) -> Router {
    Router::new().route("/healthz", get(tell)).with_state(health)
}

async fn tell(State(health): State<Arc<Health>>) -> response::Response {
    let runs = *health.runs.lock().unwrap_or_else(PoisonError::into_inner);
    let (hints, ignored) = health.pushes();
    let told = json!({
        "ok": !runs.has_failed,
        "last_run": runs.last,
        "next_run": runs.next,
        "hints": hints,
        "pushes_ignored": ignored,
    });
    let status = if runs.has_failed { StatusCode::SERVICE_UNAVAILABLE } else { StatusCode::OK };
    let headers = [(CONTENT_TYPE, "application/json"), (CACHE_CONTROL, "no-store")];
    (status, headers, told.to_string()).into_response()
}
