//! The time by the clock that a file system stamps its files with.
//!
//! A file system of this machine stamps with this machine's clock. One on a network may stamp with the clock of its
//! server, which is asked the only way there is: by writing a file. That is done only in [`OWN`], and only where
//! that directory already stands: who never built here gets no files from being read.

#![allow(clippy::disallowed_methods, reason = "a clock of files is asked at the disk")]

use std::fs::{self, OpenOptions};
use std::os::unix::fs::MetadataExt;
use std::path::Path;
use std::time::{SystemTime, UNIX_EPOCH};

use super::Stamp;

/// Where Rejoinder keeps what it may lose, below the project.
pub const OWN: &str = ".rejoinder";

/// File systems that stamp with this machine's clock, by the number that `statfs` gives: ext, btrfs, xfs, f2fs, zfs,
/// bcachefs, tmpfs, ramfs, overlayfs.
const LOCAL: &[i64] = &[
    0xef53,
    0x9123_683e,
    0x5846_5342,
    0xf2f5_2010,
    0x2fc1_2fc1,
    0xca45_1a4e,
    0x0102_1994,
    0x8584_58f6,
    0x794c_7630,
];

/// The time now by the clock of the file system below `root`; `i64::MIN` when it cannot be known.
pub(super) fn now(root: &Path) -> i64 {
    match is_local(root) {
        true => wall(),
        false => ask(root).unwrap_or(i64::MIN),
    }
}

/// Whether files below `root` are stamped by this machine.
pub(super) fn is_local(root: &Path) -> bool {
    // The width of this number differs between systems; what is lost of it belongs to none of ours.
    #[allow(clippy::useless_conversion, clippy::unnecessary_fallible_conversions)]
    rustix::fs::statfs(root).is_ok_and(|it| i64::try_from(it.f_type).is_ok_and(|kind| LOCAL.contains(&kind)))
}

fn wall() -> i64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    i64::try_from(since.as_nanos()).unwrap_or(i64::MAX)
}

/// Writes a file into our own directory and reads its time.
fn ask(root: &Path) -> Option<i64> {
    let own = root.join(OWN);
    if fs::symlink_metadata(&own).ok()?.dev() != fs::metadata(root).ok()?.dev() {
        return None;
    }
    let path = own.join(format!("clock-{}.tmp", std::process::id()));
    let file = OpenOptions::new().write(true).create_new(true).open(&path).ok()?;
    let stamp = file.metadata().map(|it| Stamp::of(&it));
    // A file that stays is ignored by everything else in there.
    let _ = fs::remove_file(&path);
    Some(stamp.ok()?.changed)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_written_now_is_about_as_old_as_the_clock_says() {
        let dir = tempfile::tempdir().unwrap();
        assert_eq!(ask(dir.path()), None);
        fs::create_dir(dir.path().join(OWN)).unwrap();
        for _ in 0..20 {
            let before = now(dir.path());
            let asked = ask(dir.path()).unwrap();
            // The time of files may lag behind by a tick, and this is why stamps need to settle.
            assert!(asked >= before - 20_000_000, "{asked} {before}");
            assert!(asked <= now(dir.path()));
        }
        assert_eq!(fs::read_dir(dir.path().join(OWN)).unwrap().count(), 0);
        assert_eq!(ask(Path::new("/nowhere")), None);
    }
}
