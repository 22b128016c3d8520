//! Any page is read by the selectors of our own sources, or refused.
#![no_main]

use std::sync::LazyLock;

use libfuzzer_sys::fuzz_target;
use tidewaiter::config::Config;
use tidewaiter::model::source::{Selectors, SourceKind};
use tidewaiter::parse::{self, Input, dump};

#[path = "../quiet.rs"]
mod quiet;

static SELECTORS: LazyLock<Vec<Selectors>> = LazyLock::new(|| {
    let text = include_str!("../../src/demo/feeds.toml").replace("{origin}", "127.0.0.1:80");
    let config = Config::parse(&text).expect("the demo's own file is sound");
    let pages = config.sources.into_iter().filter_map(|source| match source.kind {
        SourceKind::Page(selectors) => Some(selectors),
        _ => None,
    });
    pages.collect()
});

fuzz_target!(init: quiet::about_the_feed_reader(), |data: &[u8]| {
    let Some((first, bytes)) = data.split_first() else { return };
    let Some(selectors) = SELECTORS.get(usize::from(*first) % SELECTORS.len()) else { return };
    let base = url::Url::parse("https://source.example/news/").ok();
    if let Ok(document) = parse::page(Input { bytes, content_type: None, base: base.as_ref(), ..Input::default() }, selectors) {
        let _ = dump::json(&document).to_string();
    }
});
