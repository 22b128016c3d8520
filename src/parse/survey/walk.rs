//! The walk through a document: what is open, where an entry begins, what is noted.

use super::digest::{is_base, is_digestible, is_duration};
use super::noted::is_noted;
use super::{Condition, DEEPEST, MOST_ENTRIES, Survey, root_kind};
use crate::parse::element::{Dialect, Role, role};
use crate::parse::extra::{Extra, Extras, MOST_CHILDREN};
use crate::parse::lex::{Lexer, Token};
use crate::parse::reference::{self, Soundness};
use crate::parse::skeleton::{Part, Skeleton, part};
use crate::parse::space::{Space, Spaces};

/// Of one entry; beyond this nobody means it.
const MOST_EXTRAS: usize = 500;
/// A source, its author, the author's name.
const DEEPEST_EXTRA: usize = 8;

struct Open<'a> {
    name: &'a str,
    local: &'a str,
    space: Space,
    /// `None` inside a text, where tags are markup.
    role: Option<Role>,
    /// Markup is allowed in it.
    xhtml: bool,
    /// It is the last of the elements that we note.
    captured: bool,
}

pub(super) struct Walk<'a> {
    survey: Survey<'a>,
    spaces: Spaces<'a>,
    open: Vec<Open<'a>>,
    /// How many elements are open outside the entry that we are in.
    entry: Option<usize>,
    has_link: bool,
    captured: Vec<Extra<'a>>,
    root: &'a str,
    closed: bool,
}

impl<'a> Walk<'a> {
    pub(super) fn new(text: &'a str, root: &'a str, lexer: &Lexer<'a>) -> Option<Self> {
        let mut spaces = Spaces::default();
        spaces.declare(&lexer.attributes);
        let address = lexer.attribute("xmlns");
        let (dialect, version, usual) = root_kind(root, address, lexer.attribute("version"))?;
        let condition = match (reference::is_all_xml(text), usual) {
            (false, _) => Condition::Broken,
            (true, false) => Condition::Unusual,
            (true, true) => Condition::Fit,
        };
        let survey = Survey {
            dialect,
            version,
            condition,
            deep: false,
            skeleton: (condition == Condition::Fit).then(|| Skeleton::new(text, dialect)),
            feed: Extras::default(),
            entries: Vec::new(),
        };
        let open = Vec::new();
        Some(Self {
            survey,
            spaces,
            open,
            entry: None,
            has_link: false,
            captured: Vec::new(),
            root,
            closed: false,
        })
    }

    pub(super) fn run(mut self, mut lexer: Lexer<'a>) -> Survey<'a> {
        while let Some(token) = lexer.next() {
            match token {
                Token::Start { name, empty } => {
                    // A second root: what follows a document that was already whole.
                    self.expect(!self.open.is_empty(), Condition::Broken);
                    self.start(name, empty, &lexer);
                }
                Token::End { name } => {
                    let entry = self.directly_in_entry();
                    if let Some(skeleton) = &mut self.survey.skeleton {
                        skeleton.end(lexer.place(), entry);
                    }
                    self.end(name);
                }
                Token::Text(text) => self.text(text, true, &lexer),
                Token::CData(text) => self.text(text, false, &lexer),
            }
            if self.survey.entries.len() > MOST_ENTRIES {
                break;
            }
        }
        let mut survey = self.survey;
        let whole = survey.entries.len() <= MOST_ENTRIES;
        let condition = match () {
            () if lexer.cut || whole && !self.closed => Condition::Cut,
            () if lexer.broken || self.spaces.undeclared => Condition::Broken,
            () if whole && !self.open.is_empty() => Condition::Broken,
            () if self.spaces.unusual || !whole => Condition::Unusual,
            () => Condition::Fit,
        };
        survey.condition = survey.condition.max(condition);
        survey.skeleton = survey.skeleton.filter(|_| survey.condition == Condition::Fit);
        survey
    }

    /// Otherwise the document is in this condition, or worse.
    fn expect(&mut self, well: bool, otherwise: Condition) {
        if !well {
            self.survey.condition = self.survey.condition.max(otherwise);
            self.survey.skeleton = None;
        }
    }

    pub(super) fn start(&mut self, name: &'a str, empty: bool, lexer: &Lexer<'a>) {
        if self.open.len() >= DEEPEST {
            self.survey.deep = true;
            self.expect(false, Condition::Unusual);
        }
        let dialect = self.survey.dialect;
        self.spaces.declare(&lexer.attributes);
        let outer = self.open.last().map(|open| (open.role, open.xhtml));
        let (space, local, role, xhtml) = match outer {
            Some((None | Some(Role::Markup | Role::Text), xhtml)) => {
                self.expect(xhtml, Condition::Unusual);
                (Space::Other, name, None, xhtml)
            }
            Some((Some(Role::Container), _)) | None => {
                let (space, local) = self.spaces.resolve(name, dialect.space());
                let xhtml = dialect == Dialect::Atom && lexer.attribute("type") == Some("xhtml");
                (space, local, Some(role(dialect, space, local)), xhtml)
            }
        };
        if role.is_some() {
            self.structure(space, local, lexer);
        }
        let inside = (1..DEEPEST_EXTRA).contains(&self.captured.len());
        let wanted = self.captured.is_empty() && role.is_some() && self.is_wanted(space, local, lexer);
        // In a text, tags are part of it.
        let captured = role.is_some() && (inside || wanted);
        if inside && role.is_none() {
            self.note_tag(name, empty, lexer);
        }
        // Its end is noted with its start.
        let xhtml = xhtml && !(empty && role.is_none());
        if captured {
            self.captured.push(Extra::new(space, local, &lexer.attributes));
        }
        let part = self.part(role, space, local);
        if let Some(skeleton) = &mut self.survey.skeleton {
            skeleton.start(lexer, empty, part);
        }
        self.open.push(Open { name, local, space, role, xhtml, captured });
        if empty {
            self.end(name);
        }
    }

    /// What the feed reader needs of an element: of the root something, of markup all.
    fn part(&self, role: Option<Role>, space: Space, local: &str) -> Part {
        if role.is_none() || self.open.is_empty() {
            return Part::Kept;
        }
        part(self.survey.dialect, space, local, self.directly_in_entry())
    }

    fn directly_in_entry(&self) -> bool {
        self.entry.is_some_and(|entry| self.open.len() == entry + 1)
    }

    /// Notes where entries begin, and what the feed reader would stumble over.
    fn structure(&mut self, space: Space, local: &'a str, lexer: &Lexer<'a>) {
        let dialect = self.survey.dialect;
        let depth = self.open.len();
        if space == Space::Core && local == dialect.entry() && self.entry.is_none() {
            let usual = match dialect {
                Dialect::Rss => 2,
                Dialect::Rdf => 1,
                Dialect::Atom => depth.min(1),
            };
            self.expect(depth == usual, Condition::Unusual);
            self.entry = Some(depth);
            self.has_link = false;
            self.survey.entries.push(Extras::default());
            if let Some(skeleton) = &mut self.survey.skeleton {
                skeleton.entry();
            }
        }
        self.has_link |= space == Space::Core && local == "link";
        self.expect(is_digestible(dialect, space, local, lexer), Condition::Unusual);
        let own = lexer.attributes.iter().filter(|(name, _)| matches!(*name, "xml:lang" | "xml:base"));
        for (name, value) in own {
            self.expect(*name != "xml:base" || is_base(value), Condition::Unusual);
            let depth = self.entry.map_or(depth, |entry| depth - entry);
            if let Some(node) = self.node() {
                node.note(local, depth, name, value);
            }
        }
        let about = lexer.attribute("rdf:about").filter(|_| local == "item" && space == Space::Core);
        if let (Some(about), Some(node)) = (about, self.node()) {
            node.about = Some(reference::decode(about).into_owned());
        }
    }

    fn node(&mut self) -> Option<&mut Extras<'a>> {
        match self.entry {
            Some(_) => self.survey.entries.last_mut(),
            None => Some(&mut self.survey.feed),
        }
    }

    /// A direct child of the entry, or of the feed, that the feed reader passes over.
    fn is_wanted(&self, space: Space, local: &str, lexer: &Lexer<'a>) -> bool {
        let direct = match (self.entry, self.survey.dialect) {
            (Some(entry), _) => self.open.len() == entry + 1,
            (None, Dialect::Atom) => self.open.len() == 1,
            (None, Dialect::Rss | Dialect::Rdf) => {
                matches!(self.open.len(), 1 | 2)
            }
        };
        let linked = lexer.attribute("href").is_some();
        direct && is_noted(self.survey.dialect, space, local, self.entry.is_some(), linked)
    }

    fn end(&mut self, name: &'a str) {
        self.closed |= name == self.root;
        let Some(open) = self.open.pop_if(|open| open.name == name) else {
            // As it is not sound, it comes back after repair: here we only have to reach the end.
            self.expect(false, Condition::Broken);
            return;
        };
        if open.role.is_none()
            && open.xhtml
            && let Some(extra) = self.captured.last_mut()
        {
            extra.text.extend(["</", local_name(name), ">"]);
        }
        if let Some(extra) = self.captured.pop_if(|_| open.captured) {
            match self.captured.last_mut() {
                Some(outer) if outer.children.len() < MOST_CHILDREN => outer.children.push(extra),
                Some(_) => {}
                None => {
                    if let Some(node) = self.node().filter(|node| node.list.len() < MOST_EXTRAS) {
                        node.list.push(extra);
                    }
                }
            }
        }
        if self.entry == Some(self.open.len()) {
            // The feed reader passes over an RSS 1.0 entry without a link.
            self.expect(self.has_link || self.survey.dialect != Dialect::Rdf, Condition::Unusual);
            self.entry = None;
        }
    }

    /// A tag in a text that we note. Only XHTML keeps it: elsewhere it is not part of what was meant.
    fn note_tag(&mut self, name: &str, empty: bool, lexer: &Lexer<'a>) {
        let xhtml = self.open.last().is_some_and(|open| open.xhtml);
        let Some(extra) = self.captured.last_mut().filter(|_| xhtml) else { return };
        let local = local_name(name);
        extra.text.extend(["<", local]);
        for (name, value) in lexer.attributes.iter().filter(|(name, _)| !name.contains(':')) {
            extra.text.extend([" ", name, "=\"", &value.replace('"', "&quot;"), "\""]);
        }
        extra.text.push_str(if empty { "/>" } else { ">" });
    }

    fn text(&mut self, text: &'a str, references: bool, lexer: &Lexer<'a>) {
        if references {
            let found = reference::soundness(text);
            self.expect(found != Soundness::Broken, Condition::Broken);
            self.expect(found == Soundness::Sound, Condition::Unusual);
        }
        let Some(open) = self.open.last() else {
            return self.expect(text.trim_ascii().is_empty(), Condition::Broken);
        };
        let plain = || text.is_ascii() && !(references && text.contains('&'));
        let digestible = (open.role != Some(Role::Text) || !text.contains('@') || plain())
            && ((open.space, open.local) != (Space::Itunes, "duration") || is_duration(text));
        let xhtml = open.xhtml;
        let between = open.role == Some(Role::Container) && text.trim_ascii().is_empty();
        self.expect(digestible, Condition::Unusual);
        if let Some(skeleton) = self.survey.skeleton.as_mut().filter(|_| !between) {
            skeleton.text(lexer.place());
        }
        if let Some(extra) = self.captured.last_mut() {
            if xhtml && references {
                extra.text.push_str(text);
            } else if xhtml {
                reference::escape_into(&mut extra.text, text);
            } else if references {
                extra.text.push_str(&reference::decode(text));
            } else {
                extra.text.push_str(text);
            }
        }
    }
}

fn local_name(name: &str) -> &str {
    name.split_once(':').map_or(name, |(_, local)| local)
}
