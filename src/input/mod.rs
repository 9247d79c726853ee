//! Where bytes come from: the one door between the project's files and the spine.
//!
//! In: a directory, or files held in memory. Out: [`Input`]s, each one file as it came. Knows paths and bytes,
//! and nothing of what they mean.

mod clock;
mod disk;
mod listing;
mod memory;
mod mounted;
pub mod scan;
mod stamp;
#[cfg(feature = "serve")]
pub mod watch;

use std::sync::Arc;

use crate::diag::Failure;
use crate::text::Fingerprint;

pub use clock::OWN;
pub use disk::DiskFiles;
pub use memory::MemoryFiles;
pub use mounted::Mounted;
pub use stamp::{Stamp, Verdict};

/// One file as it came.
#[derive(Clone, Debug)]
pub struct Input {
    /// Path relative to the project, with `/`, in normal form C: `content/actors/nvidia.md`.
    pub path: Arc<str>,
    /// Its bytes.
    pub bytes: Arc<[u8]>,
    /// The digest of its bytes.
    pub fingerprint: Fingerprint,
    /// Its stamp, taken from the open file before its bytes were read: whoever writes while or after we read
    /// changes it. `None` for bytes that come from no file.
    pub stamp: Option<Stamp>,
}

impl Input {
    /// Wraps bytes that are already here.
    pub fn new(path: impl Into<Arc<str>>, bytes: impl Into<Arc<[u8]>>) -> Input {
        let bytes = bytes.into();
        Input { path: path.into(), fingerprint: Fingerprint::of(&bytes), bytes, stamp: None }
    }

    /// The same input, with the stamp of the file that it was read from.
    pub fn with_stamp(self, stamp: Stamp) -> Input {
        Input { stamp: Some(stamp), ..self }
    }
}

/// What a listing says of one file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Listed {
    /// Path relative to the project, with `/`, in normal form C.
    pub path: Arc<str>,
    /// Size in bytes.
    pub size: u64,
    /// What the file system says of it; of a link, what it says of the link itself.
    pub stamp: Stamp,
    /// What can be done with it.
    pub state: Entry,
}

/// What a directory entry is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Entry {
    /// A regular file.
    File,
    /// A symbolic link, which is never followed.
    Symlink,
    /// A pipe, socket or device, which is never opened.
    Special,
    /// A name that is not UTF-8 or not portable; the text shows it with escapes and says why.
    BadName(String),
    /// Two names that differ only in Unicode normal form; the text names the other one.
    Twin(String),
}

/// The project's files. The spine reads through this and nothing else.
pub trait Files: Sync {
    /// Lists every file below a directory of the project (`content`), sorted by path, without the junk that
    /// systems and editors leave (`*~`, `#*#`, `*.tmp`, `Thumbs.db`, names that start with `.` except `.well-known`).
    /// A directory that does not exist gives an empty list.
    ///
    /// # Errors
    /// When a directory cannot be read.
    fn list(&self, dir: &str) -> Result<Vec<Listed>, Failure>;

    /// Reads one file; `None` when there is no such file.
    ///
    /// # Errors
    /// When it is there and cannot be read.
    fn read(&self, path: &str) -> Result<Option<Input>, Failure>;

    /// The stamp of one file; `None` when there is no such regular file.
    ///
    /// # Errors
    /// When its directory cannot be searched.
    fn stamp(&self, path: &str) -> Result<Option<Stamp>, Failure>;

    /// The time by the clock that stamps are made with, in nanoseconds. Ask before listing or reading, and keep it
    /// beside the stamps: [`Stamp::verdict`] needs it. `i64::MIN` when there is no such clock, so that no stamp is
    /// believed.
    fn now(&self) -> i64;
}
