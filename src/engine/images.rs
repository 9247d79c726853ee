//! The images that texts show: what is known of each, and which files are made of them.
//!
//! In: the linked texts, and the files they show. Out: [`Images`], from which follow what pages show ([`Images::shown`]) and which
//! addresses there have to be ([`Images::files`]). Only the head of an image is looked at here; what is behind it is decoded by
//! [`super::develop`], when somebody wants the bytes.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::content::Content;
use super::parallel::map_in_order;
use super::seen::{Recorder, Seen};
use crate::diag::{Code, Diagnostic, Failure, Level, Place, Report};
use crate::graph::Graph;
use crate::image::{self, Edited, Fault, Header, Shown, Variant};
use crate::input::Files;
use crate::text::{Fingerprint, OutPath, Span, join_path};

/// Every code of this module.
pub(super) static CODES: &[&Code] = &[&IMAGE_BROKEN, &IMAGE_FORMAT, &IMAGE_TOO_LARGE];

static IMAGE_BROKEN: Code = Code {
    name: "image-broken",
    level: Level::Error,
    manual: "# image-broken

A text shows an image that cannot be read: it is empty, ends too early, or holds bytes that make no sense. Downloads that were
broken off look like that, and so do files that a version control system stores elsewhere (Git LFS).

Open it in a program that shows images. If it is whole there, save it anew; else get it again from where it came from.

What a file says of itself is looked at by `check` and `build` alike. Damage in its middle shows only when it is decoded, which
`build` does, once for each image.",
};

static IMAGE_FORMAT: Code = Code {
    name: "image-format",
    level: Level::Error,
    manual: "# image-format

A text shows a file that browsers do not show as an image, or not all of them: a HEIC from a telephone, a TIFF, a PDF, a page of
the web that was saved under the name of an image. What counts is what the file holds, and not how its name ends.

Save it as JPEG (photographs), PNG or WebP (drawings, screens), GIF or SVG.",
};

static IMAGE_TOO_LARGE: Code = Code {
    name: "image-too-large",
    level: Level::Error,
    manual: "# image-too-large

A text shows an image of more than 67 million pixels (64 × 1,048,576), or of more than 16,383 on one side. To decode it would take
more memory than a build may use, and a file of a few kilobytes can claim to be that large.

Make it smaller: no reader gets an image that is more than 1,920 pixels wide.",
};

/// What is known of one image.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Known {
    /// The digest of its bytes.
    pub(super) fingerprint: Fingerprint,
    /// What its head says, or what is wrong with it.
    pub(super) header: Result<Header, Fault>,
}

/// Every image that some text shows. A copy is not cheap: share it.
#[derive(Clone, Debug, Default)]
pub(super) struct Images {
    /// By file.
    known: BTreeMap<Arc<str>, Known>,
    /// What is made of those below `content/`.
    edited: BTreeMap<Arc<str>, Result<Edited, Fault>>,
    /// Every file that is made: what it is made of, and how.
    files: BTreeMap<OutPath, (Arc<str>, Variant)>,
}

/// What an earlier build knew.
pub(super) struct Before<'b> {
    /// How it saw the files.
    pub(super) seen: &'b Seen,
    /// What it knew of an image.
    pub(super) known: &'b dyn Fn(&str) -> Option<Known>,
}

impl Images {
    /// What follows from what is known.
    pub(super) fn of(known: BTreeMap<Arc<str>, Known>) -> Images {
        let mut images = Images { known, ..Images::default() };
        for (path, known) in images.known.iter().filter(|(path, _)| path.starts_with("content/")) {
            let header = known.header.clone();
            let edited = header.and_then(|header| image::edit(path, &known.fingerprint, &header));
            for variant in edited.iter().flat_map(|it| &it.variants) {
                // The same bytes under the same name in two directories give the same file.
                let own = || (Arc::clone(path), variant.clone());
                images.files.entry(variant.path.clone()).or_insert_with(own);
            }
            images.edited.insert(Arc::clone(path), edited);
        }
        images
    }

    /// What is known of each, by file.
    pub(super) fn known(&self) -> &BTreeMap<Arc<str>, Known> {
        &self.known
    }

    /// Every file that is made, with what it is made of.
    pub(super) fn files(&self) -> impl Iterator<Item = (&OutPath, &Arc<str>, &Variant)> {
        self.files.iter().map(|(path, (file, variant))| (path, file, variant))
    }

    /// How a file is made, and of what.
    pub(super) fn file(&self, path: &str) -> Option<(&Arc<str>, &Variant)> {
        let path = OutPath::new(path).ok()?;
        self.files.get(&path).map(|(file, variant)| (file, variant))
    }

    /// What pages show of an image; `url` is where it would stand as it is. `None` for what cannot be shown, and for what no text
    /// shows.
    pub(super) fn shown(&self, file: &str, url: impl FnOnce() -> String) -> Option<Shown> {
        if let Some(edited) = self.edited.get(file) {
            return edited.as_ref().ok().map(|it| it.shown.clone());
        }
        let header = self.known.get(file)?.header.as_ref().ok()?;
        Some(Shown { src: url(), size: header.size, webp: Vec::new() })
    }

    /// The same with some images as they are now. `None` when one of them is gone or cannot be shown.
    ///
    /// # Errors
    /// When a file cannot be read.
    pub(super) fn with(&self, files: &dyn Files, changed: &[&str]) -> Result<Option<Images>, Failure> {
        let mut known = self.known.clone();
        for path in changed {
            let Some(now) = look(files, path)? else { return Ok(None) };
            known.insert(Arc::from(*path), now);
        }
        let images = Images::of(known);
        let is_sound = changed.iter().all(|path| fault(&images, path).is_none());
        Ok(is_sound.then_some(images))
    }
}

/// A place where a text shows an image.
struct Use<'g> {
    file: &'g Arc<str>,
    span: Span,
    image: &'g Arc<str>,
}

/// Every place where a text that is built shows an image that is there, in the order of texts.
fn uses<'g>(graph: &'g Graph, content: &'g Content) -> impl Iterator<Item = Use<'g>> {
    let nodes = graph.nodes().filter(|(_, node)| node.reaction.is_none());
    nodes.flat_map(move |(_, node)| {
        let file = &node.record().origin.file;
        let shown = node.record().prose.assets.iter().filter(|it| it.shown);
        shown.filter_map(move |it| {
            let image = content.file_of(&join_path(file, &it.path)?)?;
            Some(Use { file, span: it.span, image })
        })
    })
}

/// Looks at every image that some text shows, or takes over what is known of it.
///
/// # Errors
/// When a file cannot be read.
pub(super) fn read(
    files: &Recorder<'_>,
    graph: &Graph,
    content: &Content,
    before: &Before<'_>,
) -> Result<Images, Failure> {
    let mut wanted: Vec<&Arc<str>> = uses(graph, content).map(|it| it.image).collect();
    wanted.sort();
    wanted.dedup();
    let known = |path: &str| {
        let same = before.seen.known(path, *content.assets.get(path)?)?;
        let known = (before.known)(path).filter(|it| it.fingerprint == same)?;
        files.note_again(path, before.seen);
        Some(known)
    };
    let taken: Vec<Option<Known>> = wanted.iter().map(|path| known(path)).collect();
    let pairs: Vec<(&Arc<str>, Option<Known>)> = wanted.into_iter().zip(taken).collect();
    let read = map_in_order(&pairs, |(path, known)| match known {
        Some(known) => Ok(Some(known.clone())),
        None => look(files, path),
    });
    let mut all = BTreeMap::new();
    for ((path, _), known) in pairs.iter().zip(read) {
        // A file that vanished since it was listed is as good as never there.
        all.extend(known?.map(|known| (Arc::clone(path), known)));
    }
    Ok(Images::of(all))
}

fn look(files: &dyn Files, path: &str) -> Result<Option<Known>, Failure> {
    let input = files.read(path)?;
    Ok(input.map(|it| Known { fingerprint: it.fingerprint, header: image::read(path, &it.bytes) }))
}

/// What keeps an image from being shown.
fn fault<'i>(images: &'i Images, path: &str) -> Option<&'i Fault> {
    if let Some(edited) = images.edited.get(path) {
        return edited.as_ref().err();
    }
    // What lies in `static/` is published as it is, whatever it is; but not without its end.
    let fault = images.known.get(path)?.header.as_ref().err();
    fault.filter(|it| matches!(it, Fault::Empty | Fault::Cut | Fault::Damaged(_)))
}

/// Reports every image that cannot be shown.
pub(super) fn problems(graph: &Graph, content: &Content, report: &mut Report) {
    for path in content.images.known.keys() {
        if let Some(fault) = fault(&content.images, path) {
            report.extend(tell(graph, content, path, fault));
        }
    }
}

/// Tells of one image that cannot be shown, where it is shown first.
pub(super) fn tell(graph: &Graph, content: &Content, path: &str, fault: &Fault) -> Report {
    let mut report = Report::new();
    let mut places =
        uses(graph, content).filter(|it| &**it.image == path).map(|it| Place::span(it.file, it.span));
    let Some(place) = places.next() else { return report };
    let save = "save it anew, or get it again from where it came from";
    let (code, message, help) = match fault {
        Fault::Empty => (&IMAGE_BROKEN, format!("`{path}` is empty"), save),
        Fault::Cut => (&IMAGE_BROKEN, format!("`{path}` ends before the image does"), save),
        Fault::Damaged(why) => (
            &IMAGE_BROKEN,
            format!("`{path}` cannot be read as an image: {}", why.trim_end_matches('.')),
            save,
        ),
        Fault::Other(what) => {
            let message = match what {
                Some(what) => format!("`{path}` is {what}, and not every browser shows that as an image"),
                None => format!("`{path}` is no image that browsers show"),
            };
            (&IMAGE_FORMAT, message, "save it as JPEG, PNG, WebP, GIF or SVG, under a name that ends so")
        }
        Fault::Large(size) => {
            let message = format!("`{path}` is {} × {} pixels large", size.width, size.height);
            (&IMAGE_TOO_LARGE, message, "make it smaller: readers get no more than 1,920 pixels in width")
        }
    };
    let told = Diagnostic::new(code, place, message).label("is shown here").help(help);
    report.add(places.fold(told, |told, place| told.also(place, "and here")));
    report
}
