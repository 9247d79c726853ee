//! The journal: which files one release has already sent, so that running again goes on where it ended.
//!
//! A local file, one JSON line for each file sent, below `.rejoinder/publish/`. It belongs to one release on top of one
//! other; for any other it counts as empty. It holds names and digests, and never what a host was told to let us in.

#![allow(clippy::disallowed_methods, reason = "the journal is a file of this machine")]

use std::collections::BTreeMap;
use std::fs::{self, OpenOptions};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::Mutex;

use serde::{Deserialize, Serialize};

use super::release::{File, Headers, hex};
use crate::diag::Failure;
use crate::text::{Fingerprint, OutPath};

/// What was sent so far.
#[derive(Debug, Default)]
pub struct Journal {
    path: Option<PathBuf>,
    sent: Mutex<BTreeMap<OutPath, Sent>>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Sent {
    path: OutPath,
    #[serde(with = "hex")]
    blake3: Fingerprint,
    headers: Headers,
    etag: Option<String>,
}

/// The first line: which release, on top of what.
#[derive(Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Head {
    rejoinder: u32,
    #[serde(with = "hex")]
    release: Fingerprint,
    number: u32,
}

impl Journal {
    /// A journal that remembers nothing beyond this run.
    pub fn in_memory() -> Journal {
        Journal::default()
    }

    /// Opens the journal at a path, for a release that will have this digest and number. What is there for another one is
    /// forgotten; so is what cannot be read, and all when this is not the going on of an own claim that still stands
    /// (`resumes`): somebody else may have sent other bytes since.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn open(path: &Path, release: Fingerprint, number: u32, resumes: bool) -> Result<Journal, Failure> {
        let head = Head { rejoinder: 1, release, number };
        let text = if resumes { fs::read_to_string(path).unwrap_or_default() } else { String::new() };
        let mut lines = text.lines();
        let is_ours = lines.next().and_then(|it| serde_json::from_str::<Head>(it).ok()) == Some(head);
        let mut sent = BTreeMap::new();
        if is_ours {
            // A last line that is torn belongs to a file that is sent once more.
            for it in lines.map_while(|line| serde_json::from_str::<Sent>(line).ok()) {
                sent.insert(it.path.clone(), it);
            }
        }
        let journal = Journal { path: Some(path.to_owned()), sent: Mutex::new(sent) };
        let head = Head { rejoinder: 1, release, number };
        let mut text = format!("{}\n", json(&head));
        for it in lock(&journal.sent).values() {
            text.push_str(&format!("{}\n", json(it)));
        }
        let made = path.parent().map_or(Ok(()), fs::create_dir_all).and_then(|()| fs::write(path, text));
        made.map_err(|error| Failure::machine(format!("cannot write `{}`", path.display()), &error))?;
        Ok(journal)
    }

    /// Whether these bytes were sent with these headers.
    pub(super) fn has_sent(&self, file: &File) -> bool {
        lock(&self.sent)
            .get(&file.path)
            .is_some_and(|it| it.blake3 == file.fingerprint && it.headers == file.headers)
    }

    /// What the store called the bytes; `None` when they were not sent.
    #[allow(
        clippy::option_option,
        reason = "one says whether it was sent, the other whether the store has names"
    )]
    pub(super) fn etag(&self, file: &File) -> Option<Option<String>> {
        if !self.has_sent(file) {
            return None;
        }
        lock(&self.sent).get(&file.path).map(|it| it.etag.clone())
    }

    /// How many files were sent.
    pub fn len(&self) -> usize {
        lock(&self.sent).len()
    }

    /// Whether nothing was sent.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Notes that a file was sent.
    pub(super) fn note(&self, file: &File, etag: Option<String>) -> Result<(), Failure> {
        let it =
            Sent { path: file.path.clone(), blake3: file.fingerprint, headers: file.headers.clone(), etag };
        let line = format!("{}\n", json(&it));
        let mut sent = lock(&self.sent);
        sent.insert(file.path.clone(), it);
        let Some(path) = &self.path else { return Ok(()) };
        let written =
            OpenOptions::new().append(true).open(path).and_then(|mut it| it.write_all(line.as_bytes()));
        written.map_err(|error| Failure::machine(format!("cannot write `{}`", path.display()), &error))
    }

    /// Removes the file: the release is live.
    pub fn close(self) {
        if let Some(path) = self.path {
            // One that stays is for a release that is not on its way any longer, and counts as empty.
            fs::remove_file(path).ok();
        }
    }
}

fn json(it: &impl Serialize) -> String {
    serde_json::to_string(it).expect("a line has text keys and whole numbers only")
}

fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
}
