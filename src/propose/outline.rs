//! A page as a flat list of elements: who holds whom, which texts they have, and which stand beside the matter.

use std::ops::Range;

use scraper::{Html, Node};
use url::Url;

use super::words;
use crate::model::text::one_line;
use crate::parse::html::safe_link;

/// A listing page has a few thousand; the rest of a longer one is not looked at.
const MOST_ELEMENTS: usize = 60_000;

/// The elements of a page, in its order.
#[derive(Debug)]
pub(super) struct Outline {
    pub(super) elements: Vec<Element>,
    /// All texts of the page one after another.
    text: String,
    pub(super) host: Option<String>,
}

/// An element that may be named by a selector.
#[derive(Debug)]
pub(super) struct Element {
    pub(super) tag: String,
    pub(super) id: Option<String>,
    pub(super) classes: Vec<String>,
    pub(super) parent: Option<usize>,
    /// The place behind its last descendant.
    pub(super) end: usize,
    pub(super) href: Option<Url>,
    /// The address as it is written: what selectors see.
    pub(super) written: Option<String>,
    pub(super) datetime: Option<String>,
    text: Range<usize>,
    /// Navigation, a footer, a box of popular things: beside what the page is about.
    pub(super) aside: bool,
}

impl Outline {
    pub(super) fn of(html: &Html, base: Option<&Url>) -> Self {
        let mut outline = Self {
            elements: Vec::new(),
            text: String::new(),
            host: base.and_then(Url::host_str).map(str::to_owned),
        };
        // The open elements on a list of our own, not on the stack of calls: a page may nest as deep as it likes.
        let mut open = Vec::new();
        for node in html.tree.root().descendants() {
            let parent = node.parent();
            while open.last().is_some_and(|(above, _)| Some(*above) != parent) {
                outline.close(open.pop().map(|(_, index)| index));
            }
            match node.value() {
                Node::Text(text) => outline.text.push_str(text),
                Node::Element(_) if outline.elements.len() >= MOST_ELEMENTS => break,
                Node::Element(element) => {
                    let parent = open.last().map(|(_, index)| *index);
                    open.push((node, outline.elements.len()));
                    outline.open(element, parent, base);
                }
                _ => {}
            }
        }
        while let Some((_, last)) = open.pop() {
            outline.close(Some(last));
        }
        outline.mark_asides();
        outline
    }

    fn open(&mut self, element: &scraper::node::Element, parent: Option<usize>, base: Option<&Url>) {
        if is_block(element.name()) {
            self.text.push(' ');
        }
        let (index, at) = (self.elements.len(), self.text.len());
        self.elements.push(Element {
            tag: element.name().to_owned(),
            id: element.id().map(str::to_owned),
            classes: element.classes().map(str::to_owned).collect(),
            parent,
            end: index + 1,
            href: element.attr("href").and_then(|href| safe_link(href, base)),
            written: element.attr("href").map(str::to_owned),
            datetime: element.attr("datetime").map(str::to_owned),
            text: at..at,
            aside: words::is_aside_role(element.attr("role").unwrap_or_default()),
        });
    }

    fn close(&mut self, index: Option<usize>) {
        let (count, end) = (self.elements.len(), self.text.len());
        if let Some(element) = index.and_then(|index| self.elements.get_mut(index)) {
            element.end = count;
            element.text.end = end;
            if is_block(&element.tag) {
                self.text.push(' ');
            }
        }
    }

    pub(super) fn get(&self, index: usize) -> Option<&Element> {
        self.elements.get(index)
    }

    /// Everything inside of an element.
    pub(super) fn inside(&self, index: usize) -> Range<usize> {
        self.get(index).map_or(0..0, |element| index + 1..element.end)
    }

    /// The elements around one, the nearest first.
    pub(super) fn around(&self, index: usize) -> impl Iterator<Item = usize> {
        std::iter::successors(self.get(index).and_then(|element| element.parent), |at| {
            self.get(*at).and_then(|element| element.parent)
        })
    }

    /// Its words, on one line.
    pub(super) fn words(&self, index: usize) -> String {
        one_line(self.raw(index))
    }

    /// Its text as it stands, for a quick look at how long it is.
    pub(super) fn raw(&self, index: usize) -> &str {
        self.get(index).and_then(|element| self.text.get(element.text.clone())).unwrap_or_default()
    }

    /// Its words if there are few of them: those of a whole page are not copied for a look.
    pub(super) fn short_words(&self, index: usize, most: usize) -> Option<String> {
        let raw = self.raw(index);
        if raw.len() > most * 16 {
            return None;
        }
        let words = one_line(raw);
        (!words.is_empty() && words.chars().count() <= most).then_some(words)
    }

    fn mark_asides(&mut self) {
        // What holds most of the text is what the page is about, whatever its class is called.
        let most = self.text.len() / 2;
        for index in 0..self.elements.len() {
            let Some(element) = self.elements.get(index) else { continue };
            let from_above =
                element.parent.and_then(|parent| self.get(parent)).is_some_and(|above| above.aside);
            let small = element.text.len() <= most;
            let own = element.aside || self.is_aside(index, element, small);
            if let Some(element) = self.elements.get_mut(index) {
                element.aside = from_above || own;
            }
        }
        for index in 0..self.elements.len() {
            self.mark_box(index, most);
        }
    }

    fn is_aside(&self, index: usize, element: &Element, small: bool) -> bool {
        let in_matter = || {
            self.around(index)
                .filter_map(|at| self.get(at))
                .any(|above| matches!(&*above.tag, "article" | "main" | "section" | "li" | "td"))
        };
        match &*element.tag {
            "nav" | "aside" | "menu" => true,
            "header" | "footer" => !in_matter(),
            "html" | "body" | "main" | "article" | "a" | "h1" | "h2" | "h3" | "h4" => false,
            _ => {
                let names = element.classes.iter().chain(&element.id);
                small && names.into_iter().any(|name| words::is_aside_name(name))
            }
        }
    }

    /// A heading such as "Most read" takes its box aside, or if that holds most of the page, what follows it there.
    fn mark_box(&mut self, index: usize, most: usize) {
        let Some(element) = self.get(index) else { return };
        let is_heading =
            matches!(&*element.tag, "h2" | "h3" | "h4" | "h5" | "h6" | "strong" | "legend" | "caption");
        let names_title = || element.classes.iter().any(|class| class.contains("title"));
        if !(is_heading || names_title())
            || !self.short_words(index, 40).is_some_and(|said| words::is_box_title(&said))
        {
            return;
        }
        let Some(parent) = element.parent.filter(|parent| *parent > 0) else { return };
        let whole = self.get(parent).is_some_and(|above| {
            above.text.len() <= most && !matches!(&*above.tag, "body" | "html" | "main")
        });
        let range = if whole {
            parent..self.get(parent).map_or(parent, |above| above.end)
        } else {
            self.section(index, parent)
        };
        for element in self.elements.get_mut(range).into_iter().flatten() {
            element.aside = true;
        }
    }

    /// From a heading to the next one of its kind beside it.
    fn section(&self, heading: usize, parent: usize) -> Range<usize> {
        let end = self.get(parent).map_or(heading, |above| above.end);
        let tag = self.get(heading).map(|element| element.tag.as_str());
        let mut at = self.get(heading).map_or(end, |element| element.end);
        while at < end {
            let Some(element) = self.get(at) else { break };
            if Some(element.tag.as_str()) == tag {
                break;
            }
            at = element.end.max(at + 1);
        }
        heading..at.min(end)
    }
}

/// Words on both sides of it are apart.
fn is_block(tag: &str) -> bool {
    !matches!(
        tag,
        "a" | "abbr"
            | "b"
            | "bdi"
            | "cite"
            | "em"
            | "font"
            | "i"
            | "mark"
            | "q"
            | "s"
            | "small"
            | "span"
            | "strong"
            | "sub"
            | "sup"
            | "u"
            | "wbr"
    )
}
