//! The few ways in which we touch a disk, each failing with the path and the reason.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Read, Write};
use std::os::unix::fs::{FileTypeExt, MetadataExt, OpenOptionsExt, PermissionsExt};
use std::path::{Path, PathBuf};

use rustix::fs::{OFlags, RenameFlags};
use rustix::io::Errno;

use crate::diag::{Exit, Failure};

/// Everything below a directory, relative to it and sorted. Symbolic links are files here: never followed.
#[derive(Default)]
pub(super) struct Tree {
    /// All that is not a directory.
    pub(super) files: Vec<Leaf>,
    /// Every directory, parents before children.
    pub(super) dirs: Vec<PathBuf>,
}

/// One entry of a [`Tree`] that is not a directory.
pub(super) struct Leaf {
    /// Relative to the root of the tree.
    pub(super) path: PathBuf,
    /// A plain file: not a link, pipe, socket or device.
    pub(super) is_plain: bool,
}

/// Lists a tree. Loops over directories, so that depth costs no stack.
pub(super) fn walk(root: &Path) -> Result<Tree, Failure> {
    let mut tree = Tree::default();
    let mut open = vec![PathBuf::new()];
    while let Some(dir) = open.pop() {
        let here = root.join(&dir);
        for entry in fs::read_dir(&here).map_err(|e| failed("list", &here, &e))? {
            let entry = entry.map_err(|e| failed("list", &here, &e))?;
            let kind = entry.file_type().map_err(|e| failed("look at", &entry.path(), &e))?;
            let path = dir.join(entry.file_name());
            if kind.is_dir() {
                tree.dirs.push(path.clone());
                open.push(path);
            } else {
                tree.files.push(Leaf { path, is_plain: kind.is_file() });
            }
        }
    }
    tree.files.sort_by(|a, b| a.path.cmp(&b.path));
    tree.dirs.sort();
    Ok(tree)
}

/// What tells one file from another, and one state of it from the next, without reading it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Stat {
    pub(super) inode: u64,
    pub(super) size: u64,
    /// Nanoseconds since 1970.
    pub(super) modified: i64,
    /// Nanoseconds since 1970; changes with every write, link, rename or change of mode, and cannot be set.
    pub(super) changed: i64,
}

impl Stat {
    pub(super) fn of(meta: &fs::Metadata) -> Stat {
        let nanos = |s: i64, ns: i64| s.saturating_mul(1_000_000_000).saturating_add(ns);
        Stat {
            inode: meta.ino(),
            size: meta.size(),
            modified: nanos(meta.mtime(), meta.mtime_nsec()),
            changed: nanos(meta.ctime(), meta.ctime_nsec()),
        }
    }
}

/// A file's metadata without following links; `None` when there is nothing, or a parent is not a directory.
pub(super) fn look(path: &Path) -> Result<Option<fs::Metadata>, Failure> {
    match fs::symlink_metadata(path) {
        Ok(meta) => Ok(Some(meta)),
        Err(e) if matches!(e.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory) => Ok(None),
        Err(e) => Err(failed("look at", path, &e)),
    }
}

/// Device and inode: what is the same for two names of one thing.
pub(super) fn identity(meta: &fs::Metadata) -> (u64, u64) {
    (meta.dev(), meta.ino())
}

/// Writes a new file, readable by all whatever the umask. Never replaces anything and never follows a link.
pub(super) fn write_new(path: &Path, bytes: &[u8]) -> io::Result<File> {
    let mut file = create_new(path)?;
    // Only a strict umask makes it differ. To set it costs the journal an entry for each file.
    if file.metadata()?.mode() & 0o7777 != 0o644 {
        file.set_permissions(fs::Permissions::from_mode(0o644))?;
    }
    file.write_all(bytes)?;
    Ok(file)
}

/// The same where new files are known to have the mode they are made with, so that nobody has to look.
pub(super) fn write_new_unmasked(path: &Path, bytes: &[u8]) -> io::Result<File> {
    let mut file = create_new(path)?;
    file.write_all(bytes)?;
    Ok(file)
}

fn create_new(path: &Path) -> io::Result<File> {
    OpenOptions::new().write(true).create_new(true).mode(0o644).open(path)
}

/// Whether this directory, just made with mode 755, has it. Then all that is made in it has the mode it is made with: neither
/// umask nor an inherited access control list takes a bit from 644 that it does not take from 755.
pub(super) fn is_unmasked(dir: &Path) -> io::Result<bool> {
    Ok(fs::symlink_metadata(dir)?.mode() & 0o5777 == 0o755)
}

/// Gives a directory a mode, keeping its set-group-id bit.
pub(super) fn set_dir_mode(path: &Path, mode: u32) -> io::Result<()> {
    let now = fs::symlink_metadata(path)?.mode() & 0o7777;
    let wanted = (mode & 0o7777) | (now & 0o2000);
    if now == wanted { Ok(()) } else { fs::set_permissions(path, fs::Permissions::from_mode(wanted)) }
}

/// Opens for reading without following a link at the end of the path.
pub(super) fn open_plain(path: &Path) -> io::Result<File> {
    OpenOptions::new().read(true).custom_flags(OFlags::NOFOLLOW.bits().cast_signed()).open(path)
}

/// Whether a file holds exactly these bytes.
pub(super) fn holds(path: &Path, bytes: &[u8]) -> io::Result<bool> {
    let mut file = open_plain(path)?;
    if file.metadata()?.len() != bytes.len() as u64 {
        return Ok(false);
    }
    let mut buffer = [0; 32 * 1024];
    let mut rest = bytes;
    loop {
        let n = match file.read(&mut buffer) {
            Ok(0) => return Ok(rest.is_empty()),
            Ok(n) => n,
            Err(e) if e.kind() == io::ErrorKind::Interrupted => continue,
            Err(e) => return Err(e),
        };
        match rest.strip_prefix(&buffer[..n]) {
            Some(tail) => rest = tail,
            None => return Ok(false),
        }
    }
}

/// Reads a plain file whole, not following a link.
pub(super) fn read_plain(path: &Path) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    open_plain(path)?.read_to_end(&mut bytes)?;
    Ok(bytes)
}

/// Gives a file a second name; where links cannot be made, copies it with mode and times.
pub(super) fn link_or_copy(from: &Path, to: &Path) -> io::Result<()> {
    let refused = match fs::hard_link(from, to) {
        Ok(()) => return Ok(()),
        Err(e) if cannot_link(&e) => e,
        Err(e) => return Err(e),
    };
    let meta = fs::symlink_metadata(from)?;
    if meta.is_symlink() {
        return std::os::unix::fs::symlink(fs::read_link(from)?, to);
    }
    if !meta.is_file() || meta.file_type().is_fifo() {
        return Err(refused);
    }
    let mut copy = OpenOptions::new().write(true).create_new(true).mode(0o600).open(to)?;
    io::copy(&mut open_plain(from)?, &mut copy)?;
    copy.set_permissions(meta.permissions())?;
    copy.set_modified(meta.modified()?)
}

/// Whether a link failed for a reason that a copy does not have: other file system, too many links, not allowed.
pub(super) fn cannot_link(error: &io::Error) -> bool {
    matches!(
        Errno::from_io_error(error),
        Some(Errno::XDEV | Errno::MLINK | Errno::PERM | Errno::NOSYS | Errno::OPNOTSUPP)
    )
}

/// Renames, failing when the new name is taken.
pub(super) fn rename_to_free(from: &Path, to: &Path) -> io::Result<()> {
    match rename_with(from, to, RenameFlags::NOREPLACE) {
        Err(e) if cannot_flag(&e) => match fs::symlink_metadata(to) {
            Err(gone) if gone.kind() == io::ErrorKind::NotFound => fs::rename(from, to),
            Err(e) => Err(e),
            Ok(_) => Err(io::Error::from(Errno::EXIST)),
        },
        result => result,
    }
}

/// Swaps two names in one step.
pub(super) fn exchange(a: &Path, b: &Path) -> io::Result<()> {
    rename_with(a, b, RenameFlags::EXCHANGE)
}

/// What [`exchange`] says where it cannot be done.
pub(super) fn no_exchange() -> io::Error {
    io::Error::from(Errno::NOSYS)
}

fn rename_with(from: &Path, to: &Path, flags: RenameFlags) -> io::Result<()> {
    let here = rustix::fs::CWD;
    rustix::io::retry_on_intr(|| rustix::fs::renameat_with(here, from, here, to, flags))
        .map_err(io::Error::from)
}

/// Whether a rename failed because this kernel or file system does not know how, so that a plain one may do.
pub(super) fn cannot_flag(error: &io::Error) -> bool {
    matches!(
        Errno::from_io_error(error),
        Some(Errno::INVAL | Errno::NOSYS | Errno::XDEV | Errno::BUSY | Errno::OPNOTSUPP)
    )
}

/// Makes what was written so far survive a power cut.
///
/// One `syncfs` instead of a `fsync` for each of ten thousand files and directories: 0.15 to 0.25 s for 10,000 files
/// of 8 KB on a quiet disk (`measure` in the tests).
pub(super) fn sync_tree(root: &Path) -> Result<(), Failure> {
    let sync = || -> io::Result<()> {
        let dir = File::open(root)?;
        #[cfg(target_os = "linux")]
        rustix::fs::syncfs(&dir)?;
        #[cfg(not(target_os = "linux"))]
        rustix::fs::sync();
        drop(dir);
        Ok(())
    };
    sync().map_err(|e| failed("bring to disk", root, &e))
}

/// Makes the bytes of a file, or the names in a directory, survive a power cut.
pub(super) fn sync_one(dir: &Path) -> Result<(), Failure> {
    File::open(dir).and_then(|dir| dir.sync_all()).map_err(|e| failed("bring to disk", dir, &e))
}

/// A failure of the disk: what we wanted, where, why not, and what to do where we know.
pub(super) fn failed(what: &str, path: &Path, error: &io::Error) -> Failure {
    let failure = Failure::machine(format!("cannot {what} `{}`", show(path)), error);
    let help = match Errno::from_io_error(error) {
        Some(Errno::NOSPC) => return disk_full(what, path, error, 0),
        Some(Errno::DQUOT) => "your quota on this file system is used up; make room and build again",
        Some(Errno::ACCESS | Errno::PERM) => {
            "give yourself permission to write there, or choose another output"
        }
        Some(Errno::ROFS) => "this file system is read-only; choose another output",
        Some(Errno::MFILE | Errno::NFILE) => "too many files are open; raise the limit (`ulimit -n`)",
        Some(Errno::NAMETOOLONG) => "choose an output with a shorter path",
        _ => "",
    };
    failure.help(help)
}

/// A full disk, with what is missing as far as we know it.
pub(super) fn disk_full(what: &str, path: &Path, error: &io::Error, needed: u64) -> Failure {
    let failure = Failure::machine(format!("the disk is full: cannot {what} `{}`", show(path)), error);
    let place = path.ancestors().skip(1).find(|dir| dir.is_dir());
    let help = match place.map(rustix::fs::statvfs) {
        Some(Ok(disk)) if disk.f_files > 0 && disk.f_favail == 0 => {
            "it has no room for another file, though it may have for bytes; delete some files and build again"
                .to_owned()
        }
        Some(Ok(disk)) if needed > 0 => {
            let free = disk.f_bavail.saturating_mul(disk.f_frsize);
            let missing = needed.saturating_sub(free).max(disk.f_frsize);
            format!("this file needs {} more; make room and build again", megabytes(missing))
        }
        _ => "make room and build again".to_owned(),
    };
    failure.help(help)
}

fn megabytes(bytes: u64) -> String {
    let tenths = bytes.div_ceil(100_000);
    format!("{}.{} MB", tenths / 10, tenths % 10)
}

/// A bug of ours, at a path.
pub(super) fn bug(message: String) -> Failure {
    Failure::new(Exit::Bug, message).help("please report this; the site was left as it was")
}

/// A path as a person can read it on one line: control characters and bytes that are not UTF-8 are escaped.
pub(super) fn show(path: &Path) -> String {
    let mut out = String::new();
    for chunk in path.as_os_str().as_encoded_bytes().utf8_chunks() {
        for c in chunk.valid().chars() {
            match c.is_control() {
                true => out.extend(c.escape_default()),
                false => out.push(c),
            }
        }
        for byte in chunk.invalid() {
            out.push_str(&format!("\\x{byte:02x}"));
        }
    }
    out
}
