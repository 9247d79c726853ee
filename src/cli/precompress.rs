//! `--precompress` and `precompress:`: which compressed siblings a build lays beside its files.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::{Duration, Instant};

use super::args::{Precompress, PrecompressArgs};
use super::shelf::DiskShelf;
use crate::delivery::Stage;
use crate::diag::{Exit, Failure};
use crate::edition::{Edition, Sink};
use crate::engine::{BuildOptions, Compressor, Precompressed, Progress, Shelf, Siblings};
use crate::model::{Encoding, Site};
use crate::text::{OutPath, counted};

/// What compresses in this program; `None` when it was built without.
#[cfg(feature = "precompress")]
const COMPRESSOR: Option<Compressor> = Some(crate::compress::COMPRESSOR);
#[cfg(not(feature = "precompress"))]
const COMPRESSOR: Option<Compressor> = None;

/// Siblings that are wanted.
#[derive(Debug)]
pub(super) struct Wanted {
    /// At least one.
    encodings: Vec<Encoding>,
    compressor: Compressor,
}

/// What was typed, else what the configuration says; `None` when no siblings are wanted.
///
/// # Errors
/// When `none` does not stand alone; when this program cannot compress.
pub(super) fn wanted(args: &PrecompressArgs, site: Option<&Site>) -> Result<Option<Wanted>, Failure> {
    let configured = || site.map(|it| it.precompress.clone()).unwrap_or_default();
    let Some(typed) = &args.precompress else { return of(configured()) };
    let encodings: Vec<Encoding> = typed.iter().filter_map(|it| it.encoding()).collect();
    if typed.contains(&Precompress::None) && !encodings.is_empty() {
        return Err(Failure::new(Exit::Usage, "`--precompress none` asks for nothing, and for something")
            .help("give `none` alone, or leave it out"));
    }
    of(encodings)
}

/// These siblings; `None` when there are none to make.
///
/// # Errors
/// When this program cannot compress.
pub(super) fn of(encodings: impl IntoIterator<Item = Encoding>) -> Result<Option<Wanted>, Failure> {
    let encodings: Vec<Encoding> = encodings.into_iter().collect::<BTreeSet<_>>().into_iter().collect();
    match COMPRESSOR {
        _ if encodings.is_empty() => Ok(None),
        Some(compressor) => Ok(Some(Wanted { encodings, compressor })),
        None => Err(Failure::new(Exit::Usage, "this Rejoinder was built without `precompress`").help(
            "build one that has it: `cargo build --release --features precompress`; or build the site with `--precompress none`",
        )),
    }
}

impl Wanted {
    /// What the option has to be for the same siblings.
    pub(super) fn typed(&self) -> String {
        self.encodings.iter().map(|it| it.name()).collect::<Vec<_>>().join(",")
    }

    /// Makes all of them for a build that is about to be delivered.
    ///
    /// # Errors
    /// When a file cannot be read back, or the stage cannot store one.
    pub(super) fn lay(
        &self,
        edition: &Edition,
        stage: &Stage,
        shelf: Arc<DiskShelf>,
        options: &BuildOptions,
    ) -> Result<Beside, Failure> {
        let started = Instant::now();
        let with = With { shelf: Some(&*shelf), jobs: options.jobs, progress: options.progress.as_ref() };
        let made = self.make(edition, stage, &|path| stage.read(path), with)?;
        Ok(Beside { made, shelf, encodings: self.encodings.clone(), took: started.elapsed() })
    }

    /// Makes all of them for a site whose files `read` can read, and hands them to its sink.
    ///
    /// # Errors
    /// When a file cannot be read, or the sink cannot store one.
    pub(super) fn make(
        &self,
        edition: &Edition,
        sink: &dyn Sink,
        read: &(dyn Fn(&OutPath) -> Result<Vec<u8>, Failure> + Sync),
        with: With<'_>,
    ) -> Result<Precompressed, Failure> {
        let With { shelf, jobs, progress } = with;
        let Wanted { encodings, compressor } = self;
        let siblings = Siblings { encodings, compressor: *compressor, shelf, jobs, progress, read };
        siblings.make(edition, sink)
    }
}

/// Siblings of a build.
pub(super) struct Beside {
    made: Precompressed,
    shelf: Arc<DiskShelf>,
    encodings: Vec<Encoding>,
    /// How long that took.
    pub(super) took: Duration,
}

impl Beside {
    /// Removes what is kept and was of no use.
    pub(super) fn prune(&self) {
        self.made.names.iter().for_each(|it| self.shelf.prune(it));
    }

    /// How many there are, and how many of them were made now.
    pub(super) fn in_words(&self) -> String {
        let Precompressed { files, made, .. } = &self.made;
        let endings: Vec<String> = self.encodings.iter().map(|it| format!(".{}", it.name())).collect();
        let (n, endings) = (files.len(), endings.join(" and "));
        format!("{} as {endings} ({made} made, {} reused)", counted(n, "file"), n - made)
    }
}

/// What helps with making them.
#[derive(Clone, Copy, Default)]
pub(super) struct With<'w> {
    /// Where they are kept from one build to the next.
    pub(super) shelf: Option<&'w dyn Shelf>,
    /// How many threads; all cores when absent.
    pub(super) jobs: Option<usize>,
    /// Who is told how far it is.
    pub(super) progress: Option<&'w Progress>,
}
