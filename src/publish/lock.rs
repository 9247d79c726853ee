//! A lock on a file, which the kernel frees when we die, however that happens.

use std::fs::{File, OpenOptions};
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::Path;

use rustix::fs::{FlockOperation, OFlags};
use rustix::io::Errno;

use crate::diag::Failure;

/// Held as long as the value lives.
#[derive(Debug)]
pub struct Lock(File);

impl Lock {
    /// Takes the lock of a file, which is made when missing. `None` when somebody else has it.
    ///
    /// # Errors
    /// When the file cannot be opened; a symbolic link is not.
    pub fn take(path: &Path) -> Result<Option<Lock>, Failure> {
        let failed =
            |error: &std::io::Error| Failure::machine(format!("cannot lock `{}`", path.display()), error);
        let mut options = OpenOptions::new();
        options.read(true).write(true).create(true).truncate(false).mode(0o644);
        options.custom_flags(OFlags::NOFOLLOW.bits().cast_signed());
        let file = options.open(path).map_err(|it| failed(&it))?;
        let taken =
            rustix::io::retry_on_intr(|| rustix::fs::flock(&file, FlockOperation::NonBlockingLockExclusive));
        match taken {
            Ok(()) => Ok(Some(Lock(file))),
            Err(Errno::WOULDBLOCK) => Ok(None),
            Err(error) => Err(failed(&error.into())),
        }
    }
}

impl Drop for Lock {
    fn drop(&mut self) {
        // A child process that is about to become another program may still hold the file.
        rustix::fs::flock(&self.0, FlockOperation::Unlock).ok();
    }
}
