//! The stylesheets, without what only their writers need: a reader loads each byte.

/// The same rules without comments, indentation and the spaces that CSS does not ask for.
pub(super) fn slim(css: &str) -> String {
    let mut slim = String::with_capacity(css.len());
    let mut rest = css;
    while let Some(c) = rest.chars().next() {
        let length = if rest.starts_with("/*") {
            rest.find("*/").map_or(rest.len(), |at| at + 2)
        } else if c.is_ascii_whitespace() {
            rest.find(|c: char| !c.is_ascii_whitespace()).unwrap_or(rest.len())
        } else if let '"' | '\'' = c {
            rest.match_indices(c).nth(1).map_or(rest.len(), |(at, _)| at + 1)
        } else {
            c.len_utf8()
        };
        let (piece, after) = rest.split_at(length);
        push(&mut slim, piece);
        rest = after;
    }
    slim.truncate(slim.trim_end().len());
    slim
}

/// Space stands where both neighbours need it. Before a colon it does: `a :hover` is not `a:hover`.
fn push(slim: &mut String, piece: &str) {
    let begins_anew = slim.is_empty() || slim.ends_with(['{', '}', ';', ',', ':', ' ']);
    if piece.starts_with("/*") {
        return;
    }
    if piece.trim().is_empty() {
        if !begins_anew {
            slim.push(' ');
        }
        return;
    }
    if piece.starts_with(['{', '}', ';', ',']) && slim.ends_with(' ') {
        slim.pop();
    }
    if piece == "}" && slim.ends_with(';') {
        slim.pop();
    }
    slim.push_str(piece);
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(css: &str, wanted: &str) {
        assert_eq!(slim(css), wanted);
        assert_eq!(slim(wanted), wanted, "slim is slim");
    }

    #[test]
    fn comments_and_layout_go() {
        check("/* x */\na, b {\n  color: red;\n}\n\n/* y */\nc { d: e }\n", "a,b{color:red}c{d:e}");
        check("a { b: c d, e; }/* not closed", "a{b:c d,e}");
    }

    #[test]
    fn spaces_that_mean_something_stay() {
        check("a :hover { b: calc(1px + 2px) !important }", "a :hover{b:calc(1px + 2px) !important}");
        check(
            "@media (hover: none) and (pointer: coarse) { a > b { c: d } }",
            "@media (hover:none) and (pointer:coarse){a > b{c:d}}",
        );
    }

    #[test]
    fn texts_stay_as_they_are() {
        check("a::before { content: \"·  /* ; \"; }", "a::before{content:\"·  /* ; \"}");
        check("a { b: url(\"data:x,<i a='1; 2'>\") }", "a{b:url(\"data:x,<i a='1; 2'>\")}");
    }
}
