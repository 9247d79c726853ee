//! `rejoinder completions`: a completion script, made from the same definition as the parser.

use clap::CommandFactory;

use super::args::{Cli, CompletionsArgs};
use super::console::Console;
use crate::diag::{Exit, Failure};

pub(super) fn run(args: &CompletionsArgs, console: &mut Console<'_>) -> Result<Exit, Failure> {
    let mut script = Vec::new();
    clap_complete::generate(args.shell, &mut Cli::command(), "rejoinder", &mut script);
    console.result(&String::from_utf8_lossy(&script))?;
    Ok(Exit::Done)
}
