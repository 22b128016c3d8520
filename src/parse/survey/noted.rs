//! Which elements are noted for the adapter, because the feed reader passes over them.

use crate::parse::element::Dialect;
use crate::parse::space::Space;

/// Of a direct child of an entry, or of the feed; `linked` if it has an `href`.
pub(super) fn is_noted(dialect: Dialect, space: Space, local: &str, in_entry: bool, linked: bool) -> bool {
    match space {
        Space::Core => match dialect {
            Dialect::Atom => match local {
                "author" | "contributor" | "source" => true,
                "generator" => !in_entry,
                _ => false,
            },
            Dialect::Rss | Dialect::Rdf => match local {
                "guid" | "enclosure" | "source" | "summary" | "tags" | "keywords" => true,
                "link" => linked,
                "author" | "cloud" | "textInput" | "textinput" | "image" | "generator" | "skipHours"
                | "skipDays" => !in_entry,
                _ => false,
            },
        },
        // The feed reader reads these of an entry itself.
        Space::DublinCore if in_entry && dialect != Dialect::Atom => local != "creator",
        Space::DublinCore | Space::Thread => true,
        Space::Atom => local != "link" || in_entry,
        Space::Itunes => matches!(
            local,
            "author"
                | "category"
                | "keywords"
                | "summary"
                | "subtitle"
                | "image"
                | "link"
                | "owner"
                | "new-feed-url"
        ),
        Space::Syndication | Space::Tombstones => !in_entry,
        Space::Media => matches!(local, "category" | "group") || !in_entry,
        Space::Other => local == "title",
        Space::Rdf | Space::Content | Space::Comments => false,
    }
}
