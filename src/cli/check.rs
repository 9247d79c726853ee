//! `rejoinder check`: everything `build` does, and nothing written but, when asked for, what `--fix` mends, a baseline and
//! the lock of quotations.

use super::args::CheckArgs;
use super::build;
use super::console::Console;
use super::context::Context;
use super::external;
use super::fix;
use super::outcome::{self, Outcome};
use super::project::{self, Project};
use super::published;
use super::rewrite;
use super::select::{Selected, Selection};
use crate::diag::{Exit, Failure, Fingerprinted, Mended, Report, Sources, summary};
use crate::engine::{self, Built, Discard};
use crate::verify::LOCK_FILE;

/// How often `--fix` looks again: a fix can bring to light what it hid.
const ROUNDS: usize = 4;

pub(super) fn run(args: &CheckArgs, context: &Context, console: &mut Console<'_>) -> Result<Exit, Failure> {
    if let Some(live) = &args.published {
        return published::run(live, args, context, console);
    }
    let project = Project::open(&args.site, context)?;
    let files = &*project.files;
    let selection = Selection::new(args, context)?;
    let mut options = build::options(&args.site, context);
    options.update_lock = args.update_lock.then(|| project.signature(args.by.as_deref(), console));
    if let Some(revision) = &args.released {
        options.released_lock = Some(released_lock(revision, context)?);
    }
    options.index_later = true;
    options.links = args.external.external;
    if args.external.external {
        external::need(cfg!(feature = "external"))?;
    }
    let check = || -> Result<(Built, Selected), Failure> {
        let built = engine::build(files, &options, &Discard)?;
        let selected = selection.apply(Fingerprinted::new(built.report.clone(), &built.sources));
        Ok((built, selected))
    };
    let (mut built, mut selected) = check()?;
    let mut mended = Mended::default();
    for _ in 0..if args.fix { ROUNDS } else { 0 } {
        let report = selected.report.report();
        if fix::apply(files, &context.root, report, &built.sources, &mut mended)? == 0 {
            break;
        }
        (built, selected) = check()?;
    }
    let mut asked = String::new();
    if args.external.external {
        asked = external::ask(&args.external, files, &built, context, console)?;
        // The same again, now with what the addresses answered.
        (built, selected) = check()?;
    }
    if args.update_baseline {
        let all = Fingerprinted::new(built.report.clone(), &built.sources);
        selected = selection.update_baseline(&all)?;
    }
    if let Some(lock) = &built.lock {
        rewrite::replace(&context.root.join(LOCK_FILE), lock.as_bytes())?;
    }
    let lock = match (args.update_lock, &built.lock) {
        (false, _) => String::new(),
        (true, Some(_)) => format!(" Wrote {LOCK_FILE}."),
        (true, None) => format!(" {LOCK_FILE} stays as it is."),
    };
    let Selected { report, hidden, remarks } = selected;
    let counts = format!("Checked {}. {}", build::nouns(&built.counts), summary(report.report()));
    let hint = if args.fix { String::new() } else { hint(report.report(), &built.sources) };
    let why = outcome::why_warnings_fail(report.report(), &args.limit);
    let outcome = Outcome {
        command: "check",
        exit: outcome::exit_of(report.report(), args.limit.max_warnings(), &context.config),
        report: &report,
        sources: &built.sources,
        outputs: Vec::new(),
        hidden,
        mended,
        // Warnings are what one comes to `check` for.
        in_full: true,
        last_line: format!("{asked}{counts}{hint}{why}{lock}"),
        remarks,
    };
    outcome::tell(&outcome, context, console)
}

/// What `--fix` would do, as a sentence with a blank before it; empty when that is nothing.
fn hint(report: &Report, sources: &Sources) -> String {
    match fix::count(report, sources) {
        0 => String::new(),
        n => format!(" `--fix` can mend {n} of them."),
    }
}

/// The lock of quotations at a release.
fn released_lock(revision: &str, context: &Context) -> Result<String, Failure> {
    let lock = project::file_at(context, revision, LOCK_FILE)?;
    lock.ok_or_else(|| {
        Failure::new(Exit::Usage, format!("there was no `{LOCK_FILE}` at `{revision}`"))
            .help("name a release that had one; without it nobody can say which words were published")
    })
}
