//! `tidewaiter source add`: from any address to a block in feeds.toml.

use anyhow::{Context as _, anyhow, bail};
use chrono::{DateTime, Utc};
use clap::Args;
use url::Url;

use super::tell::{self, Told};
use crate::cli::{Configuration, Ending, Now, load, replace, say};
use crate::collect::discover::{self, Feed, Found, Look};
use crate::config::Config;
use crate::fetch::Client;
use crate::model::language::Language;
use crate::model::source::{Robots, SourceId};
use crate::propose::block::Block;
use crate::propose::{Candidate, feeds, insert, name};

/// Find out how an address can be read, and write its block into feeds.toml
///
/// A feed is read and shown. A page is searched for feeds; each is fetched and must have entries. For a page without
/// feeds, selectors are proposed out of its own structure and tried; for JSON, a list in a script and a sitemap, how
/// they can be read. Nothing is written without --write.
/// What was found goes to standard error, the block (or with --json everything) to standard output.
#[derive(Debug, Args)]
#[expect(clippy::struct_excessive_bools, reason = "flags of a command line")]
#[command(after_help = "\
Exit codes:
  0  a block was printed, or written
  1  there are several ways to read it: pick one with --choose
  2  nothing that can be added

Examples:
  tidewaiter source add ifcba.org                       what is there?
  tidewaiter source add ifcba.org --write               writes its block
  tidewaiter source add ifcba.org --choose 2 --write    the second of them
  tidewaiter source add ifcba.org/news --page           never mind its feeds")]
pub(super) struct Add {
    /// The address of a feed or page, with or without https://
    #[arg(value_name = "ADDRESS")]
    address: String,
    #[command(flatten)]
    configuration: Configuration,
    /// The name of the source in feeds.toml [default: made of its host or title]
    #[arg(long, value_name = "ID", value_parser = read_id)]
    id: Option<SourceId>,
    /// The short name that members read [default: made of its own title]
    #[arg(long, value_name = "TEXT")]
    title: Option<String>,
    /// Which of those that were found, by its number
    #[arg(long, value_name = "NUMBER")]
    choose: Option<usize>,
    /// Propose selectors for the page, whatever feeds it has
    #[arg(long)]
    page: bool,
    /// The address is a feed that is offered to readers: robots.txt is not asked
    #[arg(long, conflicts_with = "page")]
    subscription: bool,
    /// Write the block into feeds.toml
    #[arg(long)]
    write: bool,
    /// Only show the block; this is the default
    #[arg(long, conflicts_with = "write")]
    dry_run: bool,
    /// Print one JSON document
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    now: Now,
}

/// What was picked of what was found.
#[derive(Debug, Clone, Copy)]
enum Choice<'a> {
    Feed(&'a Feed),
    Page(&'a Candidate),
}

impl Add {
    pub(super) async fn run(self) -> anyhow::Result<Ending> {
        let path = &self.configuration.config;
        let config = load::config(path)?;
        let text =
            std::fs::read_to_string(path).with_context(|| format!("{}: cannot be read", path.display()))?;
        let now = self.now.time();
        let addresses = addresses(&self.address)?;
        for url in &addresses {
            refuse_known(&config, url)?;
        }
        let found = self.ask(&config, &addresses, now).await?;
        let Some(choice) = self.choose(&found)? else {
            tell::tell(&found, &Told { chosen: None, block: None, id: None, written: false }, self.json)?;
            if !self.json {
                say::note(
                    "several ways to read it, and none is clearly the one: pick one with --choose NUMBER",
                );
            }
            return Ok(Ending::Partly);
        };
        let (id, block) = self.block(&config, &found, choice, now)?;
        let written = insert::insert(&text, &config, &block, &id, choice.url(&found))?;
        if self.write {
            replace::replace(path, &text, &written)?;
        }
        let chosen = Some(choice.number(&found));
        tell::tell(
            &found,
            &Told { chosen, block: Some(&block), id: Some(&id), written: self.write },
            self.json,
        )?;
        if !self.json {
            say::note("");
            say::note(&if self.write {
                format!("written into {}; `tidewaiter refresh --source {id}` asks it now", path.display())
            } else {
                "nothing was written: --write puts this block behind the last source".to_owned()
            });
        }
        Ok(Ending::Well)
    }

    async fn ask(&self, config: &Config, addresses: &[Url], now: DateTime<Utc>) -> anyhow::Result<Found> {
        let client = Client::new(&config.fetch).context("preparing to ask")?;
        let look = if self.page { Look::Page } else { Look::Feeds };
        let is_feed = self.subscription || addresses.first().is_some_and(feeds::looks_like_feed);
        let robots = if is_feed && !self.page { Robots::Subscription } else { Robots::Obey };
        say::progress(&format!("asking {}", self.address.escape_debug()));
        let found = discover::discover(&client, addresses, robots, look, now).await;
        say::progress("");
        found.map_err(|why| anyhow!("{}: {why}", self.address.escape_debug()))
    }

    /// The one picked, else the best if there is one; `None` if a person has to pick.
    fn choose<'a>(&self, found: &'a Found) -> anyhow::Result<Option<Choice<'a>>> {
        let candidates = found.proposal.iter().flat_map(|proposal| &proposal.candidates);
        let all: Vec<Choice<'a>> =
            found.feeds.iter().map(Choice::Feed).chain(candidates.map(Choice::Page)).collect();
        if all.is_empty() {
            if self.json {
                tell::tell(found, &Told { chosen: None, block: None, id: None, written: false }, true)?;
            } else {
                tell::show(found, None);
            }
            bail!("{}: no feed was found, and no list of news there that could be read", found.url);
        }
        if let Some(number) = self.choose {
            let picked = number.checked_sub(1).and_then(|at| all.get(at)).copied();
            let picked = picked
                .with_context(|| format!("--choose {number}: there are {} to choose from", all.len()))?;
            return Ok(Some(picked));
        }
        let nearest = found.feeds.first().map(|feed| feed.distance);
        let equals = found.feeds.iter().filter(|feed| Some(feed.distance) == nearest).count();
        let is_sure = all.len() == 1 || found.feeds.first().is_none_or(|feed| feed.is_of_page);
        Ok(all.first().copied().filter(|_| equals < 2 && is_sure))
    }

    /// The id, and the block with it.
    fn block(
        &self,
        config: &Config,
        found: &Found,
        choice: Choice<'_>,
        now: DateTime<Utc>,
    ) -> anyhow::Result<(String, String)> {
        let url = choice.url(found);
        refuse_known(config, url)?;
        let said = choice.title(found);
        let title = self.title.clone().unwrap_or_else(|| name::title(said, url));
        let taken = |id: &str| config.sources.iter().any(|source| source.id.as_str() == id);
        let id = self.id.as_ref().map_or_else(|| name::id(url, &title, taken), ToString::to_string);
        let block = Block {
            id: &id,
            title: &title,
            url,
            language: choice.language(),
            page: choice.page(),
            remarks: choice.remarks(found, now),
        };
        Ok((id.clone(), block.text()))
    }
}

impl<'a> Choice<'a> {
    fn url(self, found: &'a Found) -> &'a Url {
        match self {
            Self::Feed(feed) => &feed.lead.url,
            Self::Page(_) => &found.url,
        }
    }

    fn title(self, found: &'a Found) -> Option<&'a str> {
        match self {
            Self::Feed(feed) => feed.title.as_deref(),
            Self::Page(_) => found.title.as_deref(),
        }
    }

    fn language(self) -> Option<&'a Language> {
        match self {
            Self::Feed(feed) => feed.language.as_ref(),
            Self::Page(candidate) => candidate.language.as_ref(),
        }
    }

    fn page(self) -> Option<&'a Candidate> {
        match self {
            Self::Feed(_) => None,
            Self::Page(candidate) => Some(candidate),
        }
    }

    /// From 1, as it is shown.
    fn number(self, found: &Found) -> usize {
        let candidates = found.proposal.iter().flat_map(|proposal| &proposal.candidates);
        let at = match self {
            Self::Feed(feed) => found.feeds.iter().position(|other| std::ptr::eq(other, feed)),
            Self::Page(page) => {
                let at = candidates.into_iter().position(|other| std::ptr::eq(other, page));
                at.map(|at| found.feeds.len() + at)
            }
        };
        at.map_or(1, |at| at + 1)
    }

    fn remarks(self, found: &Found, now: DateTime<Utc>) -> Vec<String> {
        let day = now.format("%-d %B %Y");
        match self {
            Self::Feed(feed) => vec![format!(
                "Added on {day}: {} entries then{}.",
                feed.entries.len(),
                feed.newest()
                    .map(|at| format!(", the newest of {}", at.format("%-d %B %Y")))
                    .unwrap_or_default()
            )],
            Self::Page(candidate) => {
                let first = format!(
                    "Added on {day}. No feed: what follows was proposed out of the address's own answer, which had {} entries \
                     then, {} with a date. Look at what the first run brings.",
                    candidate.entries.len(),
                    candidate.dated()
                );
                let first = if found.feeds.is_empty() { first } else { first.replace(" No feed: w", " W") };
                std::iter::once(first)
                    .chain(candidate.remarks.iter().map(|remark| format!("Note: {remark}.")))
                    .collect()
            }
        }
    }
}

fn refuse_known(config: &Config, url: &Url) -> anyhow::Result<()> {
    match insert::known(config, url) {
        Some(source) => bail!("{url}: source `{}` has this address already", source.id),
        None => Ok(()),
    }
}

/// The address as it is, or with https:// and, should nobody answer there, http:// before it.
fn addresses(text: &str) -> anyhow::Result<Vec<Url>> {
    let text = text.trim();
    let feed = text.strip_prefix("feed:").map(|rest| rest.trim_start_matches("//"));
    let bare = feed.unwrap_or(text);
    let tries = if bare.contains("://") {
        vec![bare.to_owned()]
    } else {
        vec![format!("https://{bare}"), format!("http://{bare}")]
    };
    let urls: Result<Vec<Url>, _> = tries.iter().map(|address| Url::parse(address)).collect();
    let urls = urls.map_err(|error| anyhow!("{}: is no address: {error}", text.escape_debug()))?;
    let plain = |url: &Url| {
        matches!(url.scheme(), "http" | "https") && url.username().is_empty() && url.password().is_none()
    };
    if !urls.iter().all(plain) {
        bail!(
            "{}: must begin with https:// or http://, without a user name or password",
            text.escape_debug()
        );
    }
    Ok(urls)
}

fn read_id(text: &str) -> Result<SourceId, String> {
    SourceId::parse(text).ok_or_else(|| "expected small letters, digits and single hyphens".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expected: &[&str]) {
        let found: Vec<String> =
            addresses(text).map(|urls| urls.into_iter().map(String::from).collect()).unwrap_or_default();
        assert_eq!(found, expected, "{text}");
    }

    #[test]
    fn any_address_will_do() {
        check("https://a.example/x", &["https://a.example/x"]);
        check(" a.example/x ", &["https://a.example/x", "http://a.example/x"]);
        check("localhost:8080/x", &["https://localhost:8080/x", "http://localhost:8080/x"]);
        check("feed:https://a.example/x", &["https://a.example/x"]);
        check("feed://a.example/x", &["https://a.example/x", "http://a.example/x"]);
    }

    #[test]
    fn but_no_other() {
        check("", &[]);
        check("ftp://a.example/", &[]);
        check("https://a:b@c.example/", &[]);
    }
}
