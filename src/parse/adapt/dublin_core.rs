//! Dublin Core, and Atom's elements in RSS, fill in what a feed does not say in its own words.

use super::{MOST_CATEGORIES, MOST_PEOPLE, looks_like_html, person};
use crate::model::language::Language;
use crate::model::text::Markup;
use crate::parse::date;
use crate::parse::document::{About, Category, ParsedEntry, Person};
use crate::parse::extra::{Extra, Extras};
use crate::parse::space::Space;

pub(super) fn complete_about(about: &mut About, extras: &Extras<'_>) {
    let words =
        |name: &str| extras.words(Space::DublinCore, name).or_else(|| extras.words(Space::Atom, name));
    people(&mut about.authors, &mut about.contributors, extras);
    categories(&mut about.categories, extras);
    about.title = about.title.take().or_else(|| words("title").map(markup));
    about.subtitle =
        about.subtitle.take().or_else(|| words("description").or_else(|| words("subtitle")).map(markup));
    about.rights = about.rights.take().or_else(|| words("rights").map(markup));
    about.language = about.language.take().or_else(|| words("language").as_deref().and_then(Language::parse));
    about.updated = about
        .updated
        .or_else(|| words("updated").or_else(|| words("modified")).and_then(|text| date::in_feed(&text)));
    about.id = about.id.take().or_else(|| extras.words(Space::Atom, "id"));
    if about.published.is_none() {
        about.published = words("date").or_else(|| words("issued")).and_then(|text| date::in_feed(&text));
    }
}

pub(super) fn complete_entry(entry: &mut ParsedEntry, extras: &Extras<'_>) {
    let words =
        |name: &str| extras.words(Space::DublinCore, name).or_else(|| extras.words(Space::Atom, name));
    people(&mut entry.authors, &mut entry.contributors, extras);
    categories(&mut entry.categories, extras);
    entry.id = entry.id.take().or_else(|| words("id")).or_else(|| words("identifier"));
    let title = || words("title").or_else(|| extras.words(Space::Other, "title"));
    entry.title = entry.title.take().or_else(|| title().map(markup));
    entry.summary =
        entry.summary.take().or_else(|| words("description").or_else(|| words("summary")).map(markup));
    let itunes = || extras.words(Space::Itunes, "summary");
    entry.summary = entry.summary.take().or_else(|| itunes().map(markup));
    entry.content = entry.content.take().or_else(|| extras.words(Space::Atom, "content").map(markup));
    entry.rights = entry.rights.take().or_else(|| words("rights").map(markup));
    entry.language = entry.language.take().or_else(|| words("language").as_deref().and_then(Language::parse));
    let time =
        |names: &[&str]| names.iter().find_map(|name| words(name)).and_then(|text| date::in_feed(&text));
    entry.published = entry.published.or_else(|| time(&["published", "issued", "created", "date"]));
    entry.updated = entry.updated.or_else(|| time(&["updated", "modified"]));
}

fn people(authors: &mut Vec<Person>, contributors: &mut Vec<Person>, extras: &Extras<'_>) {
    let add = |people: &mut Vec<Person>, person: Option<Person>| {
        if let Some(person) = person
            && people.len() < MOST_PEOPLE
            && !people.contains(&person)
        {
            people.push(person);
        }
    };
    for extra in extras.all(Space::DublinCore, "creator").chain(extras.all(Space::DublinCore, "author")) {
        add(authors, person::parse(&extra.text));
    }
    for extra in extras.all(Space::Atom, "author") {
        add(authors, person::of_element(extra, None));
    }
    if authors.is_empty() {
        add(authors, extras.words(Space::Itunes, "author").and_then(|text| person::parse(&text)));
    }
    for extra in extras.all(Space::DublinCore, "contributor") {
        add(contributors, person::parse(&extra.text));
    }
    for extra in extras.all(Space::Atom, "contributor") {
        add(contributors, person::of_element(extra, None));
    }
}

fn categories(categories: &mut Vec<Category>, extras: &Extras<'_>) {
    let mut add = |category: Category| {
        let is_new = || categories.iter().all(|known| known.term != category.term);
        if categories.len() < MOST_CATEGORIES && is_new() {
            categories.push(category);
        }
    };
    for term in extras.all(Space::DublinCore, "subject").filter_map(Extra::words) {
        add(Category { term, ..Category::default() });
    }
    for extra in extras.all(Space::Itunes, "category").chain(extras.all(Space::Media, "category")) {
        let said = [extra.attribute("text").map(str::to_owned), extra.words()];
        let scheme = extra.attribute("scheme").map(str::to_owned);
        let label = extra.attribute("label").map(str::to_owned);
        let inner = extra.children.iter().filter_map(|child| child.attribute("text")).map(str::to_owned);
        for term in said.into_iter().flatten().take(1).chain(inner) {
            add(Category { term, scheme: scheme.clone(), label: label.clone() });
        }
    }
    let words = extras.words(Space::Itunes, "keywords").unwrap_or_default();
    for term in words.split(',').map(str::trim).filter(|term| !term.is_empty()) {
        add(Category { term: term.to_owned(), ..Category::default() });
    }
}

fn markup(text: String) -> Markup {
    let html = looks_like_html(&text);
    Markup { text, html }
}
