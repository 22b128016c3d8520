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

/// Files take up whole blocks of their file system.
const BLOCK: u64 = 4096;

/// A page that has all its bytes and not yet its name. Dropped without one, it is gone. It stands in the folder of its
/// name: so there is room for that as well.
struct Staged {
    file: TempPath,
    place: PathBuf,
    path: String,
    needs: Room,
}

/// What a page takes up on the disk.
#[derive(Clone, Copy)]
struct Room {
    whole: u64,
    /// Beyond what the old file gives back.
    growth: u64,
}

/// The pages that differ from what stands in the folder.
#[derive(Default)]
pub(super) struct Staging {
    staged: Vec<Staged>,
    /// Paths of those that have their names, in that order.
    pub(super) named: Vec<String>,
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
        self.staged.push(Staged { file, place, path: page.path.clone(), needs: room(page, output) });
        Ok(())
    }

    /// There is no room for these pages beside those that are staged. Is there surely room for one after the other, when
    /// those that are staged take the places of the old ones? They show how much the disk holds. What does not surely fit is
    /// not begun: better all old than half of it new.
    pub(super) fn leaves_room_for(&self, rest: &[&Page], output: &Output<'_>) -> bool {
        if !self.named.is_empty() {
            return !self.staged.is_empty(); // begun, because it fits
        }
        let rest: Vec<Room> = rest.iter().map(|page| room(page, output)).collect();
        let there: u64 = self.staged.iter().map(|staged| staged.needs.whole).sum();
        let growth: u64 = self
            .staged
            .iter()
            .map(|staged| staged.needs)
            .chain(rest.iter().copied())
            .map(|room| room.growth)
            .sum();
        let largest = rest.iter().map(|room| room.whole).max().unwrap_or_default();
        there >= growth + largest
    }

    /// Gives all pages their names. One that cannot have it now (on a network share, while somebody reads
    /// the old file) is tried again after the others, which do not wait for it.
    pub(super) fn name_all(&mut self, output: &mut Output<'_>) -> Result<(), PublishError> {
        let mut again = Vec::new();
        for Staged { file, place, path, needs } in std::mem::take(&mut self.staged) {
            output.has_changed(&path);
            match file.persist(&place) {
                Ok(()) => self.named.push(path),
                Err(error) => again.push(Staged { file: error.path, place, path, needs }),
            }
        }
        for Staged { file, place, path, .. } in again {
            file.persist(&place).map_err(|error| failed("write", &place)(error.error))?;
            self.named.push(path);
        }
        Ok(())
    }
}

fn room(page: &Page, output: &Output<'_>) -> Room {
    let blocks = |bytes: u64| bytes.div_ceil(BLOCK) * BLOCK;
    let whole = blocks(u64::try_from(page.bytes.len()).unwrap_or(u64::MAX / 2));
    Room { whole, growth: whole.saturating_sub(blocks(output.length(&page.path))) }
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

    /// Old pages of 10,000 bytes, of which two are staged anew with so many, and then no more fits: may one go on with the
    /// third?
    fn check_room(staged: usize, third: usize, expected: bool) {
        let folder = tempfile::tempdir().expect("a folder");
        let mut output = Output::open(folder.path()).expect("a folder");
        let page = |path: &str, bytes: usize| Page { path: path.to_owned(), bytes: vec![b'x'; bytes] };
        for path in ["a", "b", "c"] {
            fs::write(folder.path().join(path), vec![b'o'; 10_000]).expect("written");
        }
        let mut staging = Staging::default();
        for path in ["a", "b"] {
            staging.add(&page(path, staged), &mut output).expect("staged");
        }
        assert_eq!(staging.leaves_room_for(&[&page("c", third)], &output), expected, "{staged} {third}");
    }

    #[test]
    fn pages_that_replace_their_like_fit_one_after_the_other() {
        check_room(10_000, 10_000, true);
        check_room(11_000, 12_000, true);
    }

    #[test]
    fn what_might_not_fit_is_not_begun() {
        check_room(10_000, 30_000, false);
        check_room(40_000, 40_000, false);
    }
}
