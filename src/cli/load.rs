//! feeds.toml and announcements/, read from disk; what is wrong with them is said.

use anyhow::Context as _;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use super::{Told, say};
use crate::config::Config;
use crate::config::report::{self, Finding};
use crate::desk::{self, Desk};
use crate::model::announcement::Announcement;
use crate::model::nearest::nearest;
use crate::model::source::Source;
use crate::model::topic::TopicId;

/// The configuration, or every mistake in it on standard error.
pub(super) fn config(path: &Path) -> anyhow::Result<Config> {
    parse(path, &text(path)?)
}

/// The text of the configuration.
pub(super) fn text(path: &Path) -> anyhow::Result<String> {
    std::fs::read_to_string(path).with_context(|| {
        format!(
            "{}: cannot be read; run in the folder that holds it, or name it with --config",
            path.display()
        )
    })
}

/// The configuration in a text, or every mistake in it on standard error.
pub(super) fn parse(path: &Path, text: &str) -> anyhow::Result<Config> {
    let name = path.display().to_string();
    Config::parse(text).map_err(|problems| {
        say::note(report::render_problems(&name, text, &problems, say::to_a_person()).trim_end());
        anyhow::Error::new(Told)
    })
}

/// The source that a person names, with its place.
pub(super) fn named<'c>(config: &'c Config, name: &str) -> anyhow::Result<(usize, &'c Source)> {
    let mut sources = config.sources.iter().enumerate();
    if let Some(found) = sources.find(|(_, source)| source.id.as_str() == name) {
        return Ok(found);
    }
    match nearest(name, config.sources.iter().map(|source| source.id.as_str())) {
        Some(nearest) => anyhow::bail!("no source `{name}` in feeds.toml; did you mean `{nearest}`?"),
        None => anyhow::bail!("no source `{name}` in feeds.toml"),
    }
}

/// Announcements that are right, and how many files are not: these are named on standard error.
#[derive(Debug, Default)]
pub(super) struct Announcements {
    pub(super) right: Vec<Announcement>,
    pub(super) wrong: usize,
}

/// Reads the folder `announcements` beside the configuration; none is as good as an empty one.
pub(super) fn announcements(config_path: &Path, config: &Config) -> anyhow::Result<Announcements> {
    let folder = folder(config_path);
    let topics: Vec<TopicId> = config.topics.iter().map(|topic| topic.id.clone()).collect();
    let desk = Desk { topics: &topics, language: &config.site.language, time_zone: config.site.time_zone };
    let mut read = Announcements::default();
    for path in files(&folder)? {
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let Some(id) = desk::id_of(&name) else { continue };
        match announcement(&path, id, desk) {
            Ok(announcement) => read.right.push(announcement),
            Err(said) => {
                read.wrong += 1;
                say::note(said.trim_end());
            }
        }
    }
    Ok(read)
}

/// Changes when an announcement comes, changes or goes.
pub(super) fn stamp(config_path: &Path) -> Vec<(PathBuf, Option<SystemTime>)> {
    let files = files(&folder(config_path)).unwrap_or_default();
    files
        .into_iter()
        .map(|path| {
            let changed = std::fs::metadata(&path).and_then(|file| file.modified()).ok();
            (path, changed)
        })
        .collect()
}

fn folder(config_path: &Path) -> PathBuf {
    config_path.parent().unwrap_or(Path::new("")).join("announcements")
}

/// One file's announcement, or its mistakes in words.
fn announcement(
    path: &Path,
    id: Result<String, desk::Problem>,
    desk: Desk<'_>,
) -> Result<Announcement, String> {
    let name = path.display().to_string();
    let text = std::fs::read_to_string(path).map_err(|error| match error.kind() {
        ErrorKind::InvalidData => format!("error: {name}: the text is not in UTF-8: save it again as UTF-8"),
        _ => format!("error: {name}: cannot be read: {error}"),
    })?;
    let parsed = id.map_err(|problem| vec![problem]).and_then(|id| desk::parse(&id, &text, desk));
    parsed.map_err(|problems| {
        let findings: Vec<Finding<'_>> = problems
            .iter()
            .map(|problem| Finding {
                at: report::place(&text, problem.line, problem.column),
                message: &problem.message,
                hint: &problem.hint,
            })
            .collect();
        report::render(&name, &text, &findings, say::to_a_person())
    })
}

/// The files of a folder, by name.
fn files(folder: &Path) -> anyhow::Result<Vec<PathBuf>> {
    let cannot = || format!("{}: cannot be read", folder.display());
    let entries = match std::fs::read_dir(folder) {
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(Vec::new()),
        entries => entries.with_context(cannot)?,
    };
    let mut files = entries
        .map(|entry| entry.map(|entry| entry.path()))
        .collect::<Result<Vec<_>, _>>()
        .with_context(cannot)?;
    files.sort();
    Ok(files)
}
