//! The reader: values of a TOML tree become types; a mistake is noted and the reading goes on.

use std::ops::{Deref, Range};
use std::sync::LazyLock;

use serde_json::{Value, json};
use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::notes::Notes;
use crate::model::nearest;

/// A value of the file, and what to call it in a message.
#[derive(Debug, Clone, Copy)]
pub(super) struct Node<'a> {
    pub(super) key: &'a str,
    /// Its place in a list, from 1.
    pub(super) number: Option<usize>,
    pub(super) value: &'a Spanned<DeValue<'a>>,
}

/// What can be read from a value. `None`: it could not, and the notes say why.
pub(super) trait FromToml: Sized {
    fn read(node: Node<'_>, notes: &mut Notes<'_>) -> Option<Self>;

    /// The JSON Schema of such a value.
    fn schema() -> Value;

    /// What is expected, to follow "expected"; empty where the name says it.
    fn expected() -> String {
        String::new()
    }
}

/// What is written as text in quotes.
pub(super) trait FromText: Sized {
    fn parse(text: &str) -> Result<Self, Wrong>;

    /// What is expected, to follow "expected": `a duration such as "6h"`.
    fn expected() -> String;

    fn schema() -> Value {
        json!({ "type": "string" })
    }
}

/// What is wrong with a text.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Wrong {
    /// What to say of it: "is empty".
    pub(super) message: String,
    /// Empty: what was expected says enough.
    pub(super) hint: String,
}

impl Wrong {
    pub(super) fn new(message: impl Into<String>) -> Self {
        Self { message: message.into(), hint: String::new() }
    }

    pub(super) fn hint(self, hint: impl Into<String>) -> Self {
        Self { hint: hint.into(), ..self }
    }
}

/// A value and its place, for what is checked later against other parts of the file.
#[derive(Debug, Clone)]
pub(super) struct At<T> {
    pub(super) value: T,
    pub(super) at: Range<usize>,
}

impl<T> Deref for At<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.value
    }
}

impl Node<'_> {
    /// "`allow` number 2"
    fn name(&self) -> String {
        match self.number {
            Some(number) => format!("`{}` number {number}", self.key),
            None => format!("`{}`", self.key),
        }
    }

    /// Says something of this value: "`interval` is no duration".
    pub(super) fn wrong(&self, notes: &mut Notes<'_>, message: &str, hint: impl Into<String>) {
        notes.wrong(self.value.span(), &format!("{} {message}", self.name()), hint);
    }

    pub(super) fn wrong_type(&self, notes: &mut Notes<'_>, wanted: &str, hint: impl Into<String>) {
        let found = match self.value.get_ref() {
            DeValue::String(_) => "text",
            DeValue::Integer(_) => "a whole number",
            DeValue::Float(_) => "one with a fraction",
            DeValue::Boolean(_) => "true or false",
            DeValue::Datetime(_) => "a date",
            DeValue::Array(_) => "a list",
            DeValue::Table(_) => "a table",
        };
        self.wrong(notes, &format!("must be {wanted}, not {found}"), hint);
    }
}

impl<T: FromText> FromToml for T {
    fn read(node: Node<'_>, notes: &mut Notes<'_>) -> Option<Self> {
        let Some(text) = node.value.get_ref().as_str() else {
            node.wrong_type(notes, "text in quotes", expected::<T>());
            return None;
        };
        T::parse(text)
            .map_err(|wrong| {
                let hint = if wrong.hint.is_empty() { expected::<T>() } else { wrong.hint };
                node.wrong(notes, &wrong.message, hint);
            })
            .ok()
    }

    fn schema() -> Value {
        <T as FromText>::schema()
    }

    fn expected() -> String {
        <T as FromText>::expected()
    }
}

fn expected<T: FromToml>() -> String {
    let what = T::expected();
    if what.is_empty() { what } else { format!("expected {what}") }
}

impl<T: FromToml> FromToml for At<T> {
    fn read(node: Node<'_>, notes: &mut Notes<'_>) -> Option<Self> {
        Some(Self { value: T::read(node, notes)?, at: node.value.span() })
    }

    fn schema() -> Value {
        T::schema()
    }

    fn expected() -> String {
        T::expected()
    }
}

impl FromToml for bool {
    fn read(node: Node<'_>, notes: &mut Notes<'_>) -> Option<Self> {
        let value = node.value.get_ref().as_bool();
        if value.is_none() {
            node.wrong_type(notes, "true or false", "without quotes, in small letters: true or false");
        }
        value
    }

    fn schema() -> Value {
        json!({ "type": "boolean" })
    }
}

impl<T: FromToml> FromToml for Vec<T> {
    /// What can be read of the list is kept.
    fn read(node: Node<'_>, notes: &mut Notes<'_>) -> Option<Self> {
        match node.value.get_ref() {
            DeValue::Array(values) => {
                let read = |(at, value)| T::read(Node { number: Some(at + 1), value, ..node }, notes);
                Some(values.iter().enumerate().filter_map(read).collect())
            }
            DeValue::Table(_) => {
                node.wrong_type(notes, "a list", format!("write `[[{}]]`, in double brackets", node.key));
                T::read(node, notes).map(|only| vec![only])
            }
            _ => {
                let written = notes.text().get(node.value.span()).unwrap_or("…");
                node.wrong_type(notes, "a list", format!("write it in brackets: [{written}]"));
                None
            }
        }
    }

    fn schema() -> Value {
        json!({ "type": "array", "items": T::schema() })
    }
}

/// A table being read: hands out its keys.
#[derive(Debug)]
pub(super) struct Table<'a> {
    entries: &'a DeTable<'a>,
    /// Its header, or its braces.
    at: Range<usize>,
}

impl<'a> Table<'a> {
    /// Opens a table. Keys that it cannot have are noted, and it is read all the same.
    pub(super) fn open(node: Node<'a>, keys: &[&str], notes: &mut Notes<'_>) -> Option<Self> {
        let Some(entries) = node.value.get_ref().as_table() else {
            let hint = if matches!(node.value.get_ref(), DeValue::Array(_)) {
                format!("write `[{}]` once, in single brackets", node.key)
            } else {
                format!("its keys are {}", nearest::list(keys.iter().copied()))
            };
            node.wrong_type(notes, "a table", hint);
            return None;
        };
        for (key, _) in entries.iter().filter(|(key, _)| !keys.contains(&key.get_ref().as_ref())) {
            let name = key.get_ref();
            notes.wrong(
                key.span(),
                &format!("unknown key `{name}`"),
                nearest::hint(name, keys.iter().copied()),
            );
        }
        Some(Self { entries, at: node.value.span() })
    }

    /// What messages call the table; `None` for the file itself.
    pub(super) fn label(noun: &str, node: Node<'_>) -> Option<String> {
        let id = node.value.get_ref().as_table().and_then(|table| table.get("id")?.get_ref().as_str());
        (!noun.is_empty()).then(|| label(noun, id, node.number))
    }

    pub(super) fn required<T: FromToml>(&self, key: &str, notes: &mut Notes<'_>) -> Option<T> {
        if self.entries.get(key).is_none() {
            notes.absent(self.at.clone(), &format!("`{key}` is missing"), expected::<T>());
        }
        self.optional(key, notes)
    }

    pub(super) fn optional<T: FromToml>(&self, key: &str, notes: &mut Notes<'_>) -> Option<T> {
        T::read(Node { key, number: None, value: self.entries.get(key)? }, notes)
    }

    pub(super) fn default<T: FromToml + Clone>(
        &self,
        key: &str,
        notes: &mut Notes<'_>,
        fallback: &LazyLock<T>,
    ) -> T {
        self.optional(key, notes).unwrap_or_else(|| T::clone(fallback))
    }
}

/// What `written` says, a value as it would stand in the file.
pub(super) fn fallback<T: FromToml>(written: &str) -> T {
    let value = DeValue::parse(written).expect("a default is written in TOML");
    T::read(Node { key: "", number: None, value: &value }, &mut Notes::new(written))
        .expect("a default is a value that could stand in the file")
}

/// "source `wto`", "source number 2", "page"
pub(super) fn label(noun: &str, id: Option<&str>, number: Option<usize>) -> String {
    match (id, number) {
        (Some(id), _) => format!("{noun} `{}`", id.escape_debug()),
        (None, Some(number)) => format!("{noun} number {number}"),
        (None, None) => noun.to_owned(),
    }
}
