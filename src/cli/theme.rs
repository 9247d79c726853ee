//! `rejoinder theme`: what authors of themes ask for.

use super::args::{ThemeArgs, ThemeCheckArgs, ThemeCommand};
use super::console::Console;
use super::context::Context;
use super::outcome::{self, Outcome};
use super::project::Project;
use super::theme_new;
use crate::diag::{Exit, Failure, Fingerprinted, Hidden, Mended, summary};
use crate::engine::{self, BuildOptions};

pub(super) fn run(args: &ThemeArgs, context: &Context, console: &mut Console<'_>) -> Result<Exit, Failure> {
    match &args.command {
        ThemeCommand::New(args) => theme_new::run(args, context, console),
        ThemeCommand::Check(args) => check(args, context, console),
    }
}

/// Makes every page of a theme up, and says what is wrong.
fn check(args: &ThemeCheckArgs, context: &Context, console: &mut Console<'_>) -> Result<Exit, Failure> {
    let project = Project::open_with(None, context)?;
    let options = BuildOptions { config: context.config.clone(), ..BuildOptions::default() };
    let checked = engine::check_theme(&*project.files, &options, args.name.as_deref())?;
    let report = Fingerprinted::new(checked.report, &checked.sources);
    let made = match checked.pages {
        0 => "Made no page.".to_owned(),
        pages => format!("Made {pages} pages up for {} templates.", checked.templates),
    };
    let why = outcome::why_warnings_fail(report.report(), &args.limit);
    let outcome = Outcome {
        command: "theme check",
        exit: outcome::exit_of(report.report(), args.limit.max_warnings(), &context.config),
        last_line: format!("{made} {}{why}", summary(report.report())),
        report: &report,
        sources: &checked.sources,
        outputs: Vec::new(),
        hidden: Hidden::default(),
        mended: Mended::default(),
        in_full: true,
        remarks: Vec::new(),
    };
    outcome::tell(&outcome, context, console)
}
