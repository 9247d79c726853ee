//! The record: what a target says of itself, kept there as `.rejoinder/release.json`.
//!
//! It names what is live, which earlier releases can be brought back, which old assets still stand there, and who is
//! publishing just now. Nothing is deleted that it does not name, so it is read whole or not at all, and every path in it
//! is one that could be part of a site. It may come from a host that somebody else controls: it is data, never a command.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::release::{File, Release, hex};
use crate::text::{Fingerprint, OutPath, RESERVED_DIR};

/// The directory of ours at a target. No file of a site may lie in it, and servers that we tell show none of it
/// (`format::hosts`).
pub const DIR: &str = RESERVED_DIR;

/// Where the record lies at a target.
pub const RECORD: &str = ".rejoinder/release.json";

/// The version that this program writes, and the only one it reads.
const VERSION: u32 = 1;

/// Where the list of an earlier release lies: `.rejoinder/releases/r41.json`.
pub fn release_key(number: u32) -> String {
    format!("{DIR}/releases/r{number}.json")
}

/// Where the bytes of a file that was replaced are kept, for bringing its release back.
pub fn kept_key(fingerprint: &Fingerprint) -> String {
    format!("{DIR}/kept/{}", fingerprint.hex())
}

/// What a target says of itself.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Record {
    /// The version of this shape.
    pub rejoinder: u32,
    /// What is live.
    pub live: Release,
    /// Releases that can be brought back, oldest first.
    #[serde(default)]
    pub earlier: Vec<Earlier>,
    /// Assets of earlier releases that still stand there, because a page in somebody's cache may ask for them. By path.
    #[serde(default)]
    pub retired: Vec<Retired>,
    /// Bytes kept below `.rejoinder/kept/`, by digest.
    #[serde(default)]
    pub kept: Vec<Kept>,
    /// Files that are still to be deleted: no release has them any longer. Sorted.
    #[serde(default)]
    pub leaving: Vec<OutPath>,
    /// Addresses that a cache is still to be told of.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub untold: Vec<String>,
    /// Whether bytes and lists are still to be deleted that were kept aside and that no release needs any longer.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub untidy: bool,
    /// Who has begun to publish and did not end yet.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub claim: Option<Claim>,
}

/// A release that can be brought back; its files are listed at [`release_key`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Earlier {
    /// Its number.
    pub number: u32,
    /// When it went live, in seconds since 1970.
    pub published: i64,
    /// How many pages it had.
    pub pages: usize,
}

/// An asset that no page of the live site asks for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Retired {
    /// The file.
    pub file: File,
    /// Since when nothing asks for it, in seconds since 1970.
    pub since: i64,
    /// The first release without it.
    pub release: u32,
}

/// Bytes that no live file has.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Kept {
    /// Their digest.
    #[serde(rename = "blake3", with = "hex")]
    pub fingerprint: Fingerprint,
    /// How many there are.
    pub size: u64,
    /// The last release that had them.
    pub last: u32,
}

/// Says that somebody is publishing, and which files are therefore in doubt until that has ended.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Claim {
    /// Whose it is: random, known to that publisher alone.
    pub by: String,
    /// Since when, in seconds since 1970.
    pub since: i64,
    /// The digest of the release that is on its way.
    #[serde(with = "hex")]
    pub release: Fingerprint,
    /// Every path whose bytes or headers that release changes. Sorted.
    pub paths: Vec<OutPath>,
}

/// Why a text is no record we can trust.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RecordProblem {
    /// It is not whole, or not of the shape we write; with what is odd.
    Damaged(String),
    /// Another version of the program wrote it.
    Version(u32),
    /// It names a file that we cannot have sent.
    Hostile(String),
}

impl fmt::Display for RecordProblem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            RecordProblem::Damaged(why) => write!(f, "it is damaged ({why})"),
            RecordProblem::Version(n) => {
                write!(f, "it has version {n}, and this program knows only {VERSION}")
            }
            RecordProblem::Hostile(path) => write!(f, "it names {path:?}, which we cannot have sent"),
        }
    }
}

impl Record {
    /// A record of a live release, and nothing else yet.
    pub fn new(live: Release) -> Record {
        Record {
            rejoinder: VERSION,
            live,
            earlier: Vec::new(),
            retired: Vec::new(),
            kept: Vec::new(),
            leaving: Vec::new(),
            untold: Vec::new(),
            untidy: false,
            claim: None,
        }
    }

    /// Whether a run began and has not ended yet: there may be more, or other files than this says.
    pub fn is_unfinished(&self) -> bool {
        self.claim.is_some() || !self.leaving.is_empty() || !self.untold.is_empty() || self.untidy
    }

    /// This record when all is done that it says is still to be done.
    pub(super) fn settled(&self) -> Record {
        Record { leaving: Vec::new(), untold: Vec::new(), untidy: false, claim: None, ..self.clone() }
    }

    /// Reads the bytes of a record: whole, of our version, sorted, with paths that stay inside, or not at all.
    ///
    /// # Errors
    /// Says why it cannot be trusted.
    pub fn parse(bytes: &[u8]) -> Result<Record, RecordProblem> {
        #[derive(Deserialize)]
        struct VersionOnly {
            rejoinder: u32,
        }
        match serde_json::from_slice(bytes) {
            Ok(VersionOnly { rejoinder }) if rejoinder != VERSION => {
                return Err(RecordProblem::Version(rejoinder));
            }
            Ok(_) => (),
            Err(error) => return Err(RecordProblem::Damaged(error.to_string())),
        }
        let record: Record =
            serde_json::from_slice(bytes).map_err(|it| RecordProblem::Damaged(it.to_string()))?;
        record.check()?;
        Ok(record)
    }

    /// The bytes at the target.
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut bytes = serde_json::to_vec(self).expect("a record has text keys and whole numbers only");
        bytes.push(b'\n');
        bytes
    }

    fn check(&self) -> Result<(), RecordProblem> {
        let damaged = |why: &str| Err(RecordProblem::Damaged(why.to_owned()));
        check_release(&self.live)?;
        let retired = self.retired.iter().map(|it| &it.file.path);
        let claimed = self.claim.iter().flat_map(|it| &it.paths);
        check_paths(retired.chain(claimed).chain(&self.leaving))?;
        if self.untold.iter().any(|it| !it.starts_with('/') || it.chars().any(char::is_control)) {
            return damaged("an address for the cache is none");
        }
        if !self.leaving.windows(2).all(|it| it[0] < it[1]) {
            return damaged("the files it deletes are not in order");
        }
        if !self.retired.windows(2).all(|it| it[0].file.path < it[1].file.path) {
            return damaged("its retired files are not in order");
        }
        if !self.earlier.windows(2).all(|it| it[0].number < it[1].number)
            || self.earlier.iter().any(|it| it.number >= self.live.number)
        {
            return damaged("its earlier releases are not in order");
        }
        if !self.kept.windows(2).all(|it| it[0].fingerprint < it[1].fingerprint) {
            return damaged("its kept files are not in order");
        }
        if self.claim.as_ref().is_some_and(|it| !it.paths.windows(2).all(|it| it[0] < it[1])) {
            return damaged("the paths of its claim are not in order");
        }
        if self
            .claim
            .as_ref()
            .is_some_and(|it| it.by.len() > 64 || !it.by.bytes().all(|c| c.is_ascii_graphic()))
        {
            return damaged("its claim is nobody's");
        }
        Ok(())
    }
}

impl Release {
    /// Reads the list of an earlier release, as strictly as [`Record::parse`].
    ///
    /// # Errors
    /// Says why it cannot be trusted.
    pub fn parse(bytes: &[u8]) -> Result<Release, RecordProblem> {
        let release: Release =
            serde_json::from_slice(bytes).map_err(|it| RecordProblem::Damaged(it.to_string()))?;
        check_release(&release)?;
        Ok(release)
    }

    /// The bytes of such a list.
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut bytes = serde_json::to_vec(self).expect("a release has text keys and whole numbers only");
        bytes.push(b'\n');
        bytes
    }
}

fn check_release(release: &Release) -> Result<(), RecordProblem> {
    check_paths(release.files.iter().map(|it| &it.path))?;
    if !release.is_sorted() {
        return Err(RecordProblem::Damaged("its files are not in order".to_owned()));
    }
    let is_text = |text: &str| !text.chars().any(char::is_control);
    let odd = release.files.iter().find(|it| {
        let etag = it.etag.as_deref().unwrap_or("");
        !it.headers.named().map(|(_, value)| value).chain([etag]).all(is_text)
    });
    match odd {
        Some(file) => Err(RecordProblem::Hostile(file.path.to_string())),
        None => Ok(()),
    }
}

fn check_paths<'a>(mut paths: impl Iterator<Item = &'a OutPath>) -> Result<(), RecordProblem> {
    match paths.find(|it| it.is_reserved()) {
        Some(path) => Err(RecordProblem::Hostile(path.to_string())),
        None => Ok(()),
    }
}
