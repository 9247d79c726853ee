//! What was asked of the project's files, so that the next build can tell whether anything would be answered differently.
//!
//! The list of what a build depends on is a by-product of building: whoever reads or lists, reads and lists through here.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use serde::{Deserialize, Serialize};

use super::keys::Value;
use super::parallel::map_in_order;
use crate::diag::Failure;
use crate::input::{Entry, Files, Input, Listed, Stamp};
use crate::text::Fingerprint;

/// Everything that was asked, and what the answer was like.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub(super) struct Seen {
    /// The files' own time when the first question was asked.
    at: i64,
    /// Directories that were listed, with the names and kinds of what was found.
    lists: BTreeMap<Box<str>, Value>,
    /// Files that were read, or that were not there.
    files: BTreeMap<Box<str>, Option<Look>>,
}

/// What one file was like.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Look {
    stamp: Option<Stamp>,
    fingerprint: Fingerprint,
}

impl Seen {
    /// Whether all that was asked would be answered in the same way now.
    ///
    /// # Errors
    /// When a directory or a file cannot be looked at.
    pub(super) fn is_same(&self, files: &dyn Files) -> Result<bool, Failure> {
        if self.files.is_empty() {
            return Ok(false);
        }
        let dirs: Vec<(&Box<str>, &Value)> = self.lists.iter().collect();
        let mut stamps: BTreeMap<Arc<str>, Stamp> = BTreeMap::new();
        for (listed, (_, value)) in map_in_order(&dirs, |(dir, _)| files.list(dir)).into_iter().zip(&dirs) {
            let listed = listed?;
            if value_of(&listed) != **value {
                return Ok(false);
            }
            let plain = listed.into_iter().filter(|it| it.state == Entry::File);
            stamps.extend(plain.map(|it| (it.path, it.stamp)));
        }
        let looked: Vec<(&Box<str>, &Option<Look>)> = self.files.iter().collect();
        let same = map_in_order(&looked, |(path, look)| {
            let now = match stamps.get(&***path) {
                Some(stamp) => Some(*stamp),
                None => files.stamp(path)?,
            };
            self.is_same_file(files, path, **look, now)
        });
        same.into_iter().try_fold(true, |all, it| it.map(|it| all && it))
    }

    /// Whether a file has the bytes it had. Its stamp says so, unless it was so young then that a later write may have left
    /// the stamp as it was (git's rule for "racy" files): then the bytes are looked at.
    fn is_same_file(
        &self,
        files: &dyn Files,
        path: &str,
        look: Option<Look>,
        now: Option<Stamp>,
    ) -> Result<bool, Failure> {
        match (look, now) {
            (None, None) => Ok(true),
            (None, Some(_)) | (Some(_), None) => Ok(false),
            (Some(look), Some(now)) => {
                if look.stamp == Some(now) && now.is_settled(self.at) {
                    return Ok(true);
                }
                Ok(files.read(path)?.is_some_and(|input| input.fingerprint == look.fingerprint))
            }
        }
    }

    /// The digest a file had, if its stamp shows that it still has it.
    pub(super) fn known(&self, path: &str, now: Stamp) -> Option<Fingerprint> {
        let look = (*self.files.get(path)?)?;
        (look.stamp == Some(now) && now.is_settled(self.at)).then_some(look.fingerprint)
    }
}

/// The names and kinds of what a listing found. Stamps are compared file by file, for those that were read.
fn value_of(listed: &[Listed]) -> Value {
    let shown: Vec<_> = listed.iter().map(|it| (&it.path, format!("{:?}", it.state))).collect();
    Value::of(&shown)
}

/// The project's files, with a note of all that is asked of them.
pub(super) struct Recorder<'f> {
    files: &'f dyn Files,
    seen: Mutex<Seen>,
}

impl<'f> Recorder<'f> {
    /// Starts with nothing asked.
    pub(super) fn new(files: &'f dyn Files) -> Recorder<'f> {
        Recorder { files, seen: Mutex::new(Seen { at: files.now(), ..Seen::default() }) }
    }

    /// All that was asked.
    pub(super) fn seen(self) -> Seen {
        self.seen.into_inner().unwrap_or_else(PoisonError::into_inner)
    }

    /// Notes a file of which the stamp shows that it is what it was when `before` was noted.
    pub(super) fn note_again(&self, path: &str, before: &Seen) {
        if let Some(look) = before.files.get(path).copied() {
            self.note(|seen| {
            seen.files.insert(path.into(), look);
        });
        }
    }

    fn note(&self, note: impl FnOnce(&mut Seen)) {
        note(&mut self.seen.lock().unwrap_or_else(PoisonError::into_inner));
    }
}

impl Files for Recorder<'_> {
    fn list(&self, dir: &str) -> Result<Vec<Listed>, Failure> {
        let listed = self.files.list(dir)?;
        let value = value_of(&listed);
        self.note(|seen| {
            seen.lists.insert(dir.into(), value);
        });
        Ok(listed)
    }

    fn read(&self, path: &str) -> Result<Option<Input>, Failure> {
        let input = self.files.read(path)?;
        let look = input.as_ref().map(|it| Look { stamp: it.stamp, fingerprint: it.fingerprint });
        self.note(|seen| {
            seen.files.insert(path.into(), look);
        });
        Ok(input)
    }

    fn stamp(&self, path: &str) -> Result<Option<Stamp>, Failure> {
        self.files.stamp(path)
    }

    fn now(&self) -> i64 {
        self.files.now()
    }
}
