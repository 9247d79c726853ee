//! Places inside one text: byte spans, and the lines and columns people see.

use std::hash::{Hash, Hasher};
use std::ops::Range;

use serde::{Deserialize, Serialize};

/// A half-open byte range inside one text.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Span {
    /// First byte.
    pub start: usize,
    /// One past the last byte.
    pub end: usize,
}

impl Span {
    /// Makes a span; `end` is raised to `start` when it is smaller.
    pub fn new(start: usize, end: usize) -> Span {
        Span { start, end: end.max(start) }
    }

    /// The empty span at one byte.
    pub fn at(start: usize) -> Span {
        Span { start, end: start }
    }

    /// The same span in a text that has `by` more bytes in front.
    pub fn shifted(self, by: usize) -> Span {
        Span { start: self.start + by, end: self.end + by }
    }

    /// The words of the span, or the empty string when it does not fit `text`.
    pub fn of(self, text: &str) -> &str {
        text.get(self.start..self.end).unwrap_or("")
    }

    /// The span as a standard range.
    pub fn range(self) -> Range<usize> {
        self.start..self.end
    }
}

impl Hash for Span {
    /// Adds nothing: all spans hash alike. That keeps the promise of [`Hash`] (what is equal hashes alike), and it lets a
    /// record be digested without its places, which change whenever anything above them does.
    fn hash<H: Hasher>(&self, _: &mut H) {}
}

impl From<Range<usize>> for Span {
    fn from(range: Range<usize>) -> Span {
        Span::new(range.start, range.end)
    }
}

/// A line and a column as people count them: both from 1, the column in Unicode scalar values.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Position {
    /// Line number, from 1.
    pub line: usize,
    /// Column number, from 1, in Unicode scalar values.
    pub column: usize,
    /// Byte offset, from 0.
    pub byte: usize,
}

/// Finds lines and columns in one text.
#[derive(Clone, Debug)]
pub struct LineIndex {
    starts: Vec<usize>,
}

impl LineIndex {
    /// Indexes the line starts of `text`. A line ends with `\n`, `\r\n` or a lone `\r`.
    pub fn new(text: &str) -> LineIndex {
        let mut starts = vec![0];
        let bytes = text.as_bytes();
        for (idx, byte) in bytes.iter().enumerate() {
            let ends_line = match byte {
                b'\n' => true,
                b'\r' => bytes.get(idx + 1) != Some(&b'\n'),
                _ => false,
            };
            if ends_line {
                starts.push(idx + 1);
            }
        }
        LineIndex { starts }
    }

    /// The position of a byte in the `text` this index was made from.
    /// A byte inside a character counts as that character's start; one past the end as the end.
    pub fn position(&self, text: &str, byte: usize) -> Position {
        let mut byte = byte.min(text.len());
        while !text.is_char_boundary(byte) {
            byte -= 1;
        }
        let line_idx = self.starts.partition_point(|start| *start <= byte).saturating_sub(1);
        let start = self.starts[line_idx];
        Position { line: line_idx + 1, column: text[start..byte].chars().count() + 1, byte }
    }

    /// The byte where a line (from 1) starts; the last line's start when there are fewer lines.
    pub fn line_start(&self, line: usize) -> usize {
        let line_idx = line.saturating_sub(1).min(self.starts.len() - 1);
        self.starts[line_idx]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_count_characters_and_lines_end_three_ways() {
        let text = "é\r\nab\rc\n";
        let index = LineIndex::new(text);
        let at = |byte| {
            let position = index.position(text, byte);
            (position.line, position.column)
        };
        assert_eq!(at(0), (1, 1));
        assert_eq!(at(2), (1, 2), "é is one column");
        assert_eq!(at(4), (2, 1));
        assert_eq!(at(7), (3, 1), "a lone carriage return ends a line");
        assert_eq!(at(99), (4, 1));
    }
}
