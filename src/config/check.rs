//! The tables of the file become the Config: what was left out is filled in, and names must be known and unique.

use std::collections::BTreeMap;
use std::ops::Range;

use super::file;
use super::kind;
use super::notes::{Notes, line_of};
use super::number::Duration;
use super::read::{At, label};
use super::topics;
use super::{ANNOUNCEMENTS, Config, Fetching, Output, Site};
use xxhash_rust::xxh3::xxh3_64;

use crate::model::language::Language;
use crate::model::nearest;
use crate::model::source::{Robots, Source};
use crate::model::topic::TopicId;

/// What topics need to know of a source.
#[derive(Debug, Clone, Copy)]
pub(super) struct Known<'f> {
    pub(super) id: &'f str,
    pub(super) language: Option<&'f Language>,
    pub(super) context: bool,
}

/// `None`: something is wrong, and the notes say what. Everything is looked at all the same.
pub(super) fn config(file: &file::File, notes: &mut Notes<'_>) -> Option<Config> {
    let sources = sources(file, notes);
    let named = file.source.iter().filter_map(|source| {
        let id = source.id.as_ref()?.value.as_str();
        Some(Known { id, language: source.language.as_ref(), context: source.context })
    });
    let rest = rest(file, &named.collect::<Vec<_>>(), notes, notes.text())?;
    Some(Config { sources: sources?, ..rest })
}

/// With sources that are right.
pub(super) fn with_sources(
    file: &file::File,
    sources: Vec<Source>,
    notes: &mut Notes<'_>,
    text: &str,
) -> Option<Config> {
    let named: Vec<Known<'_>> = sources
        .iter()
        .map(|source| Known {
            id: source.id.as_str(),
            language: source.language.as_ref(),
            context: source.context,
        })
        .collect();
    let rest = rest(file, &named, notes, text)?;
    Some(Config { sources, ..rest })
}

/// All but the sources.
fn rest(file: &file::File, sources: &[Known<'_>], notes: &mut Notes<'_>, text: &str) -> Option<Config> {
    let site =
        file.site.as_ref().and_then(|site| notes.within("site".into(), |notes| self::site(site, notes)));
    let callback = match &file.hub {
        None => Some(None),
        Some(hub) => notes.within("hub".into(), |notes| callback(hub, notes)).map(Some),
    };
    let sections = topics::sections(file, site.as_ref(), notes);
    let topics = topics::topics(file, sources, site.as_ref(), notes);
    let rules = topics::rules(file, sources, notes);
    let site = site?;
    Some(Config {
        fetch: fetching(&file.fetch, &site),
        site,
        output: output(&file.output),
        callback: callback?,
        sources: Vec::new(),
        sections: sections?,
        topics: topics?,
        rules: rules?,
        print: xxh3_64(text.as_bytes()),
    })
}

fn site(file: &file::Site, notes: &mut Notes<'_>) -> Option<Site> {
    let url = file.url.as_ref().and_then(|url| folder(url, notes));
    let organisation = file.organisation.clone().map(|line| line.0);
    let organisation_name = file.organisation_name.clone().map(|line| line.0);
    Some(Site {
        title: file.title.clone()?.0,
        subtitle: file.subtitle.clone().map(|line| line.0).unwrap_or_default(),
        organisation_name: organisation_name.or_else(|| organisation.clone())?,
        organisation: organisation?,
        url: url?,
        home: file.home.clone()?,
        contact: file.contact.clone()?.0,
        language: file.language.clone(),
        time_zone: file.time_zone,
        tag: file.tag.clone()?.0,
    })
}

/// Where hubs call: the path must be the one that `serve` answers under.
fn callback(file: &file::Hub, notes: &mut Notes<'_>) -> Option<url::Url> {
    let address = file.callback.as_ref()?;
    let url = &address.value;
    if url.query().is_some() || url.fragment().is_some() || !url.path().ends_with("/hub/") {
        let hint = "expected an address such as \"https://bulletin.ifcba.org/hub/\"";
        notes.wrong(address.at.clone(), "`callback` must end in /hub/", hint);
        return None;
    }
    Some(url.clone())
}

/// The address of a folder, to which names of files can be joined.
fn folder(address: &At<url::Url>, notes: &mut Notes<'_>) -> Option<url::Url> {
    let mut url = address.value.clone();
    if url.query().is_some() || url.fragment().is_some() {
        let hint = "expected the address of the folder, such as \"https://bulletin.ifcba.org/\"";
        notes.wrong(address.at.clone(), "`url` must not hold `?` or `#`", hint);
        return None;
    }
    if !url.path().ends_with('/') {
        let path = format!("{}/", url.path());
        url.set_path(&path);
    }
    Some(url)
}

fn fetching(file: &file::Fetch, site: &Site) -> Fetching {
    let ours = || format!("tidewaiter/{} (+{}; {})", env!("CARGO_PKG_VERSION"), site.home, site.contact);
    Fetching {
        user_agent: file.user_agent.clone().map_or_else(ours, |line| line.0),
        concurrency: file.concurrency.size(),
        connect_timeout: file.connect_timeout.get(),
        read_timeout: file.read_timeout.get(),
        host_gap: file.host_gap.get(),
        host_time: file.host_time.get(),
        allow: file.allow.clone(),
    }
}

fn output(file: &file::Output) -> Output {
    Output {
        feed_entries: file.feed_entries.size(),
        topic_feed_entries: file.topic_feed_entries.size(),
        digest_days: u16::try_from(file.digest_days.get()).expect("at most 366"),
        top_stories: file.top_stories.size(),
        section_stories: file.section_stories.size(),
        source_stories: file.source_stories.size(),
    }
}

fn sources(file: &file::File, notes: &mut Notes<'_>) -> Option<Vec<Source>> {
    let ids = file.source.iter().filter_map(|source| source.id.as_ref());
    let ids: Vec<_> = ids.map(|id| (id.value.as_str(), &id.at)).collect();
    unique("source", &ids, &[ANNOUNCEMENTS], notes);
    let topics = topic_ids(file);
    let read: Vec<_> = file
        .source
        .iter()
        .enumerate()
        .map(|(at, source)| {
            let id = source.id.as_ref().map(|id| id.value.as_str());
            notes.within(label("source", id, Some(at + 1)), |notes| {
                self::source(source, &file.fetch, &topics, notes)
            })
        })
        .collect();
    read.into_iter().collect()
}

/// The ids of all topics that have one.
pub(super) fn topic_ids(file: &file::File) -> Vec<&str> {
    file.topic.iter().filter_map(|topic| Some(topic.id.as_ref()?.value.as_str())).collect()
}

pub(super) fn source(
    file: &file::Source,
    fetch: &file::Fetch,
    known: &[&str],
    notes: &mut Notes<'_>,
) -> Option<Source> {
    let topics = file.topics.iter().filter(|topic| is_known("topic", topic, known, notes));
    let topics = topics.filter_map(|topic| TopicId::parse(&topic.value)).collect();
    let kind = kind::kind(file, notes);
    let is_page = file.page.is_some() || file.json.is_some() || file.sitemap.is_some();
    let robots = if is_page { Robots::Obey } else { Robots::Subscription };
    Some(Source {
        id: file.id.clone()?.value,
        title: file.title.clone()?.0,
        url: file.url.clone()?,
        kind: kind?,
        enabled: file.enabled,
        language: file.language.clone(),
        interval: file.interval.unwrap_or(fetch.interval).get(),
        context: file.context,
        rank: file.rank.0,
        topics,
        reuse: file.reuse.0,
        credit: file.credit.clone().map(|line| line.0),
        robots: file.robots.map_or(robots, |robots| robots.0),
        timeout: file.timeout.unwrap_or(fetch.timeout).get(),
        max_bytes: file.max_bytes.unwrap_or(fetch.max_bytes).get().into(),
        hub: file.hub,
        max_age: file.max_age.map(Duration::get),
        keep_link: file.keep_link.clone().map(|pattern| pattern.0),
        drop_link: file.drop_link.clone().map(|pattern| pattern.0),
        ended_marker: file.ended_marker.clone().map(|line| line.0),
        contract: file.contract.as_ref().map(kind::contract),
    })
}

/// Notes each id that was taken before, by the file or by us.
pub(super) fn unique(noun: &str, ids: &[(&str, &Range<usize>)], reserved: &[&str], notes: &mut Notes<'_>) {
    let mut taken = BTreeMap::new();
    for (id, at) in ids {
        let first = *taken.entry(id).or_insert(at);
        let hint = if reserved.contains(id) {
            format!("`{id}` has a meaning of its own; take another")
        } else if first != at {
            format!("the first `{id}` is on line {}", line_of(notes.text(), first.start))
        } else {
            continue;
        };
        notes.wrong((*at).clone(), &format!("{noun} `{id}`: this id is taken"), hint);
    }
}

/// Is the name one of those? If not, it is noted.
pub(super) fn is_known(noun: &str, name: &At<String>, known: &[&str], notes: &mut Notes<'_>) -> bool {
    let is_known = known.contains(&name.value.as_str());
    if !is_known {
        let hint = match known {
            [] => format!("there is no [[{noun}]] in the file"),
            known => nearest::hint(&name.value, known.iter().copied()),
        };
        notes.absent(name.at.clone(), &format!("unknown {noun} `{}`", name.value.escape_debug()), hint);
    }
    is_known
}
