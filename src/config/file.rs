//! What feeds.toml holds, table by table. These words are also the descriptions that editors see in the schema.

use chrono_tz::Tz;
use url::Url;

use super::Allowed;
use super::address::{Contact, TagAuthority};
use super::number::{Count, DAY, Duration};
use super::places::{Attribute, DateFormat, PagePattern, Path, ScriptName};
use super::read::At;
use super::table::table;
use super::words::{Css, HeaderLine, Line, OneOf, Pattern, Title};
use crate::model::language::Language;
use crate::model::source::{Field, Rank, Reuse, Robots, SourceId};
use crate::model::topic::TopicId;
use crate::model::verdict::Outcome;

/// Slower than an hour is not answering.
type Timeout = Duration<1, 3600>;
/// No pause at all is for tests and demonstrations.
type Interval = Duration<0, { 90 * DAY }>;
/// A server that wants to be left alone for longer says so itself.
type Gap = Duration<0, 60>;
type Age = Duration<3600, { 3650 * DAY }>;
/// Less than a feed needs to say that it is empty is a slip; more than this is no feed.
type Bytes = Count<1_000, 100_000_000>;
type Many = Count<1, 10_000>;
pub(super) type Percent = Count<1, 100>;
/// With more requests than this a listing is an archive, and no news.
type Pages = Count<2, 50>;

table! {
    /// What Tidewaiter asks, what it looks for, and what it publishes.
    struct File("") {
        /// The publication.
        site: Site => required,
        /// How we ask other people's servers.
        fetch: Fetch => default({}),
        /// What is published, and how much of it.
        output: Output => default({}),
        /// How hubs reach us. Left out: none is asked to.
        hub: Hub => optional,
        /// Feeds and pages that we pull.
        source: Vec<Source> => default([]),
        /// What says that a text is about goods crossing borders. Weak terms count only in such a text.
        context: Context => default({}),
        /// What keeps an entry out of every topic.
        veto: Veto => default({}),
        /// What entries that editors filed by hand teach about new ones.
        learned: Learned => default({}),
        /// Headings of the digest, in order.
        section: Vec<Section> => default([]),
        /// What we publish, and how it is chosen.
        topic: Vec<At<Topic>> => default([]),
    }
}

table! {
    /// The publication.
    struct Site("site") {
        /// Its title, as members read it.
        title: Line => required,
        /// A sentence below the title.
        subtitle: Line => optional,
        /// The short name of the organisation that publishes it.
        organisation: Line => required,
        /// The organisation's whole name; its short name if left out.
        organisation_name: Line => optional,
        /// Where members find the output folder.
        url: At<Url> => required,
        /// The organisation's own site.
        home: Url => required,
        /// An e-mail address, or the address of a page, for people to write to. Servers that we ask see it too.
        contact: Contact => required,
        /// The language of the publication.
        language: Language => default("en"),
        /// The zone of times that name none, such as Europe/Brussels.
        time_zone: Tz => default("UTC"),
        /// A domain of yours, a comma, and a year in which it was yours. All ids begin with it: never change it,
        /// or every entry is new to every reader.
        tag: TagAuthority => required,
    }
}

table! {
    /// How we ask other people's servers.
    struct Fetch("fetch") {
        /// The name that we give to servers. Left out, it is made of the program's name, `home` and `contact`.
        user_agent: HeaderLine => optional,
        /// Requests under way at once, over all servers. One server gets one at a time.
        concurrency: Count<1, 256> => default(16),
        /// How long to wait for a server to pick up.
        connect_timeout: Timeout => default("10s"),
        /// How long to wait when a server falls silent in the middle of an answer.
        read_timeout: Timeout => default("20s"),
        /// How long to wait between two pages of one server, when its robots.txt does not ask for longer.
        host_gap: Gap => default("1s"),
        /// How long one run waits for slow answers of one server, all its sources together. The rest of them are left to the
        /// next run.
        host_time: Timeout => default("60s"),
        /// How long a whole answer may take, for sources that do not say.
        timeout: Timeout => default("60s"),
        /// How many bytes of an answer are read at most, for sources that do not say.
        max_bytes: Bytes => default(5_000_000),
        /// How long to wait between two requests, for sources that do not say.
        interval: Interval => default("6h"),
        /// Addresses inside your own network that may be asked all the same, in digits.
        allow: Vec<Allowed> => default([]),
    }
}

table! {
    /// Some sources name a hub (WebSub) that tells at once when there is something new. How it reaches us.
    struct Hub("hub") {
        /// The folder /hub/ at the address under which `tidewaiter serve` is reached from outside.
        callback: At<Url> => required,
    }
}

table! {
    /// What is published, and how much of it.
    struct Output("output") {
        /// Entries in the feed of everything.
        feed_entries: Many => default(100),
        /// Entries in the feed of each topic.
        topic_feed_entries: Many => default(50),
        /// Stories older than so many days do not stand in the digest.
        digest_days: Count<1, 366> => default(30),
        /// Stories at the top of the digest, above the sections.
        top_stories: Count<0, 100> => default(3),
        /// Stories in each section of the digest.
        section_stories: Count<1, 1_000> => default(8),
        /// Stories of one source in the digest, so that one that floods leaves room for the others.
        source_stories: Count<1, 1_000> => default(12),
    }
}

table! {
    /// A feed or page that we pull.
    struct Source("source") {
        /// Its name in this file and in the store: small letters, digits, hyphens. Never change it.
        id: At<SourceId> => required,
        /// The short name that members read.
        title: Line => required,
        /// The address of the feed or page.
        url: Url => required,
        /// false: it is not asked.
        enabled: bool => default(true),
        /// The language of its texts, where an entry itself does not say. It is believed before what the feed says.
        language: Language => optional,
        /// How long to wait between two requests when all goes well.
        interval: Interval => optional,
        /// true: everything it says is about goods crossing borders, so that weak terms count without context.
        context: bool => default(false),
        /// Who leads when several tell the same story: institution, then partner, press, aggregator.
        rank: OneOf<Rank> => default("partner"),
        /// Topics besides those that the words find; an entry that no word takes is published under these too.
        topics: Vec<At<String>> => default([]),
        /// How much of its texts may be shown: link (title and link), excerpt (and the first sentences), full.
        reuse: OneOf<Reuse> => default("excerpt"),
        /// Words of credit that it asks for.
        credit: Line => optional,
        /// Whether its robots.txt is obeyed, or it is a feed offered to readers, fetched as a subscription.
        /// Left out: subscription for feeds, obey for pages.
        robots: OneOf<Robots> => optional,
        /// How long a whole answer may take.
        timeout: Timeout => optional,
        /// How many bytes of an answer are read at most.
        max_bytes: Bytes => optional,
        /// false: its hub is not asked to tell of its news.
        hub: bool => default(true),
        /// Entries older than this are not published.
        max_age: Age => optional,
        /// Only entries whose link matches this regular expression are taken.
        keep_link: Pattern => optional,
        /// Entries whose link matches this regular expression are not taken.
        drop_link: Pattern => optional,
        /// An entry whose id ends so says that the feed has ended.
        ended_marker: Line => optional,
        /// For a page without a feed: where its entries stand. Only one of page, json and sitemap may be given.
        page: At<Page> => optional,
        /// For JSON, and for lists in scripts: where the entries stand.
        json: At<Json> => optional,
        /// For a sitemap: a list of addresses that a site gives to search engines, perhaps with news in it.
        sitemap: At<Sitemap> => optional,
        /// What it must give at least, so that a page that was rebuilt is told and not published.
        contract: Contract => optional,
    }
}

table! {
    /// Where the entries of a page stand, as CSS selectors. They cannot match script, style, svg, select, noscript,
    /// head, font and iframe: a page is read without these. `tidewaiter source test ID` shows what each of them finds.
    struct Page("page") {
        /// Each match is one entry.
        item: Css => required,
        /// Inside the item. Left out: the text of the link.
        title: Css => optional,
        /// Inside the item. Left out: the item itself, or the first link in it.
        link: Css => optional,
        /// The date, inside the item.
        date: At<Css> => optional,
        /// The date, if it stands between the item before and this one.
        date_before: At<Css> => optional,
        /// The date, if it stands between this item and the next.
        date_after: At<Css> => optional,
        /// The date, if it is a heading over this item and perhaps more.
        date_above: At<Css> => optional,
        /// true: the date stands in the item's own text, outside of the elements in it.
        date_own: At<bool> => optional,
        /// The attribute that the date stands in, such as data-date. Left out: `datetime`, `content`, or the text.
        date_attribute: At<Attribute> => optional,
        /// A regular expression that cuts the date out of a text: its first group, or all that it matches.
        date_pattern: At<Pattern> => optional,
        /// How the date is written, such as %d.%m.%Y (as strftime has it). Left out: any form that is known.
        date_format: At<DateFormat> => optional,
        /// The language of the date: it settles whether 3/4/2026 is in March (en-US) or in April (all others).
        date_language: At<Language> => optional,
        /// The zone of times that name none, such as Europe/Brussels. Left out: UTC. A day without a time is that day everywhere.
        date_zone: At<Tz> => optional,
        /// Inside the item.
        summary: At<Css> => optional,
        /// The summary, if it stands between the item before and this one.
        summary_before: At<Css> => optional,
        /// The summary, if it stands between this item and the next.
        summary_after: At<Css> => optional,
        /// The link that leads to the next page of the listing, on the same server.
        next: Css => optional,
        /// The address of further pages on the same server, with {page} (from 2), {index} (from 1), or {yyyy} and one of
        /// {month} (october), {mm} (03) and {m} (3) in it; months go back from this one.
        pages: At<PagePattern> => optional,
        /// Pages that are asked at most, the first one counted; 3 if left out. Further ones are asked only as long as
        /// everything on a page is newer than what is known; without dates, until the first entries of the last reading
        /// come by.
        most_pages: At<Pages> => optional,
        /// Fewer entries than this on the first page is a failure: the page is not the one we know. A `min_entries` of
        /// [source.contract] is asked besides: the larger of the two counts.
        min_entries: Count<1, 1_000> => default(1),
    }
}

table! {
    /// Where the entries stand in JSON, as paths of names and numbers, each with a `/` before it: /feed/entry,
    /// /title/rendered. `tidewaiter source test ID` shows what each of them finds.
    struct Json("json") {
        /// The list stands in a script under this name, as in `news_item[3] = { … };`. Nothing is run. Left out: the
        /// whole answer is JSON.
        script: ScriptName => optional,
        /// The list of entries, or the table of them. Left out: the whole of it.
        items: Path => default(""),
        /// From the entry on, like all that follow.
        title: Path => required,
        /// It may be relative.
        link: Path => required,
        /// The date.
        date: At<Path> => optional,
        /// A regular expression that cuts the date out of a text: its first group, or all that it matches.
        date_pattern: At<Pattern> => optional,
        /// How the date is written, such as %d.%m.%Y (as strftime has it). Left out: any form that is known.
        date_format: At<DateFormat> => optional,
        /// The language of the date: it settles whether 3/4/2026 is in March (en-US) or in April (all others).
        date_language: At<Language> => optional,
        /// The zone of times that name none, such as Europe/Brussels. Left out: UTC. A day without a time is that day everywhere.
        date_zone: At<Tz> => optional,
        /// Text or HTML.
        summary: Path => optional,
        /// What stays the same when title and link change.
        id: Path => optional,
        /// A language tag.
        language: Path => optional,
        /// From the root: the address of the next page, on the same server.
        next: Path => optional,
        /// The address of further pages on the same server, with {page} (from 2), {index} (from 1), or {yyyy} and one of
        /// {month} (october), {mm} (03) and {m} (3) in it; months go back from this one.
        pages: At<PagePattern> => optional,
        /// Pages that are asked at most, the first one counted; 3 if left out. Further ones are asked only as long as
        /// everything on a page is newer than what is known; without dates, until the first entries of the last reading
        /// come by.
        most_pages: At<Pages> => optional,
    }
}

table! {
    /// How a sitemap is read. Titles and dates are those that it has for news; what has no title is left out.
    struct Sitemap("sitemap") {
        /// true: an address without a title gets the words of its last part.
        titles_from_addresses: bool => default(false),
        /// The zone of times that name none, such as Europe/Brussels. Left out: UTC.
        date_zone: Tz => optional,
        /// Of an index of sitemaps, the requests that are made at most, the index counted. The newest come first.
        most_pages: Pages => default(3),
    }
}

table! {
    /// What a source must give at least. If it gives less, that is a failure: it is told with what has changed, and what
    /// the source said before stays.
    struct Contract("contract") {
        /// Fewer entries than this, on the first page of several, is a failure. For a page, the larger of this and the
        /// `min_entries` of [source.page] counts; JSON and sitemaps must have at least one in any case.
        min_entries: Count<0, 1_000> => default(1),
        /// What every entry must have besides a title: link, date, summary, language, id.
        required: Vec<OneOf<Field>> => default([]),
        /// Of a hundred entries, so many must have a date. Left out: it is a failure when half of them lose theirs at once.
        dated: Count<1, 100> => optional,
        /// The language that the texts must be in.
        language: Language => optional,
        /// The longest that it is ever silent, such as 30d. A newest entry that is older is told, and harms nothing.
        silence: Age => optional,
    }
}

table! {
    /// What says that a text is about goods crossing borders.
    struct Context("context") {
        /// Words and phrases; one is enough.
        terms: Vec<At<String>> => default([]),
    }
}

table! {
    /// What keeps an entry out of every topic.
    struct Veto("veto") {
        /// Words and phrases, wherever they stand.
        any: Vec<At<String>> => default([]),
        /// Words and phrases, in the title only.
        title: Vec<At<String>> => default([]),
    }
}

table! {
    /// The program has learned from entries that editors filed by hand how likely an editor wants an entry. From so many
    /// percent on it counts.
    struct Learned("learned") {
        /// The text is taken to be about goods crossing borders.
        context: Percent => optional,
        /// An entry that would wait for an editor is published.
        publish: Percent => optional,
        /// An entry that no topic takes waits for an editor.
        review: Percent => optional,
        /// Below this, an entry that a topic takes waits for an editor first.
        doubt: Percent => optional,
    }
}

table! {
    /// A heading of the digest.
    struct Section("section") {
        /// Its name in this file: small letters, digits, hyphens.
        id: At<TopicId> => required,
        /// As members read it; a text, or one per language.
        title: Title => required,
    }
}

table! {
    /// What we publish, and how it is chosen.
    struct Topic("topic") {
        /// Its name in this file and in addresses: small letters, digits, hyphens. Never change it.
        id: At<TopicId> => required,
        /// As members read it; a text, or one per language.
        title: Title => required,
        /// The section of the digest that it stands in.
        section: At<String> => required,
        /// Words and phrases; one is enough.
        strong: Vec<At<String>> => default([]),
        /// Words and phrases; two different ones are needed, in a text about goods crossing borders; `parcel^2` counts as two.
        weak: Vec<At<String>> => default([]),
        /// Words and phrases that keep an entry out of this topic.
        not: Vec<At<String>> => default([]),
        /// What lists cannot say, with AND, OR, NOT, fields, NEAR and /patterns/.
        expression: At<String> => optional,
        /// true: strong terms and the expression count only in a text about goods crossing borders.
        needs_context: bool => default(false),
        /// Only entries in these languages; all if left out.
        languages: Vec<Language> => default([]),
        /// Only entries of these sources; all if left out. `announcements` stands for your own, which no words choose:
        /// they name their topics themselves.
        sources: Vec<At<String>> => default([]),
        /// Samples that are tried whenever this file is read.
        expect: Vec<At<Sample>> => default([]),
    }
}

table! {
    /// An entry, and what the topic must say of it.
    struct Sample("sample") {
        /// Its title.
        title: String => required,
        /// Its summary.
        summary: String => optional,
        /// The source that it comes from.
        source: At<String> => optional,
        /// Its language.
        language: Language => optional,
        /// publish: this topic takes it. review: it nearly does. drop: it does not.
        verdict: OneOf<Outcome> => required,
    }
}
