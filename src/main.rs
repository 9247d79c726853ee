//! The command line program: arguments in, exit code out. Everything else is in [`rejoinder::cli`].

use std::process::ExitCode;
use std::thread;

use rejoinder::cli::{self, Console};
use rejoinder::diag::Exit;

/// A build asks for memory some thousand times a page, from all threads at once.
#[cfg(feature = "mimalloc")]
#[global_allocator]
static MEMORY: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// Enough for everything, however small the stack is that the system gives the first thread: an unoptimised build of all
/// that the command line can do needs more than 256 KiB.
const STACK: usize = 8 << 20;

fn main() -> ExitCode {
    let run = || cli::run(std::env::args_os(), &mut Console::of_this_process());
    // A panic inside has become an exit code already.
    let ran = thread::Builder::new().name("main".to_owned()).stack_size(STACK).spawn(run);
    let exit = ran.ok().and_then(|thread| thread.join().ok()).unwrap_or(Exit::Bug);
    ExitCode::from(exit.code())
}
