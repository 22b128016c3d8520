//! Mistakes in a file as a person reads them: the line, a caret under the place, and how to mend it.

use std::ops::Range;

use annotate_snippets::{AnnotationKind, Level, Renderer, Snippet};

use super::Problem;
use super::notes::{boundary, line_of};

/// A mistake at a place in a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding<'a> {
    /// Bytes of the text.
    pub at: Range<usize>,
    pub message: &'a str,
    /// How to mend it; may be empty.
    pub hint: &'a str,
}

/// All mistakes in a feeds.toml, and a last line that says how many.
pub fn render_problems(path: &str, text: &str, problems: &[Problem], colour: bool) -> String {
    let findings: Vec<_> = problems
        .iter()
        .map(|problem| Finding { at: problem.at.clone(), message: &problem.message, hint: &problem.hint })
        .collect();
    let mistakes = match problems.len() {
        1 => "1 mistake".to_owned(),
        many => format!("{many} mistakes"),
    };
    format!("{}{path} has {mistakes}; nothing was run\n", render(path, text, &findings, colour))
}

/// Mistakes in any text, each followed by an empty line.
pub fn render(path: &str, text: &str, findings: &[Finding<'_>], colour: bool) -> String {
    let renderer = if colour { Renderer::styled() } else { Renderer::plain() };
    findings.iter().map(|finding| one(path, text, finding, &renderer) + "\n\n").collect()
}

/// Shows the line where it begins; a place that goes on over several lines is marked on the first.
fn one(path: &str, text: &str, finding: &Finding<'_>, renderer: &Renderer) -> String {
    let start = boundary(text, finding.at.start);
    let line_start = text.get(..start).and_then(|before| before.rfind('\n')).map_or(0, |at| at + 1);
    let line = text.get(line_start..).and_then(|rest| rest.lines().next()).unwrap_or_default();
    let start = (start - line_start).min(line.len());
    let end = boundary(line, finding.at.end.saturating_sub(line_start)).max(start);
    let snippet = Snippet::source(line)
        .line_start(line_of(text, line_start))
        .path(path)
        .annotation(AnnotationKind::Primary.span(start..end));
    let mut group = Level::ERROR.primary_title(finding.message).element(snippet);
    if !finding.hint.is_empty() {
        group = group.element(Level::HELP.message(finding.hint));
    }
    renderer.render(&[group])
}

/// The character at a line and column, both from 1.
pub fn place(text: &str, line: usize, column: usize) -> Range<usize> {
    let before: usize = text.split_inclusive('\n').take(line.saturating_sub(1)).map(str::len).sum();
    let rest = text.get(before..).and_then(|rest| rest.lines().next()).unwrap_or_default();
    let mut characters = rest.char_indices().skip(column.saturating_sub(1));
    match characters.next() {
        Some((at, c)) => before + at..before + at + c.len_utf8(),
        None => before + rest.len()..before + rest.len(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "[site]\ntitle = 7\nurl = \"é\"\n";

    fn check(at: Range<usize>, hint: &str, shown: &str) {
        let problem = Problem::new(TEXT, at, "site: wrong".to_owned(), hint.to_owned());
        let shown = format!("{shown}\n\nfeeds.toml has 1 mistake; nothing was run\n");
        assert_eq!(render_problems("feeds.toml", TEXT, &[problem], false), shown);
    }

    #[test]
    fn a_mistake_is_shown_in_its_line_with_a_way_out() {
        let shown = "\
error: site: wrong
 --> feeds.toml:2:9
  |
2 | title = 7
  |         ^
  |
  = help: write \"7\"";
        check(15..16, "write \"7\"", shown);
    }

    #[test]
    fn a_place_over_several_lines_is_marked_on_the_first() {
        let shown = "\
error: site: wrong
 --> feeds.toml:1:1
  |
1 | [site]
  | ^^^^^^";
        check(0..20, "", shown);
    }

    #[test]
    fn the_end_of_the_text_is_a_place_too() {
        let shown = render("a.md", "x", &[Finding { at: 7..9, message: "no end", hint: "" }], false);
        assert!(shown.starts_with("error: no end\n --> a.md:1:2\n"), "{shown}");
        assert!(
            render("a.md", "", &[Finding { at: 0..0, message: "empty", hint: "" }], true).contains("empty")
        );
    }

    #[test]
    fn a_line_and_column_become_a_place() {
        assert_eq!(TEXT.get(place(TEXT, 3, 8)), Some("é"));
        assert_eq!(place(TEXT, 3, 99), 27..27);
        assert_eq!(place(TEXT, 9, 1), 28..28);
        assert_eq!(place("", 1, 1), 0..0);
    }
}
