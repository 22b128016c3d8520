//! What staff decided about an entry, as members see it.

use chrono::{DateTime, Utc};
use std::collections::HashMap;

use super::markdown::{Links, to_html};
use crate::model::decision::{Act, Decided, Decision};
use crate::model::entry::EntryId;

/// All acts on one entry, and what comes of them on a page.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Staff {
    pub decided: Decided,
    /// Sanitised HTML.
    pub note: Option<String>,
    /// When its title or its note last became another one: members are told then.
    pub edited: Option<DateTime<Utc>>,
    /// Since when it is accepted, if it is.
    pub accepted: Option<DateTime<Utc>>,
}

/// By entry, of acts that come oldest first.
pub fn by_entry(decisions: &[Decision]) -> HashMap<EntryId, Staff> {
    let mut all: HashMap<EntryId, Staff> = HashMap::new();
    for decision in decisions {
        all.entry(decision.entry).or_default().take(decision);
    }
    for staff in all.values_mut() {
        staff.note = staff.decided.note.as_deref().map(note).filter(|html| !html.is_empty());
    }
    all
}

/// A note's Markdown as sanitised HTML; empty if nothing of it can be shown.
pub fn note(markdown: &str) -> String {
    to_html(markdown, Links::Kept)
}

impl Staff {
    fn take(&mut self, Decision { act, at, .. }: &Decision) {
        let before = self.decided.clone();
        self.decided.take(act);
        if (&before.title, &before.note) != (&self.decided.title, &self.decided.note) {
            self.edited = self.edited.max(Some(*at));
        }
        match act {
            Act::Accept => self.accepted = self.accepted.or(Some(*at)),
            Act::Reject | Act::Leave => self.accepted = None,
            Act::Pin | Act::Unpin | Act::Retitle(_) | Act::Note(_) | Act::Topics(_) => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(second: i64) -> DateTime<Utc> {
        DateTime::from_timestamp(second, 0).expect("a time")
    }

    /// Of an entry of which staff did this, an act a second.
    fn staff(acts: &[Act]) -> Staff {
        let decisions: Vec<Decision> = (1..)
            .zip(acts)
            .map(|(second, act)| Decision {
                entry: EntryId(7),
                at: at(second),
                by: "Ann".to_owned(),
                act: act.clone(),
            })
            .collect();
        by_entry(&decisions).remove(&EntryId(7)).unwrap_or_default()
    }

    fn note_of(markdown: &str) -> Option<String> {
        staff(&[Act::Note(Some(markdown.to_owned()))]).note
    }

    fn check_edited(acts: &[Act], expected: Option<i64>) {
        assert_eq!(staff(acts).edited, expected.map(at), "{acts:?}");
    }

    #[test]
    fn members_are_told_of_another_title_or_note_and_of_nothing_else() {
        let title = |text: &str| Act::Retitle(Some(text.to_owned()));
        check_edited(&[Act::Accept, Act::Pin, Act::Topics(None), Act::Unpin, Act::Reject], None);
        check_edited(&[Act::Pin, title("A"), Act::Pin], Some(2));
        check_edited(&[title("A"), title("A")], Some(1));
        check_edited(&[title("A"), Act::Retitle(None)], Some(2));
        check_edited(&[Act::Retitle(None), Act::Note(None)], None);
        check_edited(&[title("A"), Act::Note(Some("B".to_owned()))], Some(2));
    }

    #[test]
    fn it_is_accepted_since_the_first_of_its_acceptances() {
        assert_eq!(staff(&[Act::Pin, Act::Accept, Act::Accept]).accepted, Some(at(2)));
        assert_eq!(staff(&[Act::Accept, Act::Leave, Act::Accept]).accepted, Some(at(3)));
        assert_eq!(staff(&[Act::Accept, Act::Reject]).accepted, None);
    }

    #[test]
    fn a_note_is_written_as_announcements_are() {
        assert_eq!(note_of("Read *this*.").as_deref(), Some("<p>Read <em>this</em>.</p>"));
        assert!(note_of("# One").expect("a note").starts_with("<h4>"));
    }

    #[test]
    fn what_is_pasted_into_a_note_does_no_harm() {
        let html =
            note_of("A <b onclick=x>b</b> <script>alert(1)</script> [x](javascript:alert(1)) <img src=//e>");
        let html = html.expect("a note");
        assert!(
            !["<script", "onclick", "javascript:", "<img"].iter().any(|bad| html.contains(bad)),
            "{html}"
        );
        assert_eq!(note_of("<script>alert(1)</script>"), None);
    }
}
