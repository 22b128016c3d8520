//! What staff did: announcements and decisions, applied over verdicts.

pub mod announce;
pub mod decided;
mod draft;
mod event;
mod front_matter;
mod markdown;
mod moment;

use chrono_tz::Tz;

use crate::model::announcement::Announcement;
use crate::model::language::Language;
use crate::model::nearest;
use crate::model::topic::{TopicId, is_slug};
use front_matter::FrontMatter;

/// What an announcement is checked against.
#[derive(Debug, Clone, Copy)]
pub struct Desk<'a> {
    /// Topics that may be named.
    pub topics: &'a [TopicId],
    pub language: &'a Language,
    /// For times without a zone.
    pub time_zone: Tz,
}

/// A mistake in an announcement.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// From 1, within the file.
    pub line: usize,
    /// In characters, from 1.
    pub column: usize,
    pub message: String,
    /// How to mend it; may be empty.
    pub hint: String,
}

/// The file's name without `.md` is the announcement's id. `None`: the file is no announcement (`README.md`, drafts
/// whose name begins with `_`, other kinds of files). `Err`: it is one, but its name can't stand in an address.
pub fn id_of(file_name: &str) -> Option<Result<String, Problem>> {
    let (stem, extension) = file_name.rsplit_once('.')?;
    let skipped = stem.starts_with(['_', '.']) || stem.is_empty() || stem.eq_ignore_ascii_case("readme");
    (extension.eq_ignore_ascii_case("md") && !skipped).then(|| checked_id(stem))
}

/// Reads one announcement: TOML front matter between `+++` lines, then Markdown. `id` is the file's name without `.md`.
/// `Err` holds every mistake in it.
pub fn parse(id: &str, text: &str, desk: Desk<'_>) -> Result<Announcement, Vec<Problem>> {
    let (mut front, body) = FrontMatter::read(text).map_err(|problem| vec![problem])?;
    let announcement = draft::read(id, &mut front, body, desk);
    let mut problems = front.problems();
    problems.splice(0..0, checked_id(id).err());
    match announcement {
        Some(announcement) if problems.is_empty() => Ok(announcement),
        _ => Err(problems),
    }
}

fn checked_id(id: &str) -> Result<String, Problem> {
    if is_slug(id) {
        return Ok(id.to_owned());
    }
    Err(Problem {
        line: 1,
        column: 1,
        message: format!(
            "the file's name `{id}` must be lower-case letters, digits and single hyphens, at most 64"
        ),
        hint: nearest::id(id).map_or_else(String::new, |id| format!("rename the file to `{id}.md`")),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::announcement::{AnnouncementKind, Event, When};
    use proptest::prelude::*;

    fn read(id: &str, text: &str) -> Result<Announcement, Vec<Problem>> {
        let topics = ["alerts", "brokers", "events", "people"].map(|id| TopicId::parse(id).expect(id));
        let language = Language::parse("en").expect("a tag");
        parse(id, text, Desk { topics: &topics, language: &language, time_zone: Tz::Europe__Brussels })
    }

    /// Front matter lines that are right for the kind, then `lines`, then a text.
    fn file(kind: &str, lines: &str) -> String {
        let own = match kind {
            "event" => "starts = 2018-03-14\n",
            "note" => "note_on = \"https://wco.example/theme\"\n",
            "news" => "topics = [\"people\"]\n",
            _ => "",
        };
        format!(
            "+++\nkind = \"{kind}\"\ntitle = \"A title\"\npublish = 2018-01-08\n{own}{lines}\n+++\nA *text*.\n"
        )
    }

    fn good(kind: &str, lines: &str) -> Announcement {
        read("a-name", &file(kind, lines)).expect(lines)
    }

    fn event(lines: &str) -> Event {
        match good("event", lines).kind {
            AnnouncementKind::Event(event) => event,
            other => panic!("{other:?}"),
        }
    }

    /// The mistakes in a whole file, as `line:column message; hint`, one a line.
    fn check_file(text: &str, expected: &[&str]) {
        let problems = read("a-name", text).expect_err(text);
        let lines = problems.iter().map(|p| format!("{}:{} {}; {}", p.line, p.column, p.message, p.hint));
        assert_eq!(lines.collect::<Vec<_>>(), expected);
    }

    fn check(kind: &str, lines: &str, expected: &[&str]) {
        check_file(&file(kind, lines), expected);
    }

    #[test]
    fn news_is_read_with_what_it_leaves_out_filled_in() {
        let news = good("news", "");
        assert_eq!(news.kind, AnnouncementKind::News);
        assert_eq!((news.id.as_str(), news.title.as_str()), ("a-name", "A title"));
        assert_eq!(news.html, "<p>A <em>text</em>.</p>");
        assert_eq!(news.publish.to_rfc3339(), "2018-01-07T23:00:00+00:00");
        assert_eq!((news.updated, news.expire), (news.publish, None));
        assert_eq!(news.topics, [TopicId::parse("people").expect("a slug")]);
        assert_eq!(news.language.as_str(), "en");
    }

    #[test]
    fn an_event_takes_whole_days_both_included() {
        let when = event("ends = 2018-03-16\nplace = \"Kampala, Uganda\"").when;
        assert!(matches!(when, When::Days { first, last } if (last - first).num_days() == 2), "{when:?}");
    }

    #[test]
    fn an_event_may_have_times_in_its_own_zone() {
        let text = file("event", "ends = 2018-03-14T12:30:00\ntime_zone = \"Africa/Kampala\"")
            .replace("2018-03-14\n", "2018-03-14T09:00:00\n");
        let AnnouncementKind::Event(event) = read("a", &text).expect("an event").kind else {
            panic!("no event");
        };
        let When::Times { start, end } = event.when else { panic!("no times") };
        assert_eq!(start.to_rfc3339(), "2018-03-14T09:00:00+03:00");
        assert_eq!((end - start).num_minutes(), 210);
    }

    #[test]
    fn an_event_without_an_end_ends_when_it_starts() {
        assert!(matches!(event("").when, When::Days { first, last } if first == last));
    }

    #[test]
    fn an_event_can_be_cancelled_and_counted_up() {
        let event = event("cancelled = true\nsequence = 2\nregistration = \"https://wco.example/r\"");
        assert_eq!((event.cancelled, event.sequence), (true, 2));
        assert_eq!(event.registration.expect("a link").as_str(), "https://wco.example/r");
    }

    #[test]
    fn events_and_alerts_are_filed_by_themselves_and_news_is_not() {
        assert_eq!(good("event", "").topics[0].as_str(), "events");
        assert_eq!(good("alert", "").topics[0].as_str(), "alerts");
        check_file(
            "+++\nkind = \"news\"\ntitle = \"t\"\npublish = 2018-01-08\n+++\n",
            &[
                "1:1 `topics` is missing; add topics = [\"…\"] with one or more of: alerts, brokers, events, people",
            ],
        );
    }

    #[test]
    fn a_note_introduces_the_entry_that_it_names() {
        let AnnouncementKind::Note { on } = good("note", "").kind else { panic!("no note") };
        assert_eq!(on.as_str(), "https://wco.example/theme");
    }

    #[test]
    fn no_address_in_an_alert_is_a_link() {
        let text =
            file("alert", "") + "<no-reply@ICT.com> [here](https://evil.example) <https://evil.example/x>\n";
        let html = read("a", &text).expect("an alert").html;
        assert!(html.contains("no-reply@ICT.com"), "{html}");
        assert!(!html.contains("<a") && !html.contains("href"), "{html}");
    }

    #[test]
    fn headings_stand_below_the_title() {
        let html = read("a", &(file("news", "") + "\n# One\n\n## Two\n")).expect("news").html;
        assert!(html.contains("<h4>One</h4>") && html.contains("<h5>Two</h5>"), "{html}");
    }

    #[test]
    fn every_mistake_is_told_at_once_and_in_its_place() {
        let text = "+++\nkind = \"evnt\"\ntitel = \"t\"\npublish = \"2018-01-08\"\npin = \"yes\"\n\
                    topics = [\"people\", \"broker\"]\nlink = \"javascript:alert(1)\"\n+++\n";
        check_file(
            text,
            &[
                "1:1 `title` is missing; add title = \"…\"",
                "2:8 there is no kind `evnt`; did you mean `event`?",
                "3:1 there is no key `titel`; did you mean `title`?",
                "4:11 `publish` must be a date or a time without quotes: 2018-01-15 or 2018-01-15T09:30:00Z; ",
                "5:7 `pin` must be true or false, without quotes; ",
                "6:21 there is no topic `broker`; did you mean `brokers`?",
                "7:8 `link` is no address; write it whole: https://…",
            ],
        );
    }

    #[test]
    fn a_line_that_is_no_toml_is_told_once_and_hides_no_other() {
        let text = "+++\nkind = \"alert\"\ntitle = Beware\npublish = 2018-01-08\nexpire = 2018-01-01\n+++\n";
        let problems = read("a", text).expect_err("two mistakes");
        assert_eq!(problems.iter().map(|p| p.line).collect::<Vec<_>>(), [3, 5], "{problems:?}");
    }

    #[test]
    fn columns_count_characters() {
        check(
            "news",
            "language = \"é\", é = 1",
            &[
                "6:15 not TOML: unexpected key or value, expected newline, `#`; each line is `key = value`, texts in quotes",
            ],
        );
    }

    #[test]
    fn ends_come_after_starts() {
        check("event", "ends = 2018-03-13", &["6:8 it ends before it starts; "]);
        check(
            "event",
            "ends = 2018-03-16T10:00:00",
            &["6:8 `starts` and `ends` must both be days or both be times; "],
        );
        check(
            "news",
            "expire = 2018-01-08",
            &[
                "6:10 it expires before it is published; a date means 00:00: members see it up to the day before",
            ],
        );
        check(
            "news",
            "updated = 2018-01-07",
            &["6:11 it is updated before it is published; leave `updated` out until the text changes"],
        );
    }

    #[test]
    fn times_that_a_zone_has_twice_are_not_guessed() {
        let problems = read("a", &file("news", "expire = 2018-10-28T02:30:00")).expect_err("ambiguous");
        assert!(problems[0].message.starts_with("`expire`: 02:30 comes twice"), "{problems:?}");
    }

    #[test]
    fn keys_of_another_kind_are_refused() {
        check(
            "news",
            "starts = 2018-03-14",
            &["6:1 `starts` means nothing in an announcement of kind \"news\"; it belongs to: event"],
        );
        check(
            "alert",
            "link = \"https://a.example/\"",
            &[
                "5:1 `link` means nothing in an announcement of kind \"alert\"; it belongs to: news, event, note",
            ],
        );
    }

    #[test]
    fn zones_and_languages_are_known_ones() {
        check(
            "event",
            "time_zone = \"Africa/Kampla\"",
            &["6:13 there is no time zone `Africa/Kampla`; did you mean `Africa/Kampala`?"],
        );
        check(
            "news",
            "language = \"english\"",
            &["6:12 `english` is no language tag; write en, fr, es, pt-BR, zh, ar …"],
        );
    }

    #[test]
    fn what_a_kind_needs_is_asked_for() {
        check_file(
            "+++\nkind = \"note\"\ntitle = \"t\"\npublish = 2018-01-08\n+++\n\n",
            &[
                "1:1 `note_on` is missing; add the link of the entry that it introduces: note_on = \"https://…\"",
                "7:1 a note has no text; write it below the second `+++` line",
            ],
        );
        check_file(
            "+++\nkind = \"event\"\ntitle = \"t\"\npublish = 2018-01-08\n+++\n",
            &["1:1 `starts` is missing; add its first day or its time: starts = 2018-03-14"],
        );
    }

    #[test]
    fn a_file_without_front_matter_is_told_so() {
        check_file(
            "\n# Hello\n",
            &[
                "2:1 an announcement begins with a line `+++`; put kind, title and publish on top, between two lines `+++`",
            ],
        );
        check_file(
            "+++\nkind = \"news\"\n",
            &["3:1 the front matter does not end; put a second line `+++` between the keys and the text"],
        );
    }

    #[test]
    fn a_file_from_windows_is_read_the_same() {
        let text = format!("\u{feff}{}", file("news", "expire = 2018-02-01").replace('\n', "\r\n"));
        assert_eq!(read("a-name", &text), Ok(good("news", "expire = 2018-02-01")));
    }

    #[test]
    fn ids_are_file_names_that_can_stand_in_an_address() {
        let id = |name| id_of(name).map(|id| id.map_err(|problem| problem.hint));
        assert_eq!(id("aeo-2018.md"), Some(Ok("aeo-2018".to_owned())));
        assert_eq!(
            id("AEO Conference, 2018.md"),
            Some(Err("rename the file to `aeo-conference-2018.md`".to_owned()))
        );
        assert_eq!(id("会议.md"), Some(Err(String::new())));
        for none in ["README.md", "_draft.md", "notes.txt", ".md", ".hidden.md", "md"] {
            assert_eq!(id(none), None, "{none}");
        }
        assert_eq!(read("Bad Name", &file("news", "")).expect_err("a bad name").len(), 1);
    }

    proptest! {
        #[test]
        fn any_text_is_read_or_refused_with_a_reason(text in any::<String>()) {
            prop_assert!(read("a", &text).map_or_else(|problems| !problems.is_empty(), |_| true));
        }

        #[test]
        fn any_front_matter_is_read_or_refused_with_a_reason(
            lines in proptest::collection::vec(
                "(kind|title|publish|expire|starts|ends|topics|note_on|pin|link|time_zone|sequence|x) ?(=|\\.) ?\
                 (\"(news|event|alert|note|UTC|https://a\\.b/)\"|[0-9]{4}-(0[1-9]|1[0-2])-[0-3][0-9](T[0-2][0-9]:00:00)?|\\[\"people\"\\]|true|.{0,6})",
                0..8,
            ),
        ) {
            if let Err(problems) = read("a", &format!("+++\n{}\n+++\nText.\n", lines.join("\n"))) {
                prop_assert!(!problems.is_empty());
                prop_assert!(problems.iter().all(|p| p.line >= 1 && p.column >= 1));
            }
        }

        #[test]
        fn no_text_makes_a_script_or_a_link_in_an_alert(
            parts in proptest::collection::vec(
                prop_oneof![
                    Just("<script>x</script>"), Just("[a](https://b.example)"), Just("<a href='https://b.example'>"),
                    Just("<https://b.example>"), Just("<a@b.example>"), Just("![i](x)"), Just("\n\n"), Just("`"),
                    Just("[r]: javascript:x\n"), Just("[r]"), Just("<svg onload=x>"), Just("> "), Just("* "),
                    Just("<scr"), Just("ipt>"), Just("&lt;"), Just("\\"), Just("|"), Just("words "),
                ],
                0..24,
            ),
        ) {
            let text = file("alert", "") + &parts.concat();
            let html = read("a", &text).expect("an alert").html.to_lowercase();
            for tag in ["<script", "<a ", "<a>", "<svg", "<img"] {
                prop_assert!(!html.contains(tag), "{html}");
            }
        }
    }
}
