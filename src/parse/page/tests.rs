//! Pages shaped like those of real sources, in `tests/data/pages/`.

use proptest::prelude::*;
use url::Url;

use super::super::{Input, Unreadable, page};
use super::check_selector;
use crate::model::source::{DateReading, Next, Paging, Part, Selectors};
use crate::model::text::one_line;
use crate::parse::document::Document;
use crate::parse::html;

const INSTITUTION_EN: &str = include_str!("../../../tests/data/pages/institution_en.html");
const INSTITUTION_FR: &str = include_str!("../../../tests/data/pages/institution_fr.html");
const INSTITUTION_RU: &str = include_str!("../../../tests/data/pages/institution_ru.html");
const CARDS: &str = include_str!("../../../tests/data/pages/cards.html");
const DATES_AFTER: &str = include_str!("../../../tests/data/pages/dates_after.html");

fn selectors(item: &str) -> Selectors {
    Selectors { item: item.into(), min_entries: 1, ..Selectors::default() }
}

fn newsroom() -> Selectors {
    Selectors { date: Some(Part::Before(".news-date".into())), ..selectors("a.headline") }
}

fn read(html: &str, selectors: &Selectors) -> Result<Document, Unreadable> {
    let base = Url::parse("https://customs.example/en/list").expect("a valid address");
    page(
        Input {
            bytes: html.as_bytes(),
            content_type: Some("text/html; charset=utf-8"),
            base: Some(&base),
            ..Input::default()
        },
        selectors,
    )
}

/// Each entry as `title | path | date, origin | summary`; each flaw as `code: message`.
fn check(html: &str, selectors: &Selectors, entries: &[&str], flaws: &[&str]) {
    let document = read(html, selectors).expect("a page with entries");
    let lines: Vec<String> = document
        .entries
        .iter()
        .map(|entry| {
            let title = entry.title.as_ref().map(|title| &*title.text).unwrap_or_default();
            let link = entry.link().unwrap_or_default().replace("https://customs.example", "");
            let date = entry.published.map(|time| time.format("%F %R").to_string()).unwrap_or_default();
            let origin = entry.date_origin.map(|origin| format!("{origin:?}")).unwrap_or_default();
            let summary =
                entry.summary.as_ref().map(|summary| one_line(&html::text(summary))).unwrap_or_default();
            format!("{title} | {link} | {} {origin} | {summary}", date.trim_end_matches(" 00:00"))
        })
        .collect();
    assert_eq!(lines, entries);
    let said: Vec<String> =
        document.flaws.iter().map(|flaw| format!("{}: {}", flaw.code.as_str(), flaw.message)).collect();
    assert_eq!(said, flaws);
}

/// Each step as its key, how many it found, and what is near.
fn check_steps(html: &str, selectors: &Selectors, expected: &[&str]) {
    let listing = super::read(Input { bytes: html.as_bytes(), ..Input::default() }, selectors);
    let steps: Vec<String> = listing
        .expect("a page")
        .steps
        .iter()
        .map(|step| {
            let near = step.near.iter().map(|(part, found)| format!(" {part} {found}"));
            let near = near.collect::<Vec<_>>().concat();
            format!("{} {}{near}", step.name, step.found)
        })
        .collect();
    assert_eq!(steps, expected);
}

fn check_unreadable(html: &str, selectors: &Selectors, expected: &str) {
    assert_eq!(read(html, selectors), Err(Unreadable(expected.to_owned())));
}

#[test]
fn a_date_may_stand_before_its_headline() {
    check(
        INSTITUTION_EN,
        &newsroom(),
        &[
            "A new model of data & forms | /en/media/newsroom/2021/december/model-3.aspx | 2021-12-22 Page | ",
            "Workshop on tariff classification | http://customs.example/en/media/newsroom/2021/december/workshop.aspx | 2021-12-21 Page | ",
            "December 2021 | /en/media/newsroom/2021/december.aspx |   | ",
        ],
        &["date: 1 of 3 entries without a date on the page that could be read, for example “2021”"],
    );
}

#[test]
fn all_parts_may_have_selectors_inside_the_item() {
    let inside = Selectors {
        title: Some("h3".into()),
        link: Some("h3 > a".into()),
        date: Some(Part::Inside("p.date".into())),
        summary: Some(Part::Inside(".lead".into())),
        ..selectors(".item")
    };
    check(
        INSTITUTION_EN,
        &inside,
        &[
            "A new model of data & forms | /en/media/newsroom/2021/december/model-3.aspx | 2021-12-22 Page | Members may use it from January.",
            "Workshop on tariff classification | http://customs.example/en/media/newsroom/2021/december/workshop.aspx | 2021-12-21 Page | Brussels, June xx, 2021 – for administrations that speak Portuguese.",
            "December 2021 | /en/media/newsroom/2021/december.aspx |   | ",
        ],
        &["date: 1 of 3 entries without a date on the page that could be read"],
    );
}

#[test]
fn french_and_russian_dates_are_read() {
    check(
        INSTITUTION_FR,
        &newsroom(),
        &[
            "Conférence sur le commerce électronique | /fr/actualites/2018/commerce.aspx | 2018-02-01 Page | ",
            "Les opérateurs agréés se réunissent | /fr/actualites/2017/operateurs.aspx | 2017-08-30 Page | ",
        ],
        &[],
    );
    let russian = "Working group on performance concludes | /ru-ru/newsroom/2020/october/meeting.aspx | 2020-10-30 Page | ";
    check(INSTITUTION_RU, &newsroom(), &[russian], &[]);
}

#[test]
fn cards_have_pictures_and_addresses_with_dates() {
    let cards = Selectors {
        date: Some(Part::Inside("time".into())),
        summary: Some(Part::Inside("p".into())),
        ..selectors("li")
    };
    check(
        CARDS,
        &cards,
        &[
            "First card | /library/news/one_15sep26_e.htm | 2026-09-15 08:00 Page | One.",
            "Second card | /library/news/two_14sep26_472_e.htm | 2026-09-14 Address | ",
            "Sixth card | /library/news/six.htm | 2026-09-12 Page | ",
        ],
        &[
            "entry: 2 of 6 items without a link that may be shown, left out",
            "entry: 1 of 6 items without a title, left out",
            "date: 1 of 3 entries without a date on the page that could be read, for example “in a while”",
        ],
    );
}

#[test]
fn a_date_may_stand_after_its_headline_but_not_after_the_next() {
    let after = Selectors { date: Some(Part::After("span".into())), ..selectors("h3") };
    check(
        DATES_AFTER,
        &after,
        &[
            "Zollverfahren vereinfacht | /a | 2023-03-03 Page | ",
            "Ohne Datum | /b |   | ",
            "Warenursprung | /c | 2023-03-01 Page | ",
        ],
        &["date: 1 of 3 entries without a date on the page that could be read"],
    );
}

#[test]
fn a_page_says_who_it_is() {
    let document = read(INSTITUTION_EN, &newsroom()).expect("a page with entries");
    assert_eq!((&*document.version, &*document.encoding), ("page", "utf-8"));
    assert_eq!(
        document.about.title.map(|title| title.text).as_deref(),
        Some("Newsroom | Example Customs Organization")
    );
    assert_eq!(document.about.language.map(|language| language.to_string()).as_deref(), Some("en-GB"));
    assert!(document.entries.iter().all(|entry| entry.language.is_none()));
    let cards = read(CARDS, &selectors("li")).expect("a page with entries");
    assert_eq!(cards.about.base.map(String::from).as_deref(), Some("https://customs.example/library/news/"));
}

#[test]
fn without_a_base_relative_links_stay_as_they_are() {
    let input = Input {
        bytes: b"<a href=/a>A</a><a href=javascript:x>B</a>",
        content_type: None,
        base: None,
        ..Input::default()
    };
    let document = page(input, &selectors("a")).expect("a page with entries");
    let links: Vec<_> = document.entries.iter().filter_map(|entry| entry.link()).collect();
    assert_eq!(links, ["/a"]);
}

#[test]
fn a_page_without_entries_is_read_and_says_what_it_looked_for() {
    check("<title>Just a moment...</title><p>Checking your browser</p>", &selectors("a.headline"), &[], &[]);
    check_steps(
        "<h3><a href=/a>A</a></h3><h3><a href=/b>B</a></h3>",
        &selectors("h3 a.headline"),
        &["item 0 h3 a 2 h3 2"],
    );
}

#[test]
fn each_selector_says_what_it_found() {
    let all = Selectors {
        title: Some("h3".into()),
        link: Some("h3 > a".into()),
        date: Some(Part::Inside("time".into())),
        summary: Some(Part::Inside(".lead".into())),
        ..selectors(".item")
    };
    let expected = ["item 3", "link 3", "title 3", "date 0", "summary 2"];
    check_steps(INSTITUTION_EN, &all, &expected);
}

const BESIDE: &str = include_str!("../../../tests/data/pages/beside.html");

#[test]
fn date_and_summary_may_stand_beside_the_item_and_are_never_a_neighbours() {
    let beside = Selectors {
        date: Some(Part::Before("p.when".into())),
        summary: Some(Part::After("p:not(.when)".into())),
        ..selectors("a.headline")
    };
    check(
        BESIDE,
        &beside,
        &[
            "Seals | /n/seals |   | On seals.",
            "Scales | /n/scales | 2026-10-02 Page | On scales.",
            "Stamps | /n/stamps |   | ",
            "Stores | /n/stores | 2026-10-01 Page | On stores.",
        ],
        &["date: 2 of 4 entries without a date on the page that could be read"],
    );
    let above = Selectors { date: Some(Part::Above("h2".into())), ..selectors("a.headline") };
    check(
        BESIDE,
        &above,
        &[
            "Seals | /n/seals | 2026-10-03 Page | ",
            "Scales | /n/scales | 2026-10-03 Page | ",
            "Stamps | /n/stamps | 2026-10-02 Page | ",
            "Stores | /n/stores | 2026-10-02 Page | ",
        ],
        &[],
    );
}

const DATE_FORMS: &str = include_str!("../../../tests/data/pages/date_forms.html");

/// The dates of a list of which each item has its date in many ways.
fn check_dates(date: Part, reading: DateReading, expected: &[&str]) {
    let selectors = Selectors { date: Some(date), date_reading: reading, ..selectors("li") };
    let entries = read(DATE_FORMS, &selectors).expect("a page").entries;
    let shown = entries.iter().map(|entry| entry.published.map(|time| time.format("%F").to_string()));
    assert_eq!(shown.map(Option::unwrap_or_default).collect::<Vec<_>>(), expected);
}

#[test]
fn a_date_may_stand_in_an_attribute() {
    let attribute = |name: &str| DateReading { attribute: Some(name.into()), ..DateReading::default() };
    check_dates(Part::Inside("span".into()), attribute("data-date"), &["2026-10-05", ""]);
    check_dates(Part::Inside("meta".into()), DateReading::default(), &["2026-10-06", "2026-09-06"]);
}

#[test]
fn or_in_the_items_own_text() {
    check_dates(Part::Own, DateReading::default(), &["2026-10-07", ""]);
}

#[test]
fn or_among_other_words_in_a_form_that_must_be_told() {
    let pattern = DateReading { pattern: Some(r"le (\d+/\d+/\d+)".into()), ..DateReading::default() };
    check_dates(Part::Inside("em".into()), pattern.clone(), &["", ""]);
    let language = crate::model::language::Language::parse("fr");
    check_dates(
        Part::Inside("em".into()),
        DateReading { language, ..pattern.clone() },
        &["2026-10-08", "2026-09-08"],
    );
    let format = DateReading { format: Some("%d/%m/%Y".into()), ..pattern };
    check_dates(Part::Inside("em".into()), format, &["2026-10-08", "2026-09-08"]);
}

#[test]
fn a_page_says_where_it_goes_on() {
    let paging = |css: &str| Some(Paging { next: Next::Told(css.into()), most: 2 });
    let next = |css: &str| {
        let base = Url::parse("https://customs.example/en/list").expect("an address");
        let input =
            Input { bytes: BESIDE.as_bytes(), content_type: None, base: Some(&base), ..Input::default() };
        let listing = super::read(input, &Selectors { paging: paging(css), ..selectors("a.headline") });
        listing.expect("a page").next.into_iter().map(String::from).collect::<Vec<_>>()
    };
    assert_eq!(next("a[rel=next]"), ["https://customs.example/en/list?page=2"]);
    assert_eq!(next("a.previous"), [""; 0]);
}

/// T38: menus and footers are not the list.
#[test]
fn what_stands_around_the_list_is_in_no_entry() {
    let document = read(
        BESIDE,
        &Selectors { summary: Some(Part::After("p:not(.when)".into())), ..selectors("a.headline") },
    );
    let document = document.expect("a page");
    assert_eq!(document.entries.len(), 4);
    let texts: Vec<String> = document
        .entries
        .iter()
        .flat_map(|entry| [entry.title.clone(), entry.summary.clone()])
        .flatten()
        .map(|text| text.text)
        .collect();
    assert!(!texts.concat().contains("Subscribe"), "{texts:?}");
}

#[test]
fn a_selector_that_is_none_is_said_so() {
    check_unreadable("", &selectors("a["), "`a[` is no CSS selector: it breaks off");
    for (css, expected) in [
        ("div.news h3 > a, .item:first-child a[href*='/news/']", ""),
        (" ", "is empty"),
        ("a..b", "is no CSS selector: "),
        ("a:nonsense", "is no CSS selector: "),
        ("//div/a", "is no CSS selector: "),
    ] {
        let said = check_selector(css).err().unwrap_or_default();
        assert!(
            if expected.is_empty() { said.is_empty() } else { said.starts_with(expected) },
            "{css}: {said}"
        );
        assert!(!said.contains("Error") && !said.contains("report"), "{said}");
    }
}

#[test]
fn a_very_long_page_is_read_at_its_beginning() {
    let long = format!("<a href=/a>A</a><!-- {} --><a href=/b>B</a>", "x".repeat(super::LONGEST));
    check(
        &long,
        &selectors("a"),
        &["A | /a |   | "],
        &["limit: longer than 2097152 bytes; only its beginning was read"],
    );
}

#[test]
fn a_page_that_nests_without_end_is_read() {
    let deep = format!("<a href=/a>A</a>{}<a href=/b>B</a>", "<div>".repeat(20_000));
    check(&deep, &selectors("a"), &["A | /a |   | "], &[]);
}

proptest! {
    #[test]
    fn nothing_makes_it_panic(html in "[<>a-z/&;='\" -]{0,80}", bytes in prop::collection::vec(any::<u8>(), 0..80), css in "[a-z.#> \\[\\]:()*=\"',~+|^$-]{0,12}") {
        let any = Selectors { min_entries: 0, ..newsroom() };
        let _ = read(&html, &any);
        let _ = page(Input { bytes: &bytes, ..Input::default() }, &any);
        let checked = check_selector(&css);
        let used = read(INSTITUTION_FR, &Selectors { min_entries: 0, ..selectors(&css) });
        prop_assert_eq!(checked.is_err(), used.is_err());
    }
}

#[test]
fn a_page_may_name_its_hub_and_itself() {
    let html = r#"<!doctype html><html><head><title>T</title><link rel="stylesheet" href="/x.css">
        <link rel="Hub" href="https://hub.example/"><link rel="self alternate" href="/en/news"></head>
        <body><a class="headline" href="/a">A title</a></body></html>"#;
    let document = read(html, &selectors("a.headline")).expect("a page with entries");
    let links: Vec<(&str, &str)> =
        document.about.links.iter().map(|link| (link.rel.as_str(), link.href.as_str())).collect();
    assert_eq!(
        links,
        [("Hub", "https://hub.example/"), ("self alternate", "https://customs.example/en/news")]
    );
}
