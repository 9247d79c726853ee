//! How far a YAML value reaches, from where it starts.
//!
//! In: a YAML text that parses, the byte where a value starts, and its words. Out: its span.

use crate::text::Span;

/// The span of a scalar: with its quotes; for a block scalar its header (`>-`).
pub(super) fn of_scalar(yaml: &str, start: usize, words: &str) -> Span {
    match yaml.as_bytes().get(start) {
        Some(b'"') => Span::new(start, double_quoted_end(yaml, start)),
        Some(b'\'') => Span::new(start, single_quoted_end(yaml, start)),
        Some(b'|' | b'>') => Span::new(start, header_end(yaml, start)),
        _ => Span::new(start, plain_end(yaml, start, words)),
    }
}

/// The first character of a list or a flow map, the first key of a block map.
pub(super) fn of_collection(yaml: &str, start: usize) -> Span {
    let bytes = yaml.as_bytes();
    match bytes.get(start) {
        None => Span::at(start.min(yaml.len())),
        Some(b'[' | b'{') => Span::new(start, start + 1),
        Some(b'-' | b'?') if is_blank(bytes.get(start + 1)) => Span::new(start, start + 1),
        Some(b'"') => Span::new(start, double_quoted_end(yaml, start)),
        Some(b'\'') => Span::new(start, single_quoted_end(yaml, start)),
        Some(_) => {
            let line = line_rest(yaml, start);
            let colon = line.match_indices(':').find(|(idx, _)| is_blank(line.as_bytes().get(idx + 1)));
            let end = colon.map_or(line.len(), |(idx, _)| idx);
            Span::new(start, start + line[..end].trim_end().len())
        }
    }
}

/// One past the closing quote of `"…"`; the end of the text when it is not closed.
pub(super) fn double_quoted_end(yaml: &str, start: usize) -> usize {
    let bytes = yaml.as_bytes();
    let mut idx = start + 1;
    while let Some(byte) = bytes.get(idx) {
        match byte {
            b'\\' => idx += 2,
            b'"' => return idx + 1,
            _ => idx += 1,
        }
    }
    yaml.len()
}

/// One past the closing quote of `'…'`; the end of the text when it is not closed.
pub(super) fn single_quoted_end(yaml: &str, start: usize) -> usize {
    let bytes = yaml.as_bytes();
    let mut idx = start + 1;
    while let Some(byte) = bytes.get(idx) {
        match byte {
            b'\'' if bytes.get(idx + 1) == Some(&b'\'') => idx += 2,
            b'\'' => return idx + 1,
            _ => idx += 1,
        }
    }
    yaml.len()
}

/// The rest of the line from `start`, without its end.
pub(super) fn line_rest(yaml: &str, start: usize) -> &str {
    let rest = yaml.get(start..).unwrap_or("");
    rest.split(['\n', '\r']).next().unwrap_or("")
}

fn header_end(yaml: &str, start: usize) -> usize {
    let line = line_rest(yaml, start);
    start + line.split([' ', '\t']).next().unwrap_or("").len()
}

/// Matches the words against the text: folding turned line ends into spaces, nothing else changed.
fn plain_end(yaml: &str, start: usize, words: &str) -> usize {
    let rest = yaml.get(start..).unwrap_or("");
    let is_space = |c: char| matches!(c, ' ' | '\t' | '\n' | '\r');
    let mut at = 0;
    for word in words.split(is_space).filter(|it| !it.is_empty()) {
        at += rest[at..].len() - rest[at..].trim_start_matches(is_space).len();
        if !rest[at..].starts_with(word) {
            break;
        }
        at += word.len();
    }
    start + at
}

fn is_blank(byte: Option<&u8>) -> bool {
    matches!(byte, None | Some(b' ' | b'\t' | b'\n' | b'\r'))
}
