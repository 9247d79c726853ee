//! Finished share cards, images and compressed siblings between builds, on disk: `.rejoinder/cards/`, `.rejoinder/images/` and
//! `.rejoinder/compressed/`, one file for each, named after all that its bytes follow from.
//!
//! Each holds a digest of itself, so that what a crash or a power cut left of one counts as nothing. Files of other names are not
//! ours: they are neither read nor removed.

#![allow(clippy::disallowed_methods, reason = "the command line is where files of our own are kept")]

use std::collections::BTreeSet;
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use super::context::Context;
use crate::engine::Shelf;
use crate::text::Fingerprint;

/// How many bytes of a digest stand before a file's own: enough against a disk's accidents.
const N_DIGEST: usize = 16;

/// How many hexadecimal digits a name has, at least and at most.
const N_NAME: std::ops::RangeInclusive<usize> = 16..=64;

/// Where share cards are kept, below the project.
pub(super) const CARDS: &str = ".rejoinder/cards";

/// Where images are kept, below the project.
pub(super) const IMAGES: &str = ".rejoinder/images";

/// Where compressed siblings are kept, below the project.
pub(super) const COMPRESSED: &str = ".rejoinder/compressed";

/// Files that are kept for a project in one directory.
#[derive(Debug)]
pub(super) struct DiskShelf {
    dir: PathBuf,
    /// Whether what is there is believed.
    reads: bool,
    /// Makes the name of each file that is being written another one.
    written: AtomicUsize,
}

impl DiskShelf {
    /// What is kept at one of the places above; with `no_cache` there seems to be nothing.
    pub(super) fn open(context: &Context, place: &str, no_cache: bool) -> Arc<DiskShelf> {
        Arc::new(DiskShelf::at(context.root.join(place), !no_cache))
    }

    fn at(dir: PathBuf, reads: bool) -> DiskShelf {
        DiskShelf { dir, reads, written: AtomicUsize::new(0) }
    }

    /// Removes what the last build had no use for, and what crashes left. That one cannot be removed costs room and nothing else.
    pub(super) fn prune(&self, used: &BTreeSet<String>) {
        for path in ours(&self.dir) {
            let name = path.file_name().unwrap_or_default().to_string_lossy();
            if !used.contains(&*name) {
                let _ = fs::remove_file(&path);
            }
        }
    }
}

impl Shelf for DiskShelf {
    fn get(&self, name: &str) -> Option<Vec<u8>> {
        let path = self.dir.join(name);
        let is_plain = || fs::symlink_metadata(&path).is_ok_and(|it| it.is_file());
        let mut bytes = (self.reads && is_plain()).then(|| fs::read(&path).ok()).flatten()?;
        let own = bytes.split_off(N_DIGEST.min(bytes.len()));
        (Fingerprint::of(&own).half() == *bytes).then_some(own)
    }

    fn put(&self, name: &str, bytes: &[u8]) {
        let number = self.written.fetch_add(1, Ordering::Relaxed);
        let beside = self.dir.join(format!("{name}.new-{}-{number}", std::process::id()));
        let write = || {
            let mut file = fs::OpenOptions::new().write(true).create_new(true).open(&beside)?;
            file.write_all(&Fingerprint::of(bytes).half())?;
            file.write_all(bytes)?;
            fs::rename(&beside, self.dir.join(name))
        };
        if fs::create_dir_all(&self.dir).and_then(|()| write()).is_err() {
            // Kept only to save time: a disk that takes no more costs that time.
            let _ = fs::remove_file(&beside);
        }
    }
}

/// Every file of ours that keeps something, and what crashes left of one.
pub(super) fn files(context: &Context) -> Vec<PathBuf> {
    [CARDS, IMAGES, COMPRESSED].iter().flat_map(|place| ours(&context.root.join(place))).collect()
}

fn ours(dir: &Path) -> Vec<PathBuf> {
    // A link to somewhere else is not ours to look through.
    let is_dir = fs::symlink_metadata(dir).is_ok_and(|it| it.is_dir());
    let there = is_dir.then(|| fs::read_dir(dir).ok()).flatten().into_iter().flatten().flatten();
    let is_ours = |file: &str| {
        let (name, rest) = file.split_once('.').unwrap_or((file, ""));
        N_NAME.contains(&name.len())
            && name.bytes().all(|it| matches!(it, b'0'..=b'9' | b'a'..=b'f'))
            && (rest.is_empty() || rest.starts_with("new-"))
    };
    let ours = there.filter(|it| it.file_name().to_str().is_some_and(is_ours));
    ours.filter(|it| it.file_type().is_ok_and(|it| it.is_file())).map(|it| it.path()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const USED: &str = "0123456789abcdef";
    const OLD: &str = "fedcba9876543210fedcba9876543210";

    #[test]
    fn what_was_put_comes_back_unless_it_was_touched() {
        let scratch = tempfile::tempdir().unwrap();
        let dir = scratch.path().join("shelf");
        let shelf = DiskShelf::at(dir.clone(), true);
        assert_eq!(shelf.get(USED), None);
        shelf.put(USED, b"bytes");
        assert_eq!(shelf.get(USED).as_deref(), Some(&b"bytes"[..]));
        assert_eq!(DiskShelf::at(dir.clone(), false).get(USED), None);
        let whole = fs::read(dir.join(USED)).unwrap();
        for touched in [&b""[..], &whole[..10], &whole[..whole.len() - 1], b"0123456789abcdefbytes"] {
            fs::write(dir.join(USED), touched).unwrap();
            assert_eq!(shelf.get(USED), None, "{touched:?}");
        }
    }

    #[test]
    fn only_ours_is_removed_and_only_what_nobody_used() {
        let scratch = tempfile::tempdir().unwrap();
        let dir = scratch.path().to_owned();
        let shelf = DiskShelf::at(dir.clone(), true);
        shelf.put(USED, b"1");
        shelf.put(OLD, b"2");
        let foreign = ["notes.txt", "0123", &format!("{OLD}.png"), &OLD.to_uppercase(), &"a".repeat(65)]
            .map(str::to_owned);
        foreign.iter().for_each(|name| fs::write(dir.join(name), "mine").unwrap());
        fs::write(dir.join(format!("{OLD}.new-1-2")), "half").unwrap();
        let link = Fingerprint::of(b"link").hex();
        std::os::unix::fs::symlink(dir.join("notes.txt"), dir.join(&link)).unwrap();
        shelf.prune(&BTreeSet::from([USED.to_owned()]));
        let left = fs::read_dir(&dir).unwrap().map(|it| it.unwrap().file_name().into_string().unwrap());
        let wanted = foreign.into_iter().chain([USED.to_owned(), link]);
        assert_eq!(left.collect::<BTreeSet<_>>(), wanted.collect());
    }
}
