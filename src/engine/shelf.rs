//! What is kept of finished files from one build to the next, and who is told how far a build is.

use std::fmt;
use std::sync::Arc;

/// Keeps finished files that take long to make: share cards, images, compressed files. Called from several threads.
///
/// A name says all that the bytes follow from, so nothing on a shelf is ever out of date, and any of it may be forgotten.
pub trait Shelf: fmt::Debug + Send + Sync {
    /// The bytes that were put under a name, exactly; `None` when they are not there, or in doubt.
    fn get(&self, name: &str) -> Option<Vec<u8>>;

    /// Puts bytes under a name. That it cannot is no failure.
    fn put(&self, name: &str, bytes: &[u8]);
}

/// Is told how far a build is: what is made, how many of them are done, of how many.
#[derive(Clone)]
pub struct Progress(Arc<dyn Fn(&'static str, usize, usize) + Send + Sync>);

impl Progress {
    /// Tells it to this function, from several threads.
    pub fn new(tell: impl Fn(&'static str, usize, usize) + Send + Sync + 'static) -> Progress {
        Progress(Arc::new(tell))
    }

    /// Tells how far something is.
    pub(super) fn tell(&self, what: &'static str, done: usize, of: usize) {
        (self.0)(what, done, of);
    }
}

impl fmt::Debug for Progress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Progress")
    }
}
