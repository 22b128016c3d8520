//! The demonstration: sample sources on a loopback server, a feeds.toml that reads them, and announcements.

mod content;
mod origin;

use std::net::SocketAddr;

use toml::{Table, Value};

pub use content::{ANNOUNCEMENTS, DOCUMENTS, Document};
pub use origin::{Origin, PORT};

/// The time at which the sample sources make the bulletin of January 2018.
pub const NOW: &str = "2018-01-15T06:40:00Z";

/// The demonstration's own tables; `{origin}` stands for the server's address.
const OWN: &str = include_str!("demo/feeds.toml");

/// What is taken over from the real feeds.toml: what editors curate.
const SHARED: [&str; 4] = ["context", "veto", "section", "topic"];

/// The demonstration's feeds.toml: its own site and sources, read from `origin`, and the words, sections and topics of
/// `shipped`, the real one, with their comments. Real sources that a topic names are there too, switched off.
pub fn config(origin: SocketAddr, shipped: &str) -> String {
    let own = OWN.replace("{origin}", &origin.to_string());
    let mut wanted = named_sources(shipped);
    wanted.retain(|id| !source_ids(&own).contains(id));
    let shared = blocks(shipped).into_iter().filter_map(|block| match block.table {
        "source" if source_ids(block.text).iter().any(|id| wanted.contains(id)) => {
            Some(switched_off(block.text.trim()))
        }
        table => SHARED.contains(&table).then(|| block.text.trim().to_owned()),
    });
    [own.trim().to_owned()].into_iter().chain(shared).map(|text| text + "\n").collect::<Vec<_>>().join("\n")
}

/// The sources that topics and their samples name: a feeds.toml that lacks one is refused.
fn named_sources(shipped: &str) -> Vec<String> {
    let shipped = shipped.parse::<Table>().unwrap_or_default();
    let mut named = Vec::new();
    for topic in tables(&shipped, "topic") {
        let samples = topic.get("expect").and_then(Value::as_array).into_iter().flatten();
        let by_samples = samples.filter_map(|sample| sample.get("source"));
        let by_topic = topic.get("sources").and_then(Value::as_array).into_iter().flatten();
        named.extend(by_topic.chain(by_samples).filter_map(Value::as_str).map(str::to_owned));
    }
    named
}

fn source_ids(toml: &str) -> Vec<String> {
    let toml = toml.parse::<Table>().unwrap_or_default();
    tables(&toml, "source").filter_map(|source| Some(source.get("id")?.as_str()?.to_owned())).collect()
}

fn tables<'a>(toml: &'a Table, name: &str) -> impl Iterator<Item = &'a Value> {
    toml.get(name).and_then(Value::as_array).into_iter().flatten()
}

fn switched_off(source: &str) -> String {
    let lines = source.lines().filter(|line| !line.starts_with("enabled"));
    let lines =
        lines.map(|line| if line.starts_with("[[source]]") { "[[source]]\nenabled = false" } else { line });
    lines.collect::<Vec<_>>().join("\n")
}

/// A table of a TOML file as it is written, with the comments that stand right above its header.
struct Block<'a> {
    /// Its name; empty for what stands above the first table. Tables inside it (`[source.page]`) belong to it.
    table: &'a str,
    text: &'a str,
}

fn blocks(toml: &str) -> Vec<Block<'_>> {
    let (mut blocks, mut table, mut begins, mut comments, mut at) = (Vec::new(), "", 0, None, 0);
    for line in toml.split_inclusive('\n') {
        if let Some(name) = table_name(line) {
            let ends = comments.unwrap_or(at);
            blocks.push(Block { table, text: toml.get(begins..ends).unwrap_or_default() });
            (table, begins) = (name, ends);
        }
        comments = if line.starts_with('#') { comments.or(Some(at)) } else { None };
        at += line.len();
    }
    blocks.push(Block { table, text: toml.get(begins..).unwrap_or_default() });
    blocks
}

/// `topic` of `[[topic]]`; `None` if the line begins no table of its own. Lines inside a list that begin with a bracket
/// are indented in the files we ship.
fn table_name(line: &str) -> Option<&str> {
    let (name, _) = line.strip_prefix("[[").or_else(|| line.strip_prefix('['))?.split_once(']')?;
    (!name.contains('.')).then_some(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    const SHIPPED: &str = r#"
# Ours.
[site]
title = "Real"

[[source]]
id = "real"
enabled = true
[source.page]
item = "li"

[[source]]
id = "never-named"

[[source]]
id = "wto"

# What speaks of goods.
[context]
terms = [
 "customs", "[odd]",
]

[veto]
any = ["x"]

# Headings.
[[section]]
id = "one"
title = "One"

[[topic]]
id = "a" # The first.
expect = [
    { title = "t", source = "real", verdict = "publish" },
]

[output]
digest_days = 7

[[topic]]
id = "b"
sources = ["wto", "announcements"]
"#;

    fn demo() -> String {
        config(([127, 0, 0, 1], 8080).into(), SHIPPED)
    }

    fn ids(table: &Table, key: &str) -> Vec<String> {
        tables(table, key).map(|one| one["id"].as_str().expect("an id").to_owned()).collect()
    }

    #[test]
    fn words_and_topics_are_the_real_ones() {
        let (demo, shipped): (Table, Table) = (demo().parse().expect("TOML"), SHIPPED.parse().expect("TOML"));
        for key in SHARED {
            assert_eq!(demo[key], shipped[key], "{key}");
        }
    }

    #[test]
    fn site_and_sources_are_its_own() {
        let demo: Table = demo().parse().expect("TOML");
        assert_eq!(demo["site"]["title"].as_str(), Some("The Bulletin"));
        assert_eq!(demo["output"]["digest_days"].as_integer(), Some(90));
        assert_eq!(ids(&demo, "source").iter().filter(|id| *id == "wto").count(), 1);
        assert!(!ids(&demo, "source").contains(&"never-named".to_owned()));
    }

    #[test]
    fn a_real_source_that_a_topic_names_is_there_and_switched_off() {
        let demo: Table = demo().parse().expect("TOML");
        let real = tables(&demo, "source").find(|source| source["id"].as_str() == Some("real")).expect("it");
        assert_eq!((real["enabled"].as_bool(), real["page"]["item"].as_str()), (Some(false), Some("li")));
    }

    #[test]
    fn comments_stay_with_what_they_explain() {
        let demo = demo();
        for comment in
            ["# What speaks of goods.\n[context]", "# Headings.\n[[section]]", "\"a\" # The first."]
        {
            assert!(demo.contains(comment), "{comment}");
        }
        assert!(!demo.contains("# Ours."));
    }

    #[test]
    fn every_source_is_read_from_the_origin_and_nothing_else_is_opened() {
        let demo: Table = demo().parse().expect("TOML");
        assert_eq!(demo["fetch"]["allow"].as_array().map(Vec::len), Some(1));
        assert_eq!(demo["fetch"]["allow"][0].as_str(), Some("127.0.0.1:8080"));
        for source in tables(&demo, "source").filter(|source| source.get("enabled").is_none()) {
            let url = source["url"].as_str().expect("an address");
            assert!(url.starts_with("http://127.0.0.1:8080/"), "{url}");
        }
    }
}
