//! What the addresses of a list have in common.

use std::collections::BTreeMap;

use url::Url;

/// How many addresses are made as most of them are: the same host, the same folders, the same depth.
pub(super) fn most_alike(addresses: &[&Url]) -> usize {
    let mut counts: BTreeMap<String, usize> = BTreeMap::new();
    for url in addresses {
        *counts.entry(key(url)).or_default() += 1;
    }
    counts.into_values().max().unwrap_or_default()
}

/// Its host, depth, first folder and ending, with numbers as one.
fn key(url: &Url) -> String {
    let segments: Vec<String> = segments(url).iter().map(|segment| general(segment)).collect();
    let depth = segments.len();
    let first = segments.split_last().map_or("", |(_, folders)| folders.first().map_or("", String::as_str));
    let ending = segments.last().map_or("", |last| ending(last)).to_owned();
    format!("{}/{first}/{depth}{ending}", url.host_str().unwrap_or_default())
}

pub(super) fn segments(url: &Url) -> Vec<String> {
    url.path_segments()
        .map(|segments| segments.filter(|segment| !segment.is_empty()).map(str::to_owned).collect())
        .unwrap_or_default()
}

/// A number stands for any number.
fn general(segment: &str) -> String {
    if segment.bytes().all(|byte| byte.is_ascii_digit()) { "0".to_owned() } else { segment.to_owned() }
}

/// `.html`, `.aspx`; empty if it has none.
pub(super) fn ending(segment: &str) -> &str {
    let Some(dot) = segment.rfind('.') else { return "" };
    let ending = segment.get(dot..).unwrap_or_default();
    let is_one =
        (2..=6).contains(&ending.len()) && ending.bytes().skip(1).all(|byte| byte.is_ascii_alphabetic());
    if is_one { ending } else { "" }
}
