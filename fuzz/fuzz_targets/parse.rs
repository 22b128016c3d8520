//! Any bytes are read as a feed or refused, and what was read can be shown.
#![no_main]

use libfuzzer_sys::fuzz_target;
use tidewaiter::parse::{self, Input, dump};

#[path = "../quiet.rs"]
mod quiet;

/// The first byte chooses what the server said of the rest.
const TYPES: [Option<&str>; 4] =
    [None, Some("text/xml"), Some("application/xml; charset=utf-8"), Some("text/xml; charset=gb18030")];

fuzz_target!(init: quiet::about_the_feed_reader(), |data: &[u8]| {
    let Some((first, bytes)) = data.split_first() else { return };
    let content_type = TYPES[usize::from(first % 4)];
    let base = url::Url::parse("https://source.example/feed.xml").ok();
    if let Ok(document) = parse::feed(Input { bytes, content_type, base: base.as_ref(), ..Input::default() }) {
        let _ = dump::json(&document).to_string();
        for entry in &document.entries {
            for markup in [&entry.title, &entry.summary, &entry.content].into_iter().flatten() {
                let _ = parse::html::text(markup);
            }
        }
    }
});
