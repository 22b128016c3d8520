//! What counts as a change: fingerprints of an entry's bytes and of what a reader would notice.

use xxhash_rust::xxh3::xxh3_64;

use super::key::{Key, canonical_of, normal};
use super::reading::Texts;
use crate::model::entry::Entry;
use crate::parse::document::About;

/// A source whose text changes at every reading (a clock, a counter) is believed this often; after that its text is
/// still kept up to date, but members are not told again.
pub const NOISY_AFTER: u32 = 12;

/// Fingerprints of an entry. They tell one source's versions of one entry apart, so that nothing is gained by making two
/// alike.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Prints {
    /// Every byte we store of it.
    pub bytes: i64,
    /// Its title, to the letter and digit.
    pub title: i64,
    /// Title, link and text as a reader sees them.
    pub reading: i64,
}

impl Prints {
    /// The prints of an entry with this title key and these words.
    pub fn of(entry: &Entry, title: Key, texts: &Texts) -> Self {
        let link = entry.link.as_ref().map(canonical_of).unwrap_or_default();
        let title_text = title.0.to_string();
        let reading = print(&[title_text.as_str(), &link, &texts.summary, &texts.content]);
        Self { bytes: bytes_print(entry), title: title.0, reading }
    }
}

/// Changes with every byte that we store of an entry but times.
pub fn bytes_print(entry: &Entry) -> i64 {
    let texts = [&entry.summary, &entry.content].into_iter().flatten().map(|markup| markup.text.len());
    let mut parts = Parts(Vec::with_capacity(texts.sum::<usize>() + REST));
    parts.add(&entry.title);
    parts.add(entry.link.as_ref().map_or("", |link| link.as_str()));
    parts.add(entry.base.as_ref().map_or("", |base| base.as_str()));
    parts.add(entry.language.as_ref().map_or("", |language| language.as_str()));
    for markup in [&entry.summary, &entry.content] {
        let (text, kind) = match markup {
            Some(markup) => (markup.text.as_str(), if markup.html { "html" } else { "text" }),
            None => ("", ""),
        };
        parts.add(text);
        parts.add(kind);
    }
    for name in &entry.authors {
        parts.add(name);
    }
    parts.add("\n");
    for name in &entry.categories {
        parts.add(name);
    }
    parts.print()
}

/// The print of any bytes: a whole document, or what something depends on.
pub fn print_of(bytes: &[u8]) -> i64 {
    xxh3_64(bytes).cast_signed()
}

/// The print of a document's own title; 0 if it has none.
pub fn title_print(about: &About) -> i64 {
    let title = about.title.as_ref().map(|title| normal(&title.text)).unwrap_or_default();
    if title.is_empty() { 0 } else { print(&[title.as_str()]) }
}

/// Room for what stands beside the texts of most entries.
const REST: usize = 1024;

/// Texts, each closed by a byte that no text holds. Joined first: a copy costs less than a hash that is kept going.
#[derive(Debug)]
struct Parts(Vec<u8>);

impl Parts {
    fn add(&mut self, part: &str) {
        self.0.extend_from_slice(part.as_bytes());
        self.0.push(0xFF);
    }

    fn print(&self) -> i64 {
        print_of(&self.0)
    }
}

fn print(texts: &[&str]) -> i64 {
    let mut parts = Parts(Vec::with_capacity(texts.iter().map(|text| text.len() + 1).sum()));
    for text in texts {
        parts.add(text);
    }
    parts.print()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use xxhash_rust::xxh3::Xxh3;

    use super::*;

    proptest! {
        /// What is stored was once hashed part by part.
        #[test]
        fn parts_have_the_print_that_they_have_one_after_the_other(
            parts in prop::collection::vec("\\PC{0,20}|[a-z]{200,260}|[a-z]{900,1100}", 0..6)
        ) {
            let mut hasher = Xxh3::new();
            for part in &parts {
                hasher.update(part.as_bytes());
                hasher.update(&[0xFF]);
            }
            let parts: Vec<&str> = parts.iter().map(String::as_str).collect();
            prop_assert_eq!(print(&parts), hasher.digest().cast_signed());
        }
    }
}
