//! A list of sources is read block by block: a tree of ten thousand would be the largest thing in memory.

use std::collections::HashSet;
use std::ops::Range;

use toml::de::DeTable;

use super::notes::Notes;
use super::read::{FromToml, Node};
use super::{ANNOUNCEMENTS, Config, check, file, root};
use crate::model::source::Source;

/// A file without its sources, and each of them alone.
struct Pieces<'t> {
    rest: String,
    sources: Vec<&'t str>,
}

/// The configuration, if the file is right and can be cut. `None`: only who reads the whole file can tell what is wrong
/// with it, and where.
pub(super) fn config(text: &str) -> Option<Config> {
    let Pieces { rest, sources } = cut(text)?;
    let (tree, errors) = DeTable::parse_recoverable(&rest);
    if !errors.is_empty() || tree.get_ref().contains_key("source") {
        return None;
    }
    let root = root(tree);
    let mut notes = Notes::new(&rest);
    let file = file::File::read(Node { key: "feeds.toml", number: None, value: &root }, &mut notes)?;
    let sources = read(&sources, &file)?;
    let config = check::with_sources(&file, sources, &mut notes, text)?;
    notes.is_empty().then_some(config)
}

fn read(blocks: &[&str], file: &file::File) -> Option<Vec<Source>> {
    let topics = check::topic_ids(file);
    let sources: Vec<Source> =
        blocks.iter().map(|block| source(block, &file.fetch, &topics)).collect::<Option<_>>()?;
    let mut taken = HashSet::from([ANNOUNCEMENTS]);
    sources.iter().all(|source| taken.insert(source.id.as_str())).then_some(sources)
}

fn source(block: &str, fetch: &file::Fetch, topics: &[&str]) -> Option<Source> {
    let (tree, errors) = DeTable::parse_recoverable(block);
    let (1, true) = (tree.get_ref().len(), errors.is_empty()) else { return None };
    let value = tree.get_ref().get("source")?.get_ref().as_array()?.get(0)?;
    let mut notes = Notes::new(block);
    let table = file::Source::read(Node { key: "source", number: None, value }, &mut notes)?;
    let source = check::source(&table, fetch, topics, &mut notes)?;
    notes.is_empty().then_some(source)
}

/// Cuts at lines that begin with a header. Such a line may also stand inside a text of several lines: so a file that has
/// one before the end of its last source is not cut.
fn cut(text: &str) -> Option<Pieces<'_>> {
    let mut rest = String::new();
    let mut blocks: Vec<Range<usize>> = Vec::new();
    let (mut at, mut is_inside) = (0, false);
    for line in text.split_inclusive('\n') {
        let end = at + line.len();
        let written = line.trim_start();
        let begins = written.starts_with("[[source]]");
        let is_part = ["[source.", "[[source."].iter().any(|part| written.starts_with(part));
        is_inside = begins || (is_inside && (is_part || !written.starts_with('[')));
        match blocks.last_mut() {
            _ if begins => blocks.push(at..end),
            Some(block) if is_inside => block.end = end,
            _ => rest.push_str(line),
        }
        at = end;
    }
    let before = text.get(..blocks.last()?.end)?;
    let has_long_texts = ["\"\"\"", "'''"].iter().any(|quotes| before.contains(quotes));
    let sources = blocks.into_iter().map(|block| text.get(block)).collect::<Option<_>>()?;
    (!has_long_texts).then_some(Pieces { rest, sources })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const SITE: &str = "[site]\ntitle = \"T\"\norganisation = \"O\"\nurl = \"https://a.example/\"\n\
        home = \"https://a.example/\"\ncontact = \"a@a.example\"\ntag = \"a.example,2018\"\n";

    /// Is the file cut? Whether or not, it says the same.
    fn check(text: &str, is_cut: bool) {
        let (pieces, whole) = (config(text), Config::whole(text));
        assert_eq!(pieces.is_some(), is_cut, "{text}");
        if let Some(pieces) = pieces {
            assert_eq!(format!("{:?}", Ok::<_, Vec<super::super::Problem>>(pieces)), format!("{whole:?}"));
        }
    }

    fn block(id: &str) -> String {
        format!("[[source]] # one\nid = \"{id}\"\ntitle = \"T\"\nurl = \"https://{id}.example/\"\n")
    }

    #[test]
    fn sources_are_read_one_by_one() {
        let page = "  [source.page]\n  item = \"li\"\n[section]\n";
        let page = page.replace("[section]", "[[section]]\nid = \"s\"\ntitle = '''\nS'''");
        check(&[SITE, &block("a"), &block("b"), &page].concat(), true);
        check(&[&block("a"), SITE, &block("b")].concat(), true);
    }

    #[test]
    fn a_file_with_a_mistake_is_read_whole() {
        check(&[SITE, &block("a"), &block("a")].concat(), false);
        check(&[SITE, &block("announcements")].concat(), false);
        check(&[SITE, &block("a"), "topics = [\"x\"]\n"].concat(), false);
        check(&[SITE, &block("a"), "wrong = 1\n"].concat(), false);
        check(&[SITE, &block("a"), "[fetch]\nwrong = 1\n"].concat(), false);
    }

    #[test]
    fn so_is_one_whose_sources_are_written_in_another_way() {
        check(SITE, false);
        check(&[SITE, &block("a"), "[ [ source ] ]\n"].concat(), false);
        check(&[SITE, &block("a"), "[fetch]\n[source.page]\nitem = \"li\"\n"].concat(), false);
        check(&["source = []\n", SITE, &block("a")].concat(), false);
        let long = SITE.replace("\"T\"", "\"\"\"\n[[source]]\n\"\"\"");
        check(&[long, block("a")].concat(), false);
    }

    proptest! {
        #[test]
        fn a_file_says_the_same_cut_or_whole(parts in prop::collection::vec(0..9_usize, 0..8)) {
            let piece = |(number, part): (usize, &usize)| match part {
                0 => block(&format!("s{number}")),
                1 => block("same"),
                2 => "[source.contract]\nmin_entries = 2\n".to_owned(),
                3 => "[[topic]]\nid = \"t\"\ntitle = \"T\"\nsection = \"s\"\nstrong = [\"a\"]\n".to_owned(),
                4 => "[[section]]\nid = \"s\"\ntitle = \"S\"\n".to_owned(),
                5 => "[output]\nfeed_entries = 7\n".to_owned(),
                6 => "topics = [\n  \"t\",\n]\n".to_owned(),
                7 => "credit = '''\n[[source]]\n'''\n".to_owned(),
                _ => "  [[source]]\n".to_owned(),
            };
            let text = [SITE.to_owned(), parts.iter().enumerate().map(piece).collect()].concat();
            if let Some(pieces) = config(&text) {
                let whole = Config::whole(&text);
                prop_assert_eq!(format!("Ok({pieces:?})"), format!("{whole:?}"));
            }
        }
    }
}
