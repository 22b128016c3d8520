//! Every version of the rules that ever judged: who changed what, when, and what it did.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use sqlx::Row as _;

use super::{Row, Store, StoreError, seconds, time};

/// A version of the rules.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RuleVersion {
    pub at: DateTime<Utc>,
    pub author: String,
    /// Why, in the author's words; may be empty.
    pub note: String,
    /// The fingerprint of the rules.
    pub print: String,
    /// The blocks of feeds.toml that choose, as TOML.
    pub rules: String,
    /// What was changed against the version before, one line each.
    pub edits: Vec<String>,
    /// `None`: there was no version before, or it cannot be read any more.
    pub effect: Option<Effect>,
}

/// What a version did to the entries of the past: how many of them it would have placed elsewhere.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Effect {
    /// Entries that were replayed.
    pub entries: usize,
    pub newly_in: usize,
    pub newly_out: usize,
    pub moved: usize,
    pub newly_in_review: usize,
    pub no_longer_in_review: usize,
}

impl Store {
    /// The number of the newest version, and the version.
    pub async fn newest_rules(&self) -> Result<Option<(i64, RuleVersion)>, StoreError> {
        let row = sqlx::query("select * from rule_version order by number desc limit 1")
            .fetch_optional(&self.pool)
            .await?;
        row.as_ref().map(version_of).transpose()
    }

    /// The fingerprint of the newest version.
    pub async fn newest_rules_print(&self) -> Result<Option<String>, StoreError> {
        let query = sqlx::query_scalar("select print from rule_version order by number desc limit 1");
        Ok(query.fetch_optional(&self.pool).await?)
    }

    pub async fn rules(&self, number: i64) -> Result<Option<RuleVersion>, StoreError> {
        let query = sqlx::query("select * from rule_version where number = $1").bind(number);
        let row = query.fetch_optional(&self.pool).await?;
        Ok(row.as_ref().map(version_of).transpose()?.map(|(_, version)| version))
    }

    /// All versions with their numbers, newest first.
    pub async fn rule_versions(&self) -> Result<Vec<(i64, RuleVersion)>, StoreError> {
        let rows =
            sqlx::query("select * from rule_version order by number desc").fetch_all(&self.pool).await?;
        rows.iter().map(version_of).collect()
    }

    /// Keeps a version, and says which number it has.
    pub async fn keep_rules(&self, version: &RuleVersion) -> Result<i64, StoreError> {
        let number = sqlx::query_scalar(
            "insert into rule_version (number, at, author, note, print, rules, edits, effect)
             values ((select coalesce(max(number), 0) + 1 from rule_version), $1, $2, $3, $4, $5, $6, $7)
             returning number",
        )
        .bind(seconds(version.at))
        .bind(&version.author)
        .bind(&version.note)
        .bind(&version.print)
        .bind(&version.rules)
        .bind(json(&version.edits))
        .bind(version.effect.as_ref().map(json))
        .fetch_one(&self.pool)
        .await?;
        Ok(number)
    }
}

fn json(value: &impl Serialize) -> String {
    serde_json::to_string(value).expect("plain values")
}

fn version_of(row: &Row) -> Result<(i64, RuleVersion), StoreError> {
    let edits: String = row.try_get("edits")?;
    let effect: Option<String> = row.try_get("effect")?;
    let version = RuleVersion {
        at: time(row.try_get("at")?),
        author: row.try_get("author")?,
        note: row.try_get("note")?,
        print: row.try_get("print")?,
        rules: row.try_get("rules")?,
        edits: read("list of edits", &edits)?,
        effect: effect.map(|effect| read("effect", &effect)).transpose()?,
    };
    Ok((row.try_get("number")?, version))
}

fn read<T: for<'a> Deserialize<'a>>(what: &'static str, text: &str) -> Result<T, StoreError> {
    serde_json::from_str(text).map_err(|_| StoreError::Unknown { what, value: text.to_owned() })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::Absent;

    fn version(print: &str, effect: Option<Effect>) -> RuleVersion {
        RuleVersion {
            at: DateTime::from_timestamp(1_700_000_000, 0).expect("a time"),
            author: "the desk".to_owned(),
            note: String::new(),
            print: print.to_owned(),
            rules: "[context]\n".to_owned(),
            edits: vec!["+ strong of origin: rex".to_owned()],
            effect,
        }
    }

    #[tokio::test]
    async fn versions_are_numbered_and_come_back_newest_first() {
        let store = Store::open("sqlite::memory:", Absent::Made).await.expect("a store");
        assert_eq!(store.newest_rules().await.expect("read"), None);
        let (one, two) = (version("a", None), version("b", Some(Effect { moved: 2, ..Effect::default() })));
        assert_eq!(store.keep_rules(&one).await.expect("kept"), 1);
        assert_eq!(store.keep_rules(&two).await.expect("kept"), 2);
        assert_eq!(store.newest_rules().await.expect("read"), Some((2, two.clone())));
        assert_eq!(store.rule_versions().await.expect("read"), [(2, two), (1, one.clone())]);
        assert_eq!(
            (store.rules(1).await.expect("read"), store.rules(3).await.expect("read")),
            (Some(one), None)
        );
    }
}
