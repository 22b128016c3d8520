//! The digest for search engines: JSON-LD in the words of schema.org. Only the secretariat's own words stand in it: nothing
//! that a source wrote gets into a script element, however well it is escaped.

use serde_json::{Value, json};

use crate::model::announcement::Event;
use crate::model::story::Story;
use crate::render::{Digest, feed, when};

/// The content of a `script` element, safe there: no `<` is left in it that could end the element or open a comment.
pub(super) fn script(digest: &Digest<'_>) -> String {
    let events = digest.events.iter().filter_map(|story| Some(event(digest, story, story.event.as_ref()?)));
    let graph: Vec<_> = std::iter::once(collection(digest)).chain(events).collect();
    json!({"@context": "https://schema.org", "@graph": graph}).to_string().replace('<', "\\u003c")
}

fn collection(digest: &Digest<'_>) -> Value {
    let site = digest.site;
    json!({
        "@type": "CollectionPage",
        "@id": site.url,
        "name": site.title,
        "inLanguage": site.language.as_str(),
        "publisher": {"@type": "Organization", "name": site.organisation_name, "url": site.home},
    })
}

fn event(digest: &Digest<'_>, story: &Story, event: &Event) -> Value {
    let (first, last) = when::days(&event.when);
    let status = if event.cancelled { "EventCancelled" } else { "EventScheduled" };
    let mut value = json!({
        "@type": "Event",
        "name": event.title,
        "startDate": first.to_string(),
        "endDate": last.to_string(),
        "eventStatus": format!("https://schema.org/{status}"),
        "url": feed::link(digest.site, story),
    });
    if let (Some(place), Some(fields)) = (&event.place, value.as_object_mut()) {
        fields.insert("location".to_owned(), json!({"@type": "Place", "name": place, "address": place}));
    }
    value
}
