//! `rejoinder serve` in a program that was built without it.

use super::args::ServeArgs;
use super::console::Console;
use super::context::Context;
use crate::diag::{Exit, Failure};

/// Says how to get one that has it.
///
/// # Errors
/// Always.
pub(super) fn run(_: &ServeArgs, _: &Context, _: &mut Console<'_>) -> Result<Exit, Failure> {
    Err(Failure::new(Exit::Usage, "this Rejoinder was built without `serve`")
        .help("build one that has it: `cargo build --release --features serve`"))
}
