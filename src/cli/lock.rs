//! One run at a time: whoever comes second says so and leaves.

use anyhow::Context as _;
use std::fs::{File, TryLockError};
use std::path::{Path, PathBuf};

use crate::store::Store;

/// Held as long as it lives; the system lets go of it when the process ends, however it ends.
#[derive(Debug)]
pub(super) struct Lock {
    _store: Option<File>,
    _output: Option<File>,
}

impl Lock {
    /// Takes the store (by a file beside it; one in memory is nobody else's) and the output folder.
    pub(super) fn take(store: &str, output: &Path) -> anyhow::Result<Self> {
        let store = lock_store(store)?;
        std::fs::create_dir_all(output).with_context(|| format!("{}: cannot be made", output.display()))?;
        let folder = File::open(output).with_context(|| format!("{}: cannot be read", output.display()))?;
        lock(&folder, output)?;
        Ok(Self { _store: store, _output: Some(folder) })
    }

    /// Takes the store alone, for what publishes nothing.
    pub(super) fn store(store: &str) -> anyhow::Result<Self> {
        Ok(Self { _store: lock_store(store)?, _output: None })
    }
}

fn lock_store(store: &str) -> anyhow::Result<Option<File>> {
    Store::file(store)?.map(|file| lock_file(&beside(&file))).transpose()
}

fn lock_file(path: &Path) -> anyhow::Result<File> {
    let mut options = File::options();
    let file = options.create(true).truncate(false).write(true).open(path);
    let file = file.with_context(|| format!("{}: cannot be written", path.display()))?;
    lock(&file, path)?;
    Ok(file)
}

fn lock(file: &File, path: &Path) -> anyhow::Result<()> {
    match file.try_lock() {
        Ok(()) => Ok(()),
        Err(TryLockError::WouldBlock) => {
            anyhow::bail!("another run is under way (it holds {}): nothing was done", path.display())
        }
        Err(TryLockError::Error(error)) => {
            Err(error).with_context(|| format!("{}: cannot be locked", path.display()))
        }
    }
}

fn beside(store: &Path) -> PathBuf {
    let mut name = store.as_os_str().to_owned();
    name.push(".lock");
    PathBuf::from(name)
}
