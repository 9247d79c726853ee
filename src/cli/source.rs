//! `rejoinder source add`: keeps the words of a page that the user saved, and records the copy on its source.
//!
//! Everything is found out before anything is written: the words, the record, how its file would look afterwards. Then
//! the copy is written, then the record that names it. Nothing is fetched: what a browser shows may depend on who asks,
//! and the user has seen this page.

use std::fs;
use std::path::{Component, Path, PathBuf};
use std::sync::Arc;

use super::args::{SourceAddArgs, SourceArgs, SourceCommand};
use super::console::Console;
use super::context::Context;
use super::ignored::{self, Standing};
use super::outcome::{self, Outcome};
use super::project::{self, Project};
use super::rewrite;
use crate::diag::{Exit, Failure, Fingerprinted, Hidden, Mended, Output, Sources};
use crate::document::edit::{self, Change, NewValue};
use crate::document::{self, Document, ReadOptions};
use crate::extract::{self, ArchiveLink, Extracted, archive_link, extract};
use crate::input::{Entry, Files, Input};
use crate::model::{Data, Kind, Record, Site, Snapshot, Source};
use crate::text::{Edtf, OutPath, Sha256, check_url, nearest_few};

pub(super) fn run(args: &SourceArgs, context: &Context, console: &mut Console<'_>) -> Result<Exit, Failure> {
    match &args.command {
        SourceCommand::Add(args) => add(args, context, console),
    }
}

fn add(args: &SourceAddArgs, context: &Context, console: &mut Console<'_>) -> Result<Exit, Failure> {
    no_address(args)?;
    let project = Project::open_with(args.snapshots.as_deref(), context)?;
    let Some(site) = &project.settings else {
        let message = format!("`{}` cannot be used", context.config);
        return Err(Failure::new(Exit::Usage, message).help("`rejoinder check` says what is wrong with it"));
    };
    let place = Place::of(args, site, context)?;
    let found = find(&*project.files, &args.id, site)?;
    let copy = Copied::read(args)?;
    let mut plan = plan(args, &*project.files, &found, &copy, &place, console)?;
    if place.is_in_project {
        plan.ignore = ignored::standing(&context.root, &place.file, &place.line);
    }
    if !args.dry_run {
        plan.carry_out(&place, context)?;
    }
    let told = plan.told(args, &copy, &place);
    let outcome = Outcome {
        command: "source add",
        exit: Exit::Done,
        report: &Fingerprinted::default(),
        sources: &Sources::default(),
        outputs: if args.dry_run { Vec::new() } else { plan.outputs(&place) },
        hidden: Hidden::default(),
        mended: Mended::default(),
        in_full: false,
        last_line: told,
        remarks: Vec::new(),
    };
    outcome::tell(&outcome, context, console)
}

/// A web address where a file belongs is the likeliest mistake.
fn no_address(args: &SourceAddArgs) -> Result<(), Failure> {
    let file = args.file.to_string_lossy();
    if !["http://", "https://"].iter().any(|it| file.to_ascii_lowercase().starts_with(it)) {
        return Ok(());
    }
    let help = format!(
        "open it in a browser, save the page (Ctrl+S, or print it to a PDF), then `rejoinder source add FILE {}`; \
         `--archive URL` records where an archive keeps it",
        args.id
    );
    Err(Failure::new(Exit::Usage, format!("`{file}` is an address, and nothing is fetched")).help(help))
}

/// Where the copy goes.
struct Place {
    /// As the record names it: `snapshots/ID.txt`.
    file: String,
    /// On this machine.
    path: PathBuf,
    /// The line of `.gitignore` that covers it.
    line: String,
    /// Whether the project itself holds it.
    is_in_project: bool,
}

/// Directories of a project whose files are published, or are not for copies.
const TAKEN: [&str; 6] = ["content", "static", "themes", "templates", ".git", ".rejoinder"];

impl Place {
    fn of(args: &SourceAddArgs, site: &Site, context: &Context) -> Result<Place, Failure> {
        let id = args.id.strip_prefix("source:").unwrap_or(&args.id);
        let dir = site.snapshots.trim_start_matches("./").trim_end_matches('/');
        let file = OutPath::new(&format!("{dir}/{id}.txt")).map_err(|why| {
            Failure::new(
                Exit::Usage,
                format!("`{}/{id}.txt` cannot be the name of a copy: {why}", site.snapshots),
            )
            .help("`snapshots:` in the configuration names a directory of the project")
        })?;
        let path = match &args.snapshots {
            Some(elsewhere) => elsewhere.join(format!("{id}.txt")),
            None => context.root.join(file.as_str()),
        };
        let root = fs::canonicalize(&context.root).unwrap_or_else(|_| context.root.clone());
        let real = real_place(&path);
        let taken = TAKEN.iter().map(|it| root.join(it)).chain([normal(&root.join(&site.output))]);
        for taken in taken {
            if is_below(&real, &taken) {
                let shown = taken.strip_prefix(&root).unwrap_or(&taken).display().to_string();
                let dir = args.snapshots.as_ref().map_or(dir.to_owned(), |it| it.display().to_string());
                return Err(Failure::new(
                    Exit::Refused,
                    format!("copies of sources are private, and `{dir}` lies in `{shown}`"),
                )
                .help("choose another directory with `snapshots:` in the configuration; `snapshots` is the usual one"));
            }
        }
        let line = format!("/{dir}/");
        Ok(Place { file: file.as_str().to_owned(), line, is_in_project: is_below(&real, &root), path })
    }
}

/// A path without `.` and `..`, as far as words go.
fn normal(path: &Path) -> PathBuf {
    let mut out = PathBuf::new();
    for part in path.components() {
        match part {
            Component::CurDir => (),
            Component::ParentDir => drop(out.pop()),
            Component::Prefix(_) | Component::RootDir | Component::Normal(_) => out.push(part),
        }
    }
    out
}

/// Where a file that may not be there yet would really stand: links on the way are followed.
fn real_place(path: &Path) -> PathBuf {
    let absolute = normal(&std::path::absolute(path).unwrap_or_else(|_| path.to_owned()));
    let there = absolute.ancestors().skip(1).find_map(|it| Some((it, fs::canonicalize(it).ok()?)));
    match there {
        Some((dir, real)) => real.join(absolute.strip_prefix(dir).unwrap_or(&absolute)),
        None => absolute,
    }
}

/// Whether a path is another one or lies in it, on systems that fold case too.
fn is_below(path: &Path, dir: &Path) -> bool {
    let folded = |it: &Path| PathBuf::from(it.to_string_lossy().to_lowercase());
    folded(path).starts_with(folded(dir))
}

/// A source, and the file that holds it.
struct Found {
    record: Arc<Record>,
    document: Document,
    input: Input,
    options: ReadOptions,
}

impl Found {
    fn source(&self) -> &Source {
        match &self.record.data {
            Data::Source(source) => source,
            _ => unreachable!("only sources are looked for"),
        }
    }
}

/// Finds the record of a source among all that is written down.
fn find(files: &dyn Files, id: &str, site: &Site) -> Result<Found, Failure> {
    let id = id.strip_prefix("source:").unwrap_or(id);
    let options = ReadOptions {
        prose: document::prose::ProseOptions { raw_html: site.raw_html },
        ..ReadOptions::default()
    };
    let mut found: Vec<Found> = Vec::new();
    let mut names: Vec<String> = Vec::new();
    let mut unreadable = None;
    for listed in files.list("content")? {
        let is_document = [".md", ".yaml", ".yml"].iter().any(|ending| listed.path.ends_with(ending));
        if listed.state != Entry::File || !is_document {
            continue;
        }
        let Some(input) = files.read(&listed.path)? else { continue };
        let document = document::read(&input, &options);
        if document.facts.broken.iter().any(|(kind, it)| *kind == Kind::Source && **it == *id) {
            unreadable = Some(listed.path);
        }
        let sources = document.facts.records.iter().filter(|it| it.kind() == Kind::Source);
        names.extend(sources.clone().map(|it| it.id.to_string()));
        if let Some(record) = sources.clone().find(|it| *it.id == *id).cloned() {
            found.push(Found { record, document, input, options });
        }
    }
    let usage = |message: String, help: String| Err(Failure::new(Exit::Usage, message).help(help));
    match (found.len(), unreadable) {
        (0, Some(file)) => usage(
            format!("the record of `{id}` in `{file}` cannot be read"),
            "`rejoinder check` says what is wrong with it".to_owned(),
        ),
        (0, None) => usage(
            format!("no source is called `{id}`"),
            match nearest_few(id, names.iter().map(String::as_str), 1).first() {
                Some(near) => format!("did you mean `{near}`?"),
                None => "write its record first: an `id`, `kind: source`, a `type` and a `title`".to_owned(),
            },
        ),
        (1, _) => Ok(found.remove(0)),
        (_, _) => usage(
            format!(
                "two sources are called `{id}`, in `{}` and `{}`",
                found[0].record.origin.file, found[1].record.origin.file
            ),
            "give one of them another id".to_owned(),
        ),
    }
}

/// What the user's file says.
struct Copied {
    /// Of the file as it is.
    sha256: Sha256,
    /// Of its words.
    text_sha256: Sha256,
    extracted: Extracted,
}

impl Copied {
    fn read(args: &SourceAddArgs) -> Result<Copied, Failure> {
        let shown = args.file.display().to_string();
        let bytes = fs::read(&args.file)
            .map_err(|error| Failure::machine(format!("cannot read `{shown}`"), &error))?;
        let options = extract::Options { figcaptions: args.figcaptions };
        let extracted = extract(&shown, &bytes, &options)
            .map_err(|problem| Failure::new(Exit::Problems, problem.message).help(problem.help))?;
        Ok(Copied {
            sha256: Sha256::of(&bytes),
            text_sha256: Sha256::of(extracted.text.as_bytes()),
            extracted,
        })
    }

    fn n_words(&self) -> usize {
        self.extracted.text.split_whitespace().count()
    }
}

/// What is to be done.
struct Plan {
    /// The file of the copy, if it is to be written.
    text: Option<String>,
    /// The record's file and its new text, if it changes.
    record: Option<(String, String)>,
    /// The keys that change.
    keys: Vec<&'static str>,
    /// What git thinks of the copy.
    ignore: Standing,
    /// Things the user should know.
    notes: Vec<String>,
}

fn plan(
    args: &SourceAddArgs,
    files: &dyn Files,
    found: &Found,
    copy: &Copied,
    place: &Place,
    console: &Console<'_>,
) -> Result<Plan, Failure> {
    let source = found.source();
    let is_known = match (&source.snapshot, args.replace) {
        (Some(known), false) => is_same(known, copy, place, found)?,
        (Some(_), true) | (None, _) => false,
    };
    let there = files.read(&place.file)?;
    let is_written = there.is_some_and(|it| *it.bytes == *copy.extracted.text.as_bytes());
    let mut changes = Vec::new();
    let accessed = accessed(args, &copy.extracted, console)?;
    let has_accessed = source.accessed.as_ref().is_some_and(|it| it.raw() == accessed);
    if !has_accessed && (!is_known || args.accessed.is_some()) {
        changes.push(Change::Set("accessed", NewValue::Text(accessed)));
    }
    for link in archives(args, &copy.extracted)? {
        if source.archive.iter().all(|it| it.url != link.url) {
            changes.push(Change::Append("archive", archive_value(link)));
        }
    }
    let snapshot = Snapshot {
        file: place.file.clone(),
        sha256: Some(copy.sha256),
        text_sha256: Some(copy.text_sha256),
        private: true,
    };
    if !is_known && source.snapshot.as_ref() != Some(&snapshot) {
        changes.push(Change::Set("snapshot", snapshot_value(&snapshot)));
    }
    let keys = changes.iter().map(|it| match it {
        Change::Set(key, _) | Change::Append(key, _) => *key,
    });
    let mut keys: Vec<&'static str> = keys.collect();
    keys.dedup();
    let record = match changes.is_empty() {
        true => None,
        false => Some((found.input.path.to_string(), edited(found, &changes)?)),
    };
    Ok(Plan {
        text: (!is_written).then(|| copy.extracted.text.clone()),
        record,
        keys,
        ignore: Standing::Ignored,
        notes: notes(source, copy, place),
    })
}

/// Whether the copy that a record names has the same words; an error if it has others.
fn is_same(known: &Snapshot, copy: &Copied, place: &Place, found: &Found) -> Result<bool, Failure> {
    if known.text_sha256 == Some(copy.text_sha256) && known.file == place.file {
        return Ok(true);
    }
    let why = match known.text_sha256 {
        Some(it) if it == copy.text_sha256 => "at another place",
        Some(_) => "with other words",
        None => "whose words it has no digest of",
    };
    let message = format!("`{}` already has a copy, `{}`, {why}", found.record.id, known.file);
    let help = "`--replace` puts this one in its place; quotations are then compared with this one";
    Err(Failure::new(Exit::Refused, message).help(help))
}

/// The day to record: as typed, as the file says, else today.
fn accessed(args: &SourceAddArgs, extracted: &Extracted, console: &Console<'_>) -> Result<String, Failure> {
    let today = project::today(console).to_string();
    match (&args.accessed, &extracted.saved) {
        (Some(typed), _) => match Edtf::parse(typed) {
            Ok(_) => Ok(typed.clone()),
            Err(problem) => {
                let message = format!("`--accessed {typed}` is not a date we can use: {}", problem.message);
                Err(Failure::new(Exit::Usage, message).help(problem.help))
            }
        },
        // ISO dates compare as texts. A file from the future has a wrong clock.
        (None, Some(saved)) if *saved <= today => Ok(saved.clone()),
        (None, _) => Ok(today),
    }
}

/// Copies in archives: those the page names, then those that were typed.
fn archives(args: &SourceAddArgs, extracted: &Extracted) -> Result<Vec<ArchiveLink>, Failure> {
    let mut links = extracted.archives.clone();
    for url in &args.archive {
        let is_web = ["http://", "https://"].iter().any(|it| url.starts_with(it));
        if !is_web || check_url(url).is_err() || url.contains(|c: char| c.is_whitespace() || c.is_control()) {
            let message = format!("`--archive {}` is no web address", url.escape_debug());
            return Err(Failure::new(Exit::Usage, message).help("write it with `https://`"));
        }
        let link = archive_link(url).unwrap_or(ArchiveLink { url: url.clone(), at: None, by: None });
        if links.iter().all(|it| it.url != link.url) {
            links.push(link);
        }
    }
    Ok(links)
}

fn archive_value(link: ArchiveLink) -> NewValue {
    let said = [("url", Some(link.url)), ("at", link.at), ("by", link.by)];
    let entries: Vec<_> = said.into_iter().filter_map(|(key, it)| Some((key, NewValue::Text(it?)))).collect();
    match entries.len() {
        1 => entries.into_iter().next().map_or(NewValue::Map(Vec::new()), |(_, url)| url),
        _ => NewValue::Map(entries),
    }
}

fn snapshot_value(snapshot: &Snapshot) -> NewValue {
    let digest = |it: &Option<Sha256>| it.map(|it| it.hex()).unwrap_or_default();
    NewValue::Map(vec![
        ("file", NewValue::Text(snapshot.file.clone())),
        ("sha256", NewValue::Text(digest(&snapshot.sha256))),
        ("text_sha256", NewValue::Text(digest(&snapshot.text_sha256))),
        ("private", NewValue::Text("true".to_owned())),
    ])
}

/// The record's file with the changes. It is read again as a build would: nothing else may have changed.
fn edited(found: &Found, changes: &[Change]) -> Result<String, Failure> {
    let entry = found.record.origin.entry;
    let by_hand = |why: String| {
        let lines: String = edit::as_lines(changes).iter().map(|it| format!("\n    {it}")).collect();
        Failure::new(
            Exit::Problems,
            format!(
                "the record of `{}` in `{}` cannot be changed safely: {why}",
                found.record.id, found.input.path
            ),
        )
        .help(format!("nothing was written; put these lines into the record, then run this again:{lines}"))
    };
    let Ok(text) = std::str::from_utf8(&found.input.bytes) else {
        return Err(by_hand("the file is not UTF-8".to_owned()));
    };
    let text = edit::set_fields(text, entry, changes).map_err(|problem| by_hand(problem.why))?;
    let again = document::read(&Input::new(Arc::clone(&found.input.path), text.as_bytes()), &found.options);
    let is_other = |it: &&Arc<Record>| it.kind() != Kind::Source || it.id != found.record.id;
    let same_others = |it: &Document| it.facts.records.iter().filter(is_other).cloned().collect::<Vec<_>>();
    let keeps = again.facts.records.len() == found.document.facts.records.len()
        && same_others(&again) == same_others(&found.document)
        && again.report.diagnostics().len() <= found.document.report.diagnostics().len()
        && again.body_fingerprint == found.document.body_fingerprint;
    if keeps { Ok(text) } else { Err(by_hand("other records would be read differently".to_owned())) }
}

/// What the user should know besides.
fn notes(source: &Source, copy: &Copied, place: &Place) -> Vec<String> {
    let mut notes = Vec::new();
    match (&copy.extracted.canonical, &source.url) {
        (Some(page), Some(record)) if bare(page) != bare(record) => {
            notes.push(format!("The page gives its address as {page}, the record as {record}."));
        }
        (Some(page), None) => notes.push(format!("The record has no `url:`; the page gives {page}.")),
        (Some(_), Some(_)) | (None, _) => (),
    }
    if copy.extracted.truncated {
        notes.push("The text ends in “…”: it is only the beginning of something longer.".to_owned());
    }
    if let Some(known) = source.snapshot.as_ref().filter(|it| it.file != place.file) {
        notes.push(format!("The copy that stood in the record, `{}`, is still there.", known.file));
    }
    notes
}

/// An address without what does not change the page: scheme, `www.`, query, fragment, closing slash.
fn bare(url: &str) -> String {
    let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
    let rest = rest.split(['?', '#']).next().unwrap_or(rest);
    rest.trim_start_matches("www.").trim_end_matches('/').to_lowercase()
}

impl Plan {
    /// Writes everything: the line that hides the copy, the copy, the record that names it.
    fn carry_out(&self, place: &Place, context: &Context) -> Result<(), Failure> {
        if self.ignore == Standing::Open {
            ignored::add(&context.root, &place.line)?;
        }
        if let Some(text) = &self.text {
            if let Some(dir) = place.path.parent() {
                fs::create_dir_all(dir).map_err(|error| {
                    Failure::machine(format!("cannot make the directory `{}`", dir.display()), &error)
                })?;
            }
            rewrite::replace(&place.path, text.as_bytes())?;
        }
        if let Some((file, text)) = &self.record {
            rewrite::replace(&context.root.join(file), text.as_bytes())?;
        }
        Ok(())
    }

    /// What was written, for people.
    fn told(&self, args: &SourceAddArgs, copy: &Copied, place: &Place) -> String {
        let would =
            |done: &str, planned: &str| if args.dry_run { planned.to_owned() } else { done.to_owned() };
        let mut lines = Vec::new();
        let (n, file) = (copy.n_words(), &place.file);
        let words = if n == 1 { "1 word".to_owned() } else { format!("{n} words") };
        match &self.text {
            Some(_) => {
                let kept = would("Kept", "Would keep");
                lines.push(format!("{kept} {words} of `{}` in {file}.", args.file.display()));
            }
            None => lines.push(format!("{file} holds these {words} already: unchanged.")),
        }
        if let Some((file, _)) = &self.record {
            lines.push(format!("{} {} in {file}.", would("Recorded", "Would record"), self.keys.join(", ")));
        }
        match self.ignore {
            Standing::Ignored => (),
            Standing::Open => {
                let added = would("Added", "Would add");
                lines.push(format!("{added} {} to .gitignore, so that git leaves the copies alone.", place.line));
            }
            Standing::Tracked => lines.push(format!(
                "Git holds {file} already: `git rm --cached {file}` takes it out, and its history still has it."
            )),
        }
        lines.extend(self.notes.iter().cloned());
        lines.join("\n")
    }

    /// What was written, for programs.
    fn outputs(&self, place: &Place) -> Vec<Output> {
        let output = |path: &str, bytes: usize, is_written: bool| Output {
            path: path.to_owned(),
            written: usize::from(is_written),
            unchanged: usize::from(!is_written),
            removed: 0,
            pages_changed: 0,
            bytes: bytes as u64,
            kept: Vec::new(),
        };
        let mut outputs =
            vec![output(&place.file, self.text.as_ref().map_or(0, String::len), self.text.is_some())];
        outputs.extend(self.record.as_ref().map(|(file, text)| output(file, text.len(), true)));
        if self.ignore == Standing::Open {
            outputs.push(output(".gitignore", 0, true));
        }
        outputs
    }
}
