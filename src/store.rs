//! What is remembered between runs, in SQLite: the only place with SQL, and no decision in it.
//!
//! The text of every statement is one that PostgreSQL accepts too: `$1` markers, `on conflict`, times as whole seconds.

mod decision;
mod entry;
mod explain;
mod habit;
mod hub;
mod insert;
mod past;
mod rule_version;
mod save;
mod site;
mod source;

use chrono::{DateTime, Utc};
use sqlx::migrate::MigrateError;
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous};
use std::path::PathBuf;
use std::str::FromStr;
use std::time::Duration;

pub use hub::Keep;
pub use past::Arrival;
pub use rule_version::{Effect, RuleVersion};
pub use save::{Judged, Judgement, Save};

/// The database that the statements run on.
type Database = sqlx::Sqlite;
type Row = sqlx::sqlite::SqliteRow;

/// Sources whose answers are best saved together: a run of a thousand shall not wait a thousand times for the disk, nor
/// hold many documents in memory.
pub(crate) const SOURCES: usize = 32;

/// In bytes, of a new store; one that is there keeps its own. An entry takes between one and two thousand: of pages of 4 KB a
/// sixth stayed empty, while with larger ones every small change writes more.
const PAGE: u32 = 8192;

/// In KB, below zero as SQLite wants it: what one transaction changes fits. It is all memory that a long run keeps.
const CACHE: &str = "-6144";

/// In pages: so much is written beside the file before it is written into it.
const CHECKPOINT: &str = "5000";

/// The setting that counts how often what members could see was changed.
const REVISION: &str = "revision";

/// Another process may hold the database for a moment (a backup, `explain` beside a run).
const BUSY: Duration = Duration::from_secs(5);

/// What is remembered between runs.
#[derive(Debug, Clone)]
pub struct Store {
    pool: sqlx::Pool<Database>,
}

/// What to do about a store that is not there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Absent {
    /// The first run begins it.
    Made,
    /// A mistyped address must not publish an empty page over a full one.
    Fails,
}

#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// Nothing can be done with it.
    #[error("the store `{url}` cannot be opened: {why}")]
    Open { url: String, why: String },
    /// A statement failed; its transaction left no trace.
    #[error("the store failed")]
    Statement(#[from] sqlx::Error),
    /// What is stored is not what this version writes.
    #[error("the store holds a {what} that this version cannot read: `{value}`")]
    Unknown { what: &'static str, value: String },
}

impl Store {
    /// Opens the store at an address such as `sqlite:tidewaiter.db`, and brings its tables up to date.
    pub async fn open(url: &str, absent: Absent) -> Result<Self, StoreError> {
        let open = |why: String| StoreError::Open { url: url.to_owned(), why };
        let options = options(url)?;
        let is_absent = Self::file(url)?.is_some_and(|file| !file.exists());
        if is_absent && absent == Absent::Fails {
            return Err(open(
                "there is none; `tidewaiter refresh` makes it, and --store names another one".to_owned(),
            ));
        }
        let options = options
            .create_if_missing(true)
            .journal_mode(SqliteJournalMode::Wal)
            // What is published must not be forgotten when the power fails: an answer is on the disk when it is saved.
            .synchronous(SqliteSynchronous::Full)
            .foreign_keys(true)
            .page_size(PAGE)
            .pragma("cache_size", CACHE)
            .pragma("temp_store", "memory")
            .pragma("wal_autocheckpoint", CHECKPOINT)
            .busy_timeout(BUSY);
        // One connection: a run writes from one place, and a database in memory lives as long as its connection.
        let pool = SqlitePoolOptions::new().max_connections(1).idle_timeout(None).max_lifetime(None);
        let pool = pool.connect_with(options).await.map_err(|error| open(in_words(&error)))?;
        let migrations = sqlx::migrate!("src/store/migrations/sqlite");
        migrations.run(&pool).await.map_err(|error| open(tables_in_words(error)))?;
        Ok(Self { pool })
    }

    /// Where the database's file is; `None` for one in memory.
    pub fn file(url: &str) -> Result<Option<PathBuf>, StoreError> {
        let name = options(url)?.get_filename().to_path_buf();
        let is_in_memory = url.contains(":memory:") || url.contains("mode=memory");
        Ok((!is_in_memory).then_some(name))
    }

    pub async fn close(self) {
        self.pool.close().await;
    }

    /// Another one whenever an entry, its names, its topics, or whether its source took it back, is: while it is the same,
    /// the store gives a publication the same.
    pub async fn revision(&self) -> Result<String, StoreError> {
        Ok(self.setting(REVISION).await?.unwrap_or_default())
    }

    pub async fn setting(&self, name: &str) -> Result<Option<String>, StoreError> {
        let value = sqlx::query_scalar("select value from setting where name = $1")
            .bind(name)
            .fetch_optional(&self.pool)
            .await?;
        Ok(value)
    }

    pub async fn set(&self, name: &str, value: &str) -> Result<(), StoreError> {
        sqlx::query(
            "insert into setting (name, value) values ($1, $2)
             on conflict (name) do update set value = excluded.value",
        )
        .bind(name)
        .bind(value)
        .execute(&self.pool)
        .await?;
        Ok(())
    }
}

/// Entries, their names, topics or marks are changed by this transaction.
async fn revise(connection: &mut sqlx::SqliteConnection) -> Result<(), StoreError> {
    sqlx::query(
        "insert into setting (name, value) values ($1, '1')
         on conflict (name) do update set value = cast(cast(setting.value as bigint) + 1 as text)",
    )
    .bind(REVISION)
    .execute(connection)
    .await?;
    Ok(())
}

fn options(url: &str) -> Result<SqliteConnectOptions, StoreError> {
    let wrong = || StoreError::Open {
        url: url.to_owned(),
        why: "expected an address like `sqlite:tidewaiter.db`".to_owned(),
    };
    if !url.starts_with("sqlite:") {
        return Err(wrong());
    }
    SqliteConnectOptions::from_str(url).map_err(|_| wrong())
}

fn in_words(error: &sqlx::Error) -> String {
    match error {
        sqlx::Error::Database(error) if error.message().contains("unable to open") => {
            "the folder does not exist, or may not be written".to_owned()
        }
        sqlx::Error::Database(error) if error.message().contains("not a database") => {
            "the file is no SQLite database: put back its last copy, or name another file".to_owned()
        }
        sqlx::Error::Database(error) if error.message().contains("malformed") => {
            "the file is damaged: put back its last copy".to_owned()
        }
        other => other.to_string(),
    }
}

fn tables_in_words(error: MigrateError) -> String {
    match error {
        MigrateError::VersionMissing(_) | MigrateError::VersionTooNew(..) => {
            "it was made by a newer version of Tidewaiter: use that one".to_owned()
        }
        MigrateError::Execute(error) | MigrateError::ExecuteMigration(error, _) => in_words(&error),
        other => other.to_string(),
    }
}

fn seconds(time: DateTime<Utc>) -> i64 {
    time.timestamp()
}

fn time(seconds: i64) -> DateTime<Utc> {
    DateTime::from_timestamp(seconds, 0).unwrap_or_default()
}

fn list(texts: &[String]) -> String {
    serde_json::to_string(texts).expect("a list of texts is JSON")
}

fn unlist(json: &str) -> Vec<String> {
    serde_json::from_str(json).unwrap_or_default()
}

/// A word that stands for a variant, read back.
fn variant<T>(what: &'static str, value: &str, parse: impl Fn(&str) -> Option<T>) -> Result<T, StoreError> {
    parse(value).ok_or_else(|| StoreError::Unknown { what, value: value.to_owned() })
}
