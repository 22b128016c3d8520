//! What the feed reader can't digest: it refuses the whole feed, or panics.

use url::Url;

use crate::parse::element::{Dialect, Role, role};
use crate::parse::lex::Lexer;
use crate::parse::space::Space;

/// Does the feed reader survive this element?
pub(super) fn is_digestible(dialect: Dialect, space: Space, local: &str, lexer: &Lexer<'_>) -> bool {
    match (dialect, space) {
        (Dialect::Atom, Space::Core) if role(dialect, space, local) == Role::Markup => {
            lexer.attribute("src").is_none()
                && lexer.attribute("mode").is_none()
                && matches!(lexer.attribute("type"), None | Some("text" | "html" | "xhtml" | "text/html"))
        }
        (Dialect::Atom, Space::Core) => match local {
            "link" => lexer.attribute("href").is_some(),
            "category" => lexer.attribute("term").is_some(),
            _ => true,
        },
        (_, Space::Core) => !matches!(local, "body" | "fullitem"),
        (_, Space::Other) => local != "body",
        (_, Space::Media) => lexer
            .attributes
            .iter()
            .all(|(name, value)| !matches!(*name, "start" | "end") || is_duration(value)),
        (_, Space::Itunes) => matches!(lexer.attribute("type"), None | Some("text" | "html")),
        _ => true,
    }
}

/// The feed reader breaks down over the digits of other scripts, and over too many digits.
pub(in crate::parse) fn is_duration(text: &str) -> bool {
    text.len() < 16 && text.is_ascii()
}

pub(in crate::parse) fn is_base(address: &str) -> bool {
    matches!(Url::parse(address), Ok(_) | Err(url::ParseError::RelativeUrlWithoutBase))
}
