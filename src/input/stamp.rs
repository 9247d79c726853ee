//! What a file system says of a file without its bytes being read, and how far that can be believed.

use std::fs::Metadata;
use std::os::unix::fs::MetadataExt;

/// How far a clock of files lags behind the moment of a write, in nanoseconds.
///
/// Linux stamps files with the time of its last timer tick, up to 10 ms old where the timer runs at 100 Hz. A write
/// that follows a look at a file within one tick may leave the very stamp that was seen. We allow two ticks.
const TICK: i64 = 20_000_000;
/// The coarsest clock of files in use: FAT counts in steps of two seconds.
const WHOLE_SECONDS: i64 = 2_000_000_000;

/// What a file system says of one file. Two different stamps mean that somebody wrote to it, or only touched it;
/// equal stamps mean the same bytes, if the stamp had [settled](Stamp::is_settled) when it was first seen.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize,
)]
pub struct Stamp {
    /// Size in bytes.
    pub size: u64,
    /// Time of the last write, in nanoseconds since 1970. Programs may set it to anything.
    pub modified: i64,
    /// Time of the last change of bytes, name, owner or mode, in nanoseconds since 1970. Programs cannot set it.
    pub changed: i64,
    /// Number of the file in its file system: another file at the same path has another.
    pub inode: u64,
}

/// What is known of a file from its stamp then and now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// The same bytes.
    Same,
    /// The stamp is the same, but it was so young when it was seen that a later write may have left it the same.
    Look,
    /// Another stamp: written to, or at least touched.
    Changed,
}

impl Stamp {
    /// The stamp in what the system says of a file.
    pub(super) fn of(metadata: &Metadata) -> Stamp {
        let ns = |seconds: i64, ns: i64| seconds.saturating_mul(1_000_000_000).saturating_add(ns);
        Stamp {
            size: metadata.len(),
            modified: ns(metadata.mtime(), metadata.mtime_nsec()),
            changed: ns(metadata.ctime(), metadata.ctime_nsec()),
            inode: metadata.ino(),
        }
    }

    /// The same from what `statat` says.
    pub(super) fn of_stat(stat: &rustix::fs::Stat) -> Stamp {
        #[allow(clippy::useless_conversion, reason = "the width of these numbers differs between systems")]
        let ns = |seconds: i64, ns: u64| {
            let ns = i64::try_from(ns).unwrap_or_default();
            seconds.saturating_mul(1_000_000_000).saturating_add(ns)
        };
        Stamp {
            size: u64::try_from(stat.st_size).unwrap_or_default(),
            modified: ns(stat.st_mtime, stat.st_mtime_nsec),
            changed: ns(stat.st_ctime, stat.st_ctime_nsec),
            inode: stat.st_ino,
        }
    }

    /// Whether this stamp, seen at `seen` or later by the clock of [`Files::now`](super::Files::now), changes with
    /// every later write. This is git's rule for what it calls racy: a file that was written just now may be
    /// written again without its stamp showing it.
    ///
    /// We take the younger of both times, because some file systems keep only one of them. A file whose time lies
    /// in the future never settles; its bytes are looked at each time.
    pub fn is_settled(&self, seen: i64) -> bool {
        let in_seconds = self.modified % 1_000_000_000 == 0 && self.changed % 1_000_000_000 == 0;
        let step = if in_seconds { WHOLE_SECONDS + TICK } else { TICK };
        self.modified.max(self.changed).saturating_add(step) <= seen
    }

    /// Compares this stamp, which was seen at `seen` or later, with the one that the file has now.
    pub fn verdict(&self, seen: i64, now: &Stamp) -> Verdict {
        match self == now {
            false => Verdict::Changed,
            true if self.is_settled(seen) => Verdict::Same,
            true => Verdict::Look,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MS: i64 = 1_000_000;

    fn stamp(modified: i64, changed: i64) -> Stamp {
        Stamp { size: 3, modified, changed, inode: 7 }
    }

    #[test]
    fn a_stamp_is_believed_once_its_file_has_rested() {
        let at = 1_700_000_000_123 * MS;
        let old = stamp(at, at);
        assert_eq!(old.verdict(at + 20 * MS, &old), Verdict::Same);
        assert_eq!(old.verdict(at + 19 * MS, &old), Verdict::Look);
        assert_eq!(old.verdict(at - MS, &old), Verdict::Look);
        assert_eq!(old.verdict(at + 20 * MS, &Stamp { size: 4, ..old }), Verdict::Changed);
        assert_eq!(old.verdict(at + 20 * MS, &Stamp { inode: 8, ..old }), Verdict::Changed);
        // A program may set the one back, not the other.
        assert_eq!(stamp(0, at).verdict(at, &stamp(0, at)), Verdict::Look);
        // Nor does a time in the future make a stamp credible.
        assert_eq!(stamp(at + 3_600_000 * MS, at).verdict(at + 1_000 * MS, &stamp(at, at)), Verdict::Changed);
        assert!(!stamp(i64::MAX, at).is_settled(at + 1_000 * MS));
    }

    #[test]
    fn a_clock_of_whole_seconds_needs_more_patience() {
        let at = 1_700_000_000_000 * MS;
        assert!(!stamp(at, at).is_settled(at + 2_000 * MS));
        assert!(stamp(at, at).is_settled(at + 2_020 * MS));
        // One of them alone may be set to whole seconds by whoever unpacked an archive.
        assert!(stamp(at, at + MS).is_settled(at + 21 * MS));
    }
}
