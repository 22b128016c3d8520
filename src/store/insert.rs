//! Many rows in one statement, whose text is made once.

use sqlx::{Arguments as _, AssertSqlSafe, Encode, SqliteConnection, Type};
use std::sync::OnceLock;

use super::{Database, StoreError};

type Arguments = <Database as sqlx::Database>::Arguments;

/// The values of a statement's rows, one after the other.
#[derive(Default)]
pub(super) struct Values(Arguments);

impl Values {
    pub(super) fn push<'t>(&mut self, value: impl Encode<'t, Database> + Type<Database>) -> &mut Self {
        self.0.add(value).expect("numbers and texts are values of every database");
        self
    }
}

/// An insertion: what stands before the rows, how many values a row has, and what stands behind.
#[derive(Debug)]
pub(super) struct Insert {
    head: &'static str,
    columns: usize,
    tail: &'static str,
    /// Rows in one statement. Far fewer statements than rows, and below SQLite's bound of 32,766 values.
    rows: usize,
    /// The text with so many rows: it is prepared once and used again. One with fewer is not worth keeping.
    full: OnceLock<String>,
}

impl Insert {
    pub(super) const fn new(head: &'static str, columns: usize, rows: usize, tail: &'static str) -> Self {
        Self { head, columns, tail, rows, full: OnceLock::new() }
    }

    /// Inserts the rows; `values` pushes those of one of them.
    pub(super) async fn run<T>(
        &'static self,
        connection: &mut SqliteConnection,
        rows: Vec<T>,
        values: impl Fn(&mut Values, T),
    ) -> Result<(), StoreError> {
        let mut rows = rows.into_iter();
        while rows.len() > 0 {
            let together = rows.len().min(self.rows);
            let mut all = Values::default();
            all.0.reserve(together * self.columns, 0);
            for row in rows.by_ref().take(together) {
                values(&mut all, row);
            }
            let statement = if together == self.rows {
                sqlx::query_with(self.full.get_or_init(|| self.text(self.rows)).as_str(), all.0)
            } else {
                sqlx::query_with(AssertSqlSafe(self.text(together)), all.0).persistent(false)
            };
            statement.execute(&mut *connection).await?;
        }
        Ok(())
    }

    fn text(&self, rows: usize) -> String {
        // SQLite's own marker: it looks for those with numbers from the first one on, each time.
        let row = format!("({})", vec!["?"; self.columns].join(", "));
        format!("{} values {} {}", self.head, vec![row; rows].join(", "), self.tail)
    }
}
