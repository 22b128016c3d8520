//! Which language are these texts in? Only a clear answer counts: by the letters, or by the small words between the others.

use crate::model::text::Markup;
use crate::parse::document::ParsedEntry;
use crate::parse::html;

/// With fewer texts there is nothing to say.
const FEWEST: usize = 3;

/// Words that stand in nearly every sentence of one language and seldom in another's.
const SMALL_WORDS: [(&str, &[&str]); 5] = [
    ("en", &["the", "of", "and", "to", "for", "with", "on", "from", "at", "is", "its", "by"]),
    ("fr", &["le", "les", "des", "du", "et", "pour", "sur", "une", "dans", "aux", "au", "la", "est"]),
    ("es", &["el", "los", "las", "del", "y", "para", "con", "una", "en", "por", "la", "al"]),
    ("pt", &["os", "da", "dos", "das", "e", "para", "com", "uma", "em", "do", "na", "ao"]),
    ("de", &["der", "die", "das", "und", "für", "mit", "von", "zur", "zum", "den", "im", "ein"]),
];

/// The language that most of the entries are in, if it is not the expected one. Languages that cannot be told apart from
/// others here are never another.
pub(super) fn other(entries: &[ParsedEntry], expected: &str) -> Option<&'static str> {
    let guesses: Vec<&'static str> = entries.iter().filter_map(|entry| guess(&words_of(entry))).collect();
    if guesses.len() < FEWEST || !is_known(expected) {
        return None;
    }
    let count = |language: &str| guesses.iter().filter(|guess| **guess == language).count();
    guesses.iter().copied().find(|language| *language != expected && count(language) * 2 > guesses.len())
}

fn is_known(language: &str) -> bool {
    matches!(language, "ru" | "zh" | "ja" | "ko" | "ar" | "el")
        || SMALL_WORDS.iter().any(|(known, _)| *known == language)
}

fn words_of(entry: &ParsedEntry) -> String {
    let text = |markup: &Option<Markup>| markup.as_ref().map(html::text).unwrap_or_default();
    format!("{} {}", text(&entry.title), text(&entry.summary))
}

fn guess(text: &str) -> Option<&'static str> {
    by_letters(text).or_else(|| by_words(text))
}

/// The language of more than half of the letters, if they are not Latin.
fn by_letters(text: &str) -> Option<&'static str> {
    let letters = text.chars().filter(|c| c.is_alphabetic()).count();
    let kana = text.chars().any(|c| matches!(c, '\u{3040}'..='\u{30FF}'));
    let scripts = [
        ("ru", (|c| matches!(c, '\u{400}'..='\u{52F}')) as fn(char) -> bool),
        (if kana { "ja" } else { "zh" }, |c| matches!(c, '\u{3040}'..='\u{30FF}' | '\u{3400}'..='\u{9FFF}')),
        ("ko", |c| matches!(c, '\u{AC00}'..='\u{D7AF}')),
        ("ar", |c| matches!(c, '\u{600}'..='\u{6FF}')),
        ("el", |c| matches!(c, '\u{370}'..='\u{3FF}')),
    ];
    scripts
        .into_iter()
        .find(|(_, is_of)| text.chars().filter(|c| is_of(*c)).count() * 2 > letters)
        .map(|(language, _)| language)
}

/// The language with half as many small words again as any other, and at least two.
fn by_words(text: &str) -> Option<&'static str> {
    let text = text.to_lowercase();
    let words: Vec<&str> = text.split(|c: char| !c.is_alphabetic()).collect();
    let count = |small: &[&str]| words.iter().filter(|word| small.contains(word)).count();
    let mut counts = SMALL_WORDS.map(|(language, small)| (count(small), language));
    counts.sort_unstable();
    let [.., (second, _), (first, language)] = counts;
    (first >= 2 && first * 2 >= second * 3).then_some(language)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expected: &str) {
        assert_eq!(guess(text).unwrap_or_default(), expected, "{text}");
    }

    #[test]
    fn sentences_tell_their_language() {
        check("The council adopts a new version of the model for data", "en");
        check("Le conseil adopte une nouvelle version du modèle pour les données", "fr");
        check("El consejo adopta una nueva versión del modelo para los datos", "es");
        check("O conselho adota uma nova versão do modelo para os dados", "pt");
        check("Der Rat nimmt eine neue Fassung von dem Muster für die Daten an", "de");
        check("Совет принимает новую версию", "ru");
        check("海关总署发布跨境电商新规", "zh");
        check("اليوم العالمي للجمارك", "ar");
    }

    #[test]
    fn a_name_tells_none() {
        check("WCO News 94", "");
        check("", "");
    }
}
