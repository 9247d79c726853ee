//! The three things a command may touch besides files: its two output streams and the environment.

use std::io::{self, ErrorKind, IsTerminal, Write};

use crate::diag::Failure;

/// Where a run prints, and what surrounds it.
pub struct Console<'a> {
    /// Results, and reports for programs.
    pub stdout: Box<dyn Write + 'a>,
    /// Everything for people.
    pub stderr: Box<dyn Write + 'a>,
    /// Looks up an environment variable; one that is empty or not Unicode counts as absent.
    pub env: &'a dyn Fn(&str) -> Option<String>,
    /// Whether a person reads `stdout` directly.
    pub stdout_is_terminal: bool,
    /// Whether a person reads `stderr` directly.
    pub stderr_is_terminal: bool,
    /// Columns of the terminal.
    pub width: usize,
}

impl Console<'static> {
    /// The console of the running process.
    pub fn of_this_process() -> Console<'static> {
        let columns = rustix::termios::tcgetwinsize(io::stderr()).map_or(0, |size| usize::from(size.ws_col));
        Console {
            stdout: Box::new(io::stdout()),
            stderr: Box::new(io::stderr()),
            env: &|name| std::env::var(name).ok().filter(|value| !value.is_empty()),
            stdout_is_terminal: io::stdout().is_terminal(),
            stderr_is_terminal: io::stderr().is_terminal(),
            // 100 fits what most logs are read in.
            width: if columns == 0 { 100 } else { columns },
        }
    }
}

impl Console<'_> {
    /// Prints a result.
    ///
    /// # Errors
    /// When stdout takes no more, except because nobody reads it any longer: `rejoinder explain --list | head`
    /// did what was asked.
    pub fn result(&mut self, text: &str) -> Result<(), Failure> {
        match self.stdout.write_all(text.as_bytes()).and_then(|()| self.stdout.flush()) {
            Err(error) if error.kind() != ErrorKind::BrokenPipe => {
                Err(Failure::machine("cannot write to stdout", &error))
            }
            Ok(()) | Err(_) => Ok(()),
        }
    }

    /// Says something to a person. If nobody listens, so be it.
    pub fn say(&mut self, text: &str) {
        let _ = self.stderr.write_all(text.as_bytes()).and_then(|()| self.stderr.flush());
    }
}
