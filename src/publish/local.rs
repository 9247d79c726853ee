//! The site as it was built: the output directory, held against its manifest.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use super::driver::Bytes;
use super::release::{File, Release};
use crate::delivery;
use crate::diag::{Exit, Failure};
use crate::edition::headers::{media_type, sibling_of};
use crate::engine::map_in_order;
use crate::format::leads_to;
use crate::text::{Fingerprint, OutPath};

/// An output directory whose every file is what its manifest says.
#[derive(Clone, Debug)]
pub struct Local {
    dir: PathBuf,
    /// The site as it would be sent.
    pub release: Release,
    /// Where pages at old addresses lead, each an address of the site or a complete one.
    redirects: BTreeMap<OutPath, String>,
    /// Files whose names say nothing of their type: they are sent as bytes that browsers offer to save.
    pub untyped: Vec<String>,
}

impl Local {
    /// Reads an output directory: the manifest, and every file that it names.
    ///
    /// # Errors
    /// [`Exit::NotPublished`] when nothing was built there, or a file is not what was built.
    pub fn read(dir: &Path, title: &str, base_url: Option<&str>) -> Result<Local, Failure> {
        let shown = dir.display();
        let Some(files) =
            delivery::delivered(dir).map_err(|it| Failure { exit: Exit::NotPublished, ..it })?
        else {
            return Err(Failure::new(Exit::NotPublished, format!("nothing was built in `{shown}`"))
                .help("`rejoinder build` writes the site there"));
        };
        let files: Vec<File> =
            files.into_iter().map(|(path, size, digest)| File::new(path, size, digest)).collect();
        let looked = map_in_order(&files, |file| look_at(dir, file));
        let is_other = |it: &Seen| *it == Seen::Other;
        let both = || files.iter().zip(&looked);
        let changed: Vec<&str> =
            both().filter(|(_, it)| is_other(it)).map(|(file, _)| file.path.as_str()).collect();
        if !changed.is_empty() {
            return Err(not_as_built(dir, &changed));
        }
        let redirects = both().filter_map(|(file, it)| match it {
            Seen::OldAddress { leads_to } => Some((file.path.clone(), leads_to.clone())),
            Seen::Other | Seen::AsBuilt => None,
        });
        let redirects = redirects.collect();
        // Siblings are sent in the place of a file, with its type.
        let is_untyped = |it: &&str| media_type(it).is_none() && sibling_of(it).is_none();
        let untyped = files.iter().map(|it| it.path.as_str()).filter(is_untyped);
        let untyped = untyped.map(str::to_owned).collect();
        let release = Release {
            title: title.to_owned(),
            base_url: base_url.unwrap_or_default().to_owned(),
            files,
            ..Release::default()
        };
        Ok(Local { dir: dir.to_owned(), release, redirects, untyped })
    }

    /// Notes with the pages at old addresses where they lead, for a host that redirects by that. `root` is where the site begins
    /// on its host. What S3 does not take as such an address is left to the page.
    pub fn note_redirects(&mut self, root: &str) {
        // In bytes: the limit for all that is kept with a file.
        const MOST: usize = 2048;
        for file in &mut self.release.files {
            let Some(to) = self.redirects.get(&file.path) else { continue };
            let location = match to.strip_prefix('/') {
                Some(rest) => format!("{root}{rest}"),
                None => to.clone(),
            };
            let is_known = ["/", "http://", "https://"].iter().any(|it| location.starts_with(it));
            let is_plain = location.len() <= MOST && location.bytes().all(|it| it.is_ascii_graphic());
            file.headers.location = Some(location).filter(|_| is_known && is_plain);
        }
    }

    /// The bytes of a file that is as it was built.
    ///
    /// # Errors
    /// [`Exit::NotPublished`] when it is no longer.
    pub fn read_back(&self, path: &OutPath) -> Result<Vec<u8>, Failure> {
        match self.release.find(path.as_str()) {
            Some(file) => self.bytes(file),
            None => Err(not_as_built(&self.dir, &[path.as_str()])),
        }
    }

    /// Where it lies.
    pub fn dir(&self) -> &Path {
        &self.dir
    }
}

impl Bytes for Local {
    fn bytes(&self, file: &File) -> Result<Vec<u8>, Failure> {
        let bytes = delivery::read_plain(&self.dir.join(file.path.as_str())).ok();
        let bytes = bytes.filter(|it| Fingerprint::of(it) == file.fingerprint);
        bytes.ok_or_else(|| not_as_built(&self.dir, &[file.path.as_str()]))
    }
}

/// What a file of the output was seen to be.
#[derive(PartialEq, Eq)]
enum Seen {
    /// Not what its manifest says, or nothing.
    Other,
    /// What its manifest says.
    AsBuilt,
    /// That too, and the page at an old address.
    OldAddress { leads_to: String },
}

fn look_at(dir: &Path, file: &File) -> Seen {
    let read = delivery::read_plain(&dir.join(file.path.as_str())).ok();
    let is_built = |it: &Vec<u8>| it.len() as u64 == file.size && Fingerprint::of(it) == file.fingerprint;
    let Some(bytes) = read.filter(is_built) else { return Seen::Other };
    let leads_to = if file.is_page() { leads_to(&file.path, &bytes) } else { None };
    leads_to.map_or(Seen::AsBuilt, |leads_to| Seen::OldAddress { leads_to })
}

fn not_as_built(dir: &Path, paths: &[&str]) -> Failure {
    const SHOWN: usize = 5;
    let shown: Vec<String> = paths.iter().take(SHOWN).map(|it| format!("`{it}`")).collect();
    let more = match paths.len().saturating_sub(SHOWN) {
        0 => String::new(),
        more => format!(" and {more} more"),
    };
    let is = if paths.len() == 1 { "is" } else { "are" };
    let message = format!("in `{}`, {}{more} {is} not what was built", dir.display(), shown.join(", "));
    Failure::new(Exit::NotPublished, message)
        .help("build again, which puts them right; what is published is what the sources say")
}
