//! Locks, and the one of ours: one delivery of a project at a time.
//!
//! An advisory `flock` on a file, for a delivery `.rejoinder/output.lock`. The kernel drops it with the process, however that ends,
//! so a lock file without a holder means nothing and there is no stale lock to judge: process ids are reused, and differ
//! between containers. The id written inside is only for the message.

use std::fs::{File, OpenOptions};
use std::io::{self, Read, Seek, Write};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::Path;

use rustix::fs::{FlockOperation, OFlags};
use rustix::io::Errno;

use super::tree::{self, failed, look, show};
use crate::diag::{Exit, Failure};

/// A lock on a file, held as long as the value lives.
#[derive(Debug)]
pub struct Lock {
    file: File,
}

impl Lock {
    /// Takes the lock of a file, which is made when missing. `None` when another process has it.
    ///
    /// # Errors
    /// When the file cannot be opened; a symbolic link is not.
    pub fn take(path: &Path) -> Result<Option<Lock>, Failure> {
        let file = open(path).map_err(|e| failed("lock", path, &e))?;
        match try_lock(&file) {
            Ok(()) => Ok(Some(Lock { file })),
            Err(Errno::WOULDBLOCK) => Ok(None),
            Err(e) => Err(failed("lock", path, &e.into())),
        }
    }

    /// The time by the clock of the file system, in nanoseconds since 1970: what a file would get that changed now.
    ///
    /// # Errors
    /// When the disk refuses.
    pub(super) fn now(&self) -> io::Result<i64> {
        let mut file = &self.file;
        file.rewind()?;
        writeln!(file, "{}", std::process::id())?;
        Ok(tree::Stat::of(&file.metadata()?).modified)
    }
}

impl Drop for Lock {
    fn drop(&mut self) {
        // Closing the file would do, were it not for a child process that another thread is about to start: until
        // it has become another program, it holds the file too.
        rustix::fs::flock(&self.file, FlockOperation::Unlock).ok();
    }
}

/// Locks a directory; `None` when another process has it or it cannot be opened.
pub(super) fn take_dir(dir: &Path) -> Option<Lock> {
    let file = tree::open_plain(dir).ok()?;
    try_lock(&file).ok()?;
    Some(Lock { file })
}

fn open(path: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.read(true).write(true).create(true).truncate(false).mode(0o644);
    options.custom_flags(OFlags::NOFOLLOW.bits().cast_signed());
    options.open(path)
}

fn try_lock(file: &File) -> rustix::io::Result<()> {
    rustix::io::retry_on_intr(|| rustix::fs::flock(file, FlockOperation::NonBlockingLockExclusive))
}

/// Takes the lock in the state directory, which is made when missing.
///
/// # Errors
/// When another process has it ([`Exit::Machine`], with its id), or when the directory or file is a symbolic link
/// ([`Exit::Refused`]): content is untrusted, and a link there would have us write anywhere.
pub(super) fn take(state: &Path) -> Result<Lock, Failure> {
    if look(state)?.is_some_and(|meta| meta.is_symlink()) {
        return Err(link(state));
    }
    let made = std::fs::DirBuilder::new().recursive(true).mode(0o755).create(state);
    made.map_err(|e| failed("make", state, &e))?;
    let path = state.join("output.lock");
    let mut file = match open(&path) {
        Ok(file) => file,
        Err(e) if Errno::from_io_error(&e) == Some(Errno::LOOP) => return Err(link(&path)),
        Err(e) => return Err(failed("open", &path, &e)),
    };
    match try_lock(&file) {
        Ok(()) => (),
        Err(Errno::WOULDBLOCK) => return Err(held(&mut file, &path)),
        Err(e) => return Err(failed("lock", &path, &e.into())),
    }
    let lock = Lock { file };
    lock.file.set_len(0).and_then(|()| lock.now()).map_err(|e| failed("write", &path, &e))?;
    Ok(lock)
}

fn held(file: &mut File, path: &Path) -> Failure {
    let mut id = String::new();
    let holder = match file.take(20).read_to_string(&mut id).ok().and_then(|_| id.trim().parse::<u32>().ok())
    {
        Some(id) => format!("process {id}"),
        None => "another process".to_owned(),
    };
    Failure::new(Exit::Machine, format!("{holder} is delivering this project; it holds `{}`", show(path)))
        .help("wait until it is done, or end it, and build again")
}

fn link(path: &Path) -> Failure {
    Failure::new(
        Exit::Refused,
        format!("`{}` is a symbolic link, so writing there could change other files", show(path)),
    )
    .help("delete the link; the program makes what it needs")
}
