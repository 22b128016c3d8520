//! Which entries are one story, and who leads it.

use chrono::{DateTime, Duration};

use super::*;
use crate::model::entry::{DateOrigin, EntryId};
use crate::model::source::SourceId;

const TITLE: &str = "Ministers keep e-commerce free of customs duties";

struct Line {
    source: &'static str,
    rank: Rank,
    title: &'static str,
    link: &'static str,
    day: i64,
    text: &'static str,
}

const fn line(
    source: &'static str,
    rank: Rank,
    title: &'static str,
    link: &'static str,
    day: i64,
    text: &'static str,
) -> Line {
    Line { source, rank, title, link, day, text }
}

fn entry(line: &Line, id: i64) -> Entry {
    let published = DateTime::from_timestamp(1_513_123_200, 0).unwrap() + Duration::days(line.day);
    Entry {
        id: EntryId(id),
        source: SourceId::parse(line.source).unwrap(),
        title: line.title.to_owned(),
        link: Some(line.link.parse().unwrap()),
        summary: None,
        content: None,
        base: None,
        language: None,
        authors: Vec::new(),
        categories: Vec::new(),
        published: Some(published),
        date_origin: DateOrigin::Feed,
        first_seen: published,
        listed: published,
        changed: published,
    }
}

/// Stories as lists of sources, the leading one first.
fn stories(lines: &[Line]) -> Vec<Vec<&'static str>> {
    let entries: Vec<Entry> =
        lines.iter().enumerate().map(|(at, line)| entry(line, i64::try_from(at).unwrap())).collect();
    let told: Vec<Told<'_>> = entries
        .iter()
        .zip(lines)
        .map(|(entry, line)| Told { entry, rank: line.rank, text: line.text })
        .collect();
    let mut stories: Vec<Vec<&str>> = join(&told)
        .into_iter()
        .map(|group| group.members.into_iter().map(|at| lines[at].source).collect())
        .collect();
    stories.sort();
    stories
}

fn check(mut lines: Vec<Line>, expected: &[&[&str]]) {
    assert_eq!(stories(&lines), expected);
    lines.reverse();
    assert_eq!(stories(&lines), expected, "in the opposite order");
}

#[test]
fn the_issuing_institution_leads_however_late_it_is() {
    check(
        vec![
            line(
                "portal",
                Rank::Aggregator,
                TITLE,
                "https://p.org/1",
                0,
                "trade ministers agreed in Buenos Aires",
            ),
            line(
                "wto",
                Rank::Institution,
                TITLE,
                "https://wto.org/1",
                1,
                "Trade ministers agreed in Buenos Aires to go on.",
            ),
        ],
        &[&["wto", "portal"]],
    );
}

#[test]
fn one_title_over_different_texts_is_two_stories() {
    check(
        vec![
            line(
                "a",
                Rank::Institution,
                "Customs announces new opening hours for May",
                "https://a.org/1",
                0,
                "Port offices open at seven.",
            ),
            line(
                "b",
                Rank::Institution,
                "Customs announces new opening hours for May",
                "https://b.org/1",
                0,
                "Airports stay shut on Sundays.",
            ),
        ],
        &[&["a"], &["b"]],
    );
}

#[test]
fn short_titles_prove_nothing() {
    check(
        vec![
            line("a", Rank::Press, "Weekly update", "https://a.org/1", 0, ""),
            line("b", Rank::Press, "Weekly update", "https://b.org/1", 0, ""),
        ],
        &[&["a"], &["b"]],
    );
}

#[test]
fn numbers_tell_a_series_apart() {
    check(
        vec![
            line(
                "a",
                Rank::Press,
                "Customs tariff bulletin number 31 is out",
                "https://a.org/1",
                0,
                "Out now.",
            ),
            line(
                "b",
                Rank::Press,
                "Customs tariff bulletin number 32 is out",
                "https://b.org/1",
                0,
                "Out now.",
            ),
        ],
        &[&["a"], &["b"]],
    );
}

#[test]
fn the_same_title_weeks_later_is_another_story() {
    check(
        vec![
            line("a", Rank::Press, TITLE, "https://a.org/1", 0, ""),
            line("b", Rank::Press, TITLE, "https://b.org/1", 30, ""),
        ],
        &[&["a"], &["b"]],
    );
}

#[test]
fn two_entries_of_one_source_stay_two() {
    check(
        vec![
            line("a", Rank::Press, TITLE, "https://a.org/1", 0, ""),
            line("a", Rank::Press, TITLE, "https://a.org/2", 0, ""),
        ],
        &[&["a"], &["a"]],
    );
}

#[test]
fn a_front_page_as_link_joins_nothing() {
    check(
        vec![
            line("a", Rank::Press, "Origin rules for textiles", "https://x.org/", 0, ""),
            line("b", Rank::Press, "Strike at the border", "https://x.org/", 0, ""),
        ],
        &[&["a"], &["b"]],
    );
}
