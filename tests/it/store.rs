//! What the store promises, on each database.

mod decisions;

use chrono::{DateTime, TimeDelta, Utc};
use sqlx::Connection as _;
use sqlx::migrate::Migrator;
use sqlx::sqlite::SqliteConnectOptions;
use std::path::Path;
use std::str::FromStr as _;
use tidewaiter::hub::discovery::Offered;
use tidewaiter::hub::subscription::Step;
use tidewaiter::identity::change::Prints;
use tidewaiter::identity::key::{Key, keys, link_key};
use tidewaiter::identity::reading::Texts;
use tidewaiter::identity::{Arrival, ArrivalKind, Policy, Shelf, Withdrawal, Withdrawals};
use tidewaiter::model::entry::{DateOrigin, Entry, EntryId};
use tidewaiter::model::language::Language;
use tidewaiter::model::source::SourceId;
use tidewaiter::model::text::Markup;
use tidewaiter::model::topic::TopicId;
use tidewaiter::model::verdict::Outcome;
use tidewaiter::parse::document::{Link, ParsedEntry};
use tidewaiter::schedule::{Manners, SourceState, Validators};
use tidewaiter::store::{Absent, Judged, Judgement, Save, Store};

/// Runs a test on each database there is. A second one is one more line here.
async fn each_store(test: impl AsyncFn(Store)) {
    test(Store::open("sqlite::memory:", Absent::Made).await.unwrap()).await;
}

fn noon() -> DateTime<Utc> {
    DateTime::from_timestamp(1_516_017_600, 0).unwrap()
}

fn source() -> SourceId {
    SourceId::parse("wto").unwrap()
}

fn topic() -> TopicId {
    TopicId::parse("origin").unwrap()
}

fn entry(id: i64, hours_ago: i64) -> Entry {
    let published = noon() - TimeDelta::hours(hours_ago);
    Entry {
        id: EntryId(id),
        source: source(),
        title: format!("Entry {id}"),
        link: Some(format!("https://wto.org/{id}").parse().unwrap()),
        summary: Some(Markup::html("<p>A</p>")),
        content: None,
        base: Some("https://wto.org/".parse().unwrap()),
        language: Language::parse("fr"),
        authors: vec!["Ed \"Q\" Itor".to_owned()],
        categories: vec!["a, b".to_owned()],
        published: Some(published),
        date_origin: DateOrigin::Feed,
        first_seen: noon(),
        listed: published,
        changed: published,
    }
}

/// Of the title that all entries had when they were read.
fn title_key() -> Key {
    let entry = ParsedEntry { title: Some(Markup::plain("Title")), ..ParsedEntry::default() };
    keys(&source(), &[entry])[0].title
}

fn state() -> SourceState {
    SourceState {
        validators: Validators {
            etag: Some("W/\"odd ''\"".to_owned()),
            last_modified: Some("yesterday, perhaps".to_owned()),
            of: Some(-5),
        },
        body: Some(7),
        policy: Some(Policy::Id),
        newest: Some(noon() - TimeDelta::hours(1)),
        next_poll: Some(noon() + TimeDelta::hours(3)),
        last_read: Some(noon()),
        paused_until: Some(noon() + TimeDelta::hours(1)),
        shape: Some("{}".to_owned()),
        manners: Manners { rhythm: Some(90_000), kind: Some("tls".to_owned()), ..Manners::default() },
        ..SourceState::unasked(source(), "https://wto.org/feed".to_owned(), noon())
    }
}

fn judged(entry: Entry, kind: ArrivalKind, version: u32, outcome: Outcome) -> Judged {
    let prints = Prints { bytes: i64::from(version), title: title_key().0, reading: 3 };
    let topics = if outcome == Outcome::Drop { Vec::new() } else { vec![topic()] };
    Judged {
        arrival: Arrival { entry, texts: Texts::default(), prints, kind, version, shelf: Shelf::Open },
        judgement: Judgement { outcome, topics },
    }
}

fn ids(entries: Vec<Entry>) -> Vec<i64> {
    entries.into_iter().map(|entry| entry.id.0).collect()
}

fn saved(arrivals: Vec<Judged>) -> Vec<Save> {
    let aliases = arrivals
        .iter()
        .map(|judged| {
            (
                link_key(&source(), judged.arrival.entry.link.as_ref().unwrap().as_str()),
                judged.arrival.entry.id,
            )
        })
        .collect();
    let (offered, withdrawals) = (Offered::Same, Withdrawals::default());
    vec![Save { state: state(), arrivals, aliases, habits: None, withdrawals, offered, is_hinted: false }]
}

#[tokio::test]
async fn what_is_saved_is_read_back() {
    each_store(async |store| {
        let saves = saved(vec![judged(entry(1, 1), ArrivalKind::New, 1, Outcome::Publish)]);
        store.save(&saves, "rules-1", noon()).await.unwrap();
        assert_eq!(store.newest(10).await.unwrap(), [entry(1, 1)]);
        assert_eq!(store.sources().await.unwrap().get(&source()), Some(&state()));
    })
    .await;
}

#[tokio::test]
async fn the_revision_tells_whether_members_could_see_something_else() {
    each_store(async |store| {
        let mut last = store.revision().await.unwrap();
        let mut is_another = async || {
            let now = store.revision().await.unwrap();
            std::mem::replace(&mut last, now.clone()) != now
        };
        let save = async |saves: Vec<Save>| store.save(saves, "rules-1", noon()).await.unwrap();
        let nothing = || Save { aliases: Vec::new(), ..saved(Vec::new()).remove(0) };
        let new = judged(entry(1, 1), ArrivalKind::New, 1, Outcome::Publish);
        save(saved(vec![new])).await;
        assert!(is_another().await, "a new entry");
        save(vec![nothing()]).await;
        store.set("tag", "example.org,2018").await.unwrap();
        assert!(!is_another().await, "a source without news, and a setting");
        save(saved(vec![judged(entry(1, 1), ArrivalKind::Changed, 2, Outcome::Publish)])).await;
        assert!(is_another().await, "a change");
        save(vec![Save { aliases: vec![(Key(7), EntryId(1))], ..nothing() }]).await;
        assert!(is_another().await, "a name");
        let gone = Withdrawals { gone: vec![(EntryId(1), Withdrawal::Missing)], ..Withdrawals::default() };
        save(vec![Save { withdrawals: gone, ..nothing() }]).await;
        assert!(is_another().await, "a withdrawal");
        let back = Withdrawals { back: vec![EntryId(1)], ..Withdrawals::default() };
        save(vec![Save { withdrawals: back, ..nothing() }]).await;
        assert!(is_another().await, "its return");
        let judgement = || Judgement { outcome: Outcome::Drop, topics: Vec::new() };
        store.rejudge(&[(&entry(1, 1), judgement())], "rules-2").await.unwrap();
        assert!(is_another().await, "another verdict");
        let mut held = judged(entry(2, 1), ArrivalKind::New, 1, Outcome::Publish);
        held.arrival.shelf = Shelf::Held;
        save(saved(vec![held])).await;
        assert!(is_another().await, "a held entry");
        assert_eq!(store.accept(&source(), "rules-2", |_| judgement()).await.unwrap(), Some(1));
        assert!(is_another().await, "what was let in");
    })
    .await;
}

#[tokio::test]
async fn the_newest_come_first_and_only_what_is_published() {
    each_store(async |store| {
        let saves = saved(vec![
            judged(entry(1, 9), ArrivalKind::New, 1, Outcome::Publish),
            judged(entry(2, 1), ArrivalKind::New, 1, Outcome::Publish),
            judged(entry(3, 0), ArrivalKind::New, 1, Outcome::Review),
            judged(entry(4, 0), ArrivalKind::New, 1, Outcome::Drop),
        ]);
        store.save(&saves, "rules-1", noon()).await.unwrap();
        assert_eq!(ids(store.newest(10).await.unwrap()), [2, 1]);
        assert_eq!(ids(store.newest(1).await.unwrap()), [2]);
        assert_eq!(ids(store.newest_of(&topic(), 10).await.unwrap()), [2, 1]);
    })
    .await;
}

#[tokio::test]
async fn saving_the_same_again_changes_nothing() {
    each_store(async |store| {
        let saves = saved(vec![judged(entry(1, 1), ArrivalKind::New, 1, Outcome::Publish)]);
        store.save(&saves, "rules-1", noon()).await.unwrap();
        store.save(&saves, "rules-1", noon()).await.unwrap();
        assert_eq!(store.newest(10).await.unwrap().len(), 1);
        assert_eq!(store.newest_of(&topic(), 10).await.unwrap().len(), 1);
    })
    .await;
}

#[tokio::test]
async fn a_changed_entry_keeps_its_date_and_its_old_version() {
    each_store(async |store| {
        store
            .save(&saved(vec![judged(entry(1, 1), ArrivalKind::New, 1, Outcome::Publish)]), "rules-1", noon())
            .await
            .unwrap();
        let mut later = entry(1, 0);
        later.title = "Corrected".to_owned();
        later.changed = noon() + TimeDelta::hours(2);
        let saves = saved(vec![judged(later.clone(), ArrivalKind::Changed, 2, Outcome::Publish)]);
        store.save(&saves, "rules-1", noon() + TimeDelta::hours(2)).await.unwrap();
        let found = store.find(|title, _| title == "Corrected", 5).await.unwrap();
        assert_eq!(found.len(), 1);
        assert_eq!(found[0].entry.published, entry(1, 1).published, "pinned at first sight");
        assert_eq!(found[0].replaced, [noon() + TimeDelta::hours(2)]);
    })
    .await;
}

#[tokio::test]
async fn a_changed_entry_keeps_its_place_in_its_topic() {
    each_store(async |store| {
        let saves = saved(vec![
            judged(entry(1, 1), ArrivalKind::New, 1, Outcome::Publish),
            judged(entry(2, 9), ArrivalKind::New, 1, Outcome::Publish),
        ]);
        store.save(&saves, "rules-1", noon()).await.unwrap();
        // An arrival of a known entry says nothing of its dates: the store has them.
        let again = Entry { title: "Corrected".to_owned(), listed: DateTime::UNIX_EPOCH, ..entry(1, 0) };
        let saves = saved(vec![judged(again, ArrivalKind::Changed, 2, Outcome::Publish)]);
        store.save(&saves, "rules-1", noon()).await.unwrap();
        assert_eq!(ids(store.newest_of(&topic(), 10).await.unwrap()), [1, 2]);
    })
    .await;
}

#[tokio::test]
async fn memory_reaches_as_far_as_the_keys() {
    each_store(async |store| {
        let saves = saved(vec![
            judged(entry(1, 5), ArrivalKind::New, 1, Outcome::Drop),
            judged(entry(2, 1), ArrivalKind::New, 1, Outcome::Drop),
        ]);
        store.save(&saves, "rules-1", noon()).await.unwrap();
        let known = link_key(&source(), "http://www.wto.org/1/");
        let ask = async |link: &str, title: &str| {
            let parsed = ParsedEntry {
                links: vec![Link { href: link.to_owned(), rel: "alternate".to_owned(), ..Link::default() }],
                title: Some(Markup::plain(title)),
                ..ParsedEntry::default()
            };
            let (source, parsed) = (source(), [parsed]);
            store.memory(&source, Some(Policy::Id), &keys(&source, &parsed)).await.unwrap()
        };

        let by_link = ask("https://wto.org/1", "Unknown").await;
        assert_eq!(by_link.aliases.into_iter().collect::<Vec<_>>(), [(known, EntryId(1))]);
        assert_eq!(by_link.entries.into_keys().collect::<Vec<_>>(), [EntryId(1)]);

        let by_title = ask("https://wto.org/404", "Title").await;
        assert_eq!(
            by_title.names.into_iter().collect::<Vec<_>>(),
            [(title_key(), vec![EntryId(1), EntryId(2)])],
            "in the order of arrival"
        );
        assert_eq!(by_title.entries.len(), 2);
    })
    .await;
}

#[tokio::test]
async fn what_could_not_be_judged_still_waits() {
    each_store(async |store| {
        let mut held = judged(entry(1, 1), ArrivalKind::New, 1, Outcome::Publish);
        held.arrival.shelf = Shelf::Held;
        store.save(&saved(vec![held]), "rules-1", noon()).await.unwrap();
        let (same, at_fault) = (store.clone(), source());
        let accepting =
            tokio::spawn(async move { same.accept(&at_fault, "rules-1", |_| panic!("cut off")).await });
        assert!(accepting.await.is_err());
        let publishes = |_: &Entry| Judgement { outcome: Outcome::Publish, topics: vec![topic()] };
        assert_eq!(store.accept(&source(), "rules-1", publishes).await.unwrap(), Some(1));
        let newest: Vec<_> =
            store.newest_of(&topic(), 10).await.unwrap().iter().map(|entry| entry.id).collect();
        assert_eq!(newest, [EntryId(1)]);
        assert_eq!(store.accept(&source(), "rules-1", publishes).await.unwrap(), None);
    })
    .await;
}

#[tokio::test]
async fn new_rules_replace_the_verdicts_of_old_ones() {
    each_store(async |store| {
        store
            .save(&saved(vec![judged(entry(1, 1), ArrivalKind::New, 1, Outcome::Publish)]), "rules-1", noon())
            .await
            .unwrap();
        let stale = store.judged_by_others("rules-2", None, 10).await.unwrap();
        assert_eq!(stale, [entry(1, 1)]);
        let dropped = Judgement { outcome: Outcome::Drop, topics: Vec::new() };
        store.rejudge(&[(&entry(1, 1), dropped)], "rules-2").await.unwrap();
        assert!(store.newest(10).await.unwrap().is_empty());
        assert!(store.newest_of(&topic(), 10).await.unwrap().is_empty());
        assert!(store.judged_by_others("rules-2", None, 10).await.unwrap().is_empty());
    })
    .await;
}

#[tokio::test]
async fn a_question_finds_the_newest_first() {
    each_store(async |store| {
        let saves =
            saved((1..9).map(|id| judged(entry(id, id), ArrivalKind::New, 1, Outcome::Drop)).collect());
        store.save(&saves, "rules-1", noon()).await.unwrap();
        let found =
            store.find(|title, link| title.starts_with("Entry") && !link.ends_with("/1"), 2).await.unwrap();
        assert_eq!(found.iter().map(|found| found.entry.id.0).collect::<Vec<_>>(), [2, 3]);
    })
    .await;
}

#[tokio::test]
async fn settings_are_kept() {
    each_store(async |store| {
        assert_eq!(store.setting("tag").await.unwrap(), None);
        store.set("tag", "a").await.unwrap();
        store.set("tag", "b").await.unwrap();
        assert_eq!(store.setting("tag").await.unwrap().as_deref(), Some("b"));
    })
    .await;
}

/// The store as it was before the migration with this number, with two entries that have one topic.
async fn store_before(migration: i64, url: &str) {
    let all = sqlx::migrate!("src/store/migrations/sqlite");
    let before = all.iter().filter(|known| known.version < migration).cloned().collect();
    let options = SqliteConnectOptions::from_str(url).unwrap().create_if_missing(true);
    let mut old = sqlx::SqliteConnection::connect_with(&options).await.unwrap();
    Migrator::with_migrations(before).run(&mut old).await.unwrap();
    for id in [2, 1] {
        let known = link_key(&source(), &format!("https://wto.org/{id}")).0;
        let (title, listed) = (title_key().0, noon().timestamp() - id);
        let rows = format!(
            "insert into entry (id, source, title, link, summary_html, content_html, authors, categories, date_origin,
                first_seen, changed, listed, bytes_print, title_print, reading_print, version, shelf, rule_set, outcome)
             values ({id}, 'wto', 'Entry {id}', 'https://wto.org/{id}', 0, 0, '[]', '[\"a\"]', 'feed', 1, 1, {listed}, 1,
                {title}, 1, 1, 'open', 'rules-1', 'publish');
             insert into alias (key, entry) values ({known}, {id});
             insert into entry_topic (topic, listed, entry) values ('origin', {listed}, {id});"
        );
        sqlx::raw_sql(sqlx::AssertSqlSafe(rows)).execute(&mut old).await.unwrap();
    }
    old.close().await.unwrap();
}

#[tokio::test]
async fn a_store_whose_sources_were_mixed_loses_nothing_when_they_are_put_in_order() {
    let folder = tempfile::tempdir().unwrap();
    let url = format!("sqlite:{}", folder.path().join("store.db").display());
    store_before(7, &url).await;
    let store = Store::open(&url, Absent::Fails).await.unwrap();
    let newest = store.newest(10).await.unwrap();
    assert_eq!(newest[0].categories, ["a"]);
    assert_eq!(newest[0].authors, Vec::<String>::new());
    assert_eq!(ids(newest), [1, 2]);
    assert_eq!(ids(store.newest_of(&topic(), 1).await.unwrap()), [1]);
    let wto = source();
    let known = link_key(&wto, "https://wto.org/2");
    assert_eq!(ids(store.entries_named(&[(&wto, known)]).await.unwrap()), [2]);
    assert_eq!(ids(store.entries(&wto, &[EntryId(2)]).await.unwrap()), [2]);
    let titled = ParsedEntry { title: Some(Markup::plain("Title")), ..ParsedEntry::default() };
    let memory = store.memory(&wto, Some(Policy::Id), &keys(&wto, &[titled])).await.unwrap();
    assert_eq!(memory.names[&title_key()], [EntryId(2), EntryId(1)], "in the order of arrival");
    store
        .rejudge(&[(&entry(1, 1), Judgement { outcome: Outcome::Drop, topics: Vec::new() })], "2")
        .await
        .unwrap();
    assert_eq!(ids(store.newest_of(&topic(), 10).await.unwrap()), [2]);
}

#[tokio::test]
async fn what_another_source_said_under_the_same_key_is_not_remembered() {
    each_store(async |store| {
        let saves = saved(vec![judged(entry(1, 1), ArrivalKind::New, 1, Outcome::Publish)]);
        store.save(&saves, "rules-1", noon()).await.unwrap();
        let other = SourceId::parse("wco").unwrap();
        let known = link_key(&source(), "https://wto.org/1");
        assert!(store.entries_named(&[(&other, known)]).await.unwrap().is_empty());
        assert!(store.entries(&other, &[EntryId(1)]).await.unwrap().is_empty());
    })
    .await;
}

/// A store that was spoilt in this way cannot be opened, and the message says what to do.
async fn check_refused(spoil: impl AsyncFn(&Path), said: &str) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("store.db");
    let url = format!("sqlite:{}", path.display());
    Store::open(&url, Absent::Made).await.unwrap().close().await;
    spoil(&path).await;
    let error = Store::open(&url, Absent::Made).await.unwrap_err().to_string();
    assert!(error.contains(&url) && error.contains(said), "{error}");
}

#[tokio::test]
async fn a_file_that_is_no_store_any_more_is_refused_with_what_to_do() {
    check_refused(async |path| std::fs::write(path, [7; 9_000]).unwrap(), "no SQLite database").await;
    let cut = async |path: &Path| {
        let whole = std::fs::read(path).unwrap();
        std::fs::write(path, &whole[..whole.len() / 2]).unwrap();
    };
    check_refused(cut, "put back its last copy").await;
}

/// A store as the version before these migrations left it, with this row in it, opened by this one.
async fn brought_up_to_date(migrations: &[&str], row: &str) -> (tempfile::TempDir, Store) {
    let folder = tempfile::tempdir().unwrap();
    let address = format!("sqlite:{}", folder.path().join("store.db").display());
    Store::open(&address, Absent::Made).await.unwrap().close().await;
    let mut connection = sqlx::SqliteConnection::connect(&address).await.unwrap();
    for migration in migrations {
        let forget = "delete from _sqlx_migrations where description = $1";
        assert_eq!(
            sqlx::query(forget).bind(migration).execute(&mut connection).await.unwrap().rows_affected(),
            1
        );
    }
    sqlx::query(sqlx::AssertSqlSafe(row.to_owned())).execute(&mut connection).await.unwrap();
    connection.close().await.unwrap();
    (folder, Store::open(&address, Absent::Fails).await.unwrap())
}

#[tokio::test]
async fn what_an_earlier_version_gave_up_is_due_again() {
    let gone = "insert into source (id, url, last_asked, failures, problem)
                values ('wto', 'https://wto.example/feed', 1516000000, 1, 'gone for good (410)')";
    let (_folder, store) = brought_up_to_date(&["second chances"], gone).await;
    assert!(store.sources().await.unwrap().get(&source()).unwrap().is_due(noon()));
    let denied = "insert into subscription (token, callback, secret, source, hub, topic, stage, failures)
                  values ('t', 'https://us.example/t', 's', 'wto', 'https://hub.example/', 'u', 'denied', 0)";
    let (_folder, store) = brought_up_to_date(&["second chances"], denied).await;
    let mut subscription = store.subscription("t").await.unwrap().unwrap();
    assert_eq!(subscription.step(noon()), Step::Forget);
}

#[tokio::test]
async fn a_store_of_a_newer_version_is_refused_as_such() {
    let raise = async |path: &Path| {
        let mut newer = sqlx::SqliteConnection::connect(&format!("sqlite:{}", path.display())).await.unwrap();
        let later = "insert into _sqlx_migrations (version, description, success, checksum, execution_time)
                     values (999, 'later', true, x'00', 0)";
        sqlx::query(later).execute(&mut newer).await.unwrap();
        newer.close().await.unwrap();
    };
    check_refused(raise, "newer version").await;
}
