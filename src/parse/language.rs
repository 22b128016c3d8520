//! Which language is a text in? Only a clear answer counts: by the letters, or by the small words between the others.

use crate::model::language::Language;

/// A script, told by most of the letters.
pub(crate) struct Script {
    holds: fn(char) -> bool,
    /// The language that it is mostly used for.
    usual: &'static str,
    /// All that it may be.
    languages: &'static [&'static str],
}

impl Script {
    pub(crate) fn may_be(&self, language: &Language) -> bool {
        self.languages.contains(&language.primary())
    }
}

static CYRILLIC: Script = Script {
    holds: |c| matches!(c, '\u{400}'..='\u{52F}'),
    usual: "ru",
    languages: &["ru", "uk", "be", "bg", "sr", "mk", "kk", "ky", "mn", "tg"],
};
static ARABIC: Script = Script {
    holds: |c| matches!(c, '\u{600}'..='\u{6FF}' | '\u{750}'..='\u{77F}'),
    usual: "ar",
    languages: &["ar", "fa", "ur", "ps", "ug", "ckb"],
};
static HANGUL: Script =
    Script { holds: |c| matches!(c, '\u{AC00}'..='\u{D7FF}'), usual: "ko", languages: &["ko"] };
static GREEK: Script =
    Script { holds: |c| matches!(c, '\u{370}'..='\u{3FF}'), usual: "el", languages: &["el"] };
static JAPANESE: Script = Script { holds: is_kana_or_han, usual: "ja", languages: &["ja"] };
static CHINESE: Script = Script { holds: is_kana_or_han, usual: "zh", languages: &["zh", "yue"] };

/// In scripts that are told by nothing here.
const OF_OTHER_SCRIPTS: [&str; 7] = ["he", "hy", "ka", "th", "hi", "bn", "ta"];

/// Written in Latin letters as well.
const ALSO_LATIN: [&str; 4] = ["sr", "kk", "ug", "ckb"];

/// Words that stand in nearly every sentence of one language and seldom in another's.
const SMALL_WORDS: [(&str, &[&str]); 5] = [
    ("en", &["the", "of", "and", "to", "for", "with", "on", "from", "at", "is", "its", "by"]),
    ("fr", &["le", "les", "des", "du", "et", "pour", "sur", "une", "dans", "aux", "au", "la", "est"]),
    ("es", &["el", "los", "las", "del", "y", "para", "con", "una", "en", "por", "la", "al"]),
    ("pt", &["os", "da", "dos", "das", "e", "para", "com", "uma", "em", "do", "na", "ao"]),
    ("de", &["der", "die", "das", "und", "für", "mit", "von", "zur", "zum", "den", "im", "ein"]),
];

/// The language of a text; `None` where it is not clear.
pub(crate) fn guess(text: &str) -> Option<&'static str> {
    script(text).map(|script| usual(script, text)).or_else(|| by_words(text))
}

/// Can a text in this language be told from all others here?
pub(crate) fn is_told_apart(language: &str) -> bool {
    matches!(language, "ru" | "uk" | "zh" | "ja" | "ko" | "ar" | "el")
        || SMALL_WORDS.iter().any(|(known, _)| *known == language)
}

/// The script of more than half of the letters, if that is not Latin.
pub(crate) fn script(text: &str) -> Option<&'static Script> {
    let letters = text.chars().filter(|c| c.is_alphabetic()).count();
    let is_most = |holds: fn(char) -> bool| text.chars().filter(|c| holds(*c)).count() * 2 > letters;
    // Chinese has none of these, Japanese some in every sentence.
    let kana = text.chars().filter(|c| matches!(c, '\u{3040}'..='\u{30FF}')).count();
    let han = if kana * 10 >= letters { &JAPANESE } else { &CHINESE };
    [&CYRILLIC, &ARABIC, &HANGUL, &GREEK, han].into_iter().find(|script| is_most(script.holds))
}

/// The language that texts in this script are mostly in.
pub(crate) fn usual(script: &Script, text: &str) -> &'static str {
    let is_ukrainian = script.usual == "ru" && text.to_lowercase().contains(['і', 'ї', 'є']);
    if is_ukrainian { "uk" } else { script.usual }
}

/// May it be written in Latin letters?
pub(crate) fn is_latin(language: &Language) -> bool {
    let primary = language.primary();
    let scripts = [&CYRILLIC, &ARABIC, &HANGUL, &GREEK, &JAPANESE, &CHINESE];
    let is_of_another =
        OF_OTHER_SCRIPTS.contains(&primary) || scripts.iter().any(|script| script.may_be(language));
    ALSO_LATIN.contains(&primary) || !is_of_another
}

fn is_kana_or_han(c: char) -> bool {
    matches!(c, '\u{3040}'..='\u{30FF}' | '\u{3400}'..='\u{9FFF}')
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
        check("Митниця спрощує процедури", "uk");
        check("海关总署发布跨境电商新规", "zh");
        check("税関手続の簡素化について", "ja");
        check("관세청 새 규정 발표", "ko");
        check("اليوم العالمي للجمارك", "ar");
        check("Νέες τελωνειακές διαδικασίες", "el");
    }

    #[test]
    fn a_name_tells_none() {
        check("WCO News 94", "");
        check("", "");
    }

    #[test]
    fn a_foreign_name_makes_no_other_script() {
        check("The Директор of the service and its tasks", "en");
        check("WTO 公布了新的贸易便利化规则", "zh");
    }

    #[test]
    fn some_languages_have_two_scripts() {
        let is_latin = |tag| is_latin(&Language::parse(tag).expect("a language"));
        assert!(is_latin("fr") && is_latin("sr") && is_latin("kk"));
        assert!(!is_latin("ru") && !is_latin("zh-Hans") && !is_latin("he") && !is_latin("el"));
    }
}
