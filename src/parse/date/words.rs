//! The names of months and time zones, folded as `token::fold` does.

const HOUR: i64 = 3600;

/// The month that a word names, 1 to 12, in en, fr, es, pt, de, ru or ar.
pub(super) fn month(word: &str) -> Option<u64> {
    Some(match word {
        "jan" | "january" | "janv" | "janvier" | "ene" | "enero" | "janeiro" | "januar" | "jaen" | "янв"
        | "января" | "январь" | "يناير" | "جانفي" => 1,
        "feb" | "february" | "fev" | "fevr" | "fevrier" | "febr" | "febrero" | "fevereiro" | "februar"
        | "фев" | "февр" | "февраля" | "февраль" | "شباط" | "فبراير" | "فيفري" => {
            2
        }
        "mar" | "march" | "mars" | "marzo" | "marco" | "marz" | "maerz" | "мар" | "марта" | "март"
        | "اذار" | "مارس" => 3,
        "apr" | "april" | "avr" | "avril" | "abr" | "abril" | "апр" | "апреля" | "апрель" | "نيسان"
        | "ابريل" | "افريل" => 4,
        "may" | "mai" | "mayo" | "maio" | "мая" | "май" | "ايار" | "مايو" | "ماي" => 5,
        "jun" | "june" | "juin" | "junio" | "junho" | "juni" | "июн" | "июня" | "июнь" | "حزيران"
        | "يونيو" | "يونيه" | "جوان" => 6,
        "jul" | "july" | "juil" | "juillet" | "julio" | "julho" | "juli" | "июл" | "июля" | "июль"
        | "تموز" | "يوليو" | "يوليه" | "يوليوز" | "جويلية" => 7,
        "aug" | "august" | "aout" | "ago" | "agosto" | "авг" | "августа" | "август" | "اب" | "اغسطس"
        | "غشت" | "اوت" => 8,
        "sep" | "sept" | "september" | "septembre" | "septiembre" | "setiembre" | "set" | "setembro"
        | "сен" | "сент" | "сентября" | "сентябрь" | "ايلول" | "سبتمبر" | "شتنبر" => {
            9
        }
        "oct" | "october" | "octobre" | "octubre" | "out" | "outubro" | "okt" | "oktober" | "окт"
        | "октября" | "октябрь" | "اكتوبر" => 10,
        "nov" | "november" | "novembre" | "noviembre" | "novembro" | "ноя" | "нояб" | "ноября" | "ноябрь"
        | "نوفمبر" | "نونبر" => 11,
        "dec" | "december" | "decembre" | "dic" | "diciembre" | "dez" | "dezembro" | "dezember" | "дек"
        | "декабря" | "декабрь" | "ديسمبر" | "دجنبر" => 12,
        _ => return None,
    })
}

/// The months whose Levantine names are two words.
pub(super) fn two_word_month(first: &str, second: &str) -> Option<u64> {
    match (first, second) {
        ("كانون", "الثاني" | "ثاني") => Some(1),
        ("تشرين", "الاول" | "اول") => Some(10),
        ("تشرين", "الثاني" | "ثاني") => Some(11),
        ("كانون", "الاول" | "اول") => Some(12),
        _ => None,
    }
}

/// Seconds east of Greenwich. A name that several countries use is RFC 822's, else the one that feeds mean.
pub(super) fn zone(name: &str) -> Option<i64> {
    Some(match name {
        "gmt" | "utc" | "ut" | "z" | "wet" => 0,
        "bst" | "cet" | "mez" | "west" => HOUR,
        "cest" | "mesz" | "eet" | "sast" => 2 * HOUR,
        "msk" | "eest" | "мск" => 3 * HOUR,
        "hkt" | "sgt" => 8 * HOUR,
        "jst" | "kst" => 9 * HOUR,
        "aest" => 10 * HOUR,
        "aedt" => 11 * HOUR,
        "nzst" => 12 * HOUR,
        "nzdt" => 13 * HOUR,
        "brt" => -3 * HOUR,
        "edt" | "ast" => -4 * HOUR,
        "est" | "cdt" => -5 * HOUR,
        "cst" | "mdt" => -6 * HOUR,
        "mst" | "pdt" => -7 * HOUR,
        "pst" | "akdt" => -8 * HOUR,
        "akst" => -9 * HOUR,
        "hst" => -10 * HOUR,
        _ => return None,
    })
}

/// The letters of RFC 822, section 5: A is -1, M is -12, N is +1, Y is +12; there is no J.
pub(super) fn military_zone(name: &str) -> Option<i64> {
    let &[letter] = name.as_bytes() else { return None };
    let hours = match letter {
        b'a'..=b'i' => -(i64::from(letter - b'a') + 1),
        b'k'..=b'm' => -i64::from(letter - b'a'),
        b'n'..=b'y' => i64::from(letter - b'n') + 1,
        b'z' => 0,
        _ => return None,
    };
    Some(hours * HOUR)
}
