//! What the words of the rules show by themselves: each term is looked for in its own words, by the rules that it stands in.

use std::collections::{BTreeMap, BTreeSet};

use super::{Finding, Spot, What, about, spots};
use crate::config::{ANNOUNCEMENTS, Config};
use crate::model::language::Language;
use crate::model::verdict::{Field, TermList};
use crate::rules::fold::fold;
use crate::rules::{RuleSet, Subject, TopicRules};

/// An ending that no word has: `tariff*` finds it.
const ENDING: &str = "qzq";

pub(super) fn findings(config: &Config) -> Vec<Finding> {
    let spots = spots(config.rules.lists());
    let mut order: BTreeMap<&Spot, usize> = BTreeMap::new();
    for (at, spot) in spots.iter().enumerate() {
        order.entry(spot).or_insert(at);
    }
    let wider: BTreeMap<&Spot, BTreeSet<Spot>> =
        order.keys().map(|spot| (*spot, wider(&config.rules, spot))).collect();
    let mut findings = twice(&spots);
    for spot in
        spots.iter().enumerate().filter(|(at, spot)| order.get(spot) == Some(at)).map(|(_, spot)| spot)
    {
        let others: Vec<&Spot> =
            wider.get(spot).into_iter().flatten().filter(|other| *other != spot).collect();
        let spare = |other: &&Spot| {
            // Of two that find the same, the later one is spare.
            let is_mutual = other.list == spot.list && wider.get(*other).is_some_and(|of| of.contains(spot));
            does_the_same(spot, other) && (!is_mutual || order.get(*other) < order.get(spot))
        };
        if let Some(other) = others.iter().find(|other| keeps_out(spot, other)) {
            let message = format!("whatever has it is kept out by {}", other.named());
            findings.push(spot.finding(What::Contradiction, message, None));
        } else if let Some(other) = others.iter().copied().find(spare) {
            let message = format!("{} finds all that it finds", other.named());
            findings.push(spot.finding(What::Redundant, message, None));
        }
    }
    findings.extend(config.rules.lists().topics.iter().flat_map(|topic| of_topic(topic, config)));
    findings
}

/// The same words written in the same list once more.
fn twice(spots: &[Spot]) -> Vec<Finding> {
    let mut seen = BTreeSet::new();
    let again = spots.iter().filter(|spot| !seen.insert(*spot)).collect::<BTreeSet<_>>();
    again
        .into_iter()
        .map(|spot| spot.finding(What::Redundant, "the list has it twice".to_owned(), None))
        .collect()
}

/// The terms that are found wherever this one is. None, where the term is not even found in its own words.
fn wider(rules: &RuleSet, spot: &Spot) -> BTreeSet<Spot> {
    let mut probes = probes(&spot.term).into_iter();
    let first = probes.next().map(|probe| found(rules, &probe)).unwrap_or_default();
    let wider = probes.fold(first, |wider, probe| {
        let found = found(rules, &probe);
        wider.into_iter().filter(|spot| found.contains(spot)).collect()
    });
    let own = bare(&spot.term);
    let is_found = wider.iter().any(|found| {
        found.topic == spot.topic && found.list == spot.list && (found == spot || bare(&found.term) == own)
    });
    if is_found { wider } else { BTreeSet::new() }
}

/// Texts that have the term, as different as they can be.
fn probes(term: &str) -> Vec<String> {
    let is_exact = term.starts_with(['=', '＝']);
    let words = term.trim_start_matches(['=', '＝']);
    let cases = if is_exact {
        vec![words.to_owned()]
    } else {
        vec![words.to_owned(), words.to_lowercase(), words.to_uppercase()]
    };
    let endings = |text: &String| ["", ENDING].map(|ending| text.replace(['*', '＊'], ending));
    cases.iter().flat_map(endings).collect()
}

/// The terms that are found in a text that is both title and summary of an entry.
fn found(rules: &RuleSet, text: &str) -> BTreeSet<Spot> {
    let verdict = rules.judge(&Subject { title: text, summary: text, ..Subject::default() });
    let spot = |field: Field| {
        let found = verdict.matches.iter().filter(move |found| found.field == field);
        found.map(|found| Spot {
            topic: found.topic.clone(),
            list: found.list,
            title_only: false,
            term: found.term.clone(),
        })
    };
    let anywhere: BTreeSet<Spot> = spot(Field::Summary).collect();
    let titles: Vec<Spot> = spot(Field::Title)
        .filter(|found| !anywhere.contains(found))
        .map(|found| Spot { title_only: true, ..found })
        .collect();
    anywhere.into_iter().chain(titles).filter(|found| found.list != TermList::Expression).collect()
}

/// Does `wide`, which is found wherever `spot` is, make it pointless?
fn does_the_same(spot: &Spot, wide: &Spot) -> bool {
    if wide.list == TermList::Veto {
        let keeps_out = matches!(spot.list, TermList::Not | TermList::Veto);
        return keeps_out && (spot.title_only || !wide.title_only);
    }
    if wide.topic != spot.topic {
        return false;
    }
    match (spot.list, wide.list) {
        (TermList::Strong | TermList::Weak, TermList::Strong)
        | (TermList::Not, TermList::Not)
        | (TermList::Context, TermList::Context) => true,
        // Two weak terms file an entry, one inside the other too where the wider one stands at another place besides.
        (TermList::Weak, TermList::Weak) => bare(&spot.term) == bare(&wide.term),
        _ => false,
    }
}

/// Does `wide`, which is found wherever `spot` is, keep out whatever `spot` lets in?
fn keeps_out(spot: &Spot, wide: &Spot) -> bool {
    match spot.list {
        TermList::Strong | TermList::Weak | TermList::Context => {
            (wide.list == TermList::Veto && !wide.title_only)
                || (wide.list == TermList::Not && wide.topic == spot.topic)
        }
        TermList::Not | TermList::Expression | TermList::Veto => false,
    }
}

/// Behind a weak term that is enough by itself.
const DOUBLE: &str = "^2";

/// The words without `=`, `*` and a weight, folded.
fn bare(term: &str) -> String {
    fold(&term.trim_end().trim_end_matches(DOUBLE).replace(['=', '＝', '*', '＊'], ""))
}

fn of_topic(topic: &TopicRules, config: &Config) -> Vec<Finding> {
    let mut findings = Vec::new();
    let weak: BTreeSet<String> = topic.weak.iter().map(|term| bare(term)).collect();
    let is_enough = weak.len() > 1 || topic.weak.iter().any(|term| term.trim_end().ends_with(DOUBLE));
    if topic.strong.is_empty() && topic.expression.is_none() && !is_enough {
        let message = match weak.len() {
            0 => "it has no term that lets anything in".to_owned(),
            _ => "it has one weak term only, and two are needed".to_owned(),
        };
        // Sources may name it for all their entries.
        if !config.sources.iter().any(|source| source.topics.contains(&topic.id)) {
            findings.push(about(&topic.id, What::NeverFiles, message));
        }
    }
    let enabled = || config.sources.iter().filter(|source| source.enabled);
    let serves = |id: &String| id == ANNOUNCEMENTS || enabled().any(|source| source.id.as_str() == id);
    if !topic.sources.is_empty() && !topic.sources.iter().any(serves) {
        let message = format!("none of its sources is enabled: {}", topic.sources.join(", "));
        findings.push(about(&topic.id, What::Unserved, message));
    }
    for language in &topic.languages {
        // A source that names no language may speak any.
        let speaks =
            |spoken: &Option<Language>| spoken.as_ref().is_none_or(|spoken| spoken.primary() == language);
        if !enabled().any(|source| speaks(&source.language)) {
            let message = format!("it takes entries in {language}, and no enabled source speaks it");
            findings.push(about(&topic.id, What::Unserved, message));
        }
    }
    findings
}
