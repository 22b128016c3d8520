//! Why a story is in the digest, for the reader who asks: the topics, and the words that let it in.

use serde::Serialize;

use super::item::known;
use crate::model::story::{Reason, Story, Why};
use crate::model::topic::Topic;
use crate::model::verdict::{Field, TermList};

/// Words shown of one place: enough to see why, and a long text does not fill the page with them.
const SHOWN_WORDS: usize = 6;

/// The places that words are found in, in the order of reading.
const PLACES: [&str; 6] = ["title", "text", "category", "link", "author", "other"];
/// Those of them that the page shows.
const READABLE: [&str; 2] = ["title", "text"];

#[derive(Serialize)]
pub(super) struct WhyView<'a> {
    /// `rules`, `filed`, `accepted`, `announcement` or `note`
    by: &'static str,
    findings: Vec<Finding<'a>>,
    /// Words that say: this is about goods crossing borders.
    context: Vec<&'a str>,
    /// Topics that no word stands for: its source is filed there, or staff filed it.
    without_words: Vec<&'a str>,
}

/// What one topic found.
#[derive(Serialize)]
struct Finding<'a> {
    topic: &'a str,
    places: Vec<Place<'a>>,
}

#[derive(Serialize)]
struct Place<'a> {
    name: &'static str,
    words: Vec<&'a str>,
}

impl<'a> WhyView<'a> {
    pub(super) fn of(topics: &'a [Topic], story: &'a Story) -> Self {
        let (by, reasons): (_, &[Reason]) = match &story.why {
            Why::Rules(reasons) => ("rules", reasons),
            Why::Filed(reasons) => ("filed", reasons),
            Why::Accepted => ("accepted", &[]),
            Why::Announcement => ("announcement", &[]),
            Why::Note => ("note", &[]),
        };
        let all: Vec<_> = known(topics, &story.topics).map(|topic| finding(topic, reasons)).collect();
        let (findings, silent): (Vec<_>, Vec<_>) =
            all.into_iter().partition(|finding| !finding.places.is_empty());
        Self {
            by,
            findings,
            context: words(
                reasons.iter().filter(|reason| reason.matched.list == TermList::Context),
                &mut Vec::new(),
            ),
            without_words: silent.into_iter().map(|finding| finding.topic).collect(),
        }
    }
}

fn finding<'a>(topic: &'a Topic, reasons: &'a [Reason]) -> Finding<'a> {
    let mine = |reason: &&Reason| lets_in(reason) && reason.matched.topic.as_ref() == Some(&topic.id);
    let mut told = Vec::new();
    let mut places = Vec::new();
    for name in PLACES {
        // What a reader can see is reason enough.
        if !READABLE.contains(&name) && !places.is_empty() {
            break;
        }
        let found = reasons.iter().filter(mine).filter(|reason| place(reason.matched.field) == name);
        let words = words(found, &mut told);
        if !words.is_empty() {
            places.push(Place { name, words });
        }
    }
    Finding { topic: &topic.title, places }
}

fn lets_in(reason: &Reason) -> bool {
    match reason.matched.list {
        TermList::Strong | TermList::Weak | TermList::Expression => true,
        TermList::Not | TermList::Context | TermList::Veto => false,
    }
}

fn place(field: Field) -> &'static str {
    match field {
        Field::Title => "title",
        Field::Summary | Field::Content => "text",
        Field::Category => "category",
        Field::Link => "link",
        Field::Author => "author",
        Field::Source | Field::Language => "other",
    }
}

/// The words, in the order of the text; none that another one says too, here or in a place that was `told` before, whatever
/// its case: after "cross-border e-commerce" there is no news in "e-commerce".
fn words<'a>(reasons: impl Iterator<Item = &'a Reason>, told: &mut Vec<String>) -> Vec<&'a str> {
    let mut kept: Vec<(&str, String)> = Vec::new();
    for words in reasons.map(|reason| reason.words.as_str()).filter(|words| !words.is_empty()) {
        let folded = words.to_lowercase();
        if !told.iter().chain(kept.iter().map(|(_, words)| words)).any(|other| other.contains(&folded)) {
            kept.retain(|(_, other)| !folded.contains(other.as_str()));
            kept.push((words, folded));
        }
    }
    kept.truncate(SHOWN_WORDS);
    told.extend(kept.iter().map(|(_, folded)| folded.clone()));
    kept.into_iter().map(|(words, _)| words).collect()
}
