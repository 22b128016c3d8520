//! Which elements the feed reader needs, and which only hold a text or a date that it would hand on as it is.

use crate::parse::element::Dialect;
use crate::parse::space::Space;

/// What becomes of an element.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::parse) enum Part {
    Kept,
    /// It is cut out; what stands in it is put back afterwards.
    Text(Field),
    /// It is cut out with all that stands in it.
    Unread,
}

/// What an element says of the entry that it stands in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::parse) enum Field {
    Id,
    Title,
    Summary,
    Content,
    Rights,
    Published,
    Updated,
    /// A summary, if there has been none.
    Description,
    /// These an entry may have several of.
    Category,
    Person,
}

/// `in_entry` if it stands directly in one.
pub(in crate::parse) fn part(dialect: Dialect, space: Space, name: &str, in_entry: bool) -> Part {
    let field = match (dialect, space, name) {
        (_, Space::Other | Space::Rdf | Space::Thread | Space::Syndication | Space::Tombstones, _) => {
            return Part::Unread;
        }
        _ if !in_entry => return Part::Kept,
        // The survey notes these with all that is in them.
        (Dialect::Atom, Space::Core, "author" | "contributor" | "source")
        | (Dialect::Rss | Dialect::Rdf, Space::Core, "enclosure" | "source") => return Part::Unread,
        (Dialect::Rss, Space::Core, "guid") | (Dialect::Atom, Space::Core, "id") => Field::Id,
        (_, Space::Core, "title") => Field::Title,
        (Dialect::Rss | Dialect::Rdf, Space::Core, "description")
        | (Dialect::Atom, Space::Core, "summary") => Field::Summary,
        (Dialect::Rss | Dialect::Rdf, Space::Content, "encoded")
        | (Dialect::Atom, Space::Core, "content") => Field::Content,
        (Dialect::Atom, Space::Core, "rights") => Field::Rights,
        (Dialect::Rss, Space::Core, "pubDate")
        | (Dialect::Rss | Dialect::Rdf, Space::DublinCore, "date")
        | (Dialect::Atom, Space::Core, "published" | "pubDate") => Field::Published,
        (Dialect::Rss, Space::Core | Space::Atom, "updated") | (Dialect::Atom, Space::Core, "updated") => {
            Field::Updated
        }
        (Dialect::Rdf, Space::DublinCore, "description") => Field::Description,
        (Dialect::Rss | Dialect::Atom, Space::Core, "category") => Field::Category,
        (Dialect::Rss, Space::Core, "author")
        | (Dialect::Rss | Dialect::Rdf, Space::DublinCore, "creator") => Field::Person,
        _ => return Part::Kept,
    };
    Part::Text(field)
}
