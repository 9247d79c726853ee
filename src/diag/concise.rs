//! The report for grep, editors and problem matchers: one line per problem.

use std::fmt::Write as _;

use super::located::Locator;
use super::visible::visible_line;
use super::{Report, Sources};

/// Renders one line per problem: `file:line:col: severity[code] message`. Columns count Unicode scalar values
/// from 1. A problem of a whole file has no line and column; one that concerns no file starts with `site:`.
pub fn concise(report: &Report, sources: &Sources) -> String {
    let locator = Locator::new(sources);
    let mut out = String::new();
    for it in report.diagnostics() {
        let file = it.place.as_ref().map_or("site".into(), |place| visible_line(&place.file));
        out.push_str(&file);
        if let Some(at) = it.place.as_ref().and_then(|place| locator.locate(place)) {
            let _ = write!(out, ":{}:{}", at.start.line, at.start.column);
        }
        let _ = writeln!(out, ": {}[{}] {}", it.level.name(), it.code.name, visible_line(&it.message));
    }
    out
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::diag::{Code, Diagnostic, Level, Place};
    use crate::text::Span;

    static LATE: Code = Code { name: "late-date", level: Level::Warning, manual: "" };

    #[test]
    fn each_problem_is_one_line() {
        let file: Arc<str> = Arc::from("content/é.md");
        let mut sources = Sources::default();
        sources.insert(Arc::clone(&file), Arc::from("---\r\nééé: x\r\n"));
        let mut report = Report::new();
        report.add(Diagnostic::new(&LATE, Place::span(&file, Span::new(13, 14)), "two\nlines\u{1b}"));
        report.add(Diagnostic::new(&LATE, Place::file(&file), "a whole file"));
        report.add(Diagnostic::unplaced(&LATE, "nowhere"));
        let expected = "\
content/é.md:2:6: warning[late-date] two lines\\u{1b}
content/é.md: warning[late-date] a whole file
site: warning[late-date] nowhere
";
        assert_eq!(concise(&report, &sources), expected);
    }
}
