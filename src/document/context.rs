//! What a decoder has at hand: the file, its text, and the report that collects every problem.
//!
//! Also the path to the value being read ([`At`]), which becomes words only when there is something to report.

use std::sync::Arc;

use super::extent;
use super::locate::locate_in;
use super::node::{self, Node};
use super::problems::fields as problems;
use crate::diag::{Diagnostic, FieldPath, Place, Report};
use crate::model::Kind;
use crate::text::Span;

/// How many problems of one file are shown.
pub(super) const MOST_PROBLEMS: usize = 100;

/// One YAML text being decoded.
pub(super) struct Context<'t> {
    /// The file, relative to the project.
    pub(super) file: Arc<str>,
    /// The YAML part of its text.
    pub(super) yaml: &'t str,
    /// Where that part starts in the text.
    pub(super) offset: usize,
    /// Where to point for what is missing altogether.
    pub(super) start: Span,
    /// Whether the YAML holds a back-slash anywhere.
    pub(super) back_slashes: bool,
    /// Whether the YAML may hold a comment behind a value.
    pub(super) comments: bool,
    /// Records whose kind and id are known and whose fields are not.
    pub(super) broken: Vec<(Kind, Arc<str>)>,
    report: Report,
    n_problems: usize,
}

/// The way from the root to a value.
#[derive(Clone, Copy)]
pub(super) struct At<'p> {
    parent: Option<&'p At<'p>>,
    step: Step<'p>,
}

#[derive(Clone, Copy)]
enum Step<'p> {
    Root,
    Key(&'p str),
    Index(usize),
}

impl<'p> At<'p> {
    /// The whole text.
    pub(super) const ROOT: At<'static> = At { parent: None, step: Step::Root };

    /// An entry of a map.
    pub(super) fn key(&'p self, key: &'p str) -> At<'p> {
        At { parent: Some(self), step: Step::Key(key) }
    }

    /// An item of a list.
    pub(super) fn index(&'p self, index: usize) -> At<'p> {
        At { parent: Some(self), step: Step::Index(index) }
    }

    /// `statements[0].sources[1].ref`.
    pub(super) fn path(&self) -> String {
        let mut path = self.parent.map(At::path).unwrap_or_default();
        match self.step {
            Step::Root => (),
            Step::Key(key) => {
                if !path.is_empty() {
                    path.push('.');
                }
                path.push_str(key);
            }
            Step::Index(index) => path.push_str(&format!("[{index}]")),
        }
        path
    }

    /// The nearest key on the way: what the author would call this value.
    pub(super) fn name(&self) -> &'p str {
        match (self.step, self.parent) {
            (Step::Key(key), _) => key,
            (Step::Index(_), Some(parent)) => parent.name(),
            (Step::Index(_) | Step::Root, _) => "",
        }
    }

    fn is_root(&self) -> bool {
        matches!(self.step, Step::Root)
    }
}

impl<'t> Context<'t> {
    /// Starts on a YAML text that stands at `offset` in its file.
    pub(super) fn new(file: &Arc<str>, yaml: &'t str, offset: usize, start: Span) -> Context<'t> {
        Context {
            file: Arc::clone(file),
            yaml,
            offset,
            start,
            back_slashes: yaml.contains('\\'),
            comments: [" #", "\t#", "'#", "\"#"].iter().any(|it| yaml.contains(it)),
            broken: Vec::new(),
            report: Report::new(),
            n_problems: 0,
        }
    }

    /// Adds a problem, up to [`MOST_PROBLEMS`]: each costs a walk over the text, and nobody reads the next hundred.
    pub(super) fn add(&mut self, diagnostic: Diagnostic) {
        self.n_problems += 1;
        if self.n_problems <= MOST_PROBLEMS {
            self.report.add(diagnostic);
        }
    }

    /// The report, with every place as a span of the file.
    pub(super) fn finish(mut self) -> Report {
        if self.n_problems > MOST_PROBLEMS {
            let more = self.n_problems - MOST_PROBLEMS;
            let message = format!("This file has {more} more problems that are not shown");
            let diagnostic = Diagnostic::new(&problems::TOO_MANY_PROBLEMS, Place::file(&self.file), message);
            self.report
                .add(diagnostic.help("Repair the first ones and look again; they may share one cause"));
        }
        let (yaml, offset, start) = (self.yaml, self.offset, self.start);
        let at = |it: &FieldPath| {
            Some(locate_in(yaml, &it.path, it.key).map_or(start, |span| span.shifted(offset)))
        };
        self.report.locate(|files| files.iter().map(|it| it.fields.iter().map(at).collect()).collect());
        self.report
    }

    /// A span of the YAML as a place in the file.
    pub(super) fn span(&self, span: Span) -> Place {
        Place::span(&self.file, span.shifted(self.offset))
    }

    /// The place of a value.
    pub(super) fn value(&self, node: &Node<'_>, at: &At<'_>) -> Place {
        if let Node::Scalar(words) = node
            && let Some(inner) = node::place_in(self.yaml, words)
        {
            return self.span(node::with_quotes(self.yaml, inner).0);
        }
        self.at(at)
    }

    /// The place of a key.
    pub(super) fn key(&self, key: &str, at: &At<'_>) -> Place {
        match node::place_in(self.yaml, key) {
            Some(inner) => self.span(node::with_quotes(self.yaml, inner).0),
            None => Place::key(&self.file, at.path()),
        }
    }

    /// The place of what stands at a path; the front matter's start for the root.
    pub(super) fn at(&self, at: &At<'_>) -> Place {
        if at.is_root() { Place::span(&self.file, self.start) } else { Place::field(&self.file, at.path()) }
    }

    /// Where a scalar stands in the YAML, quotes included. Cheap when it could be borrowed, else a walk.
    pub(super) fn scalar_span(&self, words: &str, at: &At<'_>) -> Option<Span> {
        match node::place_in(self.yaml, words) {
            Some(inner) => Some(node::with_quotes(self.yaml, inner).0),
            None => locate_in(self.yaml, &at.path(), false),
        }
    }

    /// The author's own text from a place to the end of its line.
    pub(super) fn rest_of_line(&self, start: usize) -> &'t str {
        extent::line_rest(self.yaml, start).trim_end()
    }
}
