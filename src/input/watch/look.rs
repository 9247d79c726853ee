//! Looking where something was announced, or everywhere, and judging what is there.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::sync::Arc;

use super::pending::{Batch, Touch};
use super::{TAIL, Watcher};
use crate::input::scan::{Seen, Snapshot, is_below};
use crate::input::{Entry, Files, Stamp, Verdict};

/// What a look found.
#[derive(Default)]
pub(super) struct Found {
    /// Every path that differs, with what is there now.
    pub(super) now: BTreeMap<Arc<str>, Option<Seen>>,
    /// Paths that are told of though nothing differs.
    pub(super) believed: BTreeSet<Arc<str>>,
    /// What differs and is not worth telling.
    pub(super) quietly: Vec<(Arc<str>, Seen)>,
    pub(super) everything: bool,
}

impl Found {
    /// What is there now at each path that differs.
    pub(super) fn stamps(&self) -> impl Iterator<Item = (&Arc<str>, Option<Stamp>)> {
        self.now.iter().map(|(path, seen)| (path, seen.map(|it| it.stamp)))
    }
}

impl Watcher {
    /// What differs where something was announced.
    pub(super) fn look(&mut self, batch: &Batch) -> Found {
        let mut found = Found::default();
        if batch.lost || batch.shaken || !batch.odd.is_empty() {
            found = self.look_at_all();
            if !batch.lost && self.native.is_some() {
                // A stamp that proves nothing is none the worse for it where nothing was announced.
                let is_hinted = |path: &str| batch.paths.keys().any(|it| it == path || is_below(path, it));
                let snapshot = &self.snapshot;
                found.now.retain(|path, now| is_hinted(path) || !has_stamp(snapshot, path, now.as_ref()));
            }
            found.believed.extend(batch.odd.iter().map(|it| Arc::from(it.as_str())));
            return found;
        }
        let at = self.files.now();
        for (path, touch) in &batch.paths {
            let path: Arc<str> = path.as_str().into();
            let full = self.root.join(&*path);
            let mut below: BTreeMap<Arc<str>, Stamp> = BTreeMap::new();
            let is_single = !self.watched.dirs.iter().any(|dir| is_below(&path, dir));
            let now = match fs::symlink_metadata(&full) {
                // A link or directory in the place of a single file is no file, see `Files::stamp`.
                Ok(metadata) if is_single && !metadata.is_file() => None,
                Ok(metadata) if metadata.is_dir() => {
                    let Ok(listed) = self.files.list(&path) else {
                        found.everything = true;
                        continue;
                    };
                    let counts = listed.into_iter().filter(|it| !matches!(it.state, Entry::Twin(_)));
                    below.extend(counts.map(|it| (it.path, it.stamp)));
                    None
                }
                Ok(metadata) => Some(Stamp::of(&metadata)),
                Err(_) => None,
            };
            if let (Some(stamp), Touch::Attributes) = (now, touch)
                && self.is_tail(&path, &stamp)
            {
                found.quietly.push((path, Seen { stamp, at }));
                continue;
            }
            let now = now.map(|stamp| (Arc::clone(&path), stamp));
            let now: BTreeMap<Arc<str>, Stamp> = below.into_iter().chain(now).collect();
            let before = self.snapshot.below(&path).map(|(path, _)| path).chain([&path]);
            for path in before.filter(|it| self.snapshot.get(it).is_some() && !now.contains_key(*it)) {
                found.now.insert(Arc::clone(path), None);
            }
            for (path, stamp) in now {
                let is_same = self.snapshot.get(&path).is_some_and(|it| it.verdict(&stamp) == Verdict::Same);
                if !is_same {
                    found.now.insert(path, Some(Seen { stamp, at }));
                }
            }
        }
        found
    }

    /// What differs anywhere.
    pub(super) fn look_at_all(&mut self) -> Found {
        let mut found = Found::default();
        match self.take() {
            Ok(later) => {
                found.everything = std::mem::take(&mut self.is_blind);
                let mut changes = self.snapshot.changes(&later);
                // Where nobody knows the time nothing is ever certain, and telling so each time would help nobody.
                changes.unsure.retain(|path| self.snapshot.get(path).is_some_and(|it| it.at != i64::MIN));
                found.now =
                    changes.paths().map(|path| (Arc::clone(path), later.get(path).copied())).collect();
            }
            // Told once; what is wrong is said by whoever reads the project.
            Err(_) => found.everything = !std::mem::replace(&mut self.is_blind, true),
        }
        found
    }

    /// Whether nobody seems to be in the middle of writing. An editor empties a file and then fills it, or moves it
    /// away and then puts another there. Who looks in between sees half a save. A new file that nobody has closed yet
    /// may be about to be moved to where it belongs.
    pub(super) fn is_finished(&self, found: &Found, batch: &Batch) -> bool {
        found.now.iter().all(|(path, now)| {
            let before = self.snapshot.get(path).map(|it| it.stamp.size);
            if before.is_none() && batch.made.contains(&**path) && !batch.closed.contains(&**path) {
                return false;
            }
            match now.map(|it| it.stamp.size) {
                None => false,
                Some(0) => before == Some(0),
                Some(_) => true,
            }
        })
    }

    /// Whether a change of mode, owner or times is the end of a save that we told of already.
    fn is_tail(&self, path: &Arc<str>, now: &Stamp) -> bool {
        let (at, told) = &self.told;
        let is_same = self.snapshot.get(path).is_some_and(|it| {
            (it.stamp.size, it.stamp.modified, it.stamp.inode) == (now.size, now.modified, now.inode)
        });
        is_same && at.elapsed() < TAIL && told.get(path) == Some(&true) && self.is_readable(path)
    }

    pub(super) fn is_readable(&self, path: &str) -> bool {
        rustix::fs::access(self.root.join(path), rustix::fs::Access::READ_OK).is_ok()
    }
}

/// Whether a path has the very stamp that we know of it.
pub(super) fn has_stamp(snapshot: &Snapshot, path: &str, now: Option<&Seen>) -> bool {
    snapshot.get(path).map(|it| it.stamp) == now.map(|it| it.stamp)
}
