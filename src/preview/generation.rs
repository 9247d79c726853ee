//! What the preview shows.

use std::sync::Arc;

use super::problems::Problems;

/// One whole state of the site. It never changes: a newer state is another generation.
///
/// Paths are those of the output, as `text::OutPath` writes them: `actors/ada-example/index.html`. Every method is called on
/// threads that may block, from several at a time.
pub trait Generation: Send + Sync {
    /// Whether the output has a file at this path. Cheap: makes nothing.
    fn has(&self, path: &str) -> bool;

    /// The file at this path, made now if need be; `None` exactly when [`Generation::has`] says no.
    ///
    /// # Errors
    /// When the page cannot be made: why.
    fn file(&self, path: &str) -> Option<Result<Arc<[u8]>, Arc<Problems>>>;

    /// The project's file that the page at this path is written in, relative to the project, for "open in editor".
    fn source(&self, _path: &str) -> Option<String> {
        None
    }
}
