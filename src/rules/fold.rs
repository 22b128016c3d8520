//! Folding: what is one word to a reader becomes one string to the matcher, and each match still finds its place in the original.

use std::ops::Range;

use super::letters::{Case, fold_ascii, fold_char};

/// Case, accents, hyphens, apostrophes, width and Arabic forms folded away. For comparing titles, where places don't matter.
pub fn fold(text: &str) -> String {
    Folded::new(text).into_text()
}

/// [`fold`], but letter case counts.
pub(super) fn fold_keeping_case(text: &str) -> String {
    Folding::new(text, Case::Keep).finish().into_text()
}

/// A folded text that knows where each part of it stands in the original.
///
/// Runs of separators are one blank, and none stands at the beginning.
#[derive(Debug, Clone)]
pub struct Folded<'a> {
    original: &'a str,
    text: String,
    /// Where the distance between the two texts changes. Empty for most ASCII text.
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
        Folding::new(original, Case::Fold).finish()
    }

    pub fn text(&self) -> &str {
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
        self.text.truncate(self.text.trim_end_matches(' ').len());
        self.text
    }
}

/// A text on its way to being folded.
struct Folding<'a> {
    original: &'a str,
    case: Case,
    text: Vec<u8>,
    steps: Vec<Step>,
}

impl<'a> Folding<'a> {
    fn new(original: &'a str, case: Case) -> Self {
        Self { original, case, text: Vec::with_capacity(original.len()), steps: Vec::new() }
    }

    fn finish(mut self) -> Folded<'a> {
        let mut at = 0;
        while let Some(rest) = self.original.get(at..).filter(|rest| !rest.is_empty()) {
            let length = if rest.is_ascii() { rest.len() } else { ascii_length(rest) };
            let (run, rest) = rest.split_at(length);
            self.push_run(run, at);
            at += run.len();
            if let Some(c) = rest.chars().next() {
                self.push_other(c, at);
                at += c.len_utf8();
            }
        }
        let text = String::from_utf8(self.text).expect("only whole characters were pushed");
        Folded { original: self.original, text, steps: self.steps }
    }

    fn push_run(&mut self, run: &str, at: usize) {
        let before = self.text.len();
        let case = self.case;
        match case {
            Case::Fold => self.text.extend(run.bytes().map(|byte| fold_ascii(byte, Case::Fold))),
            Case::Keep => self.text.extend(run.bytes().map(|byte| fold_ascii(byte, Case::Keep))),
        }
        if self.has_blanks_to_drop(before) {
            self.text.truncate(before);
            for (offset, byte) in run.bytes().enumerate() {
                let before = self.text.len();
                self.push(char::from(fold_ascii(byte, case)));
                self.note(before, at + offset, 1);
            }
        }
    }

    /// No early exit, so that it runs over many bytes at once.
    fn has_blanks_to_drop(&self, from: usize) -> bool {
        let new = self.text.get(from.saturating_sub(1)..).unwrap_or_default();
        let pairs = new.iter().zip(new.iter().skip(1));
        let is_blank = |byte: &u8| u8::from(*byte == b' ');
        let doubled = pairs.fold(0, |found, (a, b)| found | (is_blank(a) & is_blank(b)));
        doubled == 1 || (from == 0 && new.first() == Some(&b' '))
    }

    fn push_other(&mut self, c: char, at: usize) {
        let before = self.text.len();
        let case = self.case;
        fold_char(c, case, |folded| self.push(folded));
        self.note(before, at, c.len_utf8());
    }

    fn push(&mut self, c: char) {
        if c != ' ' {
            self.text.extend(c.encode_utf8(&mut [0; 4]).bytes());
        } else if self.text.last().is_some_and(|last| *last != b' ') {
            self.text.push(b' ');
        }
    }

    /// Notes what the character of `length` bytes at `at` did to the distance between the two texts.
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
        self.steps.push(Step { folded, original });
    }
}

fn ascii_length(text: &str) -> usize {
    text.bytes().position(|byte| !byte.is_ascii()).unwrap_or(text.len())
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

    proptest! {
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
