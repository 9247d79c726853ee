//! What stands in for the PDF reader in a program that was built without it.

use super::problem::{ExtractProblem, ProblemKind};

/// Says that PDFs are not read here.
pub(super) fn read(name: &str, _: &[u8]) -> Result<Vec<String>, ExtractProblem> {
    Err(ExtractProblem::new(
        ProblemKind::Unreadable,
        format!("`{name}` is a PDF, and this program was built without the feature `pdf`"),
        "build it with `--features pdf`, or save the text as a `.txt` file (`pdftotext FILE` makes one)",
    ))
}
