//! The `git` program, which knows the repository and the user's settings.

use std::io::ErrorKind;
use std::path::Path;
use std::process::{Command, Output, Stdio};

use crate::diag::{Exit, Failure};

/// Runs a command of git in a directory. `option` is what the user asked with, and `instead` what to do without git.
///
/// # Errors
/// When there is no git, or it cannot be run. That a command fails is for the caller to judge.
pub(super) fn run(root: &Path, args: &[&str], option: &str, instead: &str) -> Result<Output, Failure> {
    let mut command = Command::new("git");
    // Looking must not take the lock that a commit under way needs.
    command.args(args).current_dir(root).env("GIT_OPTIONAL_LOCKS", "0").stdin(Stdio::null());
    command.output().map_err(|error| match error.kind() {
        ErrorKind::NotFound => {
            let message = format!("`{option}` asks `git`, and there is no such program here");
            Failure::new(Exit::Usage, message).help(instead)
        }
        _ => Failure::machine("cannot run `git`", &error),
    })
}
