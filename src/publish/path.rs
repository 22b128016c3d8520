//! Paths of pages: what one looks like, and the folder that it is in.

use super::staging::UNFINISHED;

/// Parts of `[a-z0-9._-]` joined by `/`, none of them a way up: such a path cannot leave the folder.
pub(crate) fn is_path(path: &str) -> bool {
    path.split('/').all(|part| {
        let is_plain =
            part.bytes().all(|byte| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'.' | b'_' | b'-'));
        is_plain && !part.is_empty() && part != "." && part != ".." && !part.starts_with(UNFINISHED)
    })
}

/// `feeds` of `feeds/all.atom`; nothing for a page at the top.
pub(super) fn parent(path: &str) -> &str {
    path.rsplit_once('/').map_or("", |(parent, _)| parent)
}
