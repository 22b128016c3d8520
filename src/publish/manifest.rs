//! What we read of the manifest that lies in the folder. Whoever may write there may have written it.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use serde::Deserialize;
use xxhash_rust::xxh3::xxh3_64;

use super::path::is_path;
use super::{MANIFEST, Standing};
use crate::model::page::Page;

#[derive(Deserialize)]
struct Manifest {
    pages: Vec<Listed>,
}

#[derive(Deserialize)]
struct Listed {
    path: String,
    bytes: u64,
}

impl Listed {
    fn is_there(&self, output: &Path) -> bool {
        is_path(&self.path)
            && fs::symlink_metadata(output.join(&self.path))
                .is_ok_and(|file| file.is_file() && file.len() == self.bytes)
    }
}

pub(super) fn standing(output: &Path) -> Option<Standing> {
    let bytes = fs::read(output.join(MANIFEST)).ok()?;
    let manifest: Manifest = serde_json::from_slice(&bytes).ok()?;
    let pages = manifest.pages.len() + 1;
    let is_whole = manifest.pages.iter().all(|page| page.is_there(output));
    is_whole.then(|| Standing { print: xxh3_64(&bytes), pages })
}

/// What the manifest in the folder lists and these pages are not. One that cannot be read lists nothing, and what it
/// lists is believed only as far as it can be a page.
pub(super) fn stale(output: &Path, pages: &[Page]) -> Vec<String> {
    let current: BTreeSet<&str> = pages.iter().map(|page| page.path.as_str()).collect();
    let manifest = fs::read(output.join(MANIFEST)).ok();
    let manifest: Option<Manifest> = manifest.and_then(|bytes| serde_json::from_slice(&bytes).ok());
    let listed = manifest.into_iter().flat_map(|manifest| manifest.pages).map(|page| page.path);
    listed.filter(|path| is_path(path) && path != MANIFEST && !current.contains(path.as_str())).collect()
}
