//! What is known of every document, as the ledger keeps it: of many, few are looked at one by one.

use std::borrow::Cow;
use std::io::{self, Seek, Write};
use std::ops::Range;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::keys::Value;
use super::parallel::map_in_order;
use crate::diag::Told;
use crate::document::{Document, Gist};
use crate::text::{pack_to, unpack};

/// How many documents are taken at a time.
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
    /// What [`Gist::store`] gave, one after the other.
    stored: Vec<u8>,
}

/// Where a gist stands.
#[derive(Clone, Debug)]
enum Place {
    /// Among those that were read back.
    Stored(Range<usize>),
    /// In what was read again since.
    Added(Box<[u8]>),
    /// At hand, as they all are when a build ends: as bytes they would take room of their own then.
    Gist(Box<Gist>),
    /// The same in a document that somebody else holds as well.
    Document(Arc<Document>),
}

impl Known {
    /// Keeps documents, which come by path, with what checks found in the prose of each. Of a document that nobody else holds,
    /// the text is let go.
    pub(super) fn of(documents: Vec<Arc<Document>>, findings: Vec<Told>) -> Known {
        let lines = documents.iter().zip(findings).map(|(it, findings)| Line::of(it, findings)).collect();
        let place = |document: Arc<Document>| match Arc::try_unwrap(document) {
            Ok(own) => Place::Gist(Box::new(own.gist)),
            Err(shared) => Place::Document(shared),
        };
        Known { lines, places: documents.into_iter().map(place).collect(), stored: Vec::new() }
    }

    /// Puts another line and gist in the place of a document's.
    pub(super) fn replace(&mut self, line: Line, gist: &[u8]) {
        if let Ok(at) = self.find(&line.path) {
            self.lines[at] = line;
            self.places[at] = Place::Added(gist.into());
        }
    }

    fn find(&self, path: &str) -> Result<usize, usize> {
        self.lines.binary_search_by(|it| (*it.path).cmp(path))
    }

    fn gist(&self, place: &Place) -> Option<Gist> {
        match place {
            Place::Stored(range) => Gist::restore(self.stored.get(range.clone())?),
            Place::Added(bytes) => Gist::restore(bytes),
            Place::Gist(gist) => Some((**gist).clone()),
            Place::Document(document) => Some(document.gist.clone()),
        }
    }

    fn bytes(&self, place: &Place) -> Cow<'_, [u8]> {
        match place {
            Place::Stored(range) => self.stored.get(range.clone()).unwrap_or_default().into(),
            Place::Added(bytes) => bytes.to_vec().into(),
            Place::Gist(gist) => gist.store().into(),
            Place::Document(document) => document.gist.store().into(),
        }
    }

    /// What is known of one document.
    pub(super) fn get(&self, path: &str) -> Option<(&Line, Gist)> {
        let at = self.find(path).ok()?;
        Some((&self.lines[at], self.gist(&self.places[at])?))
    }

    /// Every gist, by path; `None` when one cannot be read.
    pub(super) fn gists(&self) -> Option<Vec<Gist>> {
        let batches: Vec<&[Place]> = self.places.chunks(BATCH).collect();
        let read = map_in_order(&batches, |batch| {
            batch.iter().map(|it| self.gist(it)).collect::<Option<Vec<Gist>>>()
        });
        Some(read.into_iter().collect::<Option<Vec<_>>>()?.into_iter().flatten().collect())
    }

    /// Writes all gists, and then the lines, for [`Known::unpack`]; says how many bytes each are.
    ///
    /// # Errors
    /// When `out` takes no more.
    pub(super) fn write(&self, out: &mut (impl Write + Seek)) -> io::Result<[u64; 2]> {
        let mut lengths = Vec::with_capacity(self.places.len());
        // Few at once, so that they are never all at hand.
        for batch in self.places.chunks(BATCH) {
            let gists = map_in_order(batch, |it| self.bytes(it));
            lengths.extend(gists.iter().map(|it| it.len()));
            out.write_all(&gists.concat())?;
        }
        let gists = lengths.iter().map(|it| *it as u64).sum();
        Ok([gists, pack_to(out, &(&self.lines, lengths))?])
    }

    /// Reads both back. Whether a gist is whole shows when it is looked at.
    pub(super) fn unpack(stored: Vec<u8>, lines: &[u8]) -> Option<Known> {
        let (lines, lengths): (Vec<Line>, Vec<usize>) = unpack(lines)?;
        let mut start = 0_usize;
        let place = |length: &usize| {
            let end = start.saturating_add(*length);
            Place::Stored(std::mem::replace(&mut start, end)..end)
        };
        let places: Vec<Place> = lengths.iter().map(place).collect();
        (lines.len() == places.len()).then_some(Known { lines, places, stored })
    }
}
