//! Words gathered into paragraphs, with blanks and invisible characters brought to one form.

use unicode_normalization::{UnicodeNormalization as _, is_nfc};

/// The mark that a hyphen may be the line's: see the documentation of [`super`].
pub(super) const SOFT_HYPHEN: char = '\u{AD}';

/// The letters of a ligature, which is the typesetter's and not the author's.
fn ligature(c: char) -> Option<&'static str> {
    let letters = match c {
        '\u{FB00}' => "ff",
        '\u{FB01}' => "fi",
        '\u{FB02}' => "fl",
        '\u{FB03}' => "ffi",
        '\u{FB04}' => "ffl",
        '\u{FB05}' | '\u{FB06}' => "st",
        _ => return None,
    };
    Some(letters)
}

/// Whether a text is in normal form C. Below the first combining mark, and for dashes and quotation marks, it takes no
/// table to say so, and most text is nothing else.
fn is_composed(text: &str) -> bool {
    text.chars().all(|c| c < '\u{300}' || ('\u{2010}'..='\u{2027}').contains(&c)) || is_nfc(text)
}

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
        let mut rest = words;
        while !rest.is_empty() {
            // Most of any text: letters and marks that stay as they are.
            let plain = rest.bytes().take_while(|it| (b'!'..=b'~').contains(it)).count();
            if plain > 0 {
                self.blank();
                self.now.push_str(&rest[..plain]);
                rest = &rest[plain..];
            }
            let Some(c) = rest.chars().next() else { return };
            rest = &rest[c.len_utf8()..];
            if c.is_whitespace() {
                self.is_spaced = true;
                continue;
            }
            let is_mark = c == SOFT_HYPHEN && self.now.ends_with('-') && !self.is_spaced;
            if c.is_control() || c == '\u{FEFF}' || c == SOFT_HYPHEN && !is_mark {
                continue;
            }
            self.blank();
            match ligature(c) {
                Some(letters) => self.now.push_str(letters),
                None => self.now.push(c),
            }
        }
    }

    /// Puts the blank that is due.
    fn blank(&mut self) {
        if self.is_spaced && !self.now.is_empty() {
            self.now.push(' ');
        }
        self.is_spaced = false;
    }

    /// What the paragraph holds so far.
    pub(super) fn now(&self) -> &str {
        if self.is_spaced { "" } else { &self.now }
    }

    /// Notes that the words so far were cut off, unless they end as sentences do.
    pub(super) fn cut(&mut self) {
        let last = if self.now.is_empty() { self.done.last_mut() } else { Some(&mut self.now) };
        let ends =
            |it: &String| it.ends_with(|c: char| !c.is_alphanumeric() && !matches!(c, ',' | ';' | '-'));
        if let Some(last) = last.filter(|it| !ends(it)) {
            last.push('…');
        }
    }

    /// Ends the paragraph, if there is one.
    pub(super) fn end(&mut self) {
        self.is_spaced = false;
        if !self.now.is_empty() {
            let now = std::mem::take(&mut self.now);
            self.done.push(if is_composed(&now) { now } else { now.nfc().collect() });
        }
    }

    /// All of them.
    pub(super) fn finish(mut self) -> Vec<String> {
        self.end();
        self.done
    }
}
