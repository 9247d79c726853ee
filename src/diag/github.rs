//! The report as GitHub Actions workflow commands, which GitHub shows beside the changed lines.

use std::fmt::Write as _;

use super::located::Locator;
use super::visible::visible;
use super::{Diagnostic, Failure, Level, Report, Repository, Sources};

/// GitHub shows ten annotations of each kind per step and drops the rest without a word; the tenth is ours to
/// say how many there are.
const SHOWN: usize = 9;

/// Renders workflow commands.
pub fn github(report: &Report, sources: &Sources, repository: &Repository) -> String {
    let locator = Locator::new(sources);
    let mut out = String::new();
    for level in [Level::Error, Level::Warning, Level::Note] {
        let of_level = || report.diagnostics().iter().filter(|it| it.level == level);
        for it in of_level().take(SHOWN) {
            command(&mut out, it, &locator, repository);
        }
        let n_more = of_level().count().saturating_sub(SHOWN);
        if n_more > 0 {
            let name = command_name(level);
            let plural = if n_more == 1 { "" } else { "s" };
            let what =
                format!("and {n_more} more {}{plural}; `rejoinder check` lists them all", level.name());
            let _ = writeln!(out, "::{name} title=rejoinder::{what}");
        }
    }
    out
}

/// Renders what stopped the program as one workflow command.
pub fn github_failure(failure: &Failure) -> String {
    let mut message = failure.to_string();
    if !failure.help.is_empty() {
        message.push('\n');
        message.push_str(&failure.help);
    }
    format!("::error title=rejoinder::{}\n", data(&message))
}

fn command_name(level: Level) -> &'static str {
    match level {
        Level::Error => "error",
        Level::Warning => "warning",
        Level::Note => "notice",
    }
}

fn command(out: &mut String, it: &Diagnostic, locator: &Locator<'_>, repository: &Repository) {
    let mut properties = Vec::new();
    if let Some(place) = &it.place {
        properties.push(format!("file={}", property(&repository.path(&place.file))));
        if let Some(at) = locator.locate(place) {
            properties.push(format!("line={}", at.start.line));
            // GitHub refuses columns for a range of several lines, so such a range names its lines only.
            if at.start.line == at.end.line {
                properties.push(format!(
                    "endLine={},col={},endColumn={}",
                    at.end.line, at.start.column, at.end.column
                ));
            } else {
                properties.push(format!("endLine={}", at.end.line));
            }
        }
    }
    properties.push(format!("title={}", property(it.code.name)));
    let mut message = it.message.clone();
    let details = [&it.label].into_iter().filter(|label| !label.is_empty()).chain(&it.help);
    for detail in details {
        message.push('\n');
        message.push_str(detail);
    }
    let _ = writeln!(out, "::{} {}::{}", command_name(it.level), properties.join(","), data(&message));
}

/// A message: `%`, carriage return and line feed would end or alter the command.
fn data(text: &str) -> String {
    visible(text).replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

/// A property: as a message, and `:` and `,` would end it.
fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::diag::{Code, Place};
    use crate::text::Span;

    static BAD: Code = Code { name: "bad", level: Level::Error, manual: "" };
    static ODD: Code = Code { name: "odd", level: Level::Note, manual: "" };

    #[test]
    fn commands_cannot_be_broken_by_their_content() {
        let file: Arc<str> = Arc::from("content/a,b:100%.md");
        let mut sources = Sources::default();
        sources.insert(Arc::clone(&file), Arc::from("one\ntwo\n"));
        let mut report = Report::new();
        let place = Place::span(&file, Span::new(4, 7));
        report.add(Diagnostic::new(&BAD, place, "100%, sure: yes").label("here").help("do\n::this"));
        report.add(Diagnostic::new(&ODD, Place::span(&file, Span::new(0, 7)), "two lines"));
        report.add(Diagnostic::unplaced(&ODD, "nowhere"));
        let expected = "\
::error file=docs/content/a%2Cb%3A100%25.md,line=2,endLine=2,col=1,endColumn=4,title=bad::100%25, sure: yes%0Ahere%0Ado%0A::this
::notice file=docs/content/a%2Cb%3A100%25.md,line=1,endLine=2,title=odd::two lines
::notice title=odd::nowhere
";
        let repository = Repository { prefix: "docs/".to_owned(), config: "site.yaml".to_owned() };
        assert_eq!(github(&report, &sources, &repository), expected);
    }

    #[test]
    fn the_tenth_of_a_kind_counts_the_rest() {
        let mut report = Report::new();
        (0..12).for_each(|n| report.add(Diagnostic::unplaced(&BAD, format!("number {n}"))));
        let repository = Repository { prefix: String::new(), config: "site.yaml".to_owned() };
        let out = github(&report, &Sources::default(), &repository);
        assert_eq!(out.lines().count(), 10);
        let last = "::error title=rejoinder::and 3 more errors; `rejoinder check` lists them all";
        assert_eq!(out.lines().last(), Some(last));
    }
}
