//! The text layer of a PDF.
use super::problem::ExtractProblem;
pub(super) fn read(name: &str, _: &[u8]) -> Result<Vec<String>, ExtractProblem> {
    Err(ExtractProblem::no_text(name, "not yet"))
}
