//! The known name that somebody meant who wrote another.

use super::topic::is_slug;

/// Comparing costs the product of the lengths, and no name that we know is longer.
const LONGEST: usize = 64;

/// The nearest known name, if one is near enough to be meant: a third of the letters may be wrong.
pub fn nearest<'a>(wrong: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let wrong = wrong.trim().to_lowercase();
    let length = wrong.chars().count();
    if !(1..=LONGEST).contains(&length) {
        return None;
    }
    let bound = (length / 3).max(1);
    known
        .into_iter()
        .map(|name| (distance(&wrong, &name.to_lowercase()), name))
        .filter(|(distance, _)| *distance <= bound)
        .min()
        .map(|(_, name)| name)
}

/// Changes from one name to the other; names of places (`Europe/Brussels`) are known by their last part too.
fn distance(wrong: &str, name: &str) -> usize {
    let whole = strsim::osa_distance(wrong, name);
    match name.rsplit_once('/') {
        Some((_, last)) if !wrong.contains('/') => whole.min(strsim::osa_distance(wrong, last)),
        _ => whole,
    }
}

/// "did you mean `x`?", or all the names there are.
pub fn hint<'a>(wrong: &str, known: impl IntoIterator<Item = &'a str> + Clone) -> String {
    let list = list(known.clone());
    match nearest(wrong, known) {
        Some(name) => format!("did you mean `{name}`?"),
        None if list.is_empty() => String::new(),
        None => format!("known: {list}"),
    }
}

/// The names in backquotes, commas between.
pub fn list<'a>(names: impl IntoIterator<Item = &'a str>) -> String {
    names.into_iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ")
}

/// The nearest text that may be an id, if there is one.
pub fn id(text: &str) -> Option<String> {
    let mut slug = String::new();
    for word in text.split(|c: char| !c.is_ascii_alphanumeric()).filter(|word| !word.is_empty()) {
        let longer = if slug.is_empty() { word.to_owned() } else { format!("{slug}-{word}") };
        if longer.len() > LONGEST {
            break;
        }
        slug = longer;
    }
    slug.make_ascii_lowercase();
    is_slug(&slug).then_some(slug)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(wrong: &str, known: &[&str], meant: Option<&str>) {
        assert_eq!(nearest(wrong, known.iter().copied()), meant, "{wrong}");
    }

    #[test]
    fn a_slip_of_the_pen_is_understood() {
        check("langauge", &["title", "language", "link"], Some("language"));
        check("Enabled", &["enabled"], Some("enabled"));
        check("sources", &["source", "section"], Some("source"));
    }

    #[test]
    fn a_city_is_enough_for_a_time_zone() {
        check("Brussel", &["Europe/Brussels", "Africa/Kampala"], Some("Europe/Brussels"));
    }

    #[test]
    fn what_is_like_nothing_is_not_guessed() {
        check("colour", &["title", "language"], None);
        check("", &["t"], None);
        check(&"x".repeat(65), &["x"], None);
    }

    #[test]
    fn without_a_guess_all_names_are_told() {
        assert_eq!(hint("colour", ["title", "link"]), "known: `title`, `link`");
        assert_eq!(hint("x", []), "");
    }

    #[test]
    fn an_id_is_made_of_the_words_that_have_room() {
        assert_eq!(id("EU Trade").as_deref(), Some("eu-trade"));
        assert_eq!(id(&"news ".repeat(20)).map(|id| id.len()), Some(64));
        assert_eq!(id("海关"), None);
        assert_eq!(id(&"x".repeat(65)), None);
    }
}
