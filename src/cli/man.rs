//! `rejoinder man`: manual pages, made from the same definition as the parser.

use std::fs;

use clap::CommandFactory;

use super::args::{Cli, ManArgs};
use super::console::Console;
use super::context::Context;
use crate::diag::{Exit, Failure};

/// Writes `rejoinder.1`, and one page for each verb.
///
/// # Errors
/// When a page cannot be written.
pub(super) fn run(args: &ManArgs, context: &Context, console: &mut Console<'_>) -> Result<Exit, Failure> {
    let dir = &args.dir;
    let failed =
        |error: &std::io::Error| Failure::machine(format!("cannot write to `{}`", dir.display()), error);
    fs::create_dir_all(dir).map_err(|error| failed(&error))?;
    let mut program = Cli::command();
    program.build();
    let verbs = program.get_subcommands().filter(|it| !it.is_hide_set() && it.get_name() != "help").cloned();
    let pages: Vec<(String, clap::Command)> = [("rejoinder".to_owned(), program.clone())]
        .into_iter()
        .chain(verbs.map(|verb| (format!("rejoinder-{}", verb.get_name()), verb)))
        .collect();
    for (name, page) in &pages {
        let mut text = Vec::new();
        clap_mangen::Man::new(page.clone()).render(&mut text).map_err(|error| failed(&error))?;
        fs::write(dir.join(format!("{name}.1")), text).map_err(|error| failed(&error))?;
    }
    if context.is_chatty() {
        console.say(&format!("Wrote {} manual pages to {}/.\n", pages.len(), dir.display()));
    }
    Ok(Exit::Done)
}
