//! Text written word by word: nothing in it that may not be published, and one gap between two words at most.

use super::block::{Lanes, block_at};
use super::is_allowed;

/// What stands between this word and the next one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Gap {
    None,
    Space,
    Line,
}

#[derive(Debug)]
pub(crate) struct Flow {
    text: String,
    gap: Gap,
}

impl Flow {
    pub(crate) fn with_capacity(bytes: usize) -> Self {
        Self { text: String::with_capacity(bytes), gap: Gap::None }
    }

    /// What follows stands apart from what was written.
    pub(crate) fn leave(&mut self, gap: Gap) {
        self.gap = self.gap.max(gap);
    }

    /// Writes a text. Where a closer look is needed, `special` writes what stands there and says how many bytes it took.
    pub(crate) fn write(&mut self, text: &str, special: impl Fn(&mut Self, &str) -> usize) {
        let mut rest = text;
        while !rest.is_empty() {
            let plain = plain_length(rest.as_bytes());
            if let Some(run) = rest.get(..plain).filter(|run| !run.is_empty()) {
                self.bridge();
                self.text.push_str(run);
            }
            let Some(after) = rest.get(plain..).filter(|after| !after.is_empty()) else { return };
            rest = after.get(special(self, after)..).unwrap_or_default();
        }
    }

    /// Writes the first character of a text, and says how many bytes it takes.
    pub(crate) fn push_first(&mut self, text: &str) -> usize {
        let Some(c) = text.chars().next() else { return 0 };
        self.push(c);
        c.len_utf8()
    }

    /// White space of every kind is a space; what may not be published is nothing.
    pub(crate) fn push(&mut self, c: char) {
        if c.is_whitespace() {
            self.leave(Gap::Space);
        } else if is_allowed(c) {
            self.bridge();
            self.text.push(c);
        }
    }

    pub(crate) fn into_text(self) -> String {
        self.text
    }

    fn bridge(&mut self) {
        if !self.text.is_empty() {
            match self.gap {
                Gap::None => {}
                Gap::Space => self.text.push(' '),
                Gap::Line => self.text.push('\n'),
            }
        }
        self.gap = Gap::None;
    }
}

/// How many bytes can be taken as they are: no white space but single spaces between words, nothing to decode or drop.
/// It ends where a character begins.
fn plain_length(bytes: &[u8]) -> usize {
    let mut at = 0;
    // A space at the beginning is one too many.
    let mut after_space = true;
    let end = loop {
        // The end of the text ends it like any other control.
        let block = block_at(bytes, at, 0);
        let lanes = Lanes::of(block);
        let spaces = lanes.is(b' ').bits();
        let mut stops = specials(lanes) | spaces & (spaces << 1 | u32::from(after_space));
        while stops != 0 && is_plain(bytes.get(at + stops.trailing_zeros() as usize..).unwrap_or_default()) {
            stops &= stops - 1;
        }
        if stops != 0 {
            break at + stops.trailing_zeros() as usize;
        }
        after_space = block.last() == Some(&b' ');
        at += block.len();
    };
    // The space before what ends it may not be the only one.
    end - usize::from(end > 0 && bytes.get(end - 1) == Some(&b' '))
}

/// One bit for each of ASCII controls and `&`, and of the first bytes of characters that may be spaces or refused.
#[inline]
fn specials(bytes: Lanes) -> u32 {
    let ascii = bytes.within(0, 0x1F) | bytes.is(b'&') | bytes.is(0x7F);
    match bytes.bits() {
        0 => ascii.bits(),
        _ => (ascii | bytes.is(0xC2) | bytes.within(0xE1, 0xE3) | bytes.is(0xEF)).bits(),
    }
}

/// Does the text begin with one that is neither: a quotation mark, a dash, a kana?
#[inline]
fn is_plain(text: &[u8]) -> bool {
    match text {
        // Controls and the no-break space; an old space; spaces and directions; a wide space; U+FFFE and U+FFFF.
        [0xC2, 0x80..=0xA0, ..]
        | [0xE1, 0x9A, 0x80, ..]
        | [0xE2, 0x80, 0x80..=0x8A | 0xA8..=0xAF, ..]
        | [0xE2, 0x81, 0x9F | 0xA6..=0xA9, ..]
        | [0xE3, 0x80, 0x80, ..]
        | [0xEF, 0xBF, 0xBE | 0xBF, ..]
        | [] => false,
        [first, ..] => !first.is_ascii(),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// Character by character.
    fn plain_way(text: &str) -> usize {
        let is_plain = |c: char| is_allowed(c) && !c.is_whitespace() && c != '&';
        let is_taken = |(at, c): &(usize, char)| {
            let between = *at > 0 && text[at + c.len_utf8()..].chars().next().is_some_and(is_plain);
            is_plain(*c) || (*c == ' ' && between)
        };
        text.char_indices().take_while(is_taken).map(|(_, c)| c.len_utf8()).sum()
    }

    #[test]
    fn every_refused_character_and_every_blank_is_looked_at() {
        for c in ('\0'..=char::MAX).filter(|c| !is_allowed(*c) || c.is_whitespace() && *c != ' ') {
            let text = format!("words{c}words");
            assert!(plain_length(text.as_bytes()) <= 5, "{c:?}");
        }
    }

    proptest! {
        #[test]
        fn what_is_plain_is_so_character_by_character(text in "([a-z]{1,9} |[a-z &é–海かＡ\u{a0}\u{3000}\u{2003}\u{202e}\t]{0,9}|\\PC){0,8}") {
            prop_assert_eq!(plain_length(text.as_bytes()), plain_way(&text));
        }
    }
}
