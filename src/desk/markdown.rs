//! The text of an announcement: Markdown becomes sanitised HTML.

use pulldown_cmark::{Event, HeadingLevel, Options, Parser, Tag, TagEnd, html};

use crate::model::text::Markup;
use crate::parse::html::{sanitise, sanitise_without_links};

/// May the text hold links?
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Links {
    Kept,
    /// Their words stay, and nothing can be clicked.
    Dropped,
}

/// Sanitised HTML without blanks around it. Staff are trusted to mean well, not to paste only what is harmless.
pub(super) fn to_html(markdown: &str, links: Links) -> String {
    let events = Parser::new_ext(markdown, Options::ENABLE_TABLES | Options::ENABLE_STRIKETHROUGH)
        .filter(|event| links == Links::Kept || !is_link(event))
        .map(below_a_title);
    let mut raw = String::with_capacity(markdown.len() * 2);
    html::push_html(&mut raw, events);
    let markup = Markup::html(raw);
    let safe = match links {
        Links::Kept => sanitise(&markup, None),
        Links::Dropped => sanitise_without_links(&markup),
    };
    safe.trim().to_owned()
}

fn is_link(event: &Event<'_>) -> bool {
    matches!(event, Event::Start(Tag::Link { .. }) | Event::End(TagEnd::Link))
}

/// The announcement's title is a heading of the third level on the digest; its own headings stand below that.
fn below_a_title(event: Event<'_>) -> Event<'_> {
    let lower = |level| match level {
        HeadingLevel::H1 => HeadingLevel::H4,
        HeadingLevel::H2 => HeadingLevel::H5,
        HeadingLevel::H3 | HeadingLevel::H4 | HeadingLevel::H5 | HeadingLevel::H6 => HeadingLevel::H6,
    };
    match event {
        Event::Start(Tag::Heading { level, id, classes, attrs }) => {
            Event::Start(Tag::Heading { level: lower(level), id, classes, attrs })
        }
        Event::End(TagEnd::Heading(level)) => Event::End(TagEnd::Heading(lower(level))),
        other => other,
    }
}
