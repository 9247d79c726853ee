//! How deep a text may nest, judged before the parser sees it.
//!
//! For every line the parser compares all open quotations and list items, so a text of 100 KB that opens 40,000 of
//! them on one line took it 17 s. Such a text is refused as a whole; within the limits the cost stays linear.

use crate::document::front_matter::{Line, lines};
use crate::text::Span;

/// How many elements may stand in one another. Browsers give up at 512, readers long before.
pub(super) const MAX_DEPTH: usize = 60;

/// How far the marker of a list item may be indented: each level takes two columns at least.
const MAX_INDENT: usize = 2 * MAX_DEPTH;

/// The first line that opens too many quotations and list items, or stands too deep in them.
pub(super) fn too_deep(body: &str) -> Option<Span> {
    let trimmed = |line: Line| Span::new(line.start, line.start + line.words.of(body).trim_end().len());
    lines(body, 0).map(trimmed).find(|line| line_is_too_deep(line.of(body)))
}

fn line_is_too_deep(line: &str) -> bool {
    let bytes = line.as_bytes();
    let mut at = 0;
    for _ in 0..=MAX_DEPTH {
        let mut indent = 0;
        while let Some(b' ' | b'\t') = bytes.get(at) {
            indent += if bytes[at] == b'\t' { 4 } else { 1 };
            at += 1;
        }
        let Some(len) = marker_len(&bytes[at..]) else { return false };
        if indent >= MAX_INDENT {
            return true;
        }
        at += len;
    }
    // `- - - -` and `* * * *` are rules, however long.
    let marks = line.trim_start_matches([' ', '\t', '>']);
    let is_rule =
        |mark: char| marks.starts_with(mark) && marks.chars().all(|c| c == mark || c.is_whitespace());
    !is_rule('-') && !is_rule('*')
}

/// How long the marker of a quotation, a list item or a definition is that a line begins with.
fn marker_len(line: &[u8]) -> Option<usize> {
    let space_at = |at: usize| matches!(line.get(at), None | Some(b' ' | b'\t'));
    match line.first()? {
        b'>' => Some(1),
        b'-' | b'+' | b'*' | b':' => space_at(1).then_some(1),
        b'0'..=b'9' => {
            let digits = line.iter().take(10).take_while(|byte| byte.is_ascii_digit()).count();
            (matches!(line.get(digits), Some(b'.' | b')')) && space_at(digits + 1)).then_some(digits + 1)
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_lines_nobody_writes_are_too_deep() {
        for deep in [
            ">".repeat(61),
            "> ".repeat(61) + "x",
            "- ".repeat(61) + "x",
            "1. + ".repeat(31) + "x",
            " ".repeat(120) + "- x",
        ] {
            assert_eq!(
                too_deep(&format!("é\n{deep}\n")),
                Some(Span::new(3, 3 + deep.trim_end().len())),
                "{deep}"
            );
        }
        for fine in [
            "> ".repeat(60) + "x",
            "- ".repeat(500),
            "* ".repeat(500),
            " ".repeat(500) + "x",
            "-".repeat(500),
            "1.".repeat(99),
        ] {
            assert_eq!(too_deep(&fine), None, "{fine}");
        }
    }
}
