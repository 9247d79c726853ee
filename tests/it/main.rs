//! The one integration test binary. What it tests is data that it discovers, so that adding a test never edits Rust:
//!
//! - `tests/cases/**/*.md`: tiny sites in memory, readable as a specification ([`cases`]).
//! - `tests/sites/<name>/`: whole sites, compared file by file ([`sites`]).
//! - `tests/vectors/quotes/*.md`: quotations with their sources, classes and notes ([`quotes`]).
//!
//! `UPDATE=1 cargo test` rewrites what is expected; read the difference as a reviewer would. Slow parts (a browser, a
//! hundred killed builds) run when `SLOW_TESTS` is set, and say so when they do not.

#![allow(
    clippy::disallowed_methods,
    clippy::print_stderr,
    clippy::print_stdout,
    clippy::unwrap_used,
    reason = "tests stand outside the spine, talk to whoever runs them, and may panic"
)]

mod asking;
mod browser;
#[cfg(feature = "cards")]
mod cards;
mod case_file;
mod cases;
mod checking;
mod ci;
mod cli;
mod diff;
mod edits;
mod excerpt;
mod external;
mod extract;
mod formats;
#[path = "../../benches/generator.rs"]
mod generator;
mod hosting;
mod images;
mod incremental;
mod integrity;
mod pictures;
mod plan_document;
#[cfg(feature = "precompress")]
mod precompress;
mod preview;
mod properties;
mod publish;
mod published;
mod quote_properties;
mod quotes;
mod reads;
mod reference;
mod reproducible;
mod schema;
mod search;
mod short;
mod sites;
mod source_add;
mod stores;
mod themes;
mod tidy;
#[cfg(feature = "serve")]
mod watch;
mod weights;
mod world;
