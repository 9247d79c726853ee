//! Failures of the world, and what the program's exit code says.

use std::fmt;

/// What the program's exit code tells its caller.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Exit {
    /// 0: done; there may be warnings.
    Done,
    /// 1: the content or a theme has errors.
    Problems,
    /// 2: wrong usage or configuration.
    Usage,
    /// 3: this machine: cannot read or write, disk full.
    Machine,
    /// 4: refused for safety: a place on this machine that is not ours.
    Refused,
    /// 5: not published, for safety: what is built, what is live or what would go is not what it should be.
    NotPublished,
    /// 6: the network or a host did not do its part; the same command may do tomorrow.
    Remote,
    /// 70: a bug of ours.
    Bug,
}

impl Exit {
    /// The number a shell sees.
    pub fn code(self) -> u8 {
        match self {
            Exit::Done => 0,
            Exit::Problems => 1,
            Exit::Usage => 2,
            Exit::Machine => 3,
            Exit::Refused => 4,
            Exit::NotPublished => 5,
            Exit::Remote => 6,
            Exit::Bug => 70,
        }
    }
}

/// Something outside the author's files that stops the program: a disk, a permission, a flag.
#[derive(Clone, Debug)]
pub struct Failure {
    /// What the exit code will say.
    pub exit: Exit,
    /// What could not be done, and to which path: one sentence.
    pub message: String,
    /// The cause as the system gave it; may be empty.
    pub cause: String,
    /// What to do; may be empty.
    pub help: String,
}

impl Failure {
    /// A failure with no cause and no help yet.
    pub fn new(exit: Exit, message: impl Into<String>) -> Failure {
        Failure { exit, message: message.into(), cause: String::new(), help: String::new() }
    }

    /// This machine refused: `what` says what could not be done, with the path.
    pub fn machine(what: impl Into<String>, cause: &dyn fmt::Display) -> Failure {
        Failure { cause: cause.to_string(), ..Failure::new(Exit::Machine, what) }
    }

    /// Adds what to do.
    #[must_use]
    pub fn help(mut self, help: impl Into<String>) -> Failure {
        self.help = help.into();
        self
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)?;
        if !self.cause.is_empty() {
            write!(f, ": {}", self.cause)?;
        }
        Ok(())
    }
}

impl std::error::Error for Failure {}
