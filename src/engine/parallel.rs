//! The one helper that uses several threads. The only module that names rayon.

use rayon::prelude::*;

use crate::diag::Failure;

/// Maps every item, on all threads, and keeps the order. The result does not depend on how many threads there are.
pub fn map_in_order<T: Sync, R: Send>(items: &[T], map: impl Fn(&T) -> R + Sync + Send) -> Vec<R> {
    // Another thread would have to wake up for it first.
    if items.len() < 2 {
        return items.iter().map(map).collect();
    }
    // One page may take as long as fifty others. Left alone, rayon hands out a quarter of the items to each of two threads
    // as one piece, and whoever gets the heavier one is waited for.
    items.par_iter().with_max_len(1).map(map).collect()
}

/// Does a number of things, numbered from 0, on all threads.
pub(super) fn do_all(many: usize, act: &(dyn Fn(usize) + Sync)) {
    (0..many).into_par_iter().with_max_len(1).for_each(act);
}

/// Does two things at once, if there is a thread to spare.
pub fn both<A: Send, B: Send>(one: impl FnOnce() -> A + Send, other: impl FnOnce() -> B + Send) -> (A, B) {
    rayon::join(one, other)
}

/// Runs something with this many threads; all cores when absent.
///
/// # Errors
/// When the machine gives no threads.
pub(super) fn with_threads<R: Send>(
    jobs: Option<usize>,
    run: impl FnOnce() -> R + Send,
) -> Result<R, Failure> {
    // A template may nest deeply, and a worker's stack is smaller than the main thread's.
    let builder = rayon::ThreadPoolBuilder::new().stack_size(16 << 20).num_threads(jobs.unwrap_or(0));
    let pool = builder.build().map_err(|error| Failure::machine("cannot start threads", &error))?;
    Ok(pool.install(run))
}
