//! What is cut out, and that nobody can tell afterwards.

use proptest::prelude::*;
use url::Url;

use crate::parse::document::Document;
use crate::parse::flaws::Flaws;
use crate::parse::stop::Stop;
use crate::parse::survey::{Survey, survey};
use crate::parse::{Input, read};

fn rss(item: &str) -> String {
    format!(
        "<rss version='2.0' xmlns:dc='http://purl.org/dc/elements/1.1/' xmlns:x='urn:x' \
         xmlns:content='http://purl.org/rss/1.0/modules/content/' xmlns:media='http://search.yahoo.com/mrss/' \
         xmlns:atom='http://www.w3.org/2005/Atom'><channel><title>a</title> <item>{item}</item></channel></rss>"
    )
}

fn rdf(item: &str) -> String {
    format!(
        "<rdf:RDF xmlns='http://purl.org/rss/1.0/' xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#' \
         xmlns:dc='http://purl.org/dc/elements/1.1/' xmlns:content='http://purl.org/rss/1.0/modules/content/'>\
         <channel><title>a</title></channel><item><link>https://quai.example/</link>{item}</item></rdf:RDF>"
    )
}

fn atom(entry: &str) -> String {
    format!("<feed xmlns='http://www.w3.org/2005/Atom'><title>a</title> <entry>{entry}</entry></feed>")
}

fn surveyed(text: &str) -> Survey<'_> {
    survey(text, Stop::default()).expect("a feed")
}

fn is_fit(text: &str) -> bool {
    surveyed(text).skeleton.is_some()
}

/// What the feed reader is given of an entry.
fn check(document: &str, kept: &str) {
    let survey = surveyed(document);
    let bytes = survey.skeleton.as_ref().expect("it is fit").as_bytes();
    let whole = std::str::from_utf8(bytes).expect("text");
    let inside = whole.split_once("<item>").or_else(|| whole.split_once("<entry>")).expect("an entry").1;
    assert_eq!(inside.split("</item>").next().and_then(|rest| rest.split("</entry>").next()), Some(kept));
}

/// `whole`: the feed reader sees all of it.
fn document(text: &str, whole: bool) -> Option<Document> {
    let base = Url::parse("https://quai.example/news/").expect("an address");
    let input = Input { bytes: text.as_bytes(), base: Some(&base), ..Input::default() };
    let mut survey = surveyed(text);
    survey.skeleton = survey.skeleton.filter(|_| !whole);
    read(text, &survey, input, &mut Flaws::default())
}

#[test]
fn texts_and_dates_are_cut_out_and_links_are_not() {
    check(&rss("<title>a &lt; b</title><link>c</link>\n<pubDate>d</pubDate>"), "<link>c</link>");
    check(&atom("<id>a</id><title/><link href='b'/><updated>c</updated>"), "<link href='b'/>");
}

#[test]
fn what_nobody_reads_is_cut_out_with_all_that_is_in_it() {
    check(&rss("<x:a><title>b</title><x:c/></x:a><!-- d --><link>e</link>"), "<link>e</link>");
}

#[test]
fn a_text_of_elements_stays() {
    let content = "<content type='xhtml'><div>a <b>c</b></div></content>";
    check(&atom(&format!("<title>d</title>{content}")), content);
}

#[test]
fn people_stay_together_where_one_has_an_address() {
    check(&rss("<dc:creator>a</dc:creator><author>Jane Doe</author>"), "");
    let people = "<dc:creator>a</dc:creator><author>jane@example.org (Jane Doe)</author>";
    check(&rss(&format!("{people}<title>b</title>")), people);
}

#[test]
fn a_text_in_pieces_is_one_text() {
    let text = rss("<title> a &amp;lt;<!-- b --><![CDATA[ &lt; ]]>c </title>");
    let read = document(&text, false).expect("a document");
    let title = read.entries[0].title.as_ref().map(|title| title.text.as_str());
    assert_eq!(title, Some("a &lt; &lt; c"));
}

/// What may stand in an element of text.
fn inside() -> impl Strategy<Value = String> {
    let piece = prop::sample::select(vec![
        "",
        " ",
        "\r\n",
        "é",
        "a",
        "&lt;b&gt;",
        "&amp;amp;",
        "&#8364;",
        "<![CDATA[]]>",
        "<![CDATA[ <i>c</i> &lt; ]]>",
        "<!-- d -->",
        "<?e?>",
        "jane@example.org",
        "2018-01-15T10:15:00Z",
        "Mon, 15 Jan 2018 10:15:00 GMT",
        "https://quai.example/1?a=1&amp;b=2",
    ]);
    prop::collection::vec(piece, 0..4).prop_map(|pieces| pieces.concat())
}

/// Some of them, several times or not at all, in any order; `#` stands for the text.
fn elements(kinds: &'static [&'static str]) -> impl Strategy<Value = String> {
    let element = (prop::sample::select(kinds), inside());
    let element = element.prop_map(|(kind, inside)| kind.replace('#', &inside));
    prop::collection::vec(element, 0..9).prop_map(|elements| elements.join("\n"))
}

const IN_RSS: &[&str] = &[
    "<title>#</title>",
    "<title/>",
    "<link>#</link>",
    "<description>#</description>",
    "<content:encoded>#</content:encoded>",
    "<guid isPermaLink='false'>#</guid>",
    "<guid>#</guid>",
    "<pubDate>#</pubDate>",
    "<dc:date>#</dc:date>",
    "<atom:updated>#</atom:updated>",
    "<category domain='a&amp;b &copy;'>#</category>",
    "<category/>",
    "<author>#</author>",
    "<dc:creator>#</dc:creator>",
    "<dc:subject>#</dc:subject>",
    "<comments>#</comments>",
    "<source url='/a'>#</source>",
    "<enclosure url='https://quai.example/a.mp3' type='audio/mpeg' length='7'/>",
    "<media:content url='/a.png'><media:title>b#</media:title></media:content>",
    "<x:a><title>#</title></x:a>",
];

const IN_RDF: &[&str] = &[
    "<title>#</title>",
    "<description>#</description>",
    "<content:encoded>#</content:encoded>",
    "<dc:description>#</dc:description>",
    "<dc:date>#</dc:date>",
    "<dc:creator>#</dc:creator>",
    "<dc:rights>#</dc:rights>",
];

const IN_ATOM: &[&str] = &[
    "<id>#</id>",
    "<title>#</title>",
    "<title type='html'>#</title>",
    "<title type='xhtml'><div>a<br/>#</div></title>",
    "<title/>",
    "<summary type='text'>#</summary>",
    "<content type='html'>#</content>",
    "<content type='xhtml'><div>#</div></content>",
    "<content type='text/html' xml:base='a/'>#</content>",
    "<rights>#</rights>",
    "<published>#</published>",
    "<pubDate>#</pubDate>",
    "<updated>#</updated>",
    "<link rel='related' href='/a?b&amp;c' title='#'/>",
    "<category term=' a&amp;b ' scheme='urn:c' label='d'/>",
    "<category term='e'>#</category>",
    "<author><name>#</name><uri>/f</uri></author>",
    "<contributor><email>#</email></contributor>",
    "<source><title>#</title><updated>#</updated></source>",
];

proptest! {
    #[test]
    fn nobody_can_tell_an_rss_entry(item in elements(IN_RSS)) {
        let text = rss(&item);
        prop_assume!(is_fit(&text));
        prop_assert_eq!(document(&text, false), document(&text, true));
    }

    #[test]
    fn nobody_can_tell_an_rdf_entry(item in elements(IN_RDF)) {
        let text = rdf(&item);
        prop_assume!(is_fit(&text));
        prop_assert_eq!(document(&text, false), document(&text, true));
    }

    #[test]
    fn nobody_can_tell_an_atom_entry(entry in elements(IN_ATOM)) {
        let text = atom(&entry);
        prop_assume!(is_fit(&text));
        prop_assert_eq!(document(&text, false), document(&text, true));
    }
}
