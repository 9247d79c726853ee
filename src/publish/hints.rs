//! Hints: inode and times of every file we delivered, so that an unchanged file need not be read again.
//!
//! A cache beside the ledger, `.rejoinder/output-stat.json`, never a source of truth: it counts only for the very
//! manifest it was written with, a file counts as unchanged only when size, inode and both times agree, and when it
//! is missing or odd the bytes are compared instead. Entries that changed just before the hints were written are
//! not trusted (git's "racy" rule): a write in the same tick of the clock would not show.

use std::collections::BTreeMap;
use std::path::Path;

use serde::{Deserialize, Serialize};

use super::tree::{self, Stat};
use crate::text::Fingerprint;

const VERSION: u32 = 1;
const NAME: &str = "output-stat.json";

/// Kernel clocks for file times tick every 1 to 10 ms; twice that is safe.
const TICK_NANOS: i64 = 20_000_000;

/// Inode and times of delivered files.
#[derive(Debug, Default)]
pub(super) struct Hints {
    stats: BTreeMap<String, (u64, i64, i64)>,
    written_at: i64,
}

#[derive(Serialize, Deserialize)]
struct Stored {
    version: u32,
    manifest: String,
    /// Path to inode, modified, changed.
    stats: BTreeMap<String, (u64, i64, i64)>,
}

impl Hints {
    /// Reads the hints that belong to a manifest; empty when there are none that we can use.
    pub(super) fn read(state: &Path, manifest: &[u8]) -> Hints {
        let path = state.join(NAME);
        let read = || -> Option<Hints> {
            let written_at = Stat::of(&std::fs::symlink_metadata(&path).ok()?).modified;
            let stored: Stored = serde_json::from_slice(&tree::read_plain(&path).ok()?).ok()?;
            let fits = stored.version == VERSION && stored.manifest == Fingerprint::of(manifest).hex();
            fits.then_some(Hints { stats: stored.stats, written_at })
        };
        read().unwrap_or_default()
    }

    /// Whether a file that looks like this now is surely as we delivered it.
    pub(super) fn vouch(&self, path: &str, now: &Stat) -> bool {
        let known = self.stats.get(path) == Some(&(now.inode, now.modified, now.changed));
        known && now.modified.max(now.changed) + TICK_NANOS < self.written_at
    }
}

/// Notes how every delivered file looks now. A failure only costs time later, so it is not reported.
pub(super) fn write<'a>(state: &Path, output: &Path, manifest: &[u8], paths: impl Iterator<Item = &'a str>) {
    let stat = |path: &str| {
        let now = Stat::of(&std::fs::symlink_metadata(output.join(path)).ok()?);
        Some((path.to_owned(), (now.inode, now.modified, now.changed)))
    };
    let manifest = Fingerprint::of(manifest).hex();
    let stored = Stored { version: VERSION, manifest, stats: paths.filter_map(stat).collect() };
    let Ok(bytes) = serde_json::to_vec(&stored) else { return };
    let temp = state.join(format!("{NAME}.new"));
    // A leftover of a crash, or a planted link: `write_new` follows and replaces nothing.
    std::fs::remove_file(&temp).ok();
    if tree::write_new(&temp, &bytes).is_ok() {
        std::fs::rename(&temp, state.join(NAME)).ok();
    }
}
