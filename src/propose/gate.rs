//! What a reading of a page must be before it may be written into feeds.toml.

use std::collections::HashSet;

use super::{Candidate, words};

/// Three of a kind stand on every page.
pub const FEWEST: usize = 4;

/// Above so many of a hundred, titles must differ.
const DISTINCT: usize = 90;

/// So many of a hundred titles must look like headlines.
const HEADLINES: usize = 70;

/// Without dates, a list may as well be a menu: then nearly all must.
const HEADLINES_UNDATED: usize = 90;

/// So many of a hundred entries have a date, if dates were found at all.
const DATED: usize = 50;

/// The part of today's entries below which the page is not the one we know.
pub fn expected_entries(found: usize) -> usize {
    (found / 3).clamp(2, 10)
}

/// Why this reading may not be written; empty if it may.
pub(super) fn reasons(candidate: &Candidate) -> Vec<String> {
    let all = candidate.entries.len();
    if all < FEWEST {
        return vec![format!("only {all} entries; a list of news has {FEWEST} or more")];
    }
    let mut reasons = Vec::new();
    let titles: Vec<&str> = candidate.entries.iter().map(|entry| entry.title.as_str()).collect();
    let distinct = titles.iter().collect::<HashSet<_>>().len();
    if distinct * 100 < all * DISTINCT {
        reasons
            .push(format!("only {distinct} different titles among {all} entries{}", example(titles.first())));
    }
    let headlines = titles.iter().filter(|title| words::is_headline(title)).count();
    let undated = candidate.dated() == 0;
    if headlines * 100 < all * if undated { HEADLINES_UNDATED } else { HEADLINES } {
        let other = titles.iter().find(|title| !words::is_headline(title));
        let dates = if undated { ", and none has a date" } else { "" };
        reasons
            .push(format!("only {headlines} of {all} titles look like headlines{dates}{}", example(other)));
    }
    if undated && average(&titles) < 20 {
        reasons.push("the titles are short and none has a date: it looks like a menu".to_owned());
    }
    reasons
}

/// What an editor should look at, although it may be written.
pub(super) fn remarks(candidate: &Candidate) -> Vec<String> {
    let (all, dated) = (candidate.entries.len(), candidate.dated());
    let mut remarks = Vec::new();
    if dated == 0 {
        remarks.push(
            "no entry has a date that could be read: each will count as published when it is first seen"
                .to_owned(),
        );
    } else if dated * 100 < all * DATED {
        remarks.push(format!("only {dated} of {all} entries have a date that could be read"));
    } else if dated < all {
        remarks.push(format!("{} of {all} entries have no date that could be read", all - dated));
    }
    if candidate.language.is_none() {
        remarks.push("its language is not clear: set `language` yourself".to_owned());
    }
    remarks
}

/// The higher, the likelier it is the list that an editor means.
pub(super) fn score(candidate: &Candidate) -> usize {
    let all = candidate.entries.len().max(1);
    let titles: Vec<&str> = candidate.entries.iter().map(|entry| entry.title.as_str()).collect();
    let headlines = titles.iter().filter(|title| words::is_headline(title)).count();
    let summaries = candidate.entries.iter().filter(|entry| entry.summary.is_some()).count();
    all.min(20) * 10
        + headlines * 100 / all
        + candidate.dated() * 200 / all
        + summaries * 50 / all
        + average(&titles).min(80)
}

fn average(titles: &[&str]) -> usize {
    titles
        .iter()
        .map(|title| words::weight(title))
        .sum::<usize>()
        .checked_div(titles.len())
        .unwrap_or_default()
}

fn example(title: Option<&&str>) -> String {
    let short: Option<String> = title.map(|title| title.chars().take(60).collect());
    short
        .filter(|title| !title.is_empty())
        .map(|title| format!(", for example “{title}”"))
        .unwrap_or_default()
}
