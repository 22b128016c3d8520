//! Dublin Core, and Atom's elements in RSS, fill in what a feed does not say in its own words.

use super::{MOST_CATEGORIES, MOST_PEOPLE, looks_like_html, person};
use crate::model::language::Language;
use crate::model::text::Markup;
use crate::parse::date;
use crate::parse::document::{About, Category, ParsedEntry, Person};
use crate::parse::extra::{Extra, Extras};
use crate::parse::space::Space;

/// What the categories of podcasts are words of.
const ITUNES_SCHEME: &str = "http://www.itunes.com/";

pub(super) fn complete_about(about: &mut About, extras: &Extras<'_>) {
    let words =
        |name: &str| extras.words(Space::DublinCore, name).or_else(|| extras.words(Space::Atom, name));
    people(&mut about.authors, &mut about.contributors, extras);
    categories(&mut about.categories, extras);
    about.title = about.title.take().or_else(|| words("title").map(markup));
    let first = |names: &[&str]| names.iter().find_map(|name| words(name));
    let itunes = |name: &str| extras.words(Space::Itunes, name);
    let subtitle = || {
        let said = first(&["description", "subtitle", "tagline"]);
        said.or_else(|| itunes("summary")).or_else(|| itunes("subtitle"))
    };
    about.subtitle = about.subtitle.take().or_else(|| subtitle().map(markup));
    about.rights = about.rights.take().or_else(|| first(&["rights", "copyright"]).map(markup));
    about.language = about.language.take().or_else(|| words("language").as_deref().and_then(Language::parse));
    let time = |names: &[&str]| first(names).and_then(|text| date::in_feed(&text));
    // The date of Dublin Core does not say of what it is: of both, as long as nothing else is said.
    about.updated = about.updated.or_else(|| time(&["updated", "modified", "date"]));
    about.id = about.id.take().or_else(|| extras.words(Space::Atom, "id"));
    about.published = about.published.or_else(|| time(&["published", "issued", "date"]));
}

pub(super) fn complete_entry(entry: &mut ParsedEntry, extras: &Extras<'_>) {
    // Most feeds say all in their own words.
    if extras.list.iter().all(|extra| matches!(extra.name, "guid" | "enclosure")) {
        return;
    }
    let words =
        |name: &str| extras.words(Space::DublinCore, name).or_else(|| extras.words(Space::Atom, name));
    people(&mut entry.authors, &mut entry.contributors, extras);
    categories(&mut entry.categories, extras);
    entry.id = entry.id.take().or_else(|| words("id")).or_else(|| words("identifier"));
    let title = || words("title").or_else(|| extras.words(Space::Other, "title"));
    entry.title = entry.title.take().or_else(|| title().map(markup));
    entry.summary =
        entry.summary.take().or_else(|| words("description").or_else(|| words("summary")).map(markup));
    let itunes = |name: &str| extras.words(Space::Itunes, name);
    let summary = || itunes("summary").or_else(|| itunes("subtitle"));
    // What stands beside a summary is the whole text.
    if let Some(summary) = extras.words(Space::Core, "summary") {
        let description = entry.summary.replace(markup(summary));
        entry.content = entry.content.take().or(description);
    }
    let group = || extras.all(Space::Media, "group").find_map(|group| group.child("description")?.words());
    entry.summary = entry.summary.take().or_else(|| summary().or_else(group).map(markup));
    entry.content = entry.content.take().or_else(|| extras.words(Space::Atom, "content").map(markup));
    let rights = || words("rights").or_else(|| words("copyright"));
    entry.rights = entry.rights.take().or_else(|| rights().map(markup));
    entry.language = entry.language.take().or_else(|| words("language").as_deref().and_then(Language::parse));
    let time =
        |names: &[&str]| names.iter().find_map(|name| words(name)).and_then(|text| date::in_feed(&text));
    entry.published = entry.published.or_else(|| time(&["published", "issued", "created", "date"]));
    entry.updated = entry.updated.or_else(|| time(&["updated", "modified", "date"]));
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
    if authors.is_empty() {
        let owner = extras.all(Space::Itunes, "owner").next();
        add(authors, owner.and_then(|owner| person::of_element(owner, None)));
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
        if let Some(known) = categories.iter_mut().find(|known| known.term == category.term) {
            known.scheme = known.scheme.take().or(category.scheme);
            return;
        }
        if categories.len() < MOST_CATEGORIES {
            categories.push(category);
        }
    };
    for term in extras.all(Space::DublinCore, "subject").filter_map(Extra::words) {
        add(Category { term, ..Category::default() });
    }
    for category in extras.all(Space::Atom, "category").filter_map(of_attributes) {
        add(category);
    }
    for extra in extras.all(Space::Itunes, "category").chain(extras.all(Space::Media, "category")) {
        let said = [extra.attribute("text").map(str::to_owned), extra.words()];
        let apple = (extra.space == Space::Itunes).then(|| ITUNES_SCHEME.to_owned());
        let scheme = extra.attribute("scheme").map(str::to_owned).or(apple);
        let label = extra.attribute("label").map(str::to_owned);
        let inner = extra.children.iter().filter_map(|child| child.attribute("text")).map(str::to_owned);
        for term in said.into_iter().flatten().take(1).chain(inner) {
            add(Category { term, scheme: scheme.clone(), label: label.clone() });
        }
    }
    for (space, name) in [(Space::Itunes, "keywords"), (Space::Core, "tags"), (Space::Core, "keywords")] {
        let words = extras.words(space, name).unwrap_or_default();
        for term in words.split(',').map(str::trim).filter(|term| !term.is_empty()) {
            add(Category { term: term.to_owned(), ..Category::default() });
        }
    }
}

/// A category of Atom.
pub(super) fn of_attributes(extra: &Extra<'_>) -> Option<Category> {
    let attribute = |name: &str| extra.attribute(name).filter(|value| !value.is_empty()).map(str::to_owned);
    let label = attribute("label");
    let term = attribute("term").or_else(|| label.clone()).or_else(|| extra.words())?;
    Some(Category { term, scheme: attribute("scheme"), label })
}

fn markup(text: String) -> Markup {
    let html = looks_like_html(&text);
    Markup { text, html }
}
