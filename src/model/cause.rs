//! Why nothing could be made of a source: one word of a closed list, for staff and for programs.

use serde::{Serialize, Serializer};
use std::fmt;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Cause {
    /// Its name leads nowhere.
    Dns,
    /// Nobody is there.
    Connect,
    Tls,
    /// It took too long.
    Timeout,
    /// What it says is no HTTP, or the connection broke.
    Io,
    /// A status that is no success.
    HttpStatus,
    /// Too many redirects, or one to nowhere.
    Redirect,
    /// An address that we may not ask.
    Blocked,
    TooLarge,
    /// Packed, and does not unpack.
    Encoding,
    Truncated,
    /// Nothing in it.
    Empty,
    /// Something other than what was asked for.
    ContentType,
    /// It cannot be read.
    Parse,
    /// More of something than we take.
    Limit,
    /// It does not look like itself.
    Suspicious,
    /// Gone for good (410).
    Gone,
}

impl Cause {
    /// The word. Programs that read `--json` know these and no others.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Dns => "dns",
            Self::Connect => "connect",
            Self::Tls => "tls",
            Self::Timeout => "timeout",
            Self::Io => "io",
            Self::HttpStatus => "http-status",
            Self::Redirect => "redirect",
            Self::Blocked => "blocked",
            Self::TooLarge => "too-large",
            Self::Encoding => "encoding",
            Self::Truncated => "truncated",
            Self::Empty => "empty",
            Self::ContentType => "content-type",
            Self::Parse => "parse",
            Self::Limit => "limit",
            Self::Suspicious => "suspicious",
            Self::Gone => "gone",
        }
    }
}

impl fmt::Display for Cause {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.as_str())
    }
}

impl Serialize for Cause {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What dashboards and scripts were promised. A new cause needs a word here, and a note in the changelog.
    const PROMISED: [&str; 17] = [
        "dns",
        "connect",
        "tls",
        "timeout",
        "io",
        "http-status",
        "redirect",
        "blocked",
        "too-large",
        "encoding",
        "truncated",
        "empty",
        "content-type",
        "parse",
        "limit",
        "suspicious",
        "gone",
    ];

    #[test]
    fn every_cause_has_a_word_of_its_own_that_was_promised() {
        use Cause::{
            Blocked, Connect, ContentType, Dns, Empty, Encoding, Gone, HttpStatus, Io, Limit, Parse,
            Redirect, Suspicious, Timeout, Tls, TooLarge, Truncated,
        };
        let all = [
            Dns,
            Connect,
            Tls,
            Timeout,
            Io,
            HttpStatus,
            Redirect,
            Blocked,
            TooLarge,
            Encoding,
            Truncated,
            Empty,
            ContentType,
            Parse,
            Limit,
            Suspicious,
            Gone,
        ];
        assert_eq!(all.map(Cause::as_str), PROMISED);
        assert_eq!(serde_json::to_string(&TooLarge).expect("JSON"), "\"too-large\"");
    }
}
