//! Finished output as data: what stands at each address, and the difference between two outputs.
//!
//! In: what formats rendered. Out: an [`Edition`] and, between two of them, a [`Delta`]. Bytes are not kept here: they
//! are handed on as soon as they exist. Knows nothing of how they were made or where they go.

pub mod headers;
mod texts;

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

pub use texts::Texts;

use crate::diag::Failure;
use crate::text::{Fingerprint, OutPath};

/// One finished file on its way out.
#[derive(Clone, Debug)]
pub struct Rendered {
    /// Where it goes.
    pub path: OutPath,
    /// Its bytes.
    pub bytes: Vec<u8>,
    /// What it says of itself that checks need.
    pub facts: PageFacts,
}

/// What checks need to know of a page without its bytes.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct PageFacts {
    /// Ids that can be linked to.
    pub anchors: Texts,
    /// Internal links: site-absolute, decoded, with their fragment.
    pub links: Texts,
}

/// One file of an edition.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entry {
    /// The digest of its bytes.
    pub fingerprint: Fingerprint,
    /// How many bytes.
    pub size: u64,
    /// Anchors and links, for pages.
    pub facts: PageFacts,
}

/// One complete output: every address with the digest of what stands there.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Edition {
    files: BTreeMap<OutPath, Entry>,
}

impl Edition {
    /// Adds a file. The plan has made sure that no address is given twice.
    pub fn insert(&mut self, path: OutPath, entry: Entry) {
        self.files.insert(path, entry);
    }

    /// What stands at a file's path.
    pub fn get(&self, path: &OutPath) -> Option<&Entry> {
        self.files.get(path)
    }

    /// Every file, by path.
    pub fn files(&self) -> impl Iterator<Item = (&OutPath, &Entry)> {
        self.files.iter()
    }

    /// How many files.
    pub fn len(&self) -> usize {
        self.files.len()
    }

    /// Whether there is nothing.
    pub fn is_empty(&self) -> bool {
        self.files.is_empty()
    }

    /// What has to happen to turn `old` into this.
    pub fn since(&self, old: &Edition) -> Delta {
        let differs = |path: &OutPath, entry: &Entry| {
            old.files.get(path).map(|it| it.fingerprint) != Some(entry.fingerprint)
        };
        Delta {
            written: self
                .files
                .iter()
                .filter(|(path, entry)| differs(path, entry))
                .map(|(path, _)| path.clone())
                .collect(),
            removed: old.files.keys().filter(|path| !self.files.contains_key(path)).cloned().collect(),
        }
    }
}

/// The difference between two editions.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Delta {
    /// Files that are new or changed, by path.
    pub written: Vec<OutPath>,
    /// Files that are gone, by path.
    pub removed: Vec<OutPath>,
}

/// Takes finished files as they come, from several threads.
pub trait Sink: Sync {
    /// Takes one file. Each path comes once. `fingerprint` is that of `bytes`, which the caller needs as well.
    ///
    /// # Errors
    /// When it cannot be stored.
    fn put(&self, path: &OutPath, bytes: &[u8], fingerprint: &Fingerprint) -> Result<(), Failure>;

    /// Keeps the file that the target has at a path, if it holds exactly the bytes with this fingerprint and size.
    /// `true` when it does, and it then counts as taken; `false` when the caller has to [`put`](Sink::put) it. What was kept may
    /// be kept again, and may be put after all.
    ///
    /// # Errors
    /// When the target cannot be looked at.
    fn keep(&self, path: &OutPath, fingerprint: &Fingerprint, size: u64) -> Result<bool, Failure>;

    /// Whether anybody wants the bytes. Where nobody does, what is dear to make and no check reads need not be made.
    fn wants_bytes(&self) -> bool {
        true
    }
}

/// A sink that keeps nothing: for checking.
pub struct Discard;

impl Sink for Discard {
    fn put(&self, _: &OutPath, _: &[u8], _: &Fingerprint) -> Result<(), Failure> {
        Ok(())
    }

    fn keep(&self, _: &OutPath, _: &Fingerprint, _: u64) -> Result<bool, Failure> {
        Ok(true)
    }

    fn wants_bytes(&self) -> bool {
        false
    }
}
