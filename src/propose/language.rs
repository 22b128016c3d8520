//! The language of a list: by its letters, where they leave no doubt; else what the page says of itself, or its small words.

use crate::model::language::Language;
use crate::parse::language::{guess, is_latin, script, usual};

/// `None` where nothing tells, or the page says what its letters contradict.
pub(super) fn of(titles: &[&str], declared: Option<&Language>) -> Option<Language> {
    let text = titles.join(" ");
    match (script(&text), declared) {
        (Some(script), Some(declared)) if script.may_be(declared) => Some(declared.clone()),
        (Some(script), _) => Language::parse(usual(script, &text)),
        (None, Some(declared)) => is_latin(declared).then(|| declared.clone()),
        (None, None) => guess(&text).and_then(Language::parse),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(title: &str, declared: &str, expected: &str) {
        let found = of(&[title], Language::parse(declared).as_ref());
        assert_eq!(found.map(|language| language.to_string()).unwrap_or_default(), expected, "{title}");
    }

    #[test]
    fn letters_are_believed_before_the_page() {
        check("Таможня упрощает процедуры", "", "ru");
        check("Таможня упрощает процедуры", "en", "ru");
        check("Митниця спрощує процедури", "", "uk");
        check("海关总署公告", "zh-Hans", "zh-Hans");
        check("الجمارك تعلن عن إجراءات", "en", "ar");
        check("Working group concludes", "ru-RU", "");
    }

    #[test]
    fn where_letters_do_not_tell_the_page_does() {
        check("Les douanes se réunissent", "fr-FR", "fr-FR");
        check("Customs", "", "");
    }

    #[test]
    fn where_the_page_is_silent_too_the_small_words_do() {
        check("Le conseil adopte une nouvelle version du modèle pour les données", "", "fr");
        check("Le conseil adopte une nouvelle version du modèle pour les données", "fr-CA", "fr-CA");
    }
}
