//! Tidewaiter reads what customs and trade institutions publish and makes one curated publication of it.
//!
//! The modules stand in reading order, and a module uses only those above it (`tests/it/tidy.rs` holds that).
//! The core has no IO, no clock, no `async` and no SQL: values in, values out. The edge does what the core decided.
//!
//! One entry: fetch → parse → identify → store → judge (rules) → join (stories) → curate (desk) → render → publish.
//! One run: `collect` (all IO in) → `compose` (pure) → `publish` (all IO out).

// core
pub mod model;
pub mod parse;
pub mod contract;
pub mod identity;
pub mod schedule;
pub mod hub;
pub mod rules;
pub mod config;
pub mod evaluation;
pub mod propose;
pub mod stories;
pub mod desk;
pub mod render;
pub mod compose;

// edge
pub mod fetch;
pub mod store;
pub mod collect;
pub mod snapshot;
pub mod past;
pub mod versions;
pub mod publish;
pub mod serve;
pub mod demo;
pub mod cli;
