//! Whether what is live is what was built: every byte of every file, against the manifest.

use std::collections::BTreeMap;
use std::path::Path;

use super::refusal::is_harmless;
use super::release::{File, Release};
use super::tree;
use crate::delivery::{MANIFEST, files_below, read_plain};
use crate::diag::Failure;
use crate::engine::map_in_order;
use crate::format::leads_to;
use crate::text::{Fingerprint, OutPath, percent_decode};

/// Somewhere the site can be read.
pub trait Live: Sync {
    /// What is at a path.
    ///
    /// # Errors
    /// When it cannot be asked.
    fn get(&self, path: &OutPath) -> Result<Answer, Failure>;
}

/// What somebody gets who asks for a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Answer {
    /// These bytes.
    Bytes(Vec<u8>),
    /// There is nothing.
    Nothing,
    /// They are sent to this address, which is no part of the site.
    Elsewhere(String),
}

/// A directory, such as the one that a server reads.
pub struct LiveDir<'a>(pub &'a Path);

impl Live for LiveDir<'_> {
    fn get(&self, path: &OutPath) -> Result<Answer, Failure> {
        // What is no plain file is not what was built.
        Ok(read_plain(&self.0.join(path.as_str())).map_or(Answer::Nothing, Answer::Bytes))
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

/// Compares a release's files, but for those that hosts keep to themselves, with what is live. `redirects` says where pages at old
/// addresses lead, for hosts that redirect by themselves. Sorted.
///
/// # Errors
/// When something cannot be asked.
pub fn compare(
    release: &Release,
    redirects: &BTreeMap<OutPath, String>,
    live: &dyn Live,
) -> Result<Vec<Difference>, Failure> {
    let found = map_in_order(&release.files, |file| -> Result<Option<Difference>, Failure> {
        let to = redirects.get(&file.path).map(String::as_str);
        Ok(match live.get(&file.path)? {
            Answer::Nothing => Some(Difference::Missing(file.path.to_string())),
            answer if is_as_built(file, to, &answer, release) => None,
            Answer::Bytes(_) | Answer::Elsewhere(_) => Some(Difference::Other(file.path.to_string())),
        })
    });
    let mut differences = Vec::new();
    for it in found {
        differences.extend(it?);
    }
    differences.sort();
    Ok(differences)
}

/// Whether an answer is a file of a release, or what a host gives in its place that redirects by itself: the page that it leads to.
fn is_as_built(file: &File, leads_to: Option<&str>, answer: &Answer, release: &Release) -> bool {
    match (answer, leads_to) {
        (Answer::Nothing, _) | (Answer::Elsewhere(_), None) => false,
        (Answer::Elsewhere(address), Some(to)) => to.split('#').next() == Some(address.as_str()),
        (Answer::Bytes(bytes), to) => {
            let fingerprint = Fingerprint::of(bytes);
            let page = to.and_then(|to| percent_decode(to.split(['?', '#']).next()?));
            let page = page.and_then(|it| OutPath::of_url(&it).ok());
            let there = page.and_then(|it| release.find(it.as_str()));
            fingerprint == file.fingerprint || there.is_some_and(|it| fingerprint == it.fingerprint)
        }
    }
}

/// Where the pages at old addresses lead that a build wrote: an address of the site each, or a complete one.
pub fn redirects(release: &Release, dir: &Path) -> BTreeMap<OutPath, String> {
    let pages: Vec<&File> = release.files.iter().filter(|it| it.is_page()).collect();
    let found = map_in_order(&pages, |file| {
        let bytes = read_plain(&dir.join(file.path.as_str())).ok()?;
        Some((file.path.clone(), leads_to(&file.path, &bytes)?))
    });
    found.into_iter().flatten().collect()
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
