//! Whether what was built is what a build would write now: no other way is as sure, and with what is remembered of the
//! last build it costs next to nothing.

use std::collections::BTreeSet;
use std::sync::{Mutex, MutexGuard, PoisonError};

use super::release::Release;
use crate::diag::{Exit, Failure};
use crate::edition::headers::sibling_of;
use crate::edition::{Edition, Sink};
use crate::model::Encoding;
use crate::text::{Fingerprint, OutPath};

/// A sink that writes nothing and notes what differs from a release.
#[derive(Debug)]
pub struct Fresh<'a> {
    release: &'a Release,
    found: Mutex<Found>,
}

#[derive(Debug, Default)]
struct Found {
    same: BTreeSet<OutPath>,
    other: BTreeSet<OutPath>,
}

impl Fresh<'_> {
    /// Starts comparing with a release.
    pub fn new(release: &Release) -> Fresh<'_> {
        Fresh { release, found: Mutex::default() }
    }

    fn holds(&self, path: &OutPath, fingerprint: &Fingerprint) -> bool {
        self.release.find(path.as_str()).is_some_and(|it| it.fingerprint == *fingerprint)
    }

    fn found(&self) -> MutexGuard<'_, Found> {
        self.found.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// What differs before compressed siblings were looked at, going by their names alone. Where nothing does, the files
    /// that these are made of are what a build would write.
    pub fn differences_but_siblings(&self) -> Vec<String> {
        self.differences().into_iter().filter(|it| sibling_of(it).is_none()).collect()
    }

    /// What differs, once the build is done: files that would be others, or that only one of the two has. Sorted.
    pub fn differences(&self) -> Vec<String> {
        let found = self.found();
        let gone = self.release.files.iter().map(|it| &it.path).filter(|it| !found.same.contains(*it));
        let all: BTreeSet<&OutPath> = found.other.iter().chain(gone).collect();
        all.into_iter().map(OutPath::to_string).collect()
    }
}

impl Sink for Fresh<'_> {
    fn put(&self, path: &OutPath, _: &[u8], fingerprint: &Fingerprint) -> Result<(), Failure> {
        let holds = self.holds(path, fingerprint);
        let mut found = self.found();
        match holds {
            true => found.same.insert(path.clone()),
            false => found.other.insert(path.clone()),
        };
        Ok(())
    }

    fn keep(&self, path: &OutPath, fingerprint: &Fingerprint, _: u64) -> Result<bool, Failure> {
        let holds = self.holds(path, fingerprint);
        if holds {
            self.found().same.insert(path.clone());
        }
        Ok(holds)
    }
}

/// How files of a release are compressed in advance: which siblings it has that are no file of the site itself.
pub fn encodings(release: &Release, site: &Edition) -> BTreeSet<Encoding> {
    let of = |path: &OutPath| {
        let (plain, encoding) = sibling_of(path.as_str())?;
        (site.get(path).is_none() && release.find(plain).is_some()).then_some(encoding)
    };
    release.files.iter().filter_map(|it| of(&it.path)).collect()
}

/// What is said of a build that is not what a build would write now.
pub fn stale(shown: &str, differences: &[String], with_drafts: bool) -> Failure {
    let no = |message: String| Failure::new(Exit::NotPublished, message);
    if with_drafts {
        return no(format!("`{shown}` was built with drafts"))
            .help("build again without `--drafts`; or take `draft: true` out of what is ready");
    }
    let first = differences.first().map_or("", String::as_str);
    let more = match differences.len() {
        0 | 1 => "differs".to_owned(),
        n => format!("and {} more differ", n - 1),
    };
    no(format!("`{shown}` is not what the sources say now: `{first}` {more}"))
        .help("build again, with the `--base-url` that you publish with, if any")
}
