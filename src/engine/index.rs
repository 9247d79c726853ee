//! The index of the search: one output made of all records at once, after all pages.
//!
//! In: the records, and whoever can make files of them. Out: the files. Records are cheap to compose, an index is not, so the
//! digest of the records is remembered: where it is what it was, the target keeps the files it has.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::time::Duration;

use super::blueprint::Blueprint;
use super::keys::Value;
use super::memory::Remembered;
use super::render::{Fresh, Gathered, Job, Product, hand_on, why};
use crate::diag::{Exit, Failure};
use crate::edition::{Entry, PageFacts, Rendered, Sink};
use crate::plan::Route;
use crate::text::OutPath;
use crate::view::search_index::{DIRECTORY, NAME, Record};

/// Makes an index: names of files below its directory, each with its bytes. The same records give the same bytes.
/// What goes wrong is told in words.
pub type Indexer = fn(&[Record]) -> Result<Vec<(String, Vec<u8>)>, String>;

/// What came of the index.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Indexed {
    /// How many records it has.
    pub records: usize,
    /// Whether it was made, and not taken over as it is.
    pub is_made: bool,
    /// How long that took.
    pub took: Duration,
}

/// Whether a route is that of the index.
pub(super) fn is_index(route: &Route) -> bool {
    route.view == NAME
}

/// Whether a file belongs to the index.
pub(super) fn has(path: &str) -> bool {
    path.starts_with(DIRECTORY)
}

/// The route of the index, if there is one.
pub(super) fn route(blueprint: &Blueprint) -> Option<&Route> {
    blueprint.plan.routes().iter().find(|it| is_index(it))
}

/// The files of an index, by path.
///
/// # Errors
/// When it cannot be made, which is our mistake.
pub(super) fn files(indexer: Indexer, records: &[Record]) -> Result<Vec<Rendered>, Failure> {
    let failure = |cause: String| Failure {
        cause,
        ..Failure::new(Exit::Bug, "Rejoinder itself failed while making the index of the search")
    };
    let made = catch_unwind(AssertUnwindSafe(|| indexer(records)));
    let made = made.unwrap_or_else(|_| Err("whoever makes it panicked".to_owned()));
    let files = made.map_err(failure)?.into_iter().map(|(name, bytes)| {
        let path = OutPath::new(&format!("{DIRECTORY}{name}")).map_err(|why| failure(why.to_string()))?;
        Ok(Rendered { path, bytes, facts: PageFacts::default() })
    });
    let mut files = files.collect::<Result<Vec<Rendered>, Failure>>()?;
    files.sort_by(|a, b| a.path.cmp(&b.path));
    Ok(files)
}

/// Makes the index, unless the target has one of the same records.
///
/// # Errors
/// When it cannot be made, or the sink cannot store a file.
pub(super) fn make(gathered: &mut Gathered<'_, '_>, sink: &dyn Sink) -> Result<(), Failure> {
    let job = gathered.job;
    let (Some(indexer), Some(route)) = (job.indexer, route(job.blueprint)) else { return Ok(()) };
    let start = (job.clock)();
    let (remembered, why) = why(job, route, sink)?;
    let mut indexed = Indexed::default();
    match (remembered, why) {
        (Some(kept), None) => {
            indexed.records = kept.records.map_or(0, |(count, _)| count as usize);
            gathered.keep(kept);
        }
        (remembered, why) => {
            let (records, trace) = job.blueprint.records(route);
            let digest = (records.len() as u64, Value::of(&records));
            indexed.records = records.len();
            let old =
                remembered.filter(|_| job.memory.is_some_and(|(_, changes)| changes.is_of_this_program()));
            let files = match old.filter(|it| it.records == Some(digest)) {
                Some(old) if keep_all(old, sink)? => old.files.clone(),
                _ => {
                    indexed.is_made = true;
                    tell(job, 0, records.len());
                    let mut files = self::files(indexer, &records)?
                        .into_iter()
                        .map(|it| hand_on(it, sink))
                        .collect::<Result<Vec<(OutPath, Entry)>, Failure>>()?;
                    // A route is looked up by its own file.
                    let own = files.iter().position(|(path, _)| *path == route.path);
                    let own = own.ok_or_else(|| {
                        Failure::new(
                            Exit::Bug,
                            "the index of the search lacks the file that is asked for first",
                        )
                    })?;
                    files[..=own].rotate_right(1);
                    tell(job, records.len(), records.len());
                    files
                }
            };
            let why = why.unwrap_or_default();
            let product = Product { files, lacking: Box::default(), trace };
            let fresh = Fresh { product, why, records: Some(digest), is_made: indexed.is_made };
            gathered.take(route, fresh);
        }
    }
    indexed.took = (job.clock)().saturating_sub(start);
    gathered.outcome.indexed = Some(indexed);
    Ok(())
}

fn tell(job: &Job<'_>, done: usize, of: usize) {
    if let Some(progress) = job.progress {
        progress.tell("Index", done, of);
    }
}

/// Whether the target keeps every file of a route.
fn keep_all(route: &Remembered, sink: &dyn Sink) -> Result<bool, Failure> {
    for (path, entry) in &route.files {
        if !sink.keep(path, &entry.fingerprint, entry.size)? {
            return Ok(false);
        }
    }
    Ok(true)
}
