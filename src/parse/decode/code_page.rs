//! Encodings of one byte a letter that the web's list does not have: DOS, the old Macintosh, IBM mainframes.

/// One page a line: its names, of letters and digits only; a tab; what its bytes stand for up to 255, with U+FFFD for
/// those that stand for nothing. Mainframe pages begin at byte 0x40, all others at 0x80, with ASCII before it.
/// Made from the Unicode Consortium's mapping tables.
const PAGES: &str = include_str!("code_pages.txt");

const MAINFRAME_FIRST: usize = 0x40;
/// `<?xm` on every mainframe.
const MAINFRAME_PROLOG: [u8; 4] = [0x4c, 0x6f, 0xa7, 0x94];

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct CodePage {
    pub name: &'static str,
    letters: Vec<char>,
}

impl CodePage {
    pub(super) fn of_label(label: &[u8]) -> Option<Self> {
        let wanted = plain(label);
        PAGES.lines().find_map(|line| {
            let (names, letters) = line.split_once('\t')?;
            let known = names.split(' ').any(|name| name == wanted);
            let name = names.split(' ').next()?;
            known.then(|| Self { name, letters: letters.chars().collect() })
        })
    }

    /// The page of a document whose declaration is written in a mainframe's letters.
    pub(super) fn of_mainframe(bytes: &[u8], label: impl Fn(&[u8]) -> Option<Vec<u8>>) -> Option<Self> {
        let head = bytes.starts_with(&MAINFRAME_PROLOG).then(|| bytes.get(..256).unwrap_or(bytes))?;
        let usual = Self::of_label(b"cp037")?;
        let head: String = head.iter().map(|byte| usual.letter(*byte).unwrap_or(' ')).collect();
        label(head.as_bytes()).and_then(|label| Self::of_label(&label)).or(Some(usual))
    }

    /// `None` if a byte stands for nothing.
    pub(super) fn decode(&self, bytes: &[u8]) -> Option<String> {
        bytes.iter().map(|byte| self.letter(*byte)).collect()
    }

    fn letter(&self, byte: u8) -> Option<char> {
        let first = 0x100 - self.letters.len();
        match (usize::from(byte).checked_sub(first), byte) {
            (Some(place), _) => self.letters.get(place).copied().filter(|letter| *letter != '\u{fffd}'),
            (None, _) if first != MAINFRAME_FIRST => Some(char::from(byte)),
            (None, 0x05) => Some('\t'),
            (None, 0x0d) => Some('\r'),
            (None, 0x15 | 0x25) => Some('\n'),
            (None, _) => None,
        }
    }
}

/// The label without the signs that everybody sets otherwise: `x-mac-greek`, `Mac_Greek`, `macgreek`.
pub(super) fn plain(label: &[u8]) -> String {
    let label = label.strip_prefix(b"x-").or_else(|| label.strip_prefix(b"X-")).unwrap_or(label);
    let letters = label.iter().filter(|byte| byte.is_ascii_alphanumeric());
    letters.map(|byte| char::from(byte.to_ascii_lowercase())).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(label: &str, bytes: &[u8], text: Option<&str>) {
        let page = CodePage::of_label(label.as_bytes()).expect("a known label");
        assert_eq!(page.decode(bytes).as_deref(), text, "{label}");
    }

    #[test]
    fn every_page_is_whole() {
        for line in PAGES.lines() {
            let (names, letters) = line.split_once('\t').unwrap();
            assert!(matches!(letters.chars().count(), 128 | 192), "{names}");
            assert!(names.split(' ').all(|name| plain(name.as_bytes()) == name), "{names}");
        }
    }

    #[test]
    fn letters_are_read_by_their_page() {
        check("IBM850", b"D\x90claration", Some("DÉclaration"));
        check("cp437", b"d\x82clar\x82", Some("déclaré"));
        check("x-mac-greek", b"\xb0", Some("Α"));
        check("koi8-t", b"\x80", Some("қ"));
        check("cp_is", b"\x8b", Some("Ð"));
        check("cp037", &[0x4c, 0x81, 0x6e, 0x25], Some("<a>\n"));
    }

    #[test]
    fn a_byte_that_stands_for_nothing_is_refused() {
        check("cp857", b"a\xd5", None);
        check("cp500", b"<a>", None);
    }
}
