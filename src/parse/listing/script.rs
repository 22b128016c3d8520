//! Lists in scripts, found by their name: `news_item[3] = { … };`, `var news = [ … ];`, `"news": [ … ]`, `news({ … })`.

use serde_json::Value;

use super::literal::Cursor;

/// What stands in brackets between a name and its value is a number or a short name.
const LONGEST_INDEX: usize = 64;

/// A script that holds a list for people to read has few others.
const MOST_NAMES: usize = 8;

/// What is wrong with the name of a list, in words that follow it; `Ok` if it can be used.
pub fn check_name(name: &str) -> Result<(), String> {
    let is_part = |c: char| c.is_alphanumeric() || matches!(c, '_' | '$' | '-');
    if !name.is_empty() && name.chars().all(is_part) {
        Ok(())
    } else {
        Err("must be one name: of `window.data.news[3] = …` it is \"news\"".to_owned())
    }
}

/// What the scripts of a page, or a script alone, put under a name: one list or object as it is, several as a list.
/// `None`: nothing.
pub(super) fn find(text: &str, name: &str) -> Option<Value> {
    let mut found = Vec::new();
    if text.trim_start().starts_with('<') {
        for (tag, content) in scripts(text) {
            if has_id(tag, name) {
                found.extend(Cursor::new(content).value().filter(is_list));
            } else {
                search(content, name, &mut found);
            }
        }
    } else {
        search(text, name, &mut found);
    }
    match found.len() {
        0 => None,
        1 => found.pop(),
        _ => Some(Value::Array(found.into_iter().flat_map(parts).collect())),
    }
}

/// Every list of a script, each with its name, in the order in which they first stand there.
pub(super) fn all(script: &str) -> Vec<(String, Value)> {
    let mut names: Vec<&str> = Vec::new();
    let mut cursor = Cursor::new(script);
    loop {
        cursor.skip_space();
        let Some(next) = cursor.peek() else { break };
        if matches!(next, '"' | '\'' | '`') {
            cursor.string();
            continue;
        }
        let name = cursor.name();
        if name.is_empty() {
            cursor.next();
        } else if is_given(&mut cursor) && names.len() < MOST_NAMES && !names.contains(&name) {
            names.push(name);
        }
    }
    names.into_iter().filter_map(|name| Some((name.to_owned(), find(script, name)?))).collect()
}

/// Does a list or an object follow? Then what stands in it has no list of its own.
fn is_given(cursor: &mut Cursor<'_>) -> bool {
    leads_to_value(cursor) && {
        cursor.skip_space();
        matches!(cursor.peek(), Some('[' | '{')) && cursor.value().is_some_and(|value| is_list(&value))
    }
}

fn parts(value: Value) -> Vec<Value> {
    match value {
        Value::Array(values) => values,
        other => vec![other],
    }
}

fn is_list(value: &Value) -> bool {
    value.is_array() || value.is_object()
}

/// Each script of a page: what stands in its tag, and what stands between its tags.
fn scripts(html: &str) -> impl Iterator<Item = (&str, &str)> {
    let mut rest = html;
    std::iter::from_fn(move || {
        let start = find_ignoring_case(rest, "<script")?;
        let (tag, content) = rest.get(start..)?.split_once('>')?;
        let end = find_ignoring_case(content, "</script").unwrap_or(content.len());
        rest = content.get(end..)?;
        Some((tag, content.get(..end)?))
    })
}

fn find_ignoring_case(text: &str, what: &str) -> Option<usize> {
    let (bytes, what) = (text.as_bytes(), what.as_bytes());
    bytes.windows(what.len()).position(|window| window.eq_ignore_ascii_case(what))
}

fn has_id(tag: &str, name: &str) -> bool {
    let values = tag.split("id=").skip(1).map(|rest| rest.trim_start_matches(['"', '\'']));
    values
        .filter_map(|rest| rest.strip_prefix(name))
        .any(|rest| rest.is_empty() || rest.starts_with(['"', '\'', ' ']))
}

/// One pass: strings and remarks are stepped over, and what follows the name is read as a value.
fn search(script: &str, name: &str, found: &mut Vec<Value>) {
    let mut cursor = Cursor::new(script);
    loop {
        cursor.skip_space();
        let Some(next) = cursor.peek() else { return };
        let is_name = if matches!(next, '"' | '\'' | '`') {
            cursor.string().is_some_and(|text| text == name)
        } else {
            let word = cursor.name();
            if word.is_empty() {
                cursor.next();
            }
            word == name
        };
        if is_name && leads_to_value(&mut cursor) {
            found.extend(cursor.value().filter(is_list));
        }
    }
}

/// Goes over `[3] =`, `:`, `.push(`, `(`, ` = ` to the value.
fn leads_to_value(cursor: &mut Cursor<'_>) -> bool {
    loop {
        cursor.skip_space();
        if cursor.take("==") || cursor.take("=>") {
            return false;
        }
        if cursor.take("=") || cursor.take(":") || cursor.take("(") {
            return true;
        }
        if cursor.take("[") {
            let is_short = cursor.rest().bytes().take(LONGEST_INDEX).any(|byte| byte == b']');
            while is_short && !cursor.take("]") {
                cursor.next();
            }
            if !is_short {
                return false;
            }
        } else if !cursor.take(".push") && !cursor.take(".concat") {
            return false;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn check(text: &str, json: &str) {
        let shown = find(text, "news").map(|value| value.to_string()).unwrap_or_default();
        assert_eq!(shown, json, "{text}");
    }

    #[test]
    fn a_list_may_be_given_piece_by_piece() {
        check(
            "var news = new Array(); news[0] = {a: 1}; /* news[1] = {a: 2}; */ news[n++] = {a: 3};",
            r#"[{"a":1},{"a":3}]"#,
        );
        check("news.push({a: 1}); x.news.push({a: 2}, 3)", r#"[{"a":1},{"a":2}]"#);
    }

    #[test]
    fn or_whole() {
        check("window.news = [{a: 1}, {a: 2}];", r#"[{"a":1},{"a":2}]"#);
        check(r#"load({"other": 1, "news": [{"a": 1}]})"#, r#"[{"a":1}]"#);
        check("news({a: [1]})", r#"{"a":[1]}"#);
    }

    #[test]
    fn or_in_the_scripts_of_a_page() {
        let page = "<p>it's news = {a: 0}</p><SCRIPT>news[0] = {a: '<b>'}</script><script>news[1]={a:2}";
        check(page, r#"[{"a":"<b>"},{"a":2}]"#);
        check(r#"<script type="application/json" id="news">{"a": [1]}</script>"#, r#"{"a":[1]}"#);
    }

    #[test]
    fn what_only_looks_like_it_is_not() {
        check(
            "old_news = [1]; newsroom = [2]; news == [3]; x = 'news = [4]'; // news = [5]\nnews = 6; news => [7]",
            "",
        );
        check("", "");
    }

    #[test]
    fn a_name_is_one_word() {
        assert_eq!(check_name("news_item"), Ok(()));
        assert!(check_name("news_item[n]").is_err() && check_name("").is_err());
    }

    proptest! {
        #[test]
        fn nothing_makes_it_panic(text in "(news|<script>|</script|[\\[{}\\]()a\"'=.:,; \n]){0,30}") {
            let _ = find(&text, "news");
        }
    }
}
