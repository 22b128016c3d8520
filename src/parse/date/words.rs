//! The names of months, zones and halves of the day, folded as `token::fold` does.

const HOUR: i64 = 3600;

/// Names of the months: en, fr, es, pt, de, ru, ar first; then it, nl, el, hu, pl, cs, uk, tr, id and the north of
/// Europe, as far as no word means another month elsewhere.
const MONTHS: [&str; 12] = [
    "jan january janv janvier ene enero janeiro januar jaen янв января январь يناير جانفي jaenner \
     janner gen gennaio januari ιαν ιανουαριου ιανουαριος stycznia styczen ledna leden січ січня ocak",
    "feb february fev fevr fevrier febr febrero fevereiro februar фев февр февраля февраль شباط \
     فبراير فيفري febbraio februari φεβ φεβρ φεβρουαριου φεβρουαριος lutego unora лют лютого subat",
    "mar march mars marzo marco marz maerz мар марта март اذار مارس mrt maart mrz maer μαρ μαρτ \
     μαρτιου μαρτιος marc marcius marca brezna бер березня mart marts maret",
    "apr april avr avril abr abril апр апреля апрель نيسان ابريل افريل aprile απρ απριλιου απριλιος \
     aprilis kwietnia dubna квіт квітня nisan",
    "may mai mayo maio мая май ايار مايو ماي mag maggio mei μαι μαιου μαιος majus maj maja kvetna \
     трав травня mayis",
    "jun june juin junio junho juni июн июня июнь حزيران يونيو يونيه جوان giu giugno ιουν ιουνιου \
     ιουνιος junius czerwca cervna черв червня haziran",
    "jul july juil juillet julio julho juli июл июля июль تموز يوليو يوليه يوليوز جويلية lug luglio \
     ιουλ ιουλιου ιουλιος julius lipca cervence лип липня temmuz",
    "aug august aout ago agosto авг августа август اب اغسطس غشت اوت augustus αυγ αυγουστου αυγουστος \
     augusztus sierpnia srpna серп серпня agustos augusti agustus",
    "sep sept september septembre septiembre setiembre set setembro сен сент сентября сентябрь ايلول \
     سبتمبر شتنبر settembre sett σεπ σεπτ σεπτεμβριου σεπτεμβριος szept szeptember wrzesnia zari вер \
     вересня eylul",
    "oct october octobre octubre out outubro okt oktober окт октября октябрь اكتوبر ott ottobre οκτ \
     οκτωβριου οκτωβριος pazdziernika rijna жовт жовтня ekim",
    "nov november novembre noviembre novembro ноя нояб ноября ноябрь نوفمبر نونبر νοε νοεμ νοεμβριου \
     νοεμβριος listopada listopadu лист листопада kasim",
    "dec december decembre dic diciembre dez dezembro dezember дек декабря декабрь ديسمبر دجنبر \
     dicembre δεκ δεκεμβριου δεκεμβριος grudnia prosince груд грудня aralik desember des",
];

/// The month that a word names, 1 to 12.
pub(super) fn month(word: &str) -> Option<u64> {
    let at = MONTHS.iter().position(|names| names.split(' ').any(|name| name == word))?;
    u64::try_from(at + 1).ok()
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

/// Days of the week that are known to stand between a day and its month.
pub(super) fn is_weekday(word: &str) -> bool {
    matches!(
        word,
        "mon"
            | "tue"
            | "wed"
            | "thu"
            | "fri"
            | "sat"
            | "sun"
            | "monday"
            | "tuesday"
            | "wednesday"
            | "thursday"
            | "friday"
            | "saturday"
            | "sunday"
    )
}

/// Is it the half of the day after noon?
pub(super) fn half(word: &str) -> Option<bool> {
    match word {
        "am" | "ص" | "صباحا" => Some(false),
        "pm" | "م" | "مساء" => Some(true),
        _ => None,
    }
}

/// Seconds east of Greenwich. A name that several countries use is RFC 822's, else the one that feeds mean.
pub(super) fn zone(name: &str) -> Option<i64> {
    let minutes = match name {
        "nst" => -3 * 60 - 30,
        "ndt" => -2 * 60 - 30,
        "irst" => 3 * 60 + 30,
        "ist" => 5 * 60 + 30,
        "npt" => 5 * 60 + 45,
        "acst" => 9 * 60 + 30,
        "acdt" => 10 * 60 + 30,
        _ => return whole_hours(name).map(|hours| hours * HOUR),
    };
    Some(minutes * 60)
}

fn whole_hours(name: &str) -> Option<i64> {
    Some(match name {
        "gmt" | "utc" | "ut" | "z" | "wet" => 0,
        "bst" | "cet" | "mez" | "met" | "west" | "wat" => 1,
        "cest" | "mesz" | "mest" | "eet" | "sast" | "cat" => 2,
        "msk" | "eest" | "мск" | "trt" | "eat" => 3,
        "gst" | "samt" => 4,
        "pkt" | "uzt" => 5,
        "almt" => 6,
        "ict" | "wib" => 7,
        "hkt" | "sgt" | "myt" | "pht" | "awst" | "wita" => 8,
        "jst" | "kst" | "wit" => 9,
        "aest" => 10,
        "aedt" => 11,
        "nzst" => 12,
        "nzdt" => 13,
        "brt" | "adt" | "clst" | "uyt" => -3,
        "edt" | "ast" | "clt" => -4,
        "est" | "cdt" | "pet" => -5,
        "cst" | "mdt" => -6,
        "mst" | "pdt" => -7,
        "pst" | "akdt" => -8,
        "akst" => -9,
        "hst" => -10,
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
