//! People: a name, an e-mail address, and the many ways to write both in one line.

use feed_rs::model as read;
use url::Url;

use super::resolve;
use crate::parse::document::Person;
use crate::parse::extra::Extra;

pub(super) fn adapt(person: read::Person) -> Option<Person> {
    if person.email.is_none() && person.uri.is_none() {
        return parse(person.name.as_deref().unwrap_or(""));
    }
    let name = person.name.as_deref().map(bare).filter(|name| !name.is_empty());
    let email = person.email.map(|email| email.trim().to_owned()).filter(|email| !email.is_empty());
    let uri = person.uri.map(|uri| uri.trim().to_owned()).filter(|uri| !uri.is_empty());
    let person = Person { name: name.map(str::to_owned), email, uri };
    (person != Person::default()).then_some(person)
}

/// `Jane Doe`, `jane@example.org (Jane Doe)`, `Jane Doe <jane@example.org>`, `jane@example.org`.
pub(super) fn parse(text: &str) -> Option<Person> {
    let text = text.trim();
    if !text.contains('@') {
        let name = Some(text).filter(|text| !text.is_empty());
        return name.map(|name| Person { name: Some(name.to_owned()), ..Person::default() });
    }
    let is_end = |c: char| c.is_whitespace() || "<>()[]（）,;:\"".contains(c);
    let word = text.split(is_end).find(|word| is_email(word));
    let Some(email) = word else {
        return Some(text)
            .filter(|text| !text.is_empty())
            .map(|text| Person { name: Some(text.to_owned()), ..Person::default() });
    };
    let (before, after) = text.split_once(email)?;
    let before = before.trim_end_matches("mailto:");
    let name = [bare(before), bare(after)].into_iter().max_by_key(|part| part.len()).unwrap_or("");
    let name = Some(name).filter(|name| !name.is_empty()).map(str::to_owned);
    Some(Person { name, email: Some(email.to_owned()), uri: None })
}

/// An Atom person.
pub(super) fn of_element(extra: &Extra<'_>, base: Option<&Url>) -> Option<Person> {
    let child = |name: &str| extra.child(name).and_then(Extra::words);
    let own = extra.attribute("xml:base").and_then(|own| match base {
        Some(base) => base.join(own).ok(),
        None => Url::parse(own).ok(),
    });
    let base = own.as_ref().or(base);
    let uri = child("uri").or_else(|| child("url")).or_else(|| child("homepage"));
    let uri = uri.map(|uri| resolve(&uri, base));
    let person = Person { name: child("name"), email: child("email"), uri };
    if person == Person::default() { parse(&extra.text) } else { Some(person) }
}

fn is_email(word: &str) -> bool {
    word.split_once('@').is_some_and(|(user, host)| {
        !user.is_empty() && host.contains('.') && !host.contains('@') && word.is_ascii()
    })
}

/// Without the brackets and marks that held it apart from the address.
fn bare(text: &str) -> &str {
    let text = text.trim();
    let inner = text.trim_matches(|c: char| c.is_whitespace() || "<>()[]（）\",;:-–—".contains(c));
    // A name may end in brackets of its own: `Jane Doe (WCO)`.
    let opened = inner.matches('(').count();
    if opened > inner.matches(')').count() && text.contains(&format!("{inner})")) {
        let start = text.find(inner).unwrap_or(0);
        return text.get(start..=start + inner.len()).unwrap_or(inner);
    }
    inner
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, name: Option<&str>, email: Option<&str>) {
        let person = parse(text).unwrap();
        assert_eq!((person.name.as_deref(), person.email.as_deref()), (name, email), "{text}");
    }

    #[test]
    fn names_and_addresses_are_told_apart() {
        let email = Some("jane@example.org");
        check("Jane Doe", Some("Jane Doe"), None);
        check("jane@example.org (Jane Doe)", Some("Jane Doe"), email);
        check("Jane Doe <jane@example.org>", Some("Jane Doe"), email);
        check("Jane Doe (WCO) <mailto:jane@example.org>", Some("Jane Doe (WCO)"), email);
        check("jane@example.org", None, email);
        check("海关总署（jane@example.org）", Some("海关总署"), email);
        check("@customs", Some("@customs"), None);
    }
}
