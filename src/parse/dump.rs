//! A document as one JSON value, for people and programs who want to see what was read (form feed-dump/1).

use chrono::{DateTime, SecondsFormat, Utc};
use serde_json::{Map, Value, json};
use url::Url;

use super::document::{
    About, Category, Document, Enclosure, FlawCode, Generator, Image, Link, ParsedEntry, Person, Reply,
    TextInput,
};
use super::html;
use crate::model::language::Language;
use crate::model::text::{Markup, clean, one_line};

/// The document as one JSON value; every HTML in it is sanitised, what is absent is left out.
pub fn json(document: &Document) -> Value {
    let broken = document.flaws.iter().any(|flaw| match flaw.code {
        FlawCode::Encoding | FlawCode::Repaired | FlawCode::Truncated => true,
        FlawCode::Date | FlawCode::Entry | FlawCode::Limit => false,
    });
    let problems =
        document.flaws.iter().map(|flaw| json!({"code": flaw.code.as_str(), "message": flaw.message}));
    let mut value = Object::default();
    value.text("version", Some(&document.version));
    value.text("encoding", Some(&document.encoding));
    value.put("bozo", Value::Bool(broken));
    value.put("feed", about(&document.about));
    value.put("entries", document.entries.iter().map(entry).collect());
    value.list("deleted", document.deleted.iter().map(|id| json!(id)).collect());
    value.list("problems", problems.collect());
    value.into_value()
}

fn about(about: &About) -> Value {
    let base = about.base.as_ref();
    let mut value = Object::default();
    value.title(about.title.as_ref(), base);
    value.markup("subtitle_html", about.subtitle.as_ref(), base);
    value.text("link", alternate(&about.links));
    value.list("links", about.links.iter().map(link).collect());
    value.text("id", about.id.as_deref());
    value.text("language", about.language.as_ref().map(Language::as_str));
    value.time("updated", about.updated);
    value.time("published", about.published);
    value.list("authors", about.authors.iter().map(person).collect());
    value.list("contributors", about.contributors.iter().map(person).collect());
    value.list("categories", about.categories.iter().map(category).collect());
    value.markup("rights_html", about.rights.as_ref(), base);
    value.some("generator", about.generator.as_ref().map(generator));
    value.some("image", about.image.as_ref().map(image));
    value.text("icon", about.icon.as_deref());
    value.text("logo", about.logo.as_deref());
    value.some("ttl", about.ttl.map(Value::from));
    value.some("cloud", cloud(&about.cloud));
    value.some("textinput", about.text_input.as_ref().map(text_input));
    value.into_value()
}

fn entry(entry: &ParsedEntry) -> Value {
    let base = entry.base.as_ref();
    let mut value = Object::default();
    value.text("id", entry.id.as_deref());
    value.title(entry.title.as_ref(), base);
    value.text("link", entry.link());
    value.list("links", entry.links.iter().map(link).collect());
    value.markup("summary_html", entry.summary.as_ref(), base);
    value.markup("content_html", entry.content.as_ref(), base);
    value.text("content_src", entry.content_src.as_deref());
    value.text("content_language", entry.content_language.as_ref().map(Language::as_str));
    value.text("language", entry.language.as_ref().map(Language::as_str));
    value.list("authors", entry.authors.iter().map(person).collect());
    value.list("contributors", entry.contributors.iter().map(person).collect());
    value.list("categories", entry.categories.iter().map(category).collect());
    value.time("published", entry.published);
    value.time("updated", entry.updated);
    value.list("enclosures", entry.enclosures.iter().map(enclosure).collect());
    value.text("comments", entry.comments.as_deref());
    value.markup("rights_html", entry.rights.as_ref(), base);
    value.some("image", entry.image.as_ref().map(image));
    value.text("thumbnail", entry.thumbnail.as_deref());
    value.some("source", entry.origin.as_deref().map(about));
    value.list("in_reply_to", entry.in_reply_to.iter().map(reply).collect());
    value.into_value()
}

fn alternate(links: &[Link]) -> Option<&str> {
    links.iter().find(|link| link.rel == "alternate").map(|link| link.href.as_str())
}

fn link(link: &Link) -> Value {
    let mut value = Object::default();
    value.text("href", Some(&link.href));
    value.text("rel", Some(&link.rel));
    value.text("type", link.media_type.as_deref());
    value.text("title", link.title.as_deref());
    value.text("hreflang", link.language.as_deref());
    value.some("length", link.length.map(Value::from));
    value.into_value()
}

fn person(person: &Person) -> Value {
    let mut value = Object::default();
    value.text("name", person.name.as_deref());
    value.text("email", person.email.as_deref());
    value.text("uri", person.uri.as_deref());
    value.into_value()
}

fn category(category: &Category) -> Value {
    let mut value = Object::default();
    value.text("term", Some(&category.term));
    value.text("scheme", category.scheme.as_deref());
    value.text("label", category.label.as_deref());
    value.into_value()
}

fn generator(generator: &Generator) -> Value {
    let mut value = Object::default();
    value.text("name", generator.name.as_deref());
    value.text("uri", generator.uri.as_deref());
    value.text("version", generator.version.as_deref());
    value.into_value()
}

fn image(image: &Image) -> Value {
    let mut value = Object::default();
    value.text("url", Some(&image.url));
    value.text("title", image.title.as_deref());
    value.text("link", image.link.as_deref());
    value.into_value()
}

fn enclosure(enclosure: &Enclosure) -> Value {
    let mut value = Object::default();
    value.text("url", Some(&enclosure.url));
    value.text("type", enclosure.media_type.as_deref());
    value.some("length", enclosure.length.map(Value::from));
    value.into_value()
}

fn reply(reply: &Reply) -> Value {
    let mut value = Object::default();
    value.text("ref", reply.id.as_deref());
    value.text("href", reply.href.as_deref());
    value.text("type", reply.media_type.as_deref());
    value.text("source", reply.source.as_deref());
    value.into_value()
}

fn text_input(input: &TextInput) -> Value {
    let mut value = Object::default();
    value.text("title", input.title.as_deref());
    value.text("description", input.description.as_deref());
    value.text("name", input.name.as_deref());
    value.text("link", input.link.as_deref());
    value.into_value()
}

fn cloud(attributes: &[(String, String)]) -> Option<Value> {
    let mut value = Object::default();
    for (name, text) in attributes {
        value.text(name, Some(text));
    }
    (!attributes.is_empty()).then(|| value.into_value())
}

/// An object under construction, in which what is absent is left out.
#[derive(Default)]
struct Object(Map<String, Value>);

impl Object {
    fn put(&mut self, name: &str, value: Value) {
        self.0.insert(name.to_owned(), value);
    }

    fn some(&mut self, name: &str, value: Option<Value>) {
        if let Some(value) = value {
            self.put(name, value);
        }
    }

    fn text(&mut self, name: &str, text: Option<&str>) {
        let text = text.map(clean).filter(|text| !text.is_empty());
        self.some(name, text.map(Value::from));
    }

    fn list(&mut self, name: &str, values: Vec<Value>) {
        if !values.is_empty() {
            self.put(name, Value::Array(values));
        }
    }

    fn time(&mut self, name: &str, time: Option<DateTime<Utc>>) {
        self.some(name, time.map(|time| time.to_rfc3339_opts(SecondsFormat::AutoSi, true).into()));
    }

    fn markup(&mut self, name: &str, markup: Option<&Markup>, base: Option<&Url>) {
        let html = markup.map(|markup| html::sanitise(markup, base));
        self.text(name, html.as_deref());
    }

    fn title(&mut self, title: Option<&Markup>, base: Option<&Url>) {
        self.text("title", title.map(|title| one_line(&html::text(title))).as_deref());
        self.markup("title_html", title, base);
    }

    fn into_value(self) -> Value {
        Value::Object(self.0)
    }
}
