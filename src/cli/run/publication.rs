//! What a run publishes, or leaves as it stands because nothing that it is made of has changed.

use anyhow::Context as _;
use chrono::{DateTime, Utc};
use std::path::Path;

use super::lonely;
use crate::cli::{Places, load, say};
use crate::compose;
use crate::compose::until::{self, Standing};
use crate::config::Config;
use crate::model::announcement::Announcement;
use crate::publish::{self, Published};
use crate::snapshot;
use crate::store::{Store, StoreError};
use crate::versions::{self, Author};

/// The setting that holds the authority of our ids.
const TAG: &str = "tag";

/// The setting that holds what was published last: a print of its manifest, of its origin, and what it was made of.
const PUBLISHED: &str = "published";

/// What was published, and how many announcements could not be.
#[derive(Debug)]
pub(in crate::cli) struct Publication {
    pub(super) published: Published,
    pub(super) announcements_with_mistakes: usize,
}

/// Whether pages are made that would be those that stand there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::cli) enum Pages {
    /// Made and compared, whatever is remembered of them.
    Always,
    /// Not made while nothing that they are made of has changed.
    IfNew,
}

/// Publishes what the store, the configuration and the announcements make at this time.
pub(in crate::cli) async fn publish(
    config: &Config,
    store: &Store,
    places: &Places,
    anew: bool,
    when: Pages,
    now: DateTime<Utc>,
) -> anyhow::Result<Publication> {
    hold_tag(config, store, &places.output, anew).await?;
    let announcements = load::announcements(&places.configuration.config, config)?;
    keep_version(config, store, places, now).await.context("keeping the version of the rules")?;
    snapshot::judge_again(store, config).await.context("judging by the new rules")?;
    let origin = until::origin(&store.revision().await?, &announcements.right, config);
    let before = match when {
        Pages::Always => None,
        Pages::IfNew => Remembered::of(store, &places.output).await?,
    };
    // Whether a note finds its entry is told in every run.
    let is_note =
        |announcement: &Announcement| announcement.is_shown(now) && announcement.note_on().is_some();
    if let Some(before) = &before
        && before.origin == origin
        && before.standing.holds(now)
        && !announcements.right.iter().any(is_note)
    {
        return Ok(before.publication(announcements.wrong));
    }
    let snapshot =
        snapshot::take(store, config, announcements.right, now).await.context("reading the store")?;
    let lonely = lonely::notes(&snapshot, now);
    for line in &lonely {
        say::note(line);
    }
    let announcements_with_mistakes = announcements.wrong + lonely.len();
    let standing = Standing::of(&snapshot, config, now);
    if let Some(before) = before.filter(|before| standing.is_still(&before.standing)) {
        if before.origin != origin {
            remember(store, before.print, origin, before.standing).await?;
        }
        return Ok(before.publication(announcements_with_mistakes));
    }
    let pages = compose::compose(&snapshot, config, now);
    let published = publish::publish(&pages, &places.output).context("publishing")?;
    if let Some(there) = publish::standing(&places.output) {
        remember(store, there.print, origin, standing).await?;
    }
    Ok(Publication { published, announcements_with_mistakes })
}

/// What was published last, if it is what stands in the folder.
#[derive(Debug)]
struct Remembered {
    /// Of the manifest.
    print: u64,
    pages: usize,
    origin: u64,
    standing: Standing,
}

impl Remembered {
    async fn of(store: &Store, output: &Path) -> anyhow::Result<Option<Self>> {
        let text = store.setting(PUBLISHED).await?;
        Ok(text.and_then(|text| Self::parse(&text, output)))
    }

    fn parse(text: &str, output: &Path) -> Option<Self> {
        let mut parts = text.splitn(3, ' ');
        let mut print = || u64::from_str_radix(parts.next()?, 16).ok();
        let (print, origin) = (print()?, print()?);
        let standing = Standing::parse(parts.next()?)?;
        let there = publish::standing(output).filter(|there| there.print == print)?;
        Some(Self { print, pages: there.pages, origin, standing })
    }

    /// All that stands there is as it would be made.
    fn publication(&self, announcements_with_mistakes: usize) -> Publication {
        let published = Published { unchanged: self.pages, ..Published::default() };
        Publication { published, announcements_with_mistakes }
    }
}

async fn remember(store: &Store, print: u64, origin: u64, standing: Standing) -> Result<(), StoreError> {
    store.set(PUBLISHED, &format!("{print:016x} {origin:016x} {}", standing.to_text())).await
}

/// Keeps the rules as a version if they judge for the first time. The file is read again for it, comments and all: if
/// somebody has changed it meanwhile, the next run does that.
async fn keep_version(
    config: &Config,
    store: &Store,
    places: &Places,
    now: DateTime<Utc>,
) -> anyhow::Result<()> {
    if store.newest_rules_print().await?.as_deref() == Some(config.rules.fingerprint()) {
        return Ok(());
    }
    let text = load::text(&places.configuration.config)?;
    if config.is_of(&text) {
        let author = Author { name: "feeds.toml", note: "" };
        versions::keep(store, &text, config, author, now).await?;
    }
    Ok(())
}

/// Our ids are made of `site.tag`. Under another one every reader would show everything again. A store without a tag has
/// never published: from an empty one, what stands in the folder would be replaced by the little that sources show today.
async fn hold_tag(config: &Config, store: &Store, output: &Path, anew: bool) -> anyhow::Result<()> {
    match store.setting(TAG).await? {
        None if !anew && publish::is_published(output) => anyhow::bail!(
            "{} was published from another store, this one is new: put back the store's last copy, or begin with what \
             the sources show today: `tidewaiter refresh --anew`",
            output.display()
        ),
        None => Ok(store.set(TAG, &config.site.tag).await?),
        Some(tag) if tag == config.site.tag => Ok(()),
        Some(tag) => anyhow::bail!(
            "site.tag is `{}` now, but this store has published under `{tag}`: with another tag every reader would \
             show every entry again; put `{tag}` back, or begin with a new store",
            config.site.tag
        ),
    }
}
