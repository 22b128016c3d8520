//! The language of a list: by its letters, where they leave no doubt; else what the page says of itself.

use crate::model::language::Language;

/// Of a hundred letters, so many belong to one script.
const MOST: usize = 60;

/// `None` where the page is silent, or says what its letters contradict.
pub(super) fn of(titles: &[&str], declared: Option<&Language>) -> Option<Language> {
    let text = titles.join(" ");
    let letters = text.chars().filter(|c| c.is_alphabetic()).count();
    let share = |of: fn(char) -> bool| {
        (text.chars().filter(|c| of(*c)).count() * 100).checked_div(letters).unwrap_or_default()
    };
    let kana = share(|c| matches!(c, '\u{3040}'..='\u{30ff}'));
    let (family, usual): (&[&str], Option<&str>) = if share(|c| matches!(c, '\u{400}'..='\u{52f}')) >= MOST {
        let ukrainian = text.to_lowercase().contains(['і', 'ї', 'є']);
        (
            &["ru", "uk", "be", "bg", "sr", "mk", "kk", "ky", "mn", "tg"],
            Some(if ukrainian { "uk" } else { "ru" }),
        )
    } else if share(|c| matches!(c, '\u{600}'..='\u{6ff}' | '\u{750}'..='\u{77f}')) >= MOST {
        (&["ar", "fa", "ur", "ps", "ug", "ckb"], Some("ar"))
    } else if share(|c| matches!(c, '\u{ac00}'..='\u{d7ff}')) >= MOST {
        (&["ko"], Some("ko"))
    } else if kana >= 10 {
        (&["ja"], Some("ja"))
    } else if share(|c| matches!(c, '\u{3400}'..='\u{9fff}')) >= MOST {
        (&["zh", "yue"], Some("zh"))
    } else {
        (&[], None)
    };
    match (declared, usual) {
        (Some(declared), Some(_)) if family.contains(&declared.primary()) => Some(declared.clone()),
        (_, Some(usual)) => Language::parse(usual),
        (Some(declared), None) if is_latin(declared) => Some(declared.clone()),
        (_, None) => None,
    }
}

fn is_latin(language: &Language) -> bool {
    !matches!(
        language.primary(),
        "ru" | "uk"
            | "be"
            | "bg"
            | "mk"
            | "ky"
            | "mn"
            | "tg"
            | "ar"
            | "fa"
            | "ur"
            | "ps"
            | "ko"
            | "ja"
            | "zh"
            | "yue"
            | "he"
            | "el"
            | "hy"
            | "ka"
            | "th"
            | "hi"
            | "bn"
            | "ta"
    )
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
}
