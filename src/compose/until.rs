//! Until when a publication stays as it is: what it was made of, and when time alone would change it.

use chrono::{DateTime, TimeDelta, Utc};
use std::hash::{Hash as _, Hasher as _};
use xxhash_rust::xxh3::Xxh3;

use super::{CALENDAR_KEEPS, Snapshot, ends};
use crate::config::Config;
use crate::model::announcement::{Announcement, AnnouncementKind};

/// What a publication was made of, and how long it holds. While both hold, [`super::compose`] would make the same pages.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Standing {
    /// A print of the snapshot, the configuration and this program's version.
    made_of: u64,
    from: DateTime<Utc>,
    /// `None`: no time changes it.
    until: Option<DateTime<Utc>>,
}

impl Standing {
    pub fn of(snapshot: &Snapshot, config: &Config, now: DateTime<Utc>) -> Self {
        let mut print = Xxh3::new();
        (env!("CARGO_PKG_VERSION"), config.print, snapshot).hash(&mut print);
        Self { made_of: print.finish(), from: now, until: next_change(snapshot, config, now) }
    }

    /// While nothing that it was made of changes, does it still stand at this time?
    pub fn holds(&self, now: DateTime<Utc>) -> bool {
        self.from <= now && self.until.is_none_or(|until| now < until)
    }

    /// Would this, as it is now, make the pages that `published` stands for?
    pub fn is_still(&self, published: &Self) -> bool {
        self.made_of == published.made_of && published.holds(self.from)
    }

    /// As text, for the store.
    pub fn to_text(self) -> String {
        let until = self.until.map(|until| until.timestamp().to_string()).unwrap_or_default();
        format!("{:016x} {} {until}", self.made_of, self.from.timestamp())
    }

    /// What [`Self::to_text`] wrote.
    pub fn parse(text: &str) -> Option<Self> {
        let time = |seconds: &str| DateTime::from_timestamp(seconds.parse().ok()?, 0);
        let mut parts = text.splitn(3, ' ');
        let made_of = u64::from_str_radix(parts.next()?, 16).ok()?;
        let from = time(parts.next()?)?;
        let until = match parts.next()? {
            "" => None,
            until => Some(time(until)?),
        };
        Some(Self { made_of, from, until })
    }
}

/// A print of where a snapshot comes from, to be known before it is read: the store in this revision, the announcements,
/// the configuration and this program's version.
pub fn origin(revision: &str, announcements: &[Announcement], config: &Config) -> u64 {
    let mut print = Xxh3::new();
    (env!("CARGO_PKG_VERSION"), config.print, revision, announcements).hash(&mut print);
    print.finish()
}

/// The first time after `now` at which a story comes, goes, or leaves the digest because of its age.
fn next_change(snapshot: &Snapshot, config: &Config, now: DateTime<Utc>) -> Option<DateTime<Utc>> {
    let digest = TimeDelta::days(i64::from(config.output.digest_days));
    // The digest holds what is exactly so old; a second later it does not. All times are whole seconds.
    let old = |listed: DateTime<Utc>| listed + digest + TimeDelta::seconds(1);
    let entries = snapshot.entries.iter().chain(&snapshot.noted);
    let entries = entries.flat_map(|entry| [entry.listed, old(entry.listed)]);
    let announcements = snapshot.announcements.iter().flat_map(|announcement| {
        let own = [Some(announcement.publish), announcement.expire, Some(old(announcement.publish))];
        own.into_iter().flatten().chain(event_times(announcement))
    });
    entries.chain(announcements).filter(|time| *time > now).min()
}

/// When an event is over, and when the calendar forgets it.
fn event_times(announcement: &Announcement) -> impl Iterator<Item = DateTime<Utc>> {
    let event = match &announcement.kind {
        AnnouncementKind::Event(event) => Some(ends(event)),
        _ => None,
    };
    event.into_iter().flat_map(|over| [over, over + CALENDAR_KEEPS])
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::compose::compose;
    use crate::compose::tests::{announcement, config, congress, entry, now, of};

    /// Does what is published now still stand so many seconds later?
    fn check(snapshot: &Snapshot, seconds: i64, stands: bool) {
        let config = config();
        let later = now() + TimeDelta::seconds(seconds);
        let published = Standing::of(snapshot, &config, now());
        assert_eq!(Standing::of(snapshot, &config, later).is_still(&published), stands, "after {seconds} s");
    }

    #[test]
    fn it_stands_until_a_story_is_too_old_for_the_digest() {
        let snapshot = of(vec![entry(1, "wco", "Customs", 30 * 24 - 1)]);
        check(&snapshot, 3600, true);
        check(&snapshot, 3601, false);
    }

    #[test]
    fn it_stands_until_the_date_of_an_entry_has_come() {
        let snapshot = of(vec![entry(1, "wco", "Customs", -2)]);
        assert!(crate::compose::stories(&snapshot, &config(), now()).is_empty());
        check(&snapshot, 2 * 3600 - 1, true);
        check(&snapshot, 2 * 3600, false);
    }

    #[test]
    fn it_stands_until_an_announcement_comes_or_goes() {
        let mut early = announcement("early", AnnouncementKind::News);
        early.publish = now() + TimeDelta::seconds(5);
        early.expire = Some(now() + TimeDelta::seconds(50));
        let snapshot = Snapshot { announcements: vec![early], ..Snapshot::default() };
        check(&snapshot, 4, true);
        check(&snapshot, 5, false);
    }

    #[test]
    fn a_clock_that_goes_back_makes_it_anew() {
        check(&Snapshot::default(), -1, false);
        check(&Snapshot::default(), 1_000_000_000, true);
    }

    #[test]
    fn another_entry_or_another_configuration_makes_it_anew() {
        let one = Standing::of(&of(vec![entry(1, "wco", "Customs", 1)]), &config(), now());
        let two = Standing::of(&of(vec![entry(1, "wco", "Customs!", 1)]), &config(), now());
        assert!(!two.is_still(&one));
        let mut other = config();
        other.print ^= 1;
        let three = Standing::of(&of(vec![entry(1, "wco", "Customs", 1)]), &other, now());
        assert!(!three.is_still(&one));
    }

    #[test]
    fn each_part_of_its_origin_counts() {
        let (config, news) = (config(), [announcement("news", AnnouncementKind::News)]);
        let mut other = config.clone();
        other.print ^= 1;
        let origins = [
            origin("7", &news, &config),
            origin("8", &news, &config),
            origin("7", &[], &config),
            origin("7", &news, &other),
        ];
        assert_eq!(origins, [origin("7", &news, &config), origins[1], origins[2], origins[3]]);
        assert_eq!(std::collections::HashSet::from(origins).len(), origins.len());
    }

    #[test]
    fn it_stands_until_an_event_is_over_everywhere() {
        let event = announcement("congress", AnnouncementKind::Event(congress(16, 18)));
        let snapshot = Snapshot { announcements: vec![event], ..Snapshot::default() };
        let over = (ends(&congress(16, 18)) - now()).num_seconds();
        check(&snapshot, over - 1, true);
        check(&snapshot, over, false);
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]

        /// While it stands, the pages are those that would be made.
        #[test]
        fn what_stands_is_what_would_be_made(
            hours in prop::collection::vec(-200..1000_i64, 0..5),
            (starts, ends) in (-500..500_i64, 1..500_i64),
            later in 0..2000_i64,
        ) {
            let entries = hours.iter().zip(1..).map(|(hours, id)| entry(id, "wco", "Customs duties", *hours)).collect();
            let mut news = announcement("news", AnnouncementKind::News);
            news.publish = now() + TimeDelta::hours(starts);
            news.expire = Some(news.publish + TimeDelta::hours(ends));
            let event = announcement("congress", AnnouncementKind::Event(congress(16, 18)));
            let snapshot = Snapshot { announcements: vec![news, event], ..of(entries) };
            let (config, later) = (config(), now() + TimeDelta::hours(later));
            let published = Standing::of(&snapshot, &config, now());
            if Standing::of(&snapshot, &config, later).is_still(&published) {
                prop_assert_eq!(compose(&snapshot, &config, later), compose(&snapshot, &config, now()));
            }
        }

        #[test]
        fn its_text_reads_back(hours in prop::collection::vec(0..1000_i64, 0..3)) {
            let entries = hours.iter().zip(1..).map(|(hours, id)| entry(id, "wco", "Customs", *hours)).collect();
            let standing = Standing::of(&of(entries), &config(), now());
            prop_assert_eq!(Standing::parse(&standing.to_text()), Some(standing));
        }

        #[test]
        fn no_text_makes_it_panic(text in ".*") {
            let _ = Standing::parse(&text);
        }
    }
}
