//! HTTP clients, one for each way of connecting, made when something is first asked that way.

use std::collections::{BTreeSet, HashMap};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use chrono::TimeDelta;
use reqwest::header::HeaderValue;
use url::Url;

use super::failure::{self, failed};
use super::guard::{Guard, Resolver};
use super::{FailureKind, FetchError};
use crate::config::Fetching;

/// A connection is kept only for the next in its host's queue, who is there already and goes at once. Kept longer, there would be one
/// open connection for every source.
const LONGEST_IDLE: Duration = Duration::from_millis(100);

/// A pause that a connection outlives, beyond the one that feeds.toml sets.
const SHORT_PAUSE: Duration = Duration::from_secs(2);

/// What clients differ in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
struct Way {
    /// A resolver must know the port, since [`Fetching::allow`] may open one port of an address and is not told it:
    /// so there is a client for each port named there, and one for all others.
    port: Option<u16>,
    /// To read what this machine trusts costs as much as asking a hundred sources: only https needs it.
    is_secure: bool,
    /// For sites whose pages are asked for with pauses: it keeps a connection through one.
    is_paced: bool,
}

/// The clients made so far.
#[derive(Debug)]
pub(super) struct Clients {
    guard: Arc<Guard>,
    /// Those that rules name.
    ports: BTreeSet<u16>,
    user_agent: HeaderValue,
    settings: Fetching,
    made: Mutex<HashMap<Way, reqwest::Client>>,
}

impl Clients {
    pub(super) fn new(settings: &Fetching, guard: &Arc<Guard>) -> Result<Self, FetchError> {
        // Fails only when there is one already, which is as good.
        let _ = rustls::crypto::ring::default_provider().install_default();
        Ok(Self {
            guard: Arc::clone(guard),
            ports: guard.ports(),
            user_agent: user_agent(&settings.user_agent)?,
            settings: settings.clone(),
            made: Mutex::default(),
        })
    }

    /// The client for an address; a paced one keeps its connection through a pause.
    pub(super) fn of(&self, url: &Url, is_paced: bool) -> Result<reqwest::Client, FetchError> {
        let port = url.port_or_known_default().filter(|port| self.ports.contains(port));
        let is_paced = is_paced && port.is_none();
        let way = Way { port, is_secure: url.scheme() == "https", is_paced };
        let mut made = self.made.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(client) = made.get(&way) {
            return Ok(client.clone());
        }
        let client = self.make(way)?;
        made.insert(way, client.clone());
        Ok(client)
    }

    fn make(&self, way: Way) -> Result<reqwest::Client, FetchError> {
        let settings = &self.settings;
        let idle = if way.is_paced { duration(settings.host_gap) + SHORT_PAUSE } else { LONGEST_IDLE };
        let settled = || {
            reqwest::Client::builder()
                .user_agent(&self.user_agent)
                .redirect(reqwest::redirect::Policy::none())
                .retry(reqwest::retry::never().max_retries_per_request(0))
                .connect_timeout(duration(settings.connect_timeout))
                .read_timeout(duration(settings.read_timeout))
                // Silence is ended by these two, and no connection lives long enough for the system to look after it.
                .tcp_keepalive(None)
                .tcp_keepalive_interval(None)
                .tcp_keepalive_retries(None)
                .tcp_user_timeout(None)
                .pool_max_idle_per_host(1)
                .pool_idle_timeout(idle)
                // A proxy would resolve names itself, where the guard does not see it.
                .no_proxy()
                .dns_resolver(Resolver::new(Arc::clone(&self.guard), way.port))
        };
        let trusting_nobody = || settled().tls_certs_only([]).build();
        // A machine that trusts no authority at all can still read http; each https source then says what is missing.
        let built =
            if way.is_secure { settled().build().or_else(|_| trusting_nobody()) } else { trusting_nobody() };
        built.map_err(|error| {
            failed(FailureKind::Tls, format!("cannot set up https: {}", failure::root(&error)))
        })
    }
}

fn user_agent(text: &str) -> Result<HeaderValue, FetchError> {
    let wrong = |_| {
        failed(FailureKind::Io, "[fetch] user_agent may have plain letters, digits and signs only".to_owned())
    };
    HeaderValue::from_str(text).map_err(wrong)
}

/// Settings are checked to be positive; a negative time is none.
pub(super) fn duration(time: TimeDelta) -> Duration {
    time.to_std().unwrap_or_default()
}
