//! robots.txt on whole runs: kept between them, and its pauses too.

use super::*;

const PAGE: &str = "<html><body><li><a href=\"/1\">Customs one</a></li></body></html>";

/// Pages of one site, at `/a`, `/b` and so on.
fn pages(origin: &Origin, names: &[&str]) -> Office {
    let page = |name: &&str| {
        source(&format!("page-{name}"), &origin.url(&format!("/{name}"))) + "[source.page]\nitem = \"li\"\n"
    };
    Office::new(&names.iter().map(page).collect::<String>())
}

/// A site whose robots.txt is, the n-th time, this.
async fn site(robots: impl Fn(usize, &Asked) -> Vec<Step> + Send + Sync + 'static) -> Origin {
    let times = AtomicUsize::new(0);
    Origin::start(move |asked| match asked.path.as_str() {
        "/robots.txt" => robots(times.fetch_add(1, Ordering::Relaxed), asked),
        _ => answer(200, &[("Content-Type", "text/html")], PAGE),
    })
    .await
}

/// How often robots.txt and how often the page was asked for in runs at these times.
async fn check(
    robots: impl Fn(usize, &Asked) -> Vec<Step> + Send + Sync + 'static,
    times: &[&str],
    expected: (usize, usize),
) {
    let site = site(robots).await;
    let office = pages(&site, &["a"]);
    refresh(&office, times).await;
    let count = |path| site.paths().iter().filter(|asked| *asked == path).count();
    assert_eq!((count("/robots.txt"), count("/a")), expected);
}

#[tokio::test(flavor = "multi_thread")]
async fn robots_txt_is_asked_for_once_a_day() {
    let free = |_: usize, _: &Asked| answer(200, &[], "User-agent: *\nDisallow: /x");
    check(free, &["15 06:00", "15 08:00", "16 05:00"], (1, 3)).await;
    check(free, &["15 06:00", "16 07:00"], (2, 2)).await;
    check(|_, _| answer(404, &[], ""), &["15 06:00", "15 08:00"], (1, 2)).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn or_as_often_as_it_says_but_not_for_each_page() {
    let short = |_: usize, _: &Asked| answer(200, &[("Cache-Control", "max-age=7200")], "");
    check(short, &["15 06:00", "15 07:30", "15 09:00"], (2, 3)).await;
    let long = |_: usize, _: &Asked| answer(200, &[("Cache-Control", "max-age=999999")], "");
    check(long, &["15 06:00", "16 07:00"], (2, 2)).await;
    let never = |_: usize, _: &Asked| answer(200, &[("Cache-Control", "no-cache")], "");
    check(never, &["15 06:00", "15 06:59", "15 08:00"], (2, 3)).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn it_is_asked_for_conditionally_and_still_counts_when_unchanged() {
    let forbidding = |_: usize, asked: &Asked| match asked.header("if-none-match") {
        Some("\"r\"") => bare(304, &[]),
        _ => answer(200, &[("ETag", "\"r\"")], "User-agent: *\nDisallow: /a"),
    };
    check(forbidding, &["15 06:00", "17 06:00", "19 08:00"], (3, 0)).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn while_it_cannot_be_had_the_last_copy_counts_for_a_month() {
    let failing = |text: &'static str| {
        move |n: usize, _: &Asked| if n == 0 { answer(200, &[], text) } else { answer(503, &[], "") }
    };
    let times = ["01 06:00", "03 06:00", "29 06:00"];
    check(failing("User-agent: *\nDisallow: /x"), &times, (3, 3)).await;
    check(failing("User-agent: *\nDisallow: /a"), &times, (3, 0)).await;
    check(|_, _| answer(503, &[], ""), &times[..2], (2, 0)).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refusal_is_told_as_one() {
    let site = site(|_, _| answer(200, &[], "User-agent: *\nDisallow: /")).await;
    let ran = refresh(&pages(&site, &["a"]), &["15 06:00"]).await;
    let row = row(&ran[0]);
    assert_eq!((row["state"].as_str(), row["kind"].as_str()), (Some("error"), Some("blocked")));
    assert!(row["message"].as_str().unwrap().contains("robots.txt"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_long_pause_puts_the_others_off_to_later_runs() {
    let site = site(|_, _| answer(200, &[], "User-agent: *\nCrawl-delay: 3600")).await;
    let office = pages(&site, &["a", "b", "c"]);
    let mut asked = Vec::new();
    for time in ["15 06:00", "15 06:30", "15 07:10", "15 08:20"] {
        let before = site.paths().len();
        let ran = refresh(&office, &[time]).await;
        assert_eq!(ran[0].code, 0, "to be put off is no failure");
        asked.push(site.paths()[before..].iter().filter(|path| *path != "/robots.txt").count());
    }
    assert_eq!(asked, [1, 0, 1, 1]);
    let mut pages = site.paths();
    pages.retain(|path| path != "/robots.txt");
    pages.sort();
    assert_eq!(pages, ["/a", "/b", "/c"], "each in its turn");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_short_pause_is_waited_for() {
    let site = site(|_, _| answer(200, &[], "User-agent: *\nCrawl-delay: 0.2")).await;
    let began = std::time::Instant::now();
    let ran = refresh(&pages(&site, &["a", "b", "c"]), &["15 06:00"]).await;
    assert_eq!(ran[0].code, 0);
    assert_eq!(site.paths().len(), 4);
    assert!(site.connections() <= 2, "{} connections", site.connections());
    assert!(began.elapsed() >= std::time::Duration::from_millis(400), "{:?}", began.elapsed());
}

#[tokio::test(flavor = "multi_thread")]
async fn what_an_earlier_run_asked_counts_also_for_who_is_named() {
    let site = site(|_, _| answer(200, &[], "User-agent: *\nCrawl-delay: 3600")).await;
    let office = pages(&site, &["a", "b"]);
    refresh(&office, &["15 06:00"]).await;
    let before = site.paths().len();
    for (time, asked) in [("06:30", 0), ("07:01", 1)] {
        office.run(&format!("refresh --source page-b --now 2018-01-15T{time}:00Z")).await;
        assert_eq!(site.paths().len() - before, asked, "{time}");
    }
}
