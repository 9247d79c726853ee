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

    /// Turns every place that names a field into a span. `locate` gets all files with all their fields that are to be
    /// found, so that it can read each file once and several files at a time; it answers in the same order. What it does
    /// not find becomes a place that is a whole file.
    pub fn locate(&mut self, locate: impl FnOnce(&[FileFields]) -> Vec<Vec<Option<Span>>>) {
        let mut by_file: BTreeMap<Arc<str>, BTreeMap<FieldPath, usize>> = BTreeMap::new();
        for place in self.places() {
            if let Some(field) = FieldPath::of(&place.at) {
                let fields = by_file.entry(Arc::clone(&place.file)).or_default();
                let next = fields.len();
                fields.entry(field).or_insert(next);
            }
        }
        if by_file.is_empty() {
            return;
        }
        let asked = by_file.iter().map(|(file, fields)| {
            let mut fields: Vec<(&FieldPath, &usize)> = fields.iter().collect();
            fields.sort_by_key(|(_, idx)| **idx);
            let fields = fields.into_iter().map(|(field, _)| field.clone()).collect();
            FileFields { file: Arc::clone(file), fields }
        });
        let asked: Vec<FileFields> = asked.collect();
        let answers = locate(&asked);
        let answers: BTreeMap<&str, Vec<Option<Span>>> =
            asked.iter().map(|it| &*it.file).zip(answers).collect();
        for place in self.places() {
            let Some(field) = FieldPath::of(&place.at) else { continue };
            let idx = by_file.get(&place.file).and_then(|fields| fields.get(&field));
            let span = idx.and_then(|idx| *answers.get(&*place.file)?.get(*idx)?);
            place.at = span.map_or(At::File, At::Span);
        }
    }

    fn places(&mut self) -> impl Iterator<Item = &mut Place> {
        self.diagnostics
            .iter_mut()
            .flat_map(|it| it.place.iter_mut().chain(it.labels.iter_mut().map(|label| &mut label.place)))
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

/// Fields of one file that are to be found in its text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FileFields {
    /// The file, relative to the project.
    pub file: Arc<str>,
    /// Each field once.
    pub fields: Vec<FieldPath>,
}

/// A field of front matter, or its key.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct FieldPath {
    /// Its path: `statements[0].sources[1].ref`.
    pub path: String,
    /// Whether its key is meant rather than its value.
    pub key: bool,
}

impl FieldPath {
    fn of(at: &At) -> Option<FieldPath> {
        match at {
            At::Field(path) => Some(FieldPath { path: path.clone(), key: false }),
            At::Key(path) => Some(FieldPath { path: path.clone(), key: true }),
            At::File | At::Span(_) => None,
        }
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
