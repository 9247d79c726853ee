//! A ledger as bytes: parts that are read one by one when somebody wants them, and additions behind them.
//!
//! A header says how long each part is. Behind the last come additions, each with its length before it and the place inside it
//! where it begins. Each piece holds a digest of itself. A piece that is cut off, or that was written behind other bytes than
//! it was meant for, ends the list: it is then as if that build had not been, and the next one finds out what has changed.

use std::fmt;
use std::io::{self, Seek, SeekFrom, Write};
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::known::Known;
use super::memory::{Addition, Head, Rest};
use crate::text::{pack, pack_to, unpack};

/// Gives as many bytes of a ledger as asked for from a place on; `None` when it cannot.
pub type Fetch = Box<dyn Fn(u64, usize) -> Option<Vec<u8>> + Send + Sync>;

/// How many parts there are: the head, the rest, the gists of documents, and what else is known of these.
const N_PARTS: usize = 4;

/// The length of each part, eight bytes each.
const N_HEADER: usize = N_PARTS * 8;

/// Additions together may be this many times smaller than the parts; then all is written anew.
const SMALLER: u64 = 8;

/// Where a ledger is read from.
#[derive(Clone)]
pub(super) struct Stored {
    fetch: Arc<Fetch>,
    lengths: [u64; N_PARTS],
    additions: Vec<Arc<Addition>>,
    /// Where the next addition belongs; `None` when the last one cannot be read.
    end: Option<u64>,
}

impl fmt::Debug for Stored {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Stored({:?}, {} additions)", self.lengths, self.additions.len())
    }
}

/// An addition, and where it begins.
#[derive(Serialize, Deserialize)]
struct Placed<A> {
    at: u64,
    addition: A,
}

impl Stored {
    /// Reads the head and the additions.
    pub(super) fn open(size: u64, fetch: Fetch) -> Option<(Head, Stored)> {
        let header = fetch(0, N_HEADER)?;
        let mut lengths = [0; N_PARTS];
        for (length, bytes) in lengths.iter_mut().zip(header.chunks_exact(8)) {
            *length = u64::from_le_bytes(bytes.try_into().ok()?);
        }
        let start = lengths.iter().try_fold(N_HEADER as u64, |sum, it| sum.checked_add(*it))?;
        let behind = usize::try_from(size.checked_sub(start)?).ok()?;
        let mut stored = Stored { fetch: Arc::new(fetch), lengths, additions: Vec::new(), end: None };
        let head = unpack(&stored.part(0)?)?;
        let tail = (stored.fetch)(start, behind)?;
        stored.end = stored.read_additions(start, &tail);
        Some((head, stored))
    }

    /// Reads additions as far as they can be read; where they end, if that is where the bytes end.
    fn read_additions(&mut self, mut at: u64, mut bytes: &[u8]) -> Option<u64> {
        while !bytes.is_empty() {
            let (length, rest) = bytes.split_first_chunk::<8>()?;
            let (own, rest) = rest.split_at_checked(usize::try_from(u64::from_le_bytes(*length)).ok()?)?;
            let placed: Placed<Addition> = unpack(own)?;
            if placed.at != at {
                return None;
            }
            self.additions.push(Arc::new(placed.addition));
            at += 8 + own.len() as u64;
            bytes = rest;
        }
        Some(at)
    }

    fn part(&self, number: usize) -> Option<Vec<u8>> {
        let start = N_HEADER as u64 + self.lengths[..number].iter().sum::<u64>();
        (self.fetch)(start, usize::try_from(self.lengths[number]).ok()?)
    }

    /// What was added, in order.
    pub(super) fn additions(&self) -> impl Iterator<Item = &Addition> {
        self.additions.iter().map(|it| &**it)
    }

    /// The second part, without additions.
    pub(super) fn rest(&self) -> Option<Rest> {
        unpack(&self.part(1)?)
    }

    /// What is known of documents, without additions.
    pub(super) fn known(&self) -> Option<Known> {
        Known::unpack(self.part(2)?, &self.part(3)?)
    }

    /// The same with one addition more, and where that has to be written; nowhere, when it is better to write all anew.
    pub(super) fn with(&self, addition: Arc<Addition>) -> (Option<u64>, Stored) {
        let mut next = self.clone();
        next.additions.push(addition);
        next.end = None;
        let parts = self.lengths.iter().sum::<u64>();
        let at = self.end.filter(|end| (end - parts) * SMALLER < parts);
        (at, next)
    }
}

/// Writes all parts. None of them is ever at hand as a whole: together they are a sixth of what a build holds, when it holds most.
pub(super) fn write(
    head: &Head,
    rest: &Rest,
    known: &Known,
    out: &mut (impl Write + Seek),
) -> io::Result<()> {
    out.write_all(&[0; N_HEADER])?;
    let (head, rest) = (pack_to(out, head)?, pack_to(out, rest)?);
    let [gists, lines] = known.write(out)?;
    let lengths: [u64; N_PARTS] = [head, rest, gists, lines];
    out.seek(SeekFrom::Start(0))?;
    out.write_all(lengths.map(u64::to_le_bytes).as_flattened())
}

/// An addition as it is written at a place.
pub(super) fn framed(at: u64, addition: &Addition) -> Vec<u8> {
    let own = pack(&Placed { at, addition });
    let length = own.len() as u64;
    length.to_le_bytes().into_iter().chain(own).collect()
}
