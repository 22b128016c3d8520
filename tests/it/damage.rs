//! Sound feeds are damaged in each way that we know, at many places, and what a reader could still know must be read.

use std::fs;
use std::path::Path;

use tidewaiter::parse::document::Document;
use tidewaiter::parse::{Input, feed};

mod ways;

use ways::{Damaged, Way};

/// What is known of an entry.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Known {
    id: Option<String>,
    link: Option<String>,
    title: Option<String>,
    published: Option<String>,
    summary: Option<String>,
}

fn read(bytes: &[u8]) -> Option<Document> {
    feed(Input { bytes, ..Input::default() }).ok()
}

fn known(document: &Document) -> Vec<Known> {
    let known = document.entries.iter().map(|entry| Known {
        id: entry.id.clone(),
        link: entry.link().map(str::to_owned),
        title: entry.title.as_ref().map(|title| title.text.trim().to_owned()),
        published: entry.published.or(entry.updated).map(|time| time.to_rfc3339()),
        summary: entry.summary.as_ref().map(|summary| summary.text.trim().to_owned()),
    });
    known.collect()
}

/// Sound XML feeds of ours with two entries or more, and an RSS and an Atom feed with all that feeds have.
fn sound_feeds() -> Vec<(String, String)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut feeds = Vec::new();
    for folder in ["src/demo/sources", "tests/data/damage"] {
        for file in fs::read_dir(root.join(folder)).unwrap() {
            let path = file.unwrap().path();
            if path.extension().is_some_and(|end| matches!(end.to_str(), Some("xml" | "atom" | "rdf"))) {
                // One is in another encoding; damage is done to letters.
                feeds.extend(fs::read_to_string(&path).map(|text| (path.display().to_string(), text)));
            }
        }
    }
    feeds.sort();
    let is_sound = |document: &Document| document.entries.len() > 1 && document.flaws.is_empty();
    feeds.retain(|(_, text)| read(text.as_bytes()).as_ref().is_some_and(is_sound));
    assert!(feeds.len() >= 6, "{}", feeds.len());
    feeds
}

/// Damages every feed in this way, wherever it can be done, and compares entry by entry.
fn check(way: Way) {
    let (mut documents, mut wrong) = (0, Vec::new());
    for (name, text) in sound_feeds() {
        let whole = known(&read(text.as_bytes()).unwrap());
        for damaged in ways::damage(way, &text) {
            documents += 1;
            if let Err(why) = compare(&whole, &damaged) {
                wrong.push(format!("{name}, {}: {why}", damaged.what));
            }
        }
    }
    let (right, few) = (documents - wrong.len(), wrong.iter().take(5).cloned().collect::<Vec<_>>());
    assert!(documents >= 8, "{documents} of {way:?}");
    assert!(wrong.is_empty(), "{way:?}: {right} of {documents} right\n{}", few.join("\n"));
}

fn compare(whole: &[Known], damaged: &Damaged) -> Result<(), String> {
    let document = read(&damaged.bytes).ok_or("refused")?;
    let found = known(&document);
    let expected = whole.get(..damaged.entries.unwrap_or(whole.len())).unwrap_or(whole);
    // Of an entry that was cut in two, what came before the cut may be there or not.
    let spare = usize::from(damaged.entries.is_some());
    if found.len() < expected.len() || found.len() > expected.len() + spare {
        return Err(format!("{} entries instead of {}", found.len(), expected.len()));
    }
    for (expected, found) in expected.iter().zip(&found) {
        let (expected, found) = ((damaged.seen)(expected.clone()), (damaged.seen)(found.clone()));
        if expected != found {
            return Err(format!("{found:?} instead of {expected:?}"));
        }
    }
    Ok(())
}

#[test]
fn of_a_feed_that_breaks_off_every_entry_before_is_read() {
    check(Way::BreaksOff);
}

#[test]
fn bare_ampersands_stand_for_themselves() {
    check(Way::BareAmpersand);
}

#[test]
fn entities_of_html_are_their_letters() {
    check(Way::HtmlEntity);
}

#[test]
fn control_characters_are_left_out() {
    check(Way::ControlCharacter);
}

#[test]
fn a_bad_byte_spoils_no_more_than_itself() {
    check(Way::BadUtf8);
}

#[test]
fn undeclared_prefixes_have_their_usual_meaning_or_none() {
    check(Way::UndeclaredPrefix);
}

#[test]
fn an_element_that_is_not_closed_ends_where_the_next_begins() {
    check(Way::UnclosedElement);
}

#[test]
fn what_stands_before_a_feed_is_no_part_of_it() {
    check(Way::JunkBefore);
}

#[test]
fn what_stands_after_a_feed_is_no_part_of_it() {
    check(Way::JunkAfter);
}

#[test]
fn end_tags_may_be_missing() {
    check(Way::NoEndTags);
}

#[test]
fn a_wrong_name_of_the_encoding_is_found_out() {
    check(Way::WrongEncoding);
}

#[test]
fn attributes_may_be_doubled_or_unquoted() {
    check(Way::Attributes);
}
