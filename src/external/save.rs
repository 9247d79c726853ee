//! Writes `links.lock`: a new file beside it, then one rename, so that there is always a whole one.

use std::fs::{self, File};
use std::io::{self, Write};
use std::path::Path;

use crate::diag::Failure;
use crate::links::{LOCK, Links};

/// Writes what is known to the project's `links.lock`, unless it says just that already. Says whether it did.
///
/// # Errors
/// When the disk refuses; the old file is then still there.
pub fn save(root: &Path, links: &Links) -> Result<bool, Failure> {
    let path = root.join(LOCK);
    let text = links.write();
    if fs::read(&path).is_ok_and(|old| old == text.as_bytes()) {
        return Ok(false);
    }
    let beside = root.join(format!(".{LOCK}.{}", std::process::id()));
    let written = write(&beside, &text).and_then(|()| fs::rename(&beside, &path));
    written.map(|()| true).map_err(|error| {
        // What is half written is ours alone.
        let _ = fs::remove_file(&beside);
        Failure::machine(format!("cannot write `{}`", path.display()), &error)
            .help("what the addresses answered is lost; ask again when the file can be written")
    })
}

fn write(path: &Path, text: &str) -> io::Result<()> {
    let mut file = File::create(path)?;
    file.write_all(text.as_bytes())?;
    file.sync_all()
}
