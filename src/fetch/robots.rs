//! robots.txt (RFC 9309): asked once per site and run, for pages only.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use texting_robots::Robot;
use tokio::sync::OnceCell;
use url::{Origin, Url};

use super::failure::failed;
use super::trail::Trail;
use super::web::{Beyond, Budget, Question, Reply, Web};
use super::{FailureKind, FetchError};

/// What RFC 9309 asks us to read at least; what stands behind is not read.
const MOST_BYTES: u64 = 500 * 1024;

/// For the whole robots.txt, redirects included. It serves all pages of its site, so no page's own time is spent on it.
const LONGEST: Duration = Duration::from_secs(20);

/// What the sites of this run say.
#[derive(Debug)]
pub(super) struct Robots {
    /// Our name as robots.txt would have it: the product in our User-Agent.
    agent: String,
    sites: Mutex<HashMap<Origin, Arc<OnceCell<Rules>>>>,
}

/// What one site says.
#[derive(Debug)]
enum Rules {
    /// It has no rules, or none that can be read.
    None,
    Some(Box<Robot>),
    /// It has perhaps rules, but we could not get them: until we can, everything is forbidden.
    Unknown(String),
}

impl Robots {
    pub(super) fn new(user_agent: &str) -> Self {
        let agent = user_agent.split(['/', ' ']).next().unwrap_or_default().to_owned();
        Self { agent, sites: Mutex::default() }
    }

    /// May we ask for this address?
    pub(super) async fn check(&self, web: &Web, url: &Url) -> Result<(), FetchError> {
        let site = self.site(url);
        let host = url.host_str().unwrap_or_default();
        let rules = site.get_or_try_init(|| self.ask(web, url)).await;
        match rules.map_err(|late| unknown(host, &late.to_string()))? {
            Rules::None => Ok(()),
            Rules::Some(robot) if robot.allowed(url.as_str()) => Ok(()),
            Rules::Some(_) => Err(refused(format!(
                "the robots.txt of {host} forbids this address: ask its operator, or disable the source"
            ))),
            Rules::Unknown(why) => Err(unknown(host, why)),
        }
    }

    /// Fails when it came too late, which counts for the page that asked: the next one tries again.
    async fn ask(&self, web: &Web, page: &Url) -> Result<Rules, FetchError> {
        Ok(match along(web, page).await {
            Ok(reply) => match reply.status.as_u16() {
                200..=299 => read(&self.agent, &reply.bytes),
                429 | 500.. => Rules::Unknown(format!("it answered {}", reply.status.as_u16())),
                _ => Rules::None,
            },
            // A circle, or more hops than we follow, counts as having no robots.txt.
            Err(FetchError::Failed { kind: FailureKind::Redirect, .. }) => Rules::None,
            Err(late @ FetchError::Failed { kind: FailureKind::Timeout, .. }) => return Err(late),
            Err(error) => Rules::Unknown(error.to_string()),
        })
    }

    fn site(&self, url: &Url) -> Arc<OnceCell<Rules>> {
        let mut sites = self.sites.lock().unwrap_or_else(PoisonError::into_inner);
        Arc::clone(sites.entry(url.origin()).or_default())
    }
}

/// The answer for the robots.txt of this page's site, behind all redirects.
async fn along(web: &Web, page: &Url) -> Result<Reply, FetchError> {
    let mut budget = Budget::new(LONGEST);
    let mut start = page.clone();
    start.set_path("/robots.txt");
    start.set_query(None);
    let mut trail = Trail::new(&start);
    loop {
        let question = Question {
            url: trail.here(),
            accept: "text/plain,*/*;q=0.5",
            validators: None,
            max_bytes: MOST_BYTES,
            beyond: Beyond::Cut,
            keeps: true,
        };
        let reply = web.ask(&question, &mut budget).await?;
        if !reply.is_redirect() {
            return Ok(reply);
        }
        trail.follow(reply.status, &reply.headers)?;
    }
}

/// One that cannot be read counts as none.
fn read(agent: &str, bytes: &[u8]) -> Rules {
    Robot::new(agent, bytes).map_or(Rules::None, |robot| Rules::Some(Box::new(robot)))
}

fn unknown(host: &str, why: &str) -> FetchError {
    refused(format!("we may not ask {host} before we know its robots.txt: {why}"))
}

fn refused(message: String) -> FetchError {
    failed(FailureKind::Robots, message)
}
