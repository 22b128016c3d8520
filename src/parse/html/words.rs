//! The words of a text or HTML, for matching and for excerpts.

use crate::model::text::flow::{Flow, Gap};

use super::character;
use super::scan::{Piece, Pieces};

/// The words of HTML: blocks on lines of their own, table cells and all other white space one space.
pub(super) fn of_html(html: &str) -> String {
    let mut words = Flow::with_capacity(html.len());
    let mut pieces = Pieces::of(html);
    while let Some(piece) = pieces.next() {
        match piece {
            Piece::Text(text) => words.write(text, push_reference),
            Piece::Open(tag) => {
                if pieces.drop_content(tag).is_none() {
                    words.leave(gap_of(tag.name));
                }
            }
            Piece::Close(name) => words.leave(gap_of(name)),
            Piece::Doctype(_) => {}
        }
    }
    words.into_text()
}

/// The words of plain text: its lines stay.
pub(super) fn of_text(text: &str) -> String {
    let mut words = Flow::with_capacity(text.len());
    words.write(text, |words, rest| {
        if rest.starts_with('\n') {
            words.leave(Gap::Line);
            return 1;
        }
        words.push_first(rest)
    });
    words.into_text()
}

/// Writes what a character reference stands for, or one character.
fn push_reference(words: &mut Flow, rest: &str) -> usize {
    match rest.starts_with('&').then(|| character::decode(rest)).flatten() {
        Some((chars, length)) => {
            chars.into_iter().flatten().for_each(|c| words.push(c));
            length
        }
        None => words.push_first(rest),
    }
}

/// Does the tag part words, or lines?
fn gap_of(name: &str) -> Gap {
    let mut lower = [0; 10];
    for (small, byte) in lower.iter_mut().zip(name.bytes()) {
        *small = byte.to_ascii_lowercase();
    }
    match lower.get(..name.len()).unwrap_or_default() {
        b"p" | b"br" | b"div" | b"li" | b"ul" | b"ol" | b"tr" | b"h1" | b"h2" | b"h3" | b"h4" | b"h5"
        | b"h6" | b"table" | b"thead" | b"tbody" | b"tfoot" | b"caption" | b"dl" | b"dt" | b"dd" | b"hr"
        | b"pre" | b"nav" | b"main" | b"form" | b"body" | b"head" | b"html" | b"aside" | b"header"
        | b"footer" | b"section" | b"article" | b"address" | b"center" | b"figure" | b"figcaption"
        | b"blockquote" | b"fieldset" | b"details" | b"summary" | b"menu" | b"hgroup" | b"dir"
        | b"legend" | b"option" => Gap::Line,
        b"td" | b"th" | b"img" | b"button" | b"input" => Gap::Space,
        _ => Gap::None,
    }
}

#[cfg(test)]
mod tests {
    use super::super::text;
    use crate::model::text::{Markup, is_allowed};
    use proptest::prelude::*;

    fn check(html: &str, expected: &str) {
        assert_eq!(text(&Markup::html(html)), expected, "{html}");
    }

    fn check_plain(plain: &str, expected: &str) {
        assert_eq!(text(&Markup::plain(plain)), expected, "{plain}");
    }

    #[test]
    fn tags_are_gone_and_blocks_are_lines() {
        check("<p>One <b>bo</b>ld</p>\n<p>Two<br/>three</P>", "One bold\nTwo\nthree");
        check("<ul><li>a</li><li>b</li></ul>c", "a\nb\nc");
        check("<tr><td>a</td><td>b</td></tr><tr><th>c", "a b\nc");
    }

    #[test]
    fn white_space_of_every_kind_is_one_space() {
        check("  a\n\t b&nbsp; c\u{a0}\u{3000}d  ", "a b c d");
        check("a <b> b </b> c", "a b c");
    }

    #[test]
    fn scripts_styles_and_comments_are_gone() {
        check("a<script>if (x < 3) '</b>'</script>b", "ab");
        check("a<style>p { }</style><!-- c --><svg><title>t</title></svg>b", "ab");
        check("a<noscript><img alt='x'></noscript> b", "a b");
    }

    #[test]
    fn character_references_are_decoded_once() {
        check("AT&amp;amp;T &lt;b&gt; &eacute;&#8217;", "AT&amp;T <b> é’");
        check("R&D & 1 < 2", "R&D & 1 < 2");
    }

    #[test]
    fn what_may_not_be_published_is_gone() {
        check("a\u{202e}b&#x202e;c\u{0}d&#11;e", "abcd e");
    }

    #[test]
    fn other_scripts_stay_as_they_are() {
        check("<p>海关总署　公告</p><p>“Zoll” – ёлка</p><p>هيئة</p>", "海关总署 公告\n“Zoll” – ёлка\nهيئة");
    }

    #[test]
    fn plain_text_keeps_its_lines_and_signs() {
        check_plain(" a <b> &amp;\n\n  b\tc ", "a <b> &amp;\nb c");
    }

    proptest! {
        #[test]
        fn nothing_makes_it_panic_or_say_what_it_may_not(html in "[<>a-z/&;#x!' \u{202e}\u{0}é-]{0,80}", any in "\\PC*") {
            for text in [text(&Markup::html(&html)), text(&Markup::html(&any)), text(&Markup::plain(any))] {
                prop_assert!(text.chars().all(is_allowed));
                prop_assert!(!text.contains("  ") && text.trim() == text);
            }
        }

        #[test]
        fn escaped_text_is_read_back(words in "[a-z<>&'\"é漢]{1,8}( [a-z<>&'\"é漢]{1,8}){0,5}") {
            let escaped = words.replace('&', "&amp;").replace('<', "&lt;");
            prop_assert_eq!(text(&Markup::html(escaped)), words);
        }
    }
}
