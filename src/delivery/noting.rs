//! Noting, after a delivery, how everything looks, so that the next one need not read it.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use super::dir::{Entry, How, Stage};
use super::hints::{Hints, Look, TICK_NANOS};
use super::tree::{Stat, failed};
use crate::diag::Failure;
use crate::engine::map_in_order;

/// From how many files on, that have just been given another time of change, it pays to wait until it can be trusted.
const MANY: usize = 500;

/// How the directories of the new site looked before anybody could see it: what changes them later is somebody else.
pub(super) type DirLooks = Vec<(PathBuf, Look)>;

impl Stage {
    /// Notes an output that was not touched, unless all of it is noted already.
    pub(super) fn note_unchanged(&self, entries: &BTreeMap<String, Entry>) {
        let looks = self.looks_of(entries);
        if looks != self.old.looks || !self.old.names.is_remembered {
            self.write_hints(looks, self.old.names.dirs.clone(), &self.old.manifest_bytes);
        }
    }

    /// Notes an output that was replaced: all of it, or the directory `part`. Files that this touched are looked at.
    pub(super) fn note_replaced(
        &self,
        entries: &BTreeMap<String, Entry>,
        part: Option<&Path>,
        dirs: DirLooks,
        manifest_bytes: &[u8],
    ) {
        let mut looks = self.looks_of(entries);
        let is_touched = |path: &str, how: &How| {
            part.is_none_or(|part| Path::new(path).starts_with(part)) || !matches!(how, How::Unchanged(_))
        };
        let touched: Vec<(usize, (&String, &Entry))> =
            entries.iter().enumerate().filter(|(_, (path, entry))| is_touched(path, &entry.how)).collect();
        let n_shared = touched.iter().filter(|(_, (_, it))| matches!(it.how, How::Unchanged(_))).count();
        if n_shared > MANY {
            std::thread::sleep(Duration::from_nanos(TICK_NANOS.unsigned_abs() + 5_000_000));
        }
        let Ok(now) = self.now() else { return };
        let found = map_in_order(&touched, |(_, (path, entry))| {
            let stat = Stat::of(&fs::symlink_metadata(self.output.join(path)).ok()?);
            let is_as_it_was = match &entry.how {
                // Only the links to it have changed.
                How::Unchanged(was) => Stat { changed: was.changed, ..stat } == *was,
                How::Written | How::Pending => stat.size == entry.size(),
            };
            is_as_it_was.then(|| Look::at(&stat, now))
        });
        for ((idx, _), look) in touched.iter().zip(found) {
            looks[*idx] = look.unwrap_or_default();
        }
        self.write_hints(looks, dirs, manifest_bytes);
    }

    fn write_hints(&self, files: Vec<Look>, dirs: Vec<(PathBuf, Look)>, manifest_bytes: &[u8]) {
        let names = &self.old.names;
        let (unknown, empty_dirs) = (names.unknown.clone(), names.empty_dirs.clone());
        Hints { files, dirs, unknown, empty_dirs }.write(&self.state, manifest_bytes);
    }

    /// What may be noted of every file as we saw it while the site was made.
    fn looks_of(&self, entries: &BTreeMap<String, Entry>) -> Vec<Look> {
        // Both are sorted, so one walk along both will do.
        let mut old = self.old.manifest.paths().enumerate().peekable();
        let look = |(path, entry): (&String, &Entry)| match &entry.how {
            How::Unchanged(stat) => {
                while old.next_if(|(_, it)| *it < path.as_str()).is_some() {}
                match old.peek().filter(|(_, it)| it == path) {
                    Some((idx, _)) if self.old.vouches(*idx, stat) => self.old.looks[*idx],
                    _ => Look::at(stat, self.opened_at),
                }
            }
            How::Written | How::Pending => Look::default(),
        };
        entries.iter().map(look).collect()
    }

    /// How the directories in the stage look, before anybody else can see them.
    ///
    /// # Errors
    /// When the disk refuses.
    pub(super) fn looks_of_dirs(&self) -> Result<DirLooks, Failure> {
        let mut dirs = self.made_dirs();
        dirs.sort();
        let now = self.now().map_err(|e| failed("look at", &self.dir, &e))?;
        let looks = map_in_order(&dirs, |dir| {
            // The stage itself gets another name, and with it another time of change.
            let meta = (!dir.as_os_str().is_empty()).then(|| fs::symlink_metadata(self.dir.join(dir)));
            meta.and_then(Result::ok).map_or(Look::default(), |meta| Look::at(&Stat::of(&meta), now))
        });
        Ok(dirs.into_iter().zip(looks).collect())
    }

    /// The same when one directory is replaced: the others are as they were, but for the names of that directory and
    /// of our list, which changes the directories that hold them.
    ///
    /// # Errors
    /// When the disk refuses.
    pub(super) fn looks_of_dirs_with(&self, part: &Path) -> Result<DirLooks, Failure> {
        let is_touched = |dir: &Path| dir == part || Some(dir) == part.parent() || dir.as_os_str().is_empty();
        let others = self.old.names.dirs.iter().filter(|(dir, _)| !dir.starts_with(part)).cloned();
        let own = self.looks_of_dirs()?.into_iter().filter(|(dir, _)| dir.starts_with(part));
        let mut dirs: Vec<(PathBuf, Look)> = others.chain(own).collect();
        dirs.sort();
        for (dir, look) in &mut dirs {
            if is_touched(dir) {
                *look = Look::default();
            }
        }
        Ok(dirs)
    }
}
