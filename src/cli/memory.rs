//! What is remembered between builds, on disk: `.rejoinder/ledger`.

#![allow(clippy::disallowed_methods, reason = "the command line is where files of our own are kept")]

use std::fs::{self, File, OpenOptions};
use std::io::{self, Write};
use std::os::unix::fs::{FileExt, MetadataExt};
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use super::context::Context;
use crate::engine::Ledger;

/// The ledger of a project, and whose it is.
pub(super) struct Memory {
    /// The program that runs now. Another build of it has another name, so that it believes nothing it did not write.
    pub(super) program: String,
    /// What is remembered; empty when there is nothing that can be read.
    pub(super) ledger: Ledger,
    path: PathBuf,
    /// The file that `ledger` was read from.
    inode: Option<u64>,
}

impl Memory {
    /// Writes behind the ledger that was read, if that is still what lies there, and as long as it was.
    fn add(&self, at: u64, bytes: &[u8]) -> io::Result<()> {
        let mut file = OpenOptions::new().append(true).open(&self.path)?;
        let meta = file.metadata()?;
        match meta.len() == at && Some(meta.ino()) == self.inode {
            true => file.write_all(bytes),
            false => Err(io::ErrorKind::NotFound.into()),
        }
    }

    /// Reads the ledger of the project; with `no_cache` it counts as empty.
    pub(super) fn open(context: &Context, no_cache: bool) -> Memory {
        let path = path(context);
        let (mut ledger, mut inode) = (Ledger::default(), None);
        if let Some((file, meta)) = open(&path).filter(|_| !no_cache) {
            inode = Some(meta.ino());
            // Whatever becomes of its name, this stays the file that was there.
            let fetch = move |at: u64, length: usize| {
                let mut bytes = vec![0; length];
                file.read_exact_at(&mut bytes, at).ok().map(|()| bytes)
            };
            ledger = Ledger::open(meta.len(), Box::new(fetch));
        }
        Memory { program: program(), ledger, path, inode }
    }

    /// Writes down what a build remembered, beside what was remembered before. A few lines that go behind that are left for
    /// [`Memory::keep`].
    pub(super) fn draft(&self, ledger: Option<Ledger>) -> Draft {
        let beside = self.path.with_extension(format!("new-{}", std::process::id()));
        let mut draft = Draft { ledger, beside, written: None };
        draft.written = draft.ledger.as_ref().filter(|it| it.addition().is_none()).map(|it| draft.write(it));
        draft
    }

    /// Keeps what was written down. It is only there to save time, so that it cannot be kept is no more than a remark.
    pub(super) fn keep(&self, mut draft: Draft) -> Option<String> {
        let ledger = draft.ledger.take()?;
        if let Some((at, bytes)) = ledger.addition()
            && self.add(at, &bytes).is_ok()
        {
            return None;
        }
        let written = draft.written.take().unwrap_or_else(|| draft.write(&ledger));
        let kept = written.and_then(|()| fs::rename(&draft.beside, &self.path));
        kept.err().map(|error| {
            let path = self.path.display();
            format!("cannot write `{path}` ({error}); the next build will make every page again")
        })
    }
}

/// What a build remembered, not yet in the place of what was remembered before. Dropped, it takes its file away.
pub(super) struct Draft {
    ledger: Option<Ledger>,
    beside: PathBuf,
    /// Whether it could be written to `beside`; `None` when nobody tried.
    written: Option<io::Result<()>>,
}

impl Draft {
    /// Not synced: what a power cut leaves of it has another digest than it says, and is as good as nothing.
    fn write(&self, ledger: &Ledger) -> io::Result<()> {
        ledger.write_to(&mut File::create(&self.beside)?)
    }
}

impl Drop for Draft {
    fn drop(&mut self) {
        // Nothing lies there once it is kept.
        let _ = fs::remove_file(&self.beside);
    }
}

/// A file that is a plain one, and how it looks.
fn open(path: &Path) -> Option<(File, fs::Metadata)> {
    let file = File::open(path).ok()?;
    let meta = file.metadata().ok().filter(fs::Metadata::is_file)?;
    Some((file, meta))
}

/// Where the ledger of a project is.
fn path(context: &Context) -> PathBuf {
    context.root.join(".rejoinder/ledger")
}

/// Every file of ours that remembers something: the ledger, and what a crash left of one.
pub(super) fn files(context: &Context) -> Vec<PathBuf> {
    let path = path(context);
    let there = path.parent().and_then(|dir| fs::read_dir(dir).ok()).into_iter().flatten().flatten();
    let ours = there.filter(|it| it.file_name().to_str().is_some_and(|name| name.starts_with("ledger.new-")));
    ours.map(|it| it.path()).chain([path.clone()]).collect()
}

/// The version, and the size and time of the file the program was started from.
fn program() -> String {
    let own = std::env::current_exe().and_then(fs::metadata).ok();
    let of_file = own.map(|it| {
        let modified = it.modified().ok().and_then(|it| it.duration_since(SystemTime::UNIX_EPOCH).ok());
        (it.len(), modified.map(|it| it.as_nanos()))
    });
    format!("{} {of_file:?}", env!("CARGO_PKG_VERSION"))
}
