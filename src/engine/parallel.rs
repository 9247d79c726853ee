//! The one helper that uses several threads. The only module that names rayon.

use std::sync::OnceLock;

use rayon::prelude::*;
use rayon::{ThreadPool, ThreadPoolBuildError, ThreadPoolBuilder};

use crate::diag::Failure;

/// The threads of whoever does not ask for a number of them: as many as there are cores. One after the other does its work on
/// them, so that what one lets go of, memory that belongs to a thread, the next can use.
static ALL: OnceLock<Result<ThreadPool, ThreadPoolBuildError>> = OnceLock::new();

fn all() -> Result<&'static ThreadPool, &'static ThreadPoolBuildError> {
    ALL.get_or_init(|| builder().build()).as_ref()
}

/// A template may nest deeply, and a worker's stack is smaller than the main thread's.
fn builder() -> ThreadPoolBuilder {
    ThreadPoolBuilder::new().stack_size(16 << 20)
}

/// Does something on threads that can share it: those it is on already, or all.
fn on_threads<R: Send>(act: impl FnOnce() -> R + Send) -> R {
    let is_outside = rayon::current_thread_index().is_none();
    match is_outside.then(all) {
        Some(Ok(pool)) => pool.install(act),
        _ => act(),
    }
}

/// Maps every item, on all threads, and keeps the order. The result does not depend on how many threads there are.
pub fn map_in_order<T: Sync, R: Send>(items: &[T], map: impl Fn(&T) -> R + Sync + Send) -> Vec<R> {
    // Another thread would have to wake up for it first.
    if items.len() < 2 {
        return items.iter().map(map).collect();
    }
    // One page may take as long as fifty others. Left alone, rayon hands out a quarter of the items to each of two threads
    // as one piece, and whoever gets the heavier one is waited for.
    on_threads(|| items.par_iter().with_max_len(1).map(map).collect())
}

/// Does a number of things, numbered from 0, on all threads.
pub(super) fn do_all(many: usize, act: &(dyn Fn(usize) + Sync)) {
    on_threads(|| (0..many).into_par_iter().with_max_len(1).for_each(act));
}

/// Does two things at once, if there is a thread to spare.
pub fn both<A: Send, B: Send>(one: impl FnOnce() -> A + Send, other: impl FnOnce() -> B + Send) -> (A, B) {
    on_threads(|| rayon::join(one, other))
}

/// Runs something with this many threads of its own; as many as there are cores when absent. They have the caller's priority.
///
/// # Errors
/// When the machine gives no threads.
pub(super) fn with_threads<R: Send>(
    jobs: Option<usize>,
    run: impl FnOnce() -> R + Send,
) -> Result<R, Failure> {
    let pool = builder().num_threads(jobs.unwrap_or(0)).build();
    Ok(pool.map_err(|error| no_threads(&error))?.install(run))
}

/// The same with the threads that are there for everybody, unless a number is given.
///
/// # Errors
/// As for [`with_threads`].
pub(super) fn with_all_threads<R: Send>(
    jobs: Option<usize>,
    run: impl FnOnce() -> R + Send,
) -> Result<R, Failure> {
    match jobs {
        None => Ok(all().map_err(no_threads)?.install(run)),
        Some(_) => with_threads(jobs, run),
    }
}

fn no_threads(error: &ThreadPoolBuildError) -> Failure {
    Failure::machine("cannot start threads", error)
}
