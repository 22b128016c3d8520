//! The vocabulary of feeds: what may stand in an element, and which elements can't stand in a text.

use super::space::Space;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Dialect {
    /// RSS 0.9x and 2.0.
    Rss,
    /// RSS 0.90 and 1.0, with the entries beside the channel.
    Rdf,
    /// Atom 0.3 and 1.0.
    Atom,
}

impl Dialect {
    /// The vocabulary that stands there without a prefix, where it has an own name for it.
    pub(super) fn space(self) -> Space {
        match self {
            Self::Atom => Space::Atom,
            Self::Rss | Self::Rdf => Space::Core,
        }
    }

    pub(super) fn entry(self) -> &'static str {
        match self {
            Self::Atom => "entry",
            Self::Rss | Self::Rdf => "item",
        }
    }
}

/// What an element holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Role {
    /// Elements; text in it means nothing.
    Container,
    /// Text for people: tags in it are part of the text.
    Markup,
    /// Text for programs: tags in it mean nothing.
    Text,
}

pub(super) fn role(dialect: Dialect, space: Space, name: &str) -> Role {
    match (dialect, space) {
        (Dialect::Atom, Space::Core) | (_, Space::Atom) => atom(name),
        (_, Space::Core) => rss(name),
        (_, Space::Content) => Role::Markup,
        (_, Space::DublinCore | Space::Comments | Space::Thread | Space::Syndication) => match name {
            "description" => Role::Markup,
            _ => Role::Text,
        },
        (_, Space::Itunes) => match name {
            "summary" | "subtitle" => Role::Markup,
            "owner" | "category" => Role::Container,
            _ => Role::Text,
        },
        (_, Space::Media) => match name {
            "title" | "description" => Role::Markup,
            "group" | "content" | "community" => Role::Container,
            _ => Role::Text,
        },
        // Under a prefix that nobody declared it may be all the title there is.
        (_, Space::Other) if name == "title" => Role::Markup,
        (_, Space::Rdf | Space::Tombstones | Space::Other) => Role::Container,
    }
}

fn rss(name: &str) -> Role {
    match name {
        "title" | "description" | "summary" => Role::Markup,
        "link" | "guid" | "pubDate" | "author" | "category" | "comments" | "enclosure" | "source"
        | "language" | "copyright" | "managingEditor" | "webMaster" | "lastBuildDate" | "docs"
        | "generator" | "ttl" | "rating" | "cloud" | "url" | "name" | "width" | "height" | "day" | "hour"
        | "updated" | "tags" | "keywords" => Role::Text,
        _ => Role::Container,
    }
}

fn atom(name: &str) -> Role {
    match name {
        "title" | "subtitle" | "summary" | "content" | "rights" | "tagline" | "copyright" | "info" => {
            Role::Markup
        }
        "link" | "id" | "updated" | "published" | "category" | "generator" | "icon" | "logo" | "name"
        | "uri" | "email" | "url" | "homepage" | "modified" | "issued" | "created" => Role::Text,
        _ => Role::Container,
    }
}

/// Where this begins, a text that was not closed has ended. Names that HTML has too are not among them.
pub(super) fn ends_text(dialect: Dialect, space: Space, name: &str) -> bool {
    match (dialect, space) {
        (_, Space::Other | Space::Rdf) => false,
        (Dialect::Atom, Space::Core) => {
            name == "entry"
                || matches!(name, "author" | "contributor")
                || atom(name) != Role::Container
                    && !matches!(name, "name" | "uri" | "email" | "url" | "homepage" | "info")
        }
        (_, Space::Core) => {
            matches!(name, "item" | "channel" | "textInput" | "textinput")
                || rss(name) != Role::Container
                    && !matches!(
                        name,
                        "name"
                            | "url"
                            | "width"
                            | "height"
                            | "day"
                            | "hour"
                            | "source"
                            | "summary"
                            | "tags"
                            | "keywords"
                    )
        }
        _ => true,
    }
}
