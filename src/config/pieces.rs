//! A list of sources is read some at a time: a tree of ten thousand would be the largest thing in memory.

use std::collections::HashSet;
use std::ops::Range;

use toml::de::DeTable;

use super::notes::Notes;
use super::read::{FromToml, Node};
use super::{ANNOUNCEMENTS, Config, check, file, root};
use crate::model::source::Source;

/// Sources read together: a tree of so many is small, and to begin one costs as much as half a source.
const TOGETHER: usize = 32;

/// A file without its sources, and these, some in a piece.
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

fn read(pieces: &[&str], file: &file::File) -> Option<Vec<Source>> {
    let topics = check::topic_ids(file);
    let mut sources = Vec::new();
    for piece in pieces {
        add(&mut sources, piece, &file.fetch, &topics)?;
    }
    sources.shrink_to_fit();
    let mut taken = HashSet::from([ANNOUNCEMENTS]);
    sources.iter().all(|source| taken.insert(source.id.as_str())).then_some(sources)
}

fn add(sources: &mut Vec<Source>, piece: &str, fetch: &file::Fetch, topics: &[&str]) -> Option<()> {
    let (tree, errors) = DeTable::parse_recoverable(piece);
    let (1, true) = (tree.get_ref().len(), errors.is_empty()) else { return None };
    let mut notes = Notes::new(piece);
    for value in tree.get_ref().get("source")?.get_ref().as_array()? {
        let table = file::Source::read(Node { key: "source", number: None, value }, &mut notes)?;
        sources.push(check::source(&table, fetch, topics, &mut notes)?);
    }
    notes.is_empty().then_some(())
}

/// Cuts at lines that begin with a header. Such a line may also stand inside a text of several lines: so a file that has
/// one before the end of its last source is not cut.
fn cut(text: &str) -> Option<Pieces<'_>> {
    let mut rest = String::new();
    let mut pieces: Vec<Range<usize>> = Vec::new();
    let (mut at, mut count, mut is_inside) = (0, 0, false);
    for line in text.split_inclusive('\n') {
        let end = at + line.len();
        let written = line.trim_start();
        let begins = written.starts_with("[[source]]");
        let is_part = ["[source.", "[[source."].iter().any(|part| written.starts_with(part));
        is_inside = begins || (is_inside && (is_part || !written.starts_with('[')));
        count += usize::from(begins);
        match pieces.last_mut() {
            Some(piece) if is_inside && piece.end == at && !(begins && count % TOGETHER == 1) => {
                piece.end = end;
            }
            _ if begins => pieces.push(at..end),
            _ => rest.push_str(line),
        }
        at = end;
    }
    let before = text.get(..pieces.last()?.end)?;
    let sources = pieces.into_iter().map(|piece| text.get(piece)).collect::<Option<_>>()?;
    let has_long_texts = ["\"\"\"", "'''"].iter().any(|quotes| before.contains(quotes));
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
        let many: String = (0..100).map(|number| block(&format!("s{number}"))).collect();
        check(&[SITE, &many, "[output]\n", &block("t")].concat(), true);
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
