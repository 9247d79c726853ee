//! The report as the summary of a GitHub Actions step: every problem in one table, where annotations stop at ten.
//!
//! The table is HTML, in which nothing an author wrote can act as Markdown.

use std::fmt::Write as _;

use super::located::Locator;
use super::visible::visible_line;
use super::{Diagnostic, Fingerprinted, Sources, summary};
use crate::text::escape_html;

/// Renders a heading and the table, in at most `room` bytes: GitHub drops a summary of more than 1 MiB. Rows that find
/// no room are counted. Empty when there is no problem, or no room at all.
pub fn step_summary(command: &str, report: &Fingerprinted, sources: &Sources, room: usize) -> String {
    const TABLE: &str = "<table>\n<tr><th>Level</th><th>Code</th><th>Where</th><th>What</th></tr>\n";
    // Enough for the end of the table and the count of what is missing.
    const END: usize = 200;
    let report = report.report();
    let mut out = format!("### rejoinder {command}: {}\n\n{TABLE}", summary(report).trim_end_matches('.'));
    if report.diagnostics().is_empty() || out.len() + END > room {
        return String::new();
    }
    let locator = Locator::new(sources);
    let mut n_shown = 0;
    for it in report.diagnostics() {
        let row = row(it, &locator);
        if out.len() + row.len() + END > room {
            break;
        }
        out.push_str(&row);
        n_shown += 1;
    }
    let n_more = report.diagnostics().len() - n_shown;
    out.push_str("</table>\n\n");
    if n_more > 0 {
        let _ =
            writeln!(out, "… and {n_more} more; `rejoinder {command} --format concise` lists every one.\n");
    }
    out
}

fn row(it: &Diagnostic, locator: &Locator<'_>) -> String {
    let place = it.place.as_ref().map(|place| match locator.locate(place) {
        Some(at) => format!("{}:{}", place.file, at.start.line),
        None => place.file.to_string(),
    });
    format!(
        "<tr><td>{}</td><td><code>{}</code></td><td>{}</td><td>{}</td></tr>\n",
        it.level.name(),
        it.code.name,
        cell(place.as_deref().unwrap_or("")),
        cell(&it.message)
    )
}

/// Words on one line, with what stands in backticks as code.
fn cell(words: &str) -> String {
    let line = visible_line(words);
    let parts: Vec<&str> = line.split('`').collect();
    // An odd backtick is only a backtick.
    if parts.len().is_multiple_of(2) {
        return escape_html(&line).into_owned();
    }
    let mut out = String::new();
    for (idx, part) in parts.iter().enumerate() {
        let part = escape_html(part);
        let _ = if idx % 2 == 1 { write!(out, "<code>{part}</code>") } else { write!(out, "{part}") };
    }
    out
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::diag::{Code, Level, Place, Report};
    use crate::text::Span;

    static BAD: Code = Code { name: "bad", level: Level::Error, manual: "" };

    #[test]
    fn the_table_has_every_problem_and_nothing_in_it_acts() {
        let file: Arc<str> = Arc::from("content/<a>.md");
        let mut sources = Sources::default();
        sources.insert(Arc::clone(&file), Arc::from("one\ntwo\n"));
        let mut report = Report::new();
        let place = Place::span(&file, Span::new(4, 7));
        report.add(Diagnostic::new(&BAD, place, "`<b>`\n\n![x](https://a.example/|)"));
        report.add(Diagnostic::unplaced(&BAD, "a ` alone"));
        let expected = "\
### rejoinder check: 2 errors in 1 file

<table>
<tr><th>Level</th><th>Code</th><th>Where</th><th>What</th></tr>
<tr><td>error</td><td><code>bad</code></td><td>content/&lt;a&gt;.md:2</td><td><code>&lt;b&gt;</code>  \
![x](https://a.example/|)</td></tr>
<tr><td>error</td><td><code>bad</code></td><td></td><td>a ` alone</td></tr>
</table>

";
        let report = Fingerprinted::new(report, &sources);
        assert_eq!(step_summary("check", &report, &sources, 1 << 20), expected);
    }

    #[test]
    fn it_stays_within_its_room_and_counts_the_rest() {
        let mut report = Report::new();
        (0..5_000)
            .for_each(|n| report.add(Diagnostic::unplaced(&BAD, format!("number {n} {}", "x".repeat(500)))));
        let report = Fingerprinted::new(report, &Sources::default());
        let out = step_summary("check", &report, &Sources::default(), 1 << 20);
        let n_rows = out.matches("<td>error</td>").count();
        assert!(out.len() <= 1 << 20 && n_rows > 1_500, "{n_rows} rows, {} bytes", out.len());
        assert!(out.contains(&format!("… and {} more;", 5_000 - n_rows)));
        assert_eq!(step_summary("check", &report, &Sources::default(), 100), "");
        assert_eq!(step_summary("check", &Fingerprinted::default(), &Sources::default(), 1 << 20), "");
    }
}
