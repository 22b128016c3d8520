//! What is printed: results to standard output, everything about them to standard error.

use std::io::{IsTerminal as _, Write as _};

/// A line of a result. A reader that has gone away (`| head`) is no error.
pub(super) fn result(text: &str) {
    let _ = writeln!(std::io::stdout(), "{text}");
}

/// A line about what happens.
pub(super) fn note(text: &str) {
    let _ = writeln!(std::io::stderr(), "{text}");
}

/// Why nothing came of it.
pub(super) fn error(text: &str) {
    note(&format!("error: {text}"));
}

/// What to do about a source that has moved.
pub(super) fn moved(to: &str) -> String {
    format!("it has moved for good: put `{to}` into feeds.toml")
}

/// What to do about a source that is asked at another address than feeds.toml says.
pub(super) fn adopted(to: &str) -> String {
    format!(
        "it has been leading to another address for days, and is asked there now: put `url = \"{to}\"` into feeds.toml"
    )
}

/// What to do about a source that names another address for itself.
pub(super) fn proposed(address: &str) -> String {
    format!(
        "it says that its address is {address}: if that is right, put `url = \"{address}\"` into feeds.toml"
    )
}

/// Is a person watching? Cron is not.
pub(super) fn to_a_person() -> bool {
    std::io::stderr().is_terminal()
}

/// Overwrites the last line, for a person who watches; an empty text wipes it away.
pub(super) fn progress(text: &str) {
    if to_a_person() {
        let mut stderr = std::io::stderr();
        let _ = write!(stderr, "\r\x1b[K{text}");
        let _ = stderr.flush();
    }
}
