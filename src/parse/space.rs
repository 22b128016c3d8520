//! Namespaces: which vocabulary a name in a document belongs to, also where a prefix was never declared.

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Space {
    /// The document's own: RSS in RSS, Atom in Atom.
    Core,
    Atom,
    Rdf,
    Content,
    DublinCore,
    Media,
    Itunes,
    Comments,
    Thread,
    Syndication,
    /// What was deleted (RFC 6721).
    Tombstones,
    /// We don't read it.
    Other,
}

impl Space {
    fn of_address(address: &str) -> Self {
        match address.trim_end_matches(['/', '#']).to_ascii_lowercase().as_str() {
            "http://www.w3.org/2005/atom" | "http://purl.org/atom/ns" => Self::Atom,
            "http://www.w3.org/1999/02/22-rdf-syntax-ns" => Self::Rdf,
            "http://purl.org/rss/1.0/modules/content" => Self::Content,
            "http://purl.org/dc/elements/1.1"
            | "http://purl.org/dc/elements/1.0"
            | "http://purl.org/dc/terms" => Self::DublinCore,
            "http://search.yahoo.com/mrss" => Self::Media,
            "http://www.itunes.com/dtds/podcast-1.0.dtd" => Self::Itunes,
            "http://wellformedweb.org/commentapi" => Self::Comments,
            "http://purl.org/syndication/thread/1.0" => Self::Thread,
            "http://purl.org/rss/1.0/modules/syndication" => Self::Syndication,
            "http://purl.org/atompub/tombstones/1.0" => Self::Tombstones,
            "http://purl.org/rss/1.0"
            | "http://my.netscape.com/rdf/simple/0.9"
            | "http://backend.userland.com/rss2"
            | "http://purl.org/net/rss1.1" => Self::Core,
            _ => Self::Other,
        }
    }

    /// What everybody means by a prefix.
    fn of_prefix(prefix: &str) -> Self {
        match prefix {
            "atom" | "atom10" | "a10" => Self::Atom,
            "rdf" => Self::Rdf,
            "content" => Self::Content,
            "dc" | "dcterms" => Self::DublinCore,
            "media" => Self::Media,
            "itunes" => Self::Itunes,
            "wfw" => Self::Comments,
            "thr" => Self::Thread,
            "sy" => Self::Syndication,
            "at" => Self::Tombstones,
            _ => Self::Other,
        }
    }

    /// The prefix and address that we write it with; nothing for the document's own.
    pub(super) fn written(self) -> Option<(&'static str, &'static str)> {
        match self {
            Self::Core => None,
            Self::Atom => Some(("atom", "http://www.w3.org/2005/Atom")),
            Self::Rdf => Some(("rdf", "http://www.w3.org/1999/02/22-rdf-syntax-ns#")),
            Self::Content => Some(("content", "http://purl.org/rss/1.0/modules/content/")),
            Self::DublinCore => Some(("dc", "http://purl.org/dc/elements/1.1/")),
            Self::Media => Some(("media", "http://search.yahoo.com/mrss/")),
            Self::Itunes => Some(("itunes", "http://www.itunes.com/dtds/podcast-1.0.dtd")),
            Self::Comments => Some(("wfw", "http://wellformedweb.org/CommentAPI/")),
            Self::Thread => Some(("thr", "http://purl.org/syndication/thread/1.0")),
            Self::Syndication => Some(("sy", "http://purl.org/rss/1.0/modules/syndication/")),
            Self::Tombstones => Some(("at", "http://purl.org/atompub/tombstones/1.0")),
            Self::Other => Some(("x", "urn:x-other")),
        }
    }

    pub(super) const WRITTEN: [Self; 11] = [
        Self::Atom,
        Self::Rdf,
        Self::Content,
        Self::DublinCore,
        Self::Media,
        Self::Itunes,
        Self::Comments,
        Self::Thread,
        Self::Syndication,
        Self::Tombstones,
        Self::Other,
    ];
}

/// The prefixes that a document declares. They hold for the whole document: nobody gives one prefix two meanings.
#[derive(Debug, Default)]
pub(super) struct Spaces<'a> {
    declared: Vec<(&'a str, Space)>,
    /// A prefix stands for one of ours, and its address is not quite the one that everybody uses.
    pub unusual: bool,
    /// A prefix was used that is not declared.
    pub undeclared: bool,
}

impl<'a> Spaces<'a> {
    pub(super) fn declare(&mut self, attributes: &[(&'a str, &'a str)]) {
        for (name, address) in attributes {
            let Some(prefix) = name.strip_prefix("xmlns:") else { continue };
            let space = Space::of_address(address);
            let exact = space.written().is_some_and(|(_, written)| written == *address);
            self.unusual |= space != Space::Other && !exact;
            // A document can't make us look through thousands of prefixes for each name.
            if self.declared.len() < 64 && self.declared.iter().all(|(known, _)| *known != prefix) {
                self.declared.push((prefix, space));
            }
        }
    }

    /// The vocabulary and the local name. `own` is the vocabulary of the document itself.
    pub(super) fn resolve(&mut self, name: &'a str, own: Space) -> (Space, &'a str) {
        let colon = name.bytes().position(|byte| byte == b':');
        let Some((prefix, local)) = colon.and_then(|at| Some((name.get(..at)?, name.get(at + 1..)?))) else {
            return (Space::Core, name);
        };
        let declared = self.declared.iter().find(|(known, _)| *known == prefix);
        self.undeclared |= declared.is_none();
        let space = declared.map_or_else(|| Space::of_prefix(prefix), |(_, space)| *space);
        (if space == own { Space::Core } else { space }, local)
    }
}
