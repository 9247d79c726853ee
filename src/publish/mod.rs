//! Publishing: brings a site that is built to where readers are.
//!
//! In: the output directory with its manifest, and what a target says of itself. Out: a [`Plan`] that can be read
//! before anything happens, and, carried out, a target that is at any moment the old site or the new one, or pages of
//! both, each with all it asks for. Knows nothing of records, themes or how pages are made.
//!
//! [`plan::draw`] decides everything and touches nothing. Targets are thin: a directory, a branch of git, a host behind
//! ssh and a command of one's own put up whole releases; a [`Store`] changes file by file, and [`driver`] sees to it.
//! Buckets of clouds are such stores (`bucket`, with the cargo feature `stores`).

mod aside;
mod belief;
#[cfg(feature = "stores")]
pub mod bucket;
pub mod cache;
mod command;
pub mod dir;
pub mod document;
pub mod driver;
pub mod exec;
pub mod fields;
pub mod fresh;
pub mod git;
pub mod journal;
mod known;
pub mod local;
pub mod look;
pub mod plan;
pub mod published;
pub mod record;
pub mod refusal;
pub mod release;
pub mod ssh;
pub mod store;
mod tar;
pub mod target;
mod tree;
pub mod verify;

#[cfg(test)]
mod tests;

pub use local::Local;
pub use plan::{Options, Plan, draw};
pub use release::{File, Headers, Release};
pub use store::{Store, StoreError, Trouble};
pub use target::Target;
