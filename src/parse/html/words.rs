//! The words of a text or HTML, for matching and for excerpts.

use crate::model::text::is_allowed;

use super::character;
use super::scan::{Piece, Pieces};

/// The words of HTML: blocks on lines of their own, table cells and all other white space one space.
pub(super) fn of_html(html: &str) -> String {
    let mut words = Words { out: String::with_capacity(html.len()), gap: Gap::None };
    let mut pieces = Pieces::of(html);
    while let Some(piece) = pieces.next() {
        match piece {
            Piece::Text(text) => words.push(text, Kind::Html),
            Piece::Open(tag) => {
                if pieces.drop_content(tag).is_none() {
                    words.leave(gap_of(tag.name));
                }
            }
            Piece::Close(name) => words.leave(gap_of(name)),
            Piece::Doctype(_) => {}
        }
    }
    words.out
}

/// The words of plain text: its lines stay.
pub(super) fn of_text(text: &str) -> String {
    let mut words = Words { out: String::with_capacity(text.len()), gap: Gap::None };
    words.push(text, Kind::Plain);
    words.out
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Html,
    Plain,
}

/// What stands between this word and the next one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Gap {
    None,
    Space,
    Line,
}

struct Words {
    out: String,
    gap: Gap,
}

impl Words {
    fn leave(&mut self, gap: Gap) {
        self.gap = self.gap.max(gap);
    }

    fn push(&mut self, text: &str, kind: Kind) {
        let mut rest = text;
        while !rest.is_empty() {
            let plain = plain_run(rest.as_bytes());
            if plain > 0 {
                let (run, after) = rest.split_at_checked(plain).unwrap_or((rest, ""));
                self.bridge();
                self.out.push_str(run);
                rest = after;
                continue;
            }
            let length = self.push_special(rest, kind);
            rest = rest.get(length..).unwrap_or_default();
        }
    }

    /// Takes one character, or one character reference, and says how many bytes it was.
    fn push_special(&mut self, rest: &str, kind: Kind) -> usize {
        let Some(c) = rest.chars().next() else { return 0 };
        if c == '&'
            && kind == Kind::Html
            && let Some((chars, length)) = character::decode(rest)
        {
            chars.into_iter().flatten().for_each(|c| self.push_char(c, Kind::Html));
            return length;
        }
        self.push_char(c, kind);
        c.len_utf8()
    }

    fn push_char(&mut self, c: char, kind: Kind) {
        if c == '\n' && kind == Kind::Plain {
            self.leave(Gap::Line);
        } else if c.is_whitespace() {
            self.leave(Gap::Space);
        } else if is_allowed(c) {
            self.bridge();
            self.out.push(c);
        }
    }

    fn bridge(&mut self) {
        if !self.out.is_empty() {
            match self.gap {
                Gap::None => {}
                Gap::Space => self.out.push(' '),
                Gap::Line => self.out.push('\n'),
            }
        }
        self.gap = Gap::None;
    }
}

/// How many bytes can be taken as they are: no white space but single spaces between words, nothing to decode or drop.
/// It ends where a character begins.
fn plain_run(bytes: &[u8]) -> usize {
    let mut at = 0;
    loop {
        match bytes.get(at) {
            Some(byte) if is_plain(*byte) => at += 1,
            Some(b' ') if at > 0 && bytes.get(at + 1).is_some_and(|next| is_plain(*next)) => at += 2,
            _ => return at,
        }
    }
}

/// Not so: ASCII control, space and `&`, and the first bytes of characters that may be spaces or refused.
fn is_plain(byte: u8) -> bool {
    byte > 0x20 && !matches!(byte, b'&' | 0x7F | 0xC2 | 0xE1 | 0xE2 | 0xE3 | 0xEF)
}

/// Does the tag part words, or lines?
fn gap_of(name: &str) -> Gap {
    let mut lower = [0; 10];
    let Some(buffer) = lower.get_mut(..name.len()) else { return Gap::None };
    buffer.copy_from_slice(name.as_bytes());
    buffer.make_ascii_lowercase();
    match &*buffer {
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
