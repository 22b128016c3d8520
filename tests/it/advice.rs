//! What the program advises, with the binary: what to mend in the rules, what to add, and what to look at first.

use serde_json::Value;

use crate::office::{Office, Ran, rss, source};
use crate::origin::{Origin, answer};

const NOW: &str = "2018-01-15T09:00:00Z";

/// A topic with these lines.
fn topic(id: &str, lines: &str) -> String {
    format!("[[topic]]\nid = \"{id}\"\ntitle = \"T\"\nsection = \"news\"\n{lines}\n")
}

/// An office that has read a source in English with entries of these titles, under the office's own topic and these rules.
async fn office(titles: &[&str], rules: &str) -> (Origin, Office) {
    let ids: Vec<String> = (0..titles.len()).map(|number| format!("id-{number}")).collect();
    let entries: Vec<(&str, &str, u8)> =
        ids.iter().zip(titles).map(|(id, title)| (id.as_str(), *title, 10)).collect();
    let body = rss(&entries).replace("About customs.", "In short.");
    let origin = Origin::start(move |_| answer(200, &[], body.clone())).await;
    let source = source("one", &origin.url("/")) + "language = \"en\"\n";
    let office = Office::new(&(source + rules));
    office.refresh("06:00").await;
    (origin, office)
}

impl Office {
    async fn rules(&self, line: &str) -> Ran {
        self.run(&format!("rules {line} --now {NOW}")).await
    }

    async fn decides(&self, words: &[&str]) {
        let ran = self.run_words(&[&["decide"], words, &["--by", "Ann", "--now", NOW]].concat()).await;
        assert_eq!(ran.code, 0, "{ran:?}");
    }

    async fn waiting(&self, options: &str) -> Vec<String> {
        let waiting = self.run(&format!("review --json {options}")).await.json();
        let title = |waiting: &Value| waiting["title"].as_str().unwrap().to_owned();
        waiting.as_array().unwrap().iter().map(title).collect()
    }
}

/// "mistake contradiction origin strong honey", of each finding.
fn findings(ran: &Ran) -> Vec<String> {
    let told = ran.json();
    let keys = ["level", "what", "topic", "list", "term"];
    let line = |finding: &Value| keys.map(|key| finding[key].as_str().unwrap_or("-").to_owned()).join(" ");
    told["findings"].as_array().unwrap().iter().map(line).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn lint_finds_in_the_words_what_needs_no_store() {
    let office = Office::new("");
    let ran = office.rules("lint").await;
    assert_eq!((ran.code, ran.out.as_str()), (0, "feeds.toml: nothing to mend\n"), "{ran:?}");
    assert!(ran.err.contains("there is no store"), "{ran:?}");

    office.write(
        "feeds.toml",
        &(office.read("feeds.toml")
            + &topic("x", "strong = [\"wild honey\", \"rex\", \"REX*\"]\nnot = [\"honey\"]")),
    );
    let ran = office.rules("lint --json").await;
    assert_eq!(ran.code, 1);
    assert_eq!(
        findings(&ran),
        ["mistake contradiction x strong wild honey", "advice redundant x strong rex"]
    );
    let text = office.rules("lint").await.out;
    for word in
        ["strong of x: `wild honey`: whatever has it is kept out by `honey` of not", "mend: take it out"]
    {
        assert!(text.contains(word), "{word}: {text}");
    }
    assert!(!office.path("tidewaiter.db").exists());

    office.write("feeds.toml", &office.read("feeds.toml").replace("\"wild honey\", ", ""));
    assert_eq!(office.rules("lint").await.code, 1);
    assert_eq!(office.rules("lint --mistakes").await.code, 0);
    office.write("feeds.toml", "[site]");
    assert_eq!(office.rules("lint").await.code, 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn lint_finds_in_the_past_what_is_dead_and_what_takes_too_much() {
    let titles: Vec<String> = (0..210).map(|number| format!("Fish swim {number}")).collect();
    let titles: Vec<&str> = titles.iter().map(String::as_str).collect();
    let (_origin, office) = office(&titles, &topic("x", "strong = [\"fish*\", \"cumulation\"]")).await;
    let ran = office.rules("lint --json").await;
    assert_eq!(ran.json()["entries"], 210);
    let customs = "advice dead customs strong customs";
    let expected = [
        "advice unreached topic customs - -",
        "advice too wide x strong fish*",
        customs,
        "advice dead x strong cumulation",
    ];
    assert_eq!(findings(&ran), expected, "{ran:?}");
    assert_eq!(ran.json()["findings"][1]["figures"]["entries"], 210);
    let few = office.run("rules lint --days 1 --now 2018-03-15T09:00:00Z").await;
    assert_eq!(few.code, 0, "{few:?}");
    assert!(few.err.contains("0 entries of the last 1 days are too few"), "{few:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_staff_decided_becomes_a_proposal_with_what_it_would_do() {
    let titles: Vec<String> = ["red", "blue", "green", "white", "black", "pink", "grey"]
        .map(|colour| format!("Quokka {colour}"))
        .to_vec();
    let titles: Vec<&str> = titles.iter().map(String::as_str).collect();
    let (_origin, office) = office(&titles, "").await;
    assert!(!office.rules("suggest").await.out.contains("quokka"));
    let before = office.read("feeds.toml");
    for title in &titles[..6] {
        office.decides(&[title, "accept", "customs"]).await;
    }
    let told = office.rules("suggest --topic customs").await.out;
    for word in [
        "strong of customs: \"quokka\" (en)",
        "of 6 entries with it 6 belong to customs, and the rules miss 6 of these",
        "in the last 365 days: 1 newly in; the rules publish 6 more of what staff accepted, 0 more of what they rejected",
    ] {
        assert!(told.contains(word), "{word}: {told}");
    }
    let told = office.rules("suggest --json --language en --limit 1").await.json();
    assert_eq!(told["suggestions"][0]["term"], "quokka");
    assert_eq!(told["suggestions"][0]["backtest"]["newly_in"], 1);
    assert_eq!(office.read("feeds.toml"), before, "nothing is applied");
    assert!(office.rules("suggest --topic custom").await.err.contains("did you mean `customs`?"));
}

#[tokio::test(flavor = "multi_thread")]
async fn proposals_need_no_store() {
    let ran = Office::new("").rules("suggest --json").await;
    assert_eq!(ran.code, 0);
    assert!(ran.json()["accepted"].as_u64().unwrap() > 1000, "the entries that come with the program");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_waits_is_ordered_by_what_editors_wanted_before() {
    let titles = [
        "Proof for import by quokkas",
        "Proof for import by wombats",
        "Quokkas swim",
        "Wombats swim",
        "Fish swim",
    ];
    let rules =
        format!("[context]\nterms = [\"import\"]\n{}", topic("x", "weak = [\"proof\", \"certificate\"]"));
    let (_origin, office) = office(&titles, &rules).await;
    office.decides(&["Quokkas swim", "accept"]).await;
    office.decides(&["Wombats swim", "reject"]).await;
    assert_eq!(office.waiting("").await, [titles[0], titles[1]]);
    office.decides(&["Quokkas swim", "reject"]).await;
    office.decides(&["Wombats swim", "accept"]).await;
    assert_eq!(office.waiting("").await, [titles[1], titles[0]]);
    assert_eq!(office.waiting("--limit 1").await, [titles[1]]);
    let newest = office.waiting("--newest").await;
    office.decides(&["Quokkas swim", "accept"]).await;
    office.decides(&["Wombats swim", "reject"]).await;
    assert_eq!(office.waiting("--newest").await, newest);
    let told = office.run("review").await;
    assert_eq!(told.out, office.run("review").await.out);
    assert!(told.out.contains("% likely, by entries that editors filed: "), "{told:?}");
}
