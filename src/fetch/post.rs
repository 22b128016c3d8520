//! A form sent to a hub, with the guards of every other request.

use chrono::{DateTime, TimeDelta, Utc};
use url::Url;

use super::clients;
use super::trail::Trail;
use super::web::Budget;
use super::{Client, FailureKind, FetchError, failure, later};

impl Client {
    /// Sends a form once; any success will do. It is sent again only to where 307 and 308 point, as WebSub has it.
    pub async fn post(
        &self,
        url: &Url,
        form: &str,
        timeout: TimeDelta,
        now: DateTime<Utc>,
    ) -> Result<(), FetchError> {
        let mut budget = Budget::new(clients::duration(timeout));
        let mut trail = Trail::new(url);
        loop {
            let reply = self.web.post(trail.here(), form, &mut budget).await?;
            if let Some(later) = later(&reply, now) {
                return Err(later);
            }
            match reply.status.as_u16() {
                200..=299 => return Ok(()),
                307 | 308 => trail.follow(reply.status, &reply.headers)?,
                code => return Err(failure::failed(FailureKind::HttpStatus, format!("refused it ({code})"))),
            }
        }
    }
}
