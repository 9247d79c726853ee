//! Pipes of wikilinks in table rows: hidden from the parser, so that `| [[nvidia|Nvidia]] |` stays one cell.
//!
//! In: the body. Out: the same body, byte for byte as long, with those pipes exchanged for another ASCII
//! character. Offsets therefore stay exact, and whoever wants the author's text looks it up in the body.

use std::borrow::Cow;

/// A body for the parser.
pub(super) struct Hidden<'a> {
    /// What the parser reads.
    pub(super) text: Cow<'a, str>,
    /// What stands for a pipe in `text`, when any is hidden.
    stand_in: Option<char>,
}

impl Hidden<'_> {
    /// A piece of the parser's output with its pipes back.
    pub(super) fn restore<'t>(&self, text: Cow<'t, str>) -> Cow<'t, str> {
        match self.stand_in {
            Some(c) if text.contains(c) => Cow::Owned(text.replace(c, "|")),
            Some(_) | None => text,
        }
    }
}

/// Hides the pipe of each `[[target|words]]` that stands on a line with a further pipe, as table rows do.
pub(super) fn hide(body: &str) -> Hidden<'_> {
    let as_it_is = Hidden { text: Cow::Borrowed(body), stand_in: None };
    if !body.contains('|') || !body.contains("[[") {
        return as_it_is;
    }
    // Both count as spaces around the words, so emphasis behind the pipe still opens. No honest text holds them.
    let Some(stand_in) = ['\u{c}', '\u{b}'].into_iter().find(|c| !body.contains(*c)) else { return as_it_is };
    let mut text = String::new();
    let (mut copied, mut at) = (0, 0);
    while let Some(first) = body[at..].find('|').map(|len| at + len) {
        let start = body[at..first].rfind('\n').map_or(at, |len| at + len + 1);
        let end = body[first..].find('\n').map_or(body.len(), |len| first + len);
        at = end;
        let line = &body[start..end];
        let pipes = wikilink_pipes(line);
        if pipes.len() == line.bytes().filter(|byte| *byte == b'|').count() {
            continue;
        }
        for pipe in pipes {
            text.push_str(&body[copied..start + pipe]);
            text.push(stand_in);
            copied = start + pipe + 1;
        }
    }
    match copied {
        0 => as_it_is,
        _ => Hidden { text: Cow::Owned(text + &body[copied..]), stand_in: Some(stand_in) },
    }
}

/// Where the unescaped first pipes of a line's wikilinks stand.
fn wikilink_pipes(line: &str) -> Vec<usize> {
    let bytes = line.as_bytes();
    let mut pipes = Vec::new();
    let mut at = 0;
    while let Some(open) = line[at..].find("[[") {
        let start = at + open + 2;
        let inside = bytes[start..].iter().position(|byte| matches!(byte, b'[' | b']' | b'|'));
        let Some(pipe) = inside.map(|it| start + it) else { break };
        // In `[[[`, the last two open.
        at = if pipe == start { start - 1 } else { pipe };
        let escaped = bytes[pipe - 1] == b'\\';
        if bytes[pipe] != b'|' || escaped || line[start..pipe].trim().is_empty() {
            continue;
        }
        let Some(close) = bytes[pipe..].iter().position(|byte| matches!(byte, b'[' | b']')) else { break };
        at = pipe + close;
        if line[at..].starts_with("]]") {
            pipes.push(pipe);
        }
    }
    pipes
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_wikilink_pipes_in_rows_are_hidden_and_all_come_back() {
        let row = "| [[nvidia|Nvidia]] | [[a\\|b]] | c |\n";
        let hidden = hide(row);
        assert_eq!(hidden.text, "| [[nvidia\u{c}Nvidia]] | [[a\\|b]] | c |\n");
        assert_eq!(hidden.restore(Cow::Borrowed("nvidia\u{c}Nvidia")), "nvidia|Nvidia");
        assert_eq!(hide("|[[[a|b]]]|").text, "|[[[a\u{c}b]]]|");
        for same in
            ["[[nvidia|Nvidia]] said", "| [[nvidia]] | x |", "| [[ |x]] |", "| [[a|b] |", "a | b", "[[[["]
        {
            assert_eq!(hide(same).text, same);
        }
    }

    proptest::proptest! {
        #[test]
        fn hiding_keeps_every_offset(body in "[\\[\\]|a\\\\ \n\u{c}]{0,40}") {
            let hidden = hide(&body);
            assert_eq!(hidden.text.len(), body.len());
            assert_eq!(hidden.restore(Cow::Borrowed(&hidden.text)), body.as_str());
        }
    }
}
