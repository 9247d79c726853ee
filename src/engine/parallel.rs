//! The one helper that uses several threads. The only module that names rayon.

use rayon::prelude::*;

use crate::diag::Failure;

/// Maps every item, on all threads, and keeps the order. The result does not depend on how many threads there are.
pub fn map_in_order<T: Sync, R: Send>(items: &[T], map: impl Fn(&T) -> R + Sync + Send) -> Vec<R> {
    // Another thread would have to wake up for it first.
    if items.len() < 2 {
        return items.iter().map(map).collect();
    }
    items.par_iter().map(map).collect()
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
