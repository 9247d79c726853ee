//! Hints: inode and times of every file and directory of the output, so that what did not change need not be read.
//!
//! A cache beside the ledger, `.rejoinder/output-stat-2`, never a source of truth: it counts only for the very manifest
//! it was written with, a file or directory counts as unchanged only when size, inode and both times agree, and when
//! it is missing or odd the bytes are compared and the directories listed instead. What had changed within two ticks
//! of the clock before it was looked at is not noted (git's "racy" rule): a change in the same tick would not show.
//!
//! Not JSON, because it is read by every build: 31,000 entries of 24 bytes and the names of directories, in the order
//! of the manifest, behind a digest of all the rest.

use std::ffi::OsStr;
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};

use super::tree::{self, Stat};
use crate::text::Fingerprint;

/// The name says the version: another one is another file.
pub(super) const NAME: &str = "output-stat-2";

/// Kernel clocks for file times tick every 1 to 10 ms; twice that is safe.
pub(super) const TICK_NANOS: i64 = 20_000_000;

/// How something looked: inode, modified, changed. Inode 0 stands for "do not know".
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Look {
    inode: u64,
    modified: i64,
    changed: i64,
}

impl Look {
    /// What may be noted of something that was looked at not before `now`.
    pub(super) fn at(stat: &Stat, now: i64) -> Look {
        match stat.modified.max(stat.changed).saturating_add(TICK_NANOS) < now {
            true => Look { inode: stat.inode, modified: stat.modified, changed: stat.changed },
            false => Look::default(),
        }
    }

    /// Whether something that looks like this now is surely what it was.
    pub(super) fn vouches(self, now: &Stat) -> bool {
        self.is_known() && self == Look { inode: now.inode, modified: now.modified, changed: now.changed }
    }

    pub(super) fn is_known(self) -> bool {
        self.inode != 0
    }
}

/// What is remembered of an output.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Hints {
    /// One for each file of the manifest, in its order; empty when nothing is remembered.
    pub(super) files: Vec<Look>,
    /// Every directory, parents before children, the output itself as an empty path.
    pub(super) dirs: Vec<(PathBuf, Look)>,
    /// Files that we did not write.
    pub(super) unknown: Vec<PathBuf>,
    /// Empty directories in which we never wrote.
    pub(super) empty_dirs: Vec<PathBuf>,
}

impl Hints {
    /// Reads the hints that belong to a manifest; empty when there are none that we can use.
    pub(super) fn read(state: &Path, manifest: &[u8], n_files: usize) -> Hints {
        let read = || -> Option<Hints> {
            let bytes = tree::read_plain(&state.join(NAME)).ok()?;
            let (digest, rest) = bytes.split_at_checked(64)?;
            if digest != Fingerprint::of(rest).hex().as_bytes() {
                return None;
            }
            let (of, mut rest) = rest.split_at_checked(64)?;
            if of != Fingerprint::of(manifest).hex().as_bytes() {
                return None;
            }
            let hints = Hints::parse(&mut rest)?;
            (rest.is_empty() && hints.files.len() == n_files).then_some(hints)
        };
        read().unwrap_or_default()
    }

    /// Keeps the hints for a manifest. A failure only costs time later, so it is not reported.
    pub(super) fn write(&self, state: &Path, manifest: &[u8]) {
        let mut rest = Fingerprint::of(manifest).hex().into_bytes();
        self.encode(&mut rest);
        let mut bytes = Fingerprint::of(&rest).hex().into_bytes();
        bytes.extend(rest);
        let temp = state.join(format!("{NAME}.new"));
        // A leftover of a crash, or a planted link: `write_new` follows and replaces nothing.
        std::fs::remove_file(&temp).ok();
        if tree::write_new(&temp, &bytes).is_ok() {
            std::fs::rename(&temp, state.join(NAME)).ok();
        }
    }

    fn encode(&self, out: &mut Vec<u8>) {
        let number = |out: &mut Vec<u8>, n: usize| out.extend((n as u64).to_le_bytes());
        let look = |out: &mut Vec<u8>, it: &Look| {
            out.extend(it.inode.to_le_bytes());
            out.extend(it.modified.to_le_bytes());
            out.extend(it.changed.to_le_bytes());
        };
        let path = |out: &mut Vec<u8>, path: &Path| {
            let bytes = path.as_os_str().as_bytes();
            number(out, bytes.len());
            out.extend(bytes);
        };
        number(out, self.files.len());
        self.files.iter().for_each(|it| look(out, it));
        number(out, self.dirs.len());
        for (dir, it) in &self.dirs {
            path(out, dir);
            look(out, it);
        }
        for list in [&self.unknown, &self.empty_dirs] {
            number(out, list.len());
            list.iter().for_each(|it| path(out, it));
        }
    }

    fn parse(rest: &mut &[u8]) -> Option<Hints> {
        fn word(rest: &mut &[u8]) -> Option<[u8; 8]> {
            let (word, tail) = rest.split_first_chunk()?;
            *rest = tail;
            Some(*word)
        }
        fn number(rest: &mut &[u8]) -> Option<usize> {
            usize::try_from(u64::from_le_bytes(word(rest)?)).ok()
        }
        fn look(rest: &mut &[u8]) -> Option<Look> {
            Some(Look {
                inode: u64::from_le_bytes(word(rest)?),
                modified: i64::from_le_bytes(word(rest)?),
                changed: i64::from_le_bytes(word(rest)?),
            })
        }
        fn path(rest: &mut &[u8]) -> Option<PathBuf> {
            let len = number(rest)?;
            let (path, tail) = rest.split_at_checked(len)?;
            *rest = tail;
            Some(PathBuf::from(OsStr::from_bytes(path)))
        }
        let files = (0..number(rest)?).map(|_| look(rest)).collect::<Option<_>>()?;
        let dirs = (0..number(rest)?).map(|_| Some((path(rest)?, look(rest)?))).collect::<Option<_>>()?;
        let unknown = (0..number(rest)?).map(|_| path(rest)).collect::<Option<_>>()?;
        let empty_dirs = (0..number(rest)?).map(|_| path(rest)).collect::<Option<_>>()?;
        Some(Hints { files, dirs, unknown, empty_dirs })
    }
}
