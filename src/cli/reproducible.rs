//! `rejoinder build --verify-reproducible`: builds twice, as differently as can be, and compares every byte.
//!
//! The first build runs here, on one thread, on the project. The second is another process (the hidden verb `build-apart`) in another
//! working directory, on a copy of the same files that was written in the opposite order, on all cores, with another time
//! zone, language and day. Neither remembers anything, and neither touches the output.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::{Mutex, PoisonError};

use super::args::{BuildApartArgs, BuildArgs};
use super::build;
use super::console::Console;
use super::context::Context;
use super::outcome::{self, Outcome};
use super::precompress::{self, Wanted, With};
use super::project::Project;
use crate::diag::{Exit, Failure, Fingerprinted, Hidden, Mended, Report, summary};
use crate::edition::{Edition, Sink};
use crate::engine::{self, BuildOptions};
use crate::input::{DiskFiles, Entry, Files, Input, Listed, Stamp};
use crate::text::{Fingerprint, OutPath};

/// Builds twice and compares.
///
/// # Errors
/// When a build cannot run, or scratch files cannot be written.
pub(super) fn verify(
    args: &BuildArgs,
    context: &Context,
    console: &mut Console<'_>,
) -> Result<Exit, Failure> {
    let project = Project::open(&args.site, context)?;
    let siblings = precompress::wanted(&args.precompress, project.settings.as_ref())?;
    let scratch = Scratch::new()?;
    let (first, second, copy) =
        (scratch.dir("first")?, scratch.dir("second")?, scratch.dir("a copy of the project")?);
    let asked = Asked { files: &*project.files, paths: Mutex::default() };
    let options = BuildOptions { jobs: Some(1), ..build::options(&args.site, context) };
    let mut built = engine::build(&asked, &options, &Into(&first))?;
    let exit = outcome::exit_of(&built.report, args.limit.max_warnings(), &context.config);
    if exit != Exit::Done {
        return build::not_delivered(&built, "Nothing was compared.", args, context, console);
    }
    if let Some(siblings) = &siblings {
        compress(siblings, &mut built.edition, &first, Some(1))?;
    }
    copy_backwards(&asked, &copy)?;
    let typed = siblings.map_or_else(|| "none".to_owned(), |it| it.typed());
    apart(args, context, console, (&copy, &second), &typed)?;
    let digests = (digests(&built.edition), digests_of(&second)?);
    let read =
        |is_second: bool, path: &str| read(&if is_second { second.join(path) } else { first.join(path) });
    let difference = engine::first_difference(&digests, read)?;
    let mut report = Report::new();
    let all_same = match &difference {
        None => format!("Built twice: {} files, all the same.", digests.0.len()),
        Some(_) => String::new(),
    };
    difference.into_iter().for_each(|it| report.add(it));
    let exit = if report.has_errors() { Exit::Problems } else { Exit::Done };
    let last_line = if exit == Exit::Done { all_same } else { summary(&report) };
    let outcome = Outcome {
        command: "build",
        exit,
        report: &Fingerprinted::new(report, &built.sources),
        sources: &built.sources,
        outputs: Vec::new(),
        hidden: Hidden::default(),
        mended: Mended::default(),
        remarks: Vec::new(),
        in_full: exit != Exit::Done,
        last_line,
    };
    outcome::tell(&outcome, context, console)
}

/// The second build: see [`verify`]. Says nothing unless it cannot run.
///
/// # Errors
/// When it cannot run, or the site has errors.
pub(super) fn build_apart(args: &BuildApartArgs, context: &Context) -> Result<Exit, Failure> {
    let project = Project::open(&args.site, context)?;
    let siblings = precompress::wanted(&args.precompress, project.settings.as_ref())?;
    let mut built = engine::build(&*project.files, &build::options(&args.site, context), &Into(&args.into))?;
    if built.report.has_errors() {
        return Err(Failure::new(Exit::Problems, summary(&built.report)));
    }
    if let Some(siblings) = &siblings {
        compress(siblings, &mut built.edition, &args.into, args.site.jobs.map(usize::from))?;
    }
    Ok(Exit::Done)
}

/// Lays siblings beside the files of a build, and adds them to its edition.
fn compress(
    siblings: &Wanted,
    edition: &mut Edition,
    dir: &Path,
    jobs: Option<usize>,
) -> Result<(), Failure> {
    let with = With { jobs, ..With::default() };
    let made = siblings.make(edition, &Into(dir), &|path| read(&dir.join(path.as_str())), with)?;
    made.files.into_iter().for_each(|(path, entry)| edition.insert(path, entry));
    Ok(())
}

/// Runs the second build.
fn apart(
    args: &BuildArgs,
    context: &Context,
    console: &Console<'_>,
    (copy, into): (&Path, &Path),
    precompress: &str,
) -> Result<(), Failure> {
    let failed = |error: &dyn std::error::Error| Failure::machine("cannot run the second build", error);
    let program = std::env::current_exe().map_err(|error| failed(&error))?;
    let mut command = Command::new(program);
    command.arg("--root").arg(copy).arg("--config").arg(&context.config).arg("build-apart").arg(into);
    let cores = std::thread::available_parallelism().map_or(2, usize::from);
    command.arg("--jobs").arg(cores.clamp(2, 256).to_string()).arg("--precompress").arg(precompress);
    if let Some(base_url) = &args.site.base_url {
        command.arg("--base-url").arg(base_url);
    }
    if args.site.drafts {
        command.arg("--drafts");
    }
    command
        .current_dir(into)
        .env_clear()
        .env("TZ", "America/St_Johns")
        .env("LANG", "tr_TR.UTF-8")
        .env("LC_ALL", "tr_TR.UTF-8");
    // No page may depend on the day either, unless somebody holds it fast.
    let held = (console.env)("SOURCE_DATE_EPOCH").and_then(|it| it.parse::<u64>().ok());
    let day = u64::try_from(context.today.ordinal()).unwrap_or_default() * 86_400;
    command.env("SOURCE_DATE_EPOCH", held.unwrap_or(day + 400 * 86_400).to_string());
    let ran = command.output().map_err(|error| failed(&error))?;
    if ran.status.success() {
        return Ok(());
    }
    let said = String::from_utf8_lossy(&ran.stderr).trim().to_owned();
    Err(Failure { cause: said, ..Failure::new(Exit::Machine, "the second build did not come to an end") })
}

/// The project's files, and what was asked of them.
struct Asked<'f> {
    files: &'f (dyn Files + Send + Sync),
    paths: Mutex<BTreeSet<String>>,
}

impl Asked<'_> {
    fn note(&self, paths: impl IntoIterator<Item = String>) {
        self.paths.lock().unwrap_or_else(PoisonError::into_inner).extend(paths);
    }
}

impl Files for Asked<'_> {
    fn list(&self, dir: &str) -> Result<Vec<Listed>, Failure> {
        let listed = self.files.list(dir)?;
        self.note(listed.iter().filter(|it| it.state == Entry::File).map(|it| it.path.to_string()));
        Ok(listed)
    }

    fn read(&self, path: &str) -> Result<Option<Input>, Failure> {
        self.note([path.to_owned()]);
        self.files.read(path)
    }

    fn stamp(&self, path: &str) -> Result<Option<Stamp>, Failure> {
        self.files.stamp(path)
    }

    fn now(&self) -> i64 {
        self.files.now()
    }
}

/// Copies what was asked for: the last path first, because many file systems list in the order of writing.
fn copy_backwards(asked: &Asked<'_>, to: &Path) -> Result<(), Failure> {
    let paths = asked.paths.lock().unwrap_or_else(PoisonError::into_inner);
    for path in paths.iter().rev() {
        if let Some(input) = asked.files.read(path)? {
            write(&to.join(path), &input.bytes)?;
        }
    }
    Ok(())
}

fn digests(edition: &Edition) -> BTreeMap<String, Fingerprint> {
    edition.files().map(|(path, entry)| (path.to_string(), entry.fingerprint)).collect()
}

fn digests_of(dir: &Path) -> Result<BTreeMap<String, Fingerprint>, Failure> {
    let files = DiskFiles::new(dir.to_owned());
    let mut found = BTreeMap::new();
    let mut open = vec![dir.to_owned()];
    while let Some(next) = open.pop() {
        let failed =
            |error: &std::io::Error| Failure::machine(format!("cannot list `{}`", next.display()), error);
        for entry in fs::read_dir(&next).map_err(|error| failed(&error))? {
            let path = entry.map_err(|error| failed(&error))?.path();
            if path.is_dir() {
                open.push(path);
                continue;
            }
            let name = path.strip_prefix(dir).ok().and_then(Path::to_str).unwrap_or_default().to_owned();
            let input = files.read(&name)?;
            found.extend(input.map(|it| (name, it.fingerprint)));
        }
    }
    Ok(found)
}

fn read(path: &Path) -> Result<Vec<u8>, Failure> {
    fs::read(path).map_err(|error| Failure::machine(format!("cannot read `{}`", path.display()), &error))
}

fn write(path: &Path, bytes: &[u8]) -> Result<(), Failure> {
    let parent = path.parent().unwrap_or(Path::new("."));
    let written = fs::create_dir_all(parent).and_then(|()| fs::write(path, bytes));
    written.map_err(|error| Failure::machine(format!("cannot write `{}`", path.display()), &error))
}

/// A directory that takes files as they come.
struct Into<'d>(&'d Path);

impl Sink for Into<'_> {
    fn put(&self, path: &OutPath, bytes: &[u8], _: &Fingerprint) -> Result<(), Failure> {
        write(&self.0.join(path.as_str()), bytes)
    }

    fn keep(&self, _: &OutPath, _: &Fingerprint, _: u64) -> Result<bool, Failure> {
        Ok(false)
    }
}

/// A directory for scratch files that goes away in the end.
struct Scratch(PathBuf);

impl Scratch {
    fn new() -> Result<Scratch, Failure> {
        let above = std::env::temp_dir();
        let own = std::process::id();
        for n in 0..100 {
            let path = above.join(format!("rejoinder-verify-{own}-{n}"));
            match fs::create_dir(&path) {
                Ok(()) => return Ok(Scratch(path)),
                Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => (),
                Err(error) => {
                    return Err(Failure::machine(format!("cannot make `{}`", path.display()), &error));
                }
            }
        }
        Err(Failure::new(
            Exit::Machine,
            format!("`{}` is full of scratch directories of ours", above.display()),
        ))
    }

    fn dir(&self, name: &str) -> Result<PathBuf, Failure> {
        let path = self.0.join(name);
        let made = fs::create_dir(&path);
        made.map_err(|error| Failure::machine(format!("cannot make `{}`", path.display()), &error))?;
        Ok(path)
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        // Whoever tidies the directory for temporary files will do it otherwise.
        let _ = fs::remove_dir_all(&self.0);
    }
}
