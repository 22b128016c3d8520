//! A listing of which nobody has said yet how to read it: a sitemap, JSON, or lists in a script.

use std::collections::BTreeMap;

use serde_json::Value;

use super::json::{lists, whole};
use super::{path, script};
use crate::parse::Input;
use crate::parse::decode;

/// A list of objects, and where it stands.
#[derive(Debug, Clone, PartialEq)]
pub struct List {
    /// Its name in a script; `None`: the whole document is JSON.
    pub script: Option<String>,
    /// From the root.
    pub path: String,
    pub items: Vec<Value>,
}

/// What a document is, if it is a listing for programs.
#[derive(Debug, Clone, PartialEq)]
pub enum Raw {
    Sitemap,
    /// The longest first.
    Lists(Vec<List>),
}

/// `None`: a page, or nothing that can be listed.
pub fn recognise(input: Input<'_>) -> Option<Raw> {
    let text = decode::decode(input.bytes, input.content_type).text;
    let text = text.trim_start_matches('\u{feff}').trim_start();
    if text.starts_with('<') {
        let is_sitemap = ["<urlset", "<sitemapindex"].iter().any(|root| text.contains(root));
        let is_page = text.contains("<html") || text.contains("<body");
        return (is_sitemap && !is_page).then_some(Raw::Sitemap);
    }
    let mut found = match whole(text) {
        Ok(root) => within(&root, None),
        Err(_) => in_script(text),
    };
    found.sort_by_key(|list| std::cmp::Reverse(list.items.len()));
    (!found.is_empty()).then_some(Raw::Lists(found))
}

/// The text at a path of an item, as a reading finds it.
pub fn text(item: &Value, path: &str) -> Option<String> {
    path::text(item, path)
}

fn in_script(text: &str) -> Vec<List> {
    script::all(text).into_iter().flat_map(|(name, root)| within(&root, Some(&name))).collect()
}

fn within(root: &Value, script: Option<&str>) -> Vec<List> {
    let mut found = Vec::new();
    lists(root, String::new(), super::json::SEARCHED, &mut found);
    let found: BTreeMap<String, usize> = found.into_iter().collect();
    let list = |(path, _): (String, usize)| {
        let items = root.pointer(&path)?.as_array()?.clone();
        Some(List { script: script.map(str::to_owned), path, items })
    };
    found.into_iter().filter_map(list).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expected: &[&str]) {
        let found = recognise(Input { bytes: text.as_bytes(), ..Input::default() });
        let shown: Vec<String> = match found {
            None => Vec::new(),
            Some(Raw::Sitemap) => vec!["sitemap".to_owned()],
            Some(Raw::Lists(lists)) => lists
                .iter()
                .map(|list| {
                    let script = list.script.as_deref().unwrap_or("-");
                    format!("{script} {:?} {}", list.path, list.items.len())
                })
                .collect(),
        };
        assert_eq!(shown, expected, "{text}");
    }

    #[test]
    fn what_programs_read_is_known_by_its_beginning() {
        check("<?xml version='1.0'?><urlset><url>", &["sitemap"]);
        check("<sitemapindex>", &["sitemap"]);
        check(r#"[{"a": 1}, {"a": 2}]"#, &[r#"- "" 2"#]);
        check(
            r#"{"tags": [{"a": 1}], "data": {"news": [{"a": 1}, {"a": 2}]}}"#,
            &[r#"- "/data/news" 2"#, r#"- "/tags" 1"#],
        );
        check("var n = []; n[0] = {a: 1}; n[1] = {a: 2};", &[r#"n "" 2"#]);
        check("window.news = [{a: 1}];", &[r#"news "" 1"#]);
    }

    #[test]
    fn a_page_and_a_text_are_none() {
        check("<html><p>about &lt;urlset <urlset", &[]);
        check("Hello = world", &[]);
        check(r#"{"a": 1}"#, &[]);
        check("", &[]);
    }
}
