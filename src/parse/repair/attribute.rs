//! The attributes that are kept, and how they are written.

use crate::parse::reference::{self, escape_into};
use crate::parse::survey::digest::is_base;

/// The attributes that are ours to keep, each preceded by a blank.
pub(super) fn written_attributes(attributes: &[(&str, &str)]) -> String {
    let mut out = String::new();
    for (index, (name, value)) in attributes.iter().enumerate() {
        let known = matches!(*name, "xml:lang" | "xml:base" | "rdf:about" | "rdf:resource")
            || !name.is_empty() && name.chars().all(|c| c != ':' && is_name(c)) && *name != "xmlns";
        let twice = attributes.iter().take(index).any(|(before, _)| before == name);
        let first = name.chars().next().is_some_and(|c| c.is_ascii_alphabetic() || c == '_');
        let value = reference::decode(value);
        if known && first && !twice && (*name != "xml:base" || is_base(&value)) {
            out.push(' ');
            out.push_str(name);
            out.push_str("=\"");
            escape_into(&mut out, &value);
            out.push('"');
        }
    }
    out
}

pub(super) fn is_name(c: char) -> bool {
    c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.' | ':')
}
