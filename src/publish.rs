//! Pages become files: all are written before the first has its name, the manifest is last.

mod folder;
mod manifest;
pub(crate) mod path;
mod staging;
#[cfg(test)]
mod tests;

use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};

use serde::Serialize;

use crate::model::page::Page;
use folder::Output;
use path::is_path;
use staging::Staging;

/// Says which files are ours. It has its name when all others have theirs.
const MANIFEST: &str = "manifest.json";

/// What was done.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
pub struct Published {
    /// Paths of the pages that are new or different, in the order in which they got their names.
    pub written: Vec<String>,
    /// How many were there already, byte for byte; their files were not touched.
    pub unchanged: usize,
    /// Paths that were published before and are no more.
    pub removed: Vec<String>,
}

/// Each page is whole then, and if one could not be written, all are the old ones; the next run mends it.
#[derive(Debug, thiserror::Error)]
pub enum PublishError {
    #[error("`{0}` is no path of a page")]
    Path(String),
    #[error("cannot publish into {}, which is a link out of the output folder: put a folder in its place", .0.display())]
    Link(PathBuf),
    #[error("cannot {deed} {}", path.display())]
    Io { deed: &'static str, path: PathBuf, source: io::Error },
}

impl PublishError {
    fn is_full(&self) -> bool {
        matches!(self, Self::Io { source, .. }
            if matches!(source.kind(), ErrorKind::StorageFull | ErrorKind::QuotaExceeded))
    }
}

/// A publication that is all there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Standing {
    /// Of the manifest, which holds a hash of every other page.
    pub print: u64,
    /// How many files it has.
    pub pages: usize,
}

/// Was anything of ours ever published here?
pub fn is_published(output: &Path) -> bool {
    output.join(MANIFEST).exists()
}

/// The publication in this folder, if every page is there as long as the manifest says, and no other is half written.
pub fn standing(output: &Path) -> Option<Standing> {
    manifest::standing(output)
}

/// Brings the folder to hold these pages, and removes those that were published before and are not among them. Touches
/// nothing else, and no file that is as it should be. A full disk is found out while everything old is in its place: what
/// remains then is to rename, for which a file system needs no room.
pub fn publish(pages: &[Page], output: &Path) -> Result<Published, PublishError> {
    if let Some(page) = pages.iter().find(|page| !is_path(&page.path)) {
        return Err(PublishError::Path(page.path.clone()));
    }
    let stale = manifest::stale(output, pages);
    let mut output = Output::open(output)?;
    let current = pages.iter().map(|page| page.path.as_str());
    output.clear_unfinished(current.chain(stale.iter().map(String::as_str)))?;
    let (manifest, others): (Vec<_>, Vec<_>) = pages.iter().partition(|page| page.path == MANIFEST);
    // First, so that there is room for it at the end.
    let mut manifest = stage(&manifest, &mut output)?;
    let mut others = stage(&in_order(others), &mut output)?;

    let unchanged = others.unchanged + manifest.unchanged;
    others.name_all(&mut output)?;
    // Before the manifest forgets them: after a crash in between, the next run still knows what to remove.
    let removed = remove(stale, &mut output)?;
    output.make_sure()?;
    manifest.name_all(&mut output)?;
    output.make_sure()?;
    let written = others.named.into_iter().chain(manifest.named).collect();
    Ok(Published { written, unchanged, removed })
}

/// What links comes after what it links to.
fn in_order(mut pages: Vec<&Page>) -> Vec<&Page> {
    pages.sort_by_key(|page| Path::new(&page.path).extension().is_some_and(|extension| extension == "html"));
    pages
}

/// Writes pages beside their places. On a disk that cannot hold the old and the new ones together, but surely one after the
/// other, those that are written take their places, which makes room.
fn stage(pages: &[&Page], output: &mut Output<'_>) -> Result<Staging, PublishError> {
    let mut staging = Staging::default();
    for (at, page) in pages.iter().enumerate() {
        let rest = pages.get(at..).unwrap_or_default();
        match staging.add(page, output) {
            Err(error) if error.is_full() && staging.leaves_room_for(rest, output) => {
                staging.name_all(output)?;
                staging.add(page, output)?;
            }
            added => added?,
        }
    }
    Ok(staging)
}

fn remove(paths: Vec<String>, output: &mut Output<'_>) -> Result<Vec<String>, PublishError> {
    let mut removed = Vec::new();
    for path in paths {
        if output.remove(&path)? {
            removed.push(path);
        }
    }
    Ok(removed)
}

fn failed(deed: &'static str, path: &Path) -> impl FnOnce(io::Error) -> PublishError {
    move |source| PublishError::Io { deed, path: path.to_path_buf(), source }
}
