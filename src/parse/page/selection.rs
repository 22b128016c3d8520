//! The source's selectors, ready to be used.

use scraper::error::SelectorErrorKind;
use scraper::{ElementRef, Selector};

use crate::model::source::{DateSelector, Selectors};

/// The source's selectors, ready to be used.
pub(super) struct Selection {
    pub item: Selector,
    pub title: Option<Selector>,
    pub link: Selector,
    pub date: Option<(Place, Selector)>,
    pub summary: Option<Selector>,
}

/// Where the date stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Place {
    Inside,
    Before,
    After,
}

impl Selection {
    pub(super) fn parse(selectors: &Selectors) -> Result<Self, String> {
        let parse = |css: &str| parse(css).map_err(|wrong| format!("`{css}` {wrong}"));
        let optional = |css: &Option<String>| css.as_deref().map(parse).transpose();
        let date = match &selectors.date {
            None => None,
            Some(DateSelector::Inside(css)) => Some((Place::Inside, parse(css)?)),
            Some(DateSelector::Before(css)) => Some((Place::Before, parse(css)?)),
            Some(DateSelector::After(css)) => Some((Place::After, parse(css)?)),
        };
        Ok(Self {
            item: parse(&selectors.item)?,
            title: optional(&selectors.title)?,
            link: parse(selectors.link.as_deref().unwrap_or("[href]"))?,
            date,
            summary: optional(&selectors.summary)?,
        })
    }
}

/// The selector, or what is wrong with it in plain words: "is empty".
pub(super) fn parse(css: &str) -> Result<Selector, String> {
    if css.trim().is_empty() {
        return Err("is empty".to_owned());
    }
    Selector::parse(css).map_err(|error| format!("is no CSS selector: {}", reason(&error)))
}

/// A selector that stands in this program.
pub(super) fn known(css: &str) -> Selector {
    Selector::parse(css).expect("a selector that the tests use")
}

/// The matches, the element itself first if it is one.
pub(super) fn select<'a>(
    element: ElementRef<'a>,
    selector: &Selector,
) -> impl Iterator<Item = ElementRef<'a>> {
    let own = selector.matches(&element).then_some(element);
    own.into_iter().chain(element.select(selector))
}

fn reason(error: &SelectorErrorKind) -> &'static str {
    match error {
        SelectorErrorKind::UnexpectedToken => "there is a sign where none may stand",
        SelectorErrorKind::EndOfLine => "it breaks off",
        SelectorErrorKind::InvalidAtRule | SelectorErrorKind::InvalidAtRuleBody => {
            "`@` cannot stand in a selector"
        }
        SelectorErrorKind::TooManyNestedBlocks => "too many brackets inside of brackets",
        SelectorErrorKind::ExpectedColonOnPseudoElement
        | SelectorErrorKind::ExpectedIdentityOnPseudoElement => "something is missing after a colon",
        SelectorErrorKind::QualRuleInvalid | SelectorErrorKind::UnexpectedSelectorParseError(_) => {
            "write it as in a style sheet, for example `div.news h3 > a`"
        }
    }
}
