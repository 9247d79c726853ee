//! What the project promises of quotations, on the worked example and on a careful copy of a round-up.

use std::collections::BTreeMap;

use rejoinder::diag::{At, Level};
use rejoinder::engine::{BuildOptions, Built};
use rejoinder::input::{DiskFiles, MemoryFiles};
use rejoinder::model::Form;
use rejoinder::quote::Class;
use rejoinder::verify::Wording;

use crate::world::{self, repository, tree};

fn example() -> BTreeMap<String, Vec<u8>> {
    let mut files = tree(&repository("content"))
        .into_iter()
        .map(|(path, bytes)| (format!("content/{path}"), bytes))
        .collect::<BTreeMap<_, _>>();
    for name in ["site.yaml", "quotes.lock"] {
        files.insert(name.to_owned(), std::fs::read(repository(name)).unwrap());
    }
    files
}

fn check(files: &BTreeMap<String, Vec<u8>>) -> Built {
    let mut memory = MemoryFiles::new();
    files.iter().for_each(|(path, bytes)| memory.insert(path, bytes.clone()));
    let options = BuildOptions { stop_before_rendering: true, ..BuildOptions::default() };
    world::build(&memory, &options).unwrap().built
}

/// Errors as `code file:line:column`.
fn errors(built: &Built) -> Vec<String> {
    let errors = built.report.diagnostics().iter().filter(|it| it.level == Level::Error);
    errors
        .map(|it| {
            let place = it.place.as_ref().unwrap();
            let At::Span(span) = place.at else { return format!("{} {}", it.code.name, place.file) };
            let before = &built.sources.text(&place.file).unwrap()[..span.start];
            let line = before.matches('\n').count() + 1;
            let column = before.rsplit('\n').next().unwrap().chars().count() + 1;
            format!("{} {}:{line}:{column}", it.code.name, place.file)
        })
        .collect()
}

#[test]
fn a_clone_without_copies_passes_by_the_lock_and_no_word_of_it_can_change() {
    let files = example();
    let built = check(&files);
    assert_eq!(errors(&built), [""; 0]);
    let graph = built.graph.as_ref().unwrap();
    assert!(
        built.comparisons.iter().all(|it| it.is_as_recorded() == Some(true)),
        "every quotation has a record"
    );
    let mut n_edited = 0;
    let quotes = built.comparisons.iter().filter(|it| it.subject.wording == Wording::Quote);
    let mut seen = Vec::new();
    for it in quotes {
        if seen.contains(&it.subject.statement) {
            continue;
        }
        seen.push(it.subject.statement);
        let file = graph.node(it.subject.statement).record().origin.file.to_string();
        let text = String::from_utf8(files[&file].clone()).unwrap();
        let words = it.subject.words(graph);
        let at = text.find(&format!("quote: {words}")).map(|at| at + 7);
        let at = at.or_else(|| text.find(&format!("quote: \"{words}\"")).map(|at| at + 7)).unwrap();
        let (line, column) = {
            let before = &text[..at];
            (before.matches('\n').count() + 1, before.rsplit('\n').next().unwrap().chars().count() + 1)
        };
        // One letter of the last word.
        let end = at + text[at..].find('\n').unwrap();
        let letter = text[..end].rfind(char::is_alphabetic).unwrap();
        let mut edited = files.clone();
        let changed = format!("{}q{}", &text[..letter], &text[letter + 1..]);
        edited.insert(file.clone(), changed.into_bytes());
        let wrong = errors(&check(&edited));
        assert!(
            !wrong.is_empty() && wrong.iter().all(|it| *it == format!("quote-edited {file}:{line}:{column}")),
            "{words}: {wrong:?}"
        );
        n_edited += 1;
    }
    assert!(n_edited > 10, "only {n_edited} quotations");
}

#[test]
fn the_faithful_copy_fails_with_its_six_misquotations_and_no_other() {
    let files = DiskFiles::new(repository("tests/sites/faithful-copy"));
    let built = world::build(&files, &BuildOptions::default()).unwrap().built;
    let graph = built.graph.as_ref().unwrap();
    let of = |wanted: fn(Class) -> bool| {
        let found = built.comparisons.iter().filter(|it| wanted(it.class()));
        found.map(|it| it.subject.words(graph)).collect::<Vec<_>>()
    };
    let wrong = [
        "very heavily in AI",
        "legitimately invigorating to have a new competitor,",
        "More compute is more important now than ever to succeed,",
        "As AI becomes more efficient and accessible, its adoption will soar, transforming it into an indispensable commodity",
        "at play again",
        "open source models are surpassing propriety ones",
    ];
    let mut found = of(|class| class == Class::Mismatch);
    found.sort_by_key(|it| wrong.iter().position(|wrong| wrong == it));
    assert_eq!(found, wrong);
    assert_eq!(of(Class::passes).len(), 8);
    let n_quotes = graph.nodes().filter(|(_, it)| it.statement().is_some_and(|it| it.form == Form::Quote));
    assert_eq!(n_quotes.count(), 14);
    let codes: Vec<&str> = built
        .report
        .diagnostics()
        .iter()
        .filter(|it| it.level == Level::Error)
        .map(|it| it.code.name)
        .collect();
    assert_eq!(codes, ["quote-mismatch"; 6]);
}
