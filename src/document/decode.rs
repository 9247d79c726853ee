//! Bytes to text: UTF-8 without a byte order mark, and nothing in it that nobody can see.
//!
//! In: bytes. Out: the text, and what is wrong with it by line, column and byte.

use std::sync::Arc;

use super::problems::bytes as problems;
use crate::diag::{Diagnostic, Place};
use crate::text::{ByteSet, LineIndex, Span};

/// How many odd characters of one file are shown.
const MOST: usize = 5;

/// Decodes a file. When it is not UTF-8 the text holds U+FFFD in place of what cannot be read, so that the place can
/// be shown, and nothing more should be read from it.
pub(super) fn decode(file: &Arc<str>, bytes: &[u8]) -> (String, Option<Diagnostic>) {
    if bytes.starts_with(&[0xFF, 0xFE]) || bytes.starts_with(&[0xFE, 0xFF]) {
        let message = "This file is saved as UTF-16, not as UTF-8";
        let diagnostic = Diagnostic::new(&problems::NOT_UTF8, Place::file(file), message);
        return (
            String::new(),
            Some(diagnostic.help("Save it as UTF-8 (in most editors: Save as …, Encoding)")),
        );
    }
    let bytes = bytes.strip_prefix("\u{FEFF}".as_bytes()).unwrap_or(bytes);
    let error = match std::str::from_utf8(bytes) {
        Ok(text) => return (text.to_owned(), None),
        Err(error) => error,
    };
    let text = String::from_utf8_lossy(bytes).into_owned();
    let start = error.valid_up_to();
    let position = LineIndex::new(&text).position(&text, start);
    let message = format!(
        "Byte 0x{:02X} at line {}, column {} (byte {start}) is not UTF-8",
        bytes[start], position.line, position.column
    );
    let place = Place::span(file, Span::new(start, start + '\u{FFFD}'.len_utf8()));
    let diagnostic = Diagnostic::new(&problems::NOT_UTF8, place, message).label("cannot be read as text");
    (text, Some(diagnostic.help("Save the file as UTF-8 (in most editors: Save as …, Encoding)")))
}

/// The characters that have no place in a text; in YAML also those it would take for line ends or refuse.
pub(super) fn odd_characters(file: &Arc<str>, text: &str, yaml: Span) -> Vec<Diagnostic> {
    let in_yaml = |at: usize| yaml.start <= at && at < yaml.end;
    let odd = suspects(text).filter(|(at, c)| is_odd(*c) || in_yaml(*at) && is_odd_in_yaml(*c));
    let mut index = None;
    let tell = |(at, c): (usize, char)| {
        let index = index.get_or_insert_with(|| LineIndex::new(text));
        let position = index.position(text, at);
        let (name, code) = (name(c), u32::from(c));
        let message = format!(
            "{name} (U+{code:04X}) stands at line {}, column {} (byte {at})",
            position.line, position.column
        );
        let place = Place::span(file, Span::new(at, at + c.len_utf8()));
        let help = if c == '\u{FFFD}' { "Type the letter that was lost" } else { "Delete it" };
        Diagnostic::new(&problems::CONTROL_CHARACTER, place, message).help(help).fix("Delete it", "")
    };
    odd.take(MOST).map(tell).collect()
}

/// The characters of a text that may be odd, told by the byte that each begins with.
fn suspects(text: &str) -> impl Iterator<Item = (usize, char)> {
    let mut from = 0;
    std::iter::from_fn(move || {
        let at = from + text.as_bytes()[from..].iter().position(|byte| MAY_BE_ODD.holds(*byte))?;
        from = at + 1;
        text[at..].chars().next().map(|c| (at, c))
    })
}

/// Which bytes an odd character may begin with.
static MAY_BE_ODD: ByteSet = ByteSet::controls().but(b"\t\n\r").and(b"\x7F\xC2\xE2\xEF");

fn is_odd(c: char) -> bool {
    (c.is_control() && !matches!(c, '\t' | '\n' | '\r')) || matches!(c, '\u{FFFD}' | '\u{FFFE}' | '\u{FFFF}')
}

fn is_odd_in_yaml(c: char) -> bool {
    matches!(c, '\u{2028}' | '\u{2029}' | '\u{FEFF}')
}

fn name(c: char) -> &'static str {
    match c {
        '\0' => "A NUL",
        '\u{FFFD}' => "The mark of a letter that was lost",
        '\u{2028}' | '\u{2029}' => "A separator that only some programs take for a line end",
        '\u{FEFF}' => "A byte order mark in the middle of a text",
        _ => "A control character",
    }
}
