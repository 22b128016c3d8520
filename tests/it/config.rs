//! feeds.toml from outside: what the shipped one says, what is said of broken ones, and the schema for editors.

use std::fs;
use std::path::{Path, PathBuf};

use chrono::TimeDelta;
use proptest::prelude::*;
use regex::Regex;
use serde_json::Value;
use tidewaiter::config::{Config, Problem, report, schema};
use tidewaiter::model::source::{Part, Rank, Reuse, Robots, SourceKind};

fn path(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(name)
}

fn read(name: &str) -> String {
    fs::read_to_string(path(name)).unwrap()
}

/// The file says this; `UPDATE_EXPECT=1` makes it so.
fn expect(name: &str, text: &str) {
    if std::env::var_os("UPDATE_EXPECT").is_some() {
        fs::write(path(name), text).unwrap();
    }
    assert_eq!(
        read(name),
        text,
        "{name} is out of step; run the tests with UPDATE_EXPECT=1 and read the difference"
    );
}

#[test]
fn a_good_file_is_read_with_its_defaults() {
    let config = Config::parse(&read("tests/data/config/good.toml")).unwrap();
    assert_eq!(config.site.url.as_str(), "https://bulletin.ifcba.org/");
    assert_eq!(config.site.organisation_name, "IFCBA");
    assert_eq!(config.sections[0].title, "Rules");
    let version = env!("CARGO_PKG_VERSION");
    let agent = format!("tidewaiter/{version} (+https://ifcba.org/; secretariat@ifcba.org)");
    assert_eq!(config.fetch.user_agent, agent);
    let [feed, page] = config.sources.as_slice() else { panic!("two sources") };
    assert_eq!((feed.timeout, feed.interval), (TimeDelta::seconds(30), TimeDelta::hours(6)));
    assert_eq!((feed.robots, feed.reuse, feed.rank), (Robots::Subscription, Reuse::Excerpt, Rank::Partner));
    assert_eq!(page.robots, Robots::Obey);
    let SourceKind::Page(selectors) = &page.kind else { panic!("a page") };
    assert_eq!(selectors.date, Some(Part::Before("p.date".to_owned())));
}

#[test]
fn every_mistake_is_told_with_its_place_and_a_way_out() {
    let good = read("tests/data/config/good.toml");
    let cases = read("tests/data/config/mistakes.txt");
    let told = cases.split("\n\n").map(|case| tell(&good, case)).collect::<Vec<_>>().join("\n\n");
    expect("tests/data/config/mistakes.txt", &(told + "\n"));
}

/// The case with the problems that its change makes.
fn tell(good: &str, case: &str) -> String {
    let mut case: Vec<_> =
        case.trim_end().lines().filter(|line| !line.starts_with('=')).map(String::from).collect();
    if case.iter().all(|line| line.starts_with('#')) {
        return case.join("\n");
    }
    let mut text = good.to_owned();
    let change: Vec<_> = case.iter().filter(|line| !line.starts_with('#')).collect();
    for hunk in change.chunk_by(|one, next| !(one.starts_with('+') && next.starts_with('-'))) {
        let part = |sign| -> String {
            hunk.iter().filter_map(|line| Some(format!("{}\n", line.strip_prefix(sign)?))).collect()
        };
        let (old, new) = (part("- "), part("+ "));
        assert!(text.contains(&old), "good.toml has no lines\n{old}");
        text = text.replacen(&old, &new, 1);
    }
    let problems = Config::parse(&text).expect_err("the change is a mistake");
    let said = |p: Problem| format!("= {}:{} {} | {}", p.line, p.column, p.message, p.hint);
    case.extend(problems.into_iter().map(said));
    case.join("\n")
}

#[test]
fn a_report_shows_each_mistake_in_its_line_and_counts_them() {
    let text = "[site]\ntitel = \"x\"\nurl = \"x.org\"\n";
    let problems = Config::parse(text).unwrap_err();
    let report = report::render_problems("feeds.toml", text, &problems, false);
    assert!(report.contains(" --> feeds.toml:2:1\n  |\n2 | titel = \"x\"\n  | ^^^^^\n"), "{report}");
    assert!(report.ends_with("\n\nfeeds.toml has 7 mistakes; nothing was run\n"), "{report}");
}

#[test]
fn the_shipped_file_is_right_and_asks_the_institutions() {
    let text = read("feeds.toml");
    let config = Config::parse(&text).unwrap_or_else(|problems| {
        panic!("{}", report::render_problems("feeds.toml", &text, &problems, false))
    });
    let enabled = |id: &str| config.sources.iter().any(|source| source.id.as_str() == id && source.enabled);
    for id in [
        "wto",
        "wco",
        "eu-taxud",
        "eu-trade",
        "hmrc",
        "cbp-trade",
        "ustr",
        "federal-register",
        "cbsa",
        "un-news",
    ] {
        assert!(enabled(id), "{id}");
    }
    for id in ["wto-fr", "wto-es", "abf", "receita", "clecat", "etrade-for-all"] {
        assert!(!enabled(id), "{id}");
    }
    assert!(config.fetch.allow.is_empty());
}

/// The page and address patterns of the shipped file do what its remarks say.
#[test]
fn the_shipped_patterns_keep_entries_and_drop_the_rest() {
    let config = Config::parse(&read("feeds.toml")).unwrap();
    let pattern = |id: &str| {
        let source = config.sources.iter().find(|source| source.id.as_str() == id).unwrap();
        Regex::new(source.keep_link.as_ref().or(source.drop_link.as_ref()).unwrap()).unwrap()
    };
    let wco = pattern("wco");
    assert!(wco.is_match("https://www.wcoomd.org/en/media/newsroom/2021/december/the-wco-and-x.aspx"));
    assert!(!wco.is_match("https://www.wcoomd.org/en/media/newsroom/2021/december.aspx"));
    assert!(!wco.is_match("https://www.wcoomd.org/en/media/newsroom.aspx"));
    let receita = pattern("receita");
    assert!(receita.is_match("https://www.gov.br/receitafederal/x/foto.jpg/view"));
    assert!(receita.is_match("https://www.gov.br/receitafederal/x/nota.pdf"));
    assert!(!receita.is_match("https://www.gov.br/receitafederal/pt-br/assuntos/noticias/2026/x"));
}

#[test]
fn the_schema_for_editors_is_in_step() {
    expect("feeds.schema.json", &(serde_json::to_string_pretty(&schema()).unwrap() + "\n"));
}

/// A file with all the keys of the schema, each with a date for a value, which no key wants.
fn misfit(schema: &Value) -> toml::Value {
    match (&schema["properties"], &schema["items"]) {
        (Value::Object(keys), _) => {
            keys.iter().map(|(key, schema)| (key.clone(), misfit(schema))).collect::<toml::Table>().into()
        }
        (_, items) if items["properties"].is_object() => toml::Value::Array(vec![misfit(items)]),
        _ => "2018-01-15".parse::<toml::value::Datetime>().unwrap().into(),
    }
}

fn leaves(value: &toml::Value) -> usize {
    match value {
        toml::Value::Table(table) => table.values().map(leaves).sum(),
        toml::Value::Array(values) => values.iter().map(leaves).sum(),
        _ => 1,
    }
}

#[test]
fn the_reader_knows_the_keys_of_the_schema_and_no_others() {
    let misfit = misfit(&schema());
    let mut problems = Config::parse(&toml::to_string(&misfit).unwrap()).unwrap_err();
    // A source may have one of these tables only; here it has all.
    problems.retain(|problem| !problem.message.contains(" beside `page`"));
    assert!(problems.iter().all(|problem| problem.message.ends_with("not a date")), "{problems:#?}");
    assert_eq!(problems.len(), leaves(&misfit));
    assert!(problems.len() > 60, "{}", problems.len());
}

/// The rules of JSON Schema that ours uses.
fn breach(value: &Value, schema: &Value, at: &str) -> Option<String> {
    if let Some(any) = schema["anyOf"].as_array() {
        return any
            .iter()
            .all(|one| breach(value, one, at).is_some())
            .then(|| format!("{at}: none of the kinds"));
    }
    let right = match schema["type"].as_str().unwrap() {
        "object" => {
            let keys = value.as_object()?;
            let missing = schema["required"]
                .as_array()
                .into_iter()
                .flatten()
                .find(|key| !keys.contains_key(key.as_str().unwrap()));
            let inner = keys.iter().find_map(|(key, value)| match schema["properties"].get(key) {
                Some(schema) => breach(value, schema, &format!("{at}.{key}")),
                None if schema["additionalProperties"].is_object() => {
                    breach(value, &schema["additionalProperties"], at)
                }
                None => Some(format!("{at}.{key}: unknown")),
            });
            return missing.map(|key| format!("{at}: lacks {key}")).or(inner);
        }
        "array" => {
            let values = value.as_array()?;
            return values.iter().find_map(|value| breach(value, &schema["items"], at));
        }
        "string" => value.as_str().is_some_and(|text| {
            let fits = |pattern: &Value| Regex::new(pattern.as_str().unwrap()).unwrap().is_match(text);
            schema.get("pattern").is_none_or(fits)
                && schema.get("enum").is_none_or(|all| all.as_array().unwrap().contains(value))
        }),
        "integer" => value.as_u64().is_some_and(|n| {
            n >= schema["minimum"].as_u64().unwrap() && n <= schema["maximum"].as_u64().unwrap()
        }),
        "boolean" => value.is_boolean(),
        other => return Some(format!("{at}: no rule for {other}")),
    };
    (!right).then(|| format!("{at}: {value}"))
}

#[test]
fn the_schema_takes_what_the_reader_takes() {
    for name in ["feeds.toml", "tests/data/config/good.toml"] {
        let value = serde_json::to_value(read(name).parse::<toml::Table>().unwrap()).unwrap();
        assert_eq!(breach(&value, &schema(), name), None);
    }
    let wrong = serde_json::json!({ "site": { "titel": "x" } });
    assert!(breach(&wrong, &schema(), "").is_some());
}

/// A refused file has at least one problem, and each has a place in the text.
fn is_sound(text: &str) {
    if let Err(problems) = Config::parse(text) {
        assert!(!problems.is_empty(), "refused without a word: {text}");
        for problem in &problems {
            assert!(text.get(problem.at.clone()).is_some(), "{problem:?}");
            assert!(problem.line >= 1 && problem.column >= 1, "{problem:?}");
        }
        assert!(problems.is_sorted_by_key(|problem| problem.at.start), "{problems:?}");
        report::render_problems("feeds.toml", text, &problems, true);
    }
}

/// Pieces that TOML and this file are made of.
fn piece() -> impl Strategy<Value = String> {
    let known = [
        "[site]",
        "[[source]]",
        "[source.page]",
        "[[topic]]",
        "id",
        "=",
        "\"",
        "'",
        "\"\"\"",
        "[",
        "]",
        "{",
        "}",
        ",",
        "\n",
        "#",
        ".",
        "title",
        "expect",
        "true",
        "2018-01-15",
        "6h",
        "\\",
        "é",
        "海",
        "\u{feff}",
        "\u{0}",
        "-5",
        "0x1F",
    ];
    prop_oneof![4 => prop::sample::select(known.to_vec()).prop_map(String::from), 1 => any::<String>()]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn no_text_is_too_odd(pieces in prop::collection::vec(piece(), 0..40)) {
        is_sound(&pieces.join(""));
        is_sound(&pieces.join(" "));
    }

    /// A part of the good file is taken out, and something else put there.
    #[test]
    fn no_change_is_too_odd(start in 0..1000_usize, length in 0..60_usize, piece in piece()) {
        let good = read("tests/data/config/good.toml");
        let start = good.floor_char_boundary(start);
        let end = good.floor_char_boundary(start + length);
        is_sound(&[&good[..start], &piece, &good[end..]].concat());
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(16))]

    #[test]
    fn no_change_to_the_shipped_file_is_too_odd(at in any::<prop::sample::Index>(), length in 0..200_usize, piece in piece()) {
        let shipped = read("feeds.toml");
        let start = shipped.floor_char_boundary(at.index(shipped.len()));
        let end = shipped.floor_char_boundary(start + length);
        is_sound(&[&shipped[..start], &piece, &shipped[end..]].concat());
    }
}
