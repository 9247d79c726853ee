//! What is known of every document, as the ledger keeps it: all of it in one piece, of which few are looked at one by one.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::keys::Value;
use super::parallel::map_in_order;
use crate::diag::Told;
use crate::document::{Document, Gist};
use crate::text::{pack_onto, unpack};

/// How many documents one thread takes at a time.
const BATCH: usize = 128;

/// What is kept of one document besides its gist.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct Line {
    /// The file.
    pub(super) path: Box<str>,
    /// A digest of the text before its prose.
    pub(super) front: Value,
    /// What checks found in its prose, as they told it.
    pub(super) findings: Told,
}

impl Line {
    /// What is kept of a document in whose prose checks found something.
    pub(super) fn of(document: &Document, findings: Told) -> Line {
        let front = document.text.get(..document.body.start).unwrap_or_default();
        Line { path: (*document.path).into(), front: Value::of(&front), findings }
    }
}

/// What is known of every document, by path.
#[derive(Clone, Debug, Default)]
pub(super) struct Known {
    lines: Vec<Line>,
    /// Where in `pieces` each document's gist stands: its first byte, and how many there are.
    places: Vec<(usize, usize)>,
    /// What [`Gist::store`] gave, one after the other.
    pieces: Vec<u8>,
}

impl Known {
    /// Keeps documents, which come by path, with what checks found in the prose of each.
    pub(super) fn of(documents: &[Arc<Document>], findings: Vec<Told>) -> Known {
        let batches: Vec<&[Arc<Document>]> = documents.chunks(BATCH).collect();
        let mut known = Known::default();
        for stored in
            map_in_order(&batches, |batch| batch.iter().map(|it| it.gist.store()).collect::<Vec<_>>())
        {
            for bytes in stored {
                known.places.push((known.pieces.len(), bytes.len()));
                known.pieces.extend(bytes);
            }
        }
        known.lines = documents.iter().zip(findings).map(|(it, findings)| Line::of(it, findings)).collect();
        known
    }

    /// Puts another line and gist in the place of a document's.
    pub(super) fn replace(&mut self, line: Line, gist: &[u8]) {
        if let Ok(at) = self.find(&line.path) {
            self.lines[at] = line;
            self.places[at] = (self.pieces.len(), gist.len());
            self.pieces.extend(gist);
        }
    }

    fn find(&self, path: &str) -> Result<usize, usize> {
        self.lines.binary_search_by(|it| (*it.path).cmp(path))
    }

    fn piece(&self, at: usize) -> &[u8] {
        let (start, length) = self.places[at];
        self.pieces.get(start..start.saturating_add(length)).unwrap_or_default()
    }

    /// What is known of one document.
    pub(super) fn get(&self, path: &str) -> Option<(&Line, Gist)> {
        let at = self.find(path).ok()?;
        Some((&self.lines[at], Gist::restore(self.piece(at))?))
    }

    /// Every gist, by path; `None` when one cannot be read.
    pub(super) fn gists(&self) -> Option<Vec<Gist>> {
        let all: Vec<usize> = (0..self.lines.len()).collect();
        let batches: Vec<&[usize]> = all.chunks(BATCH).collect();
        let read = map_in_order(&batches, |batch| {
            batch.iter().map(|at| Gist::restore(self.piece(*at))).collect::<Option<Vec<Gist>>>()
        });
        Some(read.into_iter().collect::<Option<Vec<_>>>()?.into_iter().flatten().collect())
    }

    /// Writes the lines, for [`Known::unpack`].
    pub(super) fn pack_lines(&self, bytes: &mut Vec<u8>) {
        let lengths: Vec<usize> = self.places.iter().map(|it| it.1).collect();
        pack_onto(bytes, &(&self.lines, lengths));
    }

    /// Writes the gists, for [`Known::unpack`].
    pub(super) fn pack_pieces(&self, bytes: &mut Vec<u8>) {
        (0..self.lines.len()).for_each(|at| bytes.extend(self.piece(at)));
    }

    /// Reads both back. Whether a gist is whole shows when it is looked at.
    pub(super) fn unpack(lines: &[u8], pieces: Vec<u8>) -> Option<Known> {
        let (lines, lengths): (Vec<Line>, Vec<usize>) = unpack(lines)?;
        let mut start = 0_usize;
        let place = |length: usize| {
            let place = (start, length);
            start = start.saturating_add(length);
            place
        };
        let places: Vec<(usize, usize)> = lengths.into_iter().map(place).collect();
        (places.len() == lines.len()).then_some(Known { lines, places, pieces })
    }
}
