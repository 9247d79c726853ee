//! What authors write, and what they get: whole files through [`read`].

use super::*;
use crate::diag::At;
use crate::model::{Data, Record};
use crate::text::LineIndex;

/// Reads a text as a content file.
fn document_of(path: &str, text: impl AsRef<[u8]>) -> Document {
    read(&Input::new(path, text.as_ref()), &ReadOptions::default())
}

/// The problems as `code line:col words`.
fn problems_of(path: &str, text: impl AsRef<[u8]>) -> Vec<String> {
    let document = document_of(path, text);
    let index = LineIndex::new(&document.text);
    let tell = |it: &Diagnostic| match &it.place.as_ref().expect("placed").at {
        At::Span(span) => {
            let position = index.position(&document.text, span.start);
            format!("{} {}:{} {}", it.code.name, position.line, position.column, span.of(&document.text))
        }
        At::File => format!("{} file", it.code.name),
        other => panic!("not located: {other:?}"),
    };
    document.report.diagnostics().iter().map(tell).collect()
}

#[track_caller]
fn check(path: &str, text: &str, wanted: &[&str]) {
    assert_eq!(problems_of(path, text), wanted, "{text}");
}

fn the_record(path: &str, text: &str) -> Arc<Record> {
    let document = document_of(path, text);
    let problems: Vec<_> = document.report.diagnostics().iter().map(|it| &it.message).collect();
    assert!(problems.is_empty(), "{problems:?}\n{text}");
    Arc::clone(document.facts.records.first().expect("a record"))
}

#[test]
fn the_example_is_read() {
    for (path, text) in [("content/actors/a.md", "---\ntype: person\nname: A\n---\n")] {
        assert_eq!(problems_of(path, text), [""; 0]);
    }
}
