//! What authors write, and what they get: whole files through [`read`].

mod bytes;
mod digests;
mod kinds;
mod properties;
mod settings;
mod slips;
mod stored;
mod words;

use super::*;
use crate::diag::At;
use crate::model::Record;
use crate::text::LineIndex;

/// Reads bytes as a content file.
fn document_of(path: &str, text: impl AsRef<[u8]>) -> Document {
    read(&Input::new(path, text.as_ref()), &ReadOptions::default())
}

/// Problems as `code line:col words`.
fn told(report: &Report, text: &str) -> Vec<String> {
    let index = LineIndex::new(text);
    let tell = |it: &Diagnostic| match &it.place.as_ref().expect("placed").at {
        At::Span(span) => {
            let position = index.position(text, span.start);
            format!("{} {}:{} {}", it.code.name, position.line, position.column, span.of(text))
                .trim_end_matches(' ')
                .to_owned()
        }
        At::File => format!("{} file", it.code.name),
        other => panic!("not located: {other:?}"),
    };
    report.diagnostics().iter().map(tell).collect()
}

/// The problems of a content file.
fn problems_of(path: &str, text: impl AsRef<[u8]>) -> Vec<String> {
    let document = document_of(path, text);
    told(&document.report, &document.text)
}

/// Checks the problems of a content file.
#[track_caller]
fn check(path: &str, text: impl AsRef<[u8]>, wanted: &[&str]) {
    let shown = String::from_utf8_lossy(text.as_ref()).into_owned();
    assert_eq!(problems_of(path, text), wanted, "{shown}");
}

/// The one problem of a content file.
#[track_caller]
fn the_problem(path: &str, text: &str) -> Diagnostic {
    let document = document_of(path, text);
    assert_eq!(
        document.report.diagnostics().len(),
        1,
        "{:?}\n{text}",
        told(&document.report, &document.text)
    );
    document.report.diagnostics()[0].clone()
}

/// The record of a file without problems.
#[track_caller]
fn the_record(path: &str, text: &str) -> Arc<Record> {
    let document = document_of(path, text);
    assert_eq!(told(&document.report, &document.text), [""; 0], "{text}");
    Arc::clone(document.facts.records.first().expect("a record"))
}

/// Puts the fix of a problem into the text.
fn fixed(text: &str, problem: &Diagnostic) -> String {
    let At::Span(span) = problem.place.as_ref().expect("placed").at else { panic!("a span") };
    let fix = problem.fix.as_ref().expect("a fix");
    format!("{}{}{}", &text[..span.start], fix.replacement, &text[span.end..])
}

#[test]
fn every_code_is_unique_and_has_a_manual_page() {
    let mut names: Vec<&str> = CODES.iter().map(|it| it.name).collect();
    names.sort_unstable();
    let n_names = names.len();
    names.dedup();
    assert_eq!(names.len(), n_names);
    for code in problems::CODES {
        let page = code.manual_page();
        assert!(page.starts_with(&format!("# {}\n", code.name)), "{}", code.name);
        assert!(page.contains("**Good**") || page.contains("| write"), "{} shows what to write", code.name);
    }
}
