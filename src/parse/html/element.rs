//! What an element is to the tree builder. All names are lower case.

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// No end tag can close what stands outside of it, but for the tags of tables.
    Boundary,
    Block,
    /// May end in the middle of blocks that began inside of it.
    Formatting,
    /// Everything else, unknown names too.
    Inline,
}

/// Letters, digits and hyphens, as every element that a page means to use.
pub(super) fn is_ordinary(name: &str) -> bool {
    name.len() <= 32 && name.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_' | b':'))
}

/// Tags that switch the tree builder into a state of its own, or that pages forget to close; what they hold stays.
pub(super) fn is_unwrapped(name: &str) -> bool {
    matches!(
        name,
        "plaintext"
            | "xmp"
            | "head"
            | "frameset"
            | "frame"
            | "font"
            | "script"
            | "style"
            | "iframe"
            | "noembed"
            | "noframes"
            | "textarea"
            | "title"
            | "template"
            | "noscript"
            | "svg"
            | "math"
            | "select"
            | "object"
            | "applet"
            | "audio"
            | "video"
            | "canvas"
            | "marquee"
            | "image"
            | "isindex"
    )
}

pub(super) fn is_void(name: &str) -> bool {
    matches!(
        name,
        "area"
            | "base"
            | "basefont"
            | "bgsound"
            | "br"
            | "col"
            | "embed"
            | "hr"
            | "img"
            | "input"
            | "keygen"
            | "link"
            | "meta"
            | "param"
            | "source"
            | "track"
            | "wbr"
    )
}

pub(super) fn is_table_part(name: &str) -> bool {
    matches!(name, "table" | "caption" | "colgroup" | "thead" | "tbody" | "tfoot" | "tr" | "td" | "th")
}

pub(super) fn kind(name: &str) -> Kind {
    match name {
        "table" | "caption" | "td" | "th" | "button" => Kind::Boundary,
        "a" | "b" | "big" | "code" | "em" | "i" | "nobr" | "s" | "small" | "strike" | "strong" | "tt"
        | "u" => Kind::Formatting,
        "li" | "dd" | "dt" | "tr" | "tbody" | "thead" | "tfoot" | "colgroup" => Kind::Block,
        _ if closes_paragraph(name) => Kind::Block,
        _ => Kind::Inline,
    }
}

pub(super) fn closes_paragraph(name: &str) -> bool {
    matches!(
        name,
        "address"
            | "article"
            | "aside"
            | "blockquote"
            | "center"
            | "details"
            | "dialog"
            | "dir"
            | "div"
            | "dl"
            | "fieldset"
            | "figcaption"
            | "figure"
            | "footer"
            | "form"
            | "h1"
            | "h2"
            | "h3"
            | "h4"
            | "h5"
            | "h6"
            | "header"
            | "hgroup"
            | "hr"
            | "li"
            | "dd"
            | "dt"
            | "listing"
            | "main"
            | "menu"
            | "nav"
            | "ol"
            | "p"
            | "pre"
            | "search"
            | "section"
            | "summary"
            | "table"
            | "ul"
    )
}
