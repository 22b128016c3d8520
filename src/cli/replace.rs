//! A file that staff wrote, replaced in one step, or left as it is.

use anyhow::{Context as _, bail};
use std::io::Write as _;
use std::path::Path;

/// Puts `new` in the place of `old`. Whoever reads the file sees one or the other, and its permissions stay.
pub(super) fn replace(path: &Path, old: &str, new: &str) -> anyhow::Result<()> {
    let name = path.display();
    let about = std::fs::symlink_metadata(path).with_context(|| format!("{name}: cannot be read"))?;
    if about.is_symlink() {
        let target = std::fs::read_link(path).unwrap_or_default();
        bail!("{name}: is a symbolic link to {}: name that file with --config", target.display());
    }
    if about.permissions().readonly() {
        bail!("{name}: is read-only: allow it to be written, or copy the block into it by hand");
    }
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let cannot = || format!("{name}: cannot be written");
    let mut file =
        tempfile::Builder::new().prefix(".tidewaiter-").tempfile_in(folder).with_context(cannot)?;
    file.write_all(new.as_bytes()).with_context(cannot)?;
    file.as_file().set_permissions(about.permissions()).with_context(cannot)?;
    file.as_file().sync_all().with_context(cannot)?;
    // An editor may have saved it while servers were asked.
    let now = std::fs::read_to_string(path).with_context(cannot)?;
    if now != old {
        bail!("{name}: was changed by somebody else meanwhile: nothing was written, run this again");
    }
    file.persist(path).with_context(cannot)?;
    Ok(())
}
