//! The preview: the site from memory, over HTTP, to the browser beside the editor.
//!
//! In: whole states of the site ([`Generation`]), what changed and what is wrong, through the [`Hub`]. Out: answers to
//! browsers, and word to open tabs that theirs changed. The only module that names hyper, tokio and getrandom. Knows
//! nothing of the engine: it shows whatever implements the trait, and never touches the disk.
//!
//! # Why hyper
//!
//! The preview needs HTTP/1.1 with keep-alive, limits and a stream of events; no routes, no middleware, no TLS. hyper and
//! tokio, with what they need, are 21 crates and 21 s of processor time in a release build; with axum 0.8 they are 48 and
//! 41 s, for a router of three addresses. hyper-util is not needed: what it would do for us is `io.rs`, which also lets go of
//! clients that stop reading. A server without any of them would have to parse what hostile pages send.
//!
//! # One request
//!
//! 1. hyper parses it, within limits (`serve.rs`).
//! 2. `guard.rs` says whether it may be asked: host, method, origin, fetch metadata, in this order.
//! 3. `address.rs` decodes the path once. It is only ever looked up in a map.
//! 4. `host.rs` says which file a host would answer with; `rules.rs` knows `_redirects` and `_headers`.
//! 5. `answer.rs` makes the response; `page.rs` adds the script to pages, and lets their policy load it.
//!
//! Steps 3 to 5 run on a blocking thread, on one generation: an answer is never a mix of two.
//!
//! # What a tab hears
//!
//! `events.rs` sends each tab the whole state as one message: the digest of what now stands at its address, which assets
//! changed under their names, and what is wrong. A tab that missed messages therefore misses nothing, and no message names
//! files that its page does not.

#![allow(
    clippy::disallowed_methods,
    reason = "a server has a thread of its own and keeps time; it still never touches the disk"
)]

mod address;
mod answer;
mod body;
mod connections;
mod events;
mod generation;
mod guard;
mod host;
mod hub;
mod io;
mod listen;
mod page;
mod policy;
mod problems;
mod rules;
mod serve;

pub use generation::Generation;
pub use host::HostRules;
pub use hub::{Hub, Publication};
pub use listen::Listen;
pub use problems::{Problem, Problems};
pub use serve::{Editor, Limits, Options, Server, Spot};
