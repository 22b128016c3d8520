//! Finds all terms in one pass over a folded text, however many terms there are.

use std::ops::Range;
use std::sync::OnceLock;

use aho_corasick::Anchored;
use aho_corasick::automaton::Automaton;
use aho_corasick::nfa::contiguous::NFA;

use super::fold::Folded;
use super::letters::{Class, Known, class, known_pairs, place_of_pair};
use super::term::Term;
use crate::model::text::block::{Lanes, block_at};

/// Terms, and how to find them.
///
/// A term can begin only where a word begins. Most of these places are passed by after one look at four bytes; at
/// the others an automaton reads on as long as some term goes on so, and knows every term that begins there.
#[derive(Debug)]
pub(super) struct Index {
    terms: Vec<Term>,
    /// Made for the first text: a run without news looks at none.
    finder: OnceLock<Finder>,
}

/// Finds the heads of terms.
#[derive(Debug)]
struct Finder {
    gate: Gate,
    /// Used only from the beginning of a word, so it never has to go back.
    heads: NFA,
}

/// A place of a term.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Place {
    pub(super) term: usize,
    /// Bytes of the folded text.
    pub(super) folded: Range<usize>,
    /// Bytes of the original.
    pub(super) original: Range<usize>,
}

impl Index {
    pub(super) fn new(terms: Vec<Term>) -> Self {
        Self { terms, finder: OnceLock::new() }
    }

    /// Every place of every term, in the order of their beginnings.
    pub(super) fn search(&self, text: &Folded<'_>, mut found: impl FnMut(Place)) {
        let finder = self.finder.get_or_init(|| Finder::new(&self.terms));
        let bytes = text.bytes();
        let mut candidates = Vec::new();
        word_starts(bytes, |start| {
            if bytes.get(start..).is_some_and(|rest| finder.gate.lets(rest)) {
                finder.terms_at(bytes, start, &mut candidates);
            }
        });
        if candidates.is_empty() {
            return;
        }
        let folded = text.text();
        for (start, number) in candidates {
            self.place(text, folded, start, number).map(&mut found);
        }
    }

    /// Whether the term whose head stands there stands there with all its words.
    fn place(&self, text: &Folded<'_>, folded: &str, start: usize, number: usize) -> Option<Place> {
        let term = self.terms.get(number)?;
        let end = term.end(folded, start)?;
        let original = text.original(&(start..end))?;
        term.allows(text.words(&original)).then_some(Place { term: number, folded: start..end, original })
    }
}

impl Finder {
    fn new(terms: &[Term]) -> Self {
        let heads =
            NFA::new(terms.iter().map(Term::head)).expect("the terms of one file fit into 2³¹ states");
        let mut gate = Gate::new();
        for term in terms {
            gate.open(term.head().as_bytes());
        }
        Self { gate, heads }
    }

    /// The terms whose head stands at `start`. Kept out of the loop above, which is short for it.
    #[inline(never)]
    fn terms_at(&self, text: &[u8], start: usize, found: &mut Vec<(usize, usize)>) {
        let Ok(mut state) = self.heads.start_state(Anchored::Yes) else { return };
        for (length, byte) in (1..).zip(text.iter().skip(start)) {
            state = self.heads.next_state(Anchored::Yes, state, *byte);
            if !self.heads.is_special(state) {
                continue;
            }
            if self.heads.is_dead(state) {
                return;
            }
            if self.heads.is_match(state) {
                // A state also knows the shorter heads that end here and began later.
                (0..self.heads.match_len(state))
                    .map(|number| self.heads.match_pattern(state, number))
                    .filter(|id| self.heads.pattern_len(*id) == length)
                    .for_each(|id| found.push((start, id.as_usize())));
            }
        }
    }
}

/// Gives each place of a folded text where a term may begin: where letters begin, and every sign, and every character of
/// a script without blanks.
#[inline]
pub(super) fn word_starts(text: &[u8], mut give: impl FnMut(usize)) {
    let pairs = known_pairs();
    let mut at = 0;
    let mut before = Before::default();
    while at < text.len() {
        let bytes = Lanes::of(block_at(text, at, b' '));
        let Marks { words, solid, length, is_cut } = marks(bytes, before);
        let mut starts = solid & !(words & (words << 1 | u32::from(before.in_word)));
        while starts != 0 {
            give(at + starts.trailing_zeros() as usize);
            starts &= starts - 1;
        }
        at += length as usize;
        let in_word = length.checked_sub(1).map_or(before.in_word, |last| words >> last & 1 == 1);
        before = Before { in_word, is_cut };
        while let Some((class, length)) = other_class(text, at, pairs) {
            if class != Class::Blank && !(class == Class::Word && before.in_word) {
                give(at);
            }
            before = Before { in_word: class == Class::Word, is_cut: false };
            at += length;
        }
    }
}

/// What stands before a block.
#[derive(Debug, Clone, Copy, Default)]
struct Before {
    in_word: bool,
    /// The first byte of a Cyrillic letter, whose second is the first of the block.
    is_cut: bool,
}

/// What the bytes of a block are to words, up to the first that is of none of the scripts we know by their bytes.
struct Marks {
    /// Letters and digits.
    words: u32,
    /// What begins a character and is no blank.
    solid: u32,
    length: u32,
    is_cut: bool,
}

#[inline]
fn marks(bytes: Lanes, before: Before) -> Marks {
    let ascii = (bytes.within(b'a', b'z') | bytes.within(b'0', b'9')).bits();
    let solid = !bytes.within(0, b' ').bits();
    if bytes.bits() == 0 {
        return Marks { words: ascii, solid, length: u32::BITS, is_cut: false };
    }
    let others = (bytes.within(0xC0, 0xCF) | bytes.within(0xD2, 0xE3) | bytes.within(0xEA, 0xFF)).bits();
    let length = others.trailing_zeros();
    let known = u32::MAX.checked_shl(length).map_or(u32::MAX, |beyond| !beyond);
    let firsts = (bytes.is(0xD0) | bytes.is(0xD1)).bits() & known;
    Marks {
        words: (ascii | firsts | firsts << 1 | u32::from(before.is_cut)) & known,
        solid: solid & !bytes.within(0x80, 0xBF).bits() & known,
        length,
        is_cut: firsts >> 31 == 1,
    }
}

/// What the character that begins at `at` is to the words around it.
pub(super) fn class_at(text: &[u8], at: usize) -> Option<Class> {
    character_at(text, at).map(|(c, _)| class(c))
}

/// Of the character that begins at `at`, if [`marks`] does not know it, what it is and how long; of a blank between two of
/// them too.
#[inline]
fn other_class(text: &[u8], at: usize, pairs: &[Known]) -> Option<(Class, usize)> {
    match text.get(at..)? {
        [0xD0 | 0xD1 | 0xE4..=0xE9, ..] => None,
        [first @ 0xC0..=0xFF, next, ..] => {
            let known = place_of_pair([*first, *next]).and_then(|place| pairs.get(place));
            let other = || character_at(text, at).map(|(c, length)| (class(c), length));
            known.map(|known| (known.class, 2)).or_else(other)
        }
        [b' ', 0xC0..=0xCF | 0xD2..=0xE3 | 0xEA..=0xFF, ..] => Some((Class::Blank, 1)),
        _ => None,
    }
}

/// The character that begins at `at`, and its length.
#[inline]
fn character_at(text: &[u8], at: usize) -> Option<(char, usize)> {
    let (first, rest) = text.get(at..)?.split_first()?;
    let (bits, length) = match first {
        0..=0x7F => (0x7F, 1),
        0x80..=0xDF => (0x1F, 2),
        0xE0..=0xEF => (0xF, 3),
        0xF0..=0xFF => (7, 4),
    };
    let more = rest.get(..length - 1)?.iter();
    let code = more.fold(u32::from(first & bits), |code, byte| code << 6 | u32::from(byte & 0x3F));
    char::from_u32(code).map(|c| (c, length))
}

/// Which first four bytes any term has, as far as the five bits of each that tell letters apart are multiplied to the same
/// number.
#[derive(Debug)]
struct Gate {
    bits: Box<[u64; 1 << (Self::KEY - 6)]>,
}

impl Gate {
    const LOOK: usize = 4;
    /// Bits of a key.
    const KEY: u32 = 20;

    fn new() -> Self {
        let bits = vec![0; 1 << (Self::KEY - 6)].into_boxed_slice();
        Self { bits: bits.try_into().expect("it is as long as it was made") }
    }

    /// A head that is shorter than the look opens the gate to whatever follows it.
    fn open(&mut self, head: &[u8]) {
        let seen = head.len().min(Self::LOOK);
        let first = Self::look(head);
        for rest in 0..1_u32 << (5 * (Self::LOOK - seen)) {
            let rest = (0..4).fold(0, |bytes, at| bytes | (rest >> (5 * at) & 0x1F) << (8 * at));
            let key = Self::key(
                first | rest.checked_shl(u32::try_from(8 * seen).unwrap_or(u32::BITS)).unwrap_or(0),
            );
            if let Some(bits) = self.bits.get_mut(key / 64) {
                *bits |= 1 << (key % 64);
            }
        }
    }

    #[inline]
    fn lets(&self, text: &[u8]) -> bool {
        let key = Self::key(Self::look(text));
        self.bits.get(key / 64).is_some_and(|bits| bits >> (key % 64) & 1 == 1)
    }

    /// The first bytes, the first one lowest, and zeros where there are no more.
    #[inline]
    fn look(bytes: &[u8]) -> u32 {
        match bytes.first_chunk() {
            Some(four) => u32::from_le_bytes(*four),
            None => bytes.iter().rev().fold(0, |four, byte| four << 8 | u32::from(*byte)),
        }
    }

    #[inline]
    fn key(look: u32) -> usize {
        ((look & 0x1F1F_1F1F).wrapping_mul(0x9E37_79B1) >> (u32::BITS - Self::KEY)) as usize
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::fold::fold;
    use super::*;

    fn places(terms: &[&str], text: &str) -> Vec<(String, String)> {
        let index = Index::new(terms.iter().map(|term| Term::parse(term).expect(term)).collect());
        let mut found = Vec::new();
        index.search(&Folded::new(text), |place| {
            found.push((terms[place.term].to_owned(), text[place.original].to_owned()));
        });
        found
    }

    /// What the term finds in the text, as the text has it.
    #[track_caller]
    fn check(term: &str, text: &str, found: &[&str]) {
        let words: Vec<_> = places(&[term], text).into_iter().map(|(_, words)| words).collect();
        assert_eq!(words, found, "{term} in {text}");
    }

    #[test]
    fn a_plain_term_matches_whole_words() {
        check("broker", "Brokers, a BROKER and stockbroker; broker's", &["BROKER", "broker"]);
        check("rules of origin", "Rules  of\norigin", &["Rules  of\norigin"]);
        check("customs broker", "customs. Broker", &[]);
    }

    #[test]
    fn hyphens_and_accents_do_not_matter_on_either_side() {
        check("e-commerce", "E\u{2011}commerce, e commerce, ecommerce", &["E\u{2011}commerce", "e commerce"]);
        check("règles d'origine", "REGLES D\u{2019}ORIGINE", &["REGLES D\u{2019}ORIGINE"]);
        check("dedouanement", "le de\u{301}douanement", &["de\u{301}douanement"]);
        check("customs", "cus\u{ad}toms", &["cus\u{ad}toms"]);
    }

    #[test]
    fn a_star_takes_any_ending_of_each_word() {
        check(
            "tariff*",
            "Tariffs, tariff, tariffication; a-tariff",
            &["Tariffs", "tariff", "tariffication", "tariff"],
        );
        check(
            "трансграничн* электронн* торговл*",
            "Трансграничную электронную торговлю",
            &["Трансграничную электронную торговлю"],
        );
        check(
            "operateur* economique* agree*",
            "Opérateurs économiques agréés",
            &["Opérateurs économiques agréés"],
        );
        check("bill* of entry", "bills of entry, bill of entryway", &["bills of entry"]);
    }

    #[test]
    fn exact_case_is_that_of_the_original() {
        check("=AEO", "AEO aeo Aeo ＡＥＯ AEOs 中国AEO互认", &["AEO", "ＡＥＯ", "AEO"]);
        check("=C-TPAT", "C\u{2011}TPAT c-tpat", &["C\u{2011}TPAT"]);
        check("=AEO*", "AEOs aeos", &["AEOs"]);
    }

    #[test]
    fn chinese_and_arabic_are_found_inside() {
        check("跨境电商", "关于跨境电商零售进口", &["跨境电商"]);
        check("جمارك", "والجمارك والجَمارِك", &["جمارك", "جَمارِك"]);
        check("شهادة المنشأ", "بشهاده المنشا", &["شهاده المنشا"]);
    }

    #[test]
    fn arabic_words_grow_together_with_what_stands_before_them() {
        for before in ["ال", "و", "ب", "ل", "ف", "ك", "وال", "بال", "لل", "فال", "كال"] {
            check("جمارك", &format!("هيئة {before}جمارك الجديدة"), &["جمارك"]);
        }
        // What is written without the article is found with it, not the other way round.
        check("الجمارك", "جمارك دبي", &[]);
        check("تجارة*", "والتجارة", &["تجارة"]);
    }

    #[test]
    fn scripts_without_blanks_are_found_inside() {
        check("通関", "輸入通関手続の簡素化", &["通関"]);
        check("ＥＰＡ", "日EU・EPAの原産地規則", &["EPA"]);
        check("データ", "ﾃﾞｰﾀと電子データ", &["ﾃﾞｰﾀ", "データ"]);
        check("関税*", "関税率表", &["関税"]);
        check("ศุลกากร", "กรมศุลกากรประกาศ", &["ศุลกากร"]);
        check("관세청", "관세청은 통관", &["관세청"]);
    }

    #[test]
    fn full_width_is_found_by_half_width_and_back() {
        check("CBAM", "ＣＢＡＭ　２０２８", &["ＣＢＡＭ"]);
        check("ＣＢＡＭ　２０２８", "cbam 2028", &["cbam 2028"]);
    }

    #[test]
    fn a_latin_word_ends_where_chinese_begins() {
        check("aeo互认", "中国AEO互认安排", &["AEO互认"]);
    }

    #[test]
    fn amounts_are_not_parts_of_greater_amounts() {
        check("€150", "under €150, not €1500, €150,000 or €150.", &["€150", "€150"]);
        check("£135", "￡135 and £1350", &["￡135"]);
        check("800 dollar*", "800 dollars; 10,800 dollars; 1.800 dollars", &["800 dollars"]);
        check("section 321", "Section 321, 2026", &["Section 321"]);
    }

    #[test]
    fn turkish_capitals_fold_like_others() {
        check("istanbul", "İSTANBUL ISTANBUL ıstanbul", &["İSTANBUL", "ISTANBUL", "ıstanbul"]);
    }

    #[test]
    fn half_a_syllable_is_no_match() {
        check("가", "각 가", &["가"]);
    }

    #[test]
    fn terms_inside_each_other_are_all_found() {
        let terms = ["customs", "customs union", "customs*", "union", "us", "toms union"];
        let found = places(&terms, "the customs union");
        let found: Vec<_> = found.iter().map(|(term, _)| term.as_str()).collect();
        assert_eq!(found, ["customs", "customs*", "customs union", "union"]);
    }

    #[test]
    fn short_terms_pass_the_gate_whatever_follows() {
        for text in ["x", "x y", "x.", "x海", "a x"] {
            check("x", text, &["x"]);
        }
        check("关", "关", &["关"]);
    }

    #[test]
    fn of_two_equals_signs_the_second_is_a_letter() {
        check("==a", "x =a", &["=a"]);
        check("==a", "x a", &[]);
    }

    #[test]
    fn each_character_is_to_a_word_what_its_class_says() {
        for c in '\u{80}'..=char::MAX {
            let text = format!("{c}a{c}");
            let mut starts = Vec::new();
            word_starts(text.as_bytes(), |at| {
                starts.push((at, class_at(text.as_bytes(), at).expect("a character")));
            });
            let expected: &[(usize, Class)] = match class(c) {
                Class::Blank => &[(c.len_utf8(), Class::Word)],
                Class::Word => &[(0, Class::Word)],
                other => &[(0, other), (c.len_utf8(), Class::Word), (c.len_utf8() + 1, other)],
            };
            assert_eq!(starts, expected, "{c:?}");
        }
    }

    proptest! {
        #[test]
        fn words_start_where_they_do_character_by_character(text in "([a-z]{1,9}[ .]|[a-z0-9]{30,70}|[а-яéج海]{1,9}|\\PC){0,16}") {
            let folded = Folded::new(&text);
            let mut plain = Vec::new();
            let mut before = Class::Blank;
            for (at, c) in folded.text().char_indices() {
                let class = class(c);
                if class != Class::Blank && !(class == Class::Word && before == Class::Word) {
                    plain.push((at, class));
                }
                before = class;
            }
            let mut fast = Vec::new();
            word_starts(folded.bytes(), |at| fast.push((at, class_at(folded.bytes(), at).expect("a character"))));
            prop_assert_eq!(fast, plain);
        }

        /// The plain way, slow: at each place, for each term.
        #[test]
        fn the_index_finds_what_a_plain_search_finds(text in "([abcé海ج]|ab|[ .,1-]){0,30}") {
            let terms = ["a", "ab", "a b*", "b* a", "海", "a海", "ج", "1", "ab ab ab", "é*"];
            let parsed: Vec<_> = terms.iter().map(|term| Term::parse(term).expect(term)).collect();
            let folded = Folded::new(&text);
            let mut slow = Vec::new();
            for (start, c) in folded.text().char_indices() {
                let before = folded.text()[..start].chars().next_back().map_or(Class::Blank, class);
                for (number, term) in parsed.iter().enumerate() {
                    let begins = class(c) != Class::Word || before != Class::Word;
                    if begins && folded.text()[start..].starts_with(term.head()) && let Some(end) = term.end(folded.text(), start) {
                        slow.push((start, number, end));
                    }
                }
            }
            let mut fast = Vec::new();
            Index::new(parsed).search(&folded, |place| fast.push((place.folded.start, place.term, place.folded.end)));
            fast.sort_unstable();
            prop_assert_eq!(fast, slow);
        }

        #[test]
        fn a_highlight_covers_what_was_found(text in "(\\PC|[abé]|e\u{301}|[ -]|\u{ad}|关|ß|ﬁ){0,30}") {
            let terms = ["a*", "é", "a b", "关", "ss*", "b*", "fi", "=A", "b* é"];
            let parsed: Vec<_> = terms.iter().map(|term| Term::parse(term).expect(term)).collect();
            let heads: Vec<_> = parsed.iter().map(|term| term.head().to_owned()).collect();
            let folded = Folded::new(&text);
            let mut places = Vec::new();
            Index::new(parsed).search(&folded, |place| places.push(place));
            for place in places {
                let highlight = fold(&text[place.original.clone()]);
                prop_assert!(highlight.starts_with(&heads[place.term]), "{:?}", highlight);
                prop_assert_eq!(highlight, &folded.text()[place.folded]);
            }
        }

        #[test]
        fn a_term_finds_itself(term in "(\\PC{0,4}[\\w])( ?\\PC[\\w]\\*?){0,3}") {
            if let Ok(parsed) = Term::parse(&term) {
                // Only the first sign asks for the exact letter case; a second one is part of the term.
                let body = term.trim();
                let text = body.strip_prefix(['=', '＝']).unwrap_or(body).replace(['*', '＊'], "");
                let mut found = 0;
                Index::new(vec![parsed]).search(&Folded::new(&text), |_| found += 1);
                prop_assert!(found > 0, "{:?}", text);
            }
        }
    }
}
