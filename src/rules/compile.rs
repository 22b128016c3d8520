//! The lists of feeds.toml become what the judge works with: every term once, with all its uses; or every mistake in them.

use std::collections::HashMap;

use ring::digest::{Context, SHA256};

use super::expression::Expression;
use super::index::Index;
use super::likelihood::Likelihood;
use super::pattern::Pattern;
use super::syntax::{self, Leaf, Want};
use super::term::{Mistake, Term};
use super::wording::take_weight;
use super::{RuleError, RuleLists, RulePlace, TopicRules};
use crate::model::topic::TopicId;
use crate::model::verdict::{Field, TermList};

/// Raised when the same lists would judge otherwise than before.
const ENGINE: &str = "tidewaiter rules 2";

#[derive(Debug)]
pub(super) struct Compiled {
    pub(super) index: Index,
    /// Of each term of the index.
    pub(super) terms: Vec<Usage>,
    pub(super) topics: Vec<CompiledTopic>,
    /// The fields that some term is looked for in.
    pub(super) fields: Fields,
    /// Some expression asks for what no term finds: the source, the language, a pattern.
    pub(super) asks_more: bool,
    /// Some topic or expression wants a language.
    pub(super) asks_language: bool,
    /// Some expression has a NEAR.
    pub(super) asks_nearness: bool,
    pub(super) fingerprint: String,
}

/// Who looks for a term.
#[derive(Debug, Default)]
pub(super) struct Usage {
    pub(super) uses: Vec<Use>,
    /// It stands beside a NEAR: every place of it counts, not only the first in each field.
    pub(super) all_places: bool,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Use {
    pub(super) owner: Owner,
    pub(super) fields: Fields,
    /// As the editor wrote it.
    pub(super) written: String,
    /// Terms of the same words have the same number, so that they do not count as two.
    pub(super) words: usize,
    /// What it counts for its topic.
    pub(super) weight: u8,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Owner {
    Context,
    Veto,
    /// By its place in the configuration.
    Topic(usize, TermList),
}

impl Owner {
    fn list(self) -> TermList {
        match self {
            Self::Context => TermList::Context,
            Self::Veto => TermList::Veto,
            Self::Topic(_, list) => list,
        }
    }
}

#[derive(Debug)]
pub(super) struct CompiledTopic {
    pub(super) id: TopicId,
    pub(super) expression: Option<Expression<Check>>,
    pub(super) needs_context: bool,
    pub(super) languages: Vec<String>,
    pub(super) sources: Vec<String>,
}

/// A leaf of an expression.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Check {
    Term(usize, Fields),
    Name { field: Field, name: String, open: bool, written: String },
    Pattern { pattern: Pattern, fields: Fields, written: String },
}

/// A set of fields.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Fields(u8);

impl Fields {
    /// Where the terms of lists are looked for.
    pub(super) const TEXT: Self =
        Self::of(Field::Title).and(Self::of(Field::Summary)).and(Self::of(Field::Content));

    pub(super) const NONE: Self = Self(0);

    pub(super) const fn of(field: Field) -> Self {
        Self(1 << field as u8)
    }

    pub(super) const fn and(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    pub(super) const fn has(self, field: Field) -> bool {
        self.shares(Self::of(field))
    }

    pub(super) const fn shares(self, other: Self) -> bool {
        self.0 & other.0 != 0
    }
}

pub(super) fn compile(lists: &RuleLists) -> Result<Compiled, Vec<RuleError>> {
    let mut compiler = Compiler::default();
    compiler.list(&lists.context, Owner::Context, Fields::TEXT, RulePlace::Context);
    compiler.list(&lists.veto, Owner::Veto, Fields::TEXT, RulePlace::Veto);
    compiler.list(&lists.veto_title, Owner::Veto, Fields::of(Field::Title), RulePlace::VetoTitle);
    let topics: Vec<_> = (0..).zip(&lists.topics).map(|(at, topic)| compiler.topic(at, topic)).collect();
    if !compiler.errors.is_empty() {
        return Err(compiler.errors);
    }
    let uses = compiler.usages.iter().flat_map(|usage| &usage.uses);
    Ok(Compiled {
        fields: uses.fold(Fields::TEXT, |fields, each| fields.and(each.fields)),
        asks_more: compiler.asks_more,
        asks_language: compiler.asks_language,
        asks_nearness: compiler.usages.iter().any(|usage| usage.all_places),
        fingerprint: fingerprint(lists, &compiler.canonical),
        index: Index::new(compiler.terms),
        terms: compiler.usages,
        topics,
    })
}

#[derive(Default)]
struct Compiler {
    terms: Vec<Term>,
    usages: Vec<Usage>,
    numbers: HashMap<Term, usize>,
    /// By the words alone.
    words: HashMap<Term, usize>,
    asks_more: bool,
    asks_language: bool,
    /// The expressions, each in its one way of writing.
    canonical: Vec<String>,
    errors: Vec<RuleError>,
}

impl Compiler {
    fn topic(&mut self, at: usize, topic: &TopicRules) -> CompiledTopic {
        let lists =
            [(TermList::Strong, &topic.strong), (TermList::Weak, &topic.weak), (TermList::Not, &topic.not)];
        for (list, terms) in lists {
            let place = |index| RulePlace::Topic { topic: at, list, index };
            self.list(terms, Owner::Topic(at, list), Fields::TEXT, place);
        }
        self.asks_language |= !topic.languages.is_empty();
        CompiledTopic {
            id: topic.id.clone(),
            expression: topic.expression.as_ref().and_then(|text| self.expression(at, text)),
            needs_context: topic.needs_context,
            languages: topic.languages.clone(),
            sources: topic.sources.clone(),
        }
    }

    fn list(&mut self, terms: &[String], owner: Owner, fields: Fields, place: impl Fn(usize) -> RulePlace) {
        for (index, written) in terms.iter().enumerate() {
            let read = take_weight(written, owner.list());
            match read.and_then(|(words, weight)| Ok((Term::parse(words)?, weight))) {
                Ok((term, weight)) => {
                    self.add(term, owner, fields, written.trim(), weight);
                }
                Err(mistake) => self.refuse(place(index), mistake),
            }
        }
    }

    fn expression(&mut self, topic: usize, text: &str) -> Option<Expression<Check>> {
        match syntax::parse(text) {
            Ok(parsed) => {
                self.canonical.push(parsed.canonical);
                Some(parsed.expression.map(false, &mut |leaf, near| self.leaf(topic, leaf, near)))
            }
            Err(mistake) => {
                self.refuse(RulePlace::Topic { topic, list: TermList::Expression, index: 0 }, mistake);
                None
            }
        }
    }

    fn leaf(&mut self, topic: usize, leaf: Leaf, near: bool) -> Check {
        let Leaf { written, field, want } = leaf;
        match want {
            Want::Words(term) => {
                let fields = field.map_or(Fields::TEXT, Fields::of);
                let owner = Owner::Topic(topic, TermList::Expression);
                let number = self.add(term, owner, fields, &written, owner.list().weight());
                if let Some(usage) = self.usages.get_mut(number) {
                    usage.all_places |= near;
                }
                Check::Term(number, fields)
            }
            Want::Pattern(pattern) => {
                self.asks_more = true;
                self.asks_language |= field == Some(Field::Language);
                Check::Pattern { pattern, fields: field.map_or(Fields::TEXT, Fields::of), written }
            }
            Want::Name { field, name, open } => {
                self.asks_more = true;
                self.asks_language |= field == Field::Language;
                Check::Name { field, name, open, written }
            }
        }
    }

    /// Each term once, whoever looks for it; each use once too.
    fn add(&mut self, term: Term, owner: Owner, fields: Fields, written: &str, weight: u8) -> usize {
        let next = self.words.len();
        let words = *self.words.entry(term.words()).or_insert(next);
        let number = *self.numbers.entry(term).or_insert_with_key(|term| {
            self.terms.push(term.clone());
            self.usages.push(Usage::default());
            self.usages.len() - 1
        });
        if let Some(usage) = self.usages.get_mut(number) {
            match usage.uses.iter_mut().find(|other| other.owner == owner) {
                Some(other) => {
                    other.fields = other.fields.and(fields);
                    if weight > other.weight {
                        (other.weight, other.written) = (weight, written.to_owned());
                    }
                }
                None => usage.uses.push(Use { owner, fields, written: written.to_owned(), words, weight }),
            }
        }
        number
    }

    fn refuse(&mut self, place: RulePlace, mistake: Mistake) {
        let Mistake { at, message, hint } = mistake;
        self.errors.push(RuleError { place, at, message, hint });
    }
}

/// Everything that a verdict depends on, in one way of writing: the order of terms in a list is not part of it, the
/// order of topics is (it decides between equals).
fn fingerprint(lists: &RuleLists, expressions: &[String]) -> String {
    let mut hash = Context::new(&SHA256);
    // Lengths keep "a", "b" from being the same as "ab".
    let mut part = |text: &str| {
        hash.update(&(text.len() as u64).to_be_bytes());
        hash.update(text.as_bytes());
    };
    part(ENGINE);
    let mut list = |name: &str, terms: &[String]| {
        let mut terms: Vec<_> = terms.iter().map(|term| term.trim()).collect();
        terms.sort_unstable();
        terms.dedup();
        part(name);
        part(&terms.len().to_string());
        terms.into_iter().for_each(&mut part);
    };
    list(">context", &lists.context);
    list(">veto", &lists.veto);
    list(">veto title", &lists.veto_title);
    if lists.learned.is_asked() {
        list(">learned", &[format!("{:?} {:016x}", lists.learned, Likelihood::shipped_print())]);
    }
    let mut expressions = expressions.iter();
    for topic in &lists.topics {
        list(">topic", &[topic.id.as_str().to_owned(), format!(">{}", topic.needs_context)]);
        list(">strong", &topic.strong);
        list(">weak", &topic.weak);
        list(">not", &topic.not);
        list(
            ">expression",
            topic.expression.as_ref().and(expressions.next()).map_or(&[], std::slice::from_ref),
        );
        list(">languages", &topic.languages);
        list(">sources", &topic.sources);
    }
    hash.finish().as_ref().iter().take(8).fold(String::new(), |hex, byte| hex + &format!("{byte:02x}"))
}

#[cfg(test)]
mod tests {
    use super::super::Learned;
    use super::*;

    fn lists() -> RuleLists {
        let words = |text: &str| text.split(", ").map(str::to_owned).collect::<Vec<_>>();
        RuleLists {
            learned: Learned::default(),
            context: words("customs, import*"),
            veto: words("stamp duty"),
            veto_title: words("vacancy"),
            topics: vec![TopicRules {
                id: TopicId::parse("origin").expect("a slug"),
                strong: words("rules of origin, =REX"),
                weak: words("marking, ldc"),
                not: words("honey"),
                expression: Some("link:roi AND (a OR b)".to_owned()),
                needs_context: false,
                languages: Vec::new(),
                sources: words("wto, wco"),
            }],
        }
    }

    fn print(change: impl FnOnce(&mut RuleLists)) -> String {
        let mut lists = lists();
        change(&mut lists);
        compile(&lists).expect("right rules").fingerprint
    }

    /// What each mistake is in, and what it says.
    #[track_caller]
    fn check_errors(change: impl FnOnce(&mut RuleLists), errors: &[(RulePlace, &str)]) {
        let mut lists = lists();
        change(&mut lists);
        let found = compile(&lists).expect_err("wrong rules");
        assert_eq!(found.len(), errors.len(), "{found:?}");
        for (error, (place, message)) in found.iter().zip(errors) {
            assert_eq!(error.place, *place);
            assert!(error.message.contains(message), "{error:?}");
        }
    }

    #[test]
    fn every_mistake_is_reported_with_its_place() {
        check_errors(
            |lists| {
                lists.context[1] = "*".to_owned();
                lists.veto[0] = "\"stamp duty\"".to_owned();
                lists.veto_title.push(String::new());
                lists.topics[0].weak[1] = "l*dc".to_owned();
                lists.topics[0].expression = Some("a OR".to_owned());
            },
            &[
                (RulePlace::Context(1), "no letters"),
                (RulePlace::Veto(0), "quotation marks"),
                (RulePlace::VetoTitle(1), "empty"),
                (RulePlace::Topic { topic: 0, list: TermList::Weak, index: 1 }, "`*`"),
                (RulePlace::Topic { topic: 0, list: TermList::Expression, index: 0 }, "missing"),
            ],
        );
    }

    #[test]
    fn the_fingerprint_is_16_digits_and_stays() {
        let fingerprint = print(|_| {});
        assert_eq!(fingerprint.len(), 16);
        assert!(fingerprint.bytes().all(|byte| byte.is_ascii_hexdigit()));
        assert_eq!(fingerprint, print(|_| {}));
    }

    #[test]
    fn the_fingerprint_leaves_aside_what_changes_no_verdict() {
        assert_eq!(print(|_| {}), print(|lists| lists.context.reverse()));
        assert_eq!(print(|_| {}), print(|lists| lists.topics[0].weak.push(" ldc ".to_owned())));
        let spaced = "link:roi  AND ( a OR b )".to_owned();
        assert_eq!(print(|_| {}), print(|lists| lists.topics[0].expression = Some(spaced)));
    }

    #[test]
    fn the_fingerprint_changes_with_each_list() {
        let changed = [
            print(|_| {}),
            print(|lists| lists.context.truncate(1)),
            print(|lists| lists.veto.clear()),
            print(|lists| lists.veto_title.clear()),
            print(|lists| lists.veto_title.clone_into(&mut lists.veto)),
            print(|lists| lists.topics[0].strong.truncate(1)),
            print(|lists| lists.topics[0].strong = vec!["rules of origin=REX".to_owned()]),
            print(|lists| lists.topics[0].weak.truncate(1)),
            print(|lists| lists.topics[0].not.clear()),
            print(|lists| lists.topics[0].expression = None),
            print(|lists| lists.topics[0].expression = Some("link:roi AND (a AND b)".to_owned())),
            print(|lists| lists.topics[0].needs_context = true),
            print(|lists| lists.topics[0].languages.push("fr".to_owned())),
            print(|lists| lists.topics[0].sources.truncate(1)),
            print(|lists| lists.topics.clear()),
        ];
        let different: std::collections::HashSet<_> = changed.iter().collect();
        assert_eq!(different.len(), changed.len());
    }

    #[test]
    fn a_term_is_kept_once_with_all_its_uses() {
        let mut lists = lists();
        lists.topics[0].weak.push("Customs".to_owned());
        let compiled = compile(&lists).expect("right rules");
        assert_eq!(compiled.terms.iter().map(|usage| usage.uses.len()).max(), Some(2));
    }
}
