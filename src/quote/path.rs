//! A path through a source: where the words of a quotation stand, step by step.

use std::ops::Range;

use super::between::Between;
use super::house::HouseRule;
use super::note::{BracketHow, NoteKind};

/// How two words compare.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Same {
    Exact,
    Typographic,
    Case,
    House(HouseRule),
}

/// One step of a path.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Step {
    /// A word of the quotation is a word of the source.
    Word { quote: usize, source: usize, same: Same },
    /// What stands before the next word, of the quotation and of the source.
    Between { quote: usize, source: usize, found: Between },
    /// A word that a line end of the source divides.
    LineEnd,
    /// Words of the source that an ellipsis leaves out.
    Gap { source: Range<usize> },
    /// A square bracket of the quotation, and the words of the source in its place.
    Bracket { how: BracketHow, quote: Range<usize>, source: Range<usize> },
    /// A word of the quotation with a bracket inside.
    Patched { how: BracketHow, quote: Range<usize>, source: usize },
    /// A round bracket that the source does not have.
    Round { quote: Range<usize> },
    /// A bracket of the source, which the quotation leaves out or whose words it keeps.
    SourceBracket { source: Range<usize>, kept: bool },
    /// Something to be said that forbids nothing.
    Remark(NoteKind),
    /// A rule that forbids this path. Only in lenient searches.
    Refused(NoteKind),
}

/// A path through the source.
#[derive(Clone, Debug)]
pub(super) struct Path {
    pub(super) steps: Vec<Step>,
    /// All words of the source that it goes through.
    pub(super) source: Range<usize>,
}
