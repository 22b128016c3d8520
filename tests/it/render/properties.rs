//! Promises of the renderers that hold for any text.

use proptest::prelude::*;
use scraper::Html;
use tidewaiter::model::story::Story;
use tidewaiter::model::text::{clean, one_line};
use tidewaiter::render::{self, Selection};

use super::calendar::unfolded;
use super::sample::{news, sample, url};
use super::{html_of, select, words};

/// Text as it comes out of the model: of any kind, but cleaned.
fn any_text() -> impl Strategy<Value = String> {
    any::<String>().prop_map(|text| clean(&text).replace('\r', "\n"))
}

fn any_line() -> impl Strategy<Value = String> {
    prop_oneof![any::<String>(), "(</?(script|entry|h2|a)>|<!--|]]>|[<>&\"'{}% a-c-]){1,20}"]
        .prop_map(|text| one_line(&text))
        .prop_filter("a title has words", |line| !line.is_empty())
}

fn any_story() -> impl Strategy<Value = Story> {
    (any_line(), any_text(), any_line(), any_line(), any::<bool>()).prop_map(
        |(title, summary, name, query, linked)| {
            let mut story = news("any", "en", &title);
            let mut link = url("https://harbour.example/any");
            link.set_query(Some(&query));
            link.set_fragment(Some(&name));
            story.link = linked.then_some(link);
            story.html =
                format!("<p>{}</p>", summary.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;"));
            story.summary = summary;
            story.source.title.clone_from(&name);
            story.source.credit = Some(title);
            story.authors = vec![name];
            story
        },
    )
}

proptest! {
    #[test]
    fn what_we_publish_we_can_read_back(story in any_story()) {
        let sample = sample();
        let selection = Selection { name: "all", title: "Everything", stories: vec![&story] };
        let link = story.link.as_ref().map_or("https://ledger.brokers.example/#any".to_owned(), ToString::to_string);
        for page in [render::atom, render::rss, render::json_feed].map(|write| write(&sample.site, &sample.topics, &selection)) {
            let feed = feed_rs::parser::parse(&*page.bytes).unwrap_or_else(|error| panic!("{}: {error}", page.path));
            prop_assert_eq!(feed.entries.len(), 1);
            let entry = &feed.entries[0];
            prop_assert_eq!(&entry.id, &story.id);
            prop_assert_eq!(entry.title.as_ref().map(|title| title.content.as_str()), Some(story.title.as_str()), "{}", &page.path);
            prop_assert_eq!(&entry.links[0].href, &link);
            let body = entry.content.as_ref().and_then(|content| content.body.as_deref());
            prop_assert_eq!(body, Some(story.html.as_str()), "{}", &page.path);
        }
    }

    #[test]
    fn any_text_stays_text_in_the_digest(story in any_story()) {
        let html = Html::parse_document(&html_of(std::slice::from_ref(&story)));
        // A space before a mark does not break the line; nothing else may change.
        let spaced = |text: &str| text.replace('\u{a0}', " ");
        prop_assert_eq!(words(&html, ".lead h3").iter().map(|text| spaced(text)).collect::<Vec<_>>(), [spaced(&story.title)]);
        prop_assert_eq!(select(&html, "script", "type"), ["application/ld+json"]);
        let data: serde_json::Value = serde_json::from_str(&words(&html, "script").concat()).unwrap();
        // Of a source nothing stands there: what a script holds is the same whatever they say.
        let sample = sample();
        prop_assert_eq!(&data["@graph"][0]["name"], sample.site.title.as_str());
        prop_assert_eq!(data["@graph"].as_array().map(Vec::len), Some(1));
        for href in select(&html, "[href]", "href") {
            prop_assert!(!href.to_lowercase().starts_with("javascript:") && !href.starts_with("//"), "{}", href);
        }
    }

    #[test]
    fn any_text_stays_one_line_of_a_calendar(story in any_story()) {
        let mut sample = sample();
        let mut event = sample.events.remove(0);
        event.summary = story.summary;
        event.event.as_mut().unwrap().title.clone_from(&story.title);
        let lines = unfolded(&render::calendar(&sample.site, "events.ics".to_owned(), &[&event]));
        let summary = format!("SUMMARY:{}", story.title.replace('\\', "\\\\").replace(',', "\\,").replace(';', "\\;"));
        prop_assert!(lines.contains(&summary), "{} in {:?}", summary, lines);
        prop_assert!(lines.iter().all(|line| line.split_once(':').is_some_and(|(name, _)| name.bytes().all(|b| b.is_ascii_uppercase() || b"-;=".contains(&b)))));
    }
}
