//! What one character becomes in folded text, and what it is to a word.

use std::iter::once;
use std::sync::LazyLock;

use icu_casemap::CaseMapper;
use icu_normalizer::DecomposingNormalizerBorrowed;

use crate::model::text::block::Lanes;

/// Does folding take the letter case away?
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Case {
    Fold,
    Keep,
}

/// What a character of folded text is to the words around it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Class {
    Blank,
    /// Punctuation and symbols: no part of a word, and a term may begin with one (`€150`).
    Sign,
    /// Part of a word that ends where the letters end.
    Word,
    /// Of a script where words stand without blanks, or, as in Arabic, grow together with the small words before
    /// them: terms are found anywhere.
    Unspaced,
}

pub(super) fn class(c: char) -> Class {
    match c {
        '\u{4e00}'..='\u{9fff}' => Class::Unspaced,
        _ => known(c).map_or_else(|| class_of_any(c), |known| known.class),
    }
}

fn class_of_any(c: char) -> Class {
    match c {
        ' ' => Class::Blank,
        '\u{600}'..='\u{6ff}' | '\u{750}'..='\u{77f}' | '\u{8a0}'..='\u{8ff}' // Arabic
        | '\u{e00}'..='\u{eff}' | '\u{1000}'..='\u{109f}' | '\u{1780}'..='\u{17ff}' // Thai, Lao, Myanmar, Khmer
        | '\u{1100}'..='\u{11ff}' | '\u{a960}'..='\u{a97f}' | '\u{ac00}'..='\u{d7ff}' // Hangul
        | '\u{2e80}'..='\u{9fff}' | '\u{f900}'..='\u{faff}' | '\u{20000}'..='\u{3ffff}' // Kana, Han
            if c.is_alphanumeric() =>
        {
            Class::Unspaced
        }
        _ if c.is_alphanumeric() => Class::Word,
        _ => Class::Sign,
    }
}

/// White space, controls, hyphens and apostrophes of ASCII.
#[inline]
pub(super) fn is_ascii_separator(byte: u8) -> bool {
    matches!(byte, 0..=b' ' | b'-' | b'\'' | b'`')
}

/// [`is_ascii_separator`] of many.
#[inline]
pub(super) fn ascii_separators(bytes: Lanes) -> Lanes {
    bytes.within(0, b' ') | bytes.is(b'-') | bytes.is(b'\'') | bytes.is(b'`')
}

/// One bit for each first byte of a character that is neither ASCII nor of U+4000 to U+9FFF: what is left is folded, and
/// found, byte by byte (see [`is_kept`]).
#[inline]
pub(super) fn other_scripts(bytes: Lanes) -> u32 {
    match bytes.bits() {
        0 => 0,
        _ => (bytes.within(0xC0, 0xE3) | bytes.within(0xEA, 0xFF)).bits(),
    }
}

/// Gives what `c` becomes, character by character; a blank for each that separates words.
pub(super) fn fold_char(c: char, case: Case, mut give: impl FnMut(char)) {
    if is_kept(c) {
        give(c);
    } else {
        fold_any(c, case, give);
    }
}

/// Han, and the like, which remain what they are.
fn is_kept(c: char) -> bool {
    matches!(c, '\u{3400}'..='\u{9fff}')
}

/// A character that is common in the scripts we meet.
#[derive(Debug, Clone, Copy)]
pub(super) struct Known {
    /// What it becomes without its letter case, in UTF-8, blanks side by side made one; zeros behind it.
    text: [u8; Self::MOST],
    /// How much of it; none if there is no room for it.
    length: Option<u8>,
    /// Of itself, unfolded.
    pub(super) class: Class,
}

impl Known {
    const MOST: usize = 6;

    fn of(c: char) -> Self {
        let mut text = String::new();
        fold_any(c, Case::Fold, |c| {
            if c != ' ' || !text.ends_with(' ') {
                text.push(c);
            }
        });
        let mut known = Self { text: [0; Self::MOST], length: None, class: class_of_any(c) };
        if let Some(room) = known.text.get_mut(..text.len()) {
            room.copy_from_slice(text.as_bytes());
            known.length = u8::try_from(text.len()).ok();
        }
        known
    }

    /// What it becomes, and how much of that counts.
    #[inline]
    pub(super) fn folded(&self) -> Option<(&[u8; Self::MOST], usize)> {
        Some((&self.text, usize::from(self.length?)))
    }
}

static KNOWN: LazyLock<Vec<Known>> = LazyLock::new(|| {
    let common = ('\u{80}'..='\u{6ff}').chain('\u{2000}'..='\u{20ff}').chain('\u{3000}'..='\u{30ff}');
    common.map(Known::of).collect()
});

/// The characters of two bytes that are known, from the first on.
pub(super) fn known_pairs() -> &'static [Known] {
    KNOWN.get(..0x700 - 0x80).unwrap_or_default()
}

/// What a character of two bytes becomes without its letter case, if that is short and begins with no blank: as little
/// as fits into one look.
#[derive(Debug, Clone, Copy)]
pub(super) struct Pair {
    text: [u8; Self::MOST],
    length: u8,
}

impl Pair {
    const MOST: usize = 3;
    const OTHER: Self = Self { text: [0; Self::MOST], length: u8::MAX };

    fn of(known: &Known) -> Self {
        let text = known.folded().and_then(|(text, length)| text.get(..length));
        let Some(text) = text.filter(|text| text.len() <= Self::MOST && !text.starts_with(b" ")) else {
            return Self::OTHER;
        };
        let mut pair = Self { length: u8::try_from(text.len()).unwrap_or(u8::MAX), ..Self::OTHER };
        pair.text.iter_mut().zip(text).for_each(|(byte, folded)| *byte = *folded);
        pair
    }

    #[inline]
    pub(super) fn folded(&self) -> Option<(&[u8; Self::MOST], usize)> {
        let length = usize::from(self.length);
        (length <= Self::MOST).then_some((&self.text, length))
    }
}

static PAIRS: LazyLock<Vec<Pair>> = LazyLock::new(|| known_pairs().iter().map(Pair::of).collect());

/// Of [`known_pairs`], in their order.
pub(super) fn pairs() -> &'static [Pair] {
    &PAIRS
}

/// Where [`known_pairs`] has, if at all, the character that begins with these bytes; `None` if that is not of two bytes.
#[inline]
pub(super) fn place_of_pair([lead, next]: [u8; 2]) -> Option<usize> {
    let high = usize::from(lead.checked_sub(0xC2).filter(|high| *high < 0x1E)?);
    Some(high << 6 | usize::from(next & 0x3F))
}

#[inline]
pub(super) fn known(c: char) -> Option<&'static Known> {
    let code = u32::from(c);
    let slot = match code {
        0x80..=0x6ff => code - 0x80,
        0x2000..=0x20ff => code - 0x2000 + 0x680,
        0x3000..=0x30ff => code - 0x3000 + 0x780,
        _ => return None,
    };
    KNOWN.get(slot as usize)
}

fn fold_any(c: char, case: Case, mut give: impl FnMut(char)) {
    for part in DecomposingNormalizerBorrowed::new_nfkd().normalize_iter(once(c)) {
        if is_dropped(part) {
            continue;
        }
        if is_separator(part) {
            give(' ');
            continue;
        }
        let letter = if case == Case::Fold { CaseMapper::new().simple_fold(part) } else { part };
        match spelled_out(letter) {
            Some(letters) => letters.chars().for_each(&mut give),
            None => give(same_letter(letter)),
        }
    }
}

/// Accents, Hebrew points, Arabic marks and the tatweel, soft hyphens, and everything of no width.
fn is_dropped(c: char) -> bool {
    matches!(c,
        '\u{ad}' | '\u{300}'..='\u{36f}' | '\u{483}'..='\u{487}'
        | '\u{591}'..='\u{5bd}' | '\u{5bf}' | '\u{5c1}'..='\u{5c2}' | '\u{5c4}'..='\u{5c5}' | '\u{5c7}'
        | '\u{610}'..='\u{61a}' | '\u{61c}' | '\u{640}' | '\u{64b}'..='\u{65f}' | '\u{670}'
        | '\u{6d6}'..='\u{6dc}' | '\u{6df}'..='\u{6e4}' | '\u{6e7}'..='\u{6e8}' | '\u{6ea}'..='\u{6ed}'
        | '\u{180b}'..='\u{180e}' | '\u{1ab0}'..='\u{1aff}' | '\u{1dc0}'..='\u{1dff}'
        | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}'
        | '\u{20d0}'..='\u{20ff}' | '\u{fe00}'..='\u{fe0f}' | '\u{fe20}'..='\u{fe2f}' | '\u{feff}'
        | '\u{e0100}'..='\u{e01ef}')
}

/// White space, controls, and every hyphen, dash and apostrophe.
fn is_separator(c: char) -> bool {
    c.is_whitespace()
        || c.is_control()
        || matches!(c,
            '-' | '\u{58a}' | '\u{5be}' | '\u{1400}' | '\u{1806}' | '\u{2010}'..='\u{2015}' | '\u{2043}'
            | '\u{2212}' | '\u{2e17}' | '\u{2e3a}'..='\u{2e3b}' | '\u{301c}' | '\u{3030}' | '\u{30a0}')
        || matches!(c,
            '\'' | '`' | '\u{2b9}'..='\u{2bf}' | '\u{2c8}' | '\u{2018}'..='\u{201b}' | '\u{2032}'
            | '\u{2035}' | '\u{55a}' | '\u{5f3}' | '\u{a78b}'..='\u{a78c}')
}

/// Letters that no decomposition takes apart, as they are written where the keyboard lacks them.
fn spelled_out(c: char) -> Option<&'static str> {
    Some(match c {
        'ß' => "ss",
        'æ' => "ae",
        'œ' => "oe",
        'þ' => "th",
        'ẞ' => "SS",
        'Æ' => "AE",
        'Œ' => "OE",
        'Þ' => "TH",
        _ => return None,
    })
}

/// Variants of one letter, or of one digit.
fn same_letter(c: char) -> char {
    match c {
        'ı' => 'i',
        'ø' => 'o',
        'ł' => 'l',
        'đ' | 'ð' => 'd',
        'ħ' => 'h',
        'ŧ' => 't',
        'Ø' => 'O',
        'Ł' => 'L',
        'Đ' | 'Ð' => 'D',
        'Ħ' => 'H',
        'Ŧ' => 'T',
        '\u{671}' => '\u{627}',             // alef wasla
        '\u{649}' | '\u{6cc}' => '\u{64a}', // alef maqsura, Farsi ya
        '\u{629}' | '\u{6c1}' => '\u{647}', // ta marbuta, Urdu ha
        '\u{6a9}' => '\u{643}',             // Farsi kaf
        '\u{660}'..='\u{669}' => digit(c, '\u{660}'),
        '\u{6f0}'..='\u{6f9}' => digit(c, '\u{6f0}'),
        _ => c,
    }
}

fn digit(c: char, zero: char) -> char {
    char::from_digit(u32::from(c) - u32::from(zero), 10).unwrap_or(c)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_known_of_a_character_is_what_the_tables_say() {
        for c in '\u{80}'..=char::MAX {
            assert_eq!(class(c), class_of_any(c), "{c:?}");
            let mut given = String::new();
            fold_char(c, Case::Fold, |c| given.push(c));
            let mut folded = String::new();
            fold_any(c, Case::Fold, |c| folded.push(c));
            assert_eq!(given, folded, "{c:?}");
        }
    }
}
