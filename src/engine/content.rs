//! What the project holds: documents to read, and files to copy as they are.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering::Relaxed};

use super::images::Images;
use super::parallel::map_in_order;
use super::secrets;
use crate::diag::{Code, Diagnostic, Failure, Level, Place, Report};
use crate::document::{self, Document, ReadOptions, prose::ProseOptions};
use crate::graph::{Bodies, Graph};
use crate::image::Shown;
use crate::input::{Entry, Files, Listed, Stamp};
use crate::model::{Record, Site};
use crate::text::{SharedList, join_path, misspelt, nearest_few};
use crate::view::Assets;

/// Every code of this module.
pub(super) static CODES: &[&Code] = &[&FILE_NOT_USABLE, &ACTIVE_FILE, &MISSING_ASSET, &UNKNOWN_CODE];

static FILE_NOT_USABLE: Code = Code {
    name: "file-not-usable",
    level: Level::Error,
    manual: "# file-not-usable

Something below `content/` or `static/` is no file that can be read everywhere: a symbolic link (links are not followed, so
that nothing from outside the project is published), a pipe or device, a name that is not UTF-8 or that some system cannot
carry, or two names that differ only in Unicode normal form.",
};

static MISSING_ASSET: Code = Code {
    name: "missing-asset",
    level: Level::Error,
    manual: "# missing-asset

A text shows or links a file that is not there. Names are looked up beside the text, or from the top of the project for
those that start with `/` (`/static/map.png` is published as `/map.png`; write `/map.png`).",
};

static ACTIVE_FILE: Code = Code {
    name: "active-file",
    level: Level::Error,
    manual: "# active-file

A file below `content/` could run script in readers' browsers if it were published as it is: a web page or a script of its
own, or a picture (SVG) that holds script. Content may come from anybody, so it must not.

Put what you trust into `static/`, which is published as it is. Take script out of a picture.",
};

static UNKNOWN_CODE: Code = Code {
    name: "unknown-code",
    level: Level::Error,
    manual: "# unknown-code

`levels:` in `site.yaml` names a problem that no check finds. `rejoinder explain --list` prints all of them.",
};

/// A record as it was, and as it is.
pub(super) type Reworded = (Arc<Record>, Arc<Record>);

/// Documents and files to copy. A copy shares all of it.
#[derive(Clone, Default)]
pub(super) struct Content {
    /// Everything below `content/` that is Markdown or YAML, by path.
    pub(super) documents: SharedList<Arc<Document>>,
    /// Address and file of everything that is copied.
    pub(super) copied: Arc<Vec<(String, Arc<str>)>>,
    /// All files that are no documents, with their stamps, for looking up what a text shows.
    pub(super) assets: Arc<BTreeMap<Arc<str>, Stamp>>,
    /// Those that texts show.
    pub(super) images: Arc<Images>,
    /// Whether somebody asked for the prose of a document whose text was not read.
    missed: Arc<AtomicBool>,
}

impl Content {
    /// Documents of which not every text is read, and the files of a project as they were listed. Only for making pages: what
    /// is to be copied is not in it.
    pub(super) fn of_gists<'s>(
        documents: Vec<Arc<Document>>,
        listed: impl Iterator<Item = (&'s str, Stamp)>,
        images: Arc<Images>,
    ) -> Content {
        let is_asset =
            |path: &str| !is_document(path) && (path.starts_with("content/") || path.starts_with("static/"));
        let assets = listed.filter(|(path, _)| is_asset(path)).map(|(path, stamp)| (path.into(), stamp));
        let (documents, assets) = (SharedList::new(documents), Arc::new(assets.collect()));
        Content { documents, copied: Arc::default(), assets, images, missed: Arc::default() }
    }

    /// Whether somebody asked for the prose of a document whose text was not read, and got none.
    pub(super) fn was_missed(&self) -> bool {
        self.missed.load(Relaxed)
    }

    /// The document of a file.
    pub(super) fn document(&self, file: &str) -> Option<&Arc<Document>> {
        self.documents.find_by(|it| (*it.path).cmp(file)).map(|idx| self.documents.get(idx))
    }

    /// Whether the document of a file has an error of its own.
    pub(super) fn has_errors(&self, file: &str) -> bool {
        self.document(file).is_some_and(|it| it.report.has_errors())
    }

    /// The same with the documents of these paths read again, and each record of them as it was and as it is. `None` unless each path is a document that was there, and is there.
    ///
    /// # Errors
    /// When a file cannot be read.
    pub(super) fn with_texts(
        &self,
        files: &dyn Files,
        site: &Site,
        paths: &BTreeSet<&str>,
    ) -> Result<Option<(Content, Vec<Reworded>)>, Failure> {
        let options = read_options(site);
        let mut content = self.clone();
        let mut changed = Vec::new();
        for path in paths {
            let at = self.documents.find_by(|it| (*it.path).cmp(path));
            let (Some(at), Some(input)) = (at, files.read(path)?) else { return Ok(None) };
            let new = document::read(&input, &options);
            let old = &self.documents.get(at).facts;
            if old.records.len() != new.facts.records.len() || old.broken != new.facts.broken {
                return Ok(None);
            }
            let pairs = old.records.iter().zip(&new.facts.records);
            changed.extend(pairs.map(|(old, new)| (Arc::clone(old), Arc::clone(new))));
            content.documents.replace(at, Arc::new(new));
        }
        Ok(Some((content, changed)))
    }

    /// Files below `content/` that texts show and none links to. Of these, readers get what is made of them: as they are, they may
    /// tell where a photograph was taken. Texts that are drafts count too.
    fn only_shown(&self) -> BTreeSet<Arc<str>> {
        let (mut shown, mut linked) = (BTreeSet::new(), BTreeSet::new());
        for record in self.documents.iter().flat_map(|it| &it.facts.records) {
            for asset in &record.prose.assets {
                let path = join_path(&record.origin.file, &asset.path);
                let file = path.and_then(|path| self.file_of(&path)).filter(|it| it.starts_with("content/"));
                let of_kind = if asset.shown { &mut shown } else { &mut linked };
                of_kind.extend(file.map(Arc::clone));
            }
        }
        shown.retain(|it| !linked.contains(it));
        shown
    }

    /// The same with other bytes in some copied files. `None` when one of them is not copied.
    pub(super) fn with_copies(&self, stamps: &BTreeMap<String, Stamp>) -> Option<Content> {
        let mut content = self.clone();
        let assets = Arc::make_mut(&mut content.assets);
        for (path, stamp) in stamps {
            *assets.get_mut(path.as_str())? = *stamp;
        }
        Some(content)
    }

    /// Whether a file is copied, and nothing but its name is looked at.
    pub(super) fn copies(&self, path: &str) -> bool {
        // A picture that could hold script is read.
        self.assets.contains_key(path) && !path.to_lowercase().ends_with(".svg")
    }

    /// A file beside the texts (`content/r1/chart.png`), or one by the address that it has or would have as it is (`map.png`).
    pub(super) fn file_of(&self, path: &str) -> Option<&Arc<str>> {
        let find = |path: &str| self.assets.get_key_value(path).map(|it| it.0);
        find(path).or_else(|| find(&format!("static/{path}"))).or_else(|| find(&format!("content/{path}")))
    }
}

impl Assets for Content {
    fn url(&self, path: &str) -> Option<String> {
        self.file_of(path).map(|file| published_at(file))
    }

    fn image(&self, path: &str) -> Option<Shown> {
        let file = self.file_of(path)?;
        self.images.shown(file, || published_at(file))
    }
}

impl Bodies for Content {
    fn body(&self, record: &Record) -> &str {
        match self.document(&record.origin.file) {
            Some(document) if record.origin.entry.is_none() => {
                if document.text.len() < document.body.end {
                    self.missed.store(true, Relaxed);
                }
                document.body.of(&document.text)
            }
            _ => "",
        }
    }
}

/// Where a copied file goes: as below `content/` or `static/`.
fn published_at(path: &str) -> String {
    let inside = path.strip_prefix("content/").or_else(|| path.strip_prefix("static/")).unwrap_or(path);
    format!("/{inside}")
}

/// Lists and reads everything.
///
/// # Errors
/// When a directory or a file cannot be read.
///
/// A document that `known` has, of a file that looks as it did when that was read, is taken over as it is.
pub(super) fn read(
    files: &dyn Files,
    site: &Site,
    known: Option<&Content>,
    report: &mut Report,
) -> Result<Content, Failure> {
    let listed: Vec<Listed> = files.list("content")?.into_iter().chain(files.list("static")?).collect();
    let (usable, others): (Vec<_>, Vec<_>) = listed.into_iter().partition(|it| it.state == Entry::File);
    for it in &others {
        report.add(not_usable(it));
    }
    let (texts, assets): (Vec<_>, Vec<_>) = usable.into_iter().partition(|it| is_document(&it.path));
    let options = read_options(site);
    let read = map_in_order(&texts, |it| -> Result<_, Failure> {
        let Some(input) = files.read(&it.path)? else { return Ok(None) };
        let known = known.and_then(|it| it.document(&input.path));
        let same = known.filter(|known| known.fingerprint == input.fingerprint).map(Arc::clone);
        Ok(Some(same.unwrap_or_else(|| Arc::new(document::read(&input, &options)))))
    });
    let mut documents = Vec::with_capacity(read.len());
    for document in read {
        // A file that vanished since it was listed is as good as never there.
        documents.extend(document?);
    }
    documents.sort_by(|a, b| a.path.cmp(&b.path));
    for it in &assets {
        report.add_some(secrets::by_name(it));
    }
    for it in &assets {
        report.add_some(misnamed(it));
        report.add_some(active(files, it)?);
    }
    let assets: BTreeMap<Arc<str>, Stamp> = assets.into_iter().map(|it| (it.path, it.stamp)).collect();
    let documents = SharedList::new(documents);
    let content = Content { documents, assets: Arc::new(assets), ..Content::default() };
    let shown = content.only_shown();
    let copied = content.assets.keys().filter(|path| !shown.contains(*path));
    let copied = copied.map(|path| (published_at(path), Arc::clone(path))).collect();
    Ok(Content { copied: Arc::new(copied), ..content })
}

/// Whether a file is one that is read, and not copied.
pub(super) fn is_document(path: &str) -> bool {
    path.starts_with("content/") && [".md", ".yaml", ".yml"].iter().any(|ending| path.ends_with(ending))
}

/// How documents of this site are read.
pub(super) fn read_options(site: &Site) -> ReadOptions {
    ReadOptions { prose: ProseOptions { raw_html: site.raw_html }, ..ReadOptions::default() }
}

/// A page whose name ends unlike a page's would be published as its source.
fn misnamed(it: &Listed) -> Option<Diagnostic> {
    let name = it.path.to_lowercase();
    let is_text = [".md", ".markdown", ".mdown", ".mkd"].iter().any(|ending| name.ends_with(ending));
    let told = || {
        let message = format!("`{}` looks like a page, and pages end in `.md`", it.path);
        Diagnostic::new(&FILE_NOT_USABLE, Place::file(&it.path), message)
            .help("rename it so that it ends in `.md`")
    };
    (is_text && it.path.starts_with("content/")).then(told)
}

/// What could run script on the site's own address.
fn active(files: &dyn Files, it: &Listed) -> Result<Option<Diagnostic>, Failure> {
    let name = it.path.to_lowercase();
    let is_page =
        [".html", ".htm", ".xhtml", ".xht", ".js", ".mjs"].iter().any(|ending| name.ends_with(ending));
    let what = match (it.path.starts_with("content/") && is_page, name.ends_with(".svg")) {
        (true, _) => "is a web page or script of its own",
        (false, true) if holds_script(files, it)? => "is a picture that holds script",
        (false, _) => return Ok(None),
    };
    let message = format!("`{}` {what}, and would run in readers' browsers", it.path);
    let told = Diagnostic::new(&ACTIVE_FILE, Place::file(&it.path), message);
    Ok(Some(told.help("take the script out, or put a page you trust into `static/`")))
}

/// Whether an SVG file holds script, handlers, foreign markup or entities.
fn holds_script(files: &dyn Files, it: &Listed) -> Result<bool, Failure> {
    let Some(input) = files.read(&it.path)? else { return Ok(false) };
    let text = String::from_utf8_lossy(&input.bytes).to_lowercase();
    let words = ["<script", "<foreignobject", "javascript:", "<!entity", "data:text"];
    let is_handler = |at: usize| {
        let name: String = text[at + 3..].chars().take_while(char::is_ascii_alphabetic).collect();
        !name.is_empty() && text[at + 3 + name.len()..].trim_start().starts_with('=')
    };
    let handlers = [" on", "\ton", "\non"].iter().flat_map(|start| text.match_indices(start));
    Ok(words.iter().any(|word| text.contains(word)) || handlers.into_iter().any(|(at, _)| is_handler(at)))
}

fn not_usable(it: &Listed) -> Diagnostic {
    let (message, help) = match &it.state {
        Entry::Symlink => (
            format!("`{}` is a symbolic link, and links are not followed", it.path),
            "put the file itself there",
        ),
        Entry::BadName(why) => (format!("`{}` cannot be used: {why}", it.path), "rename the file"),
        Entry::Twin(other) => (
            format!("`{}` and `{other}` are the same name in two Unicode normal forms", it.path),
            "delete one of them",
        ),
        Entry::Special | Entry::File => (format!("`{}` is not a regular file", it.path), "delete it"),
    };
    Diagnostic::new(&FILE_NOT_USABLE, Place::file(&it.path), message).help(help)
}

/// Reports every file a text shows or links that is not there.
pub(super) fn missing_assets(graph: &Graph, content: &Content, report: &mut Report) {
    for (_, node) in graph.nodes().filter(|(_, node)| node.reaction.is_none()) {
        let file = &node.record().origin.file;
        // An address may be a page's: the check of links says where one leads nowhere.
        for asset in node.record().prose.assets.iter().filter(|it| !it.path.starts_with('/')) {
            let place = Place::span(file, asset.span);
            match join_path(file, &asset.path) {
                None => report.add(outside(place, &asset.path)),
                Some(path) if content.file_of(&path).is_none() => {
                    report.add(missing(place, &asset.path, content));
                }
                Some(_) => (),
            }
        }
    }
}

fn outside(place: Place, written: &str) -> Diagnostic {
    Diagnostic::new(&MISSING_ASSET, place, format!("`{written}` leads out of the project"))
        .label("nothing outside is published")
        .help("put the file beside the text, and write its name")
}

fn missing(place: Place, written: &str, content: &Content) -> Diagnostic {
    let names: Vec<&str> = content.assets.keys().map(|it| it.rsplit('/').next().unwrap_or(it)).collect();
    let near = nearest_few(written.rsplit('/').next().unwrap_or(written), names, 1);
    let told = Diagnostic::new(&MISSING_ASSET, place, format!("there is no file `{written}`"))
        .label("not found beside this text");
    match near.first() {
        Some(near) => told.help(format!("did you mean `{near}`?")),
        None => told.help("put the file beside the text, or in `static/` and write its address"),
    }
}

/// A name under `levels:` or `accept:` that is no code.
/// `may_write` says whether the right name can stand in its place without a look.
pub(super) fn unknown_code(
    name: &str,
    codes: &[&'static Code],
    place: Place,
    may_write: impl Fn(&str) -> bool,
) -> Diagnostic {
    let sure = misspelt(name, codes.iter().map(|code| code.name)).filter(|known| may_write(known));
    let near = nearest_few(name, codes.iter().map(|code| code.name), 1);
    let told = Diagnostic::new(&UNKNOWN_CODE, place, format!("no problem is called `{name}`"));
    match near.first() {
        Some(near) => {
            let told =
                told.fix(format!("write `{near}`"), (*near).to_owned()).safe_if(sure == Some(near), name);
            told.help(format!("did you mean `{near}`?"))
        }
        None => told.help("`rejoinder explain --list` prints all of them"),
    }
}
