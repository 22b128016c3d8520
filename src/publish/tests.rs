//! The folder after each publication, whatever was in it before.

use std::collections::BTreeMap;
use std::fs;
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
        for entry in fs::read_dir(folder).expect("a folder").map(|entry| entry.expect("an entry").path()) {
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
    assert!(error.to_string().starts_with("cannot write") && error.to_string().ends_with("/a"), "{error}");
}

#[test]
fn what_a_killed_run_left_behind_is_cleared_away() {
    let folder = folder();
    publish(&pages(&[("feeds/a", "1"), ("last/b", "1")]), folder.path()).expect("published");
    for left in [
        folder.path().join(".tidewaiter-unfinished-x"),
        folder.path().join("feeds/.tidewaiter-unfinished-y"),
        folder.path().join("last/.tidewaiter-unfinished-z"),
    ] {
        fs::write(left, "hal").expect("written");
    }
    let done = publish(&pages(&[("feeds/a", "1")]), folder.path()).expect("published");
    assert_eq!((done.unchanged, done.removed), (1, texts(&["last/b"])));
    assert_eq!(files(folder.path()).len(), 1);
}

#[test]
fn where_one_page_cannot_be_written_all_stay_as_they_were() {
    let folder = folder();
    let old = [("a", "1"), ("b/c", "1"), ("z", "1")];
    publish(&pages(&old), folder.path()).expect("published");
    let standing = standing(folder.path());
    fs::write(folder.path().join("y"), "in the way").expect("written");
    publish(&pages(&[("a", "2"), ("b/c", "2"), ("y/z", "2")]), folder.path()).expect_err("no folder");
    let old = old.iter().chain(&[("y", "in the way")]);
    assert_eq!(
        files(folder.path()),
        old.map(|(path, text)| ((*path).to_owned(), (*text).to_owned())).collect()
    );
    assert_eq!(super::standing(folder.path()), standing);
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
