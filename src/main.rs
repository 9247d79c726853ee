//! The command line program: arguments in, exit code out. Everything else is in [`rejoinder::cli`].

use std::process::ExitCode;

use rejoinder::cli::{self, Console};

fn main() -> ExitCode {
    let exit = cli::run(std::env::args_os(), &mut Console::of_this_process());
    ExitCode::from(exit.code())
}
