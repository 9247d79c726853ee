//! A quotation as what is to be found: words, gaps and brackets.

use std::ops::Range;

use super::tokens::{Shape, Text};

/// A quotation taken apart.
#[derive(Clone, Debug)]
pub(super) struct Pattern {
    pub(super) text: Text,
    pub(super) elements: Vec<Element>,
    /// Gaps that hold a square bracket of an element, by the number of the word behind them.
    pub(super) bracketed: Vec<usize>,
    /// Whether an ellipsis stands before the first word.
    pub(super) cut_before: bool,
    /// Whether one stands behind the last.
    pub(super) cut_after: bool,
}

/// One element. Words are numbers of words of the quotation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Element {
    /// A word of the speaker.
    Word(usize),
    /// An ellipsis before the word with this number.
    Gap {
        word: usize,
        /// Whether it may cross paragraphs and any number of words.
        wide: bool,
    },
    /// Words in brackets.
    Bracket { words: Range<usize>, round: bool, sic: bool },
    /// A word with a bracket inside: `[t]he`, `want[ed]`.
    Patched {
        words: Range<usize>,
        /// With the letters in brackets.
        with: String,
        /// Without them.
        without: String,
    },
}

impl Pattern {
    /// Takes a quotation apart.
    pub(super) fn new(quote: &str) -> Pattern {
        let text = Text::new(quote);
        let groups = groups(&text);
        let mut elements: Vec<Element> = Vec::new();
        let mut word = 0;
        while word < text.len() {
            if let Some(ellipsis) = ellipsis(text.gap(word)).filter(|_| !elements.is_empty()) {
                elements.push(Element::Gap { word, wide: ellipsis.wide });
            }
            match groups.iter().find(|it| it.words.start == word) {
                Some(group) if group.is_patch() => {
                    word = patch(&text, group, &mut elements);
                }
                Some(group) => {
                    let sic = group.words.len() == 1 && text.word(word).eq_ignore_ascii_case("sic");
                    elements.push(Element::Bracket { words: group.words.clone(), round: group.round, sic });
                    word = group.words.end;
                }
                None => {
                    elements.push(Element::Word(word));
                    word += 1;
                }
            }
        }
        let cut_before = ellipsis(text.gap(0)).is_some() && text.len() > 0;
        let cut_after = ellipsis(text.gap(text.len())).is_some() && text.len() > 0;
        let square = groups.iter().filter(|it| !it.round);
        let bracketed = square.flat_map(|it| [it.words.start, it.words.end]).collect();
        Pattern { text, elements, bracketed, cut_before, cut_after }
    }

    /// The quotation without ellipses and brackets: the text of each part between gaps.
    pub(super) fn parts(&self) -> Vec<String> {
        let gaps = self.elements.iter().filter_map(|it| match it {
            Element::Gap { word, .. } => Some(*word),
            Element::Word(_) | Element::Bracket { .. } | Element::Patched { .. } => None,
        });
        let ends: Vec<usize> = gaps.chain([self.text.len()]).collect();
        let mut start = 0;
        let mut parts = Vec::new();
        for end in ends.into_iter().filter(|it| *it > 0) {
            let from = self.text.range(start).start - self.bracket_before(start);
            let to = self.text.range(end - 1).end + self.bracket_behind(end);
            parts.push(self.text.original[from..to].to_owned());
            start = end;
        }
        parts
    }

    fn bracket_before(&self, word: usize) -> usize {
        usize::from(self.text.raw_gap(word).ends_with(['[', '(']))
    }

    fn bracket_behind(&self, word: usize) -> usize {
        usize::from(self.text.raw_gap(word).starts_with([']', ')']))
    }
}

/// An ellipsis in a gap.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Ellipsis {
    /// Where it stands in the gap, with its brackets.
    pub(super) range: Range<usize>,
    /// Whether it has four dots, or a paragraph mark behind it.
    pub(super) wide: bool,
}

/// The first ellipsis in a folded gap: three dots or more, spaced or not, in brackets or not.
pub(super) fn ellipsis(gap: &str) -> Option<Ellipsis> {
    let bytes = gap.as_bytes();
    let mut at = 0;
    while at < bytes.len() {
        if bytes[at] != b'.' {
            at += 1;
            continue;
        }
        let mut n_dots = 0;
        let mut end = at;
        while end < bytes.len() && (bytes[end] == b'.' || bytes[end] == b' ') {
            n_dots += usize::from(bytes[end] == b'.');
            end += 1;
        }
        if n_dots < 3 {
            at = end;
            continue;
        }
        let mut start = at;
        end = at + gap[at..end].trim_end().len();
        let before = gap[..start].trim_end_matches(' ');
        let behind = gap[end..].trim_start_matches(' ');
        if before.ends_with('[') && behind.starts_with(']')
            || before.ends_with('(') && behind.starts_with(')')
        {
            start = before.len() - 1;
            end = gap.len() - behind.len() + 1;
        }
        // A blank line in the quotation marks a paragraph as the sign does.
        let wide = n_dots > 3 || gap[end..].contains(['¶', '\n']) || gap[..start].contains('\n');
        return Some(Ellipsis { range: start..end, wide });
    }
    None
}

/// A pair of brackets around words.
struct Group {
    words: Range<usize>,
    round: bool,
    /// Whether it touches a letter of the word before, or of the word behind.
    touches: (bool, bool),
}

impl Group {
    fn is_patch(&self) -> bool {
        !self.round && (self.touches.0 || self.touches.1) && self.words.len() == 1
    }
}

/// The outermost pairs of brackets. Those without a partner are punctuation.
fn groups(text: &Text) -> Vec<Group> {
    let mut groups: Vec<Group> = Vec::new();
    let mut open: Vec<(char, usize)> = Vec::new();
    for word in 0..=text.len() {
        let gap = text.gap(word);
        if !gap.contains(['[', ']', '(', ')']) {
            continue;
        }
        let ellipsis = ellipsis(gap).map_or(0..0, |it| it.range);
        for (at, c) in gap.char_indices().filter(|(at, _)| !ellipsis.contains(at)) {
            match c {
                '[' | '(' => open.push((c, word)),
                ']' | ')' => {
                    let opening = if c == ']' { '[' } else { '(' };
                    let Some(depth) = open.iter().rposition(|(it, _)| *it == opening) else { continue };
                    let first = open[depth].1;
                    open.truncate(depth);
                    if first < word {
                        groups.retain(|it| it.words.start < first);
                        let is_word =
                            |idx: usize| text.words.get(idx).is_some_and(|it| it.shape == Shape::Word);
                        let before = first > 0 && text.gap(first) == "[" && is_word(first - 1);
                        let behind = at == 0 && gap.len() == 1 && is_word(word);
                        let words = first..word;
                        groups.push(Group { words, round: c == ')', touches: (before, behind) });
                    }
                }
                _ => (),
            }
        }
    }
    groups
}

/// Adds a word with a bracket inside; the number of the word after it.
fn patch(text: &Text, group: &Group, elements: &mut Vec<Element>) -> usize {
    let inside = text.word(group.words.start);
    let (mut words, mut with, mut without) = match (group.touches.0, elements.pop()) {
        (true, Some(Element::Word(before))) => {
            (before..group.words.end, text.word(before).to_owned(), text.word(before).to_owned())
        }
        (true, Some(Element::Patched { words, with, without })) if words.end == group.words.start => {
            (words.start..group.words.end, with, without)
        }
        (_, other) => {
            elements.extend(other);
            (group.words.clone(), String::new(), String::new())
        }
    };
    with.push_str(inside);
    if group.touches.1 {
        let behind = text.word(group.words.end);
        with.push_str(behind);
        without.push_str(behind);
        words.end += 1;
    }
    let next = words.end;
    elements.push(Element::Patched { words, with, without });
    next
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Shows elements as `a … [b] (c) {the:he}`.
    fn shown(quote: &str) -> String {
        let pattern = Pattern::new(quote);
        let words = |range: &Range<usize>| {
            range.clone().map(|it| pattern.text.word(it)).collect::<Vec<&str>>().join(" ")
        };
        let elements: Vec<String> = pattern
            .elements
            .iter()
            .map(|it| match it {
                Element::Word(word) => pattern.text.word(*word).to_owned(),
                Element::Gap { wide: false, .. } => "…".to_owned(),
                Element::Gap { wide: true, .. } => "….".to_owned(),
                Element::Bracket { words: range, round: false, sic: false } => format!("[{}]", words(range)),
                Element::Bracket { words: range, round: false, sic: true } => format!("[{}!]", words(range)),
                Element::Bracket { words: range, round: true, .. } => format!("({})", words(range)),
                Element::Patched { with, without, .. } => format!("{{{with}:{without}}}"),
            })
            .collect();
        elements.join(" ")
    }

    #[test]
    fn ellipses_are_known_in_all_forms() {
        for form in ["...", "…", ". . .", "[...]", "[…]", "(...)", "[ . . . ]", "..."] {
            assert_eq!(shown(&format!("a b {form} c d")), "a b … c d", "{form}");
            assert_eq!(shown(&format!("a b, {form}, c d")), "a b … c d", "{form}");
        }
        for form in ["....", "….", ". . . .", "[…] ¶", ". …", "… .", "...\n\n"] {
            assert_eq!(shown(&format!("a b{form} c d")), "a b …. c d", "{form}");
        }
        assert_eq!(shown("a b. . c d"), "a b c d");
        let pattern = Pattern::new("… a b [...]");
        assert!(pattern.cut_before && pattern.cut_after && pattern.elements.len() == 2);
    }

    #[test]
    fn brackets_are_taken_in_pairs() {
        assert_eq!(shown("we [the team] (all of us) go [sic]"), "we [the team] (all of us) go [sic!]");
        assert_eq!(shown("a [b [c] d] e ] f [ g"), "a [b c d] e f g");
        assert_eq!(
            shown("[t]he [T]ime want[ed] [re]publish[ed] x"),
            "{the:he} {Time:ime} {wanted:want} {republished:publish} x"
        );
        assert_eq!(shown("word(s) are"), "word (s) are");
        assert_eq!(shown("a [] b"), "a b");
    }

    #[test]
    fn parts_are_what_stands_between_gaps() {
        assert_eq!(
            Pattern::new("we [all] know ... that it [works]").parts(),
            ["we [all] know", "that it [works]"]
        );
        assert_eq!(Pattern::new("...").parts(), Vec::<String>::new());
    }
}
