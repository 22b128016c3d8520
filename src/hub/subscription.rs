//! How one subscription stands at one hub, and how it goes on: asked for, verified, renewed, refused, ended.

use chrono::{DateTime, TimeDelta, Utc};
use url::{Url, form_urlencoded};

use super::request::{Asked, What};
use super::signature::{self, Signed};
use crate::model::source::SourceId;
use crate::model::text::one_line;

/// What we ask for. Hubs decide themselves; most give between five and thirty days.
const WISHED_LEASE: TimeDelta = TimeDelta::days(10);

/// A hub that promises more is asked again all the same, in case it forgets.
const LONGEST_LEASE: TimeDelta = TimeDelta::days(60);

/// A hub that wants to be asked more often is not.
const SHORTEST_RENEWAL: TimeDelta = TimeDelta::minutes(5);

/// A hub verifies as soon as it can. What comes later was not asked for.
const PENDING: TimeDelta = TimeDelta::hours(1);

/// The first failure costs so long, each further one twice as much, up to [`LONGEST_BACKOFF`].
const BACKOFF: TimeDelta = TimeDelta::hours(1);
const LONGEST_BACKOFF: TimeDelta = TimeDelta::days(1);

/// A hub's no is not for ever: its owner may have made room, or mended what was wrong with our address.
const DENIAL_LASTS: TimeDelta = TimeDelta::days(30);

/// A hub that answers no request to end is left: it ends the subscription itself when its lease does.
const MOST_GOODBYES: u32 = 3;

/// A hub's reason is shown to staff.
const LONGEST_REASON: usize = 200;

/// One subscription at one hub.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Subscription {
    /// The end of its callback address, which nobody can guess: who knows it is the hub, or was told by it.
    pub token: String,
    /// The whole of it. It stays when the configuration names another, until the hub has been told.
    pub callback: String,
    /// What the hub signs with.
    pub secret: String,
    pub source: SourceId,
    pub hub: Url,
    /// What the hub calls the source.
    pub topic: String,
    pub stage: Stage,
    /// We have asked the hub for something, and it may verify that until then.
    pub pending_until: Option<DateTime<Utc>>,
    /// The lease that the hub gave ends then.
    pub ends: Option<DateTime<Utc>>,
    /// When to do something about it; `None`: nothing is left to do.
    pub next: Option<DateTime<Utc>>,
    /// In a row.
    pub failures: u32,
    /// What went wrong last, in words.
    pub problem: Option<String>,
    /// When the hub said that there is something new; `None`: the source was asked since.
    pub hinted: Option<DateTime<Utc>>,
}

/// What a subscription is to be about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wish {
    pub source: SourceId,
    pub hub: Url,
    pub topic: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stage {
    /// Not verified yet, or not any more.
    Wanted,
    Active,
    /// The hub will not have it. Remembered for a while, so that it is not asked again and again.
    Denied,
    /// It shall end.
    Leaving,
}

impl Stage {
    const ALL: [Self; 4] = [Self::Wanted, Self::Active, Self::Denied, Self::Leaving];

    pub fn as_str(self) -> &'static str {
        match self {
            Self::Wanted => "wanted",
            Self::Active => "active",
            Self::Denied => "denied",
            Self::Leaving => "leaving",
        }
    }

    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|stage| stage.as_str() == text)
    }
}

/// What is to be done with a subscription when its time has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    /// Send the hub [`Subscription::form`].
    Ask,
    /// Nothing now.
    Wait,
    /// Forget it.
    Forget,
}

/// How a hub's question ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Heard {
    /// Give back this challenge.
    Confirmed(String),
    /// Give back this challenge, and forget the subscription.
    Left(String),
    Denied,
    /// Not what we asked for.
    Unknown,
}

/// What becomes of a push.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Pushed {
    /// Ask the source.
    Hint,
    /// Not signed, or wrongly: as if it had not come.
    Ignored,
    /// There is no such subscription any more.
    Over,
}

impl Subscription {
    /// `folder`: where hubs call.
    pub fn new(token: String, secret: String, folder: &Url, wish: Wish, now: DateTime<Utc>) -> Self {
        Self {
            callback: format!("{folder}{token}"),
            token,
            secret,
            source: wish.source,
            hub: wish.hub,
            topic: wish.topic,
            stage: Stage::Wanted,
            pending_until: None,
            ends: None,
            next: Some(now),
            failures: 0,
            problem: None,
            hinted: None,
        }
    }

    /// Its time may have come: what is to be done? After [`Step::Ask`] the hub may verify, even before it has answered.
    pub fn step(&mut self, now: DateTime<Utc>) -> Step {
        if self.stage == Stage::Active && self.ends.is_some_and(|ends| ends <= now) {
            self.stage = Stage::Wanted;
        }
        let is_over = self.failures >= MOST_GOODBYES || self.ends.is_none_or(|ends| ends <= now);
        match self.next {
            _ if self.stage == Stage::Leaving && is_over => Step::Forget,
            Some(at) if at <= now && self.stage == Stage::Denied => Step::Forget,
            Some(at) if at <= now && self.pending_until.is_some() => {
                self.pending_until = None;
                self.fail(
                    "did not come back to verify: can it reach [hub] callback from outside?",
                    None,
                    now,
                );
                Step::Wait
            }
            Some(at) if at <= now => {
                self.pending_until = Some(now + PENDING);
                self.next = self.pending_until;
                Step::Ask
            }
            Some(_) | None => Step::Wait,
        }
    }

    /// The body of the request to the hub.
    pub fn form(&self) -> String {
        let mode = if self.stage == Stage::Leaving { "unsubscribe" } else { "subscribe" };
        let mut form = form_urlencoded::Serializer::new(String::new());
        form.append_pair("hub.callback", &self.callback);
        form.append_pair("hub.mode", mode);
        form.append_pair("hub.topic", &self.topic);
        if self.stage != Stage::Leaving {
            form.append_pair("hub.lease_seconds", &WISHED_LEASE.num_seconds().to_string());
            form.append_pair("hub.secret", &self.secret);
        }
        form.finish()
    }

    /// The hub did not take the request. It may have verified all the same.
    pub fn refused(&mut self, problem: &str, not_before: Option<DateTime<Utc>>, now: DateTime<Utc>) {
        if self.pending_until.take().is_some() {
            self.fail(problem, not_before, now);
        }
    }

    fn fail(&mut self, problem: &str, not_before: Option<DateTime<Utc>>, now: DateTime<Utc>) {
        self.failures = self.failures.saturating_add(1);
        self.problem = Some(problem.to_owned());
        let factor = 2_i32.saturating_pow(self.failures.saturating_sub(1).min(16));
        let pause = BACKOFF.checked_mul(factor).unwrap_or(LONGEST_BACKOFF).min(LONGEST_BACKOFF);
        self.next = Some((now + pause).max(not_before.unwrap_or(now)));
    }

    /// What a hub asks at the callback address.
    pub fn hear(&mut self, asked: Asked, now: DateTime<Utc>) -> Heard {
        if asked.topic != self.topic {
            return Heard::Unknown;
        }
        let is_pending = self.pending_until.is_some_and(|until| now < until);
        match (asked.what, self.stage) {
            (What::Subscribe { challenge, lease }, Stage::Wanted | Stage::Active) if is_pending => {
                self.verified(lease.unwrap_or(WISHED_LEASE), now);
                Heard::Confirmed(challenge)
            }
            (What::Unsubscribe { challenge }, Stage::Leaving) if is_pending => Heard::Left(challenge),
            (What::Denied { reason }, Stage::Wanted | Stage::Active) => {
                self.denied(&reason, now);
                Heard::Denied
            }
            (What::Denied { .. }, Stage::Denied | Stage::Leaving) => Heard::Denied,
            _ => Heard::Unknown,
        }
    }

    fn verified(&mut self, lease: TimeDelta, now: DateTime<Utc>) {
        let lease = lease.clamp(TimeDelta::zero(), LONGEST_LEASE);
        self.stage = Stage::Active;
        self.pending_until = None;
        self.failures = 0;
        self.problem = None;
        self.ends = Some(now + lease);
        // A quarter of the lease is left for a hub that is down.
        self.next = Some(now + (lease - lease / 4).max(SHORTEST_RENEWAL));
    }

    fn denied(&mut self, reason: &str, now: DateTime<Utc>) {
        self.stage = Stage::Denied;
        self.pending_until = None;
        self.next = Some(now + DENIAL_LASTS);
        let reason: String =
            one_line(reason).chars().filter(|letter| !letter.is_control()).take(LONGEST_REASON).collect();
        self.problem =
            Some(if reason.is_empty() { "denied".to_owned() } else { format!("denied: {reason}") });
    }

    /// It shall end. False: the hub need not be told, forget it.
    pub fn leave(&mut self, now: DateTime<Utc>) -> bool {
        if self.stage == Stage::Active {
            self.stage = Stage::Leaving;
            self.pending_until = None;
            self.failures = 0;
            self.next = Some(now);
        }
        self.stage == Stage::Leaving
    }

    /// A push came, with this signature over these bytes.
    pub fn push(&self, signature: Option<&str>, body: &[u8], now: DateTime<Utc>) -> Pushed {
        if self.stage != Stage::Active || self.ends.is_none_or(|ends| ends <= now) {
            return Pushed::Over;
        }
        match signature::check(signature, &self.secret, body) {
            Signed::Rightly => Pushed::Hint,
            Signed::Wrongly | Signed::Not => Pushed::Ignored,
        }
    }
}

#[cfg(test)]
mod tests;
