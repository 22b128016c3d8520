//! Folding: what is one word to a reader becomes one string to the matcher, and each match still finds its place in the original.

use std::ops::Range;

use super::letters::{
    Case, Known, Pair, ascii_separators, fold_char, is_ascii_separator, known, other_scripts, pairs,
    place_of_pair,
};
use crate::model::text::block::{Block, Lanes, block_at};

/// Case, accents, hyphens, apostrophes, width and Arabic forms folded away. For comparing titles, where places don't matter.
pub fn fold(text: &str) -> String {
    Folded::new(text).into_text()
}

/// [`fold`], but letter case counts.
pub(super) fn fold_keeping_case(text: &str) -> String {
    Folding::new(text, Case::Keep, Buffers::default()).finish().into_text()
}

/// A folded text that knows where each part of it stands in the original.
///
/// Runs of separators are one blank, and none stands at the beginning.
#[derive(Debug, Clone)]
pub struct Folded<'a> {
    original: &'a str,
    /// UTF-8: whether it is, is looked at when somebody asks for it as text.
    text: Vec<u8>,
    /// Where the distance between the two texts changes. Empty for most ASCII text.
    steps: Vec<Step>,
}

/// What a folded text is kept in.
#[derive(Debug, Default)]
pub(super) struct Buffers {
    text: Vec<u8>,
    steps: Vec<Step>,
}

/// From here to the next step both texts go on side by side.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
struct Step {
    folded: usize,
    original: usize,
}

impl<'a> Folded<'a> {
    pub fn new(original: &'a str) -> Self {
        Self::within(original, Buffers::default())
    }

    /// [`Folded::new`], in what another text needs no more.
    pub(super) fn within(original: &'a str, buffers: Buffers) -> Self {
        Folding::new(original, Case::Fold, buffers).finish()
    }

    pub(super) fn into_buffers(self) -> Buffers {
        Buffers { text: self.text, steps: self.steps }
    }

    pub fn text(&self) -> &str {
        str::from_utf8(&self.text).expect(WHOLE)
    }

    /// [`Folded::text`], not looked at.
    pub(super) fn bytes(&self) -> &[u8] {
        &self.text
    }

    /// The bytes of the original that became these bytes of the folded text, whole characters with their accents.
    /// `None` if the range cuts through what one character became: half of a ligature or of a syllable is no match.
    pub fn original(&self, folded: &Range<usize>) -> Option<Range<usize>> {
        Some(self.place(folded.start)?..self.place(folded.end)?)
    }

    /// The words of the original at a place that [`Folded::original`] gave.
    pub(super) fn words(&self, original: &Range<usize>) -> &'a str {
        self.original.get(original.clone()).unwrap_or_default()
    }

    fn place(&self, folded: usize) -> Option<usize> {
        let next = self.steps.partition_point(|step| step.folded <= folded);
        let step = next.checked_sub(1).and_then(|last| self.steps.get(last)).copied().unwrap_or_default();
        let place = step.original + (folded - step.folded);
        // At or beyond the next step: inside a character that became longer than it was.
        let before_next = self.steps.get(next).is_none_or(|next| place < next.original);
        let whole = folded == step.folded || (before_next && self.original.is_char_boundary(place));
        whole.then_some(place)
    }

    fn into_text(mut self) -> String {
        self.text.pop_if(|last| *last == b' ');
        String::from_utf8(self.text).expect(WHOLE)
    }
}

const WHOLE: &str = "only whole characters were pushed";

/// A text that has a step has more of them.
const FIRST_STEPS: usize = 32;

/// A text on its way to being folded.
struct Folding<'a> {
    original: &'a str,
    case: Case,
    /// Characters of two bytes; none where letter case is kept.
    pairs: &'static [Pair],
    text: Vec<u8>,
    steps: Vec<Step>,
}

/// Behind the bytes of a block stands as much again: from each of them on there is a block to be copied.
type Folds = [u8; 2 * size_of::<Block>()];

impl<'a> Folding<'a> {
    fn new(original: &'a str, case: Case, buffers: Buffers) -> Self {
        let Buffers { mut text, mut steps } = buffers;
        text.clear();
        text.reserve(original.len() + size_of::<Block>());
        steps.clear();
        let pairs = if case == Case::Fold { pairs() } else { &[] };
        Self { original, case, pairs, text, steps }
    }

    fn finish(mut self) -> Folded<'a> {
        let bytes = self.original.as_bytes();
        let mut at = 0;
        while at < bytes.len() {
            at = self.push_block(at, block_at(bytes, at, 0xFF));
        }
        Folded { original: self.original, text: self.text, steps: self.steps }
    }

    /// Takes the block at `at`, and the end of its last character, and says where that is.
    #[inline]
    fn push_block(&mut self, at: usize, block: Block) -> usize {
        let bytes = Lanes::of(block);
        let small = match self.case {
            Case::Fold => bytes | bytes.within(b'A', b'Z') & Lanes::all(0x20),
            Case::Keep => bytes,
        };
        let separators = ascii_separators(bytes);
        let folded = separators.choose(Lanes::all(b' '), small).bytes();
        let blanks = separators.bits();
        let doubled = blanks & (blanks << 1 | u32::from(self.wants_no_blank()));
        let odd = other_scripts(bytes) | doubled;
        if odd == 0 {
            self.text.extend_from_slice(&folded);
            return at + folded.len();
        }
        self.push_parts(at, &folded, odd)
    }

    /// Takes the bytes between the odd ones as they were folded together.
    fn push_parts(&mut self, at: usize, folded: &Block, mut odd: u32) -> usize {
        let mut folds: Folds = [0; size_of::<Folds>()];
        if let Some(start) = folds.first_chunk_mut() {
            *start = *folded;
        }
        let mut taken = 0;
        while taken < folded.len() {
            let end = odd.trailing_zeros() as usize;
            if let Some(part) = folds.get(taken..).and_then(<[u8]>::first_chunk::<{ size_of::<Block>() }>) {
                self.extend(part, end - taken);
            }
            if end == folded.len() || at + end >= self.original.len() {
                return at + end;
            }
            taken = self.push_odd(at + end) - at;
            odd &= u32::try_from(taken).ok().and_then(|taken| u32::MAX.checked_shl(taken)).unwrap_or(0);
        }
        at + taken
    }

    /// Takes what is odd, as long as there is some, and says where it ends.
    #[inline]
    fn push_odd(&mut self, from: usize) -> usize {
        let bytes = self.original.as_bytes();
        let mut at = from;
        loop {
            at = self.push_pairs(at);
            match bytes.get(at..).unwrap_or_default() {
                [0xC0..=0xE3 | 0xEA..=0xFF, ..] => at += self.push_other(at),
                [blank, ..] if is_ascii_separator(*blank) && self.wants_no_blank() => {
                    self.step(self.text.len(), at + 1);
                    at += 1;
                }
                // Between words of another script than ours.
                [b' ', 0xC0..=0xE3 | 0xEA..=0xFF, ..] => {
                    self.text.push(b' ');
                    at += 1;
                }
                _ => return at,
            }
        }
    }

    /// Takes characters of two bytes, and says where they end: most letters of most scripts.
    #[inline]
    fn push_pairs(&mut self, from: usize) -> usize {
        let mut at = from;
        for bytes in self.original.as_bytes().get(from..).unwrap_or_default().as_chunks().0 {
            let Some(pair) = place_of_pair(*bytes).and_then(|place| self.pairs.get(place)) else { break };
            let Some((text, length)) = pair.folded() else { break };
            let before = self.text.len();
            self.extend(text, length);
            if length != bytes.len() {
                self.note(before, at, bytes.len());
            }
            at += bytes.len();
        }
        at
    }

    /// Takes the character that begins at `at`, and says how long it is.
    fn push_other(&mut self, at: usize) -> usize {
        let Some(c) = self.original.get(at..).and_then(|rest| rest.chars().next()) else { return 1 };
        let before = self.text.len();
        match known(c).and_then(Known::folded).filter(|_| self.case == Case::Fold) {
            Some((text, length)) => {
                let extra = usize::from(text.first() == Some(&b' ') && self.wants_no_blank());
                self.extend(text, length);
                self.text.drain(before..before + extra);
            }
            None => fold_char(c, self.case, |folded| self.push(folded)),
        }
        self.note(before, at, c.len_utf8());
        c.len_utf8()
    }

    /// Pushes the first bytes of a few: as many at once as there may be, and the rest off again.
    #[inline]
    fn extend<const MOST: usize>(&mut self, bytes: &[u8; MOST], length: usize) {
        let before = self.text.len();
        self.text.extend_from_slice(bytes);
        self.text.truncate(before + length);
    }

    /// At the beginning, and behind a blank.
    #[inline]
    fn wants_no_blank(&self) -> bool {
        self.text.last().is_none_or(|last| *last == b' ')
    }

    fn push(&mut self, c: char) {
        if c != ' ' || !self.wants_no_blank() {
            self.text.extend_from_slice(c.encode_utf8(&mut [0; 4]).as_bytes());
        }
    }

    /// Notes what the character of `length` bytes at `at` did to the distance between the two texts.
    #[inline]
    fn note(&mut self, before: usize, at: usize, length: usize) {
        let grown = self.text.len() - before;
        if grown > length {
            self.step(before, at);
        }
        if grown != length {
            self.step(self.text.len(), at + length);
        }
    }

    /// Of many at one place the first tells where the character before ends, the last where the next begins.
    fn step(&mut self, folded: usize, original: usize) {
        if let [.., first, last] = *self.steps
            && first.folded == folded
            && last.folded == folded
        {
            self.steps.pop();
        }
        if self.steps.is_empty() {
            self.steps.reserve(FIRST_STEPS);
        }
        self.steps.push(Step { folded, original });
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[track_caller]
    fn check(original: &str, folded: &str) {
        assert_eq!(fold(original), folded, "{original}");
        assert_eq!(fold(folded), folded, "folding again changes nothing");
    }

    /// `found` stands in the folded text; the original has `there`.
    #[track_caller]
    fn check_place(original: &str, found: &str, there: &str) {
        let folded = Folded::new(original);
        let at = folded.text().find(found).expect(found);
        let place = folded.original(&(at..at + found.len())).expect("whole characters");
        assert_eq!(&original[place], there);
    }

    #[test]
    fn letter_case_accents_and_ligatures_go() {
        check(
            "ÉCRANS Straße \u{fb01}nance Łódź ŒUVRE Æsir Ørsted",
            "ecrans strasse finance lodz oeuvre aesir orsted",
        );
    }

    #[test]
    fn composed_and_decomposed_accents_are_the_same() {
        check("de\u{301}douanement dédouanement", "dedouanement dedouanement");
    }

    #[test]
    fn turkish_i_with_and_without_dot_is_i() {
        check("İSTANBUL ISPARTA ısparta İzmir", "istanbul isparta isparta izmir");
    }

    #[test]
    fn every_hyphen_and_apostrophe_is_a_blank() {
        check(
            "e-commerce e\u{2011}commerce e\u{2013}commerce e \u{2212} commerce",
            "e commerce e commerce e commerce e commerce",
        );
        check(
            "d'origine d\u{2019}origine d\u{2bc}origine d\u{ff07}origine d`origine",
            "d origine d origine d origine d origine d origine",
        );
    }

    #[test]
    fn soft_hyphens_and_marks_without_width_go() {
        check("cus\u{ad}toms cus\u{200b}toms \u{feff}cus\u{2060}toms", "customs customs customs");
    }

    #[test]
    fn blanks_of_every_kind_are_one_blank() {
        check(" rules\u{a0}of \t\n origin\u{3000}form ", "rules of origin form");
    }

    #[test]
    fn full_width_letters_are_letters() {
        check("ＣＢＡＭ　２０２８", "cbam 2028");
    }

    #[test]
    fn arabic_marks_tatweel_and_letter_variants_go() {
        check("الجُمْرُكِيّة أإآٱ ى ة جـــمارك ٢٠٢٨", "الجمركيه اااا ي ه جمارك 2028");
    }

    #[test]
    fn chinese_and_cyrillic_stay_what_they_are() {
        check("跨境电商 Таможенный", "跨境电商 таможенныи");
    }

    #[test]
    fn a_place_is_found_behind_text_that_became_longer() {
        check_place("½ straße №5 broker", "broker", "broker");
        check_place("\u{fdfa} broker", "broker", "broker");
    }

    #[test]
    fn a_place_is_found_behind_text_that_became_shorter() {
        check_place(
            "  été \u{ad} --- re\u{301}gles d\u{2019}origine!",
            "regles d origine",
            "re\u{301}gles d\u{2019}origine",
        );
    }

    #[test]
    fn an_accent_of_its_own_belongs_to_its_letter() {
        check_place("cafe\u{301} noir", "cafe", "cafe\u{301}");
    }

    #[test]
    fn half_of_a_character_is_no_place() {
        for (original, half) in [("\u{fb01}", 0..1), ("ß", 0..1), ("\u{fdfa}", 2..8), ("각", 0..6)] {
            assert_eq!(Folded::new(original).original(&half), None, "{original}");
        }
    }

    #[test]
    fn each_character_is_folded_for_good() {
        for c in '\0'..=char::MAX {
            let once = fold(&format!("a{c}b"));
            assert_eq!(fold(&once), once, "{:x}", u32::from(c));
        }
    }

    /// Character by character.
    fn plain_way(original: &str, case: Case) -> (String, Vec<Step>) {
        let mut plain = Folding::new(original, case, Buffers::default());
        for (at, c) in original.char_indices() {
            let before = plain.text.len();
            match u8::try_from(c) {
                Ok(byte) if byte.is_ascii() && is_ascii_separator(byte) => plain.push(' '),
                Ok(byte) if byte.is_ascii() && case == Case::Fold => plain.push(c.to_ascii_lowercase()),
                Ok(byte) if byte.is_ascii() => plain.push(c),
                _ => fold_char(c, case, |folded| plain.push(folded)),
            }
            plain.note(before, at, c.len_utf8());
        }
        (String::from_utf8(plain.text).expect("whole characters"), plain.steps)
    }

    proptest! {
        #[test]
        fn many_bytes_at_once_are_folded_like_one_by_one(text in "([A-Za-z,.]{1,9}[ '-]{1,2}|[A-Z 0-9]{30,70}|[а-яё]{1,9}|[ \n\u{a0}–’…]|\\PC){0,16}") {
            for case in [Case::Fold, Case::Keep] {
                let fast = Folding::new(&text, case, Folded::new("Été d'été").into_buffers()).finish();
                prop_assert_eq!((String::from_utf8(fast.text).expect(WHOLE), fast.steps), plain_way(&text, case));
            }
        }

        #[test]
        fn each_folded_character_has_its_place(text in "(\\PC| |-|é|e\u{301}|ß|ﬁ|½|\u{fdfa}|关|ة|\u{ad}){0,40}") {
            let folded = Folded::new(&text);
            let mut last = 0;
            for (at, c) in folded.text().char_indices() {
                if let Some(place) = folded.original(&(at..at + c.len_utf8())) {
                    prop_assert!(last <= place.start && place.start < place.end);
                    let again = fold(&["a", &text[place.clone()], "b"].concat());
                    prop_assert!(again.contains(c));
                    last = place.end;
                }
            }
        }

        #[test]
        fn folding_twice_is_folding_once(text in "\\PC{0,60}") {
            prop_assert_eq!(fold(&fold(&text)), fold(&text));
        }
    }
}
