//! `manifest.json`: what was published, by which rules and which program. Written last, it says that the rest is there.

use ring::digest::{SHA256, digest};
use serde::Serialize;
use std::fmt::Write;

use super::feed;
use crate::config::Config;
use crate::model::page::Page;

#[derive(Serialize)]
struct Manifest<'a> {
    program: &'static str,
    version: &'static str,
    /// The fingerprint of the rules: it changes when a verdict could.
    rules: &'a str,
    pages: Vec<Listed<'a>>,
}

#[derive(Serialize)]
struct Listed<'a> {
    path: &'a str,
    bytes: usize,
    sha256: String,
}

/// Every other page with its length and SHA-256, by path. No clock is asked: the same pages give the same manifest.
pub fn manifest(config: &Config, pages: &[Page]) -> Page {
    list(config.rules.fingerprint(), pages)
}

fn list(rules: &str, pages: &[Page]) -> Page {
    let mut listed: Vec<_> = pages
        .iter()
        .map(|page| Listed { path: &page.path, bytes: page.bytes.len(), sha256: sha256(&page.bytes) })
        .collect();
    listed.sort_by_key(|page| page.path);
    let manifest = Manifest { program: feed::PROGRAM, version: feed::VERSION, rules, pages: listed };
    let mut bytes = serde_json::to_vec_pretty(&manifest).expect("every key is text");
    bytes.push(b'\n');
    Page { path: "manifest.json".to_owned(), bytes }
}

fn sha256(bytes: &[u8]) -> String {
    digest(&SHA256, bytes).as_ref().iter().fold(String::with_capacity(64), |mut hex, byte| {
        write!(hex, "{byte:02x}").expect("a String takes every byte");
        hex
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(pages: &[(&str, &str)], words: &[&str]) {
        let pages: Vec<_> = pages
            .iter()
            .map(|(path, text)| Page { path: (*path).to_owned(), bytes: text.as_bytes().to_vec() })
            .collect();
        let text = String::from_utf8(list("0123456789abcdef", &pages).bytes).expect("text");
        let mut from = 0;
        for word in words {
            from +=
                text[from..].find(word).unwrap_or_else(|| panic!("no {word} after byte {from} of {text}"));
        }
    }

    #[test]
    fn pages_stand_by_path_with_length_and_hash() {
        check(
            &[("b", "abc"), ("a", "")],
            &[
                "\"version\"",
                "\"rules\": \"0123456789abcdef\"",
                "\"a\"",
                "\"bytes\": 0",
                "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
                "\"b\"",
                "\"bytes\": 3",
                "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
            ],
        );
    }
}
