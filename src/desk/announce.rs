//! An announcement becomes a story, as members see it.

use crate::config::{ANNOUNCEMENTS, Site};
use crate::model::announcement::{Announcement, AnnouncementKind};
use crate::model::entry::DateOrigin;
use crate::model::story::{Byline, Story, StoryKind, Why};
use crate::model::text::{Markup, host};
use crate::parse::html::{excerpt, text};

const SUMMARY_SENTENCES: usize = 3;
const SUMMARY_CHARACTERS: usize = 400;

/// The story that an announcement tells. A note tells none: it belongs to the entry that it introduces, and the caller
/// puts it there.
pub fn story(announcement: &Announcement, site: &Site) -> Story {
    let (kind, event) = match &announcement.kind {
        AnnouncementKind::Event(event) => (StoryKind::Event, Some(event.clone())),
        AnnouncementKind::Alert => (StoryKind::Alert, None),
        AnnouncementKind::News | AnnouncementKind::Note { .. } => (StoryKind::News, None),
    };
    let words = text(&Markup::html(&announcement.html));
    let summary = excerpt(&words, SUMMARY_SENTENCES, SUMMARY_CHARACTERS);
    Story {
        id: format!("tag:{}:announcement/{}", site.tag, announcement.id),
        slug: format!("announcement-{}", announcement.id),
        kind,
        entries: Vec::new(),
        title: announcement.title.clone(),
        retitled: false,
        link: announcement.link.clone(),
        language: announcement.language.clone(),
        source: byline(site),
        authors: Vec::new(),
        published: announcement.publish,
        date_origin: DateOrigin::Feed,
        updated: announcement.updated,
        listed: announcement.publish,
        seen: announcement.publish,
        html: if says_more(&announcement.html, &summary) { announcement.html.clone() } else { String::new() },
        summary,
        topics: announcement.topics.clone(),
        why: Why::Announcement,
        note: None,
        also: Vec::new(),
        event,
        pinned: announcement.pin || kind == StoryKind::Alert,
        withdrawn: None,
    }
}

fn byline(site: &Site) -> Byline {
    Byline {
        id: ANNOUNCEMENTS.to_owned(),
        title: site.organisation.clone(),
        url: None,
        host: host(&site.home).to_owned(),
        credit: None,
    }
}

/// Is there more in the text than its summary: more words, a link, a list, an emphasis?
fn says_more(html: &str, summary: &str) -> bool {
    let inside = html.strip_prefix("<p>").and_then(|html| html.strip_suffix("</p>"));
    inside.is_none_or(|inside| inside.contains('<') || text(&Markup::html(inside)).trim() != summary)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::desk::{Desk, parse};
    use crate::model::language::Language;
    use crate::model::topic::TopicId;

    fn check(kind: &str, lines: &str, body: &str) -> Story {
        let topics = ["alerts", "events"].map(|id| TopicId::parse(id).expect(id));
        let language = Language::parse("en").expect("a tag");
        let desk = Desk { topics: &topics, language: &language, time_zone: chrono_tz::Tz::UTC };
        let text =
            format!("+++\nkind = \"{kind}\"\ntitle = \"T\"\npublish = 2018-01-08\n{lines}\n+++\n{body}\n");
        let site = Site {
            title: "The Bulletin".to_owned(),
            subtitle: String::new(),
            organisation: "IFCBA".to_owned(),
            organisation_name: "International Federation of Customs Brokers Associations".to_owned(),
            url: "https://bulletin.example/".parse().expect("an address"),
            home: "https://www.ifcba.example/".parse().expect("an address"),
            contact: "secretariat@ifcba.example".to_owned(),
            language: language.clone(),
            time_zone: chrono_tz::Tz::UTC,
            tag: "ifcba.example,2018".to_owned(),
        };
        story(&parse("a-name", &text, desk).expect("an announcement"), &site)
    }

    #[test]
    fn ids_are_made_of_the_site_and_the_name() {
        let story = check("alert", "", "");
        assert_eq!(story.id, "tag:ifcba.example,2018:announcement/a-name");
        assert_eq!(story.slug, "announcement-a-name");
        assert_eq!((story.source.title.as_str(), story.source.host.as_str()), ("IFCBA", "ifcba.example"));
    }

    #[test]
    fn an_alert_is_pinned_and_other_news_if_it_says_so() {
        assert!(check("alert", "", "").pinned);
        assert!(check("news", "topics = [\"events\"]\npin = true", "").pinned);
        assert!(!check("news", "topics = [\"events\"]", "").pinned);
    }

    #[test]
    fn an_event_keeps_its_times() {
        let story = check("event", "starts = 2018-03-14", "");
        assert_eq!((story.kind, story.event.is_some()), (StoryKind::Event, true));
    }

    #[test]
    fn a_change_by_staff_moves_updated_and_nothing_else() {
        let story = check("alert", "updated = 2018-01-10", "");
        assert_eq!((story.updated - story.published).num_days(), 2);
        assert_eq!(story.seen, story.published);
    }

    #[test]
    fn what_the_summary_says_whole_is_not_said_twice() {
        let plain = check("alert", "", "One sentence.");
        assert_eq!((plain.summary.as_str(), plain.html.as_str()), ("One sentence.", ""));
        let list = check("alert", "", "Two:\n\n* one\n* two");
        assert!(list.html.contains("<li>two</li>"), "{}", list.html);
    }
}
