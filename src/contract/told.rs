//! What a broken contract says: what has changed, why, and where to look.

use super::Given;
use crate::model::source::{Source, SourceKind};
use crate::parse::document::FlawCode;
use crate::parse::listing::Step;

/// What has changed, why, and where to look.
pub(super) fn message(source: &Source, reasons: &[String], given: Given<'_>) -> String {
    let mut parts = reasons.to_vec();
    parts.extend(causes(source, given));
    format!(
        "{}. The page was rebuilt, or is not the page we know; what it said before stays. `tidewaiter source test {}` \
         shows each step",
        parts.join("; "),
        source.id
    )
}

fn causes(source: &Source, given: Given<'_>) -> Vec<String> {
    let rule = match &source.kind {
        SourceKind::Page(_) => "the selector",
        SourceKind::Json(_) | SourceKind::Sitemap(_) | SourceKind::Feed => "the path",
    };
    let fruitless = given.listing.steps.iter().filter(|step| step.found == 0 && step.name != "sitemap");
    // What is inside of items cannot be there when the items are not.
    let has_items = given.listing.steps.iter().any(|step| is_root(step) && step.found > 0);
    let fruitless = fruitless.filter(|step| has_items || is_root(step));
    let mut causes: Vec<String> = fruitless.map(|step| cause(rule, step)).collect();
    if given.dropped > 0 {
        causes.push(format!(
            "`keep_link` and `drop_link` took out {} of {}",
            given.dropped,
            given.dropped + given.listing.document.entries.len()
        ));
    }
    let flaws = given
        .listing
        .document
        .flaws
        .iter()
        .filter(|flaw| matches!(flaw.code, FlawCode::Entry | FlawCode::Limit));
    causes.extend(flaws.map(|flaw| flaw.message.clone()));
    causes
}

fn is_root(step: &Step) -> bool {
    matches!(step.name, "item" | "items" | "script")
}

/// "the selector `h3 a.headline` matches nothing, `h3` matches 24"
fn cause(rule: &str, step: &Step) -> String {
    let near = step.near.iter().map(|(part, found)| format!(", `{part}` matches {found}"));
    let near = near.collect::<Vec<_>>().concat();
    match (step.name, step.rule.as_str()) {
        ("script", name) => format!("no script in it sets `{name}`"),
        (name, "") => format!("`{name}` is no list{near}"),
        (name, text) => format!("{rule} `{text}` of `{name}` matches nothing{near}"),
    }
}
