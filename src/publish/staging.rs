//! Pages on their way: whole and on the disk under names that nobody asks for, until all of them are there.

use std::fs::{self, Permissions};
use std::io::{self, ErrorKind, Write as _};
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};

use tempfile::TempPath;

use super::folder::Output;
use super::{PublishError, failed};
use crate::model::page::Page;

/// Begins the name of a file that is being written. One that a crash left behind is cleared away by the next run.
pub(super) const UNFINISHED: &str = ".tidewaiter-unfinished-";

/// Whoever serves the folder may read what is in it.
const MODE: u32 = 0o644;

/// A page that has all its bytes and not yet its name. Dropped without one, it is gone. It stands in the folder of its
/// name: so there is room for that as well.
struct Staged {
    file: TempPath,
    place: PathBuf,
    path: String,
}

/// The pages that differ from what stands in the folder.
#[derive(Default)]
pub(super) struct Staging {
    staged: Vec<Staged>,
    pub(super) unchanged: usize,
}

impl Staging {
    /// Writes a page beside its place, unless it stands there already byte for byte.
    pub(super) fn add(&mut self, page: &Page, output: &mut Output<'_>) -> Result<(), PublishError> {
        let place = output.place(&page.path)?;
        if holds(&place, &page.bytes) {
            self.unchanged += 1;
            return Ok(());
        }
        let file = write(&place, &page.bytes).map_err(failed("write", &place))?;
        self.staged.push(Staged { file, place, path: page.path.clone() });
        Ok(())
    }

    /// Gives all pages their names, and says which. One that cannot have it now (on a network share, while somebody reads
    /// the old file) is tried again after the others, which do not wait for it.
    pub(super) fn name_all(self, output: &mut Output<'_>) -> Result<Vec<String>, PublishError> {
        let mut named = Vec::with_capacity(self.staged.len());
        let mut again = Vec::new();
        for Staged { file, place, path } in self.staged {
            match file.persist(&place) {
                Ok(()) => named.push(path.clone()),
                Err(error) => again.push(Staged { file: error.path, place, path: path.clone() }),
            }
            output.has_changed(&path);
        }
        for Staged { file, place, path } in again {
            file.persist(&place).map_err(|error| failed("write", &place)(error.error))?;
            named.push(path);
        }
        Ok(named)
    }
}

/// Is there a file, and does it have these bytes? A link is no file: it is replaced, and never written through.
fn holds(path: &Path, bytes: &[u8]) -> bool {
    let length = fs::symlink_metadata(path).ok().filter(fs::Metadata::is_file).map(|found| found.len());
    length == u64::try_from(bytes.len()).ok() && fs::read(path).is_ok_and(|there| there == bytes)
}

/// A file with these bytes in the folder of `place`, closed: there may be more of them than a process may hold open.
fn write(place: &Path, bytes: &[u8]) -> io::Result<TempPath> {
    // Found out now, and not when others have their names.
    if place.is_dir() && !place.is_symlink() {
        return Err(ErrorKind::IsADirectory.into());
    }
    let folder = place.parent().expect("a page is in a folder");
    let mut file = tempfile::Builder::new().prefix(UNFINISHED).tempfile_in(folder)?;
    file.write_all(bytes)?;
    file.as_file().set_permissions(Permissions::from_mode(MODE))?;
    // After a power failure, a new name must not stand for a file that is still empty.
    file.as_file().sync_all()?;
    Ok(file.into_temp_path())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_that_cannot_have_its_name_keeps_no_other_from_its_own() {
        let folder = tempfile::tempdir().expect("a folder");
        let mut output = Output::open(folder.path()).expect("a folder");
        let mut staging = Staging::default();
        for path in ["a", "b"] {
            let page = Page { path: path.to_owned(), bytes: b"new".to_vec() };
            staging.add(&page, &mut output).expect("staged");
        }
        fs::create_dir(folder.path().join("a")).expect("in the way");
        let error = staging.name_all(&mut output).expect_err("a folder is in the way");
        assert!(error.to_string().ends_with("/a"), "{error}");
        assert_eq!(fs::read(folder.path().join("b")).expect("a file"), b"new");
    }
}
