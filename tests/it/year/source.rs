//! The source: what its institution says over a year, and what its web site makes of it.

use chrono::{DateTime, TimeDelta, Utc};
use std::collections::BTreeSet;
use std::fmt::Write as _;

/// So many entries does the feed show.
const WINDOW: usize = 12;

/// The platforms that the site lives on, one after the other: where a page is, and from which day on.
const PLATFORMS: [(i64, &str); 3] = [
    (0, "www.office.example/en/news/{slug}.htm"),
    (110, "customs-office.example/press/{year}/{slug}/"),
    (245, "customs-office.example/?p={number}"),
];

/// One thing that the institution said.
#[derive(Debug, Clone)]
struct Item {
    number: usize,
    title: String,
    text: String,
    published: DateTime<Utc>,
    is_withdrawn: bool,
    comments: usize,
}

/// What there is to be read on one day.
#[derive(Debug, Clone)]
pub(super) struct Day {
    pub(super) now: DateTime<Utc>,
    /// `None`: the server fails.
    pub(super) document: Option<String>,
    /// Items that the institution corrected since yesterday.
    pub(super) corrected: Vec<usize>,
}

pub(super) struct Source {
    items: Vec<Item>,
    shown: BTreeSet<usize>,
    chance: Chance,
}

/// Numbers that look drawn by lot, and are the same at every run (splitmix64).
struct Chance(u64);

impl Chance {
    fn next(&mut self, below: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        usize::try_from((z ^ (z >> 31)) % u64::try_from(below).unwrap()).unwrap()
    }

    fn word(&mut self, words: &[&'static str]) -> &'static str {
        words[self.next(words.len())]
    }
}

const VERBS: [&str; 6] = ["opens", "reviews", "publishes", "extends", "simplifies", "suspends"];
const THINGS: [&str; 8] = [
    "a tariff list",
    "the transit guide",
    "its origin rules",
    "a border post",
    "the single window",
    "an export form",
    "the bonded store",
    "a valuation ruling",
];
const PLACES: [&str; 7] = ["Antwerp", "Durban", "Mombasa", "Busan", "Santos", "Gdansk", "Colombo"];

impl Source {
    pub(super) fn new(seed: u64) -> Self {
        let mut source = Self { items: Vec::new(), shown: BTreeSet::new(), chance: Chance(seed) };
        for day in -20..0 {
            source.say(day);
        }
        source
    }

    /// The things it has said that a document showed.
    pub(super) fn said(&self) -> &BTreeSet<usize> {
        &self.shown
    }

    /// The next day.
    pub(super) fn live(&mut self, day: i64) -> Day {
        let is_struck = matches!(day, 290..=293);
        if self.chance.next(3) > 0 && !is_struck {
            self.say(day);
        }
        let corrected = self.correct(day);
        if matches!(day, 200..=239) {
            let busy = self.items.len() - 1 - self.chance.next(6);
            self.items[busy].comments += 1;
        }
        if day == 225 {
            let middle = self.items.len() - 5;
            self.items[middle].is_withdrawn = true;
        }
        if day == 245 {
            for item in &mut self.items {
                item.published = time(245) - TimeDelta::hours(4);
            }
        }
        let document = match day {
            262..=275 => None,
            290..=293 => Some(stranger(day)),
            _ => Some(self.feed(day)),
        };
        Day { now: time(day), document, corrected }
    }

    fn say(&mut self, day: i64) {
        let number = self.items.len() + 1;
        let [verb, thing, place] = [&VERBS[..], &THINGS, &PLACES].map(|words| self.chance.word(words));
        let title = match number % 7 {
            0 => "Weekly customs bulletin".to_owned(),
            _ => format!("Customs {verb} {thing} in {place}"),
        };
        let text = format!(
            "Item-{number}. The customs office of {place} {verb} {thing}, at a duty of {} percent.",
            number % 30
        );
        let published = time(day) - TimeDelta::minutes(i64::try_from(30 + self.chance.next(200)).unwrap());
        self.items.push(Item { number, title, text, published, is_withdrawn: false, comments: 0 });
    }

    /// Now and then a title, a text or a rate is corrected; once, a title withdraws what it said.
    fn correct(&mut self, day: i64) -> Vec<usize> {
        // Not on the day of a withdrawal: of what is corrected and taken back within one day, nobody can read the correction.
        let is_quiet = matches!(day, 1..=108 | 112..=144 | 156..=178 | 202..=209 | 216..=219 | 222..=224 | 226..=238 | 242..=243 | 248..=261 | 280..=288 | 297..);
        if day == 235 {
            let item = self.item_back(3);
            item.title = format!("Withdrawn: {}", item.title);
            return vec![item.number];
        }
        if !is_quiet || self.chance.next(5) > 0 {
            return Vec::new();
        }
        let (what, back) = (self.chance.next(3), 1 + self.chance.next(5));
        let item = self.item_back(back);
        // Who was corrected before is left alone: a second correction of a number is taken for a counter sooner or later.
        if item.title.ends_with(')') || item.text.ends_with("Amended.") || item.is_withdrawn {
            return Vec::new();
        }
        match what {
            0 => item.title.push_str(" (corrected)"),
            1 => item.text.push_str(" Several words were wrong. Amended."),
            _ => item.text = item.text.replace(" percent.", ".5 percent."),
        }
        vec![item.number]
    }

    fn item_back(&mut self, back: usize) -> &mut Item {
        let at = self.items.len() - 1 - back;
        &mut self.items[at]
    }

    fn feed(&mut self, day: i64) -> String {
        let shown = self.items.iter().rev().take(WINDOW).filter(|item| !item.is_withdrawn);
        let mut shown: Vec<Item> = shown.cloned().collect();
        match day {
            210..=214 => shown.rotate_left(usize::try_from(day - 207).unwrap()),
            220 => shown.clear(),
            _ => {}
        }
        self.shown.extend(shown.iter().map(|item| item.number));
        let title = "Office of Customs";
        let most_read = format!("{} {}", self.chance.word(&VERBS), self.chance.word(&PLACES));
        let entries: String = shown.iter().map(|item| self.entry(item, day, &most_read)).collect();
        format!(
            "<?xml version=\"1.0\"?><rss version=\"2.0\"><channel><title>{title}</title><link>https://office.example/</link>\
             <description>News</description>{entries}</channel></rss>"
        )
    }

    fn entry(&self, item: &Item, day: i64, most_read: &str) -> String {
        let mut entry = String::from("<item>");
        if let Some(id) = self.id(item, day) {
            write!(entry, "<guid isPermaLink=\"false\">{id}</guid>").unwrap();
        }
        let link = link(item, day);
        let text = match day {
            180..=199 => format!(
                "{} Page made at {}:15, seen {} times. Most read: {most_read}.",
                item.text,
                day % 24,
                day * 3
            ),
            200..=239 if item.comments > 0 => format!("{} {} comments.", item.text, item.comments),
            _ => item.text.clone(),
        };
        write!(entry, "<title>{}</title><link>{link}</link><description>{text}</description>", item.title)
            .unwrap();
        if let Some(published) = date(item, day) {
            write!(entry, "<pubDate>{}</pubDate>", published.to_rfc2822()).unwrap();
        }
        entry + "</item>"
    }

    /// The ids of four schemes, of none, one for all, and new ones at every reading.
    fn id(&self, item: &Item, day: i64) -> Option<String> {
        let number = item.number;
        match day {
            0..=39 => Some(number.to_string()),
            55..=64 => Some(format!("{day}-{number}")),
            75..=84 if day % 2 == 0 => None,
            90..=94 => Some("news".to_owned()),
            40..=109 => Some(format!("urn:entry:{number}")),
            110..=309 => Some(format!("node-{number}")),
            // Counted from the beginning again: the ids of the first scheme, for others.
            _ => Some((self.items.len() + 1 - number).to_string()),
        }
    }
}

/// The page of an item, at the address of the time, as the site writes it today.
fn link(item: &Item, day: i64) -> String {
    let (_, pattern) = PLATFORMS.iter().rev().find(|(from, _)| *from <= day).unwrap();
    if item.number.is_multiple_of(7) {
        // A series that stands at one address.
        return format!(
            "https://{}",
            pattern.replace("{slug}", "bulletin").replace("{year}", "all").replace("{number}", "7")
        );
    }
    let slug = format!("{}-{}", THINGS[item.number % THINGS.len()].replace(' ', "-"), item.number);
    let page = pattern
        .replace("{slug}", &slug)
        .replace("{year}", "2018")
        .replace("{number}", &item.number.to_string());
    match day {
        0..=19 => format!("http://{page}"),
        20..=24 => format!("HTTPS://{}?utm_source=rss-{day}", page.replace("www.office", "Office")),
        25..=29 => format!("https://{page}/"),
        _ => format!("https://{page}"),
    }
}

/// The date that the feed gives an item: its own, that of today, none, or the one it is announced for.
fn date(item: &Item, day: i64) -> Option<DateTime<Utc>> {
    let age = (time(day) - item.published).num_days();
    match day {
        125..=134 => Some(time(day)),
        150..=154 => None,
        165..=175 if age <= 1 => Some(item.published + TimeDelta::days(5)),
        _ => Some(item.published),
    }
}

/// Another publication under the same address.
fn stranger(day: i64) -> String {
    let entries: String = (0..5)
        .map(|n| {
            format!(
                "<item><guid>c{n}-{day}</guid><title>Customs casino bonus {n} of {day}</title>\
                 <link>https://casino.example/{day}/{n}</link><description>Customs free.</description>\
                 <pubDate>{}</pubDate></item>",
                time(day).to_rfc2822()
            )
        })
        .collect();
    format!(
        "<?xml version=\"1.0\"?><rss version=\"2.0\"><channel><title>Best bonus</title><link>https://casino.example/</link>\
         <description>Play</description>{entries}</channel></rss>"
    )
}

/// Noon of a day of 2018.
pub(super) fn time(day: i64) -> DateTime<Utc> {
    DateTime::from_timestamp(1_514_764_800, 0).unwrap() + TimeDelta::days(day) + TimeDelta::hours(12)
}
