//! Delivery: puts a finished site into its output directory, all or nothing.
//!
//! In: output paths with their bytes. Out: a directory that is exactly the old site or exactly the new one, after
//! any exit, crash or full disk, and [`Delivered`], which says what happened. Deletes only what a manifest of ours
//! names. Knows nothing of records, pages or themes, and decides nothing about what to write.
//!
//! # The protocol, and what a crash at each step leaves
//!
//! `public` stands for the output; its neighbours are hidden siblings of it, so that they lie on its file system.
//!
//! | step | what happens | a crash here leaves |
//! |---|---|---|
//! | 1 | [`check_output`] judges the place; nothing is written | old site |
//! | 2 | the lock `.rejoinder/output.lock` is taken (`flock`: the kernel frees it when we die, so none is ever stale) | old site |
//! | 3 | leftovers of an earlier crash are tidied (see [`recover`]) | old site, and the same leftovers |
//! | 4 | `.public.stage-PID-N` is made, with `.rejoinder-stage-PID-N` inside: "all in here is ours" | old site, a marked stage |
//! | 5 | changed files are written to the stage; of unchanged ones only the name is noted | old site, a marked stage |
//! | 6 | nothing changed at all: the stage is removed, the output is not touched, done | old site |
//!
//! Then the lowest directory is sought that holds all that differs and stands in both sites. When that is the output
//! itself, the whole is replaced:
//!
//! | step | what happens | a crash here leaves |
//! |---|---|---|
//! | 7 | unchanged files and files we do not know are hard-linked into the stage; the manifest is written | old site, a marked stage |
//! | 8 | the file system is synced (`syncfs`), the mark removed, and that synced | old site, a whole stage |
//! | 9 | one `renameat2(RENAME_EXCHANGE)` swaps stage and output, and the parent directory is synced | new site, the old one at the stage's name |
//! | 10 | the old tree is taken apart: what its manifest names, what is the same inode in the new site; bottom up, manifest last | new site, part of the old tree |
//! | 11 | `.rejoinder/output-stat-2` notes inode and times of every file and directory, to spare reading them next time | new site |
//!
//! When it is a directory `D` below the output, only `D` is replaced, so that one page costs the same in a large site:
//!
//! | step | what happens | a crash here leaves |
//! |---|---|---|
//! | 7 | the same, for what lies below `D`; the stage gets a manifest of the *old* files below `D`, and the new manifest of all as `.rejoinder-stage-PID-N.list-INODE`, where `INODE` is the new directory's | old site, a marked stage |
//! | 8 | what is in the stage is synced file by file, the mark removed, and that synced | old site, a stage with a list |
//! | 9 | one `renameat2(RENAME_EXCHANGE)` swaps the stage's `D` and the output's | new site, its manifest still the old one, a stage with a list |
//! | 10 | one `rename` puts the list in the manifest's place, and the directories are synced | new site, the old `D` in the stage |
//! | 11 | the stage is taken apart, like an old tree | new site, part of the old `D` |
//! | 12 | the notes as above; only what was replaced is looked at | new site |
//!
//! Between 9 and 10 every page is new and the manifest alone is old: no call can change two places at once. It names no
//! file that is somebody else's, and [`recover`] finishes the step: a stage with a list is undone while the directory with
//! that inode lies in the stage, and its list is brought in when it lies in the output.
//!
//! Where the kernel or file system cannot exchange, the whole is replaced, and step 9 is: rename `public` to
//! `.public.old-PID-N`, rename the stage to `public`. A crash between the two leaves no `public`; the next start renames
//! the old one back. The hidden names are the journal: a separate journal file could be lost or lie, they cannot.
//!
//! # Trade-offs
//!
//! - Unchanged files are hard links, so both trees share them from step 7 on until the old one is gone. An editor that
//!   writes *in place* to a file of `public` in that window changes both trees; as the old one is about to go, nothing is
//!   lost by it. We never write to an existing file, so one tree can never damage the other.
//! - A server that opens files by path sees the whole old or the whole new site. One whose *working directory* is
//!   `public`, or a directory replaced in it, keeps the old, now empty directory, and must be restarted or started beside
//!   it.
//! - Replacing the whole links and unlinks every file even when only two far apart changed. Why not several exchanges:
//!   between them a reader would see two sites. What each way costs is in `docs/performance.md`.
//! - Access control lists and extended attributes of directories are not carried over; the mode of the output is.

#![allow(clippy::disallowed_methods, reason = "delivery is one of the places where the disk is touched")]

mod dir;
mod hints;
mod leftover;
mod lock;
mod manifest;
mod noting;
mod old;
mod part;
mod read_back;
mod refuse;
mod swap;
mod tree;

#[cfg(test)]
mod tests;

use std::path::{Path, PathBuf};

use crate::diag::Failure;
use crate::text::{Fingerprint, OutPath};

pub use dir::{Stage, StageOptions};
pub use leftover::recover;
pub use lock::Lock;
pub use refuse::{PROJECT_MARKS, check_output, check_place};

/// The name of the manifest inside an output.
pub const MANIFEST: &str = manifest::NAME;

/// A file of an output: where it stands, its size, and the digest of its bytes.
pub type DeliveredFile = (OutPath, u64, Fingerprint);

/// Reads what the last delivery wrote into an output: each file with its size and fingerprint, sorted by path. `None` when
/// there was none.
///
/// # Errors
/// [`Exit::Refused`](crate::diag::Exit::Refused) when the manifest cannot be trusted.
pub fn delivered(output: &Path) -> Result<Option<Vec<DeliveredFile>>, Failure> {
    let manifest = match manifest::Manifest::read(output) {
        Ok(Some((manifest, _))) => manifest,
        Ok(None) => return Ok(None),
        Err(problem) => {
            let message = format!("of `{}`, {problem}", tree::show(&output.join(manifest::NAME)));
            return Err(Failure::new(crate::diag::Exit::Refused, message)
                .help("delete the directory if nothing in it is needed, and build again"));
        }
    };
    let files = manifest.entries().map(|(path, listed)| {
        let path = OutPath::new(path).expect("a manifest is read only when all its paths are good");
        (path, listed.size, listed.fingerprint)
    });
    Ok(Some(files.collect()))
}

/// Reads a plain file: no link is followed at its end, and nothing but a file is read.
///
/// # Errors
/// As the system says; also when it is no plain file.
pub fn read_plain(path: &Path) -> std::io::Result<Vec<u8>> {
    tree::read_plain(path)
}

/// Every file and link below a directory, relative to it, sorted. Links are not followed.
///
/// # Errors
/// When a directory cannot be listed.
pub fn files_below(root: &Path) -> Result<Vec<PathBuf>, Failure> {
    Ok(tree::walk(root)?.files.into_iter().map(|it| it.path).collect())
}

/// Makes what was written to the file system of a directory survive a power cut.
///
/// # Errors
/// When the disk refuses.
pub fn bring_to_disk(root: &Path) -> Result<(), Failure> {
    tree::sync_tree(root)
}

/// What a delivery did.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Delivered {
    /// Files that are new or have other bytes than before.
    pub written: usize,
    /// Files that stayed as they were.
    pub unchanged: usize,
    /// Files of the old site that the new one does not have.
    pub removed: usize,
    /// How many of the files written and removed are pages.
    pub pages_changed: usize,
    /// Bytes of the files written.
    pub bytes_written: u64,
    /// Bytes of the whole site.
    pub bytes_total: u64,
    /// Files and empty directories in the output that we did not write: still there, sorted.
    /// `.gitignore` and `.gitkeep` are kept without being named.
    pub kept: Vec<String>,
    /// What could not be tidied away beside the output, and why; the next delivery tries again.
    pub leftover: Vec<String>,
    /// Whether the output was replaced; `false` when nothing had changed.
    pub swapped: bool,
}
