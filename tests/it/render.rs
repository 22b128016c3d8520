//! What the renderers write: golden files, and what a feed must say.

mod calendar;
mod digest;
mod properties;
mod sample;

use scraper::{Html, Selector};
use std::path::Path;
use tidewaiter::model::page::Page;
use tidewaiter::model::story::Story;
use tidewaiter::model::text::one_line;
use tidewaiter::render::{self, Digest, Selection};

use self::sample::{Sample, day, news, sample};

fn selection(sample: &Sample) -> Selection<'_> {
    let stories = sample.alerts.iter().chain(&sample.events).chain(&sample.news).collect();
    Selection { name: "all", title: "Everything", stories }
}

fn digest(sample: &Sample) -> Digest<'_> {
    Digest {
        site: &sample.site,
        as_of: "2018-01-15T06:40:00Z".parse().unwrap(),
        alerts: sample.alerts.iter().collect(),
        events: sample.events.iter().collect(),
        top: sample.news.iter().take(2).collect(),
        sections: vec![
            (&sample.sections[0], sample.news.iter().skip(3).take(2).collect()),
            (&sample.sections[1], vec![&sample.news[2], &sample.news[5]]),
        ],
        topics: &sample.topics,
        sources: sample.sources.iter().collect(),
    }
}

fn pages(sample: &Sample) -> Vec<Page> {
    let events: Vec<_> = sample.events.iter().collect();
    let empty = Selection { name: "quiet", title: "A quiet topic", stories: Vec::new() };
    let mut pages = vec![
        render::atom(&sample.site, &sample.topics, &selection(sample)),
        render::atom(&sample.site, &sample.topics, &empty),
        render::rss(&sample.site, &sample.topics, &selection(sample)),
        render::json_feed(&sample.site, &sample.topics, &selection(sample)),
        render::calendar(&sample.site, "events.ics".to_owned(), &events),
        render::calendar(&sample.site, "events/call.ics".to_owned(), &events[1..2]),
        render::opml(&sample.site, &sample.sources.iter().collect::<Vec<_>>()),
        render::digest(&digest(sample)),
    ];
    pages.extend(render::assets());
    pages
}

fn text(page: Page) -> String {
    String::from_utf8(page.bytes).unwrap()
}

/// The digest with nothing in it but these top stories.
fn html_of(stories: &[Story]) -> String {
    let sample = sample();
    let top = stories.iter().collect();
    let (alerts, events, sections) = (Vec::new(), Vec::new(), Vec::new());
    text(render::digest(&Digest { alerts, events, top, sections, ..digest(&sample) }))
}

fn select(html: &Html, selector: &str, attribute: &str) -> Vec<String> {
    let selector = Selector::parse(selector).unwrap();
    html.select(&selector).filter_map(|element| element.attr(attribute)).map(str::to_owned).collect()
}

fn words(html: &Html, selector: &str) -> Vec<String> {
    let selector = Selector::parse(selector).unwrap();
    html.select(&selector).map(|element| element.text().collect()).collect()
}

#[test]
fn pages_are_as_they_were_read_and_approved() {
    let sample = sample();
    for page in pages(&sample) {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/golden/render").join(&page.path);
        if page.path.ends_with(".css") {
            continue; // The templates are their own approval.
        }
        if std::env::var_os("UPDATE_EXPECT").is_some() {
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(&path, &page.bytes).unwrap();
        }
        let wanted = std::fs::read(&path).unwrap_or_default();
        let same = wanted == page.bytes;
        assert!(
            same,
            "{} is not what it was; UPDATE_EXPECT=1 cargo test, then read the difference",
            page.path
        );
    }
}

#[test]
fn the_same_stories_give_the_same_bytes() {
    assert_eq!(pages(&sample()), pages(&sample()));
}

#[test]
fn a_feed_changes_when_a_story_of_it_does() {
    let sample = sample();
    let mut late = news("late", "en", "Late");
    late.updated = day("2018-01-14");
    let feed = |stories| {
        feed_rs::parser::parse(
            &*render::atom(&sample.site, &[], &Selection { name: "all", title: "All", stories }).bytes,
        )
        .unwrap()
    };
    assert_eq!(feed(vec![&late, &sample.news[0]]).updated, Some(day("2018-01-14")));
    assert_eq!(feed(Vec::new()).updated, Some(chrono::DateTime::UNIX_EPOCH));
}

#[test]
fn the_note_for_people_stands_in_the_feed_whatever_its_title() {
    let mut sample = sample();
    sample.site.title = "A <entry> & </feed> \"B\"".to_owned();
    let feed = text(render::atom(&sample.site, &[], &selection(&sample)));
    let read = feed_rs::parser::parse(feed.as_bytes()).unwrap();
    assert_eq!(read.title.unwrap().content, "A <entry> & </feed> \"B\": Everything");
    assert_eq!(read.entries.len(), selection(&sample).stories.len());
    assert!(feed.find("class=\"note\"").unwrap() < feed.find("<entry>").unwrap());
}

#[test]
fn characters_that_xml_forbids_do_not_reach_a_page() {
    let title: String = ('\u{0}'..='\u{A0}').chain(['\u{FFFE}', '\u{FFFF}', '\u{202E}', 'z']).collect();
    let sample = sample();
    let story = news("controls", "en", &one_line(&title));
    let selection = Selection { name: "all", title: "Everything", stories: vec![&story] };
    for page in [render::atom, render::rss].map(|write| write(&sample.site, &sample.topics, &selection)) {
        let text = text(page);
        let bad = text
            .chars()
            .find(|c| (c.is_control() && !"\n\t".contains(*c)) || "\u{FFFE}\u{FFFF}\u{202E}".contains(*c));
        assert_eq!(bad, None);
    }
}
