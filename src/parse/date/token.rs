//! The words, numbers and signs that a written date is made of.

/// A word, number or sign.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Token<'a> {
    pub kind: Kind<'a>,
    /// Nothing stands between it and the token before.
    pub glued: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind<'a> {
    /// Letters; every Chinese character is a word by itself.
    Word(&'a str),
    Number {
        value: u64,
        digits: usize,
    },
    Sign(char),
}

impl<'a> Token<'a> {
    pub(super) fn word(&self) -> Option<&'a str> {
        match self.kind {
            Kind::Word(word) => Some(word),
            Kind::Number { .. } | Kind::Sign(_) => None,
        }
    }

    /// The value of a number written with as many digits as the range says.
    pub(super) fn number(&self, lengths: std::ops::RangeInclusive<usize>) -> Option<u64> {
        match self.kind {
            Kind::Number { value, digits } if lengths.contains(&digits) => Some(value),
            Kind::Number { .. } | Kind::Word(_) | Kind::Sign(_) => None,
        }
    }

    pub(super) fn sign(&self) -> Option<char> {
        match self.kind {
            Kind::Sign(sign) => Some(sign),
            Kind::Number { .. } | Kind::Word(_) => None,
        }
    }

    pub(super) fn is_sign(&self, sign: char) -> bool {
        self.kind == Kind::Sign(sign)
    }

    pub(super) fn is_word(&self, word: &str) -> bool {
        self.word() == Some(word)
    }
}

/// Lower case without accents; digits, dashes and spaces of every script are the ASCII ones.
pub(super) fn fold(text: &str) -> String {
    text.chars().flat_map(char::to_lowercase).filter_map(fold_char).collect()
}

fn fold_char(c: char) -> Option<char> {
    Some(match c {
        'à'..='å' | 'ā' | 'ă' | 'ą' => 'a',
        'ç' | 'ć' | 'č' => 'c',
        'è'..='ë' | 'ę' | 'ě' | 'ē' => 'e',
        'ğ' => 'g',
        'ì'..='ï' | 'ı' | 'ī' => 'i',
        'ł' => 'l',
        'ñ' | 'ń' | 'ň' => 'n',
        'ò'..='ö' | 'ő' => 'o',
        'ř' => 'r',
        'ś' | 'š' | 'ş' => 's',
        'ù'..='ü' | 'ű' | 'ů' => 'u',
        'ý' => 'y',
        'ź' | 'ż' | 'ž' => 'z',
        'ά' => 'α',
        'έ' => 'ε',
        'ή' => 'η',
        'ί' | 'ϊ' | 'ΐ' => 'ι',
        'ό' => 'ο',
        'ύ' | 'ϋ' | 'ΰ' => 'υ',
        'ώ' => 'ω',
        'أ' | 'إ' | 'آ' | 'ٱ' => 'ا',
        '\u{660}'..='\u{669}' => digit(c, '\u{660}'),
        '\u{6F0}'..='\u{6F9}' => digit(c, '\u{6F0}'),
        '０'..='９' => digit(c, '０'),
        '‐'..='―' | '−' | '－' => '-',
        '：' => ':',
        '／' => '/',
        '．' => '.',
        '，' | '،' => ',',
        // Marks that are written on a letter, or that nobody sees.
        'ª' | 'º' | '°' | '\u{300}'..='\u{36F}' | '\u{640}' | '\u{64B}'..='\u{652}' => return None,
        '\u{AD}' | '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}' => {
            return None;
        }
        '_' => ' ',
        c if c.is_whitespace() => ' ',
        c => c,
    })
}

fn digit(c: char, zero: char) -> char {
    let value = u32::from(c) - u32::from(zero);
    char::from_digit(value, 10).unwrap_or('0')
}

/// The tokens of a folded text.
pub(super) fn split(text: &str) -> Vec<Token<'_>> {
    let mut tokens = Vec::with_capacity(16);
    let mut glued = false;
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let end = token_end(rest, first);
        let (token, after) = rest.split_at(end);
        rest = after;
        if first == ' ' {
            glued = false;
            continue;
        }
        tokens.push(Token { kind: kind(token, first), glued });
        glued = true;
    }
    tokens
}

fn token_end(rest: &str, first: char) -> usize {
    let same: fn(char) -> bool = match first {
        _ if first.is_ascii_digit() => |c| c.is_ascii_digit(),
        _ if is_letter(first) => is_letter,
        _ => return first.len_utf8(),
    };
    rest.find(|c| !same(c)).unwrap_or(rest.len())
}

fn kind(token: &str, first: char) -> Kind<'_> {
    if first.is_ascii_digit() {
        // Longer than any number a date has: no date.
        return Kind::Number { value: token.parse().unwrap_or(u64::MAX), digits: token.len() };
    }
    if first.is_alphabetic() { Kind::Word(token) } else { Kind::Sign(first) }
}

fn is_letter(c: char) -> bool {
    c.is_alphabetic() && !('\u{4E00}'..='\u{9FFF}').contains(&c)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digits_and_accents_of_every_script_are_folded() {
        assert_eq!(fold("１er FÉVRIER ٢٠١٨ – Août"), "1er fevrier 2018 - aout");
    }

    #[test]
    fn chinese_characters_are_words_by_themselves() {
        let words: Vec<_> = split("8月日上").iter().filter_map(Token::word).collect();
        assert_eq!(words, ["月", "日", "上"]);
    }
}
