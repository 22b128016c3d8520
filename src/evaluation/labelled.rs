//! Entries that an editor has filed by hand, one JSON object a line: what rules are measured by.

use chrono::{DateTime, NaiveDate, Utc};
use serde::Deserialize;

use crate::model::entry::{DateOrigin, Entry, EntryId};
use crate::model::language::Language;
use crate::model::nearest;
use crate::model::source::{Source, SourceId};
use crate::model::text::Markup;
use crate::model::topic::TopicId;
use crate::rules::fold::fold;

/// The label of what no topic should take.
const IRRELEVANT: &str = "irrelevant";

/// The source of an entry that names one which no id can be.
const UNNAMED: &str = "unknown";

/// An entry, and what an editor says of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Labelled {
    /// Its name in the file.
    pub id: String,
    /// The source that it names, if feeds.toml has one of this id or title: an index into the list of sources.
    pub source: Option<usize>,
    pub entry: Entry,
    /// The topics that should take it, best first; none: it is irrelevant.
    pub labels: Vec<TopicId>,
}

/// A line that cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("line {line}: {message}")]
pub struct Mistake {
    /// From 1.
    pub line: usize,
    /// What is wrong and how to mend it.
    pub message: String,
}

/// A line as it is written.
#[derive(Debug, Deserialize)]
struct Line {
    id: String,
    #[serde(default)]
    source: String,
    #[serde(default)]
    lang: String,
    title: String,
    #[serde(default)]
    summary: String,
    #[serde(default)]
    date: Option<NaiveDate>,
    labels: Vec<String>,
}

/// Reads all lines; empty ones don't count. `Err` holds every mistake.
pub fn read(text: &str, sources: &[Source], topics: &[TopicId]) -> Result<Vec<Labelled>, Vec<Mistake>> {
    let lines = (1..).zip(text.lines()).filter(|(_, line)| !line.trim().is_empty());
    let (mut right, mut wrong) = (Vec::new(), Vec::new());
    for (line, text) in lines {
        match labelled(line, text, sources, topics) {
            Ok(labelled) => right.push(labelled),
            Err(message) => wrong.push(Mistake { line, message }),
        }
    }
    if wrong.is_empty() { Ok(right) } else { Err(wrong) }
}

fn labelled(number: usize, text: &str, sources: &[Source], topics: &[TopicId]) -> Result<Labelled, String> {
    let line: Line = serde_json::from_str(text).map_err(|error| {
        format!("{error}; write {{\"id\": …, \"source\": …, \"lang\": …, \"title\": …, \"summary\": …, \"labels\": […]}}")
    })?;
    let labels = labels(&line.labels, topics)?;
    let language = Language::parse(&line.lang);
    let source = source_of(&line.source, language.as_ref(), sources);
    Ok(Labelled {
        labels,
        source,
        entry: entry(number, &line, language, source.and_then(|at| sources.get(at))),
        id: line.id,
    })
}

fn labels(written: &[String], topics: &[TopicId]) -> Result<Vec<TopicId>, String> {
    let known = topics.iter().map(TopicId::as_str);
    match written {
        [] => return Err(format!("no label: write a topic, or `{IRRELEVANT}`")),
        [only] if only == IRRELEVANT => return Ok(Vec::new()),
        _ => {}
    }
    let find = |label: &String| {
        topics.iter().find(|topic| topic.as_str() == label).cloned().ok_or_else(|| {
            let hint = nearest::hint(label, known.clone().chain([IRRELEVANT]));
            format!("`{label}` is no topic; {hint}")
        })
    };
    written.iter().map(find).collect()
}

/// By id; else by title, best in the same language: the same name stands for several feeds of one house.
fn source_of(name: &str, language: Option<&Language>, sources: &[Source]) -> Option<usize> {
    if let Some(at) = sources.iter().position(|source| source.id.as_str() == name) {
        return Some(at);
    }
    let name = fold(name);
    let titled = || sources.iter().enumerate().filter(|(_, source)| fold(&source.title) == name);
    let same = titled().find(|(_, source)| source.language.as_ref() == language);
    same.or_else(|| titled().next()).map(|(at, _)| at)
}

fn entry(number: usize, line: &Line, language: Option<Language>, source: Option<&Source>) -> Entry {
    let unnamed = || SourceId::parse(&line.source).or_else(|| SourceId::parse(UNNAMED));
    let published = line.date.map(|day| day.and_time(chrono::NaiveTime::MIN).and_utc());
    let at = published.unwrap_or(DateTime::<Utc>::UNIX_EPOCH);
    Entry {
        id: EntryId(i64::try_from(number).unwrap_or(i64::MAX)),
        source: source.map(|source| source.id.clone()).or_else(unnamed).expect("a fixed name"),
        title: line.title.clone(),
        link: None,
        summary: Some(Markup::plain(line.summary.clone())).filter(|summary| !summary.text.is_empty()),
        content: None,
        base: None,
        language: language.or_else(|| source?.language.clone()),
        authors: Vec::new(),
        categories: Vec::new(),
        published,
        date_origin: if published.is_some() { DateOrigin::Feed } else { DateOrigin::FirstSeen },
        first_seen: at,
        listed: at,
        changed: at,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Config;

    const FILE: &str = include_str!("../../feeds.toml");

    fn read_line(line: &str) -> Result<Labelled, String> {
        let config = Config::parse(FILE).expect("the shipped file");
        let topics: Vec<_> = config.topics.iter().map(|topic| topic.id.clone()).collect();
        let read = read(line, &config.sources, &topics).map_err(|mistakes| mistakes[0].to_string())?;
        Ok(read.into_iter().next().expect("one line"))
    }

    /// The id of the source that an entry of this source and language is taken for.
    #[track_caller]
    fn check_source(name: &str, language: &str, id: &str) {
        let line =
            format!(r#"{{"id":"1","source":"{name}","lang":"{language}","title":"T","labels":["origin"]}}"#);
        assert_eq!(read_line(&line).expect(&line).entry.source.as_str(), id, "{name}");
    }

    #[track_caller]
    fn check_wrong(line: &str, message: &str) {
        let found = read_line(line).expect_err(line);
        assert!(found.contains(message), "{found}");
    }

    #[test]
    fn a_line_is_an_entry_with_its_topics() {
        let line = r#"{"id":"a-1","source":"wco","lang":"en","title":"T","summary":"S","date":"2024-02-01","labels":["origin","events"]}"#;
        let read = read_line(line).expect(line);
        assert_eq!((read.id.as_str(), read.entry.title.as_str()), ("a-1", "T"));
        assert_eq!(read.labels.iter().map(TopicId::as_str).collect::<Vec<_>>(), ["origin", "events"]);
        assert_eq!(read.entry.first_seen.to_rfc3339(), "2024-02-01T00:00:00+00:00");
        assert!(read.source.is_some());
    }

    #[test]
    fn irrelevant_is_no_topic() {
        let read = read_line(r#"{"id":"1","title":"T","labels":["irrelevant"]}"#).expect("right");
        assert!(read.labels.is_empty() && read.source.is_none());
    }

    #[test]
    fn a_source_may_be_an_id_or_a_title_or_a_name_that_nobody_knows() {
        check_source("wco", "en", "wco");
        check_source("WCO", "en", "wco");
        check_source("OMC", "es", "wto-es");
        check_source("omc", "fr", "wto-fr");
        check_source("gazette", "en", "gazette");
        check_source("The Daily Gazette!", "en", "unknown");
    }

    #[test]
    fn a_line_that_cannot_be_used_is_named() {
        check_wrong("{", "line 1");
        check_wrong(r#"{"id":"1","title":"T","labels":[]}"#, "no label");
        check_wrong(r#"{"id":"1","title":"T","labels":["orign"]}"#, "did you mean `origin`?");
        check_wrong(r#"{"id":"1","title":"T","labels":["irrelevant","origin"]}"#, "`irrelevant` is no topic");
    }
}
