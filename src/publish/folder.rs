//! The output folder: made where it is missing, never left by a link, and on the disk when we say so.

use std::collections::BTreeSet;
use std::fs::{self, File};
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use super::path::parent;
use super::staging::UNFINISHED;
use super::{PublishError, failed};

/// The output folder while it is being changed.
pub(super) struct Output<'a> {
    root: &'a Path,
    /// Folders in which a name changed since they were last made sure of.
    changed: BTreeSet<PathBuf>,
}

impl<'a> Output<'a> {
    pub(super) fn open(root: &'a Path) -> Result<Self, PublishError> {
        fs::create_dir_all(root).map_err(failed("make the folder", root))?;
        Ok(Self { root, changed: BTreeSet::new() })
    }

    /// Removes what runs that were killed left behind, in the folders of these paths.
    pub(super) fn clear_unfinished<'p>(
        &self,
        paths: impl Iterator<Item = &'p str>,
    ) -> Result<(), PublishError> {
        let folders: BTreeSet<&str> = paths.map(parent).collect();
        for folder in folders.into_iter().filter(|folder| self.is_ours(folder)) {
            let folder = self.root.join(folder);
            let entries = fs::read_dir(&folder).map_err(failed("read the folder", &folder))?;
            let names = entries.filter_map(|entry| Some(entry.ok()?.file_name()));
            for name in names.filter(|name| name.as_encoded_bytes().starts_with(UNFINISHED.as_bytes())) {
                let path = folder.join(name);
                fs::remove_file(&path).map_err(failed("remove", &path))?;
            }
        }
        Ok(())
    }

    /// Where a page stands, its folder made if it is not there.
    pub(super) fn place(&mut self, path: &str) -> Result<PathBuf, PublishError> {
        let mut above = self.root.to_path_buf();
        for part in parent(path).split('/').filter(|part| !part.is_empty()) {
            let folder = above.join(part);
            match kind(&folder) {
                Kind::Folder => {}
                Kind::Link => return Err(PublishError::Link(folder)),
                Kind::Other => {
                    fs::create_dir(&folder).map_err(failed("make the folder", &folder))?;
                    self.changed.insert(above);
                }
            }
            above = folder;
        }
        Ok(self.root.join(path))
    }

    /// How long the file of a page is; nothing if there is none.
    pub(super) fn length(&self, path: &str) -> u64 {
        fs::symlink_metadata(self.root.join(path)).map_or(0, |found| found.len())
    }

    /// A name changed in the folder of this page.
    pub(super) fn has_changed(&mut self, path: &str) {
        self.changed.insert(self.root.join(parent(path)));
    }

    /// Removes a page; `false` if there is none.
    pub(super) fn remove(&mut self, path: &str) -> Result<bool, PublishError> {
        if !self.is_ours(parent(path)) {
            return Ok(false);
        }
        let file = self.root.join(path);
        match fs::remove_file(&file) {
            Ok(()) => {
                self.has_changed(path);
                Ok(true)
            }
            // A run that was killed came so far.
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(false),
            Err(error) => Err(failed("remove", &file)(error)),
        }
    }

    /// Names that changed are on the disk after this, and not only in memory.
    pub(super) fn make_sure(&mut self) -> Result<(), PublishError> {
        for folder in std::mem::take(&mut self.changed) {
            File::open(&folder)
                .and_then(|open| open.sync_all())
                .map_err(failed("write the folder", &folder))?;
        }
        Ok(())
    }

    /// Is it a folder below the root, without a link on the way?
    fn is_ours(&self, folder: &str) -> bool {
        let parts = folder.split('/').filter(|part| !part.is_empty());
        let paths = parts.scan(self.root.to_path_buf(), |above, part| {
            above.push(part);
            Some(above.clone())
        });
        paths.map(|path| kind(&path)).all(|kind| matches!(kind, Kind::Folder))
    }
}

/// What stands at a path, as far as it matters for going through it.
enum Kind {
    Folder,
    Link,
    /// Nothing, or something that is no way to anywhere.
    Other,
}

fn kind(path: &Path) -> Kind {
    match fs::symlink_metadata(path) {
        Ok(found) if found.is_dir() => Kind::Folder,
        Ok(found) if found.is_symlink() => Kind::Link,
        Ok(_) | Err(_) => Kind::Other,
    }
}
