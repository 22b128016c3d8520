//! What a feed dates some days ahead comes before members when its date has come, and once.

use crate::office::{Office, rss, source};
use crate::run::feed_that_says;

#[tokio::test(flavor = "multi_thread")]
async fn it_waits_for_its_date_and_staff_know() {
    let origin = feed_that_says(|_| rss(&[("a", "Customs opens", 10), ("b", "Customs to open", 17)])).await;
    let office = Office::new(&source("one", &origin.url("/")));
    let first = office.refresh("06:00").await.json();
    assert_eq!(office.titles(), ["Customs opens"]);
    let warning = first["sources"][0]["warning"].as_str().unwrap();
    assert!(warning.contains("1 entries have a date some days ahead"), "{warning}");
    let explained = office.run("explain open --now 2018-01-15T07:00:00Z").await;
    assert!(explained.out.contains("waits for 17 January 2018"), "{explained:?}");
    for (now, shown) in [("2018-01-16T12:00:00Z", 1), ("2018-01-17T23:00:00Z", 2)] {
        office.run(&format!("refresh --now {now}")).await;
        assert_eq!(office.titles().len(), shown, "{now}");
    }
    assert_eq!(office.titles()[0], "Customs to open");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_source_may_release_it_earlier_and_it_comes_once() {
    let day = |n| if n == 0 { 18 } else { 16 };
    let origin = feed_that_says(move |n| rss(&[("a", "Customs to open", day(n))])).await;
    let office = Office::new(&source("one", &origin.url("/")));
    office.refresh("06:00").await;
    assert!(office.titles().is_empty());
    office.run("refresh --now 2018-01-16T23:00:00Z").await;
    assert_eq!(office.titles(), ["Customs to open"]);
    let released = office.read("output/feeds/all.atom");
    assert!(office.read("output/feeds/customs.atom").contains("Customs to open"));
    office.run("refresh --now 2018-01-18T23:00:00Z").await;
    assert_eq!(office.read("output/feeds/all.atom"), released);
}
