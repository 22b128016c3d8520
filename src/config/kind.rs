//! What kind of document a source gives: its tables become selectors, paths and a contract.

use std::ops::Range;

use chrono::{DateTime, Utc};
use chrono_tz::Tz;
use url::Url;

use super::file;
use super::notes::Notes;
use super::number::Duration;
use super::places::{Attribute, DateFormat, PagePattern, Path};
use super::read::At;
use super::words::{Css, Pattern};
use crate::model::language::Language;
use crate::model::source::{
    Contract, DateReading, Next, Paging, Part, Paths, Selectors, Sitemap, SourceKind,
};
use crate::parse::listing::paging;

/// Pages that are asked at most if nothing is said.
const MOST_PAGES: usize = 3;

/// `None`: something is wrong, and the notes say what.
pub(super) fn kind(source: &file::Source, notes: &mut Notes<'_>) -> Option<SourceKind> {
    only_one(
        [
            source.page.as_ref().map(|page| ("page", &page.at)),
            source.json.as_ref().map(|json| ("json", &json.at)),
            source.sitemap.as_ref().map(|sitemap| ("sitemap", &sitemap.at)),
        ],
        "a source is a page, JSON or a sitemap: keep one of the tables",
        notes,
    );
    let address = source.url.as_ref();
    if let Some(table) = &source.page {
        return notes.within("page".into(), |notes| page(table, address, notes)).map(SourceKind::Page);
    }
    if let Some(table) = &source.json {
        return notes.within("json".into(), |notes| json(table, address, notes)).map(SourceKind::Json);
    }
    Some(match &source.sitemap {
        Some(table) => SourceKind::Sitemap(Sitemap {
            titles_from_addresses: table.titles_from_addresses,
            date_zone: table.date_zone,
            most_pages: table.most_pages.size(),
        }),
        None => SourceKind::Feed,
    })
}

pub(super) fn contract(file: &file::Contract) -> Contract {
    Contract {
        min_entries: file.min_entries.size(),
        required: file.required.iter().map(|field| field.0).collect(),
        dated: file.dated.and_then(|percent| u8::try_from(percent.get()).ok()),
        language: file.language.clone(),
        silence: file.silence.map(Duration::get),
    }
}

fn page(table: &file::Page, address: Option<&Url>, notes: &mut Notes<'_>) -> Option<Selectors> {
    let text = |css: &Option<Css>| css.clone().map(|css| css.0);
    let date = date(table, notes);
    let has_date = date.is_some();
    let written = Written {
        attribute: table.date_attribute.as_ref(),
        pattern: table.date_pattern.as_ref(),
        format: table.date_format.as_ref(),
        language: table.date_language.as_ref(),
        zone: table.date_zone.as_ref(),
    };
    let date_reading = written.reading(has_date, notes);
    let summary = part(
        [
            ("summary", table.summary.as_ref(), Part::Inside),
            ("summary_before", table.summary_before.as_ref(), Part::Before),
            ("summary_after", table.summary_after.as_ref(), Part::After),
        ],
        "only one of `summary`, `summary_before` and `summary_after` may be given",
        notes,
    );
    let most = table.most_pages.as_ref().map(|most| (most.size(), most.at.clone()));
    let paging = paging(text(&table.next), table.pages.as_ref(), most, address, notes);
    Some(Selectors {
        item: text(&table.item)?,
        title: text(&table.title),
        link: text(&table.link),
        date,
        date_reading,
        summary,
        paging,
        min_entries: table.min_entries.size(),
    })
}

fn json(table: &file::Json, address: Option<&Url>, notes: &mut Notes<'_>) -> Option<Paths> {
    let text = |path: &Option<Path>| path.clone().map(|path| path.0);
    let written = Written {
        attribute: None,
        pattern: table.date_pattern.as_ref(),
        format: table.date_format.as_ref(),
        language: table.date_language.as_ref(),
        zone: table.date_zone.as_ref(),
    };
    let date_reading = written.reading(table.date.is_some(), notes);
    let most = table.most_pages.as_ref().map(|most| (most.size(), most.at.clone()));
    let paging = paging(text(&table.next), table.pages.as_ref(), most, address, notes);
    Some(Paths {
        script: table.script.clone().map(|name| name.0),
        items: table.items.0.clone(),
        title: text(&table.title)?,
        link: text(&table.link)?,
        date: table.date.as_ref().map(|path| path.value.0.clone()),
        date_reading,
        summary: text(&table.summary),
        id: text(&table.id),
        language: text(&table.language),
        paging,
    })
}

/// How a table says that its dates are written.
struct Written<'f> {
    attribute: Option<&'f At<Attribute>>,
    pattern: Option<&'f At<Pattern>>,
    format: Option<&'f At<DateFormat>>,
    language: Option<&'f At<Language>>,
    zone: Option<&'f At<Tz>>,
}

impl Written<'_> {
    /// Notes what says how to read a date that there is none of.
    fn reading(&self, has_date: bool, notes: &mut Notes<'_>) -> DateReading {
        let given = [
            self.attribute.map(|name| ("date_attribute", &name.at)),
            self.pattern.map(|pattern| ("date_pattern", &pattern.at)),
            self.format.map(|format| ("date_format", &format.at)),
            self.language.map(|language| ("date_language", &language.at)),
            self.zone.map(|zone| ("date_zone", &zone.at)),
        ];
        for (key, at) in given.into_iter().flatten().filter(|_| !has_date) {
            let message = format!("`{key}` without a date");
            notes.wrong(at.clone(), &message, "say where the date stands, with `date` or one of its kin");
        }
        DateReading {
            attribute: self.attribute.map(|name| name.value.0.clone()),
            pattern: self.pattern.map(|pattern| pattern.value.0.clone()),
            format: self.format.map(|format| format.value.0.clone()),
            language: self.language.map(|language| language.value.clone()),
            zone: self.zone.map(|zone| zone.value),
        }
    }
}

fn date(table: &file::Page, notes: &mut Notes<'_>) -> Option<Part> {
    let hint = "only one of `date`, `date_before`, `date_after`, `date_above` and `date_own` may be given";
    let own = table.date_own.as_ref().filter(|own| own.value);
    let given = part(
        [
            ("date", table.date.as_ref(), Part::Inside as fn(String) -> Part),
            ("date_before", table.date_before.as_ref(), Part::Before),
            ("date_after", table.date_after.as_ref(), Part::After),
            ("date_above", table.date_above.as_ref(), Part::Above),
        ],
        hint,
        notes,
    );
    match (given, own) {
        (Some(given), Some(own)) => {
            notes.wrong(own.at.clone(), "`date_own` beside another date", hint);
            Some(given)
        }
        (given, own) => given.or(own.map(|_| Part::Own)),
    }
}

/// A key, its selector if it is given, and what part of an entry that makes.
type Key<'f> = (&'static str, Option<&'f At<Css>>, fn(String) -> Part);

/// The one that is given; more than one is noted.
fn part<const N: usize>(keys: [Key<'_>; N], hint: &str, notes: &mut Notes<'_>) -> Option<Part> {
    only_one(keys.map(|(key, css, _)| css.map(|css| (key, &css.at))), hint, notes);
    keys.into_iter().find_map(|(_, css, part)| css.map(|css| part(css.value.0.clone())))
}

fn only_one<const N: usize>(given: [Option<(&str, &Range<usize>)>; N], hint: &str, notes: &mut Notes<'_>) {
    let mut given = given.into_iter().flatten();
    let Some((first, _)) = given.next() else { return };
    for (key, at) in given {
        notes.wrong(at.clone(), &format!("`{key}` beside `{first}`"), hint);
    }
}

/// Further pages are asked on the source's own server only; what leads elsewhere is noted at once.
fn paging(
    told: Option<String>,
    pattern: Option<&At<PagePattern>>,
    most: Option<(usize, Range<usize>)>,
    address: Option<&Url>,
    notes: &mut Notes<'_>,
) -> Option<Paging> {
    if let (Some(_), Some(pattern)) = (&told, pattern) {
        notes.wrong(pattern.at.clone(), "`pages` beside `next`", "keep one of the two");
    }
    if let (Some((_, at)), None, None) = (&most, &told, pattern) {
        let hint = "say with `next` or `pages` how the next page is found";
        notes.wrong(at.clone(), "`most_pages` without further pages", hint);
    }
    if let (Some(pattern), Some(address)) = (pattern, address) {
        let sample = paging::address(&pattern.value.0, 2, DateTime::<Utc>::UNIX_EPOCH);
        if sample.is_some_and(|sample| sample.origin() != address.origin()) {
            let hint = format!("further pages are asked at {} only", address.origin().ascii_serialization());
            notes.wrong(pattern.at.clone(), "`pages` leads to another server than `url`", hint);
        }
    }
    let next =
        told.map(Next::Told).or_else(|| pattern.map(|pattern| Next::Pattern(pattern.value.0.clone())))?;
    Some(Paging { next, most: most.map_or(MOST_PAGES, |(most, _)| most) })
}
