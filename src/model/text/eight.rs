//! Eight bytes of a text looked at together, as one number: most text needs no closer look.

use std::ops::{BitAnd, BitOr, RangeInclusive};

/// Eight bytes, the first of them lowest.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Eight(u64);

/// Some of eight bytes: of each its highest bit, or none.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Marks(u64);

const ONES: u64 = 0x0101_0101_0101_0101;
const HIGHEST: u64 = ONES << 7;

impl Eight {
    /// The eight bytes from `at`; none if there are fewer.
    #[inline]
    pub(crate) fn at(bytes: &[u8], at: usize) -> Option<Self> {
        let eight = bytes.get(at..)?.first_chunk()?;
        Some(Self(u64::from_le_bytes(*eight)))
    }

    /// Those there are from `at`, and `filler` behind them.
    pub(crate) fn filled(bytes: &[u8], at: usize, filler: u8) -> Self {
        let mut eight = [filler; 8];
        for (slot, byte) in eight.iter_mut().zip(bytes.get(at..).unwrap_or_default()) {
            *slot = *byte;
        }
        Self(u64::from_le_bytes(eight))
    }

    #[inline]
    pub(crate) fn bytes(self) -> [u8; 8] {
        self.0.to_le_bytes()
    }

    #[inline]
    pub(crate) fn beyond_ascii(self) -> Marks {
        Marks(self.0 & HIGHEST)
    }

    /// Those within a range that is all ASCII, or all beyond.
    #[inline]
    pub(crate) fn within(self, range: RangeInclusive<u8>) -> Marks {
        let (first, last) = (*range.start(), *range.end());
        // Without the highest bit no sum runs over into the next byte.
        let low = self.0 & !HIGHEST;
        let reaches = |byte: u8| low + ONES * u64::from(0x80 - (byte & 0x7F));
        let beyond = low + ONES * u64::from(0x7F - (last & 0x7F));
        let half = if first < 0x80 { !self.0 } else { self.0 };
        Marks(reaches(first) & !beyond & half & HIGHEST)
    }

    #[inline]
    pub(crate) fn is(self, byte: u8) -> Marks {
        self.within(byte..=byte)
    }

    /// Capital letters of ASCII become small ones.
    #[inline]
    pub(crate) fn lower(self) -> Self {
        Self(self.0 | self.within(b'A'..=b'Z').0 >> 2)
    }

    /// With `byte` in the places marked.
    #[inline]
    pub(crate) fn with(self, byte: u8, places: Marks) -> Self {
        let all = (places.0 << 1).wrapping_sub(places.0 >> 7);
        Self(self.0 & !all | ONES * u64::from(byte) & all)
    }
}

impl Marks {
    #[inline]
    pub(crate) fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// Where the first one is; 8 if there is none.
    #[inline]
    pub(crate) fn first(self) -> usize {
        self.0.trailing_zeros() as usize / 8
    }

    #[inline]
    pub(crate) fn without_first(self) -> Self {
        Self(self.0 & self.0.wrapping_sub(1))
    }

    /// Those before the place.
    #[inline]
    pub(crate) fn before(self, place: usize) -> Self {
        Self(if place < 8 { self.0 & ((1 << (8 * place)) - 1) } else { self.0 })
    }

    #[inline]
    pub(crate) fn without(self, other: Self) -> Self {
        Self(self.0 & !other.0)
    }

    /// The places behind them; `first` says whether the first place is one too.
    #[inline]
    pub(crate) fn next(self, first: bool) -> Self {
        Self(self.0 << 8 | u64::from(first) << 7)
    }

    /// Is the place marked?
    #[inline]
    pub(crate) fn has(self, place: usize) -> bool {
        self.0 >> (8 * place + 7) & 1 == 1
    }
}

impl BitAnd for Marks {
    type Output = Self;

    #[inline]
    fn bitand(self, other: Self) -> Self {
        Self(self.0 & other.0)
    }
}

impl BitOr for Marks {
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

    /// The places marked, one by one.
    fn places(mut marks: Marks) -> Vec<usize> {
        let mut places = Vec::new();
        while !marks.is_empty() {
            places.push(marks.first());
            assert!(marks.has(marks.first()));
            marks = marks.without_first();
        }
        places
    }

    fn eight(bytes: [u8; 8]) -> Eight {
        Eight::at(&bytes, 0).expect("eight bytes")
    }

    #[test]
    fn fewer_than_eight_are_filled() {
        assert_eq!(Eight::at(b"1234567", 0), None);
        assert_eq!(Eight::at(b"12345678", 1), None);
        assert_eq!(&Eight::filled(b"12345", 2, b' ').bytes(), b"345     ");
        assert_eq!(&Eight::filled(b"12345", 9, b' ').bytes(), b"        ");
    }

    proptest! {
        #[test]
        fn each_byte_is_looked_at_by_itself(bytes: [u8; 8], one: u8, other: u8, beyond: bool) {
            let half = if beyond { 0x80 } else { 0 };
            let (one, other) = (one & 0x7F | half, other & 0x7F | half);
            let (first, last) = (one.min(other), one.max(other));
            let plain = |wanted: &dyn Fn(u8) -> bool| -> Vec<usize> { (0..8).filter(|at| wanted(bytes[*at])).collect() };
            let within = eight(bytes).within(first..=last);
            prop_assert_eq!(places(within), plain(&|byte| (first..=last).contains(&byte)));
            prop_assert_eq!(places(eight(bytes).beyond_ascii()), plain(&|byte| byte >= 0x80));
            prop_assert_eq!(eight(bytes).lower().bytes().to_vec(), bytes.to_ascii_lowercase());
            let with = bytes.map(|byte| if (first..=last).contains(&byte) { b'#' } else { byte });
            prop_assert_eq!(eight(bytes).with(b'#', within).bytes(), with);
        }

        #[test]
        fn marks_move_and_end(bytes: [bool; 8], first: bool, place in 0_usize..=8) {
            let marks = eight(bytes.map(u8::from)).is(1);
            let all: Vec<_> = (0..8).filter(|at| bytes[*at]).collect();
            let mut next: Vec<_> = first.then_some(0).into_iter().collect();
            next.extend(all.iter().map(|at| at + 1).filter(|at| *at < 8));
            prop_assert_eq!(places(marks.next(first)), next);
            prop_assert_eq!(places(marks.before(place)), all.into_iter().filter(|at| *at < place).collect::<Vec<_>>());
        }
    }
}
