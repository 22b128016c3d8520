//! An announcement as it is being read: key by key, with every mistake on the way.

use chrono::{DateTime, Utc};
use chrono_tz::Tz;
use url::Url;

use super::front_matter::{Found, FrontMatter};
use super::markdown::{Links, to_html};
use super::moment::{self, Moment};
use super::{Desk, event};
use crate::model::announcement::{Announcement, AnnouncementKind};
use crate::model::language::Language;
use crate::model::nearest::hint;
use crate::model::text;
use crate::model::topic::TopicId;
use crate::parse::html::safe_link;

/// What an announcement can be, before its other keys are read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    News,
    Event,
    Alert,
    Note,
}

impl Kind {
    const ALL: [Self; 4] = [Self::News, Self::Event, Self::Alert, Self::Note];

    fn as_str(self) -> &'static str {
        match self {
            Self::News => "news",
            Self::Event => "event",
            Self::Alert => "alert",
            Self::Note => "note",
        }
    }

    /// The topic that stands where the front matter names none.
    fn own_topic(self) -> Option<&'static str> {
        match self {
            Self::Event => Some("events"),
            Self::Alert => Some("alerts"),
            Self::News | Self::Note => None,
        }
    }
}

/// Keys that every kind knows, and keys that only some do.
const KEYS: [&str; 6] = ["kind", "title", "publish", "expire", "updated", "language"];
const SOME_KEYS: [(&str, &[Kind]); 11] = [
    ("pin", &[Kind::News, Kind::Event, Kind::Alert]),
    ("topics", &[Kind::News, Kind::Event, Kind::Alert]),
    // What an alert warns of must not be clicked, so an alert has no link at all.
    ("link", &[Kind::News, Kind::Event, Kind::Note]),
    ("note_on", &[Kind::Note]),
    ("starts", &[Kind::Event]),
    ("ends", &[Kind::Event]),
    ("time_zone", &[Kind::Event]),
    ("place", &[Kind::Event]),
    ("registration", &[Kind::Event]),
    ("cancelled", &[Kind::Event]),
    ("sequence", &[Kind::Event]),
];

/// `None` only if something is wrong, and then `front` has it.
pub(super) fn read(
    id: &str,
    front: &mut FrontMatter<'_>,
    body: &str,
    desk: Desk<'_>,
) -> Option<Announcement> {
    let kind = kind(front);
    only_known_keys(front, kind);
    let title = title(front);
    let times = times(front, desk.time_zone);
    let language = language(front, desk);
    let topics = topics(front, kind, desk);
    let link = link(front, "link");
    let pin = front.flag("pin");
    let html = html(front, kind, body);
    let kind = whole_kind(front, kind?, title.as_deref().unwrap_or_default(), desk);
    let times = times?;
    Some(Announcement {
        id: id.to_owned(),
        kind: kind?,
        title: title?,
        html,
        language: language?,
        publish: times.publish,
        expire: times.expire,
        updated: times.updated,
        pin,
        topics: topics?,
        link,
    })
}

fn kind(front: &mut FrontMatter<'_>) -> Option<Kind> {
    front.need("kind", "add kind = \"news\", \"event\", \"alert\" or \"note\"");
    let found = front.text("kind")?;
    let kind = Kind::ALL.into_iter().find(|kind| kind.as_str() == found.value);
    if kind.is_none() {
        let hint = hint(&found.value, Kind::ALL.map(Kind::as_str));
        front.wrong(found.at, format!("there is no kind `{}`", found.value), hint);
    }
    kind
}

fn only_known_keys(front: &mut FrontMatter<'_>, kind: Option<Kind>) {
    for key in front.keys() {
        let Found { value: name, at } = key;
        let kinds = SOME_KEYS.iter().find(|(known, _)| *known == name).map(|(_, kinds)| *kinds);
        match (kinds, kind) {
            (Some(kinds), Some(kind)) if !kinds.contains(&kind) => {
                let owners = kinds.iter().map(|kind| kind.as_str()).collect::<Vec<_>>().join(", ");
                let message =
                    format!("`{name}` means nothing in an announcement of kind \"{}\"", kind.as_str());
                front.wrong(at, message, format!("it belongs to: {owners}"));
            }
            (None, _) if !KEYS.contains(&name.as_str()) => {
                let known = KEYS.into_iter().chain(SOME_KEYS.into_iter().map(|(key, _)| key));
                front.wrong(at, format!("there is no key `{name}`"), hint(&name, known));
            }
            (Some(_) | None, _) => {}
        }
    }
}

fn title(front: &mut FrontMatter<'_>) -> Option<String> {
    front.need("title", "add title = \"…\"");
    let found = front.text("title")?;
    let title = text::one_line(&found.value);
    if title.is_empty() {
        front.wrong(found.at, "the title is empty", "");
        return None;
    }
    Some(title)
}

/// When members see it, and since when it says what it says.
struct Times {
    publish: DateTime<Utc>,
    expire: Option<DateTime<Utc>>,
    updated: DateTime<Utc>,
}

fn times(front: &mut FrontMatter<'_>, zone: Tz) -> Option<Times> {
    front.need("publish", "add the day from which members see it: publish = 2018-01-15");
    let publish = instant(front, "publish", zone);
    let expire = instant(front, "expire", zone);
    let updated = instant(front, "updated", zone);
    let publish = publish?;
    if let Some(expire) = expire.as_ref().filter(|expire| expire.value <= publish.value) {
        front.wrong(
            expire.at,
            "it expires before it is published",
            "a date means 00:00: members see it up to the day before",
        );
    }
    if let Some(updated) = updated.as_ref().filter(|updated| updated.value < publish.value) {
        front.wrong(
            updated.at,
            "it is updated before it is published",
            "leave `updated` out until the text changes",
        );
    }
    Some(Times {
        publish: publish.value,
        expire: expire.map(|found| found.value),
        updated: updated.map_or(publish.value, |found| found.value),
    })
}

fn instant(front: &mut FrontMatter<'_>, key: &str, zone: Tz) -> Option<Found<DateTime<Utc>>> {
    let found = moment(front, key, zone)?;
    Some(Found { value: found.value.instant(zone).to_utc(), at: found.at })
}

pub(super) fn moment(front: &mut FrontMatter<'_>, key: &str, zone: Tz) -> Option<Found<Moment>> {
    let found = front.time(key)?;
    match moment::read(&found.value, zone) {
        Ok(value) => Some(Found { value, at: found.at }),
        Err(mistake) => {
            front.wrong(found.at, format!("`{key}`: {}", mistake.message), mistake.hint);
            None
        }
    }
}

fn language(front: &mut FrontMatter<'_>, desk: Desk<'_>) -> Option<Language> {
    let Some(found) = front.text("language") else {
        return Some(desk.language.clone());
    };
    let language = Language::parse(&found.value);
    if language.is_none() {
        let message = format!("`{}` is no language tag", found.value);
        front.wrong(found.at, message, "write en, fr, es, pt-BR, zh, ar …");
    }
    language
}

fn topics(front: &mut FrontMatter<'_>, kind: Option<Kind>, desk: Desk<'_>) -> Option<Vec<TopicId>> {
    if !front.has("topics") {
        return default_topics(front, kind?, desk);
    }
    let list = front.texts("topics")?;
    if list.value.is_empty() {
        front.wrong(
            list.at,
            "`topics` names none",
            "name one, or leave the line out of an event or an alert",
        );
    }
    let mut topics = Vec::new();
    for found in list.value {
        match desk.topics.iter().find(|topic| topic.as_str() == found.value) {
            Some(topic) if topics.contains(topic) => {}
            Some(topic) => topics.push(topic.clone()),
            None => {
                let hint = hint(&found.value, desk.topics.iter().map(TopicId::as_str));
                front.wrong(found.at, format!("there is no topic `{}`", found.value), hint);
            }
        }
    }
    Some(topics)
}

/// Every story is filed somewhere: an event under `events` and an alert under `alerts`, where there are such topics.
fn default_topics(front: &mut FrontMatter<'_>, kind: Kind, desk: Desk<'_>) -> Option<Vec<TopicId>> {
    if kind == Kind::Note {
        return Some(Vec::new());
    }
    let own = desk.topics.iter().find(|topic| kind.own_topic() == Some(topic.as_str()));
    if own.is_none() {
        let known = desk.topics.iter().map(TopicId::as_str).collect::<Vec<_>>().join(", ");
        front.need("topics", &format!("add topics = [\"…\"] with one or more of: {known}"));
    }
    own.map(|topic| vec![topic.clone()])
}

pub(super) fn link(front: &mut FrontMatter<'_>, key: &str) -> Option<Url> {
    let found = front.text(key)?;
    let link = safe_link(found.value.trim(), None);
    if link.is_none() {
        front.wrong(found.at, format!("`{key}` is no address"), "write it whole: https://…");
    }
    link
}

fn html(front: &mut FrontMatter<'_>, kind: Option<Kind>, body: &str) -> String {
    let links = if kind == Some(Kind::Alert) { Links::Dropped } else { Links::Kept };
    let html = to_html(body, links);
    if html.is_empty() && kind == Some(Kind::Note) {
        front.need_body("a note has no text");
    }
    html
}

fn whole_kind(
    front: &mut FrontMatter<'_>,
    kind: Kind,
    title: &str,
    desk: Desk<'_>,
) -> Option<AnnouncementKind> {
    match kind {
        Kind::News => Some(AnnouncementKind::News),
        Kind::Alert => Some(AnnouncementKind::Alert),
        Kind::Event => event::read(front, title, desk.time_zone).map(AnnouncementKind::Event),
        Kind::Note => {
            front.need("note_on", "add the link of the entry that it introduces: note_on = \"https://…\"");
            link(front, "note_on").map(|on| AnnouncementKind::Note { on })
        }
    }
}
