//! Stories out of entries: judged, joined, introduced by the secretariat, and made safe to show.

use chrono::{DateTime, Utc};
use std::collections::{BTreeMap, HashMap};
use url::Url;

use super::Snapshot;
use crate::config::Config;
use crate::desk::decided::{Staff, by_entry};
use crate::identity::Withdrawal;
use crate::identity::key::{canonical, untracked};
use crate::model::announcement::Announcement;
use crate::model::entry::{Entry, EntryId};
use crate::model::source::{Rank, Reuse, Source, SourceId};
use crate::model::story::{Also, Byline, Reason, Story, StoryKind, Why, Withdrawn};
use crate::model::text::{Markup, host};
use crate::model::topic::TopicId;
use crate::model::verdict::{Outcome, TermList, Verdict};
use crate::parse::html;
use crate::rules::words::Words;
use crate::stories::{self, Told};

/// Of a source's text, so much stands under the title.
const SENTENCES: usize = 3;
const CHARACTERS: usize = 420;

/// An entry with all that is known about it.
struct Candidate<'a> {
    entry: &'a Entry,
    source: &'a Source,
    words: Words<'a>,
    verdict: Verdict,
    staff: Staff,
    note: Option<&'a Announcement>,
    withdrawn: Option<Withdrawn>,
}

/// The stories that the entries tell, in no particular order; what is dated ahead is none yet.
pub(super) fn stories(
    snapshot: &Snapshot,
    announcements: &[&Announcement],
    config: &Config,
    now: DateTime<Utc>,
) -> Vec<Story> {
    let sources: HashMap<&SourceId, &Source> =
        config.sources.iter().map(|source| (&source.id, source)).collect();
    // Of two notes on one entry the newer counts.
    let mut announcements = announcements.to_vec();
    announcements.sort_by_key(|announcement| (announcement.publish, announcement.id.as_str()));
    let notes: HashMap<String, &Announcement> = announcements
        .iter()
        .filter_map(|announcement| Some((canonical(announcement.note_on()?.as_str())?, *announcement)))
        .collect();
    let entries: BTreeMap<EntryId, &Entry> = snapshot
        .entries
        .iter()
        .chain(&snapshot.noted)
        .filter(|entry| entry.listed <= now)
        .map(|entry| (entry.id, entry))
        .collect();
    let mut staff = by_entry(&snapshot.decisions);
    let candidates: Vec<Candidate<'_>> = entries
        .into_values()
        .filter_map(|entry| {
            let staff = staff.remove(&entry.id).unwrap_or_default();
            let withdrawn = snapshot.withdrawn.get(&entry.id).copied().map(withdrawn);
            candidate(entry, sources.get(&entry.source)?, staff, withdrawn, &notes, config)
        })
        .collect();
    let texts: Vec<String> = candidates
        .iter()
        .map(|candidate| format!("{} {}", candidate.words.summary(), candidate.words.content()))
        .collect();
    let told: Vec<Told<'_>> = candidates
        .iter()
        .zip(&texts)
        .map(|(candidate, text)| Told { entry: candidate.entry, rank: candidate.source.rank, text })
        .collect();
    stories::join(&told)
        .iter()
        .filter_map(|group| {
            let members: Vec<&Candidate<'_>> =
                group.members.iter().filter_map(|place| candidates.get(*place)).collect();
            story(&members, config)
        })
        .collect()
}

/// Judged by the rules in force and by staff; `None` if these don't publish it and no announcement introduces it either.
/// What staff rejected, nothing brings back.
fn candidate<'a>(
    entry: &'a Entry,
    source: &'a Source,
    staff: Staff,
    withdrawn: Option<Withdrawn>,
    notes: &HashMap<String, &'a Announcement>,
    config: &Config,
) -> Option<Candidate<'a>> {
    if staff.decided.accepted == Some(false) {
        return None;
    }
    let words = Words::of(entry);
    let verdict = words.judge(&config.rules, Some(source));
    let note = entry
        .link
        .as_ref()
        .and_then(|link| canonical(link.as_str()))
        .and_then(|link| notes.get(&link))
        .copied();
    let is_published = staff.decided.outcome(verdict.outcome) == Outcome::Publish;
    (note.is_some() || is_published).then_some(Candidate {
        entry,
        source,
        words,
        verdict,
        staff,
        note,
        withdrawn,
    })
}

fn withdrawn(how: Withdrawal) -> Withdrawn {
    match how {
        Withdrawal::Missing => Withdrawn::Missing,
        Withdrawal::Titled | Withdrawal::Deleted => Withdrawn::Said,
    }
}

/// One story: the first member leads. Its id is that of the member we saw first, so that it stays when an institution
/// confirms what the press has told before; and what staff said of any member, they said of the story. What the leader
/// takes back is withdrawn, whoever else still tells it: the word of who issued it counts. What another takes back stands
/// no longer beside it.
fn story(members: &[&Candidate<'_>], config: &Config) -> Option<Story> {
    let lead = *members.first()?;
    let first = members
        .iter()
        .map(|member| member.entry)
        .min_by_key(|entry| (entry.first_seen, entry.listed, entry.id))?;
    let note = members.iter().find_map(|member| member.note);
    let entry = lead.entry;
    let title = members.iter().find_map(|member| member.staff.decided.title.as_ref());
    let words = members.iter().find_map(|member| member.staff.note.as_ref());
    let filed = members.iter().find_map(|member| member.staff.decided.topics.as_ref());
    let others = members.iter().skip(1).filter(|member| member.withdrawn.is_none());
    let (summary, html) = shown_text(lead);
    Some(Story {
        id: format!("tag:{}:{}/{}", config.site.tag, first.source, first.id),
        slug: format!("e{}", first.id),
        kind: StoryKind::News,
        entries: std::iter::once(&lead).chain(others.clone()).map(|member| member.entry.id).collect(),
        title: title.unwrap_or(&entry.title).clone(),
        retitled: title.is_some(),
        link: entry.link.as_ref().map(untracked),
        language: entry.language.clone().unwrap_or_else(|| config.site.language.clone()),
        source: byline(lead.source, entry.link.as_ref()),
        authors: entry.authors.clone(),
        published: entry.published.unwrap_or(entry.first_seen),
        listed: entry.listed,
        date_origin: entry.date_origin,
        updated: updated(members, first, lead.entry, note)?,
        seen: members
            .iter()
            .flat_map(|member| [Some(member.entry.first_seen), member.staff.accepted])
            .flatten()
            .chain(note.map(|note| note.publish))
            .max()?,
        summary,
        html,
        topics: filed.cloned().unwrap_or_else(|| topics(members, note)),
        why: why(lead, filed.is_some()),
        note: words.or(note.map(|note| &note.html)).cloned(),
        also: others.filter_map(|member| also(member, config)).collect(),
        event: None,
        pinned: note.is_some_and(|note| note.pin)
            || members.iter().any(|member| member.staff.decided.is_pinned),
        withdrawn: lead.withdrawn,
    })
}

/// Where a note and the rules say that it belongs.
fn topics(members: &[&Candidate<'_>], note: Option<&Announcement>) -> Vec<TopicId> {
    let mut topics = note.map(|note| note.topics.clone()).unwrap_or_default();
    for topic in members.iter().flat_map(|member| &member.verdict.topics) {
        if !topics.contains(topic) {
            topics.push(topic.clone());
        }
    }
    topics
}

fn why(lead: &Candidate<'_>, is_filed: bool) -> Why {
    match lead.verdict.outcome {
        Outcome::Publish if is_filed => Why::Filed(reasons(lead)),
        Outcome::Publish => Why::Rules(reasons(lead)),
        Outcome::Review | Outcome::Drop if lead.staff.decided.accepted.is_some() => Why::Accepted,
        Outcome::Review | Outcome::Drop => Why::Note,
    }
}

/// The latest change of anything in it; for who leads now, the time when it took over.
fn updated(
    members: &[&Candidate<'_>],
    first: &Entry,
    lead: &Entry,
    note: Option<&Announcement>,
) -> Option<DateTime<Utc>> {
    let took_over = (lead.first_seen > first.first_seen).then_some(lead.first_seen);
    members
        .iter()
        .flat_map(|member| [Some(member.entry.changed), member.staff.edited])
        .flatten()
        .chain(took_over)
        .chain(note.map(|note| note.updated))
        .max()
}

/// As much of the text as the source lets us show: the first sentences, and all of it as HTML.
fn shown_text(candidate: &Candidate<'_>) -> (String, String) {
    let Candidate { entry, source, words, .. } = candidate;
    let text = if words.summary().is_empty() { words.content() } else { words.summary() };
    let summary = || html::excerpt(text, SENTENCES, CHARACTERS);
    match source.reuse {
        Reuse::Link => (String::new(), String::new()),
        Reuse::Excerpt => (summary(), String::new()),
        Reuse::Full => {
            let whole: Option<&Markup> = entry.content.as_ref().or(entry.summary.as_ref());
            (summary(), whole.map(|whole| html::sanitise(whole, entry.base.as_ref())).unwrap_or_default())
        }
    }
}

fn byline(source: &Source, link: Option<&Url>) -> Byline {
    Byline {
        id: source.id.to_string(),
        title: source.title.clone(),
        url: Some(source.url.clone()),
        host: host(link.unwrap_or(&source.url)).to_owned(),
        credit: source.credit.clone(),
    }
}

fn also(member: &Candidate<'_>, config: &Config) -> Option<Also> {
    let link = untracked(member.entry.link.as_ref()?);
    Some(Also {
        title: member.entry.title.clone(),
        language: member.entry.language.clone().unwrap_or_else(|| config.site.language.clone()),
        source: byline(member.source, Some(&link)),
        link,
    })
}

/// The matches of the topics that took the entry, and the words that matched.
fn reasons(candidate: &Candidate<'_>) -> Vec<Reason> {
    candidate
        .verdict
        .matches
        .iter()
        .filter(|found| found.topic.as_ref().is_some_and(|topic| candidate.verdict.topics.contains(topic)))
        .filter(|found| matches!(found.list, TermList::Strong | TermList::Weak | TermList::Expression))
        .filter_map(|found| {
            let words = candidate.words.text(found.field).get(found.at.clone())?.to_owned();
            Some(Reason { matched: found.clone(), words })
        })
        .collect()
}

/// A rank for ordering the top of the digest: who issues rules before who reports on them.
pub(super) fn rank_of(story: &Story, config: &Config) -> Option<Rank> {
    config.sources.iter().find(|source| source.id.as_str() == story.source.id).map(|source| source.rank)
}
