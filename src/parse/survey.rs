//! One quick pass over a document: is it sound, will the feed reader take it as it is, and what would be lost on the way?

pub(super) mod digest;
mod noted;
mod walk;

use super::element::Dialect;
use super::extra::Extras;
use super::lex::{Lexer, Token};
use super::skeleton::Skeleton;
use super::stop::Stop;
use walk::Walk;

/// Deeper than any feed; a bound, so that nothing behind us recurses without end.
pub(super) const DEEPEST: usize = 512;
/// Entries beyond this are not read.
pub(super) const MOST_ENTRIES: usize = 20_000;

/// How well a document is; the worst that is found counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Condition {
    /// The feed reader takes it as it is.
    Fit,
    /// Well-formed, but the feed reader would miss something, or break down over it.
    Unusual,
    /// Not well-formed, as far as it matters.
    Broken,
    /// It breaks off.
    Cut,
}

/// What a document is, and what the feed reader does not tell of it.
#[derive(Debug)]
pub(super) struct Survey<'a> {
    pub dialect: Dialect,
    /// As [`super::document::Document::version`] has it.
    pub version: &'static str,
    pub condition: Condition,
    /// Deeper than we read.
    pub deep: bool,
    /// Of a fit document: what the feed reader needs of it.
    pub skeleton: Option<Skeleton<'a>>,
    pub feed: Extras<'a>,
    pub entries: Vec<Extras<'a>>,
}

/// `None` if it has no root that a feed has; then the name of its root, if any.
pub(super) fn survey<'a>(text: &'a str, stop: Stop<'a>) -> Result<Survey<'a>, Option<&'a str>> {
    let mut lexer = Lexer::new(text, stop);
    while let Some(token) = lexer.next() {
        if let Token::Start { name, empty } = token {
            let mut walk = Walk::new(text, name, &lexer).ok_or(Some(name))?;
            walk.start(name, empty, &lexer);
            return Ok(walk.run(lexer));
        }
    }
    Err(None)
}

/// The dialect and version, and whether the feed reader knows this root.
fn root_kind(
    name: &str,
    address: Option<&str>,
    version: Option<&str>,
) -> Option<(Dialect, &'static str, bool)> {
    const ATOM: &str = "http://www.w3.org/2005/Atom";
    const RSS: &str = "http://purl.org/rss/1.0/";
    let local = name.split_once(':').map_or(name, |(_, local)| local);
    Some(match local {
        "rss" | "RSS" | "Rss" => {
            let version = version.map(str::trim);
            let old = version.is_some_and(|version| version.starts_with("0."));
            let usual = matches!(version, Some("2.0" | "0.91" | "0.92" | "")) && address.is_none();
            (Dialect::Rss, if old { "rss09x" } else { "rss20" }, usual && name == "rss")
        }
        // A channel without the root around it.
        "channel" => (Dialect::Rss, "rss20", false),
        // RSS 1.1, which is RSS 1.0 without RDF.
        "Channel" => (Dialect::Rss, "rss10", false),
        "RDF" => match address {
            Some(address) if address.contains("/rdf/simple/0.9") => (Dialect::Rdf, "rss09x", false),
            address => (Dialect::Rdf, "rss10", address == Some(RSS)),
        },
        "feed" | "entry" => match (address, version) {
            (Some("http://purl.org/atom/ns#"), _) | (None, Some("0.3")) => (Dialect::Atom, "atom03", false),
            (address, _) => (Dialect::Atom, "atom10", address.is_none_or(|address| address == ATOM)),
        },
        _ => return None,
    })
}
