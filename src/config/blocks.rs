//! The blocks of feeds.toml that choose (context, veto, sections, topics), taken out of one file and put into another.

use std::collections::BTreeSet;

use toml_edit::{DocumentMut, Item, Table};

/// The blocks in the order in which they stand in the file.
const BLOCKS: [&str; 5] = ["context", "veto", "learned", "section", "topic"];

/// A text that is no TOML.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct NotToml(String);

/// The blocks that choose, as the file has them, with the comments and blank lines before each.
pub fn of(file: &str) -> Result<String, NotToml> {
    let mut document = parse(file)?;
    let others: Vec<String> = document
        .iter()
        .map(|(key, _)| key.to_owned())
        .filter(|key| !BLOCKS.contains(&key.as_str()))
        .collect();
    for key in others {
        document.remove(&key);
    }
    document.set_trailing("");
    Ok(document.to_string())
}

/// The file with exactly these blocks in place of its own. Everything else stays as it is, comments included.
pub fn put(blocks: &str, file: &str) -> Result<String, NotToml> {
    exchange(blocks, file, |_| true)
}

/// The file with those blocks of a draft that it has in place of its own; the others stay, and so does everything else.
pub fn lay(draft: &str, file: &str) -> Result<String, NotToml> {
    let there = parse(draft)?;
    exchange(draft, file, |key| there.contains_key(key))
}

fn exchange(blocks: &str, file: &str, takes: impl Fn(&str) -> bool) -> Result<String, NotToml> {
    let (mut document, mut blocks) = (parse(file)?, parse(blocks)?);
    for key in BLOCKS.into_iter().filter(|key| takes(key)) {
        document.remove(key);
    }
    let last = document.iter().filter_map(|(_, item)| positions(item).into_iter().max()).max().unwrap_or(0);
    for key in BLOCKS {
        if let Some(mut item) = blocks.remove(key) {
            tables(&mut item, &mut |table| {
                let position = table.position().unwrap_or(0);
                table.set_position(Some(last + 1 + position));
            });
            document.insert(key, item);
        }
    }
    Ok(document.to_string())
}

fn parse(text: &str) -> Result<DocumentMut, NotToml> {
    text.parse().map_err(|error: toml_edit::TomlError| NotToml(error.to_string()))
}

/// Where the tables of an item stand in their file.
fn positions(item: &Item) -> BTreeSet<isize> {
    let mut positions = BTreeSet::new();
    let mut item = item.clone();
    tables(&mut item, &mut |table| positions.extend(table.position()));
    positions
}

/// Does something to each table with a header of its own, those inside others too.
fn tables(item: &mut Item, change: &mut impl FnMut(&mut Table)) {
    match item {
        Item::Table(table) => {
            change(table);
            table.iter_mut().for_each(|(_, inner)| tables(inner, change));
        }
        Item::ArrayOfTables(array) => {
            for table in array.iter_mut() {
                change(table);
                table.iter_mut().for_each(|(_, inner)| tables(inner, change));
            }
        }
        Item::Value(_) | Item::None => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const FILE: &str = "\
# The file.
[site]
title = \"T\" # a name

# Sources.
[[source]]
id = \"a\"

[source.page]
item = \"li\"

# Words.
[context]
terms = [
  \"customs\", # all of it
]

[[section]]
id = \"news\"

# The first topic.
[[topic]]
id = \"origin\"
strong = [\"origin\"]

[topic.title]
en = \"Origin\"
";

    #[test]
    fn the_blocks_that_choose_are_taken_out_with_their_comments() {
        let (_, blocks) = FILE.split_once("# Words.").expect("there");
        assert_eq!(of(FILE).expect("TOML"), format!("\n# Words.{blocks}"));
    }

    #[test]
    fn its_own_blocks_put_back_change_nothing() {
        assert_eq!(put(&of(FILE).expect("TOML"), FILE).expect("TOML"), FILE);
        let shipped = include_str!("../../feeds.toml");
        assert_eq!(put(&of(shipped).expect("TOML"), shipped).expect("TOML"), shipped);
    }

    #[test]
    fn other_blocks_stand_where_the_old_ones_stood() {
        let more = FILE.replace("# Words.", "[[source]]\nid = \"b\"\n\n[[source]]\nid = \"c\"\n\n# Words.");
        let other = of(&FILE.replace("[\"origin\"]", "[\"cumulation\"] # new")).expect("TOML");
        let put = put(&other, &more).expect("TOML");
        assert_eq!(put, more.replace("[\"origin\"]", "[\"cumulation\"] # new"));
    }

    #[test]
    fn a_draft_of_one_block_leaves_the_others() {
        let laid = lay("[context]\nterms = [\"import\"]\n", FILE).expect("TOML");
        assert!(laid.contains("import") && !laid.contains("all of it"), "{laid}");
        assert!(laid.contains("# The first topic.") && laid.contains("id = \"news\""), "{laid}");
    }

    #[test]
    fn what_is_no_toml_is_said() {
        assert!(of("[[topic").is_err() && put("", "x = ").is_err());
    }
}
