//! Replacing one file of the user's: the old one or the new one, never a half.

use std::ffi::OsString;
use std::fs::{self, File, OpenOptions};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use crate::diag::Failure;

/// Writes a file beside the one at `path` and renames it there. A file that was there keeps its permissions.
///
/// # Errors
/// When it cannot be written. The file that was there is then as it was.
pub(super) fn replace(path: &Path, bytes: &[u8]) -> Result<(), Failure> {
    let beside = beside(path);
    let written = write(&beside, path, bytes).and_then(|()| fs::rename(&beside, path));
    written.map_err(|error| {
        if error.kind() != io::ErrorKind::AlreadyExists {
            let _ = fs::remove_file(&beside);
        }
        Failure::machine(format!("cannot write `{}`", path.display()), &error)
    })
}

/// A name that no listing of content shows, because it starts with a dot.
fn beside(path: &Path) -> PathBuf {
    let mut name = OsString::from(".");
    name.push(path.file_name().unwrap_or_default());
    name.push(format!(".rejoinder-{}", std::process::id()));
    path.with_file_name(name)
}

fn write(beside: &Path, path: &Path, bytes: &[u8]) -> io::Result<()> {
    let mut file: File = OpenOptions::new().write(true).create_new(true).open(beside)?;
    match fs::metadata(path) {
        Ok(metadata) => file.set_permissions(metadata.permissions())?,
        Err(error) if error.kind() == io::ErrorKind::NotFound => (),
        Err(error) => return Err(error),
    }
    file.write_all(bytes)?;
    file.sync_all()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_cannot_be_written_leaves_nothing() {
        let dir = tempfile::tempdir().unwrap();
        let failure = replace(&dir.path().join("no/a.json"), b"x").unwrap_err();
        assert!(failure.message.contains("no/a.json"), "{failure}");
        fs::create_dir(dir.path().join("a")).unwrap();
        fs::write(dir.path().join("a/b"), "").unwrap();
        assert!(replace(&dir.path().join("a"), b"x").is_err());
        assert_eq!(fs::read_dir(dir.path()).unwrap().count(), 1);
        replace(&dir.path().join("new"), b"x").unwrap();
        assert_eq!(fs::read(dir.path().join("new")).unwrap(), b"x");
    }
}
