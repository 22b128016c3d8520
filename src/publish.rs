//! Pages become files: each replaced whole or left alone, the manifest last.

use std::collections::BTreeSet;
use std::fs::{self, File, Permissions};
use std::io::{self, ErrorKind, Write};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};
use xxhash_rust::xxh3::xxh3_64;

use crate::model::page::Page;

/// Says which files are ours. It is written when all others are there.
const MANIFEST: &str = "manifest.json";

/// Begins the name of a file that is being written. One that a crash left behind is cleared away by the next run.
const UNFINISHED: &str = ".tidewaiter-unfinished-";

/// Whoever serves the folder may read what is in it.
const MODE: u32 = 0o644;

/// What was done.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
pub struct Published {
    /// Paths of the pages that are new or different, in the order of writing.
    pub written: Vec<String>,
    /// How many were there already, byte for byte; their files were not touched.
    pub unchanged: usize,
    /// Paths that were published before and are no more.
    pub removed: Vec<String>,
}

/// Some pages may be new and others old then, but each is whole; the next run mends it.
#[derive(Debug, thiserror::Error)]
pub enum PublishError {
    #[error("`{0}` is no path of a page")]
    Path(String),
    #[error("cannot publish into {}, which is a link out of the output folder: put a folder in its place", .0.display())]
    Link(PathBuf),
    #[error("cannot {deed} {}", path.display())]
    Io { deed: &'static str, path: PathBuf, source: io::Error },
}

/// What we read of a manifest.
#[derive(Deserialize)]
struct Manifest {
    pages: Vec<Listed>,
}

#[derive(Deserialize)]
struct Listed {
    path: String,
    bytes: u64,
}

/// A publication that is all there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Standing {
    /// Of the manifest, which holds a hash of every other page.
    pub print: u64,
    /// How many files it has.
    pub pages: usize,
}

/// The output folder while it is being changed.
struct Output<'a> {
    root: &'a Path,
    /// Folders in which a name changed since they were last made sure of.
    changed: BTreeSet<PathBuf>,
    done: Published,
}

/// Was anything of ours ever published here?
pub fn is_published(output: &Path) -> bool {
    output.join(MANIFEST).exists()
}

/// The publication in this folder, if every page is there as long as the manifest says, and no other is half written.
pub fn standing(output: &Path) -> Option<Standing> {
    let bytes = fs::read(output.join(MANIFEST)).ok()?;
    let manifest: Manifest = serde_json::from_slice(&bytes).ok()?;
    let is_there = |page: &Listed| {
        is_path(&page.path)
            && fs::symlink_metadata(output.join(&page.path))
                .is_ok_and(|file| file.is_file() && file.len() == page.bytes)
    };
    let pages = manifest.pages.len() + 1;
    manifest.pages.iter().all(is_there).then(|| Standing { print: xxh3_64(&bytes), pages })
}

/// Brings the folder to hold these pages, and removes those that were published before and are not among them. Touches
/// nothing else, and no file that is as it should be.
pub fn publish(pages: &[Page], output: &Path) -> Result<Published, PublishError> {
    if let Some(page) = pages.iter().find(|page| !is_path(&page.path)) {
        return Err(PublishError::Path(page.path.clone()));
    }
    let (manifest, mut others): (Vec<_>, Vec<_>) = pages.iter().partition(|page| page.path == MANIFEST);
    // What links comes after what it links to.
    others.sort_by_key(|page| Path::new(&page.path).extension().is_some_and(|extension| extension == "html"));

    let mut output = Output::open(output)?;
    let stale = output.stale(pages);
    output.clear_unfinished(pages)?;
    for page in others {
        output.write(page)?;
    }
    // Before the manifest forgets them: after a crash in between, the next run still knows what to remove.
    for path in stale {
        output.remove(path)?;
    }
    output.make_sure()?;
    for page in manifest {
        output.write(page)?;
    }
    output.make_sure()?;
    Ok(output.done)
}

impl<'a> Output<'a> {
    fn open(root: &'a Path) -> Result<Self, PublishError> {
        fs::create_dir_all(root).map_err(failed("make the folder", root))?;
        Ok(Self { root, changed: BTreeSet::new(), done: Published::default() })
    }

    /// What the manifest in the folder lists and these pages are not. One that cannot be read lists nothing, and what it
    /// lists is believed only as far as it can be a page.
    fn stale(&self, pages: &[Page]) -> Vec<String> {
        let current: BTreeSet<&str> = pages.iter().map(|page| page.path.as_str()).collect();
        let manifest = fs::read(self.root.join(MANIFEST)).ok();
        let manifest: Option<Manifest> = manifest.and_then(|bytes| serde_json::from_slice(&bytes).ok());
        let listed = manifest.into_iter().flat_map(|manifest| manifest.pages).map(|page| page.path);
        listed.filter(|path| is_path(path) && path != MANIFEST && !current.contains(path.as_str())).collect()
    }

    /// Removes what runs that were killed left behind, in the folders that we write to.
    fn clear_unfinished(&self, pages: &[Page]) -> Result<(), PublishError> {
        let folders: BTreeSet<&str> = pages.iter().map(|page| parent(&page.path)).collect();
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

    fn write(&mut self, page: &Page) -> Result<(), PublishError> {
        let path = self.root.join(&page.path);
        let folder = self.make_folder(parent(&page.path))?;
        if holds(&path, &page.bytes) {
            self.done.unchanged += 1;
            return Ok(());
        }
        replace(&folder, &path, &page.bytes).map_err(failed("write", &path))?;
        self.changed.insert(folder);
        self.done.written.push(page.path.clone());
        Ok(())
    }

    fn remove(&mut self, path: String) -> Result<(), PublishError> {
        if !self.is_ours(parent(&path)) {
            return Ok(());
        }
        let file = self.root.join(&path);
        match fs::remove_file(&file) {
            Ok(()) => {
                self.changed.insert(self.root.join(parent(&path)));
                self.done.removed.push(path);
                Ok(())
            }
            // A run that was killed came so far.
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(()),
            Err(error) => Err(failed("remove", &file)(error)),
        }
    }

    /// A folder below the root, made if it is not there.
    fn make_folder(&mut self, folder: &str) -> Result<PathBuf, PublishError> {
        let mut above = self.root.to_path_buf();
        for part in folder.split('/').filter(|part| !part.is_empty()) {
            let path = above.join(part);
            match kind(&path) {
                Kind::Folder => {}
                Kind::Link => return Err(PublishError::Link(path)),
                Kind::Other => {
                    fs::create_dir(&path).map_err(failed("make the folder", &path))?;
                    self.changed.insert(above);
                }
            }
            above = path;
        }
        Ok(above)
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

    /// Names that changed are on the disk after this, and not only in memory.
    fn make_sure(&mut self) -> Result<(), PublishError> {
        for folder in std::mem::take(&mut self.changed) {
            File::open(&folder)
                .and_then(|open| open.sync_all())
                .map_err(failed("write the folder", &folder))?;
        }
        Ok(())
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

/// Is there a file, and does it have these bytes? A link is no file: it is replaced, and never written through.
fn holds(path: &Path, bytes: &[u8]) -> bool {
    let length = fs::symlink_metadata(path).ok().filter(fs::Metadata::is_file).map(|found| found.len());
    length == u64::try_from(bytes.len()).ok() && fs::read(path).is_ok_and(|there| there == bytes)
}

/// A reader sees the old file or the new one: renaming replaces in one step.
fn replace(folder: &Path, path: &Path, bytes: &[u8]) -> io::Result<()> {
    let mut file = tempfile::Builder::new().prefix(UNFINISHED).tempfile_in(folder)?;
    file.write_all(bytes)?;
    file.as_file().set_permissions(Permissions::from_mode(MODE))?;
    // After a power failure, a new name must not stand for a file that is still empty.
    file.as_file().sync_all()?;
    file.persist(path)?;
    Ok(())
}

/// `feeds` of `feeds/all.atom`; nothing for a page at the top.
fn parent(path: &str) -> &str {
    path.rsplit_once('/').map_or("", |(parent, _)| parent)
}

/// Parts of `[a-z0-9._-]` joined by `/`, none of them a way up: such a path cannot leave the folder.
pub(crate) fn is_path(path: &str) -> bool {
    path.split('/').all(|part| {
        let is_plain =
            part.bytes().all(|byte| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'.' | b'_' | b'-'));
        is_plain && !part.is_empty() && part != "." && part != ".." && !part.starts_with(UNFINISHED)
    })
}

fn failed(deed: &'static str, path: &Path) -> impl FnOnce(io::Error) -> PublishError {
    move |source| PublishError::Io { deed, path: path.to_path_buf(), source }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;
    use std::os::unix::fs::{MetadataExt, symlink};

    use proptest::prelude::*;
    use tempfile::TempDir;

    use super::*;

    /// The pages, and a manifest of them.
    fn pages(pages: &[(&str, &str)]) -> Vec<Page> {
        let listed: Vec<_> =
            pages.iter().map(|(path, _)| serde_json::json!({ "path": path, "bytes": 1 })).collect();
        let manifest = serde_json::json!({ "pages": listed }).to_string();
        let all = pages.iter().map(|(path, text)| (*path, (*text).to_owned())).chain([(MANIFEST, manifest)]);
        all.map(|(path, text)| Page { path: path.to_owned(), bytes: text.into_bytes() }).collect()
    }

    fn folder() -> TempDir {
        tempfile::tempdir().expect("a folder")
    }

    /// Every file below the folder but the manifest, with its text.
    fn files(root: &Path) -> BTreeMap<String, String> {
        let mut found = BTreeMap::new();
        let mut folders = vec![root.to_path_buf()];
        while let Some(folder) = folders.pop() {
            for entry in fs::read_dir(folder).expect("a folder").map(|entry| entry.expect("an entry").path())
            {
                if entry.is_dir() {
                    folders.push(entry);
                } else {
                    let name = entry.strip_prefix(root).expect("below").to_str().expect("text").to_owned();
                    found.insert(name, fs::read_to_string(&entry).expect("a file"));
                }
            }
        }
        found.remove(MANIFEST);
        found
    }

    fn check(
        before: &[(&str, &str)],
        after: &[(&str, &str)],
        written: &[&str],
        unchanged: usize,
        removed: &[&str],
    ) {
        let folder = folder();
        publish(&pages(before), folder.path()).expect("published");
        let done = publish(&pages(after), folder.path()).expect("published");
        assert_eq!((done.written, done.unchanged, done.removed), (texts(written), unchanged, texts(removed)));
        let expected = after.iter().map(|(path, text)| ((*path).to_owned(), (*text).to_owned())).collect();
        assert_eq!(files(folder.path()), expected);
    }

    fn texts(texts: &[&str]) -> Vec<String> {
        texts.iter().map(|text| (*text).to_owned()).collect()
    }

    #[test]
    fn pages_are_written_those_that_link_later_and_the_manifest_last() {
        let (all, index) = (("feeds/all.atom", "a"), ("index.html", "i"));
        check(&[], &[index, all], &["feeds/all.atom", "index.html", "manifest.json"], 0, &[]);
    }

    #[test]
    fn what_did_not_change_is_left_alone() {
        check(&[("a", "1"), ("b", "1")], &[("a", "1"), ("b", "1")], &[], 3, &[]);
        check(&[("a", "1"), ("b", "1")], &[("a", "1"), ("b", "2")], &["b"], 2, &[]);
    }

    #[test]
    fn what_is_no_page_any_more_is_removed() {
        check(&[("a", "1"), ("x/b", "1")], &[("a", "1")], &["manifest.json"], 1, &["x/b"]);
    }

    #[test]
    fn an_unchanged_file_keeps_its_time_and_its_inode() {
        let folder = folder();
        let stamp = || {
            let found = fs::metadata(folder.path().join("a")).expect("a file");
            (found.ino(), found.mtime_nsec(), found.mtime())
        };
        publish(&pages(&[("a", "1")]), folder.path()).expect("published");
        let before = stamp();
        publish(&pages(&[("a", "1"), ("b", "2")]), folder.path()).expect("published");
        assert_eq!(stamp(), before);
        publish(&pages(&[("a", "2")]), folder.path()).expect("published");
        assert_ne!(stamp(), before);
    }

    #[test]
    fn others_may_read_the_files() {
        let folder = folder();
        publish(&pages(&[("feeds/a", "1")]), folder.path()).expect("published");
        let mode = fs::metadata(folder.path().join("feeds/a")).expect("a file").mode();
        assert_eq!(mode & 0o777, 0o644);
    }

    #[test]
    fn a_file_that_is_not_ours_stays() {
        let folder = folder();
        publish(&pages(&[("a", "1"), ("feeds/b", "1")]), folder.path()).expect("published");
        fs::write(folder.path().join("feeds/robots.txt"), "mine").expect("written");
        publish(&pages(&[("a", "1")]), folder.path()).expect("published");
        let left = files(folder.path());
        assert_eq!(left.keys().collect::<Vec<_>>(), ["a", "feeds/robots.txt"]);
    }

    #[test]
    fn a_path_that_leaves_the_folder_is_refused_before_anything_is_written() {
        for path in ["../a", "/a", "a/../b", "a//b", "", ".", "a/", "A", "a\\b", "ä", "a\0", "a b"] {
            let folder = folder();
            let error = publish(&pages(&[("good", "1"), (path, "1")]), folder.path()).expect_err("refused");
            assert!(matches!(error, PublishError::Path(refused) if refused == path));
            assert!(files(folder.path()).is_empty());
        }
    }

    #[test]
    fn a_manifest_cannot_make_us_remove_anything_else() {
        let above = folder();
        let folder = above.path().join("output");
        let outside = above.path().join("precious");
        fs::create_dir_all(folder.join("deep")).expect("made");
        fs::write(&outside, "precious").expect("written");
        symlink(above.path(), folder.join("link")).expect("linked");
        let listed =
            ["../precious", outside.to_str().expect("text"), "link/precious", "deep/../../precious", "."];
        let listed: Vec<_> = listed.iter().map(|path| serde_json::json!({ "path": path })).collect();
        for manifest in [serde_json::json!({ "pages": listed }), "nonsense".into(), 7.into()] {
            fs::write(folder.join(MANIFEST), manifest.to_string()).expect("written");
            publish(&pages(&[("a", "1")]), &folder).expect("published");
            assert!(outside.exists());
        }
    }

    #[test]
    fn a_link_is_replaced_and_not_written_through() {
        let (folder, outside) = (folder(), tempfile::NamedTempFile::new().expect("a file"));
        symlink(outside.path(), folder.path().join("a")).expect("linked");
        publish(&pages(&[("a", "1")]), folder.path()).expect("published");
        assert_eq!(fs::read(outside.path()).expect("a file"), b"");
        assert!(fs::symlink_metadata(folder.path().join("a")).expect("a file").is_file());
    }

    #[test]
    fn a_folder_that_is_a_link_is_refused_by_name() {
        let (folder, outside) = (folder(), self::folder());
        symlink(outside.path(), folder.path().join("feeds")).expect("linked");
        let error = publish(&pages(&[("feeds/a", "1")]), folder.path()).expect_err("refused");
        assert!(error.to_string().contains("feeds, which is a link"), "{error}");
        assert!(files(outside.path()).is_empty());
    }

    #[test]
    fn what_cannot_be_written_is_named() {
        let folder = folder();
        fs::write(folder.path().join("feeds"), "in the way").expect("written");
        let error = publish(&pages(&[("feeds/a", "1")]), folder.path()).expect_err("no folder");
        assert!(error.to_string().ends_with("feeds"), "{error}");
        fs::create_dir(folder.path().join("a")).expect("made");
        let error = publish(&pages(&[("a", "1")]), folder.path()).expect_err("no file");
        assert!(
            error.to_string().starts_with("cannot write") && error.to_string().ends_with("/a"),
            "{error}"
        );
    }

    #[test]
    fn what_a_killed_run_left_behind_is_cleared_away() {
        let folder = folder();
        publish(&pages(&[("feeds/a", "1")]), folder.path()).expect("published");
        for left in [
            folder.path().join(".tidewaiter-unfinished-x"),
            folder.path().join("feeds/.tidewaiter-unfinished-y"),
        ] {
            fs::write(left, "hal").expect("written");
        }
        let done = publish(&pages(&[("feeds/a", "1")]), folder.path()).expect("published");
        assert_eq!(done.unchanged, 2);
        assert_eq!(files(folder.path()).len(), 1);
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(32))]
        #[test]
        fn the_folder_holds_the_last_pages_whatever_was_published_before(
            editions in prop::collection::vec(prop::collection::btree_map("[ab]/[a-c]|[c-e]", "[xy]{0,3}", 0..6), 1..5)
        ) {
            let folder = folder();
            for edition in &editions {
                let edition: Vec<_> = edition.iter().map(|(path, text)| (path.as_str(), text.as_str())).collect();
                publish(&pages(&edition), folder.path()).expect("published");
            }
            prop_assert_eq!(Some(&files(folder.path())), editions.last());
            let last: Vec<_> = editions.last().into_iter().flatten().map(|(path, text)| (path.as_str(), text.as_str())).collect();
            prop_assert_eq!(publish(&pages(&last), folder.path()).expect("published").written, Vec::<String>::new());
        }
    }
}
