//! Directories of releases on this machine: looking at them, filling one, taking one away.

#![allow(clippy::disallowed_methods, reason = "a target may be a directory of this machine")]

use std::collections::BTreeMap;
use std::fs::{self, OpenOptions};
use std::io::{self, Write as _};
use std::os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _, PermissionsExt as _};
use std::path::Path;

use super::plan::Listed;
use super::record::{RECORD, Record};
use crate::delivery::{bring_to_disk, files_below, read_plain};
use crate::diag::Failure;
use crate::engine::map_in_order;
use crate::text::Fingerprint;

/// The listing of a directory with the digest of each file, and its record.
pub(super) struct Looked {
    pub(super) listing: BTreeMap<String, Listed>,
    pub(super) record: Option<Vec<u8>>,
}

/// Looks at a directory that holds a site.
///
/// # Errors
/// When something in it cannot be read.
pub(super) fn look(root: &Path) -> Result<Looked, Failure> {
    let paths = files_below(root)?;
    let listed = map_in_order(&paths, |path| {
        // A link, or a file that we may not read, is certainly none of ours as we left it.
        let bytes = read_plain(&root.join(path)).unwrap_or_default();
        Listed { size: bytes.len() as u64, etag: None, fingerprint: Some(Fingerprint::of(&bytes)) }
    });
    let names = paths.iter().map(|it| it.to_string_lossy().into_owned());
    let mut listing: BTreeMap<String, Listed> = names.zip(listed).collect();
    let record = listing.remove(RECORD).and_then(|_| read_plain(&root.join(RECORD)).ok());
    Ok(Looked { listing, record })
}

/// Writes a new file, with the directories above it. What stands there by another name of the same file stays.
///
/// # Errors
/// When the disk refuses.
pub(super) fn write(root: &Path, path: &str, bytes: &[u8]) -> Result<(), Failure> {
    let place = root.join(path);
    let written = make_dirs(root, path).and_then(|()| {
        let mut options = OpenOptions::new();
        let mut file = options.write(true).create_new(true).mode(0o644).open(&place)?;
        file.write_all(bytes)?;
        file.set_permissions(fs::Permissions::from_mode(0o644))
    });
    written.map_err(|it| Failure::machine(format!("cannot write `{}`", place.display()), &it))
}

/// Gives a file another name too, below another directory; a copy where the file system has no such names. A link is made
/// again as it is.
///
/// # Errors
/// When the disk refuses.
pub(super) fn link(from: &Path, root: &Path, path: &Path) -> Result<(), Failure> {
    let to = root.join(path);
    let linked = make_dirs(root, &path.to_string_lossy()).and_then(|()| {
        if let Ok(target) = fs::read_link(from) {
            return std::os::unix::fs::symlink(target, &to);
        }
        match fs::hard_link(from, &to) {
            Err(error) if error.kind() != io::ErrorKind::AlreadyExists => fs::copy(from, &to).map(drop),
            done => done,
        }
    });
    linked.map_err(|it| Failure::machine(format!("cannot write `{}`", to.display()), &it))
}

fn make_dirs(root: &Path, path: &str) -> io::Result<()> {
    let place = root.join(path);
    let parent = place.parent().unwrap_or(root);
    if parent.is_dir() {
        return Ok(());
    }
    fs::DirBuilder::new().recursive(true).mode(0o755).create(parent)
}

/// Makes a directory with the ones above it.
///
/// # Errors
/// When the disk refuses.
pub(super) fn make_dir(path: &Path) -> Result<(), Failure> {
    let made = fs::DirBuilder::new().recursive(true).mode(0o755).create(path);
    made.map_err(|it| Failure::machine(format!("cannot make `{}`", path.display()), &it))
}

/// The record of a directory that holds a release of ours; `None` for any other.
pub(super) fn record_in(dir: &Path) -> Option<Record> {
    Record::parse(&read_plain(&dir.join(RECORD)).ok()?).ok()
}

/// The number of a release's directory, by its name: 42 for `r42`.
pub(super) fn number_of(name: &str) -> Option<u32> {
    let number = name.strip_prefix('r')?;
    let is_plain = !number.starts_with('0') && number.bytes().all(|it| it.is_ascii_digit());
    number.parse().ok().filter(|_| is_plain)
}

/// Takes a directory away that only we fill: no link is followed.
///
/// # Errors
/// When the disk refuses.
pub(super) fn remove(dir: &Path) -> Result<(), Failure> {
    match fs::remove_dir_all(dir) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => {
            Err(Failure::machine(format!("cannot remove `{}`", dir.display()), &error))
        }
        Ok(()) | Err(_) => Ok(()),
    }
}

/// Brings to disk what was written to the file system of a directory.
pub(super) fn sync(dir: &Path) {
    // A disk that cannot be synced is no reason to leave readers with the old site.
    bring_to_disk(dir).ok();
}
