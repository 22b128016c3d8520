//! Paths into JSON (RFC 6901), and what a value says as text.

use serde_json::Value;

/// How deep a text may lie in what stands for it: `{"rendered": "…"}`, `[{"#text": "…"}]`.
const DEEPEST: usize = 4;

/// What is wrong with a path, in words that follow its name; `Ok` if it can be used.
pub fn check_path(path: &str) -> Result<(), String> {
    if path.is_empty() || path.starts_with('/') {
        Ok(())
    } else {
        Err(format!("must begin with `/`: \"/{}\"", path.trim_start_matches(['$', '.']).replace('.', "/")))
    }
}

/// The text at a path. A number counts; a list gives its first; an object that stands for a text (`{"cdata!": "…"}`,
/// `{"rendered": "…"}`) gives that.
pub(super) fn text(value: &Value, path: &str) -> Option<String> {
    said(value.pointer(path)?, DEEPEST).filter(|text| !text.is_empty())
}

fn said(value: &Value, depth: usize) -> Option<String> {
    let deeper = depth.checked_sub(1)?;
    match value {
        Value::String(text) => Some(text.trim().to_owned()),
        Value::Number(number) => Some(number.to_string()),
        Value::Array(values) => values.iter().find_map(|value| said(value, deeper)),
        Value::Object(fields) => {
            let named = ["cdata!", "#text", "rendered", "value"].iter().find_map(|name| fields.get(*name));
            let only = || fields.values().next().filter(|_| fields.len() == 1);
            said(named.or_else(only)?, deeper)
        }
        Value::Null | Value::Bool(_) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(json: &str, path: &str, expected: &str) {
        let value: Value = serde_json::from_str(json).expect("JSON");
        assert_eq!(text(&value, path).unwrap_or_default(), expected, "{json} {path}");
    }

    #[test]
    fn what_stands_for_a_text_is_one() {
        check(r#"{"a": " x "}"#, "/a", "x");
        check(r#"{"a": {"b": 7}}"#, "/a/b", "7");
        check(r#"{"a": ["x", "y"]}"#, "/a", "x");
        check(r#"{"a": ["x", "y"]}"#, "/a/1", "y");
        check(r#"{"a": {"cdata!": "x"}}"#, "/a", "x");
        check(r#"{"a": [{"rendered": "x", "protected": false}]}"#, "/a", "x");
        check(r#"{"a": {"en": "x"}}"#, "/a", "x");
    }

    #[test]
    fn what_does_not_is_none() {
        for json in [
            r#"{"a": null}"#,
            r#"{"a": true}"#,
            r#"{"a": {"b": "x", "c": "y"}}"#,
            r#"{"a": [[[["x"]]]]}"#,
            "{}",
        ] {
            check(json, "/a", "");
        }
    }

    #[test]
    fn a_path_begins_with_a_stroke() {
        assert_eq!(check_path(""), Ok(()));
        assert_eq!(check_path("/results"), Ok(()));
        assert_eq!(check_path("feed.entry"), Err("must begin with `/`: \"/feed/entry\"".to_owned()));
    }
}
