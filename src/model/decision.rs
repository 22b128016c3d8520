//! What staff decided about an entry: it beats the verdict of the rules, and outlives new rules and new ids.

use chrono::{DateTime, Utc};

use super::entry::EntryId;
use super::topic::TopicId;
use super::verdict::Outcome;

/// One act of one person. Kept for ever; a later act of the same kind takes its place.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Decision {
    pub entry: EntryId,
    pub at: DateTime<Utc>,
    /// The person's name, as they gave it.
    pub by: String,
    pub act: Act,
}

/// What a person can do to an entry.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Act {
    /// Publish it, whatever the rules say.
    Accept,
    /// Keep it out, whatever the rules say.
    Reject,
    /// Neither: the rules decide again.
    Leave,
    /// Keep it at the top of the digest.
    Pin,
    Unpin,
    /// Show this title; the source's own is kept. `None`: show the source's own again.
    Retitle(Option<String>),
    /// The secretariat's words above the entry, as Markdown. `None`: no more.
    Note(Option<String>),
    /// File it under these topics, best first. `None`: under those that the rules find.
    Topics(Option<Vec<TopicId>>),
}

impl Act {
    /// The word for it on the command line and in the store.
    pub fn as_str(&self) -> &'static str {
        match self {
            Self::Accept => "accept",
            Self::Reject => "reject",
            Self::Leave => "leave",
            Self::Pin => "pin",
            Self::Unpin => "unpin",
            Self::Retitle(_) => "retitle",
            Self::Note(_) => "note",
            Self::Topics(_) => "topics",
        }
    }

    /// What the act gives the entry, as a person would write it.
    pub fn value(&self) -> Option<String> {
        match self {
            Self::Accept | Self::Reject | Self::Leave | Self::Pin | Self::Unpin => None,
            Self::Retitle(text) | Self::Note(text) => text.clone(),
            Self::Topics(topics) => {
                topics.as_ref().map(|ids| ids.iter().map(TopicId::as_str).collect::<Vec<_>>().join(", "))
            }
        }
    }
}

/// How all acts on an entry stand together.
#[derive(Debug, Clone, PartialEq, Eq, Default, Hash)]
pub struct Decided {
    /// `Some(true)`: accepted; `Some(false)`: rejected; `None`: the rules decide.
    pub accepted: Option<bool>,
    pub is_pinned: bool,
    pub title: Option<String>,
    pub note: Option<String>,
    pub topics: Option<Vec<TopicId>>,
}

impl Decided {
    /// All acts on one entry, oldest first.
    pub fn of<'a>(acts: impl IntoIterator<Item = &'a Act>) -> Self {
        let mut decided = Self::default();
        for act in acts {
            decided.take(act);
        }
        decided
    }

    /// One more act.
    pub fn take(&mut self, act: &Act) {
        match act {
            Act::Accept => self.accepted = Some(true),
            Act::Reject => self.accepted = Some(false),
            Act::Leave => self.accepted = None,
            Act::Pin => self.is_pinned = true,
            Act::Unpin => self.is_pinned = false,
            Act::Retitle(title) => self.title.clone_from(title),
            Act::Note(note) => self.note.clone_from(note),
            Act::Topics(topics) => self.topics.clone_from(topics),
        }
    }

    /// The act that leads back from where this one led.
    pub fn back_from(&self, act: &Act) -> Act {
        match act {
            Act::Accept | Act::Reject | Act::Leave => match self.accepted {
                Some(true) => Act::Accept,
                Some(false) => Act::Reject,
                None => Act::Leave,
            },
            Act::Pin | Act::Unpin => {
                if self.is_pinned {
                    Act::Pin
                } else {
                    Act::Unpin
                }
            }
            Act::Retitle(_) => Act::Retitle(self.title.clone()),
            Act::Note(_) => Act::Note(self.note.clone()),
            Act::Topics(_) => Act::Topics(self.topics.clone()),
        }
    }

    /// What becomes of an entry of which the rules say this.
    pub fn outcome(&self, verdict: Outcome) -> Outcome {
        match self.accepted {
            Some(true) => Outcome::Publish,
            Some(false) => Outcome::Drop,
            None => verdict,
        }
    }

    /// The topics it is filed under where the rules say these.
    pub fn topics<'a>(&'a self, verdict: &'a [TopicId]) -> &'a [TopicId] {
        self.topics.as_deref().unwrap_or(verdict)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn topic(id: &str) -> TopicId {
        TopicId::parse(id).expect(id)
    }

    #[test]
    fn a_later_act_of_the_same_kind_takes_the_place_of_an_earlier_one() {
        let acts =
            [Act::Accept, Act::Pin, Act::Reject, Act::Retitle(Some("A".to_owned())), Act::Retitle(None)];
        let decided = Decided::of(&acts);
        assert_eq!(decided, Decided { accepted: Some(false), is_pinned: true, ..Decided::default() });
        assert_eq!(Decided::of(acts.iter().chain([&Act::Leave, &Act::Unpin])), Decided::default());
    }

    #[test]
    fn a_decision_beats_the_verdict() {
        assert_eq!(Decided::of([&Act::Reject]).outcome(Outcome::Publish), Outcome::Drop);
        assert_eq!(Decided::of([&Act::Accept]).outcome(Outcome::Drop), Outcome::Publish);
        assert_eq!(Decided::of([&Act::Pin]).outcome(Outcome::Review), Outcome::Review);
        let (own, found) = ([topic("origin")], [topic("ipr")]);
        assert_eq!(Decided::of([&Act::Topics(Some(own.to_vec()))]).topics(&found), own);
        assert_eq!(Decided::default().topics(&found), found);
    }

    fn acts() -> impl Strategy<Value = Vec<Act>> {
        let text = || prop::option::of("[ab]");
        let act = prop_oneof![
            Just(Act::Accept),
            Just(Act::Reject),
            Just(Act::Leave),
            Just(Act::Pin),
            Just(Act::Unpin),
            text().prop_map(Act::Retitle),
            text().prop_map(Act::Note),
            prop::option::of(Just(vec![topic("origin")])).prop_map(Act::Topics),
        ];
        prop::collection::vec(act, 1..8)
    }

    proptest! {
        #[test]
        fn every_act_can_be_undone(acts in acts()) {
            let (last, earlier) = acts.split_last().expect("one at least");
            let before = Decided::of(earlier);
            let undone = before.back_from(last);
            prop_assert_eq!(Decided::of(acts.iter().chain([&undone])), before);
        }
    }
}
