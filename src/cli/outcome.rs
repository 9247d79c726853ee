//! Telling how a run ended, in the format that was asked for.

use std::path::Path;

use super::args::Format;
use super::console::Console;
use super::context::Context;
use crate::diag::{
    Envelope, Exit, Failure, Level, Output, Report, Sources, concise, github, github_failure, human,
    human_failure, json,
};

/// How a run that found problems, or none, ended.
pub(super) struct Outcome<'a> {
    pub(super) command: &'static str,
    pub(super) exit: Exit,
    pub(super) report: &'a Report,
    pub(super) sources: &'a Sources,
    pub(super) outputs: Vec<Output>,
    /// Whether people get every problem in full even when nothing failed.
    pub(super) in_full: bool,
    /// The last line for people: what became of the site.
    pub(super) last_line: String,
}

/// The exit code a report asks for. A mistake in the configuration is the user's, not the content's.
pub(super) fn exit_of(report: &Report, strict: bool, config: &str) -> Exit {
    let errors = report.diagnostics().iter().filter(|it| it.level == Level::Error);
    let files = errors.map(|it| it.place.as_ref().map(|place| &*place.file));
    match files.map(|file| file == Some(config)).max() {
        Some(true) => Exit::Usage,
        Some(false) => Exit::Problems,
        None if strict && report.count(Level::Warning) > 0 => Exit::Problems,
        None => Exit::Done,
    }
}

/// Tells the outcome: a report for people on stderr, one for programs on stdout.
///
/// # Errors
/// When stdout takes no more.
pub(super) fn tell(
    outcome: Outcome<'_>,
    context: &Context,
    console: &mut Console<'_>,
) -> Result<Exit, Failure> {
    let Outcome { command, exit, report, sources, outputs, in_full, last_line } = outcome;
    match context.format {
        Format::Json => {
            let envelope = Envelope { command, exit, failure: None, outputs };
            console.result(&json(&envelope, report, sources))?;
        }
        Format::Concise => console.result(&concise(report, sources))?,
        Format::Github => console.result(&github(report, sources, &prefix(context, console)))?,
        Format::Human => {
            let n_warnings = report.count(Level::Warning);
            let is_quiet = context.quiet && exit == Exit::Done;
            if exit != Exit::Done || in_full && !is_quiet {
                console.say(&human(report, sources, &context.human()));
            } else if n_warnings > 0 && !is_quiet {
                let things = if n_warnings == 1 { "1 thing" } else { &format!("{n_warnings} things") };
                let warning = paint("warning", "1;33", context.color);
                console.say(&format!("{warning}: {things} to look at. `rejoinder check` shows them.\n"));
            }
            if !is_quiet {
                console.say(&format!("{}\n", last_line.trim_end()));
            }
        }
    }
    Ok(exit)
}

/// Tells what stopped a run.
pub(super) fn tell_failure(
    command: &'static str,
    failure: &Failure,
    context: &Context,
    console: &mut Console<'_>,
) -> Exit {
    let for_programs = match context.format {
        Format::Human | Format::Concise => None,
        Format::Github => Some(github_failure(failure)),
        Format::Json => {
            let envelope =
                Envelope { command, exit: failure.exit, failure: Some(failure), outputs: Vec::new() };
            Some(json(&envelope, &Report::new(), &Sources::default()))
        }
    };
    match for_programs.map(|text| console.result(&text)) {
        Some(Ok(())) => (),
        Some(Err(unprintable)) => {
            console.say(&human_failure(failure, context.color));
            console.say(&human_failure(&unprintable, context.color));
        }
        None => console.say(&human_failure(failure, context.color)),
    }
    failure.exit
}

/// Leads from the repository's root, which is what GitHub's annotations count from, to the project. Without a
/// workspace the working directory is taken for that root.
pub(super) fn prefix(context: &Context, console: &Console<'_>) -> String {
    let workspace = (console.env)("GITHUB_WORKSPACE").unwrap_or_else(|| ".".to_owned());
    let (Ok(root), Ok(workspace)) = (context.root.canonicalize(), Path::new(&workspace).canonicalize())
    else {
        return String::new();
    };
    match root.strip_prefix(workspace) {
        Ok(below) if !below.as_os_str().is_empty() => format!("{}/", below.display()),
        Ok(_) | Err(_) => String::new(),
    }
}

/// A few words in an ANSI style, if colours are wanted.
pub(super) fn paint(words: &str, style: &str, color: bool) -> String {
    if color { format!("\u{1b}[{style}m{words}\u{1b}[0m") } else { words.to_owned() }
}
