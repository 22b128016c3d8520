//! The templates and stylesheets, built in, and how values are written into them.

use minijinja::syntax::SyntaxConfig;
use minijinja::value::Serde;
use minijinja::{AutoEscape, Environment, Error, Output, State, UndefinedBehavior, Value, escape_formatter};
use serde::Serialize;
use std::sync::LazyLock;

pub(super) const STYLE: &str = include_str!("../../templates/style.css");
pub(super) const FEED_STYLE: &str = include_str!("../../templates/feed.css");

/// The page that members read.
pub(super) const DIGEST: &str = "digest.html";
/// The text of a story inside a feed.
pub(super) const STORY: &str = "story.html";
/// What a person reads who opens a feed's address: a piece of XHTML.
pub(super) const FEED_NOTE: &str = "feed-note.html";

/// A hyphenated word up to this long is kept on one line ("e-commerce"); a longer one may break.
const SHORT_WORD: usize = 14;
/// A host up to this long fits the narrowest place that shows one.
const SHORT_HOST: usize = 22;

static ENVIRONMENT: LazyLock<Environment<'static>> = LazyLock::new(|| {
    let mut environment = Environment::new();
    environment.set_syntax(
        SyntaxConfig::builder()
            .trim_blocks(true)
            .lstrip_blocks(true)
            .build()
            .expect("the usual delimiters are valid"),
    );
    environment.set_undefined_behavior(UndefinedBehavior::Strict);
    environment.set_formatter(write_value);
    environment.add_filter("whole", |text: &str| Value::from_safe_string(whole(text)));
    environment.add_filter("keep_whole", |html: &str| Value::from_safe_string(keep_whole(html)));
    environment.add_filter("at_dots", |host: &str| Value::from_safe_string(at_dots(host)));
    for (name, text) in [
        (DIGEST, include_str!("../../templates/digest.html")),
        (STORY, include_str!("../../templates/story.html")),
        (FEED_NOTE, include_str!("../../templates/feed-note.html")),
    ] {
        environment.add_template(name, text).expect("a built-in template is well-formed: tests render each");
    }
    environment
});

/// Fills a built-in template. Whatever is not marked safe in it is escaped.
pub(super) fn fill(name: &str, view: &impl Serialize) -> String {
    ENVIRONMENT
        .get_template(name)
        .and_then(|template| template.render(Serde(view)))
        .expect("a built-in template fits its view: tests render each")
}

/// The text for an element or an attribute in quotes, of HTML or XML.
pub(super) fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\'' => escaped.push_str("&#39;"),
            other => escaped.push(other),
        }
    }
    escaped
}

/// The engine's own escaping also writes each slash as six characters, which makes a page of links a third longer.
fn write_value(out: &mut Output<'_>, state: &mut State<'_, '_>, value: &Value) -> Result<(), Error> {
    match value.as_str() {
        Some(text) if !value.is_safe() && matches!(state.auto_escape(), AutoEscape::Html) => {
            out.write_str(&escape(text)).map_err(Error::from)
        }
        _ => escape_formatter(out, state, value),
    }
}

/// The text as HTML that breaks lines well: see `keep_whole`.
fn whole(text: &str) -> String {
    keep_whole(&escape(text))
}

/// The same HTML, in which short hyphenated words and addresses do not break at the end of a line, nor a line before the
/// mark that French sets apart from its word. The HTML has been sanitised: its attributes stand in double quotes.
fn keep_whole(html: &str) -> String {
    let mut kept = String::with_capacity(html.len());
    let mut rest = html;
    while !rest.is_empty() {
        let (text, after) = rest.split_at(rest.find('<').unwrap_or(rest.len()));
        keep_words(text, &mut kept);
        let (tag, after) = after.split_at(tag_length(after));
        kept.push_str(tag);
        rest = after;
    }
    kept
}

/// The length of the tag that the HTML begins with; of all of it if the tag does not end.
fn tag_length(html: &str) -> usize {
    let mut quoted = false;
    html.char_indices()
        .find(|(_, c)| {
            quoted ^= *c == '"';
            *c == '>' && !quoted
        })
        .map_or(html.len(), |(at, _)| at + 1)
}

fn keep_words(text: &str, kept: &mut String) {
    let mut words = text.split_inclusive([' ', '\n']).peekable();
    while let Some(word) = words.next() {
        let bare = word.trim_end_matches([' ', '\n']);
        if is_whole(bare) {
            kept.push_str("<span class=\"whole\">");
            kept.push_str(bare);
            kept.push_str("</span>");
        } else {
            kept.push_str(bare);
        }
        let mark_follows = words.peek().is_some_and(|next| next.starts_with([':', ';', '!', '?', '»']));
        match word.get(bare.len()..).unwrap_or_default() {
            " " if mark_follows || bare.ends_with('«') => kept.push('\u{a0}'),
            space => kept.push_str(space),
        }
    }
}

/// Is it a short word with a hyphen, or an address with one? Each entity (`&amp;`) is one character.
fn is_whole(word: &str) -> bool {
    let mut in_entity = false;
    let length = word
        .chars()
        .filter(|c| {
            let counts = !in_entity;
            in_entity = *c == '&' || (in_entity && *c != ';');
            counts
        })
        .count();
    word.contains('-') && (word.contains('@') || length <= SHORT_WORD)
}

/// The host as HTML; a long one breaks after its dots where a line is too short for it.
fn at_dots(host: &str) -> String {
    let html = escape(host);
    if host.len() > SHORT_HOST { html.replace('.', ".<wbr>") } else { html }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, html: &str) {
        assert_eq!(whole(text), html, "{text}");
    }

    #[test]
    fn short_hyphenated_words_and_addresses_stay_on_one_line() {
        check("New e-commerce rules", "New <span class=\"whole\">e-commerce</span> rules");
        check("a long-winded-hyphenation b", "a long-winded-hyphenation b");
        check("no-reply@bad.example", "<span class=\"whole\">no-reply@bad.example</span>");
        check("-", "<span class=\"whole\">-</span>");
    }

    #[test]
    fn no_line_begins_with_a_mark() {
        check("Données : le calendrier", "Données\u{a0}: le calendrier");
        check("« Vrai » ?", "«\u{a0}Vrai\u{a0}»\u{a0}?");
        check("one two", "one two");
    }

    #[test]
    fn marked_words_are_escaped_like_all_others() {
        check("<b>-x", "<span class=\"whole\">&lt;b&gt;-x</span>");
        check("\"&' <i>", "&quot;&amp;&#39; &lt;i&gt;");
    }

    #[test]
    fn tags_are_left_as_they_are() {
        let html = "<p title=\"a > e-b\">the <b>e-x</b>\nend</p><i";
        assert_eq!(
            keep_whole(html),
            "<p title=\"a > e-b\">the <b><span class=\"whole\">e-x</span></b>\nend</p><i"
        );
    }

    #[test]
    fn long_hosts_break_after_dots() {
        assert_eq!(at_dots("wto.org"), "wto.org");
        assert_eq!(at_dots("customs.ministry.example"), "customs.<wbr>ministry.<wbr>example");
    }
}
