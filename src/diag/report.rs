//! All diagnostics of a run, sorted and without duplicates, and the texts they point into.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::{At, Diagnostic, Level, Place};
use crate::text::Span;

/// What a stage found, besides its result.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Report {
    diagnostics: Vec<Diagnostic>,
}

impl Report {
    /// An empty report.
    pub fn new() -> Report {
        Report::default()
    }

    /// Adds one problem.
    pub fn add(&mut self, diagnostic: Diagnostic) {
        self.diagnostics.push(diagnostic);
    }

    /// Adds a problem, if there is one.
    pub fn add_some(&mut self, diagnostic: Option<Diagnostic>) {
        self.diagnostics.extend(diagnostic);
    }

    /// Adds all problems of another report.
    pub fn extend(&mut self, other: Report) {
        self.diagnostics.extend(other.diagnostics);
    }

    /// The problems, in the order they were added, or, after [`Report::settle`], errors first and then by place.
    pub fn diagnostics(&self) -> &[Diagnostic] {
        &self.diagnostics
    }

    /// Takes the problems out.
    pub fn into_diagnostics(self) -> Vec<Diagnostic> {
        self.diagnostics
    }

    /// How many problems have this level.
    pub fn count(&self, level: Level) -> usize {
        self.diagnostics.iter().filter(|it| it.level == level).count()
    }

    /// Whether anything forbids delivery.
    pub fn has_errors(&self) -> bool {
        self.count(Level::Error) > 0
    }

    /// Gives every problem the level that `level_of` says; `None` drops it.
    pub fn set_levels(&mut self, level_of: impl Fn(&Diagnostic) -> Option<Level>) {
        self.diagnostics.retain_mut(|it| match level_of(it) {
            Some(level) => {
                it.level = level;
                true
            }
            None => false,
        });
    }

    /// Turns every place that names a field into a span. `locate` gets a file, a field path, and whether the key
    /// is meant rather than the value.
    pub fn locate(&mut self, locate: impl Fn(&str, &str, bool) -> Option<Span>) {
        let settle = |place: &mut Place| {
            let span = match &place.at {
                At::Field(path) => locate(&place.file, path, false),
                At::Key(path) => locate(&place.file, path, true),
                At::File | At::Span(_) => return,
            };
            place.at = span.map_or(At::File, At::Span);
        };
        for diagnostic in &mut self.diagnostics {
            diagnostic.place.as_mut().map(settle);
            diagnostic.labels.iter_mut().for_each(|label| settle(&mut label.place));
        }
    }

    /// Whether some problem names a byte range of one of these files.
    pub fn points_into(&self, files: &std::collections::BTreeSet<&str>) -> bool {
        let into = |place: &Place| matches!(place.at, At::Span(_)) && files.contains(&*place.file);
        self.diagnostics
            .iter()
            .any(|it| it.place.iter().chain(it.labels.iter().map(|label| &label.place)).any(into))
    }

    /// Sorts by level, place, code and words, and drops exact repetitions.
    pub fn settle(&mut self) {
        self.diagnostics.sort_by(|a, b| {
            (a.level, &a.place, a.code.name, &a.message, &a.page).cmp(&(
                b.level,
                &b.place,
                b.code.name,
                &b.message,
                &b.page,
            ))
        });
        self.diagnostics.dedup_by(|a, b| {
            (a.code.name, &a.place, &a.message, &a.label) == (b.code.name, &b.place, &b.message, &b.label)
        });
    }
}

/// The texts diagnostics point into, by path.
#[derive(Clone, Debug, Default)]
pub struct Sources {
    texts: BTreeMap<Arc<str>, Arc<str>>,
}

impl Sources {
    /// Remembers a text.
    pub fn insert(&mut self, file: Arc<str>, text: Arc<str>) {
        self.texts.insert(file, text);
    }

    /// The text of a file, if it was remembered.
    pub fn text(&self, file: &str) -> Option<&Arc<str>> {
        self.texts.get(file)
    }
}
