//! Whole runs over pages without feeds: contracts, further pages, listings that are no HTML, and `source test`.

use std::io::Write as _;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use url::Url;

use crate::office::{Office, Ran};
use crate::origin::{Origin, answer, bare, redirect};

const PAGE: &str = "[source.page]\nitem = 'h3 a.headline'\ndate_before = 'p.date'\n";
const CONTRACT: &str = "[source.contract]\nmin_entries = 3\ndated = 90\nsilence = '30d'\n";

fn source(url: &Url, tables: &str) -> String {
    format!("[[source]]\nid = \"one\"\ntitle = \"One\"\nurl = \"{url}\"\nrobots = \"subscription\"\n{tables}")
}

/// Headlines of these numbers, each dated on that day of January 2018.
fn news(days: impl IntoIterator<Item = usize>, class: &str) -> String {
    let one = |day: usize| {
        format!(
            "<p class=date>{day} January 2018</p><h3><a class={class} href=/n/{day}>Customs news {day}</a></h3>"
        )
    };
    days.into_iter().map(one).collect()
}

/// A server whose n-th answer (from 0) at the address of the page is made by `body`, with validators of its own.
async fn page_that_says(body: impl Fn(usize) -> String + Send + Sync + 'static) -> Origin {
    let asked = AtomicUsize::new(0);
    Origin::start(move |_| {
        let n = asked.fetch_add(1, Ordering::Relaxed);
        answer(200, &[("ETag", &format!("\"{n}\"")), ("Content-Type", "text/html")], body(n))
    })
    .await
}

/// A server that answers these paths (with their queries).
async fn server(pages: impl Fn(&str) -> Option<String> + Send + Sync + 'static) -> Origin {
    Origin::start(move |asked| match pages(&asked.path) {
        Some(body) => answer(200, &[], body),
        None => answer(404, &[], "no such page"),
    })
    .await
}

fn told(ran: &Ran) -> String {
    let source = &ran.json()["sources"][0];
    format!(
        "{}: {}",
        source["kind"].as_str().unwrap_or_default(),
        source["message"].as_str().unwrap_or_default()
    )
}

fn flaws(ran: &Ran) -> String {
    ran.json()["sources"][0]["flaws"]
        .as_array()
        .unwrap()
        .iter()
        .filter_map(|flaw| flaw.as_str())
        .collect::<Vec<_>>()
        .join("; ")
}

/// T39: a page that was rebuilt.
#[tokio::test(flavor = "multi_thread")]
async fn a_broken_contract_keeps_what_was_said_and_tells_what_changed() {
    let origin = page_that_says(|n| news(8..=12, if n == 1 { "title" } else { "headline" })).await;
    let office = Office::new(&source(&origin.url("/list"), &format!("{PAGE}{CONTRACT}")));
    assert_eq!(office.refresh("06:00").await.code, 0);
    let second = office.refresh("08:00").await;
    assert_eq!(second.code, 1);
    let said = told(&second);
    let expected = "empty: found 0 entries, 5 on 2018-01-15; the selector `h3 a.headline` of `item` matches nothing, \
                    `h3 a` matches 5, `h3` matches 5. ";
    assert!(said.starts_with(expected), "{said}");
    assert_eq!(office.titles().len(), 5);
    let third = office.refresh("23:00").await;
    assert_eq!((third.code, third.json()["sources"][0]["new"].as_u64()), (0, Some(0)));
    let validators: Vec<_> =
        origin.asked().iter().map(|asked| asked.header("if-none-match").map(str::to_owned)).collect();
    assert_eq!(validators, [None, Some("\"0\"".into()), Some("\"0\"".into())], "of the last good answer");
}

/// T39: half of the entries lose their dates.
#[tokio::test(flavor = "multi_thread")]
async fn lost_dates_are_a_warning_or_with_a_contract_a_failure() {
    for (contract, code) in [("", 0), (CONTRACT, 1), ("[source.contract]\nmin_entries = 3\n", 1)] {
        let without = |n| {
            if n == 1 {
                news(3..=7, "headline") + &news(8..=12, "headline").replace("January 2018", "")
            } else {
                news(3..=12, "headline")
            }
        };
        let origin = page_that_says(without).await;
        let office = Office::new(&source(&origin.url("/list"), &format!("{PAGE}{contract}")));
        assert_eq!(office.refresh("06:00").await.code, 0);
        let second = office.refresh("20:00").await;
        let said = if code == 0 { flaws(&second) } else { told(&second) };
        assert!(second.code == code && said.contains("5 of 10 entries have a date"), "{said}");
        assert_eq!(office.titles().len(), 10);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_source_that_fell_silent_is_told_also_when_nothing_changes() {
    let origin = page_that_says(|_| news(8..=12, "headline")).await;
    let office = Office::new(&source(&origin.url("/list"), &format!("{PAGE}{CONTRACT}")));
    assert_eq!(flaws(&office.refresh("06:00").await), "");
    let later = office.run("refresh --json --now 2018-03-15T06:00:00Z").await;
    assert_eq!((later.code, later.json()["sources"][0]["answer"].as_str()), (0, Some("unchanged")));
    assert!(
        flaws(&later).starts_with("it has fallen silent: its newest entry is of 2018-01-12, 62 days ago"),
        "{}",
        flaws(&later)
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_changed_selector_is_tried_on_a_page_that_has_not_changed() {
    let origin = Origin::start(|asked| match asked.header("if-none-match") {
        Some(_) => bare(304, &[]),
        None => answer(200, &[("ETag", "\"1\"")], news(8..=12, "headline")),
    })
    .await;
    let one = source(&origin.url("/list"), PAGE);
    let office = Office::new(&one);
    office.refresh("06:00").await;
    let feeds = office.read("feeds.toml");
    office.write("feeds.toml", &feeds.replace("h3 a.headline", "h3 a[href$=\"2\"]"));
    let second = office.refresh("08:00").await;
    assert_eq!(second.json()["sources"][0]["entries"].as_u64(), Some(1));
    assert_eq!(office.refresh("10:00").await.json()["sources"][0]["answer"], "unchanged");
}

#[tokio::test(flavor = "multi_thread")]
async fn further_pages_are_asked_until_they_say_nothing_new() {
    let page = |path: &str| match path {
        "/list" => Some(news([10, 11, 12], "headline") + "<a rel=next href=/list?page=2>Older</a>"),
        "/list?page=2" => Some(news([7, 8, 9], "headline") + "<a rel=next href=/list?page=3>Older</a>"),
        // It leads back to the beginning: a circle.
        "/list?page=3" => Some(news([6], "headline") + "<a rel=next href=/list>Older</a>"),
        _ => None,
    };
    let origin = server(page).await;
    let office =
        Office::new(&source(&origin.url("/list"), &format!("{PAGE}next = 'a[rel=next]'\nmost_pages = 9\n")));
    assert_eq!(office.refresh("06:00").await.code, 0);
    assert_eq!(office.titles().len(), 7);
    assert_eq!(origin.paths(), ["/list", "/list?page=2", "/list?page=3"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn further_pages_are_counted_bounded_and_not_asked_for_what_is_known() {
    let count = Arc::new(AtomicUsize::new(0));
    let rounds = Arc::clone(&count);
    let origin = server(move |path| match path {
        "/list" => {
            let round = rounds.fetch_add(1, Ordering::Relaxed);
            Some(news(if round == 0 { 10..=12 } else { 11..=13 }, "headline"))
        }
        path => {
            let number: usize = path.strip_prefix("/list?page=")?.parse().ok()?;
            Some(news([11 - number], "headline"))
        }
    })
    .await;
    let pages = format!("{PAGE}pages = '{}?page={{page}}'\nmost_pages = 3\n", origin.url("/list"));
    let office = Office::new(&source(&origin.url("/list"), &pages));
    office.refresh("06:00").await;
    assert_eq!(origin.paths(), ["/list", "/list?page=2", "/list?page=3"]);
    assert_eq!(office.titles().len(), 5);
    office.refresh("08:00").await;
    assert_eq!(origin.paths().len(), 4, "the first page goes back to what is known");
    assert_eq!(office.titles().len(), 6);
}

/// What a page must give, it must give at every reading, and not only at the first with all its pages.
#[tokio::test(flavor = "multi_thread")]
async fn the_first_page_alone_is_held_against_the_contract() {
    let count = Arc::new(AtomicUsize::new(0));
    let rounds = Arc::clone(&count);
    let origin = server(move |path| match path {
        "/list" => {
            let round = rounds.fetch_add(1, Ordering::Relaxed);
            Some(news(if round == 0 { 10..=12 } else { 11..=13 }, "headline"))
        }
        _ => Some(news(8..=9, "headline")),
    })
    .await;
    let pages = format!("{PAGE}pages = '{}?page={{page}}'\nmost_pages = 2\n", origin.url("/list"));
    let office = |min: usize| {
        let contract = format!("[source.contract]\nmin_entries = {min}\n");
        Office::new(&source(&origin.url("/list"), &format!("{pages}{contract}")))
    };
    let held = office(3);
    assert_eq!(held.refresh("06:00").await.code, 0);
    assert_eq!(held.titles().len(), 5);
    let second = held.refresh("08:00").await;
    assert_eq!((second.code, told(&second).as_str()), (0, ": "));
    assert_eq!(held.titles().len(), 6);
    let broken = office(4);
    let first = broken.refresh("06:00").await;
    assert_eq!(first.code, 1);
    assert!(
        told(&first)
            .starts_with("suspicious: found 3 entries on the first page, at least 4 entries expected")
    );
    let tried = broken.run("source test one --now 2018-01-15").await;
    assert!(tried.out.contains("BROKEN: at least 4 entries (3 entries on the first page)"), "{}", tried.out);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_listing_without_dates_is_not_asked_again_for_what_is_known() {
    let undated = |numbers: std::ops::RangeInclusive<usize>| -> String {
        let one =
            |number: usize| format!("<h3><a class=headline href=/n/{number}>Customs news {number}</a></h3>");
        numbers.rev().map(one).collect()
    };
    let count = Arc::new(AtomicUsize::new(0));
    let rounds = Arc::clone(&count);
    let origin = server(move |path| {
        // Two more at the second round, six at the third; four on each page.
        let round = match path {
            "/list" => rounds.fetch_add(1, Ordering::Relaxed),
            _ => rounds.load(Ordering::Relaxed) - 1,
        };
        let newest = [20, 22, 28].get(round)?;
        let number: usize = path.strip_prefix("/list?page=").map_or(1, |number| number.parse().unwrap());
        let last = newest - 4 * (number - 1);
        Some(undated(last - 3..=last))
    })
    .await;
    let pages = format!(
        "[source.page]\nitem = 'a.headline'\npages = '{}?page={{page}}'\nmost_pages = 4\n",
        origin.url("/list")
    );
    let office = Office::new(&source(&origin.url("/list"), &pages));
    office.refresh("06:00").await;
    assert_eq!(origin.paths().len(), 4, "all of it is new");
    office.refresh("08:00").await;
    assert_eq!(origin.paths().len(), 5, "the first page goes back to what is known");
    office.refresh("10:00").await;
    assert_eq!(origin.paths().len(), 7, "the second page does");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_listing_that_leads_to_another_server_is_not_followed() {
    let other = server(|_| Some(news([1], "headline"))).await;
    let (there, here) = (other.url("/list"), other.url("/moved"));
    let origin = Origin::start(move |asked| match asked.path.as_str() {
        "/list" => answer(
            200,
            &[],
            news([10], "headline") + &format!("<a rel=next href='{there}'>x</a><a rel=next href=/away>y</a>"),
        ),
        _ => redirect(302, here.as_str()),
    })
    .await;
    let told = format!("{PAGE}next = 'a[rel=next]:last-of-type'\n");
    let office = Office::new(&source(&origin.url("/list"), &told));
    let first = office.refresh("06:00").await;
    assert_eq!(office.titles(), ["Customs news 10"]);
    assert!(flaws(&first).contains("leads to another server"), "{}", flaws(&first));
    let office = Office::new(&source(&origin.url("/list"), &told.replace(":last-of-type", "")));
    office.refresh("06:00").await;
    assert_eq!(office.titles(), ["Customs news 10"]);
    assert_eq!(
        other.paths(),
        ["/moved"],
        "only where the server itself sent us, and nothing was taken from there"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_further_page_that_fails_is_told_and_the_first_one_stays() {
    let origin =
        server(|path| (path == "/list").then(|| news([10], "headline") + "<a rel=next href=/gone>Older</a>"))
            .await;
    let office = Office::new(&source(&origin.url("/list"), &format!("{PAGE}next = 'a[rel=next]'\n")));
    let first = office.refresh("06:00").await;
    assert_eq!((first.code, office.titles().len()), (0, 1));
    assert!(flaws(&first).contains("404"), "{}", flaws(&first));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_script_and_json_give_entries() {
    let script =
        "var customs = []; customs[0] = { d: \"2018.01.10 x\", t: \"Customs &amp; trade\", u: \"/n/1\" };";
    let json = r#"{"feed": {"entry": [{"title": "Customs opens", "link": "/n/2", "publishedDate": "2018-01-11 05:00"}]}}"#;
    let origin = server(move |path| match path {
        "/list.js" => Some(script.to_owned()),
        "/list.json" => Some(json.to_owned()),
        _ => None,
    })
    .await;
    let table = "[source.json]\nscript = 'customs'\ntitle = '/t'\nlink = '/u'\ndate = '/d'\ndate_pattern = '^[0-9.]+'\n";
    let office = Office::new(&source(&origin.url("/list.js"), table));
    assert_eq!(office.refresh("06:00").await.code, 0);
    assert_eq!(office.titles(), ["Customs & trade"]);
    let table = "[source.json]\nitems = '/feed/entry'\ntitle = '/title'\nlink = '/link'\ndate = '/publishedDate'\ndate_zone = 'Asia/Shanghai'\n";
    let office = Office::new(&source(&origin.url("/list.json"), table));
    assert_eq!(office.refresh("06:00").await.code, 0);
    assert_eq!(office.titles(), ["Customs opens"]);
    let tried = office.run("source test one --now 2018-01-15").await;
    assert!(tried.out.contains("10 January 2018 21:00 UTC, from the source"), "{}", tried.out);
    assert!(tried.out.contains(", 1 entry\n"), "{}", tried.out);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_index_of_sitemaps_is_followed_once() {
    let url = |title: &str, day: u8| {
        format!(
            "<url><loc>/n/{day}</loc><news:news><news:publication_date>2018-01-{day}</news:publication_date><news:title>{title}</news:title></news:news></url>"
        )
    };
    let origin = server(move |path| match path {
        "/sitemap.xml" => Some("<sitemapindex><sitemap><loc>/old.xml</loc></sitemap><sitemap><loc>/news.xml</loc><lastmod>2018-01-14</lastmod></sitemap><sitemap><loc>/index.xml</loc><lastmod>2018-01-13</lastmod></sitemap></sitemapindex>".to_owned()),
        "/news.xml" => Some(format!("<urlset>{}</urlset>", url("Customs opens", 12))),
        "/index.xml" => Some("<sitemapindex><sitemap><loc>/deeper.xml</loc></sitemap></sitemapindex>".to_owned()),
        "/old.xml" => Some(format!("<urlset>{}</urlset>", url("Customs closes", 11))),
        _ => None,
    })
    .await;
    let office = Office::new(&source(&origin.url("/sitemap.xml"), "[source.sitemap]\nmost_pages = 4\n"));
    assert_eq!(office.refresh("06:00").await.code, 0);
    assert_eq!(office.titles(), ["Customs opens", "Customs closes"]);
    assert_eq!(origin.paths(), ["/sitemap.xml", "/news.xml", "/index.xml", "/old.xml"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_packed_sitemap_is_unpacked_but_not_without_end() {
    let pack = |text: &str| {
        let mut packer = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
        packer.write_all(text.as_bytes()).unwrap();
        packer.finish().unwrap()
    };
    // Packed in two parts, as `cat one.gz two.gz` makes it.
    let mut small = pack("<urlset><url><loc>/2018/01/12/customs-opens</loc></url>");
    small.extend(pack("<url><loc>/2018/01/11/customs-closes</loc></url></urlset>"));
    let bomb = pack(&format!("<urlset>{}", " ".repeat(6_000_000)));
    let origin = Origin::start(move |asked| {
        answer(200, &[], if asked.path == "/small.xml.gz" { small.clone() } else { bomb.clone() })
    })
    .await;
    let table = "[source.sitemap]\ntitles_from_addresses = true\n";
    let office = Office::new(&source(&origin.url("/small.xml.gz"), table));
    assert_eq!(office.refresh("06:00").await.code, 0);
    assert_eq!(office.titles(), ["Customs opens", "Customs closes"]);
    let office = Office::new(&source(&origin.url("/bomb.xml.gz"), table));
    assert!(told(&office.refresh("06:00").await).starts_with("too-large: unpacked it has more than 5000000"));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_no_page_is_told_by_its_type() {
    let origin = Origin::start(|_| answer(200, &[("Content-Type", "application/pdf")], "%PDF-1.4")).await;
    let office = Office::new(&source(&origin.url("/list"), PAGE));
    let first = office.refresh("06:00").await;
    assert_eq!(
        (first.code, told(&first).as_str()),
        (1, "content-type: it sends application/pdf, and no page")
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_test_shows_each_step_and_keeps_nothing() {
    let origin = page_that_says(|n| news(8..=12, if n == 1 { "title" } else { "headline" })).await;
    let office =
        Office::new(&source(&origin.url("/list"), &format!("drop_link = '/n/9$'\n{PAGE}{CONTRACT}")));
    let good = office.run("source test one --entries 1 --now 2018-01-15").await;
    assert_eq!((good.code, good.err.as_str()), (0, ""));
    for part in [
        "one (One), a page without a feed",
        "    5  item           h3 a.headline",
        "    5  date_before    p.date",
        "by keep_link or drop_link: http://127.0.0.1",
        "held: at least 3 entries (4 entries)",
        "4, 4 with a date, the newest of 12 January 2018",
        "* Customs news 8",
        "8 January 2018 00:00 UTC, from the page",
        "the rules say publish: customs",
        "a run would take it",
    ] {
        assert!(good.out.contains(part), "{part}\n{}", good.out);
    }
    let bad = office.run("source test one --json").await;
    assert_eq!(bad.code, 1);
    let bad = bad.json();
    assert_eq!(
        (bad["failure"]["kind"].as_str(), bad["steps"][0]["near"][0][1].as_u64()),
        (Some("empty"), Some(5))
    );
    assert!(!office.path("tidewaiter.db").exists());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_test_can_read_a_saved_page_and_asks_nobody() {
    let origin = Origin::start(|_| bare(500, &[])).await;
    let office = Office::new(&source(&origin.url("/list"), PAGE));
    office.write("saved.html", &news(8..=12, "headline"));
    let ran = office.run("source test one --file saved.html").await;
    assert!(ran.code == 0 && ran.out.contains("5, 5 with a date"), "{ran:?}");
    assert_eq!(origin.asked().len(), 0);
    let ran = office.run("source test on --file saved.html").await;
    assert!(ran.code == 2 && ran.err.contains("did you mean `one`?"), "{ran:?}");
}
