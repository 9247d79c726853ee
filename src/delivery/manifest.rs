//! The manifest: the list of what we wrote, kept inside the output as `.rejoinder.json`.
//!
//! It lies inside so that it is swapped in the same step as the files it names, and travels with the directory.
//! One file a line, sorted, with nothing of this machine in it (no times, no inodes): the same site gives the same
//! bytes. A manifest that we cannot read in full is worth nothing: a guess here would delete somebody's files.

use std::fmt::Write;
use std::io;
use std::path::Path;

use serde::Deserialize;

use super::tree;
use crate::text::{Fingerprint, OutPath};

/// The name of the manifest inside the output.
pub(super) const NAME: &str = ".rejoinder.json";

const VERSION: u32 = 1;

/// What we wrote: each file with its size and fingerprint.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Manifest {
    /// Sorted by path.
    files: Vec<(String, Listed)>,
}

/// What the manifest says of one file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Listed {
    pub(super) size: u64,
    pub(super) fingerprint: Fingerprint,
}

/// Why a file named `.rejoinder.json` is not a manifest we can trust.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum ManifestProblem {
    /// It could not be read; the reason as the system gave it.
    Unreadable(String),
    /// It is a link or a directory.
    NotAFile,
    /// It is not whole, or not of the shape we write.
    Damaged,
    /// Another version of the program wrote it.
    Version(u32),
    /// It names a file that we could not have written.
    Hostile(String),
}

impl std::fmt::Display for ManifestProblem {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            ManifestProblem::Unreadable(cause) => write!(f, "it cannot be read ({cause})"),
            ManifestProblem::NotAFile => write!(f, "it is not a plain file"),
            ManifestProblem::Damaged => write!(f, "it is damaged"),
            ManifestProblem::Version(n) => {
                write!(f, "it has version {n}, and this program knows only {VERSION}")
            }
            ManifestProblem::Hostile(path) => write!(f, "it names {path:?}, which we cannot have written"),
        }
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Head {
    rejoinder: u32,
    files: Vec<Line>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Line {
    path: String,
    size: u64,
    blake3: String,
}

/// Only the version, so that a later shape is told from damage.
#[derive(Deserialize)]
struct VersionOnly {
    rejoinder: u32,
}

impl Manifest {
    /// A manifest of these files, which come sorted by path.
    pub(super) fn new(files: Vec<(String, Listed)>) -> Manifest {
        Manifest { files }
    }

    /// Reads the manifest of an output, with its bytes; `None` when there is none.
    ///
    /// # Errors
    /// When there is one that we cannot trust.
    pub(super) fn read(output: &Path) -> Result<Option<(Manifest, Vec<u8>)>, ManifestProblem> {
        Manifest::read_at(&output.join(NAME))
    }

    /// Reads the manifest at a path of its own, like [`Manifest::read`].
    pub(super) fn read_at(path: &Path) -> Result<Option<(Manifest, Vec<u8>)>, ManifestProblem> {
        let unreadable = |e: &io::Error| ManifestProblem::Unreadable(e.to_string());
        match std::fs::symlink_metadata(path) {
            Ok(meta) if !meta.is_file() => return Err(ManifestProblem::NotAFile),
            Ok(_) => (),
            Err(e) if e.kind() == io::ErrorKind::NotFound => return Ok(None),
            Err(e) => return Err(unreadable(&e)),
        }
        let bytes = tree::read_plain(path).map_err(|e| unreadable(&e))?;
        Ok(Some((Manifest::parse(&bytes)?, bytes)))
    }

    /// Reads the bytes of a manifest: whole, of our version, sorted, with paths that stay inside, or not at all.
    pub(super) fn parse(bytes: &[u8]) -> Result<Manifest, ManifestProblem> {
        // As we write it, it is read by eye: JSON at large takes five times as long, and every build reads it.
        let lines = match as_we_write(bytes) {
            Some(lines) => lines,
            None => as_json(bytes)?,
        };
        let mut files: Vec<(String, Listed)> = Vec::with_capacity(lines.len());
        for line in lines {
            let is_ours = OutPath::new(&line.path).is_ok_and(|path| path.as_str() == line.path)
                && !is_reserved(&line.path);
            if !is_ours {
                return Err(ManifestProblem::Hostile(line.path));
            }
            let fingerprint = Fingerprint::from_hex(&line.blake3).ok_or(ManifestProblem::Damaged)?;
            let is_sorted = files.last().is_none_or(|(last, _)| *last < line.path);
            if !is_sorted {
                return Err(ManifestProblem::Damaged);
            }
            files.push((line.path, Listed { size: line.size, fingerprint }));
        }
        Ok(Manifest { files })
    }

    /// The bytes on disk.
    pub(super) fn to_bytes(&self) -> Vec<u8> {
        // Room for all of it: a text of megabytes that grows is there twice while it moves.
        const BESIDE_PATH: usize = 120;
        let room: usize = self.files.iter().map(|(path, _)| path.len() + BESIDE_PATH).sum();
        let mut out = String::with_capacity(room + BESIDE_PATH);
        let started = write!(out, "{{\"rejoinder\": {VERSION}, \"files\": [");
        started.expect("writing to a string cannot fail");
        for (idx, (path, listed)) in self.files.iter().enumerate() {
            let comma = if idx == 0 { "" } else { "," };
            let (size, hex) = (listed.size, listed.fingerprint.hex());
            let is_plain = !path.bytes().any(|it| matches!(it, b'"' | b'\\' | 0..b' '));
            let written = match is_plain {
                true => write!(out, "{comma}\n{{\"path\": \"{path}\""),
                false => write!(out, "{comma}\n{{\"path\": {}", serde_json::Value::from(path.as_str())),
            };
            let written = written.and_then(|()| write!(out, ", \"size\": {size}, \"blake3\": \"{hex}\"}}"));
            written.expect("writing to a string cannot fail");
        }
        out.push_str("\n]}\n");
        out.into_bytes()
    }

    /// What it says of a file, and at which place.
    pub(super) fn find(&self, path: &str) -> Option<(usize, &Listed)> {
        let idx = self.files.binary_search_by(|(it, _)| it.as_str().cmp(path)).ok()?;
        Some((idx, &self.files[idx].1))
    }

    /// Whether it names a file.
    pub(super) fn names(&self, path: &Path) -> bool {
        path.to_str().is_some_and(|path| self.find(path).is_some())
    }

    /// Only what it says of the files below a directory.
    pub(super) fn below(&self, dir: &Path) -> Manifest {
        let files = self.files.iter().filter(|(path, _)| Path::new(path).starts_with(dir));
        Manifest { files: files.cloned().collect() }
    }

    /// How many files it names.
    pub(super) fn len(&self) -> usize {
        self.files.len()
    }

    /// Every file, sorted by path.
    pub(super) fn entries(&self) -> impl Iterator<Item = (&str, &Listed)> {
        self.files.iter().map(|(path, listed)| (path.as_str(), listed))
    }

    /// Every path, sorted.
    pub(super) fn paths(&self) -> impl Iterator<Item = &str> {
        self.files.iter().map(|(path, _)| path.as_str())
    }
}

/// The lines of a manifest as any program may have written it.
fn as_json(bytes: &[u8]) -> Result<Vec<Line>, ManifestProblem> {
    let head: Head = match serde_json::from_slice(bytes) {
        Ok(head) => head,
        Err(_) => {
            return Err(match serde_json::from_slice(bytes) {
                Ok(VersionOnly { rejoinder }) if rejoinder != VERSION => ManifestProblem::Version(rejoinder),
                _ => ManifestProblem::Damaged,
            });
        }
    };
    if head.rejoinder != VERSION {
        return Err(ManifestProblem::Version(head.rejoinder));
    }
    Ok(head.files)
}

/// The lines of a manifest that looks exactly as [`Manifest::to_bytes`] writes it, without escapes in its paths; `None`
/// for any other, which may be one all the same.
fn as_we_write(bytes: &[u8]) -> Option<Vec<Line>> {
    let text = std::str::from_utf8(bytes).ok()?;
    let mut rest = text.strip_prefix(&format!("{{\"rejoinder\": {VERSION}, \"files\": ["))?;
    let mut lines = Vec::with_capacity(bytes.len() / 128);
    loop {
        let (path, behind) = rest.strip_prefix("\n{\"path\": \"")?.split_once('"')?;
        let (size, behind) = behind.strip_prefix(", \"size\": ")?.split_once(',')?;
        let (blake3, behind) = behind.strip_prefix(" \"blake3\": \"")?.split_once('"')?;
        let is_plain = |text: &str| !text.bytes().any(|it| it == b'\\' || it < b' ');
        let is_number = size == "0" || !size.starts_with('0') && size.bytes().all(|it| it.is_ascii_digit());
        if !is_plain(path) || !is_plain(blake3) || !is_number {
            return None;
        }
        lines.push(Line { path: path.to_owned(), size: size.parse().ok()?, blake3: blake3.to_owned() });
        rest = behind.strip_prefix('}')?;
        match rest.strip_prefix(',') {
            Some(more) => rest = more,
            None => return (rest == "\n]}\n").then_some(lines),
        }
    }
}

/// Whether a name is one we use ourselves inside the output or the stage.
pub(super) fn is_reserved(path: &str) -> bool {
    path == NAME || path.starts_with(super::leftover::MARK)
}
