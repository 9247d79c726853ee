//! What checks found before anything was rendered: all that pages may say of how far they can be trusted.
//!
//! Plain data. `verify` and `engine` fill it in; views read it through the [`Lens`](super::Lens).

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::NodeId;
use crate::diag::Level;
use crate::model::Wording;
use crate::quote::{Class, Note};

/// What a comparison rests on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Basis {
    /// A saved copy of the source, now.
    Copy,
    /// The record of an earlier comparison; the words have not changed since.
    Record,
    /// Nothing: no copy was at hand, now or earlier.
    Nothing,
}

/// How the words of a statement stand in one of its sources.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Verification {
    /// The number of the source use, from 0.
    pub use_idx: usize,
    /// Which words were compared.
    pub wording: Wording,
    /// How the words stand.
    pub class: Class,
    /// What the comparison noted.
    pub notes: Vec<Note>,
    /// The rules they were compared by: `qm/1`.
    pub rules: String,
    /// What that rests on.
    pub basis: Basis,
    /// The day of the comparison (`2025-02-01`); empty when it is not recorded yet.
    pub on: String,
    /// Who compared, as recorded; may be empty.
    pub by: String,
}

/// One thing a check found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// The problem's code.
    pub code: &'static str,
    /// The level it has here.
    pub level: Level,
    /// One sentence.
    pub message: String,
    /// What it is about.
    pub subject: Option<NodeId>,
    /// Why an author lets it stand; empty for what is open.
    pub why: String,
}

/// One check that ran.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ran {
    /// The code of what it finds.
    pub code: &'static str,
    /// The level of what it finds, unless a story says otherwise; `None` when the site allows it.
    pub level: Option<Level>,
    /// What it finds, in a sentence.
    pub finds: String,
}

/// Everything that was found.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Audit {
    /// By statement, in the order of its sources. Statements that are no quotations are not in it.
    pub quotations: BTreeMap<NodeId, Vec<Verification>>,
    /// What is open: warnings and notes.
    pub open: Vec<Finding>,
    /// What authors let stand, with their reasons.
    pub accepted: Vec<Finding>,
    /// What was looked for.
    pub checks: Vec<Ran>,
}

impl Audit {
    /// How a statement's words stand in each of its sources.
    pub fn of(&self, statement: NodeId) -> &[Verification] {
        self.quotations.get(&statement).map_or(&[], Vec::as_slice)
    }
}
