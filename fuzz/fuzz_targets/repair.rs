//! A document that is broken in any way is mended so that the feed reader takes it: a good entry before it is read.
#![no_main]

use libfuzzer_sys::fuzz_target;
use tidewaiter::parse::{self, Input};

#[path = "../quiet.rs"]
mod quiet;

fuzz_target!(init: quiet::about_the_feed_reader(), |text: &str| {
    // The ampersand is not sound, so that repair is sure to be asked.
    let good = "<rss version='2.0'><channel><title>Quay & port</title><item><title>Berths</title><guid>7</guid></item>";
    let document = format!("{good}<item><title>{text}</title></item></channel></rss>");
    // A document type, or UTF-16, would be another document.
    if text.contains(['\0', '!', '?']) {
        return;
    }
    let read = parse::feed(Input { bytes: document.as_bytes(), ..Input::default() });
    let read = read.expect("the first entry is good");
    assert_eq!(read.entries.first().and_then(|entry| entry.id.as_deref()), Some("7"), "{document}");
});
