//! Where the sentence of the source begins and ends that a quotation is cut from.

use super::house;
use super::tokens::{Shape, Text};

/// No sentence is longer; a text without full stops would else be read to its end for each quotation.
const LONGEST: usize = 120;

/// The first word of the sentence that the word with this number belongs to. A quotation mark begins a sentence, too:
/// what stands before it somebody else said.
pub(super) fn start(text: &Text, idx: usize) -> usize {
    let mut at = idx;
    while at > 0 && idx - at < LONGEST && !is_boundary(text, at) {
        at -= 1;
    }
    at
}

/// Behind the last word of the sentence that goes on before this word.
pub(super) fn end(text: &Text, idx: usize) -> usize {
    let mut at = idx;
    while at < text.len() && at - idx < LONGEST && !is_boundary(text, at) {
        at += 1;
    }
    at
}

/// The same as [`start`], but a quotation mark alone ends no sentence: `“We go,” he did not say`.
pub(super) fn start_of_all(text: &Text, idx: usize) -> usize {
    let mut at = idx;
    while at > 0 && idx - at < LONGEST && !closes(text, at) {
        at -= 1;
    }
    at
}

/// The same as [`end`], across quotation marks.
pub(super) fn end_of_all(text: &Text, idx: usize) -> usize {
    let mut at = idx;
    while at < text.len() && at - idx < LONGEST && !closes(text, at) {
        at += 1;
    }
    at
}

/// Whether a sentence begins with the word with this number.
fn is_boundary(text: &Text, idx: usize) -> bool {
    let gap = text.gap(idx);
    if gap == " " || gap.is_empty() || idx == 0 || idx >= text.len() {
        return idx == 0 || idx >= text.len();
    }
    gap.contains('"') || closes(text, idx)
}

/// Whether a sentence begins there for all who speak in it.
fn closes(text: &Text, idx: usize) -> bool {
    let gap = text.gap(idx);
    if gap == " " || gap.is_empty() || idx == 0 || idx >= text.len() {
        return idx == 0 || idx >= text.len();
    }
    if gap.contains(['\n', '。', '؟', '۔', '।']) {
        return true;
    }
    let closes = gap.contains(['.', '!', '?']) && gap.contains(' ');
    let next = &text.words[idx];
    let goes_on = next.shape == Shape::Word && text.word(idx).starts_with(char::is_lowercase);
    let before = text.word(idx - 1);
    let is_short = house::is_title(before) || house::is_dotted(before) || before.chars().count() == 1;
    closes && !goes_on && !is_short
}

/// How many quotation marks are open behind each gap that holds one, and where a paragraph closes those that stayed open:
/// the number of the word behind the gap, and how many. Ascending; made in one pass.
pub(super) fn depths(text: &Text) -> Vec<(usize, usize)> {
    let mut depths: Vec<(usize, usize)> = Vec::new();
    let mut open: Vec<char> = Vec::new();
    for idx in 0..text.len() {
        let is_first = idx == 0 || text.words[idx].paragraph != text.words[idx - 1].paragraph;
        if is_first && !open.is_empty() {
            open.clear();
            depths.push((idx, 0));
        }
        let gap = text.gap(idx);
        if gap != " " && gap.contains(['"', '\'']) {
            read_marks(text, idx, is_first, &mut open);
            depths.push((idx, open.len()));
        }
    }
    depths
}

/// Opens and closes the marks of one gap.
fn read_marks(text: &Text, idx: usize, is_first: bool, open: &mut Vec<char>) {
    let gap = text.raw_gap(idx);
    // Marks before a paragraph break belong to the paragraph before.
    let gap = if is_first { gap.rsplit('\n').next().unwrap_or("") } else { gap };
    let after_digit = idx > 0 && text.word(idx - 1).ends_with(char::is_numeric);
    let mut before = if is_first {
        ' '
    } else if after_digit {
        '0'
    } else {
        'x'
    };
    let mut chars = gap.chars().peekable();
    while let Some(c) = chars.next() {
        let at_word_start =
            !before.is_alphanumeric() && (before.is_whitespace() || "([\"“‘-–—".contains(before));
        let before_word = chars.peek().is_none_or(|it| !it.is_whitespace() && !",.;:!?)".contains(*it));
        match c {
            // Inches: `9"`. Where a mark is open it closes that.
            '"' | '″' if before == '0' && !open.contains(&'"') => (),
            '"' | '＂' | '″' => toggle(open, '"'),
            '“' if open.last() == Some(&'„') => drop(open.pop()),
            '”' | '“' | '„' | '«' | '»' | '‹' | '›' | '「' | '」' | '『' | '』' => {
                directed(open, c);
            }
            '‘' | '‚' => open.push('‘'),
            '\'' if at_word_start && before_word => open.push('\''),
            '’' | '\'' if matches!(open.last(), Some('‘' | '\'')) => drop(open.pop()),
            _ => (),
        }
        before = c;
    }
}

fn toggle(open: &mut Vec<char>, mark: char) {
    if open.last() == Some(&mark) {
        open.pop();
    } else {
        open.push(mark);
    }
}

/// A mark that shows its direction. Where none is open that it could close, it opens: some languages turn them round.
fn directed(open: &mut Vec<char>, mark: char) {
    const PAIRS: [(char, char); 7] =
        [('“', '”'), ('„', '”'), ('«', '»'), ('»', '«'), ('‹', '›'), ('「', '」'), ('『', '』')];
    let closes = PAIRS.iter().any(|(a, b)| *b == mark && open.last() == Some(a));
    if closes {
        open.pop();
    } else {
        open.push(mark);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check_depth(text: &str, expected: usize) {
        let text = Text::new(text);
        let idx = (0..text.len()).find(|it| text.word(*it) == "here").unwrap();
        let found = depths(&text).into_iter().rfind(|(at, _)| *at <= idx).map_or(0, |(_, depth)| depth);
        assert_eq!(found, expected);
    }

    #[test]
    fn open_marks_are_counted() {
        check_depth("She said we go here.", 0);
        check_depth("She said: “We go here.”", 1);
        check_depth("She said: “We heard ‘go here’ often.”", 2);
        check_depth("She said: \"It’s 'go here' now\"", 2);
        check_depth("“Yes,” she said, here", 0);
        check_depth("Sie sagte: „Nein“ und hier here", 0);
        check_depth("Il dit «non» here", 0);
        check_depth("The workers' plan is here", 0);
        check_depth("“Open before.\n\nAnd here", 0);
    }

    #[test]
    fn sentences_end_at_stops_and_marks_but_not_at_abbreviations() {
        let text = Text::new("He left. If Dr. Roe of the U.S. team agrees, he said, “we go” then. No");
        let at = |word: &str| (0..text.len()).find(|it| text.word(*it) == word).unwrap();
        assert_eq!(start(&text, at("agrees")), at("If"));
        assert_eq!(start(&text, at("go")), at("we"));
        assert_eq!(end(&text, at("agrees")), at("we"));
        assert_eq!(end(&text, at("then")), at("then"), "a mark ends it");
        assert_eq!(end(&text, at("left")), at("If"));
    }
}
