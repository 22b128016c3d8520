//! How fast texts are judged, folded, and taken out of HTML; megabytes a second should not fall as the terms grow many.

use aho_corasick::AhoCorasick;
use divan::Bencher;
use divan::counter::BytesCount;
use tidewaiter::model::text::Markup;
use tidewaiter::model::topic::TopicId;
use tidewaiter::parse::html;
use tidewaiter::rules::fold::fold;
use tidewaiter::rules::{RuleLists, RuleSet, Subject, TopicRules};

/// Syllables of words that no list has whole; some with accents, some Cyrillic.
const LATIN: [&str; 16] = [
    "cus", "tom", "tar", "iff", "or", "ig", "in", "dé", "cla", "ra", "tion", "zoll", "ver", "fah", "ren", "é",
];
const CYRILLIC: [&str; 8] = ["та", "мо", "жен", "ный", "со", "юз", "пош", "лина"];

fn main() {
    divan::main();
}

/// The same numbers at each run.
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, end: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).expect("31 bits") % end
    }

    fn word(&mut self, syllables: &[&str]) -> String {
        (0..=1 + self.below(3)).filter_map(|_| syllables.get(self.below(syllables.len())).copied()).collect()
    }

    /// Words with a comma or a full stop here and there; every tenth text is Cyrillic.
    fn text(&mut self, words: usize) -> String {
        let syllables: &[&str] = if self.below(10) == 0 { &CYRILLIC } else { &LATIN };
        let mut text = String::new();
        for _ in 0..words {
            text += &self.word(syllables);
            text += [" ", " ", " ", " ", " ", ", ", ". "].get(self.below(7)).copied().unwrap_or(" ");
        }
        text.trim_end().to_owned()
    }
}

fn texts() -> Vec<String> {
    let mut numbers = Numbers(1);
    (0..200).map(|_| numbers.text(120)).collect()
}

fn bytes(texts: &[String]) -> BytesCount {
    BytesCount::new(texts.iter().map(String::len).sum::<usize>())
}

/// Phrases of two words, of the syllables that the texts are made of.
fn phrases(terms: usize) -> Vec<String> {
    let mut numbers = Numbers(2);
    (0..terms).map(|_| format!("{} {}", numbers.word(&LATIN), numbers.word(&LATIN))).collect()
}

fn rules(terms: usize) -> RuleSet {
    let topic = TopicRules {
        id: TopicId::parse("topic").expect("a slug"),
        strong: phrases(terms),
        weak: Vec::new(),
        not: Vec::new(),
        expression: None,
        needs_context: false,
        languages: Vec::new(),
        sources: Vec::new(),
    };
    RuleSet::parse(RuleLists { topics: vec![topic], ..RuleLists::default() }).expect("words are terms")
}

#[divan::bench(args = [10, 100, 1_000, 10_000])]
fn judge(bencher: Bencher<'_, '_>, terms: usize) {
    let (rules, texts) = (rules(terms), texts());
    bencher.counter(bytes(&texts)).bench(|| {
        let publish =
            |text: &&String| !rules.judge(&Subject { content: text, ..Subject::default() }).topics.is_empty();
        texts.iter().filter(publish).count()
    });
}

/// What finding the same words costs where nothing is asked of their ends, their place or their topic.
#[divan::bench(args = [10, 100, 1_000, 10_000])]
fn plain_scan(bencher: Bencher<'_, '_>, terms: usize) {
    let scan = AhoCorasick::new(phrases(terms).iter().map(|term| fold(term))).expect("a few states");
    let texts: Vec<_> = texts().iter().map(|text| fold(text)).collect();
    bencher
        .counter(bytes(&texts))
        .bench(|| texts.iter().map(|text| scan.find_overlapping_iter(text).count()).sum::<usize>());
}

#[divan::bench]
fn fold_alone(bencher: Bencher<'_, '_>) {
    let texts = texts();
    bencher.counter(bytes(&texts)).bench(|| texts.iter().map(|text| fold(text).len()).sum::<usize>());
}

#[divan::bench]
fn html_to_words(bencher: Bencher<'_, '_>) {
    let page = |text: &String| {
        format!(
            "<p>{}</p>",
            text.replace(". ", ".</p>\n<p class=\"more\"><a href=\"/a?b=c&amp;d\">&#8220;Ü&#8221;</a> ")
        )
    };
    let pages: Vec<String> = texts().iter().map(page).collect();
    let markups: Vec<Markup> = pages.iter().map(Markup::html).collect();
    bencher
        .counter(bytes(&pages))
        .bench(|| markups.iter().map(|markup| html::text(markup).len()).sum::<usize>());
}
