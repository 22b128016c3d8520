//! A stranger under a source's address: what it says counts for nothing until a person accepts it, and then for all.

use crate::office::{Office, rss, source};
use crate::origin::Origin;
use crate::run::feed_that_says;

/// A feed that has long been silent, and then another publication under its address.
async fn taken_over() -> Origin {
    feed_that_says(|n| match n {
        0 => rss(&[("a", "Customs one", 1), ("b", "Customs two", 2), ("c", "Customs three", 3)]),
        _ => rss(&[("d", "Customs casino", 12), ("e", "Customs poker", 13), ("f", "Customs spins", 14)])
            .replace("source.example", "casino.example")
            .replace("<title>S<", "<title>Bonus<"),
    })
    .await
}

/// Does a run at this hour warn that the source has fallen silent?
async fn is_silent(office: &Office, time: &str) -> bool {
    let report = office.refresh(time).await.json();
    report["sources"][0]["warning"].as_str().is_some_and(|warning| warning.contains("fallen silent"))
}

#[tokio::test(flavor = "multi_thread")]
async fn the_news_of_a_stranger_breaks_no_silence_until_it_is_accepted() {
    let origin = taken_over().await;
    let contract = "[source.contract]\nsilence = '10d'\n";
    let office = Office::new(&(source("one", &origin.url("/")) + contract));
    assert!(is_silent(&office, "06:00").await);
    assert!(is_silent(&office, "08:00").await, "all that is new waits");
    assert_eq!(office.run("source accept one --now 2018-01-15T09:00:00Z").await.code, 0);
    assert!(!is_silent(&office, "10:00").await);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_accepted_is_judged_at_once() {
    let origin = taken_over().await;
    let office = Office::new(&source("one", &origin.url("/")));
    office.refresh("06:00").await;
    office.refresh("08:00").await;
    office.run("source accept one --now 2018-01-15T09:00:00Z").await;
    assert_eq!(office.titles().len(), 6);
    assert!(office.read("output/feeds/customs.atom").contains("Customs casino"), "its topic has it");
}
