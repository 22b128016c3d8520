//! The block of a source as it stands in feeds.toml.

use url::Url;

use super::{Candidate, keys, table};
use crate::model::language::Language;
use crate::model::source::SourceKind;

/// Of a line of remarks.
const WIDTH: usize = 119;

/// Of a hundred entries that have dates today, so many must have them tomorrow.
const DATED: usize = 80;

/// What a block says.
#[derive(Debug, Clone, PartialEq)]
pub struct Block<'a> {
    pub id: &'a str,
    pub title: &'a str,
    pub url: &'a Url,
    pub language: Option<&'a Language>,
    /// How its entries are read, if it is a page.
    pub page: Option<&'a Candidate>,
    /// Sentences for people, above it.
    pub remarks: Vec<String>,
}

impl Block<'_> {
    /// Its lines, the last one ended too.
    pub fn text(&self) -> String {
        let mut lines: Vec<String> = self.remarks.iter().flat_map(|remark| comment(remark)).collect();
        lines.push("[[source]]".to_owned());
        lines.push(format!("id = {}", quoted(self.id)));
        lines.push(format!("title = {}", quoted(self.title)));
        lines.push(format!("url = {}", quoted(self.url.as_str())));
        lines.extend(self.language.map(|language| format!("language = {}", quoted(language.as_str()))));
        if let Some(page) = self.page {
            lines.push("interval = \"12h\"".to_owned());
            lines
                .extend(page.keep_link.as_deref().map(|pattern| format!("keep_link = {}", literal(pattern))));
            lines.extend(selectors(page));
            lines.extend(contract(page));
        }
        lines.join("\n") + "\n"
    }
}

fn selectors(page: &Candidate) -> Vec<String> {
    let line = |(key, rule): (&str, &str)| match &page.kind {
        // The one word of a sitemap is true or false.
        SourceKind::Sitemap(_) => format!("{key} = {rule}"),
        SourceKind::Feed | SourceKind::Page(_) | SourceKind::Json(_) => format!("{key} = {}", quoted(rule)),
    };
    let lines = keys(&page.kind).into_iter().map(line);
    std::iter::once(format!("[{}]", table(&page.kind))).chain(lines).collect()
}

/// What the page has to give at least: a little less than it gives today.
fn contract(page: &Candidate) -> Vec<String> {
    let mut lines = vec!["[source.contract]".to_owned(), format!("min_entries = {}", page.min_entries)];
    let dated = page.dated() * DATED / page.entries.len().max(1);
    lines.extend((dated > 0).then(|| format!("dated = {dated}")));
    lines
}

/// A remark, broken into lines as the rest of the file is.
fn comment(remark: &str) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for word in one_line(remark).split(' ') {
        match lines.last_mut() {
            Some(line) if line.chars().count() + 1 + word.chars().count() <= WIDTH => {
                line.push(' ');
                line.push_str(word);
            }
            _ => lines.push(format!("# {word}")),
        }
    }
    lines
}

/// Text between straight quotes, with escapes.
fn quoted(text: &str) -> String {
    let mut quoted = String::from("\"");
    for c in one_line(text).chars() {
        if matches!(c, '"' | '\\') {
            quoted.push('\\');
        }
        quoted.push(c);
    }
    quoted + "\""
}

/// A pattern is easier to read where a backslash is one.
fn literal(pattern: &str) -> String {
    if pattern.contains('\'') { quoted(pattern) } else { format!("'{pattern}'") }
}

/// No control characters, no line breaks: what a page says of itself stays on its line.
fn one_line(text: &str) -> String {
    crate::model::text::one_line(text)
}
