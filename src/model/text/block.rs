//! Many bytes of a text looked at together: most of it needs no closer look.

use std::ops::{BitAnd, BitOr};

use wide::u8x32;

/// Bytes that are looked at together.
pub(crate) type Block = [u8; 32];

/// Those from `at`, with `filler` where the text has ended.
#[inline]
pub(crate) fn block_at(text: &[u8], at: usize, filler: u8) -> Block {
    let rest = text.get(at..).unwrap_or_default();
    rest.first_chunk().copied().unwrap_or_else(|| filled(rest, filler))
}

#[inline(never)]
fn filled(rest: &[u8], filler: u8) -> Block {
    let mut block = [filler; size_of::<Block>()];
    if let Some(start) = block.get_mut(..rest.len()) {
        start.copy_from_slice(rest);
    }
    block
}

/// The bytes of a block, or an answer for each of them: all bits for yes, none for no.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Lanes(u8x32);

impl Lanes {
    #[inline]
    pub(crate) fn of(block: Block) -> Self {
        Self(u8x32::new(block))
    }

    #[inline]
    pub(crate) fn all(byte: u8) -> Self {
        Self(u8x32::splat(byte))
    }

    #[inline]
    pub(crate) fn bytes(self) -> Block {
        self.0.to_array()
    }

    #[inline]
    pub(crate) fn is(self, byte: u8) -> Self {
        Self(self.0.simd_eq(u8x32::splat(byte)))
    }

    /// Is it one of these, both ends among them?
    #[inline]
    pub(crate) fn within(self, first: u8, last: u8) -> Self {
        let above = self.0 - u8x32::splat(first);
        Self(above.min(u8x32::splat(last - first)).simd_eq(above))
    }

    /// Where the answer is yes from the one, where it is no from the other.
    #[inline]
    pub(crate) fn choose(self, yes: Self, no: Self) -> Self {
        Self(self.0.bitselect(yes.0, no.0))
    }

    /// One bit for each byte, its highest; that of the first byte is the lowest.
    #[inline]
    pub(crate) fn bits(self) -> u32 {
        self.0.to_bitmask()
    }
}

impl BitAnd for Lanes {
    type Output = Self;

    #[inline]
    fn bitand(self, other: Self) -> Self {
        Self(self.0 & other.0)
    }
}

impl BitOr for Lanes {
    type Output = Self;

    #[inline]
    fn bitor(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn behind_the_end_stands_the_filler() {
        let text: Vec<u8> = (0..40).collect();
        assert_eq!(block_at(&text, 8, b' ').to_vec(), text[8..]);
        assert_eq!(block_at(&text, 38, b' ')[..3], [38, 39, b' ']);
        assert_eq!(block_at(&text, 41, b' '), [b' '; 32]);
    }

    proptest! {
        #[test]
        fn each_byte_has_its_answer(block: Block, first: u8, length: u8) {
            let last = first.saturating_add(length);
            let lanes = Lanes::of(block);
            let within = lanes.within(first, last);
            for (at, byte) in block.into_iter().enumerate() {
                let expected = (first..=last).contains(&byte);
                prop_assert_eq!(within.bits() >> at & 1 == 1, expected);
                prop_assert_eq!(within.bytes()[at], if expected { 0xFF } else { 0 });
                prop_assert_eq!(lanes.is(first).bits() >> at & 1 == 1, byte == first);
                prop_assert_eq!((lanes | Lanes::all(first)).bytes()[at], byte | first);
                prop_assert_eq!((lanes & Lanes::all(first)).bytes()[at], byte & first);
                let chosen = within.choose(Lanes::all(1), Lanes::all(2)).bytes()[at];
                prop_assert_eq!(chosen, if expected { 1 } else { 2 });
                prop_assert_eq!(lanes.bits() >> at & 1 == 1, byte >= 0x80);
            }
        }
    }
}
