//! HTML that a tree builder can digest: well nested, never deep, without scripts and foreign content.
//!
//! html5ever's work grows with the square of the depth: 80 kB of `<div>` keep it busy for seconds. So nothing from outside
//! reaches it but through [`tame`]. Elements beyond the depth allowed lose their tags and keep their text.

use std::borrow::Cow;

use super::element::{Kind, closes_paragraph, is_ordinary, is_table_part, is_unwrapped, is_void, kind};
use super::scan::{Piece, Pieces, Tag};

/// Real pages nest some forty deep.
const DEEPEST: usize = 256;

/// html5ever compares every attribute of a tag with all the others.
const MOST_ATTRIBUTES: usize = 64;

/// How far up we look for the element that a tag ends. Keeps the work linear.
const FARTHEST: usize = 2 * DEEPEST;

/// The tree builder takes back a misplaced `</b>` through so many blocks; beyond, it leaves the element open.
const BLOCKS_CROSSED: usize = 6;

/// The same HTML, every element closed where its parent ends at the latest.
pub(in crate::parse) fn tame(html: &str) -> String {
    let mut nest =
        Nest { out: String::with_capacity(html.len() + 64), stack: Vec::new(), open: [0; BUCKETS] };
    let mut pieces = Pieces::of(html);
    while let Some(piece) = pieces.next() {
        match piece {
            Piece::Text(text) => nest.text(text),
            Piece::Doctype(source) => nest.out.push_str(source),
            Piece::Close(name) => nest.close(&lower(name)),
            Piece::Open(tag) => match pieces.drop_content(tag) {
                Some(title) if tag.name.eq_ignore_ascii_case("title") => nest.title(title),
                Some(_) => {}
                None => nest.open(tag),
            },
        }
    }
    nest.leave(0);
    nest.out
}

/// Names share them, seldom.
const BUCKETS: usize = 64;

struct Nest<'a> {
    out: String,
    /// The elements that are open, outermost first.
    stack: Vec<Element<'a>>,
    /// How many are open of the names of each bucket: most end tags that end nothing are told without a search.
    open: [usize; BUCKETS],
}

struct Element<'a> {
    name: Cow<'a, str>,
    kind: Kind,
    /// Too deep: its tags are left out.
    silent: bool,
}

impl<'a> Nest<'a> {
    fn text(&mut self, text: &str) {
        // A lone `<` must not become a tag with what follows after something between was dropped.
        for (index, part) in text.split('<').enumerate() {
            if index > 0 {
                self.out.push_str("&lt;");
            }
            self.out.push_str(part);
        }
    }

    fn title(&mut self, title: &str) {
        self.out.push_str("<title>");
        self.out.push_str(title);
        self.out.push_str("</title>");
    }

    fn open(&mut self, tag: Tag<'a>) {
        let name = lower(tag.name);
        if !is_ordinary(&name) || is_unwrapped(&name) {
            return;
        }
        self.close_implied(&name);
        let silent = self.stack.len() >= DEEPEST;
        if !silent {
            if tag.attributes > MOST_ATTRIBUTES {
                self.out.extend(["<", &*name, ">"]);
            } else {
                self.out.push_str(tag.source);
            }
        }
        if is_void(&name) || matches!(&*name, "html" | "body") {
            return;
        }
        if let Some(open) = self.open.get_mut(bucket(&name)) {
            *open += 1;
        }
        self.stack.push(Element { kind: kind(&name), name, silent });
    }

    /// An element ends where one begins that cannot stand inside of it: `<p>one<p>two`, `<li>one<li>two`.
    fn close_implied(&mut self, name: &str) {
        let (ends, stops): (&[&str], &[&str]) = match name {
            "li" => (&["li"], &["ul", "ol", "menu", "dl", "section", "article", "blockquote"]),
            "dt" | "dd" => (&["dt", "dd"], &["ul", "ol", "dl", "section", "article", "blockquote"]),
            "td" | "th" => (&["td", "th"], &["table"]),
            "tr" => (&["tr"], &["table"]),
            "tbody" | "thead" | "tfoot" => (&["tbody", "thead", "tfoot"], &["table"]),
            "a" => (&["a"], &["p", "div", "li", "section", "article"]),
            "option" => (&["option"], &[]),
            _ if closes_paragraph(name) => (&[], &[]),
            _ => return,
        };
        let in_table = matches!(name, "td" | "th" | "tr" | "tbody" | "thead" | "tfoot");
        if !ends.is_empty()
            && let Some(at) = self.nearest(in_table, |element| ends.contains(&&*element.name), stops)
        {
            self.leave(at);
        }
        if closes_paragraph(name)
            && self.may_be_open("p")
            && let Some(at) = self.nearest(false, |element| element.name == "p", &[])
        {
            self.leave(at);
        }
    }

    fn close(&mut self, name: &str) {
        if !self.may_be_open(name) {
            return;
        }
        let in_table = is_table_part(name);
        let Some(at) = self.nearest(in_table, |element| element.name == name, &[]) else { return };
        let inside = self.stack.get(at + 1..).unwrap_or_default();
        let blocks =
            inside.iter().filter(|element| element.kind != Kind::Inline && element.kind != Kind::Formatting);
        let crossed = blocks.count();
        match kind(name) {
            Kind::Boundary | Kind::Block => self.leave(at),
            Kind::Inline | Kind::Formatting if crossed == 0 => self.leave(at),
            Kind::Formatting if crossed <= BLOCKS_CROSSED => {
                let element = self.stack.remove(at);
                self.end(&element);
            }
            Kind::Inline | Kind::Formatting => {}
        }
    }

    fn may_be_open(&self, name: &str) -> bool {
        self.open.get(bucket(name)).is_some_and(|open| *open > 0)
    }

    /// The innermost open element of the kind wanted; none if one of `stops`, or a boundary, stands before it.
    fn nearest(
        &self,
        in_table: bool,
        wanted: impl Fn(&Element<'a>) -> bool,
        stops: &[&str],
    ) -> Option<usize> {
        for (at, element) in self.stack.iter().enumerate().rev().take(FARTHEST) {
            if wanted(element) {
                return Some(at);
            }
            let boundary = element.kind == Kind::Boundary && (!in_table || element.name == "table");
            if boundary || stops.contains(&&*element.name) {
                return None;
            }
        }
        None
    }

    /// Ends all elements from the one at this place to the innermost.
    fn leave(&mut self, at: usize) {
        while self.stack.len() > at {
            let Some(element) = self.stack.pop() else { return };
            self.end(&element);
        }
    }

    fn end(&mut self, element: &Element<'a>) {
        if let Some(open) = self.open.get_mut(bucket(&element.name)) {
            *open = open.saturating_sub(1);
        }
        if !element.silent {
            self.out.extend(["</", &*element.name, ">"]);
        }
    }
}

fn lower(name: &str) -> Cow<'_, str> {
    if name.bytes().any(|byte| byte.is_ascii_uppercase()) {
        Cow::Owned(name.to_ascii_lowercase())
    } else {
        Cow::Borrowed(name)
    }
}

fn bucket(name: &str) -> usize {
    name.bytes().fold(0, |sum, byte| usize::from(byte) + 5 * (sum % BUCKETS)) % BUCKETS
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn check(html: &str, expected: &str) {
        assert_eq!(tame(html), expected, "{html}");
    }

    #[test]
    fn good_html_stays_as_it_is() {
        let good = "<!doctype html><html lang=\"en\"><body class=x><p>One <b>b</b><br/> &amp; <a href='/x'>link</a></p></div>";
        check(&good.replace("</div>", ""), &good.replace("</div>", ""));
        check(
            "<table><tr><td>a<table><tr><td>b</td></tr></table></td></tr></table>",
            "<table><tr><td>a<table><tr><td>b</td></tr></table></td></tr></table>",
        );
    }

    #[test]
    fn what_was_left_open_is_closed() {
        check(
            "<div><p>a<p>b<ul><li>c<li>d</div>",
            "<div><p>a</p><p>b</p><ul><li>c</li><li>d</li></ul></div>",
        );
        check(
            "<table><tr><td>a<td>b<tr><td>c</table>",
            "<table><tr><td>a</td><td>b</td></tr><tr><td>c</td></tr></table>",
        );
        check("<dl><dt>a<dd>b<dt>c", "<dl><dt>a</dt><dd>b</dd><dt>c</dt></dl>");
        check("<a href=1>a<a href=2>b", "<a href=1>a</a><a href=2>b</a>");
    }

    #[test]
    fn stray_end_tags_end_nothing() {
        check("<div>a</p></b></section>b</div></div>", "<div>ab</div>");
        check(
            "<div><table><tr><td>a</div>b</td></tr></table></div>",
            "<div><table><tr><td>ab</td></tr></table></div>",
        );
        check("<div><span><p>a</span>b</p></div>", "<div><span><p>ab</p></span></div>");
    }

    #[test]
    fn misplaced_formatting_is_left_to_the_tree_builder() {
        check("<b><p>a</b>b</p>", "<b><p>a</b>b</p>");
    }

    #[test]
    fn scripts_and_foreign_content_are_gone() {
        check("a<script>'<div>'</script><svg><path/></svg><select><option>x</select>b", "ab");
        check("<<svg></svg>svg>a<math>", "&lt;svg>a");
        check("<a<b>c<plaintext>d<!-- e -->", "cd");
        check("<title>a <b></title>c", "<title>a <b></title>c");
    }

    #[test]
    fn too_many_attributes_are_none() {
        let many = (0..65).map(|n| format!(" a{n}")).collect::<Vec<_>>().concat();
        check(&format!("<p{many}>a</p>"), "<p>a</p>");
    }

    /// The greatest number of elements open at once, when every element is closed in its turn.
    fn depth(html: &str) -> usize {
        let (mut depth, mut deepest) = (0_usize, 0);
        let mut pieces = Pieces::of(html);
        while let Some(piece) = pieces.next() {
            match piece {
                Piece::Open(tag) if pieces.drop_content(tag).is_some() => depth += 1,
                Piece::Open(tag) if !is_void(&tag.name.to_ascii_lowercase()) => depth += 1,
                Piece::Close(_) => depth -= 1,
                Piece::Open(_) | Piece::Text(_) | Piece::Doctype(_) => {}
            }
            deepest = deepest.max(depth);
        }
        assert_eq!(depth, 0, "every element is closed");
        deepest
    }

    #[test]
    fn nothing_is_deep() {
        for part in [
            "<div>",
            "<ul><li>",
            "<b id=x>",
            "<div><table></div>",
            "<p><b>",
            "<form><div></form>",
            "<table><td>",
        ] {
            assert!(depth(&tame(&part.repeat(5000))) <= DEEPEST, "{part}");
        }
        assert!(tame(&("<div>".repeat(300) + "text")).contains("text"));
    }

    proptest! {
        #[test]
        fn any_tags_become_well_nested(parts in prop::collection::vec(prop::sample::select(vec![
            "<div>", "</div>", "<p>", "</p>", "<b>", "</b>", "<a href=x>", "</a>", "<table>", "</table>", "<tr>", "<td>", "</td>",
            "<ul>", "</ul>", "<li>", "<span>", "</span>", "<svg>", "</svg>", "<script>", "</script>", "<h1>", "</h1>", "x", "<",
            "<!--", "-->", "<form>", "</form>", "<select>", "<button>", "</button>", "<br>", "<title>", "</title>",
        ]), 0..60)) {
            depth(&tame(&parts.concat()));
        }
    }
}
