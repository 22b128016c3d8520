//! Values as a script writes them (`{ ni_date: "…", 'x': 1, }`), read and never run, in one pass.

use serde_json::{Map, Number, Value};

/// Deeper than any list of news; beyond, there is nothing to see.
const DEEPEST: usize = 32;

/// Values of one document: a bound on memory.
const MOST_VALUES: usize = 500_000;

/// Where we are in a script.
#[derive(Debug, Clone)]
pub(super) struct Cursor<'a> {
    text: &'a str,
    at: usize,
    /// So many values may still be read.
    left: usize,
    /// The text ended in the middle of a value.
    pub(super) is_cut: bool,
}

impl<'a> Cursor<'a> {
    pub(super) fn new(text: &'a str) -> Self {
        Self { text, at: 0, left: MOST_VALUES, is_cut: false }
    }

    pub(super) fn rest(&self) -> &'a str {
        self.text.get(self.at..).unwrap_or_default()
    }

    pub(super) fn peek(&self) -> Option<char> {
        self.rest().chars().next()
    }

    pub(super) fn next(&mut self) -> Option<char> {
        let next = self.peek()?;
        self.at += next.len_utf8();
        Some(next)
    }

    pub(super) fn take(&mut self, what: &str) -> bool {
        let is_there = self.rest().starts_with(what);
        if is_there {
            self.at += what.len();
        }
        is_there
    }

    /// White space and remarks.
    pub(super) fn skip_space(&mut self) {
        loop {
            let rest = self.rest();
            let trimmed = rest.trim_start();
            self.at += rest.len() - trimmed.len();
            let remark = if trimmed.starts_with("//") {
                trimmed.find(['\n', '\r']).unwrap_or(trimmed.len())
            } else if trimmed.starts_with("/*") {
                trimmed.find("*/").map_or(trimmed.len(), |end| end + 2)
            } else {
                return;
            };
            self.at += remark;
        }
    }

    /// A name, or nothing.
    pub(super) fn name(&mut self) -> &'a str {
        let rest = self.rest();
        let is_part = |c: char| c.is_alphanumeric() || matches!(c, '_' | '$');
        let end = rest.find(|c| !is_part(c)).unwrap_or(rest.len());
        self.at += end;
        rest.get(..end).unwrap_or_default()
    }

    /// What stands in quotes here, its escapes read. A line that ends ends it too, as in a script it must not: so one
    /// quote too many spoils a line and not a document.
    pub(super) fn string(&mut self) -> Option<String> {
        let quote = self.peek().filter(|c| matches!(c, '"' | '\'' | '`'))?;
        self.next();
        let mut text = String::new();
        while let Some(c) = self.next() {
            match c {
                _ if c == quote => return Some(text),
                '\n' | '\r' if quote != '`' => return Some(text),
                '\\' => text.extend(self.escape()),
                _ => text.push(c),
            }
        }
        self.is_cut = true;
        Some(text)
    }

    fn escape(&mut self) -> Option<char> {
        match self.next()? {
            'n' => Some('\n'),
            't' => Some('\t'),
            'r' => Some('\r'),
            'b' | 'f' | 'v' | '0' => Some(' '),
            'x' => self.hexadecimal(2).and_then(char::from_u32),
            'u' => self.unicode(),
            '\n' => None,
            '\r' => {
                self.take("\n");
                None
            }
            other => Some(other),
        }
    }

    fn unicode(&mut self) -> Option<char> {
        if self.take("{") {
            let end = self.rest().bytes().take(7).position(|byte| byte == b'}')?;
            let code = u32::from_str_radix(self.rest().get(..end)?, 16).ok()?;
            self.at += end + 1;
            return char::from_u32(code);
        }
        let first = self.hexadecimal(4)?;
        if !(0xD800..0xDC00).contains(&first) {
            return char::from_u32(first);
        }
        let low = self.take("\\u").then(|| self.hexadecimal(4)).flatten();
        let low = low.filter(|low| (0xDC00..0xE000).contains(low))?;
        char::from_u32(0x1_0000 + ((first - 0xD800) << 10) + (low - 0xDC00))
    }

    fn hexadecimal(&mut self, digits: usize) -> Option<u32> {
        let code = u32::from_str_radix(self.rest().get(..digits)?, 16).ok()?;
        self.at += digits;
        Some(code)
    }

    /// The value that stands here. What is none (a call, a sum, a function) is `null`, and is left as soon as a comma or
    /// a bracket of what is around it comes. `None`: nothing that could be a value begins here.
    pub(super) fn value(&mut self) -> Option<Value> {
        self.value_within(DEEPEST)
    }

    fn value_within(&mut self, depth: usize) -> Option<Value> {
        self.left = self.left.checked_sub(1)?;
        self.skip_space();
        let value = match self.peek()? {
            '{' => self.object(depth)?,
            '[' => self.list(depth)?,
            '"' | '\'' | '`' => self.joined_strings(),
            ',' | ';' | ')' | '}' | ']' => return None,
            _ => self.word(),
        };
        Some(value)
    }

    fn object(&mut self, depth: usize) -> Option<Value> {
        let deeper = depth.checked_sub(1)?;
        self.next();
        let mut fields = Map::new();
        while let Some(first) = self.next_part('}') {
            match first {
                '"' | '\'' => self.field(None, deeper, &mut fields)?,
                c if c.is_alphanumeric() || matches!(c, '_' | '$') => {
                    let name = self.name().to_owned();
                    self.field(Some(name), deeper, &mut fields)?;
                }
                _ => return None,
            }
        }
        Some(Value::Object(fields))
    }

    fn field(&mut self, name: Option<String>, depth: usize, fields: &mut Map<String, Value>) -> Option<()> {
        let name = name.or_else(|| self.string())?;
        self.skip_space();
        if self.take(":") {
            let value = self.value_within(depth).unwrap_or(Value::Null);
            self.leave_expression(depth)?;
            // A script takes the last of two fields with one name; so do we.
            fields.insert(name, value);
            return Some(());
        }
        self.leave_expression(depth)
    }

    fn list(&mut self, depth: usize) -> Option<Value> {
        let deeper = depth.checked_sub(1)?;
        self.next();
        let mut values = Vec::new();
        while self.next_part(']').is_some() {
            values.push(self.value_within(deeper)?);
            self.leave_expression(deeper)?;
        }
        Some(Value::Array(values))
    }

    /// The character that the next part of a list or an object begins with; `None` behind its end, or where the text ends.
    fn next_part(&mut self, close: char) -> Option<char> {
        loop {
            self.skip_space();
            match self.peek() {
                None => {
                    self.is_cut = true;
                    return None;
                }
                Some(c) if c == close => {
                    self.next();
                    return None;
                }
                Some(',') => {
                    self.next();
                }
                Some(first) => return Some(first),
            }
        }
    }

    /// `"one" + "two"`
    fn joined_strings(&mut self) -> Value {
        let mut text = self.string().unwrap_or_default();
        loop {
            let before = self.at;
            self.skip_space();
            let is_joined = self.take("+");
            if is_joined {
                self.skip_space();
            }
            let Some(more) = is_joined.then(|| self.string()).flatten() else {
                self.at = if is_joined { self.at } else { before };
                return Value::String(text);
            };
            text.push_str(&more);
        }
    }

    /// A number, `true`, or a name of something that we do not know.
    fn word(&mut self) -> Value {
        let rest = self.rest();
        let is_part = |c: char| c.is_alphanumeric() || matches!(c, '_' | '$' | '.' | '-' | '+');
        let end = rest.find(|c| !is_part(c)).unwrap_or(rest.len());
        self.at += end;
        match rest.get(..end).unwrap_or_default() {
            "true" => Value::Bool(true),
            "false" => Value::Bool(false),
            word => word.parse::<Number>().map_or(Value::Null, Value::Number),
        }
    }

    /// Goes on to the comma or bracket that ends a value of a list or an object. `None`: it never comes, or too deep.
    fn leave_expression(&mut self, depth: usize) -> Option<()> {
        let mut open = 0_usize;
        loop {
            self.skip_space();
            match self.peek() {
                None => return Some(()),
                Some(',' | '}' | ']') if open == 0 => return Some(()),
                Some(';') if open == 0 => return None,
                Some('"' | '\'' | '`') => {
                    self.string();
                }
                Some('(' | '[' | '{') => {
                    open += 1;
                    if open > depth {
                        return None;
                    }
                    self.next();
                }
                Some(')' | ']' | '}') => {
                    open = open.checked_sub(1)?;
                    self.next();
                }
                Some(_) => {
                    self.next();
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn check(script: &str, json: &str) {
        let value = Cursor::new(script).value();
        let shown = value.map(|value| value.to_string()).unwrap_or_default();
        assert_eq!(shown, json, "{script}");
    }

    #[test]
    fn what_is_json_is_read() {
        check(r#"{"a": [1, -2.5e3, true, false, null, "x"]}"#, r#"{"a":[1,-2500.0,true,false,null,"x"]}"#);
    }

    #[test]
    fn what_only_a_script_may_write_is_read_too() {
        check(
            "{ a: 'it is \"so\"', $b_1: `two\nlines`, 'c': 1, }",
            r#"{"$b_1":"two\nlines","a":"it is \"so\"","c":1}"#,
        );
        check("[ // one\n 1, /* two, */ 2,, ]", "[1,2]");
        check(r#"{ a: "one" + ' two' }"#, r#"{"a":"one two"}"#);
        check(
            r#"{ a: "\x41\u0042\u{43}\'\/\ud83d\ude00\
" }"#,
            "{\"a\":\"ABC'/😀\"}",
        );
    }

    #[test]
    fn what_would_have_to_be_run_is_null() {
        check(
            r#"{ a: f("x", {b: 1}), c: 2, d: new Date(2026, 1), e: x.y }"#,
            r#"{"a":null,"c":2,"d":null,"e":null}"#,
        );
        check(r#"{ a: function () { return ","; }, b: 1 }"#, r#"{"a":null,"b":1}"#);
        check(r#"{ a: "x" + y, b: 1 }"#, r#"{"a":"x","b":1}"#);
    }

    #[test]
    fn half_a_value_is_as_much_as_there_is() {
        check(r#"{ a: "x", b: "y"#, r#"{"a":"x","b":"y"}"#);
        check("{ a: 'x\n, b: 2 }", r#"{"a":"x","b":2}"#);
    }

    #[test]
    fn what_is_too_deep_is_nothing() {
        check(&format!("{}1{}", "[".repeat(40), "]".repeat(40)), "");
        check(&"[".repeat(1_000_000), "");
        check("}", "");
    }

    proptest! {
        #[test]
        fn nothing_makes_it_panic(script in "[\\[{}\\]()a\"'`\\\\/*:,;+ \nu0{}é-]{0,60}") {
            let mut cursor = Cursor::new(&script);
            let _ = cursor.value();
        }
    }
}
