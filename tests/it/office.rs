//! A secretariat's folder with a feeds.toml, and the binary at work in it.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::time::SystemTime;

use serde_json::Value;
use tempfile::TempDir;

/// Everything a feeds.toml needs but sources and topics of its own.
const HEAD: &str = r#"
[site]
title = "The Bulletin"
subtitle = "News"
organisation = "IFCBA"
organisation_name = "Federation"
url = "https://bulletin.example/"
home = "https://ifcba.example/"
contact = "secretariat@ifcba.example"
language = "en"
time_zone = "UTC"
tag = "ifcba.example,2018"
[fetch]
allow = ["127.0.0.0/8"]
interval = "1h"
connect_timeout = "2s"
timeout = "10s"
[[section]]
id = "news"
title = "News"
[[topic]]
id = "customs"
title = "Customs"
section = "news"
strong = ["customs"]
"#;

/// A folder of its own for each test.
pub(crate) struct Office {
    folder: TempDir,
}

/// How the binary ended.
#[derive(Debug)]
pub(crate) struct Ran {
    pub(crate) code: i32,
    pub(crate) out: String,
    pub(crate) err: String,
}

impl Ran {
    fn of(output: Output) -> Self {
        Self {
            code: output.status.code().unwrap(),
            out: String::from_utf8(output.stdout).unwrap(),
            err: String::from_utf8(output.stderr).unwrap(),
        }
    }

    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.out).unwrap_or_else(|error| panic!("{error}: {self:?}"))
    }
}

impl Office {
    /// With these sources, as TOML.
    pub(crate) fn new(sources: &str) -> Self {
        let office = Self { folder: tempfile::tempdir().unwrap() };
        office.write("feeds.toml", &config(sources));
        office
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub(crate) fn write(&self, name: &str, text: &str) {
        let path = self.path(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    }

    pub(crate) fn read(&self, name: &str) -> String {
        std::fs::read_to_string(self.path(name)).unwrap()
    }

    fn command(&self, line: &str) -> Command {
        self.command_of(&line.split_whitespace().collect::<Vec<_>>())
    }

    fn command_of(&self, words: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_tidewaiter"));
        command.current_dir(self.folder.path()).args(words).stdin(Stdio::null());
        command
    }

    /// Runs the binary with the words of this line, and waits for its end; servers in this process go on meanwhile.
    pub(crate) async fn run(&self, line: &str) -> Ran {
        let mut command = self.command(line);
        Ran::of(tokio::task::spawn_blocking(move || command.output()).await.unwrap().unwrap())
    }

    /// The same, where a word may have blanks in it.
    pub(crate) async fn run_words(&self, words: &[&str]) -> Ran {
        let mut command = self.command_of(words);
        Ran::of(tokio::task::spawn_blocking(move || command.output()).await.unwrap().unwrap())
    }

    /// Starts the binary and does not wait.
    pub(crate) fn start(&self, line: &str) -> Child {
        self.command(line).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap()
    }

    /// The same; the test reads what it says.
    pub(crate) fn start_heard(&self, line: &str) -> Child {
        self.command(line).stdout(Stdio::null()).stderr(Stdio::piped()).spawn().unwrap()
    }

    /// One refresh at a time of day of 15 January 2018.
    pub(crate) async fn refresh(&self, time: &str) -> Ran {
        self.run(&format!("refresh --json --now 2018-01-15T{time}:00Z")).await
    }

    /// Titles in `feeds/all.json`, in its order.
    pub(crate) fn titles(&self) -> Vec<String> {
        let feed: Value = serde_json::from_str(&self.read("output/feeds/all.json")).unwrap();
        let items = feed["items"].as_array().unwrap();
        items.iter().map(|item| item["title"].as_str().unwrap().to_owned()).collect()
    }

    /// Every published file with its bytes and the time it was last written.
    pub(crate) fn published(&self) -> BTreeMap<PathBuf, (Vec<u8>, SystemTime)> {
        let mut files = BTreeMap::new();
        collect(&self.path("output"), &mut files);
        files
    }
}

fn collect(folder: &Path, files: &mut BTreeMap<PathBuf, (Vec<u8>, SystemTime)>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            collect(&path, files);
        } else {
            let written = path.metadata().unwrap().modified().unwrap();
            files.insert(path.clone(), (std::fs::read(&path).unwrap(), written));
        }
    }
}

/// A whole feeds.toml with these sources, as TOML.
pub(crate) fn config(sources: &str) -> String {
    format!("{HEAD}{sources}")
}

/// A source that reads a feed at this address.
pub(crate) fn source(id: &str, url: &url::Url) -> String {
    format!("[[source]]\nid = \"{id}\"\ntitle = \"{id}\"\nurl = \"{url}\"\n")
}

/// An RSS feed of entries given as (id, title, day of January 2018).
pub(crate) fn rss(entries: &[(&str, &str, u8)]) -> String {
    let items: String = entries
        .iter()
        .map(|(id, title, day)| {
            let link = title.to_lowercase().replace(' ', "-");
            format!(
                "<item><guid isPermaLink=\"false\">{id}</guid><title>{title}</title>\
                 <link>https://source.example/{link}</link><description>About customs.</description>\
                 <pubDate>{day} Jan 2018 09:00:00 GMT</pubDate></item>"
            )
        })
        .collect();
    format!(
        "<?xml version=\"1.0\"?><rss version=\"2.0\"><channel><title>S</title><link>https://source.example/</link>\
         <description>D</description>{items}</channel></rss>"
    )
}
