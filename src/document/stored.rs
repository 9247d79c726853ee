//! What is known of a file as bytes, and back. The only module that names postcard.
//!
//! In: a [`Gist`]. Out: bytes that only the program that wrote them should read: they follow the types of `model` field by
//! field, and say nothing of their own shape. Bytes that are not exactly what was written are refused, by their digest.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::{CODES, Gist};
use crate::diag::{Diagnostic, Fix, Label, Level, Place, Report};
use crate::model::Facts;
use crate::text::{Fingerprint, Span};

/// How many bytes of the digest stand before the rest: enough against a disk's accidents.
const N_DIGEST: usize = 16;

/// A gist as postcard writes it.
#[derive(Serialize)]
struct Leaving<'a> {
    path: &'a str,
    facts: &'a Facts,
    body: Span,
    body_fingerprint: Fingerprint,
    problems: Vec<Problem>,
}

/// The same as postcard reads it.
#[derive(Deserialize)]
struct Arriving {
    path: Arc<str>,
    facts: Facts,
    body: Span,
    body_fingerprint: Fingerprint,
    problems: Vec<Problem>,
}

/// A diagnostic with its code by name.
#[derive(Serialize, Deserialize)]
struct Problem {
    code: String,
    level: Level,
    message: String,
    place: Option<Place>,
    label: String,
    labels: Vec<Label>,
    help: Vec<String>,
    notes: Vec<String>,
    fix: Option<Fix>,
    page: Option<String>,
    trace: Vec<String>,
}

impl Gist {
    /// All of it as bytes, for [`Gist::restore`].
    pub fn store(&self) -> Vec<u8> {
        let leaving = Leaving {
            path: &self.path,
            facts: &self.facts,
            body: self.body,
            body_fingerprint: self.body_fingerprint,
            problems: self.report.diagnostics().iter().map(Problem::of).collect(),
        };
        let bytes = postcard::to_extend(&leaving, vec![0; N_DIGEST]);
        let mut bytes = bytes.expect("writing to memory cannot fail, and every length is known");
        let digest = Fingerprint::of(&bytes[N_DIGEST..]);
        bytes[..N_DIGEST].copy_from_slice(&digest.bytes()[..N_DIGEST]);
        bytes
    }

    /// Reads back what [`Gist::store`] wrote; `None` when it is anything else, also what another version wrote.
    pub fn restore(bytes: &[u8]) -> Option<Gist> {
        let (digest, bytes) = bytes.split_at_checked(N_DIGEST)?;
        if digest != &Fingerprint::of(bytes).bytes()[..N_DIGEST] {
            return None;
        }
        let (arriving, rest) = postcard::take_from_bytes::<Arriving>(bytes).ok()?;
        if !rest.is_empty() {
            return None;
        }
        let Arriving { path, mut facts, body, body_fingerprint, problems } = arriving;
        // All records of a file name it; as when it was read, they share one name.
        for record in facts.records.iter_mut().filter_map(Arc::get_mut) {
            if record.origin.file == path {
                record.origin.file = Arc::clone(&path);
            }
        }
        let mut report = Report::new();
        for problem in problems {
            report.add(problem.diagnostic()?);
        }
        Some(Gist { path, facts, body, body_fingerprint, report })
    }
}

impl Problem {
    fn of(diagnostic: &Diagnostic) -> Problem {
        let Diagnostic { code, level, message, place, label, labels, help, notes, fix, page, trace } =
            diagnostic.clone();
        let code = code.name.to_owned();
        Problem { code, level, message, place, label, labels, help, notes, fix, page, trace }
    }

    /// `None` when no code of this program has its name.
    fn diagnostic(self) -> Option<Diagnostic> {
        let Problem { code, level, message, place, label, labels, help, notes, fix, page, trace } = self;
        let code = CODES.iter().copied().find(|it| it.name == code)?;
        Some(Diagnostic { code, level, message, place, label, labels, help, notes, fix, page, trace })
    }
}
