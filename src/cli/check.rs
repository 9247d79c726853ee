//! `rejoinder check`: everything `build` does, and nothing written.

use super::args::SiteArgs;
use super::build;
use super::console::Console;
use super::context::Context;
use super::outcome::{self, Outcome};
use crate::diag::{Exit, Failure, summary};
use crate::engine::{self, Discard};
use crate::input::DiskFiles;

pub(super) fn run(args: &SiteArgs, context: &Context, console: &mut Console<'_>) -> Result<Exit, Failure> {
    let files = DiskFiles::new(context.root.clone());
    build::need_config(&files, context)?;
    let built = engine::build(&files, &build::options(args, context), &Discard)?;
    let outcome = Outcome {
        command: "check",
        exit: outcome::exit_of(&built.report, args.strict, &context.config),
        report: &built.report,
        sources: &built.sources,
        outputs: Vec::new(),
        // Warnings are what one comes to `check` for.
        in_full: true,
        last_line: format!("Checked {}. {}", build::nouns(&built.counts), summary(&built.report)),
    };
    outcome::tell(outcome, context, console)
}
