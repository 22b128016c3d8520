//! The shape of the house: who may use whom, and what the core may never touch.

use std::path::{Path, PathBuf};

/// Words that stand for IO, the clock, waiting, logging or a database.
const OUTSIDE: [&str; 17] = [
    "std::fs",
    "TcpStream",
    "UdpSocket",
    "ToSocketAddrs",
    "std::process",
    "std::env",
    "io::Read",
    "io::std",
    "std::thread",
    "SystemTime",
    "Instant::now",
    "Utc::now",
    "tokio",
    "reqwest",
    "sqlx",
    "axum",
    "async fn",
];

struct Module {
    name: String,
    is_core: bool,
}

/// The modules in the order of `src/lib.rs`; a comment `// edge` divides core from edge.
fn modules() -> Vec<Module> {
    let text = std::fs::read_to_string("src/lib.rs").unwrap();
    let mut is_core = true;
    let mut modules = Vec::new();
    for line in text.lines() {
        is_core &= line != "// edge";
        if let Some(name) = line.strip_prefix("pub mod ").and_then(|rest| rest.strip_suffix(';')) {
            modules.push(Module { name: name.to_owned(), is_core });
        }
    }
    assert!(modules.len() > 10, "src/lib.rs lists the modules");
    modules
}

fn rust_files(folder: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files.extend(rust_files(&path));
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            files.push(path);
        }
    }
    files.sort();
    files
}

fn files_of(module: &str) -> Vec<PathBuf> {
    let mut files = vec![PathBuf::from(format!("src/{module}.rs"))];
    let folder = PathBuf::from(format!("src/{module}"));
    if folder.is_dir() {
        files.extend(rust_files(&folder));
    }
    files
}

/// The lines of code: no comments, and nothing after the tests begin.
fn code(path: &Path) -> Vec<String> {
    if path.ends_with("tests.rs") {
        return Vec::new();
    }
    let text = std::fs::read_to_string(path).unwrap();
    text.lines()
        .take_while(|line| line.trim() != "#[cfg(test)]")
        .map(|line| line.split("//").next().unwrap_or("").to_owned())
        .collect()
}

/// The modules of this crate that a line names.
fn named(line: &str) -> Vec<String> {
    line.split("crate::")
        .skip(1)
        .map(|rest| rest.chars().take_while(|c| c.is_ascii_lowercase() || *c == '_').collect())
        .collect()
}

#[test]
fn a_module_uses_only_those_above_it() {
    let modules = modules();
    let mut wrong = Vec::new();
    for (at, module) in modules.iter().enumerate() {
        for file in files_of(&module.name) {
            for line in code(&file) {
                for used in named(&line) {
                    if !modules[..=at].iter().any(|above| above.name == used) {
                        wrong.push(format!("{}: {}", file.display(), line.trim()));
                    }
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn the_core_never_meets_the_outside() {
    let mut wrong = Vec::new();
    for module in modules().iter().filter(|module| module.is_core) {
        for file in files_of(&module.name) {
            for line in code(&file) {
                wrong.extend(
                    OUTSIDE
                        .iter()
                        .filter(|word| line.contains(**word))
                        .map(|word| format!("{}: {word}", file.display())),
                );
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn sql_stays_in_the_store() {
    for file in rust_files(Path::new("src")).iter().filter(|file| !file.starts_with("src/store")) {
        for line in code(file) {
            assert!(
                !line.contains("sqlx") || file == Path::new("src/store.rs"),
                "{}: {line}",
                file.display()
            );
        }
    }
}

#[test]
fn every_file_says_what_it_owns() {
    let files = [rust_files(Path::new("src")), rust_files(Path::new("tests"))].concat();
    let silent: Vec<_> =
        files.iter().filter(|file| !std::fs::read_to_string(file).unwrap().starts_with("//! ")).collect();
    assert!(silent.is_empty(), "{silent:?}");
}
