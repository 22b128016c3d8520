//! A page: one published file.

/// One published file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Page {
    /// Below the output folder, parts joined by `/`, each part `[a-z0-9._-]`: `feeds/all.atom`.
    pub path: String,
    pub bytes: Vec<u8>,
}
