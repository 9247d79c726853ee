//! Reading files of the new site back before anybody can see it, for what is made of finished files.

use super::dir::{Entry, How, Stage, changed_meanwhile};
use super::tree::{self, bug, failed};
use crate::diag::Failure;
use crate::text::{Fingerprint, OutPath};

impl Stage {
    /// The bytes of a file that was put or kept.
    ///
    /// # Errors
    /// [`Exit::Machine`](crate::diag::Exit::Machine) when the disk refuses, or somebody changed the file meanwhile;
    /// [`Exit::Bug`](crate::diag::Exit::Bug) when the site has no such file.
    pub fn read(&self, path: &OutPath) -> Result<Vec<u8>, Failure> {
        let path = path.as_str();
        let (place, entry): (_, Entry) = match self.entry(path) {
            Some(entry) if matches!(entry.how, How::Written) => (self.dir.join(path), entry),
            Some(entry) if matches!(entry.how, How::Unchanged(_)) => (self.output.join(path), entry),
            Some(_) | None => return Err(bug(format!("`{path}` was read before it was written"))),
        };
        let bytes = tree::read_plain(&place).map_err(|e| failed("read", &place, &e))?;
        match Fingerprint::of(&bytes) == entry.fingerprint() {
            true => Ok(bytes),
            false => Err(changed_meanwhile(&place)),
        }
    }
}
