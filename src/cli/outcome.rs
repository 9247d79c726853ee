//! Telling how a run ended, in the format that was asked for.

use std::fs::{self, OpenOptions};
use std::io::Write as _;
use std::path::Path;

use super::args::{Format, LimitArgs};
use super::console::Console;
use super::context::Context;
use super::fix;
use crate::diag::{
    Envelope, Exit, Failure, Fingerprinted, Hidden, Level, Mended, Output, Report, Repository, Sources,
    concise, github, github_failure, gitlab, human, human_failure, json, jsonl, sarif, step_summary,
};

/// How a run that found problems, or none, ended.
pub(super) struct Outcome<'a> {
    pub(super) command: &'static str,
    pub(super) exit: Exit,
    pub(super) report: &'a Fingerprinted,
    pub(super) sources: &'a Sources,
    pub(super) outputs: Vec<Output>,
    /// How many problems are left out of the report.
    pub(super) hidden: Hidden,
    /// What `--fix` did.
    pub(super) mended: Mended,
    /// Whether people get every problem in full even when nothing failed.
    pub(super) in_full: bool,
    /// The last line for people: what became of the site.
    pub(super) last_line: String,
    /// What else people should know, a sentence each.
    pub(super) remarks: Vec<String>,
}

/// The exit code a report asks for. A mistake in the configuration is the user's, not the content's.
pub(super) fn exit_of(report: &Report, max_warnings: Option<usize>, config: &str) -> Exit {
    let errors = report.diagnostics().iter().filter(|it| it.level == Level::Error);
    let files = errors.map(|it| it.place.as_ref().map(|place| &*place.file));
    match files.map(|file| file == Some(config)).max() {
        Some(true) => Exit::Usage,
        Some(false) => Exit::Problems,
        None if max_warnings.is_some_and(|most| report.count(Level::Warning) > most) => Exit::Problems,
        None => Exit::Done,
    }
}

/// Why a report without errors fails all the same, as a sentence with a blank before it; empty when it does not.
pub(super) fn why_warnings_fail(report: &Report, args: &LimitArgs) -> String {
    match args.max_warnings() {
        Some(most) if !report.has_errors() && report.count(Level::Warning) > most => match args.strict {
            true => " With --strict, warnings fail.".to_owned(),
            false => format!(" With --max-warnings {most}, that is too many."),
        },
        Some(_) | None => String::new(),
    }
}

/// Tells the outcome: a report for people on stderr, one for programs on stdout.
///
/// # Errors
/// When stdout takes no more.
pub(super) fn tell(
    outcome: &Outcome<'_>,
    context: &Context,
    console: &mut Console<'_>,
) -> Result<Exit, Failure> {
    let Outcome { command, exit, report, sources, outputs, hidden, mended, .. } = outcome;
    let (exit, problems) = (*exit, report.report());
    let envelope = || Envelope {
        outputs: outputs.clone(),
        hidden: *hidden,
        mended: mended.clone(),
        ..Envelope::new(command, exit)
    };
    match context.format {
        Format::Json => console.result(&json(&envelope(), report, sources))?,
        Format::Jsonl => console.result(&jsonl(&envelope(), report, sources))?,
        Format::Concise => console.result(&concise(problems, sources))?,
        Format::Github => {
            console.result(&github(problems, sources, &repository(context, console)))?;
            append_to_step(
                "GITHUB_STEP_SUMMARY",
                &|room| {
                    let table = step_summary(command, report, sources, room);
                    outputs.iter().map(written_in_words).collect::<String>() + &table
                },
                context,
                console,
            );
            append_to_step("GITHUB_OUTPUT", &|_| step_outputs(problems, outputs), context, console);
        }
        Format::Gitlab => {
            console.result(&gitlab(report, None, sources, &repository(context, console)))?;
        }
        Format::Sarif => {
            console.result(&sarif(report, exit, None, sources, &repository(context, console)))?;
        }
        Format::Human => tell_people(outcome, context, console),
    }
    // The other reports have room for it, or have it above.
    let is_silent = matches!(context.format, Format::Human | Format::Json | Format::Jsonl) || context.quiet;
    if !is_silent {
        let mended = mended_in_words(mended);
        mended.iter().chain(&outcome.remarks).for_each(|remark| console.say(&format!("{remark}\n")));
    }
    Ok(exit)
}

fn tell_people(outcome: &Outcome<'_>, context: &Context, console: &mut Console<'_>) {
    let Outcome { exit, report, sources, mended, in_full, last_line, remarks, .. } = outcome;
    let report = report.report();
    let n_warnings = report.count(Level::Warning);
    let is_quiet = context.quiet && *exit == Exit::Done;
    if !is_quiet && !mended.fixed.is_empty() {
        console.say(&fixed(mended, context.color));
    }
    if *exit != Exit::Done || *in_full && !is_quiet {
        console.say(&human(report, sources, &context.human()));
    } else if n_warnings > 0 && !is_quiet {
        let things = if n_warnings == 1 { "1 thing" } else { &format!("{n_warnings} things") };
        let warning = paint("warning", "1;33", context.color);
        console.say(&format!("{warning}: {things} to look at. `rejoinder check` shows them.\n"));
    }
    if !is_quiet {
        mended_in_words(mended).iter().for_each(|line| console.say(&format!("{line}\n")));
        let remarks: String = remarks.iter().map(|remark| format!(" {remark}")).collect();
        console.say(&format!("{}{remarks}\n", last_line.trim_end()));
    }
}

/// What was mended and what was not touched, a sentence each.
fn mended_in_words(mended: &Mended) -> Vec<String> {
    let fixed = Some(fix::summary(mended)).filter(|it| !it.is_empty());
    let alone = mended.left_alone.iter().map(|it| format!("`{}` was left alone: {}.", it.file, it.why));
    fixed.into_iter().chain(alone).collect()
}

/// One line for each problem that is gone.
fn fixed(mended: &Mended, color: bool) -> String {
    let word = paint("fixed", "1;32", color);
    let line = |it: &crate::diag::FixedProblem| {
        format!("{word}[{}]: {}\n --> {}:{}: {}\n", it.code, it.message, it.file, it.line, it.title)
    };
    format!("{}\n", mended.fixed.iter().map(line).collect::<String>())
}

/// Adds to a file that GitHub reads after a step, if this is one: the summary that people see, or what the next steps may
/// use. Whoever reads the log has the annotations, so a file that cannot be written stops nothing.
fn append_to_step(
    variable: &str,
    text: &dyn Fn(usize) -> String,
    context: &Context,
    console: &mut Console<'_>,
) {
    // GitHub refuses a larger one.
    const MOST: u64 = 1 << 20;
    let Some(path) = (console.env)(variable) else { return };
    let there = fs::metadata(&path).map_or(0, |it| it.len());
    let room = usize::try_from(MOST.saturating_sub(there)).unwrap_or(0);
    let file = OpenOptions::new().create(true).append(true).open(&path);
    if let Err(error) = file.and_then(|mut file| file.write_all(text(room).as_bytes())) {
        let what = if variable == "GITHUB_OUTPUT" { "outputs" } else { "summary" };
        let failure = Failure::machine(format!("cannot add to the step's {what} `{path}`"), &error);
        console.say(&human_failure(&failure, context.color));
    }
}

/// What a build changed, for the summary of a step.
fn written_in_words(output: &Output) -> String {
    let Output { pages_changed, written, removed, bytes, .. } = output;
    let pages = if *pages_changed == 1 { "page" } else { "pages" };
    format!(
        "{pages_changed} {pages} changed ({written} files written, {removed} removed; {bytes} bytes in all).\n\n"
    )
}

/// What the next steps may use, as `name=value` lines.
fn step_outputs(report: &Report, outputs: &[Output]) -> String {
    let mut out =
        format!("errors={}\nwarnings={}\n", report.count(Level::Error), report.count(Level::Warning));
    for Output { path, written, removed, pages_changed, .. } in outputs {
        // A name with a line break would begin another output.
        let path = path.replace(['\r', '\n'], "");
        out.push_str(&format!(
            "public={path}\nfiles-written={written}\nfiles-removed={removed}\npages-changed={pages_changed}\n"
        ));
    }
    out
}

/// Tells what stopped a run.
pub(super) fn tell_failure(
    command: &str,
    failure: &Failure,
    context: &Context,
    console: &mut Console<'_>,
) -> Exit {
    let (report, sources) = (Fingerprinted::default(), Sources::default());
    let envelope = || Envelope { failure: Some(failure), ..Envelope::new(command, failure.exit) };
    let repository = || repository(context, console);
    let for_programs = match context.format {
        Format::Human | Format::Concise => None,
        Format::Github => Some(github_failure(failure)),
        Format::Gitlab => Some(gitlab(&report, Some(failure), &sources, &repository())),
        Format::Sarif => Some(sarif(&report, failure.exit, Some(failure), &sources, &repository())),
        Format::Json => Some(json(&envelope(), &report, &sources)),
        Format::Jsonl => Some(jsonl(&envelope(), &report, &sources)),
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

/// Where the project stands in its repository. CI systems name the root of their checkout; elsewhere the working
/// directory is taken for it.
pub(super) fn repository(context: &Context, console: &Console<'_>) -> Repository {
    let named = ["GITHUB_WORKSPACE", "CI_PROJECT_DIR"].into_iter().find_map(console.env);
    let workspace = named.unwrap_or_else(|| ".".to_owned());
    let roots = (context.root.canonicalize(), Path::new(&workspace).canonicalize());
    let prefix = match roots {
        (Ok(root), Ok(workspace)) => match root.strip_prefix(workspace) {
            Ok(below) if !below.as_os_str().is_empty() => format!("{}/", below.display()),
            Ok(_) | Err(_) => String::new(),
        },
        (Err(_), _) | (_, Err(_)) => String::new(),
    };
    Repository { prefix, config: context.config.clone() }
}

/// A few words in an ANSI style, if colours are wanted.
pub(super) fn paint(words: &str, style: &str, color: bool) -> String {
    if color { format!("\u{1b}[{style}m{words}\u{1b}[0m") } else { words.to_owned() }
}
