//! A good guest: what those who run servers look for in the requests of a feed reader, checked on whole runs against our
//! own server. The feed reader behaviour project (<https://rachelbythebay.com/frb/>, FRB001 to FRB090, with
//! <https://rachelbythebay.com/fs/help.html> and <https://rachelbythebay.com/w/feed/>) counts such things on other people's
//! readers; its themes, and where each is held here:
//!
//! | what is looked for | held by |
//! |---|---|
//! | conditional requests: always after the first, with the values as they came, both or one, never made up | `conditional` |
//! | … renewed by each whole answer, also one with the same bytes; never mixed from two | `conditional` |
//! | … kept through failures, restarts, long pauses and requests by hand; never sent to another address | `conditional` |
//! | pace: one request at a time, no second one in a run, none before the interval, whoever starts the runs | `pace` |
//! | … `Cache-Control`, `Expires`, `ttl`, `skipHours` obeyed; 429 obeyed with `Retry-After` and without; failures slow us down | `pace` |
//! | the request itself: GET, our own name, the address as it was given, compression; no cookie, no referrer, no cache busting | `form` |
//! | nothing that nobody asked us to read: no icon, no home page, no pictures | `form` |
//! | redirects: followed, for good and for now told apart; circles left; 410 and 404 understood | `moves` |
//! | robots.txt for pages: obeyed, kept, its pauses too | `robots` |

mod conditional;
mod form;
mod moves;
mod pace;
mod robots;

use std::sync::atomic::{AtomicUsize, Ordering};

use crate::office::{Office, Ran, rss, source};
use crate::origin::{Asked, Origin, Step, answer, bare, redirect};

const ENTRIES: [(&str, &str, u8); 2] = [("a", "Customs opens", 10), ("b", "Customs closes", 12)];

/// A feed whose n-th answer (from 0) is this.
async fn origin(answer: impl Fn(usize, &Asked) -> Vec<Step> + Send + Sync + 'static) -> Origin {
    let asked = AtomicUsize::new(0);
    Origin::start(move |request| answer(asked.fetch_add(1, Ordering::Relaxed), request)).await
}

fn feed(headers: &[(&str, &str)]) -> Vec<Step> {
    answer(200, headers, rss(&ENTRIES))
}

/// An office with one source, at this path.
fn office(origin: &Origin, path: &str) -> Office {
    Office::new(&source("one", &origin.url(path)))
}

/// Runs at these times, written `day hour:minute` of January 2018.
async fn refresh(office: &Office, times: &[&str]) -> Vec<Ran> {
    let mut ran = Vec::new();
    for time in times {
        let at = time.replace(' ', "T");
        ran.push(office.run(&format!("refresh --json --now 2018-01-{at}:00Z")).await);
    }
    ran
}

/// The row of the one source.
fn row(ran: &Ran) -> serde_json::Value {
    ran.json()["sources"][0].clone()
}
