//! docs/RULES.md tells editors nothing that isn't so: each of its examples is judged.

use std::fmt::Write as _;

use tidewaiter::config::Config;
use tidewaiter::rules::Subject;

const PAGE: &str = include_str!("../../docs/RULES.md");

/// What an example leaves out of feeds.toml.
const REST: &str = r#"[site]
title = "The Bulletin"
organisation = "IFCBA"
url = "https://bulletin.ifcba.org"
home = "https://ifcba.org/"
contact = "secretariat@ifcba.org"
tag = "ifcba.org,2018"
[[section]]
id = "rules"
title = "Rules"
"#;

/// The fenced blocks, each with what stands behind its opening fence.
fn blocks() -> Vec<(&'static str, &'static str)> {
    let fenced = PAGE.split("```").skip(1).step_by(2);
    fenced.map(|block| block.split_once('\n').expect("a fence stands on its own line")).collect()
}

fn config(rules: &str) -> Config {
    let named = rules.lines().fold(String::new(), |mut text, line| {
        let more = if line.starts_with("id = ") { "\ntitle = \"T\"\nsection = \"rules\"" } else { "" };
        writeln!(text, "{line}{more}").unwrap();
        text
    });
    Config::parse(&format!("{REST}{named}")).unwrap_or_else(|problems| panic!("{rules}\n{problems:#?}"))
}

/// `publish | Title | link: https://…`
fn check(config: &Config, line: &str) {
    let mut parts = line.split(" | ").map(str::trim);
    let (outcome, title) = (parts.next().unwrap(), parts.next().unwrap_or_else(|| panic!("a title: {line}")));
    let mut subject = Subject { title, language: Some("en"), source: "press", ..Subject::default() };
    for part in parts {
        let (field, text) = part.split_once(": ").unwrap();
        match field {
            "summary" => subject.summary = text,
            "link" => subject.link = text,
            "source" => subject.source = text,
            "category" => subject.category = text,
            "lang" => subject.language = Some(text),
            other => panic!("{other}: {line}"),
        }
    }
    assert_eq!(config.rules.judge(&subject).outcome.as_str(), outcome, "{line}");
}

#[test]
fn every_example_comes_out_as_the_page_says() {
    let blocks = blocks();
    let mut judged = 0;
    for (rules, told) in blocks.iter().zip(blocks.iter().skip(1)) {
        if rules.0 != "toml" || told.0 != "text" || !told.1.contains(" | ") {
            continue;
        }
        let config = config(rules.1);
        for line in told.1.lines() {
            check(&config, line);
            judged += 1;
        }
    }
    let told = |line: &&str| {
        ["publish ", "review ", "drop "].iter().any(|word| line.starts_with(word)) && line.contains(" | ")
    };
    assert_eq!(judged, PAGE.lines().filter(told).count(), "one of them stands under no rule");
    assert!(judged > 0);
}

#[test]
fn every_rule_of_the_page_can_be_read() {
    for (_, rules) in blocks().into_iter().filter(|(kind, _)| *kind == "toml") {
        config(rules);
    }
}

#[test]
fn every_mistake_is_told_as_the_page_says() {
    let told =
        blocks().into_iter().find(|(_, text)| text.starts_with("strong: ")).expect("a list of mistakes").1;
    let lines: Vec<_> = told.lines().collect();
    for pair in lines.chunks(2) {
        let (list, written) = pair[0].split_once(": ").unwrap();
        let value = if list == "expression" { format!("'{written}'") } else { format!("['{written}']") };
        let file =
            format!("{REST}[[topic]]\nid = \"x\"\ntitle = \"X\"\nsection = \"rules\"\n{list} = {value}\n");
        let problems = Config::parse(&file).err().unwrap_or_else(|| panic!("{written} is taken"));
        let [problem] = problems.as_slice() else { panic!("{problems:#?}") };
        let message = problem.message.strip_prefix(&format!("topic `x`: `{list}`: ")).unwrap();
        assert_eq!(format!("{message} ({})", problem.hint), pair[1].trim(), "{written}");
    }
}
