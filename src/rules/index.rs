//! Finds all terms in one pass over a folded text, however many terms there are.

use std::ops::Range;

use aho_corasick::Anchored;
use aho_corasick::automaton::Automaton;
use aho_corasick::nfa::contiguous::NFA;

use super::fold::Folded;
use super::letters::{Class, Known, class, known_pairs, place_of_pair};
use super::term::Term;
use crate::model::text::block::{beyond_ascii, block_at, marks};

/// Terms, and how to find them.
///
/// A term can begin only where a word begins. Most of these places are passed by after one look at four bytes; at
/// the others an automaton reads on as long as some term goes on so, and knows every term that begins there.
#[derive(Debug)]
pub(super) struct Index {
    gate: Gate,
    /// Of the heads of the terms; used only from the beginning of a word, so it never has to go back.
    heads: NFA,
    terms: Vec<Term>,
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
        let heads =
            NFA::new(terms.iter().map(Term::head)).expect("the terms of one file fit into 2³¹ states");
        let mut gate = Gate::new();
        for term in &terms {
            gate.open(term.head().as_bytes());
        }
        Self { gate, heads, terms }
    }

    /// Every place of every term, in the order of their beginnings.
    pub(super) fn search(&self, text: &Folded<'_>, mut found: impl FnMut(Place)) {
        let folded = text.text();
        word_starts(folded, |start, _| {
            if folded.as_bytes().get(start..).is_some_and(|rest| self.gate.lets(rest)) {
                self.search_at(text, start, &mut found);
            }
        });
    }

    /// Kept out of the loop above, which is short for it.
    #[inline(never)]
    fn search_at(&self, text: &Folded<'_>, start: usize, found: &mut impl FnMut(Place)) {
        let folded = text.text();
        let Some(rest) = folded.as_bytes().get(start..) else { return };
        self.terms_at(rest, |number| {
            let Some(term) = self.terms.get(number) else { return };
            let Some(end) = term.end(folded, start) else { return };
            let Some(original) = text.original(&(start..end)) else { return };
            if term.allows(text.words(&original)) {
                found(Place { term: number, folded: start..end, original });
            }
        });
    }

    /// The terms whose head stands at the beginning of `rest`.
    fn terms_at(&self, rest: &[u8], mut found: impl FnMut(usize)) {
        let Ok(mut state) = self.heads.start_state(Anchored::Yes) else { return };
        for (length, byte) in (1..).zip(rest) {
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
                    .for_each(|id| found(id.as_usize()));
            }
        }
    }
}

/// Gives each place of a folded text where a term may begin: where letters begin, and every sign, and every character of
/// a script without blanks.
#[inline]
pub(super) fn word_starts(text: &str, mut give: impl FnMut(usize, Class)) {
    let bytes = text.as_bytes();
    let pairs = known_pairs();
    let mut at = 0;
    let mut in_word = false;
    while at < bytes.len() {
        let block = block_at(bytes, at, b' ');
        let length = beyond_ascii(&block).trailing_zeros();
        let words = marks(&block, is_word);
        let solid = marks(&block, |byte| byte > b' ');
        let mut starts = solid & !(words & (words << 1 | u32::from(in_word)));
        if length < u32::BITS {
            starts &= (1 << length) - 1;
        }
        while starts != 0 {
            let place = starts.trailing_zeros();
            give(at + place as usize, if words >> place & 1 == 1 { Class::Word } else { Class::Sign });
            starts &= starts - 1;
        }
        at += length as usize;
        in_word = length.checked_sub(1).map_or(in_word, |last| words >> last & 1 == 1);
        while let Some((class, length)) = other_class(text, at, pairs) {
            if class != Class::Blank && !(class == Class::Word && in_word) {
                give(at, class);
            }
            in_word = class == Class::Word;
            at += length;
        }
    }
}

/// A letter or digit of ASCII, folded.
#[inline]
fn is_word(byte: u8) -> bool {
    (byte.wrapping_sub(b'a') < 26) | (byte.wrapping_sub(b'0') < 10)
}

/// Of the character that begins at `at`, if it is not ASCII, what it is and how long; of a blank between two of them too.
#[inline]
fn other_class(text: &str, at: usize, pairs: &[Known]) -> Option<(Class, usize)> {
    let rest = text.as_bytes().get(at..)?;
    let place = rest.first_chunk().copied().and_then(place_of_pair);
    if let Some(known) = place.and_then(|place| pairs.get(place)) {
        return Some((known.class, 2));
    }
    match rest {
        [b' ', 0x80..=0xFF, ..] => Some((Class::Blank, 1)),
        [0x80..=0xFF, ..] => {
            let c = text.get(at..)?.chars().next()?;
            Some((class(c), c.len_utf8()))
        }
        _ => None,
    }
}

/// Which first four bytes any term has: five bits of each, which tell letters apart.
#[derive(Debug)]
struct Gate {
    bits: Vec<u64>,
}

impl Gate {
    const LOOK: usize = 4;

    fn new() -> Self {
        Self { bits: vec![0; 1 << (5 * Self::LOOK - 6)] }
    }

    /// A head that is shorter than the look opens the gate to whatever follows it.
    fn open(&mut self, head: &[u8]) {
        let seen = head.len().min(Self::LOOK);
        let first = Self::key(head);
        for rest in 0..1 << (5 * (Self::LOOK - seen)) {
            let key = first | rest << (5 * seen);
            if let Some(bits) = self.bits.get_mut(key / 64) {
                *bits |= 1 << (key % 64);
            }
        }
    }

    #[inline]
    fn lets(&self, text: &[u8]) -> bool {
        let key = Self::key(text);
        self.bits.get(key / 64).is_some_and(|bits| bits >> (key % 64) & 1 == 1)
    }

    /// The first bytes, the first one lowest, and zeros where there are no more.
    #[inline]
    fn key(bytes: &[u8]) -> usize {
        let four = match bytes.first_chunk() {
            Some(four) => u32::from_le_bytes(*four),
            None => bytes.iter().rev().fold(0, |four, byte| four << 8 | u32::from(*byte)),
        };
        // Five bits of each, moved together.
        let pairs = four & 0x001F_001F | (four & 0x1F00_1F00) >> 3;
        (pairs & 0x3FF | pairs >> 6 & 0xF_FC00) as usize
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

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
            word_starts(folded.text(), |at, class| fast.push((at, class)));
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
