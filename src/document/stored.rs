//! What is known of a file in a form that can be kept, and back.
//!
//! In: a [`Gist`]. Out: plain data that only the program that wrote it should read: it follows the types of `model` field by
//! field, and says nothing of its own shape.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::{CODES, Gist};
use crate::diag::Told;
use crate::model::Facts;
use crate::text::{Fingerprint, Span, pack, unpack};

/// A gist as it is written.
#[derive(Serialize)]
struct Leaving<'a> {
    path: &'a str,
    facts: &'a Facts,
    body: Span,
    fingerprint: Fingerprint,
    body_fingerprint: Fingerprint,
    told: Told,
}

/// The same as it is read.
#[derive(Deserialize)]
struct Arriving {
    path: Arc<str>,
    facts: Facts,
    body: Span,
    fingerprint: Fingerprint,
    body_fingerprint: Fingerprint,
    told: Told,
}

impl Gist {
    /// All of it as bytes, for [`Gist::restore`].
    pub fn store(&self) -> Vec<u8> {
        pack(&Leaving {
            path: &self.path,
            facts: &self.facts,
            body: self.body,
            fingerprint: self.fingerprint,
            body_fingerprint: self.body_fingerprint,
            told: Told::of(&self.report),
        })
    }

    /// Reads back what [`Gist::store`] wrote; `None` when it is anything else, also what another version wrote.
    pub fn restore(bytes: &[u8]) -> Option<Gist> {
        let Arriving { path, mut facts, body, fingerprint, body_fingerprint, told } = unpack(bytes)?;
        // All records of a file name it; as when it was read, they share one name.
        for record in facts.records.iter_mut().filter_map(Arc::get_mut) {
            if record.origin.file == path {
                record.origin.file = Arc::clone(&path);
            }
        }
        let report = told.report(CODES)?;
        Some(Gist { path, facts, body, fingerprint, body_fingerprint, report })
    }
}
