//! A small publication for the renderers: one story of each kind, and the texts that break writers.

use chrono::{DateTime, TimeDelta, TimeZone, Utc};
use chrono_tz::Tz;
use tidewaiter::config::Site;
use tidewaiter::model::announcement::{Event, When};
use tidewaiter::model::entry::DateOrigin;
use tidewaiter::model::language::Language;
use tidewaiter::model::source::{Rank, Reuse, Robots, Selectors, Source, SourceId, SourceKind};
use tidewaiter::model::story::{Also, Byline, Reason, Story, StoryKind, Why};
use tidewaiter::model::topic::{Section, Topic, TopicId};
use tidewaiter::model::verdict::{Field, Match, TermList};
use url::Url;

pub(super) struct Sample {
    pub(super) site: Site,
    pub(super) sections: Vec<Section>,
    pub(super) topics: Vec<Topic>,
    pub(super) sources: Vec<Source>,
    pub(super) alerts: Vec<Story>,
    pub(super) events: Vec<Story>,
    pub(super) news: Vec<Story>,
}

pub(super) fn url(text: &str) -> Url {
    Url::parse(text).unwrap()
}

pub(super) fn day(text: &str) -> DateTime<Utc> {
    format!("{text}T09:30:00Z").parse().unwrap()
}

pub(super) fn topic(text: &str) -> TopicId {
    TopicId::parse(text).unwrap()
}

fn language(tag: &str) -> Language {
    Language::parse(tag).unwrap()
}

pub(super) fn byline(id: &str, title: &str, host: &str) -> Byline {
    Byline {
        id: id.to_owned(),
        title: title.to_owned(),
        url: Some(url(&format!("https://{host}/feed.xml?a=1&b=2"))),
        host: host.to_owned(),
        credit: None,
    }
}

/// A story of a source, with one match in its title.
pub(super) fn news(slug: &str, tag: &str, title: &str) -> Story {
    Story {
        id: format!("tag:brokers.example,2018:{slug}"),
        slug: slug.to_owned(),
        kind: StoryKind::News,
        entries: Vec::new(),
        title: title.to_owned(),
        retitled: false,
        link: Some(url(&format!("https://www.harbour.example/{slug}?lang={tag}&x=1"))),
        language: language(tag),
        source: byline("harbour", "Harbour Office", "harbour.example"),
        authors: Vec::new(),
        published: day("2018-01-12"),
        date_origin: DateOrigin::Feed,
        updated: day("2018-01-13"),
        listed: day("2018-01-12"),
        seen: day("2018-01-13"),
        summary: format!("Summary of {slug}."),
        html: String::new(),
        topics: vec![topic("parcels")],
        why: Why::Rules(vec![reason("parcels", TermList::Strong, Field::Title, title)]),
        note: None,
        also: Vec::new(),
        event: None,
        pinned: false,
        withdrawn: None,
    }
}

pub(super) fn reason(id: &str, list: TermList, field: Field, words: &str) -> Reason {
    let matched = Match {
        topic: Some(topic(id)),
        list,
        term: "term*".to_owned(),
        field,
        at: 0..words.len(),
        weight: list.weight(),
    };
    Reason { matched, words: words.to_owned() }
}

/// A story that the secretariat wrote.
fn announced(slug: &str, title: &str) -> Story {
    let source = Byline { url: None, ..byline("brokers", "Brokers’ Union", "brokers.example") };
    Story { link: None, source, why: Why::Announcement, ..news(slug, "en", title) }
}

fn event(slug: &str, title: &str, when: When) -> Story {
    let event = Event {
        title: title.to_owned(),
        when,
        place: Some("Porto, Portugal; Hall 2".to_owned()),
        registration: Some(url("https://www.register.example/?for=a&with=b")),
        cancelled: false,
        sequence: 0,
    };
    Story { kind: StoryKind::Event, event: Some(event), ..announced(slug, title) }
}

fn days(first: &str, last: &str) -> When {
    When::Days { first: first.parse().unwrap(), last: last.parse().unwrap() }
}

pub(super) fn sample() -> Sample {
    let section = |id: &str, title: &str| Section { id: topic(id), title: title.to_owned() };
    let of = |id: &str, title: &str, section| Topic { id: topic(id), title: title.to_owned(), section };
    Sample {
        site: site(),
        sections: vec![section("trade", "E-commerce & parcels"), section("law", "Law <draft>")],
        topics: vec![
            of("parcels", "Parcels & e-commerce", 0),
            of("duties", "Duties", 0),
            of("law", "Law \"in force\"", 1),
            of("quiet", "A quiet topic", 1),
        ],
        sources: vec![
            source("harbour", SourceKind::Feed),
            source("harbour-page", SourceKind::Page(selectors())),
        ],
        alerts: alerts(),
        events: events(),
        news: stories(),
    }
}

fn site() -> Site {
    Site {
        title: "The Ledger".to_owned(),
        subtitle: "News of tariffs & e-commerce, for <brokers>.".to_owned(),
        organisation: "Brokers’ Union".to_owned(),
        organisation_name: "Union of Brokers; Agents, & Forwarders".to_owned(),
        url: url("https://ledger.brokers.example/"),
        home: url("https://brokers.example/"),
        contact: "office@brokers.example".to_owned(),
        language: language("en"),
        time_zone: Tz::UTC,
        tag: "brokers.example,2018".to_owned(),
    }
}

fn alerts() -> Vec<Story> {
    let alert = |slug: &str, title: &str, html: &str| Story {
        kind: StoryKind::Alert,
        html: html.to_owned(),
        pinned: true,
        ..announced(slug, title)
    };
    vec![
        alert(
            "false-mail",
            "Delete mail from no-reply@bad.example",
            "<h1>What to do</h1><p>Write to nobody@bad.example? No.</p>",
        ),
        alert("false-bill", "Bills from www.bad.example are false", "<p>Do not pay.</p>"),
    ]
}

fn events() -> Vec<Story> {
    let zone: Tz = "Africa/Kampala".parse().unwrap();
    let at = |hour, minute| zone.with_ymd_and_hms(2018, 2, 20, hour, minute, 0).unwrap();
    let mut cancelled = event("forum", "A forum that was called off", days("2018-03-14", "2018-03-14"));
    if let Some(event) = &mut cancelled.event {
        event.cancelled = true;
        event.sequence = 2;
    }
    let mut call = event(
        "call",
        "Members’ call, on parcels; and \\ more",
        When::Times { start: at(14, 0), end: at(15, 30) },
    );
    call.html = "<p>How to join the call.</p>".to_owned();
    call.link = Some(url("https://calls.example/join"));
    vec![
        event(
            "congress",
            "Congress of brokers, with a name so long that its line in a calendar file must be folded",
            days("2018-01-30", "2018-02-02"),
        ),
        call,
        cancelled,
    ]
}

fn stories() -> Vec<Story> {
    vec![told_elsewhere(), introduced(), hostile(), arabic(), chinese(), undated()]
}

fn told_elsewhere() -> Story {
    let also = |tag: &str, title: &str, host: &str| Also {
        title: title.to_owned(),
        link: url(&format!("https://{host}/?a=1&b='2'")),
        language: language(tag),
        source: byline("other", "Other & Sons", host),
    };
    let mut story = news("commitments", "en", "Three commitments on e-commerce");
    story.html = "<h2>Agreed</h2><p>The ministers will:</p><ul><li>meet again,</li><li>ask no duties,</li><li>review.</li></ul>".to_owned();
    story.authors = vec!["Ada Lovelace".to_owned(), "R & D".to_owned()];
    story.source.credit = Some("Courtesy of the Harbour Office".to_owned());
    story.also = vec![
        also("en", "Ministers commit", "other.example"),
        also("fr", "Les ministres s’engagent", "autre.example"),
    ];
    story.topics = vec![topic("parcels"), topic("duties")];
    let mut context = reason("parcels", TermList::Context, Field::Content, "customs");
    context.matched.topic = None;
    story.why = Why::Rules(vec![
        reason("parcels", TermList::Strong, Field::Title, "e-commerce"),
        reason("parcels", TermList::Strong, Field::Summary, "E-Commerce"),
        reason("parcels", TermList::Weak, Field::Content, "online <sales>"),
        reason("law", TermList::Strong, Field::Content, "of a topic that did not take it"),
        reason("parcels", TermList::Not, Field::Content, "that speaks against it"),
        context,
    ]);
    story
}

fn introduced() -> Story {
    let mut story = news("theme", "en", "The theme of the year");
    story.note = Some("<p>Members may want to <strong>plan</strong> for it.</p>".to_owned());
    story.html = "<p>It is threefold:</p><ol><li>safe</li><li>fair</li><li>clear</li></ol>".to_owned();
    story.why = Why::Note;
    story
}

fn hostile() -> Story {
    let mut story = news("hostile", "en", "]]></title><entry> & \"quotes' <script>alert(1)</script> {{ x }}");
    story.summary = "a < b && c > d; </script><!-- ]]> &amp; &lt;".to_owned();
    story.topics = vec![topic("law"), topic("gone-from-the-file")];
    story.why = Why::Rules(vec![reason("law", TermList::Expression, Field::Category, "<b>\"law\"</b>")]);
    story
}

fn arabic() -> Story {
    let mut story = news("arabic", "ar", "الجمارك تنشر قائمة جديدة (HS 2022)");
    story.summary = "تدخل القائمة حيز التنفيذ في الشهر القادم.".to_owned();
    story.html = "<p>تدخل القائمة حيز التنفيذ في الشهر القادم.</p><ul><li>أولا</li></ul>".to_owned();
    story
}

fn chinese() -> Story {
    let mut story = news("chinese", "zh", "海关总署发布跨境电商新规");
    story.summary = "新规自四月起施行。".to_owned();
    story.source = byline("gate", "Gate", "gate.example");
    story
}

fn undated() -> Story {
    let mut story = announced("undated", "A colleague was elected");
    story.date_origin = DateOrigin::FirstSeen;
    story.topics = vec![topic("law")];
    story
}

fn source(id: &str, kind: SourceKind) -> Source {
    Source {
        id: SourceId::parse(id).unwrap(),
        title: format!("{id} & \"Office\""),
        url: url("https://harbour.example/news?a=1&b=2"),
        kind,
        enabled: true,
        language: Some(language("en")),
        interval: TimeDelta::hours(6),
        context: true,
        rank: Rank::Institution,
        topics: Vec::new(),
        reuse: Reuse::Excerpt,
        credit: None,
        robots: Robots::Obey,
        timeout: TimeDelta::seconds(60),
        max_bytes: 5_000_000,
        hub: true,
        max_age: None,
        keep_link: None,
        drop_link: None,
        ended_marker: None,
        contract: None,
    }
}

fn selectors() -> Selectors {
    Selectors { item: "li".to_owned(), min_entries: 1, ..Selectors::default() }
}
