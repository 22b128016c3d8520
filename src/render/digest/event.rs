//! A coming event as a card: date stamp, title, place, registration, calendar.

use serde::Serialize;
use url::Url;

use super::item::{LanguageView, below, href};
use crate::model::language::Language;
use crate::model::story::Story;
use crate::model::text::{Markup, host};
use crate::parse::html;
use crate::render::when::{self, Stamp};

/// A card is for a glance: a text up to this long stands on it, a longer one is folded.
const CARD_CHARACTERS: usize = 60;

#[derive(Serialize)]
pub(super) struct Card<'a> {
    anchor: Option<&'a str>,
    slug: &'a str,
    title: &'a str,
    href: Option<String>,
    language: LanguageView<'a>,
    stamp: Stamp,
    /// The stamp in words.
    days: String,
    first_iso: String,
    hours: Option<String>,
    place: Option<&'a str>,
    /// The text, if it is short.
    summary: &'a str,
    /// Sanitised HTML; empty if the summary says it all.
    more: String,
    cancelled: bool,
    registration: Option<Registration<'a>>,
}

#[derive(Serialize)]
struct Registration<'a> {
    href: &'a str,
    /// The site it leads to, so that no member types a password into another one.
    host: &'a str,
}

impl<'a> Card<'a> {
    /// `None` if the story is no event.
    pub(super) fn of(page: &Language, story: &'a Story, anchor: Option<&'a str>) -> Option<Self> {
        let event = story.event.as_ref()?;
        let is_short = story.summary.chars().count() <= CARD_CHARACTERS;
        Some(Self {
            anchor,
            slug: &story.slug,
            title: &event.title,
            href: href(story),
            language: LanguageView::of(&story.language, page),
            stamp: when::stamp(&event.when),
            days: when::range(&event.when),
            first_iso: when::days(&event.when).0.to_string(),
            hours: when::hours(&event.when),
            place: event.place.as_deref(),
            summary: if is_short { &story.summary } else { "" },
            more: more(story, is_short),
            cancelled: event.cancelled,
            registration: event.registration.as_ref().filter(|_| !event.cancelled).map(Registration::at),
        })
    }
}

/// What the card does not say yet.
fn more(story: &Story, is_short: bool) -> String {
    match (story.html.is_empty(), is_short) {
        (false, _) => below(&story.html, 4),
        (true, true) => String::new(),
        (true, false) => html::sanitise(&Markup::plain(&story.summary), None),
    }
}

impl<'a> Registration<'a> {
    fn at(link: &'a Url) -> Self {
        Self { href: link.as_str(), host: host(link) }
    }
}
