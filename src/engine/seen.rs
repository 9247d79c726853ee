//! What was asked of the project's files, so that the next build can tell whether anything would be answered differently.
//!
//! The list of what a build depends on is a by-product of building: whoever reads or lists, reads and lists through here.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, PoisonError};

use serde::{Deserialize, Serialize};

use super::keys::Value;
use super::parallel::map_in_order;
use crate::diag::Failure;
use crate::input::{Entry, Files, Input, Listed, Stamp};
use crate::text::Fingerprint;

/// What a session is told of its files: hints, and no more.
#[derive(Clone, Copy, Debug)]
pub enum Look<'h> {
    /// Something may have changed anywhere.
    Everywhere,
    /// Something may have changed at these paths, relative to the project.
    At(&'h BTreeSet<String>),
}

/// Everything that was asked, and what the answer was like.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub(super) struct Seen {
    /// Directories that were listed, with the names and kinds of what was found.
    lists: BTreeMap<Box<str>, Value>,
    /// What each file looked like that a listing found.
    stamps: BTreeMap<Box<str>, Stamp>,
    /// Files that were read, or that were not there.
    files: BTreeMap<Box<str>, Option<Seeing>>,
}

/// What one file was like.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Seeing {
    stamp: Option<Stamp>,
    fingerprint: Fingerprint,
    /// The files' own time, at the latest, when it was looked at.
    at: i64,
}

/// What has changed among the files that were asked about.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct FileChanges {
    /// Files with other bytes, or that came or went, sorted.
    pub(super) files: Vec<String>,
    /// Whether a directory lists something else.
    pub(super) lists: bool,
}

impl FileChanges {
    /// Whether nothing has changed.
    pub(super) fn is_empty(&self) -> bool {
        self.files.is_empty() && !self.lists
    }
}

impl Seen {
    /// Whether all that was asked would be answered in the same way now.
    ///
    /// # Errors
    /// When a directory or a file cannot be looked at.
    pub(super) fn is_same(&self, files: &dyn Files) -> Result<bool, Failure> {
        Ok(self.rewritten(files)?.is_some_and(|it| it.is_empty()))
    }

    /// The files that have other bytes than they had, sorted, if that is all that would be answered otherwise now: `None` when
    /// nothing was asked, when a directory lists something else, and when a file came or went.
    ///
    /// # Errors
    /// When a directory or a file cannot be looked at.
    pub(super) fn rewritten(&self, files: &dyn Files) -> Result<Option<Vec<&str>>, Failure> {
        if self.files.is_empty() {
            return Ok(None);
        }
        let dirs: Vec<(&Box<str>, &Value)> = self.lists.iter().collect();
        let mut stamps: BTreeMap<Arc<str>, Stamp> = BTreeMap::new();
        for (listed, (_, value)) in map_in_order(&dirs, |(dir, _)| files.list(dir)).into_iter().zip(&dirs) {
            let listed = listed?;
            if value_of(&listed) != **value {
                return Ok(None);
            }
            let plain = listed.into_iter().filter(|it| it.state == Entry::File);
            stamps.extend(plain.map(|it| (it.path, it.stamp)));
        }
        let looked: Vec<(&Box<str>, &Option<Seeing>)> = self.files.iter().collect();
        let same = map_in_order(&looked, |(path, look)| {
            let now = match stamps.get(&***path) {
                Some(stamp) => Some(*stamp),
                None => files.stamp(path)?,
            };
            let same = self.is_same_file(files, path, **look, now)?;
            Ok((same, look.is_some() == now.is_some()))
        });
        let mut rewritten = Vec::new();
        for ((path, _), same) in looked.iter().zip(same) {
            match same? {
                (true, _) => (),
                (false, true) => rewritten.push(&***path),
                (false, false) => return Ok(None),
            }
        }
        Ok(Some(rewritten))
    }

    /// Notes how a file that is known looks now.
    pub(super) fn see(&mut self, path: &str, seeing: Seeing) {
        self.files.insert(path.into(), Some(seeing));
        if let (Some(known), Some(stamp)) = (self.stamps.get_mut(path), seeing.stamp) {
            *known = stamp;
        }
    }

    /// How a file looked, if it was read and was there.
    pub(super) fn seeing(&self, path: &str) -> Option<Seeing> {
        *self.files.get(path)?
    }

    /// Whether all that was read here had the bytes it had in another list, but for these files.
    pub(super) fn agrees_but_for(&self, before: &Seen, changed: &[&str]) -> bool {
        let digest = |it: Option<&Option<Seeing>>| it.map(|it| it.map(|it| it.fingerprint));
        let mut others = self.files.iter().filter(|(path, _)| !changed.contains(&&***path));
        others.all(|(path, look)| digest(Some(look)) == digest(before.files.get(path)))
    }

    /// Every file that a listing found, with its stamp.
    pub(super) fn stamps(&self) -> impl Iterator<Item = (&str, Stamp)> {
        self.stamps.iter().map(|(path, stamp)| (&**path, *stamp))
    }

    /// Whether a file has the bytes it had. Its stamp says so, unless it was so young then that a later write may have left
    /// the stamp as it was (git's rule for "racy" files): then the bytes are looked at.
    fn is_same_file(
        &self,
        files: &dyn Files,
        path: &str,
        look: Option<Seeing>,
        now: Option<Stamp>,
    ) -> Result<bool, Failure> {
        match (look, now) {
            (None, None) => Ok(true),
            (None, Some(_)) | (Some(_), None) => Ok(false),
            (Some(look), Some(now)) => {
                if look.stamp == Some(now) && now.is_settled(look.at) {
                    return Ok(true);
                }
                Ok(files.read(path)?.is_some_and(|input| input.fingerprint == look.fingerprint))
            }
        }
    }

    /// What has changed since all was asked, where a hint says to look.
    ///
    /// # Errors
    /// When a directory or a file cannot be looked at.
    pub(super) fn changes(&self, files: &dyn Files, look: Look<'_>) -> Result<FileChanges, Failure> {
        let mut changes = FileChanges::default();
        let dirs: Vec<&Box<str>> = match look {
            Look::Everywhere => self.lists.keys().collect(),
            // What is known as a file has not come or gone with its directory.
            Look::At(paths) => {
                let new = |path: &&String| {
                    self.stamps.get(path.as_str()).is_none_or(|_| !matches!(files.stamp(path), Ok(Some(_))))
                };
                let news: Vec<&String> = paths.iter().filter(new).collect();
                self.lists.keys().filter(|dir| news.iter().any(|path| touches(path, dir))).collect()
            }
        };
        for dir in dirs {
            changes.lists |= self.lists.get(dir).copied() != Some(value_of(&files.list(dir)?));
        }
        // Where all that is named was read, that is all there is to look at.
        let exact = match look {
            Look::Everywhere => None,
            Look::At(paths) => {
                paths.iter().map(|it| self.files.get_key_value(it.as_str())).collect::<Option<Vec<_>>>()
            }
        };
        let is_meant = |path: &str| match look {
            Look::Everywhere => true,
            Look::At(paths) => paths.iter().any(|it| touches(path, it)),
        };
        let is_exact = exact.is_some();
        let looked: Vec<(&Box<str>, &Option<Seeing>)> =
            exact.unwrap_or_else(|| self.files.iter().filter(|(path, _)| is_meant(path)).collect());
        let same = map_in_order(&looked, |(path, look)| {
            let now = files.stamp(path)?;
            self.is_same_file(files, path, **look, now)
        });
        for ((path, _), same) in looked.iter().zip(same) {
            if !same? {
                changes.files.push(path.to_string());
            }
        }
        let unread = self
            .stamps
            .iter()
            .filter(|(path, _)| !is_exact && !self.files.contains_key(&**path) && is_meant(path));
        for (path, stamp) in unread {
            let now = files.stamp(path)?;
            if now != Some(*stamp) {
                changes.files.push(path.to_string());
                changes.lists |= now.is_none();
            }
        }
        changes.files.sort();
        Ok(changes)
    }

    /// The digest a file had, if its stamp shows that it still has it.
    pub(super) fn known(&self, path: &str, now: Stamp) -> Option<Fingerprint> {
        let look = (*self.files.get(path)?)?;
        (look.stamp == Some(now) && now.is_settled(look.at)).then_some(look.fingerprint)
    }
}

/// Whether one path is the other, lies in it, or holds it.
fn touches(one: &str, other: &str) -> bool {
    let lies_in = |inner: &str, outer: &str| {
        outer.is_empty()
            || inner.strip_prefix(outer).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    };
    lies_in(one, other) || lies_in(other, one)
}

/// The names and kinds of what a listing found. Stamps are compared file by file, for those that were read.
fn value_of(listed: &[Listed]) -> Value {
    let shown: Vec<_> = listed.iter().map(|it| (&it.path, format!("{:?}", it.state))).collect();
    Value::of(&shown)
}

/// The project's files, with a note of all that is asked of them.
pub(super) struct Recorder<'f> {
    files: &'f dyn Files,
    /// The files' own time before anything was asked.
    at: i64,
    notes: Mutex<Notes>,
}

/// What a recorder writes down. Of several answers to one question the first counts: if a file changes while a build is under
/// way, what was made of it before and after may differ, and the next build is to see that it is not what it was.
struct Notes {
    seen: Seen,
    /// Directories that this recorder listed, and files that it read.
    listed: BTreeSet<Box<str>>,
    read: BTreeSet<Box<str>>,
}

impl<'f> Recorder<'f> {
    /// Starts with nothing asked.
    pub(super) fn new(files: &'f dyn Files) -> Recorder<'f> {
        Recorder::resume(files, Seen::default())
    }

    /// Goes on from what was asked before.
    pub(super) fn resume(files: &'f dyn Files, seen: Seen) -> Recorder<'f> {
        let notes = Notes { seen, listed: BTreeSet::new(), read: BTreeSet::new() };
        Recorder { files, at: files.now(), notes: Mutex::new(notes) }
    }

    /// All that was asked until now.
    pub(super) fn seen_so_far(&self) -> Seen {
        self.notes.lock().unwrap_or_else(PoisonError::into_inner).seen.clone()
    }

    /// All that was asked.
    pub(super) fn seen(self) -> Seen {
        self.notes.into_inner().unwrap_or_else(PoisonError::into_inner).seen
    }

    /// Notes a file of which the stamp shows that it is what it was when `before` was noted.
    pub(super) fn note_again(&self, path: &str, before: &Seen) {
        if let Some(look) = before.files.get(path).copied() {
            self.note(path, look);
        }
    }

    /// Looks again at a file that was listed: what it looks like now, and, if it was read, what it holds. `None` when it is gone.
    ///
    /// # Errors
    /// When it cannot be looked at.
    pub(super) fn look_again(&self, path: &str) -> Result<Option<Stamp>, Failure> {
        let Some(stamp) = self.files.stamp(path)? else { return Ok(None) };
        let was_read = {
            let notes = &mut *self.notes.lock().unwrap_or_else(PoisonError::into_inner);
            notes.seen.stamps.insert(path.into(), stamp);
            notes.seen.files.contains_key(path)
        };
        if was_read && self.read(path)?.is_none() {
            return Ok(None);
        }
        Ok(Some(stamp))
    }

    fn note(&self, path: &str, look: Option<Seeing>) {
        let notes = &mut *self.notes.lock().unwrap_or_else(PoisonError::into_inner);
        if notes.read.insert(path.into()) {
            notes.seen.files.insert(path.into(), look);
        }
    }
}

impl Files for Recorder<'_> {
    fn list(&self, dir: &str) -> Result<Vec<Listed>, Failure> {
        let listed = self.files.list(dir)?;
        let value = value_of(&listed);
        let notes = &mut *self.notes.lock().unwrap_or_else(PoisonError::into_inner);
        if notes.listed.insert(dir.into()) {
            notes.seen.lists.insert(dir.into(), value);
            let plain = listed.iter().filter(|it| it.state == Entry::File);
            notes.seen.stamps.extend(plain.map(|it| (Box::from(&*it.path), it.stamp)));
        }
        Ok(listed)
    }

    fn read(&self, path: &str) -> Result<Option<Input>, Failure> {
        let input = self.files.read(path)?;
        let look =
            input.as_ref().map(|it| Seeing { stamp: it.stamp, fingerprint: it.fingerprint, at: self.at });
        self.note(path, look);
        Ok(input)
    }

    fn stamp(&self, path: &str) -> Result<Option<Stamp>, Failure> {
        self.files.stamp(path)
    }

    fn now(&self) -> i64 {
        self.files.now()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::input::MemoryFiles;

    /// Files that somebody writes while they are read.
    struct Busy(Mutex<MemoryFiles>);

    impl Files for Busy {
        fn list(&self, dir: &str) -> Result<Vec<Listed>, Failure> {
            self.0.lock().unwrap().list(dir)
        }

        fn read(&self, path: &str) -> Result<Option<Input>, Failure> {
            self.0.lock().unwrap().read(path)
        }

        fn stamp(&self, path: &str) -> Result<Option<Stamp>, Failure> {
            self.0.lock().unwrap().stamp(path)
        }

        fn now(&self) -> i64 {
            self.0.lock().unwrap().now()
        }
    }

    #[test]
    fn a_file_that_changes_while_it_is_read_is_not_what_it_was() {
        let files =
            Busy(Mutex::new(MemoryFiles::from_pairs([("content/a.md", "old"), ("content/b.md", "b")])));
        let recorder = Recorder::new(&files);
        recorder.list("content").unwrap();
        recorder.read("content/a.md").unwrap();
        files.0.lock().unwrap().insert("content/a.md", "new");
        recorder.read("content/a.md").unwrap();
        let seen = recorder.seen();
        assert!(!seen.is_same(&files).unwrap());
        // Whoever goes on from there and reads it once more knows it as it is.
        let recorder = Recorder::resume(&files, seen);
        recorder.read("content/a.md").unwrap();
        let seen = recorder.seen();
        assert!(seen.is_same(&files).unwrap());
        files.0.lock().unwrap().insert("content/c.md", "c");
        assert!(!seen.is_same(&files).unwrap());
        let paths = BTreeSet::from(["content/c.md".to_owned()]);
        let changes = seen.changes(&files, Look::At(&paths)).unwrap();
        assert_eq!(changes, FileChanges { files: vec![], lists: true });
    }
}
