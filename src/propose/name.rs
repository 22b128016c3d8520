//! A short name for a source, and a title that members can read.

use url::Url;

use crate::model::text::{host, one_line};

/// Longer titles are a nuisance beside every entry.
const LONGEST_TITLE: usize = 48;

/// Longer ids are no names any more.
const LONGEST_ID: usize = 32;

/// What stands between the name of a domain's owner and its country, as in `customs.gov.uk`.
const KINDS: [&str; 18] = [
    "gov", "com", "org", "net", "co", "ac", "go", "gob", "gouv", "gub", "edu", "or", "ne", "int", "mil",
    "europa", "gc", "govt",
];

/// What pages are called that do not say whose they are.
const GENERAL: [&str; 16] = [
    "news",
    "newsroom",
    "home",
    "latest news",
    "press releases",
    "press",
    "media",
    "rss",
    "feed",
    "actualités",
    "noticias",
    "notícias",
    "aktuelles",
    "новости",
    "新闻",
    "الأخبار",
];

const DIVIDERS: [&str; 8] = [" | ", " - ", " – ", " — ", " » ", " :: ", " · ", " « "];

/// The first part of a title that says whose it is; the host if none does.
pub fn title(said: Option<&str>, url: &Url) -> String {
    let mut parts = vec![one_line(said.unwrap_or_default())];
    for divider in DIVIDERS {
        parts =
            parts.iter().flat_map(|part| part.split(divider)).map(|part| part.trim().to_owned()).collect();
    }
    let is_name = |part: &&String| {
        !part.is_empty() && part.chars().count() <= LONGEST_TITLE && !GENERAL.contains(&&*part.to_lowercase())
    };
    parts.iter().find(is_name).cloned().unwrap_or_else(|| host(url).to_owned())
}

/// A name that no other source has, of the host or the title.
pub fn id(url: &Url, title: &str, taken: impl Fn(&str) -> bool) -> String {
    let own = [owner(url), slug(title), slug(host(url))];
    let own = own.into_iter().find(|name| !name.is_empty()).unwrap_or_else(|| "source".to_owned());
    let path =
        url.path_segments().into_iter().flatten().map(slug).find(|part| part.len() > 1 && part.len() < 16);
    let longer = path.map(|part| format!("{own}-{part}"));
    let numbered = (2..1000).map(|number| format!("{own}-{number}"));
    std::iter::once(own.clone()).chain(longer).chain(numbered).find(|name| !taken(name)).unwrap_or(own)
}

/// `wcoomd` of `www.wcoomd.org`, `taxation-customs` of `taxation-customs.ec.europa.eu`; empty if only a country is left, or
/// the host is a number.
fn owner(url: &Url) -> String {
    let Some(url::Host::Domain(name)) = url.host() else { return String::new() };
    let mut labels: Vec<&str> = name.trim_start_matches("www.").split('.').collect();
    labels.pop();
    if labels.last().is_some_and(|last| KINDS.contains(last)) {
        labels.pop();
    }
    // The longest says most: `taxation-customs`, not `ec`.
    let longest =
        labels.iter().rev().fold("", |best, label| if label.len() > best.len() { label } else { best });
    slug(longest)
}

/// Small letters, digits and single hyphens; empty if that leaves nothing to recognise.
fn slug(text: &str) -> String {
    let mut slug = String::new();
    for word in text.split(|c: char| !c.is_ascii_alphanumeric()).filter(|word| !word.is_empty()) {
        if !slug.is_empty() && slug.len() + 1 + word.len() > LONGEST_ID {
            break;
        }
        if !slug.is_empty() {
            slug.push('-');
        }
        slug.push_str(&word.to_ascii_lowercase());
    }
    slug.truncate(LONGEST_ID);
    let letters = text.chars().filter(|c| c.is_alphabetic()).count();
    let kept = slug.bytes().filter(u8::is_ascii_alphabetic).count();
    if kept * 2 >= letters { slug } else { String::new() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    use crate::model::source::SourceId;

    fn check(address: &str, said: &str, title_wanted: &str, id_wanted: &str) {
        let url = Url::parse(address).expect("an address");
        let title = title(Some(said), &url);
        assert_eq!((&*title, &*id(&url, &title, |_| false)), (title_wanted, id_wanted));
    }

    #[test]
    fn the_host_gives_the_id() {
        check(
            "https://www.wcoomd.org/en/news",
            "Newsroom | World Customs Organization",
            "World Customs Organization",
            "wcoomd",
        );
        check("https://taxation-customs.ec.europa.eu/x", "News - Taxation", "Taxation", "taxation-customs");
        check("https://www.customs.gov.sg/news", "", "customs.gov.sg", "customs");
    }

    #[test]
    fn else_the_title_does() {
        check(
            "https://www.gov.uk/hmrc.atom",
            "Activity on GOV.UK",
            "Activity on GOV.UK",
            "activity-on-gov-uk",
        );
        check("http://127.0.0.1:80/", "新闻", "127.0.0.1", "127-0-0-1");
    }

    #[test]
    fn a_taken_name_gets_more() {
        let url = Url::parse("https://mag.wcoomd.org/magazine/x").expect("an address");
        assert_eq!(id(&url, "", |name| name == "wcoomd"), "wcoomd-magazine");
        assert_eq!(id(&url, "", |name| !name.ends_with("-3")), "wcoomd-3");
    }

    proptest! {
        #[test]
        fn an_id_is_always_one(host in "[a-z0-9.-]{1,70}", said in "\\PC{0,80}") {
            if let Ok(url) = Url::parse(&format!("https://{host}/{said}")) {
                let name = id(&url, &title(Some(&said), &url), |_| false);
                prop_assert!(SourceId::parse(&name).is_some(), "{}", name);
            }
        }
    }
}
