//! What the feed reader passes over, noted in the survey for the adapter.

use super::reference;
use super::space::Space;

/// The feed's or entry's own, and those of its texts.
const MOST_BASES: usize = 8;

/// Of one element.
pub(super) const MOST_CHILDREN: usize = 200;

/// An element, with what stands in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Extra<'a> {
    pub space: Space,
    pub name: &'a str,
    pub attributes: Vec<(&'a str, String)>,
    pub text: String,
    pub children: Vec<Extra<'a>>,
}

impl<'a> Extra<'a> {
    pub(super) fn new(space: Space, name: &'a str, attributes: &[(&'a str, &'a str)]) -> Self {
        let attributes =
            attributes.iter().map(|(name, value)| (*name, reference::decode(value).into_owned())).collect();
        Self { space, name, attributes, text: String::new(), children: Vec::new() }
    }

    pub(super) fn attribute(&self, name: &str) -> Option<&str> {
        self.attributes.iter().find(|(key, _)| *key == name).map(|(_, value)| value.trim())
    }

    pub(super) fn child(&self, name: &str) -> Option<&Self> {
        self.all(name).next()
    }

    pub(super) fn all(&self, name: &str) -> impl Iterator<Item = &Self> {
        self.children.iter().filter(move |child| {
            child.name == name || child.name.strip_suffix(name).is_some_and(|prefix| prefix.ends_with(':'))
        })
    }

    /// The trimmed text, if there is any.
    pub(super) fn words(&self) -> Option<String> {
        Some(self.text.trim()).filter(|text| !text.is_empty()).map(str::to_owned)
    }
}

/// What the feed reader does not tell of an entry, or of the feed itself.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Extras<'a> {
    pub list: Vec<Extra<'a>>,
    /// `xml:lang`, the outermost first.
    pub language: Option<String>,
    /// `xml:lang` of the content.
    pub content_language: Option<String>,
    /// `xml:base`, the outermost first: of the feed or entry, and of its text.
    pub bases: Vec<String>,
    /// `rdf:about`
    pub about: Option<String>,
}

impl Extras<'_> {
    /// An `xml:lang` or `xml:base`, `depth` levels below the feed or entry.
    pub(super) fn note(&mut self, element: &str, depth: usize, name: &str, value: &str) {
        let value = reference::decode(value).trim().to_owned();
        let text = matches!(element, "content" | "summary" | "description" | "encoded");
        match name {
            // Each is joined to the one before, and may make it longer.
            "xml:base" if self.bases.len() >= MOST_BASES => {}
            "xml:base" if depth == 0 || text || element == "channel" => self.bases.push(value),
            "xml:lang" if depth == 0 || element == "channel" => self.language = Some(value),
            "xml:lang" if text && depth == 1 => self.content_language = Some(value),
            _ => {}
        }
    }

    pub(super) fn all(&self, space: Space, name: &str) -> impl Iterator<Item = &Extra<'_>> {
        self.list.iter().filter(move |extra| extra.space == space && extra.name == name)
    }

    pub(super) fn words(&self, space: Space, name: &str) -> Option<String> {
        self.all(space, name).find_map(Extra::words)
    }
}
