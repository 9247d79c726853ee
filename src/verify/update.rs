//! The lock as it should be after a comparison.

use std::collections::BTreeSet;

use super::compare::{Comparison, State};
use super::lock::{Lock, Record, RecordKey};
use crate::quote::{self, Class};

/// Who compares, and when.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Signature {
    /// The day: `2025-02-01`.
    pub on: String,
    /// An actor's id or a name; may be empty.
    pub by: String,
}

/// The lock with a record for each quotation and source.
///
/// What was compared is recorded anew, a mismatch too, so that it is told where there is no copy; a record that would say the
/// same stays as it is, with its day. Without a copy, words whose record holds a comparison keep that record even when they
/// changed, because only somebody with the copy can say that the new words are the source's; other words are held fast with
/// the class `no-text`. Records of quotations that are gone are gone.
pub fn updated(lock: &Lock, comparisons: &[Comparison], signature: &Signature) -> Lock {
    let mut updated = Lock::default();
    for it in comparisons {
        if let Some(record) = record(it, lock.get(&it.subject.key, &it.subject.digest), signature) {
            updated.insert(it.subject.key.clone(), record);
        }
    }
    updated
}

fn record(it: &Comparison, old: Option<&Record>, signature: &Signature) -> Option<Record> {
    let fresh = |class: Class, notes, snapshot, text, at| Record {
        digest: it.subject.digest,
        printed: it.subject.printed,
        speaker: it.subject.speaker.clone(),
        class: class.name().to_owned(),
        rules: quote::RULES.to_owned(),
        notes,
        snapshot,
        text,
        at,
        on: signature.on.clone(),
        by: signature.by.clone(),
    };
    let new = match &it.state {
        State::Compared { found, text, saved, .. } => fresh(
            found.class,
            found.notes.iter().map(ToString::to_string).collect(),
            *saved,
            Some(*text),
            found.spans.iter().map(|span| (span.start, span.end)).collect(),
        ),
        State::NoCopy { .. } => match old {
            Some(old) if old.class != Class::NoText.name() => return Some(old.clone()),
            _ => fresh(Class::NoText, Vec::new(), None, None, Vec::new()),
        },
    };
    match old {
        Some(old) if same_but_for_signature(old, &new) => Some(old.clone()),
        _ => Some(new),
    }
}

fn same_but_for_signature(old: &Record, new: &Record) -> bool {
    let unsigned = |it: &Record| Record { on: String::new(), by: String::new(), ..it.clone() };
    unsigned(old) == unsigned(new)
}

/// Records of quotations that are not there any more.
pub fn leftover<'l>(lock: &'l Lock, comparisons: &[Comparison]) -> Vec<&'l RecordKey> {
    let known: BTreeSet<&RecordKey> = comparisons.iter().map(|it| &it.subject.key).collect();
    lock.records().map(|(key, _)| key).filter(|key| !known.contains(key)).collect()
}
