//! What is known of every document, as the ledger keeps it: all of it in one piece, of which few are looked at one by one.

use std::io::{self, BufWriter, Seek, Write};
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::keys::Value;
use super::parallel::map_in_order;
use crate::diag::Told;
use crate::document::{Document, Gist};
use crate::text::{pack_to, unpack};

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
    /// Where each document's gist stands.
    places: Vec<Place>,
    /// What [`Gist::store`] gave, many one after the other. Several pieces of memory, because one that grows is there twice
    /// while it moves.
    pieces: Vec<Vec<u8>>,
}

/// Some of the bytes of one piece.
#[derive(Clone, Copy, Debug)]
struct Place {
    piece: usize,
    start: usize,
    length: usize,
}

impl Known {
    /// Keeps documents, which come by path, with what checks found in the prose of each.
    pub(super) fn of(documents: &[Arc<Document>], findings: Vec<Told>) -> Known {
        let batches: Vec<&[Arc<Document>]> = documents.chunks(BATCH).collect();
        let stored = map_in_order(&batches, |batch| {
            let mut bytes = Vec::new();
            let mut store = |it: &Arc<Document>| {
                let stored = it.gist.store();
                bytes.extend_from_slice(&stored);
                stored.len()
            };
            let lengths: Vec<usize> = batch.iter().map(&mut store).collect();
            bytes.shrink_to_fit();
            (bytes, lengths)
        });
        let mut known = Known::default();
        for (bytes, lengths) in stored {
            known.add_piece(bytes, lengths);
        }
        known.lines = documents.iter().zip(findings).map(|(it, findings)| Line::of(it, findings)).collect();
        known
    }

    /// Adds a piece that holds gists with these lengths.
    fn add_piece(&mut self, bytes: Vec<u8>, lengths: Vec<usize>) {
        let piece = self.pieces.len();
        let mut start = 0_usize;
        self.places.extend(lengths.into_iter().map(|length| {
            let place = Place { piece, start, length };
            start = start.saturating_add(length);
            place
        }));
        self.pieces.push(bytes);
    }

    /// Puts another line and gist in the place of a document's.
    pub(super) fn replace(&mut self, line: Line, gist: &[u8]) {
        if let Ok(at) = self.find(&line.path) {
            self.lines[at] = line;
            self.places[at] = Place { piece: self.pieces.len(), start: 0, length: gist.len() };
            self.pieces.push(gist.to_vec());
        }
    }

    fn find(&self, path: &str) -> Result<usize, usize> {
        self.lines.binary_search_by(|it| (*it.path).cmp(path))
    }

    fn piece(&self, at: usize) -> &[u8] {
        let Place { piece, start, length } = self.places[at];
        self.pieces[piece].get(start..start.saturating_add(length)).unwrap_or_default()
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

    /// Writes the lines, for [`Known::unpack`], and says how many bytes these are.
    ///
    /// # Errors
    /// When `out` takes no more.
    pub(super) fn pack_lines(&self, out: &mut (impl Write + Seek)) -> io::Result<u64> {
        let lengths: Vec<usize> = self.places.iter().map(|it| it.length).collect();
        pack_to(out, &(&self.lines, lengths))
    }

    /// Writes the gists, for [`Known::unpack`], and says how many bytes these are.
    ///
    /// # Errors
    /// When `out` takes no more.
    pub(super) fn write_pieces(&self, out: &mut impl Write) -> io::Result<u64> {
        let mut out = BufWriter::new(out);
        let mut length = 0;
        for at in 0..self.lines.len() {
            out.write_all(self.piece(at))?;
            length += self.piece(at).len() as u64;
        }
        out.flush()?;
        Ok(length)
    }

    /// Reads both back. Whether a gist is whole shows when it is looked at.
    pub(super) fn unpack(lines: &[u8], pieces: Vec<u8>) -> Option<Known> {
        let (lines, lengths): (Vec<Line>, Vec<usize>) = unpack(lines)?;
        let is_whole = lines.len() == lengths.len();
        let mut known = Known { lines, ..Known::default() };
        known.add_piece(pieces, lengths);
        is_whole.then_some(known)
    }
}
