//! Where a byte stands in a text, as people count.

/// Line and column of a byte, both from 1, the column in characters. A byte-order mark takes no column; a place inside a
/// character or behind the end is moved back.
pub fn line_and_column(text: &str, at: usize) -> (usize, usize) {
    let before = text.get(..text.floor_char_boundary(at)).unwrap_or(text);
    let before = before.strip_prefix('\u{feff}').unwrap_or(before);
    let line = before.rsplit('\n').next().unwrap_or(before);
    (before.matches('\n').count() + 1, line.chars().count() + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, at: usize, place: (usize, usize)) {
        assert_eq!(line_and_column(text, at), place, "{text:?} at {at}");
    }

    #[test]
    fn columns_count_characters() {
        check("a\né = x", 7, (2, 5));
        check("a\r\nb", 3, (2, 1));
        check("", 0, (1, 1));
    }

    #[test]
    fn a_byte_order_mark_takes_no_column() {
        check("\u{feff}a", 3, (1, 1));
    }

    #[test]
    fn a_place_inside_a_character_or_behind_the_end_is_moved_back() {
        check("é", 1, (1, 1));
        check("ab", 9, (1, 3));
    }
}
