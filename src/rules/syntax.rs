//! Reads expressions: `title:("rules of origin" OR REX) AND NOT honey`; and says what is wrong with those it cannot read.

use std::ops::Range;

use super::expression::Expression;
use super::pattern::Pattern;
use super::term::{Mistake, Term};
use super::tokens::{Kind, Token, tokens};
use crate::model::verdict::Field;

/// What stands between the operators.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Leaf {
    /// As the editor wrote it, without quotation marks.
    pub(super) written: String,
    /// `None`: title, summary and content.
    pub(super) field: Option<Field>,
    pub(super) want: Want,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Want {
    Words(Term),
    /// `/roi_\d+/`
    Pattern(Pattern),
    /// The whole field, or its beginning (`source:eu-*`): fields that hold a name, not words.
    Name {
        field: Field,
        name: String,
        open: bool,
    },
}

/// An expression, and the same in one way of writing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Parsed {
    pub(super) expression: Expression<Leaf>,
    pub(super) canonical: String,
}

pub(super) fn parse(text: &str) -> Result<Parsed, Mistake> {
    let tokens = tokens(text)?;
    if tokens.is_empty() {
        return Err(Mistake::new(0..text.len(), "the expression is empty", EXAMPLE));
    }
    expect_few_operators(&tokens)?;
    let canonical = tokens.iter().map(Token::canonical).collect::<Vec<_>>().join(" ");
    let mut parser = Parser { text, tokens, next: 0, depth: 0, field: None };
    let expression = parser.any()?;
    parser.expect_end()?;
    if is_always(&expression) {
        let message = "this takes every entry that has none of its words";
        return Err(Mistake::new(0..text.len(), message, "say first what must occur: origin AND NOT honey"));
    }
    Ok(Parsed { expression, canonical })
}

const EXAMPLE: &str = "write it as in: title:(\"rules of origin\" OR =REX) AND NOT honey";

/// Deeper brackets than any person writes; the parser calls itself for each.
const DEEPEST: usize = 40;

/// More than any person writes. An operator may hold all before it (`a NEAR/1 b NEAR/1 c`), and we call ourselves for each.
const MOST_OPERATORS: usize = 500;

/// Each method reads what binds at least as strongly as its name: OR, AND, NOT, NEAR, a word or a group.
struct Parser<'a> {
    text: &'a str,
    tokens: Vec<Token>,
    next: usize,
    depth: usize,
    /// Of the group that we are in.
    field: Option<Field>,
}

impl Parser<'_> {
    fn any(&mut self) -> Result<Expression<Leaf>, Mistake> {
        let mut parts = vec![self.all()?];
        while self.take(&Kind::Or) {
            parts.push(self.all()?);
        }
        Ok(one_or(parts, Expression::Any))
    }

    fn all(&mut self) -> Result<Expression<Leaf>, Mistake> {
        let mut parts = vec![self.not()?];
        while self.take(&Kind::And) {
            parts.push(self.not()?);
        }
        Ok(one_or(parts, Expression::All))
    }

    fn not(&mut self) -> Result<Expression<Leaf>, Mistake> {
        if self.take(&Kind::Not) {
            return self.deeper(|parser| Ok(Expression::Not(Box::new(parser.not()?))));
        }
        self.near()
    }

    fn near(&mut self) -> Result<Expression<Leaf>, Mistake> {
        let start = self.start();
        let mut left = self.operand()?;
        while let Some(&Token { kind: Kind::Near(words), ref at }) = self.tokens.get(self.next) {
            let operator = at.clone();
            self.next += 1;
            let right = self.operand()?;
            if !left.is_place() || !right.is_place() {
                let message = "NEAR stands between words, phrases, or groups of them joined by OR";
                let hint = "write it as in: (duty OR duties) NEAR/5 \"electronic transmissions\"";
                return Err(Mistake::new(start..self.end().max(operator.end), message, hint));
            }
            if !has_words_only(&left) || !has_words_only(&right) {
                let message =
                    "NEAR counts words: a /pattern/, a source or a language has no place among them";
                let hint = "join it with AND, or write words";
                return Err(Mistake::new(start..self.end(), message, hint));
            }
            left = Expression::Near(Box::new(left), words, Box::new(right));
        }
        Ok(left)
    }

    fn operand(&mut self) -> Result<Expression<Leaf>, Mistake> {
        let Some(token) = self.tokens.get(self.next).cloned() else {
            return Err(self.missing("a word, a \"phrase\" or a group in brackets is missing at the end"));
        };
        self.next += 1;
        match token.kind {
            Kind::Open => self.group(&token.at),
            Kind::Field(field) => self.in_field(field),
            Kind::Pattern(ref body) => self.pattern(body, &token.at),
            Kind::Word(ref word) => self.leaf(word.clone(), &token.at),
            Kind::Phrase { ref words, exact: false } => self.leaf(words.clone(), &token.at),
            Kind::Phrase { ref words, exact: true } => self.leaf(format!("={words}"), &token.at),
            Kind::Not => {
                let message = "NOT cannot stand here";
                Err(Mistake::new(
                    token.at,
                    message,
                    "after NEAR or a field, put it in front: NOT title:honey",
                ))
            }
            Kind::Close | Kind::And | Kind::Or | Kind::Near(_) => {
                let message =
                    format!("expected a word, a \"phrase\" or a group before `{}`", token.canonical());
                Err(Mistake::new(token.at, message, EXAMPLE))
            }
        }
    }

    fn group(&mut self, open: &Range<usize>) -> Result<Expression<Leaf>, Mistake> {
        let inside = self.deeper(Self::any)?;
        if self.take(&Kind::Close) {
            return Ok(inside);
        }
        if self.next < self.tokens.len() {
            return Err(self.unexpected());
        }
        let message = "the bracket that opens here is never closed";
        Err(Mistake::new(open.clone(), message, "add `)` where the group ends"))
    }

    fn in_field(&mut self, field: Field) -> Result<Expression<Leaf>, Mistake> {
        let outside = self.field.replace(field);
        let inside = self.deeper(Self::operand);
        self.field = outside;
        inside
    }

    fn leaf(&self, written: String, at: &Range<usize>) -> Result<Expression<Leaf>, Mistake> {
        let want = match self.field {
            Some(field @ (Field::Source | Field::Language)) => name(field, &written),
            _ => Term::parse_words(&written).map(Want::Words),
        };
        let want = want.map_err(|mistake| Mistake { at: at.clone(), ..mistake })?;
        Ok(Expression::Leaf(Leaf { written, field: self.field, want }))
    }

    fn pattern(&self, body: &str, at: &Range<usize>) -> Result<Expression<Leaf>, Mistake> {
        let pattern = Pattern::parse(body).map_err(|mistake| mistake.moved(at.start + 1))?;
        let written = format!("/{body}/");
        Ok(Expression::Leaf(Leaf { written, field: self.field, want: Want::Pattern(pattern) }))
    }

    fn deeper<T>(&mut self, read: impl FnOnce(&mut Self) -> Result<T, Mistake>) -> Result<T, Mistake> {
        if self.depth == DEEPEST {
            let message = format!("more than {DEEPEST} brackets, fields or NOTs inside each other");
            return Err(Mistake::new(
                self.start()..self.start(),
                message,
                "write it flatter, or as two topics",
            ));
        }
        self.depth += 1;
        let result = read(self);
        self.depth -= 1;
        result
    }

    fn take(&mut self, kind: &Kind) -> bool {
        let found = self.tokens.get(self.next).is_some_and(|token| token.kind == *kind);
        self.next += usize::from(found);
        found
    }

    fn expect_end(&self) -> Result<(), Mistake> {
        if self.next < self.tokens.len() { Err(self.unexpected()) } else { Ok(()) }
    }

    /// Something follows a whole part, and no operator joins it.
    fn unexpected(&self) -> Mistake {
        let before =
            self.tokens.get(..self.next).and_then(<[Token]>::last).map(Token::canonical).unwrap_or_default();
        let Some(token) = self.tokens.get(self.next) else { return self.missing("an operator is missing") };
        let found = token.canonical();
        match &token.kind {
            Kind::Close => {
                Mistake::new(token.at.clone(), "this bracket closes nothing", "remove it, or add `(` before")
            }
            Kind::Word(word)
                if matches!(
                    self.tokens.get(self.next.wrapping_sub(1)),
                    Some(Token { kind: Kind::Word(_), .. })
                ) =>
            {
                let message = format!("expected AND, OR, NEAR/5 or the end, found `{found}`");
                Mistake::new(
                    token.at.clone(),
                    message,
                    format!("write \"{before} {word}\" for a phrase, or {before} AND {word}"),
                )
            }
            _ => {
                let message = format!("expected AND, OR, NEAR/5 or the end, found `{found}`");
                Mistake::new(token.at.clone(), message, format!("join them: {before} AND {found}"))
            }
        }
    }

    fn missing(&self, message: &str) -> Mistake {
        Mistake::new(self.text.trim_end().len()..self.text.len(), message, EXAMPLE)
    }

    fn start(&self) -> usize {
        self.tokens.get(self.next).map_or(self.text.len(), |token| token.at.start)
    }

    fn end(&self) -> usize {
        self.tokens.get(..self.next).and_then(<[Token]>::last).map_or(0, |token| token.at.end)
    }
}

fn expect_few_operators(tokens: &[Token]) -> Result<(), Mistake> {
    let is_operator = |token: &&Token| matches!(token.kind, Kind::And | Kind::Or | Kind::Not | Kind::Near(_));
    match tokens.iter().filter(is_operator).nth(MOST_OPERATORS) {
        None => Ok(()),
        Some(first_too_many) => {
            let message = format!("more than {MOST_OPERATORS} operators in one expression");
            let hint = "put the words in the lists `strong` and `weak`, or make two topics of it";
            Err(Mistake::new(first_too_many.at.clone(), message, hint))
        }
    }
}

fn name(field: Field, written: &str) -> Result<Want, Mistake> {
    let (name, open) = written.strip_suffix('*').map_or((written, false), |name| (name, true));
    if name.is_empty() || name.contains(['*', '=']) {
        let message = format!("`{written}` is no name: `{}:` wants a name or its beginning", field.as_str());
        return Err(Mistake::new(
            0..written.len(),
            message,
            "write it as in source:wto, source:wto* or lang:fr",
        ));
    }
    Ok(Want::Name { field, name: name.to_ascii_lowercase(), open })
}

fn one_or(
    mut parts: Vec<Expression<Leaf>>,
    many: fn(Vec<Expression<Leaf>>) -> Expression<Leaf>,
) -> Expression<Leaf> {
    // What costs most is asked last, and only where the rest has not decided yet.
    parts.sort_by_key(|part| part.leaves().iter().any(|leaf| matches!(leaf.want, Want::Pattern(_))));
    match (parts.pop(), parts.is_empty()) {
        (Some(only), true) => only,
        (last, _) => {
            parts.extend(last);
            many(parts)
        }
    }
}

fn has_words_only(expression: &Expression<Leaf>) -> bool {
    expression.leaves().iter().all(|leaf| matches!(leaf.want, Want::Words(_)))
}

/// Is it true where none of its words occurs?
fn is_always(expression: &Expression<Leaf>) -> bool {
    match expression {
        Expression::Leaf(_) | Expression::Near(..) => false,
        Expression::All(parts) => parts.iter().all(is_always),
        Expression::Any(parts) => parts.iter().any(is_always),
        Expression::Not(part) => !is_always(part),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The expression with its grouping made visible.
    fn show(expression: &Expression<Leaf>) -> String {
        let join = |parts: &[Expression<Leaf>], operator: &str| {
            format!("({})", parts.iter().map(show).collect::<Vec<_>>().join(operator))
        };
        match expression {
            Expression::Leaf(Leaf { written, field: None, .. }) => written.clone(),
            Expression::Leaf(Leaf { written, field: Some(field), .. }) => {
                format!("{}:{written}", field.as_str())
            }
            Expression::All(parts) => join(parts, " & "),
            Expression::Any(parts) => join(parts, " | "),
            Expression::Not(part) => format!("!{}", show(part)),
            Expression::Near(left, words, right) => format!("<{} {words} {}>", show(left), show(right)),
        }
    }

    #[track_caller]
    fn check(text: &str, grouped: &str) {
        assert_eq!(show(&parse(text).expect(text).expression), grouped);
    }

    /// What is wrong, where, and the hint.
    #[track_caller]
    fn check_wrong(text: &str, there: &str, message: &str, hint: &str) {
        let mistake = parse(text).expect_err(text);
        assert!(mistake.message.contains(message), "{}", mistake.message);
        assert_eq!(&text[mistake.at], there);
        assert!(mistake.hint.contains(hint), "{}", mistake.hint);
    }

    #[test]
    fn not_binds_before_and_and_and_before_or() {
        check("a OR b AND NOT c OR d", "(a | (b & !c) | d)");
    }

    #[test]
    fn brackets_group() {
        check("(a OR b) AND c", "((a | b) & c)");
        check("（a OR b） AND c", "((a | b) & c)");
    }

    #[test]
    fn near_binds_closest() {
        check("a AND b NEAR/5 \"c d\" NEAR/2 e", "(a & <<b 5 c d> 2 e>)");
    }

    #[test]
    fn a_field_holds_for_a_word_a_phrase_or_a_group() {
        check("title:a AND b", "(title:a & b)");
        check("title:(\"a b\" OR c) AND NOT LINK:d", "((title:a b | title:c) & !link:d)");
        check("lang:fr AND source:(wto OR eu-*)", "(lang:fr & (source:wto | source:eu-*))");
    }

    #[test]
    fn quotation_marks_of_every_kind_make_a_phrase() {
        check(
            "“rules of origin” OR « règles d’origine » OR =\"PEM Convention\"",
            "(rules of origin | règles d’origine | =PEM Convention)",
        );
    }

    #[test]
    fn words_of_every_script_are_words() {
        check(
            "海关 AND (таможенн* OR الجمارك) OR €150 OR =C-TPAT",
            "((海关 & (таможенн* | الجمارك)) | €150 | =C-TPAT)",
        );
    }

    #[test]
    fn white_space_is_all_the_same() {
        assert_eq!(
            parse("a AND(b  OR\n c)").expect("a").canonical,
            parse("a AND ( b OR c )").expect("b").canonical
        );
    }

    #[test]
    fn what_is_missing_is_named() {
        check_wrong(" ", " ", "is empty", "title:");
        check_wrong("tariff AND", "", "missing at the end", "title:");
        check_wrong("a OR OR b", "OR", "before `OR`", "title:");
        check_wrong("(a OR b", "(", "never closed", "`)`");
        check_wrong("a) OR b", ")", "closes nothing", "remove");
        check_wrong("title:", "", "missing at the end", "title:");
        check_wrong("()", ")", "before `)`", "title:");
    }

    #[test]
    fn words_side_by_side_need_an_operator_or_quotes() {
        check_wrong("rules origin", "origin", "expected AND, OR", "\"rules origin\"");
        check_wrong("a NOT b", "NOT", "expected AND, OR", "a AND NOT");
        check_wrong("(a OR b) title:c", "title:", "expected AND, OR", ") AND title:");
    }

    #[test]
    fn operators_in_small_letters_are_pointed_out() {
        check_wrong("fish and chips", "and", "capitals", "write AND");
        check_wrong("a near/3 b", "near/3", "capitals", "write NEAR/3");
    }

    #[test]
    fn an_unknown_field_brings_the_nearest() {
        check_wrong("titel:a", "titel:", "no field `titel`", "`title:`");
        check_wrong("https://wto.org", "https:", "no field `https`", "\"https://wto.org\"");
    }

    #[test]
    fn near_wants_a_number_and_places() {
        check_wrong("a NEAR b", "NEAR", "a number of words", "NEAR/5");
        check_wrong("a NEAR/0 b", "NEAR/0", "from 1 to 100", "NEAR/5");
        check_wrong("(a AND b) NEAR/3 c", "(a AND b) NEAR/3 c", "joined by OR", "(duty OR duties)");
        check_wrong("a NEAR/3 NOT c", "NOT", "cannot stand here", "in front");
    }

    #[test]
    fn there_is_an_end_to_operators() {
        for operator in ["AND", "OR", "NEAR/1", "AND NOT"] {
            let many = format!("a{}", format!(" {operator} a").repeat(200_000));
            let last = operator.split(' ').next().unwrap_or_default();
            check_wrong(&many, last, "more than 500 operators", "two topics");
        }
        assert!(parse(&format!("a{}", " NEAR/1 a".repeat(500))).is_ok());
    }

    #[test]
    fn a_pattern_stands_between_slashes() {
        check(r"link:/roi_\d+/ OR /a \/ (b)/", r"(link:/roi_\d+/ | /a \/ (b)/)");
        check("(/x{3}/ OR link:(b OR /c$/)) AND d", "(d & (/x{3}/ | (link:b | link:/c$/)))");
    }

    #[test]
    fn a_wrong_pattern_is_pointed_at() {
        check_wrong("a AND /roi b", "/", "never closed", "/roi/");
        check_wrong("a AND /roi/i", "i", "ends at the slash", "letter case");
        check_wrong("link:/english/news_e", "news_e", "ends at the slash", "\\/");
        check_wrong("a AND /US$ 5/", "$", "the end of a line", "\\$");
        check_wrong("duty NEAR/3 /roi_./", "duty NEAR/3 /roi_./", "counts words", "AND");
        check_wrong("duty NEAR/3 lang:fr", "duty NEAR/3 lang:fr", "counts words", "AND");
    }

    #[test]
    fn an_unclosed_quotation_is_pointed_at() {
        check_wrong("a AND \"rules of origin", "\"", "never closed", "\"rules of origin\"");
    }

    #[test]
    fn what_would_take_everything_is_refused() {
        check_wrong("NOT honey", "NOT honey", "takes every entry", "AND NOT");
        check_wrong("origin OR NOT honey", "origin OR NOT honey", "takes every entry", "AND NOT");
    }

    #[test]
    fn a_wrong_word_inside_is_pointed_at() {
        check_wrong("a AND cust*ms", "cust*ms", "only at the end", "tariff*");
        check_wrong("a AND \"--\"", "\"--\"", "no letters or digits", "write a word");
        check_wrong("a AND source:*", "*", "is no name", "source:wto");
    }

    #[test]
    fn very_deep_brackets_are_refused() {
        let deep = format!("{}a{}", "(".repeat(5000), ")".repeat(5000));
        assert!(parse(&deep).expect_err("too deep").message.contains("inside each other"));
        assert!(parse(&format!("{}a", "NOT ".repeat(5000))).is_err());
    }
}
