//! Takes an expression apart: brackets, operators, fields, words and "phrases".

use std::ops::Range;

use super::term::Mistake;
use crate::model::nearest::nearest;
use crate::model::verdict::Field;

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Token {
    pub(super) kind: Kind,
    pub(super) at: Range<usize>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Kind {
    Open,
    Close,
    And,
    Or,
    Not,
    Near(usize),
    Field(Field),
    Word(String),
    /// What stands between two slashes.
    Pattern(String),
    /// `exact` for `="…"`.
    Phrase {
        words: String,
        exact: bool,
    },
}

impl Token {
    pub(super) fn canonical(&self) -> String {
        match &self.kind {
            Kind::Open => "(".to_owned(),
            Kind::Close => ")".to_owned(),
            Kind::And => "AND".to_owned(),
            Kind::Or => "OR".to_owned(),
            Kind::Not => "NOT".to_owned(),
            Kind::Near(words) => format!("NEAR/{words}"),
            Kind::Field(field) => format!("{}:", field.as_str()),
            Kind::Word(word) => word.clone(),
            Kind::Pattern(body) => format!("/{body}/"),
            Kind::Phrase { words, exact } => format!("{}\"{words}\"", if *exact { "=" } else { "" }),
        }
    }
}

pub(super) fn tokens(text: &str) -> Result<Vec<Token>, Mistake> {
    let mut tokens = Vec::new();
    let mut at = 0;
    while let Some(c) = text.get(at..).and_then(|rest| rest.chars().next()) {
        let rest = text.get(at..).unwrap_or_default();
        let (kind, length) = match c {
            _ if c.is_whitespace() => {
                at += c.len_utf8();
                continue;
            }
            '(' | '（' => (Kind::Open, c.len_utf8()),
            ')' | '）' => (Kind::Close, c.len_utf8()),
            '/' => pattern(rest).map_err(|mistake| mistake.moved(at))?,
            _ if closing(c).is_some() => phrase(rest, false).map_err(|mistake| mistake.moved(at))?,
            '=' if rest.chars().nth(1).and_then(closing).is_some() => {
                phrase(rest, true).map_err(|mistake| mistake.moved(at))?
            }
            _ => word(rest).map_err(|mistake| mistake.moved(at))?,
        };
        tokens.push(Token { kind, at: at..at + length });
        at += length;
    }
    Ok(tokens)
}

pub(super) fn is_field(name: &str) -> bool {
    field(name).is_some()
}

/// A greater distance than any sentence has.
const FARTHEST: usize = 100;

const FIELDS: [(&str, Field); 8] = [
    ("title", Field::Title),
    ("summary", Field::Summary),
    ("content", Field::Content),
    ("author", Field::Author),
    ("link", Field::Link),
    ("source", Field::Source),
    ("lang", Field::Language),
    ("category", Field::Category),
];

fn field(name: &str) -> Option<Field> {
    FIELDS.iter().find(|(known, _)| *known == name).map(|(_, field)| *field)
}

/// What closes a quotation that begins so.
fn closing(quote: char) -> Option<&'static [char]> {
    match quote {
        '"' => Some(&['"']),
        '“' | '„' | '”' => Some(&['”', '“', '"']),
        '«' => Some(&['»']),
        _ => None,
    }
}

fn phrase(rest: &str, exact: bool) -> Result<(Kind, usize), Mistake> {
    let before = usize::from(exact);
    let quote = rest.chars().nth(before).unwrap_or_default();
    let start = before + quote.len_utf8();
    let inside = rest.get(start..).unwrap_or_default();
    let Some((length, close)) =
        closing(quote).and_then(|closing| inside.char_indices().find(|(_, c)| closing.contains(c)))
    else {
        let message = "the quotation mark is never closed";
        return Err(Mistake::new(before..start, message, format!("write \"{}\"", inside.trim())));
    };
    let words = inside.get(..length).unwrap_or_default().trim().to_owned();
    Ok((Kind::Phrase { words, exact }, start + length + close.len_utf8()))
}

/// `/…/`; a backslash keeps the slash behind it.
fn pattern(rest: &str) -> Result<(Kind, usize), Mistake> {
    let mut is_kept = false;
    let close = rest.char_indices().skip(1).find(|(_, c)| {
        let ends = *c == '/' && !is_kept;
        is_kept = *c == '\\' && !is_kept;
        ends
    });
    let Some((close, _)) = close else {
        let message = "the pattern that begins with this slash is never closed";
        let word = rest.split_whitespace().next().unwrap_or_default();
        return Err(Mistake::new(
            0..1,
            message,
            format!("write {word}/ for a pattern, \"{word}\" for words"),
        ));
    };
    let length = close + 1;
    let after = rest.get(length..).unwrap_or_default();
    let more = after.split(|c: char| c.is_whitespace() || matches!(c, ')' | '）')).next().unwrap_or_default();
    if !more.is_empty() {
        let message = format!("the pattern ends at the slash before `{more}`");
        let hint = "write \\/ for a slash inside; letter case never counts, so `i` is not needed";
        return Err(Mistake::new(length..length + more.len(), message, hint));
    }
    Ok((Kind::Pattern(rest.get(1..close).unwrap_or_default().to_owned()), length))
}

fn word(rest: &str) -> Result<(Kind, usize), Mistake> {
    let ends = |c: char| c.is_whitespace() || matches!(c, '(' | ')' | '（' | '）') || closing(c).is_some();
    let word = rest.split(ends).next().unwrap_or_default();
    let name = word.split([':', '：']).next().unwrap_or_default();
    if let Some(colon) = word.get(name.len()..).and_then(|rest| rest.chars().next()) {
        if let Some(field) = field(&name.to_ascii_lowercase()) {
            return Ok((Kind::Field(field), name.len() + colon.len_utf8()));
        }
        if !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_alphabetic()) {
            return Err(unknown_field(name, word));
        }
    }
    let kind = match word {
        "AND" | "&&" => Kind::And,
        "OR" | "||" => Kind::Or,
        "NOT" => Kind::Not,
        _ if word.starts_with("NEAR") => Kind::Near(distance(word)?),
        "and" | "or" | "not" | "And" | "Or" | "Not" => return Err(small_operator(word)),
        _ if word.starts_with("near/") => return Err(small_operator(word)),
        _ => Kind::Word(word.to_owned()),
    };
    Ok((kind, word.len()))
}

fn unknown_field(name: &str, word: &str) -> Mistake {
    let names = FIELDS.map(|(known, _)| known);
    let known = names.join(", ");
    let hint = match nearest(name, names) {
        Some(nearest) => format!("did you mean `{nearest}:`? Fields are {known}"),
        None => format!("fields are {known}; if the colon belongs to the words, write \"{word}\""),
    };
    Mistake::new(0..name.len() + 1, format!("there is no field `{name}`"), hint)
}

fn distance(word: &str) -> Result<usize, Mistake> {
    let words = word.strip_prefix("NEAR/").and_then(|words| words.parse().ok());
    words.filter(|words| (1..=FARTHEST).contains(words)).ok_or_else(|| {
        let message = format!("`{word}` needs a number of words from 1 to {FARTHEST}");
        Mistake::new(0..word.len(), message, "write it as in: duties NEAR/5 \"electronic transmissions\"")
    })
}

fn small_operator(word: &str) -> Mistake {
    let message = format!("`{word}` is not an operator: operators are written in capitals");
    let hint = format!("write {}, or \"{word}\" if you mean the word", word.to_ascii_uppercase());
    Mistake::new(0..word.len(), message, hint)
}
