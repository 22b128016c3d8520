//! Texts and names: lines that people read, ids, languages, time zones, choices, selectors and patterns.

use chrono_tz::{TZ_VARIANTS, Tz};
use regex::RegexBuilder;
use serde_json::{Value, json};
use toml::de::DeValue;

use super::notes::Notes;
use super::read::{FromText, FromToml, Node, Wrong};
use crate::model::language::Language;
use crate::model::nearest;
use crate::model::source::{Field, Rank, Reuse, Robots, SourceId};
use crate::model::text::one_line;
use crate::model::topic::TopicId;
use crate::model::verdict::Outcome;
use crate::parse::page::check_selector;

/// A compiled pattern may take this many bytes: more than any list of links needs, less than hurts.
const PATTERN_SIZE: usize = 1 << 20;

/// Any text; terms are checked by the rules, references by their lists.
impl FromText for String {
    fn parse(text: &str) -> Result<Self, Wrong> {
        Ok(text.to_owned())
    }

    fn expected() -> String {
        "text in quotes".to_owned()
    }
}

/// A text that people read: one line, not empty.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Line(pub(super) String);

impl FromText for Line {
    fn parse(text: &str) -> Result<Self, Wrong> {
        let line = one_line(text);
        if line.is_empty() { Err(Wrong::new("is empty")) } else { Ok(Self(line)) }
    }

    fn expected() -> String {
        "a line of text".to_owned()
    }

    fn schema() -> Value {
        json!({ "type": "string", "minLength": 1 })
    }
}

/// What goes into a header of HTTP.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct HeaderLine(pub(super) String);

impl FromText for HeaderLine {
    fn parse(text: &str) -> Result<Self, Wrong> {
        let text = text.trim();
        if text.is_empty() || !text.bytes().all(|byte| byte == b' ' || byte.is_ascii_graphic()) {
            return Err(Wrong::new("may hold plain letters, digits and signs only, and at least one"));
        }
        Ok(Self(text.to_owned()))
    }

    fn expected() -> String {
        "a name and a contact, such as \"bulletin/1.0 (+https://ifcba.org/)\"".to_owned()
    }
}

impl FromText for SourceId {
    fn parse(text: &str) -> Result<Self, Wrong> {
        Self::parse(text).ok_or_else(|| no_id(text))
    }

    fn expected() -> String {
        id_expected()
    }

    fn schema() -> Value {
        id_schema()
    }
}

impl FromText for TopicId {
    fn parse(text: &str) -> Result<Self, Wrong> {
        Self::parse(text).ok_or_else(|| no_id(text))
    }

    fn expected() -> String {
        id_expected()
    }

    fn schema() -> Value {
        id_schema()
    }
}

fn no_id(text: &str) -> Wrong {
    let hint = nearest::id(text).map_or_else(String::new, |id| format!("did you mean \"{id}\"?"));
    Wrong::new("is no id").hint(hint)
}

fn id_expected() -> String {
    "small letters, digits and single hyphens, at most 64, such as \"eu-trade\"".to_owned()
}

fn id_schema() -> Value {
    json!({ "type": "string", "pattern": "^[a-z0-9]+(-[a-z0-9]+)*$", "maxLength": 64 })
}

impl FromText for Language {
    fn parse(text: &str) -> Result<Self, Wrong> {
        Self::parse(text).ok_or_else(|| Wrong::new("is no language tag"))
    }

    fn expected() -> String {
        "a language tag of two or three letters, perhaps with more: \"en\", \"fr\", \"pt-BR\"".to_owned()
    }

    fn schema() -> Value {
        json!({ "type": "string", "pattern": "^[A-Za-z]{2,3}([-_][A-Za-z0-9]{1,8})*$" })
    }
}

impl FromText for Tz {
    fn parse(text: &str) -> Result<Self, Wrong> {
        text.parse().map_err(|_| {
            let near = nearest::nearest(text, TZ_VARIANTS.iter().map(|zone| zone.name()));
            let hint = near.map_or_else(String::new, |name| format!("did you mean \"{name}\"?"));
            Wrong::new("is no time zone").hint(hint)
        })
    }

    fn expected() -> String {
        "\"UTC\", or continent and city, such as \"Europe/Brussels\"".to_owned()
    }
}

/// A set of words to choose from.
pub(super) trait Choice: Copy + 'static {
    const ALL: &'static [(&'static str, Self)];
}

impl Choice for Rank {
    const ALL: &'static [(&'static str, Self)] = &[
        ("institution", Self::Institution),
        ("partner", Self::Partner),
        ("press", Self::Press),
        ("aggregator", Self::Aggregator),
    ];
}

impl Choice for Reuse {
    const ALL: &'static [(&'static str, Self)] =
        &[("link", Self::Link), ("excerpt", Self::Excerpt), ("full", Self::Full)];
}

impl Choice for Robots {
    const ALL: &'static [(&'static str, Self)] =
        &[("obey", Self::Obey), ("subscription", Self::Subscription)];
}

impl Choice for Field {
    const ALL: &'static [(&'static str, Self)] = &[
        ("link", Self::Link),
        ("date", Self::Date),
        ("summary", Self::Summary),
        ("language", Self::Language),
        ("id", Self::Id),
    ];
}

impl Choice for Outcome {
    const ALL: &'static [(&'static str, Self)] =
        &[("publish", Self::Publish), ("review", Self::Review), ("drop", Self::Drop)];
}

/// One word of a set.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct OneOf<C>(pub(super) C);

impl<C: Choice> FromText for OneOf<C> {
    fn parse(text: &str) -> Result<Self, Wrong> {
        let words = C::ALL.iter().map(|(word, _)| *word);
        C::ALL.iter().find(|(word, _)| *word == text).map(|(_, choice)| Self(*choice)).ok_or_else(|| {
            let near = nearest::nearest(text, words);
            Wrong::new(format!("cannot be `{}`", text.escape_debug()))
                .hint(near.map_or_else(String::new, |word| format!("did you mean \"{word}\"?")))
        })
    }

    fn expected() -> String {
        format!("one of {}", nearest::list(C::ALL.iter().map(|(word, _)| *word)))
    }

    fn schema() -> Value {
        json!({ "type": "string", "enum": C::ALL.iter().map(|(word, _)| *word).collect::<Vec<_>>() })
    }
}

/// A CSS selector.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Css(pub(super) String);

impl FromText for Css {
    fn parse(text: &str) -> Result<Self, Wrong> {
        check_selector(text).map_err(Wrong::new)?;
        Ok(Self(text.to_owned()))
    }

    fn expected() -> String {
        "a CSS selector such as \"div.news a.headline\"".to_owned()
    }
}

/// A regular expression.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Pattern(pub(super) String);

impl FromText for Pattern {
    fn parse(text: &str) -> Result<Self, Wrong> {
        if text.is_empty() {
            return Err(Wrong::new("is empty").hint("leave the key out, or say what to look for"));
        }
        match RegexBuilder::new(text).size_limit(PATTERN_SIZE).build() {
            Ok(_) => Ok(Self(text.to_owned())),
            Err(regex::Error::CompiledTooBig(_)) => Err(Wrong::new("is too large a pattern")),
            Err(error) => {
                let said = error.to_string();
                let reason = said.lines().last().unwrap_or_default().trim_start_matches("error: ");
                Err(Wrong::new(format!("is no regular expression: {reason}")))
            }
        }
    }

    fn expected() -> String {
        r"a regular expression in single quotes, such as '/news/\d{4}/'".to_owned()
    }

    fn schema() -> Value {
        json!({ "type": "string", "format": "regex", "minLength": 1 })
    }
}

/// A title: one for all readers, or one per language.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Title(Vec<(Option<Language>, Line)>);

impl Title {
    /// For readers of a language: their own, else English, else the first.
    pub(super) fn in_language(&self, language: &Language) -> Option<&str> {
        let wanted = [language.primary(), "en"];
        wanted
            .iter()
            .find_map(|primary| {
                self.0.iter().find(|(of, _)| of.as_ref().is_some_and(|of| of.primary() == *primary))
            })
            .or(self.0.first())
            .map(|(_, title)| title.0.as_str())
    }
}

impl FromToml for Title {
    fn read(node: Node<'_>, notes: &mut Notes<'_>) -> Option<Self> {
        let DeValue::Table(table) = node.value.get_ref() else {
            return Some(Self(vec![(None, Line::read(node, notes)?)]));
        };
        let mut titles = Vec::new();
        for (key, value) in table {
            let language = Language::parse(key.get_ref());
            if language.is_none() {
                let hint = format!("expected {}", <Language as FromText>::expected());
                notes.wrong(key.span(), &format!("`{}` is no language tag", key.get_ref()), hint);
            }
            let title = Line::read(Node { key: node.key, number: None, value }, notes);
            titles.extend(
                language.zip(title).map(|(language, title)| (value.span().start, (Some(language), title))),
            );
        }
        if table.is_empty() {
            node.wrong(notes, "is empty", format!("expected {}", <Self as FromToml>::expected()));
        }
        titles.sort_by_key(|(at, _)| *at);
        (!titles.is_empty()).then(|| Self(titles.into_iter().map(|(_, title)| title).collect()))
    }

    fn schema() -> Value {
        let line = <Line as FromText>::schema();
        json!({ "anyOf": [line, { "type": "object", "minProperties": 1, "additionalProperties": line }] })
    }

    fn expected() -> String {
        "a text, or one per language: { en = \"Origin\", fr = \"Origine\" }".to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use toml::de::DeValue;

    fn check<T: FromText>(text: &str, wrong: Option<(&str, &str)>) {
        let said = T::parse(text).err().map(|wrong| (wrong.message, wrong.hint));
        assert_eq!(said, wrong.map(|(message, hint)| (message.to_owned(), hint.to_owned())), "{text:?}");
    }

    #[test]
    fn ids_are_slugs_and_the_slug_is_proposed() {
        check::<SourceId>("eu-trade", None);
        check::<SourceId>("EU Trade", Some(("is no id", "did you mean \"eu-trade\"?")));
        check::<TopicId>("../x/", Some(("is no id", "did you mean \"x\"?")));
        check::<TopicId>("海关", Some(("is no id", "")));
    }

    #[test]
    fn time_zones_are_known_by_the_city() {
        check::<Tz>("Europe/Brussels", None);
        check::<Tz>("Brussels", Some(("is no time zone", "did you mean \"Europe/Brussels\"?")));
        check::<Tz>("Mars", Some(("is no time zone", "")));
    }

    #[test]
    fn a_choice_names_the_nearest() {
        check::<OneOf<Rank>>("press", None);
        check::<OneOf<Rank>>("Pres", Some(("cannot be `Pres`", "did you mean \"press\"?")));
        check::<OneOf<Rank>>("high", Some(("cannot be `high`", "")));
    }

    #[test]
    fn patterns_compile_and_stay_small() {
        check::<Pattern>(r"/news/\d{4}/", None);
        check::<Pattern>("(a", Some(("is no regular expression: unclosed group", "")));
        check::<Pattern>("(a{1000}){1000}", Some(("is too large a pattern", "")));
    }

    #[test]
    fn selectors_parse() {
        check::<Css>("h3 > a.headline, h4 a[href]", None);
        check::<Css>("a[", Some(("is no CSS selector: it breaks off", "")));
        check::<Css>(
            "a..b",
            Some(("is no CSS selector: write it as in a style sheet, for example `div.news h3 > a`", "")),
        );
        check::<Css>("", Some(("is empty", "")));
    }

    #[test]
    fn what_goes_into_a_header_is_plain() {
        check::<HeaderLine>("bulletin/1.0 (+https://ifcba.org/)", None);
        let wrong = "may hold plain letters, digits and signs only, and at least one";
        for text in ["a\r\nCookie: x", "", "Brücke"] {
            check::<HeaderLine>(text, Some((wrong, "")));
        }
    }

    #[test]
    fn a_title_speaks_the_reader_s_language_else_english_else_what_there_is() {
        let title = |written: &str, language: &str| {
            let value = DeValue::parse(written).unwrap();
            let node = Node { key: "title", number: None, value: &value };
            let title = Title::read(node, &mut Notes::new(written)).unwrap();
            title.in_language(&Language::parse(language).unwrap()).unwrap().to_owned()
        };
        let written = r#"{ zh = "原产地", en = "Origin", fr = "Origine" }"#;
        assert_eq!(title(written, "fr-CH"), "Origine");
        assert_eq!(title(written, "es"), "Origin");
        assert_eq!(title(r#"{ zh = "原产地", fr = "Origine" }"#, "es"), "原产地");
        assert_eq!(title(r#""Origin""#, "es"), "Origin");
    }
}
