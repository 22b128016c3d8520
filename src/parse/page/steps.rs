//! What each selector of a source found in a page.

use scraper::Html;

use super::items::Found;
use super::{near, selection};
use crate::model::entry::DateOrigin;
use crate::model::source::{Next, Paging, Part, Selectors};
use crate::parse::document::ParsedEntry;
use crate::parse::listing::Step;

pub(super) fn steps(
    html: &Html,
    selectors: &Selectors,
    found: &Found<'_>,
    entries: &[ParsedEntry],
) -> Vec<Step> {
    let with_link = found.matches - found.without_link;
    let dated = entries.iter().filter(|entry| entry.date_origin == Some(DateOrigin::Page)).count();
    let told = entries.iter().filter(|entry| entry.summary.is_some()).count();
    let mut steps = vec![Step::new("item", &selectors.item, found.matches)];
    steps.extend(selectors.link.iter().map(|css| Step::new("link", css, with_link)));
    steps.extend(selectors.title.iter().map(|css| Step::new("title", css, entries.len())));
    steps.extend(selectors.date.as_ref().map(|part| of_part(part.date_key(), part, dated)));
    steps.extend(selectors.summary.as_ref().map(|part| of_part(part.summary_key(), part, told)));
    if let Some(Paging { next: Next::Told(css), .. }) = &selectors.paging {
        let links = selection::parse(css).map_or(0, |css| html.select(&css).count());
        steps.push(Step::new("next", css, links));
    }
    // A selector cannot match inside of items that are not there: then only the item's own is looked into.
    let lost = steps.iter_mut().filter(|step| step.found == 0 && step.name != "date_own");
    for step in lost.take(if found.matches == 0 { 1 } else { usize::MAX }) {
        step.near = near::near(html, &step.rule);
    }
    steps
}

fn of_part(key: &'static str, part: &Part, found: usize) -> Step {
    Step::new(key, part.css().unwrap_or("the item's own text"), found)
}
