//! Made images between builds, on disk: `.rejoinder/images/`, one file for each, named after all that its bytes follow from.
//!
//! Each holds a digest of itself, so that what a crash or a power cut left of one counts as nothing. Files of other names are not
//! ours: they are neither read nor removed.

#![allow(clippy::disallowed_methods, reason = "the command line is where files of our own are kept")]

use std::collections::BTreeSet;
use std::fs;
use std::io::Write;
use std::path::PathBuf;

use super::context::Context;
use crate::engine::ImageCache;
use crate::text::Fingerprint;

/// How many bytes of a digest stand before a file's own: enough against a disk's accidents.
const N_DIGEST: usize = 16;

/// The images that are kept for a project.
#[derive(Debug)]
pub(super) struct KeptImages {
    dir: PathBuf,
    /// Whether what is there is believed.
    reads: bool,
}

impl KeptImages {
    /// The images of a project; with `no_cache` there seem to be none.
    pub(super) fn open(context: &Context, no_cache: bool) -> KeptImages {
        KeptImages { dir: dir(context), reads: !no_cache }
    }

    /// Removes those that the last build had no use for, and what crashes left. That one cannot be removed costs room and nothing else.
    pub(super) fn prune(&self, used: &[Fingerprint]) {
        let used: BTreeSet<String> = used.iter().map(Fingerprint::hex).collect();
        for path in ours(&self.dir) {
            let name = path.file_name().unwrap_or_default().to_string_lossy();
            if !used.contains(&*name) {
                let _ = fs::remove_file(&path);
            }
        }
    }
}

impl ImageCache for KeptImages {
    fn get(&self, key: &Fingerprint) -> Option<Vec<u8>> {
        let path = self.dir.join(key.hex());
        let is_plain = || fs::symlink_metadata(&path).is_ok_and(|it| it.is_file());
        let mut bytes = (self.reads && is_plain()).then(|| fs::read(&path).ok()).flatten()?;
        let own = bytes.split_off(N_DIGEST.min(bytes.len()));
        (Fingerprint::of(&own).half() == *bytes).then_some(own)
    }

    fn put(&self, key: &Fingerprint, bytes: &[u8]) {
        let path = self.dir.join(key.hex());
        let beside = path.with_extension(format!("new-{}", std::process::id()));
        let written = fs::create_dir_all(&self.dir)
            .and_then(|()| fs::File::create(&beside))
            .and_then(|mut file| {
                file.write_all(&Fingerprint::of(bytes).half())?;
                file.write_all(bytes)
            })
            .and_then(|()| fs::rename(&beside, &path));
        if written.is_err() {
            // It is there to save time; the next build makes the image again.
            let _ = fs::remove_file(&beside);
        }
    }
}

fn dir(context: &Context) -> PathBuf {
    context.root.join(".rejoinder/images")
}

/// Every file of ours that keeps an image, and what a crash left of one.
pub(super) fn files(context: &Context) -> Vec<PathBuf> {
    ours(&dir(context))
}

fn ours(dir: &std::path::Path) -> Vec<PathBuf> {
    // A link to somewhere else is not ours to look through.
    let is_dir = fs::symlink_metadata(dir).is_ok_and(|it| it.is_dir());
    let there = is_dir.then(|| fs::read_dir(dir).ok()).flatten().into_iter().flatten().flatten();
    let is_ours = |name: &str| {
        let (key, rest) = name.split_once('.').unwrap_or((name, ""));
        Fingerprint::from_hex(key).is_some_and(|it| it.hex() == key)
            && (rest.is_empty() || rest.starts_with("new-"))
    };
    let ours = there.filter(|it| it.file_name().to_str().is_some_and(is_ours));
    ours.filter(|it| it.file_type().is_ok_and(|it| it.is_file())).map(|it| it.path()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kept(dir: PathBuf) -> KeptImages {
        KeptImages { dir, reads: true }
    }

    #[test]
    fn what_was_put_comes_back_unless_it_was_touched() {
        let scratch = tempfile::tempdir().unwrap();
        let dir = scratch.path().join("images");
        let (kept, key) = (kept(dir.clone()), Fingerprint::of(b"key"));
        assert_eq!(kept.get(&key), None);
        kept.put(&key, b"bytes");
        assert_eq!(kept.get(&key).as_deref(), Some(&b"bytes"[..]));
        assert_eq!(KeptImages { reads: false, ..self::kept(dir.clone()) }.get(&key), None);
        for touched in [&b""[..], b"short", b"0123456789abcdef", b"0123456789abcdefbytes"] {
            fs::write(dir.join(key.hex()), touched).unwrap();
            assert_eq!(kept.get(&key), None);
        }
    }

    #[test]
    fn only_ours_is_removed_and_only_what_nobody_used() {
        let scratch = tempfile::tempdir().unwrap();
        let dir = scratch.path().to_owned();
        let kept = kept(dir.clone());
        let (used, old) = (Fingerprint::of(b"used"), Fingerprint::of(b"old"));
        kept.put(&used, b"1");
        kept.put(&old, b"2");
        let foreign = ["notes.txt".to_owned(), format!("{}.txt", old.hex()), old.hex().to_uppercase()];
        foreign.iter().for_each(|name| fs::write(dir.join(name), "mine").unwrap());
        fs::write(dir.join(format!("{}.new-1", old.hex())), "half").unwrap();
        std::os::unix::fs::symlink(dir.join("notes.txt"), dir.join(Fingerprint::of(b"link").hex())).unwrap();
        kept.prune(&[used]);
        assert_eq!(kept.get(&used).as_deref(), Some(&b"1"[..]));
        assert_eq!(fs::read_dir(&dir).unwrap().count(), 1 + foreign.len() + 1);
    }
}
