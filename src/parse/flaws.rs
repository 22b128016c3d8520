//! What was wrong with a document, gathered while it is read.

use super::MOST_BYTES;
use super::document::{Flaw, FlawCode};
use super::survey::{DEEPEST, MOST_ENTRIES};

pub(super) fn too_long() -> Flaw {
    let message = format!("longer than {MOST_BYTES} bytes; only its beginning was read");
    Flaw { code: FlawCode::Limit, message }
}

#[derive(Debug, Default)]
pub(super) struct Flaws(Vec<Flaw>);

impl Flaws {
    pub(super) fn push(&mut self, flaw: Flaw) {
        self.0.push(flaw);
    }

    pub(super) fn repaired(&mut self) {
        self.note(FlawCode::Repaired, "not well-formed; it was read after repair");
    }

    pub(super) fn junk(&mut self) {
        self.note(FlawCode::Repaired, "something stands before the feed; it was cut off");
    }

    pub(super) fn truncated(&mut self) {
        self.note(FlawCode::Truncated, "it breaks off; what came before was read");
    }

    pub(super) fn too_many(&mut self) {
        self.note(FlawCode::Limit, &format!("more than {MOST_ENTRIES} entries; the rest was left out"));
    }

    pub(super) fn too_deep(&mut self) {
        self.note(FlawCode::Limit, &format!("elements nested more than {DEEPEST} deep; they were made flat"));
    }

    pub(super) fn dates(&mut self, unread: usize) {
        match unread {
            0 => {}
            1 => self.note(FlawCode::Date, "1 date could not be read"),
            many => self.note(FlawCode::Date, &format!("{many} dates could not be read")),
        }
    }

    pub(super) fn into_list(self) -> Vec<Flaw> {
        self.0
    }

    fn note(&mut self, code: FlawCode, message: &str) {
        self.0.push(Flaw { code, message: message.to_owned() });
    }
}
