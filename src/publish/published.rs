//! Whether what is live is what was built: every byte of every file, against the manifest.

use super::refusal::is_harmless;
use super::release::Release;
use super::tree;
use crate::delivery::{MANIFEST, files_below, read_plain};
use crate::diag::Failure;
use crate::engine::map_in_order;
use crate::text::{Fingerprint, OutPath};
use std::path::Path;

/// Somewhere the site can be read.
pub trait Live: Sync {
    /// The bytes at a path; `None` when there are none.
    ///
    /// # Errors
    /// When it cannot be asked.
    fn get(&self, path: &OutPath) -> Result<Option<Vec<u8>>, Failure>;
}

/// A directory, such as the one that a server reads.
pub struct LiveDir<'a>(pub &'a Path);

impl Live for LiveDir<'_> {
    fn get(&self, path: &OutPath) -> Result<Option<Vec<u8>>, Failure> {
        // What is no plain file is not what was built.
        Ok(read_plain(&self.0.join(path.as_str())).ok())
    }
}

/// One way in which what is live is not what was built.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Difference {
    /// A file is not there.
    Missing(String),
    /// A file has other bytes.
    Other(String),
    /// A file is there that was not built.
    Unknown(String),
}

impl std::fmt::Display for Difference {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Difference::Missing(path) => write!(f, "`{path}` is not there"),
            Difference::Other(path) => write!(f, "`{path}` has other bytes"),
            Difference::Unknown(path) => write!(f, "`{}` was not built", path.escape_debug()),
        }
    }
}

/// Compares some of a release's files, chosen by the caller, with what is live. Sorted.
///
/// # Errors
/// When something cannot be asked.
pub fn compare(release: &Release, live: &dyn Live) -> Result<Vec<Difference>, Failure> {
    let found = map_in_order(&release.files, |file| -> Result<Option<Difference>, Failure> {
        let name = || file.path.to_string();
        Ok(match live.get(&file.path)? {
            None => Some(Difference::Missing(name())),
            Some(bytes) if Fingerprint::of(&bytes) == file.fingerprint => None,
            Some(_) => Some(Difference::Other(name())),
        })
    });
    let mut differences = Vec::new();
    for it in found {
        differences.extend(it?);
    }
    differences.sort();
    Ok(differences)
}

/// What lies in a directory and was not built: neither part of the release, nor an old asset that our record there names,
/// nor what hosts and people put beside a site.
///
/// # Errors
/// When the directory cannot be listed.
pub fn unknown(release: &Release, dir: &Path) -> Result<Vec<Difference>, Failure> {
    let record = tree::record_in(dir);
    let retired = |path: &str| {
        let of_record = record.iter().flat_map(|it| &it.retired).find(|it| it.file.path.as_str() == path);
        of_record.is_some_and(|it| {
            read_plain(&dir.join(path)).is_ok_and(|bytes| Fingerprint::of(&bytes) == it.file.fingerprint)
        })
    };
    let paths = files_below(dir)?;
    let paths = paths.iter().map(|it| it.to_string_lossy().into_owned());
    let unknown = paths.filter(|path| {
        let is_ours = path == MANIFEST || path == super::record::RECORD;
        release.find(path).is_none() && !is_ours && !is_harmless(path) && !retired(path)
    });
    Ok(unknown.map(Difference::Unknown).collect())
}
