//! The command line: what was typed, what it means, and one file per subcommand.
//!
//! In: arguments, environment, three streams. Out: an exit code. Decides nothing about sites: it calls `engine`
//! and `delivery` and prints what they say. Results and reports for programs go to stdout, everything for people
//! to stderr.

#![allow(
    clippy::disallowed_methods,
    reason = "environment, working directory, clock and the user's own files of `init`, `--fix` and `--baseline` are asked for here"
)]

mod args;
mod build;
mod changed;
mod check;
mod clean;
mod completions;
mod console;
mod context;
mod coverage;
mod crash;
mod explain;
mod external;
mod fix;
mod git;
mod host_config;
mod ignored;
mod init;
mod man;
mod memory;
mod outcome;
mod precompress;
mod progress;
mod project;
mod publish;
mod published;
mod refs;
mod reproducible;
mod rewrite;
mod select;
#[cfg(feature = "serve")]
mod serve;
#[cfg(not(feature = "serve"))]
#[path = "no_serve.rs"]
mod serve;
mod shelf;
mod source;
mod theme;
mod theme_new;
mod verify;
mod why;

use std::ffi::OsString;

use clap::error::ErrorKind;
use clap::{CommandFactory, Parser};

use crate::diag::{Exit, Failure};
use args::{Cli, Command};
use context::Context;

pub use console::Console;

/// Runs the program once. A panic anywhere below becomes a crash report and [`Exit::Bug`].
pub fn run(args: impl IntoIterator<Item = OsString>, console: &mut Console<'_>) -> Exit {
    let args: Vec<OsString> = args.into_iter().collect();
    match crash::catch(|| dispatch(&args, console)) {
        Ok(exit) => exit,
        Err(crash) => {
            console.say(&crash.tell());
            Exit::Bug
        }
    }
}

/// Everything [`run`] does, without a net.
fn dispatch(args: &[OsString], console: &mut Console<'_>) -> Exit {
    let cli = match Cli::try_parse_from(args) {
        Ok(cli) => cli,
        Err(error) => return not_understood(&error, args, console),
    };
    let Some(command) = &cli.command else {
        return exit_of(console.result(args::SHORT_HELP));
    };
    let context = match Context::new(&cli.globals, console) {
        Ok(context) => context,
        Err(failure) => {
            console.say(&crate::diag::human_failure(&failure, false));
            return failure.exit;
        }
    };
    let ended = match command {
        Command::Init(args) => init::run(args, &context, console),
        Command::Build(args) => build::run(args, &context, console),
        Command::BuildApart(args) => reproducible::build_apart(args, &context),
        Command::Check(args) => check::run(args, &context, console),
        Command::Publish(args) => publish::run(args, &context, console),
        Command::Serve(args) => serve::run(args, &context, console),
        Command::Source(args) => source::run(args, &context, console),
        Command::Verify(args) => verify::run(args, &context, console),
        Command::Coverage(args) => coverage::run(args, &context, console),
        Command::Refs(args) => refs::run(args, &context, console),
        Command::Why(args) => why::run(args, &context, console),
        Command::HostConfig(args) => host_config::run(args, &context, console),
        Command::Clean(args) => clean::run(args, &context, console),
        Command::Theme(args) => theme::run(args, &context, console),
        Command::Explain(args) => explain::run(args, console),
        Command::Man(args) => man::run(args, &context, console),
        Command::Completions(args) => completions::run(args, console),
    };
    ended.unwrap_or_else(|failure| outcome::tell_failure(command.name(), &failure, &context, console))
}

/// Help and version are results; anything else clap says is a usage error.
fn not_understood(error: &clap::Error, args: &[OsString], console: &mut Console<'_>) -> Exit {
    let is_result = matches!(error.kind(), ErrorKind::DisplayHelp | ErrorKind::DisplayVersion);
    let is_terminal = if is_result { console.stdout_is_terminal } else { console.stderr_is_terminal };
    let color = context::wants_color(args::as_typed("--color", args), console.env, is_terminal);
    let text = error.render();
    let text = if color { text.ansi().to_string() } else { text.to_string() };
    if is_result {
        return exit_of(console.result(&text));
    }
    let format = args::as_typed("--format", args);
    if let Some(context) = format.and_then(|format| Context::of_format(format, console)) {
        return outcome::tell_failure(&verb(args), &in_words(&error.render().to_string()), &context, console);
    }
    console.say(&text);
    Exit::Usage
}

/// What clap says, for reports: what is wrong in the first paragraph, what helps in the others.
fn in_words(text: &str) -> Failure {
    let (message, help) = text.split_once("\n\n").unwrap_or((text, ""));
    Failure::new(Exit::Usage, message.trim_start_matches("error: ")).help(help.trim())
}

/// The verb of arguments that could not be understood as a whole; empty when there is none.
fn verb(args: &[OsString]) -> String {
    let program = Cli::command();
    let mut names = program.get_subcommands().map(clap::Command::get_name);
    names.find(|name| args.iter().any(|arg| arg == *name)).unwrap_or("").to_owned()
}

fn exit_of(printed: Result<(), Failure>) -> Exit {
    printed.map_or_else(|failure| failure.exit, |()| Exit::Done)
}

#[cfg(test)]
mod tests;
