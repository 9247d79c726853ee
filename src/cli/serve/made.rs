//! The site in memory, made whole each time.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use crate::diag::{Failure, Report, Sources};
use crate::edition::Sink;
use crate::engine::{self, BuildOptions};
use crate::input::Files;
use crate::preview::{Generation, Problems};
use crate::text::OutPath;

/// What making the site came to.
pub(super) struct Made {
    /// `None` when there were errors.
    pub(super) snapshot: Option<Snapshot>,
    pub(super) report: Report,
    pub(super) sources: Sources,
}

/// One state of the site.
pub(super) struct Snapshot {
    files: Arc<Finished>,
    /// What is shown.
    pub(super) site: Arc<dyn Generation>,
    /// The same with drafts, if there are any and they are not shown already.
    pub(super) drafts: Option<Arc<dyn Generation>>,
}

/// Makes the site from its files. `before` is the state that is shown now.
///
/// # Errors
/// When a file cannot be read.
pub(super) fn generation(
    files: &dyn Files,
    options: &BuildOptions,
    before: Option<&Snapshot>,
) -> Result<Made, Failure> {
    let number = before.map_or(1, |it| it.files.number + 1);
    let make = |options: &BuildOptions| {
        let shelf = Shelf::default();
        let built = engine::build(files, options, &shelf)?;
        let files = shelf.files.into_inner().unwrap_or_else(PoisonError::into_inner);
        Ok::<_, Failure>((built, Arc::new(Finished { number, files })))
    };
    let (built, finished) = make(options)?;
    if built.report.has_errors() {
        return Ok(Made { snapshot: None, report: built.report, sources: built.sources });
    }
    let mut drafts: Option<Arc<dyn Generation>> = None;
    if !options.drafts {
        let (with_drafts, more) = make(&BuildOptions { drafts: true, ..options.clone() })?;
        if !with_drafts.report.has_errors() && more.files != finished.files {
            drafts = Some(more);
        }
    }
    let site: Arc<dyn Generation> = Arc::<Finished>::clone(&finished);
    let snapshot = Some(Snapshot { files: finished, site, drafts });
    Ok(Made { snapshot, report: built.report, sources: built.sources })
}

/// What is different from an older state.
pub(super) struct Difference {
    /// Output paths of files that are no pages and changed under their names.
    pub(super) assets: Vec<String>,
    /// In a few words; `None` when nothing is different.
    pub(super) words: Option<String>,
}

impl Snapshot {
    /// What changed since `before`.
    pub(super) fn since(&self, before: Option<&Snapshot>) -> Difference {
        let empty = BTreeMap::new();
        let (new, old) = (&self.files.files, before.map_or(&empty, |it| &it.files.files));
        let is_page = |path: &&String| path.ends_with(".html");
        let changed =
            || new.iter().filter(|(path, bytes)| old.get(*path) != Some(*bytes)).map(|(path, _)| path);
        let n_pages = changed().filter(is_page).count()
            + old.keys().filter(|it| !new.contains_key(*it)).filter(is_page).count();
        let words = match (n_pages, changed().count()) {
            (0, 0) => None,
            (0, 1) => Some("1 file".to_owned()),
            (0, n) => Some(format!("{n} files")),
            (1, _) => Some("1 page".to_owned()),
            (n, _) => Some(format!("{n} pages")),
        };
        let assets = changed().filter(|path| !is_page(path) && old.contains_key(*path));
        Difference { assets: assets.cloned().collect(), words }
    }
}

/// A finished site.
struct Finished {
    number: u64,
    files: BTreeMap<String, Arc<[u8]>>,
}

impl Generation for Finished {
    fn number(&self) -> u64 {
        self.number
    }

    fn has(&self, path: &str) -> bool {
        self.files.contains_key(path)
    }

    fn file(&self, path: &str) -> Option<Result<Arc<[u8]>, Arc<Problems>>> {
        self.files.get(path).map(|bytes| Ok(Arc::clone(bytes)))
    }
}

/// A sink that keeps everything.
#[derive(Default)]
struct Shelf {
    files: Mutex<BTreeMap<String, Arc<[u8]>>>,
}

impl Sink for Shelf {
    fn put(&self, path: &OutPath, bytes: &[u8]) -> Result<(), Failure> {
        let mut files = self.files.lock().unwrap_or_else(PoisonError::into_inner);
        files.insert(path.as_str().to_owned(), Arc::from(bytes));
        Ok(())
    }
}
