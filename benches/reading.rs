//! How long reading takes: decode, repair, parse, dates, identity; on documents made here.
//!
//! Decoding and repairing are inside of `parse::feed`: what they cost is the difference to the plain document.

use divan::Bencher;
use divan::counter::{BytesCount, ItemsCount};
use tidewaiter::identity::key;
use tidewaiter::model::source::SourceId;
use tidewaiter::parse::{self, Input, date};

fn main() {
    divan::main();
}

const ENTRIES: usize = 40;

/// An RSS feed of ordinary size: summaries with a little HTML, every letter in windows-1252.
fn feed() -> String {
    let items: Vec<String> = (0..ENTRIES)
        .map(|n| {
            format!(
                "<item><title>Entrée n° {n} du tarif</title><link>https://quai.example/2018/{n}?a=1&amp;b={n}</link>\
                 <guid isPermaLink=\"false\">quai-{n}</guid><pubDate>Mon, 15 Jan 2018 10:{:02}:00 GMT</pubDate>\
                 <dc:creator>Le guichet</dc:creator><description>&lt;p&gt;{}&lt;/p&gt;</description></item>\n",
                n % 60,
                "Les déclarants trouvent ici &lt;b&gt;ce qui change&lt;/b&gt; à la frontière. ".repeat(8),
            )
        })
        .collect();
    format!(
        "<rss version=\"2.0\" xmlns:dc=\"http://purl.org/dc/elements/1.1/\"><channel><title>Le quai</title>\
         <link>https://quai.example/</link>{}</channel></rss>",
        items.concat()
    )
}

fn with_encoding(name: &str, text: &str) -> String {
    format!("<?xml version=\"1.0\" encoding=\"{name}\"?>{text}")
}

fn measure(bencher: Bencher<'_, '_>, bytes: &[u8]) {
    bencher.counter(BytesCount::of_slice(bytes)).bench(|| {
        let document = parse::feed(Input { bytes, ..Input::default() }).expect("it is a feed");
        assert_eq!(document.entries.len(), ENTRIES);
        document
    });
}

#[divan::bench]
fn parse_plain(bencher: Bencher<'_, '_>) {
    measure(bencher, with_encoding("utf-8", &feed()).as_bytes());
}

#[divan::bench]
fn parse_json(bencher: Bencher<'_, '_>) {
    let items = (0..ENTRIES).map(|n| {
        format!("{{\"id\":\"{n}\",\"url\":\"https://quai.example/{n}\",\"title\":\"Entrée {n}\",\"content_html\":\"<p>Texte</p>\"}}")
    });
    let items = items.collect::<Vec<_>>().join(",");
    let text = format!(
        "{{\"version\":\"https://jsonfeed.org/version/1.1\",\"title\":\"Le quai\",\"items\":[{items}]}}"
    );
    measure(bencher, text.as_bytes());
}

#[divan::bench]
fn decode_windows_1252(bencher: Bencher<'_, '_>) {
    let text = with_encoding("windows-1252", &feed());
    measure(bencher, &encoding_rs::WINDOWS_1252.encode(&text).0);
}

#[divan::bench]
fn decode_a_wrong_label(bencher: Bencher<'_, '_>) {
    let text = with_encoding("utf-8", &feed());
    measure(bencher, &encoding_rs::WINDOWS_1252.encode(&text).0);
}

#[divan::bench]
fn repair_bare_ampersands(bencher: Bencher<'_, '_>) {
    measure(bencher, feed().replace("&amp;", "&").as_bytes());
}

#[divan::bench]
fn repair_missing_end_tags(bencher: Bencher<'_, '_>) {
    measure(bencher, feed().replace("</item>", "").replace("</title>", "").as_bytes());
}

#[divan::bench(args = [
    "Mon, 15 Jan 2018 10:15:00 GMT",
    "2018-01-15T10:15:00+01:00",
    "Monday, 15-Jan-18 10:15:00 EST",
    "1er février 2022 à 14h30",
    "الجمعة، ١٦ أغسطس ٢٠٢٤",
    "2024年8月16日 下午3:05",
    "Regulation (EU) 2018/1021 of the council",
])]
fn dates(text: &str) -> Option<chrono::DateTime<chrono::Utc>> {
    date::parse(divan::black_box(text))
}

#[divan::bench]
fn identity_keys(bencher: Bencher<'_, '_>) {
    let text = feed();
    let document = parse::feed(Input { bytes: text.as_bytes(), ..Input::default() });
    let document = document.expect("it is a feed");
    let source = SourceId::parse("quai").expect("a slug");
    bencher.counter(ItemsCount::new(ENTRIES)).bench(|| key::keys(&source, &document.entries));
}
