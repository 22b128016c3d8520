//! Readable CSS: short ways to name an element by its tag, a steady class or an id, and what they match.

use std::collections::HashMap;

use super::outline::{Element, Outline};

/// Longer names were made by machines.
const LONGEST_NAME: usize = 40;

/// One part of a selector: `li`, `li.news`, `#list`.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) struct Step {
    tag: Option<String>,
    name: Option<Name>,
    /// The less, the better a person reads and keeps it.
    pub(super) cost: usize,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash)]
enum Name {
    Class(String),
    Id(String),
    /// `href*='…'`
    Link(String),
}

/// Steps, each inside of the one before; the last directly, if it says so.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) struct Path {
    pub(super) steps: Vec<Step>,
    pub(super) direct: bool,
}

impl Step {
    pub(super) fn tag(tag: &str) -> Self {
        let cost = match tag {
            "time" => 1,
            "article" | "h1" | "h2" | "h3" | "h4" | "h5" | "dt" | "dd" | "tr" | "main" => 3,
            _ => 6,
        };
        Self { tag: Some(tag.to_owned()), name: None, cost }
    }

    /// Links that hold this in their address.
    pub(super) fn link(part: &str) -> Self {
        Self { tag: Some("a".to_owned()), name: Some(Name::Link(part.to_owned())), cost: 14 }
    }

    fn class(tag: &str, class: &str) -> Option<Self> {
        let cost = cost(class)?;
        Some(Self { tag: Some(tag.to_owned()), name: Some(Name::Class(class.to_owned())), cost })
    }

    fn id(id: &str) -> Option<Self> {
        let cost = cost(id)?;
        Some(Self { tag: None, name: Some(Name::Id(id.to_owned())), cost })
    }

    /// The ways to name this element: by its classes, by its tag.
    pub(super) fn all_of(element: &Element) -> Vec<Self> {
        let classes = element.classes.iter().filter_map(|class| Self::class(&element.tag, class));
        classes.chain([Self::tag(&element.tag)]).collect()
    }

    /// The ways to name it that speak of this page: by its id, by its classes.
    pub(super) fn names_of(element: &Element) -> Vec<Self> {
        let id = element.id.as_deref().and_then(Self::id);
        let classes = element.classes.iter().filter_map(|class| Self::class(&element.tag, class));
        let landmark = matches!(&*element.tag, "main").then(|| Self::tag(&element.tag));
        id.into_iter().chain(classes).chain(landmark).collect()
    }

    /// The ways that fit most of these elements, the cheapest first.
    pub(super) fn shared(outline: &Outline, elements: &[usize]) -> Vec<Self> {
        let mut counts: HashMap<Self, usize> = HashMap::new();
        for element in elements.iter().filter_map(|index| outline.get(*index)) {
            for step in Self::all_of(element) {
                *counts.entry(step).or_default() += 1;
            }
        }
        let enough = elements.len().div_ceil(10) * 9;
        let mut steps: Vec<Self> = counts
            .into_iter()
            .filter(|(_, count)| *count >= enough.min(elements.len()))
            .map(|(step, _)| step)
            .collect();
        steps.sort_by(|a, b| a.cost.cmp(&b.cost).then_with(|| a.css().cmp(&b.css())));
        steps
    }

    pub(super) fn matches(&self, element: &Element) -> bool {
        let named = match &self.name {
            None => true,
            Some(Name::Class(class)) => element.classes.contains(class),
            Some(Name::Id(id)) => element.id.as_ref() == Some(id),
            Some(Name::Link(part)) => {
                element.written.as_ref().is_some_and(|href| href.contains(part.as_str()))
            }
        };
        named && self.tag.as_ref().is_none_or(|tag| *tag == element.tag)
    }

    pub(super) fn is_named(&self) -> bool {
        self.name.is_some()
    }

    pub(super) fn css(&self) -> String {
        let tag = self.tag.as_deref().unwrap_or_default();
        match &self.name {
            None => tag.to_owned(),
            Some(Name::Class(class)) => format!("{tag}.{class}"),
            Some(Name::Id(id)) => format!("{tag}#{id}"),
            Some(Name::Link(part)) => format!("{tag}[href*='{part}']"),
        }
    }
}

impl Path {
    pub(super) fn one(step: Step) -> Self {
        Self { steps: vec![step], direct: false }
    }

    pub(super) fn within(outer: Step, step: Step, direct: bool) -> Self {
        Self { steps: vec![outer, step], direct }
    }

    pub(super) fn cost(&self) -> usize {
        self.steps.iter().map(|step| step.cost).sum::<usize>()
            + self.steps.len() * 2
            + usize::from(self.direct)
    }

    /// The cost where it must find its way in a whole page: tags alone are not enough to know it by.
    pub(super) fn cost_in_page(&self) -> usize {
        self.cost() + if self.steps.iter().any(Step::is_named) { 0 } else { 12 }
    }

    pub(super) fn matches(&self, outline: &Outline, index: usize) -> bool {
        let mut steps = self.steps.iter().rev();
        let fits = |step: &Step, at: usize| outline.get(at).is_some_and(|element| step.matches(element));
        if !steps.next().is_some_and(|last| fits(last, index)) {
            return false;
        }
        let mut above = outline.around(index);
        let mut direct = self.direct;
        steps.all(|step| {
            if std::mem::take(&mut direct) {
                above.next().is_some_and(|at| fits(step, at))
            } else {
                above.by_ref().any(|at| fits(step, at))
            }
        })
    }

    pub(super) fn css(&self) -> String {
        let steps: Vec<String> = self.steps.iter().map(Step::css).collect();
        match steps.split_last() {
            Some((last, before)) if self.direct => format!("{} > {last}", before.join(" ")),
            _ => steps.join(" "),
        }
    }
}

/// What it costs to use a name; `None` for one that a machine made or that tells only this element's place or state.
fn cost(name: &str) -> Option<usize> {
    let plain = name.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_'));
    let begins = name.bytes().next().is_some_and(|b| b.is_ascii_alphabetic());
    if !plain || !begins || !(2..=LONGEST_NAME).contains(&name.len()) {
        return None;
    }
    let lower = name.to_ascii_lowercase();
    let parts: Vec<&str> = lower.split(['-', '_']).filter(|part| !part.is_empty()).collect();
    if parts.iter().any(|part| is_place(part)) || name.split(['-', '_']).any(is_hash) {
        return None;
    }
    let length = name.len() / 12;
    Some(
        length
            + if parts.iter().any(|part| is_telling(part)) {
                1
            } else if parts.iter().any(|part| is_layout(part)) {
                7
            } else {
                3
            },
    )
}

/// Which row it is, or how it stands at the moment.
fn is_place(part: &str) -> bool {
    matches!(
        part,
        "odd"
            | "even"
            | "first"
            | "last"
            | "active"
            | "current"
            | "selected"
            | "hover"
            | "open"
            | "new"
            | "sticky"
            | "featured"
    ) || part.bytes().filter(u8::is_ascii_digit).count() >= 3
        || part.bytes().all(|b| b.is_ascii_digit())
}

/// `x7Fg2`, `bdVaJa`, `1q2w3e`: letters and digits in turn, or capitals in the middle more than once.
fn is_hash(part: &str) -> bool {
    let bytes = part.as_bytes();
    let turns = |kind: fn(&u8) -> bool| {
        bytes
            .windows(2)
            .filter(|pair| pair.first().is_some_and(kind) != pair.last().is_some_and(kind))
            .count()
    };
    let digits = bytes.iter().filter(|b| b.is_ascii_digit()).count();
    let vowels = bytes.iter().filter(|b| b"aeiouyAEIOUY".contains(b)).count();
    (digits > 0 && part.len() >= 5 && turns(u8::is_ascii_digit) >= 2)
        || (part.len() >= 5 && part.len() <= 8 && turns(u8::is_ascii_uppercase) >= 3)
        || (part.len() >= 6 && vowels == 0)
}

fn is_telling(part: &str) -> bool {
    const WORDS: [&str; 35] = [
        "created",
        "published",
        "posted",
        "when",
        "news",
        "newslist",
        "item",
        "items",
        "post",
        "posts",
        "article",
        "articles",
        "entry",
        "entries",
        "card",
        "cards",
        "list",
        "listing",
        "teaser",
        "result",
        "results",
        "headline",
        "title",
        "date",
        "time",
        "summary",
        "excerpt",
        "lead",
        "intro",
        "press",
        "release",
        "releases",
        "publication",
        "story",
        "content",
    ];
    WORDS.contains(&part)
}

fn is_layout(part: &str) -> bool {
    const WORDS: [&str; 29] = [
        "col",
        "row",
        "container",
        "wrapper",
        "wrap",
        "inner",
        "clearfix",
        "grid",
        "flex",
        "block",
        "region",
        "mt",
        "mb",
        "ml",
        "mr",
        "pt",
        "pb",
        "px",
        "py",
        "text",
        "font",
        "w",
        "h",
        "left",
        "right",
        "box",
        "field",
        "group",
        "hentry",
    ];
    WORDS.contains(&part)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn machine_made_and_passing_names_are_not_used() {
        for name in [
            "post-1234",
            "views-row-1",
            "odd",
            "css-1q2w3e4",
            "sc-bdVaJa",
            "Card_title__x7Fg2",
            "is-active",
            "mt-4",
            "a:b",
        ] {
            assert_eq!(cost(name), None, "{name}");
        }
    }

    #[test]
    fn telling_names_come_first() {
        let order = ["news-item", "headline", "views-row", "col-wide"];
        let costs: Vec<_> = order.iter().map(|name| cost(name).expect(name)).collect();
        assert!(costs.is_sorted(), "{costs:?}");
    }
}
