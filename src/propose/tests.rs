//! Pages made in the ways that offices make them, in `tests/data/propose/`.

use proptest::prelude::*;
use url::Url;

use super::{Candidate, keys, propose};
use crate::parse::Input;

fn read(html: &str) -> super::Proposal {
    let base = Url::parse("https://customs.example/en/news/").expect("a valid address");
    propose(Input {
        bytes: html.as_bytes(),
        content_type: Some("text/html; charset=utf-8"),
        base: Some(&base),
        ..Input::default()
    })
}

/// `key = css` for each selector, then `language`, entries and how many are dated.
fn told(candidate: &Candidate) -> String {
    let mut lines: Vec<String> =
        keys(&candidate.kind).iter().map(|(key, css)| format!("{key} = {css}")).collect();
    lines.extend(candidate.keep_link.iter().map(|pattern| format!("keep_link = {pattern}")));
    let language = candidate.language.as_ref().map(ToString::to_string).unwrap_or_default();
    lines.push(format!("{language} {}/{}", candidate.dated(), candidate.entries.len()));
    lines.join("; ")
}

fn check(name: &str, expected: &str) {
    let html = std::fs::read_to_string(format!("tests/data/propose/{name}.html")).expect(name);
    let found = read(&html).candidates.first().map(told);
    assert_eq!(found.as_deref().unwrap_or("nothing"), expected, "{name}");
}

#[test]
fn definition_lists_hold_the_date_in_the_term() {
    check("definition_list", "item = dl.announcements dd; date_before = dl.announcements dt; en 10/10");
}

#[test]
fn tables_hold_the_subject_in_one_column() {
    check("table", "item = table.circulars tr; date = td; en 10/10");
}

#[test]
fn a_card_may_be_one_link_with_names_that_machines_made() {
    check("cards", "item = a.card; title = h3; date = span.card-date; summary = p; en 10/10");
}

#[test]
fn dates_may_stand_before_headings_and_an_index_among_them() {
    check(
        "headings",
        r"item = a.headline; date_before = p.news-date; keep_link = /en/media/newsroom/\d{4}/[^/]+/[^/]+\.aspx$; en 10/10",
    );
}

#[test]
fn wordpress() {
    check("wordpress", "item = article.post; date = time.published; summary = div.entry-content; en 10/10");
}

#[test]
fn drupal() {
    check(
        "drupal",
        "item = div.views-row; date = div.views-field-created; summary = div.views-field-body; en 10/10",
    );
}

#[test]
fn a_government_list_has_descriptions_and_metadata() {
    check(
        "government",
        "item = li.gem-c-document-list__item; date = time; summary = p.gem-c-document-list__item-description; en 10/10",
    );
}

#[test]
fn chinese() {
    check("chinese", "item = ul.conList_ul li; date = span; zh-CN 8/8");
}

#[test]
fn arabic() {
    check("arabic", "item = div.news-item; date = div.news-date; summary = p.news-text; ar 7/7");
}

#[test]
fn russian_with_the_date_behind_the_heading() {
    check("russian", "item = h2.press-title; date_after = div.press-date; ru 7/7");
}

#[test]
fn a_box_of_what_is_read_most_is_not_the_list() {
    check("popular_box", "item = div.story; date = div.when; en 6/6");
}

#[test]
fn a_day_may_head_several_entries() {
    check("days", "item = section.latest li; date_above = section.latest h2; en 9/9");
}

#[test]
fn links_without_any_names_around_them_are_told_by_their_addresses() {
    check("plain_links", "item = div a; keep_link = /updates/[^/]+/?$; en 0/8");
}

#[test]
fn headlines_need_not_be_links() {
    check(
        "read_more",
        "item = div.publication; title = h4.publication-title; date = p.meta; summary = p.lead; en 10/10",
    );
}

#[test]
fn layout_by_tables() {
    check("old_tables", "item = a[href*='news_e/']; date_before = b; en 10/10");
}

#[test]
fn a_page_of_prose_has_nothing_to_list() {
    check("nothing", "nothing");
}

#[test]
fn tag_clouds_and_menus_are_no_news() {
    check("tag_cloud", "nothing");
}

#[test]
fn the_same_page_gives_the_same_answer() {
    let html = std::fs::read_to_string("tests/data/propose/wordpress.html").expect("a page");
    assert_eq!(read(&html), read(&html));
}

/// Work that grew with the square of these would take minutes.
#[test]
fn large_pages_are_proposed_in_bounded_time() {
    for part in [
        "<li><a href=/n/X>Brokers meet in Kampala again X</a>",
        "<div><a href=/X>a<b>",
        "<td><p class=c>1 May 2018<h3>x</h3>",
    ] {
        let many: String = (0..4_000).map(|n| part.replace('X', &n.to_string())).collect();
        read(&many);
    }
}

proptest! {
    #[test]
    fn nothing_makes_it_panic(parts in prop::collection::vec(prop::sample::select(vec![
        "<div class=news>", "</div>", "<p>", "</p>", "<a href=/news/1>", "<a href=/news/2>", "<a href=x>", "</a>", "<table>", "</table>",
        "<tr>", "<td>", "<ul>", "</ul>", "<li>", "<h3>", "</h3>", "1 May 2018", "Brokers meet in Kampala", "海关总署公布新规定", "<nav>",
        "<time datetime=2018-05-01>", "<dl>", "<dt>", "<dd>", "<header>", "</header>", "Most read", "é", "<", "&", "<base href=//b>",
    ]), 0..60)) {
        read(&parts.concat());
    }
}
