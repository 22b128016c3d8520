//! Writes a broken or unusual document anew, as well-formed XML in the usual vocabulary, for the feed reader.
//!
//! Tags are balanced, a text ends where the next element of a feed begins, HTML inside a text becomes text,
//! namespaces get their usual prefixes, Atom 0.3 becomes Atom 1.0, and what the feed reader breaks down over is gone.

mod attribute;
mod kind;

use super::element::{Dialect, Role, ends_text, role};
use super::lex::{Lexer, Token};
use super::reference::{self, escape_into};
use super::space::{Space, Spaces};
use super::stop::Stop;
use super::survey::digest::is_duration;
use super::survey::{DEEPEST, MOST_ENTRIES};
use attribute::{is_name, written_attributes};
use kind::{Kind, from_base64, kind, typed};

/// Stands for the link that an entry does not have: the feed reader leaves out RSS 1.0 entries without one.
pub(super) const NO_LINK: &str = "urn:x-no-link";

/// The document anew. `version` is what the survey said of it.
pub(super) fn repair(text: &str, dialect: Dialect, version: &str, stop: Stop<'_>) -> String {
    let mut writer = Writer::new(dialect, version == "atom03", text.len());
    let mut lexer = Lexer::new(text, stop);
    while let Some(token) = lexer.next() {
        match token {
            Token::Start { name, empty } => writer.start(name, empty, &lexer.attributes),
            Token::End { name } => writer.end(name),
            Token::Text(text) => writer.text(text, true),
            Token::CData(text) => writer.text(text, false),
        }
        if writer.entries > MOST_ENTRIES {
            break;
        }
    }
    writer.finish()
}

struct Open<'a> {
    /// As it stands in the document, and as we write it.
    found: &'a str,
    written: String,
    space: Space,
    local: &'a str,
    role: Role,
    attributes: String,
    kind: Kind,
    /// The tags of HTML that are open in a text.
    inline: usize,
    /// What a text holds so far, escaped.
    body: String,
    /// Of an entry: there is a link in it.
    has_link: bool,
}

struct Writer<'a> {
    dialect: Dialect,
    old_atom: bool,
    out: String,
    spaces: Spaces<'a>,
    open: Vec<Open<'a>>,
    entries: usize,
    rooted: bool,
}

impl<'a> Writer<'a> {
    fn new(dialect: Dialect, old_atom: bool, size: usize) -> Self {
        Self {
            dialect,
            old_atom,
            out: String::with_capacity(size + size / 8),
            spaces: Spaces::default(),
            open: Vec::new(),
            entries: 0,
            rooted: false,
        }
    }

    fn finish(mut self) -> String {
        self.close_to(0);
        let root = match self.dialect {
            Dialect::Rss => "</channel></rss>",
            Dialect::Rdf => "</rdf:RDF>",
            Dialect::Atom => "</feed>",
        };
        self.out.push_str(root);
        self.out
    }

    fn root(&mut self, attributes: &[(&'a str, &'a str)]) {
        self.rooted = true;
        self.out.push_str(match self.dialect {
            Dialect::Rss => "<rss version=\"2.0\"",
            Dialect::Rdf => "<rdf:RDF xmlns=\"http://purl.org/rss/1.0/\"",
            Dialect::Atom => "<feed xmlns=\"http://www.w3.org/2005/Atom\"",
        });
        for (prefix, address) in Space::WRITTEN.iter().filter_map(|space| space.written()) {
            self.out.extend([" xmlns:", prefix, "=\"", address, "\""]);
        }
        let own = written_attributes(attributes);
        self.out.push_str(&own);
        self.out.push_str(if self.dialect == Dialect::Rss { "><channel>" } else { ">" });
    }

    fn start(&mut self, name: &'a str, empty: bool, attributes: &[(&'a str, &'a str)]) {
        self.spaces.declare(attributes);
        let (space, local) = self.spaces.resolve(name, self.dialect.space());
        let first = !self.rooted;
        if first {
            let root_is_entry = self.dialect == Dialect::Atom && local == "entry";
            self.root(if root_is_entry { &[] } else { attributes });
        }
        if let Some(text) = self.open.last().filter(|open| open.role != Role::Container) {
            let inside = text.kind == Kind::Xhtml && text.inline > 0;
            // A name with a prefix is none of HTML; what programs for letters leave in texts is seldom in a title.
            let foreign = name.contains(':') && (text.role == Role::Text || text.local == "title") && !inside;
            let ends = foreign || ends_text(self.dialect, space, local) && (!inside || local == "entry");
            if !ends {
                return self.inline_start(local, empty, attributes);
            }
            self.close_to(self.open.len() - 1);
        }
        if self
            .open
            .last()
            .is_some_and(|open| self.dialect == Dialect::Atom && ends_person(open, space, local))
        {
            self.close_to(self.open.len() - 1);
        }
        let is_frame = match self.dialect {
            Dialect::Rss => matches!(local, "rss" | "RSS" | "Rss" | "channel" | "Channel" | "items"),
            Dialect::Rdf => local == "RDF",
            Dialect::Atom => local == "feed",
        };
        if is_frame && matches!(space, Space::Core | Space::Rdf) {
            // Written already, as the root; what it says of language and base is in the survey.
            return self.close_to(0);
        }
        self.element(name, space, local, attributes);
        if empty {
            self.close_to(self.open.len() - 1);
        }
    }

    fn element(&mut self, found: &'a str, space: Space, local: &'a str, attributes: &[(&'a str, &'a str)]) {
        if space == Space::Core && local == self.dialect.entry() {
            self.entries += 1;
            self.close_to(0);
        }
        if let Some(entry) = self.open.last_mut() {
            entry.has_link |= (space, local) == (Space::Core, "link");
        }
        // Before there was `content:encoded`, RSS had XHTML and whole texts under these names.
        let is_body = self.dialect != Dialect::Atom && matches!(local, "body" | "fullitem");
        let (space, local) = if is_body { (Space::Content, "encoded") } else { (space, local) };
        // A name that XML doesn't allow, or that we would have to spell, is none of ours.
        let is_ours = !local.is_empty() && local.chars().all(is_name);
        let (space, local) = if is_ours { (space, local) } else { (Space::Other, "other") };
        let role = role(self.dialect, space, local);
        let (kind, attributes) = match role {
            Role::Markup => kind(self.dialect, self.old_atom, space, attributes),
            Role::Container | Role::Text => (Kind::Unsaid, written_attributes(attributes)),
        };
        let mut written = String::new();
        if let Some((prefix, _)) = space.written() {
            written.push_str(prefix);
            written.push(':');
        }
        written.push_str(new_name(self.old_atom && space == Space::Core, local));
        if role == Role::Container {
            self.out.extend(["<", &written, &attributes, ">"]);
        }
        let (inline, body, has_link) = (0, String::new(), false);
        self.open.push(Open { found, written, space, local, role, attributes, kind, inline, body, has_link });
        if self.open.len() >= DEEPEST {
            self.close_to(self.open.len() - 1);
        }
    }

    /// A tag of HTML, inside a text.
    fn inline_start(&mut self, local: &str, empty: bool, attributes: &[(&str, &str)]) {
        let Some(open) = self.open.last_mut().filter(|open| open.role == Role::Markup) else { return };
        let mut tag = format!("<{local}");
        for (name, value) in attributes.iter().filter(|(name, _)| !name.contains(':') && *name != "xmlns") {
            tag.extend([" ", name, "=\"", &value.replace('"', "&quot;"), "\""]);
        }
        tag.push_str(if empty { "/>" } else { ">" });
        escape_into(&mut open.body, &tag);
        open.inline += usize::from(!empty);
        if open.kind == Kind::Plain {
            open.kind = Kind::Html;
        }
    }

    fn end(&mut self, name: &'a str) {
        let depth = self.open.iter().rposition(|open| open.found == name);
        if let Some(text) = self.open.last_mut()
            && text.role != Role::Container
            && text.found != name
            && (depth.is_none() || text.inline > 0 && text.kind == Kind::Xhtml)
        {
            let local = local_name(name);
            // The end tag of an element that is not open says nothing; of HTML it belongs to the text.
            let (space, _) = self.spaces.resolve(name, self.dialect.space());
            if text.role == Role::Markup && !ends_text(self.dialect, space, local) {
                escape_into(&mut text.body, &format!("</{local}>"));
            }
            text.inline = text.inline.saturating_sub(1);
            return;
        }
        match depth {
            Some(depth) => self.close_to(depth),
            None if matches!(local_name(name), "channel" | "rss" | "RDF" | "feed") => self.close_to(0),
            None => {}
        }
    }

    fn text(&mut self, text: &str, references: bool) {
        let Some(open) = self.open.last_mut().filter(|open| open.role != Role::Container) else { return };
        let decoded = if references { reference::decode(text) } else { text.into() };
        if open.kind == Kind::Xhtml {
            let mut once = String::with_capacity(decoded.len());
            escape_into(&mut once, &decoded);
            escape_into(&mut open.body, &once);
        } else {
            escape_into(&mut open.body, &decoded);
        }
    }

    fn close_to(&mut self, depth: usize) {
        while self.open.len() > depth {
            let Some(mut open) = self.open.pop() else { return };
            if open.role == Role::Container {
                if self.dialect == Dialect::Rdf && open.local == "item" && !open.has_link {
                    self.out.extend(["<link>", NO_LINK, "</link>"]);
                }
            } else if (open.space, open.local) == (Space::Itunes, "duration") && !is_duration(&open.body) {
                continue;
            } else {
                complete_from_text(&mut open, self.dialect);
                make_digestible(&mut open, self.dialect);
                self.out.extend(["<", &open.written, &open.attributes, &typed(&open.kind), ">"]);
                let body = person(&open).or_else(|| unwrapped(&open)).unwrap_or(open.body);
                self.out.push_str(&body);
            }
            self.out.extend(["</", &open.written, ">"]);
        }
    }
}

/// A person that was not closed ends where something begins that no person has.
fn ends_person(open: &Open<'_>, space: Space, local: &str) -> bool {
    let is_person = open.space == Space::Core && matches!(open.local, "author" | "contributor");
    is_person && space == Space::Core && !matches!(local, "name" | "uri" | "url" | "email" | "homepage")
}

/// The feed reader refuses a whole feed over a title of Media RSS without words or of another type than it knows, and over
/// content that stands both here and elsewhere.
fn make_digestible(open: &mut Open<'_>, dialect: Dialect) {
    match (open.space, open.local) {
        (Space::Media, "title" | "description") => {
            open.attributes.clear();
            if open.body.is_empty() {
                open.body.push(' ');
            }
        }
        (Space::Core, "content") if dialect == Dialect::Atom && open.attributes.contains(" src=") => {
            open.body.clear();
        }
        _ => {}
    }
}

/// Atom keeps a link's address and a category's term in attributes; some write them elsewhere.
fn complete_from_text(open: &mut Open<'_>, dialect: Dialect) {
    if dialect != Dialect::Atom || open.space != Space::Core {
        return;
    }
    let label = || Some(open.attributes.split_once(" label=")?.1.split('"').nth(1)?.to_owned());
    let (attribute, value) = match open.local {
        "link" => ("href", Some(open.body.trim().to_owned())),
        "category" => ("term", label().or_else(|| Some(open.body.trim().to_owned()))),
        _ => return,
    };
    let value =
        value.filter(|value| !value.is_empty() && !open.attributes.contains(&format!(" {attribute}=")));
    if let Some(value) = value {
        open.attributes.extend([" ", attribute, "=\"", &value, "\""]);
    }
}

/// The feed reader cuts a name beside an e-mail address in the middle of a character: they get blanks between them.
fn person(open: &Open<'_>) -> Option<String> {
    if open.role != Role::Text || open.body.is_ascii() || !open.body.contains('@') {
        return None;
    }
    let is_address = |c: char| c.is_ascii_alphanumeric() || "@._%+-".contains(c);
    let mut spaced = String::with_capacity(open.body.len() + 8);
    let mut rest = open.body.as_str();
    while let Some(first) = rest.chars().next() {
        let end = rest.find(|c| is_address(c) != is_address(first)).unwrap_or(rest.len());
        let (run, after) = rest.split_at(end);
        if run.contains('@') {
            spaced.push(' ');
            spaced.push_str(run);
            spaced.push(' ');
        } else {
            spaced.push_str(run);
        }
        rest = after;
    }
    Some(spaced)
}

fn unwrapped(open: &Open<'_>) -> Option<String> {
    matches!(open.kind, Kind::Base64(_)).then(|| from_base64(&open.body))?
}

/// What Atom 1.0 calls it.
fn new_name(old_atom: bool, local: &str) -> &str {
    match local {
        "tagline" if old_atom => "subtitle",
        "modified" if old_atom => "updated",
        "issued" if old_atom => "published",
        "copyright" if old_atom => "rights",
        "url" if old_atom => "uri",
        local => local,
    }
}

fn local_name(name: &str) -> &str {
    name.split_once(':').map_or(name, |(_, local)| local)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What is inside the channel, or the feed, after repair.
    fn check(text: &str, mended: &str) {
        let (dialect, version) =
            if text.starts_with("<feed") { (Dialect::Atom, "atom10") } else { (Dialect::Rss, "rss20") };
        let whole = repair(text, dialect, version, Stop::default());
        let start = whole.find("<channel>").map_or_else(|| whole.find('>').unwrap() + 1, |at| at + 9);
        let end = whole.find("</channel>").or_else(|| whole.find("</feed>")).unwrap();
        assert_eq!(&whole[start..end], mended);
    }

    #[test]
    fn a_text_ends_where_the_next_element_begins() {
        check("<rss><item><title>a<link>b</item>", "<item><title>a</title><link>b</link></item>");
        check(
            "<rss><item><title>a<item><title>b",
            "<item><title>a</title></item><item><title>b</title></item>",
        );
    }

    #[test]
    fn what_the_feed_reader_refuses_a_feed_over_is_written_otherwise() {
        check(
            "<rss><item><media:title/><media:title type='text/plain'>a</media:title></item></rss>",
            "<item><media:title> </media:title><media:title>a</media:title></item>",
        );
        check(
            "<feed><entry><content src='http://a.example/b'>x</content></entry></feed>",
            "<entry><content src=\"http://a.example/b\"></content></entry>",
        );
    }

    #[test]
    fn a_short_text_ends_where_a_foreign_element_begins() {
        check("<rss><item><link>a<x:y>b</x:y></item>", "<item><link>a</link><x:y></x:y></item>");
        check(
            "<rss><item><description>a<o:p>b</o:p></item>",
            "<item><description>a&lt;p&gt;b&lt;/p&gt;</description></item>",
        );
    }

    #[test]
    fn a_person_ends_where_something_else_begins() {
        check(
            "<feed><entry><author><name>a</name><id>b</id></entry>",
            "<entry><author><name>a</name></author><id>b</id></entry>",
        );
    }

    #[test]
    fn tags_in_a_text_become_text() {
        check(
            "<rss><description>a <b>c</b><br></description>",
            "<description>a &lt;b&gt;c&lt;/b&gt;&lt;br&gt;</description>",
        );
    }

    #[test]
    fn elements_in_xhtml_become_html_and_its_text_stays_text() {
        check(
            "<feed><title type='xhtml'><div>1 &lt; 2 <x:i class='a'>&amp;</x:i></div></title>",
            "<title type=\"html\">&lt;div&gt;1 &amp;lt; 2 &lt;i class=&quot;a&quot;&gt;&amp;amp;&lt;/i&gt;&lt;/div&gt;</title>",
        );
    }

    #[test]
    fn known_prefixes_are_kept_and_others_set_apart() {
        check(
            "<rss xmlns:d='http://purl.org/dc/elements/1.1/'><item><d:creator>a</d:creator><foo:bar/></item>",
            "<item><dc:creator>a</dc:creator><x:bar></x:bar></item>",
        );
    }

    #[test]
    fn names_that_xml_does_not_allow_are_set_apart() {
        check(
            "<rss><item><tit\"le>a</item><题>b</题>",
            "<item><x:other></x:other></item><x:other></x:other>",
        );
    }

    #[test]
    fn attributes_are_quoted_once_each() {
        check("<rss><enclosure url=a&b url='c' d>", "<enclosure url=\"a&amp;b\" d=\"\"></enclosure>");
    }

    #[test]
    fn a_value_without_its_second_mark_ends_where_a_blank_is() {
        check("<rss><enclosure url=\"a length=\"7\">", "<enclosure url=\"a\" length=\"7\"></enclosure>");
        check(
            "<rss><enclosure url=\"a/><guid isPermaLink=\"false\">b</guid>",
            "<enclosure url=\"a\"></enclosure><guid isPermaLink=\"false\">b</guid>",
        );
        check("<rss><enclosure url=http://a/b/>", "<enclosure url=\"http://a/b\"></enclosure>");
    }

    #[test]
    fn an_address_is_set_apart_from_a_name_beside_it() {
        check("<rss><author>海关（a@b.example）</author>", "<author>海关（ a@b.example ）</author>");
    }

    #[test]
    fn base64_is_unwrapped_if_there_is_text_in_it() {
        check("<feed><content type='a/b'>aGk=</content>", "<content type=\"html\">hi</content>");
        check("<feed><content type='a/b'>no!</content>", "<content type=\"html\">no!</content>");
    }
}
