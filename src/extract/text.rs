//! Plain text, as paragraphs.

use std::borrow::Cow;

use super::lines::{self, Words};
use super::paragraphs::Paragraphs;
use super::problem::{ExtractProblem, ProblemKind};

/// A line longer than this is a paragraph by itself: nobody breaks lines so late.
const LONGEST_WRAPPED: usize = 160;

/// Every kind of line end as `\n`, and of paragraph end and page end as two.
fn with_plain_line_ends(text: &str) -> Cow<'_, str> {
    if !text.contains(['\r', '\u{C}', '\u{85}', '\u{2028}', '\u{2029}']) {
        return Cow::Borrowed(text);
    }
    let text = text.replace("\r\n", "\n").replace(['\r', '\u{2028}', '\u{85}'], "\n");
    Cow::Owned(text.replace(['\u{2029}', '\u{C}'], "\n\n"))
}

/// Reads plain text. Blank lines separate paragraphs; lines between them were broken to fit a width.
pub(super) fn read(name: &str, bytes: &[u8]) -> Result<Vec<String>, ExtractProblem> {
    let bytes = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
    let unreadable =
        |message: String, help: &str| ExtractProblem::new(ProblemKind::Unreadable, message, help);
    if bytes.starts_with(b"\xFF\xFE") || bytes.starts_with(b"\xFE\xFF") {
        return Err(unreadable(
            format!("`{name}` is text in UTF-16, and only UTF-8 is read"),
            "save it again as UTF-8",
        ));
    }
    if bytes.contains(&0) {
        let message = format!("`{name}` is neither text nor a web page nor a PDF");
        return Err(unreadable(message, "save the page as HTML or PDF, or its text as a `.txt` file"));
    }
    let text = std::str::from_utf8(bytes).map_err(|error| {
        let line = 1 + bytes[..error.valid_up_to()].iter().filter(|it| **it == b'\n').count();
        let message = format!("`{name}` is not UTF-8 on line {line}");
        unreadable(message, "save it again as UTF-8; most editors offer it when saving")
    })?;
    let text = with_plain_line_ends(text);
    let lines: Vec<&str> = text.split('\n').map(str::trim).collect();
    // Nearly every text that is read was extracted before, and has no broken lines.
    let is_broken = lines.windows(2).any(|it| lines::ends_open(it[0]) && !it[1].is_empty());
    let words = if is_broken { Words::of(lines.iter().copied()) } else { Words::default() };
    let mut out = Paragraphs::default();
    for block in lines.split(|it| it.is_empty()) {
        let is_wrapped = block.iter().all(|it| it.chars().count() <= LONGEST_WRAPPED);
        for lines in block.chunks(if is_wrapped { block.len().max(1) } else { 1 }) {
            out.push(&lines::join(lines, &words));
            out.end();
        }
    }
    Ok(out.finish())
}
