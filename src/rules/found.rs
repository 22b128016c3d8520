//! What was found in an entry: the first place of each term in each field, and every place where a NEAR asks for it.

use std::ops::Range;

use super::Subject;
use super::compile::{Check, Compiled, Fields};
use super::expression::{Evidence, Span};
use super::fold::{Buffers, Folded};
use super::index::{Place, class_at, word_starts};
use super::letters::Class;
use crate::model::verdict::Field;

#[derive(Debug)]
pub(super) struct Found<'a> {
    subject: &'a Subject<'a>,
    /// Kept only if a NEAR asks for the words between two places.
    texts: Vec<(Field, Folded<'a>)>,
    /// Field by field, each from its beginning.
    pub(super) hits: Vec<Hit>,
    /// Of each term, the fields where it was found; empty as long as nothing was.
    seen: Vec<Fields>,
}

#[derive(Debug)]
pub(super) struct Hit {
    pub(super) field: Field,
    pub(super) place: Place,
    pub(super) first: bool,
}

impl<'a> Found<'a> {
    pub(super) fn search(rules: &Compiled, subject: &'a Subject<'a>) -> Self {
        let mut found = Self { subject, texts: Vec::new(), hits: Vec::new(), seen: Vec::new() };
        let mut buffers = Buffers::default();
        for field in Field::ALL.into_iter().filter(|field| rules.fields.has(*field)) {
            let folded = Folded::within(subject.text(field), std::mem::take(&mut buffers));
            rules.index.search(&folded, |place| found.keep(rules, field, place));
            if rules.asks_nearness {
                found.texts.push((field, folded));
            } else {
                buffers = folded.into_buffers();
            }
        }
        found
    }

    fn keep(&mut self, rules: &Compiled, field: Field, place: Place) {
        let Some(usage) = rules.terms.get(place.term) else { return };
        if !usage.uses.iter().any(|each| each.fields.has(field)) {
            return;
        }
        if self.seen.is_empty() {
            self.seen.resize(rules.terms.len(), Fields::NONE);
        }
        let Some(seen) = self.seen.get_mut(place.term) else { return };
        let first = !seen.has(field);
        *seen = seen.and(Fields::of(field));
        if first || usage.all_places {
            self.hits.push(Hit { field, place, first });
        }
    }
}

impl Found<'_> {
    /// Where a leaf stands that is no term.
    pub(super) fn others(&self, check: &Check) -> impl Iterator<Item = (Field, Range<usize>)> {
        let place = move |field: Field| {
            let text = self.subject.text(field);
            let at = match check {
                Check::Term(..) => None,
                Check::Name { field: own, .. } => (*own == field && self.has(check)).then_some(0..text.len()),
                Check::Pattern { pattern, fields, .. } => {
                    fields.has(field).then(|| pattern.find(text)).flatten()
                }
            };
            Some((field, at?))
        };
        Field::ALL.into_iter().filter_map(place)
    }
}

impl Evidence<Check> for Found<'_> {
    fn has(&self, check: &Check) -> bool {
        match check {
            Check::Term(term, fields) => self.seen.get(*term).is_some_and(|seen| seen.shares(*fields)),
            Check::Pattern { .. } => self.others(check).next().is_some(),
            Check::Name { field, name, open, .. } => {
                let there = self.subject.text(*field);
                let head = there.get(..name.len()).filter(|head| head.eq_ignore_ascii_case(name));
                head.is_some_and(|head| *open || head.len() == there.len())
            }
        }
    }

    fn spans(&self, check: &Check) -> Vec<Span> {
        let Check::Term(term, fields) = check else { return Vec::new() };
        let hits = self.hits.iter().filter(|hit| hit.place.term == *term && fields.has(hit.field));
        hits.map(|hit| Span { field: hit.field, start: hit.place.folded.start, end: hit.place.folded.end })
            .collect()
    }

    fn are_near(&self, field: Field, end: usize, start: usize, words: usize) -> bool {
        let text = self.texts.iter().find(|(each, _)| *each == field);
        let text = text.and_then(|(_, text)| text.bytes().get(end..start)).unwrap_or_default();
        let mut between = 0;
        word_starts(text, |at| between += usize::from(class_at(text, at) != Some(Class::Sign)));
        between <= words
    }
}

impl Subject<'_> {
    fn text(&self, field: Field) -> &str {
        match field {
            Field::Title => self.title,
            Field::Summary => self.summary,
            Field::Content => self.content,
            Field::Link => self.link,
            Field::Author => self.author,
            Field::Category => self.category,
            Field::Source => self.source,
            Field::Language => self.language.unwrap_or_default(),
        }
    }
}
