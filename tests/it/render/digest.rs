//! What a reader must find in the digest, and what must never be in it.

use scraper::Html;
use tidewaiter::model::story::{Story, Why};
use tidewaiter::model::verdict::{Field, TermList};
use tidewaiter::render;

use super::sample::{news, reason, sample, topic};
use super::{digest, html_of, pages, select, selection, text, words};

/// The first load of the digest: page and stylesheet.
const BUDGET: usize = 60_000;

fn check_digest(story: Story, wanted: &str) {
    let html = html_of(&[story]);
    assert!(html.contains(wanted), "no {wanted} in {html}");
}

#[test]
fn the_digest_fits_the_budget() {
    let sample = sample();
    let weight: usize = pages(&sample)
        .iter()
        .filter(|page| !page.path.contains('/'))
        .map(|page| match page.path.as_str() {
            "index.html" | "style.css" => page.bytes.len(),
            _ => 0,
        })
        .sum();
    assert!(weight <= BUDGET, "{weight}");
}

#[test]
fn every_link_of_the_digest_leads_to_the_web_to_a_page_or_to_a_place_in_it() {
    let html = Html::parse_document(&text(render::digest(&digest(&sample()))));
    let places = select(&html, "[id]", "id");
    for href in select(&html, "[href]", "href") {
        let known = if let Some(("", place)) = href.split_once('#') {
            places.iter().any(|id| id == place)
        } else {
            let page = href.starts_with("feeds/")
                || href.starts_with("events")
                || href == "sources.opml"
                || href == "style.css";
            page || href.starts_with("https://")
                || href.starts_with("http://")
                || href.starts_with("data:image/svg+xml,")
        };
        assert!(known, "{href}");
    }
}

#[test]
fn no_place_has_a_name_twice() {
    let sample = sample();
    let mut twice = digest(&sample);
    twice.sections[0].1.extend(sample.news.iter().chain(&sample.events));
    let html = Html::parse_document(&text(render::digest(&twice)));
    let mut ids = select(&html, "[id]", "id");
    let all = ids.len();
    ids.sort();
    ids.dedup();
    assert_eq!(ids.len(), all);
}

#[test]
fn an_address_in_an_alert_is_never_a_link() {
    let html = Html::parse_document(&text(render::digest(&digest(&sample()))));
    assert!(words(&html, ".alert").join(" ").contains("no-reply@bad.example"));
    assert!(select(&html, ".alert a", "href").is_empty());
    for href in select(&html, "[href]", "href") {
        assert!(
            !href.contains("bad.example") && !href.contains("mailto:") && !href.contains("@brokers"),
            "{href}"
        );
    }
    assert_eq!(
        select(&html, "meta[name=format-detection]", "content"),
        ["telephone=no, email=no, address=no, date=no"]
    );
}

#[test]
fn the_first_alert_is_open_and_the_others_are_one_click_away() {
    let html = Html::parse_document(&text(render::digest(&digest(&sample()))));
    assert_eq!(
        words(&html, ".alert h2"),
        ["Delete mail from no-reply@bad.example", "Bills from www.bad.example are false"]
    );
    assert_eq!(words(&html, ".alert details h2"), ["Bills from www.bad.example are false"]);
}

#[test]
fn headings_of_a_source_do_not_break_the_outline() {
    let html = Html::parse_document(&text(render::digest(&digest(&sample()))));
    assert_eq!(words(&html, "h1"), ["The Ledger"]);
    assert_eq!(words(&html, ".alert h3"), ["What to do"]);
    assert_eq!(words(&html, ".lead h4"), ["Agreed"]);
}

#[test]
fn events_show_stamp_place_and_the_site_that_registers() {
    let html = Html::parse_document(&text(render::digest(&digest(&sample()))));
    assert_eq!(
        words(&html, ".stamp"),
        [
            "30 JAN–2 FEB201830 January – 2 February 2018",
            "FEB20201820 February 2018",
            "MAR14201814 March 2018"
        ]
    );
    let acts = words(&html, ".acts").join("|");
    assert_eq!(acts.matches("Register at register.example").count(), 2, "not for what is cancelled: {acts}");
    assert_eq!(
        select(&html, ".acts a[type]", "href"),
        ["events/congress.ics", "events/call.ics", "events/forum.ics"]
    );
    assert_eq!(words(&html, ".cancelled"), ["Cancelled"]);
}

#[test]
fn a_list_stands_as_a_list_and_a_long_text_is_folded() {
    let html = Html::parse_document(&text(render::digest(&digest(&sample()))));
    assert_eq!(words(&html, ".lead .full ul li"), ["meet again,", "ask no duties,", "review."]);
    let mut long = news("long", "en", "Long");
    long.html = format!("<ul><li>{}</li></ul>", "word ".repeat(1000));
    let html = Html::parse_document(&html_of(&[long]));
    assert_eq!(words(&html, ".lead .sum"), ["Summary of long."]);
    assert_eq!(words(&html, ".lead details.more .full li").len(), 1);
}

#[test]
fn a_text_without_a_list_is_told_by_its_summary() {
    let mut story = news("plain", "en", "Plain");
    story.html = "<p>Much more.</p>".to_owned();
    check_digest(story.clone(), "<p class=\"sum\">Summary of plain.</p>");
    assert!(!html_of(&[story]).contains("Much more."));
}

#[test]
fn the_secretariats_note_stands_above_the_official_text() {
    for page in [render::digest(&digest(&sample())), render::atom(&sample().site, &[], &selection(&sample()))]
    {
        let text = text(page);
        let place = |words: &str| text.find(words).unwrap_or_else(|| panic!("no {words}"));
        assert!(place("Members may want to") < place("It is threefold"));
        assert!(text[..place("Members may want to")].contains("Secretariat"));
    }
}

#[test]
fn a_story_that_is_told_here_only_leads_to_itself() {
    let mut story = news("ours", "en", "Ours");
    story.link = None;
    check_digest(story.clone(), "<a href=\"#ours\">Ours</a>");
    check_digest(story, "id=\"ours\"");
}

#[test]
fn a_date_that_the_source_did_not_give_is_called_the_day_we_saw_it() {
    let mut story = news("undated", "en", "Undated");
    story.date_origin = tidewaiter::model::entry::DateOrigin::FirstSeen;
    check_digest(story, "seen <time datetime=\"2018-01-12\">12 Jan 2018</time>");
}

#[test]
fn another_language_is_named_by_its_own_name() {
    let arabic = news("arabic", "ar", "عنوان");
    check_digest(arabic.clone(), "<span class=\"tongue\" lang=\"ar\">العربية</span>");
    check_digest(
        arabic,
        "<h3 lang=\"ar\" dir=\"rtl\"><a href=\"https://www.harbour.example/arabic?lang=ar&amp;x=1\" hreflang=\"ar\">",
    );
    assert!(!html_of(&[news("english", "en-GB", "English")]).contains("tongue"));
}

#[test]
fn why_it_is_here_shows_the_words_and_the_topics_that_took_it() {
    let html = Html::parse_document(&text(render::digest(&digest(&sample()))));
    let why = words(&html, ".lead .why").concat();
    assert_eq!(words(&html, ".lead .why li"), ["Parcels & e-commerce", "Duties"]);
    assert_eq!(words(&html, ".lead .why mark"), ["e-commerce", "online <sales>", "customs"]);
    assert!(
        why.contains("Parcels & e-commerce: found e-commerce in the title; online <sales> in the text."),
        "{why}"
    );
    assert!(why.contains("Duties: because of its source."), "{why}");
    assert!(words(&html, "#undated .why").concat().contains("The Secretariat wrote it."));
    assert!(words(&html, "#theme .why").concat().contains("The Secretariat chose and introduced it."));
}

#[test]
fn a_word_that_another_one_says_too_is_not_a_second_reason() {
    let mut story = news("words", "en", "Words");
    let found = |words| reason("parcels", TermList::Strong, Field::Title, words);
    story.why = Why::Rules(["release", "Time Release studies", "RELEASE", "parcel"].map(found).into());
    let html = Html::parse_document(&html_of(&[story]));
    assert_eq!(words(&html, ".why mark"), ["Time Release studies", "parcel"]);
}

#[test]
fn the_numbers_count_each_story_and_source_once() {
    let html = Html::parse_document(&text(render::digest(&digest(&sample()))));
    assert_eq!(words(&html, ".boxes dd"), ["Monday 15 January 2018", "06:40 UTC", "6 stories, 3 sources"]);
    assert_eq!(words(&html, ".jump .n"), ["2", "2", "2"]);
}

#[test]
fn a_digest_without_stories_says_so() {
    let html = Html::parse_document(&html_of(&[]));
    let empty = words(&html, ".empty");
    assert_eq!(empty, ["No events announced.", "No new items since Monday 15 January 2018."]);
}

#[test]
fn a_topic_that_the_file_knows_no_longer_has_no_feed_to_link_to() {
    let mut story = news("old", "en", "Old");
    story.topics.push(topic("gone"));
    assert!(!html_of(&[story]).contains("gone"));
}
