//! Lines and columns for the places of a report. Every file is indexed once, however many problems it has.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::sync::Arc;

use super::{At, Place, Sources};
use crate::text::{LineIndex, Position};

/// A place with a text behind it.
#[derive(Clone, Debug)]
pub(crate) struct Located {
    /// The text of the whole file.
    pub(crate) text: Arc<str>,
    /// Its line starts.
    pub(crate) index: Arc<LineIndex>,
    /// Where it starts.
    pub(crate) start: Position,
    /// Where it ends: the first position behind it.
    pub(crate) end: Position,
}

impl Located {
    /// The line it starts on, without surrounding white space.
    pub(crate) fn line(&self) -> &str {
        line_of(&self.text, &self.index, self.start.line).trim()
    }
}

/// Finds lines and columns for the places of one report.
pub(crate) struct Locator<'a> {
    sources: &'a Sources,
    indexes: RefCell<BTreeMap<Arc<str>, Arc<LineIndex>>>,
}

impl<'a> Locator<'a> {
    /// Starts with nothing indexed.
    pub(crate) fn new(sources: &'a Sources) -> Locator<'a> {
        Locator { sources, indexes: RefCell::default() }
    }

    /// The place with lines and columns; `None` when it means the whole file or the text is not known.
    pub(crate) fn locate(&self, place: &Place) -> Option<Located> {
        let span = match &place.at {
            At::Span(span) => *span,
            At::File | At::Field(_) | At::Key(_) => return None,
        };
        let text = Arc::clone(self.sources.text(&place.file)?);
        let index = {
            let mut indexes = self.indexes.borrow_mut();
            let made = || Arc::new(LineIndex::new(&text));
            Arc::clone(indexes.entry(Arc::clone(&place.file)).or_insert_with(made))
        };
        let start = index.position(&text, span.start);
        let end = index.position(&text, span.end);
        Some(Located { text, index, start, end })
    }
}

/// One line of a text (from 1) without its line break.
pub(crate) fn line_of<'a>(text: &'a str, index: &LineIndex, line: usize) -> &'a str {
    let start = index.line_start(line);
    let next = index.line_start(line + 1);
    let end = if next > start { next } else { text.len() };
    text[start..end].trim_end_matches(['\n', '\r'])
}
