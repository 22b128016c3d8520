//! The outside view: one binary, a module per subject.
#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test that cannot go on should stop"
)]
#![expect(
    clippy::format_collect,
    clippy::assigning_clones,
    clippy::case_sensitive_file_extension_comparisons,
    reason = "a test is read more often than it runs"
)]

mod accept;
mod add;
mod advice;
mod bulletin;
mod caller;
mod config;
mod damage;
mod decide;
mod demo_content;
mod embargo;
mod fetch;
mod hub;
mod manners;
mod office;
mod origin;
mod pages;
mod parse;
mod render;
mod rule_versions;
mod rules;
mod rules_doc;
mod run;
mod serve;
mod store;
mod tidy;
mod withdrawn;
mod words;
mod year;
