//! The project's files on a disk, read as strictly as untrusted content deserves.
//!
//! A symbolic link is never followed, not even one that is swapped in between listing and reading: every part
//! of a path is opened on its own with `O_NOFOLLOW`. Pipes, sockets and devices are never read.

#![allow(clippy::disallowed_methods, reason = "this is the one place that reads the project from a disk")]

use std::ffi::OsStr;
use std::fs::{self, File};
use std::io::{self, Read};
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};

use rustix::fd::{AsFd, OwnedFd};
use rustix::fs::{AtFlags, FileType, Mode, OFlags};
use rustix::io::Errno;
use unicode_normalization::UnicodeNormalization;
use walkdir::WalkDir;

use super::listing::{Found, is_junk, name_problem, settle};
use super::{Entry, Files, Input, Listed, Stamp, clock};
use crate::diag::{Exit, Failure};

/// How many directories may stand inside each other.
const MAX_DEPTH: usize = 64;
/// Longest path below the project, in bytes; common hosts and file systems end here.
const MAX_PATH: usize = 1024;

/// No file is given more memory than this before its bytes are seen: what it says of its size may not be true.
const LARGE: u64 = 1 << 20;

/// A directory on disk.
#[derive(Clone, Debug)]
pub struct DiskFiles {
    root: PathBuf,
    /// The same as it was named, for messages.
    named: PathBuf,
}

/// An open file.
struct Opened {
    file: File,
    stamp: Stamp,
}

impl DiskFiles {
    /// Reads below `root`, which is trusted: it may itself be reached through links.
    pub fn new(named: PathBuf) -> DiskFiles {
        // `.` would still mean a directory that has been deleted when another stands in its place.
        let place = if named.as_os_str().is_empty() { Path::new(".") } else { &named };
        DiskFiles { root: std::path::absolute(place).unwrap_or_else(|_| place.to_owned()), named }
    }

    fn shown(&self, path: &str) -> String {
        match self.named == Path::new(".") || self.named.as_os_str().is_empty() {
            true if path.is_empty() => ".".to_owned(),
            true => path.to_owned(),
            false => self.named.join(path).display().to_string(),
        }
    }

    fn cannot_list(&self, path: &str, cause: &dyn std::fmt::Display) -> Failure {
        Failure::machine(format!("cannot list `{}`", self.shown(path)), cause)
    }

    fn cannot_read(&self, path: &str, cause: &dyn std::fmt::Display) -> Failure {
        Failure::machine(format!("cannot read `{}`", self.shown(path)), cause)
    }

    fn refused(&self, path: &str, why: &str) -> Failure {
        Failure::new(Exit::Refused, format!("will not read `{}`: {why}", self.shown(path)))
    }

    /// The first part of a path that is a symbolic link; `Err(None)` when the directory does not exist.
    fn first_link(&self, dir: &str) -> Result<Option<String>, Option<io::Error>> {
        let mut here = self.root.clone();
        let mut walked: Vec<&str> = Vec::new();
        for part in parts(dir) {
            here.push(part);
            walked.push(part);
            let metadata = fs::symlink_metadata(&here).map_err(|error| match error.kind() {
                io::ErrorKind::NotFound | io::ErrorKind::NotADirectory => None,
                _ => Some(error),
            })?;
            if metadata.file_type().is_symlink() {
                return Ok(Some(walked.join("/")));
            }
            if !metadata.is_dir() {
                return Err(Some(io::Error::from(io::ErrorKind::NotADirectory)));
            }
        }
        Ok(None)
    }

    /// Opens a regular file without following links, and says how it looks.
    fn open(&self, path: &str) -> Result<Option<Opened>, Failure> {
        let names: Vec<&OsStr> = parts(path).map(OsStr::new).collect();
        let flags = OFlags::RDONLY | OFlags::DIRECTORY | OFlags::CLOEXEC;
        let dir = match rustix::fs::open(&self.root, flags, Mode::empty()) {
            Ok(dir) => dir,
            Err(Errno::NOENT) => return Ok(None),
            Err(errno) => return Err(self.cannot_read("", &io::Error::from(errno))),
        };
        match open_at_once(&dir, path) {
            Some(opened) => self.regular(opened, path),
            None => self.open_below(&dir, &names, path),
        }
    }

    fn open_below(&self, dir: &OwnedFd, names: &[&OsStr], path: &str) -> Result<Option<Opened>, Failure> {
        let Some((first, rest)) = names.split_first() else { return Ok(None) };
        let found = self.open_one(dir, first, rest, path)?;
        if found.is_some() || first.is_ascii() {
            return Ok(found);
        }
        // Paths are spoken of in normal form C; the disk may hold the same name in another form.
        let same = |name: &[u8]| {
            let (Ok(name), Some(first)) = (std::str::from_utf8(name), first.to_str()) else { return false };
            name != first && name.nfc().eq(first.chars())
        };
        let entries = rustix::fs::Dir::read_from(dir)
            .map_err(|errno| self.cannot_read(path, &io::Error::from(errno)))?;
        for entry in entries {
            let entry = entry.map_err(|errno| self.cannot_read(path, &io::Error::from(errno)))?;
            let name = entry.file_name().to_bytes();
            if same(name)
                && let Some(file) = self.open_one(dir, OsStr::from_bytes(name), rest, path)?
            {
                return Ok(Some(file));
            }
        }
        Ok(None)
    }

    fn open_one(
        &self,
        dir: &OwnedFd,
        name: &OsStr,
        rest: &[&OsStr],
        path: &str,
    ) -> Result<Option<Opened>, Failure> {
        // Without NONBLOCK a pipe that was swapped in would hold us until somebody writes to it.
        let kind = if rest.is_empty() { OFlags::NONBLOCK } else { OFlags::DIRECTORY };
        let flags = OFlags::RDONLY | OFlags::NOFOLLOW | OFlags::CLOEXEC | kind;
        let opened = match rustix::fs::openat(dir, name, flags, Mode::empty()) {
            Ok(opened) => opened,
            Err(Errno::NOENT) => return Ok(None),
            Err(_) if is_link(dir, name) => {
                return Err(self.refused(path, "a symbolic link stands in its path"));
            }
            Err(Errno::NOTDIR) => return Ok(None),
            // A socket cannot be opened at all.
            Err(Errno::NXIO) => return Err(self.refused(path, "it is not a regular file")),
            Err(errno) => return Err(self.cannot_read(path, &io::Error::from(errno))),
        };
        match rest.is_empty() {
            true => self.regular(opened, path),
            false => self.open_below(&opened, rest, path),
        }
    }

    /// What was opened, if it is a regular file.
    fn regular(&self, opened: OwnedFd, path: &str) -> Result<Option<Opened>, Failure> {
        let stat =
            rustix::fs::fstat(&opened).map_err(|errno| self.cannot_read(path, &io::Error::from(errno)))?;
        match FileType::from_raw_mode(stat.st_mode) {
            FileType::RegularFile => {
                Ok(Some(Opened { file: File::from(opened), stamp: Stamp::of_stat(&stat) }))
            }
            FileType::Directory => Ok(None),
            _ => Err(self.refused(path, "it is not a regular file")),
        }
    }
}

impl Files for DiskFiles {
    fn list(&self, dir: &str) -> Result<Vec<Listed>, Failure> {
        let dir = dir.trim_end_matches('/');
        if !stays_inside(dir) {
            return Ok(Vec::new());
        }
        match self.first_link(dir) {
            Ok(None) => (),
            Ok(Some(link)) => {
                let metadata = fs::symlink_metadata(self.root.join(&link));
                let stamp = metadata.map(|it| Stamp::of(&it)).unwrap_or_default();
                return Ok(vec![Listed {
                    path: link.into(),
                    size: stamp.size,
                    stamp,
                    state: Entry::Symlink,
                }]);
            }
            Err(None) => return Ok(Vec::new()),
            Err(Some(error)) => return Err(self.cannot_list(dir, &error)),
        }
        let start = if dir.is_empty() { self.root.clone() } else { self.root.join(dir) };
        let mut walk = WalkDir::new(&start).min_depth(1).follow_links(false).into_iter();
        let (mut found, mut asker) = (Vec::new(), Asker::default());
        while let Some(entry) = walk.next() {
            let entry = match entry {
                Ok(entry) => entry,
                // What disappears while we look was never there.
                Err(error) if error.io_error().is_some_and(|it| it.kind() == io::ErrorKind::NotFound) => {
                    continue;
                }
                Err(error) => {
                    let below = error.path().and_then(|path| path.strip_prefix(&self.root).ok());
                    let path =
                        below.map_or_else(|| dir.to_owned(), |path| utf8_or_escaped(path.as_os_str()).0);
                    let cause = error.io_error().map_or_else(|| error.to_string(), ToString::to_string);
                    return Err(self.cannot_list(&path, &cause));
                }
            };
            let is_dir = entry.file_type().is_dir();
            let relative = entry.path().strip_prefix(&start).unwrap_or(entry.path());
            let (below, problem) = utf8_or_escaped(relative.as_os_str());
            let own_name = below.rsplit('/').next().unwrap_or(&below);
            let problem = problem.or_else(|| match entry.depth() {
                _ if is_junk(own_name) => None,
                depth if depth > MAX_DEPTH => {
                    Some(format!("it stands more than {MAX_DEPTH} directories deep"))
                }
                _ if dir.len() + below.len() >= MAX_PATH => {
                    Some(format!("its path is over {MAX_PATH} bytes long"))
                }
                _ => name_problem(own_name),
            });
            if is_dir && (problem.is_some() || is_junk(own_name)) {
                walk.skip_current_dir();
            }
            if is_junk(own_name) || is_dir && problem.is_none() {
                continue;
            }
            let file_type = entry.file_type();
            let state = match problem {
                Some(problem) => Entry::BadName(problem),
                None if file_type.is_file() => Entry::File,
                None if file_type.is_symlink() => Entry::Symlink,
                None => Entry::Special,
            };
            // What disappears while we look was never there.
            let Some(stamp) = asker.stamp(entry.path()) else { continue };
            let name = if dir.is_empty() { below } else { format!("{dir}/{below}") };
            found.push(Found { name, stamp, state });
        }
        Ok(settle(found))
    }

    fn read(&self, path: &str) -> Result<Option<Input>, Failure> {
        if !stays_inside(path) {
            return Ok(None);
        }
        let Some(Opened { file, stamp }) = self.open(path)? else { return Ok(None) };
        // `File::read_to_end` would ask for the size once more. One byte more shows the end without another buffer.
        let mut bytes = Vec::with_capacity(stamp.size.min(LARGE) as usize + 1);
        file.take(u64::MAX).read_to_end(&mut bytes).map_err(|error| self.cannot_read(path, &error))?;
        let path: String = path.nfc().collect();
        Ok(Some(Input::new(path, bytes).with_stamp(stamp)))
    }

    fn stamp(&self, path: &str) -> Result<Option<Stamp>, Failure> {
        if !stays_inside(path) {
            return Ok(None);
        }
        let dir = path.rsplit_once('/').map_or("", |(dir, _)| dir);
        match self.first_link(dir) {
            Ok(None) => (),
            Ok(Some(_)) | Err(None) => return Ok(None),
            Err(Some(error)) if error.kind() == io::ErrorKind::NotADirectory => return Ok(None),
            Err(Some(error)) => return Err(self.cannot_read(path, &error)),
        }
        match fs::symlink_metadata(self.root.join(path)) {
            Ok(metadata) if metadata.is_file() => Ok(Some(Stamp::of(&metadata))),
            Ok(_) => Ok(None),
            Err(error) if matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory) => {
                // The disk may hold the same name in another normal form.
                let file = if path.is_ascii() { None } else { self.open(path)? };
                Ok(file.map(|it| it.stamp))
            }
            Err(error) => Err(self.cannot_read(path, &error)),
        }
    }

    fn now(&self) -> i64 {
        clock::now(&self.root)
    }
}

/// Asks for stamps of files that come directory by directory. Asking below an open directory spares the system the
/// way from the root: a third of the time of a listing.
#[derive(Default)]
struct Asker {
    dir: Option<(PathBuf, OwnedFd)>,
}

impl Asker {
    /// The stamp of a path, of a link that of the link itself; nothing for what cannot be asked.
    fn stamp(&mut self, path: &Path) -> Option<Stamp> {
        let (parent, name) = (path.parent()?, path.file_name()?);
        if self.dir.as_ref().is_none_or(|(dir, _)| dir.as_os_str() != parent.as_os_str()) {
            let flags = OFlags::PATH | OFlags::DIRECTORY | OFlags::CLOEXEC;
            self.dir = Some((parent.to_owned(), rustix::fs::open(parent, flags, Mode::empty()).ok()?));
        }
        let (_, dir) = self.dir.as_ref()?;
        let stat = rustix::fs::statat(dir, name, AtFlags::SYMLINK_NOFOLLOW).ok()?;
        Some(Stamp::of_stat(&stat))
    }
}

/// Opens a path in one call, where the kernel knows how to refuse every link on the way (Linux, from 5.6). `None` when that is not
/// to be had, whyever: who goes part by part finds the reason.
#[cfg(target_os = "linux")]
fn open_at_once(dir: &OwnedFd, path: &str) -> Option<OwnedFd> {
    use rustix::fs::ResolveFlags;
    // Without NONBLOCK a pipe would hold us until somebody writes to it.
    let flags = OFlags::RDONLY | OFlags::NOFOLLOW | OFlags::CLOEXEC | OFlags::NONBLOCK;
    let resolve = ResolveFlags::BENEATH | ResolveFlags::NO_SYMLINKS;
    rustix::fs::openat2(dir, path, flags, Mode::empty(), resolve).ok()
}

#[cfg(not(target_os = "linux"))]
fn open_at_once(_: &OwnedFd, _: &str) -> Option<OwnedFd> {
    None
}

fn is_link(dir: &OwnedFd, name: &OsStr) -> bool {
    let stat = rustix::fs::statat(dir.as_fd(), name, AtFlags::SYMLINK_NOFOLLOW);
    stat.is_ok_and(|stat| FileType::from_raw_mode(stat.st_mode) == FileType::Symlink)
}

fn parts(path: &str) -> impl Iterator<Item = &str> {
    path.split('/').filter(|part| !part.is_empty())
}

/// Whether a path cannot lead out of the project by its words alone.
fn stays_inside(path: &str) -> bool {
    !path.starts_with('/') && !path.contains('\0') && path.split('/').all(|part| part != ".." && part != ".")
}

/// A name as text; one that is not UTF-8 with its odd bytes as `\xff`, and what is wrong with it.
fn utf8_or_escaped(name: &OsStr) -> (String, Option<String>) {
    match name.to_str() {
        Some(name) => (name.to_owned(), None),
        None => {
            let escaped = name.as_bytes().escape_ascii().to_string();
            let problem = format!("`{escaped}` is not UTF-8");
            (escaped, Some(problem))
        }
    }
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::{PermissionsExt, symlink};

    use super::*;

    fn project(files: &[(&str, &str)]) -> (tempfile::TempDir, DiskFiles) {
        let dir = tempfile::tempdir().unwrap();
        for (path, text) in files {
            let path = dir.path().join(path);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, text).unwrap();
        }
        let files = DiskFiles::new(dir.path().to_owned());
        (dir, files)
    }

    fn listed(files: &DiskFiles, dir: &str) -> Vec<(String, Entry)> {
        files.list(dir).unwrap().into_iter().map(|it| (it.path.to_string(), it.state)).collect()
    }

    #[test]
    fn a_stamp_is_the_same_by_every_way_and_another_after_each_write() {
        let (dir, files) =
            project(&[("content/a.md", "one"), ("content/e\u{301}.md", ""), ("site.yaml", "")]);
        let listed = files.list("content").unwrap();
        for it in &listed {
            assert_eq!(Some(it.stamp), files.stamp(&it.path).unwrap(), "{}", it.path);
            assert_eq!(Some(it.stamp), files.read(&it.path).unwrap().unwrap().stamp, "{}", it.path);
        }
        assert_eq!((listed.len(), listed[0].stamp.size), (2, 3));
        let before = listed[0].stamp;
        fs::write(dir.path().join("content/a.md"), "four").unwrap();
        assert_ne!(Some(before), files.stamp("content/a.md").unwrap());
        // Same size, and the time set back: the inode and the time of change tell.
        fs::write(dir.path().join("content/new"), "one").unwrap();
        let old = fs::metadata(dir.path().join("site.yaml")).unwrap().modified().unwrap();
        File::open(dir.path().join("content/new")).unwrap().set_modified(old).unwrap();
        fs::rename(dir.path().join("content/new"), dir.path().join("content/a.md")).unwrap();
        let after = files.stamp("content/a.md").unwrap().unwrap();
        assert!(after.size == before.size && after.inode != before.inode && after.changed != after.modified);
        symlink("a.md", dir.path().join("content/link.md")).unwrap();
        for nothing in ["content/link.md", "content", "content/a.md/x", "nowhere/x", "", "../x", "content/é"]
        {
            assert_eq!(files.stamp(nothing).unwrap(), None, "{nothing:?}");
        }
        assert!(files.now() > after.changed - 20_000_000);
        let later = DiskFiles::new(dir.path().join("not/yet"));
        assert_eq!((later.stamp("a.md").unwrap(), later.now()), (None, i64::MIN));
    }

    #[test]
    fn files_come_sorted_and_without_junk() {
        let (_dir, files) = project(&[
            ("content/b.md", "bb"),
            ("content/a/c.md", "c"),
            ("content/a.md", ""),
            ("content/.git/config", ""),
            ("content/.DS_Store", ""),
            ("content/.a.md.swp", ""),
            ("content/a.md~", ""),
            ("content/a.md.tmp", ""),
            ("content/a.md___jb_tmp___", ""),
            ("content/.well-known/x", ""),
            ("site.yaml", ""),
        ]);
        let list = files.list("content").unwrap();
        let paths: Vec<&str> = list.iter().map(|it| &*it.path).collect();
        assert_eq!(paths, ["content/.well-known/x", "content/a.md", "content/a/c.md", "content/b.md"]);
        assert_eq!(list[3].size, 2);
        assert_eq!(listed(&files, "nowhere/at/all"), []);
        assert_eq!(listed(&files, "content/a/").len(), 1);
        assert_eq!(listed(&files, "").len(), 5);
        let input = files.read("content/b.md").unwrap().unwrap();
        assert_eq!((&*input.path, &*input.bytes), ("content/b.md", &b"bb"[..]));
        for nothing in [
            "content/x.md",
            "content",
            "content/b.md/x",
            "",
            "../content/b.md",
            "/etc/passwd",
            "content/./b.md",
        ] {
            assert!(files.read(nothing).unwrap().is_none(), "{nothing}");
        }
        assert!(files.list("site.yaml").unwrap_err().to_string().contains("site.yaml"));
    }

    #[test]
    fn links_are_named_and_never_followed() {
        let (dir, files) = project(&[("content/a.md", "a"), ("secret/s.md", "s")]);
        let content = dir.path().join("content");
        symlink("/etc/passwd", content.join("passwd.md")).unwrap();
        symlink(".", content.join("loop")).unwrap();
        symlink("../secret", content.join("out")).unwrap();
        symlink("nowhere", content.join("dangling")).unwrap();
        let link = |name: &str| (format!("content/{name}"), Entry::Symlink);
        let expected = [
            ("content/a.md".to_owned(), Entry::File),
            link("dangling"),
            link("loop"),
            link("out"),
            link("passwd.md"),
        ];
        assert_eq!(listed(&files, "content"), expected);
        for path in ["content/passwd.md", "content/out/s.md", "content/loop/a.md", "content/dangling"] {
            let failure = files.read(path).unwrap_err();
            assert_eq!(failure.exit, Exit::Refused, "{path}");
            assert!(failure.message.contains(path) && failure.message.contains("symbolic link"), "{failure}");
        }
        symlink("content", dir.path().join("alias")).unwrap();
        assert_eq!(listed(&files, "alias"), [("alias".to_owned(), Entry::Symlink)]);
        assert_eq!(listed(&files, "alias/deeper"), [("alias".to_owned(), Entry::Symlink)]);
    }

    #[test]
    fn pipes_and_sockets_are_named_and_never_opened() {
        let (dir, files) = project(&[("content/a.md", "a")]);
        let pipe = dir.path().join("content/pipe.md");
        rustix::fs::mknodat(rustix::fs::CWD, &pipe, FileType::Fifo, Mode::from_raw_mode(0o644), 0).unwrap();
        let _socket = std::os::unix::net::UnixListener::bind(dir.path().join("content/s.md")).unwrap();
        let special = |name: &str| (format!("content/{name}"), Entry::Special);
        assert_eq!(listed(&files, "content")[1..], [special("pipe.md"), special("s.md")]);
        for path in ["content/pipe.md", "content/s.md"] {
            assert!(files.read(path).unwrap_err().message.contains("not a regular file"), "{path}");
        }
    }

    #[test]
    fn names_that_cannot_travel_are_shown_with_the_reason() {
        let (dir, files) =
            project(&[("content/aux.md", ""), ("content/a:b/c.md", ""), ("content/x .md", "")]);
        let odd = dir.path().join("content").join(OsStr::from_bytes(b"caf\xe9.md"));
        fs::write(odd, "").unwrap();
        let bad = |path: &str, why: &str| (path.to_owned(), Entry::BadName(why.to_owned()));
        let expected = [
            bad("content/a:b", "`a:b`: it holds ':', which not every host can carry"),
            bad("content/aux.md", "`aux.md` is a device name on Windows"),
            bad(r"content/caf\xe9.md", r"`caf\xe9.md` is not UTF-8"),
            ("content/x .md".to_owned(), Entry::File),
        ];
        assert_eq!(listed(&files, "content"), expected);
    }

    #[test]
    fn twins_are_named_and_either_form_can_be_read() {
        let (_dir, files) = project(&[
            ("content/é.md", "composed"),
            ("content/e\u{301}.md", "decomposed"),
            ("content/u\u{308}/o\u{308}.md", "deep"),
        ]);
        let file = |path: &str| (path.to_owned(), Entry::File);
        let twin = ("content/é.md".to_owned(), Entry::Twin(r"content/e\u{301}.md".to_owned()));
        assert_eq!(listed(&files, "content"), [file("content/é.md"), twin, file("content/ü/ö.md")]);
        assert_eq!(&*files.read("content/é.md").unwrap().unwrap().bytes, b"composed");
        assert_eq!(&*files.read("content/ü/ö.md").unwrap().unwrap().bytes, b"deep");
    }

    #[test]
    fn very_deep_directories_are_reported_once() {
        let deep = format!("content/{}a.md", "d/".repeat(70));
        let (_dir, files) = project(&[(&deep, ""), ("content/z.md", "")]);
        let list = listed(&files, "content");
        let states: Vec<&Entry> = list.iter().map(|(_, state)| state).collect();
        let why = Entry::BadName("it stands more than 64 directories deep".to_owned());
        assert_eq!(states, [&why, &Entry::File]);
    }

    #[test]
    fn what_cannot_be_read_is_named_with_the_cause() {
        let (dir, files) = project(&[("content/shut/a.md", "a")]);
        let shut = dir.path().join("content/shut");
        fs::set_permissions(&shut, fs::Permissions::from_mode(0o000)).unwrap();
        // Root reads everything, so there is nothing to see then.
        if !rustix::process::geteuid().is_root() {
            let failure = files.list("content").unwrap_err();
            assert_eq!(failure.exit, Exit::Machine);
            assert!(
                failure.message.contains("content/shut") && failure.cause.contains("denied"),
                "{failure}"
            );
        }
        fs::set_permissions(&shut, fs::Permissions::from_mode(0o755)).unwrap();
    }
}
