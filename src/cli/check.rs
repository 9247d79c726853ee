//! `rejoinder check`: everything `build` does, and nothing written but, when asked for, the lock of quotations.

use std::fs;

use super::args::CheckArgs;
use super::build;
use super::console::Console;
use super::context::Context;
use super::external;
use super::outcome::{self, Outcome};
use super::project::{self, Project};
use crate::diag::{Exit, Failure, Fingerprinted, Hidden, Mended, summary};
use crate::engine::{self, Discard};
use crate::verify::LOCK_FILE;

pub(super) fn run(args: &CheckArgs, context: &Context, console: &mut Console<'_>) -> Result<Exit, Failure> {
    let project = Project::open(&args.site, context)?;
    let mut options = build::options(&args.site, context);
    options.update_lock = args.update_lock.then(|| project.signature(args.by.as_deref(), console));
    if let Some(revision) = &args.released {
        options.released_lock = Some(released_lock(revision, context)?);
    }
    options.links = args.external.external;
    if args.external.external {
        external::need(cfg!(feature = "external"))?;
    }
    let mut built = engine::build(&*project.files, &options, &Discard)?;
    let mut asked = String::new();
    if args.external.external {
        asked = external::ask(&args.external, &*project.files, &built, context, console)?;
        // The same again, now with what the addresses answered.
        built = engine::build(&*project.files, &options, &Discard)?;
    }
    if let Some(lock) = &built.lock {
        write_lock(context, lock)?;
    }
    let lock = match (args.update_lock, &built.lock) {
        (false, _) => String::new(),
        (true, Some(_)) => format!(" Wrote {LOCK_FILE}."),
        (true, None) => format!(" {LOCK_FILE} stays as it is."),
    };
    let outcome = Outcome {
        command: "check",
        exit: outcome::exit_of(&built.report, args.site.max_warnings(), &context.config),
        report: &Fingerprinted::new(built.report.clone(), &built.sources),
        sources: &built.sources,
        outputs: Vec::new(),
        hidden: Hidden::default(),
        mended: Mended::default(),
        remarks: Vec::new(),
        // Warnings are what one comes to `check` for.
        in_full: true,
        last_line: format!(
            "{asked}Checked {}. {}{lock}",
            build::nouns(&built.counts),
            summary(&built.report)
        ),
    };
    outcome::tell(outcome, context, console)
}

/// The lock of quotations at a release.
fn released_lock(revision: &str, context: &Context) -> Result<String, Failure> {
    let lock = project::file_at(context, revision, LOCK_FILE)?;
    lock.ok_or_else(|| {
        Failure::new(Exit::Usage, format!("there was no `{LOCK_FILE}` at `{revision}`"))
            .help("name a release that had one; without it nobody can say which words were published")
    })
}

/// Writes the lock beside its old self and puts it in its place.
fn write_lock(context: &Context, text: &str) -> Result<(), Failure> {
    let path = context.root.join(LOCK_FILE);
    let aside = context.root.join(format!(".{LOCK_FILE}.new"));
    let failed = |error: std::io::Error| Failure::machine(format!("cannot write {}", path.display()), &error);
    fs::write(&aside, text).map_err(failed)?;
    fs::rename(&aside, &path).map_err(failed)
}
