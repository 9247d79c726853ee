//! Rule 2: what counts as the same character, and where each folded character came from.

use std::ops::Range;

use unicode_normalization::char::canonical_combining_class;
use unicode_normalization::{IsNormalized, UnicodeNormalization as _, is_nfc_quick};

/// A text after folding. White space is one space, or one line feed where a blank line separates paragraphs.
#[derive(Clone, Debug, Default)]
pub(super) struct Folded {
    pub(super) text: String,
    pieces: Vec<Piece>,
}

/// A stretch of folded text and the stretch of the original that it stands for.
///
/// Where both are the same, bytes correspond one to one; otherwise only as a whole.
#[derive(Clone, Copy, Debug)]
struct Piece {
    folded: u32,
    start: u32,
    end: u32,
    same: bool,
}

/// Folds a text.
pub(super) fn fold(text: &str) -> Folded {
    let mut folded = Folded { text: String::with_capacity(text.len()), pieces: Vec::new() };
    let bytes = text.as_bytes();
    let mut at = 0;
    while at < text.len() {
        let plain = plain_run(bytes, at);
        if plain > at {
            folded.push_same(text, at..plain);
            at = plain;
            continue;
        }
        let c = text[at..].chars().next().expect("at is inside the text, on a boundary");
        at = match c {
            _ if is_deleted(c) => soft_break(text, at).unwrap_or(at + c.len_utf8()),
            _ if c.is_whitespace() => folded.push_space(text, at),
            _ => folded.push_segment(text, at),
        };
    }
    folded
}

/// Where a run of characters ends that fold to themselves and with which nothing combines.
fn plain_run(bytes: &[u8], at: usize) -> usize {
    let is_plain = |byte: u8| (b' '..0x7f).contains(&byte) && byte != b'`';
    let mut end = at;
    while end < bytes.len() && is_plain(bytes[end]) && !(bytes[end] == b' ' && is_space(bytes, end + 1)) {
        end += 1;
    }
    // The last one may be the base of a combining mark; a single space may begin a longer run.
    let followed = end < bytes.len() && !bytes[end].is_ascii();
    if followed && end > at { end - 1 } else { end }
}

/// Whether white space, or something that may be, stands there.
fn is_space(bytes: &[u8], at: usize) -> bool {
    bytes.get(at).is_some_and(|it| it.is_ascii_whitespace() || !it.is_ascii() || *it < b' ')
}

impl Folded {
    /// The range of the original for a range of the folded text that is not empty.
    ///
    /// `cursor` starts at 0 and remembers the place: ranges are asked for in ascending order, and to search for each
    /// would take longer than all the rest of folding.
    pub(super) fn original(&self, range: &Range<usize>, cursor: &mut usize) -> Range<usize> {
        let first = self.piece(range.start, cursor);
        let start = match first.same {
            true => first.start as usize + (range.start - first.folded as usize),
            false => first.start as usize,
        };
        let last = self.piece(range.end - 1, cursor);
        let end = match last.same {
            true => last.start as usize + (range.end - last.folded as usize),
            false => last.end as usize,
        };
        start..end
    }

    fn piece(&self, at: usize, cursor: &mut usize) -> Piece {
        while self.pieces.get(*cursor + 1).is_some_and(|it| it.folded as usize <= at) {
            *cursor += 1;
        }
        self.pieces[*cursor]
    }

    fn push_same(&mut self, text: &str, range: Range<usize>) {
        let continues = self.pieces.last().is_some_and(|it| it.same && it.end as usize == range.start);
        match self.pieces.last_mut() {
            Some(last) if continues => last.end = range.end as u32,
            _ => self.pieces.push(Piece {
                folded: self.text.len() as u32,
                start: range.start as u32,
                end: range.end as u32,
                same: true,
            }),
        }
        self.text.push_str(&text[range]);
    }

    fn push_other(&mut self, chars: impl Iterator<Item = char>, range: Range<usize>) {
        let folded = self.text.len() as u32;
        self.text.extend(chars);
        if self.text.len() as u32 > folded {
            let (start, end) = (range.start as u32, range.end as u32);
            self.pieces.push(Piece { folded, start, end, same: false });
        }
    }

    /// A run of white space and of what is deleted: one space, or a line feed when it holds a blank line.
    fn push_space(&mut self, text: &str, at: usize) -> usize {
        let mut end = at;
        let mut n_breaks = 0;
        let mut before = ' ';
        for c in text[at..].chars() {
            match c {
                '\n' if before == '\r' => (),
                '\n' | '\r' | '\u{2028}' | '\u{85}' => n_breaks += 1,
                '\u{2029}' => n_breaks += 2,
                c if c.is_whitespace() || is_deleted(c) => (),
                _ => break,
            }
            before = c;
            end += c.len_utf8();
        }
        let space = if n_breaks > 1 { '\n' } else { ' ' };
        match &text[at..end] {
            " " => self.push_same(text, at..end),
            _ => self.push_other(std::iter::once(space), at..end),
        }
        end
    }

    /// A character with all that composes with it, in normal form C.
    fn push_segment(&mut self, text: &str, at: usize) -> usize {
        let mut chars = text[at..].chars();
        let mut end = at;
        let Some(first) = chars.next() else { return at };
        end += first.len_utf8();
        if let Some(other) = folded_char(first)
            && text[end..].starts_with(|it: char| it.is_ascii())
        {
            // Nothing combines with it: the common case of a curly mark or a dash.
            self.push_other(other.chars(), at..end);
            return end;
        }
        let mut segment = vec![first];
        // What is deleted does not keep a mark from its base; what is deleted behind the last one is not part of it.
        let mut ahead = end;
        for c in chars {
            ahead += c.len_utf8();
            if is_deleted(c) {
                continue;
            }
            if !joins_before(c) {
                break;
            }
            segment.push(c);
            end = ahead;
        }
        if segment.len() == 1 {
            let c = segment[0];
            match folded_char(c) {
                Some(other) => self.push_other(other.chars(), at..end),
                None => match is_nfc_quick(std::iter::once(c)) {
                    IsNormalized::Yes => self.push_same(text, at..end),
                    IsNormalized::No | IsNormalized::Maybe => {
                        self.push_other(std::iter::once(c).nfc(), at..end);
                    }
                },
            }
        } else {
            let mapped = segment.iter().flat_map(|c| match folded_char(*c) {
                Some(other) => other.chars().collect::<Vec<char>>(),
                None => vec![*c],
            });
            self.push_other(mapped.nfc(), at..end);
        }
        end
    }
}

/// Whether a character composes with the one before it, or may be reordered with it.
fn joins_before(c: char) -> bool {
    !c.is_ascii()
        && (canonical_combining_class(c) != 0 || is_nfc_quick(std::iter::once(c)) == IsNormalized::Maybe)
}

/// A soft hyphen at the end of a line: the word goes on in the next, so the break is deleted with it.
fn soft_break(text: &str, at: usize) -> Option<usize> {
    let rest = text[at..].strip_prefix('\u{ad}')?;
    let word = rest.trim_start_matches([' ', '\t', '\r', '\n']);
    let space = &rest[..rest.len() - word.len()];
    let goes_on = word.starts_with(char::is_alphabetic);
    (goes_on && space.matches('\n').count() == 1).then_some(text.len() - word.len())
}

/// Soft hyphen, zero-width characters, marks of direction, byte order mark, variation selectors.
fn is_deleted(c: char) -> bool {
    matches!(c,
        '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}'
        | '\u{2060}'..='\u{2064}' | '\u{2066}'..='\u{2069}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}')
}

/// What a character is folded to; none when it stays.
fn folded_char(c: char) -> Option<&'static str> {
    Some(match c {
        '“' | '”' | '„' | '‟' | '«' | '»' | '‹' | '›' | '「' | '」' | '『' | '』' | '″' | '‶' => {
            "\""
        }
        '‘' | '’' | '‚' | '‛' | 'ʼ' | '`' | '´' | '′' | '‵' => "'",
        '\u{2010}'..='\u{2015}' | '\u{2212}' => "-",
        '…' => "...",
        '\u{ff01}'..='\u{ff5e}' => {
            let ascii = (c as u32 - 0xff01) as usize;
            return PRINTABLE.get(ascii..=ascii);
        }
        _ => return None,
    })
}

/// ASCII from `!` to `~`, which the full-width forms repeat in the same order.
const PRINTABLE: &str =
    "!\"#$%&'()*+,-./0123456789:;<=>?@ABCDEFGHIJKLMNOPQRSTUVWXYZ[\\]^_'abcdefghijklmnopqrstuvwxyz{|}~";

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expected: &str) {
        let folded = fold(text);
        assert_eq!(folded.text, expected, "of {text:?}");
        for (at, c) in folded.text.char_indices() {
            let range = folded.original(&(at..at + c.len_utf8()), &mut 0);
            assert!(text.get(range.clone()).is_some_and(|it| !it.is_empty()), "{range:?} of {text:?}");
        }
    }

    #[test]
    fn look_alikes_fold_to_one() {
        check("“a” «b» ‹c› „d‟ 「e」 5″", "\"a\" \"b\" \"c\" \"d\" \"e\" 5\"");
        check("don’t ʼtis `x` ‚y‘ 5′", "don't 'tis 'x' 'y' 5'");
        check("a\u{2010}b\u{2011}c–d—e―f −1", "a-b-c-d-e-f -1");
        check("so… it…", "so... it...");
        check("ＡＢＣ　１２３，！", "ABC 123,!");
    }

    #[test]
    fn spaces_are_one_and_blank_lines_stay() {
        check("a \u{a0} b\u{2009}c\t\td", "a b c d");
        check("a\nb\r\nc \u{200b} d", "a b c d");
        check("a\n\nb \n \t\r\n c\u{2029}d\u{2028}e", "a\nb\nc\nd e");
        check("a\r\rb", "a\nb");
    }

    #[test]
    fn what_cannot_be_seen_is_deleted() {
        check("co\u{ad}op\u{200d}er\u{feff}ate\u{200e}", "cooperate");
        check("exam\u{ad}\nple exam\u{ad} ple", "example exam ple");
    }

    #[test]
    fn normal_form_c_and_no_other() {
        check("cafe\u{301} ", "café ");
        check("e\u{200d}\u{301}", "é");
        check("½ x² ﬁ", "½ x² ﬁ");
        check("q\u{323}\u{307} q\u{307}\u{323}", "q\u{323}\u{307} q\u{323}\u{307}");
        check("\u{1112}\u{1161}\u{11ab}", "한");
        check("\u{212a}", "K");
    }

    #[test]
    fn ranges_lead_back() {
        let text = "say “cafe\u{301}”… now";
        let folded = fold(text);
        let at = folded.text.find("café").unwrap();
        assert_eq!(&text[folded.original(&(at..at + "café".len()), &mut 0)], "cafe\u{301}");
        let at = folded.text.find("now").unwrap();
        assert_eq!(&text[folded.original(&(at..at + 3), &mut 0)], "now");
        let at = folded.text.find("...").unwrap();
        assert_eq!(&text[folded.original(&(at..at + 3), &mut 0)], "…");
    }
}
