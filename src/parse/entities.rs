//! Entities that a document type declares itself, put in place of their references.

use std::borrow::Cow;

/// Nobody writes a feed with more of them; each is looked for among those before it.
const MOST_ENTITIES: usize = 64;
/// An entity is a word or an address. Its text is not looked through again, so that none can grow out of another.
const LONGEST_ENTITY: usize = 512;
/// All that is put in place together.
const MOST_GROWTH: usize = 256 * 1024;

/// The document with the entities that stand in its prolog: `<!DOCTYPE rss [<!ENTITY wco "World Customs Organization">]>`.
pub(super) fn expand<'a>(prolog: &str, body: &'a str) -> Cow<'a, str> {
    let entities = declared(prolog);
    if entities.is_empty() {
        return Cow::Borrowed(body);
    }
    let mut out = String::with_capacity(body.len());
    let (mut rest, mut growth) = (body, 0);
    while let Some(at) = rest.find('&') {
        let (before, from) = rest.split_at(at);
        out.push_str(before);
        let found = entities.iter().find_map(|(name, text)| {
            let after = from.get(1..)?.strip_prefix(name)?.strip_prefix(';')?;
            Some((text, after))
        });
        match found {
            Some((text, after)) if growth + text.len() <= MOST_GROWTH => {
                growth += text.len();
                out.push_str(text);
                rest = after;
            }
            Some(_) | None => {
                out.push('&');
                rest = from.get(1..).unwrap_or("");
            }
        }
    }
    out.push_str(rest);
    Cow::Owned(out)
}

/// Names and texts. Entities of a parameter (`%`) and those that stand elsewhere (`SYSTEM`) are none of ours.
fn declared(prolog: &str) -> Vec<(&str, &str)> {
    let declarations = prolog.split("<!ENTITY").skip(1).take(MOST_ENTITIES);
    declarations.filter_map(declaration).collect()
}

fn declaration(text: &str) -> Option<(&str, &str)> {
    let text = text.trim_ascii_start();
    let (name, rest) = text.split_at(text.find(|c: char| c.is_ascii_whitespace())?);
    let rest = rest.trim_ascii_start();
    let mark = rest.chars().next().filter(|mark| matches!(mark, '"' | '\''))?;
    let value = rest.get(1..)?;
    let value = value.get(..value.find(mark)?)?;
    // The five of XML itself and those of HTML that are declared as themselves are known already.
    let is_known = matches!(name, "amp" | "lt" | "gt" | "quot" | "apos");
    let is_ours = name != "%" && !is_known && value.len() <= LONGEST_ENTITY && !value.contains('<');
    is_ours.then_some((name, value))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(subset: &str, body: &str, expanded: &str) {
        assert_eq!(expand(&format!("<!DOCTYPE rss [{subset}]>"), body), expanded);
    }

    #[test]
    fn declared_entities_are_put_in_place() {
        check(
            "<!ENTITY wco \"World Customs Organization\">",
            "The &wco; &amp; &x;",
            "The World Customs Organization &amp; &x;",
        );
        check("<!ENTITY a 'b' > <!ENTITY c \"d&#38;\">", "&a;&c;&a", "bd&#38;&a");
    }

    #[test]
    fn entities_of_other_kinds_are_left() {
        check("<!ENTITY % a 'b'>", "&a;", "&a;");
        check("<!ENTITY a SYSTEM 'file:///etc/passwd'>", "&a;", "&a;");
        check("<!ENTITY lt '&#60;'><!ENTITY tag '<b>'>", "&lt;&tag;", "&lt;&tag;");
    }

    #[test]
    fn none_grows_out_of_another() {
        check("<!ENTITY a 'bb'><!ENTITY b '&a;&a;'>", "&b;", "&a;&a;");
        let long = format!("<!ENTITY a '{}'>", "x".repeat(500));
        let body = "&a;".repeat(100_000);
        let grown = expand(&long, &body);
        assert!(grown.len() <= body.len() + MOST_GROWTH, "{}", grown.len());
    }
}
