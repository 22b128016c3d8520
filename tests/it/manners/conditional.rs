//! "Has it changed?": asked with what the server gave us, and with nothing else.

use super::*;

const DAY: [&str; 4] = ["15 00:00", "15 06:00", "15 12:00", "15 18:00"];

/// What the requests of four runs asked with, `-` for nothing; the server answers as it is told.
async fn check(
    answers: impl Fn(usize, &Asked) -> Vec<Step> + Send + Sync + 'static,
    tags: [&str; 4],
    dates: [&str; 4],
) {
    let origin = origin(answers).await;
    let office = office(&origin, "/feed");
    refresh(&office, &DAY).await;
    let sent = |name| -> Vec<String> {
        origin.asked().iter().map(|asked| asked.header(name).unwrap_or("-").to_owned()).collect()
    };
    assert_eq!(sent("if-none-match"), tags);
    assert_eq!(sent("if-modified-since"), dates);
}

const TAG: &str = "W/\"5a5 c\"";
const DATE: &str = "Mon, 15 Jan 2018 01:02:03 GMT";

#[tokio::test(flavor = "multi_thread")]
async fn only_the_first_request_asks_for_everything() {
    let both = |n: usize, _: &Asked| {
        if n == 0 { feed(&[("ETag", TAG), ("Last-Modified", DATE)]) } else { bare(304, &[]) }
    };
    check(both, ["-", TAG, TAG, TAG], ["-", DATE, DATE, DATE]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_the_server_did_not_give_is_not_made_up() {
    let only = |header: &'static str, value: &'static str| {
        move |n: usize, _: &Asked| {
            if n == 0 { feed(&[("Date", DATE), (header, value)]) } else { bare(304, &[]) }
        }
    };
    check(only("ETag", TAG), ["-", TAG, TAG, TAG], ["-"; 4]).await;
    check(only("Last-Modified", DATE), ["-"; 4], ["-", DATE, DATE, DATE]).await;
    check(|_, _| feed(&[("Date", DATE)]), ["-"; 4], ["-"; 4]).await;
    check(only("ETag", ""), ["-"; 4], ["-"; 4]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn values_go_back_byte_for_byte() {
    for (tag, date) in [
        ("unquoted", "Mon, 15 Jan 2018 02:02:03 +0100"),
        ("\"\"", "Monday, 15-Jan-18 01:02:03 GMT"),
        ("\"a\", \"b\"", "2018-01-15 01:02"),
        ("w/\"x--gzip\"", "Thu, 01 Jan 1970 00:00:00 GMT"),
        ("\"0\"", "Fri, 31 Dec 2199 23:59:59 GMT"),
    ] {
        let both = move |n: usize, _: &Asked| {
            if n == 0 { feed(&[("ETag", tag), ("Last-Modified", date)]) } else { bare(304, &[]) }
        };
        check(both, ["-", tag, tag, tag], ["-", date, date, date]).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_whole_answer_replaces_both_values_also_with_the_same_bytes() {
    let both = |n: usize, _: &Asked| match n {
        0 => feed(&[("ETag", "\"0\""), ("Last-Modified", "then")]),
        1 => feed(&[("ETag", "\"1\""), ("Last-Modified", "now")]),
        2 => feed(&[("ETag", "\"2\"")]),
        _ => bare(304, &[]),
    };
    check(both, ["-", "\"0\"", "\"1\"", "\"2\""], ["-", "then", "now", "-"]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_answer_of_no_change_replaces_neither() {
    let both = |n: usize, _: &Asked| match n {
        0 => feed(&[("ETag", TAG), ("Last-Modified", DATE)]),
        _ => bare(304, &[("ETag", "\"other\""), ("Last-Modified", "another")]),
    };
    check(both, ["-", TAG, TAG, TAG], ["-", DATE, DATE, DATE]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn failures_make_nobody_forget() {
    for failing in [
        || answer(500, &[("ETag", "\"error\"")], "sorry"),
        || answer(404, &[("Last-Modified", "never")], "no"),
        || answer(429, &[("Retry-After", "60")], ""),
        || answer(200, &[("ETag", "\"page\"")], "<html><body>Log in</body></html>"),
        || answer(200, &[("ETag", "\"nothing\"")], ""),
        || vec![Step::Close],
    ] {
        let both = move |n: usize, _: &Asked| match n {
            0 => feed(&[("ETag", TAG), ("Last-Modified", DATE)]),
            1 => failing(),
            _ => bare(304, &[]),
        };
        check(both, ["-", TAG, TAG, TAG], ["-", DATE, DATE, DATE]).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn weeks_without_a_run_make_nobody_forget() {
    let origin = origin(|_, _| feed(&[("ETag", TAG), ("Last-Modified", DATE)])).await;
    refresh(&office(&origin, "/feed"), &["01 00:00", "31 00:00"]).await;
    let asked = origin.asked();
    assert_eq!(asked.len(), 2);
    let second = &asked[1];
    assert_eq!((second.header("if-none-match"), second.header("if-modified-since")), (Some(TAG), Some(DATE)));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_request_by_hand_is_conditional_too() {
    let origin = origin(|n, _| if n == 0 { feed(&[("ETag", TAG)]) } else { bare(304, &[]) }).await;
    let office = office(&origin, "/feed");
    refresh(&office, &["15 06:00"]).await;
    office.run("refresh --source one --now 2018-01-15T06:30:00Z").await;
    assert_eq!(origin.asked()[1].header("if-none-match"), Some(TAG));
}

#[tokio::test(flavor = "multi_thread")]
async fn another_address_is_not_asked_with_them() {
    let origin = origin(|_, _| feed(&[("ETag", TAG), ("Last-Modified", DATE)])).await;
    let office = office(&origin, "/feed");
    refresh(&office, &["15 06:00"]).await;
    office.write("feeds.toml", &office.read("feeds.toml").replace("/feed\"", "/other\""));
    refresh(&office, &["15 12:00"]).await;
    let asked = origin.asked();
    assert_eq!((asked[1].path.as_str(), asked[1].header("if-none-match")), ("/other", None));
}

#[tokio::test(flavor = "multi_thread")]
async fn nor_another_one_behind_a_redirect() {
    let origin = origin(|n, asked| match asked.path.as_str() {
        "/feed" => redirect(302, if n < 2 { "/here" } else { "/there" }),
        _ => feed(&[("ETag", TAG)]),
    })
    .await;
    let office = office(&origin, "/feed");
    refresh(&office, &["15 06:00", "15 12:00", "15 18:00"]).await;
    let sent: Vec<_> = origin
        .asked()
        .iter()
        .map(|asked| (asked.path.clone(), asked.header("if-none-match").is_some()))
        .collect();
    let expected = [("/feed", false), ("/here", false), ("/feed", false), ("/there", false)];
    assert_eq!(sent[..4], expected.map(|(path, sent)| (path.to_owned(), sent)));
    assert_eq!(sent[5], ("/there".to_owned(), true), "it gave them");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_feed_that_becomes_a_page_is_asked_for_whole() {
    let origin = origin(|_, asked| match asked.path.as_str() {
        "/robots.txt" => answer(404, &[], ""),
        _ => feed(&[("ETag", TAG)]),
    })
    .await;
    let office = office(&origin, "/both");
    refresh(&office, &["15 06:00"]).await;
    let page = office.read("feeds.toml") + "[source.page]\nitem = \"item\"\n";
    office.write("feeds.toml", &page);
    refresh(&office, &["15 12:00"]).await;
    let asked = origin.asked();
    let last = asked.last().unwrap();
    assert_eq!((last.path.as_str(), last.header("if-none-match")), ("/both", None));
}
