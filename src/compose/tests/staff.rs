//! What staff decided, in what members see.

use super::*;
use crate::compose::until::Standing;
use crate::model::decision::Act;
use crate::model::topic::TopicId;

const TITLE: &str = "Ministers keep customs duties off e-commerce";

fn act_on(entry: i64, act: Act) -> Decision {
    Decision { entry: EntryId(entry), at: now() - TimeDelta::hours(1), by: "Ann".to_owned(), act }
}

/// These entries, of which staff did that.
fn decided(entries: Vec<Entry>, acts: Vec<(i64, Act)>) -> Snapshot {
    let decisions = acts.into_iter().map(|(entry, act)| act_on(entry, act)).collect();
    Snapshot { decisions, ..of(entries) }
}

/// The press tells it first, then the institution, which leads.
fn told_twice(acts: Vec<(i64, Act)>) -> Snapshot {
    decided(vec![entry(1, "press", TITLE, 9), entry(2, "wco", TITLE, 3)], acts)
}

fn retitle(title: &str) -> Act {
    Act::Retitle(Some(title.to_owned()))
}

fn updated(snapshot: &Snapshot) -> DateTime<Utc> {
    stories(snapshot, &config(), now()).first().expect("a story").updated
}

#[test]
fn staff_beat_the_rules() {
    let fish = || vec![entry(1, "wco", "Fish", 1), entry(2, "wco", "Customs", 2)];
    check(&decided(fish(), vec![]), &["Customs"]);
    check(&decided(fish(), vec![(1, Act::Accept), (2, Act::Reject)]), &["Fish"]);
    check(
        &decided(fish(), vec![(1, Act::Accept), (2, Act::Reject), (1, Act::Leave), (2, Act::Leave)]),
        &["Customs"],
    );
}

#[test]
fn what_staff_said_of_one_they_said_of_the_story() {
    let acts = vec![
        (1, retitle("Press title")),
        (1, Act::Note(Some("Look.".to_owned()))),
        (1, Act::Topics(Some(vec![TopicId::parse("other").expect("an id")]))),
        (1, Act::Pin),
    ];
    let all = stories(&told_twice(acts), &config(), now());
    let [story] = all.as_slice() else { panic!("{all:?}") };
    assert_eq!((story.title.as_str(), story.source.title.as_str()), ("Press title", "WCO"));
    assert_eq!(story.note.as_deref(), Some("<p>Look.</p>"));
    assert_eq!(story.topics, [TopicId::parse("other").expect("an id")]);
    assert!(story.pinned);
    check(&told_twice(vec![(1, retitle("Press title")), (2, retitle("Own title"))]), &["Own title"]);
}

#[test]
fn who_is_rejected_leaves_the_story_to_the_others() {
    let rejected = told_twice(vec![(2, Act::Reject)]);
    let all = stories(&rejected, &config(), now());
    assert_eq!(all.iter().map(|story| story.source.title.as_str()).collect::<Vec<_>>(), ["Press"]);
    assert!(all.iter().all(|story| story.also.is_empty()));
}

#[test]
fn members_are_told_of_a_new_title_or_note_and_not_of_a_pin() {
    let entries = || vec![entry(1, "wco", "Customs", 9)];
    let (before, then) = (now() - TimeDelta::hours(9), now() - TimeDelta::hours(1));
    assert_eq!(updated(&decided(entries(), vec![(1, Act::Pin), (1, Act::Accept)])), before);
    assert_eq!(updated(&decided(entries(), vec![(1, retitle("New"))])), then);
    assert_eq!(updated(&decided(entries(), vec![(1, Act::Note(Some("New".to_owned())))])), then);
}

#[test]
fn what_is_pinned_leads_the_digest_whatever_its_age() {
    let entries = vec![entry(1, "wco", "Customs of old", 2000), entry(2, "wco", "Customs of today", 1)];
    let html = |acts| page(&compose(&decided(entries.clone(), acts), &config(), now()), "index.html");
    assert!(!html(vec![]).contains("Customs of old"));
    let pinned = html(vec![(1, Act::Pin)]);
    assert!(pinned.find("Customs of old") < pinned.find("Customs of today"), "{pinned}");
}

#[test]
fn what_no_topic_takes_stands_in_the_digest_all_the_same() {
    let mut entries: Vec<Entry> = (2..9).map(|id| entry(id, "press", "Customs", 1)).collect();
    entries.push(entry(1, "links", "Fish", 9));
    let mut config = config();
    config.output.top_stories = 1;
    let html = page(&compose(&decided(entries, vec![(1, Act::Accept)]), &config, now()), "index.html");
    assert!(html.contains("Fish") && html.contains("The Secretariat chose it."), "{html}");
}

#[test]
fn readers_see_who_filed_it_and_who_let_it_in() {
    let acts = |act| decided(vec![entry(1, "wco", "Customs", 1)], vec![(1, act)]);
    let by = |snapshot: &Snapshot| {
        items(snapshot)[0]["_tidewaiter"]["why"]["by"].as_str().expect("a word").to_owned()
    };
    assert_eq!(by(&acts(Act::Accept)), "rules");
    let filed = acts(Act::Topics(Some(vec![TopicId::parse("customs").expect("an id")])));
    assert_eq!(by(&filed), "filed");
    assert_eq!(by(&decided(vec![entry(1, "wco", "Fish", 1)], vec![(1, Act::Accept)])), "accepted");
}

#[test]
fn a_decision_makes_the_publication_anew() {
    let entries = || vec![entry(1, "wco", "Customs", 1)];
    let before = Standing::of(&decided(entries(), vec![]), &config(), now());
    let after = Standing::of(&decided(entries(), vec![(1, Act::Pin)]), &config(), now());
    assert!(!after.is_still(&before));
}

#[test]
fn a_title_of_staff_is_in_the_language_of_the_site() {
    let mut arabic = entry(1, "wco", "Customs جمارك", 1);
    arabic.language = Language::parse("ar");
    let pages = |acts| compose(&decided(vec![arabic.clone()], acts), &config(), now());
    let (own, new) = (pages(vec![]), pages(vec![(1, retitle("Customs, in short"))]));
    assert!(page(&own, "index.html").contains("<h3 lang=\"ar\" dir=\"rtl\">"));
    assert!(page(&own, "feeds/all.atom").contains("<title xml:lang=\"ar\">"));
    let html = page(&new, "index.html");
    assert!(html.contains("<h3><a") && html.contains("<p class=\"sum\" lang=\"ar\" dir=\"rtl\">"), "{html}");
    assert!(page(&new, "feeds/all.atom").contains("<title xml:lang=\"en\">Customs, in short"));
}
