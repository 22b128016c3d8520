//! How often we ask.

use super::*;

/// The times, out of a run every ten minutes between 06:00 and the last hour, at which the server was asked.
async fn check(
    answers: impl Fn(usize, &Asked) -> Vec<Step> + Send + Sync + 'static,
    until: &str,
    expected: &[&str],
) {
    let origin = origin(answers).await;
    let office = office(&origin, "/feed");
    let mut times = Vec::new();
    'day: for hour in 6..24 {
        for minute in [0, 30] {
            let time = format!("{hour:02}:{minute:02}");
            let before = origin.asked().len();
            refresh(&office, &[&format!("15 {time}")]).await;
            if origin.asked().len() > before {
                assert_eq!(origin.asked().len(), before + 1, "one request in a run");
                times.push(time.clone());
            }
            if time == until {
                break 'day;
            }
        }
    }
    assert_eq!(times, expected);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_interval_is_kept_however_often_we_are_run() {
    check(|_, _| feed(&[]), "09:00", &["06:00", "07:00", "08:00", "09:00"]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_stays_fresh_is_not_asked_for() {
    check(|_, _| feed(&[("Cache-Control", "max-age=10800")]), "09:00", &["06:00", "09:00"]).await;
    let aged = [("Cache-Control", "max-age=10800, must-revalidate"), ("Age", "3600")];
    check(move |_, _| feed(&aged), "08:30", &["06:00", "08:00"]).await;
    let expires = [("Date", "Mon, 15 Jan 2018 01:00:00 GMT"), ("Expires", "Mon, 15 Jan 2018 03:00:00 GMT")];
    check(move |_, _| feed(&expires), "08:30", &["06:00", "08:00"]).await;
    check(|_, _| feed(&[("Cache-Control", "s-maxage=86400, max-age=60")]), "07:00", &["06:00", "07:00"])
        .await;
    check(|_, _| feed(&[("Cache-Control", "no-store, max-age=86400")]), "07:00", &["06:00", "07:00"]).await;
}

fn wishing(wish: &'static str) -> impl Fn(usize, &Asked) -> Vec<Step> {
    move |_, _| {
        let text = rss(&ENTRIES)
            .replace("<description>D</description>", &format!("<description>D</description>{wish}"));
        answer(200, &[], text)
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_the_feed_wishes_is_done() {
    check(wishing("<ttl>120</ttl>"), "08:30", &["06:00", "08:00"]).await;
    check(wishing("<ttl>5</ttl>"), "07:30", &["06:00", "07:00"]).await;
    check(wishing("<skipHours><hour>7</hour><hour>8</hour></skipHours>"), "09:00", &["06:00", "09:00"]).await;
    check(
        wishing("<sy:updatePeriod xmlns:sy=\"http://purl.org/rss/1.0/modules/syndication/\">daily</sy:updatePeriod>"),
        "09:00",
        &["06:00"],
    )
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn who_asks_for_a_pause_gets_it() {
    check(|_, _| answer(429, &[("Retry-After", "9000")], ""), "08:30", &["06:00", "08:30"]).await;
    let until = [("Retry-After", "Mon, 15 Jan 2018 08:30:00 GMT")];
    check(move |_, _| answer(503, &until, ""), "08:30", &["06:00", "08:30"]).await;
    for nothing in ["0", "-100", "soon", "Mon, 15 Jan 2001 00:00:00 GMT"] {
        check(move |_, _| answer(429, &[("Retry-After", nothing)], ""), "07:00", &["06:00", "07:00"]).await;
    }
    for endless in ["100000000000000000000", "Fri, 31 Dec 9999 23:59:59 GMT"] {
        check(move |_, _| answer(429, &[("Retry-After", endless)], ""), "23:30", &["06:00"]).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn who_says_too_many_and_no_more_is_asked_ever_less_often() {
    check(|_, _| answer(429, &[], ""), "13:00", &["06:00", "07:00", "09:00", "13:00"]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn failures_slow_us_down_and_an_answer_ends_it() {
    let answers = |n: usize, _: &Asked| if n < 3 { answer(500, &[], "") } else { feed(&[]) };
    // One hour, two, four, each with up to an eighth more; then every hour again.
    check(answers, "16:00", &["06:00", "07:30", "10:00", "14:30", "15:30"]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_slow_source_is_asked_less_often() {
    let entries: Vec<(String, u8)> = (1..=9).map(|n| (n.to_string(), n)).collect();
    let slow = move |_: usize, _: &Asked| {
        let days: Vec<_> = entries.iter().map(|(id, day)| (id.as_str(), "Customs", *day)).collect();
        answer(200, &[], rss(&days))
    };
    // One entry a day, eight requests for each.
    check(slow, "12:00", &["06:00", "09:00", "12:00"]).await;
}
