//! The output as it lies there before a delivery: what of it is ours, and what we leave alone.

use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};

use super::hints::{Hints, Look};
use super::manifest::{self, Manifest};
use super::refuse;
use super::tree::{Stat, failed, identity, look, show};
use crate::diag::{Exit, Failure};
use crate::engine::map_in_order;
use crate::text::QuickSet;

/// The output as it was when the stage was opened.
#[derive(Debug, Default)]
pub(super) struct Old {
    /// Device and inode of the directory; `None` when there is none.
    pub(super) identity: Option<(u64, u64)>,
    pub(super) mode: Option<u32>,
    pub(super) manifest: Manifest,
    pub(super) manifest_bytes: Vec<u8>,
    /// For each file of the manifest, how it looked when we last knew that it was as delivered.
    pub(super) looks: Vec<Look>,
    /// What lies in it.
    pub(super) names: Names,
}

/// What lies in an output, by name.
#[derive(Debug, Default)]
pub(super) struct Names {
    /// For each file of the manifest, whether it lies there, reached through no link.
    pub(super) ours: Vec<bool>,
    /// Every directory, reached through no link, with what may be noted of its looks; sorted.
    pub(super) dirs: Vec<(PathBuf, Look)>,
    /// Everything else that is not a directory, sorted.
    pub(super) unknown: Vec<PathBuf>,
    /// Empty directories in which we never wrote.
    pub(super) empty_dirs: Vec<PathBuf>,
    /// Whether nothing had to be listed.
    pub(super) is_remembered: bool,
}

impl Old {
    /// Looks at an output at a time: the moment before which a look is old enough to be noted.
    pub(super) fn read(output: &Path, state: &Path, now: i64) -> Result<Old, Failure> {
        let Some(meta) = look(output)? else { return Ok(Old::default()) };
        if !meta.is_dir() {
            let message = format!("`{}` is not a directory any more", show(output));
            return Err(Failure::new(Exit::Refused, message).help("choose another output"));
        }
        let (manifest, manifest_bytes) = refuse::check_holdings(output, output)?.unwrap_or_default();
        let mut hints = Hints::read(state, &manifest_bytes, manifest.len());
        let mut looks = std::mem::take(&mut hints.files);
        looks.resize(manifest.len(), Look::default());
        let names = Names::read(output, &manifest, hints, now)?;
        let (identity, mode) = (Some(identity(&meta)), Some(meta.mode() & 0o7777));
        Ok(Old { identity, mode, manifest, manifest_bytes, looks, names })
    }

    /// Whether there was a delivery of ours.
    pub(super) fn has_manifest(&self) -> bool {
        !self.manifest_bytes.is_empty()
    }

    /// The files of the manifest that a new site does not have.
    pub(super) fn gone<T>(&self, new: &BTreeMap<String, T>) -> Vec<&str> {
        // Both are sorted, so one walk along both will do.
        let mut new = new.keys().map(String::as_str).peekable();
        let is_gone = |path: &&str| {
            while new.next_if(|it| it < path).is_some() {}
            new.next_if_eq(path).is_none()
        };
        self.manifest.paths().filter(is_gone).collect()
    }

    /// Whether the file with this place in the manifest surely is what we delivered.
    pub(super) fn vouches(&self, idx: usize, now: &Stat) -> bool {
        self.looks.get(idx).is_some_and(|look| look.vouches(now))
    }

    /// Whether a directory was there.
    pub(super) fn has_dir(&self, dir: &Path) -> bool {
        self.names.dirs.binary_search_by(|(it, _)| it.as_path().cmp(dir)).is_ok()
    }
}

impl Names {
    /// Lists an output, all but the directories that look as they did: their names are remembered.
    fn read(output: &Path, manifest: &Manifest, hints: Hints, now: i64) -> Result<Names, Failure> {
        let looks = map_in_order(&hints.dirs, |(dir, _)| look_at_dir(&output.join(dir)));
        let is_fresh =
            |((_, known), now): (&(PathBuf, Look), &Option<Stat>)| now.is_some_and(|now| known.vouches(&now));
        if !hints.dirs.is_empty() && hints.dirs.iter().zip(&looks).all(is_fresh) {
            let Hints { dirs, unknown, empty_dirs, .. } = hints;
            let ours = vec![true; manifest.len()];
            return Ok(Names { ours, dirs, unknown, empty_dirs, is_remembered: true });
        }
        let mut names = Names { ours: vec![false; manifest.len()], ..Names::default() };
        // Directories that are as they were, those seen in one that was listed, and those nobody remembers.
        let (mut fresh, mut seen, mut open) = (QuickSet::default(), QuickSet::default(), Vec::new());
        if hints.dirs.is_empty() {
            open.push(PathBuf::new());
        }
        let is_remembered = |dir: &Path| hints.dirs.binary_search_by(|(it, _)| it.as_path().cmp(dir)).is_ok();
        for ((dir, known), stat) in hints.dirs.iter().zip(&looks) {
            let is_reached =
                dir.parent().is_none_or(|parent| fresh.contains(parent) || seen.contains(dir.as_path()));
            let Some(stat) = stat.filter(|_| is_reached) else { continue };
            if known.vouches(&stat) {
                fresh.insert(dir.as_path());
                names.dirs.push((dir.clone(), *known));
                continue;
            }
            for below in names.list(output, dir, &stat, manifest, now)? {
                if !is_remembered(&below) {
                    open.push(below.clone());
                }
                seen.insert(below);
            }
        }
        // A loop, so that depth costs no stack.
        while let Some(dir) = open.pop() {
            let Some(stat) = look_at_dir(&output.join(&dir)) else { continue };
            open.extend(names.list(output, &dir, &stat, manifest, now)?);
        }
        if !fresh.is_empty() {
            let is_in_fresh = |path: &Path| path.parent().is_some_and(|dir| fresh.contains(dir));
            for (ours, path) in names.ours.iter_mut().zip(manifest.paths()) {
                *ours |= is_in_fresh(Path::new(path));
            }
            names.unknown.extend(hints.unknown.iter().filter(|path| is_in_fresh(path)).cloned());
        }
        names.unknown.sort();
        names.dirs.sort();
        names.find_empty_dirs(manifest);
        Ok(names)
    }

    /// Lists one directory; returns those below it.
    fn list(
        &mut self,
        output: &Path,
        dir: &Path,
        stat: &Stat,
        manifest: &Manifest,
        now: i64,
    ) -> Result<Vec<PathBuf>, Failure> {
        let here = output.join(dir);
        let mut below = Vec::new();
        let entries = match fs::read_dir(&here) {
            Ok(entries) => entries,
            Err(e) if e.kind() == io::ErrorKind::NotFound => return Ok(below),
            Err(e) => return Err(failed("list", &here, &e)),
        };
        for entry in entries {
            let entry = entry.map_err(|e| failed("list", &here, &e))?;
            let kind = entry.file_type().map_err(|e| failed("look at", &entry.path(), &e))?;
            let path = dir.join(entry.file_name());
            if kind.is_dir() {
                below.push(path);
                continue;
            }
            match path.to_str().filter(|_| kind.is_file()) {
                Some(manifest::NAME) => (),
                Some(text) => match manifest.find(text) {
                    Some((idx, _)) => self.ours[idx] = true,
                    None => self.unknown.push(path),
                },
                None => self.unknown.push(path),
            }
        }
        self.dirs.push((dir.to_owned(), Look::at(stat, now)));
        Ok(below)
    }

    fn find_empty_dirs(&mut self, manifest: &Manifest) {
        let mut full: QuickSet<&Path> = QuickSet::default();
        // Ours too when nothing of ours is left there.
        for path in manifest.paths() {
            let dirs = Path::new(path).ancestors().skip(1);
            full.extend(dirs.map_while(|dir| (!full.contains(dir)).then_some(dir)).collect::<Vec<_>>());
        }
        full.extend(self.unknown.iter().filter_map(|path| path.parent()));
        full.extend(self.dirs.iter().filter_map(|(dir, _)| dir.parent()));
        let is_empty = |dir: &&PathBuf| !dir.as_os_str().is_empty() && !full.contains(dir.as_path());
        self.empty_dirs = self.dirs.iter().map(|(dir, _)| dir).filter(is_empty).cloned().collect();
    }
}

/// How a directory looks; `None` when it is none or cannot be reached.
fn look_at_dir(place: &Path) -> Option<Stat> {
    fs::symlink_metadata(place).ok().filter(fs::Metadata::is_dir).map(|meta| Stat::of(&meta))
}
