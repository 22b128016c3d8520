//! The source's selectors, ready to be used.

use scraper::error::SelectorErrorKind;
use scraper::{ElementRef, Selector};

use crate::model::source::{Next, Paging, Part, Selectors};
use crate::parse::listing::when::When;

/// The source's selectors, ready to be used.
pub(super) struct Selection<'a> {
    pub item: Selector,
    pub title: Option<Selector>,
    pub link: Selector,
    pub date: Option<Place>,
    /// The attribute that the date stands in; `None`: wherever it usually does.
    pub attribute: Option<&'a str>,
    pub when: When<'a>,
    pub summary: Option<Place>,
    /// The link to the next page.
    pub next: Option<Selector>,
}

/// Where a part of an entry stands.
pub(super) enum Place {
    Inside(Selector),
    /// Between the item before and this one.
    Before(Selector),
    /// Between this item and the next.
    After(Selector),
    /// Anywhere before the item.
    Above(Selector),
    /// The item's own text.
    Own,
}

impl<'a> Selection<'a> {
    pub(super) fn parse(selectors: &'a Selectors) -> Result<Self, String> {
        let parse = |css: &str| parse(css).map_err(|wrong| format!("`{css}` {wrong}"));
        let optional = |css: &Option<String>| css.as_deref().map(parse).transpose();
        let place = |part: &Option<Part>| {
            let place = |part: &Part| {
                Ok::<_, String>(match part {
                    Part::Inside(css) => Place::Inside(parse(css)?),
                    Part::Before(css) => Place::Before(parse(css)?),
                    Part::After(css) => Place::After(parse(css)?),
                    Part::Above(css) => Place::Above(parse(css)?),
                    Part::Own => Place::Own,
                })
            };
            part.as_ref().map(place).transpose()
        };
        Ok(Self {
            item: parse(&selectors.item)?,
            title: optional(&selectors.title)?,
            link: parse(selectors.link.as_deref().unwrap_or("[href]"))?,
            date: place(&selectors.date)?,
            attribute: selectors.date_reading.attribute.as_deref(),
            when: When::new(&selectors.date_reading)?,
            summary: place(&selectors.summary)?,
            next: match selectors.paging.as_ref() {
                Some(Paging { next: Next::Told(css), .. }) => Some(parse(css)?),
                Some(Paging { next: Next::Pattern(_), .. }) | None => None,
            },
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
