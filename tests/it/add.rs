//! `source add` from outside: any address becomes a block of feeds.toml, or a reason why not.

use std::os::unix::fs::{PermissionsExt as _, symlink};

use crate::office::{Office, Ran, rss, source};
use crate::origin::{Asked, Origin, Step, answer};

const NEWS: [(&str, &str, u8); 2] = [("a", "Customs opens", 10), ("b", "Customs closes", 12)];
const HTML: (&str, &str) = ("Content-Type", "text/html; charset=utf-8");

/// A site of these documents; everything else is 404.
async fn site(pages: &[(&str, &str)]) -> Origin {
    let pages: Vec<(String, String)> =
        pages.iter().map(|(path, body)| ((*path).to_owned(), (*body).to_owned())).collect();
    Origin::start(move |asked: &Asked| -> Vec<Step> {
        match pages.iter().find(|(path, _)| *path == asked.path) {
            Some((_, body)) => answer(200, &[HTML], body),
            None => answer(404, &[], ""),
        }
    })
    .await
}

fn sample(name: &str) -> String {
    std::fs::read_to_string(format!("tests/data/propose/{name}.html")).unwrap()
}

async fn add(office: &Office, origin: &Origin, line: &str) -> Ran {
    office.run(&format!("source add {}{line} --now 2018-01-15", origin.addr)).await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_feed_is_written_and_then_read() {
    let origin = site(&[("/feed.xml", &rss(&NEWS))]).await;
    let office = Office::new("");
    let ran = add(&office, &origin, "/feed.xml --id one --write").await;
    assert_eq!(ran.code, 0, "{ran:?}");
    assert!(ran.err.contains("2 entries, the newest of 12 January 2018"), "{ran:?}");
    assert!(office.read("feeds.toml").ends_with(&ran.out), "{ran:?}");
    assert_eq!(office.refresh("06:00").await.code, 0);
    assert_eq!(office.titles(), ["Customs closes", "Customs opens"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_without_feeds_is_written_and_then_read() {
    let origin = site(&[("/news", &sample("drupal"))]).await;
    let office = Office::new("");
    let ran = add(&office, &origin, "/news --id one --write").await;
    assert_eq!(ran.code, 0, "{ran:?}");
    assert!(ran.out.contains("item = \"div.views-row\"\ndate = \"div.views-field-created\"\n"), "{ran:?}");
    assert!(ran.out.ends_with("[source.contract]\nmin_entries = 3\ndated = 80\n"), "{ran:?}");
    let run = office.run("refresh --json --now 2018-05-15T06:00:00Z").await;
    assert_eq!(run.json()["sources"][0]["new"], 10, "{run:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn without_write_nothing_is_written() {
    let origin = site(&[("/feed.xml", &rss(&NEWS))]).await;
    let office = Office::new("");
    let before = office.read("feeds.toml");
    for line in ["/feed.xml", "/feed.xml --dry-run"] {
        let ran = add(&office, &origin, line).await;
        assert_eq!((ran.code, office.read("feeds.toml")), (0, before.clone()), "{ran:?}");
        assert!(ran.out.contains("[[source]]"), "{ran:?}");
    }
}

const ANNOUNCING: &str = "<html lang=en><title>News</title><link rel=alternate type=application/rss+xml href=/dead.xml>\
    <link rel=alternate type=application/rss+xml href=/comments.xml>\
    <link rel=alternate type=application/rss+xml href=/all.xml><p>Hello";

#[tokio::test(flavor = "multi_thread")]
async fn the_feed_of_all_news_is_taken_before_that_of_comments() {
    let comments = rss(&[("c", "I agree", 14)]);
    let origin = site(&[("/", ANNOUNCING), ("/all.xml", &rss(&NEWS)), ("/comments.xml", &comments)]).await;
    let ran = add(&Office::new(""), &origin, "/ --json").await;
    let said = ran.json();
    assert_eq!(said["feeds"][0]["url"], origin.url("/all.xml").as_str(), "{ran:?}");
    assert_eq!(said["feeds"][1]["remark"], "comments, not news");
    assert_eq!(said["failed"][0]["url"], origin.url("/dead.xml").as_str());
    assert!(said["failed"][0]["why"].as_str().unwrap().contains("404"), "{ran:?}");
    assert_eq!((ran.code, &said["chosen"]), (0, &serde_json::json!(1)));
    assert!(!origin.paths().contains(&"/feed".to_owned()), "nothing is guessed where something is proven");
}

#[tokio::test(flavor = "multi_thread")]
async fn among_equals_a_person_picks() {
    let page = "<link rel=alternate type=application/rss+xml href=/a.xml>\
        <link rel=alternate type=application/rss+xml href=/b.xml>";
    let other = rss(&[("x", "Customs in spring", 9)]);
    let origin = site(&[("/", page), ("/a.xml", &rss(&NEWS)), ("/b.xml", &other)]).await;
    let office = Office::new("");
    let before = office.read("feeds.toml");
    let ran = add(&office, &origin, "/ --write").await;
    assert_eq!((ran.code, ran.out.as_str(), office.read("feeds.toml")), (1, "", before), "{ran:?}");
    assert!(ran.err.contains("--choose"), "{ran:?}");
    let ran = add(&office, &origin, "/ --choose 2 --write").await;
    assert_eq!(ran.code, 0, "{ran:?}");
    assert!(office.read("feeds.toml").contains("/b.xml"), "{ran:?}");
    assert_eq!(add(&office, &origin, "/ --choose 3").await.code, 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_usual_place_counts_when_it_proves_to_be_a_feed() {
    let origin = site(&[("/news/", "<p>Hello"), ("/feed", "<p>Page"), ("/atom.xml", &rss(&NEWS))]).await;
    let ran = add(&Office::new(""), &origin, "/news/ --json").await;
    assert_eq!(ran.json()["feeds"][0]["origin"], "at a usual place", "{ran:?}");
    assert_eq!(ran.json()["feeds"].as_array().unwrap().len(), 1);
    assert_eq!(origin.most_asking(), 1, "one after the other");
    assert!(origin.asked().len() <= 10, "{:?}", origin.paths());
}

#[tokio::test(flavor = "multi_thread")]
async fn with_page_selectors_are_proposed_whatever_feeds_there_are() {
    let page = format!("<link rel=alternate type=application/rss+xml href=/a.xml>{}", sample("table"));
    let origin = site(&[("/", &page), ("/a.xml", &rss(&NEWS))]).await;
    let ran = add(&Office::new(""), &origin, "/ --page").await;
    assert_eq!(ran.code, 0, "{ran:?}");
    assert!(ran.out.contains("[source.page]"), "{ran:?}");
    assert!(!origin.paths().contains(&"/a.xml".to_owned()));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_with_nothing_to_list_is_refused() {
    let origin = site(&[("/about", &sample("nothing"))]).await;
    let office = Office::new("");
    let before = office.read("feeds.toml");
    let ran = add(&office, &origin, "/about --write").await;
    assert_eq!((ran.code, ran.out.as_str(), office.read("feeds.toml")), (2, "", before), "{ran:?}");
    assert!(ran.err.contains("nothing that looks like a list of headlines"), "{ran:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn robots_txt_is_obeyed_for_pages_and_guesses() {
    let origin =
        site(&[("/robots.txt", "User-agent: *\nDisallow: /"), ("/", "<p>x"), ("/x", &rss(&NEWS))]).await;
    let office = Office::new("");
    let ran = add(&office, &origin, "/x").await;
    assert_eq!(ran.code, 2, "{ran:?}");
    assert!(ran.err.contains("robots.txt"), "{ran:?}");
    assert!(origin.paths().iter().all(|path| path == "/robots.txt"), "{:?}", origin.paths());
    let ran = add(&office, &origin, "/x --subscription").await;
    assert_eq!(ran.code, 0, "{ran:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_address_inside_the_own_network_is_not_asked() {
    let ran = Office::new("").run("source add http://10.0.0.7/feed.xml").await;
    assert_eq!(ran.code, 2, "{ran:?}");
    assert!(ran.err.contains("10.0.0.7"), "{ran:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_there_is_said_before_anybody_is_asked() {
    let origin = site(&[("/feed.xml", &rss(&NEWS))]).await;
    let office = Office::new(&source("one", &origin.url("/feed.xml")));
    let ran = add(&office, &origin, "/feed.xml --write").await;
    assert_eq!((ran.code, origin.asked().len()), (2, 0), "{ran:?}");
    assert!(ran.err.contains("source `one` has this address already"), "{ran:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_that_cannot_be_replaced_is_left_alone() {
    let origin = site(&[("/feed.xml", &rss(&NEWS))]).await;
    let office = Office::new("");
    let before = office.read("feeds.toml");
    std::fs::rename(office.path("feeds.toml"), office.path("real.toml")).unwrap();
    symlink("real.toml", office.path("feeds.toml")).unwrap();
    let ran = add(&office, &origin, "/feed.xml --write").await;
    assert!(ran.code == 2 && ran.err.contains("symbolic link to real.toml"), "{ran:?}");
    let real = office.path("real.toml");
    std::fs::set_permissions(&real, std::fs::Permissions::from_mode(0o444)).unwrap();
    let ran = add(&office, &origin, "/feed.xml --write --config real.toml").await;
    assert!(ran.code == 2 && ran.err.contains("read-only"), "{ran:?}");
    assert_eq!(office.read("real.toml"), before);
    std::fs::set_permissions(&real, std::fs::Permissions::from_mode(0o640)).unwrap();
    let ran = add(&office, &origin, "/feed.xml --write --config real.toml").await;
    assert_eq!(ran.code, 0, "{ran:?}");
    assert_eq!(real.metadata().unwrap().permissions().mode() & 0o777, 0o640, "others may read it as before");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_no_source_yet_cannot_be_disabled() {
    let origin = site(&[("/robots.txt", "User-agent: *\nDisallow: /shut")]).await;
    for (line, why) in [("/nothing", "nothing is at this address (404)"), ("/shut", "robots.txt")] {
        let ran = add(&Office::new(""), &origin, line).await;
        assert_eq!(ran.code, 2, "{ran:?}");
        assert!(ran.err.contains(why) && !ran.err.contains("disable"), "{ran:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn who_cannot_be_asked_for_robots_txt_cannot_be_asked() {
    let closed = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let ran = Office::new("").run(&format!("source add http://{closed}/news")).await;
    assert_eq!(ran.code, 2, "{ran:?}");
    assert!(ran.err.contains("refuses connections") && !ran.err.contains("robots.txt"), "{ran:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_feed_at_a_usual_place_is_not_taken_for_a_page_that_has_nothing_of_it() {
    let origin = site(&[("/news.html", &sample("table")), ("/feed.xml", &rss(&NEWS))]).await;
    let office = Office::new("");
    let before = office.read("feeds.toml");
    let ran = add(&office, &origin, "/news.html --write").await;
    assert_eq!((ran.code, ran.out.as_str(), office.read("feeds.toml")), (1, "", before), "{ran:?}");
    assert!(ran.err.contains("nothing of it stands on this page"), "{ran:?}");
    assert!(ran.err.contains("2  read by `table.circulars tr`") && ran.err.contains("--choose"), "{ran:?}");
    let ran = add(&office, &origin, "/news.html --choose 2 --json").await;
    assert_eq!((ran.code, ran.json()["chosen"].as_u64()), (0, Some(2)), "{ran:?}");
    assert!(ran.json()["block"].as_str().unwrap().contains("[source.page]"), "{ran:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_feed_at_a_usual_place_that_has_the_pages_own_entries_is_taken() {
    let page = format!("{}<a href=/x>customs opens</a><a href=/y>Customs Closes</a>", sample("table"));
    let origin = site(&[("/news.html", &page), ("/feed.xml", &rss(&NEWS))]).await;
    let ran = add(&Office::new(""), &origin, "/news.html").await;
    assert_eq!(ran.code, 0, "{ran:?}");
    assert!(ran.out.contains("/feed.xml") && !ran.out.contains("[source.page]"), "{ran:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_feed_may_be_announced_in_the_headers() {
    let link = ("Link", "</all>; rel=\"alternate\"; type=\"application/rss+xml\"");
    let origin = Origin::start(move |asked: &Asked| match asked.path.as_str() {
        "/all" => answer(200, &[], rss(&NEWS)),
        "/" => answer(200, &[HTML, link], "<p>Hello"),
        _ => answer(404, &[], ""),
    })
    .await;
    let ran = add(&Office::new(""), &origin, "/ --json").await;
    assert_eq!(ran.json()["feeds"][0]["origin"], "announced by the page", "{ran:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_made_for_programs_gets_a_table_of_its_own() {
    let item = |n: u8| {
        format!(
            r#"{{"headline": "Customs house {n} opens to all", "url": "/n/{n}.html", "pubDate": "2018-01-0{n}"}}"#
        )
    };
    let json = format!(r#"{{"items": [{}]}}"#, (1..=5).map(item).collect::<Vec<_>>().join(","));
    let origin = site(&[("/api", &json)]).await;
    let office = Office::new("");
    let ran = add(&office, &origin, "/api --id one --write").await;
    assert_eq!(ran.code, 0, "{ran:?}");
    let table =
        "[source.json]\nitems = \"/items\"\ntitle = \"/headline\"\nlink = \"/url\"\ndate = \"/pubDate\"\n";
    assert!(ran.out.contains(table), "{ran:?}");
    assert!(!origin.paths().contains(&"/feed".to_owned()), "no feed is guessed: {:?}", origin.paths());
    let run = office.run("refresh --json --now 2018-01-15T06:00:00Z").await;
    assert_eq!(run.json()["sources"][0]["new"], 5, "{run:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn of_an_index_the_newest_sitemap_shows_what_they_give() {
    let url = |n| {
        format!(
            "<url><loc>HOST/news/customs-house-{n}-opens-to-all</loc><lastmod>2018-01-0{n}</lastmod></url>"
        )
    };
    let urls = (1..=5).map(url).collect::<Vec<_>>().concat();
    let origin = Origin::start(move |asked: &Asked| {
        let host = format!("http://{}", asked.header("host").unwrap_or_default());
        match asked.path.as_str() {
            "/sitemap.xml" => answer(
                200,
                &[],
                format!("<sitemapindex><sitemap><loc>{host}/news.xml</loc></sitemap></sitemapindex>"),
            ),
            "/news.xml" => answer(200, &[], format!("<urlset>{urls}</urlset>").replace("HOST", &host)),
            _ => answer(404, &[], ""),
        }
    })
    .await;
    let ran = add(&Office::new(""), &origin, "/sitemap.xml").await;
    assert_eq!(ran.code, 0, "{ran:?}");
    assert!(ran.out.contains("/sitemap.xml\"\n"), "{ran:?}");
    assert!(ran.out.contains("[source.sitemap]\ntitles_from_addresses = true\n"), "{ran:?}");
    assert!(origin.paths().contains(&"/robots.txt".to_owned()), "a sitemap is no subscription");
}
