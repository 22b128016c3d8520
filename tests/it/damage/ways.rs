//! The ways in which feeds are damaged on their way, or by those who write them with a template.

use regex::{Captures, Regex};

use super::Known;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Way {
    BreaksOff,
    BareAmpersand,
    HtmlEntity,
    ControlCharacter,
    BadUtf8,
    UndeclaredPrefix,
    UnclosedElement,
    JunkBefore,
    JunkAfter,
    NoEndTags,
    WrongEncoding,
    Attributes,
}

pub(super) struct Damaged {
    pub bytes: Vec<u8>,
    /// For the message.
    pub what: String,
    /// How many entries can still be known; `None` for all.
    pub entries: Option<usize>,
    /// What can still be known of an entry.
    pub seen: fn(Known) -> Known,
}

impl Damaged {
    fn new(what: impl Into<String>, bytes: impl Into<Vec<u8>>) -> Self {
        Self { bytes: bytes.into(), what: what.into(), entries: None, seen: |known| known }
    }

    fn seen(self, seen: fn(Known) -> Known) -> Self {
        Self { seen, ..self }
    }
}

pub(super) fn damage(way: Way, text: &str) -> Vec<Damaged> {
    match way {
        Way::BreaksOff => breaks_off(text),
        Way::BareAmpersand => inserted(text, &[" & ", "&", "&copy=1&", "&&"]),
        Way::HtmlEntity => {
            inserted(text, &["&nbsp;", "&eacute;", "&mdash;", "&rsquo;", "&hellip;", "&zwnj;"])
        }
        Way::ControlCharacter => {
            inserted(text, &["\u{b}", "\0", "\u{1f}", "\u{8}", "&#0;", "&#x1f;", "&#8;"])
        }
        Way::BadUtf8 => bad_utf_8(text),
        Way::UndeclaredPrefix => undeclared(text),
        Way::UnclosedElement => unclosed(text),
        Way::JunkBefore => junk_before(text),
        Way::JunkAfter => junk_after(text),
        Way::NoEndTags => no_end_tags(text),
        Way::WrongEncoding => wrong_encoding(text),
        Way::Attributes => attributes(text),
    }
}

fn pattern(pattern: &str) -> Regex {
    Regex::new(pattern).unwrap()
}

/// Places of a text, spread over it, the same at every run.
fn spread(most: usize, from: usize, to: usize) -> impl Iterator<Item = usize> {
    let step = ((to.saturating_sub(from)) / most).max(1);
    (from..to).step_by(step).take(most)
}

fn breaks_off(text: &str) -> Vec<Damaged> {
    let ends: Vec<usize> = pattern("</(item|entry)>").find_iter(text).map(|end| end.end()).collect();
    let cuts = spread(60, ends[0], text.len()).map(|cut| {
        let entries = ends.iter().filter(|end| **end <= cut).count();
        let what = format!("cut at byte {cut}");
        Damaged { entries: Some(entries), ..Damaged::new(what, &text.as_bytes()[..cut]) }
    });
    cuts.collect()
}

/// These texts inside titles and summaries: there only letters count, elsewhere everything.
fn inserted(text: &str, texts: &[&str]) -> Vec<Damaged> {
    let mut damaged = Vec::new();
    for place in places(text) {
        for what in texts {
            let mut with = text.to_owned();
            with.insert_str(place, what);
            damaged.push(Damaged::new(format!("{what:?} at byte {place}"), with).seen(letters));
        }
    }
    damaged
}

/// After the third letter of titles and summaries of entries.
fn places(text: &str) -> Vec<usize> {
    let start = pattern("<(item|entry)").find(text).unwrap().start();
    let texts = pattern(r"<(title|description|summary)(?: [^>]*)?>(?:<!\[CDATA\[)?\w{4}");
    texts
        .find_iter(text)
        .map(|found| (found.start(), found.end()))
        .filter(|(from, _)| *from > start)
        .map(|(_, end)| (0..4).map(|back| end - back).find(|at| text.is_char_boundary(*at)).unwrap())
        .step_by(3)
        .collect()
}

/// Only what stands before the fault, so that a letter more or less makes no difference.
fn letters(known: Known) -> Known {
    let start = |text: Option<String>| text.map(|text| text.chars().take(1).collect());
    Known { title: start(known.title), summary: start(known.summary), ..known }
}

fn bad_utf_8(text: &str) -> Vec<Damaged> {
    let mut damaged = Vec::new();
    for place in places(text) {
        for wrong in [&b"\xff"[..], b"\xc3", b"\xe2\x82", b"\x92", b"\xed\xa0\x80"] {
            let mut bytes = text.as_bytes().to_vec();
            bytes.splice(place..place, wrong.iter().copied());
            damaged.push(Damaged::new(format!("{wrong:?} at byte {place}"), bytes).seen(letters));
        }
    }
    damaged
}

fn undeclared(text: &str) -> Vec<Damaged> {
    let declared = pattern(r#" xmlns:\w+="[^"]*""#);
    let mut damaged = vec![Damaged::new("no declaration", declared.replace_all(text, "").into_owned())];
    for entry in pattern("<(item|entry)[^>]*>").find_iter(text) {
        for odd in ["<odd:thing>7</odd:thing>", "<odd:thing a:b=\"c\"/>"] {
            let mut with = text.to_owned();
            with.insert_str(entry.end(), odd);
            damaged.push(Damaged::new(format!("{odd} at byte {}", entry.end()), with));
        }
    }
    // A prefix of RDF itself makes the root what it is.
    damaged.retain(|damaged| !damaged.what.starts_with("no") || !text.contains("<rdf:RDF"));
    damaged
}

fn unclosed(text: &str) -> Vec<Damaged> {
    let start = pattern("<(item|entry)").find(text).unwrap().start();
    let ends = pattern("</[A-Za-z:]+>");
    let ends = ends.find_iter(text).filter(|end| end.start() > start);
    let without = |from: usize, to: usize| format!("{}{}", &text[..from], &text[to..]);
    // HTML in a text stays as it is, with its own faults.
    let told = ["</p>", "</b>", "</a>", "</ul>", "</li>"];
    ends.filter(|end| !told.contains(&end.as_str()))
        .map(|end| {
            let what = format!("no {} at byte {}", end.as_str(), end.start());
            Damaged::new(what, without(end.start(), end.end()))
        })
        .collect()
}

fn junk_before(text: &str) -> Vec<Damaged> {
    let junk = [
        "\n\n  ",
        "<br />\n<b>Warning</b>: Undefined variable $quay in <b>/srv/www/port.php</b> on line <b>7</b><br />\n",
        "Notice: the cache is cold\n",
        "<!-- from the cache -->\n",
        "\u{feff}\u{feff}",
        "x",
        "<script>var few = 1 < 2;</script>\n",
        "HTTP/1.1 200 OK\r\nContent-Type: text/xml\r\n\r\n",
    ];
    junk.iter().map(|junk| Damaged::new(format!("{junk:?}"), format!("{junk}{text}"))).collect()
}

fn junk_after(text: &str) -> Vec<Damaged> {
    let junk = [
        "\n<!-- 7 queries, 0.2 seconds -->",
        "<script>count()</script>",
        "rubbish & more < text",
        "\0\0\0",
        "<html><body>An error</body></html>",
        "</rss>",
        "<br>",
        "<?php echo 1; ?>",
        "]]>",
    ];
    junk.iter().map(|junk| Damaged::new(format!("{junk:?}"), format!("{text}{junk}"))).collect()
}

fn no_end_tags(text: &str) -> Vec<Damaged> {
    let without = |what: &str, tags: &str| {
        let text = pattern(&format!("</({tags})>")).replace_all(text, "").into_owned();
        Damaged::new(what, text)
    };
    vec![
        without("of the feed", "channel|rss|feed|rdf:RDF"),
        without("of entries", "item|entry"),
        without("of texts", "title|link|description|pubDate|guid|summary|id|updated|published"),
        without(
            "of all these",
            "item|entry|channel|rss|feed|rdf:RDF|title|link|description|pubDate|guid|summary|id|updated|published",
        ),
    ]
}

fn wrong_encoding(text: &str) -> Vec<Damaged> {
    let body = text.split_once("?>").filter(|_| text.starts_with("<?xml")).map_or(text, |(_, body)| body);
    let declared_as = |name: &str| format!("<?xml version=\"1.0\" encoding=\"{name}\"?>{body}");
    let mut names = vec!["utf8", "nonsense", "utf-16", "", "utf-7", "x-user"];
    // With fewer letters the name may be right.
    if text.chars().filter(|c| !c.is_ascii()).count() >= 8 || text.is_ascii() {
        names.extend(["iso-8859-1", "us-ascii", "windows-1251", "gb2312", "shift_jis", "koi8-r"]);
    }
    let mut damaged: Vec<_> =
        names.iter().map(|name| Damaged::new(format!("{name:?}"), declared_as(name))).collect();
    let (bytes, _, lost) = encoding_rs::WINDOWS_1252.encode(body);
    if !lost && !body.is_ascii() {
        let bytes = [declared_as("utf-8").split_once("?>").unwrap().0.as_bytes(), b"?>", &bytes].concat();
        damaged.push(Damaged::new("windows-1252 as utf-8", bytes));
    }
    damaged
}

fn attributes(text: &str) -> Vec<Damaged> {
    let one = pattern(r#" ([\w:]+)="([^"<>]*)""#);
    let head = text.find("?>").map_or(0, |end| end + 2);
    let mut damaged = Vec::new();
    for found in one.captures_iter(&text[head..]) {
        let (whole, value) = (found.get(0).unwrap(), found.get(2).unwrap());
        let (from, to) = (head + whole.start(), head + whole.end());
        let put = |new: &str| format!("{}{new}{}", &text[..from], &text[to..]);
        let what = |kind: &str| format!("{kind}{} at byte {from}", whole.as_str());
        damaged.push(Damaged::new(what("twice"), put(&format!("{0}{0}", whole.as_str()))));
        if !value.is_empty() && !value.as_str().contains(char::is_whitespace) {
            damaged.push(Damaged::new(what("unquoted"), put(&whole.as_str().replace('"', ""))));
        }
        damaged.push(Damaged::new(what("other marks"), put(&whole.as_str().replace('"', "'"))));
    }
    let bare = |found: &Captures<'_>| format!(" {}={}", &found[1], &found[2]);
    let all = pattern(r#" ([\w:]+)="([^"<>\s']+)""#).replace_all(&text[head..], bare).into_owned();
    damaged.push(Damaged::new("all unquoted", format!("{}{all}", &text[..head])));
    damaged
}
