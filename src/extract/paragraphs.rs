//! Words gathered into paragraphs, with blanks and invisible characters brought to one form.

use unicode_normalization::UnicodeNormalization as _;

/// The mark that a hyphen may be the line's: see the documentation of [`super`].
pub(super) const SOFT_HYPHEN: char = '\u{AD}';

/// Paragraphs, while they are being gathered.
#[derive(Default)]
pub(super) struct Paragraphs {
    done: Vec<String>,
    now: String,
    /// Whether a blank is due before the next word.
    is_spaced: bool,
}

impl Paragraphs {
    /// Adds words to the paragraph. Blanks at its ends and in rows count once.
    pub(super) fn push(&mut self, words: &str) {
        for c in words.chars() {
            if c.is_whitespace() {
                self.is_spaced = true;
                continue;
            }
            let is_mark = c == SOFT_HYPHEN && self.now.ends_with('-') && !self.is_spaced;
            if c.is_control() || c == '\u{FEFF}' || c == SOFT_HYPHEN && !is_mark {
                continue;
            }
            if self.is_spaced && !self.now.is_empty() {
                self.now.push(' ');
            }
            self.is_spaced = false;
            self.now.push(c);
        }
    }

    /// What the paragraph holds so far.
    pub(super) fn now(&self) -> &str {
        if self.is_spaced { "" } else { &self.now }
    }

    /// Ends the paragraph, if there is one.
    pub(super) fn end(&mut self) {
        self.is_spaced = false;
        if !self.now.is_empty() {
            self.done.push(self.now.nfc().collect());
            self.now.clear();
        }
    }

    /// All of them.
    pub(super) fn finish(mut self) -> Vec<String> {
        self.end();
        self.done
    }
}
