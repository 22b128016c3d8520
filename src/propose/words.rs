//! The words by which a page's parts are known: names of boxes, texts of buttons, and what a headline looks like.

/// Names of navigation and of what stands beside the matter, as parts of classes and ids.
const ASIDE: [&str; 45] = [
    "nav",
    "navbar",
    "navigation",
    "menu",
    "submenu",
    "breadcrumb",
    "breadcrumbs",
    "footer",
    "sidebar",
    "aside",
    "pagination",
    "pager",
    "paging",
    "tagcloud",
    "tags",
    "tag-list",
    "related",
    "popular",
    "trending",
    "mostread",
    "social",
    "share",
    "sharing",
    "cookie",
    "cookies",
    "lang",
    "language",
    "languages",
    "comments",
    "skip",
    "toolbar",
    "topbar",
    "widget",
    "promo",
    "banner",
    "advert",
    "ads",
    "newsletter",
    "subscribe",
    "filter",
    "filters",
    "facet",
    "facets",
    "search",
    "quicklinks",
];

/// Headings of boxes that repeat what stands elsewhere, or lead away.
const BOX_TITLES: [&str; 36] = [
    "most read",
    "most popular",
    "most viewed",
    "popular",
    "trending",
    "related",
    "see also",
    "quick links",
    "useful links",
    "archive",
    "archives",
    "categories",
    "tags",
    "follow us",
    "les plus lus",
    "plus lus",
    "à lire aussi",
    "voir aussi",
    "liens utiles",
    "más leíd",
    "lo más",
    "enlaces",
    "mais lid",
    "mais vist",
    "meistgelesen",
    "beliebt",
    "самое читаемое",
    "популярн",
    "читайте также",
    "архив",
    "热门",
    "热点排行",
    "相关",
    "推荐",
    "الأكثر قراءة",
    "مواضيع ذات صلة",
];

/// What a link says when it is none of the entry's own words.
const BUTTONS: [&str; 44] = [
    "read more",
    "read more »",
    "more",
    "more…",
    "more...",
    "learn more",
    "continue reading",
    "view",
    "view all",
    "see all",
    "details",
    "download",
    "pdf",
    "next",
    "previous",
    "older posts",
    "newer posts",
    "home",
    "share",
    "print",
    "back to top",
    "click here",
    "here",
    "lire la suite",
    "en savoir plus",
    "suite",
    "suivant",
    "leer más",
    "ver más",
    "siguiente",
    "saiba mais",
    "leia mais",
    "weiterlesen",
    "mehr",
    "mehr erfahren",
    "подробнее",
    "читать далее",
    "далее",
    "更多",
    "查看更多",
    "详情",
    "下一页",
    "اقرأ المزيد",
    "المزيد",
];

pub(super) fn is_aside_role(role: &str) -> bool {
    matches!(
        role,
        "navigation" | "banner" | "contentinfo" | "search" | "menu" | "menubar" | "complementary" | "tablist"
    )
}

/// A class or id whose parts name such a box: `main-nav`, `sidebar_left`, `mostRead`.
pub(super) fn is_aside_name(name: &str) -> bool {
    let lower = name.to_ascii_lowercase();
    // A page says of itself which menus it has: `has-sidebar`, `no-nav`.
    let of_itself = ["has-", "no-", "with-", "is-"].iter().any(|start| lower.starts_with(start));
    !of_itself && (ASIDE.contains(&&*lower) || lower.split(['-', '_']).any(|part| ASIDE.contains(&part)))
}

pub(super) fn is_box_title(text: &str) -> bool {
    let lower = text.to_lowercase();
    BOX_TITLES.iter().any(|title| lower.starts_with(title))
}

pub(super) fn is_button(text: &str) -> bool {
    let lower = text.to_lowercase();
    let bare = lower.trim_end_matches(['»', '›', '→', '>', '.', '…', ' ', ':']);
    BUTTONS.contains(&&*lower) || BUTTONS.contains(&bare)
}

/// How much a text says: its letters, where one of a script without blanks between words counts for three.
pub(super) fn weight(text: &str) -> usize {
    text.chars().filter(|c| c.is_alphanumeric()).map(|c| if is_unspaced(c) { 3 } else { 1 }).sum()
}

/// Does it look like a headline, rather than a button, a name, a number or a whole paragraph?
pub(super) fn is_headline(text: &str) -> bool {
    let letters = text.chars().filter(|c| c.is_alphabetic()).count();
    let spaced = text.split_whitespace().count();
    let unspaced = text.chars().filter(|c| is_unspaced(*c)).count();
    let long = spaced >= 3 && weight(text) >= 12 || unspaced >= 6 || weight(text) >= 24;
    long && letters * 2 > text.chars().filter(|c| !c.is_whitespace()).count()
        && text.chars().count() <= 300
        && !is_button(text)
}

fn is_unspaced(c: char) -> bool {
    matches!(c, '\u{e00}'..='\u{eff}' | '\u{3040}'..='\u{9fff}' | '\u{ac00}'..='\u{d7ff}' | '\u{f900}'..='\u{faff}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_boxes_are_known_by_their_parts() {
        for name in ["nav", "main-nav", "sidebar_left", "block-related", "Pagination"] {
            assert!(is_aside_name(name), "{name}");
        }
        for name in ["news", "has-sidebar", "navy", "content", "article-list"] {
            assert!(!is_aside_name(name), "{name}");
        }
    }

    #[test]
    fn headlines_are_told_from_buttons_and_names() {
        for text in
            ["Brokers meet in Kampala", "海关总署发布跨境电商新规", "Customs digitalisation: accelerating"]
        {
            assert!(is_headline(text), "{text}");
        }
        for text in
            ["Read more", "Read more »", "Lire la suite", "News", "2", "12.05.2018 / 13", "About us", "更多"]
        {
            assert!(!is_headline(text), "{text}");
        }
    }
}
