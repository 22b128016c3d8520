//! A block put into the text of feeds.toml, which stays byte for byte as it is around it.

use toml::Spanned;
use toml::de::{DeTable, DeValue};
use url::Url;

use crate::config::Config;
use crate::identity::key::canonical;
use crate::model::source::Source;

/// Why a block cannot be written. Each says what to do.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    #[error("there is a source `{0}` already: give another name with --id")]
    IdTaken(String),
    #[error("source `{0}` has this address already")]
    AddressTaken(String),
    #[error("the block does not fit into the file: {0}")]
    Misfit(String),
}

/// Is there a source with this address already?
pub fn known<'a>(config: &'a Config, url: &Url) -> Option<&'a Source> {
    let address = canonical(url.as_str());
    config.sources.iter().find(|source| address.is_some() && canonical(source.url.as_str()) == address)
}

/// The text with the block behind the last source: checked as a whole, so that what is written can be run.
pub fn insert(text: &str, config: &Config, block: &str, id: &str, url: &Url) -> Result<String, Refusal> {
    if config.sources.iter().any(|source| source.id.as_str() == id) {
        return Err(Refusal::IdTaken(id.to_owned()));
    }
    if let Some(source) = known(config, url) {
        return Err(Refusal::AddressTaken(source.id.to_string()));
    }
    let written = splice(text, block);
    let after = Config::parse(&written).map_err(|problems| {
        let first = problems.first().map(|problem| problem.message.clone());
        Refusal::Misfit(first.unwrap_or_default())
    })?;
    let before = config.sources.len();
    let is_there = after.sources.iter().any(|source| source.id.as_str() == id && source.url == *url);
    if is_there && after.sources.len() == before + 1 {
        Ok(written)
    } else {
        Err(Refusal::Misfit("it would change other sources; copy the block into the file by hand".to_owned()))
    }
}

fn splice(text: &str, block: &str) -> String {
    let end = if text.contains("\r\n") { "\r\n" } else { "\n" };
    let at = place(text);
    let (before, after) = text.split_at_checked(at).unwrap_or((text, ""));
    let mut written = before.to_owned();
    if !written.is_empty() && !written.ends_with('\n') {
        written.push_str(end);
    }
    if !written.is_empty() {
        written.push_str(end);
    }
    written.push_str(&block.replace('\n', end));
    if !after.is_empty() && !after.starts_with(['\n', '\r']) {
        written.push_str(end);
    }
    written.push_str(after);
    written
}

/// Behind the last line of the last source, with the remarks that follow it without an empty line; else the end.
fn place(text: &str) -> usize {
    let Some(last) = last_source(text) else { return text.len() };
    let mut at = text.get(last..).and_then(|rest| rest.find('\n')).map_or(text.len(), |end| last + end + 1);
    while let Some(line) = text.get(at..).and_then(|rest| rest.split_inclusive('\n').next()) {
        if !line.trim_start().starts_with('#') {
            break;
        }
        at += line.len();
    }
    at
}

/// Where the last value of the last source ends.
fn last_source(text: &str) -> Option<usize> {
    let (tree, _) = DeTable::parse_recoverable(text);
    let root = tree.into_inner();
    let sources = root.get("source")?.get_ref().as_array()?;
    sources.iter().map(end).max()
}

fn end(value: &Spanned<DeValue<'_>>) -> usize {
    let inner = match value.get_ref() {
        DeValue::Table(table) => table.iter().map(|(key, value)| key.span().end.max(end(value))).max(),
        DeValue::Array(values) => values.iter().map(end).max(),
        DeValue::String(_)
        | DeValue::Integer(_)
        | DeValue::Float(_)
        | DeValue::Boolean(_)
        | DeValue::Datetime(_) => None,
    };
    inner.unwrap_or_default().max(value.span().end)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const SHIPPED: &str = include_str!("../../feeds.toml");
    const SMALL: &str = "[site]\ntitle = 'T'\norganisation = 'O'\nurl = 'https://o.example/b/'\nhome = 'https://o.example/'\ncontact = 'a@o.example'\ntag = 'o.example,2018'\n[[section]]\nid = 'news'\ntitle = 'News'\n";
    const BLOCK: &str = "[[source]]\nid = \"b\"\ntitle = \"B\"\nurl = \"https://b.example/\"\n";

    fn check(text: &str, expected: &str) {
        assert_eq!(splice(text, "[[source]]\nid = 'b'\n"), expected);
    }

    #[test]
    fn the_block_stands_behind_the_last_source() {
        check(
            "[[source]]\nid = 'a' # why\n# off = 1\n\n# Words\n[veto]\nany = []\n",
            "[[source]]\nid = 'a' # why\n# off = 1\n\n[[source]]\nid = 'b'\n\n# Words\n[veto]\nany = []\n",
        );
        check(
            "[[source]]\nid = 'a'\n[source.page]\nitem = 'x'\n[[topic]]\n",
            "[[source]]\nid = 'a'\n[source.page]\nitem = 'x'\n\n[[source]]\nid = 'b'\n\n[[topic]]\n",
        );
    }

    #[test]
    fn without_a_source_it_stands_at_the_end() {
        check("[site]\nx = 1", "[site]\nx = 1\n\n[[source]]\nid = 'b'\n");
        check("", "[[source]]\nid = 'b'\n");
    }

    #[test]
    fn lines_end_as_those_of_the_file_do() {
        check("[[source]]\r\nid = 'a'\r\n", "[[source]]\r\nid = 'a'\r\n\r\n[[source]]\r\nid = 'b'\r\n");
    }

    fn inserted(id: &str, url: &str) -> Result<String, Refusal> {
        let config = Config::parse(SHIPPED).expect("the shipped file is right");
        insert(SHIPPED, &config, BLOCK, id, &Url::parse(url).expect("an address"))
    }

    #[test]
    fn every_byte_around_the_block_stays() {
        let written = inserted("b", "https://b.example/").expect("it fits");
        assert_eq!(written.replacen(&format!("\n{BLOCK}"), "", 1), SHIPPED);
    }

    #[test]
    fn what_is_there_is_not_written_again() {
        assert_eq!(inserted("wto", "https://b.example/"), Err(Refusal::IdTaken("wto".to_owned())));
        let same = "http://wto.org/library/rss/latest_news_e.xml/?utm_source=x";
        assert_eq!(inserted("b", same), Err(Refusal::AddressTaken("wto".to_owned())));
    }

    #[test]
    fn what_does_not_fit_is_refused() {
        assert!(matches!(inserted("c", "https://b.example/"), Err(Refusal::Misfit(_))));
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]
        #[test]
        fn any_title_makes_a_block_that_is_read_back(title in "\\PC{1,40}") {
            let url = Url::parse("https://b.example/").expect("an address");
            let block = super::super::block::Block { id: "b", title: &title, url: &url, language: None, page: None, remarks: vec![title.clone()] };
            let config = Config::parse(SMALL).expect("a small file");
            let written = insert(SMALL, &config, &block.text(), "b", &url);
            let expected = crate::model::text::one_line(&title);
            if !expected.is_empty() {
                let read = written.ok().and_then(|text| Config::parse(&text).ok()).expect("a block that fits");
                prop_assert_eq!(&read.sources.iter().find(|source| source.id.as_str() == "b").expect("it").title, &expected);
            }
        }
    }
}
