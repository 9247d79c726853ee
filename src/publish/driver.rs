//! The driver: carries a plan out over a [`Store`], phase by phase, with retries and a journal.
//!
//! Whatever fails, and wherever: the store then holds the old site, the new one, or pages of both, each with all it asks
//! for, because a phase begins only when the one before it is done. Running again goes on where it ended.

use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use super::cache::Cache;
use super::journal::Journal;
use super::plan::{Action, Operation, Phase, Plan, Source};
use super::record::{RECORD, Record, RecordProblem, kept_key, release_key};
use super::release::{File, Headers, Release};
use super::store::{Store, StoreError, Tag, Trouble};
use crate::diag::{Exit, Failure};
use crate::text::Fingerprint;

/// How often a request is tried.
const TRIES: u32 = 5;

/// The longest pause between two tries, whatever the host asks for.
const LONGEST_PAUSE: Duration = Duration::from_secs(60);

/// Time and chance, given by whoever may ask for them.
pub trait Pace: Sync {
    /// Waits.
    fn pause(&self, time: Duration);

    /// A number from 0 to 1, another one each time.
    fn chance(&self) -> f64;
}

/// Where the bytes of files come from.
pub trait Bytes: Sync {
    /// The bytes of a file, which are those of its fingerprint.
    ///
    /// # Errors
    /// When they cannot be read, or are others by now.
    fn bytes(&self, file: &File) -> Result<Vec<u8>, Failure>;
}

/// Everything a run needs beside store and plan.
pub struct Run<'a> {
    /// Where files come from.
    pub bytes: &'a dyn Bytes,
    /// Time and chance.
    pub pace: &'a dyn Pace,
    /// The cache in front of the target, if it is to be told what changed.
    pub cache: Option<&'a dyn Cache>,
    /// What was done before, when this run goes on with another.
    pub journal: &'a Journal,
    /// How many requests are under way at once.
    pub at_once: usize,
    /// Told after each operation: its phase, how many of the plan are done, and how many bytes that one sent.
    pub progress: &'a (dyn Fn(Phase, usize, u64) + Sync),
}

/// What is said of a record that cannot be trusted.
pub(super) fn untrusted(name: &str, problem: &RecordProblem) -> Failure {
    let message = format!("we cannot tell what at `{name}` is ours: of its `{RECORD}`, {problem}");
    Failure::new(Exit::NotPublished, message)
        .help("use the version of Rejoinder that published there last, or name an empty place")
}

/// Carries a plan out. `tag` is the version of the record that it was made for. Returns the record as it is now.
///
/// # Errors
/// [`Exit::NotPublished`] when somebody else published since the plan was made; [`Exit::Remote`] when a request failed
/// for good or too often. The store then holds the old site, the new one, or pages of both, each with all it asks for.
pub fn execute(plan: &Plan, tag: Option<&Tag>, store: &dyn Store, run: &Run<'_>) -> Result<Record, Failure> {
    let mut tag = tag.cloned();
    if let Some(claimed) = &plan.claimed {
        tag = Some(swap(store, run.pace, claimed, tag.as_ref())?);
    }
    let mut record = plan.record.clone();
    let mut settled = plan.settled.clone();
    let mut n_done = 0;
    let phases = plan.operations.chunk_by(|a, b| a.phase == b.phase);
    for operations in phases {
        match &operations[0].action {
            Action::SwapRecord => {
                name_bytes(&mut record, run.journal);
                settled.live.clone_from(&record.live);
                tag = Some(swap(store, run.pace, &record, tag.as_ref())?);
            }
            Action::SettleRecord => {
                swap(store, run.pace, &settled, tag.as_ref())?;
                record = settled.clone();
            }
            _ => side_by_side(operations, plan, store, run, n_done)?,
        }
        n_done += operations.len();
        (run.progress)(operations[0].phase, n_done, 0);
    }
    Ok(record)
}

/// Writes into the record what the store called the bytes that were sent.
fn name_bytes(record: &mut Record, journal: &Journal) {
    for file in &mut record.live.files {
        if let Some(etag) = journal.etag(file) {
            file.etag = etag;
        }
    }
}

/// Does the operations of one phase, some at once, in order as far as that goes.
fn side_by_side(
    operations: &[Operation],
    plan: &Plan,
    store: &dyn Store,
    run: &Run<'_>,
    n_before: usize,
) -> Result<(), Failure> {
    let n_done = AtomicUsize::new(n_before);
    each(operations, run.at_once, |operation| {
        let n_bytes = one(operation, plan, store, run)?;
        let n_done = n_done.fetch_add(1, Ordering::SeqCst) + 1;
        (run.progress)(operation.phase, n_done, n_bytes);
        Ok(())
    })
}

/// Does something with each item, with some at once, in order as far as that goes. The first failure ends it.
pub(super) fn each<T: Sync>(
    items: &[T],
    at_once: usize,
    act: impl Fn(&T) -> Result<(), Failure> + Sync,
) -> Result<(), Failure> {
    let waiting = Mutex::new(items.iter());
    let failed: Mutex<Option<Failure>> = Mutex::new(None);
    let work = || {
        while lock(&failed).is_none() {
            let Some(item) = lock(&waiting).next() else { return };
            if let Err(failure) = act(item) {
                lock(&failed).get_or_insert(failure);
            }
        }
    };
    match at_once.min(items.len()) {
        0 | 1 => work(),
        n => std::thread::scope(|scope| (0..n).for_each(|_| drop(scope.spawn(work)))),
    }
    failed.into_inner().unwrap_or_else(std::sync::PoisonError::into_inner).map_or(Ok(()), Err)
}

/// Does one operation. Returns how many bytes it sent.
fn one(operation: &Operation, plan: &Plan, store: &dyn Store, run: &Run<'_>) -> Result<u64, Failure> {
    let pace = run.pace;
    match &operation.action {
        Action::Send { file, from, .. } => {
            if run.journal.has_sent(file) {
                return Ok(0);
            }
            let bytes = match from {
                Source::Build => run.bytes.bytes(file)?,
                Source::Kept => kept(file, store, pace)?,
            };
            let key = file.path.as_str();
            let etag = again(pace, || store.put(key, bytes.clone(), &file.headers))
                .map_err(|it| failed("send", store, key, &it))?;
            run.journal.note(file, etag)?;
            Ok(file.size)
        }
        Action::SetHeaders { file, .. } => {
            if run.journal.has_sent(file) {
                return Ok(0);
            }
            let key = file.path.as_str();
            let etag = again(pace, || store.set_headers(key, &file.headers))
                .map_err(|it| failed("set the headers of", store, key, &it))?;
            run.journal.note(file, etag)?;
            Ok(0)
        }
        Action::Keep { path, fingerprint } => {
            let (from, to) = (path.as_str(), kept_key(fingerprint));
            let headers = Headers::of(&to);
            again(pace, || store.copy(from, &to, &headers)).map_err(|it| failed("keep", store, from, &it))?;
            Ok(0)
        }
        Action::KeepList { release } => {
            let (key, bytes) = (release_key(release.number), release.to_bytes());
            let headers = Headers::of(&key);
            let n_bytes = bytes.len() as u64;
            again(pace, || store.put(&key, bytes.clone(), &headers))
                .map_err(|it| failed("send", store, &key, &it))?;
            Ok(n_bytes)
        }
        Action::Invalidate { addresses } => {
            tell(&plan.release, addresses, run)?;
            Ok(0)
        }
        Action::Delete { path, .. } => delete(path.as_str(), store, pace),
        Action::Forget { key } => delete(key, store, pace),
        Action::SwapRecord | Action::SettleRecord => {
            unreachable!("because the record is swapped alone, where the phases are gone through")
        }
    }
}

fn delete(key: &str, store: &dyn Store, pace: &dyn Pace) -> Result<u64, Failure> {
    again(pace, || store.delete(key)).map_err(|it| failed("delete", store, key, &it))?;
    Ok(0)
}

/// The bytes of a file that the store keeps, if they are still what it was.
fn kept(file: &File, store: &dyn Store, pace: &dyn Pace) -> Result<Vec<u8>, Failure> {
    let key = kept_key(&file.fingerprint);
    let found = again(pace, || store.get(&key)).map_err(|it| failed("read", store, &key, &it))?;
    found.filter(|it| Fingerprint::of(it) == file.fingerprint).ok_or_else(|| {
        let message = format!("`{}` does not keep the bytes that `{}` had", store.name(), file.path);
        Failure::new(Exit::NotPublished, message).help("build that state of the sources and publish it")
    })
}

/// Swaps the record. When the answer to a try was lost and the next one finds our own record there, it went well.
fn swap(store: &dyn Store, pace: &dyn Pace, record: &Record, expected: Option<&Tag>) -> Result<Tag, Failure> {
    let bytes = record.to_bytes();
    match again(pace, || store.swap_record(bytes.clone(), expected)) {
        Ok(tag) => Ok(tag),
        Err(error) if error.trouble == Trouble::Conflict => {
            let there =
                again(pace, || store.record()).map_err(|it| failed("read the release at", store, "", &it))?;
            match there {
                Some((there, tag)) if there == bytes => Ok(tag),
                Some(_) | None => Err(changed(&store.name())),
            }
        }
        Err(error) => Err(failed("record the release at", store, "", &error)),
    }
}

/// Somebody else was faster.
pub(super) fn changed(name: &str) -> Failure {
    let message = format!("somebody else published to `{name}` since this plan was made");
    Failure::new(Exit::NotPublished, message)
        .help("look at what is live, get their changes, build, and publish again; nothing was deleted")
}

/// Tries a request until it goes well, fails for good, or has been tried often enough.
pub(super) fn again<T>(
    pace: &dyn Pace,
    mut request: impl FnMut() -> Result<T, StoreError>,
) -> Result<T, StoreError> {
    let mut tries = 0;
    loop {
        let error = match request() {
            Ok(value) => return Ok(value),
            Err(error) => error,
        };
        tries += 1;
        let Trouble::Again(wished) = error.trouble else { return Err(error) };
        if tries >= TRIES {
            return Err(error);
        }
        // Half of it certain, half by chance, so that many who were refused at once do not come back at once.
        let whole = Duration::from_millis(250 << tries);
        let own = whole.mul_f64(0.5 + 0.5 * pace.chance().clamp(0.0, 1.0));
        pace.pause(wished.unwrap_or_default().max(own).min(LONGEST_PAUSE));
    }
}

/// Tells the cache, if there is one: somebody who took it out of the settings has nobody to tell any longer.
fn tell(release: &Release, addresses: &[String], run: &Run<'_>) -> Result<(), Failure> {
    let Some(cache) = run.cache else { return Ok(()) };
    again(run.pace, || cache.tell(release, addresses)).map_err(|it| untold(cache, &it))
}

/// Tells the cache of a release that was put up whole, with [`Plan::record_of_whole`]. `settle` then puts the settled record in
/// the place of that one. Returns the record as it is now.
pub(super) fn tell_of_whole(
    plan: &Plan,
    run: &Run<'_>,
    settle: impl FnOnce(&Record) -> Result<(), Failure>,
) -> Result<Record, Failure> {
    let untold = &plan.record.untold;
    if !untold.is_empty() {
        tell(&plan.release, untold, run)?;
        settle(&plan.settled)?;
    }
    Ok(plan.settled.clone())
}

/// The cache could not be told.
fn untold(cache: &dyn Cache, error: &StoreError) -> Failure {
    let message =
        format!("cannot tell `{}` what changed, so readers may see what was there before", cache.name());
    Failure { cause: error.message.clone(), ..Failure::new(Exit::Remote, message) }
        .help("all is sent; run the same command again, which tells the cache and does what comes after that")
}

/// A request that failed for good.
pub(super) fn failed(what: &str, store: &dyn Store, key: &str, error: &StoreError) -> Failure {
    let name = store.name();
    let place = match key {
        "" => format!("`{name}`"),
        _ => format!("`{key}` at `{name}`"),
    };
    let failure = Failure {
        cause: error.message.clone(),
        ..Failure::new(Exit::Remote, format!("cannot {what} {place}"))
    };
    match error.trouble {
        Trouble::Again(_) => failure.help("run the same command again: it goes on where it ended"),
        Trouble::Conflict | Trouble::Final => failure
            .help("see whether the credentials are there, and allow to list, read, write and delete there; then run the same command again"),
    }
}

pub(super) fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
}
