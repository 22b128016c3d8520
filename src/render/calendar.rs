//! Calendars (RFC 5545): all coming events in one that members subscribe to, and each by itself.

use chrono::Utc;
use icalendar::{Calendar, Component, EventLike, EventStatus, Property, ValueType};

use super::feed;
use crate::config::Site;
use crate::model::announcement::{Event, When};
use crate::model::page::Page;
use crate::model::story::Story;
use crate::model::text::one_line;

/// The calendar with all events. The others hold one event each, to be put into a calendar that the member has already.
const ALL: &str = "events.ics";

/// How often a subscriber should look again.
const REFRESH: &str = "PT6H";

/// In bytes, without the line's end.
const LONGEST_LINE: usize = 75;

/// `path` is `events.ics`, or `events/<slug>.ics` for one.
pub fn calendar(site: &Site, path: String, events: &[&Story]) -> Page {
    let mut calendar = Calendar::empty();
    calendar
        .append_property(("VERSION", "2.0"))
        .append_property(Property::new("PRODID", product(site)))
        .append_property(("CALSCALE", "GREGORIAN"));
    if path == ALL {
        let name = one_line(&format!("{}: {}", site.organisation, site.title));
        // The crate knows X- properties as text and escapes them, but not NAME (RFC 7986).
        calendar
            .append_property(Property::new("NAME", escape(&name)))
            .append_property(Property::new("X-WR-CALNAME", name))
            .append_property(Property::new("REFRESH-INTERVAL", REFRESH).append_parameter(ValueType::Duration))
            .append_property(("X-PUBLISHED-TTL", REFRESH));
    }
    for story in events {
        if let Some(event) = &story.event {
            calendar.push(component(site, story, event));
        }
    }
    Page { path, bytes: folded(&calendar.to_string()).into_bytes() }
}

/// Lines of at most 75 bytes (RFC 5545 section 3.1): the crate's own folding makes some of 76.
fn folded(calendar: &str) -> String {
    let mut folded = String::with_capacity(calendar.len() + calendar.len() / 50);
    for line in calendar.replace("\r\n ", "").split_terminator("\r\n") {
        let mut bytes = 0;
        for c in line.chars() {
            if bytes + c.len_utf8() > LONGEST_LINE {
                folded.push_str("\r\n ");
                bytes = 1;
            }
            folded.push(c);
            bytes += c.len_utf8();
        }
        folded.push_str("\r\n");
    }
    folded
}

fn product(site: &Site) -> String {
    format!("-//{}//{} {}//{}", one_line(&site.organisation), feed::PROGRAM, feed::VERSION, language(site))
}

/// ISO 9070 names want the language in capitals.
fn language(site: &Site) -> String {
    site.language.primary().to_uppercase()
}

fn component(site: &Site, story: &Story, event: &Event) -> icalendar::Event {
    // The authority of our tag URIs: no calendar in the world has this name already.
    let authority = site.tag.split(',').next().unwrap_or(&site.tag);
    let mut component = icalendar::Event::with_uid(&format!("{}@{authority}", story.slug));
    component
        .timestamp(story.updated)
        .last_modified(story.updated)
        .sequence(event.sequence)
        .status(if event.cancelled { EventStatus::Cancelled } else { EventStatus::Confirmed })
        .summary(&one_line(&event.title))
        .description(&description(story, event))
        .url(&feed::link(site, story));
    if let Some(place) = &event.place {
        component.location(&one_line(place));
    }
    put_time(&mut component, &event.when);
    component
}

/// Times go out in UTC: every calendar understands them without a table of time zones.
fn put_time(component: &mut icalendar::Event, when: &When) {
    match when {
        When::Days { first, last } => {
            // A conference that a member may attend does not make the member busy.
            component.starts(*first).append_property(("TRANSP", "TRANSPARENT"));
            // The end is the first day after it.
            if let Some(after) = last.succ_opt() {
                component.ends(after);
            }
        }
        When::Times { start, end } => {
            component.starts(start.with_timezone(&Utc));
            if end > start {
                component.ends(end.with_timezone(&Utc));
            }
        }
    }
}

fn description(story: &Story, event: &Event) -> String {
    let summary = story.summary.replace("\r\n", "\n").replace('\r', "\n");
    let registration = event.registration.as_ref().filter(|_| !event.cancelled);
    let parts = [
        Some(summary).filter(|text| !text.is_empty()),
        registration.map(|link| format!("Register: {link}")),
        story.link.as_ref().map(|link| format!("More: {link}")),
    ];
    parts.into_iter().flatten().collect::<Vec<_>>().join("\n\n")
}

/// TEXT, RFC 5545 section 3.3.11.
fn escape(text: &str) -> String {
    text.replace('\\', "\\\\").replace(';', "\\;").replace(',', "\\,")
}
