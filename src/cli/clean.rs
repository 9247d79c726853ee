//! `rejoinder clean --cache`: removes what is remembered between builds. Nothing but time is lost.

use std::fs;
use std::io::ErrorKind;

use super::args::CleanArgs;
use super::console::Console;
use super::context::Context;
use super::{memory, shelf};
use crate::diag::{Exit, Failure};

pub(super) fn run(_: &CleanArgs, context: &Context, console: &mut Console<'_>) -> Result<Exit, Failure> {
    let mut said = "Nothing is remembered here.\n";
    for path in memory::files(context).into_iter().chain(shelf::files(context)) {
        match fs::remove_file(&path) {
            Ok(()) => (),
            Err(error) if error.kind() == ErrorKind::NotFound => continue,
            Err(error) => {
                return Err(Failure::machine(format!("cannot remove `{}`", path.display()), &error));
            }
        }
        said = "Removed what was remembered; the next build makes every page again.\n";
    }
    if context.is_chatty() {
        console.say(said);
    }
    Ok(Exit::Done)
}
