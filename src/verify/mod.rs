//! Quotations held against saved copies of their sources, or against the record of an earlier comparison.
//!
//! In: the linked [`Graph`](crate::graph::Graph), the text of each source as somebody saved it, and the [`Lock`]. Out: one [`Comparison`] for
//! each quotation and source, from which checks make diagnostics and pages make words, and the lock as it should be.
//!
//! | copy at hand | record | what comes of it |
//! | --- | --- | --- |
//! | yes | any | the words are compared again; the record must say the same |
//! | no | same digest | the record's class stands |
//! | no | other digest | the words were edited: an error until somebody with the copy compares again |
//! | no | none | nothing is known |
//!
//! Knows the rules of [`crate::quote`] and nothing of files, pages or the network.

mod compare;
mod lock;
mod update;

pub use compare::{Comparison, Copy, Edited, QuoteUse, State, best, compare, join, uses_by_source};
pub use lock::{LOCK_FILE, Lock, LockProblem, Record, RecordKey};
pub use update::{Signature, leftover, updated};

use crate::diag::Code;

/// Every code of this module that is no check's.
pub static CODES: &[&Code] = &[&lock::LOCK_UNREADABLE];
