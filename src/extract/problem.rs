//! Why a file gives no text.

use std::fmt;

/// Why a file gives no text, for its user.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ExtractProblem {
    /// What kind of problem.
    pub kind: ProblemKind,
    /// One sentence about the file.
    pub message: String,
    /// What to do.
    pub help: String,
}

/// Kinds of problem.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ProblemKind {
    /// The file was understood, and holds no words.
    NoText,
    /// The file is larger than [`super::MOST_BYTES`].
    TooLarge,
    /// The file is of a kind that is not read, or is broken.
    Unreadable,
}

impl ExtractProblem {
    /// A problem with what to do about it.
    pub(super) fn new(
        kind: ProblemKind,
        message: impl Into<String>,
        help: impl Into<String>,
    ) -> ExtractProblem {
        ExtractProblem { kind, message: message.into(), help: help.into() }
    }

    /// A file without words.
    pub(super) fn no_text(name: &str, why: &str) -> ExtractProblem {
        ExtractProblem::new(
            ProblemKind::NoText,
            format!("there is no text in `{name}`: {why}"),
            "save the page again once its text shows, or save the text itself as a `.txt` file",
        )
    }
}

impl fmt::Display for ExtractProblem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for ExtractProblem {}
