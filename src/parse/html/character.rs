//! Character references: `&amp;`, `&#8217;`, `&nbsp` without its semicolon.

use xml5ever::data::{C1_REPLACEMENTS, NAMED_ENTITIES};

/// The longest name in the standard's table is shorter.
const LONGEST_NAME: usize = 40;

/// What the reference at the beginning of `rest` (which begins with `&`) stands for, and its length in bytes.
pub(super) fn decode(rest: &str) -> Option<([Option<char>; 2], usize)> {
    let body = rest.get(1..)?;
    match body.strip_prefix('#') {
        Some(digits) => number(digits).map(|(c, length)| ([Some(c), None], length + 2)),
        None => named(body).map(|(chars, length)| (chars, length + 1)),
    }
}

fn number(body: &str) -> Option<(char, usize)> {
    let (prefix, radix) = if body.starts_with(['x', 'X']) { (1, 16) } else { (0, 10) };
    let digits = body.get(prefix..)?;
    let length = digits.find(|c: char| !c.is_digit(radix)).unwrap_or(digits.len());
    let (digits, after) = digits.split_at_checked(length).filter(|(digits, _)| !digits.is_empty())?;
    // Too big for 32 bits is no character either.
    let code = u32::from_str_radix(digits, radix).unwrap_or(u32::MAX);
    Some((character(code), prefix + length + usize::from(after.starts_with(';'))))
}

/// Codes 128 to 159 mean what windows-1252 has there: that is what their authors saw.
fn character(code: u32) -> char {
    let replaced = code.checked_sub(0x80).and_then(|index| *C1_REPLACEMENTS.get(index as usize)?);
    replaced.or_else(|| char::from_u32(code).filter(|c| *c != '\0')).unwrap_or(char::REPLACEMENT_CHARACTER)
}

fn named(body: &str) -> Option<([Option<char>; 2], usize)> {
    let length = body.bytes().take(LONGEST_NAME).take_while(u8::is_ascii_alphanumeric).count();
    let whole = if body.as_bytes().get(length) == Some(&b';') { length + 1 } else { length };
    // A few old names need no semicolon, and may stand before other letters: `&copy2018`.
    (2..=whole).rev().find_map(|length| {
        let (first, second) = *NAMED_ENTITIES.get(body.get(..length)?)?;
        let first = char::from_u32(first).filter(|c| *c != '\0')?;
        Some(([Some(first), char::from_u32(second).filter(|c| *c != '\0')], length))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What the reference stands for, and what is left behind it.
    fn check(text: &str, expected: &str, left: &str) {
        let decoded = decode(text).map(|(chars, length)| {
            (chars.into_iter().flatten().collect::<String>(), text[length..].to_owned())
        });
        let expected = (!expected.is_empty()).then(|| (expected.to_owned(), left.to_owned()));
        assert_eq!(decoded, expected, "{text}");
    }

    #[test]
    fn names_and_numbers() {
        check("&amp;b", "&", "b");
        check("&rsquo;s", "’", "s");
        check("&#8217;s", "’", "s");
        check("&#x2019;s", "’", "s");
        check("&NotEqualTilde;", "≂̸", "");
    }

    #[test]
    fn some_do_without_a_semicolon() {
        check("&nbspx", "\u{a0}", "x");
        check("&copy2018", "©", "2018");
        check("&notit;", "¬", "it;");
        check("&#8217s", "’", "s");
    }

    #[test]
    fn the_c1_codes_are_windows_1252() {
        check("&#146;", "’", "");
        check("&#x80;", "€", "");
    }

    #[test]
    fn what_is_no_character_is_replaced() {
        check("&#0;", "\u{fffd}", "");
        check("&#xD800;", "\u{fffd}", "");
        check("&#99999999999999;", "\u{fffd}", "");
    }

    #[test]
    fn what_is_no_reference_stays() {
        check("& b", "", "");
        check("&;", "", "");
        check("&#;", "", "");
        check("&#x;", "", "");
        check("&unheardof;", "", "");
        check("&", "", "");
    }
}
