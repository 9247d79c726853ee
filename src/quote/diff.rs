//! A difference of two texts, word by word: for people, never for a class.

use unicode_segmentation::UnicodeSegmentation as _;

/// A stretch of one text or of both.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Change {
    /// In both.
    Same(String),
    /// Only in the first.
    Removed(String),
    /// Only in the second.
    Added(String),
}

/// The difference from one text to another, by words.
///
/// What is the same and what was removed give the first text, what is the same and what was added the second, byte for
/// byte. A removal stands before the addition in its place. Texts so different or so long that comparing all their words
/// would take long are one removal and one addition, but for what they share at both ends.
pub fn diff(from: &str, to: &str) -> Vec<Change> {
    let (a, b): (Vec<&str>, Vec<&str>) = (words(from), words(to));
    let start = a.iter().zip(&b).take_while(|(a, b)| a == b).count();
    let most = a.len().min(b.len()) - start;
    let end = a.iter().rev().zip(b.iter().rev()).take(most).take_while(|(a, b)| a == b).count();
    let (middle_a, middle_b) = (&a[start..a.len() - end], &b[start..b.len() - end]);

    let mut pieces: Vec<Piece<'_>> = a[..start].iter().map(|it| Piece::Same(it)).collect();
    pieces.extend(middle(middle_a, middle_b));
    pieces.extend(a[a.len() - end..].iter().map(|it| Piece::Same(it)));
    joined(&pieces)
}

/// A difference in one line: `it's [-legit-] {+legitimately+} invigorating`, as `git diff --word-diff` writes it.
pub fn marked(diff: &[Change]) -> String {
    let mut out = String::new();
    for change in diff {
        let (opens, text, closes) = match change {
            Change::Same(text) => ("", text, ""),
            Change::Removed(text) => ("[-", text, "-]"),
            Change::Added(text) => ("{+", text, "+}"),
        };
        out.push_str(&format!("{opens}{text}{closes}"));
    }
    out.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Words, spaces and marks.
fn words(text: &str) -> Vec<&str> {
    text.split_word_bounds().collect()
}

#[derive(Clone, Copy)]
enum Piece<'t> {
    Same(&'t str),
    Removed(&'t str),
    Added(&'t str),
}

/// A longest common subsequence, by the usual table.
fn middle<'t>(a: &[&'t str], b: &[&'t str]) -> Vec<Piece<'t>> {
    /// Cells of the table that are worth filling for a few lines of text.
    const MOST: usize = 4_000_000;
    let removed = a.iter().map(|it| Piece::Removed(it));
    let added = b.iter().map(|it| Piece::Added(it));
    if a.is_empty() || b.is_empty() || a.len().saturating_mul(b.len()) > MOST {
        return removed.chain(added).collect();
    }
    let width = b.len() + 1;
    let mut longest = vec![0_u32; (a.len() + 1) * width];
    for i in (0..a.len()).rev() {
        for j in (0..b.len()).rev() {
            longest[i * width + j] = if a[i] == b[j] {
                // A space in common is worth less than a word in common.
                longest[(i + 1) * width + j + 1] + if a[i].contains(char::is_alphanumeric) { 4 } else { 1 }
            } else {
                longest[(i + 1) * width + j].max(longest[i * width + j + 1])
            };
        }
    }
    let (mut i, mut j) = (0, 0);
    let mut pieces = Vec::with_capacity(a.len() + b.len());
    while i < a.len() && j < b.len() {
        if a[i] == b[j] {
            pieces.push(Piece::Same(a[i]));
            (i, j) = (i + 1, j + 1);
        } else if longest[(i + 1) * width + j] >= longest[i * width + j + 1] {
            pieces.push(Piece::Removed(a[i]));
            i += 1;
        } else {
            pieces.push(Piece::Added(b[j]));
            j += 1;
        }
    }
    pieces.extend(a[i..].iter().map(|it| Piece::Removed(it)));
    pieces.extend(b[j..].iter().map(|it| Piece::Added(it)));
    pieces
}

/// Puts neighbours together. A space between two changes belongs to both: people read "this for that", not one word at
/// a time.
fn joined(pieces: &[Piece<'_>]) -> Vec<Change> {
    let mut changes = Changes::default();
    for (idx, piece) in pieces.iter().enumerate() {
        match piece {
            Piece::Removed(text) => changes.removed.push_str(text),
            Piece::Added(text) => changes.added.push_str(text),
            Piece::Same(text) => {
                let inside = idx > 0
                    && text.trim().is_empty()
                    && !matches!(pieces[idx - 1], Piece::Same(_))
                    && pieces.get(idx + 1).is_some_and(|it| !matches!(it, Piece::Same(_)));
                if inside && !changes.removed.is_empty() && !changes.added.is_empty() {
                    changes.removed.push_str(text);
                    changes.added.push_str(text);
                } else {
                    changes.close();
                    changes.same.push_str(text);
                }
            }
        }
        if !matches!(piece, Piece::Same(_)) {
            changes.close_same();
        }
    }
    changes.close();
    changes.close_same();
    changes.done
}

#[derive(Default)]
struct Changes {
    done: Vec<Change>,
    same: String,
    removed: String,
    added: String,
}

impl Changes {
    fn close(&mut self) {
        if !self.removed.is_empty() {
            self.done.push(Change::Removed(std::mem::take(&mut self.removed)));
        }
        if !self.added.is_empty() {
            self.done.push(Change::Added(std::mem::take(&mut self.added)));
        }
    }

    fn close_same(&mut self) {
        if !self.same.is_empty() {
            self.done.push(Change::Same(std::mem::take(&mut self.same)));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(from: &str, to: &str, expected: &str) {
        let changes = diff(from, to);
        let text = |keep: fn(&Change) -> Option<&str>| changes.iter().filter_map(keep).collect::<String>();
        let old = text(|it| match it {
            Change::Same(text) | Change::Removed(text) => Some(text),
            Change::Added(_) => None,
        });
        let new = text(|it| match it {
            Change::Same(text) | Change::Added(text) => Some(text),
            Change::Removed(_) => None,
        });
        assert_eq!((old.as_str(), new.as_str()), (from, to));
        let shown = changes.iter().map(|it| match it {
            Change::Same(text) => text.clone(),
            Change::Removed(text) => format!("[-{text}-]"),
            Change::Added(text) => format!("{{+{text}+}}"),
        });
        assert_eq!(shown.collect::<String>(), expected);
    }

    #[test]
    fn words_are_compared_and_both_texts_come_back() {
        check("a plain text", "a plain text", "a plain text");
        check("a plain text", "a short text", "a [-plain-]{+short+} text");
        check("one two three", "one three", "one [-two -]three");
        check("now than ever to win", "now than ever before to win", "now than ever {+before +}to win");
        check("it will soar high", "we see it climb up high", "{+we see +}it [-will soar-]{+climb up+} high");
        check("", "new", "{+new+}");
        check("old", "", "[-old-]");
        check("", "", "");
        check("日本語", "日本人", "日本[-語-]{+人+}");
    }

    #[test]
    fn long_texts_that_share_nothing_are_replaced() {
        let from = "a ".repeat(3000);
        let to = "b ".repeat(3000);
        assert_eq!(diff(&from, &to).len(), 3, "both end with a space");
    }
}
