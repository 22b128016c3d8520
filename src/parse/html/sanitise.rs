//! HTML that we may publish: a short list of elements, links that lead to http(s) only, nothing that acts or loads.

use std::borrow::Cow;
use std::collections::{HashMap, HashSet};

use ammonia::{Builder, UrlRelative};
use url::Url;

use crate::model::text::{Markup, clean};

use super::{safe_link, tame, text};

/// Nobody reads more of one entry; what is longer is shown as text.
const LONGEST: usize = 256 * 1024;

/// The tree builder's work grows with the square of the references in one text; Arabic written in numbers alone has these.
const MOST_REFERENCES: usize = 40_000;

/// Elements that only mark up text.
const TAGS: [&str; 62] = [
    "a",
    "abbr",
    "acronym",
    "article",
    "aside",
    "b",
    "bdi",
    "blockquote",
    "br",
    "caption",
    "center",
    "cite",
    "code",
    "col",
    "colgroup",
    "dd",
    "del",
    "dfn",
    "div",
    "dl",
    "dt",
    "em",
    "figcaption",
    "figure",
    "footer",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "header",
    "hr",
    "i",
    "ins",
    "kbd",
    "li",
    "mark",
    "ol",
    "p",
    "pre",
    "q",
    "s",
    "samp",
    "small",
    "span",
    "strike",
    "strong",
    "sub",
    "sup",
    "table",
    "tbody",
    "td",
    "tfoot",
    "th",
    "thead",
    "time",
    "tr",
    "tt",
    "u",
    "ul",
    "var",
];

/// What becomes of the links.
#[derive(Debug, Clone, Copy)]
pub(super) enum Links<'a> {
    /// Resolved against the base.
    Keep(Option<&'a Url>),
    Drop,
}

pub(super) fn sanitise(markup: &Markup, links: Links<'_>) -> String {
    if !markup.html {
        return paragraphs(&markup.text);
    }
    if markup.text.len() > LONGEST || markup.text.matches('&').count() > MOST_REFERENCES {
        return paragraphs(&text(markup));
    }
    if !markup.text.contains(['<', '&']) {
        return escape(&clean(&markup.text));
    }
    let html = builder(links).clean(&tame(&markup.text)).to_string();
    // Characters that were written as references have come to light only now.
    clean(&html)
}

fn builder(links: Links<'_>) -> Builder<'_> {
    let mut tags = HashSet::from(TAGS);
    let mut attributes: HashMap<&str, HashSet<&str>> = HashMap::from([
        ("td", HashSet::from(["colspan", "rowspan"])),
        ("th", HashSet::from(["colspan", "rowspan", "scope"])),
        ("ol", HashSet::from(["start", "reversed"])),
        ("time", HashSet::from(["datetime"])),
    ]);
    match links {
        Links::Keep(_) => attributes.insert("a", HashSet::from(["href", "hreflang"])),
        Links::Drop => tags.take("a").and(None),
    };
    let base = match links {
        Links::Keep(base) => base.cloned(),
        Links::Drop => None,
    };
    let mut builder = Builder::empty();
    builder
        .tags(tags)
        .clean_content_tags(HashSet::from(["script", "style", "title"]))
        .tag_attributes(attributes)
        .generic_attributes(HashSet::from(["lang", "title", "dir"]))
        .url_schemes(HashSet::from(["http", "https"]))
        // The filter below resolves them, or leaves them out.
        .url_relative(UrlRelative::PassThrough)
        .link_rel(Some("noopener noreferrer"))
        .attribute_filter(move |_, attribute, value| filter(attribute, value, base.as_ref()));
    builder
}

fn filter<'v>(attribute: &str, value: &'v str, base: Option<&Url>) -> Option<Cow<'v, str>> {
    match attribute {
        "href" => safe_link(value, base).map(|link| Cow::Owned(link.into())),
        "dir" => matches!(value, "ltr" | "rtl" | "auto").then_some(Cow::Borrowed(value)),
        _ => Some(Cow::Borrowed(value)),
    }
}

/// Plain text as HTML: a blank line parts paragraphs, any other end of line is a `<br>`.
fn paragraphs(text: &str) -> String {
    let text = clean(text).replace("\r\n", "\n").replace('\r', "\n");
    let mut paragraphs: Vec<Vec<&str>> = vec![Vec::new()];
    for line in text.lines().map(str::trim) {
        match paragraphs.last_mut() {
            Some(last) if !line.is_empty() => last.push(line),
            Some(last) if !last.is_empty() => paragraphs.push(Vec::new()),
            Some(_) | None => {}
        }
    }
    paragraphs.retain(|lines| !lines.is_empty());
    let html: Vec<String> =
        paragraphs.iter().map(|lines| escape(&lines.join("\n")).replace('\n', "<br>\n")).collect();
    match html.as_slice() {
        [] => String::new(),
        // A word or a line needs no paragraph around it.
        [only] => only.clone(),
        several => format!("<p>{}</p>", several.join("</p>\n<p>")),
    }
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::text::is_allowed;
    use crate::parse::html::{sanitise, sanitise_without_links};
    use proptest::prelude::*;

    fn check(html: &str, expected: &str) {
        let base = Url::parse("https://wco.example/en/news/list.aspx").expect("a valid address");
        assert_eq!(sanitise(&Markup::html(html), Some(&base)), expected, "{html}");
    }

    fn check_plain(text: &str, expected: &str) {
        assert_eq!(sanitise(&Markup::plain(text), None), expected, "{text}");
    }

    #[test]
    fn markup_of_text_stays() {
        check("<p>One <b>b</b> <em>e</em> <sub>2</sub></p>", "<p>One <b>b</b> <em>e</em> <sub>2</sub></p>");
        check("<h2>H</h2><ul><li>a<li>b</ul>", "<h2>H</h2><ul><li>a</li><li>b</li></ul>");
        check(
            "<table><tr><td colspan=2 onclick=x>a",
            "<table><tbody><tr><td colspan=\"2\">a</td></tr></tbody></table>",
        );
        check("<p dir=rtl lang=ar>هيئة</p><p dir=x>", "<p dir=\"rtl\" lang=\"ar\">هيئة</p><p></p>");
    }

    #[test]
    fn links_are_absolute_and_lead_to_the_web() {
        let rel = "rel=\"noopener noreferrer\"";
        check(
            "<a href=item.aspx target=_blank>a</a>",
            &format!("<a href=\"https://wco.example/en/news/item.aspx\" {rel}>a</a>"),
        );
        check("<a href='java&#115;cript:alert(1)'>a</a>", &format!("<a {rel}>a</a>"));
        check("<a href='mailto:a@b.example'>a</a>", &format!("<a {rel}>a</a>"));
        check("<a href='https://wco.example@evil.example/'>a</a>", &format!("<a {rel}>a</a>"));
    }

    #[test]
    fn a_link_that_stays_relative_is_none() {
        assert_eq!(
            sanitise(&Markup::html("<a href='/a'>b</a>"), None),
            "<a rel=\"noopener noreferrer\">b</a>"
        );
    }

    #[test]
    fn nothing_acts_or_loads() {
        check("a<script>x</script><style>y</style><img src=x onerror=y>b", "ab");
        check("<iframe src=x></iframe><form action=x><input value=y><button>send</button></form>", "send");
        check("<svg onload=x><a xlink:href='javascript:y'>z</a></svg><math><mi>1</mi></math>", "");
        check("<p style='position:fixed' class=x id=y onclick=z>a</p>", "<p>a</p>");
        check(
            "<object data=x>y</object><base href='//evil.example'><meta http-equiv=refresh content=0><link rel=x href=y>",
            "",
        );
        check("<iframe src=x />shown<script src=y />shown", "shownshown");
        check("<title>t</title><bdo dir=rtl>a</bdo>", "a");
    }

    #[test]
    fn characters_that_may_not_be_published_are_gone() {
        check("a&#x202e;b\u{202e}c&#0;d\u{b}", "abc\u{fffd}d");
        check("no markup \u{202e}at > all", "no markup at &gt; all");
    }

    #[test]
    fn an_alert_has_no_link() {
        let html = "<p>Do not answer <a href='https://evil.example/'>https://evil.example/</a></p>";
        assert_eq!(sanitise_without_links(&Markup::html(html)), "<p>Do not answer https://evil.example/</p>");
    }

    #[test]
    fn plain_text_is_escaped_and_keeps_its_paragraphs() {
        check_plain("Example <b>\"Atom\"</b> & x", "Example &lt;b&gt;&quot;Atom&quot;&lt;/b&gt; &amp; x");
        check_plain("one\r\ntwo\n\n \n three\n", "<p>one<br>\ntwo</p>\n<p>three</p>");
        check_plain("\u{202e}\n", "");
    }

    #[test]
    fn what_is_far_too_long_is_shown_as_text() {
        let long = "<p>a <b>b</b></p>".repeat(20_000);
        let html = sanitise(&Markup::html(long), None);
        assert!(html.starts_with("a b<br>\na b<br>\n") && !html.contains("<b>"));
    }

    proptest! {
        #[test]
        fn sanitising_twice_changes_nothing(html in "(<[abipuslvgtdr/]{1,3}[ a-z='\":]{0,9}>|[a-z&#;<> ]{0,6}){0,12}") {
            let once = sanitise(&Markup::html(html), None);
            prop_assert_eq!(sanitise(&Markup::html(once.clone()), None), once);
        }

        #[test]
        fn nothing_makes_it_panic_or_say_what_it_may_not(html in "[<>a-z/&;#x!' \u{202e}\u{0}é-]{0,60}", any in "\\PC*") {
            for html in [sanitise(&Markup::html(&html), None), sanitise(&Markup::html(&any), None), sanitise(&Markup::plain(any), None)] {
                prop_assert!(html.chars().all(is_allowed));
                prop_assert!(!html.contains("<script") && !html.contains("<img"));
            }
        }
    }
}
