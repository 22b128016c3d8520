//! HTML from outside, made safe or made text.

mod character;
mod element;
mod excerpt;
mod scan;
mod sanitise;
mod tame;
mod words;

use url::{Position, Url};

use crate::model::text::{Markup, clean};

pub(super) use tame::tame;

/// Longer addresses break browsers, mail programs and spreadsheets.
const LONGEST_LINK: usize = 2048;

/// The markup as sanitised HTML: no script, style, form or frame, links absolute and http(s) only, nothing that calls
/// another host by itself (images are dropped). Plain text is escaped, its paragraphs kept.
pub fn sanitise(markup: &Markup, base: Option<&Url>) -> String {
    sanitise::sanitise(markup, sanitise::Links::Keep(base))
}

/// Like [`sanitise`], and no link is left in it: what an alert shows must not be clickable.
pub fn sanitise_without_links(markup: &Markup) -> String {
    sanitise::sanitise(markup, sanitise::Links::Drop)
}

/// The words of it: no tags, entities decoded, blocks apart by a newline, scripts and styles gone. Linear and quick:
/// it runs over every entry that is judged.
pub fn text(markup: &Markup) -> String {
    if markup.html { words::of_html(&markup.text) } else { words::of_text(&markup.text) }
}

/// The first sentences of a text, at most `sentences` of them and `chars` characters, cut at a word with "…".
pub fn excerpt(text: &str, sentences: usize, chars: usize) -> String {
    excerpt::excerpt(text, sentences, chars)
}

/// An address that may be shown: http or https with a host, resolved against the base, without user or password.
pub fn safe_link(href: &str, base: Option<&Url>) -> Option<Url> {
    safe_link_beside(href, base, None)
}

/// [`safe_link`], in half the time if it leads to the site of a `neighbour`.
pub fn safe_link_beside(href: &str, base: Option<&Url>, neighbour: Option<&Url>) -> Option<Url> {
    let href = clean(href);
    let href = href.trim();
    if href.is_empty() || href.len() > LONGEST_LINK {
        return None;
    }
    let link = match (neighbour.and_then(|neighbour| beside(href, neighbour)), base) {
        (Some(link), _) => link,
        (None, Some(base)) => base.join(href).ok()?,
        (None, None) => Url::parse(href).ok()?,
    };
    let safe = matches!(link.scheme(), "http" | "https")
        && link.has_host()
        && link.username().is_empty()
        && link.password().is_none()
        && link.as_str().len() <= LONGEST_LINK;
    safe.then_some(link)
}

/// An address of the same site, whose host needs no second look.
fn beside(href: &str, neighbour: &Url) -> Option<Url> {
    let path = href.strip_prefix(&neighbour[..Position::BeforePath])?;
    // Two slashes, of either kind, would begin a host.
    let is_path = path.starts_with('/')
        && !path.starts_with("//")
        && path.bytes().all(|byte| byte.is_ascii_graphic() && byte != b'\\');
    if is_path { neighbour.join(path).ok() } else { None }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn check(href: &str, expected: &str) {
        let base = Url::parse("https://wco.example/en/news/list.aspx").expect("a valid address");
        let link = safe_link(href, Some(&base)).map(String::from).unwrap_or_default();
        assert_eq!(link, expected, "{href}");
    }

    #[test]
    fn links_are_resolved() {
        check("/a?b=1#c", "https://wco.example/a?b=1#c");
        check("item.aspx", "https://wco.example/en/news/item.aspx");
        check("//other.example", "https://other.example/");
        check(" \u{1}HTTP://Other.Example/\n", "http://other.example/");
        check("https://münchen.example/ä", "https://xn--mnchen-3ya.example/%C3%A4");
    }

    #[test]
    fn nothing_else_is_shown() {
        check("", "");
        check(" \u{202e} ", "");
        check("javascript:alert(1)", "");
        check("java\nscript:alert(1)", "");
        check("java\u{0}script:alert(1)", "");
        check("data:text/html,x", "");
        check("mailto:a@b.example", "");
        check("ftp://a.example/", "");
        check("https://", "");
        check("https://wco.example@evil.example/", "");
        check("https://user:secret@wco.example/", "");
        check(&format!("/{}", "a".repeat(2048)), "");
        check(&format!("/{}", "ä".repeat(500)), "");
    }

    #[test]
    fn without_a_base_a_relative_link_is_none() {
        assert_eq!(safe_link("/a", None), None);
        assert_eq!(
            safe_link("https://a.example/b", None).map(String::from),
            Some("https://a.example/b".into())
        );
    }

    proptest! {
        #[test]
        fn a_neighbour_changes_no_link(
            near in "https?://[ab]\\.example(:8)?/[a-c/?#]{0,4}",
            href in "(https?:)?(//)?([ab]\\.example)?(:8|:443)?[a-c/?#@.%\\\\ \t]{0,8}"
        ) {
            let near = Url::parse(&near).expect("a valid address");
            prop_assert_eq!(safe_link_beside(&href, None, Some(&near)), safe_link(&href, None));
        }

        #[test]
        fn a_link_that_is_shown_has_no_control_or_override(href in "\\PC{0,40}") {
            let base = Url::parse("https://a.example/b/").expect("a valid address");
            if let Some(link) = safe_link(&href, Some(&base)) {
                prop_assert!(link.as_str().bytes().all(|b| b.is_ascii_graphic()));
            }
        }
    }
}
