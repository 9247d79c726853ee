//! Making the files that pages show in the place of images: the one step of a build that may take seconds for each.
//!
//! Nothing is made that the output has, or that an earlier build made and somebody keeps ([`super::Shelf`]). The address of a file
//! holds a digest of what it is made from, so neither has to be compared with anything.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};

use super::images;
use super::parallel::map_in_order;
use super::render::{Job, entry_of};
use crate::diag::{Exit, Failure, Report};
use crate::edition::{Entry, PageFacts, Sink};
use crate::image::{self, Fault, Header, How, Variant};
use crate::input::Files;
use crate::text::{Fingerprint, OutPath};

/// How much there was to do with images.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Developed {
    /// How many images texts show and something is made of.
    pub images: usize,
    /// How many files are made of them.
    pub files: usize,
    /// What these are called on a shelf.
    pub names: BTreeSet<String>,
    /// How many of these were made now.
    pub made: usize,
    /// How many were taken from the shelf.
    pub shelved: usize,
}

/// What a file that is made of an image is called on a shelf.
pub(super) fn name_of(variant: &Variant) -> String {
    variant.key.hex()
}

/// A file that has to be made, with its image.
struct Wanted<'j> {
    path: &'j OutPath,
    file: &'j Arc<str>,
    variant: &'j Variant,
}

/// What one image came to.
type Made<'j> = Result<Result<Vec<(OutPath, Entry)>, (&'j Arc<str>, Fault)>, Failure>;

/// Keeps, fetches or makes every file that is made of an image. An image that turns out to be damaged is reported where it is shown.
///
/// # Errors
/// When the sink cannot store a file, or an image cannot be read.
pub(super) fn all(
    job: &Job<'_>,
    report: &mut Report,
    sink: &dyn Sink,
) -> Result<(Vec<(OutPath, Entry)>, Developed), Failure> {
    let images = &job.blueprint.content.images;
    let wanted: Vec<Wanted<'_>> =
        images.files().map(|(path, file, variant)| Wanted { path, file, variant }).collect();
    let names = wanted.iter().map(|it| name_of(it.variant)).collect();
    let mut developed = Developed { files: wanted.len(), names, ..Developed::default() };
    let had = map_in_order(&wanted, |it| have(job, it, sink));
    let mut files = Vec::with_capacity(wanted.len());
    let mut to_make: BTreeMap<&Arc<str>, Vec<&Wanted<'_>>> = BTreeMap::new();
    for (it, had) in wanted.iter().zip(had) {
        match had? {
            Some((entry, from_shelf)) => {
                developed.shelved += usize::from(from_shelf);
                files.push((it.path.clone(), entry));
            }
            None => to_make.entry(it.file).or_default().push(it),
        }
    }
    developed.images = images.files().map(|it| it.1).collect::<BTreeSet<_>>().len();
    let to_make: Vec<(&Arc<str>, Vec<&Wanted<'_>>)> = to_make.into_iter().collect();
    let done = AtomicUsize::new(0);
    let made = map_in_order(&to_make, |(file, wanted)| {
        let made = develop(job, file, wanted, sink);
        if let Some(progress) = job.progress {
            progress.tell("Images", done.fetch_add(1, Relaxed) + 1, to_make.len());
        }
        made
    });
    for made in made {
        match made? {
            Ok(made) => {
                developed.made += made.len();
                files.extend(made);
            }
            Err((file, fault)) => {
                report.extend(images::tell(&job.blueprint.graph, &job.blueprint.content, file, &fault));
            }
        }
    }
    Ok((files, developed))
}

/// A file that is there already: in the output, or on the shelf. Says whether it came from the latter.
fn have(job: &Job<'_>, wanted: &Wanted<'_>, sink: &dyn Sink) -> Result<Option<(Entry, bool)>, Failure> {
    if !sink.wants_bytes() {
        // Nobody will look at them. The key says as much of them as a digest would.
        let entry = Entry { fingerprint: wanted.variant.key, size: 0, facts: PageFacts::default() };
        return Ok(Some((entry, false)));
    }
    if let Ok(at) = job.rest.others.binary_search_by(|(path, _)| path.cmp(wanted.path))
        && let (path, entry) = &job.rest.others[at]
        && sink.keep(path, &entry.fingerprint, entry.size)?
    {
        return Ok(Some((entry.clone(), false)));
    }
    let Some(bytes) = job.image_shelf.and_then(|it| it.get(&name_of(wanted.variant))) else {
        return Ok(None);
    };
    let entry = entry_of(&bytes, PageFacts::default());
    sink.put(wanted.path, &bytes, &entry.fingerprint)?;
    Ok(Some((entry, true)))
}

/// Makes several files of one image.
fn develop<'j>(job: &Job<'_>, file: &'j Arc<str>, wanted: &[&Wanted<'_>], sink: &dyn Sink) -> Made<'j> {
    let how: Vec<How> = wanted.iter().map(|it| it.variant.how).collect();
    let known = job.blueprint.content.images.known().get(file);
    let Some((fingerprint, Ok(header))) = known.map(|it| (&it.fingerprint, &it.header)) else {
        unreachable!("because nothing is made of what cannot be shown");
    };
    let made = match make(job.files, file, fingerprint, header, &how)? {
        Ok(made) => made,
        Err(fault) => return Ok(Err((file, fault))),
    };
    let mut files = Vec::with_capacity(made.len());
    for (it, bytes) in wanted.iter().zip(made) {
        if let (Some(shelf), How::Scale(..)) = (job.image_shelf, it.variant.how) {
            shelf.put(&name_of(it.variant), &bytes);
        }
        let entry = entry_of(&bytes, PageFacts::default());
        sink.put(it.path, &bytes, &entry.fingerprint)?;
        files.push((it.path.clone(), entry));
    }
    Ok(Ok(files))
}

/// Makes files of an image that has to be what it was when its head was looked at.
///
/// # Errors
/// When it cannot be read, or is another by now.
pub(super) fn make(
    files: &dyn Files,
    file: &str,
    fingerprint: &Fingerprint,
    header: &Header,
    how: &[How],
) -> Result<Result<Vec<Vec<u8>>, Fault>, Failure> {
    match files.read(file)?.filter(|it| it.fingerprint == *fingerprint) {
        Some(input) => Ok(image::make(&input.bytes, header, how)),
        None => Err(Failure::new(Exit::Machine, format!("`{file}` changed while the site was being built"))
            .help("run the command again")),
    }
}
