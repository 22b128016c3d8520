//! Entries out of JSON by paths: what programs get where people get a page.

use serde_json::Value;
use url::Url;

use super::literal::Cursor;
use super::path::text;
use super::when::When;
use super::{Listing, Step, date_by_address, link, script};
use crate::model::entry::DateOrigin;
use crate::model::language::Language;
use crate::model::nearest::nearest;
use crate::model::source::{Next, Paths};
use crate::model::text::{Markup, one_line};
use crate::parse::document::{About, Document, Flaw, FlawCode, ParsedEntry};
use crate::parse::html;
use crate::parse::survey::MOST_ENTRIES;
use crate::parse::{Input, Unreadable, decode};

/// How deep a list is looked for when it is not where it was.
pub(super) const SEARCHED: usize = 3;

pub(super) fn read(input: Input<'_>, paths: &Paths) -> Result<Listing, Unreadable> {
    let when = When::new(&paths.date_reading).map_err(Unreadable)?;
    let decoded = decode::decode(input.bytes, input.content_type);
    let mut steps = Vec::new();
    let root = match &paths.script {
        None => whole(&decoded.text)?,
        Some(name) => {
            let found = script::find(&decoded.text, name);
            steps.push(Step::new("script", name, usize::from(found.is_some())));
            found.unwrap_or(Value::Null)
        }
    };
    let items = items(&root, paths);
    steps.push(found_items(&root, paths, items.len()));
    let mut flaws: Vec<Flaw> = decoded.flaw.into_iter().collect();
    let read: Vec<ParsedEntry> =
        items.iter().take(MOST_ENTRIES).map(|item| entry(item, paths, &when, input.base)).collect();
    steps.extend(found_parts(&items, &read, paths));
    flaws.extend(left_out(&items, &read));
    let entries = read.into_iter().filter(is_whole).collect();
    let version = if paths.script.is_some() { "script" } else { "json" }.to_owned();
    let about = About { base: input.base.cloned(), ..About::default() };
    let document =
        Document { version, encoding: decoded.encoding, about, entries, flaws, deleted: Vec::new() };
    Ok(Listing { document, steps, next: next(&root, paths, input.base).into_iter().collect() })
}

/// An answer that breaks off is not taken for a whole one.
pub(super) fn whole(text: &str) -> Result<Value, Unreadable> {
    let text = text.trim_start_matches('\u{feff}').trim_start();
    if text.is_empty() {
        return Err(Unreadable("an empty answer".to_owned()));
    }
    if !text.starts_with(['{', '[']) {
        let what = if text.starts_with('<') { "HTML or XML" } else { "a text" };
        return Err(Unreadable(format!("{what}, not JSON")));
    }
    let mut cursor = Cursor::new(text);
    let value = cursor.value();
    cursor.skip_space();
    match value {
        Some(_) if cursor.is_cut => Err(Unreadable("JSON that breaks off".to_owned())),
        Some(value) if cursor.rest().is_empty() => Ok(value),
        Some(_) | None => Err(Unreadable("broken JSON, or too much of it".to_owned())),
    }
}

/// What may be an entry. A member of another kind among them (`"facets": {}`) has neither title nor link, and is none.
fn items<'a>(root: &'a Value, paths: &Paths) -> Vec<&'a Value> {
    let is_entry = |value: &Value| {
        value.is_object() && (text(value, &paths.title).is_some() || text(value, &paths.link).is_some())
    };
    match root.pointer(&paths.items) {
        Some(Value::Array(values)) => values.iter().filter(|value| is_entry(value)).collect(),
        Some(only @ Value::Object(_)) if is_entry(only) => vec![only],
        Some(Value::Object(fields)) => fields.values().filter(|value| is_entry(value)).collect(),
        Some(Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_)) | None => Vec::new(),
    }
}

fn entry(item: &Value, paths: &Paths, when: &When<'_>, base: Option<&Url>) -> ParsedEntry {
    let at = |path: &Option<String>| path.as_deref().and_then(|path| text(item, path));
    // Texts come with the entities of HTML, whether they are HTML or not: they are decoded once.
    let title = text(item, &paths.title).map(|title| one_line(&html::text(&Markup::html(title))));
    let href = text(item, &paths.link).map(|href| href.replace("&amp;", "&"));
    let published = at(&paths.date).and_then(|text| when.read(&text));
    let mut entry = ParsedEntry {
        id: at(&paths.id),
        title: title.filter(|title| !title.is_empty()).map(Markup::plain),
        links: href.and_then(|href| link(&href, base)).into_iter().collect(),
        summary: at(&paths.summary).map(Markup::html),
        language: at(&paths.language).as_deref().and_then(Language::parse),
        published,
        date_origin: published.map(|_| DateOrigin::Feed),
        base: base.cloned(),
        ..ParsedEntry::default()
    };
    date_by_address(&mut entry);
    entry
}

fn is_whole(entry: &ParsedEntry) -> bool {
    entry.title.is_some() && entry.link().is_some()
}

fn left_out(items: &[&Value], read: &[ParsedEntry]) -> Vec<Flaw> {
    let mut flaws = Vec::new();
    let bad = read.iter().filter(|entry| !is_whole(entry)).count();
    if bad > 0 {
        let message =
            format!("{bad} of {} items without a title or a link that may be shown, left out", items.len());
        flaws.push(Flaw { code: FlawCode::Entry, message });
    }
    if items.len() > MOST_ENTRIES {
        let message = format!("more than {MOST_ENTRIES} entries; the rest was left out");
        flaws.push(Flaw { code: FlawCode::Limit, message });
    }
    flaws
}

fn found_items(root: &Value, paths: &Paths, found: usize) -> Step {
    let mut step = Step::new("items", &paths.items, found);
    if found == 0 {
        lists(root, String::new(), SEARCHED, &mut step.near);
        step.near.sort_by_key(|(_, length)| std::cmp::Reverse(*length));
        step.near.truncate(2);
    }
    step
}

/// The lists of objects in a value, each with its path and length.
pub(super) fn lists(value: &Value, path: String, depth: usize, found: &mut Vec<(String, usize)>) {
    match value {
        Value::Array(values) if values.first().is_some_and(Value::is_object) => {
            found.push((path, values.len()));
        }
        Value::Object(fields) if depth > 0 => {
            for (name, value) in fields {
                let name = name.replace('~', "~0").replace('/', "~1");
                lists(value, format!("{path}/{name}"), depth - 1, found);
            }
        }
        Value::Null
        | Value::Bool(_)
        | Value::Number(_)
        | Value::String(_)
        | Value::Array(_)
        | Value::Object(_) => {}
    }
}

fn found_parts(items: &[&Value], read: &[ParsedEntry], paths: &Paths) -> Vec<Step> {
    let count = |has: fn(&ParsedEntry) -> bool| read.iter().filter(|entry| has(entry)).count();
    let optional =
        |name, path: &Option<String>, has| path.as_ref().map(|path| (name, path.clone(), count(has)));
    let parts = [
        Some(("title", paths.title.clone(), count(|entry| entry.title.is_some()))),
        Some(("link", paths.link.clone(), count(|entry| entry.link().is_some()))),
        optional("date", &paths.date, |entry| entry.date_origin == Some(DateOrigin::Feed)),
        optional("summary", &paths.summary, |entry| entry.summary.is_some()),
        optional("id", &paths.id, |entry| entry.id.is_some()),
        optional("language", &paths.language, |entry| entry.language.is_some()),
    ];
    let step = |(name, path, found): (&'static str, String, usize)| {
        let mut step = Step::new(name, &path, found);
        if found == 0 {
            step.near.extend(near(items, &path));
        }
        step
    };
    parts.into_iter().flatten().map(step).collect()
}

/// A field of the items with nearly the same name.
fn near(items: &[&Value], path: &str) -> Option<(String, usize)> {
    let fields = items.first()?.as_object()?;
    let name = nearest(path.trim_start_matches('/'), fields.keys().map(String::as_str))?;
    let path = format!("/{name}");
    let found = items.iter().filter(|item| text(item, &path).is_some()).count();
    Some((path, found))
}

fn next(root: &Value, paths: &Paths, base: Option<&Url>) -> Option<Url> {
    match &paths.paging.as_ref()?.next {
        Next::Told(path) => html::safe_link(&text(root, path)?, base),
        Next::Pattern(_) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const BASE: &str = "https://trade.example/api/list.json";
    const REGISTER: &str = include_str!("../../../tests/data/pages/register.json");
    const BANK: &str = include_str!("../../../tests/data/pages/bank.json");
    const LIST: &str = include_str!("../../../tests/data/pages/news_list.js");

    fn register() -> Paths {
        Paths {
            items: "/results".into(),
            title: "/title".into(),
            link: "/html_url".into(),
            date: Some("/publication_date".to_owned()),
            summary: Some("/abstract".to_owned()),
            id: Some("/document_number".to_owned()),
            ..Paths::default()
        }
    }

    fn listing(text: &str, paths: &Paths) -> Result<Listing, Unreadable> {
        let base = Url::parse(BASE).expect("an address");
        read(
            Input { bytes: text.as_bytes(), content_type: None, base: Some(&base), ..Input::default() },
            paths,
        )
    }

    /// Each entry as `title | link | date | summary`.
    fn check(text: &str, paths: &Paths, entries: &[&str], flaws: &[&str]) {
        let document = listing(text, paths).expect("a listing").document;
        let shown: Vec<String> = document
            .entries
            .iter()
            .map(|entry| {
                let date = entry.published.map(|time| time.format("%F").to_string()).unwrap_or_default();
                let summary = entry.summary.as_ref().map(|summary| one_line(&html::text(summary)));
                let title = entry.title.as_ref().map(|title| &*title.text).unwrap_or_default();
                format!(
                    "{title} | {} | {date} | {}",
                    entry.link().unwrap_or_default(),
                    summary.unwrap_or_default()
                )
            })
            .collect();
        assert_eq!(shown, entries);
        assert_eq!(document.flaws.iter().map(|flaw| &*flaw.message).collect::<Vec<_>>(), flaws);
    }

    fn check_steps(text: &str, paths: &Paths, expected: &str) {
        let steps = listing(text, paths).expect("a listing").steps;
        let shown: Vec<String> =
            steps.iter().map(|step| format!("{} {} {:?}", step.name, step.found, step.near)).collect();
        assert!(shown.iter().any(|step| step == expected), "{shown:?}");
    }

    #[test]
    fn an_api_gives_entries_by_paths() {
        check(
            REGISTER,
            &register(),
            &[
                "Quarterly interest rates on overdue accounts & refunds | https://register.example/documents/2026/10/02/2026-19001/rates | 2026-10-02 | Rates for the quarter.",
                "Approval of a gauger | https://register.example/documents/2026/10/01/2026-18950/gauger | 2026-10-01 | ",
            ],
            &["1 of 3 items without a title or a link that may be shown, left out"],
        );
        let listing = listing(
            REGISTER,
            &Paths {
                paging: Some(crate::model::source::Paging {
                    next: Next::Told("/next_page_url".into()),
                    most: 2,
                }),
                ..register()
            },
        );
        let next: Vec<String> = listing.expect("a listing").next.into_iter().map(String::from).collect();
        assert_eq!(next, ["https://trade.example/api/list.json?page=2"]);
    }

    #[test]
    fn entries_may_be_members_beside_one_that_is_none() {
        let bank = Paths {
            items: "/documents".into(),
            title: "/title".into(),
            link: "/url".into(),
            date: Some("/lnchdt".to_owned()),
            summary: Some("/descr".to_owned()),
            ..Paths::default()
        };
        check(
            BANK,
            &bank,
            &[
                "Ports & <b>borders</b>: what slows trade | https://bank.example/news/ports | 2026-09-14 | A study of forty ports.",
                "Lighter paperwork for small firms | https://bank.example/news/paperwork | 2026-09-10 | ",
            ],
            &[],
        );
    }

    #[test]
    fn a_list_in_a_script_gives_entries_too() {
        let list = Paths {
            script: Some("notice".to_owned()),
            title: "/n_head".into(),
            link: "/n_url".into(),
            date: Some("/n_date".to_owned()),
            date_reading: crate::model::source::DateReading {
                pattern: Some(r"^\d{4}\.\d\d?\.\d\d?".to_owned()),
                ..Default::default()
            },
            summary: Some("/n_intro".to_owned()),
            ..Paths::default()
        };
        check(
            LIST,
            &list,
            &[
                "Members’ talks on “e-commerce” & customs duties | https://trade.example/english/news_e/ecom_05aug26_e.htm | 2026-08-05 | Talks go on; a text is expected by December.",
                "Panel report: wood | https://trade.example/english/news_e/wood_04aug26_e.htm | 2026-08-04 | ",
            ],
            &[],
        );
        check_steps("var other = [];", &list, "script 0 []");
    }

    #[test]
    fn what_is_no_json_says_what_it_is() {
        for (text, expected) in [
            ("", "an empty answer"),
            ("<html>", "HTML or XML, not JSON"),
            ("sorry", "a text, not JSON"),
            (r#"{"results": [{"title": "x"#, "JSON that breaks off"),
            ("{} {}", "broken JSON, or too much of it"),
        ] {
            assert_eq!(listing(text, &register()).err().map(|error| error.0).as_deref(), Some(expected));
        }
    }

    #[test]
    fn what_is_not_where_it_was_is_looked_for() {
        check_steps(
            r#"{"data": {"results": [{"title": "x"}]}}"#,
            &register(),
            r#"items 0 [("/data/results", 1)]"#,
        );
        check_steps(
            r#"{"results": [{"titel": "x", "html_url": "/x"}]}"#,
            &register(),
            r#"title 0 [("/titel", 1)]"#,
        );
    }
}
